from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from gui.loopback.http import Request
from gui.sandbox.errors import Refused, SandboxNotRunning
from gui.sandbox.records import DEFAULT_USERS
from gui.sandbox.settings import SandboxSettings
from tests.unit.sandbox.bench import EXCHANGE, FORM, OTHER_APP, PORT, REVOKE, Bench, header, json_object, xml_fields

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
