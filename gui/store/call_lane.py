"""One call at a time, each under an absolute time limit, for libraries that may block for ever."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Returned(Generic[T]):
    """The call came back with a value."""

    value: T = field(repr=False)


@dataclass(frozen=True, slots=True)
class Raised:
    """The call came back with an exception. Its texts may hold secrets: take the type from it and drop it."""

    failure: BaseException = field(repr=False)


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The call is still out. What it does when it comes back is dropped."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Not called at all: an earlier call is still out."""

    busy_with: str


class _Call(Generic[T]):
    """One call on its way."""

    def __init__(self, operation: str, deadline: float) -> None:
        self.operation = operation
        self.deadline = deadline
        self.done = threading.Event()
        self.outcome: Returned[T] | Raised = Raised(RuntimeError())


class CallLane:
    """Runs calls one after another, in daemon threads, so that at most one of them can be stuck at a time.

    The order is kept: no call starts before the one before it has come back, however late. So the last write wins
    even where an earlier one was given up. While a call is overdue others are turned away at once instead of queuing.
    """

    def __init__(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self._turn = threading.Lock()
        self._running: _Call[object] | None = None

    def run(self, operation: str, call: Callable[[], T]) -> Returned[T] | Raised | TimedOut | Busy:
        """Run the call and wait for it no longer than the limit, the wait for the lane included."""
        deadline = time.monotonic() + self.limit_s
        running = self._running
        patience = 0.0 if running is not None and time.monotonic() > running.deadline else self.limit_s
        if not self._turn.acquire(timeout=patience):
            running = self._running
            return Busy(running.operation if running is not None else "")
        this: _Call[T] = _Call(operation, deadline)
        self._running = this  # type: ignore[assignment]  # only operation and deadline are read from it
        threading.Thread(target=self._work, args=(this, call), name=f"keyring {operation}", daemon=True).start()
        if this.done.wait(max(0.0, deadline - time.monotonic())):
            return this.outcome
        return TimedOut()

    def _work(self, this: _Call[T], call: Callable[[], T]) -> None:
        try:
            this.outcome = Returned(call())
        except Exception as failure:  # noqa: BLE001  # a backend may raise anything; this is the background helper
            this.outcome = Raised(failure)
        finally:
            self._running = None
            self._turn.release()
            this.done.set()
