"""Secrets on the screen: masked until shown, and masked again on their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

MARK = "•"
TEXT_MASK = MARK * 24
"""Stands for a secret, in a field or within a text. Always the same: how long a secret is is nobody's business."""
SHOWN_FOR_MS = 30_000


def masked(secret: str) -> str:
    """Return marks instead of a secret, "" where there is none."""
    return TEXT_MASK if secret else ""


class SecretReveal(QObject):
    """Whether secrets are shown. They are masked again after 30 seconds, and when their window is left or hidden."""

    changed = Signal(bool)
    """Whether they are shown from now on."""

    _shown = False
    """Of the class too: when a dialog is collected its events still come by here, and this object is empty by then."""

    def __init__(self, host: QWidget, masked_after_ms: int = SHOWN_FOR_MS) -> None:
        super().__init__(host)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(masked_after_ms)
        self._timer.timeout.connect(self._on_timer_ended)
        host.installEventFilter(self)

    @property
    def shown(self) -> bool:
        """Whether secrets are shown now."""
        return self._shown

    def set_shown(self, shown: bool) -> None:
        """Show or mask; to show once more starts the 30 seconds anew."""
        if shown:
            self._timer.start()
        else:
            self._timer.stop()
        if shown != self._shown:
            self._shown = shown
            self.changed.emit(shown)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        # Qt hands the deactivation of a window down to every visible widget in it.
        if self._shown and event.type() in {QEvent.Type.WindowDeactivate, QEvent.Type.Hide}:
            self.set_shown(shown=False)
        return False

    @Slot()
    def _on_timer_ended(self) -> None:
        self.set_shown(shown=False)
