"""Where tokens come from, in the forms that Concur gives them (concur-wire.md 1.2)."""

from __future__ import annotations

import base64
import secrets
import string
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ALPHANUMERICS = string.ascii_letters + string.digits


def new_consumer_key() -> str:
    """Return 22 alphanumerics."""
    return _alphanumerics(22)


def new_consumer_secret() -> str:
    """Return 32 alphanumerics."""
    return _alphanumerics(32)


def new_request_token() -> str:
    """Return `0_` and 31 alphanumerics."""
    return "0_" + _alphanumerics(31)


def new_access_token() -> str:
    """Return 28 characters of base64, as 20 bytes make them: `+`, `/` and a final `=` among them."""
    return base64.b64encode(secrets.token_bytes(20)).decode()


def new_refresh_token() -> str:
    """Return 31 alphanumerics."""
    return _alphanumerics(31)


def new_form_ticket() -> str:
    """Return what nobody guesses."""
    return secrets.token_urlsafe(24)


def new_error_id() -> str:
    """Return a GUID in capitals (1.5)."""
    return str(uuid.uuid4()).upper()


def new_uuid() -> str:
    """Return a UUID in small letters: request token, code and refresh token of the current contract (2.2)."""
    return str(uuid.uuid4())


@dataclass(frozen=True, slots=True)
class TokenSource:
    """Every random value of the sandbox; a test puts its own functions in."""

    request_token: Callable[[], str] = new_request_token
    access_token: Callable[[], str] = new_access_token
    refresh_token: Callable[[], str] = new_refresh_token
    form_ticket: Callable[[], str] = new_form_ticket
    error_id: Callable[[], str] = new_error_id
    uuid: Callable[[], str] = new_uuid
    random_bytes: Callable[[int], bytes] = secrets.token_bytes
    """For what a JWT holds beside its claims."""


def _alphanumerics(count: int) -> str:
    return "".join(secrets.choice(_ALPHANUMERICS) for _ in range(count))
