"""The Authorization header as both contracts read it: one header, a scheme in any case, one credential."""

from __future__ import annotations

import base64
import contextlib
from typing import TYPE_CHECKING

from gui.sandbox.errors import Refused
from gui.sandbox.records import Reason

if TYPE_CHECKING:
    from gui.loopback.http import Request


def authorization_of(request: Request) -> tuple[str, str]:
    """Return the scheme in lower case and what follows it."""
    values = request.header_values("authorization")
    if not values:
        raise Refused(reason=Reason.AUTHORIZATION_MISSING)
    if len(values) > 1:
        raise Refused(reason=Reason.AUTHORIZATION_UNREADABLE)
    scheme, _, rest = values[0].strip().partition(" ")
    return scheme.lower(), rest.strip()


def basic_credentials(request: Request) -> tuple[str, str]:
    """Return login and password of `Authorization: Basic …`. An empty password keeps its colon (1.6)."""
    scheme, encoded = authorization_of(request)
    colon, login, password = "", "", ""
    with contextlib.suppress(ValueError):  # what cannot be decoded has no colon, and is refused below for that
        login, colon, password = base64.b64decode(encoded, validate=True).decode("utf-8").partition(":")
    if scheme != "basic" or not colon:
        raise Refused(reason=Reason.AUTHORIZATION_UNREADABLE)
    return login, password
