"""How long the window stands still while twenty clients flood its redirect listener, against the idle window."""

from __future__ import annotations

import os
import statistics
from typing import TYPE_CHECKING

from tests.bench.browser import Browser
from tests.bench.gap_meter import GapMeter
from tests.bench.report import percentile
from tests.bench.shown_program import port_of, run_for, session_of, shown_program

if TYPE_CHECKING:
    from gui.window import WindowProgram
    from tests.bench.gap_meter import Gap
    from tests.bench.report import Report

ROUNDS = 5
SECONDS = 5.0
CLIENTS = 20
TO_IDLE = 1.4
LONGEST_MS = 50.0
_SETTLING_S = 3.0
_STRAY = "/favicon.ico"
_MALFORMED = "/redirect?state=none"
"""Is written down, comes into the timeline, and the banner says so."""
FLOODS = {"strays": (_STRAY,), "malformed redirects": (_MALFORMED,), "both": (_STRAY, _MALFORMED)}
_STATUSES = {_STRAY: "404", _MALFORMED: "400"}


def run(report: Report) -> None:
    """Idle and floods take turns, in one process."""
    longest: dict[str, list[Gap]] = {kind: [] for kind in ("idle", *FLOODS)}
    answers: dict[str, int] = dict.fromkeys(FLOODS, 0)
    with shown_program() as program, Browser() as browser:
        meter = GapMeter()
        run_for(_SETTLING_S)
        for _ in range(ROUNDS):
            meter.measure_for(SECONDS)
            longest["idle"].append(meter.longest)
            for kind, targets in FLOODS.items():
                answers[kind] += _flood(program, browser, meter, targets)
                longest[kind].append(meter.longest)
                late = percentile([gap.ms for gap in meter.gaps], 0.99)
                report.note(f"{kind}: {meter.longest} ms, p99 {late:.1f} ms")
                run_for(_SETTLING_S)
        _check_what_came(report, program)
    for kind, gaps in longest.items():
        each = ", ".join(map(str, gaps))
        rate = f"; {answers[kind] / SECONDS / ROUNDS:.0f} answers a second" if kind in answers else ""
        report.note(f"longest gaps, {kind}: {each} ms{rate}")
    report.note(f"in brackets what of it the GUI thread was at work; load of the machine {_load()}")
    idle = statistics.median(gap.ms for gap in longest["idle"])
    for kind in FLOODS:
        ratio = statistics.median(gap.ms for gap in longest[kind]) / idle
        report.at_most(f"longest gap under a flood of {kind} to idle, medians of {ROUNDS}", ratio, TO_IDLE)
        report.at_most(f"longest gap under a flood of {kind}, of all", max(longest[kind]).ms, LONGEST_MS, "ms")


def _flood(program: WindowProgram, browser: Browser, meter: GapMeter, targets: tuple[str, ...]) -> int:
    browser.begin_flood(port_of(session_of(program)), targets, clients=CLIENTS, seconds=SECONDS)
    meter.measure_for(SECONDS)
    answers = browser.end_flood()
    if set(answers) != {_STATUSES[target] for target in targets}:
        raise RuntimeError(answers)
    return sum(answers.values())


def _check_what_came(report: Report, program: WindowProgram) -> None:
    """A flood that the window did not see would be no burden to it."""
    rows, notice = len(program.timeline.rows()), program.window.banner.notice
    report.equal("rows in the timeline, after the floods", rows > 5_000, due=True)
    report.equal("notice in the banner", type(notice.subject).__name__ if notice else "", "RequestTokenMissing")


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "not known"
