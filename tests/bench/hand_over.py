"""How long from the browser's connect until the code is in the program's hands."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from tests.bench.client import redirect
from tests.bench.report import percentile
from tests.bench.subjects import OurListener, Reference

if TYPE_CHECKING:
    from tests.bench.report import Report

_ROUNDS = 40
_REDIRECTS_A_ROUND = 50
_WARM_UP = 200


def run(report: Report) -> None:
    """Take turns round by round, so that the machine's noise hits both."""
    with OurListener() as ours, Reference() as reference:
        times: dict[str, list[tuple[float, float]]] = {ours.name: [], reference.name: []}
        for number in range(_WARM_UP):
            for subject in (ours, reference):
                redirect(subject, f"0_warm{number}")
        gc.collect()
        for turn in range(_ROUNDS):
            for subject in (ours, reference) if turn % 2 else (reference, ours):
                for number in range(_REDIRECTS_A_ROUND):
                    times[subject.name].append(redirect(subject, f"0_{turn}_{number}"))
    for place, what in enumerate(("hand-over", "page")):
        values = {name: [pair[place] for pair in pairs] for name, pairs in times.items()}
        for name, seconds in values.items():
            p50, p99 = percentile(seconds, 0.5) * 1000, percentile(seconds, 0.99) * 1000
            report.note(f"{name}: {what} p50 {p50:.3f} ms, p99 {p99:.3f} ms, {len(seconds)} redirects")
        if place == 0:
            for share, bar in ((0.5, 0.75), (0.99, 1.0)):
                ratio = percentile(values[ours.name], share) / percentile(values[reference.name], share)
                report.at_most(f"hand-over p{share * 100:.0f} to ThreadingHTTPServer's", ratio, bar)
