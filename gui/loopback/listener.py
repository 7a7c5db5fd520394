"""The redirect listener: catches the one redirect that is waited for and lets nothing else through."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.concur.errors import (
    RedirectError,
    RedirectOfOtherContract,
    RedirectParameterRepeated,
    RedirectStateMissing,
    RedirectStateWrong,
    RedirectUndecodable,
    RequestTokenEmpty,
    RequestTokenMissing,
    SignInNotStarted,
)
from gui.concur.models import Denial, Direction, HttpExchange, Operation, Origin, RequestToken
from gui.loopback.guard import STATUS_OF_STRAY, Stray, stray_reason
from gui.loopback.http import Response
from gui.loopback.pages import PAGE_HEADERS, page_response
from gui.loopback.server import Contact, Limits, LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.contract import Contract
    from gui.loopback.http import Request
    from gui.loopback.redirect_url import RedirectUrl

_REMEMBERED = 64
_LONGEST_PATH = 100


@dataclass(frozen=True, slots=True)
class RedirectReceived:
    """The redirect that was waited for; comes once for each request token."""

    request_token: RequestToken


@dataclass(frozen=True, slots=True)
class RedirectDenied:
    """The user, or Concur, said no. The listener goes on waiting: people change their mind."""

    denial: Denial


@dataclass(frozen=True, slots=True)
class RedirectRefused:
    """A redirect that cannot be used. The listener goes on waiting."""

    error: RedirectError


@dataclass(frozen=True, slots=True)
class OtherRequestToken:
    """Another request token came while one was held; it was not taken."""


@dataclass(frozen=True, slots=True)
class RedirectMissed:
    """A request with a query came to another path: the first since `expect()`. Perhaps a redirect URL is misspelt."""

    path: str
    """From outside; cut to a readable length."""


@dataclass(frozen=True, slots=True)
class StrayArrived:
    """Something else came to the port: the first of its kind since `expect()`. `RedirectListener.strays` counts all."""

    kind: Stray | Contact


ListenerEvent = RedirectReceived | RedirectDenied | RedirectRefused | OtherRequestToken | RedirectMissed | StrayArrived


class RedirectListener:
    """Listens on the redirect URL of a profile.

    `on_event` and `record` run in the server's thread and must not wait. The record comes before the event. An event
    of a redirect that was judged just before `expect()` may arrive just after it.
    """

    def __init__(
        self,
        redirect_url: RedirectUrl,
        contract: Contract,
        *,
        on_event: Callable[[ListenerEvent], None],
        record: Callable[[HttpExchange], None],
        on_fault: Callable[[Exception], None] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._contract = contract
        self._on_event = on_event
        self._record = record
        self._server = LoopbackServer(
            self._handle,
            port=redirect_url.port,
            limits=limits,
            on_contact=self._count,
            on_fault=on_fault,
            name="redirect-listener",
        )
        self._lock = threading.Lock()
        self._origin = Origin.APP_CENTER
        self._state: str | None = None
        self._holds_token = False
        self._taken: OrderedDict[bytes, None] = OrderedDict()
        """Hashes of the request tokens that were handed over, the latest last."""
        self._denial: Denial | None = None
        self._shown: Response | None = None
        """The page of the token or denial that was handed over last, for its reload."""
        self._received_page = _page(200, "received", "The request token has arrived")
        self._other_page = _page(409, "other", "Another request token is being exchanged")
        self._announced: set[Stray | Contact] = set()
        self._missed = False
        self.strays: Counter[Stray | Contact] = Counter()
        """What else came to the port, by kind."""
        self.redirect_url = redirect_url
        """With the port that is listened on."""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Loopback addresses that are listened on; empty while stopped."""
        return self._server.addresses

    def start(self) -> None:
        """Listen. Raises ListenError. The redirect URL is good from the moment this returns."""
        self._server.start()
        self.redirect_url = self.redirect_url.on_port(self._server.port)

    def stop(self) -> None:
        """Stop listening; may be called again."""
        self._server.stop()

    def expect(self, origin: Origin, state: str | None = None) -> None:
        """Wait for the next redirect: from the App Center, or the answer to a sign-in that was sent with `state`.

        Request tokens of earlier flows stay known, so that a reloaded page starts nothing.
        """
        with self._lock:
            self._origin, self._state = origin, state
            self._holds_token = False
            self._denial = self._shown = None
            self._announced.clear()
            self._missed = False

    def note_taken(self, request_token: RequestToken) -> None:
        """Hold a request token that came another way: pasted. Its redirect, should it come too, starts nothing."""
        with self._lock:
            self._take(request_token)

    # In the server's thread from here on

    def _handle(self, request: Request) -> Response:
        started = time.monotonic()
        stray = stray_reason(request, self.redirect_url)
        if stray is not None:
            self._count(stray, request.path if request.query else "")
            return _plain(STATUS_OF_STRAY[stray], "Nothing is here.")
        if request.method == "HEAD":
            return _plain(200, "")  # a link preview looks; only a navigation counts
        response, event = self._judge(request)
        try:
            self._record(self._exchange_of(request, response, event, started))
        finally:  # the token is taken by now: a fault of the record must not lose it
            if event is not None:
                self._on_event(event)
        return response

    def _judge(self, request: Request) -> tuple[Response, ListenerEvent | None]:
        with self._lock:  # in one piece: expect() comes wholly before a redirect or wholly after it
            if not request.query and self._shown is not None:
                return self._shown, None  # our page took the query out of the address bar; this is its reload
            try:
                found = self._contract.read_redirect(
                    request.query,
                    origin=self._origin,
                    expected_state=self._state,
                    received_at=request.received_at,
                )
            except RedirectError as error:
                page = _page(400, "malformed", "This redirect cannot be used", reason=_reason(error))
                return page, RedirectRefused(error)
            return self._deny(found) if isinstance(found, Denial) else self._take(found)

    def _deny(self, denial: Denial) -> tuple[Response, ListenerEvent | None]:
        page = _page(200, "denied", "Access was denied", denial=denial)
        if denial == self._denial:
            return page, None
        self._denial = denial
        if not self._holds_token:
            self._shown = page
        return page, RedirectDenied(denial)

    def _take(self, request_token: RequestToken) -> tuple[Response, ListenerEvent | None]:
        mark = hashlib.sha256(request_token.value.encode()).digest()
        page = self._received_page
        if mark in self._taken:
            return page, None
        if self._holds_token:
            return self._other_page, OtherRequestToken()
        self._holds_token, self._shown = True, page
        self._taken[mark] = None
        if len(self._taken) > _REMEMBERED:
            self._taken.popitem(last=False)
        return page, RedirectReceived(request_token)

    def _exchange_of(
        self, request: Request, response: Response, event: ListenerEvent | None, started: float
    ) -> HttpExchange:
        failure = type(event.error).__name__ if isinstance(event, RedirectRefused) else None
        origin = f"http://{request.header('host')}"
        return HttpExchange(
            direction=Direction.IN,
            operation=Operation.REDIRECT,
            started_at=request.received_at,
            duration_ms=(time.monotonic() - started) * 1000,
            method=request.method,
            url=request.target if request.authority else origin + request.target,
            request_headers=request.headers,
            request_body=b"",
            status=response.status,
            reason="",
            response_headers=response.headers,
            response_body=response.body,
            sent=True,
            complete=True,
            failure=failure,
        )

    def _count(self, kind: Stray | Contact, path_with_query: str = "") -> None:
        self.strays[kind] += 1
        missed = bool(path_with_query) and kind is Stray.OTHER_PATH
        with self._lock:
            is_first = kind not in self._announced
            is_first_miss = missed and not self._missed
            self._announced.add(kind)
            self._missed = self._missed or missed
        if is_first:
            self._on_event(StrayArrived(kind))
        if is_first_miss:
            self._on_event(RedirectMissed(path_with_query[:_LONGEST_PATH]))


def _page(status: int, template: str, title: str, **facts: object) -> Response:
    return page_response(status, f"listener-{template}", {"title": title, **facts}, hide_query=True)


_REASONS: dict[type[RedirectError], str] = {
    RequestTokenMissing: "The address holds no request token.",
    RequestTokenEmpty: "The address holds a place for the request token, but it is empty.",
    RedirectParameterRepeated: "The address names the same parameter more than once.",
    RedirectUndecodable: "The address holds characters that cannot be read.",
    RedirectOfOtherContract: "The app was connected by the other contract than the one that its profile names.",
    SignInNotStarted: "The address is one of a sign-in that was not started here.",
    RedirectStateMissing: "The sign-in was started with a state and this address carries none.",
    RedirectStateWrong: "This address does not belong to the sign-in that is waited for.",
}


def _reason(error: RedirectError) -> str:
    return _REASONS.get(type(error), "The address cannot be read.")


def _plain(status: int, text: str) -> Response:
    allow = (("Allow", "GET, HEAD"),) if status == STATUS_OF_STRAY[Stray.OTHER_METHOD] else ()
    return Response(status, (("Content-Type", "text/plain; charset=utf-8"), *PAGE_HEADERS, *allow), text.encode())
