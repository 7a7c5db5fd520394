"""Connections that can be ended from another thread: at an absolute deadline, or because the user cancelled.

Time-outs of sockets start anew with every byte; a server that drips could hold a request for ever.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from enum import Enum
from typing import TYPE_CHECKING

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from gui.concur.cancellation import Cancellation


class EndedBy(Enum):
    """Who ended a request before its answer was whole."""

    DEADLINE = "deadline"
    CANCELLED = "cancelled"


class ConnectionWatch:
    """Holds the sockets of one request and shuts them at the deadline or on cancellation, whichever is first."""

    def __init__(self, deadline_s: float, cancellation: Cancellation | None) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._cancellation = cancellation
        self._forget_cancellation: Callable[[], None] = lambda: None
        self._timer = threading.Timer(deadline_s, self._end, (EndedBy.DEADLINE,))
        self._timer.daemon = True
        self._timer.name = "wire-deadline"
        self.ended: EndedBy | None = None
        """None as long as nobody ended it."""
        self.connected = False
        """Whether a connection stood, TLS and proxy tunnel included: from then on the request may have arrived."""

    def __enter__(self) -> Self:
        self._timer.start()
        if self._cancellation is not None:
            self._forget_cancellation = self._cancellation.on_cancel(lambda: self._end(EndedBy.CANCELLED))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._forget_cancellation()
        self._timer.join()

    def hold(self, sock: object) -> None:
        """Take over a socket that was just connected."""
        if not isinstance(sock, socket.socket):
            sock = getattr(sock, "socket", None)  # TLS inside TLS, through an https proxy
        if not isinstance(sock, socket.socket):
            return
        with self._lock:
            self._sockets.append(sock)
            ended = self.ended
        if ended is not None:
            _shut(sock)

    def _end(self, by: EndedBy) -> None:
        with self._lock:
            if self.ended is None:
                self.ended = by
            sockets = list(self._sockets)
        for sock in sockets:
            _shut(sock)


def _shut(sock: socket.socket) -> None:
    # Not SSLSocket.shutdown: that one takes the TLS layer away under the thread that is reading.
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


def watched_pools(watch: ConnectionWatch) -> dict[str, type[HTTPConnectionPool]]:
    """Return urllib3 pool classes, by scheme, whose connections hand their sockets to the watch."""

    class WatchedHttpConnection(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            watch.connected = True
            watch.hold(self.sock)

    class WatchedHttpsConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            sock = super()._new_conn()
            watch.hold(sock)  # so that a handshake that drips ends as well
            return sock

        def connect(self) -> None:
            super().connect()
            watch.connected = True
            watch.hold(self.sock)

    class WatchedHttpPool(HTTPConnectionPool):
        ConnectionCls = WatchedHttpConnection

    class WatchedHttpsPool(HTTPSConnectionPool):
        ConnectionCls = WatchedHttpsConnection

    return {"http": WatchedHttpPool, "https": WatchedHttpsPool}
