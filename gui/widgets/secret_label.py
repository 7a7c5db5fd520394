"""A secret on the screen: dots, until somebody asks to see it, and dots again soon after."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFontMetrics, QHideEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.widgets.theme import code_font

SHOWN_FOR_MS = 30_000
_DOTS = "•" * 16
"""Always as many: the length of a secret is nobody's business."""


class SecretLabel(QWidget):
    """One line. The secret is in no tooltip and no accessible text; it is painted, and only while it is shown."""

    shown_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(code_font())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._secret = ""
        self._shown = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_FOR_MS)
        self._timer.timeout.connect(self.hide_secret)

    @property
    def shown(self) -> bool:
        """Whether it can be read now."""
        return self._shown

    @property
    def text(self) -> str:
        """What is on the screen."""
        if not self._secret:
            return "—"
        return self._secret if self._shown else _DOTS

    def set_secret(self, secret: str) -> None:
        """Hold another secret, masked; the same one stays as it is."""
        if secret != self._secret:
            self._secret = secret
            self.hide_secret()
            self.update()

    def show_secret(self) -> None:
        """Show it for 30 seconds, or until the window is left."""
        if self._secret:
            self._timer.start()
            self._show(shown=True)

    @Slot()
    def hide_secret(self) -> None:
        """Back to dots."""
        self._timer.stop()
        self._show(shown=False)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(_DOTS) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.hide_secret()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowDeactivate:
            self.hide_secret()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.setFont(self.font())
        metrics = QFontMetrics(self.font())
        line = metrics.elidedText(self.text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, line)
        painter.end()

    def _show(self, *, shown: bool) -> None:
        if shown != self._shown:
            self._shown = shown
            self.shown_changed.emit(shown)
            self.update()
