"""Thousands of requests that are no redirect."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

import psutil

from tests.bench.browser import Browser
from tests.bench.client import redirect
from tests.bench.subjects import OurListener, Reference

if TYPE_CHECKING:
    from tests.bench.report import Report
    from tests.bench.subjects import Subject

_STRAYS = 5000
_ROUNDS = 10
_AT_ONCE = 16
"""A flood. One at a time measures how fast two processes wake each other; it is noted, without a bar."""
_MEGABYTE = 1024 * 1024


def run(report: Report) -> None:
    """The rounds of both take turns."""
    seconds: dict[str, float] = {}
    processor: dict[str, float] = {}
    with OurListener() as ours, Reference() as reference, Browser() as browser:
        for subject in (ours, reference):
            _flood(browser, subject, 500)
        for turn in range(_ROUNDS):
            for subject in (ours, reference) if turn % 2 else (reference, ours):
                busy = time.process_time()
                took = _flood(browser, subject, _STRAYS // _ROUNDS)
                processor[subject.name] = processor.get(subject.name, 0.0) + time.process_time() - busy
                seconds[subject.name] = seconds.get(subject.name, 0.0) + took
        for name, took in seconds.items():
            each = processor[name] / _STRAYS * 1e6
            report.note(f"{name}: {_STRAYS / took:.0f} stray requests a second, {each:.0f} us of processor time each")
        report.at_least("rate to ThreadingHTTPServer's", seconds[reference.name] / seconds[ours.name], 2.0)
        alone = {subject.name: _flood(browser, subject, 500, at_once=1) for subject in (ours, reference)}
        report.note(f"one at a time: {alone[reference.name] / alone[ours.name]:.2f} times ThreadingHTTPServer's rate")
        redirect(ours, "0_after")
        report.equal("redirect served after the flood", ours.faults, [])
    _memory(report)


def _memory(report: Report) -> None:
    with OurListener() as ours, Browser() as browser:
        _flood_in_rounds(browser, ours)
        gc.collect()
        process = psutil.Process()
        before = process.memory_info().rss
        _flood_in_rounds(browser, ours)
        report.at_most(f"memory growth over {_STRAYS}", (process.memory_info().rss - before) / _MEGABYTE, 0.5, "MB")


def _flood_in_rounds(browser: Browser, ours: OurListener) -> None:
    for _ in range(_ROUNDS):  # the times of one round are thrown away before the next: they are not the listener's
        _flood(browser, ours, _STRAYS // _ROUNDS)


def _flood(browser: Browser, subject: Subject, count: int, at_once: int = _AT_ONCE) -> float:
    """Return the seconds from the first connect to the end of the last answer."""
    visits = browser.visit(subject.port, ["/favicon.ico"] * count, status=404, at_once=at_once)
    return visits[-1][1] - visits[0][0]
