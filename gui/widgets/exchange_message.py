"""One half of an exchange: its first line and headers, and its body as it came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from gui.concur.redaction import REDACTED
from gui.widgets.exchange_body import BodyForm, body_text
from gui.widgets.exchange_words import MASK
from gui.widgets.parts import plain_label
from gui.widgets.theme import GRID, code_font

if TYPE_CHECKING:
    from gui.concur.models import Headers
    from gui.concur.redaction import Redactor


class MessageView(QWidget):
    """Shows a request or a response, with or without its secrets."""

    def __init__(self, headers_name: str, body_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headers = _code_view(headers_name)
        self._body = _code_view(body_name)
        self._remark = plain_label(role="small", wrap=True)
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
        _set_text(self._headers, "\n".join(lines).replace(REDACTED, MASK) if mask else "\n".join(lines))
        self._show_body(body, mask)

    def _show_body(self, body: bytes, mask: Redactor | None) -> None:
        found = body_text(body)
        text = found.text
        if mask is not None:
            # Nobody can look for secrets in bytes that are no text.
            text = "" if found.form is BodyForm.HEX else mask.text(text).replace(REDACTED, MASK)
        _set_text(self._body, text[: found.limit])
        self._body.setEnabled(bool(body))
        self._remark.setText(self._words_on(found.form, len(body), cut=found.cut, masked=mask is not None))

    def _words_on(self, form: BodyForm, size: int, *, cut: bool, masked: bool) -> str:
        if form is BodyForm.EMPTY:
            return self.tr("No body")
        words = [self.tr("Body: {size} bytes").format(size=f"{size:,}")]
        if form is BodyForm.DAMAGED_TEXT:
            words.append(self.tr("not all of it is UTF-8: what is not shows as �"))
        elif form is BodyForm.WIDE_TEXT:
            words.append(self.tr("UTF-16"))
        elif form is BodyForm.HEX and masked:
            words.append(self.tr("no text, so it cannot be searched for secrets: Show secrets shows it in hex"))
        elif form is BodyForm.HEX:
            words.append(self.tr("no text, shown in hex"))
        if cut and not (form is BodyForm.HEX and masked):
            words.append(self.tr("only the beginning is shown, Copy body copies all of it"))
        return self.tr("; ").join(words)


def _code_view(name: str) -> QPlainTextEdit:
    view = QPlainTextEdit()
    view.setReadOnly(True)
    view.setUndoRedoEnabled(False)  # what was masked again shall not come back
    view.setTabChangesFocus(True)
    view.setFont(code_font())
    view.setAccessibleName(name)
    view.setMinimumHeight(8 * GRID)
    view.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return view


def _set_text(view: QPlainTextEdit, text: str) -> None:
    """Show a text at the place where the last one was read."""
    if text == view.toPlainText():
        return
    place = view.verticalScrollBar().value()
    view.setPlainText(text)
    view.verticalScrollBar().setValue(place)


def _one_line(value: str) -> str:
    return value.replace("\r", "␍").replace("\n", "␊")
