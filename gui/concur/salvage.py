"""Finds the access token in an answer that cannot be read as a document.

Concur issued it, so it is live and has to be revoked, however broken the document around it is.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

from gui.concur.answers import SENDABLE
from gui.concur.documents import text_of

if TYPE_CHECKING:
    from gui.concur.models import HttpExchange
    from gui.concur.redaction import Redactor


def salvaged_fields(
    exchange: HttpExchange | None, redactor: Redactor, token_name: str, *other_names: str
) -> dict[str, str]:
    """Return the texts that an unusable answer holds under these names; nothing if it holds no whole access token.

    `token_name`: what the document calls the access token. Names are in lower case.
    """
    if exchange is None or not exchange.response_body:
        return {}
    text = text_of(exchange.response_body)
    names = (token_name, *other_names)
    fields = {name: value for name in names if (value := _element(name, text) or _member(name, text))}
    token = fields.get(token_name, "")
    if not SENDABLE.fullmatch(token) or "&" in token:
        return {}
    redactor.learn(token, fields.get("refresh_token"))
    return fields


def _element(name: str, text: str) -> str:
    """Return the text of an XML element that is there with the beginning of its end tag."""
    pattern = rf"<(?:[\w.-]+:)?{name}(?:\s[^<>]*)?>(?:\s*<!\[CDATA\[)?([^<\]]*)(?:\]\]>\s*)?</"
    found = re.search(pattern, text, re.IGNORECASE)
    return html.unescape(found[1]).strip() if found else ""


def _member(name: str, text: str) -> str:
    """Return the text of a JSON member that is there with its closing quotation mark."""
    found = re.search(rf'"{name}"\s*:\s*("(?:[^"\\]|\\.)+")', text, re.IGNORECASE)
    if not found:
        return ""
    try:
        return str(json.loads(found[1])).strip()
    except json.JSONDecodeError:
        return ""
