"""Reads what the current contract's endpoints answer: JSON with tokens, or with a number (concur-wire.md 2.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gui.concur.answers import SENDABLE, refusal
from gui.concur.documents import content_type_of, facts_of, read_json_members
from gui.concur.errors import (
    AccessTokenMissing,
    AccessTokenUnusable,
    AnswerEmpty,
    AnswerError,
    GrantRefused,
)
from gui.concur.jwt_text import looks_like_jwt, moment, read_jwt
from gui.concur.kinds import Operation
from gui.concur.models import AccessTokenDocument, ErrorDocument, Remark
from gui.concur.salvage import salvaged_fields

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from gui.concur.models import HttpExchange, JwtReading
    from gui.concur.redaction import Redactor

    IsPlace = Callable[[str], bool]
    """Whether a geolocation may be called."""

_OK = range(200, 300)
_LONGEST_TEXT = 2000
_LONGEST_CODE = 6
_LONGEST_LIFE_S = 10 * 365 * 24 * 3600
_CORRELATION_ID = "concur-correlationid"
"""In headers and in bodies, lower case."""
_FIELDS = ("refresh_token", "geolocation", "id_token", "scope", "expires_in", "refresh_expires_in")


def read_token_document(exchange: HttpExchange, redactor: Redactor, is_place: IsPlace) -> AccessTokenDocument:
    """Read the answer of the token endpoint; its secrets are known to the redactor from then on.

    Raises AnswerError in one of its kinds. A body that names an error is one whatever the status.
    """
    if exchange.status not in _OK:
        raise read_refusal(exchange, redactor)
    if not exchange.response_body.strip():
        raise AnswerEmpty(**facts_of(exchange))
    members = read_json_members(exchange)
    token = _text(members, "access_token")
    redactor.learn(token, _text(members, "refresh_token"), _text(members, "id_token"))
    if not token and _names_error(members):
        raise _grant_refused(members, exchange, redactor)
    if not token:
        raise AccessTokenMissing(**facts_of(exchange))
    if not SENDABLE.fullmatch(token):
        raise AccessTokenUnusable(**facts_of(exchange))
    return _document(members, exchange, redactor, is_place)


def salvage_token_document(
    exchange: HttpExchange | None, redactor: Redactor, is_place: IsPlace
) -> AccessTokenDocument | None:
    """Return what an unusable answer holds all the same, if it holds a whole access token."""
    fields = salvaged_fields(exchange, redactor, "access_token", *_FIELDS)
    if not fields or exchange is None:
        return None
    redactor.learn(fields.get("id_token"))
    return _document(fields, exchange, redactor, is_place)


def read_refusal(exchange: HttpExchange, redactor: Redactor) -> AnswerError:
    """Return the error for an answer that is not a success, by what its body says."""
    try:
        members = read_json_members(exchange)
    except AnswerError:
        return refusal(exchange, redactor)
    return _grant_refused(members, exchange, redactor) if _names_error(members) else refusal(exchange, redactor)


def read_error(exchange: HttpExchange, redactor: Redactor) -> ErrorDocument | None:
    """Return what a body says went wrong, or None if it is anything else."""
    try:
        members = read_json_members(exchange)
    except AnswerError:
        return None
    return _error_document(members, exchange, redactor) if _names_error(members) else None


def is_json_object(exchange: HttpExchange) -> bool:
    """Whether a body is one, whatever it says."""
    try:
        read_json_members(exchange)
    except AnswerError:
        return False
    return True


def _names_error(members: Mapping[str, object]) -> bool:
    return bool(_text(members, "error") or _number(members.get("code")) is not None)


def _grant_refused(members: Mapping[str, object], exchange: HttpExchange, redactor: Redactor) -> GrantRefused:
    return GrantRefused(
        document=_error_document(members, exchange, redactor),
        geolocation=_text(members, "geolocation") or None,
        **facts_of(exchange),
    )


def _error_document(members: Mapping[str, object], exchange: HttpExchange, redactor: Redactor) -> ErrorDocument:
    said = [_clean(_text(members, name), redactor) for name in ("error", "error_description")]
    return ErrorDocument(
        message=": ".join(part for part in said if part)[:_LONGEST_TEXT],
        server_time="",
        error_id=_correlation_id(members, exchange, redactor),
        code=_number(members.get("code")),
    )


def _correlation_id(members: Mapping[str, object], exchange: HttpExchange, redactor: Redactor) -> str:
    return _clean(_text(members, _CORRELATION_ID) or exchange.response_header(_CORRELATION_ID), redactor)


def _clean(text: str, redactor: Redactor) -> str:
    return redactor.text("".join(letter if letter.isprintable() else " " for letter in text))[:_LONGEST_TEXT]


def _document(
    members: Mapping[str, object], exchange: HttpExchange, redactor: Redactor, is_place: IsPlace
) -> AccessTokenDocument:
    """Make the document of its members; `access_token` has to be among them."""
    answered_at = exchange.started_at + timedelta(milliseconds=exchange.duration_ms)
    expires_in = _text(members, "expires_in")
    expires_at = _later(answered_at, expires_in)
    refresh_token = _text(members, "refresh_token") or None
    geolocation = _text(members, "geolocation") or None
    jwts = _jwts(members)
    remarks = []
    if geolocation is None:
        remarks.append(Remark.GEOLOCATION_MISSING)
    elif not is_place(geolocation):
        remarks.append(Remark.GEOLOCATION_UNUSABLE)
    if expires_at is None:
        remarks.append(Remark.EXPIRATION_UNREADABLE if expires_in else Remark.EXPIRATION_MISSING)
    if refresh_token is None:
        if exchange.operation is not Operation.APPLICATION_TOKEN:  # there none is due
            remarks.append(Remark.REFRESH_TOKEN_MISSING)
    elif not SENDABLE.fullmatch(refresh_token):
        remarks.append(Remark.REFRESH_TOKEN_UNUSABLE)
        refresh_token = None
    if exchange.operation is Operation.EXCHANGE and not _text(members, "id_token"):
        remarks.append(Remark.ID_TOKEN_MISSING)
    elif any(jwt.problem for jwt in jwts if jwt.name == "id_token"):
        remarks.append(Remark.ID_TOKEN_UNREADABLE)
    return AccessTokenDocument(
        token=_text(members, "access_token"),
        refresh_token=refresh_token,
        instance_url=geolocation,
        expires_at=expires_at,
        expiration_text=f"expires_in {expires_in}" if expires_in else None,
        raw=exchange.response_body,
        content_type=content_type_of(exchange),
        remarks=tuple(remarks),
        answer=exchange,
        refresh_expires_at=moment(_text(members, "refresh_expires_in")),
        scopes=tuple(_text(members, "scope").split()),
        correlation_id=_correlation_id(members, exchange, redactor),
        jwts=jwts,
    )


def _jwts(members: Mapping[str, object]) -> tuple[JwtReading, ...]:
    readings = []
    if id_token := _text(members, "id_token"):
        readings.append(read_jwt("id_token", id_token))
    access_token = _text(members, "access_token")
    if looks_like_jwt(access_token):
        readings.append(read_jwt("access_token", access_token))
    return tuple(readings)


def _text(members: Mapping[str, object], name: str) -> str:
    value = members.get(name)
    return value.strip() if isinstance(value, str) else ""


def _number(value: object) -> int | None:
    """Return a whole number that came as one, or as text; the reader makes texts of both."""
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_CODE else None


def _later(start: datetime, seconds: str) -> datetime | None:
    if not (seconds.isascii() and seconds.isdigit()) or len(seconds) > len(str(_LONGEST_LIFE_S)):
        return None
    return start + timedelta(seconds=int(seconds)) if int(seconds) <= _LONGEST_LIFE_S else None
