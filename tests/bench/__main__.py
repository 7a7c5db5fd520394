"""`python -m tests.bench [topic …]`: measure against the bars; exit code 1 if one is missed."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from tests.bench import bundle, company, endurance, flood, flow, hand_over, startup, stopping, timeline, window
from tests.bench.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable

# A new topic: a module here with `run(report)`, one line below.
TOPICS: dict[str, Callable[[Report], None]] = {
    "hand-over": hand_over.run,
    "company": company.run,
    "flood": flood.run,
    "stopping": stopping.run,
    "endurance": endurance.run,
    "flow": flow.run,
    "timeline": timeline.run,
    "window": window.run,
    "startup": startup.run,
    "bundle": bundle.run,
}


def main() -> int:
    """Run the topics that are named, or all of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("topics", nargs="*", metavar="topic", help=f"one of: {', '.join(TOPICS)}; all if none is named")
    chosen = parser.parse_args().topics or list(TOPICS)
    if unknown := set(chosen) - set(TOPICS):
        parser.error(f"no such topic: {', '.join(sorted(unknown))}")
    report = Report(sys.stdout)
    for topic in chosen:
        started = time.monotonic()
        report.heading(topic)
        TOPICS[topic](report)
        report.note(f"{topic} took {time.monotonic() - started:.1f} s")
    return report.conclude()


if __name__ == "__main__":
    sys.exit(main())
