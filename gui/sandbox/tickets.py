"""Form tickets: what makes a page's form good for once, and only from the page itself."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from gui.sandbox.errors import Refused
from gui.sandbox.records import Reason

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from gui.sandbox.records import PendingConnection, Step


class FormTickets:
    """Tickets out, oldest forgotten past the bound. Another site can post a form here but cannot know a ticket."""

    def __init__(self, new: Callable[[], str], clock: Callable[[], datetime], life: timedelta, kept: int) -> None:
        self._new = new
        self._clock = clock
        self._life = life
        self._kept = kept
        self._lock = threading.Lock()
        self._out: dict[str, tuple[datetime, PendingConnection]] = {}

    def issue(self, pending: PendingConnection) -> str:
        """Return what the form of a page carries in place of the facts."""
        ticket = self._new()
        expires_at = self._clock() + self._life
        with self._lock:
            self._out[ticket] = (expires_at, pending)
            while len(self._out) > self._kept:
                del self._out[next(iter(self._out))]
        return ticket

    def redeem(self, ticket: str, step: Step) -> PendingConnection:
        """Return what the form goes on with. Raises Refused for a ticket unknown, used, expired or another form's."""
        with self._lock:
            entry = self._out.pop(ticket, None)
        if entry is None or entry[1].step is not step or self._clock() >= entry[0]:
            raise Refused(reason=Reason.TICKET_SPENT)
        return entry[1]
