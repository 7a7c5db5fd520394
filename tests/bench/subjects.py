"""The two that are compared: our redirect listener, and the standard library's ThreadingHTTPServer, tuned.

The reference does the least that a redirect listener can do: it compares the path, reads the code, hands it over and
answers a page of the same size as ours with the same headers, made once, in one write.
"""

from __future__ import annotations

import queue
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Protocol, Self
from urllib.parse import parse_qs, urlsplit

from gui.concur.legacy import LegacyContract
from gui.concur.models import Origin
from gui.loopback.listener import RedirectListener, RedirectReceived
from gui.loopback.pages import page_response
from gui.loopback.redirect_url import parse_redirect_url

if TYPE_CHECKING:
    from types import TracebackType

    from gui.loopback.listener import ListenerEvent
    from gui.loopback.server import Limits

HandOver = tuple[str, float]
"""A code, and when (time.perf_counter) it was handed over."""


class Subject(Protocol):
    """One that takes redirects, one after the other."""

    name: str

    @property
    def port(self) -> int:
        """Where it listens."""

    handed_over: queue.SimpleQueue[HandOver]

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class OurListener:
    """The product, as it is built for a flow."""

    name = "redirect listener"

    def __init__(self, limits: Limits | None = None) -> None:
        self.handed_over: queue.SimpleQueue[HandOver] = queue.SimpleQueue()
        self.records = 0
        self.faults: list[Exception] = []
        self.listener = RedirectListener(
            parse_redirect_url("http://localhost:0/redirect"),
            LegacyContract(),
            on_event=self._on_event,
            record=self._record,
            on_fault=self.faults.append,
            limits=limits,
        )

    @property
    def port(self) -> int:
        return self.listener.redirect_url.port

    def _record(self, _exchange: object) -> None:
        self.records += 1

    def _on_event(self, event: ListenerEvent) -> None:
        if isinstance(event, RedirectReceived):
            self.handed_over.put((event.request_token.value, time.perf_counter()))
            self.listener.expect(Origin.APP_CENTER)  # the next one may come at once

    def __enter__(self) -> Self:
        self.listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.listener.stop()


class _TunedServer(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True
    block_on_close = False
    handed_over: queue.SimpleQueue[HandOver]
    page: bytes

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # HTTPServer looks up the host's name besides

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _TunedServer

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path != "/redirect":
            self._answer(404, b"Nothing is here.", "text/plain; charset=utf-8")
            return
        self.server.handed_over.put((parse_qs(parts.query)["code"][0], time.perf_counter()))
        self._answer(200, self.server.page, "text/html; charset=utf-8")

    def _answer(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        for name, value in (
            ("Content-Type", content_type),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
            ("Content-Length", str(len(body))),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class's own name
        """Write no log: the terminal is no part of the race."""


class Reference:
    """ThreadingHTTPServer with everything that makes it faster."""

    name = "ThreadingHTTPServer"

    def __init__(self) -> None:
        self.handed_over: queue.SimpleQueue[HandOver] = queue.SimpleQueue()
        self._server = _TunedServer(("127.0.0.1", 0), _Handler)
        self._server.handed_over = self.handed_over
        self._server.page = page_response(200, "listener-received", {"title": "Received"}, hide_query=True).body
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 5.0}, daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
