"""What a network, a proxy and a server can do to one request."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from gui.concur.cancellation import Cancellation
from gui.concur.errors import (
    AnswerCutOff,
    AnswerNotHttp,
    AnswerRedirects,
    AnswerTimedOut,
    AnswerTooLarge,
    ConcurFailed,
    ConnectionRefused,
    ConnectTimedOut,
    HostNotFound,
    ProxyFailed,
    ProxyTrouble,
    RequestCancelled,
    RequestUnsendable,
    TooManyOpenFiles,
    WireError,
)
from gui.concur.legacy import LegacyContract
from gui.concur.models import LiveToken
from gui.concur.transport import WireLimits
from gui.messages import message_for
from tests.flow.canaries import ACCESS_TOKEN, CODE, CONSUMER_SECRET, DOCUMENT, secrets_in, words_of
from tests.flow.open_files import no_file_left
from tests.flow.scripted_server import ScriptedServer, Talk
from tests.flow.spoken import both_contracts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gui.concur.models import Application
    from tests.flow.conftest import Wire


def fails(wire: Wire, kind: type[WireError], base_url: str, cancellation: Cancellation | None = None) -> WireError:
    with pytest.raises(kind) as caught:
        wire.exchange(base_url, cancellation)
    error = caught.value
    assert type(error) is kind
    assert [record.failure for record in wire.records] == [kind.__name__]
    assert error.exchange is wire.records[0]
    assert secrets_in(words_of(error)) == []
    return error


@both_contracts
def test_whole_exchange(wire: Wire) -> None:
    with ScriptedServer(wire.answer) as server:
        document = wire.exchange(server.base_url)
    assert document.token == ACCESS_TOKEN
    assert document.raw == wire.spoken.document
    assert [(record.status, record.complete, record.sent, record.failure) for record in wire.records] == [
        (200, True, True, None)
    ]
    assert secrets_in(repr(wire.records) + repr(document) + repr(wire.redactor)) == []


@both_contracts
def test_nothing_of_it_leaves_the_process_readable(wire: Wire) -> None:
    with ScriptedServer(wire.answer) as server:
        wire.exchange(server.base_url)
    (record,) = wire.records
    sent = server.requests[0].decode() + record.request_body.decode()
    assert set(secrets_in(sent)) == {CONSUMER_SECRET, CODE}
    assert secrets_in(wire.redactor.text(sent) + wire.redactor.body(record.response_body)) == []


# No connection


@both_contracts
@pytest.mark.parametrize(
    "host",
    [
        pytest.param("nowhere.invalid", id="does not resolve"),
        pytest.param("a" * 64 + ".invalid", id="label too long"),
        pytest.param(".invalid", id="empty label"),
        pytest.param("*.invalid", id="wildcard"),
    ],
)
def test_host_not_found(wire: Wire, host: str) -> None:
    error = fails(wire, HostNotFound, f"https://{host}")
    assert error.host == host
    assert not wire.records[0].sent


@pytest.mark.parametrize(
    ("instance_url", "words"),
    [
        pytest.param("https://nowhere.invalid/", "the token's document", id="a dead Instance_Url"),
        pytest.param("http://elsewhere.example/", "base URL", id="an Instance_Url that is not asked"),
        pytest.param(None, "base URL", id="no Instance_Url"),
    ],
)
def test_whose_address_was_asked_in_vain(wire: Wire, instance_url: str | None, words: str) -> None:
    token = LiveToken(ACCESS_TOKEN, None, "https://gone.invalid", instance_url)
    with pytest.raises(HostNotFound) as caught:
        LegacyContract().probe(wire.transport, token)
    assert words in message_for(caught.value).advice


@both_contracts
def test_refused(wire: Wire) -> None:
    with socket.socket() as bound:  # bound and not listening: nobody else can take the port
        bound.bind(("127.0.0.1", 0))
        fails(wire, ConnectionRefused, f"http://127.0.0.1:{bound.getsockname()[1]}")


@both_contracts
@pytest.mark.parametrize(
    ("host", "spare"),
    [
        pytest.param("127.0.0.1", 0, id="for the socket"),
        pytest.param("127.0.0.1", 1, id="for waiting on the socket"),
        pytest.param("nowhere.invalid", 0, id="for the resolver"),
    ],
)
def test_no_file_left(wire: Wire, host: str, spare: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, no_file_left(spare):
        fails(wire, TooManyOpenFiles, f"http://{host}:{listener.getsockname()[1]}")
    assert not wire.records[0].sent


@pytest.fixture
def full_backlog() -> tuple[str, Callable[[], None]]:
    """A port that takes no more connections, and how to let go of it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    callers = []
    for _ in range(8):
        caller = socket.socket()
        caller.setblocking(False)  # noqa: FBT003  # the library's own signature
        caller.connect_ex(listener.getsockname())
        callers.append(caller)

    def close() -> None:
        for sock in (*callers, listener):
            sock.close()

    return f"http://127.0.0.1:{listener.getsockname()[1]}", close


linux_backlog = pytest.mark.skipif(
    not hasattr(socket, "SO_BINDTODEVICE"), reason="elsewhere a full backlog refuses instead of staying silent"
)


@linux_backlog
def test_connect_timed_out(wire: Wire, full_backlog: tuple[str, Callable[[], None]]) -> None:
    wire.limits = WireLimits(connect_s=0.3, silence_s=5, whole_s=5)
    base_url, close = full_backlog
    try:
        error = fails(wire, ConnectTimedOut, base_url)
    finally:
        close()
    assert isinstance(error, ConnectTimedOut)
    assert error.limit_s == 0.3
    assert wire.records[0].duration_ms < 3000


@linux_backlog
def test_cancelled_while_connecting(wire: Wire, full_backlog: tuple[str, Callable[[], None]]) -> None:
    wire.limits = WireLimits(connect_s=30, silence_s=30, whole_s=60)
    base_url, close = full_backlog
    cancellation = Cancellation()
    calling_off = threading.Timer(0.2, cancellation.cancel)
    calling_off.start()
    try:
        fails(wire, RequestCancelled, base_url, cancellation)
    finally:
        close()
        calling_off.join()
    assert wire.records[0].duration_ms < 3000
    assert not wire.records[0].sent


# Time


def drip_headers(talk: Talk) -> None:
    talk.read_head()
    talk.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    talk.drip(b"a")


def drip_header_lines(talk: Talk) -> None:
    talk.read_head()
    talk.send(b"HTTP/1.1 200 OK\r\n")
    talk.drip(b"X-Slow: a\r\n")


def drip_body(talk: Talk) -> None:
    talk.read_head()
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    talk.drip(b"a")


def drip_chunks(talk: Talk) -> None:
    talk.read_head()
    talk.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    talk.drip(b"1\r\na\r\n")


def drip_gzip_of_nothing(talk: Talk) -> None:
    talk.read_head()
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
    talk.drip(gzip.compress(b""))


def endless_continue(talk: Talk) -> None:
    talk.read_head()
    talk.drip(b"HTTP/1.1 100 Continue\r\n\r\n")


@both_contracts
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(drip_headers, id="one byte of a header"),
        pytest.param(drip_header_lines, id="one header after the other"),
        pytest.param(drip_body, id="one byte of the body"),
        pytest.param(drip_chunks, id="one chunk after the other"),
        pytest.param(drip_gzip_of_nothing, id="gzip that unpacks to nothing"),
        pytest.param(endless_continue, id="100 Continue again and again"),
    ],
)
def test_drip_ends_at_the_deadline(wire: Wire, script: Callable[[Talk], None]) -> None:
    wire.limits = WireLimits(connect_s=5, silence_s=5, whole_s=0.7)
    with ScriptedServer(script) as server:
        started = time.monotonic()
        error = fails(wire, AnswerTimedOut, server.base_url)
        took = time.monotonic() - started
    assert isinstance(error, AnswerTimedOut)
    assert error.limit_s == 0.7
    assert took < 3
    assert not wire.records[0].complete
    assert wire.records[0].sent


def hang_at_once(talk: Talk) -> None:
    talk.hang()


def hang_in_headers(talk: Talk) -> None:
    talk.read_head()
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: app")
    talk.hang()


def hang_in_body(talk: Talk) -> None:
    talk.read_head()
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<Access_Token>")
    talk.hang()


@both_contracts
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(hang_at_once, id="before the first byte"),
        pytest.param(hang_in_headers, id="in the headers"),
        pytest.param(hang_in_body, id="in the body"),
    ],
)
def test_silence(wire: Wire, script: Callable[[Talk], None]) -> None:
    wire.limits = WireLimits(connect_s=5, silence_s=0.3, whole_s=10)
    with ScriptedServer(script) as server:
        error = fails(wire, AnswerTimedOut, server.base_url)
    assert isinstance(error, AnswerTimedOut)
    assert error.limit_s == 0.3
    assert wire.records[0].duration_ms < 5000


# Cancelling


@both_contracts
def test_cancelled_before(wire: Wire) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    with ScriptedServer(wire.answer) as server:
        fails(wire, RequestCancelled, server.base_url, cancellation)
    assert server.connections == 0
    assert not wire.records[0].sent


@both_contracts
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(hang_at_once, id="before the first byte"),
        pytest.param(hang_in_headers, id="in the headers"),
        pytest.param(hang_in_body, id="in the body"),
        pytest.param(drip_body, id="while the body drips"),
    ],
)
def test_cancelled_is_prompt(wire: Wire, script: Callable[[Talk], None]) -> None:
    wire.limits = WireLimits(connect_s=30, silence_s=30, whole_s=60)
    cancellation = Cancellation()
    with ScriptedServer(script) as server:
        cancelled_at = []

        def cancel_when_there() -> None:
            assert server.arrived.wait(10)
            cancelled_at.append(time.monotonic())
            cancellation.cancel()

        calling_off = threading.Thread(target=cancel_when_there)
        calling_off.start()
        fails(wire, RequestCancelled, server.base_url, cancellation)
        returned_at = time.monotonic()
        calling_off.join()
    assert returned_at - cancelled_at[0] < 2
    assert not wire.records[0].complete


@both_contracts
def test_token_of_a_cancelled_answer_is_not_lost(wire: Wire) -> None:
    cancellation = Cancellation()

    def most_of_it(talk: Talk) -> None:
        talk.read_head()
        document = wire.spoken.document
        talk.send(f"HTTP/1.1 200 OK\r\nContent-Length: {len(document)}\r\n\r\n".encode() + document[:-3])
        cancellation.cancel()
        talk.hang()

    with ScriptedServer(most_of_it) as server:
        error = fails(wire, RequestCancelled, server.base_url, cancellation)
    # How much was read before the cancel is a race; a token that was read must be there.
    read = wire.records[0].response_body
    assert (error.issued is not None) == (len(read) >= wire.spoken.whole_token)


# Broken answers


def head_then(rest: bytes, *headers: str) -> Callable[[Talk], None]:
    def script(talk: Talk) -> None:
        talk.read_head()
        talk.send("\r\n".join(("HTTP/1.1 200 OK", *headers)).encode() + b"\r\n\r\n" + rest)

    return script


def reset_in_body(talk: Talk) -> None:
    talk.read_head()
    talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<Access_Token>")
    talk.reset()


def reset_in_headers(talk: Talk) -> None:
    talk.read_head()
    talk.send(b"HTTP/1.1 200 OK\r\nContent-")
    talk.reset()


def reset_at_once(talk: Talk) -> None:
    talk.read_head()
    talk.reset()


def raw(answer: bytes) -> Callable[[Talk], None]:
    def script(talk: Talk) -> None:
        talk.read_head()
        talk.send(answer)

    return script


CHUNKED = "Transfer-Encoding: chunked"


@both_contracts
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(reset_at_once, id="reset before the first byte"),
        pytest.param(reset_in_body, id="reset in the body"),
        pytest.param(raw(b""), id="closed without a word"),
        pytest.param(head_then(b"a" * 40, "Content-Length: 400"), id="shorter than Content-Length"),
        pytest.param(head_then(b"14\r\n<Acc", CHUNKED), id="cut off in a chunk"),
        pytest.param(head_then(b"4\r\n<Acc\r\n", CHUNKED), id="cut off between chunks"),
    ],
)
def test_cut_off(wire: Wire, script: Callable[[Talk], None]) -> None:
    with ScriptedServer(script) as server:
        error = fails(wire, AnswerCutOff, server.base_url)
    assert isinstance(error, AnswerCutOff)
    assert error.received_bytes == len(wire.records[0].response_body)
    assert not wire.records[0].complete


@both_contracts
def test_reset_in_headers(wire: Wire) -> None:
    # Depending on which packet is seen first, the headers end early or the connection does.
    with ScriptedServer(reset_in_headers) as server, pytest.raises(WireError) as caught:
        wire.exchange(server.base_url)
    assert len(wire.records) == 1
    assert secrets_in(words_of(caught.value)) == []


@both_contracts
def test_cut_off_after_the_token_still_tells_it(wire: Wire) -> None:
    document, end = wire.spoken.document, wire.spoken.whole_token
    with ScriptedServer(head_then(document[:end], f"Content-Length: {len(document)}")) as server:
        error = fails(wire, AnswerCutOff, server.base_url)
    assert error.issued is not None
    assert error.issued.token == ACCESS_TOKEN


LONG_HEADER = b"X-Bomb: " + b"a" * 200_000 + b"\r\n"


@both_contracts
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(raw(b"SSH-2.0-OpenSSH_9.6\r\n"), id="SSH"),
        pytest.param(raw(b"\x16\x03\x01\x00\xa5\x01\x00\x00"), id="TLS on the plain port"),
        pytest.param(raw(b"220 mail ESMTP\r\n"), id="SMTP"),
        pytest.param(raw(b"HTTP/1.1 xyz OK\r\n\r\n"), id="status that is no number"),
        pytest.param(raw(b"HTTP/1.1 99999 OK\r\n\r\n"), id="status of five digits"),
        pytest.param(raw(DOCUMENT), id="a body and no head"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\n" + LONG_HEADER + b"\r\n"), id="one header of 200 kB"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\n" + b"X-Bomb: a\r\n" * 5000 + b"\r\n"), id="5000 headers"),
        pytest.param(raw(b"HTTP/1.1 200 " + b"O" * 200_000 + b"\r\n\r\n"), id="reason of 200 kB"),
        pytest.param(head_then(DOCUMENT, "Content-Encoding: gzip"), id="not gzip"),
        pytest.param(head_then(gzip.compress(DOCUMENT)[:10] + b"wrong" * 20, "Content-Encoding: gzip"), id="bad gzip"),
        pytest.param(head_then(DOCUMENT, "Content-Encoding: " + ", ".join(["gzip"] * 50)), id="50 times gzip"),
        pytest.param(head_then(b"zz\r\n<Acc\r\n0\r\n\r\n", CHUNKED), id="chunk size that is no number"),
        pytest.param(head_then(b"-5\r\n<Acc\r\n0\r\n\r\n", CHUNKED), id="negative chunk size"),
    ],
)
def test_not_http(wire: Wire, script: Callable[[Talk], None]) -> None:
    with ScriptedServer(script) as server, pytest.raises((AnswerNotHttp, AnswerCutOff)) as caught:
        wire.exchange(server.base_url)
    assert wire.records[0].failure == type(caught.value).__name__
    assert caught.value.exchange is wire.records[0]
    assert not wire.records[0].complete
    assert secrets_in(words_of(caught.value)) == []


@both_contracts
def test_gzip_although_not_asked_for(wire: Wire) -> None:
    packed = gzip.compress(wire.spoken.document)
    with ScriptedServer(head_then(packed, "Content-Encoding: gzip", f"Content-Length: {len(packed)}")) as server:
        assert wire.exchange(server.base_url).raw == wire.spoken.document


@both_contracts
def test_document_in_small_chunks(wire: Wire) -> None:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in wire.spoken.document) + b"0\r\nX-Trailer: a\r\n\r\n"
    with ScriptedServer(head_then(chunks, CHUNKED)) as server:
        assert wire.exchange(server.base_url).raw == wire.spoken.document


@both_contracts
def test_document_that_ends_with_the_connection(wire: Wire) -> None:
    with ScriptedServer(head_then(wire.spoken.document)) as server:
        assert wire.exchange(server.base_url).raw == wire.spoken.document


FIVE_MB = b" " * (5 * 1024 * 1024)
BOMB = gzip.compress(b" " * (200 * 1024 * 1024), compresslevel=1)


@both_contracts
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(head_then(FIVE_MB, f"Content-Length: {len(FIVE_MB)}"), id="5 MB"),
        pytest.param(head_then(FIVE_MB), id="5 MB without a length"),
        pytest.param(head_then(b"500000\r\n" + FIVE_MB + b"\r\n0\r\n\r\n", CHUNKED), id="5 MB in one chunk"),
        pytest.param(head_then(BOMB, "Content-Encoding: gzip"), id="200 MB in gzip"),
    ],
)
def test_too_large(wire: Wire, script: Callable[[Talk], None]) -> None:
    with ScriptedServer(script) as server:
        error = fails(wire, AnswerTooLarge, server.base_url)
    assert isinstance(error, AnswerTooLarge)
    assert len(wire.records[0].response_body) == error.limit_bytes == 1024 * 1024


# Redirects


@both_contracts
@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
)
def test_redirect_is_not_followed(wire: Wire, status: str) -> None:
    with ScriptedServer(wire.answer) as other:

        def script(talk: Talk) -> None:
            talk.answer(b"elsewhere", status=status, headers=(f"Location: {other.base_url}/x?client_secret=y",))

        with ScriptedServer(script) as server:
            error = fails(wire, AnswerRedirects, server.base_url)
    assert isinstance(error, AnswerRedirects)
    assert (error.status, error.location_host) == (int(status[:3]), f"127.0.0.1:{other.port}")
    assert other.connections == 0
    assert wire.records[0].response_body == b"elsewhere"


@both_contracts
@pytest.mark.parametrize(
    "location",
    [
        pytest.param("http://[::1/", id="no URL"),
        pytest.param("/relative", id="relative"),
        pytest.param("", id="empty"),
        pytest.param(f"https://{CONSUMER_SECRET}.invalid/", id="the secret as a host name"),
        pytest.param(f"https://{CONSUMER_SECRET.lower()}.invalid/", id="the secret in lower case"),
        pytest.param("https://user:pass@host.invalid/", id="credentials"),
        pytest.param("javascript:alert(1)", id="no http"),
        pytest.param("https://" + "a" * 5000, id="long"),
    ],
)
def test_hostile_location(wire: Wire, location: str) -> None:
    with ScriptedServer(
        lambda talk: talk.answer(b"", status="302 Found", headers=(f"Location: {location}",))
    ) as server:
        error = fails(wire, AnswerRedirects, server.base_url)
    assert isinstance(error, AnswerRedirects)
    assert "pass" not in repr(error)
    assert len(error.location_host) <= 260


@both_contracts
def test_redirect_with_a_huge_body(wire: Wire) -> None:
    with ScriptedServer(lambda talk: talk.answer(FIVE_MB, status="302 Found", headers=("Location: /x",))) as server:
        fails(wire, AnswerTooLarge, server.base_url)


# Proxies. Loopback hosts never get one, so the target has a name that is no loopback's.

TARGET = "concur.invalid"


@both_contracts
def test_proxy_refuses_the_tunnel(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    for status in ("403 Forbidden", "407 Proxy Authentication Required", "502 Bad Gateway"):
        wire.records.clear()
        with ScriptedServer(partial(Talk.answer, body=b"no", status=status)) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", f"http://user:ProxyPassw0rd@127.0.0.1:{proxy.port}")
            error = fails(wire, ProxyFailed, f"https://{TARGET}")
        assert isinstance(error, ProxyFailed)
        assert (error.status, error.proxy) == (int(status[:3]), f"127.0.0.1:{proxy.port}")
        assert proxy.requests[0].startswith(f"CONNECT {TARGET}:443 ".encode())
        assert secrets_in(proxy.requests[0].decode()) == []
        assert "ProxyPassw0rd" not in words_of(error)
        assert not wire.records[0].sent


@both_contracts
@pytest.mark.parametrize(
    ("variable", "prefix"),
    [
        pytest.param("HTTP_PROXY", "http://", id="with scheme"),
        pytest.param("HTTP_PROXY", "", id="without scheme"),
        pytest.param("HTTP_PROXY", "http://user:ProxyPassw0rd@", id="with credentials"),
        pytest.param("ALL_PROXY", "http://", id="for all"),
    ],
)
def test_proxy_wants_credentials(wire: Wire, monkeypatch: pytest.MonkeyPatch, variable: str, prefix: str) -> None:
    # The lower-case spelling: the upper-case HTTP_PROXY is ignored where CGI may have set it.
    with ScriptedServer(lambda talk: talk.answer(b"who?", status="407 Proxy Authentication Required")) as proxy:
        monkeypatch.setenv(variable.lower(), f"{prefix}127.0.0.1:{proxy.port}")
        error = fails(wire, ProxyFailed, f"http://{TARGET}")
    assert isinstance(error, ProxyFailed)
    assert (error.status, error.proxy) == (407, f"127.0.0.1:{proxy.port}")
    assert "ProxyPassw0rd" not in words_of(error)


@both_contracts
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxy_not_reachable(wire: Wire, monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        name = f"127.0.0.1:{bound.getsockname()[1]}"
        monkeypatch.setenv("all_proxy", f"http://{name}")
        error = fails(wire, ProxyFailed, f"{scheme}://{TARGET}")
    assert isinstance(error, ProxyFailed)
    assert (error.status, error.proxy, error.trouble) == (None, name, ProxyTrouble.REFUSED)


@pytest.mark.parametrize(
    ("proxy", "trouble"),
    [
        pytest.param("http://", ProxyTrouble.SETTING_UNREADABLE, id="no host"),
        pytest.param("http://[::1", ProxyTrouble.SETTING_UNREADABLE, id="no URL"),
        pytest.param("http://host:port", ProxyTrouble.SETTING_UNREADABLE, id="port is no number"),
        pytest.param("socks5://127.0.0.1:9", ProxyTrouble.KIND_UNKNOWN, id="SOCKS"),
        pytest.param("http://nowhere.invalid:8080", ProxyTrouble.NOT_FOUND, id="name does not resolve"),
        pytest.param("ftp://127.0.0.1:9", ProxyTrouble.KIND_UNKNOWN, id="unknown kind"),
    ],
)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxy_setting_is_broken(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, proxy: str, trouble: ProxyTrouble, scheme: str
) -> None:
    monkeypatch.setenv("all_proxy", proxy)
    error = fails(wire, ProxyFailed, f"{scheme}://{TARGET}")
    assert isinstance(error, ProxyFailed)
    assert error.trouble is trouble


def test_proxy_never_answers_the_tunnel(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    wire.limits = WireLimits(connect_s=0.3, silence_s=5, whole_s=10)
    with ScriptedServer(hang_at_once) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        with pytest.raises((ConnectTimedOut, ProxyFailed)) as caught:
            wire.exchange(f"https://{TARGET}")
    assert wire.records[0].failure == type(caught.value).__name__
    assert wire.records[0].duration_ms < 5000


@both_contracts
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.0.0.2", "LOCALHOST"])
def test_no_proxy_for_loopback(wire: Wire, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    with ScriptedServer(wire.answer) as proxy, ScriptedServer(wire.answer) as server:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        if host == "127.0.0.2":  # not served everywhere; what counts is that the proxy is not asked
            with socket.socket() as bound:
                bound.bind(("127.0.0.1", 0))
                with pytest.raises(WireError):
                    wire.exchange(f"http://{host}:{bound.getsockname()[1]}")
        else:
            assert wire.exchange(f"http://{host}:{server.port}").token == ACCESS_TOKEN
    assert proxy.connections == 0


# What the machine must not add


@both_contracts
def test_netrc_is_not_used(wire: Wire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = "default login netrcuser password NetrcPassw0rd\n"
    for name in (".netrc", "_netrc", "own-netrc"):
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "own-netrc"))
    with ScriptedServer(wire.answer) as server:
        wire.exchange(server.base_url)
    assert b"uthorization" not in server.requests[0]
    with ScriptedServer(lambda talk: talk.answer(b"", status="302 Found", headers=("Location: /x",))) as server:
        wire.records.clear()
        fails(wire, AnswerRedirects, server.base_url)


def test_request_on_the_wire(wire: Wire, application: Application) -> None:
    with ScriptedServer(lambda talk: talk.answer(b"")) as server:
        LegacyContract().revoke(wire.transport, application, wire.token(server.base_url))
    head = server.requests[0].decode()
    assert head.startswith("POST /net2/oauth2/revoketoken.ashx?token=Canary%2BAcc%2Fess0kJ7hG5fD3sA1%3D HTTP/1.1\r\n")
    assert head.endswith("\r\n\r\n")
    lines = [line.lower() for line in head.split("\r\n")]
    assert "content-length: 0" in lines
    assert f"authorization: OAuth {ACCESS_TOKEN}".lower() in lines
    assert "accept: application/xml" in lines
    assert not any(line.startswith(("transfer-encoding", "cookie", "content-type")) for line in lines)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(f"{ACCESS_TOKEN}\r\nX-Evil: 1", id="line break"),
        pytest.param(f" {ACCESS_TOKEN}é€", id="not Latin-1"),
        pytest.param(f"{ACCESS_TOKEN}\ud800", id="half a character"),
    ],
)
def test_token_that_no_header_can_carry(wire: Wire, token: str) -> None:
    with ScriptedServer(lambda talk: talk.answer(b"")) as server, pytest.raises(RequestUnsendable) as caught:
        LegacyContract().probe(wire.transport, LiveToken(token, None, server.base_url, None))
    assert server.requests in ([], [b""])
    assert wire.records[0].failure == "RequestUnsendable"
    assert secrets_in(words_of(caught.value)) == []


@both_contracts
def test_record_comes_before_the_error(wire: Wire) -> None:
    with ScriptedServer(lambda talk: talk.answer(b"<html>", status="503 Busy")) as server:
        with pytest.raises(ConcurFailed) as caught:
            wire.exchange(server.base_url)
        assert [record.status for record in wire.records] == [503]
    # The answer came whole: what it says is judged after it was recorded.
    assert wire.records[0].failure is None
    assert caught.value.exchange is wire.records[0]


@both_contracts
def test_one_transport_in_many_threads(wire: Wire) -> None:
    outcomes: list[str] = []
    with ScriptedServer(wire.answer) as server:
        callers = [
            threading.Thread(target=lambda: outcomes.append(wire.exchange(server.base_url).token)) for _ in range(8)
        ]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join(20)
    assert outcomes == [ACCESS_TOKEN] * 8
    assert len(wire.records) == 8
