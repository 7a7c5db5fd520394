"""How long the GUI thread stands still."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TICK_MS = 10


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """The time between two beats, in ms."""

    ms: float
    busy_ms: float
    """How much of it the GUI thread was at work; else it waited for the beat, the interpreter or a processor."""

    def __str__(self) -> str:
        return f"{self.ms:.1f} ({self.busy_ms:.1f})"


class GapMeter(QObject):
    """Counts the times between the beats of a 10 ms timer on the GUI thread."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: list[Gap] = []
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)

    def measure(self, steps: Iterator[None], until: Callable[[], bool]) -> float:
        """Return the longest gap while the steps are taken, one with each beat, and until all has come of them."""
        self.gaps = []
        self._steps, self._until = steps, until
        self._loop = QEventLoop()
        self._last, self._last_busy = time.perf_counter(), time.thread_time()
        self._timer.start(_TICK_MS)
        self._loop.exec()
        self._timer.stop()
        return self.longest.ms

    def measure_for(self, seconds: float) -> float:
        """Return the longest gap of a time in which whatever happens happens."""
        end = time.perf_counter() + seconds
        return self.measure(iter(()), lambda: time.perf_counter() >= end)

    @property
    def longest(self) -> Gap:
        """The longest of the last measurement."""
        return max(self.gaps)

    @Slot()
    def _on_tick(self) -> None:
        now, busy = time.perf_counter(), time.thread_time()
        self.gaps.append(Gap((now - self._last) * 1000, (busy - self._last_busy) * 1000))
        self._last, self._last_busy = now, busy
        try:
            next(self._steps)
        except StopIteration:
            if self._until():
                self._loop.quit()
