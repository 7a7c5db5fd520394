"""Thousands of requests that are no redirect."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

import psutil

from tests.bench.client import ask, redirect, request
from tests.bench.subjects import OurListener, Reference

if TYPE_CHECKING:
    from tests.bench.report import Report
    from tests.bench.subjects import Subject

_STRAYS = 5000
_ROUNDS = 10
_MEGABYTE = 1024 * 1024


def run(report: Report) -> None:
    """One client, one request after the other; the rounds of both take turns."""
    seconds: dict[str, float] = {}
    with OurListener() as ours, Reference() as reference:
        for subject in (ours, reference):
            _flood(subject, 500)
        for turn in range(_ROUNDS):
            for subject in (ours, reference) if turn % 2 else (reference, ours):
                took = _flood(subject, _STRAYS // _ROUNDS)
                seconds[subject.name] = seconds.get(subject.name, 0.0) + took
        for name, took in seconds.items():
            report.note(f"{name}: {_STRAYS / took:.0f} stray requests a second")
        report.at_least("rate to ThreadingHTTPServer's", seconds[reference.name] / seconds[ours.name], 2.0)
        redirect(ours, "0_after")
        report.equal("redirect served after the flood", ours.faults, [])
    _memory(report)


def _memory(report: Report) -> None:
    with OurListener() as ours:
        _flood(ours, 1000)
        gc.collect()
        process = psutil.Process()
        before = process.memory_info().rss
        _flood(ours, _STRAYS)
        report.at_most(f"memory growth over {_STRAYS}", (process.memory_info().rss - before) / _MEGABYTE, 0.5, "MB")


def _flood(subject: Subject, count: int) -> float:
    raw = request("/favicon.ico", subject.port)
    started = time.perf_counter()
    for _ in range(count):
        if not ask(subject.port, raw).startswith(b"HTTP/1.1 404 "):
            raise RuntimeError(subject.name)
    return time.perf_counter() - started
