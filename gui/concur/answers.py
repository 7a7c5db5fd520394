"""Reads what Concur answers: access-token documents and `Error` documents (concur-wire.md 1.2, 1.5).

Element names are read without regard to case: Concur's own documentation has two spellings.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gui.concur.documents import content_type_of, facts_of, name_in_words, read_document
from gui.concur.errors import (
    AccessTokenMissing,
    AccessTokenUnusable,
    AnswerEmpty,
    AnswerError,
    ConcurFailed,
    ConcurRefused,
    DocumentUnexpected,
)
from gui.concur.loopback_host import is_loopback_host
from gui.concur.models import AccessTokenDocument, ErrorDocument, HttpExchange, Remark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from urllib.parse import SplitResult

    from gui.concur.redaction import Redactor

_OK = range(200, 300)
SENDABLE = re.compile(r"[\x21-\x7e]+")
"""What a header can carry, and every token of Concur's is made of."""
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2}):(\d{2}) ([AaPp])[Mm]", re.ASCII)
_LONGEST_TEXT = 2000
_LONGEST_TYPE = 200
_LONGEST_INSTANCE_URL = 2000
_LONGEST_HOST = 253
"""Of a name in DNS."""


def read_access_token_document(exchange: HttpExchange, redactor: Redactor) -> AccessTokenDocument:
    """Read the answer to an exchange or a refresh; its secrets are known to the redactor from then on.

    Raises AnswerError in one of its kinds. A body that names an error is one whatever the status.
    """
    fields = _fields_of(exchange, redactor, root="access_token")
    token = fields.get("token", "")
    if not token:
        raise AccessTokenMissing(**facts_of(exchange))
    redactor.learn(token, fields.get("refresh_token"))
    if not SENDABLE.fullmatch(token):
        raise AccessTokenUnusable(**facts_of(exchange))
    return access_token_document(fields, exchange)


def read_error_document(exchange: HttpExchange, redactor: Redactor) -> ErrorDocument | None:
    """Return the `Error` document of an answer, or None if its body is anything else."""
    try:
        root, fields = read_document(exchange, redactor)
    except AnswerError:
        return None
    return _error_document(fields, redactor) if root == "error" else None


def refusal(exchange: HttpExchange, redactor: Redactor) -> AnswerError:
    """Return the error for an answer that is not a success, by what its body says."""
    document = read_error_document(exchange, redactor)
    if document is not None:
        return ConcurRefused(document=document, **facts_of(exchange))
    return ConcurFailed(content_type=redactor.text(content_type_of(exchange))[:_LONGEST_TYPE], **facts_of(exchange))


def parse_expiration(text: str) -> datetime | None:
    """Read `M/D/YYYY h:mm:ss AM|PM`, UTC (concur-wire.md 1.2); None for anything else."""
    found = _DATE.fullmatch(text.strip())
    if not found:
        return None
    month, day, year, hour, minute, second = (int(part) for part in found.groups()[:6])
    if not 1 <= hour <= 12:  # noqa: PLR2004  # a twelve-hour clock
        return None
    hour = hour % 12 + (12 if found[7] in "Pp" else 0)
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError:
        return None


def _fields_of(exchange: HttpExchange, redactor: Redactor, *, root: str) -> dict[str, str]:
    if exchange.status not in _OK:
        raise refusal(exchange, redactor)
    if not exchange.response_body.strip():
        raise AnswerEmpty(**facts_of(exchange))
    found, fields = read_document(exchange, redactor)
    if found == "error":
        raise ConcurRefused(document=_error_document(fields, redactor), **facts_of(exchange))
    if found != root:
        raise DocumentUnexpected(root=name_in_words(redactor.text(found)[:40]), **facts_of(exchange))
    return fields


def access_token_document(fields: Mapping[str, str], exchange: HttpExchange) -> AccessTokenDocument:
    """Make the document of fields by their names in lower case; `token` has to be among them."""
    remarks = []
    instance_url, expiration = fields.get("instance_url") or None, fields.get("expiration_date") or None
    expires_at = parse_expiration(expiration) if expiration else None
    refresh_token = fields.get("refresh_token") or None
    if instance_url is None:
        remarks.append(Remark.INSTANCE_URL_MISSING)
    elif not is_usable_instance_url(instance_url, exchange.url):
        remarks.append(Remark.INSTANCE_URL_UNUSABLE)
    if expiration is None:
        remarks.append(Remark.EXPIRATION_MISSING)
    elif expires_at is None:
        remarks.append(Remark.EXPIRATION_UNREADABLE)
    if refresh_token is None:
        remarks.append(Remark.REFRESH_TOKEN_MISSING)
    elif not SENDABLE.fullmatch(refresh_token):
        remarks.append(Remark.REFRESH_TOKEN_UNUSABLE)
        refresh_token = None
    content_type = content_type_of(exchange)
    if "json" in content_type.lower():
        remarks.append(Remark.NOT_XML)
    return AccessTokenDocument(
        token=fields["token"],
        refresh_token=refresh_token,
        instance_url=instance_url,
        expires_at=expires_at,
        expiration_text=expiration,
        raw=exchange.response_body,
        content_type=content_type,
        remarks=tuple(remarks),
        answer=exchange,
    )


def is_usable_instance_url(instance_url: str, asked_url: str) -> bool:
    """Whether calls may go there: https, or http from this machine to itself, as with a simulated Concur."""
    if len(instance_url) > _LONGEST_INSTANCE_URL or not SENDABLE.fullmatch(instance_url) or "\\" in instance_url:
        return False  # a backslash ends the host for some and not for others: who checks must see what is asked
    try:
        there, asked = urlsplit(instance_url), urlsplit(asked_url)
        _ = there.port
    except ValueError:
        return False
    if not there.hostname or len(there.hostname) > _LONGEST_HOST or there.username is not None:
        return False
    return there.scheme == "https" or (_is_loopback_http(there) and _is_loopback_http(asked))


def _is_loopback_http(url: SplitResult) -> bool:
    return url.scheme == "http" and is_loopback_host(url.hostname or "")


def _error_document(fields: Mapping[str, str], redactor: Redactor) -> ErrorDocument:
    def clean(name: str) -> str:
        printable = "".join(letter if letter.isprintable() else " " for letter in fields.get(name, ""))
        return redactor.text(printable)[:_LONGEST_TEXT]

    return ErrorDocument(message=clean("message"), server_time=clean("server-time"), error_id=clean("id"))
