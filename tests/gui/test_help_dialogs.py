from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator, qVersion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTableView,
    QWidget,
)

from gui import __version__
from gui.check_list import CheckKey
from gui.licences import Component
from gui.session_requests import CopyRequest
from gui.session_state import State
from gui.session_view import ApplicationView, ListenerStatus, ListenerView, SessionView
from gui.store.profile import built_in_profile
from gui.widgets.about_dialog import AboutDialog
from gui.widgets.check_list_dialog import CheckListDialog, CheckRow
from gui.widgets.parts import Chip, Kind
from gui.widgets.shortcuts_dialog import ShortcutsDialog
from gui.widgets.theme import DARK_CHOICE, LIGHT_CHOICE, apply_theme

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

COMPONENTS = (
    Component("alpha", "1.2", "MIT"),
    Component("<b>beta</b>", "2", "Apache-2.0 OR BSD-3-Clause and " + "x" * 5000),
    Component("\u05e9\u05dc\u05d5\u05dd", "3", "MPL-2.0"),
)
NOTICES = "Notices\n\n<b>alpha</b> 1.2: MIT\n"
LICENCE = "MIT License\n\nCopyright <b>somebody</b>\n"
ROWS = [
    ("&File", "&New profile…", "Ctrl+N"),
    ("&Flow", "Start && stop listener", "Ctrl+L"),
    ("&Flow", "Re&voke", ""),
    ("&Help", "\u05e9\u05dc\u05d5\u05dd <b>", "F1"),
]
HOSTILE_NAMES = [
    pytest.param("<b>bold</b>", id="markup"),
    pytest.param("x" * 5000, id="long"),
    pytest.param("\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627", id="right to left"),
]


def show(qtbot: QtBot, dialog: QDialog) -> None:
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)


def shown_check_list(qtbot: QtBot, view: SessionView) -> CheckListDialog:
    dialog = CheckListDialog()
    dialog.render(view)
    show(qtbot, dialog)
    return dialog


def named(view: SessionView, name: str) -> SessionView:
    return replace(view, profile=replace(view.profile, name=name))


def chips(dialog: CheckListDialog) -> list[tuple[str, Kind]]:
    return [(chip.text, chip.kind) for chip in dialog.findChildren(Chip)]


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel)]


def test_states_are_told_by_word_and_shape(qtbot: QtBot) -> None:
    real = replace(SessionView(), profile=replace(built_in_profile(), built_in_sandbox=False), state=State.AT_RISK)
    found = set(chips(shown_check_list(qtbot, real)))
    assert found == {("open", Kind.QUIET), ("not known", Kind.INFO), ("open", Kind.WARNING)}
    found = set(chips(shown_check_list(qtbot, SessionView())))
    assert {("done", Kind.SUCCESS), ("not needed", Kind.QUIET)} <= found


def test_sources_are_told(qtbot: QtBot) -> None:
    said = texts(shown_check_list(qtbot, SessionView()))
    assert "Concur documents this. Simulated: the built-in sandbox takes the place of Concur." in said
    assert "Added by App Center Flow." in said


def test_check_list_follows_the_window(qtbot: QtBot) -> None:
    dialog = shown_check_list(qtbot, SessionView())
    assert "1 of 14 done" in texts(dialog)
    application = ApplicationView(consumer_key="k", consumer_secret="canary-secret")
    dialog.render(
        replace(SessionView(), application=application, listener=ListenerView(status=ListenerStatus.LISTENING))
    )
    assert "4 of 14 done" in texts(dialog)
    assert not any("canary" in text for text in texts(dialog))


def test_same_view_looks_the_same(qtbot: QtBot) -> None:
    dialog = shown_check_list(qtbot, SessionView())
    before = dialog.grab().toImage()
    widgets = len(dialog.findChildren(QWidget))
    dialog.render(SessionView())
    assert dialog.grab().toImage() == before
    assert len(dialog.findChildren(QWidget)) == widgets


@pytest.mark.parametrize("width", [360, 700, 1400])
def test_nothing_that_wraps_is_cut(qtbot: QtBot, width: int) -> None:
    dialog = shown_check_list(qtbot, SessionView())
    dialog.resize(width, 600)

    def cut() -> list[str]:
        labels = [label for row in dialog.findChildren(CheckRow) for label in row.findChildren(QLabel)]
        assert len(labels) == 3 * len(CheckKey)
        return [label.text() for label in labels if label.height() < label.heightForWidth(label.width())]

    qtbot.waitUntil(lambda: cut() == [])
    assert dialog.width() == width


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_name_of_a_profile_is_plain_text(qtbot: QtBot, name: str) -> None:
    dialog = shown_check_list(qtbot, named(SessionView(), name))
    assert f"Profile: {name}" in [label.accessibleName() for label in dialog.findChildren(QLabel)]
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in dialog.findChildren(QLabel))
    assert dialog.width() < 1000


def test_rows_are_named(qtbot: QtBot) -> None:
    dialog = shown_check_list(qtbot, SessionView())
    names = [row.accessibleName() for row in dialog.findChildren(CheckRow)]
    assert "Concur knows the redirect URL: done" in names
    assert len(set(names)) == len(CheckKey)
    assert all(row.accessibleDescription() for row in dialog.findChildren(CheckRow))


def test_check_list_is_copied_as_text(qtbot: QtBot) -> None:
    dialog = shown_check_list(qtbot, SessionView())
    with qtbot.waitSignal(dialog.copy_requested) as asked:
        QTest.keyClick(dialog, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    request = asked.args[0]
    assert isinstance(request, CopyRequest)
    assert not request.secret
    assert request.what == "Check list"
    assert request.text.startswith("Check list of the App Center Flow\nProfile: Built-in sandbox · 1 of 14 done\n")
    assert request.text.count("\n[") == len(CheckKey)


def test_check_list_does_not_stop_the_window(qtbot: QtBot) -> None:
    assert not shown_check_list(qtbot, SessionView()).isModal()


def test_check_list_scrolls_with_the_keys(qtbot: QtBot) -> None:
    dialog = shown_check_list(qtbot, SessionView())
    scroll = dialog.findChild(QScrollArea)
    assert isinstance(scroll, QScrollArea)
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() > 0)
    QTest.keyClick(scroll, Qt.Key.Key_PageDown)
    assert scroll.verticalScrollBar().value() > 0


def shown_about(qtbot: QtBot) -> AboutDialog:
    dialog = AboutDialog(LICENCE)
    dialog.show_built_in(COMPONENTS, NOTICES)
    show(qtbot, dialog)
    return dialog


def text_of(dialog: AboutDialog, name: str) -> QPlainTextEdit:
    (view,) = [view for view in dialog.findChildren(QPlainTextEdit) if view.accessibleName() == name]
    return view


def test_about(qtbot: QtBot) -> None:
    dialog = shown_about(qtbot)
    said = texts(dialog)
    assert f"App Center Flow {__version__}" in said
    assert "Not affiliated with SAP. SAP, Concur and App Center are names of their owner." in said
    assert any("LGPL" in text for text in said)
    licence = text_of(dialog, "Licence of App Center Flow")
    assert licence.toPlainText() == LICENCE
    assert licence.isReadOnly()


def test_versions_are_copied(qtbot: QtBot) -> None:
    dialog = shown_about(qtbot)
    with qtbot.waitSignal(dialog.copy_requested) as asked:
        QTest.keyClick(dialog, Qt.Key.Key_C, Qt.KeyboardModifier.AltModifier)
    request = asked.args[0]
    assert isinstance(request, CopyRequest)
    lines = request.text.splitlines()
    assert lines[0] == f"App Center Flow {__version__}"
    assert f"Qt {qVersion()}" in lines
    assert [line.split()[0] for line in lines[1:4]] == ["Python", "Qt", "PySide6"]
    assert not request.secret


def test_licence_is_left_with_tab(qtbot: QtBot) -> None:
    dialog = shown_about(qtbot)
    licence = text_of(dialog, "Licence of App Center Flow")
    licence.setFocus()
    QTest.keyClick(licence, Qt.Key.Key_Tab)
    assert licence.toPlainText() == LICENCE
    assert not licence.hasFocus()


def test_what_is_built_in_is_listed(qtbot: QtBot) -> None:
    dialog = shown_about(qtbot)
    QTest.keyClick(dialog, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    table = dialog.findChild(QTableView)
    assert isinstance(table, QTableView)
    assert table.isVisible()
    model = table.model()
    listed = [tuple(model.index(row, column).data() for column in range(3)) for row in range(model.rowCount())]
    assert listed == [(one.name, one.version, one.licence) for one in COMPONENTS]
    assert dialog.width() < 1000
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Tab)
    assert not table.hasFocus()


def test_notices_are_shown_when_they_are_wanted(qtbot: QtBot) -> None:
    dialog = shown_about(qtbot)
    notices = text_of(dialog, "Notices of what is built in")
    assert notices.toPlainText() == ""
    QTest.keyClick(dialog, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    assert notices.isVisible()
    assert notices.toPlainText() == NOTICES
    assert notices.isReadOnly()


def test_notices_that_come_late_are_shown_where_they_are_waited_for(qtbot: QtBot) -> None:
    dialog = AboutDialog(LICENCE)
    show(qtbot, dialog)
    notices = text_of(dialog, "Notices of what is built in")
    QTest.keyClick(dialog, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    assert notices.toPlainText() == ""
    dialog.show_built_in(COMPONENTS, NOTICES)
    assert notices.toPlainText() == NOTICES


def shown_shortcuts(qtbot: QtBot) -> ShortcutsDialog:
    dialog = ShortcutsDialog(ROWS)
    show(qtbot, dialog)
    return dialog


def cells(dialog: ShortcutsDialog) -> list[list[str]]:
    table = dialog.findChild(QTableView)
    assert isinstance(table, QTableView)
    model = table.model()
    return [[str(model.index(row, column).data()) for column in range(3)] for row in range(model.rowCount())]


def type_filter(dialog: ShortcutsDialog, text: str) -> None:
    field = dialog.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText(text)


def test_shortcuts_are_listed_without_mnemonics(qtbot: QtBot) -> None:
    dialog = shown_shortcuts(qtbot)
    assert cells(dialog) == [
        ["File", "New profile…", "Ctrl+N"],
        ["Flow", "Start & stop listener", "Ctrl+L"],
        ["Flow", "Revoke", ""],
        ["Help", "\u05e9\u05dc\u05d5\u05dd <b>", "F1"],
    ]
    assert "4 of 4 commands" in texts(dialog)


@pytest.mark.parametrize(
    ("wanted", "commands"),
    [
        pytest.param("revoke", ["Revoke"], id="command, any case"),
        pytest.param("ctrl+", ["New profile…", "Start & stop listener"], id="keys"),
        pytest.param("flow", ["Start & stop listener", "Revoke"], id="menu"),
        pytest.param("  revoke ", ["Revoke"], id="spaces around"),
        pytest.param("(", [], id="no pattern"),
    ],
)
def test_shortcuts_are_filtered(qtbot: QtBot, wanted: str, commands: list[str]) -> None:
    dialog = shown_shortcuts(qtbot)
    type_filter(dialog, wanted)
    assert [row[1] for row in cells(dialog)] == commands
    expected = f"{len(commands)} of 4 commands" if commands else "No command has that in it"
    assert any(text.startswith(expected) for text in texts(dialog))
    type_filter(dialog, "")
    assert len(cells(dialog)) == 4


def test_tab_leads_out_of_the_table(qtbot: QtBot) -> None:
    dialog = shown_shortcuts(qtbot)
    table = dialog.findChild(QTableView)
    assert isinstance(table, QTableView)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Tab)
    assert not table.hasFocus()


DIALOGS: list[Callable[[QtBot], QDialog]] = [
    lambda qtbot: shown_check_list(qtbot, SessionView()),
    shown_about,
    shown_shortcuts,
]
EVERY_DIALOG = pytest.mark.parametrize("shown", DIALOGS, ids=["check list", "about", "shortcuts"])


@EVERY_DIALOG
def test_esc_closes(qtbot: QtBot, shown: Callable[[QtBot], QDialog]) -> None:
    dialog = shown(qtbot)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@EVERY_DIALOG
def test_close_is_a_key_away(qtbot: QtBot, shown: Callable[[QtBot], QDialog]) -> None:
    dialog = shown(qtbot)
    QTest.keyClick(dialog, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(dialog.isHidden)


@EVERY_DIALOG
def test_everything_that_takes_the_focus_has_a_name(qtbot: QtBot, shown: Callable[[QtBot], QDialog]) -> None:
    dialog = shown(qtbot)
    buddies = [label.buddy() for label in dialog.findChildren(QLabel)]
    nameless = [
        type(widget).__name__
        for widget in dialog.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and widget not in buddies
    ]
    assert nameless == []
    assert dialog.windowTitle()


@EVERY_DIALOG
def test_both_themes_are_worn(qapp: QApplication, qtbot: QtBot, shown: Callable[[QtBot], QDialog]) -> None:
    dialog = shown(qtbot)
    corners = []
    for choice in (DARK_CHOICE, LIGHT_CHOICE):
        apply_theme(qapp, choice)
        corners.append(dialog.grab().toImage().pixelColor(1, 1).lightness())
    assert corners[0] < 60
    assert corners[1] > 200


class Brackets(QTranslator):
    """Marks what passes tr()."""

    def translate(self, _context: str, text: str, _hint: str | bytes | None = None, _n: int = -1) -> str:
        return f"⟦{text}⟧"

    def isEmpty(self) -> bool:
        return False


@EVERY_DIALOG
def test_every_text_passes_tr(qtbot: QtBot, shown: Callable[[QtBot], QDialog]) -> None:
    translator = Brackets()
    QCoreApplication.installTranslator(translator)
    try:
        dialog = shown(qtbot)
        said = texts(dialog) + [button.text() for button in dialog.findChildren(QAbstractButton)]
        said += [dialog.windowTitle()]
    finally:
        QCoreApplication.removeTranslator(translator)
    names = ("App Center Flow ", "Python", "Qt", "PySide6")  # proper names are the same everywhere
    versions = dialog.as_text() if isinstance(dialog, AboutDialog) else ""
    untranslated = [text for text in said if text and "⟦" not in text and text not in versions]
    assert [text for text in untranslated if not text.startswith(names)] == []
