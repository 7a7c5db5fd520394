"""How long the window takes to end while a call to Concur is under way that is never answered."""

from __future__ import annotations

import socket
import statistics
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui.session_state import State
from tests.bench.shown_program import run_for, run_until, session_of, shown_program

if TYPE_CHECKING:
    from tests.bench.report import Report

TIMES = 20
BAR_S = 2.0


def run(report: Report) -> None:
    """The worst of all counts."""
    times = [_quit() for _ in range(TIMES)]
    report.note(f"quit with a call under way: {statistics.median(times) * 1000:.0f} ms at the median")
    report.at_most(f"quit with a call under way, worst of {TIMES}", max(times), BAR_S, "s")


def _quit() -> float:
    """Return the seconds from the window closed to everything stopped."""
    with socket.create_server(("127.0.0.1", 0)) as silent, shown_program() as program:
        session = session_of(program)
        base_url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        session.board.update(application=replace(session.board.view.application, base_url=base_url))
        session.listener.paste("code=0_never_answered")
        run_until(lambda: session.board.view.state is State.EXCHANGING)
        connection, _address = silent.accept()  # it is under way, and nobody answers
        with connection:
            run_for(0.05)
            closed: list[float] = []

            def close() -> None:
                closed.append(time.perf_counter())
                program.window.close_for_good()

            QTimer.singleShot(0, close)
            QApplication.exec()
            program.stop()
            return time.perf_counter() - closed[0]
