"""The end of the window: live tokens are asked about once, then everything stops in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.concur.models import Operation
from gui.desktop.dialogs import QuitChoice
from gui.store.profile import BUILT_IN_PROFILE_ID

if TYPE_CHECKING:
    from gui.desktop.dialogs import AsksUser
    from gui.session.session import Session
    from gui.session_view import SessionView
    from gui.store.issued_entry import IssuedToken


class Closing(QObject):
    """Decides when the window may go. A token that was decided about is not asked about again."""

    agreed = Signal()
    """The window may close."""

    def __init__(self, session: Session, asks: AsksUser, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._asks = asks
        self._kept: set[str] = set()
        self._revoking: set[str] = set()
        self._waiting = False
        session.board.changed.connect(self._on_board_changed)
        session.tokens.revoked.connect(self._on_tokens_revoked)
        session.tokens.revoke_failed.connect(self._on_tokens_revoke_failed)

    @Slot()
    def ask(self) -> None:
        """Ask what is to become of live tokens, if there are any, and close when that is done."""
        if self._revoking or self._waiting:
            self.agreed.emit()  # asked again: the user does not want to wait
            return
        if self._session.board.view.activity is not None:
            self._wait_for_call()
            return
        undecided = self._undecided()
        if not undecided:
            self.agreed.emit()
            return
        simulated = all(token.profile_id == BUILT_IN_PROFILE_ID for token in undecided)
        choice = self._asks.ask_about_live_tokens(len(undecided), simulated)
        if choice is QuitChoice.KEEP:
            self._kept |= {token.token_id for token in undecided}
            self.agreed.emit()
        elif choice is QuitChoice.REVOKE:
            self._revoking = {token.token_id for token in undecided}
            for token in undecided:
                self._session.tokens.revoke(token.token_id)

    def _wait_for_call(self) -> None:
        """Let the call under way end first, since it decides what is live; all but a revoke are called off."""
        self._waiting = True
        activity = self._session.board.view.activity
        if activity is not None and activity.operation is not Operation.REVOKE:
            self._session.call.cancel()

    def _undecided(self) -> tuple[IssuedToken, ...]:
        return tuple(token for token in self._session.undecided_tokens() if token.token_id not in self._kept)

    @Slot(object)
    def _on_board_changed(self, view: SessionView) -> None:
        if self._waiting and view.activity is None:
            self._waiting = False
            QTimer.singleShot(0, self, self.ask)  # when everybody has heard of this change

    @Slot(str)
    def _on_tokens_revoked(self, token_id: str) -> None:
        """Close when the last revoke is through."""
        if token_id in self._revoking:
            self._revoking.discard(token_id)
            if not self._revoking:
                self.agreed.emit()

    @Slot(str)
    def _on_tokens_revoke_failed(self, token_id: str) -> None:
        """Stay: the banner says why, and the user may try again or keep the token."""
        if token_id in self._revoking:
            self._revoking.clear()
