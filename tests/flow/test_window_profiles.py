"""Profiles through the editor of the real window: a second simulated Concur, as if it were a real one."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from gui.concur.contract import CONTRACTS, CURRENT, LEGACY
from gui.concur.errors import AccessDenied, RedirectOfOtherContract, RedirectStateMissing, RedirectStateWrong
from gui.notices import Happening
from gui.sandbox.records import RegisteredApp
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from gui.session_state import State
from gui.store.errors import KeyringDenied, KeyringFull, ProfileImportInvalid, ProfileNameTaken
from gui.store.folders import HOME_VARIABLE, find_folders
from gui.store.profile import Profile
from gui.store.settings import SettingsStore
from gui.widgets.issued_tokens import IssuedTokensDialog
from gui.widgets.menu_table import Command
from gui.widgets.profile_editor import ProfileEditor
from tests.flow.contracts import BOTH, LEGACY_KIT, Kit, other_than
from tests.flow.scene import KEY, SECRET, closed_port, utc_now
from tests.flow.window_scene import (
    EDIT,
    OPEN,
    PASTE,
    REVOKE,
    START,
    START_OVER,
    STOP,
    TOKEN,
    TRY,
    WindowScene,
    choose_contract,
    keep_profile,
    live_at,
    opened_window,
    paste_into,
    ticks,
    title_of,
)
from tests.gui.conftest import _every_test_starts_alike  # noqa: F401  # guards against what is left behind
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

ID = "a" * 32


@pytest.fixture
def concur() -> Iterator[SimulatedConcur]:
    """A Concur of somebody else's: the app is registered, and its sign-in allows everything at once."""
    app = RegisteredApp(KEY, SECRET, redirect_url=None)
    with SimulatedConcur(SandboxSettings(auto_approve=True), app) as running:
        yield running


@pytest.fixture
def scene(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowScene]:
    with opened_window(qtbot, tmp_path) as made:
        yield made


@pytest.fixture
def acme(
    request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path, concur: SimulatedConcur
) -> Iterator[WindowScene]:
    """A window with a second profile that an earlier run has left; the built-in sandbox is shown.

    Both are of the legacy contract; with `both`, each in turn is what the other is not.
    """
    secrets, kit = FakeSecrets(), getattr(request, "param", LEGACY_KIT)
    keep_profile(tmp_path, acme_profile(concur, kit), SECRET, secrets)
    sandbox = other_than(kit) if hasattr(request, "param") else LEGACY_KIT
    with opened_window(qtbot, tmp_path, secrets=secrets, kit=sandbox) as made:
        yield made


both = pytest.mark.parametrize("acme", BOTH, indirect=True)
DOCUMENT = {LEGACY: "<Access_Token>", CURRENT: '"access_token"'}


def acme_profile(concur: SimulatedConcur, kit: Kit, redirect_url: str = "") -> Profile:
    redirect_url = redirect_url or f"http://localhost:{closed_port()}/redirect"
    return Profile(ID, "Acme", concur.base_url, KEY, redirect_url, contract=kit.name, scopes=kit.scopes)


class Browser:
    """Follows what the window opens, in a thread: a browser takes its time too."""

    def __init__(self, url: str) -> None:
        self.statuses: list[int] = []
        self._url = url
        self._thread = threading.Thread(target=self._visit, name="browser")
        self._thread.start()

    def _visit(self) -> None:
        with requests.get(self._url, timeout=10) as answer:
            self.statuses.append(answer.status_code)

    def end(self) -> list[int]:
        self._thread.join(10)
        return self.statuses


def line(editor: ProfileEditor, name: str) -> QLineEdit:
    return next(one for one in editor.findChildren(QLineEdit) if one.accessibleName() == name)


def shown(scene: WindowScene, name: str, state: State) -> None:
    scene.until(lambda: scene.view.profile.name == name)
    scene.until_state(state)


def sign_in(scene: WindowScene) -> None:
    """Open the sign-in and follow it; the token arrives."""
    scene.press(OPEN)
    browser = Browser(scene.pages.urls[-1])
    scene.until_state(State.CONNECTED)
    assert browser.end() == [200]


def connect_acme(scene: WindowScene) -> None:
    scene.choose_profile("Acme")
    shown(scene, "Acme", State.STOPPED)
    scene.press(START)
    scene.until_state(State.WAITING)
    sign_in(scene)


# A new one


@pytest.mark.parametrize("kit", BOTH)
def test_new_profile_goes_the_whole_way(scene: WindowScene, concur: SimulatedConcur, kit: Kit) -> None:
    redirect_url = f"http://localhost:{closed_port()}/redirect"
    scene.press("New…")
    editor = scene.dialog(ProfileEditor)
    assert editor.windowTitle() == "New profile"
    choose_contract(editor, kit.name)
    paste_into(line(editor, "Name"), "Acme")
    base_url = line(editor, "Base URL")
    base_url.selectAll()
    QTest.keyClicks(base_url, concur.base_url)
    paste_into(line(editor, "Consumer key"), f"  {KEY}\n")
    paste_into(line(editor, "Consumer secret"), f"\t{SECRET}  ")
    assert SECRET not in line(editor, "Consumer secret").displayText()
    paste_into(line(editor, "Redirect URL"), redirect_url)
    scene.press("Save", editor)

    shown(scene, "Acme", State.STOPPED)
    scene.until(lambda: not scene.window.findChildren(ProfileEditor))
    assert scene.banner() == f"Note: {title_of(Happening.SOMETHING_TRIMMED)}"
    assert "consumer key, consumer secret" in scene.texts()
    assert scene.secrets.entries == {scene.view.profile.secret_name: SECRET}
    assert "simulated Concur" not in scene.texts()
    assert scene.primary() == "Start"
    assert scene.pressable() == {EDIT, START, PASTE}

    scene.press(START)
    scene.until_state(State.WAITING)
    assert scene.view.listener.redirect_url == redirect_url
    assert scene.primary() == OPEN
    assert scene.pressable() == {EDIT, STOP, OPEN, PASTE}
    sign_in(scene)
    sent = parse_qs(urlsplit(scene.pages.urls[0]).query)
    assert sent["client_id"] == [KEY]
    assert sent["redirect_uri"] == [redirect_url]
    assert sent["scope"] == [kit.scopes[0]]
    assert urlsplit(scene.pages.urls[0]).path == kit.sign_in_path
    assert SECRET not in scene.pages.urls[0]
    assert scene.pressable() == {STOP, TRY, "Refresh", REVOKE, START_OVER} | TOKEN
    assert kit.listed(scene.tokens) == live_at(concur) != set()
    assert scene.live_at_concur() == set()  # nothing of it came from the sandbox
    scene.press(TRY)
    scene.until_told(Happening.TOKEN_WORKS)
    scene.press(REVOKE)
    scene.until_state(State.REVOKED)
    assert ticks(scene) == ["✓", "✓", "✓"]
    assert live_at(concur) == set()


def test_what_the_editor_will_not_save_it_says_while_typing(scene: WindowScene) -> None:
    scene.press("New…")
    editor = scene.dialog(ProfileEditor)
    save = scene.button("Save", editor)
    assert not save.isEnabled()  # no contract
    choose_contract(editor, LEGACY)
    assert save.isEnabled()  # a draft
    for name, text in (
        ("Name", "built-in SANDBOX"),
        ("Base URL", "ftp://concur.example"),
        ("Redirect URL", "http://localhost:8765/redirect?x=1"),
    ):
        before = line(editor, name).text()
        paste_into(line(editor, name), text)
        assert not save.isEnabled()
        assert line(editor, name).accessibleDescription() != ""
        paste_into(line(editor, name), before)
        assert save.isEnabled()
    scene.press("Cancel", editor)
    scene.until(lambda: not scene.window.findChildren(ProfileEditor))
    assert len(scene.view.profiles) == 1


def test_a_name_that_another_window_took_meanwhile_is_said_in_the_editor(scene: WindowScene) -> None:
    scene.press("New…")
    editor = scene.dialog(ProfileEditor)
    choose_contract(editor, LEGACY)
    paste_into(line(editor, "Name"), "Acme")
    keep_profile(scene.home, Profile(ID, "Acme", "http://127.0.0.1:9", "", "http://localhost:8765/redirect"))
    scene.press("Save", editor)
    scene.until(lambda: title_of(ProfileNameTaken(name="Acme")) in editor._word.whole_text)
    assert editor.isVisible()
    assert scene.banner() == ""
    paste_into(line(editor, "Name"), "Acme too")
    scene.press("Save", editor)
    shown(scene, "Acme too", State.UNCONFIGURED)
    assert {profile.name for profile in scene.view.profiles} == {"Built-in sandbox", "Acme", "Acme too"}


def test_a_secret_that_the_keyring_does_not_take_is_said_in_the_editor(scene: WindowScene) -> None:
    scene.press("New…")
    editor = scene.dialog(ProfileEditor)
    choose_contract(editor, LEGACY)
    paste_into(line(editor, "Name"), "Acme")
    paste_into(line(editor, "Consumer key"), KEY)
    paste_into(line(editor, "Consumer secret"), SECRET)
    scene.secrets.fail_write = KeyringFull(backend="b", operation="write")
    scene.press("Save", editor)
    scene.until(lambda: "The keyring is full" in editor._word.whole_text)
    scene.secrets.fail_write = None
    scene.press("Save", editor)
    scene.until(lambda: not scene.window.findChildren(ProfileEditor))
    shown(scene, "Acme", State.STOPPED)
    assert [profile.name for profile in scene.view.profiles] == ["Built-in sandbox", "Acme"]
    assert list(scene.secrets.entries.values()) == [SECRET]


def test_a_failure_after_the_editor_was_closed_is_not_lost(scene: WindowScene) -> None:
    """Saving waits for the keyring; whoever closes the editor meanwhile hears of the failure in the window."""
    let_go, write = threading.Event(), scene.secrets.write

    def slow(name: str, secret: str) -> None:
        assert let_go.wait(20)
        write(name, secret)

    scene.secrets.write = slow  # type: ignore[method-assign]  # a keyring that is slow, and then full
    scene.secrets.fail_write = KeyringFull(backend="b", operation="write")
    scene.press("New…")
    editor = scene.dialog(ProfileEditor)
    choose_contract(editor, LEGACY)
    paste_into(line(editor, "Name"), "Acme")
    paste_into(line(editor, "Consumer secret"), SECRET)
    scene.press("Save", editor)
    scene.press("Close", editor)
    scene.until(lambda: not scene.window.findChildren(ProfileEditor))
    let_go.set()
    scene.until_told(KeyringFull)
    assert scene.banner() == "Error: The keyring is full"


# Changing, copying, deleting


def test_changed_profile_keeps_its_secret_and_its_flow_starts_again(acme: WindowScene) -> None:
    acme.choose_profile("Acme")
    shown(acme, "Acme", State.STOPPED)
    acme.press(START)
    acme.until_state(State.WAITING)
    acme.choose(Command.EDIT_PROFILE)
    editor = acme.dialog(ProfileEditor)
    assert editor.windowTitle() == "Edit profile"
    assert line(editor, "Consumer secret").text() == ""
    port = closed_port()
    paste_into(line(editor, "Redirect URL"), f"http://localhost:{port}/other")
    acme.press("Save", editor)
    acme.until(lambda: acme.view.profile.redirect_url.endswith("/other"))
    acme.until_state(State.STOPPED)
    assert acme.secrets.entries == {acme.view.profile.secret_name: SECRET}
    acme.press(START)
    acme.until_state(State.WAITING)
    assert acme.view.listener.addresses[0] == f"127.0.0.1:{port}"
    sign_in(acme)


def test_removed_secret_leaves_something_missing(acme: WindowScene) -> None:
    acme.choose_profile("Acme")
    shown(acme, "Acme", State.STOPPED)
    acme.choose(Command.EDIT_PROFILE)
    editor = acme.dialog(ProfileEditor)
    acme.press("Remove consumer secret", editor)
    acme.press("Save", editor)
    acme.until_state(State.UNCONFIGURED)
    assert acme.secrets.entries == {}
    assert acme.primary() == EDIT
    assert "cannot be used yet" in acme.texts()


def test_copy_has_a_name_and_a_secret_of_its_own(acme: WindowScene) -> None:
    acme.choose_profile("Acme")
    shown(acme, "Acme", State.STOPPED)
    acme.entry("More about profiles", "Duplicate").trigger()
    shown(acme, "Acme (copy)", State.STOPPED)
    assert len(acme.secrets.entries) == 2
    assert set(acme.secrets.entries.values()) == {SECRET}


def test_deleting_warns_of_live_tokens_and_leaves_them_listed(acme: WindowScene, concur: SimulatedConcur) -> None:
    connect_acme(acme)
    acme.until(lambda: len(acme.view.issued.live) == 1)
    acme.entry("More about profiles", "Delete…").trigger()
    assert acme.asks.asked == [("delete", "Acme", 1)]
    assert len(acme.view.profiles) == 2  # the answer was no
    acme.asks.delete = True
    acme.entry("More about profiles", "Delete…").trigger()
    shown(acme, "Built-in sandbox", State.WAITING)
    assert [profile.name for profile in acme.view.profiles] == ["Built-in sandbox"]
    assert SECRET not in acme.secrets.entries.values()
    assert acme.listed() == live_at(concur) != set()

    # Its token authorises itself: it can be revoked from the list, and not be opened any more.
    acme.press("issued tokens")
    dialog = acme.dialog(IssuedTokensDialog)
    acme.press("Open in window", dialog)
    assert acme.banner() == "Error: This profile is gone"
    acme.press("Revoke", dialog)
    acme.until_told(Happening.REVOKED)
    acme.until(lambda: not acme.view.issued.live)
    acme.press("Close", dialog)
    assert live_at(concur) == set()


def test_a_secret_that_cannot_be_wiped_keeps_its_profile(acme: WindowScene) -> None:
    acme.choose_profile("Acme")
    shown(acme, "Acme", State.STOPPED)
    acme.asks.delete = True
    acme.secrets.fail_delete = KeyringDenied(backend="b", operation="delete")
    acme.choose(Command.DELETE_PROFILE)
    acme.until_told(KeyringDenied)
    assert [profile.name for profile in acme.view.profiles] == ["Built-in sandbox", "Acme"]
    assert acme.view.profile.name == "Acme"
    acme.secrets.fail_delete = None


def test_the_built_in_sandbox_can_neither_be_deleted_nor_exported(scene: WindowScene) -> None:
    for words in ("Delete…", "Export…"):
        assert not scene.entry("More about profiles", words).isEnabled()
    for command in (Command.DELETE_PROFILE, Command.EXPORT_PROFILE):
        assert not scene.window.menus.action(command).isEnabled()


# Files


def test_exported_profile_comes_back_without_its_secret(acme: WindowScene, tmp_path: Path) -> None:
    acme.choose_profile("Acme")
    shown(acme, "Acme", State.STOPPED)
    acme.asks.export_profile = acme.asks.open_profile = tmp_path / "acme.json"
    acme.entry("More about profiles", "Export…").trigger()
    acme.until_told(Happening.SAVED)
    assert acme.asks.asked == [("export", "Acme")]
    assert SECRET not in (tmp_path / "acme.json").read_text()
    acme.entry("More about profiles", "Import…").trigger()
    shown(acme, "Acme (2)", State.UNCONFIGURED)
    acme.until_told(Happening.PROFILE_IMPORTED)
    assert acme.banner() == 'Note: Profile "Acme (2)" was imported'
    assert "A file of a profile never holds the consumer secret." in acme.texts()
    acme.until(lambda: acme.view.application.problem is not None)  # the keyring is asked in the background
    assert "cannot be used yet" in acme.texts()

    acme.press("Edit the profile…", acme.window.banner)
    editor = acme.dialog(ProfileEditor)
    paste_into(line(editor, "Consumer secret"), SECRET)
    acme.press("Save", editor)
    acme.until_state(State.STOPPED)
    assert len(acme.secrets.entries) == 2


def test_file_that_is_no_profile(scene: WindowScene, tmp_path: Path) -> None:
    path = tmp_path / "other.json"
    path.write_text('{"format": "something else"}')
    scene.asks.open_profile = path
    scene.choose(Command.IMPORT_PROFILE)
    scene.until_told(ProfileImportInvalid)
    assert scene.banner() == "Error: The profile could not be imported"
    assert len(scene.view.profiles) == 1


def test_thinking_better_of_it_changes_nothing(acme: WindowScene) -> None:
    acme.choose_profile("Acme")
    shown(acme, "Acme", State.STOPPED)
    before = acme.view
    for command in (Command.IMPORT_PROFILE, Command.EXPORT_PROFILE, Command.EXPORT_TIMELINE, Command.DELETE_PROFILE):
        acme.choose(command)
    assert len(acme.asks.asked) == 4
    assert acme.view == before


# Two flows


@both
def test_each_profile_keeps_its_flow(acme: WindowScene, concur: SimulatedConcur) -> None:
    acme.connect()
    simulated = acme.view.shown
    connect_acme(acme)
    theirs = acme.view.shown
    acme.choose_profile("Built-in sandbox")
    shown(acme, "Built-in sandbox", State.CONNECTED)
    assert acme.view.shown == simulated
    assert DOCUMENT[acme.kit.name] in acme.texts()
    acme.choose_profile("Acme")
    shown(acme, "Acme", State.CONNECTED)
    assert acme.view.shown == theirs
    assert DOCUMENT[acme.view.profile.contract] in acme.texts()
    acme.press(REVOKE)
    acme.until_state(State.REVOKED)
    assert live_at(concur) == set()
    assert len(acme.live_at_concur()) == 1
    acme.choose_profile("Built-in sandbox")
    shown(acme, "Built-in sandbox", State.CONNECTED)
    acme.press(REVOKE)
    acme.until_state(State.REVOKED)
    assert live_at(concur) == acme.live_at_concur() == set()


@both
def test_profile_of_a_token_in_the_list_is_shown_with_it(acme: WindowScene) -> None:
    connect_acme(acme)
    theirs = acme.view.shown
    acme.choose_profile("Built-in sandbox")
    shown(acme, "Built-in sandbox", State.WAITING)
    acme.press("issued tokens")
    dialog = acme.dialog(IssuedTokensDialog)
    acme.press("Open in window", dialog)
    shown(acme, "Acme", State.CONNECTED)
    assert acme.view.shown is not None
    assert theirs is not None
    assert acme.view.shown.token.token_id == theirs.token.token_id
    acme.press("Close", dialog)
    acme.press(REVOKE)
    acme.until_state(State.REVOKED)


def test_profiles_stay_put_while_a_call_is_under_way(acme: WindowScene) -> None:
    let_go, exchange = threading.Event(), acme.tokens.note_exchange

    def slow(**facts: str) -> object:
        assert let_go.wait(20)
        return exchange(**facts)

    acme.tokens.note_exchange = slow  # type: ignore[method-assign,assignment]  # a disk that is slow
    acme.press("Simulate App Center")
    acme.until(lambda: acme.view.activity is not None)
    for words in ("New…", "Edit…", "More about profiles"):
        place = acme.program.profile_bar
        assert not acme.button(words, place).isEnabled()
    acme.session.profiles.select(ID)
    assert acme.view.simulated
    let_go.set()
    acme.until_state(State.CONNECTED)


# Redirects of a sign-in


def test_redirect_without_the_state_of_the_sign_in_is_refused(acme: WindowScene) -> None:
    acme.choose_profile("Acme")
    shown(acme, "Acme", State.STOPPED)
    acme.press(START)
    acme.until_state(State.WAITING)
    acme.press(OPEN)
    url = acme.view.listener.redirect_url
    for query, error in (
        (f"code=0_{'a' * 31}", RedirectStateMissing),
        (f"code=0_{'a' * 31}&state=x", RedirectStateWrong),
    ):
        browser = Browser(f"{url}?{query}")
        acme.until_told(error)
        assert browser.end() == [400]
        assert acme.view.state is State.WAITING
    browser = Browser(f"{url}?error=access_denied&state={parse_qs(urlsplit(acme.pages.urls[-1]).query)['state'][0]}")
    acme.until_told(AccessDenied)
    assert browser.end() == [200]
    assert acme.banner() == "Error: Access was denied"
    sign_in(acme)
    assert acme.banner() == ""


@pytest.mark.parametrize("kit", BOTH)
def test_sign_in_is_pasted_where_no_listener_can_be(
    qtbot: QtBot, tmp_path: Path, concur: SimulatedConcur, kit: Kit
) -> None:
    secrets = FakeSecrets()
    keep_profile(tmp_path, acme_profile(concur, kit, "https://acme.example/redirect"), SECRET, secrets)
    with opened_window(qtbot, tmp_path, secrets=secrets) as scene:
        scene.choose_profile("Acme")
        shown(scene, "Acme", State.STOPPED)
        assert scene.primary() == OPEN
        assert scene.pressable() == {EDIT, OPEN, PASTE}
        scene.press(OPEN)
        with requests.get(scene.pages.urls[-1], timeout=10, allow_redirects=False) as answer:
            location = answer.headers["Location"]
        assert location.startswith("https://acme.example/redirect?")
        scene.paste(location)
        scene.until_state(State.CONNECTED)
        assert kit.listed(scene.tokens) == live_at(concur) != set()


# The other contract


@both
def test_redirect_of_the_other_contract_is_said_and_switched_to(acme: WindowScene, concur: SimulatedConcur) -> None:
    acme.choose_profile("Acme")
    shown(acme, "Acme", State.STOPPED)
    former = acme.view.profile.contract
    wanted = acme.kit  # what the sandbox is, this profile is not
    acme.paste(wanted.query(concur))
    notice = acme.until_told(RedirectOfOtherContract)
    assert isinstance(notice.subject, RedirectOfOtherContract)
    assert acme.banner() == f"Error: {title_of(notice.subject)}"
    (switch,) = acme.banner_buttons() - {"Dismiss"}
    acme.press(switch, acme.window.banner)
    acme.until(lambda: acme.view.application.contract == wanted.name != former)
    acme.until(lambda: acme.view.application.consumer_secret == SECRET)  # it comes out of the keyring
    acme.until_state(State.STOPPED)
    switched = f"Note: {title_of(Happening.CONTRACT_SWITCHED, concur.base_url)}"
    acme.until(lambda: acme.banner() == switched)  # the banner comes a turn after the word for it
    acme.paste(wanted.query(concur))
    acme.until_state(State.CONNECTED)
    assert wanted.listed(acme.tokens) == live_at(concur) != set()
    acme.press(REVOKE)
    acme.until_state(State.REVOKED)
    assert live_at(concur) == set()


def test_deprecated_contract_is_told_once_and_its_page_opened(
    qtbot: QtBot, tmp_path: Path, concur: SimulatedConcur
) -> None:
    secrets = FakeSecrets()
    keep_profile(tmp_path, acme_profile(concur, LEGACY_KIT), SECRET, secrets)
    with opened_window(qtbot, tmp_path, secrets=secrets, told_deprecated="") as scene:
        assert scene.banner() == ""  # of the sandbox nothing is said
        scene.choose_profile("Acme")
        shown(scene, "Acme", State.STOPPED)
        assert scene.banner() == f"Note: {title_of(Happening.CONTRACT_DEPRECATED, '2017-02-04')}"
        (page,) = scene.banner_buttons() - {"Dismiss"}
        scene.press(page, scene.window.banner)
        scene.until(lambda: scene.pages.urls == [CONTRACTS[LEGACY].migration_url])
        assert scene.banner() == ""
        scene.close()
        scene.until_closed()
    told = SettingsStore(find_folders({HOME_VARIABLE: str(tmp_path)}).config / "settings.json", utc_now).load().settings
    assert told.told_deprecated == LEGACY
    with opened_window(qtbot, tmp_path, secrets=secrets, told_deprecated=told.told_deprecated, wait=False) as scene:
        shown(scene, "Acme", State.STOPPED)
        assert scene.banner() == ""


def test_editor_of_the_built_in_sandbox_changes_its_port_alone(scene: WindowScene) -> None:
    scene.choose(Command.EDIT_PROFILE)
    editor = scene.dialog(ProfileEditor)
    for name in ("Name", "Base URL", "Consumer key", "Consumer secret"):
        assert line(editor, name).isReadOnly()
    port = closed_port()
    paste_into(line(editor, "Redirect URL"), f"http://localhost:{port}/redirect")
    QTest.keyClick(line(editor, "Redirect URL"), Qt.Key.Key_Return)
    scene.until(lambda: scene.view.listener.redirect_url == f"http://localhost:{port}/redirect")
    scene.until_state(State.WAITING)
    scene.connect()
    assert replace(scene.view.profile, redirect_url="").built_in_sandbox
