"""The documents of the legacy contract as bytes, and which of the two forms a client asks for."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

XML_TYPE = "application/xml; charset=utf-8"
JSON_TYPE = "application/json; charset=utf-8"
_XML_DECLARATION = '<?xml version="1.0"?>'
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOON = 12


def concur_date(moment: datetime) -> str:
    """Return `M/D/YYYY h:mm:ss AM|PM` without leading zeros (concur-wire.md 1.2); strftime cannot, on Windows."""
    hour = moment.hour % _NOON or _NOON
    half = "PM" if moment.hour >= _NOON else "AM"
    return f"{moment.month}/{moment.day}/{moment.year} {hour}:{moment.minute:02}:{moment.second:02} {half}"


def indented_xml(
    root: str, fields: Sequence[tuple[str, str]], *, attributes: str = "", declaration: bool = False
) -> bytes:
    """Return the document with CRLF line ends and two-space indent, as recorded (1.2); nothing after the last tag."""
    lines = [_XML_DECLARATION] if declaration else []
    lines.append(f"<{root}{attributes}>")
    lines.extend(f"  <{name}>{_xml_text(value)}</{name}>" for name, value in fields)
    lines.append(f"</{root}>")
    return "\r\n".join(lines).encode()


def one_line_xml(root: str, fields: Sequence[tuple[str, str]], *, declaration: bool = False) -> bytes:
    """Return the document on one line, as Concur's documentation prints `Error` (1.5)."""
    inner = "".join(f"<{name}>{_xml_text(value)}</{name}>" for name, value in fields)
    return f"{_XML_DECLARATION if declaration else ''}<{root}>{inner}</{root}>".encode()


def json_document(root: str, fields: Sequence[tuple[str, str]]) -> bytes:
    """Return the same fields as JSON (1.2, 1.5)."""
    return json.dumps({root: dict(fields)}).encode()


def prefers_json(accept: Sequence[str]) -> bool:
    """Tell whether the Accept headers ask for JSON. XML is what everybody gets who names neither.

    JSON has to be named to be had; of two that are named the better `q` wins, then the first. A wildcard of a
    better `q` than the named JSON means XML.
    """
    json_rank, xml_rank = _rank(accept, ("application/json",)), _rank(accept, ("application/xml", "text/xml"))
    if json_rank is None or json_rank[0] <= 0:
        return False
    if xml_rank is not None:
        return json_rank > xml_rank
    wildcard = _rank(accept, ("application/*", "*/*"))
    return wildcard is None or json_rank[0] >= wildcard[0]


def _rank(accept: Sequence[str], types: tuple[str, ...]) -> tuple[float, int] | None:
    """Return the best `q` of these media types with how early it came; None where none is named."""
    ranks = []
    for position, item in enumerate(",".join(accept).split(",")):
        name, *options = (part.strip().lower() for part in item.split(";"))
        if name in types:
            ranks.append((_quality(options), -position))
    return max(ranks, default=None)


def _quality(options: Sequence[str]) -> float:
    for option in options:
        name, _, value = option.partition("=")
        if name.strip() == "q":
            # RFC 9110, 12.4.2. What does not look like a weight is taken for 1: the type was named, after all.
            matched = re.fullmatch(r"(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", value.strip())
            return float(matched[1]) if matched else 1.0
    return 1.0


def _xml_text(value: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", value))
