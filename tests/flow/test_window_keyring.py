"""A keyring that fails, is locked, is not there or does not answer, as the user of the window meets it."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gui.concur.errors import FlowError
from gui.notices import Happening
from gui.session_state import State
from gui.session_view import KeyringStatus
from gui.store.errors import KeyringAbsent, KeyringDenied, KeyringFull, KeyringLocked, KeyringTimedOut
from gui.store.secrets import OpenedStore, SessionSecretStore, open_secret_store
from gui.widgets.issued_tokens import IssuedTokensDialog
from tests.flow.contracts import BOTH, LEGACY_KIT, Kit
from tests.flow.test_faults import KEYRING_FAULTS
from tests.flow.window_scene import (
    ISSUED,
    PRESSABLE,
    REVOKE,
    SIMULATE,
    START_OVER,
    WindowScene,
    all_is_well_again,
    list_says,
    opened_window,
    ticks,
    title_of,
)
from tests.gui.conftest import _every_test_starts_alike  # noqa: F401  # guards against what is left behind
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.real_keyring import RealKeyring

KEPT_FOR_SESSION = "▲ Secrets: kept for this session only"


@pytest.fixture
def scene(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path) -> Iterator[WindowScene]:
    with opened_window(qtbot, tmp_path, kit=getattr(request, "param", LEGACY_KIT)) as made:
        yield made


both = pytest.mark.parametrize("scene", BOTH, indirect=True)
"""Of the current contract only a part is kept in the keyring. What a keyring answers has no contract."""


class Keyring:
    """A keyring that gives its answers in order, the last one again and again; None is no answer before `let_go`."""

    def __init__(self, secrets: FakeSecrets, *answers: FlowError | FakeSecrets | None) -> None:
        self._secrets = secrets
        self._answers = list(answers)
        self.let_go = threading.Event()
        self.limits: list[float] = []

    def __call__(self, limit_s: float) -> OpenedStore:
        self.limits.append(limit_s)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if answer is None:
            assert self.let_go.wait(20)
        if isinstance(answer, FlowError):
            return OpenedStore(SessionSecretStore(), answer)
        return OpenedStore(self._secrets, None)


def ready(scene: WindowScene) -> Callable[[], bool]:
    return lambda: scene.view.keyring.status is KeyringStatus.READY


def kept(scene: WindowScene) -> list[str]:
    """What the list of issued tokens says about where each is kept."""
    scene.press(ISSUED)
    dialog = scene.dialog(IssuedTokensDialog)
    scene.until(lambda: dialog.model.rowCount() > 0)
    rows = [dialog.model.row_at(number) for number in range(dialog.model.rowCount())]
    scene.press("Close", dialog)
    return [row.kept for row in rows if row is not None]


# While it works on a token


@pytest.mark.parametrize("fault", KEYRING_FAULTS)
def test_token_that_the_keyring_does_not_take_is_revoked(scene: WindowScene, fault: FlowError) -> None:
    fault = replace(fault)  # one that was raised keeps alive what it went through
    scene.secrets.fail_write = fault
    scene.press(SIMULATE)
    notice = scene.until_told(Happening.REVOKED_AFTER_FAILURE)
    scene.until_state(State.REVOKED)
    assert notice.more == (fault,)
    scene.press("Details", scene.window.banner)
    assert title_of(fault) in scene.texts()
    assert scene.pressable() == PRESSABLE[State.REVOKED]
    assert scene.live_at_concur() == scene.listed() == set()
    scene.secrets.fail_write = None
    scene.press(START_OVER)
    all_is_well_again(scene)


@pytest.mark.parametrize("fault", KEYRING_FAULTS)
def test_token_that_the_keyring_does_not_take_is_offered_to_be_revoked(
    qtbot: QtBot, tmp_path: Path, fault: FlowError
) -> None:
    fault = replace(fault)
    with opened_window(qtbot, tmp_path, revoke_on_failure=False) as scene:
        scene.secrets.fail_write = fault
        scene.press(SIMULATE)
        scene.until_told(type(fault))
        scene.until_state(State.AT_RISK)
        assert scene.banner() == f"Error: {title_of(fault)}"
        assert scene.banner_buttons() == {"Revoke", "Keep the token", "Dismiss"}
        assert scene.pressable() == PRESSABLE[State.AT_RISK]
        assert scene.listed() == scene.live_at_concur() != set()
        assert kept(scene) == ["memory"]
        scene.press("Revoke", scene.window.banner)
        scene.until_state(State.REVOKED)
        assert scene.live_at_concur() == set()


@both
def test_local_copy_that_cannot_be_wiped_is_said_and_wiped_later(scene: WindowScene) -> None:
    scene.connect()
    scene.secrets.fail_delete = KeyringDenied(backend="b", operation="delete")
    scene.press(REVOKE)
    scene.until_told(KeyringDenied)
    scene.until_state(State.REVOKED)
    assert ticks(scene) == ["✓", "✓", "✕"]
    assert scene.banner() == "Error: The keyring did not allow it"
    assert scene.live_at_concur() == set()
    list_says(scene, "revoked, copy left")
    scene.secrets.fail_delete = None
    scene.press(ISSUED)
    dialog = scene.dialog(IssuedTokensDialog)
    scene.press("Refresh list", dialog)
    scene.until(lambda: not scene.view.issued.unwiped)
    scene.press("Close", dialog)
    assert scene.secrets.entries == {}


# At the start


@pytest.mark.parametrize(
    "problem",
    [
        pytest.param(KeyringAbsent(reason="no session bus"), id="absent"),
        pytest.param(KeyringLocked(backend="b", operation="write"), id="locked"),
        pytest.param(KeyringDenied(backend="b", operation="write"), id="denied"),
        pytest.param(KeyringTimedOut(backend="b", operation="read", limit_s=10.0), id="no answer"),
    ],
)
def test_without_a_keyring_everything_works_and_is_said(qtbot: QtBot, tmp_path: Path, problem: FlowError) -> None:
    secrets = FakeSecrets()
    keyring = Keyring(secrets, problem, secrets)
    with opened_window(qtbot, tmp_path, secrets=secrets, open_secrets=keyring, wait=False) as scene:
        scene.until_told(type(problem))
        scene.until_state(State.WAITING)
        assert scene.banner() == f"Warning: {title_of(problem)}"
        assert scene.banner_buttons() == {"Try the keyring again", "Dismiss"}
        assert KEPT_FOR_SESSION in scene.texts()
        scene.connect()
        assert kept(scene) == ["memory"]
        assert scene.unaccounted() == set()

        # Unlocked meanwhile: what is in memory moves there.
        scene.press("Try again")
        scene.until(ready(scene))
        scene.until(lambda: scene.banner() == "")
        assert "Keyring: a keyring made for tests" in scene.texts()
        assert [limit > keyring.limits[0] for limit in keyring.limits[1:]] == [True]  # a person needs longer
        scene.until(lambda: kept(scene) == ["keyring"])
        assert len(secrets.entries) == 1
        scene.press(REVOKE)
        scene.until_state(State.REVOKED)
        assert secrets.entries == {}
        assert scene.live_at_concur() == set()


def test_a_keyring_that_stays_away_is_said_again(qtbot: QtBot, tmp_path: Path) -> None:
    problem = KeyringLocked(backend="b", operation="write")
    keyring = Keyring(FakeSecrets(), problem)
    with opened_window(qtbot, tmp_path, open_secrets=keyring, wait=False) as scene:
        scene.until_told(KeyringLocked)
        scene.press("Try the keyring again", scene.window.banner)
        scene.until(lambda: len(keyring.limits) == 2)
        scene.until_told(KeyringLocked)
        assert scene.banner() == f"Warning: {title_of(problem)}"
        assert KEPT_FOR_SESSION in scene.texts()


def test_a_keyring_that_hangs_is_not_waited_for(qtbot: QtBot, tmp_path: Path) -> None:
    secrets = FakeSecrets()
    keyring = Keyring(secrets, None, secrets)
    with opened_window(qtbot, tmp_path, secrets=secrets, open_secrets=keyring, wait=False) as scene:
        scene.until_state(State.WAITING)
        assert "Keyring: being asked…" in scene.texts()
        assert scene.banner() == ""
        scene.connect()  # nobody has to wait for it to begin
        assert kept(scene) == ["memory"]
        scene.until(scene.window.status_line._skip.isVisible)
        scene.press("Do not wait")
        assert scene.banner() == f"Note: {title_of(Happening.KEPT_FOR_SESSION)}"
        assert KEPT_FOR_SESSION in scene.texts()
        keyring.let_go.set()
        scene.press("Try the keyring again", scene.window.banner)
        scene.until(ready(scene))
        scene.until(lambda: kept(scene) == ["keyring"])
        assert scene.banner() == ""
        assert scene.listed() == scene.live_at_concur()


def test_a_token_that_the_keyring_does_not_take_on_moving_stays_in_memory(qtbot: QtBot, tmp_path: Path) -> None:
    secrets = FakeSecrets()
    keyring = Keyring(secrets, KeyringLocked(backend="b", operation="write"), secrets)
    with opened_window(qtbot, tmp_path, secrets=secrets, open_secrets=keyring, wait=False) as scene:
        scene.until_told(KeyringLocked)
        scene.connect()
        secrets.fail_write = KeyringFull(backend="b", operation="write")
        scene.press("Try again")
        scene.until_told(KeyringFull)
        assert scene.banner() == "Error: The keyring is full"
        assert kept(scene) == ["memory"]
        assert scene.listed() == scene.live_at_concur() != set()
        scene.press(REVOKE)
        scene.until_state(State.REVOKED)
        assert scene.live_at_concur() == set()


# A real one


@pytest.mark.real_part("keyring")
@pytest.mark.parametrize("kit", BOTH)
def test_the_real_keyring_has_the_token_as_long_as_it_lives(
    qtbot: QtBot, tmp_path: Path, gnome_keyring: RealKeyring, kit: Kit
) -> None:
    assert gnome_keyring.daemon.poll() is None
    with opened_window(qtbot, tmp_path, open_secrets=open_secret_store, kit=kit) as scene:
        assert "Keyring: GNOME Keyring" in scene.texts()
        scene.connect()
        assert kept(scene) == ["keyring"]
        name = f"token/{scene.view.issued.live[0].token_id}"
        store = open_secret_store().store
        held, shown = store.read(name), scene.view.shown
        assert held is not None
        assert shown is not None
        assert (shown.live.access_token in held) is not kit.replaces
        assert str(shown.live.refresh_token) in held
        scene.press(REVOKE)
        scene.until_state(State.REVOKED)
        assert store.read(name) is None


@pytest.mark.real_part("keyring")
def test_the_real_keyring_that_does_not_answer_is_not_waited_for(
    qtbot: QtBot, tmp_path: Path, gnome_keyring: RealKeyring
) -> None:
    with gnome_keyring.stopped(), opened_window(qtbot, tmp_path, open_secrets=open_secret_store, wait=False) as scene:
        scene.until_state(State.WAITING)
        scene.connect()
        scene.until(scene.window.status_line._skip.isVisible)
        scene.press("Do not wait")
        assert kept(scene) == ["memory"]
        scene.press(REVOKE)
        scene.until_state(State.REVOKED)
        assert scene.live_at_concur() == set()


@pytest.mark.real_part("keyring")
def test_the_real_keyring_that_is_locked_is_said(qtbot: QtBot, tmp_path: Path, locked_keyring: RealKeyring) -> None:
    assert locked_keyring.daemon.poll() is None
    with opened_window(qtbot, tmp_path, open_secrets=open_secret_store, wait=False) as scene:
        scene.until_told(KeyringLocked)
        scene.connect()
        assert kept(scene) == ["memory"]
