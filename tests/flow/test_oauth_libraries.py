"""Generic OAuth libraries talk to the simulated Concur unchanged: its current contract is OAuth 2, after all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]  # has no types
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession  # type: ignore[import-untyped]
from oauthlib.oauth2 import (  # type: ignore[import-untyped]  # has no types
    BackendApplicationClient,
    InvalidClientError,
    InvalidGrantError,
)
from requests_oauthlib import OAuth2Session  # type: ignore[import-untyped]  # has no types

from gui.sandbox.records import DEFAULT_USERS
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import CurrentSettings, SandboxSettings
from tests.unit.sandbox.bench import APP, AUTHORIZE, CONNECTIONS, KEY, ME, REDIRECT, SECRET, TOKEN, claims_of

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT = 10
SCOPE = ["openid", "expense.report.read"]
ADMIN = DEFAULT_USERS[0]


@pytest.fixture(autouse=True)
def _http_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def concur() -> Iterator[SimulatedConcur]:
    with SimulatedConcur(SandboxSettings(auto_approve=True), APP) as concur:
        yield concur


def redirect_from(url: str) -> str:
    """What a browser would be sent to, with sign-in and consent pages taken for granted."""
    answer = requests.get(url, allow_redirects=False, timeout=TIMEOUT)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


# requests-oauthlib


@pytest.mark.parametrize("in_the_body", [True, False], ids=["app named in the body", "app named in a header"])
def test_requests_oauthlib_code_and_refresh(concur: SimulatedConcur, *, in_the_body: bool) -> None:
    base = concur.base_url
    with OAuth2Session(KEY, redirect_uri=REDIRECT, scope=SCOPE) as session:
        url, state = session.authorization_url(base + AUTHORIZE)
        redirect = redirect_from(url)
        query = parse_qs(urlsplit(redirect).query)
        assert list(query) == ["geolocation", "code", "state"]
        assert (query["geolocation"], query["state"]) == ([base], [state])
        first = session.fetch_token(
            base + TOKEN,
            authorization_response=redirect,
            client_secret=SECRET,
            include_client_id=in_the_body or None,
            timeout=TIMEOUT,
        )
        assert first["scope"] == SCOPE
        assert claims_of(first["id_token"])["sub"] == ADMIN.user_id
        assert session.get(base + ME, timeout=TIMEOUT).json()["userName"] == ADMIN.login

        if in_the_body:
            second = session.refresh_token(base + TOKEN, client_id=KEY, client_secret=SECRET, timeout=TIMEOUT)
        else:
            second = session.refresh_token(base + TOKEN, auth=(KEY, SECRET), timeout=TIMEOUT)
        assert second["refresh_token"] != first["refresh_token"]
        assert session.get(base + ME, timeout=TIMEOUT).status_code == 200
        assert session.delete(base + CONNECTIONS, timeout=TIMEOUT).status_code == 200
        with pytest.raises(InvalidGrantError):
            session.refresh_token(base + TOKEN, auth=(KEY, SECRET), timeout=TIMEOUT)


def test_requests_oauthlib_client_credentials(concur: SimulatedConcur) -> None:
    with OAuth2Session(client=BackendApplicationClient(KEY)) as session:
        token = session.fetch_token(concur.base_url + TOKEN, client_secret=SECRET, timeout=TIMEOUT)
        assert "refresh_token" not in token
        assert session.get(concur.base_url + ME, timeout=TIMEOUT).status_code == 200


def test_requests_oauthlib_understands_a_refusal(concur: SimulatedConcur) -> None:
    with OAuth2Session(client=BackendApplicationClient(KEY)) as session, pytest.raises(InvalidClientError) as caught:
        session.fetch_token(concur.base_url + TOKEN, client_secret="wrong", timeout=TIMEOUT)
    assert (caught.value.error, caught.value.status_code) == ("invalid_client", 401)


# Authlib


@pytest.mark.parametrize("method", ["client_secret_post", "client_secret_basic"])
def test_authlib_code_and_refresh(concur: SimulatedConcur, method: str) -> None:
    base = concur.base_url
    with AuthlibSession(
        KEY,
        SECRET,
        scope=" ".join(SCOPE),
        redirect_uri=REDIRECT,
        token_endpoint_auth_method=method,
        default_timeout=TIMEOUT,
    ) as session:
        url, state = session.create_authorization_url(base + AUTHORIZE)
        first = session.fetch_token(base + TOKEN, authorization_response=redirect_from(url), state=state)
        assert first["token_type"] == "Bearer"
        assert session.get(base + ME).json()["id"] == ADMIN.user_id
        second = session.refresh_token(base + TOKEN)
        assert second["refresh_token"] != first["refresh_token"]
        assert session.get(base + ME).status_code == 200
        assert session.delete(base + CONNECTIONS).status_code == 200
        with pytest.raises(OAuthError, match="invalid_grant"):
            session.refresh_token(base + TOKEN)


def test_authlib_client_credentials(concur: SimulatedConcur) -> None:
    with AuthlibSession(KEY, SECRET, default_timeout=TIMEOUT) as session:
        token = session.fetch_token(concur.base_url + TOKEN, grant_type="client_credentials")
        assert "refresh_token" not in token
        assert session.get(concur.base_url + ME).status_code == 200


def test_authlib_refreshes_by_itself(concur: SimulatedConcur) -> None:
    soon = replace(CurrentSettings(), access_token_life=timedelta(seconds=30))  # Authlib renews a minute before the end
    concur.authority.settings = replace(concur.authority.settings, current=soon)
    base, renewed = concur.base_url, []
    with AuthlibSession(
        KEY,
        SECRET,
        scope=" ".join(SCOPE),
        redirect_uri=REDIRECT,
        token_endpoint=base + TOKEN,
        update_token=lambda token, **_old: renewed.append(token["refresh_token"]),
        default_timeout=TIMEOUT,
    ) as session:
        url, state = session.create_authorization_url(base + AUTHORIZE)
        first = session.fetch_token(authorization_response=redirect_from(url), state=state)
        assert session.get(base + ME).status_code == 200
        assert len(renewed) == 1
        assert renewed[0] != first["refresh_token"]


def test_authlib_understands_a_refusal(concur: SimulatedConcur) -> None:
    with AuthlibSession(KEY, "wrong", default_timeout=TIMEOUT) as session, pytest.raises(OAuthError) as caught:
        session.fetch_token(concur.base_url + TOKEN, grant_type="client_credentials")
    assert (caught.value.error, caught.value.description) == ("invalid_client", "Incorrect credentials. Please Retry")
