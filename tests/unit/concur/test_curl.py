from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gui.concur.curl import curl_command
from tests.flow.canaries import ACCESS_TOKEN, CODE, CONSUMER_SECRET, PASSWORD, REFRESH_TOKEN, secrets_in
from tests.flow.scripted_server import ScriptedServer, Talk
from tests.real_parts import skip_without
from tests.unit.concur.samples import request

if TYPE_CHECKING:
    from pathlib import Path

    from gui.concur.models import HttpExchange

BASIC = base64.b64encode(f"login:{PASSWORD}".encode()).decode()
VARIABLES = {
    "CONSUMER_SECRET": CONSUMER_SECRET,
    "REQUEST_TOKEN": CODE,
    "ACCESS_TOKEN": ACCESS_TOKEN,
    "REFRESH_TOKEN": REFRESH_TOKEN,
    "PASSWORD": PASSWORD,
    "BASIC_CREDENTIALS": BASIC,
}
ENCODED_TOKEN = "Canary%2BAcc%2Fess0kJ7hG5fD3sA1%3D"
HEADERS = (
    ("User-Agent", "AppCenterFlow/1"),
    ("Accept-Encoding", "identity"),
    ("Connection", "close"),
    ("Accept", "application/xml"),
)
FORM = ("Content-Type", "application/x-www-form-urlencoded")

needs_bash = pytest.mark.skipif(shutil.which("bash") is None or sys.platform == "win32", reason="needs a POSIX shell")


@pytest.fixture
def real_curl() -> None:
    if not curl_knows_url_query():
        skip_without("curl (7.87 or newer)")


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """A folder with a `curl` in it that prints what it was called with."""
    fake = tmp_path / "curl"
    fake.write_text(
        f"#!{sys.executable}\nimport json, os, sys\nprint(json.dumps([os.fsencode(a).hex() for a in sys.argv[1:]]))\n"
    )
    fake.chmod(0o755)
    return tmp_path


def run(command: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C.UTF-8", **VARIABLES}
    if folder is not None:
        environment["PATH"] = f"{folder}:{environment['PATH']}"
    return subprocess.run(
        ["bash", "--norc", "-c", command], env=environment, capture_output=True, text=True, timeout=30, check=False
    )


def arguments(exchange: HttpExchange, folder: Path) -> list[str]:
    finished = run(curl_command(exchange), folder)
    assert finished.stderr == ""
    return [bytes.fromhex(word).decode() for word in json.loads(finished.stdout)]


EXCHANGE = request(
    "GET",
    f"https://www.concursolutions.com/net2/oauth2/getaccesstoken.ashx?code={CODE}&client_id=Key1&client_secret={CONSUMER_SECRET}",
    HEADERS,
)
REVOKE = request(
    "POST",
    f"https://www.concursolutions.com/net2/oauth2/revoketoken.ashx?token={ENCODED_TOKEN}",
    (*HEADERS, ("Authorization", f"OAuth {ACCESS_TOKEN}"), ("Content-Length", "0")),
)


def test_exchange_as_text() -> None:
    assert curl_command(EXCHANGE).split(" \\\n  ") == [
        "curl",
        "--url https://www.concursolutions.com/net2/oauth2/getaccesstoken.ashx",
        '--url-query "code=$REQUEST_TOKEN"',
        "--url-query client_id=Key1",
        '--url-query "client_secret=$CONSUMER_SECRET"',
        "--header 'User-Agent: AppCenterFlow/1'",
        "--header 'Accept-Encoding: identity'",
        "--header 'Connection: close'",
        "--header 'Accept: application/xml'",
    ]


@needs_bash
def test_revoke_as_arguments(shell: Path) -> None:
    assert arguments(REVOKE, shell) == [
        "--url",
        "https://www.concursolutions.com/net2/oauth2/revoketoken.ashx",
        "--url-query",
        f"token={ACCESS_TOKEN}",
        "--header",
        "User-Agent: AppCenterFlow/1",
        "--header",
        "Accept-Encoding: identity",
        "--header",
        "Connection: close",
        "--header",
        "Accept: application/xml",
        "--header",
        f"Authorization: OAuth {ACCESS_TOKEN}",
        "--header",
        "Content-Type:",
        "--data",
        "",
    ]


@needs_bash
@pytest.mark.parametrize(
    ("piece", "variable"),
    [
        pytest.param(f"client_secret={CONSUMER_SECRET}", "client_secret=" + CONSUMER_SECRET, id="secret"),
        pytest.param(f"code={CODE}", f"code={CODE}", id="code"),
        pytest.param(
            f"refresh_token={REFRESH_TOKEN.replace('$', '%24')}", f"refresh_token={REFRESH_TOKEN}", id="refresh"
        ),
        pytest.param("password=Canary+pass%26word%277", f"password={PASSWORD}", id="password with a plus"),
        pytest.param("password=Canary%20pass%26word%277", f"password={PASSWORD}", id="password with %20"),
        pytest.param(f"TOKEN={ENCODED_TOKEN}", f"TOKEN={ACCESS_TOKEN}", id="capitals"),
        pytest.param(f"to%6ben={ENCODED_TOKEN}", f"token={ACCESS_TOKEN}", id="escaped name"),
        pytest.param(f"code[]={CODE}", f"code%5B%5D={CODE}", id="brackets behind the name"),
    ],
)
@pytest.mark.parametrize("place", ["query", "form"])
def test_secret_becomes_its_variable(shell: Path, piece: str, variable: str, place: str) -> None:
    if place == "query":
        exchange, option = request("GET", f"https://h/p?{piece}", HEADERS), "--url-query"
    else:
        exchange, option = request("POST", "https://h/p", (*HEADERS, FORM), piece.encode()), "--data-urlencode"
    assert secrets_in(curl_command(exchange)) == []
    words = arguments(exchange, shell)
    assert words[words.index(option) + 1] == variable


TOKEN_ENDPOINT = "https://us.api.concursolutions.com/oauth2/v0/token"
ID, CLIENT = "0f9dbb0c-4a77-4a6e-9c3f-3d6f1b6a2e11", f"client_id=Key&client_secret={CONSUMER_SECRET}"
GRANTS = [
    pytest.param(
        f"grant_type=password&credtype=authtoken&username={ID}&password=Canary%20pass%26word%277",
        ["grant_type=password", "credtype=authtoken", f"username={ID}", f"password={PASSWORD}"],
        id="authtoken",
    ),
    pytest.param(
        f"grant_type=authorization_code&code={CODE}&redirect_uri=http%3A%2F%2Flocalhost%3A8765%2Fr",
        ["grant_type=authorization_code", f"code={CODE}"],
        id="code",
    ),
    pytest.param(
        f"grant_type=refresh_token&refresh_token={REFRESH_TOKEN.replace('$', '%24')}",
        ["grant_type=refresh_token", f"refresh_token={REFRESH_TOKEN}"],
        id="refresh",
    ),
    pytest.param("grant_type=client_credentials", ["grant_type=client_credentials"], id="application"),
]
"""Bodies of the token endpoint (concur-wire.md 2.2), beside the client's credentials."""


@needs_bash
@pytest.mark.parametrize(("grant", "pairs"), GRANTS)
def test_each_grant_of_the_token_endpoint(shell: Path, grant: str, pairs: list[str]) -> None:
    exchange = request("POST", TOKEN_ENDPOINT, (*HEADERS, FORM), f"{CLIENT}&{grant}".encode())
    assert secrets_in(curl_command(exchange)) == []
    words = arguments(exchange, shell)
    assert words[:2] == ["--url", TOKEN_ENDPOINT]
    sent = [after for word, after in pairwise(words) if word == "--data-urlencode"]
    assert sent == ["client_id=Key", f"client_secret={CONSUMER_SECRET}", *pairs]


@needs_bash
def test_a_bearer_token(shell: Path) -> None:
    token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIwOGUxIn0.c2lnbmF0dXJl"
    headers = (*HEADERS, ("Authorization", f"Bearer {token}"))
    exchange = request("DELETE", "https://us.api.concursolutions.com/app-mgmt/v0/connections", headers)
    assert token not in curl_command(exchange)
    words = arguments(exchange, shell)
    assert words[:2] == ["--request", "DELETE"]
    assert f"Authorization: Bearer {ACCESS_TOKEN}" in words


@needs_bash
def test_basic_credentials(shell: Path) -> None:
    exchange = request("GET", "https://h/p", (*HEADERS, ("Authorization", f"Basic {BASIC}"), ("X-ConsumerKey", "k")))
    assert BASIC not in curl_command(exchange)
    assert f"Authorization: Basic {BASIC}" in arguments(exchange, shell)


@pytest.mark.parametrize(
    "exchange",
    [
        pytest.param(request("GET", f"https://h/p?x={CODE}&code={CODE}", HEADERS), id="in another parameter"),
        pytest.param(request("GET", f"https://h/p?x=y%3D{ENCODED_TOKEN}&token={ENCODED_TOKEN}"), id="escaped there"),
        pytest.param(request("GET", f"https://h/{CODE}/p?code={CODE}"), id="in the path"),
        pytest.param(request("GET", f"https://h/p?{CODE}&code={CODE}"), id="as a parameter without value"),
        pytest.param(request("GET", f"https://h/p?{CODE}=1&code={CODE}"), id="as a name"),
        pytest.param(request("GET", f"https://user:{PASSWORD.replace(' ', '%20')}@h/p"), id="in the user part"),
        pytest.param(
            request("GET", "https://h/p", (("X-Also", ACCESS_TOKEN), ("Authorization", f"OAuth {ACCESS_TOKEN}"))),
            id="in another header",
        ),
        pytest.param(request("GET", "https://h/p", (("Authorization", f"Strange {ACCESS_TOKEN}"),)), id="scheme"),
        pytest.param(request("GET", "https://h/p", (("Authorization", ACCESS_TOKEN),)), id="no scheme"),
        pytest.param(request("GET", "https://h/p", (("Cookie", f"a={ACCESS_TOKEN}"),)), id="cookie"),
        pytest.param(request("GET", "https://h/p", (("Proxy-Authorization", f"Basic {BASIC}"),)), id="proxy"),
        pytest.param(
            request("POST", "https://h/p", (), f"<a><Token>{ACCESS_TOKEN}</Token></a>".encode()), id="XML body"
        ),
        pytest.param(
            request(
                "POST",
                "https://h/p",
                (("Content-Type", "application/json"),),
                json.dumps({"password": PASSWORD}).encode(),
            ),
            id="JSON body",
        ),
        pytest.param(
            request("POST", "https://h/p", (FORM,), f"x={CODE}&code={CODE}&{CODE}".encode()), id="form, elsewhere too"
        ),
        pytest.param(request("GET", f"https://h/p#code={CODE}"), id="fragment"),
    ],
)
def test_no_secret_anywhere(exchange: HttpExchange) -> None:
    command = curl_command(exchange)
    assert secrets_in(command) == []
    assert BASIC not in command


NASTY = "a'b\"c$HOME`id`$(id)\\n\n!!*?~#;&|<>(){}[] \té-@"


@needs_bash
def test_no_shell_meaning_survives(shell: Path) -> None:
    exchange = request(
        "POST",
        "https://h/$(id)/`id`/'x'/\"y\"/;z",
        (("X-Nasty", NASTY), ("X-At", "@/etc/passwd"), ("X-Empty", ""), ("-o", "x"), ("@evil", "x"), ("Accept", "-x")),
        f"@/etc/passwd{NASTY}".encode(),
    )
    words = arguments(exchange, shell)
    assert words[:2] == ["--url", "https://h/$(id)/`id`/'x'/\"y\"/;z"]
    assert f"X-Nasty: {NASTY}" in words
    assert "X-At: @/etc/passwd" in words
    assert "X-Empty;" in words
    assert words[words.index("--data-raw") + 1] == f"@/etc/passwd{NASTY}"
    assert not any(word.startswith("@") for word in words if not word.startswith("@/etc/passwd"))


@needs_bash
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_any_text_reaches_curl_as_it_is(shell: Path, text: str) -> None:
    words = arguments(
        request("POST", "https://h/p", (("X", text), ("Accept", "a"), ("User-Agent", "a")), text.encode()), shell
    )
    assert words == [
        "--url",
        "https://h/p",
        "--header",
        f"X: {text}",
        "--header",
        "Accept: a",
        "--header",
        "User-Agent: a",
        "--header",
        "Content-Type:",
        "--data-raw",
        text,
    ]


@pytest.mark.parametrize(
    ("method", "body", "expected"),
    [
        pytest.param("GET", b"", [], id="GET"),
        pytest.param("HEAD", b"", ["--head"], id="HEAD"),
        pytest.param("POST", b"", ["--data ''"], id="POST without body"),
        pytest.param("POST", b"x", ["--data-raw x"], id="POST"),
        pytest.param("PUT", b"x", ["--request PUT", "--data-raw x"], id="PUT"),
        pytest.param("PUT", b"", ["--request PUT", "--data ''"], id="PUT without body"),
        pytest.param("DELETE", b"", ["--request DELETE"], id="DELETE"),
        pytest.param("GET", b"x", ["--request GET", "--data-raw x"], id="GET with body"),
    ],
)
def test_method(method: str, body: bytes, expected: list[str]) -> None:
    lines = curl_command(request(method, "https://h/p", (), body)).split(" \\\n  ")
    assert [line for line in lines[1:] if not line.startswith(("--url", "--header"))] == expected


def curl_knows_url_query() -> bool:
    program = shutil.which("curl")
    if program is None:
        return False
    told = subprocess.run([program, "--help", "all"], capture_output=True, text=True, timeout=30, check=False)
    return "--url-query" in told.stdout


@needs_bash
@pytest.mark.usefixtures("real_curl")
@pytest.mark.parametrize(
    ("method", "target", "headers", "body"),
    [
        pytest.param(
            "GET",
            f"/net2/oauth2/getaccesstoken.ashx?code={CODE}&client_id=k&client_secret={CONSUMER_SECRET}",
            HEADERS,
            b"",
            id="exchange",
        ),
        pytest.param(
            "POST",
            f"/net2/oauth2/revoketoken.ashx?token={ENCODED_TOKEN}",
            (*HEADERS, ("Authorization", f"OAuth {ACCESS_TOKEN}")),
            b"",
            id="revoke",
        ),
        pytest.param(
            "POST",
            "/r?consumerKey=k&user=a%2Bb%40c.example&x=a%20b&&y&z=a+b&=v&~=%7e",
            HEADERS,
            b"",
            id="odd parameters",
        ),
        pytest.param(
            "POST",
            "/token",
            (*HEADERS, FORM),
            f"grant_type=password&username=a+b&x=%20y&password={CONSUMER_SECRET}".encode(),
            id="form",
        ),
        pytest.param("PUT", "//x/../y/{a}[1-3]", HEADERS, b"@x\r\n\xc3\xa9'$HOME", id="path and body as they are"),
        pytest.param("GET", "/", (("X-Empty", ""),), b"", id="headers that curl adds"),
    ],
)
def test_real_curl_sends_the_same(
    method: str, target: str, headers: tuple[tuple[str, str], ...], body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(VARIABLES, "PASSWORD", CONSUMER_SECRET)
    with ScriptedServer(lambda talk: answer_whole(talk, body)) as server:
        finished = run(curl_command(request(method, server.base_url + target, headers, body)))
        assert finished.returncode == 0, finished.stderr
    head, _blank, sent = server.requests[0].partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    expected = [*(f"{name}: {value}".rstrip() for name, value in headers), f"Host: 127.0.0.1:{server.port}"]
    if body or method == "POST":
        expected.append(f"Content-Length: {len(body)}")
    # Of the variables, some versions of curl write the escapes in lower case.
    assert re.sub("%[0-9a-f]{2}", lambda escape: escape[0].upper(), first) == (
        f"{method} {target.replace('&&', '&')} HTTP/1.1".replace("%7e", "%7E")
    )
    assert sorted(line.rstrip() for line in lines) == sorted(expected)
    assert sent == body


def answer_whole(talk: Talk, body: bytes) -> None:
    request_bytes = talk.read_head()
    while len(request_bytes.partition(b"\r\n\r\n")[2]) < len(body):
        piece = talk.sock.recv(65536)
        if not piece:
            break
        request_bytes += piece
    talk.request = request_bytes
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
