"""The one way out: every outbound request goes through `Transport.send`.

The system's certificate store and proxies; no redirects followed, since the request may carry a secret; an absolute
deadline and a cap on the answer; a record in every case, before anything is made of the answer.
"""

from __future__ import annotations

import contextlib
import http.client
import logging
import os
import ssl
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import requests
import truststore
import urllib3
from requests.adapters import HTTPAdapter

from gui import __version__
from gui.concur.errors import AnswerCutOff, AnswerRedirects, ProxyFailed, WireError
from gui.concur.models import Direction, HttpExchange
from gui.concur.transport.connections import ConnectionWatch, watched_pools
from gui.concur.transport.failures import EndedEarly, host_of, wire_error
from gui.concur.transport.machine import environment, proxy_name, wrong_setting

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.cancellation import Cancellation
    from gui.concur.models import Headers, Operation
    from gui.concur.redaction import Redactor

USER_AGENT = f"AppCenterFlow/{__version__}"
_REDIRECTING = {301, 302, 303, 307, 308}
_PROXY_WANTS_CREDENTIALS = 407
_LONGEST_HOST = 260
_WITHOUT_BODY = {204, 304}
_PIECE_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class WireLimits:
    """How long and how much. Concur answers within seconds, and with a few kilobytes."""

    connect_s: float = 10.0
    silence_s: float = 30.0
    """Longest wait for the next byte."""
    whole_s: float = 60.0
    """From the start to the last byte; absolute."""
    answer_bytes: int = 1024 * 1024


@dataclass(frozen=True, slots=True)
class OutboundRequest:
    """What to send. The query is separate from the URL because it can hold secrets."""

    operation: Operation
    method: str
    url: str
    """Without a query."""
    query: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    headers: Headers = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    is_due_refusal: Callable[[HttpExchange], bool] | None = None
    """Tells of an answer that it refuses as it has to; None where a success is wanted."""


class Transport:
    """Sends requests one at a time for each calling thread; safe to share between threads."""

    def __init__(
        self,
        *,
        record: Callable[[HttpExchange], None],
        redactor: Redactor,
        limits: WireLimits | None = None,
    ) -> None:
        _keep_libraries_quiet()
        self._record = record
        self.redactor = redactor
        self._limits = limits or WireLimits()
        self._lock = threading.Lock()
        self._trust: truststore.SSLContext | None = None

    def send(self, request: OutboundRequest, cancellation: Cancellation | None = None) -> HttpExchange:
        """Send and return the record of an answer that came whole, whatever its status.

        Raises WireError in every other case, with the record as far as there is one.
        """
        answer = _Answer()
        started_at, started = datetime.now(UTC), time.monotonic()
        prepared, failure = _prepared(request, self._limits)
        if prepared is not None:
            proxy, own_ca_file = environment(str(prepared.url))
            failure = wrong_setting(request.operation, request.url, proxy, own_ca_file) or self._converse(
                prepared, answer, proxy, own_ca_file, cancellation, request.operation
            )
            failure = failure or self._unwanted(request, answer, proxy)
        exchange = HttpExchange(
            direction=Direction.OUT,
            operation=request.operation,
            started_at=started_at,
            duration_ms=(time.monotonic() - started) * 1000,
            method=request.method,
            url=str(prepared.url) if prepared else request.url,
            request_headers=_sent_headers(prepared),
            request_body=request.body,
            status=answer.status,
            reason=answer.reason,
            response_headers=answer.headers,
            response_body=bytes(answer.body),
            sent=answer.sent,
            complete=answer.complete,
            failure=type(failure).__name__ if failure else None,
        )
        if request.is_due_refusal is not None and failure is None:
            exchange = replace(exchange, refused_as_due=request.is_due_refusal(exchange))
        self._record(exchange)
        if failure is not None:
            failure.exchange = exchange
            raise failure
        return exchange

    def _converse(
        self,
        prepared: requests.PreparedRequest,
        answer: _Answer,
        proxy: str | None,
        own_ca_file: str | None,
        cancellation: Cancellation | None,
        operation: Operation,
    ) -> WireError | None:
        """Send, and read into `answer`.

        What went wrong comes back as a value: an exception raised in here would carry the library's as its context.
        """
        limits = self._limits
        problem: Exception | None = None
        with ConnectionWatch(limits.whole_s, cancellation) as watch:
            try:
                if watch.ended is None:
                    # By the adapter, not by a session: for a redirect that is not followed, a session reads the whole
                    # answer without a cap, and the user's netrc.
                    with (
                        contextlib.closing(_Adapter(watch, None if own_ca_file else self._system_trust())) as adapter,
                        adapter.send(
                            prepared,
                            stream=True,
                            timeout=(min(limits.connect_s, limits.whole_s), min(limits.silence_s, limits.whole_s)),
                            proxies={"all": proxy} if proxy else {},
                            verify=own_ca_file or True,
                        ) as response,
                    ):
                        answer.read(response, limits.answer_bytes)
            except EXPECTED_FAILURES as error:
                problem = error
        answer.sent = watch.connected
        if watch.ended is not None or problem is not None or answer.too_large:
            answer.complete = False
        ended = EndedEarly(watch.ended, limits, answer.too_large, len(answer.body), watch.connected)
        failure = wire_error(problem, ended, operation, str(prepared.url), proxy_name(proxy))
        if failure is None and not answer.complete:
            return AnswerCutOff(operation=operation, host=host_of(str(prepared.url)), received_bytes=0)
        return failure

    def _unwanted(self, request: OutboundRequest, answer: _Answer, proxy: str | None) -> WireError | None:
        """Tell an answer that is no answer of Concur's: it sends us elsewhere, or it is a proxy's."""
        host = host_of(request.url)
        if answer.status == _PROXY_WANTS_CREDENTIALS:
            return ProxyFailed(
                operation=request.operation, host=host, proxy=proxy_name(proxy) or "", status=answer.status
            )
        if answer.status in _REDIRECTING:
            location = next((value for name, value in answer.headers if name.lower() == "location"), "")
            return AnswerRedirects(
                operation=request.operation,
                host=host,
                status=answer.status,
                location_host=self.redactor.text(host_of(location))[:_LONGEST_HOST] or host,
            )
        return None

    def _system_trust(self) -> ssl.SSLContext:
        """Return one TLS context for all requests: reading the certificate store takes longer than a request."""
        with self._lock:
            if self._trust is None:
                self._trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                own_store = os.environ.get("SSL_CERT_FILE")
                if own_store and Path(own_store).is_file():
                    self._trust.load_verify_locations(cafile=own_store)
            return self._trust


def _keep_libraries_quiet() -> None:
    """Turn urllib3's log off.

    It writes whole URLs, and with the legacy contract a URL holds the consumer secret. An odd header is enough: that is
    a warning, and where nobody has set up logging Python prints warnings on stderr.
    """
    logging.getLogger("urllib3").setLevel(logging.CRITICAL + 1)


EXPECTED_FAILURES = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)
"""What the libraries raise; bodies are read by urllib3 itself, and it lets http.client's and ValueError through."""


@dataclass(slots=True)
class _Answer:
    """As much of an answer as came."""

    status: int | None = None
    reason: str = ""
    headers: Headers = ()
    body: bytearray = field(default_factory=bytearray)
    sent: bool = False
    complete: bool = False
    too_large: bool = False

    def read(self, response: requests.Response, limit_bytes: int) -> None:
        self.status = response.status_code
        self.reason = response.reason or ""
        self.headers = tuple((name, value) for name, value in response.raw.headers.items())
        while piece := response.raw.read1(_PIECE_BYTES, decode_content=True):
            self.body += piece
            if len(self.body) > limit_bytes:
                del self.body[limit_bytes:]
                self.too_large = True
                return
        # http.client takes a head that is cut off for a whole one. Nothing after a head that announces nothing is
        # such a case as likely as not, and for a revoke an empty 200 is success.
        framed = {"content-length", "transfer-encoding"} & {name.lower() for name, _value in self.headers}
        self.complete = bool(self.body or framed) or self.status in _WITHOUT_BODY


class _Adapter(HTTPAdapter):
    """Trusts the system's store alone, and hands every socket to the watch."""

    def __init__(self, watch: ConnectionWatch, trust: ssl.SSLContext | None) -> None:
        self._watch = watch
        self._pool_extras = {"ssl_context": trust} if trust else {}
        super().__init__()

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **pool: Any) -> None:  # noqa: ANN401, FBT001, FBT002  # the library's own signature
        super().init_poolmanager(connections, maxsize, block, **pool, **self._pool_extras)
        self.poolmanager.pool_classes_by_scheme = watched_pools(self._watch)

    def proxy_manager_for(self, proxy: str, **pool: Any) -> Any:  # noqa: ANN401  # as the library has it
        proxies = super().proxy_manager_for(proxy, **pool, **self._pool_extras)
        proxies.pool_classes_by_scheme = watched_pools(self._watch)
        return proxies

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ANN401  # as the library has it
        if verify is not True:
            super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
        # else: requests would add certifi's roots to the system's


def _prepared(request: OutboundRequest, limits: WireLimits) -> tuple[requests.PreparedRequest | None, WireError | None]:
    """Return the request as it will be sent, or why it cannot be: the library's errors hold the URL and headers."""
    headers = {
        "User-Agent": USER_AGENT,
        "Accept-Encoding": "identity",
        "Connection": "close",
        **dict(request.headers),
    }
    try:
        query = urlencode(request.query, quote_via=quote, safe="")
        # Prepared by itself, not by a session: a session would add what the user's netrc says.
        prepared = requests.Request(
            request.method,
            request.url + ("?" + query if query else ""),
            headers=headers,
            data=request.body or None,
        ).prepare()
    except EXPECTED_FAILURES as error:
        unsent = EndedEarly(by=None, limits=limits, too_large=False, received_bytes=0, connected=False)
        return None, wire_error(error, unsent, request.operation, request.url, None)
    return prepared, None


def _sent_headers(prepared: requests.PreparedRequest | None) -> Headers:
    if prepared is None:
        return ()
    return tuple((str(name), str(value)) for name, value in prepared.headers.items())
