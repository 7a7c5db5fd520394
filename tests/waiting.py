"""Waiting for what another process does: asked again and again until it is so, never for time to pass."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

LIMIT_S = 30.0
_BETWEEN_S = 0.05


def comes_true(condition: Callable[[], object], limit_s: float = LIMIT_S) -> bool:
    """Ask until the condition holds, and tell whether it came to hold in time."""
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() >= deadline:
            return False
        threading.Event().wait(_BETWEEN_S)
    return True


def wait_until(what: str, condition: Callable[[], object], limit_s: float = LIMIT_S) -> None:
    """Fail the test where the condition does not come to hold in time."""
    if not comes_true(condition, limit_s):
        pytest.fail(f"not within {limit_s:.0f} s: {what}")
