"""Reads JSON Web Tokens for the eye (RFC 7519). Nobody here trusts them, so no signature is checked.

What is left without that is base64 and JSON, so no library for tokens comes along.
"""

from __future__ import annotations

import base64
import json
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gui.concur.models import JwtReading

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARTS = 3
_LONGEST = 64 * 1024
_LONGEST_TEXT = 4 * _LONGEST
_LONGEST_SUBJECT = 200
_LAST_SECOND = 253402300799
"""Of the year 9999, where dates end."""


def read_jwt(name: str, token: str) -> JwtReading:
    """Return what stands in a token. Never raises: what cannot be read has a `problem`."""
    parts = token.split(".")
    if len(parts) != _PARTS or len(token) > _LONGEST:
        return JwtReading(name, "", "", problem="it has not the form of a JSON Web Token")
    try:
        header, claims = _object(parts[0]), _object(parts[1])
        texts = _indented(header), _indented(claims)
    except ValueError:
        return JwtReading(name, "", "", problem="its parts are no JSON objects")
    except RecursionError:  # from either side: nesting that can be read may be too deep to write
        return JwtReading(name, "", "", problem="it is nested too deep")
    if max(map(len, texts)) > _LONGEST_TEXT:  # each level of nesting is indented once more
        return JwtReading(name, "", "", problem="it is nested too deep")
    subject = claims.get("sub")
    return JwtReading(
        name,
        header=texts[0],
        claims=texts[1],
        subject=_printable(subject) if isinstance(subject, str) else "",
        expires_at=moment(claims.get("exp")),
    )


def looks_like_jwt(token: str) -> bool:
    """Whether it has the form of one, so that it is worth reading."""
    return token.startswith("ey") and token.count(".") == _PARTS - 1


def moment(seconds: object) -> datetime | None:
    """Return a time given in seconds since 1970, as a number or as text; None for anything else."""
    if isinstance(seconds, float) and math.isfinite(seconds):
        seconds = int(seconds)  # RFC 7519 allows a fraction
    text = str(seconds) if isinstance(seconds, int | str) and not isinstance(seconds, bool) else ""
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(_LAST_SECOND)) or int(text) > _LAST_SECOND:
        return None
    return datetime.fromtimestamp(int(text), UTC)


def _object(part: str) -> Mapping[str, object]:
    """Return one part as JSON. Raises ValueError or RecursionError where it is none."""
    raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    found = json.loads(raw.decode("utf-8"))
    if not isinstance(found, dict):
        raise ValueError("no object")  # noqa: TRY004  # what every other fault of a part is
    return found


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text[:_LONGEST_SUBJECT]).strip()


def _indented(found: Mapping[str, object]) -> str:
    text = json.dumps(found, indent=2, ensure_ascii=False)
    return text.encode(errors="replace").decode()  # lone surrogates can be written in JSON and shown nowhere
