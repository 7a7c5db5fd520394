"""Turns what `requests`, urllib3, http.client and sockets raise into our errors, by type, with nothing secret in it.

Their texts hold the URL, and with the legacy contract the URL holds the consumer secret.
"""

from __future__ import annotations

import errno
import http.client
import re
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
import urllib3

from gui.concur.errors import (
    AnswerCutOff,
    AnswerNotHttp,
    AnswerTimedOut,
    AnswerTooLarge,
    ConnectionRefused,
    ConnectTimedOut,
    HostNotFound,
    NoRoute,
    ProxyFailed,
    ProxyTrouble,
    RequestCancelled,
    RequestUnsendable,
    TlsFailed,
    TooManyOpenFiles,
    WireError,
)
from gui.concur.transport.connections import EndedBy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.concur.models import Operation
    from gui.concur.transport.send import WireLimits

_PROXY_TROUBLE = (
    requests.exceptions.ProxyError,
    requests.exceptions.InvalidURL,  # the proxy's: the URL that is asked for was read when the request was prepared
    urllib3.exceptions.ProxyError,
    urllib3.exceptions.LocationValueError,
)
_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}
_OUT_OF_FILES = {errno.EMFILE, errno.ENFILE}
_TUNNEL_STATUS = re.compile(r"Tunnel connection failed: (\d{3})")


class _Unreachable(OSError):
    """Stands in for an OSError whose number says that there is no way: Python has no type of its own for it."""


@dataclass(frozen=True, slots=True)
class EndedEarly:
    """How far a request came, and why we ended it ourselves, if we did."""

    by: EndedBy | None
    limits: WireLimits
    too_large: bool
    received_bytes: int
    connected: bool


def wire_error(
    problem: Exception | None, ended: EndedEarly, operation: Operation, url: str, proxy: str | None
) -> WireError | None:
    """Return the error for what happened, or None if the answer came whole. `proxy` is a host and port."""
    host = host_of(url)
    limits = ended.limits
    if ended.by is EndedBy.CANCELLED:
        return RequestCancelled(operation=operation, host=host)
    if ended.too_large:
        return AnswerTooLarge(operation=operation, host=host, limit_bytes=limits.answer_bytes)
    if ended.by is EndedBy.DEADLINE:
        return AnswerTimedOut(operation=operation, host=host, limit_s=limits.whole_s)
    return None if problem is None else _by_problem(problem, ended, operation, host, proxy)


def host_of(url: str) -> str:
    """Return host and port of a URL, without credentials; "" where it has none or is none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _by_problem(problem: Exception, ended: EndedEarly, operation: Operation, host: str, proxy: str | None) -> WireError:
    causes = tuple(_causes(problem))
    if not ended.connected and any(_is_out_of_files(cause) for cause in causes):
        return TooManyOpenFiles(operation=operation, host=host)
    if proxy is not None and _first(causes, *_PROXY_TROUBLE) is not None:
        return ProxyFailed(
            operation=operation, host=host, proxy=proxy, status=_tunnel_status(causes), trouble=_proxy_trouble(causes)
        )
    return _by_cause(causes, ended, operation, host)


def _by_cause(causes: tuple[BaseException, ...], ended: EndedEarly, operation: Operation, host: str) -> WireError:
    """Go by the innermost cause that tells most: the outer types of `requests` are too wide."""
    tls = _first(causes, ssl.SSLError)
    if tls is not None and not ended.connected:  # with TLS 1.3 a refusal may come after the request went out
        return TlsFailed(operation=operation, host=host, reason=_tls_reason(tls))
    limits = ended.limits
    silent: WireError = AnswerTimedOut(operation=operation, host=host, limit_s=limits.silence_s)
    if not ended.connected:  # the handshake and a proxy's tunnel are part of connecting
        silent = ConnectTimedOut(operation=operation, host=host, limit_s=limits.connect_s)
    cut_off = AnswerCutOff(operation=operation, host=host, received_bytes=ended.received_bytes)
    verdicts: tuple[tuple[tuple[type[BaseException], ...], WireError], ...] = (
        (
            (
                urllib3.exceptions.NameResolutionError,
                socket.gaierror,
                requests.exceptions.InvalidURL,
                urllib3.exceptions.LocationParseError,
            ),
            HostNotFound(operation=operation, host=host),
        ),
        # Before the time-outs: urllib3 calls a refused connection one of them (NewConnectionError).
        ((ConnectionRefusedError,), ConnectionRefused(operation=operation, host=host)),
        ((_Unreachable,), NoRoute(operation=operation, host=host)),
        (
            (requests.exceptions.ConnectTimeout,),
            ConnectTimedOut(operation=operation, host=host, limit_s=limits.connect_s),
        ),
        (
            (requests.exceptions.ReadTimeout, urllib3.exceptions.ReadTimeoutError, TimeoutError),
            silent,
        ),
        ((requests.exceptions.InvalidHeader, UnicodeEncodeError), RequestUnsendable(operation=operation, host=host)),
        ((http.client.RemoteDisconnected, http.client.IncompleteRead, ConnectionError), cut_off),
        (
            (http.client.HTTPException, urllib3.exceptions.DecodeError, ValueError),
            AnswerNotHttp(operation=operation, host=host),
        ),
    )
    otherwise = cut_off if ended.connected else NoRoute(operation=operation, host=host)  # a firewall's refusal, for one
    return next((verdict for types, verdict in verdicts if _first(causes, *types)), otherwise)


def _first(causes: tuple[BaseException, ...], *types: type[BaseException]) -> BaseException | None:
    return next((cause for cause in causes if isinstance(cause, types)), None)


def _causes(problem: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all that it was made from: these libraries use four ways to say so."""
    seen: set[int] = set()
    waiting: list[object] = [problem]
    while waiting:
        candidate = waiting.pop(0)
        if not isinstance(candidate, BaseException) or id(candidate) in seen:
            continue
        seen.add(id(candidate))
        yield candidate
        if isinstance(candidate, OSError) and candidate.errno in _UNREACHABLE:
            yield _Unreachable()
        waiting += [candidate.__cause__, candidate.__context__, getattr(candidate, "reason", None), *candidate.args]


def _is_out_of_files(cause: BaseException) -> bool:
    foreign_numbers = isinstance(cause, ssl.SSLError | socket.gaierror)
    return isinstance(cause, OSError) and not foreign_numbers and cause.errno in _OUT_OF_FILES


def _tls_reason(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate verify failed: {error.verify_message}"
    reason = getattr(error, "reason", None)
    return str(reason).lower().replace("_", " ") if isinstance(reason, str) else "no TLS connection"


def _proxy_trouble(causes: tuple[BaseException, ...]) -> ProxyTrouble:
    """Go by the innermost cause, as with a host: urllib3 calls nearly everything a proxy error."""
    troubles: tuple[tuple[tuple[type[BaseException], ...], ProxyTrouble], ...] = (
        ((urllib3.exceptions.NameResolutionError, socket.gaierror), ProxyTrouble.NOT_FOUND),
        (
            (requests.exceptions.InvalidURL, urllib3.exceptions.LocationValueError),
            ProxyTrouble.SETTING_UNREADABLE,
        ),
        ((ConnectionRefusedError,), ProxyTrouble.REFUSED),
        ((_Unreachable,), ProxyTrouble.NO_ROUTE),
        ((TimeoutError, urllib3.exceptions.ConnectTimeoutError), ProxyTrouble.SILENT),
        ((ssl.SSLError,), ProxyTrouble.NOT_SECURE),
    )
    return next((trouble for types, trouble in troubles if _first(causes, *types)), ProxyTrouble.OTHER)


def _tunnel_status(causes: tuple[BaseException, ...]) -> int | None:
    """Return the status that a proxy refused a tunnel with; http.client has it in a text only."""
    for cause in causes:
        found = _TUNNEL_STATUS.search(str(cause))
        if found:
            return int(found[1])
    return None
