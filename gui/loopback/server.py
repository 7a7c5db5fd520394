"""An HTTP/1.1 server for this machine only: a handler is a plain function from Request to Response.

`h11` reads the protocol, `response_head` writes it, `event_loop` keeps sockets and deadlines. One request for each
connection.
Nothing here writes a log: a request line can hold a request token.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

import h11

from gui.loopback.errors import LoopbackUnavailable
from gui.loopback.event_loop import EventLoop
from gui.loopback.http import Delivery, Request, Response
from gui.loopback.link import LinkLimits
from gui.loopback.response_head import head_of
from gui.loopback.sockets import bind_loopback

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from gui.concur.models import Headers
    from gui.loopback.link import Link

_TLS_HANDSHAKE = 0x16
_PRINTABLE = range(0x21, 0x7F)
_WITHOUT_BODY = {"GET", "HEAD", "DELETE", "OPTIONS"}
"""Answered as soon as the head is there: a body that nobody asked for is drained, never waited for."""
_HEAD_TOO_LARGE = 431
_LAST_RESORT = b"HTTP/1.1 500 \r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
"""For a handler's response that cannot be sent as HTTP."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one server."""

    request_line_bytes: int = 32 * 1024
    head_bytes: int = 96 * 1024
    """Request line and headers together; other apps on localhost leave large cookies."""
    header_count: int = 128
    body_bytes: int = 64 * 1024
    link: LinkLimits = field(default_factory=LinkLimits)


class Contact(Enum):
    """Something that came to the port and is no request."""

    TLS_ATTEMPT = "a browser insisted on https"
    NOT_HTTP = "not HTTP"
    OUT_OF_BOUNDS = "request too large"
    TOO_SLOW = "request did not come whole in time"


class LoopbackServer:
    """Serves `handler` on 127.0.0.1 and ::1 from a background thread.

    `handler` runs in that thread and must not wait. An exception in it is answered with 500 and handed to `on_fault`;
    `on_contact` hears of connections that brought no request, and what it raises goes to `on_fault` too. Both run in
    the server's thread; `on_fault` itself must not raise.
    """

    def __init__(
        self,
        handler: Callable[[Request], Response],
        *,
        port: int,
        limits: Limits | None = None,
        on_contact: Callable[[Contact], None] | None = None,
        on_fault: Callable[[Exception], None] | None = None,
        name: str = "loopback-server",
    ) -> None:
        self._handler = handler
        self._wanted_port = port
        self._limits = limits or Limits()
        self._on_contact = on_contact
        self._on_fault = on_fault or (lambda _error: None)
        self._name = name
        self._loop: EventLoop | None = None
        self.port = 0
        """The port that is listened on; 0 while stopped."""
        self.addresses: tuple[str, ...] = ()
        """Those of 127.0.0.1 and ::1 that are listened on."""

    def start(self) -> None:
        """Bind, listen, then start the thread. Raises ListenError; once this returns a request is served."""
        if self._loop is not None:
            if not self._loop.stopping:
                return
            self._loop.stop()  # stopped from a handler: its sockets may be open for a moment yet
        listeners = bind_loopback(self._wanted_port)
        try:
            self._loop = EventLoop(self._name, listeners, self._new_connection, self._limits.link)
        except OSError as error:  # out of files
            for listener in listeners:
                listener.close()
            raise LoopbackUnavailable(reason=error.strerror or type(error).__name__) from None
        self.port = listeners[0].getsockname()[1]
        self.addresses = tuple(_address(listener) for listener in listeners)
        self._loop.start()

    def stop(self) -> None:
        """Close the port and every connection, and end the thread. May be called any number of times, from anywhere.

        Once it returns the port is free; only in a handler it returns at once, and the port is free soon after.
        """
        loop = self._loop  # kept: whoever calls second waits for the end as well
        if loop is not None:
            loop.stop()
        self.port = 0
        self.addresses = ()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _new_connection(self, link: Link) -> _Connection:
        return _Connection(link, self._limits, self._answer, self._hear_of, self._on_fault)

    def _answer(self, request: Request) -> Response:
        try:
            return self._handler(request)
        except Exception as error:  # noqa: BLE001  # the loop outlives a fault in a handler
            self._on_fault(error)
            return _plain(500, "This is a fault of App Center Flow itself, not of your request.")

    def _hear_of(self, contact: Contact) -> None:
        if self._on_contact is None:
            return
        try:
            self._on_contact(contact)
        except Exception as error:  # noqa: BLE001  # the loop outlives a fault in a listener of contacts
            self._on_fault(error)


def _address(listener: socket.socket) -> str:
    return str(listener.getsockname()[0])


def _plain(status: int, text: str, headers: Headers = ()) -> Response:
    return Response(
        status,
        (
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            *headers,
        ),
        (text + "\n").encode(),
    )


class _Refused(Exception):
    """The request breaks a rule or a bound: what to answer."""

    def __init__(self, status: int, contact: Contact = Contact.NOT_HTTP) -> None:
        super().__init__(status)
        self.status = status
        self.contact = contact


class _Connection:
    """Reads one request, hands it over, writes one response."""

    def __init__(
        self,
        link: Link,
        limits: Limits,
        answer: Callable[[Request], Response],
        on_contact: Callable[[Contact], None],
        on_fault: Callable[[Exception], None],
    ) -> None:
        self._link = link
        self._limits = limits
        self._answer = answer
        self._on_contact = on_contact
        self._on_fault = on_fault
        self._wire = h11.Connection(h11.SERVER, max_incomplete_event_size=limits.head_bytes)
        self._line_bytes = 0
        self._line_complete = False
        self._received_bytes = 0
        self._head: h11.Request | None = None
        self._headers: Headers = ()
        self._body = bytearray()

    # What the loop calls

    def received(self, chunk: bytes) -> None:
        try:
            self._check_first_line(chunk)
            self._received_bytes += len(chunk)
            self._wire.receive_data(chunk)
            self._read_events()
        except _Refused as refusal:
            self._refuse(refusal)
        except h11.RemoteProtocolError as error:
            too_large = error.error_status_hint == _HEAD_TOO_LARGE
            self._refuse(_Refused(_HEAD_TOO_LARGE, Contact.OUT_OF_BOUNDS) if too_large else _Refused(400))

    def ended(self) -> None:
        if self._line_bytes:
            self._on_contact(Contact.NOT_HTTP)

    def expired(self) -> None:
        if self._line_bytes:  # a silent connection is a browser that opened one ahead
            self._refuse(_Refused(408, Contact.TOO_SLOW))

    # Reading

    def _check_first_line(self, chunk: bytes) -> None:
        if not self._line_bytes and chunk[0] == _TLS_HANDSHAKE:
            self._on_contact(Contact.TLS_ATTEMPT)
            self._link.answer(b"\x15\x03\x01\x00\x02\x02\x46", Delivery())  # fatal alert: protocol version
            return
        if not self._line_bytes and chunk[0] not in _PRINTABLE:
            raise _Refused(400)  # h11 would wait for the end of a line that never comes
        if not self._line_complete:
            end = chunk.find(b"\n")
            self._line_complete = end >= 0
            self._line_bytes += len(chunk) if end < 0 else end
            if self._line_bytes > self._limits.request_line_bytes:
                raise _Refused(414, Contact.OUT_OF_BOUNDS)

    def _read_events(self) -> None:
        while not self._link.has_answer():
            event = self._wire.next_event()
            if event is h11.NEED_DATA:
                if self._wire.they_are_waiting_for_100_continue:
                    self._link.urgent = self._wire.send(h11.InformationalResponse(status_code=100, headers=[])) or b""
                return
            if isinstance(event, h11.Request):
                self._take_head(event)
            elif isinstance(event, h11.Data):
                self._body += event.data
                if len(self._body) > self._limits.body_bytes:
                    raise _Refused(413, Contact.OUT_OF_BOUNDS)
            elif self._head is not None:  # end of message
                self._respond(self._head)
            else:
                return

    def _take_head(self, head: h11.Request) -> None:
        self._head = head
        lines = head.headers.raw_items()
        self._headers = tuple([(name.decode("ascii").lower(), value.decode("latin-1")) for name, value in lines])
        names = [name for name, _value in self._headers]
        if len(names) > self._limits.header_count or self._is_too_large(head):
            raise _Refused(_HEAD_TOO_LARGE, Contact.OUT_OF_BOUNDS)
        if names.count("host") != 1 or ("content-length" in names and "transfer-encoding" in names):
            raise _Refused(400)
        if not head.http_version.startswith(b"1.") or b"#" in head.target:
            raise _Refused(400)
        if head.method.decode("ascii") in _WITHOUT_BODY:
            self._respond(head)

    def _is_too_large(self, head: h11.Request) -> bool:
        # h11 looks at the size only while the head is incomplete, so the last piece would come on top
        if self._received_bytes <= self._limits.head_bytes:
            return False
        lines = (len(name) + len(value) + len(": \r\n") for name, value in self._headers)
        return len(head.target) + sum(lines) > self._limits.head_bytes

    # Answering

    def _respond(self, head: h11.Request) -> None:
        request = _request(head, self._headers, bytes(self._body), self._link.local_port)
        self._write(self._answer(request), head_only=request.method == "HEAD")

    def _refuse(self, refusal: _Refused) -> None:
        self._on_contact(refusal.contact)
        head_only = self._head is not None and self._head.method == b"HEAD"
        self._write(_plain(refusal.status, "This is not a request that App Center Flow can read."), head_only=head_only)

    def _write(self, response: Response, *, head_only: bool) -> None:
        try:
            wire_bytes = head_of(response) if head_only else head_of(response) + response.body
        except ValueError as error:
            self._on_fault(error)
            wire_bytes = _LAST_RESORT
        self._link.answer(wire_bytes, response.delivery)


def _request(head: h11.Request, headers: Headers, body: bytes, local_port: int) -> Request:
    target = head.target.decode("ascii")
    authority, path_and_query = _split_target(target)
    path, _mark, query = path_and_query.partition("?")
    return Request(
        method=head.method.decode("ascii"),
        target=target,
        path=path,
        query=query,
        authority=authority,
        headers=headers,
        body=body,
        local_port=local_port,
        received_at=datetime.now(UTC),
    )


def _split_target(target: str) -> tuple[str | None, str]:
    """Split an absolute-form target (RFC 9112, 3.2.2); any other form has no authority."""
    if target.startswith("/") or "#" in target:
        return None, target
    scheme, separator, rest = target.partition("://")
    if not separator or scheme.lower() != "http":
        return None, target
    authority, slash, path = rest.partition("/")
    if not slash:
        authority, mark, query = rest.partition("?")
        return authority, "/" + mark + query
    return authority, slash + path
