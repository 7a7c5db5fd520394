"""Of many values that come together, the newest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE_MS = 60
"""What is over sooner would be seen as a flicker."""


class Newest(QObject):
    """Hands over the newest value once in a turn of the event loop, after all that the turn had to do.

    What `can_wait`, given the value that was handed over last and the newest, is handed over only if nothing else
    comes for a moment.
    """

    handed_over = Signal(object)
    _turn_over = Signal()

    def __init__(self, first: object, can_wait: Callable[[Any, Any], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._newest = self._handed_over = first
        self._can_wait = can_wait
        self._waits_for_turn = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._on_patience_timeout)
        self._turn_over.connect(self._on_turn_over, Qt.ConnectionType.QueuedConnection)

    @Slot(object)
    def take(self, value: object) -> None:
        """Take a value; the one before it, if it is still waiting, is dropped."""
        self._newest = value
        if not self._waits_for_turn:
            self._waits_for_turn = True
            self._turn_over.emit()

    @Slot()
    def _on_turn_over(self) -> None:
        self._waits_for_turn = False
        if not self._can_wait(self._handed_over, self._newest):
            self._hand_over()
        elif not self._patience.isActive():
            self._patience.start()

    @Slot()
    def _on_patience_timeout(self) -> None:
        self._hand_over()

    def _hand_over(self) -> None:
        self._patience.stop()
        if self._newest is not self._handed_over:
            self._handed_over = self._newest
            self.handed_over.emit(self._newest)
