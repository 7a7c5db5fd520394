"""JSON Web Tokens that look like Concur's (concur-wire.md 2.2, 2.5). Nothing signed them: the signature is random."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SIGNATURE_BYTES = 256
"""Of RS256 with a key of 2048 bits."""
_PADDING_CLAIM = "simulated.padding"


def made_jwt(
    claims: Mapping[str, object], random_bytes: Callable[[int], bytes], *, size: int = 0, readable: bool = True
) -> str:
    """Return header, claims and signature; a claim of ours fills it up to about `size` characters.

    Where it shall not be readable its middle is no JSON: it starts as base64 of JSON does and breaks off.
    """
    head = _encoded({"typ": "JWT", "alg": "RS256", "kid": "simulated"})
    signature = _base64url(random_bytes(_SIGNATURE_BYTES))
    body = _encoded(claims)
    missing = size - len(head) - len(body) - len(signature) - 2
    if missing > 0:
        body = _encoded({**claims, _PADDING_CLAIM: _base64url(random_bytes(missing * 9 // 16))})
    if not readable:
        body = body[: len(body) // 2] + "!" + body[len(body) // 2 + 1 :]
    return f"{head}.{body}.{signature}"


def _encoded(part: Mapping[str, object]) -> str:
    return _base64url(json.dumps(part, separators=(",", ":")).encode())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
