from __future__ import annotations

import base64
import re
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gui.sandbox.data_centres import DataCentre, Home
from gui.sandbox.records import COMPANY_ID, CURRENT, DEFAULT_USERS, LEGACY, TokenState
from gui.sandbox.settings import CurrentSettings, SandboxSettings
from gui.sandbox.simulated import SIMULATED
from tests.unit.sandbox.bench import (
    APP,
    CONNECTIONS,
    KEY,
    ME,
    OTHER_APP,
    PORT,
    PROBE,
    REVOKE,
    SECRET,
    TOKEN,
    Bench,
    bearer,
    claims_of,
    header,
    json_object,
    oauth,
)

if TYPE_CHECKING:
    from gui.loopback.http import Response

ADMIN, TRAVELER = DEFAULT_USERS
BASE = f"http://127.0.0.1:{PORT}"
SECOND = DataCentre.SECOND.value
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{342}")


def bench_with(**settings: object) -> Bench:
    return Bench(SandboxSettings(current=replace(CurrentSettings(), **settings)))  # type: ignore[arg-type]


def error_of(answer: Response) -> tuple[int, object, object]:
    facts = json_object(answer)
    return answer.status, facts["code"], facts["error"]


def code_for(bench: Bench, redirect_url: str = "http://localhost:1/r", *scopes: str) -> str:
    return bench.concur.connections.issue_code(KEY, ADMIN.login, scopes, redirect_url)


def basic(key: str, secret: str) -> tuple[str, str]:
    return "authorization", "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()


# 2.1, 2.2: what an App Center connection is worth


def test_answer_of_a_users_connection(bench: Bench) -> None:
    connection = bench.concur.issue_connection()
    response = bench.connected(connection)
    answer = json_object(response)
    assert list(answer) == [
        "expires_in",
        "scope",
        "token_type",
        "access_token",
        "refresh_token",
        "refresh_expires_in",
        "id_token",
        "geolocation",
    ]
    assert answer["expires_in"] == 3600
    assert (answer["scope"], answer["token_type"]) == ("openid user.read company.read", "Bearer")
    assert answer["geolocation"] == BASE
    assert UUID.fullmatch(str(answer["refresh_token"]))
    assert answer["refresh_expires_in"] == int(bench.clock().timestamp()) + 183 * 24 * 3600
    assert JWT.fullmatch(str(answer["access_token"]))
    assert 2048 <= len(str(answer["access_token"])) <= 3072
    assert header(response, "content-type") == "application/json"
    assert header(response, "server") == "cnqr-papeete"
    assert UUID.fullmatch(header(response, "concur-correlationid"))
    assert header(response, "cache-control") == "no-store"


@pytest.mark.parametrize(("kind", "subject"), [("user", ADMIN.user_id), ("company", COMPANY_ID)])
def test_id_token(bench: Bench, kind: str, subject: str) -> None:
    answer, now = bench.granted(kind), int(bench.clock().timestamp())
    claims = claims_of(answer["id_token"])
    assert claims == {
        "sub": subject,
        "iss": BASE,
        "iat": now,
        "nbf": now,
        "exp": now + 3600,
        "concur.type": kind,
        "concur.version": 3,
        "concur.profile": f"{BASE}/profile/v1/principals/{subject}",
        "aud": KEY,
    }
    assert claims_of(answer["access_token"])["sub"] == subject


def test_ids_are_uuids_of_their_own_and_stay_the_same() -> None:
    first, second = Bench().concur.issue_connection("company"), Bench().concur.issue_connection("company")
    assert (first.id, first.user_id) == (second.id, second.user_id) == (COMPANY_ID, ADMIN.user_id)
    assert first.request_token != second.request_token
    assert len({ADMIN.user_id, TRAVELER.user_id, COMPANY_ID, APP.app_id, OTHER_APP.app_id}) == 5
    for value in (ADMIN.user_id, COMPANY_ID, first.request_token):
        assert str(uuid.UUID(value)) == value


def test_user_id_is_in_the_redirect_of_a_company_only(bench: Bench) -> None:
    for kind, names in (("user", ["id", "requestToken"]), ("company", ["id", "requestToken", "userId"])):
        assert [name for name, _ in bench.concur.issue_connection(kind).parameters] == names


def test_request_token_is_good_five_times(bench: Bench) -> None:
    connection = bench.concur.issue_connection()
    answers = [bench.connected(connection) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [400]
    assert error_of(answers[5]) == (400, 103, "invalid_request")
    assert bench.concur.log.entries()[-1].outcome == "request token used before"
    assert len({str(json_object(answer)["access_token"]) for answer in answers[:5]}) == 5


@pytest.mark.parametrize(("hours", "status"), [(23.99, 200), (24, 400)])
def test_request_token_is_good_for_a_day(bench: Bench, hours: float, status: int) -> None:
    connection = bench.concur.issue_connection()
    bench.clock.advance(hours=hours)
    assert bench.connected(connection).status == status


def test_access_token_is_good_for_an_hour(bench: Bench) -> None:
    token = bench.granted()["access_token"]
    bench.clock.advance(minutes=59.99)
    assert bench.me(token).status == 200
    bench.clock.advance(minutes=0.01)
    answer = bench.me(token)
    assert error_of(answer) == (401, 0, "invalid_token")
    assert "has expired" in str(json_object(answer)["error_description"])


def test_login_and_password_are_a_credtype_too(bench: Bench) -> None:
    for credtype in ({"credtype": "password"}, {}):
        answer = bench.grant("password", username=TRAVELER.login, password=TRAVELER.password, **credtype)
        assert claims_of(json_object(answer)["id_token"])["sub"] == TRAVELER.user_id
    assert "no credtype" in bench.last_notes()
    wrong = bench.grant("password", username=TRAVELER.login, password="wrong", credtype="password")
    assert error_of(wrong) == (400, 5, "invalid_grant")


def test_credtype_in_any_case(bench: Bench) -> None:
    assert bench.connected(bench.concur.issue_connection(), credtype="AuthToken").status == 200


# authorization_code


def test_code(bench: Bench) -> None:
    code = code_for(bench)
    wrong = bench.grant("authorization_code", code=code, redirect_uri="http://localhost:1/r/")
    assert error_of(wrong) == (400, 104, "invalid_grant")
    answer = json_object(bench.grant("authorization_code", code=code, redirect_uri="http://localhost:1/r"))
    assert claims_of(answer["id_token"])["sub"] == ADMIN.user_id
    again = bench.grant("authorization_code", code=code, redirect_uri="http://localhost:1/r")
    assert error_of(again) == (400, 103, "invalid_request")


def test_code_expires(bench: Bench) -> None:
    code = code_for(bench)
    bench.clock.advance(minutes=15)
    assert error_of(bench.grant("authorization_code", code=code, redirect_uri="http://localhost:1/r"))[1] == 103


def test_codes_and_request_tokens_are_not_each_other(bench: Bench) -> None:
    code, connection = code_for(bench), bench.concur.issue_connection()
    assert error_of(bench.connected(connection, password=code))[1] == 103
    taken = bench.grant("authorization_code", code=connection.request_token, redirect_uri="http://localhost:1/r")
    assert error_of(taken)[1] == 103


# refresh_token


def test_refresh_rotates_and_ends_the_old_one(bench: Bench) -> None:
    first = bench.granted()
    bench.clock.advance(hours=2)
    second = json_object(bench.renewed(first["refresh_token"]))
    assert f"{SIMULATED} (the old refresh token has ended)" in bench.last_notes()
    assert second["refresh_token"] != first["refresh_token"]
    assert second["refresh_expires_in"] == int(bench.clock().timestamp()) + 183 * 24 * 3600
    assert list(second) == list(first)
    assert bench.me(second["access_token"]).status == 200
    assert error_of(bench.renewed(first["refresh_token"])) == (400, 108, "invalid_grant")
    assert bench.renewed(second["refresh_token"]).status == 200


def test_old_refresh_token_may_go_on_working() -> None:
    bench = bench_with(old_refresh_token_works=True)
    token = bench.granted()["refresh_token"]
    assert [bench.renewed(token).status for _ in range(3)] == [200] * 3
    assert f"{SIMULATED} (the old refresh token goes on working)" in bench.last_notes()


def test_refresh_may_answer_the_same_token() -> None:
    bench = bench_with(rotate_refresh_token=False)
    first = bench.granted()
    second = json_object(bench.renewed(first["refresh_token"]))
    assert second["refresh_token"] == first["refresh_token"]
    assert second["refresh_expires_in"] == first["refresh_expires_in"]


def test_refresh_may_answer_none_and_keeps_the_old_one() -> None:
    bench = bench_with(refresh_token_in_refresh=False)
    token = bench.granted()["refresh_token"]
    answer = json_object(bench.renewed(token))
    assert "refresh_token" not in answer
    assert "refresh_expires_in" not in answer
    assert bench.renewed(token).status == 200


def test_refresh_token_lives_six_months(bench: Bench) -> None:
    token = bench.granted()["refresh_token"]
    bench.clock.advance(days=183)
    assert error_of(bench.renewed(token)) == (400, 108, "invalid_grant")
    assert bench.concur.log.entries()[-1].outcome == "refresh token expired"


def test_scope_of_a_refresh(bench: Bench) -> None:
    first = bench.granted()
    narrower = json_object(bench.renewed(first["refresh_token"], scope="user.read openid"))
    assert narrower["scope"] == "user.read openid"
    beyond = bench.renewed(narrower["refresh_token"], scope="openid travel.receipts.read")
    assert error_of(beyond) == (400, 54, "invalid_scope")
    assert json_object(bench.renewed(narrower["refresh_token"]))["scope"] == first["scope"]


# client_credentials


def test_application_token(bench: Bench) -> None:
    answer = json_object(bench.grant("client_credentials"))
    assert list(answer) == ["expires_in", "scope", "token_type", "access_token", "geolocation"]
    claims = claims_of(answer["access_token"])
    assert (claims["sub"], claims["concur.type"]) == (APP.app_id, "app")
    assert bench.me(answer["access_token"]).status == 200


def test_scopes_of_an_app_are_what_its_tokens_get() -> None:
    bench = Bench(application=replace(APP, current_scopes=("purchaserequest.read", "openid")))
    assert json_object(bench.grant("client_credentials"))["scope"] == "purchaserequest.read openid"
    assert bench.granted()["scope"] == "purchaserequest.read openid"


# Errors with a number: every one


def test_wrong_id_is_not_the_fault_of_the_token(bench: Bench) -> None:
    connection = bench.concur.issue_connection()
    assert error_of(bench.connected(connection, username=TRAVELER.user_id)) == (400, 5, "invalid_grant")
    assert bench.connected(connection).status == 200


GOOD = {
    "password": {"grant_type": "password", "credtype": "authtoken", "username": "x", "password": "x"},
    "authorization_code": {"grant_type": "authorization_code", "code": "x", "redirect_uri": "http://x/"},
    "refresh_token": {"grant_type": "refresh_token", "refresh_token": "x"},
}
MISSING = [
    ("password", "username", 51),
    ("password", "password", 52),
    ("password", "client_id", 62),
    ("authorization_code", "client_id", 62),
    ("refresh_token", "client_secret", 63),
    ("password", "grant_type", 65),
    ("authorization_code", "code", 101),
    ("authorization_code", "redirect_uri", 102),
    ("refresh_token", "refresh_token", 106),
]


@pytest.mark.parametrize("how", ["absent", "empty"])
@pytest.mark.parametrize(("grant", "name", "code"), MISSING, ids=[f"{name} {code}" for _, name, code in MISSING])
def test_missing_parameter_has_its_own_number(bench: Bench, grant: str, name: str, code: int, how: str) -> None:
    fields = {**GOOD[grant], "client_id": KEY, "client_secret": SECRET}
    if how == "absent":
        del fields[name]
    else:
        fields[name] = ""
    answer = bench.post_form(TOKEN, **fields)
    assert error_of(answer) == (400, code, "invalid_request")
    assert json_object(answer)["error_description"] == f"{name} was not supplied"


def test_error_document(bench: Bench) -> None:
    answer = bench.grant("refresh_token", refresh_token="x")
    facts = json_object(answer)
    assert list(facts) == ["code", "error", "error_description", "concur-correlationid"]
    assert facts["concur-correlationid"] == header(answer, "concur-correlationid")
    assert header(answer, "content-type") == "application/json"
    assert header(answer, "server") == "cnqr-papeete"
    assert header(answer, "www-authenticate") == ""
    assert f"{SIMULATED} (status 400 of error 108)" in bench.last_notes()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({"client_id": "nobody"}, (401, 61, "invalid_client"), id="61 app unknown"),
        pytest.param({"client_secret": "wrong"}, (401, 64, "invalid_client"), id="64 secret wrong"),
        pytest.param({"client_secret": SECRET + " "}, (401, 64, "invalid_client"), id="64 secret with a space"),
        pytest.param({"client_secret": "ä" * 32}, (401, 64, "invalid_client"), id="64 secret outside ASCII"),
        pytest.param({"password": "unknown"}, (400, 103, "invalid_request"), id="103 request token unknown"),
        pytest.param({"password": "\x00"}, (400, 103, "invalid_request"), id="103 request token NUL"),
        pytest.param({"credtype": "otp"}, (400, 120, "invalid_request"), id="120 credtype"),
        pytest.param({"grant_type": "implicit"}, (400, 60, "invalid_grant"), id="60 grant type"),
        pytest.param({"grant_type": "PASSWORD"}, (400, 60, "invalid_grant"), id="60 grant type in capitals"),
        pytest.param(
            {"client_id": OTHER_APP.consumer_key, "client_secret": OTHER_APP.consumer_secret},
            (400, 105, "invalid_grant"),
            id="105 request token of another app",
        ),
    ],
)
def test_refused_exchange_leaves_the_request_token_good(
    bench: Bench, changed: dict[str, str], expected: tuple[int, int, str]
) -> None:
    connection = bench.concur.issue_connection()
    sent = {"grant_type": "password", "client_id": KEY, "client_secret": SECRET, "credtype": "authtoken"}
    sent |= {"username": connection.id, "password": connection.request_token}
    answer = bench.post_form(TOKEN, **{**sent, **changed})
    assert error_of(answer) == expected
    assert bench.concur.issued_tokens() == ()
    assert [bench.connected(connection).status for _ in range(6)] == [200] * 5 + [400]


def test_refresh_token_of_another_app(bench: Bench) -> None:
    token = bench.granted()["refresh_token"]
    other = {"client_id": OTHER_APP.consumer_key, "client_secret": OTHER_APP.consumer_secret}
    assert error_of(bench.renewed(token, **other)) == (400, 105, "invalid_grant")
    assert bench.renewed(token).status == 200


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"enabled": False}, (400, 59, "access_denied")),
        ({"company_enabled": False}, (401, 53, "invalid_client")),
    ],
    ids=["59 app disabled", "53 company not enabled"],
)
def test_disabled_app(changed: dict[str, bool], expected: tuple[int, int, str]) -> None:
    bench = Bench()
    connection = bench.concur.issue_connection()
    bench.concur.authority.register(replace(APP, **changed))  # type: ignore[arg-type]
    assert error_of(bench.connected(connection)) == expected


def test_disabled_user(bench: Bench) -> None:
    connection = bench.concur.issue_connection()
    refresh_token = bench.granted()["refresh_token"]
    bench.concur.authority._users[ADMIN.login] = replace(ADMIN, enabled=False)
    for answer in (
        bench.connected(connection),
        bench.renewed(refresh_token),
        bench.grant("password", username=ADMIN.login, password=ADMIN.password),
    ):
        assert error_of(answer) == (400, 123, "invalid_request")


# Error 16


@pytest.mark.parametrize(
    ("home", "asked", "other"),
    [
        pytest.param(Home.SECOND, "", BASE + SECOND, id="home is the second"),
        pytest.param(Home.FIRST, SECOND, BASE, id="home is the first"),
        pytest.param(Home.NOWHERE, "", BASE + SECOND, id="loop, seen from the first"),
        pytest.param(Home.NOWHERE, SECOND, BASE, id="loop, seen from the second"),
    ],
)
def test_user_lives_elsewhere(home: Home, asked: str, other: str) -> None:
    bench = bench_with(home=home)
    connection = bench.concur.issue_connection()
    sent = {"credtype": "authtoken", "username": connection.id, "password": connection.request_token}
    for answer in (
        bench.grant("password", at=asked, **sent),
        bench.grant("refresh_token", at=asked, refresh_token="x"),
        bench.grant("authorization_code", at=asked, code="x", redirect_uri="http://x/"),
    ):
        assert error_of(answer) == (400, 16, "invalid_request")
        assert json_object(answer)["geolocation"] == other
    assert bench.grant("client_credentials", at=asked).status == 200


def test_geolocation_of_error_16_is_where_it_works() -> None:
    bench = bench_with(home=Home.SECOND)
    connection = bench.concur.issue_connection()
    sent = {"credtype": "authtoken", "username": connection.id, "password": connection.request_token}
    answer = json_object(bench.grant("password", at=SECOND, **sent))
    assert answer["geolocation"] == BASE + SECOND
    assert claims_of(answer["id_token"])["iss"] == BASE + SECOND
    assert bench.me(answer["access_token"], SECOND).status == 200
    assert "another data centre" not in bench.last_notes()
    assert bench.me(answer["access_token"]).status == 200
    assert "asked at another data centre than the geolocation" in bench.last_notes()
    renewed = bench.grant("refresh_token", at=SECOND, refresh_token=str(answer["refresh_token"]))
    token = bearer(str(json_object(renewed)["access_token"]))
    assert bench.send("DELETE", SECOND + CONNECTIONS, token).status == 200


def test_nobody_is_let_go_on_wrong_credentials_by_the_other_data_centre() -> None:
    bench = bench_with(home=Home.SECOND)
    answer = bench.grant("refresh_token", refresh_token="x", client_secret="wrong")
    assert error_of(answer)[1] == 64


# Settings that bend the answer


def test_bent_answers() -> None:
    bench = bench_with(
        expires_in_as_text=True,
        id_token=False,
        access_token_bytes=8192,
        geolocation_in_answers="https://evil.example",
    )
    answer = bench.granted()
    assert answer["expires_in"] == "3600"
    assert "id_token" not in answer
    assert 8192 <= len(str(answer["access_token"])) < 8300
    assert answer["geolocation"] == "https://evil.example"
    assert bench.me(answer["access_token"]).status == 200


def test_jwts_that_cannot_be_read_work() -> None:
    bench = bench_with(readable_jwts=False)
    answer = bench.granted()
    for token in (answer["access_token"], answer["id_token"]):
        assert str(token).count(".") == 2
        assert not JWT.fullmatch(str(token))
    assert bench.me(answer["access_token"]).status == 200


def test_settings_can_change_while_it_runs(bench: Bench) -> None:
    settings = bench.concur.authority.settings
    bench.concur.authority.settings = replace(settings, current=replace(settings.current, id_token=False))
    assert "id_token" not in bench.granted()


# 2.3 connections


def test_ending_a_connection_ends_every_refresh_token_of_the_user(bench: Bench) -> None:
    first, second, other = bench.granted(), bench.granted(), bench.granted(user=TRAVELER.login)
    company = bench.granted("company")
    assert bench.concur.connections.live_refresh_tokens(KEY) == 4
    answer = bench.disconnect(second["access_token"])
    assert (answer.status, answer.body) == (200, b"")
    assert UUID.fullmatch(header(answer, "concur-correlationid"))
    assert bench.concur.log.entries()[-1].outcome.endswith("refresh tokens: 2")
    assert f"{SIMULATED} (its access tokens end with it)" in bench.last_notes()
    assert [bench.renewed(ended["refresh_token"]).status for ended in (first, second)] == [400, 400]
    assert [bench.me(ended["access_token"]).status for ended in (first, second)] == [401, 401]
    for kept in (other, company):
        assert bench.me(kept["access_token"]).status == 200
        assert bench.renewed(kept["refresh_token"]).status == 200
    assert error_of(bench.disconnect(second["access_token"])) == (401, 0, "invalid_token")


def test_access_tokens_may_outlive_their_connection() -> None:
    bench = bench_with(revoke_ends_access_tokens=False)
    answer = bench.granted()
    assert bench.disconnect(answer["access_token"]).status == 200
    assert bench.me(answer["access_token"]).status == 200
    assert bench.renewed(answer["refresh_token"]).status == 400


def test_connection_of_another_app_stays(bench: Bench) -> None:
    theirs = bench.concur.issue_connection(consumer_key=OTHER_APP.consumer_key)
    other = {"client_id": OTHER_APP.consumer_key, "client_secret": OTHER_APP.consumer_secret}
    answer = json_object(bench.connected(theirs, **other))
    bench.disconnect(bench.granted()["access_token"])
    assert bench.renewed(answer["refresh_token"], **other).status == 200


@pytest.mark.parametrize("call", ["me", "connections"])
@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        pytest.param((), "is missing", id="no header"),
        pytest.param(("Bearer nonsense",), "not valid", id="unknown token"),
        pytest.param(("Bearer ",), "cannot be read", id="no token"),
        pytest.param(("",), "cannot be read", id="empty"),
        pytest.param(("Basic eDp5",), "cannot be read", id="other scheme"),
        pytest.param(("OAuth nonsense",), "OAuth is the scheme of the legacy one", id="scheme of the other contract"),
        pytest.param(("Bearer a", "Bearer b"), "cannot be read", id="twice"),
    ],
)
def test_authorization_refused(bench: Bench, call: str, authorization: tuple[str, ...], message: str) -> None:
    headers = tuple(("authorization", value) for value in authorization)
    answer = bench.send("GET", ME, headers) if call == "me" else bench.send("DELETE", CONNECTIONS, headers)
    assert error_of(answer) == (401, 0, "invalid_token")
    assert message in str(json_object(answer)["error_description"])
    assert header(answer, "www-authenticate") == 'Bearer realm="simulated", error="invalid_token"'


# 2.4 profile


def test_profile_of_a_user(bench: Bench) -> None:
    token = bench.granted(user=TRAVELER.login)["access_token"]
    for scheme in ("Bearer", "bearer", "BEARER"):
        profile = json_object(bench.get(ME, (("authorization", f"{scheme} {token}"),)))
    assert profile["id"] == TRAVELER.user_id
    assert profile["userName"] == TRAVELER.login
    assert profile["name"] == {"givenName": "Tom", "familyName": "Traveler"}
    assert profile["emails"] == [{"value": TRAVELER.login, "type": "work", "primary": True}]
    assert profile["active"] is True
    assert SIMULATED in bench.last_notes()


def test_profile_of_a_company(bench: Bench) -> None:
    assert json_object(bench.me(bench.granted("company")["access_token"]))["id"] == COMPANY_ID


# Each contract keeps to itself


def test_tokens_of_the_legacy_contract_are_worth_nothing_here(bench: Bench) -> None:
    code = bench.code()
    token, refresh_token = bench.tokens()
    assert error_of(bench.connected(bench.concur.issue_connection(), password=code))[1] == 103
    assert "this is a token of the legacy contract" in bench.last_notes()
    assert error_of(bench.grant("authorization_code", code=code, redirect_uri="http://x/"))[1] == 103
    assert "this is a token of the legacy contract" in bench.last_notes()
    assert error_of(bench.renewed(refresh_token))[1] == 108
    assert "this is a token of the legacy contract" in bench.last_notes()
    assert bench.me(token).status == 401
    assert bench.disconnect(token).status == 401
    assert bench.probe(token).status == 200


def test_tokens_of_this_contract_are_worth_nothing_there(bench: Bench) -> None:
    connection, answer = bench.concur.issue_connection(), bench.granted()
    token = str(answer["access_token"])
    assert bench.exchange(connection.request_token).status == 400
    assert "this is a token of the current contract" in bench.last_notes()
    assert bench.exchange(code_for(bench)).status == 400
    assert bench.refresh(str(answer["refresh_token"])).status == 400
    assert bench.probe(token).status == 403
    assert bench.get(PROBE, bearer(token)).status == 403
    admin, _ = bench.tokens()
    assert bench.post(REVOKE, oauth(admin), token=token).status == 400
    assert bench.me(token).status == 200
    assert bench.connected(connection).status == 200


def test_issued_tokens_of_both_are_listed_together(bench: Bench) -> None:
    bench.tokens()
    bench.clock.advance(seconds=1)
    answer = bench.granted()
    bench.clock.advance(seconds=1)
    bench.tokens()
    bench.disconnect(answer["access_token"])
    listed = [(token.contract, token.state) for token in bench.concur.issued_tokens(KEY)]
    assert listed == [(LEGACY, TokenState.LIVE), (CURRENT, TokenState.REVOKED), (LEGACY, TokenState.LIVE)]
    assert bench.concur.issued_tokens(OTHER_APP.consumer_key) == ()


# What is tolerated, and what is not


def test_generic_libraries_name_the_app_in_the_header(bench: Bench) -> None:
    connection = bench.concur.issue_connection()
    form = f"grant_type=password&credtype=authtoken&username={connection.id}&password={connection.request_token}"
    headers = (("content-type", "application/x-www-form-urlencoded"), basic(KEY, SECRET))
    assert bench.send("POST", TOKEN, headers, form.encode()).status == 200
    assert f"{SIMULATED} (client_id and client_secret in an Authorization header" in bench.last_notes()


@pytest.mark.parametrize(
    ("authorization", "more", "expected"),
    [
        pytest.param(basic(KEY, "wrong"), "", (401, 64, "invalid_client"), id="secret wrong"),
        pytest.param(basic("nobody", SECRET), "", (401, 61, "invalid_client"), id="app unknown"),
        pytest.param(
            basic(KEY, SECRET), "&client_id=other", (401, 115, "invalid_request"), id="another app in the body"
        ),
        pytest.param(("authorization", "Basic !!!"), "", (401, 115, "invalid_request"), id="not base64"),
        pytest.param(("authorization", "Bearer x"), "", (401, 115, "invalid_request"), id="another scheme"),
        pytest.param(("authorization", ""), "", (401, 115, "invalid_request"), id="empty"),
    ],
)
def test_refused_authorization_of_an_app(
    bench: Bench, authorization: tuple[str, str], more: str, expected: tuple[int, int, str]
) -> None:
    headers = (("content-type", "application/x-www-form-urlencoded"), authorization)
    answer = bench.send("POST", TOKEN, headers, f"grant_type=client_credentials{more}".encode())
    assert error_of(answer) == expected
    assert header(answer, "www-authenticate").startswith("Basic ")


@pytest.mark.parametrize(
    ("content_type", "note"),
    [
        ("application/x-www-form-urlencoded; charset=UTF-8", "names a charset"),
        ("Application/X-WWW-Form-Urlencoded", ""),
    ],
)
def test_content_type_of_the_form(bench: Bench, content_type: str, note: str) -> None:
    body = f"grant_type=client_credentials&client_id={KEY}&client_secret={SECRET}".encode()
    assert bench.send("POST", TOKEN, (("content-type", content_type),), body).status == 200
    assert note in bench.last_notes()


@pytest.mark.parametrize(
    ("headers", "note"),
    [
        pytest.param((("content-type", "application/json"),), "no form was ignored", id="JSON"),
        pytest.param((("content-type", "multipart/form-data; boundary=x"),), "no form was ignored", id="multipart"),
        pytest.param((), "no form was ignored", id="no type"),
    ],
)
def test_body_that_is_no_form_counts_as_nothing(bench: Bench, headers: tuple[tuple[str, str], ...], note: str) -> None:
    body = f"grant_type=client_credentials&client_id={KEY}&client_secret={SECRET}".encode()
    assert error_of(bench.send("POST", TOKEN, headers, body))[1] == 65
    assert note in bench.last_notes()


def test_query_counts_for_nothing(bench: Bench) -> None:
    query = f"grant_type=client_credentials&client_id={KEY}&client_secret={SECRET}"
    answer = bench.send("POST", f"{TOKEN}?{query}", (("content-type", "application/x-www-form-urlencoded"),))
    assert error_of(answer)[1] == 65
    assert "parameters in the query were ignored" in bench.last_notes()


def test_chunked_body_is_noted(bench: Bench) -> None:
    headers = (("content-type", "application/x-www-form-urlencoded"), ("transfer-encoding", "chunked"))
    bench.send("POST", TOKEN, headers, b"grant_type=client_credentials")
    assert "a chunked body" in bench.last_notes()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param(b"grant_type=password&grant_type=password", "grant_type is given more than once", id="twice"),
        pytest.param(b"client_secret=a&client_secret=b", "client_secret is given more than once", id="secret twice"),
        pytest.param(b"scope=%zz", "not percent-encoded UTF-8", id="bad percent"),
        pytest.param(b"scope=%", "not percent-encoded UTF-8", id="percent alone"),
        pytest.param(b"password=%ff", "not percent-encoded UTF-8", id="not UTF-8"),
        pytest.param(b"password=\xff", "not percent-encoded UTF-8", id="raw bytes"),
    ],
)
def test_malformed_form(bench: Bench, body: bytes, message: str) -> None:
    answer = bench.send("POST", TOKEN, (("content-type", "application/x-www-form-urlencoded"),), body)
    assert error_of(answer) == (400, 0, "invalid_request")
    assert message in str(json_object(answer)["error_description"])


def test_paths_in_any_case_and_doubled_slashes(bench: Bench) -> None:
    form = {"client_id": KEY, "client_secret": SECRET, "grant_type": "client_credentials"}
    for path in ("//oauth2/v0/token", "/OAuth2/V0/Token", "/sandbox/Data-Centre-2/oauth2/v0/token"):
        assert bench.post_form(path, **form).status == 200


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", TOKEN, "POST"),
        ("HEAD", TOKEN, "POST"),
        ("POST", CONNECTIONS, "DELETE"),
        ("GET", CONNECTIONS, "DELETE"),
        ("POST", ME, "GET"),
    ],
)
def test_wrong_method(bench: Bench, method: str, path: str, allow: str) -> None:
    answer = bench.send(method, path)
    assert (answer.status, header(answer, "allow")) == (405, allow)


def test_records_are_bounded() -> None:
    bench = Bench(SandboxSettings(records_kept=2))
    first = bench.granted()
    for _ in range(2):
        bench.granted()
    assert bench.me(first["access_token"]).status == 401
    assert bench.renewed(first["refresh_token"]).status == 400
    assert len(bench.concur.issued_tokens()) == 2
