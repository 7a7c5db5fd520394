"""The timeline as an HTTP Archive 1.2, which browsers' developer tools and proxies open. Redacted unless asked.

http://www.softwareishard.com/blog/har-12-spec/ -- fields of our own start with an underscore, as it asks for.
"""

from __future__ import annotations

import base64
from datetime import UTC
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

import msgspec

from gui import __version__
from gui.concur.curl import secrets_of
from gui.concur.redaction import REDACTED, Redactor
from gui.concur.url_parts import url_parts, with_values_masked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.concur.models import Headers, HttpExchange

_Json = dict[str, Any]

REDACTED_COMMENT = "Secrets are taken out, as far as App Center Flow knows them by value or by name."
WHOLE_COMMENT = "Not redacted: this file holds secrets. Whoever has it can use them."
UNREADABLE_BODY = "This body is no text, so nobody can say whether it holds secrets. It was left out."
_HTTP_VERSION = "HTTP/1.1"
"""All that the transport and the listener speak; records do not note it."""


def har_bytes(rows: Iterable[HttpExchange], redactor: Redactor | None) -> bytes:
    """Return an archive of the rows, in their order, as UTF-8. With None for a redactor nothing is taken out."""
    log: _Json = {
        "version": "1.2",
        "creator": {"name": "App Center Flow", "version": __version__},
        "pages": [],
        "entries": [_entry(row, _Mask(row, redactor)) for row in rows],
        "comment": WHOLE_COMMENT if redactor is None else REDACTED_COMMENT,
    }
    return msgspec.json.format(msgspec.json.encode({"log": log}), indent=1)


class _Mask:
    """Takes the secrets out of what belongs to one exchange, or nothing at all."""

    def __init__(self, exchange: HttpExchange, redactor: Redactor | None) -> None:
        # What stands in a secret's place here is a secret wherever it comes again, known to the session or not: a
        # redirect that was refused, echoed by the page that refuses it.
        own = Redactor()
        if redactor is not None:
            own.learn(*secrets_of(exchange))
        self._redactors = () if redactor is None else (redactor, own)

    @property
    def whole(self) -> bool:
        """Whether everything stays as it is."""
        return not self._redactors

    def text(self, text: str) -> str:
        for redactor in self._redactors:
            text = redactor.text(text)
        return text if text.isascii() else text.encode(errors="replace").decode()  # lone surrogates are no JSON

    def headers(self, headers: Headers) -> list[_Json]:
        for redactor in self._redactors:
            headers = redactor.headers(headers)
        return [{"name": self.text(name), "value": self.text(value)} for name, value in headers]

    def secret(self, _name: str, value: str) -> str:
        """Return what stands for a value whose name says that it is a secret."""
        return self.text(value) if self.whole else REDACTED

    def url(self, url: str) -> str:
        if self.whole:
            return self.text(url)
        parts = url_parts(self.text(url))
        return parts._replace(query=with_values_masked(parts.query, self.secret, self.text)).text()


def _entry(row: HttpExchange, mask: _Mask) -> _Json:
    started = row.started_at.astimezone(UTC).isoformat(timespec="milliseconds")
    duration = round(row.duration_ms, 3)
    return {
        "startedDateTime": started.replace("+00:00", "Z"),
        "time": duration,
        "request": _request(row, mask),
        "response": _response(row, mask),
        "cache": {},
        "timings": {"send": 0, "wait": duration, "receive": 0},
        "_direction": row.direction.value,
        "_operation": row.operation.value,
        "_sent": row.sent,
        "_complete": row.complete,
        "_failure": row.failure,
    }


def _request(row: HttpExchange, mask: _Mask) -> _Json:
    url = mask.url(row.url)
    request: _Json = {
        "method": mask.text(row.method),
        "url": url,
        "httpVersion": _HTTP_VERSION,
        "cookies": _cookies(row.request_headers, mask),
        "headers": mask.headers(row.request_headers),
        "queryString": _query(url, mask),
        "headersSize": -1,
        "bodySize": len(row.request_body),
    }
    if row.request_body:
        # Text and parameters exclude each other. The text is what was sent.
        mime_type = mask.text(_header(row.request_headers, "content-type"))
        request["postData"] = {"mimeType": mime_type, "params": [], **_post_text(row.request_body, mask)}
    return request


def _response(row: HttpExchange, mask: _Mask) -> _Json:
    coded = bool(row.response_header("content-encoding"))  # then what is here is not what crossed the wire
    content: _Json = {
        "size": len(row.response_body),
        "mimeType": mask.text(row.response_header("content-type")) or "x-unknown",
        **_text(row.response_body, mask),
    }
    return {
        "status": row.status or 0,
        "statusText": mask.text(row.reason),
        "httpVersion": _HTTP_VERSION,
        "cookies": _set_cookies(row.response_headers, mask),
        "headers": mask.headers(row.response_headers),
        "content": content,
        "redirectURL": mask.url(row.response_header("location")),
        "headersSize": -1,
        "bodySize": -1 if coded or row.status is None else len(row.response_body),
    }


def _text(body: bytes, mask: _Mask) -> _Json:
    """Return a body as text; one that is none in base64, or with a sentence in its place where secrets are out."""
    text = _decoded(body)
    if text is not None and (mask.whole or "\0" not in text):  # UTF-16 without a mark decodes, with NULs in between
        return {"text": _masked_body(text, mask)}
    if not mask.whole:
        return {"text": "", "comment": UNREADABLE_BODY}
    return {"text": base64.b64encode(body).decode(), "encoding": "base64"}


def _post_text(body: bytes, mask: _Mask) -> _Json:
    """Return the same for a request, which has no field for an encoding."""
    return {"_encoding" if name == "encoding" else name: value for name, value in _text(body, mask).items()}


def _masked_body(text: str, mask: _Mask) -> str:
    text = mask.text(text)
    if mask.whole or "=" not in text or any(mark in text for mark in "<{"):
        return text
    return with_values_masked(text, mask.secret, mask.text)  # a form: its names may be percent-encoded


def _decoded(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _query(url: str, mask: _Mask) -> list[_Json]:
    return [
        {"name": mask.text(unquote_plus(name)), "value": mask.text(unquote_plus(value))}
        for name, _equals, value in (pair.partition("=") for pair in url_parts(url).query.split("&"))
        if name or value
    ]


def _cookies(headers: Headers, mask: _Mask) -> list[_Json]:
    pairs = [
        piece.strip().partition("=")
        for header, value in headers
        if header.lower() == "cookie"
        for piece in value.split(";")
        if piece.strip()
    ]
    return [{"name": mask.text(name), "value": mask.secret(name, value)} for name, _equals, value in pairs]


def _set_cookies(headers: Headers, mask: _Mask) -> list[_Json]:
    return [_set_cookie(value, mask) for header, value in headers if header.lower() == "set-cookie"]


def _set_cookie(header: str, mask: _Mask) -> _Json:
    pair, *attributes = header.split(";")
    name, _equals, value = pair.strip().partition("=")
    given = {key.strip().lower(): text.strip() for key, _sign, text in (one.partition("=") for one in attributes)}
    cookie: _Json = {
        "name": mask.text(name),
        "value": mask.secret(name, value),
        "httpOnly": "httponly" in given,
        "secure": "secure" in given,
    }
    return cookie | {key: mask.text(given[key]) for key in ("path", "domain") if key in given}


def _header(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")
