"""From request token to access token: exchange, refresh, probe; and back to the start."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.concur.errors import FlowError, RequestCancelled, WireError
from gui.concur.models import Operation
from gui.flow.connection import contract_named
from gui.flow.issuing import exchange_and_store, live_token, refresh_and_store
from gui.flow.trying import try_token
from gui.notices import Happening, NoticeAction, Severity
from gui.session_state import Control, Event, State
from gui.session_view import Milestone, ShownToken
from gui.store.issued_entry import KEPT_IN_KEYRING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.cancellation import Cancellation
    from gui.concur.models import LiveToken
    from gui.flow.connection import Connection
    from gui.flow.issuing import Issued
    from gui.flow.trying import Tried
    from gui.session.board import Board
    from gui.session.current_call import CurrentCall
    from gui.session.revoke_desk import RevokeDesk
    from gui.store.issued_entry import IssuedToken
    from gui.workers.jobs import Jobs

_SHOW = (NoticeAction.SHOW_ISSUED_TOKENS, NoticeAction.SHOW_TIMELINE)


class FlowDesk(QObject):
    """One call at a time, as the table of states has it."""

    flow_ended = Signal()
    """The flow is back at its start: the listener may wait again."""
    token_changed = Signal()
    """The journal has changed, or may have."""
    replaced_late = Signal(str, object)
    """Id of a token, and the Issued that has taken its place after its call was gone on without."""
    late_token_failed = Signal(object)
    """An IssuedToken that came late and could not be kept safely: to be revoked at once."""

    def __init__(
        self,
        board: Board,
        jobs: Jobs,
        call: CurrentCall,
        revoking: RevokeDesk,
        connection: Callable[[], Connection],
        connection_to_shown: Callable[[], Connection],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._board = board
        self._jobs = jobs
        self._call = call
        self._revoking = revoking
        self._connection = connection
        self._connection_to_shown = connection_to_shown

    @Slot()
    def exchange(self) -> None:
        """Exchange the request token that is held."""
        request_token = self._board.view.request_token
        if not self._board.allows(Control.EXCHANGE) or request_token is None:
            return
        application = self._board.view.application
        if not (application.base_url and application.consumer_secret):
            return  # they are being read from the keyring, which takes a moment: the request token is held meanwhile
        connection = self._connection()

        def work(cancellation: Cancellation) -> Issued:
            return exchange_and_store(connection, request_token, cancellation)

        self._call.begin(
            Operation.EXCHANGE,
            Event.EXCHANGE_STARTED,
            work,
            self._on_issued,
            self._on_exchange_failed,
            on_lost=self._on_exchange_lost,
            on_late=self._on_late,
        )

    @Slot()
    def refresh(self) -> None:
        """Get a new access token for the one that is shown."""
        shown = self._board.view.shown
        if not self._board.allows(Control.REFRESH) or shown is None:
            return
        connection = self._connection()

        def work(cancellation: Cancellation) -> Issued:
            return refresh_and_store(connection, shown.token, cancellation)

        self._call.begin(
            Operation.REFRESH,
            Event.REFRESH_STARTED,
            work,
            self._on_issued,
            self._on_refresh_failed,
            on_lost=self._on_refresh_lost,
            on_late=partial(self._on_refreshed_late, shown.token.token_id),
        )

    @Slot()
    def probe(self) -> None:
        """Try the token with one harmless call."""
        shown = self._board.view.shown
        if not self._board.allows(Control.PROBE) or shown is None:
            return
        connection = self._connection_to_shown()

        def work(cancellation: Cancellation) -> Tried:
            return try_token(connection, shown.token, shown.live, cancellation)

        self._call.begin(
            Operation.PROBE,
            Event.PROBE_STARTED,
            work,
            self._on_probed,
            self._on_probe_failed,
            on_lost=self._on_probe_lost,
            on_late=partial(self._on_probed_late, shown.token.token_id),
        )

    @Slot()
    def drop_request_token(self) -> None:
        """Let the request token go unused."""
        if self._board.allows(Control.DROP_REQUEST_TOKEN):
            self._board.apply(Event.REQUEST_TOKEN_DROPPED, request_token=None, milestones=frozenset())
            self.flow_ended.emit()

    @Slot()
    def start_over(self) -> None:
        """Go back to the start. A live token stays listed."""
        shown = self._board.view.shown
        if self._board.allows(Control.START_OVER):
            if shown is not None:
                self._board.dismiss_token(shown.token.token_id)  # it was decided about: it stays on the list
            self._board.dismiss_about(WireError, Happening.TOKEN_WORKS, Happening.REVOKED_AFTER_FAILURE)
            self._board.apply(
                Event.STARTED_OVER, request_token=None, shown=None, revocation=None, milestones=frozenset()
            )
            self.flow_ended.emit()

    def open_token(self, token: IssuedToken) -> None:
        """Take up a token of the list, of the profile that is shown. Reads it from the keyring first."""
        try:
            connection = self._connection()
        except FlowError as error:  # the profile names a contract that this version does not have
            self._board.tell_failure(error, NoticeAction.SHOW_ISSUED_TOKENS)
            return

        def work(_cancellation: Cancellation) -> LiveToken:
            return live_token(connection, token)

        def on_success(live: LiveToken) -> None:
            if self._board.view.activity is None and self._board.view.profile.profile_id == token.profile_id:
                self._take_up(token, live)

        self._jobs.start(work, on_success, self._board.tell_failure)

    @Slot(str, object)
    def on_token_replaced(self, token_id: str, issued: Issued) -> None:
        """Show what has taken the place of the token that is shown."""
        view = self._board.view
        if view.shown is not None and view.shown.token.token_id == token_id and view.activity is None:
            self._show_renewed(issued)

    @Slot(str)
    def on_token_gone(self, token_id: str) -> None:
        """Stop showing a token that was forgotten or revoked from the list."""
        shown = self._board.view.shown
        if shown is not None and shown.token.token_id == token_id:
            self.start_over()

    def _take_up(self, token: IssuedToken, live: LiveToken) -> None:
        state = self._board.view.state
        before: tuple[Event, ...] = ()
        if state in {State.CONNECTED, State.AT_RISK}:
            before = (Event.STARTED_OVER,)
        elif state is State.RECEIVED:
            before = (Event.REQUEST_TOKEN_DROPPED,)
        shown = ShownToken(token, live, None)
        self._board.apply(
            *before,
            Event.TOKEN_OPENED,
            shown=shown,
            request_token=None,
            revocation=None,
            milestones=frozenset({Milestone.REDIRECT_ARRIVED, Milestone.EXCHANGED, *_stored(token)}),
        )

    # Outcomes

    def _on_issued(self, issued: Issued) -> None:
        shown = ShownToken(issued.token, issued.live, issued.document, issued.document.answer)
        event = Event.FAILED_AFTER_ISSUE if issued.failures else Event.TOKEN_STORED
        refreshed = self._board.view.state is State.REFRESHING
        if refreshed and contract_named(issued.token.contract).replaces_tokens:
            self._board.show_successor(issued)
        self._board.apply(event, activity=None, shown=shown, revocation=None)
        self._board.reach(Milestone.REFRESHED if refreshed else Milestone.EXCHANGED, *_stored(issued.token))
        if issued.failures:
            self._revoking.meet_failure_after_issue(issued.failures)
        self.token_changed.emit()

    def _on_exchange_failed(self, error: Exception) -> None:
        if _never_left(error):
            self._board.apply(Event.EXCHANGE_NOT_SENT, activity=None)
            self._tell(error)
        else:
            self._give_up_exchange(error)

    def _give_up_exchange(self, error: Exception) -> None:
        self._board.apply(Event.EXCHANGE_FAILED, activity=None, request_token=None)
        self.flow_ended.emit()
        self._tell(error)

    def _on_refresh_failed(self, error: Exception) -> None:
        self._board.apply(Event.REFRESH_FAILED, activity=None)
        self._tell(error)

    def _on_probed(self, tried: Tried) -> None:
        self._board.apply(Event.PROBE_ENDED, activity=None)
        if tried.renewed is not None:
            self._show_renewed(tried.renewed)
            self._board.tell(Severity.INFO, Happening.REFRESHED_FIRST)
        if tried.answer is not None:
            self._board.reach(Milestone.TRIED)
            self._board.tell(Severity.SUCCESS, Happening.TOKEN_WORKS, tried.answer.host)
        elif tried.error is not None:
            self._tell(tried.error)
        if tried.renewed is not None and tried.renewed.failures:
            self._board.apply(Event.FAILED_AFTER_ISSUE)
            self._revoking.meet_failure_after_issue(tried.renewed.failures)

    def _show_renewed(self, renewed: Issued) -> None:
        self._board.show_successor(renewed)
        self._board.reach(Milestone.REFRESHED, *_stored(renewed.token))
        self.token_changed.emit()

    def _on_probed_late(self, token_id: str, tried: Tried) -> None:
        """Meet the end of a probe that was gone on without: a refresh may have replaced the token that is shown."""
        if tried.renewed is not None:
            self._on_refreshed_late(token_id, tried.renewed)

    def _on_refreshed_late(self, token_id: str, issued: Issued) -> None:
        """Meet a token of a refresh that was gone on without; where it has replaced the one before, it is shown."""
        if contract_named(issued.token.contract).replaces_tokens:
            self.replaced_late.emit(token_id, issued)
        self._on_late(issued)

    def _on_probe_failed(self, error: Exception) -> None:
        self._board.apply(Event.PROBE_ENDED, activity=None)
        self._tell(error)

    def _on_exchange_lost(self) -> None:
        # It may have been sent: nobody has its record yet.
        self._give_up_exchange(self._cancelled(Operation.EXCHANGE))

    def _on_refresh_lost(self) -> None:
        self._on_refresh_failed(self._cancelled(Operation.REFRESH))

    def _on_probe_lost(self) -> None:
        self._on_probe_failed(self._cancelled(Operation.PROBE))

    def _on_late(self, issued: Issued) -> None:
        """Meet a token that came after its call was gone on without. It is stored, unless `failures` says otherwise."""
        token_id = issued.token.token_id
        if not issued.failures:
            show = (NoticeAction.SHOW_ISSUED_TOKENS,)
            self._board.tell(Severity.WARNING, Happening.CAME_LATE, actions=show, token_id=token_id)
        elif self._board.view.profile.revoke_on_failure:
            self._board.tell_failure(issued.failures[0], *_SHOW, more=issued.failures[1:])
            self.late_token_failed.emit(issued.token)
        else:
            revoke = (NoticeAction.REVOKE, NoticeAction.SHOW_ISSUED_TOKENS)
            self._board.tell_failure(issued.failures[0], *revoke, more=issued.failures[1:], token_id=token_id)
        self.token_changed.emit()

    def _tell(self, error: Exception) -> None:
        self._board.tell_failure(error, *_SHOW)
        self.token_changed.emit()

    def _cancelled(self, operation: Operation) -> RequestCancelled:
        return RequestCancelled(operation=operation, host=self._board.view.application.base_url.partition("//")[2])


def _stored(token: IssuedToken) -> tuple[Milestone, ...]:
    return (Milestone.STORED_SAFELY,) if token.kept == KEPT_IN_KEYRING else ()


def _never_left(error: Exception) -> bool:
    """Whether a failed exchange was not even sent: then the request token is as good as before."""
    if isinstance(error, WireError):
        return error.exchange is None or not error.exchange.sent
    return isinstance(error, FlowError)
