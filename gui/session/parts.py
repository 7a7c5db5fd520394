"""What the session is built from. Nothing here is opened or asked when it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from gui.concur.transport import Transport
    from gui.flow.timeline import Timeline
    from gui.store.issued_tokens import IssuedTokens
    from gui.store.profiles import ProfileStore
    from gui.store.secrets import OpenedStore
    from gui.store.settings import SettingsStore

STORAGE_LANE = "storage"
"""Profiles and settings: their stores are for one thread."""
KEYRING_LANE = "keyring"
LISTENER_LANE = "listener"
"""Starts and stops of listeners, one after another."""


@dataclass(frozen=True, slots=True)
class SessionParts:
    """Stores, the way out, and what asks the system."""

    transport: Transport
    timeline: Timeline
    tokens: IssuedTokens
    profiles: ProfileStore
    settings: SettingsStore
    open_secrets: Callable[[float], OpenedStore]
    """Finds and proves the keyring; waits for up to that many seconds, twice."""
    clock: Callable[[], datetime]
    """The time, UTC."""
    report_fault: Callable[[Exception], None]
    """Hears of mistakes of this program, from any thread: it writes them to the log."""
