"""Opens a TCP connection so that cancelling ends the wait.

`socket.connect` cannot be woken from another thread on every system, and behind a firewall that drops packets the wait
for it is the longest of all.
"""

from __future__ import annotations

import errno
import os
import selectors
import socket
import time
from typing import TYPE_CHECKING

from urllib3.exceptions import LocationParseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Address = tuple[socket.AddressFamily, socket.SocketKind, int, str, tuple[object, ...]]
_LOOK_UP_S = 0.05
"""How often the wait looks whether it was called off."""
_UNDER_WAY = {0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EAGAIN, errno.EALREADY}


def connect(
    host: str, port: int, *, limit_s: float, options: Sequence[tuple[int, int, int | bytes]], ended: Callable[[], bool]
) -> socket.socket:
    """Connect to the first address of a host that answers; `limit_s` covers all of them together.

    Each address gets an even share of what is left, so that a dead IPv6 route leaves time for IPv4. Looking the name up
    is the system's business and cannot be called off. Raises OSError, TimeoutError (also when it was called off), or
    LocationParseError for a name that DNS cannot hold.
    """
    host = host.strip("[]")
    _check_name(host)
    deadline = time.monotonic() + limit_s
    addresses = _addresses_of(host, port)
    problem: OSError | None = None
    for tried, (family, kind, protocol, _name, address) in enumerate(addresses):
        share = (deadline - time.monotonic()) / (len(addresses) - tried)
        try:
            sock = socket.socket(family, kind, protocol)
        except OSError as error:  # no IPv6 on this machine
            problem = error
            continue
        try:
            for option in options:
                sock.setsockopt(*option)
            _connect_to(sock, address, share, ended)
        except OSError as error:
            sock.close()
            problem = error
            continue
        return sock
    raise problem or OSError("the name has no address")


def _addresses_of(host: str, port: int) -> Sequence[_Address]:
    """Look the name up. Out of files the resolver says that there is no such name: ask the system itself, then."""
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:
        socket.socket().close()  # raises what is really the matter
        raise


def _check_name(host: str) -> None:
    try:
        host.encode("idna")
    except UnicodeError:
        raise LocationParseError(host) from None


def _connect_to(sock: socket.socket, address: object, limit_s: float, ended: Callable[[], bool]) -> None:
    deadline = time.monotonic() + limit_s
    sock.settimeout(0)
    code = sock.connect_ex(address)  # type: ignore[arg-type]  # as getaddrinfo gave it
    if code not in _UNDER_WAY:
        raise OSError(code, os.strerror(code))
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_WRITE)
        while not selector.select(_LOOK_UP_S):
            if ended() or time.monotonic() >= deadline:
                raise TimeoutError
    code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if code:
        raise OSError(code, os.strerror(code))
