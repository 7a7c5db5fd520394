from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest

from gui.widgets.action_row import ActionRow
from gui.widgets.parts import Button

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


class Scene:
    def __init__(self, qtbot: QtBot) -> None:
        self.copy, self.save, self.again, self.go = (Button(text) for text in ("Copy", "Save…", "Start over", "Go"))
        self.row = ActionRow((self.copy, self.save), (self.go, self.again), ((self.copy, self.save), (self.again,)))
        qtbot.addWidget(self.row)
        self.row.show()

    def make_wide(self, width: int) -> None:
        self.row.resize(width, 30)

    def open_menu(self) -> dict[str, Callable[[], None]]:
        menu = self.row.more.menu()
        menu.aboutToShow.emit()
        return {action.text(): action.trigger for action in menu.actions()}


def test_all_where_there_is_room(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    scene.make_wide(scene.row.sizeHint().width())
    assert scene.row.in_menu == ()
    assert scene.row.more.isHidden()


def test_lesser_ones_leave_together(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    scene.make_wide(scene.row.sizeHint().width() - 1)
    assert scene.row.in_menu == (scene.copy, scene.save)
    assert scene.copy.isHidden()
    assert not scene.again.isHidden()
    assert not scene.row.more.isHidden()


def test_then_the_next(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    scene.make_wide(scene.row.minimumSizeHint().width())
    assert scene.row.in_menu == (scene.copy, scene.save, scene.again)
    assert not scene.go.isHidden()


def test_the_primary_stays(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    scene.make_wide(10)
    scene.again.set_primary(primary=True)
    scene.row.fit()
    assert scene.again not in scene.row.in_menu
    assert not scene.again.isHidden()


def test_they_come_back(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    scene.make_wide(10)
    scene.make_wide(1000)
    assert scene.row.in_menu == ()
    assert not scene.copy.isHidden()


def test_menu_does_what_the_button_does(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    scene.make_wide(10)
    with qtbot.waitSignal(scene.save.clicked):
        scene.open_menu()["Save…"]()


def test_menu_knows_what_may_be_pressed(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    scene.make_wide(10)
    scene.save.setEnabled(False)
    scene.save.setToolTip("why not")
    scene.open_menu()
    action = next(action for action in scene.row.more.menu().actions() if action.text() == "Save…")
    assert not action.isEnabled()
    assert action.toolTip() == "why not"
    with qtbot.assertNotEmitted(scene.save.clicked):
        action.trigger()


def test_focus_is_not_lost(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    scene.make_wide(1000)
    scene.row.activateWindow()
    scene.copy.setFocus()
    qtbot.waitUntil(scene.copy.hasFocus)
    scene.make_wide(10)
    assert scene.row.more.hasFocus()


def test_menu_opens_by_keyboard(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    scene.make_wide(10)
    menu = scene.row.more.menu()
    QTest.keyClick(scene.row.more, Qt.Key.Key_Space)
    qtbot.waitUntil(menu.isVisible)
    menu.close()


def test_another_font_is_measured_again(qtbot: QtBot) -> None:
    scene = Scene(qtbot)
    scene.make_wide(scene.row.sizeHint().width())
    font = scene.row.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    scene.row.setFont(font)
    scene.row.changeEvent(QEvent(QEvent.Type.FontChange))
    assert scene.row.in_menu
