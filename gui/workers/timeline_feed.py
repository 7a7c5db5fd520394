"""New rows of the timeline, from whatever thread, to the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.workers.mailbox import Mailbox

if TYPE_CHECKING:
    from gui.concur.models import HttpExchange
    from gui.flow.timeline import Timeline

_INTERVAL_MS = 40
"""A flood comes to the window at most this often; to the eye it is at once."""


class TimelineFeed(QObject):
    """Emits what was added, oldest first, in batches."""

    rows_added = Signal(object)
    """A tuple of HttpExchange."""

    def __init__(self, timeline: Timeline, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox: Mailbox[HttpExchange] = Mailbox(self.rows_added.emit, self, _INTERVAL_MS)
        timeline.on_add(self._mailbox.post)

    def close(self) -> None:
        """Emit nothing more."""
        self._mailbox.close()
