"""Prints the sandbox's calls without ever holding up the sandbox: whoever started it may not read what it says."""

from __future__ import annotations

import os
import queue
import sys
import threading
from contextlib import suppress

from gui.commands.output import printable

_LINES_WAITING = 1000
_LAST_WORD_S = 0.5


class CallPrinter:
    """Lines go to stderr from a thread of its own; while nobody reads, and the pipe is full, further ones are dropped.

    It writes past Python's buffer: a thread that is stuck in there would hang the end of the program.
    """

    def __init__(self) -> None:
        self._lines: queue.Queue[str | None] = queue.Queue(_LINES_WAITING)
        self._thread = threading.Thread(target=self._print_all, name="call-printer", daemon=True)
        self._thread.start()

    def say(self, line: str) -> None:
        """Print a line some time; never waits."""
        with suppress(queue.Full):
            self._lines.put_nowait(line)

    def close(self) -> None:
        """Print what waits, for half a second at most."""
        with suppress(queue.Full):
            self._lines.put_nowait(None)
        self._thread.join(_LAST_WORD_S)

    def _print_all(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                os.write(sys.stderr.fileno(), (printable(line) + "\n").encode("utf-8", "backslashreplace"))
            except (OSError, ValueError):
                return  # nobody reads any more, or there is no stderr at all
