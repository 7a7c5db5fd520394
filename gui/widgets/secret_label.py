"""A secret on the screen: dots, until somebody asks to see it, and dots again soon after."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.widgets.secret_reveal import SHOWN_FOR_MS, TEXT_MASK, SecretReveal, masked
from gui.widgets.theme import code_font


class SecretLabel(QWidget):
    """One line. The secret is in no tooltip and no accessible text; it is painted, and only while it is shown."""

    shown_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None, masked_after_ms: int = SHOWN_FOR_MS) -> None:
        super().__init__(parent)
        self.setFont(code_font())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._secret = ""
        self._reveal = SecretReveal(self, masked_after_ms)
        self._reveal.changed.connect(self._on_reveal_changed)

    @property
    def shown(self) -> bool:
        """Whether it can be read now."""
        return self._reveal.shown

    @property
    def text(self) -> str:
        """What is on the screen."""
        if not self._secret:
            return "—"
        return self._secret if self._reveal.shown else masked(self._secret)

    def set_secret(self, secret: str) -> None:
        """Hold another secret, masked; the same one stays as it is."""
        if secret != self._secret:
            self._secret = secret
            self.hide_secret()
            self.update()

    def show_secret(self) -> None:
        """Show it for 30 seconds, or until the window is left."""
        if self._secret:
            self._reveal.set_shown(shown=True)

    def hide_secret(self) -> None:
        """Back to dots."""
        self._reveal.set_shown(shown=False)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(TEXT_MASK) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.setFont(self.font())
        metrics = QFontMetrics(self.font())
        line = metrics.elidedText(self.text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, line)
        painter.end()

    @Slot(bool)
    def _on_reveal_changed(self, shown: bool) -> None:
        self.shown_changed.emit(shown)
        self.update()
