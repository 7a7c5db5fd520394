"""What is told of redirects that come to nothing: any page on this computer can bring thousands of them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gui.loopback.listener import OtherRequestToken, RedirectDenied, RedirectRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.loopback.listener import ListenerEvent

QUIET_S = 2.0
"""The same refusal is told at most this often. The timeline has all."""


class RedirectNews:
    """Judges the events of one listener, in its server's thread: what is no news shall not wake the window."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told_at: dict[type, float] = {}

    def is_news(self, event: ListenerEvent) -> bool:
        """Whether to tell of an event."""
        if isinstance(event, RedirectRefused):
            kind: type = type(event.error)
        elif isinstance(event, RedirectDenied | OtherRequestToken):
            kind = type(event)
        else:
            return True
        now = self._clock()
        if now - self._told_at.get(kind, -QUIET_S) < QUIET_S:
            return False
        self._told_at[kind] = now
        return True
