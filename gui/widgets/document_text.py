"""From bytes to the lines that a text view shows: laid out, cut to a length that no view chokes on, and as hex."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from gui.widgets.secret_reveal import MARK

SHOWN_LIMIT = 50_000
"""Characters. A real document has some 300; more than these cannot be masked and laid out without a pause."""
LINE_LIMIT = 12_000
"""Characters. One endless line takes a text view seconds to lay out; a JWT of 8 KB is no such line."""
LINES_LIMIT = 2_500
COLOURED_LIMIT = 20_000
"""Characters. Colours help in a document; in something endless they would only take time."""
HEX_LIMIT = 16_384
"""Bytes; a line of hex is five times as long as what it shows."""
_BYTES_IN_A_ROW = 16
_DEEPEST_INDENT = 20
_JSON_PART = re.compile(r"\"(?:[^\"\\]|\\.)*\"?|[{}\[\],:]|[^\s\"{}\[\],:]+", re.DOTALL)
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Controls, and marks that would turn the order of what stands beside them: an answer must not look like another."""
_NAMES_OF_UNSHOWABLE = {
    code: f"«U+{code:04X}»" for code in (*range(0x80), *range(0x2000, 0x2070)) if _UNSHOWABLE.match(chr(code))
}
_PRINTABLE = range(0x20, 0x7F)


class Language(Enum):
    """What a document is written in."""

    XML = auto()
    JSON = auto()


@dataclass(frozen=True, slots=True)
class ShownText:
    """What a text view gets."""

    text: str
    cut: bool = False
    """Whether the end is missing."""
    broken: bool = False
    """Whether line ends were put into lines that were too long."""


def language_of(text: str) -> Language:
    """Return what a document is written in, by its beginning."""
    return Language.JSON if text.lstrip("\ufeff \t\r\n")[:1] in {"{", "["} else Language.XML


def laid_out(text: str) -> str:
    """Return a document as it is read best: JSON with line ends and indents, XML as it came with plain line ends.

    It ends not far beyond what `showable` lets through.
    """
    if language_of(text) is Language.JSON:
        return _laid_out_json(text)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def showable(text: str, *, cut: bool = False) -> ShownText:
    """Return a text that a view can show at once: not too long, no line too long, nothing invisible.

    `cut` says that the end is missing already.
    """
    text = text.replace("\r\n", "\n")
    cut |= len(text) > SHOWN_LIMIT
    text = text[:SHOWN_LIMIT]
    if _UNSHOWABLE.search(text):
        text = text.translate(_NAMES_OF_UNSHOWABLE)
        cut |= len(text) > SHOWN_LIMIT
    lines = text[:SHOWN_LIMIT].split("\n")
    cut |= len(lines) > LINES_LIMIT
    lines = lines[:LINES_LIMIT]
    broken = max(map(len, lines)) > LINE_LIMIT
    if broken:
        lines = [
            line[start : start + LINE_LIMIT] for line in lines for start in range(0, max(len(line), 1), LINE_LIMIT)
        ]
        cut |= len(lines) > LINES_LIMIT
    return ShownText("\n".join(lines[:LINES_LIMIT]), cut, broken)


def with_line_ends_marked(text: str) -> str:
    """Return a text in which carriage returns and line feeds can be seen."""
    return text.replace("\n", "«LF»\n").replace("\r", "«CR»")


def hex_lines(body: bytes, secret_places: tuple[range, ...] = ()) -> ShownText:
    """Return offset, bytes and ASCII in rows of sixteen; bytes at secret places are masked."""
    shown = body[:HEX_LIMIT]
    hidden = {at for place in secret_places for at in range(place.start, min(place.stop, len(shown)))}
    return ShownText(
        "\n".join(_hex_row(shown, start, hidden) for start in range(0, len(shown), _BYTES_IN_A_ROW)),
        cut=len(body) > HEX_LIMIT,
    )


def _hex_row(body: bytes, start: int, hidden: set[int]) -> str:
    octets, letters = [], []
    for at in range(start, min(start + _BYTES_IN_A_ROW, len(body))):
        octet = body[at]
        octets.append(MARK * 2 if at in hidden else f"{octet:02x}")
        letters.append(MARK if at in hidden else chr(octet) if octet in _PRINTABLE else ".")
    halves = " ".join(octets[:8]), " ".join(octets[8:])
    return f"{start:08x}  {halves[0]:<23}  {halves[1]:<23}  {''.join(letters)}"


def _laid_out_json(text: str) -> str:
    """Move nothing but white space: numbers, escapes, names given twice and what is broken stay as they came."""
    parts: list[str] = []
    depth = lines = length = 0
    before = ""
    for part in (found[0] for found in _JSON_PART.finditer(text.removeprefix("\ufeff"))):
        if part in "}]":
            depth = max(depth - 1, 0)
        if (before in {"{", "["} and part not in "}]") or before == "," or (part in "}]" and before not in {"{", "["}):
            indent = "  " * min(depth, _DEEPEST_INDENT)
            parts.append("\n" + indent)
            lines += 1
            length += len(indent) + 1
        length += len(part)
        parts.append(f"{part} " if part == ":" else part)
        if part in "{[":
            depth += 1
        before = part
        if lines > LINES_LIMIT or length > SHOWN_LIMIT:
            break  # nobody will see the rest
    return "".join(parts)
