"""Text that came over the wire: to be read, selected and copied, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QTextOption
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QWidget

from gui.session_requests import CopyRequest
from gui.widgets.theme import code_font

if TYPE_CHECKING:
    from gui.widgets.document_text import ShownText

_LINE_ENDS_OF_QT = str.maketrans({"\u2029": "\n", "\u2028": "\n"})


class CodeView(QPlainTextEdit):
    """Read-only and monospace. A copy goes out as a request, so that a secret leaves the clipboard again."""

    copy_requested = Signal(CopyRequest)

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._holds_secrets = False
        self.set_name(name)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFont(code_font())
        options = QTextOption()
        # A document is read from the left, whatever the language of a value in it.
        options.setTextDirection(Qt.LayoutDirection.LeftToRight)
        options.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
        self.document().setDefaultTextOption(options)
        self.set_wrapping(wraps=True)

    def set_name(self, name: str) -> None:
        """Say what the text is, to those who cannot see it and beside what is copied."""
        self._name = name
        self.setAccessibleName(name)

    def set_wrapping(self, *, wraps: bool) -> None:
        """Break long lines at the edge, or scroll sideways, as tables of hex need."""
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth if wraps else QPlainTextEdit.LineWrapMode.NoWrap)

    def show_text(self, shown: ShownText, *, holds_secrets: bool) -> None:
        """Show a text and say whether secrets can be read in it. The place that was scrolled to is kept."""
        self._holds_secrets = holds_secrets
        self._say_why_empty("")
        if shown.text != self.toPlainText():
            line = self.verticalScrollBar().value()
            self.setPlainText(shown.text)
            self.verticalScrollBar().setValue(line)

    def show_nothing(self, why: str) -> None:
        """Be empty, and say why in the empty place."""
        self._holds_secrets = False
        self.setPlainText("")
        self._say_why_empty(why)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._on_copy_triggered()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(self.tr("Copy"))
        copy.setEnabled(self.textCursor().hasSelection())
        copy.triggered.connect(self._on_copy_triggered)
        menu.addAction(self.tr("Select all")).triggered.connect(self.selectAll)
        menu.popup(event.globalPos())

    def _say_why_empty(self, why: str) -> None:
        self.setPlaceholderText(why)
        self.setAccessibleDescription(why)

    @Slot()
    def _on_copy_triggered(self) -> None:
        text = self.textCursor().selectedText().translate(_LINE_ENDS_OF_QT)
        if text:
            self.copy_requested.emit(CopyRequest(text, self._name, secret=self._holds_secrets))
