"""Writes the head of a response: status line and headers, checked, with the server's own framing."""

from __future__ import annotations

import re
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.concur.models import Headers
    from gui.loopback.http import Response

_STATUS_WITHOUT_LENGTH = {204, 304}
"""These have no body, and a 204 must not even say so (RFC 9110, 8.6)."""
_FINAL_STATUS = range(200, 1000)
_FRAMING = {"content-length", "transfer-encoding", "connection"}
"""Headers that are the server's own business (RFC 9112, 6)."""
_NAME_LETTERS = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]*")
_VALUE_LETTERS = re.compile(r"[\t\x20-\x7E]*")


def head_of(response: Response) -> bytes:
    """Write status line and headers. Raises ValueError for what HTTP cannot carry.

    h11 could do it too, at a third of what a whole request costs; here the framing is always the same.
    """
    first, rest = _constant_parts(response.status, response.headers, len(response.body))
    return b"%bDate: %b\r\n%b" % (first, formatdate(usegmt=True).encode("ascii"), rest)


@lru_cache(64)
def _constant_parts(status: int, headers: Headers, body_bytes: int) -> tuple[bytes, bytes]:
    """Return the status line and what follows the Date: most answers are one of a few, and a flood gets one alone."""
    if status not in _FINAL_STATUS or (status in _STATUS_WITHOUT_LENGTH and body_bytes):
        raise ValueError(status)
    lines = [f"{name}: {value}" for name, value in headers]
    if status not in _STATUS_WITHOUT_LENGTH:
        lines.append(f"Content-Length: {body_bytes}")
    lines.append("Connection: close\r\n\r\n")
    names = [name.lower() for name, _value in headers]
    values = "".join([value for _name, value in headers])
    if not (all(names) and _NAME_LETTERS.fullmatch("".join(names)) and _VALUE_LETTERS.fullmatch(values)):
        raise ValueError(names)
    if not _FRAMING.isdisjoint(names):
        raise ValueError(names)
    return f"HTTP/1.1 {status} {_reason(status)}\r\n".encode("ascii"), "\r\n".join(lines).encode("ascii")


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
