from __future__ import annotations

import json
from urllib.parse import parse_qsl, urlencode

import pytest

from gui.loopback.http import Request
from gui.sandbox.data_centres import Home
from gui.sandbox.errors import Refused, SandboxNotRunning
from gui.sandbox.records import COMPANY_ID, DEFAULT_USERS
from gui.sandbox.settings import SandboxSettings
from tests.unit.sandbox.bench import (
    EXCHANGE,
    FORM,
    OTHER_APP,
    PORT,
    REVOKE,
    Bench,
    claims_of,
    header,
    json_object,
    xml_fields,
)

JSON = (("content-type", "application/json"),)
CODES = "/sandbox/codes"


@pytest.mark.parametrize("name", ["localhost", "LocalHost", "127.0.0.1", "[::1]"])
def test_loopback_names_with_the_port_are_answered(bench: Bench, name: str) -> None:
    assert bench.send("GET", "/sandbox/health", host=f"{name}:{PORT}").status == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost",
        "127.0.0.1",
        "localhost:1",
        f"evil.example:{PORT}",
        f"localhost.evil.example:{PORT}",
        f"127.0.0.2:{PORT}",
        f"localhost.:{PORT}",
        f"user@localhost:{PORT}",
        f"localhost:{PORT},evil.example",
    ],
)
def test_other_names_are_not(bench: Bench, host: str) -> None:
    assert bench.send("GET", "/", host=host).status == 403
    assert bench.send("POST", CODES, host=host).status == 403


@pytest.mark.parametrize(
    ("authority", "hosts", "status"),
    [
        pytest.param(f"localhost:{PORT}", (f"localhost:{PORT}",), 200, id="ours twice"),
        pytest.param(f"evil.example:{PORT}", (f"localhost:{PORT}",), 403, id="foreign target"),
        pytest.param(f"localhost:{PORT}", ("evil.example",), 403, id="foreign Host"),
        pytest.param(None, (), 403, id="no Host"),
        pytest.param(None, (f"localhost:{PORT}", "evil.example"), 403, id="two Hosts"),
    ],
)
def test_absolute_targets_and_odd_hosts(
    bench: Bench, authority: str | None, hosts: tuple[str, ...], status: int
) -> None:
    headers = tuple(("host", host) for host in hosts)
    request = Request("GET", "/sandbox/health", "/sandbox/health", "", authority, headers, b"", PORT, bench.clock())
    assert bench.concur.handle(request).status == status


def test_port_80_needs_no_number(bench: Bench) -> None:
    request = Request("GET", "/", "/", "", None, (("host", "localhost"),), b"", 80, bench.clock())
    assert bench.concur.handle(request).status == 200


@pytest.mark.parametrize("path", ["/favicon.ico", "/net2", "/sandbox", "/sandbox/", "/../etc/passwd", "*", "", "/%2e"])
def test_unknown_paths(bench: Bench, path: str) -> None:
    answer = bench.send("GET", path)
    assert answer.status == 404
    assert len(answer.body) < 200
    assert header(answer, "cache-control") == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", EXCHANGE, "GET, POST"),
        ("HEAD", EXCHANGE, "GET, POST"),
        ("GET", REVOKE, "POST"),
        ("get", "/", "GET, HEAD"),
        ("POST", "/", "GET, HEAD"),
        ("GET", CODES, "POST"),
        ("OPTIONS", "/sandbox/health", "GET, HEAD"),
        ("GET", "/sandbox/consent", "POST"),
    ],
)
def test_wrong_method(bench: Bench, method: str, path: str, allow: str) -> None:
    answer = bench.send(method, path)
    assert (answer.status, header(answer, "allow")) == (405, allow)


def test_other_sites_cannot_post_to_the_sandbox(bench: Bench) -> None:
    assert bench.send("POST", CODES, (("sec-fetch-site", "cross-site"),)).status == 403
    assert bench.send("POST", CODES, (("sec-fetch-site", "same-origin"),)).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param((("origin", "https://evil.example"),), 403, id="another site"),
        pytest.param((("origin", "null"),), 403, id="a page that hides where it is from"),
        pytest.param((("origin", "null"), ("sec-fetch-site", "same-origin")), 200, id="a form of ours"),
        pytest.param((("origin", f"http://127.0.0.1:{PORT}"),), 200, id="the sandbox itself"),
        pytest.param((("origin", f"http://LOCALHOST:{PORT}"),), 200, id="by name"),
        pytest.param((("origin", f"http://127.0.0.1:{PORT + 1}"),), 403, id="another port"),
        pytest.param((("origin", f"https://127.0.0.1:{PORT}"),), 403, id="another scheme"),
        pytest.param((("origin", ""),), 403, id="empty"),
        pytest.param((("origin", f"http://127.0.0.1:{PORT}"), ("origin", "https://evil.example")), 403, id="two"),
        pytest.param((), 200, id="no browser"),
    ],
)
def test_an_older_browser_lets_other_sites_post_no_more(
    bench: Bench, headers: tuple[tuple[str, str], ...], status: int
) -> None:
    assert bench.send("POST", CODES, headers).status == status


@pytest.mark.parametrize(
    ("origin", "refused"),
    [pytest.param("https://evil.example", True, id="another site"), pytest.param("null", False, id="our own form")],
)
def test_the_form_of_the_consent_page_is_let_in_by_an_older_browser(
    bench: Bench,
    origin: str,
    refused: bool,  # noqa: FBT001  # a case
) -> None:
    """Its page sends no referrer, and so no origin either."""
    assert (bench.send("POST", "/sandbox/consent", (("origin", origin),)).status == 403) is refused


def test_health(bench: Bench) -> None:
    facts = json_object(bench.get("/sandbox/health"))
    assert set(facts) == {"name", "version", "simulated"}


@pytest.mark.parametrize(
    ("headers", "body", "login"),
    [
        pytest.param((), b"", 0, id="nothing"),
        pytest.param(FORM, b"", 0, id="empty form"),
        pytest.param(JSON, b"", 0, id="empty JSON"),
        pytest.param(JSON, b" {} ", 0, id="empty object"),
        pytest.param(JSON, b'{"user": null, "scopes": null}', 0, id="nulls"),
        pytest.param(JSON, b'{"other": 1}', 0, id="unknown name"),
        pytest.param(FORM, urlencode({"user": DEFAULT_USERS[1].login, "scopes": "USER"}).encode(), 1, id="form"),
        pytest.param(JSON, json.dumps({"user": DEFAULT_USERS[1].login, "scopes": ["USER"]}).encode(), 1, id="JSON"),
        pytest.param(
            (("content-type", "application/json; charset=utf-8"),),
            json.dumps({"user": DEFAULT_USERS[1].login, "scopes": "USER,EXPRPT"}).encode(),
            1,
            id="JSON with charset",
        ),
        pytest.param(FORM, json.dumps({"user": DEFAULT_USERS[1].login}).encode(), 1, id="JSON called a form"),
    ],
)
def test_fresh_code(bench: Bench, headers: tuple[tuple[str, str], ...], body: bytes, login: int) -> None:
    answer = bench.send("POST", CODES, headers, body)
    assert answer.status == 200
    assert header(answer, "content-type").startswith("application/json")
    code = json_object(answer)["code"]
    assert isinstance(code, str)
    token = xml_fields(bench.exchange(code))["Token"]
    assert xml_fields(bench.probe(token))["LoginId"] == DEFAULT_USERS[login].login


def test_fresh_code_for_another_app(bench: Bench) -> None:
    answer = bench.send("POST", CODES, JSON, json.dumps({"consumer_key": OTHER_APP.consumer_key}).encode())
    code = json_object(answer)["code"]
    assert isinstance(code, str)
    assert bench.exchange(code).status == 400
    mine = bench.exchange(code, client_id=OTHER_APP.consumer_key, client_secret=OTHER_APP.consumer_secret)
    assert mine.status == 200


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        pytest.param(JSON, b"{", "not JSON: line 1, column 2", id="cut off"),
        pytest.param(JSON, b"[]", "not an object", id="list"),
        pytest.param(JSON, b"null", "not an object", id="null"),
        pytest.param(JSON, b"\xff\xfe{", "not UTF-8", id="not UTF-8"),
        pytest.param(JSON, b"[" * 60_000, "JSON", id="deep"),
        pytest.param(JSON, b'{"a":' * 10_000, "JSON", id="deep objects"),
        pytest.param(JSON, b"9" * 60_000, "too large or too deep", id="long number"),
        pytest.param(JSON, b'{"user": 1}', "user is not a text", id="user a number"),
        pytest.param(JSON, b'{"scopes": {"a": 1}}', "scopes is neither", id="scopes an object"),
        pytest.param(JSON, b'{"scopes": [1]}', "scopes is neither", id="scopes numbers"),
        pytest.param(JSON, b'{"user": "nobody"}', "No user", id="user unknown"),
        pytest.param(JSON, b'{"user": "\\ud800"}', "No user", id="user a surrogate"),
        pytest.param(JSON, b'{"scopes": ["NONE"]}', "A scope does not exist", id="scope unknown"),
        pytest.param(JSON, b'{"consumer_key": "nobody"}', "No app", id="app unknown"),
        pytest.param(FORM, b"user=%zz", "not percent-encoded", id="form undecodable"),
        pytest.param(FORM, b"user=a&user=b", "user is given more than once", id="form twice"),
        pytest.param((("content-type", "text/plain"),), b"x", "neither a form nor JSON", id="other type"),
        pytest.param((), b"x", "neither a form nor JSON", id="no type"),
    ],
)
def test_fresh_code_refused_with_a_reason(
    bench: Bench, headers: tuple[tuple[str, str], ...], body: bytes, reason: str
) -> None:
    answer = bench.send("POST", CODES, headers, body)
    assert answer.status == 400
    assert reason in str(json_object(answer)["error"])


# Request tokens of the current contract


@pytest.mark.parametrize(
    ("headers", "body", "kind", "login"),
    [
        pytest.param(JSON, b'{"contract": "current"}', "user", 0, id="JSON"),
        pytest.param(JSON, b'{"contract": "current", "kind": "user"}', "user", 0, id="JSON user"),
        pytest.param(JSON, b'{"contract": "current", "kind": "company"}', "company", 0, id="JSON company"),
        pytest.param(FORM, b"contract=current&kind=company", "company", 0, id="form company"),
        pytest.param(FORM, b'{"contract": "current", "kind": "company"}', "company", 0, id="JSON called a form"),
        pytest.param(FORM, f"contract=current&user={DEFAULT_USERS[1].login}".encode(), "user", 1, id="form of a user"),
    ],
)
def test_fresh_connection(
    bench: Bench, headers: tuple[tuple[str, str], ...], body: bytes, kind: str, login: int
) -> None:
    answer = json_object(bench.send("POST", CODES, headers, body))
    user = DEFAULT_USERS[login]
    assert answer["id"] == (COMPANY_ID if kind == "company" else user.user_id)
    assert (answer["contract"], answer["kind"], answer["userId"]) == ("current", kind, user.user_id)
    carried = {"id": answer["id"], "requestToken": answer["requestToken"]}
    assert dict(parse_qsl(str(answer["query"]))) == (
        carried | {"userId": answer["userId"]} if kind == "company" else carried
    )
    sent = {"credtype": "authtoken", "username": str(answer["id"]), "password": str(answer["requestToken"])}
    assert claims_of(json_object(bench.grant("password", **sent))["id_token"])["concur.type"] == kind


@pytest.mark.parametrize(
    "scopes", ['"openid purchaserequest.read"', '["openid", "purchaserequest.read"]'], ids=["text", "list"]
)
def test_scopes_of_a_fresh_connection(bench: Bench, scopes: str) -> None:
    body = f'{{"contract": "current", "scopes": {scopes}}}'.encode()
    assert json_object(bench.send("POST", CODES, JSON, body))["scopes"] == ["openid", "purchaserequest.read"]


def test_fresh_connection_of_another_app(bench: Bench) -> None:
    body = json.dumps({"contract": "current", "consumer_key": OTHER_APP.consumer_key}).encode()
    answer = json_object(bench.send("POST", CODES, JSON, body))
    sent = {"credtype": "authtoken", "username": str(answer["id"]), "password": str(answer["requestToken"])}
    mine = {"client_id": OTHER_APP.consumer_key, "client_secret": OTHER_APP.consumer_secret}
    assert json_object(bench.grant("password", **sent))["code"] == 105
    assert bench.grant("password", **{**sent, **mine}).status == 200


@pytest.mark.parametrize("contract", ["", '"contract": null,', '"contract": "",'])
def test_fresh_code_without_a_contract_is_answered_as_ever(bench: Bench, contract: str) -> None:
    answer = json_object(bench.send("POST", CODES, JSON, f'{{{contract} "user": null}}'.encode()))
    assert list(answer) == ["code"]


def test_fresh_code_of_the_legacy_contract_says_what_app_center_would_append(bench: Bench) -> None:
    answer = json_object(bench.send("POST", CODES, JSON, b'{"contract": "legacy"}'))
    assert list(answer) == ["code", "contract", "query"]
    assert dict(parse_qsl(str(answer["query"]))) == {"code": answer["code"]}


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        pytest.param(JSON, b'{"contract": "future"}', 'neither "legacy" nor "current"', id="contract unknown"),
        pytest.param(JSON, b'{"contract": "Current"}', 'neither "legacy" nor "current"', id="contract in capitals"),
        pytest.param(JSON, b'{"contract": 1}', "contract is not a text", id="contract a number"),
        pytest.param(JSON, b'{"contract": "current", "kind": "app"}', "The kind is neither", id="kind unknown"),
        pytest.param(JSON, b'{"contract": "current", "kind": ["user"]}', "kind is not a text", id="kind a list"),
        pytest.param(JSON, b'{"kind": "user"}', "The kind is neither", id="kind without a contract"),
        pytest.param(JSON, b'{"contract": "current", "user": "nobody"}', "No user", id="user unknown"),
        pytest.param(JSON, b'{"contract": "current", "consumer_key": "x"}', "No app", id="app unknown"),
        pytest.param(JSON, b'{"contract": "current", "scopes": ["a b"]}', "A scope does not exist", id="scope a blank"),
        pytest.param(FORM, b"contract=current&contract=current", "contract is given more than once", id="twice"),
        pytest.param(FORM, b"contract=%zz", "not percent-encoded", id="undecodable"),
    ],
)
def test_fresh_connection_refused_with_a_reason(
    bench: Bench, headers: tuple[tuple[str, str], ...], body: bytes, reason: str
) -> None:
    answer = bench.send("POST", CODES, headers, body)
    assert answer.status == 400
    assert reason in str(json_object(answer)["error"])


def test_issue_connection(bench: Bench) -> None:
    company = bench.concur.issue_connection("company", DEFAULT_USERS[1].login, ["openid"])
    assert (company.id, company.user_id, company.scopes) == (COMPANY_ID, DEFAULT_USERS[1].user_id, ("openid",))
    assert company.request_token not in repr(company)
    with pytest.raises(Refused):
        bench.concur.issue_connection(user="nobody")
    with pytest.raises(ValueError, match="nothing"):
        bench.concur.issue_connection("nothing")


def test_simulate_app_center(bench: Bench) -> None:
    assert bench.exchange(bench.concur.issue_request_token()).status == 200
    assert bench.exchange(bench.concur.issue_request_token(DEFAULT_USERS[1].login, ["USER"])).status == 200
    with pytest.raises(Refused):
        bench.concur.issue_request_token("nobody")


def test_no_address_while_stopped(bench: Bench) -> None:
    with pytest.raises(SandboxNotRunning):
        _ = bench.concur.base_url
    bench.concur.stop()


def test_defaults_are_the_documented_ones() -> None:
    settings = SandboxSettings()
    assert settings.request_token_life.total_seconds() == 900
    assert settings.request_token_uses == 1
    assert settings.access_token_life.days == 365
    assert settings.refusal_status == 400
    assert settings.include_refresh_token
    assert not settings.xml_declaration
    assert not settings.auto_approve
    assert settings.current.request_token_life.total_seconds() == 24 * 3600
    assert settings.current.request_token_uses == 5
    assert settings.current.access_token_life.total_seconds() == 3600
    assert settings.current.home is Home.FIRST
    assert settings.current.rotate_refresh_token
    assert not settings.current.old_refresh_token_works
