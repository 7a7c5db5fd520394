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
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from gui.concur.transport.connecting import connect

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
        self._timer.cancel()  # not joined: it ends by itself, and shuts nothing that is closed
        self._forget_cancellation()
        for sock in self._sockets:
            sock.close()

    def hold(self, sock: socket.socket) -> None:
        """Remember a connection. It is a duplicate that is kept: TLS takes the socket itself away for its own."""
        duplicate = sock.dup()
        with self._lock:
            self._sockets.append(duplicate)
            ended = self.ended
        if ended is not None:
            _shut(duplicate)

    def _end(self, by: EndedBy) -> None:
        with self._lock:
            if self.ended is None:
                self.ended = by
            sockets = list(self._sockets)
        for sock in sockets:
            _shut(sock)


def _shut(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):  # already gone
        sock.shutdown(socket.SHUT_RDWR)


def watched_pools(watch: ConnectionWatch) -> dict[str, type[HTTPConnectionPool]]:
    """Return urllib3 pool classes, by scheme, whose connections hand their sockets to the watch."""

    class WatchedHttpConnection(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _watched_socket(self, watch)

        def connect(self) -> None:
            super().connect()
            watch.connected = True

    class WatchedHttpsConnection(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _watched_socket(self, watch)

        def connect(self) -> None:
            super().connect()
            watch.connected = True

    class WatchedHttpPool(HTTPConnectionPool):
        ConnectionCls = WatchedHttpConnection

    class WatchedHttpsPool(HTTPSConnectionPool):
        ConnectionCls = WatchedHttpsConnection

    return {"http": WatchedHttpPool, "https": WatchedHttpsPool}


def _watched_socket(connection: HTTPConnection, watch: ConnectionWatch) -> socket.socket:
    """Do what urllib3's `_new_conn` does, with its errors, and watched from the first packet on."""
    limit_s = connection.timeout
    if not isinstance(limit_s, int | float):
        raise TypeError("the transport always gives a time-out")
    try:
        sock = connect(
            connection._dns_host,  # noqa: SLF001  # urllib3's own: the name with a final dot kept
            connection.port,
            limit_s=limit_s,
            options=connection.socket_options or (),
            ended=lambda: watch.ended is not None,
        )
        _hold_or_close(sock, watch)
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    except TimeoutError as error:
        raise ConnectTimeoutError(connection, "no connection in time") from error
    except OSError as error:
        raise NewConnectionError(connection, "no connection") from error
    sock.settimeout(limit_s)
    return sock


def _hold_or_close(sock: socket.socket, watch: ConnectionWatch) -> None:
    try:
        watch.hold(sock)
    except OSError:  # no file left for the duplicate
        sock.close()
        raise
