"""A text that wraps wherever it has to: a URL of 5,000 characters makes no window wide."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy

from gui.widgets.theme import small_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_LONGEST_PIECE = 20
_BREAK_HERE = "\u200b"
"""Zero width space: QLabel knows no other way to break a word."""


class WrappedLabel(QLabel):
    """Plain text over as many lines as it needs; words that are too long for a line are broken."""

    def __init__(self, text: str = "", *, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if role:
            self.setProperty("role", role)
        if role == "small":
            self.setFont(small_font(self.font()))
        self._whole = ""
        self.set_whole_text(text)

    @property
    def whole_text(self) -> str:
        """The text as it was given."""
        return self._whole

    def set_whole_text(self, text: str) -> None:
        """Show a text; its line breaks are kept."""
        if text != self._whole or not self._whole:
            self._whole = text
            self.setText(breakable(text))
            self.setAccessibleName(text)


def breakable(text: str) -> str:
    """Return the text with places to break in every run of characters that is too long for a narrow card."""
    pieces: list[str] = []
    run = 0
    for character in text:
        if run >= _LONGEST_PIECE and not character.isspace() and not unicodedata.combining(character):
            pieces.append(_BREAK_HERE)
            run = 0
        run = 0 if character.isspace() else run + 1
        pieces.append(character)
    return "".join(pieces)
