"""A new user in front of the real window: Enter, and what is read at each step."""

from __future__ import annotations

import subprocess
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QTableView

from gui.concur.contract import CURRENT, LEGACY
from gui.concur.models import Operation
from gui.licences import Component, Notices
from gui.notices import Happening
from gui.session_state import State
from gui.widgets.about_dialog import AboutDialog
from gui.widgets.menu_table import Command
from tests.flow.contracts import BOTH, LEGACY_KIT
from tests.flow.scene import command, environment
from tests.flow.window_scene import (
    EXCHANGE,
    PRESSABLE,
    REVOKE,
    SIMULATE,
    START_OVER,
    TRY,
    WindowScene,
    opened_window,
    title_of,
)
from tests.gui.conftest import _every_test_starts_alike  # noqa: F401  # guards against what is left behind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def scene(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path) -> Iterator[WindowScene]:
    """Of the legacy contract, which the sandbox has at first, or `both`."""
    with opened_window(qtbot, tmp_path, kit=getattr(request, "param", LEGACY_KIT)) as made:
        yield made


both = pytest.mark.parametrize("scene", BOTH, indirect=True)
DOCUMENT = {LEGACY: ("<Access_Token>", "<Token>••••"), CURRENT: ('"access_token": "••••', '"id_token": "••••')}
RECEIVED = {
    LEGACY: ("It lives 15 minutes.", "the legacy contract wants the secret there"),
    CURRENT: ("It lives 24 hours", "where no address shows them."),
}


def reads(scene: WindowScene, *sentences: str) -> None:
    """Every sentence stands in the window."""
    texts = scene.texts()
    assert [sentence for sentence in sentences if sentence not in texts] == []


def probes(scene: WindowScene) -> int:
    return sum(row.operation is Operation.PROBE for row in scene.program.timeline.rows())


@both
def test_enter_leads_from_the_start_to_the_document_and_around_again(scene: WindowScene) -> None:
    assert scene.primary() == SIMULATE
    assert scene.pressable() == PRESSABLE[State.WAITING]
    assert scene.banner() == ""
    reads(
        scene,
        "simulated Concur",
        "Nothing here comes from Concur or goes there.",
        "waiting for the simulated App Center",
        "Let the simulated App Center do it, or press Connect on its page yourself.",
        "The access-token document will appear here, once a request token came and was exchanged.",
        "no token",
        "Issued tokens: 0 live",
    )

    scene.enter()
    scene.until_state(State.CONNECTED)
    assert scene.primary() == TRY
    assert scene.pressable() == PRESSABLE[State.CONNECTED]
    assert scene.banner() == ""
    scene.until(lambda: len(scene.view.issued.live) == 1)
    reads(scene, "connected", *DOCUMENT[scene.kit.name], "access token received at", "Issued tokens: 1 live")

    scene.enter()
    scene.until_told(Happening.TOKEN_WORKS)
    assert scene.banner() == f"Done: {title_of(Happening.TOKEN_WORKS)}"
    reads(scene, "accepted a call with it")
    scene.enter()
    scene.until(lambda: probes(scene) == 2)
    scene.until_state(State.CONNECTED)

    scene.press(REVOKE)  # nothing destroys by Enter alone
    scene.until_state(State.REVOKED)
    assert scene.primary() == START_OVER
    assert scene.pressable() == PRESSABLE[State.REVOKED]
    assert scene.banner() == ""
    assert scene.live_at_concur() == set()
    reads(
        scene,
        "✓ revoked at Concur",
        "✓ proved refused",
        "✓ local copy removed",
        "The token was revoked. Start over to connect once more.",
    )
    scene.until(lambda: not scene.view.issued.live)
    reads(scene, "Issued tokens: 0 live")

    scene.enter()
    scene.until_state(State.WAITING)
    reads(scene, "waiting for the simulated App Center")
    assert "revoked at Concur" not in scene.texts()  # nothing is there that could be
    scene.enter()
    scene.until_state(State.CONNECTED)
    assert scene.unaccounted() == set()


@both
def test_step_by_step_where_the_exchange_waits_for_a_word(scene: WindowScene) -> None:
    scene.press("Unfold Exchange")
    scene.press("exchange_at_once")
    scene.window.next_step._parking.setFocus()
    scene.enter()
    scene.until_state(State.RECEIVED)
    assert scene.primary() == EXCHANGE
    assert scene.pressable() == PRESSABLE[State.RECEIVED]
    reads(scene, "ready to be sent", *RECEIVED[scene.kit.name], "0 s old")
    scene.press("Drop the request token")
    scene.until_state(State.WAITING)
    scene.press(SIMULATE)
    scene.until_state(State.RECEIVED)
    scene.enter()
    scene.until_state(State.CONNECTED)
    assert scene.unaccounted() == set()


@both
def test_an_expert_needs_no_mouse(scene: WindowScene) -> None:
    scene.keys(Command.SIMULATE_APP_CENTER)
    scene.until_state(State.CONNECTED)
    first = scene.view.shown
    scene.keys(Command.REFRESH_TOKEN)
    scene.until(lambda: scene.view.shown != first and not scene.is_busy)
    scene.keys(Command.TRY_TOKEN)
    scene.until_told(Happening.TOKEN_WORKS)
    scene.until_state(State.CONNECTED)
    scene.keys(Command.REVOKE)
    scene.until_state(State.REVOKED)
    assert scene.live_at_concur() == set()
    scene.keys(Command.START_OVER)
    scene.until_state(State.WAITING)


def test_the_app_center_page_is_opened_in_the_browser(scene: WindowScene) -> None:
    scene.press("Open in browser")
    assert scene.pages.urls == [f"{scene.concur.base_url}/sandbox/app-center"]
    assert "Ctrl+Shift+B" in scene.window.status_line.currentMessage()
    scene.keys(Command.COPY_ADDRESS)
    assert QGuiApplication.clipboard().text() == scene.pages.urls[0]
    scene.pages.works = False
    scene.choose(Command.OPEN_BROWSER)
    assert scene.window.status_line.currentMessage() == f"No browser opened. The address: {scene.pages.urls[0]}"


@both
def test_a_redirect_that_is_pasted_is_exchanged(scene: WindowScene) -> None:
    scene.paste(f"  {scene.request_token()}\n")
    scene.until_state(State.CONNECTED)
    assert scene.unaccounted() == set()


def test_about_opens_at_once_and_is_filled_when_it_has_been_read(
    scene: WindowScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From source it is read from the metadata of every distribution, which takes a tenth of a second."""
    readers: list[threading.Thread] = []

    def read() -> Notices:
        readers.append(threading.current_thread())
        return Notices((Component("alpha", "1.2", "MIT"),), "Notices")

    monkeypatch.setattr("gui.licences.read_notices", read)
    scene.choose(Command.ABOUT)
    table = scene.dialog(AboutDialog).findChild(QTableView)
    assert isinstance(table, QTableView)
    scene.until(lambda: table.model().rowCount() == 1)
    assert len(readers) == 1
    assert readers[0] is not threading.main_thread()
    scene.dialog(AboutDialog).close()


def test_a_code_that_is_pasted_is_exchanged(scene: WindowScene) -> None:
    scene.paste(f"  {scene.concur.issue_request_token()}\n")
    scene.until_state(State.CONNECTED)
    assert scene.unaccounted() == set()


def test_without_a_screen_one_sentence_says_so_and_names_the_self_test(tmp_path: Path) -> None:
    ended = subprocess.run(
        command(), env=environment(tmp_path), capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 2
    said = (ended.stdout + ended.stderr).strip()
    assert "there is no screen" in said
    assert "self-test" in said
    assert said.count("\n") == 0
