"""What a call to `/sandbox/codes` may wish for: app, user and scopes of the request token. Nothing is needed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.sandbox.errors import BodyUnreadable
from gui.sandbox.parameters import FORM, media_type, read_parameters

if TYPE_CHECKING:
    from gui.loopback.http import Request

_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class CodeWishes:
    """None: the first app, the first user, the scopes of the app."""

    consumer_key: str | None = None
    user: str | None = None
    """Login."""
    scopes: tuple[str, ...] | None = None


def read_wishes(request: Request) -> CodeWishes:
    """Read form or JSON; unknown names are ignored. Raises Refused or BodyUnreadable."""
    # curl -d sends JSON as a form: the first character tells.
    if media_type(request) == _JSON or request.body.lstrip()[:1] == b"{":
        return _from_json(request.body) if request.body.strip() else CodeWishes()
    if request.body and media_type(request) != FORM:
        raise BodyUnreadable(reason="The body is neither a form nor JSON, going by its Content-Type.")
    form = read_parameters(request, ("consumer_key", "user", "scopes"))
    scopes = form.get("scopes")
    return CodeWishes(
        form.get("consumer_key") or None, form.get("user") or None, tuple(scopes.split(",")) if scopes else None
    )


def _from_json(body: bytes) -> CodeWishes:
    document: object = None
    try:
        document = json.loads(body)
        fault = "The JSON is not an object."
    except UnicodeDecodeError:
        fault = "The body is not UTF-8."
    except json.JSONDecodeError as error:
        fault = f"The body is not JSON: line {error.lineno}, column {error.colno}."
    except (ValueError, RecursionError):  # a number of thousands of digits; thousands of brackets
        fault = "The JSON is too large or too deep."
    if not isinstance(document, dict):
        raise BodyUnreadable(reason=fault)
    scopes = document.get("scopes")
    if isinstance(scopes, str):
        scopes = scopes.split(",") if scopes else None
    if scopes is not None and not (isinstance(scopes, list) and all(isinstance(scope, str) for scope in scopes)):
        raise BodyUnreadable(reason="scopes is neither a text nor a list of texts.")
    return CodeWishes(
        _text(document, "consumer_key"), _text(document, "user"), None if scopes is None else tuple(scopes)
    )


def _text(document: dict[str, object], name: str) -> str | None:
    value = document.get(name)
    if value is not None and not isinstance(value, str):
        raise BodyUnreadable(reason=f"{name} is not a text.")
    return value or None
