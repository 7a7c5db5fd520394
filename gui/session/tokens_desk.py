"""Issued tokens of all profiles: listed, revoked, forgotten; and what an earlier run left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.concur.contract import CONTRACTS, proof_words
from gui.concur.errors import FlowError
from gui.flow.connection import connection_for_token, consumer_secret_for
from gui.flow.recovery import recover
from gui.flow.revocation import Tick
from gui.flow.revoking import revoke_and_prove
from gui.notices import Happening, NoticeAction, Severity
from gui.store.errors import IssuedTokenUnknown
from gui.store.profile import BUILT_IN_PROFILE_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.cancellation import Cancellation
    from gui.flow.connection import Connection
    from gui.flow.recovery import Recovery
    from gui.flow.revocation import Revocation
    from gui.session.board import Board
    from gui.session.parts import SessionParts
    from gui.session.sandbox_host import SandboxHost
    from gui.store.issued_entry import IssuedToken
    from gui.store.review import Review
    from gui.workers.jobs import Jobs


class TokensDesk(QObject):
    """Every call of the journal may wait for keyring and disk, so each is a job."""

    forgotten = Signal(str)
    """Id of a token whose local copy was wiped without a revoke."""
    revoked = Signal(str)
    """Id of a token that `revoke` has ended."""
    replaced = Signal(str, object)
    """Id of a token, and the Issued that a refresh has put in its place before the revoke failed."""
    revoke_failed = Signal(str)
    """Id of one that it has not: it may live on."""

    def __init__(
        self, board: Board, jobs: Jobs, parts: SessionParts, sandbox: SandboxHost, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._board = board
        self._jobs = jobs
        self._parts = parts
        self._sandbox = sandbox
        self._recovered = False
        self._accepted: set[str] = set()
        self._reviews_asked = 0
        # After everything else of the turn: reading beside it, a thread would take the interpreter from the window at
        # the moment when it has a new token to show.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._on_soon_timeout)
        self._from_before: frozenset[str] = frozenset()
        """Ids of live tokens that were told of at the start."""

    @Slot()
    def review(self) -> None:
        """Read the journal anew; the first time, after the keyring has answered, clean up what a killed run left."""
        self._reviews_asked += 1
        self._soon.start()

    def _dismiss_what_is_settled(self, review: Review) -> None:
        """Take away what was told at the start and has been dealt with since."""
        if not self._from_before & {token.token_id for token in review.live}:
            self._board.dismiss_about(Happening.LEFT_FROM_BEFORE)
        if not review.cut_off:
            self._board.dismiss_about(Happening.CUT_OFF_BEFORE)
        if not review.lost:
            self._board.dismiss_about(Happening.LOST_BEFORE)

    def recover(self) -> None:
        """Clean up what a killed run left, once; then say what is live from before."""
        if self._recovered:
            self.review()
            return
        self._recovered = True

        def work(_cancellation: Cancellation) -> Recovery:
            return recover(self._parts.tokens, self._connection_for)

        self._jobs.start(work, self._on_recovered, self._on_unreadable)

    def find(self, token_id: str) -> IssuedToken | None:
        """Return a live token of the list as it was read last."""
        return next((token for token in self._board.view.issued.live if token.token_id == token_id), None)

    @Slot(str)
    def revoke(self, token_id: str) -> None:
        """Revoke a token of the list that is not the one shown in the window."""
        token = self.find(token_id)
        if token is None:
            self._board.tell_failure(IssuedTokenUnknown(token_id=token_id))
            self.revoke_failed.emit(token_id)
        elif token_id not in self._board.view.issued_busy:
            self.revoke_token(token)

    def revoke_token(self, token: IssuedToken) -> None:
        """Revoke a token, whether it is on the list already or has just come."""
        token_id = token.token_id
        read_secret = self._secret_reader(token)

        def work(cancellation: Cancellation) -> Revocation:
            return revoke_and_prove(
                self._connection_for(token, read_secret()),
                token,
                cancellation=cancellation,
                was_accepted=self.was_accepted(token_id),
            )

        def on_success(revocation: Revocation) -> None:
            self._set_busy(token_id, busy=False)
            self._tell_revoked(token, revocation)

        def on_error(error: Exception) -> None:
            self._set_busy(token_id, busy=False)
            self._board.tell_failure(error)
            self.revoke_failed.emit(token_id)
            self.review()

        self._set_busy(token_id, busy=True)
        self._jobs.start(work, on_success, on_error)

    def was_accepted(self, token_id: str) -> bool:
        """Whether an earlier try to revoke that token found it accepted: then a refusal now is the proof."""
        return token_id in self._accepted

    def note_accepted(self, token_id: str, revocation: Revocation) -> None:
        """Remember what a try to revoke has found."""
        if revocation.was_accepted:
            self._accepted.add(token_id)

    @Slot(str)
    def forget(self, token_id: str) -> None:
        """Wipe the local copy, of a note or of a token that may live on at Concur."""
        view = self._board.view
        is_shown = view.shown is not None and view.shown.token.token_id == token_id
        if token_id in view.issued_busy or (is_shown and view.activity is not None):
            self._board.tell(Severity.INFO, Happening.NOT_NOW)
            return

        def work(_cancellation: Cancellation) -> None:
            self._parts.tokens.forget(token_id)

        def on_success(_nothing: None) -> None:
            self._set_busy(token_id, busy=False)
            self._board.dismiss_token(token_id)
            self.forgotten.emit(token_id)
            self.review()

        def on_error(error: Exception) -> None:
            self._set_busy(token_id, busy=False)
            self._board.tell_failure(error)
            self.review()

        self._set_busy(token_id, busy=True)
        self._jobs.start(work, on_success, on_error)

    @Slot()
    def _on_soon_timeout(self) -> None:
        asked = self._reviews_asked

        def work(_cancellation: Cancellation) -> Review:
            return self._parts.tokens.review()

        def on_success(review: Review) -> None:
            if asked == self._reviews_asked:  # an older answer must not take the place of a newer one
                self._board.update(issued=review, issued_problem=None)
                self._dismiss_what_is_settled(review)

        self._jobs.start(work, on_success, self._on_unreadable)

    def _on_recovered(self, recovery: Recovery) -> None:
        self._reviews_asked += 1
        self._board.update(issued=recovery.review, issued_problem=None)
        from_before = [token for token in recovery.review.live if token.profile_id != BUILT_IN_PROFILE_ID]
        for left in recovery.revoked:
            if not left.revocation.ended_token and left.revocation.errors:
                self._board.tell_failure(left.revocation.errors[0], NoticeAction.SHOW_ISSUED_TOKENS)
        for problem in (*recovery.problems, *recovery.review.problems, *recovery.review.set_aside):
            self._board.tell_failure(problem, NoticeAction.SHOW_ISSUED_TOKENS)
        show = (NoticeAction.SHOW_ISSUED_TOKENS,)
        if recovery.review.cut_off:
            count = str(len(recovery.review.cut_off))
            self._board.tell(Severity.WARNING, Happening.CUT_OFF_BEFORE, count, actions=show)
        if recovery.review.lost:
            self._board.tell(Severity.WARNING, Happening.LOST_BEFORE, str(len(recovery.review.lost)), actions=show)
        self._from_before = frozenset(token.token_id for token in from_before)
        if from_before:
            self._board.tell(Severity.INFO, Happening.LEFT_FROM_BEFORE, str(len(from_before)), actions=show)

    def _on_unreadable(self, error: Exception) -> None:
        problem = error if isinstance(error, FlowError) else None
        self._board.update(issued_problem=problem)
        self._board.tell_failure(error, NoticeAction.SHOW_ISSUED_TOKENS)

    def _tell_revoked(self, token: IssuedToken, revocation: Revocation) -> None:
        self.note_accepted(token.token_id, revocation)
        if any(isinstance(error, IssuedTokenUnknown) for error in revocation.errors) and not revocation.ended_token:
            self._board.tell(Severity.INFO, Happening.TOKEN_GONE)
            self._end_of(token)
            return
        first, *more = revocation.errors or (None,)
        if not revocation.ended_token and first is not None:
            self._board.tell_failure(first, NoticeAction.SHOW_TIMELINE, more=tuple(each for each in more if each))
        elif revocation.nothing_sent:
            name, show = token.profile_name, (NoticeAction.SHOW_TIMELINE,)
            self._board.tell(Severity.WARNING, Happening.REFUSED_ALREADY, name, actions=show, more=revocation.errors)
        elif revocation.refused is not Tick.DONE:
            errors = tuple(error for error in revocation.errors)
            self._board.tell(Severity.WARNING, Happening.REVOKE_UNPROVEN, more=errors)
        else:
            proved = proof_words(CONTRACTS.get(token.contract), by_refresh=revocation.proved_by_refresh)
            name, more_errors = token.profile_name, revocation.errors
            self._board.tell(Severity.SUCCESS, Happening.REVOKED, name, more=more_errors, addition=proved)
        if revocation.ended_token:
            self._end_of(token)
        else:
            if revocation.renewed is not None:
                self.replaced.emit(token.token_id, revocation.renewed)
            self.revoke_failed.emit(token.token_id)
            self.review()

    def _end_of(self, token: IssuedToken) -> None:
        self._board.dismiss_token(token.token_id)
        self._board.take_off_list(frozenset({token.token_id}))
        self.revoked.emit(token.token_id)
        self.review()

    def _set_busy(self, token_id: str, *, busy: bool) -> None:
        ids = self._board.view.issued_busy
        self._board.update(issued_busy=ids | {token_id} if busy else ids - {token_id})

    def _secret_reader(self, token: IssuedToken) -> Callable[[], str]:
        """Return what reads, in the background, the secret that a refresh of that token takes."""
        app, profiles = self._sandbox.app, self._board.view.profiles
        if (token.base_url, token.consumer_key) == (self._sandbox.base_url, app.consumer_key):
            return lambda: app.consumer_secret
        return lambda: consumer_secret_for(token, profiles, self._parts.tokens)

    def _connection_for(self, token: IssuedToken, consumer_secret: str = "") -> Connection:
        return connection_for_token(token, self._parts.transport, self._parts.tokens, consumer_secret)
