"""The access-token document as it is read best, its secrets masked until they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.session_requests import CopyRequest
from gui.widgets.code_view import CodeView
from gui.widgets.document_text import laid_out, language_of, showable
from gui.widgets.markup_highlighter import MarkupHighlighter
from gui.widgets.masking import masked_text, redactor_of_token, text_of_body
from gui.widgets.parts import plain_label

if TYPE_CHECKING:
    from gui.session_view import SessionView, ShownToken
    from gui.widgets.document_text import ShownText

_COLOURED_LIMIT = 20_000
"""Characters. Colours help in a document; in something endless they would only take time."""


class DocumentView(QWidget):
    """The tab "Document"."""

    copy_requested = Signal(CopyRequest)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: ShownToken | None = None
        self._revealed = False
        self._code = CodeView(self.tr("Access-token document"))
        self._code.copy_requested.connect(self.copy_requested)
        self._highlighter = MarkupHighlighter(self._code)
        self._note = plain_label(role="small", wrap=True)
        self._note.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._code, 1)
        layout.addWidget(self._note)
        self.setFocusProxy(self._code)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show the document of a view."""
        if view.shown != self._shown:
            self._shown = view.shown
            self._fill()

    def set_revealed(self, revealed: bool) -> None:
        """Show the secrets in it, or mask them."""
        if revealed != self._revealed:
            self._revealed = revealed
            self._fill()

    @property
    def shown_text(self) -> str:
        """What can be read and copied now."""
        return self._code.toPlainText()

    def _fill(self) -> None:
        document = self._shown.document if self._shown is not None else None
        if self._shown is None or document is None:
            not_kept = self.tr("The document itself is not kept, only its parts: see Fields.")
            self._code.show_nothing(not_kept if self._shown is not None else "")
            self._say("")
            return
        text = text_of_body(document.raw)
        shown = showable(laid_out(text if self._revealed else masked_text(text, redactor_of_token(self._shown.live))))
        self._highlighter.set_language(language_of(text) if len(shown.text) <= _COLOURED_LIMIT else None)
        self._code.show_text(shown, holds_secrets=self._revealed)
        self._say(self._note_on(shown, len(document.raw)))

    def _note_on(self, shown: ShownText, size: int) -> str:
        if shown.cut:
            return self.tr(
                "Only the beginning of {bytes} bytes is shown, 200 KB at most. Save writes all of them."
            ).format(bytes=size)
        if shown.broken:
            return self.tr("Very long lines are broken here to be shown. Save writes the document as it came.")
        return ""

    def _say(self, note: str) -> None:
        self._note.setText(note)
        self._note.setVisible(bool(note))
