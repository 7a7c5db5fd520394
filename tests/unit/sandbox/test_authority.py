from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest

from gui.sandbox.authority import Authority
from gui.sandbox.errors import Refused
from gui.sandbox.records import DEFAULT_USERS, Grant, Reason, RegisteredApp, TokenState
from gui.sandbox.settings import SandboxSettings
from gui.sandbox.tokens import TokenSource, new_consumer_key, new_consumer_secret
from tests.unit.sandbox.bench import APP, KEY, SECRET, HandClock

ADMIN = DEFAULT_USERS[0].login


def authority(settings: SandboxSettings | None = None) -> Authority:
    return Authority(settings or SandboxSettings(), (APP,), clock=HandClock())


def test_one_code_gives_one_token_however_many_ask_at_once() -> None:
    concur = authority()
    code = concur.issue_request_token(KEY, ADMIN, ())

    def exchange(_: int) -> Grant | Reason:
        try:
            return concur.exchange(code, KEY, SECRET)
        except Refused as refusal:
            return refusal.reason

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(exchange, range(200)))
    assert sum(isinstance(outcome, Grant) for outcome in outcomes) == 1
    assert outcomes.count(Reason.CODE_USED) == 199
    assert len(concur.issued_tokens()) == 1


def test_records_are_bounded_and_the_oldest_go() -> None:
    concur = authority(SandboxSettings(records_kept=3))
    codes = [concur.issue_request_token(KEY, ADMIN, ()) for _ in range(5)]
    with pytest.raises(Refused) as caught:
        concur.exchange(codes[0], KEY, SECRET)
    assert caught.value.reason is Reason.CODE_UNKNOWN
    concur.exchange(codes[4], KEY, SECRET)


def test_issued_tokens_are_listed_with_what_they_are_worth() -> None:
    numbers = count()
    concur = Authority(
        SandboxSettings(), (APP,), clock=HandClock(), tokens=TokenSource(access_token=lambda: f"token-{next(numbers)}")
    )
    for _ in range(2):
        concur.exchange(concur.issue_request_token(KEY, ADMIN, ()), KEY, SECRET)
    concur.revoke("token-1", "token-0")
    assert [(token.value, token.state) for token in concur.issued_tokens(KEY)] == [
        ("token-0", TokenState.REVOKED),
        ("token-1", TokenState.LIVE),
    ]
    assert concur.issued_tokens("another key") == ()


@pytest.mark.parametrize(
    ("key", "login", "scopes", "reason"),
    [
        pytest.param("nobody", ADMIN, (), Reason.CONSUMER_KEY_UNKNOWN, id="app"),
        pytest.param(KEY, "nobody", (), Reason.USER_UNKNOWN, id="user"),
        pytest.param(KEY, ADMIN, ("LIST",), Reason.SCOPE_UNKNOWN, id="scope that is not the app's"),
        pytest.param(KEY, ADMIN, ("NONE",), Reason.SCOPE_UNKNOWN, id="scope that does not exist"),
    ],
)
def test_no_request_token_for(key: str, login: str, scopes: tuple[str, ...], reason: Reason) -> None:
    with pytest.raises(Refused) as caught:
        authority().issue_request_token(key, login, scopes)
    assert caught.value.reason is reason


def test_app_registered_again_takes_its_new_secret() -> None:
    concur = authority()
    concur.register(RegisteredApp(KEY, "new secret"))
    code = concur.issue_request_token(KEY, ADMIN, ())
    with pytest.raises(Refused):
        concur.exchange(code, KEY, SECRET)
    concur.exchange(code, KEY, "new secret")


def test_fresh_credentials_have_concurs_form() -> None:
    key, secret = new_consumer_key(), new_consumer_secret()
    assert (len(key), len(secret)) == (22, 32)
    assert key.isalnum()
    assert secret.isalnum()
    assert key != new_consumer_key()


def test_reprs_hold_no_secret() -> None:
    concur = authority()
    code = concur.issue_request_token(KEY, ADMIN, ())
    grant = concur.exchange(code, KEY, SECRET)
    shown = repr((APP, DEFAULT_USERS, grant, concur.issued_tokens(), concur))
    for secret in (SECRET, DEFAULT_USERS[0].password + "'", code, grant.access_token, grant.refresh_token):
        assert secret is not None
        assert secret not in shown
