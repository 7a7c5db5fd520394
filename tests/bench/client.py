"""A client that costs little, so that the time is the server's."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.subjects import Subject

_PATIENCE_S = 20.0
_BROWSER_HEADERS = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "Accept-Language: en-GB,en;q=0.9,de;q=0.8",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Connection: keep-alive",
    "Upgrade-Insecure-Requests: 1",
    "Sec-Fetch-Site: cross-site",
    "Sec-Fetch-Mode: navigate",
    "Sec-Fetch-User: ?1",
    "Sec-Fetch-Dest: document",
)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_S)


def request(target: str, port: int) -> bytes:
    """Return what a browser sends for a navigation."""
    return "\r\n".join([f"GET {target} HTTP/1.1", f"Host: localhost:{port}", *_BROWSER_HEADERS, "", ""]).encode()


def read_to_end(sock: socket.socket) -> bytes:
    pieces = []
    while piece := sock.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def ask(port: int, raw: bytes) -> bytes:
    with connect(port) as sock:
        sock.sendall(raw)
        return read_to_end(sock)


def redirect(subject: Subject, code: str) -> tuple[float, float]:
    """Bring one redirect; return seconds from connect to hand-over, and from connect to the end of the page."""
    raw = request(f"/redirect?code={code}", subject.port)
    started = time.perf_counter()
    page = ask(subject.port, raw)
    ended = time.perf_counter()
    handed, at = subject.handed_over.get(timeout=_PATIENCE_S)
    if handed != code or not page.startswith(b"HTTP/1.1 200 "):
        raise RuntimeError(subject.name, page[:40])
    return at - started, ended - started
