"""A line to type or paste into, without the spaces and line breaks that come along when a value is copied."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.widgets.theme import code_font

_ONE_KEY = 1
"""A key adds one character; what adds more was pasted or dropped."""


class TrimmedLine(QLineEdit):
    """One line. Where spaces belong inside, as in a name, they are trimmed from what is pasted only: "My " goes on."""

    trimmed = Signal()
    """Something was removed around the text."""

    def __init__(self, *, code: bool = True, spaces_inside: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spaces_inside = spaces_inside
        self._length_before = 0
        if code:
            self.setFont(code_font())
        self.textChanged.connect(self._on_text_changed)
        self.textEdited.connect(self._on_text_edited)

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        added, self._length_before = len(text) - self._length_before, len(text)
        bare = text.strip()
        if bare == text or (self._spaces_inside and added <= _ONE_KEY):
            return
        place = self.cursorPosition() - (len(text) - len(text.lstrip()))
        self.setText(bare)
        self.setCursorPosition(min(max(place, 0), len(bare)))
        self.trimmed.emit()

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        # textEdited comes first; this is for texts that the program sets.
        self._length_before = len(text)
