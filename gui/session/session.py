"""The session: all desks on one board, connected with each other; started after the first paint, stopped at the end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.concur.errors import RedirectOfOtherContract
from gui.concur.models import Application
from gui.flow.connection import Connection, connection_for_token, contract_named
from gui.flow.recovery import WINDOW
from gui.notices import Happening, NoticeAction, Severity
from gui.session.board import Board
from gui.session.current_call import CurrentCall
from gui.session.files_desk import FilesDesk
from gui.session.flow_desk import FlowDesk
from gui.session.keyring_desk import KeyringDesk
from gui.session.listener_desk import ListenerDesk
from gui.session.profiles_desk import ProfilesDesk
from gui.session.revoke_desk import RevokeDesk
from gui.session.sandbox_host import SandboxHost
from gui.session.tokens_desk import TokensDesk
from gui.session_state import Control, State
from gui.session_view import ListenerStatus, is_issued_to
from gui.store.errors import ProfileUnknown
from gui.workers.jobs import Jobs

if TYPE_CHECKING:
    from gui.concur.cancellation import Cancellation
    from gui.session.parts import SessionParts
    from gui.session_requests import NoticeChoice
    from gui.store.issued_entry import IssuedToken

_ENDS_NOTICE = frozenset(NoticeAction) - {
    NoticeAction.SHOW_ISSUED_TOKENS,
    NoticeAction.SHOW_TIMELINE,
    NoticeAction.TRY_KEYRING_AGAIN,
}
"""What deals with the notice; to look at something, or to try, leaves it."""
STOP_LIMIT_S = 1.0
"""How long the end waits for jobs that were called off."""


class Session(QObject):
    """The only writer of state. The window is connected to its desks by `wiring`, and knows none of them."""

    action_wanted = Signal(object)
    """A NoticeAction that is the window's to do: show a dialog, or a part of the window."""

    def __init__(self, parts: SessionParts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self.jobs = Jobs(self)
        self.sandbox = SandboxHost(parts.report_fault)
        self.board = Board(parts.report_fault, self)
        self.tokens = TokensDesk(self.board, self.jobs, parts, self.sandbox, self)
        self.listener = ListenerDesk(self.board, self.jobs, parts, self.sandbox, self)
        self.call = CurrentCall(self.board, self.jobs, parts, self)
        self.revoking = RevokeDesk(self.board, self.call, self.tokens, self._connection_to_shown, self)
        self.flow = FlowDesk(
            self.board, self.jobs, self.call, self.revoking, self._connection, self._connection_to_shown, self
        )
        self.profiles = ProfilesDesk(self.board, self.jobs, parts, self.sandbox, self)
        self.keyring = KeyringDesk(self.board, self.jobs, parts, self)
        self.files = FilesDesk(self.board, self.jobs, parts, self)
        self._listens_when_ready = False
        self._listened_before = False
        self._connect()

    def _connect(self) -> None:
        self.listener.request_token_received.connect(self._on_request_token_received)
        self.flow.flow_ended.connect(self._on_flow_ended)
        self.flow.token_changed.connect(self.tokens.review)
        self.revoking.token_changed.connect(self.tokens.review)
        self.tokens.forgotten.connect(self.flow.on_token_gone)
        self.tokens.revoked.connect(self.flow.on_token_gone)
        self.revoking.ended_late.connect(self.flow.on_token_gone)
        for replaced in (self.tokens.replaced, self.flow.replaced_late, self.revoking.replaced_late):
            replaced.connect(self.flow.on_token_replaced)
            replaced.connect(self.profiles.on_token_replaced)
        self.tokens.forgotten.connect(self.profiles.on_token_gone)
        self.tokens.revoked.connect(self.profiles.on_token_gone)
        self.flow.late_token_failed.connect(self._on_late_token_failed)
        self.profiles.profile_shown.connect(self._on_profile_shown)
        self.profiles.choice_wanted.connect(self._on_choice_wanted)
        self.profiles.deletion_begun.connect(self._on_deletion_begun)
        self.profiles.deletion_failed.connect(self._on_deletion_failed)
        self.keyring.settled.connect(self._on_keyring_settled)
        self.profiles.application_ready.connect(self._on_application_ready)
        self.profiles.application_incomplete.connect(self._on_application_incomplete)

    def start(self, last_profile_id: str, told_deprecated: str = "") -> None:
        """Start the sandbox, read the profiles, ask the keyring. Returns at once."""
        self.profiles.told_deprecated = told_deprecated
        self.start_sandbox()
        self.profiles.load(last_profile_id)
        self.keyring.start()

    @Slot()
    def start_sandbox(self) -> None:
        """Start the simulated Concur, or try once more."""

        def work(_cancellation: Cancellation) -> str:
            return self.sandbox.start()

        self.jobs.start(work, self._on_sandbox_started, self._on_sandbox_failed)

    def stop(self) -> bool:
        """Stop the listener, all jobs and the sandbox, in that order. Returns whether every job has ended."""
        self.listener.stop_now()
        self.revoking.close()
        ended = self.jobs.stop(STOP_LIMIT_S)
        self.listener.stop_now()  # once more: one that was just starting has started by now
        self.sandbox.stop()
        return ended

    @Slot(str)
    def revoke_issued(self, token_id: str) -> None:
        """Revoke a token of the list: the one that is shown with its ticks, any other beside it."""
        shown = self.board.view.shown
        is_shown = shown is not None and shown.token.token_id == token_id
        if is_shown and not self.board.allows(Control.REVOKE):
            self.board.tell(Severity.INFO, Happening.NOT_NOW)
        elif is_shown:
            self.revoking.revoke()
        else:
            self.tokens.revoke(token_id)

    @Slot(str)
    def open_issued(self, token_id: str) -> None:
        """Show a token of the list in the window, under its own profile and no other."""
        token = self.tokens.find(token_id)
        if token is None:
            return
        if not self.board.allows(Control.SWITCH_PROFILE) or self.board.view.state is State.RECEIVED:
            self.board.tell(Severity.INFO, Happening.NOT_NOW)
            return
        if not any(profile.profile_id == token.profile_id for profile in self.board.view.profiles):
            self.board.tell_failure(ProfileUnknown(profile_id=token.profile_id), NoticeAction.SHOW_ISSUED_TOKENS)
            return
        self.profiles.select(token.profile_id)
        self.flow.open_token(token)

    @Slot(object)
    def act_on_notice(self, choice: NoticeChoice) -> None:
        """Do what a button of a notice says, to the token and the profile that it is about."""
        notice = next((each for each in self.board.view.shown_notices if each.notice_id == choice.notice_id), None)
        if notice is None:
            return
        if choice.action in _ENDS_NOTICE:
            self.board.dismiss(choice.notice_id)
        if choice.action is NoticeAction.REVOKE:
            self.revoke_issued(notice.token_id)
        elif choice.action is NoticeAction.WAIT_FOR_APP_CENTER:
            self.listener.wait_for_app_center()
        elif choice.action is NoticeAction.START_SANDBOX:
            self.start_sandbox()
        elif choice.action is NoticeAction.KEEP_TOKEN:
            self.revoking.keep_token()
        elif choice.action is NoticeAction.TRY_KEYRING_AGAIN:
            self.keyring.try_again()
        elif choice.action is NoticeAction.SWITCH_CONTRACT and isinstance(notice.subject, RedirectOfOtherContract):
            self.profiles.switch_contract(notice.subject.other)
        elif choice.action is NoticeAction.USE_FREE_PORT:
            self.listener.start_on_free_port()
        else:
            self.action_wanted.emit(choice.action)

    @Slot(int)
    def dismiss_notice(self, notice_id: int) -> None:
        """Take a notice away."""
        self.board.dismiss(notice_id)

    def undecided_tokens(self) -> tuple[IssuedToken, ...]:
        """Return live tokens that were issued to this window: what is to become of them is asked at the end."""
        listed = {token.token_id: token for token in self.board.view.issued.live}
        shown = self.profiles.shown_tokens()  # the list is read in the background and may not have them yet
        everything = {**listed, **{token.token_id: token for token in shown}}
        return tuple(token for token in everything.values() if token.purpose == WINDOW and _is_ours(token))

    def _connection(self) -> Connection:
        view = self.board.view
        return Connection(
            profile_id=view.profile.profile_id,
            profile_name=view.profile.name,
            purpose=WINDOW,
            application=Application(
                base_url=view.application.base_url,
                consumer_key=view.application.consumer_key,
                consumer_secret=view.application.consumer_secret,
                redirect_url=view.profile.redirect_url,
                scopes=view.profile.scopes,
            ),
            contract=contract_named(view.profile.contract),
            transport=self._parts.transport,
            tokens=self._parts.tokens,
        )

    def _connection_to_shown(self) -> Connection:
        """Return the way to whom the token that is shown was issued by: the profile may have been changed since."""
        shown = self.board.view.shown
        if shown is None or is_issued_to(shown, self.board.view.application):
            return self._connection()
        return connection_for_token(shown.token, self._parts.transport, self._parts.tokens)

    @Slot(object)
    def _on_late_token_failed(self, token: IssuedToken) -> None:
        self.tokens.revoke_token(token)

    def _on_sandbox_failed(self, error: Exception) -> None:
        if self.board.view.simulated and not self.board.view.starting:
            self.profiles.show_again()
        self.board.tell_failure(error, NoticeAction.START_SANDBOX)

    def _on_sandbox_started(self, _base_url: str) -> None:
        if self.board.view.simulated and not self.board.view.starting:
            self.profiles.show_again()

    @Slot()
    def _on_choice_wanted(self) -> None:
        self.action_wanted.emit(NoticeAction.EDIT_PROFILE)

    @Slot()
    def _on_deletion_begun(self) -> None:
        self._listened_before = self.board.view.listener.status is not ListenerStatus.OFF
        self.listener.stop()

    @Slot()
    def _on_deletion_failed(self) -> None:
        if self._listened_before:
            self.listener.start()

    @Slot()
    def _on_profile_shown(self) -> None:
        self.listener.show_profile()
        self._listens_when_ready = self.board.view.simulated

    @Slot()
    def _on_keyring_settled(self) -> None:
        self.tokens.recover()
        if not self.board.view.starting and not self.board.view.simulated:
            self.profiles.show_again()

    @Slot()
    def _on_request_token_received(self) -> None:
        if self.board.view.profile.exchange_at_once:
            self.flow.exchange()

    @Slot()
    def _on_flow_ended(self) -> None:
        self.profiles.judge_application()  # which has the listener wait again, or stop

    @Slot()
    def _on_application_ready(self) -> None:
        """Listen without being asked where nothing real is behind it: for the built-in sandbox, when it is shown."""
        self.listener.wait_again()
        if self._listens_when_ready:
            self._listens_when_ready = False
            self.listener.start()

    @Slot()
    def _on_application_incomplete(self) -> None:
        """Let no redirect in whose request token could not be exchanged."""
        self.listener.stop()


def _is_ours(token: IssuedToken) -> bool:
    """Whether it was issued to this very process: in a container an earlier one had the same number."""
    return token.pid == os.getpid() and token.process_runs()
