"""The log: one line for each HTTP exchange and each fault, with no query, no header, no body and no secret.

Whatever this program logs passes through the redactor once more. No library writes here: their loggers are others.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import stat
import sys
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING

from gui.flow.fault_reports import LOGGER
from gui.store.folders import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import TextIOWrapper
    from pathlib import Path

    from gui.concur.models import HttpExchange
    from gui.concur.redaction import Redactor

LOG_NAME = "app-center-flow.log"
CRASH_NAME = "crash.txt"
_BYTES_A_FILE = 1024 * 1024
_OLD_FILES = 3


class _RedactingFormatter(logging.Formatter):
    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.text(super().format(record))


@contextmanager
def open_log(folder: Path, redactor: Redactor) -> Iterator[logging.Logger]:
    """Log to a file in that folder while the block runs; where none can be written, go on without."""
    logger = logging.getLogger(LOGGER)
    logger.propagate = False
    logger.setLevel(logging.INFO)
    handler = _file_handler(folder)
    handler.setFormatter(_RedactingFormatter(redactor))
    logger.addHandler(handler)
    try:
        yield logger
    finally:
        logger.removeHandler(handler)
        handler.close()


@contextmanager
def crashes_noted(folder: Path) -> Iterator[None]:
    """Have a crash of the whole process, Qt's say, leave in that folder where Python was; nothing of any value."""
    handle = None
    if not faulthandler.is_enabled():  # else whoever enabled it, for a terminal say, has it
        with suppress(OSError):
            handle = _open_private(str(folder / CRASH_NAME), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    if handle is None:
        yield
        return
    faulthandler.enable(handle)
    try:
        yield
    finally:
        faulthandler.disable()
        os.close(handle)


def is_written(logger: logging.Logger) -> bool:
    """Tell whether the log of `open_log` has a file."""
    return any(isinstance(handler, _QuietFileHandler) for handler in logger.handlers)


def _file_handler(folder: Path) -> logging.Handler:
    try:
        make_private_folder(folder)
        return _QuietFileHandler(folder / LOG_NAME, maxBytes=_BYTES_A_FILE, backupCount=_OLD_FILES, encoding="utf-8")
    except OSError:
        return logging.NullHandler()


def _open_private(path: str, flags: int) -> int:
    """Open for the owner alone; a file of an earlier version is tightened, a device or pipe is left as it is."""
    handle = os.open(path, flags | getattr(os, "O_NONBLOCK", 0), 0o600)
    if sys.platform != "win32" and stat.S_ISREG(os.fstat(handle).st_mode):
        with suppress(OSError):
            os.fchmod(handle, 0o600)
    return handle


class _QuietFileHandler(RotatingFileHandler):
    """A full disk must not fill the terminal with tracebacks of the log itself."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's own name
        """Drop the line."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND  # rotation needs no other mode
        return os.fdopen(_open_private(self.baseFilename, flags), "a", encoding=self.encoding)

    def close(self) -> None:
        """Close the file; what could not be written before cannot be written now."""
        with suppress(OSError):
            super().close()


def log_exchange(logger: logging.Logger, exchange: HttpExchange) -> None:
    """Write one line: direction, operation, host and path, outcome, milliseconds."""
    outcome = exchange.failure or exchange.status
    logger.info(
        "%s %s %s%s %s %.0f ms",
        exchange.direction.value,
        exchange.operation.value,
        exchange.host,
        exchange.path,
        outcome,
        exchange.duration_ms,
    )
