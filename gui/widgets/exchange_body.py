"""What a body is: text, damaged text, or no text at all."""

from __future__ import annotations

from enum import Enum, auto

from gui.widgets.document_text import SHOWN_LIMIT

READ_LIMIT = 2 * SHOWN_LIMIT
"""Bytes that are looked at to show the beginning. Well past what is shown: a secret across the cut is found whole."""
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_TEXT_CONTROLS = frozenset("\t\n\r\f\v\x1b")
_REPLACED = "�"
_ODD_SHARE = 0.1
"""More odd characters than this, and it is no text."""


class BodyForm(Enum):
    """How a body is shown."""

    EMPTY = auto()
    TEXT = auto()
    DAMAGED_TEXT = auto()
    """Text with bytes in it that are none; they are replaced."""
    WIDE_TEXT = auto()
    """UTF-16."""
    NO_TEXT = auto()


def body_text(body: bytes, limit: int | None = None) -> tuple[BodyForm, str]:
    """Return the form of a body and its text, "" where it is none; with a limit only of so many bytes."""
    if not body:
        return BodyForm.EMPTY, ""
    beginning = body[:limit]
    wide = beginning.startswith(_WIDE_MARKS)
    text = beginning.decode("utf-16" if wide else "utf-8", errors="replace")
    if len(beginning) < len(body):
        text = text.rstrip(_REPLACED)  # we may have cut a character in two
    odd = sum(text.count(letter) for letter in set(text) if _is_odd(letter))
    if "\0" in text or odd > len(text) * _ODD_SHARE:
        return BodyForm.NO_TEXT, ""
    if wide:
        return BodyForm.WIDE_TEXT, text
    return (BodyForm.DAMAGED_TEXT if odd else BodyForm.TEXT), text


def copied_text(body: bytes) -> str:
    """Return all of a body, to be copied: as text, or as hex where it is none."""
    form, text = body_text(body)
    return body.hex(" ") if form is BodyForm.NO_TEXT else text


def _is_odd(letter: str) -> bool:
    return letter == _REPLACED or (letter < " " and letter not in _TEXT_CONTROLS)
