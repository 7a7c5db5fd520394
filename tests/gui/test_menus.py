from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QMenu, QMenuBar

from gui.concur.models import Operation
from gui.session_state import Control, State
from gui.session_view import Activity, SessionView
from gui.widgets.menu_table import MENUS, Command
from gui.widgets.menus import Menus
from gui.widgets.theme import CHOICES
from tests.gui.frame_samples import NOW, view_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CONTROLS = {item.command: item.control for _, items in MENUS for item in items if item and item.control}


@pytest.fixture
def menus(qtbot: QtBot) -> Menus:
    bar = QMenuBar()
    qtbot.addWidget(bar)
    return Menus(bar)


def test_every_command_is_in_the_menus_once(menus: Menus) -> None:
    listed = [item.command for _, items in MENUS for item in items if item is not None]
    assert sorted(listed, key=lambda command: command.value) == list(Command)
    for command in Command:
        assert menus.action(command).text()


def test_every_control_has_a_command() -> None:
    assert set(CONTROLS.values()) == set(Control)


def test_no_two_shortcuts_are_alike(menus: Menus) -> None:
    keys = [keys.toString() for command in Command for keys in menus.action(command).shortcuts()]
    assert len(keys) > 20
    assert len(set(keys)) == len(keys)
    assert "" not in keys


def test_no_shortcut_means_something_in_a_text_field(qtbot: QtBot, menus: Menus) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    standard = QKeySequence.StandardKey
    editing = {
        keys.toString()
        for key in standard
        if key not in {standard.New, standard.Save, standard.Quit, standard.Refresh, standard.Find, standard.Italic}
        for keys in QKeySequence.keyBindings(key)
        if key.name.startswith(("Cut", "Copy", "Paste", "Undo", "Redo", "Delete", "Select", "MoveTo", "Cancel", "Back"))
    }
    ours = {keys.toString() for command in Command for keys in menus.action(command).shortcuts()}
    assert "Ctrl+X" in editing
    assert ours & editing == set()


def test_mnemonics_differ_within_a_menu(menus: Menus) -> None:
    bar = menus.action(Command.QUIT).parent()
    assert isinstance(bar, QMenuBar)
    groups = [[action.text() for action in bar.actions()]]
    groups += [[a.text() for a in menu.actions() if not a.isSeparator()] for menu in bar.findChildren(QMenu)]
    assert len(groups) == 6
    for texts in groups:
        letters = [text[text.index("&") + 1].lower() for text in texts]
        assert len(set(letters)) == len(letters), texts


@pytest.mark.parametrize("state", State, ids=lambda state: state.name.lower())
@pytest.mark.parametrize("sandbox", [True, False], ids=["sandbox", "real"])
def test_commands_are_as_the_view_allows(menus: Menus, state: State, sandbox: bool) -> None:
    view = view_of(state, sandbox=sandbox)
    menus.render(view)
    for command, control in CONTROLS.items():
        assert menus.action(command).isEnabled() is (control in view.controls), command
    for command in (Command.DELETE_PROFILE, Command.EXPORT_PROFILE):
        assert menus.action(command).isEnabled() is (not sandbox and view.activity is None)
    assert menus.action(Command.SIMULATE_APP_CENTER).isVisible() is sandbox
    for command in (Command.QUIT, Command.ISSUED_TOKENS, Command.CHECK_LIST, Command.FILTER_TIMELINE):
        assert menus.action(command).isEnabled()


def test_profiles_wait_for_the_start(menus: Menus) -> None:
    menus.render(SessionView())
    assert not menus.action(Command.NEW_PROFILE).isEnabled()
    assert not menus.action(Command.IMPORT_PROFILE).isEnabled()
    assert menus.action(Command.QUIT).isEnabled()


def test_cancelling_cannot_be_asked_for_twice(menus: Menus) -> None:
    menus.render(view_of(State.PROBING, activity=Activity(Operation.PROBE, NOW, cancelling=True)))
    assert not menus.action(Command.CANCEL).isEnabled()


def test_simulation_under_way_cannot_be_chosen_again(menus: Menus) -> None:
    menus.render(view_of(State.WAITING, simulating=True))
    assert not menus.action(Command.SIMULATE_APP_CENTER).isEnabled()


def test_themes_are_one_choice(menus: Menus) -> None:
    themes = (Command.THEME_SYSTEM, Command.THEME_LIGHT, Command.THEME_DARK)
    for choice, command in zip(CHOICES, themes, strict=True):
        menus.show_theme(choice)
        assert [menus.action(other).isChecked() for other in themes] == [other is command for other in themes]


def test_timeline_is_marked_while_it_is_open(menus: Menus) -> None:
    menus.show_timeline_folded(folded=False)
    assert menus.action(Command.SHOW_TIMELINE).isChecked()
    menus.show_timeline_folded(folded=True)
    assert not menus.action(Command.SHOW_TIMELINE).isChecked()


def test_list_of_shortcuts_is_as_the_menus_show_it(menus: Menus) -> None:
    rows = menus.shortcuts()
    assert len(rows) == len(Command)
    assert ("File", "Save document…", "Ctrl+S") in rows
    assert ("Flow", "Refresh token", "Ctrl+R, F5") in rows
    assert ("File", "Import profile…", "") in rows
    assert not any("&" in part for row in rows for part in row)
