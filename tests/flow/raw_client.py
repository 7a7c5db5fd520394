"""Bytes as no HTTP client would send them, and ends that may be awaited."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_S = 20.0
"""Only a hang takes that long."""
_LINGER_ZERO = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)

Entry = TypeVar("Entry")


class Inbox(Generic[Entry]):
    """Collects what callbacks bring from another thread, and lets a test wait for it."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._changed = threading.Condition()

    def put(self, entry: Entry) -> None:
        with self._changed:
            self.entries.append(entry)
            self._changed.notify_all()

    def wait_for(self, count: int) -> list[Entry]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.entries) >= count, PATIENCE_S), self.entries
            return list(self.entries)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    raw: bytes


def request(target: str, port: int, *headers: str, method: str = "GET", body: bytes = b"") -> bytes:
    lines = [f"{method} {target} HTTP/1.1", f"Host: localhost:{port}", *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def connect(port: int, address: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection((address, port), timeout=PATIENCE_S)


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
    sock.close()


def read_to_end(sock: socket.socket) -> bytes:
    """Return all bytes up to the end of the stream. A reset raises ConnectionError, a hang TimeoutError."""
    pieces = []
    while piece := sock.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def parse_answer(raw: bytes) -> Answer:
    head, separator, body = raw.partition(b"\r\n\r\n")
    assert separator, raw[:200]
    status_line, *lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines:
        name, _colon, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Answer(int(status_line.split(" ")[1]), headers, body, raw)


def ask(port: int, raw: bytes, address: str = "127.0.0.1") -> Answer:
    with connect(port, address) as sock:
        sock.sendall(raw)
        return parse_answer(read_to_end(sock))


def exchange_raw(port: int, raw: bytes) -> bytes:
    """Send bytes, end the sending side, return what came; a server may well have cut us off in between."""
    with connect(port) as sock:
        with contextlib.suppress(ConnectionError):
            sock.sendall(raw)
            sock.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            return read_to_end(sock)
    return b""


@contextlib.contextmanager
def no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before
