"""Revoke, prove, wipe for the token that is shown; at once where something failed after it was issued."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.concur.errors import RequestCancelled
from gui.concur.models import Operation
from gui.flow.revocation import Tick
from gui.flow.revoking import events_of, older_tokens, revoke_chain
from gui.notices import Happening, NoticeAction, Severity
from gui.session_state import Control, Event, State
from gui.session_view import Milestone
from gui.store.errors import IssuedTokenUnknown
from gui.workers.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.cancellation import Cancellation
    from gui.concur.errors import FlowError
    from gui.flow.connection import Connection
    from gui.flow.revocation import Revocation
    from gui.flow.revoking import ChainRevocation
    from gui.session.board import Board
    from gui.session.current_call import CurrentCall
    from gui.session.tokens_desk import TokensDesk

_BROKE_OFF = {
    State.REVOKING: (Event.REVOKE_FAILED,),
    State.PROVING: (Event.FAILED_AFTER_ISSUE,),
    State.WIPING: (Event.LOCAL_COPY_KEPT,),
}
_WAYS_ON = (NoticeAction.REVOKE, NoticeAction.SHOW_ISSUED_TOKENS, NoticeAction.SHOW_TIMELINE)


class RevokeDesk(QObject):
    """Follows a revoke through its three ticks."""

    token_changed = Signal()
    """The journal has changed, or may have."""
    replaced_late = Signal(str, object)
    """Id of a token, and the Issued that a refresh has put in its place in a revoke that had been given up."""
    ended_late = Signal(str)
    """Id of the shown token, which has ended: by a revoke that had been given up, or elsewhere."""

    def __init__(
        self,
        board: Board,
        call: CurrentCall,
        tokens: TokensDesk,
        connection: Callable[[], Connection],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._board = board
        self._call = call
        self._tokens = tokens
        self._connection = connection
        self._failures: tuple[FlowError, ...] = ()
        """What failed after the token was issued, where it is being revoked for that."""
        self._events_applied = 0
        self._progress: Mailbox[tuple[Cancellation, Revocation]] = Mailbox(self._on_progress, self)

    @Slot()
    def revoke(self) -> None:
        """Revoke the token that is shown, and the older ones that it came from."""
        self._revoke(())

    @Slot()
    def keep_token(self) -> None:
        """Keep a token at risk: the user has decided."""
        shown = self._board.view.shown
        if self._board.allows(Control.KEEP_TOKEN) and shown is not None:
            self._board.dismiss_token(shown.token.token_id)
            self._board.apply(Event.TOKEN_KEPT)

    def meet_failure_after_issue(self, failures: tuple[FlowError, ...]) -> None:
        """Revoke at once where the profile says so, otherwise offer it: the App Center Flow page asks for that."""
        if self._board.view.profile.revoke_on_failure:
            self._revoke(failures)
        else:
            self._tell_at_risk(failures, NoticeAction.REVOKE, NoticeAction.KEEP_TOKEN)

    def close(self) -> None:
        """Follow nothing more."""
        self._progress.close()

    def _revoke(self, failures: tuple[FlowError, ...]) -> None:
        shown = self._board.view.shown
        if not self._board.allows(Control.REVOKE) or shown is None:
            return
        connection = self._connection()
        self._failures = failures
        self._events_applied = 0

        def work(cancellation: Cancellation) -> ChainRevocation:
            def on_progress(revocation: Revocation) -> None:
                self._progress.post((cancellation, revocation))

            return revoke_chain(
                connection,
                shown.token,
                on_progress=on_progress,
                cancellation=cancellation,
                was_accepted=self._tokens.was_accepted,
            )

        self._board.dismiss_token(shown.token.token_id)
        self._board.update(revocation=None)
        self._call.begin(
            Operation.REVOKE,
            Event.REVOKE_STARTED,
            work,
            self._on_revoked,
            self._on_broke_off,
            on_lost=self._on_lost,
            on_late=partial(self._on_late, shown.token.token_id),
        )

    def _on_progress(self, batch: tuple[tuple[Cancellation, Revocation], ...]) -> None:
        for cancellation, revocation in batch:
            # The last tick waits for the end of the job: older tokens may still be under way.
            if self._call.is_of(cancellation) and revocation.local_copy is Tick.PENDING:
                self._follow(revocation, over=False)

    def _follow(self, revocation: Revocation, *, over: bool) -> None:
        """Walk on in the table as far as a revocation has come."""
        events = events_of(revocation, over=over)
        fresh, self._events_applied = events[self._events_applied :], max(self._events_applied, len(events))
        for event in fresh:
            self._board.apply(event)
        self._board.update(revocation=revocation)

    def _on_revoked(self, outcome: ChainRevocation) -> None:
        before = self._board.view.shown
        self._take_over(outcome.newest)
        self._note_accepted(outcome)
        self._follow(outcome.newest, over=True)
        if any(isinstance(error, IssuedTokenUnknown) for error in outcome.newest.errors):
            self._meet_token_that_is_gone()
        elif self._board.view.state is State.REVOKED:
            former = frozenset() if before is None else frozenset({before.token.token_id})
            self._board.take_off_list(former | self._ended_by(outcome))
            self._board.update(activity=None, shown=None)
            self._tell_revoked(outcome.newest, before.token.profile_name if before is not None else "")
            if outcome.older is not None:
                first, *more = outcome.older.errors
                self._board.tell_failure(first, *_WAYS_ON[1:], more=tuple(more))
        else:
            self._board.update(activity=None)
            renewed = outcome.newest.renewed
            if renewed is not None and outcome.newest.refused is not Tick.FAILED:  # else the proof was what refreshed
                self._board.tell(Severity.INFO, Happening.REFRESHED_FIRST)
            failures = (*(renewed.failures if renewed is not None else ()), *self._failures)
            self._tell_at_risk((*outcome.newest.errors, *failures), *_WAYS_ON)
        self.token_changed.emit()

    def _take_over(self, revocation: Revocation) -> None:
        """Show what a refresh on the way brought: it is the token now that may live."""
        if revocation.renewed is not None and self._board.view.shown is not None:
            self._board.show_successor(revocation.renewed)

    def _ended_by(self, outcome: ChainRevocation) -> frozenset[str]:
        view = self._board.view
        if view.shown is None:
            return frozenset()
        live = {token.token_id: token for token in view.issued.live}
        older = older_tokens(view.shown.token, live) if outcome.older is None else ()
        return frozenset({view.shown.token.token_id, *(token.token_id for token in older)})

    def _note_accepted(self, outcome: ChainRevocation) -> None:
        shown = self._board.view.shown
        if shown is not None:
            self._tokens.note_accepted(shown.token.token_id, outcome.newest)
        if outcome.older is not None and outcome.older_token is not None:
            self._tokens.note_accepted(outcome.older_token.token_id, outcome.older)

    def _meet_token_that_is_gone(self) -> None:
        """Meet a token that another window, or the list of this one, has revoked or forgotten meanwhile."""
        self._board.update(activity=None)
        self._board.tell(Severity.INFO, Happening.TOKEN_GONE)
        shown = self._board.view.shown
        if shown is not None:
            self.ended_late.emit(shown.token.token_id)

    def _tell_at_risk(self, errors: tuple[FlowError, ...], *actions: NoticeAction) -> None:
        first, *more = errors
        shown = self._board.view.shown
        token_id = shown.token.token_id if shown is not None else ""
        self._board.tell_failure(first, *actions, more=tuple(more), token_id=token_id)

    def _tell_revoked(self, revocation: Revocation, profile_name: str) -> None:
        show = (NoticeAction.SHOW_TIMELINE,)
        errors = (*self._failures, *revocation.errors)
        if revocation.nothing_sent:
            self._board.tell(Severity.WARNING, Happening.REFUSED_ALREADY, profile_name, actions=show, more=errors)
        elif self._failures:
            self._board.reach(Milestone.REVOKED_AFTER_FAILURE)
            self._board.tell(Severity.WARNING, Happening.REVOKED_AFTER_FAILURE, actions=show, more=errors)
        elif revocation.local_copy is not Tick.DONE and revocation.errors:
            self._board.tell_failure(revocation.errors[-1], NoticeAction.SHOW_ISSUED_TOKENS)
        elif revocation.refused is not Tick.DONE:
            self._board.tell(Severity.WARNING, Happening.REVOKE_UNPROVEN, actions=show, more=revocation.errors)

    def _on_broke_off(self, error: Exception) -> None:
        """Meet a mistake of this program in the middle of a revoke: the token counts as live."""
        self._board.apply(*_BROKE_OFF.get(self._board.view.state, ()), activity=None)
        if self._board.view.state is State.REVOKED:
            self._board.update(shown=None)
        shown = self._board.view.shown
        self._board.tell_failure(error, *_WAYS_ON, token_id=shown.token.token_id if shown is not None else "")
        self.token_changed.emit()

    def _on_late(self, token_id: str, outcome: ChainRevocation) -> None:
        """Meet the end of a revoke that was gone on without: the token may have ended after all."""
        if outcome.newest.renewed is not None and not outcome.newest.ended_token:
            self.replaced_late.emit(token_id, outcome.newest.renewed)
        shown = self._board.view.shown
        if outcome.newest.ended_token and shown is not None and self._board.allows(Control.REVOKE):
            self.ended_late.emit(shown.token.token_id)
        self.token_changed.emit()

    def _on_lost(self) -> None:
        host = self._board.view.application.base_url.partition("//")[2]
        self._on_broke_off(RequestCancelled(operation=Operation.REVOKE, host=host))
