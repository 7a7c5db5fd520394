from __future__ import annotations

import contextlib
import errno
import os
import socket
import threading
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Self

import psutil
import pytest

from gui.loopback.errors import LoopbackUnavailable, PortInUse
from gui.loopback.http import Delivery, Ending, Request, Response
from gui.loopback.link import LinkLimits
from gui.loopback.server import Contact, Limits, LoopbackServer
from tests.flow.open_files import no_file_left
from tests.flow.raw_client import (
    PATIENCE_S,
    Inbox,
    ask,
    connect,
    exchange_raw,
    no_thread_left,
    parse_answer,
    read_to_end,
    request,
    reset,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUICK = Limits(link=LinkLimits(deadline_s=0.4, slow_answer_s=0.6, drain_s=0.2))


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    with no_thread_left():
        yield


class Served:
    """A server whose handler answers from a function, with everything it reports in inboxes."""

    def __init__(self, answer: Callable[[Request], Response] | Response, limits: Limits | None = None) -> None:
        self.requests: Inbox[Request] = Inbox()
        self.contacts: Inbox[Contact] = Inbox()
        self.faults: Inbox[Exception] = Inbox()
        self._answer = answer
        self.server = LoopbackServer(
            self._handle, port=0, limits=limits, on_contact=self.contacts.put, on_fault=self.faults.put
        )

    def _handle(self, asked: Request) -> Response:
        self.requests.put(asked)
        return self._answer if isinstance(self._answer, Response) else self._answer(asked)

    def __enter__(self) -> Self:
        self.server.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.server.stop()

    @property
    def port(self) -> int:
        return self.server.port

    def still_serves(self) -> None:
        assert ask(self.port, request("/alive", self.port)).status == 200


def hello() -> Served:
    return Served(Response(200, body=b"hello"))


@contextlib.contextmanager
def taken(*addresses: str) -> Iterator[int]:
    """Listen on some loopback addresses, all on one port that is free on both."""
    with LoopbackServer(lambda _request: Response(200), port=0) as draw:
        port = draw.port
    with contextlib.ExitStack() as stack:
        for address in addresses:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            listener = stack.enter_context(socket.socket(family, socket.SOCK_STREAM))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, port))
            listener.listen()
        yield port


def server_on(port: int) -> LoopbackServer:
    return LoopbackServer(lambda _request: Response(200, body=b"hello"), port=port)


# The port


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(("127.0.0.1", "::1"), id="both"),
        pytest.param(("127.0.0.1",), id="IPv4"),
        pytest.param(("::1",), id="IPv6"),
    ],
)
def test_port_in_use_names_addresses_and_holder(addresses: tuple[str, ...]) -> None:
    with taken(*addresses) as port:
        server = server_on(port)
        with pytest.raises(PortInUse) as caught:
            server.start()
        assert (caught.value.port, caught.value.addresses) == (port, addresses)
        own = f"{psutil.Process().name()} (process {os.getpid()})"
        assert caught.value.holder == own or (caught.value.holder is None and not psutil.LINUX)
        assert (server.port, server.addresses) == (0, ())
    with server:  # nothing of the failed start is left, so it may be tried again
        assert ask(port, request("/", port)).body == b"hello"


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_port_of_a_server_on_every_address_is_in_use(address: str) -> None:
    if not psutil.LINUX:
        pytest.skip("other systems let a loopback address and every address share a port")
    with taken(address) as port, pytest.raises(PortInUse):
        server_on(port).start()


def test_port_0_draws_one_port_for_both_families() -> None:
    with hello() as served:
        assert served.server.addresses == ("127.0.0.1", "::1")
        assert served.port >= 1024
        for address in served.server.addresses:
            assert ask(served.port, request("/", served.port), address).body == b"hello"
        assert {asked.local_port for asked in served.requests.wait_for(2)} == {served.port}


def test_without_ipv6_the_other_family_serves_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.loopback.sockets.LOOPBACK_ADDRESSES", ("127.0.0.1", "2001:db8::1"))
    with hello() as served:
        assert served.server.addresses == ("127.0.0.1",)
        served.still_serves()


def test_no_loopback_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.loopback.sockets.LOOPBACK_ADDRESSES", ("192.0.2.1", "2001:db8::1"))
    with pytest.raises(LoopbackUnavailable):
        server_on(0).start()


@pytest.mark.parametrize("spare", range(5))
def test_no_file_left(spare: int) -> None:
    server = LoopbackServer(lambda _request: Response(200), port=0)
    with no_file_left(spare), pytest.raises(LoopbackUnavailable) as caught:
        server.start()
    assert caught.value.reason == os.strerror(errno.EMFILE)
    assert server.port == 0
    with server:  # nothing is left over of the first time
        assert server.port


def test_nothing_but_loopback_is_listened_on() -> None:
    with hello() as served:
        own = psutil.Process().net_connections("tcp")
        assert {entry.laddr.ip for entry in own if entry.laddr.port == served.port} == {"127.0.0.1", "::1"}


def test_start_again_while_started_changes_nothing() -> None:
    with hello() as served:
        port = served.port
        served.server.start()
        assert served.port == port
        served.still_serves()


def test_restart_on_the_same_port_at_once() -> None:
    with hello() as served:
        port = served.port
        served.still_serves()
    for _ in range(20):
        with server_on(port):
            assert ask(port, request("/", port)).status == 200


# Stopping


def test_stop_is_idempotent_and_lets_go() -> None:
    served = hello()
    served.server.stop()
    with served:
        port = served.port
    served.server.stop()
    assert (served.port, served.server.addresses) == (0, ())
    for address in ("127.0.0.1", "::1"):
        with pytest.raises(ConnectionRefusedError):
            connect(port, address)


def test_stop_from_the_handlers_thread_delivers_the_answer_and_may_be_followed_by_a_start() -> None:
    def stop_and_answer(_request: Request) -> Response:
        served.server.stop()
        return Response(200, body=b"last words")

    served = Served(stop_and_answer)
    with served:
        assert ask(served.port, request("/", served.port)).body == b"last words"
        served.server.start()
        assert ask(served.port, request("/", served.port)).body == b"last words"


def test_every_stop_waits_for_the_end() -> None:
    inside, go_on = threading.Event(), threading.Event()

    def wait_inside(_request: Request) -> Response:
        inside.set()
        served.server.stop()  # told from its own thread: cannot wait
        go_on.wait(PATIENCE_S)
        return Response(200)

    served = Served(wait_inside)
    served.server.start()
    port = served.port
    with connect(port) as client:
        client.sendall(request("/", port))
        assert inside.wait(PATIENCE_S)
        stops = [threading.Thread(target=served.server.stop) for _ in range(2)]
        for stop in stops:
            stop.start()
        assert all(stop.is_alive() for stop in stops)
        go_on.set()
        for stop in stops:
            stop.join(PATIENCE_S)
            assert not stop.is_alive()
        with server_on(port):
            pass


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="silent"),
        pytest.param(b"GET / HT", id="half a request line"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc", id="half a body"),
    ],
)
def test_stop_ends_open_connections(sent: bytes) -> None:
    with hello() as served, connect(served.port) as client:
        client.sendall(sent)
        served.still_serves()  # so the one before is accepted
        served.server.stop()
        assert read_to_end(client) == b""


def test_stop_ends_an_answer_that_is_held_back() -> None:
    with Served(Response(200, delivery=Delivery(never=True))) as served, connect(served.port) as client:
        client.sendall(request("/", served.port))
        served.requests.wait_for(1)
        served.server.stop()
        assert read_to_end(client) == b""


# Handlers


def test_a_handler_that_raises_is_500_and_the_server_lives() -> None:
    def fail(asked: Request) -> Response:
        if asked.path == "/fail":
            raise LookupError(asked.path)
        return Response(200)

    with Served(fail) as served:
        assert ask(served.port, request("/fail", served.port)).status == 500
        assert [type(fault) for fault in served.faults.entries] == [LookupError]
        served.still_serves()


@pytest.mark.parametrize(
    "response",
    [
        pytest.param(Response(200, (("X", "é"),)), id="header outside ASCII"),
        pytest.param(Response(200, (("X", "a\r\nSet-Cookie: b"),)), id="line end in a header"),
        pytest.param(Response(200, (("X y", "a"),)), id="space in a header's name"),
        pytest.param(Response(200, (("", "a"),)), id="header without a name"),
        pytest.param(Response(200, (("X:", "a"),)), id="colon in a header's name"),
        pytest.param(Response(200, (("Transfer-Encoding", "chunked"),)), id="another framing"),
        pytest.param(Response(42), id="no such status"),
        pytest.param(Response(100), id="interim status"),
        pytest.param(Response(204, body=b"x"), id="body that the status forbids"),
        pytest.param(Response(200, (("Content-Length", "99"),)), id="another length"),
    ],
)
def test_an_answer_that_cannot_be_sent_is_500_and_the_server_lives(response: Response) -> None:
    with Served(lambda asked: Response(200) if asked.path == "/alive" else response) as served:
        answer = ask(served.port, request("/", served.port))
        assert answer.status == 500
        assert "set-cookie" not in answer.headers
        assert len(served.faults.entries) == 1
        served.still_serves()


def test_a_raising_on_contact_is_a_fault_and_the_server_lives() -> None:
    faults: Inbox[Exception] = Inbox()

    def fail(contact: Contact) -> None:
        raise LookupError(contact)

    with LoopbackServer(lambda _r: Response(200), port=0, on_contact=fail, on_fault=faults.put) as server:
        exchange_raw(server.port, b"\x16\x03\x01")
        exchange_raw(server.port, b"GET /half")
        assert len(faults.wait_for(2)) == 2
        assert ask(server.port, request("/", server.port)).status == 200


def test_what_the_handler_sees() -> None:
    with hello() as served:
        raw = request("/a%20b?c=d", served.port, "X-Odd: caf\xe9", "X-Odd: 2", "Content-Length: 3", method="POST")
        ask(served.port, raw + b"xyz")
        asked = served.requests.wait_for(1)[0]
        assert (asked.method, asked.target, asked.path, asked.query) == ("POST", "/a%20b?c=d", "/a%20b", "c=d")
        assert (asked.authority, asked.body) == (None, b"xyz")
        assert asked.header_values("x-odd") == ("caf\xe9", "2")
        assert "c=d" not in repr(asked)


def test_head_has_the_headers_and_no_body() -> None:
    with hello() as served:
        answer = ask(served.port, request("/", served.port, method="HEAD"))
        assert (answer.headers["content-length"], answer.body) == ("5", b"")


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_a_body_names_no_length(status: int) -> None:
    with Served(Response(status)) as served:
        answer = ask(served.port, request("/", served.port))
        assert answer.status == status
        assert "content-length" not in answer.headers


def test_a_large_answer_arrives_whole_at_a_slow_reader() -> None:
    body = os.urandom(1024 * 1024)
    with Served(Response(200, body=body)) as served, connect(served.port) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)
        client.sendall(request("/", served.port))
        assert parse_answer(read_to_end(client)).body == body
        served.still_serves()


# Deliveries


def delivered(delivery: Delivery, body: bytes = b"0123456789") -> Served:
    return Served(lambda asked: Response(200, body=body, delivery=delivery if asked.path == "/" else Delivery()))


def test_delay_holds_one_answer_back_and_no_other() -> None:
    with delivered(Delivery(delay_s=0.5)) as served, connect(served.port) as client:
        started = time.monotonic()
        client.sendall(request("/", served.port))
        served.requests.wait_for(1)
        served.still_serves()
        assert parse_answer(read_to_end(client)).body == b"0123456789"
        assert time.monotonic() - started >= 0.5


def test_never_says_nothing_until_the_limit() -> None:
    with Served(Response(200, delivery=Delivery(never=True)), QUICK) as served:
        assert exchange_raw(served.port, request("/", served.port)) == b""


def test_after_bytes_and_close_ends_early() -> None:
    with delivered(Delivery(after_bytes=20)) as served, connect(served.port) as client:
        client.sendall(request("/", served.port))
        assert len(read_to_end(client)) == 20


def test_after_no_bytes_and_reset() -> None:
    with delivered(Delivery(after_bytes=0, ending=Ending.RESET)) as served, connect(served.port) as client:
        client.sendall(request("/", served.port))
        with pytest.raises(ConnectionResetError):
            read_to_end(client)
        served.still_serves()


def test_drip_arrives_whole_and_slowly() -> None:
    with delivered(Delivery(bytes_per_s=500)) as served, connect(served.port) as client:
        started = time.monotonic()
        client.sendall(request("/", served.port))
        answer = parse_answer(read_to_end(client))
        assert answer.body == b"0123456789"
        assert time.monotonic() - started >= (len(answer.raw) - 50) / 500


def test_after_a_drip_the_loop_rests() -> None:
    with delivered(Delivery(bytes_per_s=20_000)) as served, connect(served.port) as client:
        client.sendall(request("/", served.port))
        read_to_end(client)
        before = time.process_time()
        threading.Event().wait(0.4)  # the client stays, so the server drains
        assert time.process_time() - before < 0.2


@pytest.mark.parametrize("rate", [0, -1.0])
def test_a_drip_at_no_rate_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match=str(rate)):
        Delivery(bytes_per_s=rate)


@pytest.mark.parametrize(
    "delivery",
    [
        pytest.param(Delivery(delay_s=0.2), id="delay"),
        pytest.param(Delivery(bytes_per_s=500), id="drip"),
        pytest.param(Delivery(never=True), id="never"),
    ],
)
@pytest.mark.parametrize("leave", [pytest.param(reset, id="reset"), pytest.param(socket.socket.close, id="close")])
def test_a_client_that_leaves_a_slow_answer_harms_nobody(
    delivery: Delivery, leave: Callable[[socket.socket], None]
) -> None:
    with delivered(delivery) as served:
        client = connect(served.port)
        client.sendall(request("/", served.port))
        served.requests.wait_for(1)
        leave(client)
        served.still_serves()


# HTTP as it comes


def test_byte_by_byte() -> None:
    with hello() as served, connect(served.port) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in request("/a?b=c", served.port, "Content-Length: 2", method="POST", body=b"xy"):
            client.sendall(bytes([byte]))
        assert parse_answer(read_to_end(client)).body == b"hello"
        assert served.requests.wait_for(1)[0].body == b"xy"


def test_expect_continue_is_answered_before_the_body() -> None:
    with hello() as served, connect(served.port) as client:
        client.sendall(request("/", served.port, "Expect: 100-continue", "Content-Length: 3", method="POST"))
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"abc")
        assert parse_answer(read_to_end(client)).status == 200
        assert served.requests.wait_for(1)[0].body == b"abc"


def test_chunked_body() -> None:
    with hello() as served:
        raw = request(
            "/", served.port, "Transfer-Encoding: chunked", method="POST", body=b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
        )
        assert ask(served.port, raw).status == 200
        assert served.requests.wait_for(1)[0].body == b"abcde"


@pytest.mark.parametrize(
    ("target", "authority"),
    [
        pytest.param("http://localhost:1/a?b=c", "localhost:1", id="absolute form"),
        pytest.param("HTTP://evil.example/a?b=c", "evil.example", id="foreign authority"),
        pytest.param("/a?b=c", None, id="origin form"),
    ],
)
def test_target_forms(target: str, authority: str | None) -> None:
    with hello() as served:
        assert ask(served.port, request(target, served.port)).status == 200
        asked = served.requests.wait_for(1)[0]
        assert (asked.authority, asked.path, asked.query) == (authority, "/a", "b=c")


def test_absolute_form_without_a_path() -> None:
    with hello() as served:
        ask(served.port, request("http://localhost:1?b=c", served.port))
        asked = served.requests.wait_for(1)[0]
        assert (asked.authority, asked.path, asked.query) == ("localhost:1", "/", "b=c")


def test_http_1_0_with_a_host() -> None:
    with hello() as served:
        assert ask(served.port, b"GET / HTTP/1.0\r\nHost: a\r\n\r\n").status == 200


def headers_of(total_bytes: int, count: int) -> list[str]:
    return [f"X-{number:03}: {'a' * (total_bytes // count - 9)}" for number in range(count)]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([f"Cookie: a={'b' * 16 * 1024}"], id="cookie of 16 KiB"),
        pytest.param(headers_of(64 * 1024, 20), id="64 KiB of headers"),
        pytest.param(headers_of(4096, 120), id="120 headers"),
    ],
)
def test_large_heads_are_served(headers: list[str]) -> None:
    with hello() as served:
        assert ask(served.port, request("/", served.port, *headers)).status == 200


OUT_OF_BOUNDS = [
    pytest.param(["GET / HTTP/1.1", "Host: a", *headers_of(100 * 1024, 20)], 431, id="100 KiB of headers"),
    pytest.param(["GET / HTTP/1.1", "Host: a", *headers_of(125 * 1024, 20)], 431, id="125 KiB, two pieces"),
    pytest.param(["GET / HTTP/1.1", "Host: a", *headers_of(900 * 1024, 20)], 431, id="900 KiB of headers"),
    pytest.param(["GET / HTTP/1.1", "Host: a", *headers_of(4096, 129)], 431, id="129 headers"),
    pytest.param(["HEAD / HTTP/1.1", "Host: a", *headers_of(4096, 129)], 431, id="129 headers on HEAD"),
    pytest.param(["GET /" + "a" * 33 * 1024 + " HTTP/1.1", "Host: a"], 414, id="long request line"),
    pytest.param(["GET /" + "a" * 500 * 1024], 414, id="request line without an end"),
    pytest.param(["G" * 500 * 1024], 414, id="method without an end"),
    pytest.param(["POST / HTTP/1.1", "Host: a", "Content-Length: 900000", "", "b" * 900_000], 413, id="large body"),
]


@pytest.mark.parametrize(("lines", "status"), OUT_OF_BOUNDS)
def test_out_of_bounds_is_answered_in_full(lines: list[str], status: int) -> None:
    with hello() as served:
        answer = ask(served.port, "\r\n".join([*lines, "", ""]).encode())  # a reset would raise here
        assert answer.status == status
        assert served.contacts.entries == [Contact.OUT_OF_BOUNDS]
        assert served.requests.entries == []
        served.still_serves()


NOT_HTTP = [
    pytest.param(b"GET /\r\n\r\n", id="HTTP/0.9"),
    pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="no Host"),
    pytest.param(b"GET / HTTP/1.0\r\n\r\n", id="HTTP/1.0 without Host"),
    pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", id="two Hosts"),
    pytest.param(b"HEAD / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", id="two Hosts on HEAD"),
    pytest.param(b"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", id="two Hosts, HTTP/1.0"),
    pytest.param(b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", id="HTTP/2.0"),
    pytest.param(b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", id="HTTP/9.9"),
    pytest.param(b"GET / http/1.1\r\nHost: a\r\n\r\n", id="protocol in small letters"),
    pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", id="HTTP/2 preface"),
    pytest.param(b"GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", id="fragment in the target"),
    pytest.param(b"GET /\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", id="byte outside ASCII in the target"),
    pytest.param(b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", id="two spaces"),
    pytest.param(b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", id="space before the colon"),
    pytest.param(b"GET / HTTP/1.1\r\n Host: a\r\n\r\n", id="folded first header"),
    pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n", id="NUL in a header"),
    pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nX\xe9: 1\r\n\r\n", id="header name outside ASCII"),
    pytest.param(
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        id="TE and CL",
    ),
    pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", id="negative length"),
    pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", id="two lengths"),
    pytest.param(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", id="unknown transfer coding"),
    pytest.param(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="bad chunk"),
    pytest.param(b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", id="empty line first"),
    pytest.param(b"\x00\x01\x02", id="binary"),
    pytest.param(b"\x80\x2e\x01\x03\x01", id="old TLS hello"),
    pytest.param(b" GET / HTTP/1.1\r\nHost: a\r\n\r\n", id="space first"),
    pytest.param(b"SSH-2.0-OpenSSH_9.9\r\n\r\n", id="SSH"),
]


@pytest.mark.parametrize("raw", NOT_HTTP)
def test_not_http_is_400_at_once_and_no_request(raw: bytes) -> None:
    with hello() as served:
        assert ask(served.port, raw).status == 400
        assert served.contacts.entries == [Contact.NOT_HTTP]
        assert served.requests.entries == []
        assert served.faults.entries == []
        served.still_serves()


@pytest.mark.parametrize("hello_bytes", [b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500)])
def test_tls_is_reported_and_told_so_in_its_own_words(hello_bytes: bytes) -> None:
    with hello() as served:
        alert = exchange_raw(served.port, hello_bytes)
        assert (alert[0], alert[5], len(alert)) == (0x15, 2, 7)  # a fatal alert
        assert served.contacts.entries == [Contact.TLS_ATTEMPT]
        served.still_serves()


@pytest.mark.parametrize("size", [10, 10_000, 900_000])
def test_a_body_nobody_asked_for_is_answered_and_drained(size: int) -> None:
    with hello() as served, connect(served.port) as client:
        client.sendall(request("/", served.port, f"Content-Length: {size}"))
        client.sendall(b"x" * size)
        assert parse_answer(read_to_end(client)).body == b"hello"


def test_a_second_request_on_the_connection_is_ignored() -> None:
    with hello() as served:
        answer = ask(served.port, request("/1", served.port) + request("/2", served.port))
        assert answer.raw.count(b"HTTP/1.1") == 1
        assert answer.headers["connection"] == "close"
        assert [asked.path for asked in served.requests.entries] == ["/1"]


# Clients that take their time, and many of them


def test_slow_clients_are_cut_and_told_so() -> None:
    with Served(Response(200), QUICK) as served, connect(served.port) as silent, connect(served.port) as partial:
        partial.sendall(b"GET / HTTP/1.1\r\nHost:")
        assert read_to_end(silent) == b""
        assert parse_answer(read_to_end(partial)).status == 408
        assert served.contacts.wait_for(1) == [Contact.TOO_SLOW]


def test_a_client_that_trickles_is_cut_all_the_same() -> None:
    with Served(Response(200), QUICK) as served, connect(served.port) as client:
        cut = threading.Event()

        def trickle() -> None:
            with contextlib.suppress(OSError):
                while not cut.wait(0.05):
                    client.sendall(b"G")

        trickler = threading.Thread(target=trickle)
        trickler.start()
        try:
            assert parse_answer(read_to_end(client)).status == 408
            trickler.join(PATIENCE_S)  # the socket is really closed: sending fails
            assert not trickler.is_alive()
        finally:
            cut.set()
            trickler.join()


def test_at_the_cap_the_oldest_goes() -> None:
    limits = Limits(link=LinkLimits(links=4))
    with Served(Response(200), limits) as served, contextlib.ExitStack() as stack:
        held = [stack.enter_context(connect(served.port)) for _ in range(4)]
        served.still_serves()
        assert read_to_end(held[0]) == b""
        for later in held[1:]:
            later.sendall(request("/", served.port))
            assert parse_answer(read_to_end(later)).status == 200


def test_200_half_open_requests_take_no_thread_and_nobodys_turn() -> None:
    with hello() as served, contextlib.ExitStack() as stack:
        threads = threading.active_count()
        for _ in range(200):
            stack.enter_context(connect(served.port)).sendall(b"GET / HTTP/1.1\r\nHost")
        served.still_serves()
        assert threading.active_count() == threads


@pytest.mark.parametrize(
    "leave",
    [
        pytest.param(reset, id="reset"),
        pytest.param(socket.socket.close, id="close"),
        pytest.param(lambda sock: sock.shutdown(socket.SHUT_WR), id="half-close"),
        pytest.param(lambda _sock: None, id="idle"),
    ],
)
@pytest.mark.parametrize("sent", [pytest.param(b"", id="nothing sent"), pytest.param(b"GET / HTT", id="half sent")])
def test_connections_that_come_to_nothing_harm_nobody(sent: bytes, leave: Callable[[socket.socket], None]) -> None:
    with hello() as served:
        for _ in range(5):
            with connect(served.port) as client:
                client.sendall(sent)
                leave(client)
                served.still_serves()


def test_a_half_closed_client_gets_its_answer() -> None:
    with hello() as served:
        assert parse_answer(exchange_raw(served.port, request("/", served.port))).body == b"hello"


@pytest.mark.parametrize(
    ("busy_s", "rests"),
    [pytest.param(0.0, True, id="long work"), pytest.param(60.0, False, id="a request now and then")],
)
def test_the_loop_rests_under_fire_only(monkeypatch: pytest.MonkeyPatch, busy_s: float, *, rests: bool) -> None:
    rested: list[float] = []
    clock = SimpleNamespace(monotonic=time.monotonic, sleep=rested.append)
    monkeypatch.setattr("gui.loopback.event_loop.time", clock)
    monkeypatch.setattr("gui.loopback.event_loop._BUSY_S", busy_s)
    with Served(Response(200, (), b"")) as served:
        for _ in range(5):
            ask(served.port, request("/", served.port))
    assert bool(rested) is rests
