"""A line to type or paste into, without the spaces and line breaks that come along when a value is copied."""

from __future__ import annotations

from itertools import takewhile

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.widgets.theme import code_font

_ONE_KEY = 1
"""A key adds one character; what adds more was pasted or dropped."""


class TrimmedLine(QLineEdit):
    """One line. What is pasted is trimmed at once; what is typed is not: "My " may go on, and a secret is masked."""

    typed = Signal()
    """A person has changed the text; what is trimmed of it is so after this."""
    trimmed = Signal()
    """Something was removed around the text."""

    def __init__(self, *, code: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = ""
        if code:
            self.setFont(code_font())
        self.textChanged.connect(self._on_text_changed)
        self.textEdited.connect(self._on_text_edited)

    @Slot(str)
    def _on_text_edited(self, text: str) -> None:
        self.typed.emit()
        added, self._before = _added(self._before, text), text
        bare = text.strip()
        no_line_break = text.strip(" ") == bare  # the others cannot be typed into one line
        if bare == text or (added <= _ONE_KEY and no_line_break):
            return
        place = self.cursorPosition() - (len(text) - len(text.lstrip()))
        self.setText(bare)
        self.setCursorPosition(min(max(place, 0), len(bare)))
        self.trimmed.emit()

    @Slot()
    def _on_text_changed(self) -> None:
        # textEdited comes first; this is for texts that the program sets. After a text was trimmed Qt still reports the
        # one before: ask.
        self._before = self.text()


def _added(before: str, after: str) -> int:
    """Return how many characters were put in, in the place of some or of none."""
    same_start = _same(before, after)
    return len(after) - same_start - _same(before[same_start:][::-1], after[same_start:][::-1])


def _same(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
