"""The keyring: asked in the background at the start, with a way not to wait for it, and asked again on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from gui.notices import Happening, NoticeAction, Severity
from gui.session.parts import KEYRING_LANE, STORAGE_LANE
from gui.session_view import KeyringStatus, KeyringView
from gui.store.errors import KeyringError
from gui.store.secrets import SessionSecretStore

if TYPE_CHECKING:
    from gui.concur.cancellation import Cancellation
    from gui.concur.errors import FlowError
    from gui.session.board import Board
    from gui.session.parts import SessionParts
    from gui.store.secrets import OpenedStore, SecretStore
    from gui.workers.jobs import Job, Jobs

START_LIMIT_S = 10.0
PERSON_LIMIT_S = 60.0
"""What it takes a person to find and type the keyring's password."""


class KeyringDesk(QObject):
    """Until the keyring has answered, secrets are kept in memory; then they move there."""

    settled = Signal()
    """It is known where secrets are kept from now on."""

    def __init__(self, board: Board, jobs: Jobs, parts: SessionParts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._jobs = jobs
        self._parts = parts
        self._job: Job | None = None
        self._store: SecretStore | None = None

    def start(self) -> None:
        """Look for the keyring, with the patience of a start."""
        self._open(START_LIMIT_S)

    @Slot()
    def try_again(self) -> None:
        """Look for it once more, with a person's patience: its dialog may ask for a password."""
        status = self._board.view.keyring.status
        if status is KeyringStatus.SESSION_ONLY:
            self._board.dismiss_about(KeyringError, Happening.KEPT_FOR_SESSION)
            self._open(PERSON_LIMIT_S)
        elif status is KeyringStatus.READY and self._store is not None:
            self._move_to(self._store)  # it had failed in the middle: what it refused is in memory

    @Slot()
    def do_not_wait(self) -> None:
        """Go on with secrets in memory. The keyring is not asked any more until the user says so."""
        if self._job is not None:
            self._job.drop()
            self._job = None
            self._board.update(keyring=KeyringView(KeyringStatus.SESSION_ONLY, SessionSecretStore.description))
            retry = (NoticeAction.TRY_KEYRING_AGAIN,)
            self._board.tell(Severity.INFO, Happening.KEPT_FOR_SESSION, actions=retry)
            self.settled.emit()

    def _open(self, limit_s: float) -> None:
        def work(_cancellation: Cancellation) -> OpenedStore:
            return self._parts.open_secrets(limit_s)

        self._board.update(keyring=KeyringView(KeyringStatus.PROBING))
        self._job = self._jobs.start(work, self._on_opened, self._on_open_failed, lane=KEYRING_LANE)

    def _on_opened(self, opened: OpenedStore) -> None:
        self._job = None
        if opened.store.persistent:
            self._move_to(opened.store)
        else:
            shown = KeyringView(KeyringStatus.SESSION_ONLY, opened.store.description, opened.problem)
            self._board.update(keyring=shown)
            if opened.problem is not None:
                self._board.tell(Severity.WARNING, opened.problem, actions=(NoticeAction.TRY_KEYRING_AGAIN,))
            self.settled.emit()

    def _move_to(self, store: SecretStore) -> None:
        """Have both stores use the keyring, and move there what was kept in memory."""
        self._store = store
        self._board.update(keyring=KeyringView(KeyringStatus.PROBING, store.description))

        def work(_cancellation: Cancellation) -> tuple[FlowError, ...]:
            return (*self._parts.profiles.use_secrets(store), *self._parts.tokens.use_secrets(store))

        def on_success(problems: tuple[FlowError, ...]) -> None:
            self._board.update(keyring=KeyringView(KeyringStatus.READY, store.description))
            if not problems:
                self._board.dismiss_about(KeyringError)
            for problem in problems:
                self._board.tell_failure(problem, NoticeAction.SHOW_ISSUED_TOKENS)
            self.settled.emit()

        self._jobs.start(work, on_success, self._on_open_failed, lane=STORAGE_LANE)

    def _on_open_failed(self, error: Exception) -> None:
        self._job = None
        self._board.update(keyring=KeyringView(KeyringStatus.SESSION_ONLY, SessionSecretStore.description))
        self._board.tell_failure(error, NoticeAction.TRY_KEYRING_AGAIN)
        self.settled.emit()
