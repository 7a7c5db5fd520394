"""The redirect listener of the window, and every way to a request token: simulated, by browser, pasted."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.concur.errors import (
    AccessDenied,
    RedirectError,
    RedirectOfOtherContract,
    RedirectStateMissing,
    RedirectStateWrong,
)
from gui.concur.models import Application, Denial, Origin
from gui.flow.connection import contract_named
from gui.flow.simulation import simulate_app_center
from gui.loopback.errors import PortInUse, PortReserved, RedirectUrlError
from gui.loopback.listener import (
    OtherRequestToken,
    RedirectDenied,
    RedirectListener,
    RedirectMissed,
    RedirectReceived,
    RedirectRefused,
)
from gui.loopback.pasted import read_pasted_redirect
from gui.loopback.redirect_url import parse_redirect_url
from gui.loopback.server import Contact
from gui.notices import Happening, NoticeAction, Severity
from gui.session.parts import LISTENER_LANE
from gui.session.redirect_news import RedirectNews
from gui.session_state import Control, Event, State
from gui.session_view import ListenerStatus, ListenerView, Milestone
from gui.workers.mailbox import Mailbox

if TYPE_CHECKING:
    from gui.concur.cancellation import Cancellation
    from gui.concur.models import RequestToken
    from gui.loopback.listener import ListenerEvent
    from gui.loopback.redirect_url import RedirectUrl
    from gui.session.board import Board
    from gui.session.parts import SessionParts
    from gui.session.sandbox_host import SandboxHost
    from gui.workers.jobs import Job, Jobs

_BEFORE_A_REQUEST_TOKEN = (State.STOPPED, State.WAITING)


class ListenerDesk(QObject):
    """At most one listener at a time: that of the profile that is shown."""

    request_token_received = Signal()
    browser_wanted = Signal(str)
    """A URL to open; it holds no secret."""
    address_wanted = Signal(str)
    """The same, to be copied."""

    def __init__(
        self, board: Board, jobs: Jobs, parts: SessionParts, sandbox: SandboxHost, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._board = board
        self._jobs = jobs
        self._parts = parts
        self._sandbox = sandbox
        self._listener: RedirectListener | None = None
        self._starting: Job | None = None
        self._being_started: RedirectListener | None = None
        self._early: list[ListenerEvent] = []
        """What a listener heard before it was known here that it listens: a redirect can be that quick."""
        self._not_stopped: set[RedirectListener] = set()
        """Every one that was made and not stopped yet: at the end none may be left, whatever its job was at."""
        self._expected_state: str | None = None
        self._events: Mailbox[tuple[RedirectListener, ListenerEvent]] = Mailbox(self._on_events, self)

    def show_profile(self) -> None:
        """Turn to the profile that is shown now: its redirect URL, no listener yet."""
        self.stop()
        url = self._board.view.profile.redirect_url
        problem: RedirectUrlError | None = None
        try:
            parse_redirect_url(url)
        except RedirectUrlError as error:
            problem = error
        self._board.update(listener=ListenerView(redirect_url=url, problem=problem))

    @Slot()
    def start(self) -> None:
        """Listen on the profile's redirect URL."""
        self._start(self._board.view.profile.redirect_url)

    @Slot()
    def start_on_free_port(self) -> None:
        """Listen on any free port for this once; only the built-in sandbox does not mind."""
        if not self._board.view.simulated:
            return
        try:
            url = parse_redirect_url(self._board.view.profile.redirect_url).on_port(0)
        except RedirectUrlError as error:
            self._board.tell_failure(error, NoticeAction.EDIT_PROFILE)
            return
        self._start(str(url))

    @Slot()
    def stop(self) -> None:
        """Stop listening, or starting to."""
        if self._starting is not None:
            self._starting.drop()
            self._starting = self._being_started = None
            self._early.clear()
        listener, self._listener = self._listener, None
        view = self._board.view
        if listener is not None:
            self._stop_in_background(listener)
        if view.listener.status is not ListenerStatus.OFF:
            off = replace(view.listener, status=ListenerStatus.OFF, addresses=(), expected=Origin.APP_CENTER)
            if view.state is State.WAITING:
                self._board.apply(Event.LISTENER_STOPPED, listener=off)
            else:
                self._board.update(listener=off)

    def stop_now(self) -> None:
        """Stop and wait for it, which takes some milliseconds: for the end of the program."""
        self._events.close()
        self._listener = None
        if self._starting is not None:
            self._starting.drop()
        for each in tuple(self._not_stopped):
            each.stop()

    @Slot()
    def wait_for_app_center(self) -> None:
        """Wait for a redirect of App Center, which carries no state, and no longer for the answer to a sign-in."""
        if self._board.view.state in _BEFORE_A_REQUEST_TOKEN:
            self._board.dismiss_about(RedirectStateMissing, RedirectStateWrong)
            self._expect(Origin.APP_CENTER, None)

    @Slot()
    def wait_again(self) -> None:
        """Wait for the next redirect, if the listener is up: after a flow that is over."""
        self._expected_state = None
        if self._listener is not None and self._board.view.state is State.STOPPED:
            self._expect(Origin.APP_CENTER, None)
            self._board.apply(Event.LISTENER_STARTED)

    @Slot()
    def simulate_app_center(self) -> None:
        """Have the simulated App Center send a request token, and follow its redirect."""
        view = self._board.view
        if self._listener is None or not self._board.allows(Control.SIMULATE_APP_CENTER):
            return
        self._expect(Origin.APP_CENTER, None)
        redirect_url, base_url, contract = view.listener.redirect_url, view.application.base_url, view.profile.contract

        def work(cancellation: Cancellation) -> None:
            simulate_app_center(self._parts.transport, base_url, redirect_url, cancellation, contract=contract)

        self._board.update(simulating=True)
        self._jobs.start(work, self._on_simulated, self._on_simulation_failed)

    @Slot()
    def open_browser(self) -> None:
        """Open the page on which the user connects: the simulated App Center, or Concur's sign-in."""
        if self._board.allows(Control.OPEN_BROWSER):
            self.browser_wanted.emit(self._page_to_connect())

    @Slot()
    def copy_address(self) -> None:
        """Hand out the address of that page: for another browser than the system's, or where none opened."""
        if self._board.allows(Control.OPEN_BROWSER):
            self.address_wanted.emit(self._page_to_connect())

    def _page_to_connect(self) -> str:
        """Return its address, and wait for the redirect that comes of it."""
        view = self._board.view
        if view.simulated:
            self._expect(Origin.APP_CENTER, None)
            return self._sandbox.app_center_url
        # A page that is open already stays good: it may be the one the user goes on with.
        signing_in = view.listener.expected is Origin.WEB_FLOW
        state = (self._expected_state if signing_in else None) or secrets.token_urlsafe(24)
        self._parts.transport.redactor.learn(state)
        self._expect(Origin.WEB_FLOW, state)
        application = Application(
            base_url=view.application.base_url,
            consumer_key=view.application.consumer_key,
            consumer_secret="",
            redirect_url=view.profile.redirect_url,
            scopes=view.profile.scopes,
        )
        return contract_named(view.profile.contract).sign_in_url(application, state)

    @Slot(str)
    def paste(self, text: str) -> None:
        """Take a redirect that was pasted: a URL, its query, or the bare code."""
        view = self._board.view
        if not self._board.allows(Control.PASTE_REDIRECT):
            return
        try:
            found = read_pasted_redirect(
                text,
                contract_named(view.profile.contract),
                view.listener.redirect_url,
                origin=view.listener.expected,
                expected_state=self._expected_state,
            )
        except RedirectError as error:
            self._board.tell_failure(error, *_ways_on(error))
            return
        if isinstance(found, Denial):
            self._board.tell_failure(AccessDenied(error=found.error, description=found.description))
            return
        if self._listener is not None:
            self._listener.note_taken(found)
        self._take(found)

    def _start(self, redirect_url: str) -> None:
        view = self._board.view
        if view.listener.status is not ListenerStatus.OFF or view.state is not State.STOPPED:
            return
        try:
            url = parse_redirect_url(redirect_url)
        except RedirectUrlError as error:
            self._board.update(listener=replace(view.listener, problem=error))
            self._board.tell_failure(error, NoticeAction.EDIT_PROFILE, NoticeAction.PASTE_REDIRECT)
            return
        listener = self._being_started = self._new_listener(url)

        def work(cancellation: Cancellation) -> RedirectListener:
            listener.start()
            if cancellation.cancelled:  # it was to stop before it listened: that found nothing to stop
                listener.stop()
            return listener

        self._board.update(listener=replace(view.listener, status=ListenerStatus.STARTING, problem=None))
        self._starting = self._jobs.start(
            work, self._on_started, self._on_start_failed, lane=LISTENER_LANE, on_late=self._stop_in_background
        )

    def _new_listener(self, url: RedirectUrl) -> RedirectListener:
        news = RedirectNews()

        def on_event(event: ListenerEvent) -> None:
            if news.is_news(event):
                self._events.post((listener, event))

        listener = RedirectListener(
            url,
            contract_named(self._board.view.profile.contract),
            on_event=on_event,
            record=self._parts.timeline.add,
            on_fault=self._parts.report_fault,
        )
        self._not_stopped.add(listener)
        return listener

    def _stop_in_background(self, listener: RedirectListener) -> None:
        def work(_cancellation: Cancellation) -> None:
            listener.stop()

        def on_success(_nothing: None) -> None:
            self._not_stopped.discard(listener)

        # In the lane of the starts: a listener must have let go of its port before the next one asks for it.
        self._jobs.start(work, on_success, self._board.tell_failure, lane=LISTENER_LANE)

    def _expect(self, origin: Origin, state: str | None) -> None:
        self._expected_state = state
        if self._listener is not None:
            self._listener.expect(origin, state)
        self._board.update(listener=replace(self._board.view.listener, expected=origin))

    def _on_started(self, listener: RedirectListener) -> None:
        self._starting = self._being_started = None
        self._listener = listener
        early = tuple(self._early)
        self._early.clear()
        port = listener.redirect_url.port
        addresses = tuple(f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host in listener.addresses)
        shown = ListenerView(ListenerStatus.LISTENING, str(listener.redirect_url), addresses)
        if self._board.view.simulated:
            self._sandbox.lead_to(str(listener.redirect_url), self._board.view.profile.contract)
        self._board.dismiss_about(PortInUse, PortReserved)
        if self._board.view.state is State.STOPPED:
            self._board.apply(Event.LISTENER_STARTED, listener=shown)
        else:
            self._board.update(listener=shown)
        for event in early:
            self._on_event(event)

    def _on_start_failed(self, error: Exception) -> None:
        self._starting = self._being_started = None
        view = self._board.view
        off = replace(view.listener, status=ListenerStatus.OFF)
        self._board.update(listener=off)
        ways = (NoticeAction.USE_FREE_PORT,) if view.simulated else (NoticeAction.EDIT_PROFILE,)
        self._board.tell_failure(error, *ways, NoticeAction.PASTE_REDIRECT)

    def _on_simulated(self, _nothing: None) -> None:
        self._board.update(simulating=False)

    def _on_simulation_failed(self, error: Exception) -> None:
        self._board.update(simulating=False)
        self._board.tell_failure(error)

    def _on_events(self, batch: tuple[tuple[RedirectListener, ListenerEvent], ...]) -> None:
        for listener, event in batch:
            if listener is self._listener:  # one that was stopped has nothing more to say
                self._on_event(event)
            elif listener is self._being_started:
                self._early.append(event)

    def _on_event(self, event: ListenerEvent) -> None:
        if isinstance(event, RedirectReceived):
            self._take(event.request_token)
        elif isinstance(event, RedirectDenied):
            denial = event.denial
            self._board.tell_failure(AccessDenied(error=denial.error, description=denial.description))
        elif isinstance(event, RedirectRefused):
            self._board.tell_failure(event.error, *_ways_on(event.error))
        elif isinstance(event, OtherRequestToken):
            self._board.tell(Severity.WARNING, Happening.OTHER_REQUEST_TOKEN)
        elif isinstance(event, RedirectMissed):
            self._board.tell(Severity.WARNING, Happening.REDIRECT_ELSEWHERE, event.path)
        elif event.kind is Contact.TLS_ATTEMPT:
            self._board.tell(Severity.WARNING, Happening.HTTPS_FORCED, actions=(NoticeAction.PASTE_REDIRECT,))

    def _take(self, request_token: RequestToken) -> None:
        view = self._board.view
        if view.state in _BEFORE_A_REQUEST_TOKEN:
            self._board.dismiss_about(RedirectError, AccessDenied, Happening.HTTPS_FORCED)
            self._board.dismiss_about(Happening.OTHER_REQUEST_TOKEN, Happening.REDIRECT_ELSEWHERE)
            self._board.apply(
                Event.REQUEST_TOKEN_RECEIVED,
                request_token=request_token,
                revocation=None,
                milestones=frozenset({Milestone.REDIRECT_ARRIVED}),
            )
            self.request_token_received.emit()
        elif view.request_token is None or view.request_token.value != request_token.value:
            self._board.tell(Severity.WARNING, Happening.OTHER_REQUEST_TOKEN)


def _ways_on(error: RedirectError) -> tuple[NoticeAction, ...]:
    by_state = isinstance(error, RedirectStateMissing | RedirectStateWrong)
    if isinstance(error, RedirectOfOtherContract):
        return (NoticeAction.SWITCH_CONTRACT,)
    return (NoticeAction.WAIT_FOR_APP_CENTER,) if by_state else ()
