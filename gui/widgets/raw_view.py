"""The answer as it came: status, headers, bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from gui.concur.redaction import REDACTED
from gui.widgets.document_text import HEX_LIMIT, SHOWN_LIMIT, hex_lines, showable, with_line_ends_marked
from gui.widgets.masking import beginning_of, margin_for, redactor_of_token, secret_bytes
from gui.widgets.secret_reveal import TEXT_MASK
from gui.widgets.token_text_view import TokenTextView

if TYPE_CHECKING:
    from gui.concur.models import HttpExchange
    from gui.concur.redaction import Redactor
    from gui.session_view import ShownToken


class RawView(TokenTextView):
    """The tab "Raw"."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.code.set_name(self.tr("Answer as it came"))
        self._line_ends = QCheckBox(self.tr("Line ends"))
        self._line_ends.setAccessibleDescription(self.tr("Marks carriage returns and line feeds of the body"))
        self._hex = QCheckBox(self.tr("Hex"))
        self._hex.setAccessibleDescription(self.tr("Shows the bytes of the body with their offsets"))
        for box in (self._line_ends, self._hex):
            box.toggled.connect(self._on_box_toggled)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.note_label, 1)
        row.addWidget(self._line_ends)
        row.addWidget(self._hex)
        self.column.addLayout(row)
        self.refill()

    def fill(self, shown: ShownToken | None, *, revealed: bool) -> None:
        """Say the answer, as text or as hex."""
        body = _body_of(shown)
        for box in (self._line_ends, self._hex):
            box.setEnabled(body is not None)
        self._line_ends.setEnabled(body is not None and not self._hex.isChecked())
        self.code.set_wrapping(wraps=not self._hex.isChecked())
        if shown is None or body is None:
            not_kept = self.tr("The answer itself is not kept, only its parts: see Fields.")
            self.say_nothing(not_kept if shown is not None else "")
        elif self._hex.isChecked():
            self._fill_with_hex(shown, body, revealed=revealed)
        else:
            self._fill_with_text(shown, body, revealed=revealed)

    def _fill_with_text(self, shown: ShownToken, body: bytes, *, revealed: bool) -> None:
        secrets = None if revealed else self._secrets_of(shown)
        beginning = beginning_of(body, secrets, SHOWN_LIMIT)
        text = with_line_ends_marked(beginning.text) if self._line_ends.isChecked() else beginning.text
        result = showable(_head_of(shown, secrets) + text, cut=not beginning.whole)
        answer = _answer_of(shown)
        note = ""
        if result.cut:
            note = self.tr("Only the beginning of {bytes} bytes is shown, 50 KB at most.").format(bytes=len(body))
        elif answer is not None and answer.response_header("content-encoding"):
            note = self.tr("The content coding of the body has been undone.")
        elif result.broken:
            note = self.tr("Very long lines are broken here to be shown.")
        self.say(result, note)

    def _fill_with_hex(self, shown: ShownToken, body: bytes, *, revealed: bool) -> None:
        # A secret across the end of what is shown is looked for as a whole.
        looked_at = body[: HEX_LIMIT + margin_for(self._secrets_of(shown))]
        places = () if revealed else secret_bytes(looked_at, shown.live, self.consumer_secret)
        if places is None:
            self.say_nothing(
                self.tr("The secrets in this body cannot be masked byte by byte. Show secrets to see it as hex.")
            )
            return
        result = hex_lines(body, places)
        note = self.tr("{bytes} bytes, without the headers").format(bytes=len(body))
        if result.cut:
            note = self.tr("Only the first 16 KB of {bytes} bytes are shown.").format(bytes=len(body))
        self.say(result, note)

    def _secrets_of(self, shown: ShownToken) -> Redactor:
        return redactor_of_token(shown.live, self.consumer_secret)

    @Slot(bool)
    def _on_box_toggled(self, _on: bool) -> None:
        self.refill()


def _head_of(shown: ShownToken, secrets: Redactor | None) -> str:
    answer = _answer_of(shown)
    if answer is None:
        return ""
    headers, reason = answer.response_headers, answer.reason
    if secrets is not None:
        headers, reason = secrets.headers(headers), secrets.text(reason)
    lines = [f"HTTP {answer.status} {reason}".rstrip(), *(f"{name}: {value}" for name, value in headers)]
    return "\n".join(lines).replace(REDACTED, TEXT_MASK) + "\n\n"


def _answer_of(shown: ShownToken) -> HttpExchange | None:
    return shown.answer or (shown.document.answer if shown.document is not None else None)


def _body_of(shown: ShownToken | None) -> bytes | None:
    if shown is None:
        return None
    if shown.document is not None:
        return shown.document.raw
    return shown.answer.response_body if shown.answer is not None else None
