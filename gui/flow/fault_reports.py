"""What is reported of mistakes of this program, and where to before the log is open. `log_file` opens it."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from gui.concur.redaction import Redactor

LOGGER = "app_center_flow"


class HeldBack(logging.Handler):
    """Keeps what is logged until the file is open, which is after the first paint."""

    def __init__(self) -> None:
        super().__init__()
        self._logger = logging.getLogger(LOGGER)
        self._logger.propagate = False
        self._logger.addHandler(self)
        self._kept: list[logging.LogRecord] = []
        self._handed_over = False

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it. A thread that looked for handlers before `hand_over` may come by after it."""
        if self._handed_over:
            self._logger.handle(record)
        else:
            self._kept.append(record)

    @property
    def logger(self) -> logging.Logger:
        """What is to be logged to."""
        return self._logger

    @property
    def empty(self) -> bool:
        """Whether nothing was logged."""
        return not self._kept

    def hand_over(self) -> None:
        """Leave the logger to its other handlers, and give them what was kept."""
        self.acquire()  # no record may come between the two: it would wait for ever
        try:
            self._logger.removeHandler(self)
            self._handed_over = True
            kept, self._kept = self._kept, []
        finally:
            self.release()
        for record in kept:
            self._logger.handle(record)


@contextmanager
def redacted_fault_reports(
    logger: logging.Logger, redactor: Redactor, on_fault: Callable[[str, str], None] = lambda _name, _report: None
) -> Iterator[None]:
    """Report exceptions that nobody caught, in any thread, redacted: on stderr and in the log.

    `on_fault` hears the name of each exception's type and the report, in the thread that it was raised in.
    """

    def report(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        text = redactor.text("".join(traceback.format_exception(kind, error, trace)))
        try:
            on_fault(kind.__name__, text)
        finally:
            logger.error("fault\n%s", text)
            if sys.stderr is not None:
                with suppress(OSError, ValueError):  # a terminal that is gone, a stream that is closed
                    sys.stderr.write(text)

    def report_of_thread(fault: threading.ExceptHookArgs) -> None:
        report(fault.exc_type, fault.exc_value, fault.exc_traceback)

    old_hook, old_thread_hook = sys.excepthook, threading.excepthook
    sys.excepthook, threading.excepthook = report, report_of_thread
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = old_hook, old_thread_hook
