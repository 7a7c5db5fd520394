"""Canary secrets through the flows of the real window: whatever it shows, says, writes or logs holds none of them.

That holds for every fault as well: the tests of the exchange and of other calls watch out with the same net.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from gui.desktop.dialogs import QuitChoice
from gui.notices import Happening
from gui.sandbox.answers import Answer, Endpoint
from gui.sandbox.records import RegisteredApp
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from gui.session_requests import SaveRequest
from gui.session_state import State
from gui.widgets.exchange_view import ExchangeView
from gui.widgets.issued_tokens import IssuedTokensDialog
from gui.widgets.menu_table import Command
from gui.widgets.profile_editor import ProfileEditor
from gui.widgets.timeline_table import TimelineTable
from tests.flow.contracts import BOTH, Kit
from tests.flow.faults import Canaries
from tests.flow.scene import KEY, SECRET, closed_port
from tests.flow.test_canary import found_in, with_parts
from tests.flow.window_net import Net
from tests.flow.window_scene import (
    COPY,
    ISSUED,
    REFRESH,
    REVOKE,
    SIMULATE,
    START_OVER,
    TRY,
    WindowScene,
    begin_anew,
    choose_contract,
    opened_window,
    paste_into,
    shared_window,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

pytestmark = pytest.mark.usefixtures("qapp")


def clipboard() -> str:
    return QApplication.clipboard().text()


def line(editor: ProfileEditor, name: str) -> QLineEdit:
    return next(one for one in editor.findChildren(QLineEdit) if one.accessibleName() == name)


def look_into_every_exchange(net: Net) -> None:
    """Open each row of the timeline, as a double click does, and turn its pages."""
    table = net.scene.window.findChild(TimelineTable)
    assert table is not None
    for number in range(table.model().rowCount()):
        table.setCurrentIndex(table.model().index(number, 0))
        QTest.keyClick(table, Qt.Key.Key_Return)
        view = net.scene.dialog(ExchangeView)
        for index in range(view._tabs.count()):
            view._tabs.setCurrentIndex(index)
            net.look_at(view)
        net.scene.press("Copy as cURL", view)
        net.texts.add(clipboard())
        net.scene.press("Close", view)
        net.scene.until(lambda: not net.scene.window.findChildren(ExchangeView))


def look_into_every_tab(net: Net) -> None:
    for tab in ("Raw", "Fields", "Document"):
        net.scene.show_tab(tab)
        net.look()


def look_into_the_keyring(net: Net, refresh_token: str) -> None:
    """It has what a later run needs, and no access token that is to be in memory only."""
    in_keyring, kit = "".join(net.scene.secrets.entries.values()), net.scene.kit
    assert refresh_token in in_keyring
    kept = [token for token in kit.issued(net.scene.concur) if found_in(in_keyring, with_parts({token}))]
    assert (kept == []) is kit.replaces


def look_into_every_dialog(net: Net) -> None:
    scene = net.scene
    for command in (Command.ISSUED_TOKENS, Command.CHECK_LIST, Command.SHORTCUTS, Command.ABOUT):
        scene.choose(command)
        scene.until_it_has_settled()
    net.look()
    for dialog in scene.window.findChildren(QDialog):
        dialog.close()


# The whole way


@pytest.mark.parametrize("kit", BOTH)
def test_two_flows_and_everything_around_them(
    qtbot: QtBot, tmp_path: Path, capfd: pytest.CaptureFixture[str], kit: Kit
) -> None:
    canaries = Canaries()
    theirs = SimulatedConcur(
        SandboxSettings(auto_approve=True), RegisteredApp(KEY, SECRET, redirect_url=None), tokens=canaries.source()
    )
    outside = tmp_path / "outside"
    outside.mkdir()
    home = tmp_path / "home"
    with theirs, opened_window(qtbot, home, token_source=canaries.source(), kit=kit) as scene:
        net = Net(scene, theirs)
        scene.connect()
        look_into_every_tab(net)
        scene.press(TRY)
        scene.until_told(Happening.TOKEN_WORKS)
        scene.until_state(State.CONNECTED)
        first = scene.view.shown
        scene.press(REFRESH)
        scene.until(lambda: scene.view.shown != first)
        scene.until_state(State.CONNECTED)
        scene.until(lambda: len(scene.view.issued.live) == (1 if kit.replaces else 2))
        look_into_every_tab(net)
        look_into_every_dialog(net)
        look_into_every_exchange(net)
        save_and_export(net, outside)

        new_profile(net, theirs, kit)
        scene.paste(kit.query(theirs))
        scene.until_state(State.CONNECTED)
        net.look()
        export_profile(net, outside / "acme.json")
        scene.press(REVOKE)
        scene.until_state(State.REVOKED)
        net.look()
        look_into_every_dialog(net)
        look_into_every_exchange(net)
        scene.choose_profile("Built-in sandbox")
        scene.until_state(State.CONNECTED)
        copied = scene.view.shown
        scene.press(COPY)
        assert copied is not None
        assert clipboard() == copied.live.access_token
        net.look()
        scene.asks.quits = [QuitChoice.KEEP]
        scene.close()
        scene.until_closed()
        net.take(tuple(scene.program.timeline.rows()))
        look_into_the_keyring(net, str(copied.live.refresh_token))
    assert clipboard() == ""
    net.texts |= set(capfd.readouterr())
    net.files()
    net.check()
    assert SECRET in net.secrets
    assert len(net.secrets) > 5


def save_and_export(net: Net, outside: Path) -> None:
    """Redacted files go into the net; those with secrets hold them, which shows that the net would catch them."""
    scene = net.scene
    for redacted in (True, False):
        document, archive = outside / f"{redacted}.xml", outside / f"{redacted}.har"
        scene.asks.save_document = SaveRequest(document, redacted=redacted)
        scene.asks.export_timeline = SaveRequest(archive, redacted=redacted)
        scene.choose(Command.SAVE_DOCUMENT)
        scene.choose(Command.EXPORT_TIMELINE)
        scene.until(lambda: document.exists() and archive.exists())  # noqa: B023  # waited for in the same turn
        written = document.read_text() + archive.read_text()
        if redacted:
            net.texts.add(written)
            assert "[redacted]" in document.read_text()
        else:
            # A legacy refresh brings no refresh token; the other brings two, and an id token.
            assert {token for token in found_in(document.read_text(), net.secrets) if "." not in token} != set()
            assert len(found_in(archive.read_text(), net.secrets)) > 3


def export_profile(net: Net, path: Path) -> None:
    net.scene.asks.export_profile = path
    net.scene.choose(Command.EXPORT_PROFILE)
    net.scene.until(path.exists)
    net.texts.add(path.read_text())


def new_profile(net: Net, concur: SimulatedConcur, kit: Kit) -> None:
    scene = net.scene
    scene.press("New…")
    editor = scene.dialog(ProfileEditor)
    choose_contract(editor, kit.name)
    paste_into(line(editor, "Name"), "Acme")
    paste_into(line(editor, "Base URL"), concur.base_url)
    paste_into(line(editor, "Consumer key"), KEY)
    paste_into(line(editor, "Consumer secret"), f" {SECRET} ")
    paste_into(line(editor, "Redirect URL"), f"http://localhost:{closed_port()}/redirect")
    net.look()
    scene.press("Save", editor)
    scene.until(lambda: scene.view.profile.name == "Acme")
    scene.until_state(State.STOPPED)
    net.look()


def test_what_was_asked_to_be_shown_is_seen_by_the_net(qtbot: QtBot, tmp_path: Path) -> None:
    with opened_window(qtbot, tmp_path) as scene:
        scene.connect()
        net = Net(scene)
        net.look()
        net.check()
        scene.press("Show secrets", scene.program.token_panel)
        net.look()
        assert len(found_in("\n".join(net.texts), net.secrets)) == 2
        scene.press("Hide secrets", scene.program.token_panel)
        again = Net(scene)
        again.look()
        again.check()


def test_a_secret_in_each_place_is_found(qtbot: QtBot, tmp_path: Path) -> None:
    with opened_window(qtbot, tmp_path) as scene:
        scene.connect()
        token = next(iter(scene.live_at_concur()))
        for plant in (
            scene.window.setToolTip,
            scene.window.setAccessibleName,
            scene.window.setAccessibleDescription,
            scene.window.setWindowTitle,
            scene.window.status_line.showMessage,
        ):
            plant(token)
            net = Net(scene)
            net.look()
            plant("")
            assert found_in("\n".join(net.texts), net.secrets) == [token], plant
        net = Net(scene)
        net.take(scene.view.shown)
        (tmp_path / "log" / "planted.txt").write_text(token)
        net.files()
        assert found_in("\n".join(net.texts), net.secrets) == [token]


# A server that says secrets back


@pytest.fixture(scope="module", params=BOTH)
def _shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WindowScene]:
    with shared_window(request, tmp_path_factory.mktemp("canary"), kit=request.param) as made:
        yield made


@pytest.fixture
def net(_shared: WindowScene) -> Iterator[Net]:
    net = Net(begin_anew(_shared))
    yield net
    _shared.session.board.changed.disconnect(net.take)
    begin_anew(_shared)


def run_flow(net: Net) -> None:
    """Press everything that can be pressed with a token, whatever comes of it, and look at each step."""
    scene = net.scene
    scene.press(SIMULATE)
    scene.until(lambda: scene.view.request_token is not None or bool(scene.view.notices))
    scene.until(lambda: not scene.is_busy)
    net.look()
    for words in (TRY, REFRESH, REVOKE):
        if words in scene.pressable():
            scene.press(words)
            scene.until(lambda: not scene.is_busy)
            net.look()
    if scene.window.banner.isVisible() and "Details" in scene.banner_buttons():
        scene.press("Details", scene.window.banner)
        net.look()
    scene.press(ISSUED)
    dialog = scene.dialog(IssuedTokensDialog)
    net.look()
    scene.press("Close", dialog)
    net.take(tuple(scene.program.timeline.rows()))
    net.files()


@pytest.mark.parametrize("endpoint", [Endpoint.EXCHANGE, Endpoint.REFRESH, Endpoint.REVOKE, Endpoint.PROBE])
@pytest.mark.parametrize("status", [200, 400, 500])
def test_error_that_says_every_secret_back(net: Net, endpoint: Endpoint, status: int) -> None:
    scene = net.scene
    scene.connect()
    shown, application = scene.view.shown, scene.view.application
    assert shown is not None
    assert scene.view.request_token is not None
    known = (
        shown.live.access_token,
        shown.live.refresh_token,
        application.consumer_secret,
        scene.view.request_token.value,
    )
    said = f"Bad: {' '.join(map(str, known))}"
    assert {secret for secret in known if found_in(said, {str(secret)})} == set(known)
    scene.press(START_OVER)
    body = scene.kit.error.replace(b"The request token is bad.", html.escape(said).encode())
    scene.answer(endpoint, Answer(status=status, headers=scene.kit.headers, body=body))
    scene.until_state(State.WAITING)
    run_flow(net)
    net.check()
