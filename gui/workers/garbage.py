"""When Python goes through everything there is for garbage, and in which thread."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

LOOKED_AT_MS = 1000
DUE_AFTER = 10
"""Collections of the younger objects; Python's own number."""
_NEVER = 1_000_000_000


class GarbageCollection(QObject):
    """Collects all garbage in the GUI thread only, and only while nothing happens.

    Python collects in whatever thread makes the next object. To go through all that there is takes 40 ms and more: in
    the thread of a listener under fire the window would stand still for it again and again, and objects of Qt's would
    be destroyed outside of the thread that they belong to. What is young costs next to nothing and is left to Python.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thresholds_before = gc.get_threshold()
        self._young_before = _young_collections()
        gc.set_threshold(*self._thresholds_before[:2], _NEVER)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_time_to_look)
        self._timer.start(LOOKED_AT_MS)

    def leave_out_what_is_there(self) -> None:
        """Never go through what has been made by now: the program itself, which stays to the end."""
        gc.freeze()

    def close(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.set_threshold(*self._thresholds_before)
        gc.unfreeze()

    @Slot()
    def _on_time_to_look(self) -> None:
        young = _young_collections()
        quiet, self._young_before = young == self._young_before, young
        if quiet and gc.get_count()[2] >= DUE_AFTER:
            gc.collect()


def _young_collections() -> int:
    """Return how often young objects have been collected: each time, some hundreds had been made."""
    return int(gc.get_stats()[0]["collections"])
