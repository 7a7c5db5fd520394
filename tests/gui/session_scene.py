"""A session without a window: real stores in a folder, real HTTP, a keyring that can be made to fail."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.concur.redaction import Redactor
from gui.concur.transport import Transport, WireLimits
from gui.flow.timeline import Timeline
from gui.session.parts import SessionParts
from gui.session.session import Session
from gui.store.folders import HOME_VARIABLE, find_folders
from gui.store.issued_tokens import IssuedTokens
from gui.store.profiles import ProfileStore
from gui.store.secrets import OpenedStore, SessionSecretStore
from gui.store.settings import SettingsStore
from tests.flow.scene import utc_now
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gui.session_view import SessionView

QUICK = WireLimits(connect_s=3.0, silence_s=1.0, whole_s=2.0)


@dataclass
class SessionScene:
    """One session and what it is built from."""

    session: Session
    parts: SessionParts
    secrets: FakeSecrets
    faults: list[Exception]

    @property
    def view(self) -> SessionView:
        return self.session.board.view


def parts_in(
    home: Path,
    open_secrets: Callable[[float], OpenedStore],
    faults: list[Exception],
    limits: WireLimits = QUICK,
) -> SessionParts:
    folders = find_folders({HOME_VARIABLE: str(home)})
    redactor, timeline = Redactor(), Timeline()
    memory = SessionSecretStore()
    return SessionParts(
        transport=Transport(record=timeline.add, redactor=redactor, limits=limits),
        timeline=timeline,
        tokens=IssuedTokens(folders.state / "issued", memory, utc_now),
        profiles=ProfileStore(folders.config / "profiles.json", memory, utc_now),
        settings=SettingsStore(folders.config / "settings.json", utc_now),
        open_secrets=open_secrets,
        clock=utc_now,
        report_fault=faults.append,
    )


@contextmanager
def session_scene(
    home: Path,
    *,
    secrets: FakeSecrets | None = None,
    open_secrets: Callable[[float], OpenedStore] | None = None,
    limits: WireLimits = QUICK,
) -> Iterator[SessionScene]:
    """Build and, at the end, stop a session; it is not started yet."""
    kept = secrets or FakeSecrets()
    faults: list[Exception] = []
    parts = parts_in(home, open_secrets or (lambda _limit_s: OpenedStore(kept, None)), faults, limits)
    session = Session(parts)
    try:
        yield SessionScene(session, parts, kept, faults)
    finally:
        session.stop()
    if faults and sys.exc_info()[0] is None:
        raise faults[0]
