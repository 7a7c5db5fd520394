"""What Python does by itself beside the window, and how it is kept from holding the window up."""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, QTimer, Slot

TURN_S = 0.0005
"""How long a thread that wants the interpreter waits before the one that has it must let go. Python's own 5 ms are a
third of a picture on a screen, and the window takes the interpreter many times for one."""
_LOOKED_AT_MS = 1000
_NEVER = 1_000_000_000
_DUE_AFTER = 10
"""Collections of the younger objects; Python's own number."""


class Interpreter(QObject):
    """Has threads take short turns, and collects all garbage only here and only while nothing happens.

    Python collects in whatever thread makes the next object. To go through all that there is takes 40 ms and more: in
    the thread of a listener under fire the window would stand still for it again and again, and objects of Qt's would
    be destroyed outside of the thread that they belong to. What is young costs next to nothing and is left to Python.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._turn_before = sys.getswitchinterval()
        self._thresholds_before = gc.get_threshold()
        self._young_before = _young_collections()
        sys.setswitchinterval(TURN_S)
        gc.set_threshold(*self._thresholds_before[:2], _NEVER)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_time_to_look)
        self._timer.start(_LOOKED_AT_MS)

    def keep_what_is_there(self) -> None:
        """Leave out of all collections what has been made by now: the program itself, which stays to the end."""
        gc.freeze()

    def close(self) -> None:
        """Leave Python as it was."""
        self._timer.stop()
        sys.setswitchinterval(self._turn_before)
        gc.set_threshold(*self._thresholds_before)
        gc.unfreeze()

    @Slot()
    def _on_time_to_look(self) -> None:
        young = _young_collections()
        quiet, self._young_before = young == self._young_before, young
        if quiet and gc.get_count()[2] >= _DUE_AFTER:
            gc.collect()


def _young_collections() -> int:
    """Return how often young objects have been collected: each time, some hundreds had been made."""
    return int(gc.get_stats()[0]["collections"])
