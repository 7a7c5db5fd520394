"""One half of an exchange: its first line and headers, and its body, JSON laid out to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.concur.redaction import REDACTED
from gui.session_requests import CopyRequest
from gui.widgets.body_text import BodyForm
from gui.widgets.code_view import CodeView
from gui.widgets.document_text import (
    COLOURED_LIMIT,
    SHOWN_LIMIT,
    Language,
    ShownText,
    hex_lines,
    laid_out,
    language_of,
    showable,
)
from gui.widgets.markup_highlighter import MarkupHighlighter
from gui.widgets.masking import beginning_of
from gui.widgets.parts import plain_label
from gui.widgets.secret_reveal import TEXT_MASK
from gui.widgets.theme import GRID

if TYPE_CHECKING:
    from gui.concur.models import Headers
    from gui.concur.redaction import Redactor


class MessageView(QWidget):
    """Shows a request or a response, with or without its secrets."""

    copy_requested = Signal(CopyRequest)

    def __init__(self, headers_name: str, body_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headers = CodeView(headers_name)
        self._body = CodeView(body_name)
        self._highlighter = MarkupHighlighter(self._body)
        self._remark = plain_label(role="small", wrap=True)
        for view in (self._headers, self._body):
            view.setMinimumHeight(8 * GRID)
            view.copy_requested.connect(self.copy_requested)
        lower = QWidget()
        lines = QVBoxLayout(lower)
        lines.setContentsMargins(0, GRID // 2, 0, 0)
        lines.setSpacing(GRID // 2)
        lines.addWidget(self._remark)
        lines.addWidget(self._body, 1)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self._headers)
        halves.addWidget(lower)
        halves.setStretchFactor(0, 2)
        halves.setStretchFactor(1, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GRID, 0, 0)
        layout.addWidget(halves)

    def show_message(self, first_line: str, headers: Headers, body: bytes, mask: Redactor | None) -> None:
        """Show it; with `mask` the secrets are taken out, `first_line` apart: that is ready to be shown."""
        shown = headers if mask is None else mask.headers(headers)
        lines = [first_line] if first_line else []
        lines += [f"{name}: {_one_line(value)}" for name, value in shown]
        text = "\n".join(lines)
        if mask is not None:
            text = text.replace(REDACTED, TEXT_MASK)
        self._headers.show_text(showable(text), holds_secrets=mask is None)
        self._show_body(body, mask)

    @property
    def shown_headers(self) -> str:
        """What can be read above."""
        return self._headers.toPlainText()

    @property
    def shown_body(self) -> str:
        """What can be read below."""
        return self._body.toPlainText()

    @property
    def remark(self) -> str:
        """What is said of the body."""
        return self._remark.text()

    def _show_body(self, body: bytes, mask: Redactor | None) -> None:
        beginning = beginning_of(body, mask, SHOWN_LIMIT)
        form, language, text = beginning.form, None, beginning.text
        if form is not BodyForm.NO_TEXT:
            language = _language_of(text)
            text = laid_out(text) if language is Language.JSON else text
            shown = showable(text, cut=not beginning.whole)
        elif mask is None:
            shown = hex_lines(body)
        else:
            shown = ShownText("")  # nobody can look for secrets in bytes that are no text
        self._highlighter.set_language(language if len(shown.text) <= COLOURED_LIMIT else None)
        self._body.set_wrapping(wraps=form is not BodyForm.NO_TEXT)
        self._body.show_text(shown, holds_secrets=mask is None)
        words = self._words_on(form, len(body), masked=mask is not None)
        if text != beginning.text:
            words.append(self.tr("laid out here"))
        if shown.cut:
            words.append(self.tr("only the beginning is shown, Copy body copies all of it"))
        elif shown.broken:
            words.append(self.tr("very long lines are broken here to be shown"))
        self._remark.setText(" · ".join(words))

    def _words_on(self, form: BodyForm, size: int, *, masked: bool) -> list[str]:
        if form is BodyForm.EMPTY:
            return [self.tr("No body")]
        words = [self.tr("Body: {size} bytes").format(size=f"{size:,}")]
        if form is BodyForm.DAMAGED_TEXT:
            words.append(self.tr("not all of it is UTF-8, the rest shows as �"))
        elif form is BodyForm.WIDE_TEXT:
            words.append("UTF-16 or UTF-32")
        elif form is BodyForm.NO_TEXT and masked:
            words.append(self.tr("no text, so it cannot be searched for secrets. Show secrets shows it in hex"))
        elif form is BodyForm.NO_TEXT:
            words.append(self.tr("no text, shown in hex"))
        return words


def _language_of(text: str) -> Language | None:
    """Return what a body is written in, by its beginning; a form or a sentence is in neither."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    return language_of(text) if start in {"{", "[", "<"} else None


def _one_line(value: str) -> str:
    return value.replace("\r", "␍").replace("\n", "␊")
