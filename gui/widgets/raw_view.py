"""The answer as it came: status, headers, bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from gui.concur.redaction import REDACTED
from gui.session_requests import CopyRequest
from gui.widgets.code_view import CodeView
from gui.widgets.document_text import hex_lines, showable, with_line_ends_marked
from gui.widgets.masking import TEXT_MASK, masked_text, redactor_of_token, secret_bytes, text_of_body
from gui.widgets.parts import plain_label

if TYPE_CHECKING:
    from gui.concur.models import HttpExchange
    from gui.session_view import SessionView, ShownToken
    from gui.widgets.document_text import ShownText


class RawView(QWidget):
    """The tab "Raw"."""

    copy_requested = Signal(CopyRequest)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: ShownToken | None = None
        self._revealed = False
        self._code = CodeView(self.tr("Answer as it came"))
        self._code.copy_requested.connect(self.copy_requested)
        self._line_ends = QCheckBox(self.tr("Line ends"))
        self._line_ends.setAccessibleDescription(self.tr("Marks carriage returns and line feeds of the body"))
        self._hex = QCheckBox(self.tr("Hex"))
        self._hex.setAccessibleDescription(self.tr("Shows the bytes of the body with their offsets"))
        for box in (self._line_ends, self._hex):
            box.toggled.connect(self._on_box_toggled)
        self._note = plain_label(role="small", wrap=True)
        self._lay_out()
        self.setFocusProxy(self._code)
        self._fill()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._note, 1)
        row.addWidget(self._line_ends)
        row.addWidget(self._hex)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._code, 1)
        layout.addLayout(row)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show the answer of a view."""
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

    @property
    def note(self) -> str:
        """What is said beneath the text."""
        return self._note.text()

    def _fill(self) -> None:
        shown = self._shown
        body = _body_of(shown)
        for box in (self._line_ends, self._hex):
            box.setEnabled(body is not None)
        self._line_ends.setEnabled(body is not None and not self._hex.isChecked())
        self._code.set_wrapping(wraps=not self._hex.isChecked())
        if shown is None or body is None:
            not_kept = self.tr("The answer itself is not kept, only its parts: see Fields.")
            self._code.show_nothing(not_kept if shown is not None else "")
            self._note.setText("")
        elif self._hex.isChecked():
            self._fill_with_hex(shown, body)
        else:
            self._fill_with_text(shown, body)

    def _fill_with_text(self, shown: ShownToken, body: bytes) -> None:
        text = text_of_body(body)
        if not self._revealed:
            text = masked_text(text, redactor_of_token(shown.live))
        if self._line_ends.isChecked():
            text = with_line_ends_marked(text)
        result = showable(self._head_of(shown) + text)
        answer = _answer_of(shown)
        note = ""
        if result.cut:
            note = self.tr("Only the beginning of {bytes} bytes is shown, 200 KB at most.").format(bytes=len(body))
        elif answer is not None and answer.response_header("content-encoding"):
            note = self.tr("The content coding of the body has been undone.")
        elif result.broken:
            note = self.tr("Very long lines are broken here to be shown.")
        self._show(result, note)

    def _fill_with_hex(self, shown: ShownToken, body: bytes) -> None:
        places = () if self._revealed else secret_bytes(body, shown.live)
        if places is None:
            self._code.show_nothing(
                self.tr("The secrets in this body cannot be masked byte by byte. Show secrets to see it as hex.")
            )
            self._note.setText("")
            return
        result = hex_lines(body, places)
        note = self.tr("{bytes} bytes, without the headers").format(bytes=len(body))
        if result.cut:
            note = self.tr("Only the first 16 KB of {bytes} bytes are shown.").format(bytes=len(body))
        self._show(result, note)

    def _head_of(self, shown: ShownToken) -> str:
        answer = _answer_of(shown)
        if answer is None:
            return ""
        headers, reason = answer.response_headers, answer.reason
        if not self._revealed:
            secrets = redactor_of_token(shown.live)
            headers, reason = secrets.headers(headers), secrets.text(reason)
        lines = [f"HTTP {answer.status} {reason}".rstrip(), *(f"{name}: {value}" for name, value in headers)]
        return "\n".join(lines).replace(REDACTED, TEXT_MASK) + "\n\n"

    def _show(self, text: ShownText, note: str) -> None:
        self._code.show_text(text, holds_secrets=self._revealed)
        self._note.setText(note)

    @Slot(bool)
    def _on_box_toggled(self, _on: bool) -> None:
        self._fill()


def _answer_of(shown: ShownToken) -> HttpExchange | None:
    return shown.answer or (shown.document.answer if shown.document is not None else None)


def _body_of(shown: ShownToken | None) -> bytes | None:
    if shown is None:
        return None
    if shown.document is not None:
        return shown.document.raw
    return shown.answer.response_body if shown.answer is not None else None
