"""The log of the simulated Concur: every call, no secret.

No query string, header or body gets in. Of a path only what a route has is kept: a client that writes `&` for `?`
puts its secrets there.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003  # dataclasses are introspected by tests at run time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
_MOST_SEGMENTS = 8


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One call and what became of it, fit to be shown to anybody."""

    time: datetime
    """UTC."""
    method: str
    path: str
    operation: str
    status: int
    outcome: str
    """In words: "token issued", "request token expired"."""
    notes: tuple[str, ...] = ()
    """What the client did oddly and what is simulated here."""


class CallLog:
    """The last calls, oldest first. Subscribers are told in the server's thread and must be quick and not raise."""

    def __init__(self, kept: int) -> None:
        self._lock = threading.Lock()
        self._entries: deque[LogEntry] = deque(maxlen=kept)
        self._subscribers: list[Callable[[LogEntry], None]] = []

    def add(self, entry: LogEntry) -> None:
        """Keep the entry and tell the subscribers."""
        with self._lock:
            self._entries.append(entry)
            subscribers = tuple(self._subscribers)
        for tell in subscribers:
            tell(entry)

    def entries(self) -> tuple[LogEntry, ...]:
        """Return what is kept, oldest first."""
        with self._lock:
            return tuple(self._entries)

    def subscribe(self, tell: Callable[[LogEntry], None]) -> Callable[[], None]:
        """Have every later entry told; return how to end that, which may be called more than once."""
        with self._lock:
            self._subscribers.append(tell)

        def unsubscribe() -> None:
            with self._lock:
                if tell in self._subscribers:
                    self._subscribers.remove(tell)

        return unsubscribe


def shown_token(value: str) -> str:
    """Return the first four characters and an ellipsis: enough to tell two tokens apart, no use to anybody."""
    return f"{value[:4]}…" if re.fullmatch(r"[A-Za-z0-9_+/=$.-]{12,}", value) else "…"


def shown_method(method: str) -> str:
    """Return a method that HTTP knows; any other could be anything."""
    return method if method in _METHODS else "?"


def shown_path(path: str, known_segments: Collection[str]) -> str:
    """Return the path with every segment that no route has shortened, which also points at the slip of the pen."""
    segments = [part if part.lower() in known_segments else shown_token(part) for part in path.split("/")]
    return "/".join(segments[:_MOST_SEGMENTS]) + ("/…" if len(segments) > _MOST_SEGMENTS else "")
