"""A session without a window: real stores in a folder, real HTTP, a keyring that can be made to fail."""

from __future__ import annotations

import sys
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.concur.redaction import Redactor
from gui.concur.transport import Transport, WireLimits
from gui.flow.timeline import Timeline
from gui.notices import Happening
from gui.session.parts import SessionParts
from gui.session.session import Session
from gui.session_requests import ProfileDraft
from gui.session_state import State
from gui.store.folders import HOME_VARIABLE, find_folders
from gui.store.issued_tokens import IssuedTokens
from gui.store.profile import Profile, built_in_profile
from gui.store.profiles import ProfileStore
from gui.store.secrets import OpenedStore, SessionSecretStore
from gui.store.settings import SettingsStore
from tests.flow.contracts import LEGACY_KIT, Kit
from tests.flow.scene import utc_now
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.sandbox.answers import Answer, Endpoint
    from gui.sandbox.service import SimulatedConcur
    from gui.session_view import SessionView

ANY_PORT = "http://localhost:0/redirect"
QUICK = WireLimits(connect_s=3.0, silence_s=1.0, whole_s=2.0)


@dataclass
class SessionScene:
    """One session and what it is built from."""

    session: Session
    parts: SessionParts
    secrets: FakeSecrets
    faults: list[Exception]
    kit: Kit = LEGACY_KIT
    """The contract of its profiles, unless a test says otherwise."""

    @property
    def view(self) -> SessionView:
        return self.session.board.view

    @property
    def concur(self) -> SimulatedConcur:
        """The one that is built in."""
        return self.session.sandbox.concur


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
    kit: Kit = LEGACY_KIT,
) -> Iterator[SessionScene]:
    """Build and, at the end, stop a session; it is not started yet."""
    kept = secrets or FakeSecrets()
    faults: list[Exception] = []
    parts = parts_in(home, open_secrets or (lambda _limit_s: OpenedStore(kept, None)), faults, limits)
    session = Session(parts)
    try:
        yield SessionScene(session, parts, kept, faults, kit)
    finally:
        session.stop()
    if faults and sys.exc_info()[0] is None:
        raise faults[0]


# What tests do with it


def on_any_port(made: SessionScene, **changes: object) -> None:
    """Keep a built-in profile of the contract that does not mind its port, so that test runs do not meet."""
    values = {name: getattr(built_in_profile(), name) for name in Profile.__dataclass_fields__}
    own = {"redirect_url": ANY_PORT, "contract": made.kit.name}
    made.parts.profiles.replace(Profile(**{**values, **own, **changes}))


def wait_for(qtbot: QtBot, scene: SessionScene, state: State) -> None:
    def is_there() -> bool:
        view = scene.view
        return view.state is state and view.activity is None and not view.simulating

    qtbot.waitUntil(is_there, timeout=8000)


def subjects(scene: SessionScene) -> list[object]:
    """What is told, but for the word that a contract is deprecated: it comes with every profile of that one, once."""
    told = [
        notice.subject if isinstance(notice.subject, Happening) else type(notice.subject)
        for notice in scene.view.notices
    ]
    return [subject for subject in told if subject is not Happening.CONTRACT_DEPRECATED]


def answer(scene: SessionScene, endpoint: Endpoint, given: Answer) -> None:
    scene.concur.answers.set_for_endpoint(endpoint, given)


def connected(qtbot: QtBot, scene: SessionScene) -> None:
    scene.session.listener.simulate_app_center()
    wait_for(qtbot, scene, State.CONNECTED)


def profile(scene: SessionScene, **changes: object) -> Profile:
    """Make a profile for the built-in sandbox, as if it were a real Concur."""
    values: dict[str, object] = {
        "profile_id": uuid.uuid4().hex,
        "name": "Acme",
        "base_url": scene.session.sandbox.base_url,
        "consumer_key": scene.session.sandbox.app.consumer_key,
        "redirect_url": ANY_PORT,
        "contract": scene.kit.name,
        "scopes": scene.kit.scopes,
        **changes,
    }
    return Profile(**values)  # type: ignore[arg-type]


def second_profile(qtbot: QtBot, scene: SessionScene, **changes: object) -> Profile:
    """Add such a profile and show it."""
    made = profile(scene, **changes)
    scene.session.profiles.save(ProfileDraft(made, scene.session.sandbox.app.consumer_secret, is_new=True))
    qtbot.waitUntil(lambda: scene.view.profile.profile_id == made.profile_id and scene.view.state is State.STOPPED)
    return made


def connected_by_code(qtbot: QtBot, scene: SessionScene) -> None:
    scene.session.listener.paste(scene.kit.query(scene.concur))
    wait_for(qtbot, scene, State.CONNECTED)
