"""Reads the query of a redirect, strictly: it comes from whoever can make the browser open a URL."""

from __future__ import annotations

import contextlib
import hmac
import re
import unicodedata
from urllib.parse import unquote_to_bytes

from gui.concur.errors import (
    RedirectParameterRepeated,
    RedirectStateMissing,
    RedirectStateWrong,
    RedirectUndecodable,
)

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LONGEST_QUERY = 16 * 1024


def check_state(state: str | None, expected: str) -> None:
    """Judge the state of a redirect. Raises RedirectStateMissing or RedirectStateWrong."""
    if not state:
        raise RedirectStateMissing
    if not hmac.compare_digest(state.encode(), expected.encode()):
        raise RedirectStateWrong


def parse_query(query: str, once: frozenset[str], *, any_case: bool = False) -> dict[str, str]:
    """Return parameters by name; those named in `once` may come only once, of others the first counts.

    `any_case`: names are taken in lower case, whatever case they come in.

    Empty pieces ("&&") are passed over. Raises RedirectUndecodable or RedirectParameterRepeated.
    """
    if len(query) > _LONGEST_QUERY:
        raise RedirectUndecodable(reason=f"longer than {_LONGEST_QUERY} characters")
    parameters: dict[str, str] = {}
    for piece in query.split("&"):
        if not piece:
            continue
        raw_name, _equals, raw_value = piece.partition("=")
        name, value = _decode(raw_name), _decode(raw_value)
        if any_case:
            name = name.lower()
        if name in parameters and name in once:
            raise RedirectParameterRepeated(parameter=name)
        parameters.setdefault(name, value)
    return parameters


def _decode(piece: str) -> str:
    if piece.isascii() and piece.isprintable() and "%" not in piece and "+" not in piece:
        return piece  # an honest code, mostly
    if _BAD_ESCAPE.search(piece):
        raise RedirectUndecodable(reason="a percent sign without two hexadecimal digits")
    text = None
    with contextlib.suppress(UnicodeError):  # raised below, so that no context carries the bytes
        text = unquote_to_bytes(piece.replace("+", " ")).decode("utf-8")
    if text is None:
        raise RedirectUndecodable(reason="bytes that are not UTF-8")
    if not (text.isascii() and text.isprintable()) and any(
        unicodedata.category(letter) in {"Cc", "Cs"} for letter in text
    ):
        raise RedirectUndecodable(reason="control characters")
    return text
