"""Writes what the user saves: the access-token document, and the timeline as HAR."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from gui.flow.har import har_bytes
from gui.notices import Happening, Severity
from gui.store.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gui.concur.cancellation import Cancellation
    from gui.session.board import Board
    from gui.session.parts import SessionParts
    from gui.session_requests import SaveRequest
    from gui.workers.jobs import Jobs


class FilesDesk(QObject):
    """Files of the user's own choice; redacted unless the user asked otherwise."""

    def __init__(self, board: Board, jobs: Jobs, parts: SessionParts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self._jobs = jobs
        self._parts = parts

    @Slot(object)
    def save_document(self, request: SaveRequest) -> None:
        """Write the document that is shown, byte for byte or redacted."""
        shown, redactor = self._board.view.shown, self._parts.transport.redactor
        if shown is None or shown.document is None:
            return
        raw = shown.document.raw

        def content() -> bytes:
            return redactor.body(raw).encode() if request.redacted else raw

        self._write(request.path, content)

    @Slot(object)
    def export_timeline(self, request: SaveRequest) -> None:
        """Write every row of the timeline as HAR 1.2."""
        rows, redactor = self._parts.timeline.rows(), self._parts.transport.redactor

        def content() -> bytes:
            return har_bytes(rows, redactor if request.redacted else None)

        self._write(request.path, content)

    @Slot()
    def clear_timeline(self) -> None:
        """Drop every row."""
        self._parts.timeline.clear()

    def _write(self, path: Path, content: Callable[[], bytes]) -> None:
        def work(_cancellation: Cancellation) -> None:
            write_atomically(path, content())

        def on_success(_nothing: None) -> None:
            self._board.tell(Severity.SUCCESS, Happening.SAVED, str(path))

        self._jobs.start(work, on_success, self._board.tell_failure)
