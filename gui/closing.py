"""The end of the window: live tokens are asked about once, then everything stops in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.desktop.dialogs import QuitChoice
from gui.store.profile import BUILT_IN_PROFILE_ID

if TYPE_CHECKING:
    from gui.desktop.dialogs import AsksUser
    from gui.session.session import Session
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
        session.tokens.revoked.connect(self._on_tokens_revoked)
        session.tokens.revoke_failed.connect(self._on_tokens_revoke_failed)

    @Slot()
    def ask(self) -> None:
        """Ask what is to become of live tokens, if there are any, and close when that is done."""
        undecided = self._undecided()
        if self._revoking or not undecided:
            self.agreed.emit()  # asked again while revoking: the user does not want to wait
            return
        simulated = all(token.profile_id == BUILT_IN_PROFILE_ID for token in undecided)
        choice = self._asks.ask_about_live_tokens(len(undecided), simulated)
        if choice is QuitChoice.KEEP:
            self._kept |= {token.token_id for token in undecided}
            self.agreed.emit()
        elif choice is QuitChoice.REVOKE:
            self._session.call.cancel()
            self._revoking = {token.token_id for token in undecided}
            for token in undecided:
                self._session.tokens.revoke(token.token_id)

    def _undecided(self) -> tuple[IssuedToken, ...]:
        return tuple(token for token in self._session.undecided_tokens() if token.token_id not in self._kept)

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
