from __future__ import annotations

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests

from gui.loopback.http import Delivery, Ending, Response
from gui.sandbox.answers import Answer, Endpoint
from gui.sandbox.records import DEFAULT_USERS, TokenState
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from tests.unit.sandbox.bench import (
    APP,
    AUTHORIZE,
    CONNECTIONS,
    EXCHANGE,
    KEY,
    LOGIN,
    ME,
    NATIVE,
    OTHER_APP,
    PROBE,
    REDIRECT,
    REVOKE,
    SECRET,
    TOKEN,
)
from tests.unit.sandbox.bench import ticket_in as _ticket_in

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMEOUT = 10
ADMIN = DEFAULT_USERS[0]


@pytest.fixture
def faults() -> list[Exception]:
    return []


@pytest.fixture
def concur(faults: list[Exception]) -> Iterator[SimulatedConcur]:
    concur = SimulatedConcur(SandboxSettings(), APP, on_fault=faults.append)
    with concur:
        yield concur
    assert faults == []


def field(answer: requests.Response, name: str) -> str:
    text = answer.text
    return text[text.index(f"<{name}>") + len(name) + 2 : text.index(f"</{name}>")]


def exchange(base_url: str, code: str) -> requests.Response:
    parameters = {"code": code, "client_id": KEY, "client_secret": SECRET}
    return requests.get(base_url + EXCHANGE, params=parameters, headers={"Accept": "application/xml"}, timeout=TIMEOUT)


def genuine_flow(base_url: str) -> None:
    code = requests.post(f"{base_url}/sandbox/codes", timeout=TIMEOUT).json()["code"]
    document = exchange(base_url, code)
    assert document.status_code == 200
    token, refresh_token = field(document, "Token"), field(document, "Refresh_Token")
    refreshed = requests.post(
        base_url + EXCHANGE,
        params={"refresh_token": refresh_token, "client_id": KEY, "client_secret": SECRET},
        timeout=TIMEOUT,
    )
    assert refreshed.status_code == 200
    assert "Refresh_Token" not in refreshed.text
    authorization = {"Authorization": f"OAuth {token}"}
    assert requests.get(base_url + PROBE, headers=authorization, timeout=TIMEOUT).status_code == 200
    revoked = requests.post(base_url + REVOKE, params={"token": token}, headers=authorization, timeout=TIMEOUT)
    assert (revoked.status_code, revoked.content) == (200, b"")
    assert requests.get(base_url + PROBE, headers=authorization, timeout=TIMEOUT).status_code == 403


def genuine_current_flow(base_url: str) -> None:
    issued = requests.post(f"{base_url}/sandbox/codes", json={"contract": "current"}, timeout=TIMEOUT).json()
    app = {"client_id": KEY, "client_secret": SECRET}
    sent = {"credtype": "authtoken", "username": issued["id"], "password": issued["requestToken"]}
    granted = requests.post(base_url + TOKEN, data={"grant_type": "password", **sent, **app}, timeout=TIMEOUT).json()
    form = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"], **app}
    renewed = requests.post(base_url + TOKEN, data=form, timeout=TIMEOUT).json()
    assert renewed["geolocation"] == granted["geolocation"]
    authorization = {"Authorization": f"Bearer {renewed['access_token']}"}
    assert requests.get(base_url + ME, headers=authorization, timeout=TIMEOUT).status_code == 200
    ended = requests.delete(base_url + CONNECTIONS, headers=authorization, timeout=TIMEOUT)
    assert (ended.status_code, ended.content) == (200, b"")
    assert requests.get(base_url + ME, headers=authorization, timeout=TIMEOUT).status_code == 401


def send_raw(port: int, sent: bytes) -> bytes:
    """Send bytes as they are, close our half, and return what comes until the server closes."""
    received = bytearray()
    with socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while chunk := connection.recv(65536):
                received += chunk
        except (ConnectionResetError, BrokenPipeError):
            pass
    return bytes(received)


def raw_request(port: int, line: str, *lines: str, body: bytes = b"") -> bytes:
    head = "\r\n".join((line, f"Host: 127.0.0.1:{port}", *lines, "", ""))
    return send_raw(port, head.encode("latin-1") + body)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_flow_over_every_loopback_name(concur: SimulatedConcur, host: str) -> None:
    genuine_flow(f"http://{host}:{concur.port}")
    genuine_current_flow(f"http://{host}:{concur.port}")


def test_current_flow_and_its_headers(concur: SimulatedConcur) -> None:
    genuine_current_flow(concur.base_url)
    answer = requests.post(concur.base_url + TOKEN, timeout=TIMEOUT)
    assert (answer.status_code, answer.json()["code"]) == (400, 65)
    assert answer.headers["Server"] == "cnqr-papeete"
    assert answer.headers["Concur-Correlationid"] == answer.json()["concur-correlationid"]
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "with a length"])
def test_delete_with_a_stray_body_is_answered(concur: SimulatedConcur, *, chunked: bool) -> None:
    body = b"5\r\nstray\r\n0\r\n\r\n" if chunked else b"stray"
    framing = "Transfer-Encoding: chunked" if chunked else "Content-Length: 5"
    answer = raw_request(concur.port, f"DELETE {CONNECTIONS} HTTP/1.1", framing, body=body)
    assert answer.startswith(b"HTTP/1.1 401")


def test_chunked_form_is_read_and_noted(concur: SimulatedConcur) -> None:
    form = f"grant_type=client_credentials&client_id={KEY}&client_secret={SECRET}".encode()
    body = f"{len(form):x}\r\n".encode() + form + b"\r\n0\r\n\r\n"
    lines = ("Content-Type: application/x-www-form-urlencoded", "Transfer-Encoding: chunked")
    answer = raw_request(concur.port, f"POST {TOKEN} HTTP/1.1", *lines, body=body)
    assert answer.startswith(b"HTTP/1.1 200")
    assert any("chunked" in note for note in concur.log.entries()[-1].notes)


def test_document_over_http_is_byte_for_byte(concur: SimulatedConcur) -> None:
    answer = exchange(concur.base_url, concur.issue_request_token())
    issued = concur.authority.issued_tokens()[0]
    expires = issued.expires_at
    hour, half = (expires.hour % 12 or 12), "PM" if expires.hour >= 12 else "AM"
    date = f"{expires.month}/{expires.day}/{expires.year} {hour}:{expires:%M:%S} {half}"
    assert answer.content.decode() == (
        "<Access_Token>\r\n"
        f"  <Instance_Url>{concur.base_url}/</Instance_Url>\r\n"
        f"  <Token>{issued.value}</Token>\r\n"
        f"  <Expiration_date>{date}</Expiration_date>\r\n"
        f"  <Refresh_Token>{field(answer, 'Refresh_Token')}</Refresh_Token>\r\n"
        "</Access_Token>"
    )
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"


def test_native_flow(concur: SimulatedConcur) -> None:
    for method in ("GET", "POST"):
        answer = requests.request(
            method,
            concur.base_url + NATIVE,
            auth=(ADMIN.login, ADMIN.password),
            headers={"X-ConsumerKey": KEY},
            timeout=TIMEOUT,
        )
        assert answer.status_code == 200


def test_get_with_a_stray_body_is_answered_and_the_connection_closed(concur: SimulatedConcur) -> None:
    target = f"{EXCHANGE}?code={concur.issue_request_token()}&client_id={KEY}&client_secret={SECRET}"
    for lines, body in (
        (("Content-Length: 9",), b"stray=yes"),
        (("Content-Length: 900",), b"cut off"),
        (("Transfer-Encoding: chunked",), b"5\r\nstray\r\n0\r\n\r\n"),
    ):
        answer = raw_request(concur.port, f"GET {target} HTTP/1.1", *lines, body=body)
        assert answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 400"))
        assert b"connection: close" in answer.lower()
    states = [token.state for token in concur.authority.issued_tokens()]
    assert states == [TokenState.LIVE]


def test_revoke_with_a_raw_token_in_the_query(concur: SimulatedConcur) -> None:
    token = ""
    while "+" not in token:
        token = field(exchange(concur.base_url, concur.issue_request_token()), "Token")
    authorization = f"Authorization: OAuth {token}"
    answer = raw_request(concur.port, f"POST {REVOKE}?token={token} HTTP/1.1", authorization, "Content-Length: 0")
    assert answer.startswith(b"HTTP/1.1 200")
    assert "did not percent-encode" in concur.log.entries()[-1].notes[0]


def test_app_center_in_a_browser_without_javascript(concur: SimulatedConcur) -> None:
    center = requests.get(f"{concur.base_url}/sandbox/app-center", timeout=TIMEOUT)
    consent = requests.post(center.url, data={"ticket": ticket_in(center)}, timeout=TIMEOUT)
    back = requests.post(
        f"{concur.base_url}/sandbox/consent",
        data={"ticket": ticket_in(consent), "decision": "allow", "login": ADMIN.login},
        allow_redirects=False,
        timeout=TIMEOUT,
    )
    assert back.status_code == 302
    code = back.headers["Location"].removeprefix(f"{REDIRECT}?code=")
    assert exchange(concur.base_url, code).status_code == 200


def test_web_flow_in_a_browser_without_javascript(concur: SimulatedConcur) -> None:
    state = "a+b &=#ü"
    query = f"client_id={KEY}&scope=EXPRPT,USER&redirect_uri={quote(REDIRECT, safe='')}&state={quote(state, safe='')}"
    sign_in = requests.get(f"{concur.base_url}{LOGIN}?{query}", timeout=TIMEOUT)
    consent = requests.post(
        concur.base_url + LOGIN,
        data={"ticket": ticket_in(sign_in), "login": ADMIN.login, "password": ADMIN.password},
        timeout=TIMEOUT,
    )
    back = requests.post(
        f"{concur.base_url}/sandbox/consent",
        data={"ticket": ticket_in(consent), "decision": "allow"},
        allow_redirects=False,
        timeout=TIMEOUT,
    )
    assert parse_qs(urlsplit(back.headers["Location"]).query)["state"] == [state]


def ticket_in(page: requests.Response) -> str:
    return _ticket_in(Response(page.status_code, (), page.content))


def test_many_at_once_get_one_token_for_one_code(concur: SimulatedConcur) -> None:
    code = concur.issue_request_token()
    with ThreadPoolExecutor(8) as pool:
        statuses = [answer.status_code for answer in pool.map(lambda _: exchange(concur.base_url, code), range(40))]
    assert sorted(statuses) == [200] + [400] * 39
    assert len(concur.authority.issued_tokens()) == 1


# Deliveries out of the table of answers


def test_delayed_answer(concur: SimulatedConcur) -> None:
    concur.answers.set_for_endpoint(Endpoint.EXCHANGE, Answer(delivery=Delivery(delay_s=0.3), times=1))
    started = time.monotonic()
    assert exchange(concur.base_url, concur.issue_request_token()).status_code == 200
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize(
    "delivery",
    [
        pytest.param(Delivery(after_bytes=0), id="closed before the answer"),
        pytest.param(Delivery(after_bytes=0, ending=Ending.RESET), id="reset before the answer"),
        pytest.param(Delivery(after_bytes=10), id="cut off in the status line"),
        pytest.param(Delivery(after_bytes=450), id="cut off in the document"),
        pytest.param(Delivery(after_bytes=450, ending=Ending.RESET), id="reset in the document"),
    ],
)
def test_lost_answer_leaves_a_live_token_behind(concur: SimulatedConcur, delivery: Delivery) -> None:
    code = concur.issue_request_token()
    concur.answers.set_for_token(code, Answer(delivery=delivery))
    with pytest.raises((requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        exchange(concur.base_url, code)
    assert [token.state for token in concur.authority.issued_tokens(KEY)] == [TokenState.LIVE]
    genuine_flow(concur.base_url)


def test_silence_holds_up_nobody_else(concur: SimulatedConcur) -> None:
    code = concur.issue_request_token()
    concur.answers.set_for_token(code, Answer(delivery=Delivery(never=True)))
    with socket.create_connection(("127.0.0.1", concur.port), timeout=TIMEOUT) as silent:
        target = f"{EXCHANGE}?code={code}&client_id={KEY}&client_secret={SECRET}"
        silent.sendall(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{concur.port}\r\n\r\n".encode())
        genuine_flow(concur.base_url)


def test_dripping_answer_comes_whole(concur: SimulatedConcur) -> None:
    code = concur.issue_request_token()
    concur.answers.set_for_token(code, Answer(delivery=Delivery(bytes_per_s=3000)))
    assert exchange(concur.base_url, code).status_code == 200


# Starting and stopping


def test_stop_is_at_once_and_start_again_keeps_what_was_issued(concur: SimulatedConcur) -> None:
    token = field(exchange(concur.base_url, concur.issue_request_token()), "Token")
    port = concur.port
    concur.start()
    assert concur.port == port
    before = threading.active_count()
    concur.stop()
    concur.stop()
    assert threading.active_count() == before - 1
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(f"http://127.0.0.1:{port}/", timeout=TIMEOUT)
    concur.start()
    answer = requests.get(concur.base_url + PROBE, headers={"Authorization": f"OAuth {token}"}, timeout=TIMEOUT)
    assert answer.status_code == 200


# Hostile bytes


def _hostile_requests() -> list[bytes]:
    good = f"code=0_x&client_id={KEY}&client_secret={SECRET}"
    targets = [
        "/", "*", "//", "/%", "/%zz", "/\x7f", "/net2/../../etc/passwd", "/net2\\oauth2", "/?", "/#", "http://", "x",
        f"http://evil.example{EXCHANGE}?{good}", f"{EXCHANGE}?{good}#part", f"{EXCHANGE}?{good}&{good}",
        f"{EXCHANGE}?code=%", f"{EXCHANGE}?code=%zz", f"{EXCHANGE}?code=%ff", f"{EXCHANGE}?code=%00",
        f"{EXCHANGE}?code={'x' * 20000}", f"{EXCHANGE}?{'a=b&' * 5000}", f"{EXCHANGE}?{'&' * 20000}",
        f"{EXCHANGE}?=", f"{EXCHANGE}?code", f"{EXCHANGE}?code=<Access_Token>", f"{EXCHANGE}?code[]=x",
        f"{REVOKE}?token=%0d%0aX:1", f"{LOGIN}?client_id=%3Cscript%3E", f"{LOGIN}?redirect_uri=javascript:alert(1)",
        f"{LOGIN}?client_id={KEY}&scope=USER&redirect_uri=http://a%0d%0aX:1", "/sandbox/log?<script>", "/favicon.ico",
        f"{EXCHANGE}/", f"{EXCHANGE};x", f"{EXCHANGE}%00", f"/{'a/' * 5000}", f"{PROBE}?token=x", "/sandbox/codes",
    ]  # fmt: skip
    heads = [
        "",
        "Host: evil.example\r\n", "Authorization: \r\n", "Authorization: OAuth\r\n", "Authorization: Basic ====\r\n",
        f"Authorization: OAuth {'x' * 30000}\r\n", "Accept: application/json;q=;;,\r\n", "Content-Length: -1\r\n",
        "Content-Length: x\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Transfer-Encoding: x\r\n",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Content-Type: \x80\xff\r\n", "X: \x00\r\n",
        " folded\r\n", "No colon\r\n", "Expect: 100-continue\r\n", "Cookie: " + "x" * 60000 + "\r\n", "X: y\r\n" * 200,
    ]  # fmt: skip
    bodies = [
        b"",
        b"\x00" * 50,
        b"code=%",
        b"grant_type=password&password=%00&username=\x00",
        b"grant_type=" + b"x" * 60_000,
        b"[" * 3000,
        b"ticket=x&decision=allow",
        b"x" * 70_000,
    ]
    form = "Content-Type: application/x-www-form-urlencoded\r\n"
    host = "Host: 127.0.0.1:PORT\r\n"
    hostile = [f"{m} {t} HTTP/1.1\r\n{host}\r\n".encode("latin-1") for m in ("GET", "POST") for t in targets]
    hostile += [f"GET {PROBE} HTTP/1.1\r\n{host}{h}\r\n".encode("latin-1") for h in heads]
    hostile += [f"POST {EXCHANGE} HTTP/1.1\r\n{host}{h}\r\n".encode("latin-1") for h in heads]
    hostile += [f"POST {TOKEN} HTTP/1.1\r\n{host}{h}\r\n".encode("latin-1") for h in heads]
    hostile += [f"DELETE {CONNECTIONS} HTTP/1.1\r\n{host}{h}\r\n".encode("latin-1") for h in heads]
    for path in (
        EXCHANGE,
        LOGIN,
        REVOKE,
        TOKEN,
        AUTHORIZE,
        "/sandbox/codes",
        "/sandbox/consent",
        "/sandbox/app-center",
    ):
        head = f"POST {path} HTTP/1.1\r\n{host}{form}Content-Length: "
        hostile += [f"{head}{len(body)}\r\n\r\n".encode() + body for body in bodies]
    for form_body in (b"grant_type=password&password=%00&username=\x00", b"grant_type=password&grant_type=password"):
        head = f"POST {TOKEN} HTTP/1.1\r\n{host}{form}Content-Length: {len(form_body)}\r\n\r\n"
        hostile.append(head.encode() + form_body)
    hostile += [
        b"", b"\r\n\r\n", b"\x16\x03\x01\x02\x00", b"\x00", b"GET", b"GET / HTTP/0.9\r\n\r\n", b"GET /\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"CONNECT 127.0.0.1:PORT HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", b"x" * 200_000, b"\xff" * 1000,
        b"TRACE / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n", b"GET / HTTP/1.0\r\n\r\n",
    ]  # fmt: skip
    return hostile


def test_hostile_bytes_never_get_a_5xx_or_a_token_and_the_genuine_flow_goes_on(concur: SimulatedConcur) -> None:
    hostile = _hostile_requests()
    assert len(hostile) > 150
    for sent in hostile:
        answer = send_raw(concur.port, sent.replace(b"PORT", str(concur.port).encode()))
        assert not answer.startswith(b"HTTP/1.1 5"), sent[:200]
        assert b"<Access_Token>" not in answer, sent[:200]
        assert b'"access_token"' not in answer, sent[:200]
    assert concur.issued_tokens() == ()
    genuine_flow(concur.base_url)
    genuine_current_flow(concur.base_url)
    shown = repr(concur.log.entries())
    assert SECRET not in shown
    assert OTHER_APP.consumer_secret not in shown
