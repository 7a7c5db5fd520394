"""What it costs to hand the window a view. No bar: for the page on the architecture."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from gui.session_state import State
from tests.bench.shown_program import run_for, run_until, session_of, shown_program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.session_view import SessionView
    from gui.widgets.main_window import MainWindow
    from tests.bench.report import Report

_TIMES = 300


def run(report: Report) -> None:
    """Take the views of a real flow, and render them once more."""
    with shown_program() as program:
        session = session_of(program)
        waiting = session.board.view
        session.listener.simulate_app_center()
        run_until(lambda: session.board.view.state is State.CONNECTED and not session.board.view.simulating)
        run_until(lambda: session.jobs.idle)
        connected = session.board.view
        window = program.window
        cases = {
            "the same view": (connected,),
            "an equal view": (connected, replace(connected)),
            "a view with one list changed": (connected, replace(connected, issued=waiting.issued)),
            "waiting, connected, waiting": (waiting, connected),
        }
        for what, views in cases.items():
            render, show = _cost(window, views)
            report.note(f"render of {what}: {render:.0f} us; layout and paint after it {show:.0f} us")
        window.render(connected)
        run_for(0.1)


def _cost(window: MainWindow, views: Sequence[SessionView]) -> tuple[float, float]:
    """Return the median µs of a render, and of the events that it brings about."""
    rendered, shown = [], []
    for number in range(_TIMES):
        started = time.perf_counter()
        window.render(views[number % len(views)])
        between = time.perf_counter()
        QApplication.processEvents()
        rendered.append(between - started)
        shown.append(time.perf_counter() - between)
    return statistics.median(rendered) * 1e6, statistics.median(shown) * 1e6
