"""What is under way, since when, and a way to call it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.session_state import Control
from gui.widgets.parts import Button, ElidedLabel
from gui.widgets.token_times import now_utc
from gui.widgets.words import operation_text

if TYPE_CHECKING:
    from gui.session_view import Activity, SessionView
    from gui.widgets.token_times import Clock

_SECOND_MS = 1000


class ActivityLine(QWidget):
    """One line: "exchange of the request token, since 3 s", and Cancel."""

    cancel_requested = Signal()

    def __init__(self, clock: Clock = now_utc, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = clock
        self._activity: Activity | None = None
        self.text = ElidedLabel(role="muted")
        self.cancel_button = Button(self.tr("Cancel"))
        self.cancel_button.clicked.connect(self.cancel_requested)
        self._seconds = QTimer(self)
        self._seconds.setInterval(_SECOND_MS)
        self._seconds.timeout.connect(self._on_second_passed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.cancel_button)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show the activity of a view."""
        self._activity = view.activity
        self.cancel_button.setEnabled(Control.CANCEL in view.controls)
        if view.activity is None:
            self._seconds.stop()
        elif not self._seconds.isActive():
            self._seconds.start()
        self._word()

    def _word(self) -> None:
        if self._activity is None:
            self.text.set_whole_text("")
            return
        what = operation_text(self._activity.operation)
        seconds = max(int((self._now() - self._activity.started_at).total_seconds()), 0)
        if self._activity.cancelling:
            self.text.set_whole_text(self.tr("cancelling: {what}").format(what=what), self.tr("cancelling…"))
        else:
            whole = self.tr("{what}, since {seconds} s").format(what=what, seconds=seconds)
            self.text.set_whole_text(whole, self.tr("since {seconds} s").format(seconds=seconds))

    @Slot()
    def _on_second_passed(self) -> None:
        self._word()
