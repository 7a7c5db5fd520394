"""Ctrl+C as a request to stop in good order: the first one cancels, the second one interrupts."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

from gui.commands.output import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from gui.concur.cancellation import Cancellation

_Handler: TypeAlias = "Callable[[int, FrameType | None], object] | int | None"
_ENDING_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""Ctrl+C, kill, a terminal that is closed, and Windows' Ctrl+Break."""


@contextmanager
def ctrl_c_cancels(cancellation: Cancellation) -> Iterator[None]:
    """Let Ctrl+C, or the system's request to end, call off what waits.

    So a token that is just being stored is stored, and revoked after that. For the main thread.
    """

    def cancel(_signal: int, _frame: FrameType | None) -> None:
        for number in old_handlers:
            signal.signal(number, signal.default_int_handler)
        # In a thread of its own: this one may hold the very lock that cancel() takes.
        threading.Thread(target=_cancel_and_say_so, args=(cancellation,), name="ctrl-c", daemon=True).start()

    old_handlers: dict[int, _Handler] = {}
    try:
        for name in _ENDING_SIGNALS:
            number = getattr(signal, name, None)
            if number is not None:
                old_handlers[number] = signal.signal(number, cancel)
        yield
    finally:
        for number, handler in old_handlers.items():
            signal.signal(number, handler)


def _cancel_and_say_so(cancellation: Cancellation) -> None:
    say("Stopping: what waits is called off, and what was issued is revoked. Ctrl+C again interrupts that, too.")
    cancellation.cancel()
