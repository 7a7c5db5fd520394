"""The one call to Concur that the flow is waiting for: begun, cancelled, ended exactly once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Slot

from gui.concur.errors import WireError
from gui.notices import Happening
from gui.session_state import Control
from gui.session_view import Activity

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.cancellation import Cancellation
    from gui.concur.models import Operation
    from gui.session.board import Board
    from gui.session.parts import SessionParts
    from gui.session_state import Event
    from gui.workers.jobs import Job, Jobs

T = TypeVar("T")

PATIENCE_MS = 1500
"""How long a cancelled call may take to end by itself before the window goes on without it. A name look-up is the
system's and cannot be called off."""
_OVER_WITH_THE_NEXT_CALL = (
    WireError,
    Happening.TOKEN_WORKS,
    Happening.REFRESHED_FIRST,
    Happening.REVOKED,
    Happening.REVOKED_AFTER_FAILURE,
    Happening.REVOKE_UNPROVEN,
    Happening.REFUSED_ALREADY,
)


class CurrentCall(QObject):
    """Starts a call as a job, shows that it is under way, and tells one of: success, error, lost."""

    def __init__(self, board: Board, jobs: Jobs, parts: SessionParts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._jobs = jobs
        self._clock = parts.clock
        self._job: Job | None = None
        self._on_lost: Callable[[], None] | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._on_patience_lost)

    def begin(
        self,
        operation: Operation,
        event: Event,
        work: Callable[[Cancellation], T],
        on_success: Callable[[T], None],
        on_error: Callable[[Exception], None],
        *,
        on_lost: Callable[[], None],
        on_late: Callable[[T], None] | None = None,
    ) -> None:
        """Apply `event` and run `work`. `on_lost`: it was cancelled and does not come back; `on_late`: it did."""

        def succeed(value: T) -> None:
            self._end()
            on_success(value)

        def fail(error: Exception) -> None:
            self._end()
            on_error(error)

        self._on_lost = on_lost
        self._board.dismiss_about(*_OVER_WITH_THE_NEXT_CALL)
        self._board.apply(event, activity=Activity(operation, self._clock()))
        self._job = self._jobs.start(work, succeed, fail, on_late=on_late)

    def is_of(self, cancellation: Cancellation) -> bool:
        """Whether that is the call under way: what others report is late."""
        return self._job is not None and self._job.cancellation is cancellation

    @Slot()
    def cancel(self) -> None:
        """Call off what is under way."""
        activity = self._board.view.activity
        if self._job is not None and activity is not None and self._board.allows(Control.CANCEL):
            self._board.update(activity=replace(activity, cancelling=True))
            self._patience.start()
            self._job.cancel()

    def _end(self) -> None:
        self._job = None
        self._patience.stop()

    @Slot()
    def _on_patience_lost(self) -> None:
        if self._job is not None and self._on_lost is not None:
            self._job.drop()
            self._end()
            self._on_lost()
