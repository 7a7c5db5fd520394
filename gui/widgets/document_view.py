"""The access-token document as it is read best, its secrets masked until they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.widgets.document_text import COLOURED_LIMIT, SHOWN_LIMIT, laid_out, language_of, showable
from gui.widgets.markup_highlighter import MarkupHighlighter
from gui.widgets.masking import beginning_of, redactor_of_token
from gui.widgets.token_text_view import TokenTextView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.session_view import ShownToken
    from gui.widgets.document_text import ShownText


class DocumentView(TokenTextView):
    """The tab "Document"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code.set_name(self.tr("Access-token document"))
        self._highlighter = MarkupHighlighter(self.code)
        self.column.addWidget(self.note_label)
        self.note_label.hide()

    def fill(self, shown: ShownToken | None, *, revealed: bool) -> None:
        """Say the document, laid out."""
        document = shown.document if shown is not None else None
        if shown is None or document is None:
            not_kept = self.tr("The document itself is not kept, only its parts: see Fields.")
            self.say_nothing(not_kept if shown is not None else "")
            return
        secrets = None if revealed else redactor_of_token(shown.live, self.consumer_secret)
        beginning = beginning_of(document.raw, secrets, SHOWN_LIMIT)
        text = showable(laid_out(beginning.text), cut=not beginning.whole)
        self._highlighter.set_language(language_of(beginning.text) if len(text.text) <= COLOURED_LIMIT else None)
        self.say(text, self._note_on(text, len(document.raw)))

    def say(self, text: ShownText, note: str) -> None:
        """Show a text; the note has a place only while there is one."""
        super().say(text, note)
        self.note_label.setVisible(bool(note))

    def say_nothing(self, why: str) -> None:
        """Show nothing, and no note."""
        super().say_nothing(why)
        self.note_label.hide()

    def _note_on(self, shown: ShownText, size: int) -> str:
        if shown.cut:
            return self.tr(
                "Only the beginning of {bytes} bytes is shown, 50 KB at most. Save writes all of them."
            ).format(bytes=size)
        if shown.broken:
            return self.tr("Very long lines are broken here to be shown. Save writes the document as it came.")
        return ""
