from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

import pytest

from gui.sandbox.records import DEFAULT_USERS, TokenState, User
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from gui.sandbox.simulated import SIMULATED
from gui.sandbox.tokens import TokenSource
from tests.unit.sandbox.bench import (
    APP,
    EXCHANGE,
    FORM,
    KEY,
    NATIVE,
    OTHER_APP,
    PORT,
    PROBE,
    REVOKE,
    SECRET,
    Bench,
    HandClock,
    accept,
    header,
    json_object,
    oauth,
    xml_fields,
)

ADMIN, TRAVELER = DEFAULT_USERS


def basic(login: str, password: str) -> tuple[tuple[str, str], ...]:
    encoded = base64.b64encode(f"{login}:{password}".encode()).decode()
    return (("authorization", f"Basic {encoded}"), ("x-consumerkey", KEY))


# 1.2 exchange


def test_document_byte_for_byte() -> None:
    tokens = TokenSource(access_token=lambda: "ab+/" * 6 + "abc=", refresh_token=lambda: "R" * 31)
    bench = Bench()
    bench.concur = SimulatedConcur(SandboxSettings(), APP, clock=HandClock(), tokens=tokens)
    answer = bench.exchange(bench.code(), accept("application/xml"))
    assert answer.status == 200
    assert answer.body == (
        b"<Access_Token>\r\n"
        b"  <Instance_Url>http://127.0.0.1:8180/</Instance_Url>\r\n"
        b"  <Token>ab+/ab+/ab+/ab+/ab+/ab+/abc=</Token>\r\n"
        b"  <Expiration_date>9/25/2016 1:36:50 PM</Expiration_date>\r\n"
        b"  <Refresh_Token>RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR</Refresh_Token>\r\n"
        b"</Access_Token>"
    )
    assert header(answer, "content-type") == "application/xml; charset=utf-8"
    assert header(answer, "cache-control") == "no-store"


def test_forms_of_the_tokens(bench: Bench) -> None:
    code = bench.code()
    document = xml_fields(bench.exchange(code))
    assert re.fullmatch(r"0_[A-Za-z0-9]{31}", code)
    assert re.fullmatch(r"[A-Za-z0-9+/]{27}=", document["Token"])
    assert re.fullmatch(r"[A-Za-z0-9]{31}", document["Refresh_Token"])


@pytest.mark.parametrize(
    ("issued", "printed"),
    [
        pytest.param((2015, 1, 2, 0, 5, 9), "1/2/2016 12:05:09 AM", id="midnight is 12 AM"),
        pytest.param((2015, 12, 31, 12, 0, 0), "12/30/2016 12:00:00 PM", id="noon is 12 PM, a leap year is longer"),
        pytest.param((2016, 9, 25, 23, 59, 59), "9/25/2017 11:59:59 PM", id="evening"),
        pytest.param((2016, 10, 9, 1, 0, 0), "10/9/2017 1:00:00 AM", id="hour without leading zero"),
    ],
)
def test_dates(bench: Bench, issued: tuple[int, int, int, int, int, int], printed: str) -> None:
    bench.clock.time = datetime(*issued, tzinfo=UTC)
    assert xml_fields(bench.exchange(bench.code()))["Expiration_date"] == printed


@pytest.mark.parametrize(
    ("value", "is_json"),
    [
        pytest.param(None, False, id="none"),
        pytest.param("", False, id="empty"),
        pytest.param("*/*", False, id="anything"),
        pytest.param("text/html", False, id="neither"),
        pytest.param("application/xml", False, id="xml"),
        pytest.param("application/json", True, id="json"),
        pytest.param("Application/JSON", True, id="json in another case"),
        pytest.param("application/json, text/plain, */*", True, id="json first"),
        pytest.param("application/xml, application/json", False, id="both, xml first"),
        pytest.param("application/json, application/xml", True, id="both, json first"),
        pytest.param("application/xml;q=0.5, application/json", True, id="json weighs more"),
        pytest.param("application/json;q=0.1, */*", False, id="anything weighs more"),
        pytest.param("application/json;q=0", False, id="json refused"),
        pytest.param("application/json;q=high", True, id="weight that is none"),
        pytest.param("application/json;charset=utf-8", True, id="parameter"),
        pytest.param(";;,,;q=,application/json;q", True, id="garbage around"),
    ],
)
def test_json_when_asked_for(bench: Bench, value: str | None, is_json: bool) -> None:  # noqa: FBT001  # a case's column
    answer = bench.exchange(bench.code(), () if value is None else accept(value))
    assert answer.status == 200
    expected = "application/json; charset=utf-8" if is_json else "application/xml; charset=utf-8"
    assert header(answer, "content-type") == expected


def test_json_document(bench: Bench) -> None:
    answer = json_object(bench.exchange(bench.code(), accept("application/json")))
    assert list(answer) == ["Access_Token"]
    document = answer["Access_Token"]
    assert isinstance(document, dict)
    assert list(document) == ["Instance_Url", "Token", "Expiration_date", "Refresh_Token"]
    assert bench.probe(document["Token"]).status == 200


def test_several_accept_headers_count_as_one(bench: Bench) -> None:
    answer = bench.exchange(bench.code(), (*accept("text/plain"), *accept("application/json")))
    assert header(answer, "content-type").startswith("application/json")


# 1.3 refresh


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_refresh(bench: Bench, method: str) -> None:
    old, refresh_token = bench.tokens()
    query = urlencode({"refresh_token": refresh_token, "client_id": KEY, "client_secret": SECRET})
    answer = bench.send(method, f"{EXCHANGE}?{query}")
    document = xml_fields(answer)
    assert list(document) == ["Instance_Url", "Token", "Expiration_date"]
    assert document["Token"] != old
    assert bench.probe(old).status == bench.probe(document["Token"]).status == 200
    assert bench.refresh(refresh_token).status == 200
    assert f"{SIMULATED} (the old access token goes on working)" in bench.last_notes()


# 1.4 revoke


def test_a_token_revokes_itself(bench: Bench) -> None:
    token, refresh_token = bench.tokens()
    answer = bench.post(REVOKE, (*oauth(token), *accept("application/xml"), ("content-length", "0")), token=token)
    assert (answer.status, answer.body) == (200, b"")
    assert bench.probe(token).status == 403
    assert bench.refresh(refresh_token).status == 400
    assert [issued.state for issued in bench.concur.authority.issued_tokens(KEY)] == [TokenState.REVOKED]


def test_an_administrator_revokes_another_token_of_the_app(bench: Bench) -> None:
    admin, _ = bench.tokens()
    traveler, _ = bench.tokens(TRAVELER.login)
    assert bench.post(REVOKE, oauth(admin), token=traveler).body == b""
    assert bench.probe(traveler).status == 403
    assert bench.probe(admin).status == 200


@pytest.mark.parametrize("name", ["consumerKey", "client_id"])
def test_revoke_all_of_a_user(bench: Bench, name: str) -> None:
    admin, _ = bench.tokens()
    first, refresh_token = bench.tokens(TRAVELER.login)
    second = xml_fields(bench.refresh(refresh_token))["Token"]
    answer = bench.post(REVOKE, oauth(admin), **{name: KEY, "user": TRAVELER.login})
    assert (answer.status, answer.body) == (200, b"")
    assert bench.concur.log.entries()[-1].outcome.endswith("revoked: 2")
    assert {bench.probe(first).status, bench.probe(second).status} == {403}
    assert bench.refresh(refresh_token).status == 400
    assert bench.probe(admin).status == 200


def test_revoke_keeps_the_refresh_token_where_the_settings_say_so() -> None:
    bench = Bench(SandboxSettings(revoke_ends_refresh_token=False))
    token, refresh_token = bench.tokens()
    assert bench.post(REVOKE, oauth(token), token=token).status == 200
    assert bench.refresh(refresh_token).status == 200


def test_revoke_parameters_may_come_as_a_form(bench: Bench) -> None:
    token, _ = bench.tokens()
    answer = bench.send("POST", REVOKE, (*FORM, *oauth(token)), urlencode({"token": token}).encode())
    assert (answer.status, answer.body) == (200, b"")


# 1.5 errors


def test_error_document(bench: Bench) -> None:
    answer = bench.exchange("0_unknown")
    assert answer.status == 400
    pattern = (
        rb"<Error><Message>[^<]+</Message><Server-Time>2015-09-26T13:36:50</Server-Time>"
        rb"<Id>[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}</Id></Error>"
    )
    assert re.fullmatch(pattern, answer.body)
    assert header(answer, "content-type") == "application/xml; charset=utf-8"


def test_error_document_as_json(bench: Bench) -> None:
    error = json_object(bench.exchange("0_unknown", accept("application/json")))["Error"]
    assert isinstance(error, dict)
    assert list(error) == ["Message", "Server-Time", "Id"]


def test_settings_change_the_undocumented() -> None:
    bench = Bench(SandboxSettings(refusal_status=403, xml_declaration=True, include_refresh_token=False))
    assert bench.exchange("0_unknown").status == 403
    assert bench.exchange("0_unknown").body.startswith(b'<?xml version="1.0"?><Error>')
    answer = bench.exchange(bench.code())
    assert answer.body.startswith(b'<?xml version="1.0"?>\r\n<Access_Token>\r\n')
    assert b"Refresh_Token" not in answer.body


REFUSALS = [
    pytest.param({"code": ""}, "code is missing", id="code empty"),
    pytest.param({"client_id": ""}, "client_id is missing", id="key empty"),
    pytest.param({"client_secret": ""}, "client_secret is missing", id="secret empty"),
    pytest.param({"client_id": "nobody"}, "No app is registered", id="key unknown"),
    pytest.param({"client_id": KEY.lower()}, "No app is registered", id="key in another case"),
    pytest.param({"client_secret": "wrong"}, "consumer secret is not", id="secret wrong"),
    pytest.param({"client_secret": "ä" * 32}, "consumer secret is not", id="secret outside ASCII"),
    pytest.param({"client_secret": SECRET + " "}, "consumer secret is not", id="secret with a space"),
    pytest.param({"code": "0_" + "x" * 31}, "request token is not known", id="code unknown"),
    pytest.param(
        {"client_id": OTHER_APP.consumer_key, "client_secret": OTHER_APP.consumer_secret},
        "issued to another app",
        id="code of another app",
    ),
]


@pytest.mark.parametrize(("changed", "message"), REFUSALS)
def test_refused_exchange_has_its_own_message_and_leaves_the_code_good(
    bench: Bench, changed: dict[str, str], message: str
) -> None:
    code = bench.code()
    answer = bench.exchange(code, **changed)
    assert answer.status == 400
    assert message in xml_fields(answer)["Message"]
    assert f"{SIMULATED} (status and message)" in bench.last_notes()
    assert bench.concur.authority.issued_tokens() == ()
    assert bench.exchange(code).status == 200


def test_code_is_good_once(bench: Bench) -> None:
    code = bench.code()
    assert bench.exchange(code).status == 200
    again = bench.exchange(code)
    assert again.status == 400
    assert "exchanged before" in xml_fields(again)["Message"]
    assert len(bench.concur.authority.issued_tokens()) == 1


def test_code_uses_are_a_setting() -> None:
    bench = Bench(SandboxSettings(request_token_uses=2))
    code = bench.code()
    assert [bench.exchange(code).status for _ in range(3)] == [200, 200, 400]


@pytest.mark.parametrize(("minutes", "status"), [(14.99, 200), (15, 400)])
def test_code_is_good_for_fifteen_minutes(bench: Bench, minutes: float, status: int) -> None:
    code = bench.code()
    bench.clock.advance(minutes=minutes)
    answer = bench.exchange(code)
    assert answer.status == status
    assert ("has expired" in xml_fields(answer).get("Message", "")) == (status == 400)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param({"refresh_token": "unknown"}, "refresh token is not known", id="unknown"),
        pytest.param({"refresh_token": ""}, "refresh_token is missing", id="empty"),
        pytest.param({"client_secret": "wrong"}, "consumer secret is not", id="secret wrong"),
        pytest.param(
            {"client_id": OTHER_APP.consumer_key, "client_secret": OTHER_APP.consumer_secret},
            "issued to another app",
            id="another app's",
        ),
    ],
)
def test_refused_refresh(bench: Bench, changed: dict[str, str], message: str) -> None:
    _, refresh_token = bench.tokens()
    answer = bench.refresh(refresh_token, **changed)
    assert answer.status == 400
    assert message in xml_fields(answer)["Message"]


def test_neither_code_nor_refresh_token(bench: Bench) -> None:
    assert "code is missing" in xml_fields(bench.get(EXCHANGE, client_id=KEY, client_secret=SECRET))["Message"]
    assert "code is missing" in xml_fields(bench.get(EXCHANGE))["Message"]


@pytest.mark.parametrize("call", ["probe", "revoke"])
@pytest.mark.parametrize(
    ("authorization", "status", "message"),
    [
        pytest.param((), 401, "is missing", id="no header"),
        pytest.param(("OAuth nonsense",), 403, "not valid", id="unknown token"),
        pytest.param(("OAuth ",), 403, "cannot be read", id="no token"),
        pytest.param(("",), 403, "cannot be read", id="empty"),
        pytest.param(("Bearer nonsense",), 403, "cannot be read", id="scheme of the other contract"),
        pytest.param(("OAuth a", "OAuth b"), 403, "cannot be read", id="twice"),
    ],
)
def test_authorization_refused(
    bench: Bench, call: str, authorization: tuple[str, ...], status: int, message: str
) -> None:
    headers = tuple(("authorization", value) for value in authorization)
    answer = bench.get(PROBE, headers) if call == "probe" else bench.post(REVOKE, headers, token="x")
    assert answer.status == status
    assert message in xml_fields(answer)["Message"]


def test_expired_token_is_refused(bench: Bench) -> None:
    token, _ = bench.tokens()
    bench.clock.advance(days=365)
    answer = bench.probe(token)
    assert answer.status == 403
    assert "has expired" in xml_fields(answer)["Message"]
    assert [issued.state for issued in bench.concur.authority.issued_tokens()] == [TokenState.EXPIRED]


def test_revoke_needs_the_role_and_reveals_nothing_without_it(bench: Bench) -> None:
    token, _ = bench.tokens(TRAVELER.login)
    for target in (token, "unknown", ""):
        answer = bench.post(REVOKE, oauth(token), token=target)
        assert answer.status == 403
        assert "lacks the role" in xml_fields(answer)["Message"]
    assert bench.post(REVOKE, oauth(token), consumerKey=KEY, user="nobody").status == 403
    assert bench.probe(token).status == 200


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        pytest.param({}, "token is missing", id="nothing"),
        pytest.param({"token": ""}, "token is missing", id="token empty"),
        pytest.param({"token": "unknown"}, "not known", id="token unknown"),
        pytest.param({"user": ADMIN.login}, "consumerKey is missing", id="key missing"),
        pytest.param({"consumerKey": KEY}, "user is missing", id="user missing"),
        pytest.param({"consumerKey": KEY, "user": "nobody"}, "No user", id="user unknown"),
        pytest.param({"consumerKey": "nobody", "user": ADMIN.login}, "No app", id="key unknown"),
        pytest.param({"consumerKey": OTHER_APP.consumer_key, "user": ADMIN.login}, "another app", id="foreign key"),
    ],
)
def test_refused_revoke_is_never_an_empty_200(bench: Bench, parameters: dict[str, str], message: str) -> None:
    token, _ = bench.tokens()
    answer = bench.post(REVOKE, oauth(token), **parameters)
    assert answer.status == 400
    assert message in xml_fields(answer)["Message"]
    assert bench.probe(token).status == 200


def test_token_of_another_app_cannot_be_revoked_and_not_twice(bench: Bench) -> None:
    foreign_code = bench.concur.authority.issue_request_token(OTHER_APP.consumer_key, ADMIN.login, ())
    foreign = xml_fields(
        bench.exchange(foreign_code, client_id=OTHER_APP.consumer_key, client_secret=OTHER_APP.consumer_secret)
    )["Token"]
    mine, _ = bench.tokens()
    second, _ = bench.tokens()
    assert bench.post(REVOKE, oauth(mine), token=foreign).status == 400
    assert bench.probe(foreign).status == 200
    assert [bench.post(REVOKE, oauth(mine), token=second).status for _ in range(2)] == [200, 400]


# 1.6 native flow


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_native_sign_in(bench: Bench, method: str) -> None:
    answer = bench.send(method, NATIVE, basic(ADMIN.login, ADMIN.password))
    assert answer.status == 200
    document = xml_fields(answer)
    assert list(document) == ["Instance_Url", "Token", "Expiration_date", "Refresh_Token"]
    assert bench.probe(document["Token"]).status == 200
    assert bench.refresh(document["Refresh_Token"]).status == 200


def test_native_sign_in_with_an_empty_password_and_one_with_a_colon() -> None:
    users = (User("empty", "", "E", "M", administrator=True), User("colon", "a:b:ü", "C", "O", administrator=True))
    bench = Bench()
    bench.concur = SimulatedConcur(SandboxSettings(), APP, users=users)
    assert bench.send("GET", NATIVE, basic("empty", "")).status == 200
    assert bench.send("GET", NATIVE, basic("colon", "a:b:ü")).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param((), 401, id="no Authorization"),
        pytest.param(basic(ADMIN.login, "wrong"), 403, id="password wrong"),
        pytest.param(basic("nobody", ADMIN.password), 403, id="login wrong"),
        pytest.param(basic(ADMIN.login, ADMIN.password)[:1], 403, id="no key"),
        pytest.param((*basic(ADMIN.login, ADMIN.password)[:1], ("x-consumerkey", "x")), 403, id="key wrong"),
        pytest.param((("authorization", "Basic !!!"), ("x-consumerkey", KEY)), 403, id="not base64"),
        pytest.param((("authorization", "Basic äöü"), ("x-consumerkey", KEY)), 403, id="not ASCII"),
        pytest.param((("authorization", "Basic /w=="), ("x-consumerkey", KEY)), 403, id="not UTF-8"),
        pytest.param((("authorization", "Basic YWRtaW4="), ("x-consumerkey", KEY)), 403, id="no colon"),
        pytest.param((("authorization", "OAuth x"), ("x-consumerkey", KEY)), 403, id="other scheme"),
    ],
)
def test_refused_native_sign_in(bench: Bench, headers: tuple[tuple[str, str], ...], status: int) -> None:
    answer = bench.send("GET", NATIVE, headers)
    assert answer.status == status
    assert answer.body.startswith(b"<Error>")
    assert bench.concur.authority.issued_tokens() == ()


# 1.7 what real clients send


GOOD = f"client_id={KEY}&client_secret={SECRET}"


@pytest.mark.parametrize(
    ("method", "target", "headers", "body"),
    [
        pytest.param("GET", "//net2/oauth2/getaccesstoken.ashx?code={code}&" + GOOD, (), "", id="doubled slash"),
        pytest.param("GET", "/net2/OAuth2/GetAccessToken.ashx?code={code}&" + GOOD, (), "", id="capitals"),
        pytest.param("GET", "/NET2/OAUTH2/GETACCESSTOKEN.ASHX?code={code}&" + GOOD, (), "", id="all capitals"),
        pytest.param("POST", EXCHANGE + "?code={code}&" + GOOD, (), "", id="POST with query"),
        pytest.param("POST", EXCHANGE, FORM, "code={code}&" + GOOD, id="POST with form"),
        pytest.param("POST", EXCHANGE + "?code={code}", FORM, GOOD, id="query and form"),
        pytest.param(
            "POST",
            EXCHANGE,
            (("content-type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8"),),
            "code={code}&" + GOOD,
            id="form with charset",
        ),
        pytest.param("POST", EXCHANGE + "?code={code}&" + GOOD, FORM, "code=other", id="query wins over form"),
        pytest.param(
            "GET",
            EXCHANGE
            + "?grant_type=authorization_code&response_type=code&redirect_uri=x&redirect_uri=y&code={code}&"
            + GOOD,
            (),
            "",
            id="unknown parameters",
        ),
        pytest.param("GET", EXCHANGE + "?&code={code}&&" + GOOD + "&", (), "", id="empty pieces"),
        pytest.param("GET", EXCHANGE + "?code={code}&" + GOOD, (("content-length", "9"),), "", id="body announced"),
        pytest.param("GET", EXCHANGE + "?code={code}&" + GOOD, (), "stray", id="stray body"),
        pytest.param(
            "POST", EXCHANGE + "?code={code}&" + GOOD, (("content-type", "text/xml"),), "<x/>", id="body no form"
        ),
    ],
)
def test_tolerated(bench: Bench, method: str, target: str, headers: tuple[tuple[str, str], ...], body: str) -> None:
    code = bench.code()
    answer = bench.send(method, target.replace("{code}", code), headers, body.replace("{code}", code).encode())
    assert answer.status == 200
    assert answer.body.startswith(b"<Access_Token>")


def test_oddities_are_noted(bench: Bench) -> None:
    bench.send("GET", EXCHANGE + "?code=x", (), b"stray")
    assert "a GET with a body" in bench.last_notes()
    bench.send("POST", EXCHANGE + "?code=x", FORM, b"code=y")
    assert "differs between query and body" in bench.last_notes()
    bench.send("POST", EXCHANGE + "?code=x", (("content-type", "text/plain"),), b"code=y")
    assert "no form was ignored" in bench.last_notes()


@pytest.mark.parametrize("what", ["revoke", "refresh"])
def test_raw_plus_in_a_token_is_looked_up_once_more(what: str) -> None:
    bench = Bench()
    tokens = TokenSource(access_token=lambda: "a+b/" * 6 + "a+c=", refresh_token=lambda: "r+$" * 10 + "r")
    bench.concur = SimulatedConcur(SandboxSettings(), APP, tokens=tokens)
    token, refresh_token = bench.tokens()
    if what == "revoke":
        answer = bench.send("POST", f"{REVOKE}?token={token}", oauth(token))
    else:
        answer = bench.send("GET", f"{EXCHANGE}?refresh_token={refresh_token}&{GOOD}")
    assert answer.status == 200
    assert "did not percent-encode the +" in bench.last_notes()


def test_encoded_plus_needs_no_second_look_up() -> None:
    bench = Bench()
    bench.concur = SimulatedConcur(SandboxSettings(), APP, tokens=TokenSource(access_token=lambda: "a+b/" * 7))
    token, _ = bench.tokens()
    assert bench.send("POST", f"{REVOKE}?token={quote(token, safe='')}", oauth(token)).status == 200
    assert "percent-encode" not in bench.last_notes()


@pytest.mark.parametrize(
    ("query", "message"),
    [
        pytest.param("code=a&code=b", "code is given more than once", id="twice"),
        pytest.param("code=a&code=a", "code is given more than once", id="twice the same"),
        pytest.param("client_secret=a&client_secret=b", "client_secret is given more", id="secret twice"),
        pytest.param("code=%zz", "not percent-encoded UTF-8", id="no hexadecimal"),
        pytest.param("code=%", "not percent-encoded UTF-8", id="percent sign alone"),
        pytest.param("code=%4", "not percent-encoded UTF-8", id="cut off"),
        pytest.param("code=%ff%fe", "not percent-encoded UTF-8", id="not UTF-8"),
        pytest.param("code=%c0%af", "not percent-encoded UTF-8", id="overlong"),
        pytest.param("%zz=1", "not percent-encoded UTF-8", id="bad name"),
        pytest.param("code=\udcff", "not percent-encoded UTF-8", id="surrogate"),
    ],
)
def test_malformed_parameters(bench: Bench, query: str, message: str) -> None:
    for answer in (
        bench.send("GET", f"{EXCHANGE}?{query}"),
        bench.send("POST", EXCHANGE, FORM, query.encode("utf-8", "surrogatepass")),
    ):
        assert answer.status == 400
        assert message in xml_fields(answer)["Message"]


def test_no_default_answer_is_an_error_with_200(bench: Bench) -> None:
    for answer in (bench.exchange("x"), bench.refresh("x"), bench.probe("x"), bench.get(NATIVE), bench.post(REVOKE)):
        assert answer.status >= 400
        assert answer.body.startswith(b"<Error>")


# The probe


def test_probe(bench: Bench) -> None:
    token, _ = bench.tokens()
    answer = bench.probe(token)
    assert answer.body.startswith(b'<UserProfile xmlns="http://www.concursolutions.com/api/user/2011/02"')
    assert xml_fields(answer)["LoginId"] == ADMIN.login
    assert SIMULATED in bench.last_notes()
    assert b'"UserProfile"' in bench.get(PROBE, (*oauth(token), *accept("application/json"))).body


def test_values_are_escaped_in_xml() -> None:
    odd = replace(ADMIN, first_name="<b>&\x00\x0b", login="a&b")
    bench = Bench()
    bench.concur = SimulatedConcur(SandboxSettings(), APP, users=(odd,))
    body = bench.probe(bench.tokens()[0]).body.decode()
    assert "<FirstName>&lt;b&gt;&amp;\ufffd\ufffd</FirstName>" in body
    assert "<LoginId>a&amp;b</LoginId>" in body


def test_instance_url_names_the_port_that_was_asked(bench: Bench) -> None:
    assert xml_fields(bench.exchange(bench.code()))["Instance_Url"] == f"http://127.0.0.1:{PORT}/"
