"""From the bytes of a body to what is shown of them: text where they are text, hex where they are not."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

LONGEST_SHOWN = 200 * 1024
"""Bytes of a text; a longer one is cut, for no window lays out megabytes while somebody waits."""
_LONGEST_HEX = 16 * 1024
_MARGIN = 4096
"""Read beyond the cut, so that a secret across it is whole when it is looked for."""
_BYTES_OF_A_LINE = 16
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_TEXT_CONTROLS = frozenset("\t\n\r\f\v\x1b\ufeff")
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
    HEX = auto()


@dataclass(frozen=True, slots=True)
class BodyText:
    """What is shown of a body."""

    form: BodyForm
    text: str = field(repr=False)
    """With a margin beyond `limit` where it is cut: mask it, then take the beginning."""
    limit: int
    """Characters to show."""
    cut: bool


def body_text(body: bytes) -> BodyText:
    """Return what is shown of a body."""
    if not body:
        return BodyText(BodyForm.EMPTY, "", 0, cut=False)
    cut = len(body) > LONGEST_SHOWN
    beginning = body[: LONGEST_SHOWN + _MARGIN]
    form, text = _text(beginning, whole=len(beginning) == len(body))
    if form is not BodyForm.HEX:
        return BodyText(form, text, LONGEST_SHOWN, cut=cut)
    return BodyText(form, _hex(body[:_LONGEST_HEX]), len(body) * _BYTES_OF_A_LINE, cut=len(body) > _LONGEST_HEX)


def whole_text(body: bytes) -> str:
    """Return all of a body, to be copied: as text, or as hex where it is none."""
    form, text = _text(body, whole=True)
    return _hex(body) if form is BodyForm.HEX else text


def _text(body: bytes, *, whole: bool) -> tuple[BodyForm, str]:
    wide = body.startswith(_WIDE_MARKS)
    text = body.decode("utf-16" if wide else "utf-8", errors="replace")
    odd = sum(1 for letter in text if letter == "�" or (letter < " " and letter not in _TEXT_CONTROLS))
    if not whole and text.endswith("�"):
        odd -= 1  # cut in the middle of a character, by us
    if "\0" in text or odd > len(text) * _ODD_SHARE:
        return BodyForm.HEX, ""
    if wide:
        return BodyForm.WIDE_TEXT, text
    return (BodyForm.DAMAGED_TEXT if odd else BodyForm.TEXT), text


def _hex(body: bytes) -> str:
    lines = []
    for start in range(0, len(body), _BYTES_OF_A_LINE):
        piece = body[start : start + _BYTES_OF_A_LINE]
        letters = "".join(chr(octet) if 0x20 <= octet < 0x7F else "." for octet in piece)  # noqa: PLR2004  # ASCII
        lines.append(f"{start:08x}  {piece.hex(' '):<47}  {letters}")
    return "\n".join(lines)
