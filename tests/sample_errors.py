"""One error of every type that the table of messages knows."""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import types
import typing
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gui
from gui.concur.errors import FlowError
from gui.concur.models import AccessTokenDocument, Direction, ErrorDocument, HttpExchange, Operation
from gui.messages import MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

for module in pkgutil.walk_packages(gui.__path__, "gui."):
    importlib.import_module(module.name)


def subclasses(of: type[FlowError]) -> Iterator[type[FlowError]]:
    """Give every kind below one."""
    for kind in of.__subclasses__():
        yield kind
        yield from subclasses(kind)


CONCRETE = sorted(
    {kind for kind in subclasses(FlowError) if not kind.__subclasses__() or kind in MESSAGES},
    key=lambda kind: kind.__qualname__,
)
"""Kinds with kinds of their own below them are never raised themselves, unless the table has words for them."""

DOCUMENT = ErrorDocument("The request token has expired.", "2017-09-27T15:46:57", "1F2E-3D")
EXCHANGE = HttpExchange(
    direction=Direction.OUT,
    operation=Operation.EXCHANGE,
    started_at=datetime(2024, 5, 6, tzinfo=UTC),
    duration_ms=1.0,
    method="GET",
    url="https://concur.example/net2/oauth2/getaccesstoken.ashx?code=canary",
    request_headers=(),
    request_body=b"",
    status=400,
    reason="",
    response_headers=(),
    response_body=b"",
    sent=True,
    complete=True,
    failure=None,
)
ISSUED = AccessTokenDocument("canary", None, None, None, None, b"", "")
SAMPLES: dict[object, object] = {
    bool: True,
    int: 42,
    float: 1.5,
    Path: Path("folder/file.json"),
    Operation: Operation.EXCHANGE,
    ErrorDocument: DOCUMENT,
    HttpExchange: EXCHANGE,
    AccessTokenDocument: ISSUED,
    tuple[str, ...]: ("127.0.0.1", "::1"),
}


def names_for_hints() -> dict[str, Any]:
    """The types that the modules of errors import for type checkers alone."""
    return {kind.__name__: kind for kind in (Operation, ErrorDocument, HttpExchange, AccessTokenDocument, Path)}


def built(kind: type[FlowError], *, bare: bool, text: str = "sample") -> FlowError:
    """An error with a value for each field; `bare`: None wherever that is allowed; `text`: what texts in it are."""
    hints = typing.get_type_hints(kind, localns=names_for_hints())
    facts = {field.name: sample_of(hints[field.name], bare=bare, text=text) for field in dataclasses.fields(kind)}
    return kind(**facts)


def sample_of(hint: object, *, bare: bool, text: str) -> object:
    """Return a value of a type."""
    if hint is str:
        return text
    if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union:
        kinds = typing.get_args(hint)
        return None if bare and type(None) in kinds else sample_of(kinds[0], bare=bare, text=text)
    if isinstance(hint, type) and issubclass(hint, Enum) and hint not in SAMPLES:
        return next(iter(hint))
    return SAMPLES[hint]
