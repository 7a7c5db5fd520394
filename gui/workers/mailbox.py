"""Values from any thread, handed over in the thread that the mailbox lives in."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class _Bell(QObject):
    """Rung from any thread, heard in its own."""

    rung = Signal()

    def __init__(self, on_ring: Callable[[], None], parent: QObject | None) -> None:
        super().__init__(parent)
        self._on_ring = on_ring
        self.rung.connect(self._on_rung, Qt.ConnectionType.QueuedConnection)

    @Slot()
    def _on_rung(self) -> None:
        if self.thread() is not QThread.currentThread():  # a defect of PySide6 6.11: see listener.md
            raise RuntimeError("a slot ran in the emitting thread")
        self._on_ring()


class Mailbox(Generic[T]):
    """Hands over what was posted, in order and in batches: one event of the loop for however many values.

    With an interval, batches come at most that often: a flood of values costs the loop no more than that.
    """

    def __init__(self, handler: Callable[[tuple[T, ...]], None], parent: QObject, interval_ms: int = 0) -> None:
        self._handler = handler
        self._lock = threading.Lock()
        self._posted: list[T] = []
        self._closed = False
        self._bell = _Bell(self._on_bell, parent)
        self._timer = QTimer(self._bell)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._hand_over)

    def post(self, value: T) -> None:
        """Post from any thread; never waits. What comes after `close()` is dropped."""
        with self._lock:
            if self._closed:
                return
            self._posted.append(value)
            if len(self._posted) == 1:
                self._bell.rung.emit()

    def close(self) -> None:
        """Hand over nothing more. What was posted and not handed over is dropped."""
        with self._lock:
            self._closed = True
            self._posted.clear()
        self._timer.stop()

    def _on_bell(self) -> None:
        if self._timer.interval():
            self._timer.start()
        else:
            self._hand_over()

    def _hand_over(self) -> None:
        with self._lock:
            batch, self._posted = tuple(self._posted), []
        if batch:
            self._handler(batch)
