from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMenu, QVBoxLayout, QWidget

from gui.session_requests import CopyRequest
from gui.widgets.secret_edit import SecretEdit
from gui.widgets.secret_reveal import SHOWN_FOR_MS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

CANARY = "canary-c0de-secret"


@pytest.fixture
def edit(qtbot: QtBot) -> SecretEdit:
    made = SecretEdit()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def paste(edit: SecretEdit, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    edit.line.setFocus()
    QTest.keyClick(edit.line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QGuiApplication.clipboard().clear()


def test_masked_from_the_start(edit: SecretEdit) -> None:
    QTest.keyClicks(edit.line, CANARY)
    assert edit.secret() == CANARY
    assert edit.masked
    assert CANARY not in edit.line.displayText()


def test_the_keyboard_shows_and_masks(edit: SecretEdit) -> None:
    QTest.keyClicks(edit.line, CANARY)
    QTest.keyClick(edit.line, Qt.Key.Key_Tab)
    assert edit.toggle.hasFocus()
    assert edit.toggle.accessibleName() == "Show consumer secret"
    QTest.keyClick(edit.toggle, Qt.Key.Key_Space)
    assert edit.line.displayText() == CANARY
    assert edit.toggle.accessibleName() == "Hide consumer secret"
    QTest.keyClick(edit.toggle, Qt.Key.Key_Space)
    assert edit.masked


def test_the_button_keeps_its_width(edit: SecretEdit) -> None:
    before = edit.toggle.width()
    edit.toggle.click()
    assert edit.toggle.width() == before
    assert edit.toggle.text() == "Hide"


def test_masked_again_after_a_while(qtbot: QtBot) -> None:
    assert SHOWN_FOR_MS == 30_000
    edit = SecretEdit(shown_for_ms=1)
    qtbot.addWidget(edit)
    edit.show()
    edit.toggle.click()
    assert not edit.masked
    qtbot.waitUntil(lambda: edit.masked)
    assert not edit.toggle.isChecked()


def test_masked_again_when_the_window_is_left(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    edit = SecretEdit()
    QVBoxLayout(window).addWidget(edit)
    with qtbot.waitExposed(window):
        window.show()
    edit.toggle.click()
    assert not edit.masked
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    assert edit.masked


def test_masked_again_when_hidden(edit: SecretEdit) -> None:
    edit.toggle.click()
    edit.hide()
    assert edit.masked


@pytest.mark.parametrize(
    ("pasted", "left"),
    [
        pytest.param(f"  {CANARY}", CANARY, id="spaces before"),
        pytest.param(f"{CANARY}\n", CANARY, id="line end"),
        pytest.param(f"\r\n\t{CANARY} \u00a0", CANARY, id="all sorts"),
        pytest.param("   ", "", id="spaces alone"),
    ],
)
def test_what_is_pasted_is_trimmed_and_said(pasted: str, left: str, edit: SecretEdit, qtbot: QtBot) -> None:
    with qtbot.waitSignal(edit.trimmed):
        paste(edit, pasted)
    assert edit.secret() == left
    assert edit.masked


def test_what_needs_no_trimming_is_taken_without_a_word(edit: SecretEdit, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(edit.trimmed), qtbot.waitSignal(edit.changed):
        paste(edit, "in side")
    assert edit.secret() == "in side"


def test_what_is_typed_is_left_alone(edit: SecretEdit, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(edit.trimmed):
        QTest.keyClicks(edit.line, " in side ")
    assert edit.secret() == " in side "


def test_typed_comes_before_trimmed(edit: SecretEdit, qtbot: QtBot) -> None:
    with qtbot.waitSignals([edit.typed, edit.trimmed], order="strict"):
        paste(edit, f" {CANARY}")


def test_nothing_is_copied_while_masked(edit: SecretEdit, qtbot: QtBot) -> None:
    QTest.keyClicks(edit.line, CANARY)
    edit.line.selectAll()
    with qtbot.assertNotEmitted(edit.copy_requested):
        QTest.keyClick(edit.line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(edit.line, Qt.Key.Key_X, Qt.KeyboardModifier.ControlModifier)
    assert edit.secret() == CANARY
    assert QGuiApplication.clipboard().text() == ""


@pytest.mark.parametrize(("key", "left"), [(Qt.Key.Key_C, CANARY), (Qt.Key.Key_X, "")], ids=["copy", "cut"])
def test_what_is_copied_goes_out_as_a_secret(key: Qt.Key, left: str, edit: SecretEdit, qtbot: QtBot) -> None:
    QTest.keyClicks(edit.line, CANARY)
    edit.toggle.click()
    edit.line.selectAll()
    with qtbot.waitSignal(edit.copy_requested) as caught:
        QTest.keyClick(edit.line, key, Qt.KeyboardModifier.ControlModifier)
    assert caught.args == [CopyRequest(CANARY, "Consumer secret", secret=True)]
    assert QGuiApplication.clipboard().text() == ""
    assert edit.secret() == left


def test_the_context_menu_pastes_and_copies_nothing(edit: SecretEdit) -> None:
    edit.toggle.click()
    edit.line.setText(CANARY)
    edit.line.selectAll()
    where = edit.line.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, where, edit.line.mapToGlobal(where))
    QApplication.sendEvent(edit.line, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    names = {action.objectName() for action in menu.actions()}
    menu.close()
    assert "edit-paste" in names
    assert not names & {"edit-copy", "edit-cut"}


def test_a_kept_secret_is_told_in_place_of_a_text(edit: SecretEdit) -> None:
    edit.set_kept_in("GNOME Keyring")
    assert edit.line.placeholderText() == "kept; type to replace"
    edit.set_kept_in(None)
    assert edit.line.placeholderText() == "kept for now; type to replace"
    edit.set_kept_in("")
    assert edit.line.placeholderText() == ""


def test_read_only_takes_nothing(edit: SecretEdit) -> None:
    edit.set_read_only(read_only=True)
    QTest.keyClicks(edit.line, "x")
    assert edit.secret() == ""
    assert not edit.toggle.isEnabled()


def test_wiped_is_empty_and_masked(edit: SecretEdit) -> None:
    QTest.keyClicks(edit.line, CANARY)
    edit.toggle.click()
    edit.wipe()
    assert edit.secret() == ""
    assert edit.masked


def test_a_label_leads_to_the_line(edit: SecretEdit, qtbot: QtBot) -> None:
    label = QLabel("&Secret")
    qtbot.addWidget(label)
    label.setBuddy(edit)
    edit.toggle.setFocus()
    edit.setFocus()
    assert edit.line.hasFocus()
    assert edit.line.accessibleName() == "Consumer secret"


def test_the_secret_stands_in_no_word_about_the_field(edit: SecretEdit) -> None:
    QTest.keyClicks(edit.line, CANARY)
    edit.toggle.click()
    for widget in (edit, *edit.findChildren(QWidget)):
        words = (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), repr(widget))
        assert not any(CANARY in word for word in words)
    assert isinstance(edit.line, QLineEdit)
