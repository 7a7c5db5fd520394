"""Finds the access token in an answer that cannot be read as a document.

Concur issued it, so it is live and has to be revoked, however broken the document around it is.
"""

from __future__ import annotations

import html
import json
import re
from typing import TYPE_CHECKING

from gui.concur.answers import SENDABLE, access_token_document
from gui.concur.documents import text_of

if TYPE_CHECKING:
    from gui.concur.models import AccessTokenDocument, HttpExchange
    from gui.concur.redaction import Redactor

_NAMES = ("token", "refresh_token", "instance_url", "expiration_date")


def salvage_access_token(exchange: HttpExchange | None, redactor: Redactor) -> AccessTokenDocument | None:
    """Return what an unusable answer holds all the same, if it holds a whole access token."""
    if exchange is None or not exchange.response_body:
        return None
    text = text_of(exchange.response_body)
    fields = {name: value for name in _NAMES if (value := _element(name, text) or _member(name, text))}
    token = fields.get("token", "")
    if not SENDABLE.fullmatch(token) or "&" in token:
        return None
    redactor.learn(token, fields.get("refresh_token"))
    return access_token_document(fields, exchange)


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
