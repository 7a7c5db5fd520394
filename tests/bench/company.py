"""A redirect that comes beside connections that come to nothing, and how long such connections live."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
import time
from typing import TYPE_CHECKING

from tests.bench.client import connect, redirect
from tests.bench.report import percentile
from tests.bench.subjects import OurListener, Reference

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.report import Report
    from tests.bench.subjects import Subject

_LINGER_ZERO = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_HALF_OPEN = 200
_HALF_A_REQUEST = b"GET /redirect?code=0_half HTTP/1.1\r\nHost: local"
_TRICKLE_S = 0.5
_GIVE_UP_S = 15.0


def run(report: Report) -> None:
    _oddities(report)
    _half_open(report)
    _slow_clients(report)


def _reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
    sock.close()


def _oddities(report: Report) -> None:
    oddities: dict[str, Callable[[socket.socket], None]] = {
        "idle": lambda _sock: None,
        "RST": _reset,
        "FIN": socket.socket.close,
        "half-close": lambda sock: sock.shutdown(socket.SHUT_WR),
    }
    with OurListener() as ours:
        for name, leave in oddities.items():
            served = 0
            for number in range(5):
                with connect(ours.port) as company:
                    leave(company)
                    redirect(ours, f"0_{name}{number}")
                    served += 1
            report.equal(f"{name} connection first: redirects served of 5", served, 5)


def _half_open(report: Report) -> None:
    served: dict[str, list[float]] = {}
    with OurListener() as ours, Reference() as reference:
        for subject in (ours, reference):
            redirect(subject, "0_warm")
        threads = threading.active_count()
        with contextlib.ExitStack() as stack:
            held = _hold_half_open(stack, ours)
            opened = time.monotonic()
            first = redirect(ours, "0_first")[1]
            report.at_most(f"threads more under {_HALF_OPEN} half-open requests", threading.active_count() - threads, 0)
            _hold_half_open(stack, reference)
            redirect(reference, "0_first")
            for number in range(25):
                for subject in (ours, reference):
                    served.setdefault(subject.name, []).append(redirect(subject, f"0_held{number}")[1])
            more = threading.active_count() - threads
            report.note(f"ThreadingHTTPServer holds {more} threads; first redirect of ours {first * 1000:.2f} ms")
            ratio = percentile(served[ours.name], 0.5) / percentile(served[reference.name], 0.5)
            report.at_most(f"redirect under {_HALF_OPEN} half-open, median to ThreadingHTTPServer's", ratio, 1.0)
            for sock in held:
                sock.settimeout(_GIVE_UP_S)
                while sock.recv(65536):
                    pass
            report.at_most(f"all {_HALF_OPEN} half-open cut after", time.monotonic() - opened, 6.0, "s")


def _hold_half_open(stack: contextlib.ExitStack, subject: Subject) -> list[socket.socket]:
    held = [stack.enter_context(connect(subject.port)) for _ in range(_HALF_OPEN)]
    for sock in held:
        sock.sendall(_HALF_A_REQUEST)
    return held


def _slow_clients(report: Report) -> None:
    """Two ends are timed: when the client sees the end of the stream, and when its sending fails for good."""
    with OurListener() as ours:
        ends: dict[str, tuple[float, float]] = {}
        clients = [
            threading.Thread(target=_live_slowly, args=(ours.port, name, first, trickle, ends))
            for name, first, trickle in (
                ("silent", b"", b""),
                ("partial", _HALF_A_REQUEST, b""),
                ("trickling", b"G", b"x"),
            )
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    for name, (end_of_stream, _gone) in ends.items():
        report.at_most(f"{name} client cut after", end_of_stream, 5.5, "s")
    report.at_most("trickling client's bytes refused after", ends["trickling"][1], 5.5 + _TRICKLE_S, "s")


def _live_slowly(port: int, name: str, first: bytes, trickle: bytes, ends: dict[str, tuple[float, float]]) -> None:
    with connect(port) as sock:
        started = time.monotonic()
        sock.sendall(first)
        end_of_stream = 0.0
        sock.settimeout(_TRICKLE_S / 2 if trickle else _GIVE_UP_S)
        while not end_of_stream and time.monotonic() - started < _GIVE_UP_S:
            with contextlib.suppress(TimeoutError):
                if not sock.recv(65536):
                    end_of_stream = time.monotonic() - started
                continue
            sock.sendall(trickle)
        gone = end_of_stream
        with contextlib.suppress(OSError):
            while trickle and time.monotonic() - started < _GIVE_UP_S:
                sock.sendall(trickle)
                gone = time.monotonic() - started
                time.sleep(_TRICKLE_S / 10)
        ends[name] = (end_of_stream or _GIVE_UP_S, gone)
