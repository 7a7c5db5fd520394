"""How long from the browser's connect until the code is in the program's hands."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from tests.bench.browser import Browser
from tests.bench.report import percentile
from tests.bench.subjects import OurListener, Reference

if TYPE_CHECKING:
    from tests.bench.report import Report
    from tests.bench.subjects import Subject

_ROUNDS = 40
_REDIRECTS_A_ROUND = 50
_WARM_UP = 200


def run(report: Report) -> None:
    """Take turns round by round, so that the machine's noise hits both."""
    with OurListener() as ours, Reference() as reference, Browser() as browser:
        times: dict[str, list[tuple[float, float]]] = {ours.name: [], reference.name: []}
        for subject in (ours, reference):
            _round(browser, subject, "warm", _WARM_UP)
        gc.collect()
        for turn in range(_ROUNDS):
            for subject in (ours, reference) if turn % 2 else (reference, ours):
                times[subject.name] += _round(browser, subject, str(turn), _REDIRECTS_A_ROUND)
    for place, what in enumerate(("hand-over", "page")):
        values = {name: [pair[place] for pair in pairs] for name, pairs in times.items()}
        for name, seconds in values.items():
            p50, p99 = percentile(seconds, 0.5) * 1000, percentile(seconds, 0.99) * 1000
            report.note(f"{name}: {what} p50 {p50:.3f} ms, p99 {p99:.3f} ms, {len(seconds)} redirects")
        if place == 0:
            for share, bar in ((0.5, 0.75), (0.99, 1.0)):
                ratio = percentile(values[ours.name], share) / percentile(values[reference.name], share)
                report.at_most(f"hand-over p{share * 100:.0f} to ThreadingHTTPServer's", ratio, bar)


def _round(browser: Browser, subject: Subject, name: str, count: int) -> list[tuple[float, float]]:
    """Return seconds from connect to hand-over and from connect to the end of the page, for each redirect."""
    codes = [f"0_{name}_{number}" for number in range(count)]
    visits = browser.visit(subject.port, [f"/redirect?code={code}" for code in codes], status=200)
    times = []
    for code, (started, ended) in zip(codes, visits, strict=True):
        handed, at = subject.handed_over.get(timeout=20)
        if handed != code:
            raise RuntimeError(subject.name, handed, code)
        times.append((at - started, ended - started))
    return times
