from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QPushButton, QVBoxLayout, QWidget

from gui.concur.contract import CONTRACTS, CURRENT, LEGACY
from gui.sandbox.scopes import SCOPE_WORDS
from gui.widgets.parts import Button, ElidedLabel
from gui.widgets.scope_list import ScopeList
from tests.gui.looks import look

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

HOSTILE = ("<b>BOLD</b>", "שלום", "X" * 500)


@pytest.fixture
def scopes(qtbot: QtBot) -> ScopeList:
    made = ScopeList()
    made.offer(CONTRACTS[LEGACY])
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def rows(scopes: ScopeList) -> QListWidget:
    (found,) = scopes.findChildren(QListWidget)
    return found


def button(scopes: ScopeList, name: str) -> Button:
    (found,) = [one for one in scopes.findChildren(Button) if one.accessibleName() == name]
    return found


def adding(scopes: ScopeList) -> QLineEdit:
    (found,) = scopes.findChildren(QLineEdit)
    return found


def value(scopes: ScopeList) -> str:
    (found,) = scopes.findChildren(ElidedLabel)
    return found.whole_text


def test_all_sixteen_are_there_with_words(scopes: ScopeList) -> None:
    texts = [rows(scopes).item(row).text() for row in range(rows(scopes).count())]
    assert len(texts) == 16
    assert all(scope in text and words in text for text, (scope, words) in zip(texts, SCOPE_WORDS.items(), strict=True))
    assert scopes.scopes() == ()
    assert value(scopes) == "none"


def test_another_contract_has_others_and_another_separator(scopes: ScopeList) -> None:
    scopes.set_scopes(("USER",))
    scopes.offer(CONTRACTS[CURRENT])
    assert scopes.scopes() == ()
    scopes.set_scopes(("openid", "my.own"))
    assert value(scopes) == "openid my.own"
    texts = [rows(scopes).item(row).text() for row in range(rows(scopes).count())]
    assert [text.split(" · ")[0] for text in texts] == [*CONTRACTS[CURRENT].scopes, "my.own"]
    assert texts[-1] == "my.own", "nobody lists all scopes of this contract"


def test_a_contract_that_is_not_known_offers_none(scopes: ScopeList) -> None:
    scopes.offer(None)
    assert rows(scopes).count() == 0
    scopes.set_scopes(("A", "B"))
    assert scopes.scopes() == ("A", "B")


def test_what_is_set_comes_back_in_its_order(scopes: ScopeList, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(scopes.changed):
        scopes.set_scopes(("USER", "OTHER", "EXPRPT"))
    assert scopes.scopes() == ("USER", "OTHER", "EXPRPT")
    assert value(scopes) == "USER,OTHER,EXPRPT"
    assert rows(scopes).count() == 17
    scopes.set_scopes(("LIST",))
    assert scopes.scopes() == ("LIST",)
    assert rows(scopes).count() == 16


def test_the_space_bar_ticks(scopes: ScopeList, qtbot: QtBot) -> None:
    rows(scopes).setFocus()
    rows(scopes).setCurrentRow(1)
    with qtbot.waitSignal(scopes.changed):
        QTest.keyClick(rows(scopes), Qt.Key.Key_Space)
    assert scopes.scopes() == ("CONFIG",)
    assert value(scopes) == "CONFIG"


def test_what_is_ticked_later_comes_after_what_was_given(scopes: ScopeList) -> None:
    scopes.set_scopes(("USER", "EXPRPT"))
    rows(scopes).item(0).setCheckState(Qt.CheckState.Checked)
    assert scopes.scopes() == ("USER", "EXPRPT", "ATTEND")
    rows(scopes).item(0).setCheckState(Qt.CheckState.Unchecked)
    assert scopes.scopes() == ("USER", "EXPRPT")


def test_all_and_none_are_one_change_each(scopes: ScopeList) -> None:
    heard: list[tuple[str, ...]] = []
    scopes.changed.connect(lambda: heard.append(scopes.scopes()))
    scopes.set_scopes(("OTHER",))
    button(scopes, "All scopes").click()
    button(scopes, "All scopes").click()
    button(scopes, "No scopes").click()
    assert [len(found) for found in heard] == [17, 0]
    QTest.mouseClick(button(scopes, "All scopes"), Qt.MouseButton.LeftButton)
    assert len(scopes.scopes()) == 17


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("other", ("USER", "other"), id="one"),
        pytest.param(" A, B ,A", ("USER", "A", "B"), id="several"),
        pytest.param("EXPRPT", ("USER", "EXPRPT"), id="a documented one"),
        pytest.param("USER", ("USER",), id="one that is ticked"),
    ],
)
def test_adding(typed: str, expected: tuple[str, ...], scopes: ScopeList) -> None:
    scopes.set_scopes(("USER",))
    QTest.keyClicks(adding(scopes), typed)
    button(scopes, "Add scope").click()
    assert scopes.scopes() == expected
    assert adding(scopes).text() == ""


@pytest.mark.parametrize("typed", ["", "  ", ",, "])
def test_nothing_cannot_be_added(typed: str, scopes: ScopeList) -> None:
    QTest.keyClicks(adding(scopes), typed)
    assert not button(scopes, "Add scope").isEnabled()


def test_enter_adds_and_leaves_the_dialog_alone(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    scopes, default = ScopeList(), QPushButton("Save")
    layout = QVBoxLayout(dialog)
    layout.addWidget(scopes)
    layout.addWidget(default)
    default.setDefault(True)
    pressed: list[bool] = []
    default.clicked.connect(lambda: pressed.append(True))
    with qtbot.waitExposed(dialog):
        dialog.show()
    QTest.keyClicks(adding(scopes), "OTHER")
    QTest.keyClick(adding(scopes), Qt.Key.Key_Return)
    assert scopes.scopes() == ("OTHER",)
    assert pressed == []
    QTest.keyClick(adding(scopes), Qt.Key.Key_Return)
    assert pressed == [True]


@pytest.mark.parametrize("hostile", HOSTILE, ids=["markup", "right to left", "long"])
@pytest.mark.parametrize("choice", ["light", "dark"])
def test_scopes_from_outside_stay_plain(hostile: str, choice: str, scopes: ScopeList, qapp: QApplication) -> None:
    with look(qapp, choice):
        scopes.resize(280, 320)
        scopes.set_scopes((hostile,))
        assert scopes.scopes() == (hostile,)
        assert value(scopes) == hostile
        tooltips = [one.toolTip() for one in scopes.findChildren(QWidget)]
        assert not any("<b>" in tooltip for tooltip in tooltips)
        assert scopes.width() == 280


def test_every_control_has_a_name(scopes: ScopeList) -> None:
    for widget in (*scopes.findChildren(Button), adding(scopes), rows(scopes)):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus
