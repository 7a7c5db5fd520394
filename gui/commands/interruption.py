"""Ctrl+C as a request to stop in good order: the first one cancels, the second one interrupts."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gui.commands.output import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from gui.concur.cancellation import Cancellation


@contextmanager
def ctrl_c_cancels(cancellation: Cancellation) -> Iterator[None]:
    """Let Ctrl+C call off what waits, so that a token that is just being stored is stored, and revoked after that.

    For the main thread.
    """

    def cancel(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        # In a thread of its own: this one may hold the very lock that cancel() takes.
        threading.Thread(target=_cancel_and_say_so, args=(cancellation,), name="ctrl-c", daemon=True).start()

    old_handler = signal.signal(signal.SIGINT, cancel)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, old_handler)


def _cancel_and_say_so(cancellation: Cancellation) -> None:
    say("Stopping: what waits is called off, and what was issued is revoked. Ctrl+C again interrupts that, too.")
    cancellation.cancel()
