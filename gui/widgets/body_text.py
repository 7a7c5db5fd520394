"""From the bytes of a body to its text: the one way for every view that shows a body."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum, auto

_LONGEST_CHARACTER = 4
"""Bytes, in each of the encodings."""
_MARK_AND_HALF = 2
"""Characters that a byte order mark and a character cut in two may be short of."""
_REPLACED = "�"
_ODD = (_REPLACED, *(chr(code) for code in range(0x20) if chr(code) not in "\t\n\r\f\v\x1b"))
_ODD_SHARE = 0.1
"""More odd characters than this, and it is no text."""


class BodyForm(Enum):
    """How a body is shown."""

    EMPTY = auto()
    TEXT = auto()
    DAMAGED_TEXT = auto()
    """Text with bytes in it that are none; they are replaced."""
    WIDE_TEXT = auto()
    """UTF-16 or UTF-32."""
    NO_TEXT = auto()


@dataclass(frozen=True, slots=True)
class BodyText:
    """What was read of a body."""

    form: BodyForm
    text: str = field(repr=False)
    """Of bytes that are no text as well: whoever shows it shows hardly anything but replacements."""
    whole: bool = True
    """Whether this is all of it."""


def encoding_of(body: bytes) -> str:
    """Return the encoding of a body: by its byte order mark, or else by where there are NULs in its first four bytes.

    The latter is how JSON is told (RFC 4627, 3), and does for XML too. It is believed only where a character of ASCII
    begins the text; anything else is taken for UTF-8, which is what it is where it is a text at all.
    """
    encoding = json.detect_encoding(body[:_LONGEST_CHARACTER])
    if encoding.endswith(("le", "be")):
        first = body[:_LONGEST_CHARACTER].decode(encoding, errors="replace")[:1]
        if not first.isascii() or not (first.isprintable() or first.isspace()):
            return "utf-8"
    return encoding


def read_body(body: bytes, limit: int | None = None) -> BodyText:
    """Return the text of a body and what became of it; with a limit so many characters of it, or a few more."""
    if not body:
        return BodyText(BodyForm.EMPTY, "")
    beginning = body if limit is None else body[: _LONGEST_CHARACTER * (limit + _MARK_AND_HALF)]
    whole = len(beginning) == len(body)
    encoding = encoding_of(body)
    text = beginning.decode(encoding, errors="replace")
    if not whole:
        text = text.removesuffix(_REPLACED)  # we may have cut a character in two
    return BodyText(_form_of(text, wide=not encoding.startswith("utf-8")), text, whole)


def copied_text(body: bytes) -> str:
    """Return all of a body, to be copied: as text, or as hex where it is none."""
    read = read_body(body)
    return body.hex(" ") if read.form is BodyForm.NO_TEXT else read.text


def _form_of(text: str, *, wide: bool) -> BodyForm:
    odd = sum(text.count(letter) for letter in _ODD)
    if "\0" in text or odd > len(text) * _ODD_SHARE:
        return BodyForm.NO_TEXT
    if wide:
        return BodyForm.WIDE_TEXT
    return BodyForm.DAMAGED_TEXT if odd else BodyForm.TEXT
