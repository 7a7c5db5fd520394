"""Reads what Concur answers: access-token documents and `Error` documents (concur-wire.md 1.2, 1.5).

Element names are read without regard to case: Concur's own documentation has two spellings.
"""

from __future__ import annotations

import html
import json
import re
import xml.parsers.expat.errors as expat_errors
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ErrorString

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException, DTDForbidden

from gui.concur.errors import (
    AccessTokenMissing,
    AccessTokenUnusable,
    AnswerEmpty,
    AnswerError,
    ConcurFailed,
    ConcurRefused,
    DocumentForbidden,
    DocumentMalformed,
    DocumentTruncated,
    DocumentUndecodable,
    DocumentUnexpected,
)
from gui.concur.models import AccessTokenDocument, ErrorDocument, HttpExchange, Remark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypedDict
    from xml.etree.ElementTree import Element

    from gui.concur.models import Operation
    from gui.concur.redaction import Redactor

    class _Facts(TypedDict):
        operation: Operation
        host: str
        exchange: HttpExchange
        status: int


_OK = range(200, 300)
_SENDABLE = re.compile(r"[\x21-\x7e]+")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2}):(\d{2}) ([AaPp])[Mm]")
_HTML = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_TOKEN_ELEMENT = re.compile(r"<(?:[\w.-]+:)?token\s*>\s*([^<\s]+)\s*</", re.IGNORECASE)
_REFRESH_ELEMENT = re.compile(r"<(?:[\w.-]+:)?refresh_token\s*>\s*([^<\s]+)\s*</", re.IGNORECASE)
_INSTANCE_ELEMENT = re.compile(r"<(?:[\w.-]+:)?instance_url\s*>\s*([^<\s]+)\s*</", re.IGNORECASE)
_TOKEN_MEMBER = re.compile(r'"token"\s*:\s*"([^"\\\s]+)"', re.IGNORECASE)
_DECLARATION = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks of UTF-16."""
_LONGEST_TEXT = 2000
_TRUNCATED = {
    expat_errors.codes[message]
    for message in (
        expat_errors.XML_ERROR_NO_ELEMENTS,
        expat_errors.XML_ERROR_UNCLOSED_TOKEN,
        expat_errors.XML_ERROR_PARTIAL_CHAR,
        expat_errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}
_UNDECODABLE = {
    expat_errors.codes[message]
    for message in (expat_errors.XML_ERROR_UNKNOWN_ENCODING, expat_errors.XML_ERROR_INCORRECT_ENCODING)
}


def read_access_token_document(exchange: HttpExchange, redactor: Redactor) -> AccessTokenDocument:
    """Read the answer to an exchange or a refresh; its secrets are known to the redactor from then on.

    Raises AnswerError in one of its kinds. A body that names an error is one whatever the status.
    """
    fields = _fields_of(exchange, redactor, root="access_token")
    token = fields.get("token", "")
    if not token:
        raise AccessTokenMissing(**_facts(exchange))
    redactor.learn(token, fields.get("refresh_token"))
    if not _SENDABLE.fullmatch(token):
        raise AccessTokenUnusable(**_facts(exchange))
    return _document(fields, exchange)


def read_error_document(exchange: HttpExchange, redactor: Redactor) -> ErrorDocument | None:
    """Return the `Error` document of an answer, or None if its body is anything else."""
    try:
        root, fields = _parse(exchange)
    except AnswerError:
        return None
    return _error_document(fields, redactor) if root == "error" else None


def refusal(exchange: HttpExchange, redactor: Redactor) -> AnswerError:
    """Return the error for an answer that is not a success, by what its body says."""
    document = read_error_document(exchange, redactor)
    if document is not None:
        return ConcurRefused(document=document, **_facts(exchange))
    return ConcurFailed(content_type=_content_type(exchange), **_facts(exchange))


def salvage_access_token(exchange: HttpExchange | None, redactor: Redactor) -> AccessTokenDocument | None:
    """Return the access token that an unusable answer holds all the same, if it holds a whole one.

    Concur issued it, so it is live and has to be revoked, however broken the document around it is.
    """
    if exchange is None or not exchange.response_body:
        return None
    text = _text(exchange.response_body)
    found = _TOKEN_ELEMENT.search(text) or _TOKEN_MEMBER.search(text)
    token = html.unescape(found[1]) if found else ""
    if not _SENDABLE.fullmatch(token) or "&" in token:
        return None
    fields = {"token": token}
    for name, pattern in (("refresh_token", _REFRESH_ELEMENT), ("instance_url", _INSTANCE_ELEMENT)):
        member = pattern.search(text)
        if member:
            fields[name] = html.unescape(member[1])
    redactor.learn(token, fields.get("refresh_token"))
    return _document(fields, exchange)


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
        raise AnswerEmpty(**_facts(exchange))
    found, fields = _parse(exchange)
    if found == "error":
        raise ConcurRefused(document=_error_document(fields, redactor), **_facts(exchange))
    if found != root:
        raise DocumentUnexpected(root=redactor.text(found)[:40], **_facts(exchange))
    return fields


def _parse(exchange: HttpExchange) -> tuple[str, dict[str, str]]:
    """Return name and children of the outermost element, names in lower case and without namespace."""
    body = exchange.response_body
    if body.lstrip()[:1] in (b"{", b"["):
        return _parse_json(exchange)
    if _HTML.match(body):
        raise DocumentUnexpected(root="html", **_facts(exchange))
    root = _parse_xml(exchange)
    fields: dict[str, str] = {}
    for child in root:
        fields.setdefault(_local_name(child), (child.text or "").strip())
    return _local_name(root), fields


def _parse_xml(exchange: HttpExchange) -> Element:
    facts = _facts(exchange)
    problem: AnswerError
    try:
        root: Element = defusedxml.ElementTree.fromstring(exchange.response_body, forbid_dtd=True)
    except DTDForbidden:
        problem = DocumentForbidden(construct="DTD", **facts)
    except DefusedXmlException:
        problem = DocumentForbidden(construct="entity declaration", **facts)
    except ParseError as error:
        problem = _malformed(error, exchange)
    except (LookupError, ValueError):
        problem = DocumentUndecodable(encoding=_declared_encoding(exchange.response_body), **facts)
    else:
        return root
    raise problem


def _malformed(error: ParseError, exchange: HttpExchange) -> AnswerError:
    facts = _facts(exchange)
    line, column = error.position
    if error.code in _UNDECODABLE or not _decodes(exchange.response_body):
        return DocumentUndecodable(encoding=_declared_encoding(exchange.response_body), **facts)
    if error.code in _TRUNCATED:
        return DocumentTruncated(**facts)
    return DocumentMalformed(reason=ErrorString(error.code) or "not well-formed", line=line, column=column, **facts)


def _parse_json(exchange: HttpExchange) -> tuple[str, dict[str, str]]:
    problem: AnswerError
    try:
        document = json.loads(exchange.response_body)
    except UnicodeDecodeError:
        problem = DocumentUndecodable(encoding="utf-8", **_facts(exchange))
    except json.JSONDecodeError as error:
        problem = (
            DocumentTruncated(**_facts(exchange))
            if error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
            else DocumentMalformed(reason="not JSON", line=error.lineno, column=error.colno, **_facts(exchange))
        )
    except RecursionError:
        problem = DocumentMalformed(reason="nested too deep", line=1, column=0, **_facts(exchange))
    else:
        if isinstance(document, dict):
            return _json_root(document)
        problem = DocumentUnexpected(root="a JSON list", **_facts(exchange))
    raise problem


def _json_root(document: Mapping[str, object]) -> tuple[str, dict[str, str]]:
    """Take `{"Error": {…}}` and a bare `{"Message": …}` alike."""
    name, members = next(iter(document.items()), ("", None))
    if len(document) == 1 and isinstance(members, dict):
        root = str(name).lower()
    else:
        root, members = ("error" if any(key.lower() == "message" for key in document) else "json"), document
    return root, {
        str(key).lower(): str(value).strip() for key, value in members.items() if isinstance(value, str | int | float)
    }


def _document(fields: Mapping[str, str], exchange: HttpExchange) -> AccessTokenDocument:
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
    elif not _SENDABLE.fullmatch(refresh_token):
        remarks.append(Remark.REFRESH_TOKEN_UNUSABLE)
        refresh_token = None
    content_type = _content_type(exchange)
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
    )


def is_usable_instance_url(instance_url: str, asked_url: str) -> bool:
    """Whether calls may go there: an http(s) origin, and not http where the exchange itself was https."""
    try:
        there, asked = urlsplit(instance_url), urlsplit(asked_url)
        _ = there.port
    except ValueError:
        return False
    if not there.hostname or there.username is not None or not _SENDABLE.fullmatch(instance_url):
        return False
    return there.scheme == "https" or (there.scheme == "http" and asked.scheme == "http")


def _error_document(fields: Mapping[str, str], redactor: Redactor) -> ErrorDocument:
    def clean(name: str) -> str:
        printable = "".join(letter if letter.isprintable() else " " for letter in fields.get(name, ""))
        return redactor.text(printable)[:_LONGEST_TEXT]

    return ErrorDocument(message=clean("message"), server_time=clean("server-time"), error_id=clean("id"))


def _facts(exchange: HttpExchange) -> _Facts:
    return {
        "operation": exchange.operation,
        "host": exchange.host,
        "exchange": exchange,
        "status": exchange.status or 0,
    }


def _content_type(exchange: HttpExchange) -> str:
    return exchange.response_header("content-type")


def _local_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _declared_encoding(body: bytes) -> str:
    found = re.match(
        rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']", body.lstrip(b"\xef\xbb\xbf")
    )
    return found[1].decode("ascii") if found else "utf-8"


def _decodes(body: bytes) -> bool:
    encoding = "utf-16" if body.startswith(_WIDE_MARKS) else _declared_encoding(body)
    try:
        body.decode(encoding, errors="strict")
    except UnicodeDecodeError as error:
        return error.end >= len(body)  # cut in the middle of a character
    except LookupError:
        return False
    return True


def _text(body: bytes) -> str:
    return body.decode("utf-16" if body.startswith(_WIDE_MARKS) else "utf-8", errors="replace")
