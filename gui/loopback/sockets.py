"""Listening sockets on both loopback addresses, one port, bound once and never let go in between."""

from __future__ import annotations

import errno
import os
import socket
import sys
from contextlib import ExitStack

import psutil

from gui.loopback.errors import LoopbackUnavailable, PortInUse, PortReserved

LOOPBACK_ADDRESSES = ("127.0.0.1", "::1")
_ADDRESSES_IN_OUR_WAY = {*LOOPBACK_ADDRESSES, "0.0.0.0", "::"}  # noqa: S104  # looked for, never bound
_BACKLOG = 256
_TRIES_FOR_ANY_PORT = 32
_NO_SUCH_ADDRESS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT}


def bind_loopback(port: int) -> tuple[socket.socket, ...]:
    """Bind and listen on 127.0.0.1 and ::1; port 0 means any port that is free on both.

    A machine without one of the two families gets the other one alone. Raises PortInUse, PortReserved or
    LoopbackUnavailable; whatever was bound by then is closed again.
    """
    if port:
        return _bind_both(port)
    for _ in range(_TRIES_FOR_ANY_PORT - 1):
        try:
            return _bind_both(0)
        except PortInUse:
            continue  # free on the first address, taken on the second: draw again
    return _bind_both(0)


def _bind_both(port: int) -> tuple[socket.socket, ...]:
    bound: list[socket.socket] = []
    taken: list[str] = []
    problem: OSError | None = None
    with ExitStack() as undo:
        for address in LOOPBACK_ADDRESSES:
            try:
                listener = _listen(address, port)
            except OSError as error:
                problem = error
                if error.errno == errno.EADDRINUSE or (error.errno == errno.EACCES and port_holder(port)):
                    taken.append(address)
                elif error.errno not in _NO_SUCH_ADDRESS:
                    break
                continue
            undo.callback(listener.close)
            bound.append(listener)
            port = listener.getsockname()[1]
        if bound and not taken and (problem is None or problem.errno in _NO_SUCH_ADDRESS):
            undo.pop_all()
            return tuple(bound)
    if taken:
        raise PortInUse(port=port, addresses=tuple(taken), holder=port_holder(port))
    if problem is not None and problem.errno == errno.EACCES:
        raise PortReserved(port=port)
    raise LoopbackUnavailable(reason=os.strerror(problem.errno or 0) if problem else "no address")


def _listen(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform == "win32":
            # On Windows SO_REUSEADDR lets anybody share the port; this is what keeps it ours.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            # Elsewhere it only passes over connections of the last run that the system still waits for.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind((address, port))
        listener.listen(_BACKLOG)
        listener.setblocking(False)  # noqa: FBT003  # the socket module's own signature
    except OSError:
        listener.close()
        raise
    return listener


def port_holder(port: int) -> str | None:
    """Name the process that listens on a TCP port of loopback, where the system tells: "node (process 4711)"."""
    try:
        for entry in psutil.net_connections("tcp"):
            if entry.status != psutil.CONN_LISTEN or not entry.laddr or not entry.pid:
                continue
            if entry.laddr.port == port and entry.laddr.ip in _ADDRESSES_IN_OUR_WAY:
                return f"{psutil.Process(entry.pid).name()} (process {entry.pid})"
    except (psutil.Error, OSError):
        return None  # macOS tells only an administrator
    return None
