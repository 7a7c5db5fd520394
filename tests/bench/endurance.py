"""12,000 requests of every kind: no abort, nothing piles up, no reference to an immortal object drifts away."""

from __future__ import annotations

import gc
import sys
import threading
from typing import TYPE_CHECKING

import psutil

from tests.bench.client import ask, connect, redirect, request
from tests.bench.subjects import OurListener

if TYPE_CHECKING:
    from tests.bench.report import Report

_REQUESTS = 12_000
_DRIFT = 200
"""What a quiet interpreter gains and loses by itself; a leak of one a request would be 12,000."""


def run(report: Report) -> None:
    with OurListener() as ours:
        _mixture(ours, 300)
        threads, files = threading.active_count(), psutil.Process().num_fds() if not psutil.WINDOWS else 0
        gc.collect()
        objects = len(gc.get_objects())
        references = [sys.getrefcount(value) for value in (None, True, False)]
        _mixture(ours, _REQUESTS)
        drift = [
            abs(sys.getrefcount(value) - before) for value, before in zip((None, True, False), references, strict=True)
        ]
        gc.collect()
        report.at_most(f"references to None, True, False after {_REQUESTS} requests", max(drift), _DRIFT)
        report.at_most("objects more", len(gc.get_objects()) - objects, _DRIFT)
        report.equal("threads more", threading.active_count() - threads, 0)
        open_files = psutil.Process().num_fds() if not psutil.WINDOWS else 0
        report.at_most("open files more", open_files - files, 2)
        report.equal("faults", ours.faults, [])


def _mixture(ours: OurListener, count: int) -> None:
    stray = request("/favicon.ico", ours.port)
    for number in range(0, count, 4):
        redirect(ours, f"0_{number}_{count}")
        ask(ours.port, stray)
        ask(ours.port, b"\x00 no HTTP \r\n")
        connect(ours.port).close()
