"""How long after stop() an open connection sees its end."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from tests.bench.client import connect, redirect
from tests.bench.subjects import OurListener

if TYPE_CHECKING:
    import socket

    from tests.bench.report import Report

_STOPS = 30
_OPEN = 20


def run(report: Report) -> None:
    """Every time with silent and half-open connections; the worst of all counts."""
    worst_end, worst_stop = 0.0, 0.0
    for _ in range(_STOPS):
        with OurListener() as ours:
            held = [connect(ours.port) for _ in range(_OPEN)]
            for sock in held[::2]:
                sock.sendall(b"GET /redirect?code=0_half HTTP/1.1\r\nHos")
            redirect(ours, "0_before")
            ends: list[float] = []
            readers = [threading.Thread(target=_await_end, args=(sock, ends)) for sock in held]
            for reader in readers:
                reader.start()
            started = time.perf_counter()
            ours.listener.stop()
            worst_stop = max(worst_stop, time.perf_counter() - started)
            for reader in readers:
                reader.join()
            worst_end = max(worst_end, max(ends) - started)
    report.note(f"stop() itself took at most {worst_stop * 1000:.2f} ms")
    report.at_most(f"stop to end of stream, worst of {_STOPS * _OPEN}", worst_end * 1000, 50, "ms")


def _await_end(sock: socket.socket, ends: list[float]) -> None:
    with sock:
        if sock.recv(65536):
            raise RuntimeError
        ends.append(time.perf_counter())
