"""From the bytes of an answer to the name of its outermost element and the texts of that one's children.

Names come in lower case and without namespace; XML and JSON alike. DTDs and entities are never read.
"""

from __future__ import annotations

import json
import re
import xml.parsers.expat.errors as expat_errors
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ErrorString

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException, DTDForbidden

from gui.concur.errors import (
    AnswerError,
    DocumentForbidden,
    DocumentMalformed,
    DocumentTruncated,
    DocumentUndecodable,
    DocumentUnexpected,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TypedDict
    from xml.etree.ElementTree import Element

    from gui.concur.models import HttpExchange, Operation
    from gui.concur.redaction import Redactor

    class Facts(TypedDict):
        """What every AnswerError tells."""

        operation: Operation
        host: str
        exchange: HttpExchange
        status: int


_NAMELESS = "json"
"""Stands for the name that a JSON object with more members than one has not."""
_HTML = re.compile(rb"\s*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_DECLARATION = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_UTF_8_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""Byte order marks of UTF-16."""
_TELLING_ENCODINGS = re.compile(r"utf-?8|us-ascii|ascii|utf-?16(-?[lb]e)?", re.IGNORECASE)
"""In these, wrong bytes can be told. Some others that Python knows take quadratic time: a server must not choose."""
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


def read_document(exchange: HttpExchange, redactor: Redactor) -> tuple[str, dict[str, str]]:
    """Return name and children of the outermost element. Raises a Document… error of AnswerError's.

    Where a name comes twice the first counts; of a child that has children itself, all text counts.
    """
    body = exchange.response_body.removeprefix(_UTF_8_MARK).lstrip()
    if body[:1] in (b"{", b"["):
        return _json(body, exchange)
    if _HTML.match(body):
        raise DocumentUnexpected(root="a web page", **facts_of(exchange))
    root = _xml(exchange, redactor)
    fields: dict[str, str] = {}
    for child in root:
        fields.setdefault(_local_name(child), "".join(child.itertext()).strip())
    return _local_name(root), fields


def read_json_members(exchange: HttpExchange) -> dict[str, object]:
    """Return the members of a JSON object, names in lower case; numbers come as text.

    Where a name comes twice, in whatever case, the first counts.
    Raises a Document… error of AnswerError's where the body is anything else.
    """
    body = exchange.response_body.removeprefix(_UTF_8_MARK).lstrip()
    if _HTML.match(body):
        raise DocumentUnexpected(root="a web page", **facts_of(exchange))
    if body.startswith(b"<"):
        raise DocumentUnexpected(root="an XML document", **facts_of(exchange))
    members: dict[str, object] = {}
    for name, value in _json_object(body, exchange).items():
        members.setdefault(str(name).lower(), value)
    return members


def facts_of(exchange: HttpExchange) -> Facts:
    """Return what every AnswerError tells of an answer."""
    return {
        "operation": exchange.operation,
        "host": exchange.host,
        "exchange": exchange,
        "status": exchange.status or 0,
    }


def content_type_of(exchange: HttpExchange) -> str:
    """Return the Content-Type as it came; "" where there is none."""
    return exchange.response_header("content-type")


def text_of(body: bytes) -> str:
    """Return a body as text, whatever is wrong with it."""
    return body.decode("utf-16" if body.startswith(_WIDE_MARKS) else "utf-8", errors="replace")


def _xml(exchange: HttpExchange, redactor: Redactor) -> Element:
    facts = facts_of(exchange)
    encoding = redactor.text(_declared_encoding(exchange.response_body))
    problem: AnswerError
    try:
        root: Element = defusedxml.ElementTree.fromstring(exchange.response_body, forbid_dtd=True)
    except DTDForbidden:
        problem = DocumentForbidden(construct="DTD", **facts)
    except DefusedXmlException:
        problem = DocumentForbidden(construct="entity declaration", **facts)
    except ParseError as error:
        if error.code in _UNDECODABLE or not _decodes(exchange.response_body):
            problem = DocumentUndecodable(encoding=encoding, **facts)
        elif error.code in _TRUNCATED:
            problem = DocumentTruncated(**facts)
        else:
            line, column = error.position
            reason = ErrorString(error.code) or "not well-formed"
            problem = DocumentMalformed(reason=reason, line=line, column=column, **facts)
    except (LookupError, ValueError):
        problem = DocumentUndecodable(encoding=encoding, **facts)
    else:
        return root
    raise problem


def name_in_words(root: str) -> str:
    """Return what a document is by the name that `read_document` gives it, as a part of a sentence."""
    return "a JSON object of another kind" if root == _NAMELESS else f'a document named "{root}"'


def _json(body: bytes, exchange: HttpExchange) -> tuple[str, dict[str, str]]:
    return _json_root(_json_object(body, exchange))


def _json_object(body: bytes, exchange: HttpExchange) -> dict[str, object]:
    facts = facts_of(exchange)
    problem: AnswerError
    try:
        document = json.loads(
            body,
            parse_int=str,  # as text: an endless number is an error of its own
            parse_float=str,
            object_pairs_hook=_first_of_each,
        )
    except UnicodeDecodeError:
        problem = DocumentUndecodable(encoding="utf-8", **facts)
    except json.JSONDecodeError as error:
        problem = (
            DocumentTruncated(**facts)
            if error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
            else DocumentMalformed(reason="not JSON", line=error.lineno, column=error.colno, **facts)
        )
    except RecursionError:
        problem = DocumentMalformed(reason="nested too deep", line=1, column=0, **facts)
    else:
        if isinstance(document, dict):
            return document
        found = "a JSON list" if isinstance(document, list) else "a JSON value that is no object"
        problem = DocumentUnexpected(root=found, **facts)
    raise problem


def _first_of_each(members: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Make an object of its members as with XML: where a name comes twice the first counts."""
    found: dict[str, object] = {}
    for name, value in members:
        found.setdefault(name, value)
    return found


def _json_root(document: Mapping[str, object]) -> tuple[str, dict[str, str]]:
    """Take `{"Error": {…}}` and a bare `{"Message": …}` alike."""
    name, members = next(iter(document.items()), ("", None))
    if len(document) == 1 and isinstance(members, dict):
        root = name.lower()
    else:
        root, members = ("error" if any(key.lower() == "message" for key in document) else _NAMELESS), document
    fields: dict[str, str] = {}
    for key, value in members.items():
        if isinstance(value, str):
            fields.setdefault(str(key).lower(), value.strip())
    return root, fields


def _local_name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()


def _declared_encoding(body: bytes) -> str:
    found = _DECLARATION.match(body.removeprefix(_UTF_8_MARK))
    return found[1].decode("ascii") if found else "utf-8"


def _decodes(body: bytes) -> bool:
    encoding = "utf-16" if body.startswith(_WIDE_MARKS) else _declared_encoding(body)
    if not _TELLING_ENCODINGS.fullmatch(encoding):
        return True
    try:
        body.decode(encoding, errors="strict")
    except UnicodeDecodeError as error:
        return error.end >= len(body)  # cut in the middle of a character
    return True
