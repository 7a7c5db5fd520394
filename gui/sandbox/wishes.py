"""What a call to `/sandbox/codes` may wish for: contract, kind, app, user, scopes. Nothing is needed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.sandbox.errors import BodyUnreadable, Refused
from gui.sandbox.parameters import FORM, media_type, read_parameters
from gui.sandbox.records import CONTRACTS, CURRENT, LEGACY, ConnectionKind, Reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.loopback.http import Request

_JSON = "application/json"
_NAMES = ("contract", "kind", "consumer_key", "user", "scopes")
_KINDS = {kind.value: kind for kind in (ConnectionKind.USER, ConnectionKind.COMPANY)}


@dataclass(frozen=True, slots=True)
class CodeWishes:
    """None: the first app, the first user, the scopes of the app."""

    consumer_key: str | None = None
    user: str | None = None
    """Login."""
    scopes: tuple[str, ...] | None = None
    contract: str | None = None
    """None for the legacy one, answered as ever: with the code and nothing else."""
    kind: ConnectionKind = ConnectionKind.USER
    """Of the current contract only."""


def read_wishes(request: Request) -> CodeWishes:
    """Read form or JSON; unknown names are ignored. Raises Refused or BodyUnreadable."""
    # curl -d sends JSON as a form: the first character tells.
    if media_type(request) == _JSON or request.body.lstrip()[:1] == b"{":
        return _from_json(request.body) if request.body.strip() else CodeWishes()
    if request.body and media_type(request) != FORM:
        raise BodyUnreadable(reason="The body is neither a form nor JSON, going by its Content-Type.")
    form = read_parameters(request, _NAMES)
    return _wishes(form.get, form.get("scopes") or None)


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
    return _wishes(lambda name: _text(document, name), document.get("scopes"))


def _wishes(text: Callable[[str], str | None], scopes: object) -> CodeWishes:
    named = text("contract") or None
    contract = named or LEGACY
    if contract not in CONTRACTS:
        raise Refused(reason=Reason.CONTRACT_UNKNOWN)
    kind = text("kind") or None
    if kind is not None and contract != CURRENT:
        raise Refused(reason=Reason.KIND_UNKNOWN)
    return CodeWishes(
        text("consumer_key") or None,
        text("user") or None,
        _scopes(scopes, contract),
        named,
        connection_kind(kind),
    )


def connection_kind(name: str | None) -> ConnectionKind:
    """Return the kind of that name; a user's connection where none is named. Raises Refused."""
    if name and name not in _KINDS:
        raise Refused(reason=Reason.KIND_UNKNOWN)
    return _KINDS[name] if name else ConnectionKind.USER


def _scopes(given: object, contract: str) -> tuple[str, ...] | None:
    """Return scopes out of a list, or out of a text as the contract writes them: with commas, or with spaces."""
    if isinstance(given, str):
        given = (given.split(",") if contract == LEGACY else given.split()) or None
    if given is None or given == [""]:
        return None
    if not (isinstance(given, list) and all(isinstance(scope, str) for scope in given)):
        raise BodyUnreadable(reason="scopes is neither a text nor a list of texts.")
    return tuple(given)


def _text(document: dict[str, object], name: str) -> str | None:
    value = document.get(name)
    if value is not None and not isinstance(value, str):
        raise BodyUnreadable(reason=f"{name} is not a text.")
    return value or None
