"""What parameters a request carries in query and form body, read strictly, and as leniently as real clients need.

Tolerated, as real clients send it (concur-wire.md 1.7): unknown parameters, empty pieces, a `+` for a space.
Refused: a known parameter twice in one place, bad percent-encoding, bytes that are not UTF-8.
A parameter in both places counts as the query has it. No source says which; the query is what gets logged elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from gui.sandbox.errors import Refused
from gui.sandbox.records import Reason

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from gui.loopback.http import Request

_STRAY_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Parameters:
    """Known parameters, decoded, and what is worth a note about how they came."""

    values: Mapping[str, str] = field(repr=False)
    notes: tuple[str, ...] = ()

    def get(self, name: str) -> str | None:
        """Return the value, "" for an empty one, None where it was not sent."""
        return self.values.get(name)

    def required(self, name: str) -> str:
        """Return the value; an empty one is as good as none."""
        value = self.values.get(name)
        if not value:
            raise Refused(reason=Reason.PARAMETER_MISSING, parameter=name)
        return value


def read_parameters(request: Request, names: Collection[str]) -> Parameters:
    """Return those of the parameters that are named. The body counts in a POST of a form only."""
    notes: list[str] = []
    # "surrogatepass" turns what was never UTF-8 into bytes that the strict decoding below refuses.
    query = _decoded_pieces(request.query.encode("utf-8", "surrogatepass"), names)
    body: dict[str, str] = {}
    if request.method == "POST" and media_type(request) == FORM:
        body = _decoded_pieces(request.body, names)
    elif has_body(request):
        notes.append("a body that is no form was ignored")
    if any(query.get(name, value) != value for name, value in body.items()):
        notes.append("a parameter differs between query and body; the query counts")
    return Parameters({**body, **query}, tuple(notes))


def read_form(request: Request, names: Collection[str]) -> Parameters:
    """Return those of the parameters that are named, from a form body alone (concur-wire.md 2.2).

    Tolerated with a note: a `charset`, chunks, parameters in the query, which do not count, a body of another type.
    """
    notes: list[str] = []
    if request.query:
        notes.append("parameters in the query were ignored: this contract takes a form body")
    if request.header("transfer-encoding") is not None:
        notes.append("a chunked body: Concur asks for a Content-Length")
    if media_type(request) != FORM:
        notes.append("a body that is no form was ignored" if has_body(request) else "no form was sent")
        return Parameters({}, tuple(notes))
    if "charset" in (request.header("content-type") or "").partition(";")[2].lower():
        notes.append("the content type names a charset: Concur asks not to")
    return Parameters(_decoded_pieces(request.body, names), tuple(notes))


def has_body(request: Request) -> bool:
    """Tell whether body bytes came or were announced: the server does not read those of a GET."""
    announced = request.header("content-length")
    return bool(request.body) or announced not in (None, "", "0") or request.header("transfer-encoding") is not None


def media_type(request: Request) -> str:
    """Return the Content-Type in lower case without its parameters; "" where there is none."""
    return (request.header("content-type") or "").partition(";")[0].strip().lower()


def _decoded_pieces(encoded: bytes, names: Collection[str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for piece in encoded.split(b"&"):
        raw_name, _, raw_value = piece.partition(b"=")
        if _STRAY_PERCENT.search(piece):
            raise Refused(reason=Reason.PARAMETERS_UNDECODABLE)
        name, value = _decoded(raw_name), _decoded(raw_value)
        if name not in names:
            continue
        if name in values:
            raise Refused(reason=Reason.PARAMETER_REPEATED, parameter=name)
        values[name] = value
    return values


def _decoded(raw: bytes) -> str:
    try:
        return unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        pass
    raise Refused(reason=Reason.PARAMETERS_UNDECODABLE)
