"""What the whole suite shares: real parts, and guards that fail a test for what it leaves behind."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

# Before there is a QApplication. A display is never used unasked: windows would come up over somebody's work.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["pytester", "tests.real_browser", "tests.real_keyring", "tests.real_window"]

THREAD_LIMIT_S = 5.0
"""How long a thread may take to end once its test has."""


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """Fail a test whose threads outlive it: a server not stopped, a job not ended."""
    before = set(threading.enumerate())
    yield
    for thread in _threads_of_python():
        if thread not in before:
            thread.join(THREAD_LIMIT_S)
    left = [thread.name for thread in _threads_of_python() if thread not in before]
    if left:
        pytest.fail(f"threads left behind: {', '.join(sorted(left))}")


def _threads_of_python() -> list[threading.Thread]:
    """All but those that Qt has started: they cannot be joined, and up to Python 3.12 stay listed after their end."""
    return [thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)]


@pytest.fixture(autouse=True)
def _no_warning_is_logged(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test during which anything logs a warning, unless it is marked `logs_warnings`."""
    yield
    if request.node.get_closest_marker("logs_warnings"):
        return
    loud = [record for record in caplog.get_records("call") if record.levelno >= logging.WARNING]
    if loud:
        pytest.fail("; ".join(f"{record.name} logged: {record.getMessage()}" for record in loud))
