"""A mistake of this program: what happened, and a redacted report to copy. The window goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout

from gui.session_requests import CopyRequest
from gui.widgets.code_view import CodeView
from gui.widgets.document_text import showable
from gui.widgets.parts import Button, plain_label, title_label
from gui.widgets.theme import GRID
from gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_REPORTS_KEPT = 10
_SIZE = (640, 420)


class FaultDialog(QDialog):
    """Non-modal. Further reports are added below while it is open; secrets have been taken out before they come."""

    copy_requested = Signal(CopyRequest)

    def __init__(self, parent: QWidget | None = None, *, about: str = "") -> None:
        """`about`: what the report begins with, such as versions."""
        super().__init__(parent)
        self._about = about
        self.setWindowTitle(self.tr("App Center Flow made a mistake"))
        self._reports: list[str] = []
        self._heard = 0
        self._count = plain_label(role="small")
        self._text = CodeView(self.tr("Report"))
        self._copy = Button(self.tr("&Copy the report"))
        self._copy.setObjectName("copy_report")
        self._copy.clicked.connect(self._on_copy_clicked)
        close = Button(self.tr("C&lose"))
        close.clicked.connect(self.reject)
        words = WrappedLabel()
        words.set_whole_text(
            self.tr(
                "Something failed that should not. The window goes on, and tokens that were issued are listed under "
                "Issued tokens. Please report it with the text below; secrets have been taken out of it."
            )
        )
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addWidget(self._count)
        buttons.addStretch(1)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(title_label(self.tr("App Center Flow made a mistake")))
        layout.addWidget(words)
        layout.addWidget(self._text, 1)
        layout.addLayout(buttons)
        self.resize(*_SIZE)

    def show_report(self, report: str) -> None:
        """Show a report, and come up if that is not so already."""
        if not self.isVisible():
            self._reports.clear()
            self._heard = 0
        if len(self._reports) == _REPORTS_KEPT:
            del self._reports[1]  # the first is the cause, more often than not
        self._reports.append(report.rstrip())
        self._text.show_text(showable(self.whole_text), holds_secrets=False)
        self.count_again()
        self.show()

    def count_again(self) -> None:
        """Count one that was shown before; a dialog that has been closed stays closed."""
        self._heard += 1
        self._count.setText(self.tr("{count} reports").format(count=self._heard) if self._heard > 1 else "")

    @property
    def report(self) -> str:
        """The reports that are shown."""
        return "\n\n".join(self._reports)

    @property
    def whole_text(self) -> str:
        """All that would be copied."""
        return f"{self._about}\n\n{self.report}" if self._about else self.report

    @Slot()
    def _on_copy_clicked(self) -> None:
        self.copy_requested.emit(CopyRequest(self.whole_text, self.tr("Report")))
