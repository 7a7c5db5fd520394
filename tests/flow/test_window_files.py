"""Disk, port and files that are not as they should be, as the user of the window meets them."""

from __future__ import annotations

import socket
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLineEdit

from gui.concur.errors import FlowError
from gui.loopback.errors import PortInUse
from gui.notices import Happening
from gui.session_requests import SaveRequest
from gui.session_state import State
from gui.store import profiles
from gui.store.errors import (
    DiskFull,
    FileUnreadable,
    FolderNotWritable,
    IssuedTokenFileCorrupt,
    ProfileFileCorrupt,
    ProfileFileNewer,
    SettingsFileCorrupt,
    SettingsFileNewer,
)
from gui.store.profile import Profile, built_in_profile
from gui.store.settings import Settings, SettingsStore
from gui.widgets.menu_table import Command
from tests.flow.scene import KEY, SECRET, utc_now
from tests.flow.test_faults import FullDisk
from tests.flow.window_scene import (
    ANY_PORT,
    EXCHANGE,
    PRESSABLE,
    REVOKE,
    SIMULATE,
    START,
    WindowScene,
    all_is_well_again,
    keep_profile,
    list_says,
    opened_window,
    title_of,
)
from tests.gui.conftest import _every_test_starts_alike  # noqa: F401  # guards against what is left behind
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

ACME = Profile("a" * 32, "Acme", "http://127.0.0.1:9", KEY, "http://localhost:8765/redirect", scopes=("USER",))


@pytest.fixture
def scene(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowScene]:
    with opened_window(qtbot, tmp_path) as made:
        yield made


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    return FullDisk(monkeypatch)


@pytest.fixture
def _any_port(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the file with the profiles is of no use, the built-in sandbox has its usual port: not in tests."""
    monkeypatch.setattr(profiles, "built_in_profile", lambda: replace(built_in_profile(), redirect_url=ANY_PORT))


# The disk


def test_full_disk_before_the_exchange(scene: WindowScene, disk: FullDisk) -> None:
    disk.full = True
    scene.press(SIMULATE)
    scene.until_told(DiskFull)
    scene.until_state(State.RECEIVED)
    assert scene.banner() == "Error: The disk is full"
    assert scene.pressable() == PRESSABLE[State.RECEIVED]
    assert scene.concur.authority.issued_tokens() == ()
    disk.full = False
    scene.press(EXCHANGE)
    scene.until_state(State.CONNECTED)
    assert scene.unaccounted() == set()


def test_disk_that_fills_up_during_the_exchange(scene: WindowScene, disk: FullDisk) -> None:
    scene.concur.log.subscribe(lambda entry: setattr(disk, "full", disk.full or entry.operation == "exchange"))
    scene.press(SIMULATE)
    notice = scene.until_told(Happening.REVOKED_AFTER_FAILURE)
    scene.until_state(State.REVOKED)
    assert isinstance(notice.more[0], DiskFull)
    assert scene.live_at_concur() == scene.listed() == set()


def test_folder_that_cannot_be_written(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    with opened_window(qtbot, tmp_path) as scene:
        scene.press(SIMULATE)
        scene.until_told(FolderNotWritable)
        scene.until_state(State.RECEIVED)
        # What is in the way keeps the list of issued tokens from being read as well.
        assert set(scene.told()) == {FolderNotWritable, FileUnreadable}
        assert scene.banner() in {"Error: The folder cannot be written to", "Error: A file cannot be read"}
        assert scene.concur.authority.issued_tokens() == ()
        (tmp_path / "state").unlink()
        scene.press(EXCHANGE)
        scene.until_state(State.CONNECTED)
        assert scene.unaccounted() == set()


def test_folder_of_tokens_that_is_none_is_said_at_the_start(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "issued").write_text("in the way")
    with opened_window(qtbot, tmp_path) as scene:
        scene.until_told(FileUnreadable)
        assert scene.banner() == "Error: A file cannot be read"


def test_disk_that_is_full_at_the_end_costs_the_settings_and_nothing_else(
    qtbot: QtBot, tmp_path: Path, disk: FullDisk
) -> None:
    with opened_window(qtbot, tmp_path) as scene:
        disk.full = True
        scene.program.theme.choose("dark")
    disk.full = False
    assert not (tmp_path / "config" / "settings.json").exists()


def test_saving_to_a_full_disk_says_so(scene: WindowScene, disk: FullDisk, tmp_path: Path) -> None:
    scene.connect()
    scene.asks.save_document = SaveRequest(tmp_path / "saved.xml", redacted=True)
    scene.asks.export_timeline = SaveRequest(tmp_path / "saved.har", redacted=True)
    disk.full = True
    for command in (Command.SAVE_DOCUMENT, Command.EXPORT_TIMELINE):
        scene.choose(command)
        notice = scene.until_told(DiskFull)
        assert scene.banner() == "Error: The disk is full"
        scene.press("Dismiss", scene.window.banner)
        assert notice not in scene.view.notices
    assert list(tmp_path.glob("saved*")) == []
    disk.full = False
    scene.choose(Command.SAVE_DOCUMENT)
    scene.until_told(Happening.SAVED)
    assert b"<Access_Token>" in (tmp_path / "saved.xml").read_bytes()


# The port


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_taken_port_of_the_sandbox_has_a_way_out(qtbot: QtBot, tmp_path: Path, taken: int) -> None:
    with opened_window(qtbot, tmp_path, wait=False, redirect_url=f"http://localhost:{taken}/redirect") as scene:
        notice = scene.until_told(PortInUse)
        scene.until_state(State.STOPPED)
        assert isinstance(notice.subject, FlowError)
        assert scene.banner() == f"Error: {title_of(notice.subject)}"
        assert str(taken) in scene.banner()
        assert scene.banner_buttons() == {"Use a free port", "Paste the redirect", "Dismiss"}
        assert scene.pressable() == PRESSABLE[State.STOPPED]
        scene.press("Use a free port", scene.window.banner)
        scene.until_state(State.WAITING)
        assert scene.banner() == ""
        scene.connect()
        assert scene.unaccounted() == set()


def test_taken_port_that_is_free_again(qtbot: QtBot, tmp_path: Path) -> None:
    server = socket.create_server(("127.0.0.1", 0))
    with server:
        url = f"http://localhost:{server.getsockname()[1]}/redirect"
        with opened_window(qtbot, tmp_path, wait=False, redirect_url=url) as scene:
            scene.until_told(PortInUse)
            server.close()
            assert scene.primary() == "Start"
            scene.press(START)
            scene.until_state(State.WAITING)
            assert scene.banner() == ""
            assert scene.view.listener.redirect_url == url
            scene.connect()


def test_taken_port_of_another_profile_leaves_pasting(qtbot: QtBot, tmp_path: Path, taken: int) -> None:
    secrets = FakeSecrets()
    profile = replace(ACME, redirect_url=f"http://localhost:{taken}/redirect")
    keep_profile(tmp_path, profile, SECRET, secrets)
    with opened_window(qtbot, tmp_path, secrets=secrets) as scene:
        scene.choose_profile("Acme")
        scene.until_state(State.STOPPED)
        scene.press(START)
        scene.until_told(PortInUse)
        assert scene.banner_buttons() == {"Edit the profile…", "Paste the redirect", "Dismiss"}
        scene.press("Paste the redirect", scene.window.banner)
        assert scene.window.focusWidget() is scene.window.findChild(QLineEdit, "paste_field")
        assert scene.banner() == ""


# Files of an earlier run


@pytest.mark.usefixtures("_any_port")
@pytest.mark.parametrize(
    ("content", "error"),
    [
        pytest.param(b"{", ProfileFileCorrupt, id="cut off"),
        pytest.param(b"\xff\xfe\x00", ProfileFileCorrupt, id="no text"),
        pytest.param(
            b'{"format": "app-center-flow/profiles", "version": 99, "profiles": []}', ProfileFileNewer, id="newer"
        ),
    ],
)
def test_profiles_that_cannot_be_read(qtbot: QtBot, tmp_path: Path, content: bytes, error: type[FlowError]) -> None:
    path = tmp_path / "config" / "profiles.json"
    path.parent.mkdir()
    path.write_bytes(content)
    with opened_window(qtbot, tmp_path, keep_built_in=False) as scene:
        notice = scene.until_told(error)
        assert isinstance(notice.subject, FlowError)
        assert scene.banner() == f"Error: {title_of(notice.subject)}"
        assert [profile.name for profile in scene.view.profiles] == ["Built-in sandbox"]
        scene.press("Dismiss", scene.window.banner)
        all_is_well_again(scene)
    aside = list(path.parent.glob("profiles.corrupt-*.json"))
    kept = aside[0] if error is ProfileFileCorrupt else path
    assert kept.read_bytes() == content


def test_settings_that_cannot_be_read_are_made_anew(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.json"
    path.parent.mkdir()
    path.write_bytes(b'{"format": ')
    with opened_window(qtbot, tmp_path) as scene:
        scene.until_told(SettingsFileCorrupt)
        assert scene.banner() == "Error: The settings could not be read"
        scene.connect()
        scene.choose(Command.THEME_DARK)
    assert len(list(path.parent.glob("settings.corrupt-*.json"))) == 1
    assert SettingsStore(path, utc_now).load().settings.theme == "dark"


def test_settings_of_a_later_version_are_left_alone(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "config" / "settings.json"
    path.parent.mkdir()
    content = b'{"format": "app-center-flow/settings", "version": 99}'
    path.write_bytes(content)
    with opened_window(qtbot, tmp_path) as scene:
        scene.until_told(SettingsFileNewer)
        scene.choose(Command.THEME_DARK)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param(Settings("pink", "no geometry", "no profile"), id="nonsense"),
        pytest.param(Settings("dark", "AdnQywADAAD/////", "0" * 32), id="half a geometry"),
        pytest.param(Settings("system", "é", ""), id="not even ASCII"),
    ],
)
def test_settings_that_make_no_sense_do_no_harm(qtbot: QtBot, tmp_path: Path, settings: Settings) -> None:
    SettingsStore(tmp_path / "config" / "settings.json", utc_now).save(settings)
    with opened_window(qtbot, tmp_path) as scene:
        assert scene.banner() == ""
        assert scene.window.width() >= scene.window.minimumWidth()
        assert scene.view.simulated


def test_a_note_about_a_token_that_cannot_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "state" / "issued" / f"{'b' * 32}.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"{")
    with opened_window(qtbot, tmp_path) as scene:
        notice = scene.until_told(IssuedTokenFileCorrupt)
        assert isinstance(notice.subject, FlowError)
        assert scene.banner() == f"Error: {title_of(notice.subject)}"
        list_says(scene)
        scene.connect()
        scene.press(REVOKE)
        scene.until_state(State.REVOKED)
