"""One exchange in words: for the table, for its details, for tooltips. Secrets are masked by their names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from gui.concur.curl import secrets_of
from gui.concur.models import Direction
from gui.concur.redaction import REDACTED, SECRET_PARAMETERS, Redactor, parameter_name
from gui.concur.url_parts import url_parts, with_values_masked
from gui.widgets.masking import masked_text
from gui.widgets.secret_reveal import TEXT_MASK
from gui.widgets.words import operation_text, translated

if TYPE_CHECKING:
    from gui.concur.models import HttpExchange, Operation

_LEFT_OUT = "…"
_SHOWN_OF_A_CODE = 4
_SHORTEST_CODE = 3 * _SHOWN_OF_A_CODE
"""Of a shorter one, four characters would be too much of it."""
_CODES = frozenset({"code", "requesttoken"})
_MASKED_PARAMETERS = SECRET_PARAMETERS | {"state"}
"""The state of a sign-in is no credential; who reads it while the sign-in is open can slip in a redirect of their own.
Elsewhere than in a query the word names other things: part of an address, say."""
_BY_NAME = Redactor()
"""Has learned nothing and never will: it masks by names alone."""
_FIRST_ERROR_STATUS = 400
_WORD_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")

FAILURES = {
    "RequestTokenMissing": "no request token",
    "RequestTokenEmpty": "empty request token",
    "RedirectOfOtherContract": "other contract",
    "SignInNotStarted": "sign-in not ours",
    "RedirectParameterRepeated": "parameter repeated",
    "RedirectUndecodable": "cannot be read",
    "RedirectStateMissing": "no state",
    "RedirectStateWrong": "wrong state",
    "RequestUnsendable": "cannot be sent",
    "HostNotFound": "host not found",
    "NoRoute": "no route",
    "TooManyOpenFiles": "too many open files",
    "ConnectionRefused": "connection refused",
    "ConnectTimedOut": "no connection",
    "AnswerTimedOut": "no answer in time",
    "AnswerCutOff": "answer cut off",
    "AnswerTooLarge": "answer too large",
    "AnswerNotHttp": "answer not HTTP",
    "TlsFailed": "TLS failed",
    "CertificateFileMissing": "no certificate file",
    "ProxyFailed": "proxy failed",
    "AnswerRedirects": "redirect not followed",
    "RequestCancelled": "cancelled",
}
"""By the name of the error type: what fits into a column."""


def failure_words(name: str) -> str:
    """Return a failure in a few words; one without an entry by its name, which is made of words too."""
    return translated(FAILURES.get(name) or _WORD_BOUNDARY.sub(" ", name).lower())


def operation_words(operation: Operation) -> str:
    """Return what an exchange is for."""
    return operation_text(operation)


def has_failed(exchange: HttpExchange) -> bool:
    """Whether there is no answer, or one that says no, or one that could not be used.

    The call that proves a revoke is the other way round: it has to be refused.
    """
    if exchange.refused_as_due is not None:
        return not exchange.refused_as_due
    return exchange.failure is not None or exchange.status is None or exchange.status >= _FIRST_ERROR_STATUS


def what_of(exchange: HttpExchange) -> str:
    """Return method and address on one line without a whole secret in it; coming in, the host is this program."""
    parts = url_parts(exchange.url)
    path = _without_secrets(parts.path)
    query = with_values_masked(parts.query, _beginning_of, _without_secrets, _MASKED_PARAMETERS) if parts.query else ""
    host = parts.host if exchange.direction is Direction.OUT else ""
    return printable(f"{exchange.method} {host}{path}{'?' if query else ''}{query}")


def masked_url(exchange: HttpExchange) -> str:
    """Return the whole URL with every secret masked whole."""
    parts = url_parts(exchange.url)
    if parts.query:
        masked = with_values_masked(parts.query, lambda _name, _value: TEXT_MASK, str, _MASKED_PARAMETERS)
        parts = parts._replace(query=masked)
    return masked_text(parts.text(), redactor_of_request(exchange))


def redactor_of_request(exchange: HttpExchange) -> Redactor:
    """Return one that knows the secrets of this request, so that an answer that echoes them shows them masked."""
    redactor = Redactor()
    pairs = parse_qsl(url_parts(exchange.url).query, errors="surrogateescape")
    redactor.learn(*secrets_of(exchange))
    redactor.learn(*(value for name, value in pairs if parameter_name(name) in _MASKED_PARAMETERS))
    return redactor


def printable(text: str) -> str:
    """Return a text from outside on one line; what would break or turn the line round is made visible."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else "�" for letter in text)


def _without_secrets(text: str) -> str:
    return _BY_NAME.text(text).replace(REDACTED, _LEFT_OUT)


def _beginning_of(name: str, value: str) -> str:
    """Leave of a code, which is used once, what tells it from the next one; nothing of other secrets."""
    shown = _SHOWN_OF_A_CODE if name in _CODES and len(value) >= _SHORTEST_CODE else 0
    return value[:shown] + _LEFT_OUT
