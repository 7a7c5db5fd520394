"""Every HTTP exchange of this process, in and out, newest last."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.models import HttpExchange

ROWS_KEPT = 10_000


class Timeline:
    """A bounded list that every thread may add to. Rows hold secrets: redact what leaves the process."""

    def __init__(self, rows_kept: int = ROWS_KEPT) -> None:
        self._lock = threading.Lock()
        self._rows: deque[HttpExchange] = deque(maxlen=rows_kept)
        self._listeners: list[Callable[[HttpExchange], None]] = []

    def add(self, exchange: HttpExchange) -> None:
        """Add a row and tell the listeners, in the caller's thread."""
        with self._lock:
            self._rows.append(exchange)
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(exchange)

    def rows(self) -> tuple[HttpExchange, ...]:
        """Return the rows, oldest first."""
        with self._lock:
            return tuple(self._rows)

    def clear(self) -> None:
        """Drop every row."""
        with self._lock:
            self._rows.clear()

    def on_add(self, listener: Callable[[HttpExchange], None]) -> None:
        """Call `listener` with every row from now on."""
        with self._lock:
            self._listeners.append(listener)
