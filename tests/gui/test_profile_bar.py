from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QStyleOptionComboBox, QToolTip, QWidget

from gui.concur.models import Operation
from gui.session_state import State
from gui.session_view import Activity, ApplicationView, SessionView
from gui.store.profile import BUILT_IN_PROFILE_ID, Profile, built_in_profile
from gui.widgets.parts import Button, Chip, ElidedLabel, Kind
from gui.widgets.profile_bar import ProfileBar
from tests.gui.looks import look
from tests.gui.samples import consistent

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from pytestqt.qtbot import QtBot

ACME = Profile(
    profile_id="a" * 32,
    name="Acme",
    base_url="https://eu1.concursolutions.com",
    consumer_key="VDV5Y532NafYX8vQ0yP3aB",
    redirect_url="http://localhost:8765/redirect",
)
READY = consistent(SessionView(state=State.STOPPED, profile=ACME, profiles=(ACME, built_in_profile()), starting=False))
SANDBOX = consistent(
    replace(READY, profile=built_in_profile(), application=ApplicationView(base_url="http://127.0.0.1:49215"))
)
BUSY = replace(READY, state=State.EXCHANGING, activity=Activity(Operation.EXCHANGE, datetime(2024, 5, 6, tzinfo=UTC)))
HOSTILE = {
    "markup": "<b>BOLD</b> & <img src=x>",
    "right to left": "פרופיל בדיקה",
    "longest": "X" * 80,
}


@pytest.fixture
def bar(qtbot: QtBot) -> ProfileBar:
    made = ProfileBar()
    qtbot.addWidget(made)
    made.render(READY)
    made.resize(1000, made.sizeHint().height())
    with qtbot.waitExposed(made):
        made.show()
    return made


def choice(bar: ProfileBar) -> QComboBox:
    (found,) = bar.findChildren(QComboBox)
    return found


def place(bar: ProfileBar) -> str:
    (found,) = bar.findChildren(ElidedLabel)
    return found.whole_text


def chip(bar: ProfileBar) -> Chip:
    (found,) = bar.findChildren(Chip)
    return found


def pressable(bar: ProfileBar) -> dict[str, bool]:
    found = {one.text().replace("&", ""): one.isEnabled() for one in bar.findChildren(Button)}
    return found | {one.text().replace("&", ""): one.isEnabled() for one in bar.findChildren(QAction) if one.text()}


def button(bar: ProfileBar, text: str) -> Button:
    (found,) = [one for one in bar.findChildren(Button) if one.text().replace("&", "") == text]
    return found


def entry(bar: ProfileBar, text: str) -> QAction:
    (found,) = [one for one in bar.findChildren(QAction) if one.text().replace("&", "") == text]
    return found


def test_the_built_in_sandbox_comes_first(bar: ProfileBar) -> None:
    names = [choice(bar).itemText(index) for index in range(choice(bar).count())]
    assert names == ["Built-in sandbox", "Acme"]
    assert choice(bar).currentText() == "Acme"


def test_rendering_says_nothing_and_can_be_repeated(bar: ProfileBar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(bar.profile_chosen):
        for view in (SANDBOX, SANDBOX, READY, replace(READY, profiles=(built_in_profile(), ACME)), READY):
            bar.render(view)
    assert choice(bar).currentText() == "Acme"
    assert choice(bar).count() == 2


def test_a_choice_is_told_with_its_id(bar: ProfileBar, qtbot: QtBot) -> None:
    choice(bar).setFocus()
    with qtbot.waitSignal(bar.profile_chosen) as caught:
        QTest.keyClick(choice(bar), Qt.Key.Key_Up)
    assert caught.args == [BUILT_IN_PROFILE_ID]
    bar.render(READY)
    assert choice(bar).currentText() == "Acme"


def test_the_profile_that_is_shown_is_no_choice(bar: ProfileBar, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(bar.profile_chosen):
        choice(bar).activated.emit(choice(bar).currentIndex())


@pytest.mark.parametrize("text", ["New…", "Edit…"])
def test_buttons_ask(text: str, bar: ProfileBar, qtbot: QtBot) -> None:
    signals: dict[str, SignalInstance] = {"New…": bar.new_requested, "Edit…": bar.edit_requested}
    with qtbot.waitSignal(signals[text]):
        QTest.keyClick(button(bar, text), Qt.Key.Key_Space)


@pytest.mark.parametrize("text", ["Duplicate", "Delete…", "Import…", "Export…"])
def test_the_menu_asks(text: str, bar: ProfileBar, qtbot: QtBot) -> None:
    signals: dict[str, SignalInstance] = {
        "Duplicate": bar.duplicate_requested,
        "Delete…": bar.delete_requested,
        "Import…": bar.import_requested,
        "Export…": bar.export_requested,
    }
    with qtbot.waitSignal(signals[text]):
        entry(bar, text).trigger()


def test_all_can_be_done_with_a_profile_of_ones_own(bar: ProfileBar) -> None:
    assert pressable(bar) == dict.fromkeys(
        ("New…", "Edit…", "More", "Duplicate", "Delete…", "Import…", "Export…"), True
    )
    assert choice(bar).isEnabled()


def test_the_built_in_sandbox_can_be_neither_deleted_nor_copied_nor_exported(bar: ProfileBar) -> None:
    bar.render(SANDBOX)
    shut = {text for text, enabled in pressable(bar).items() if not enabled}
    assert shut == {"Duplicate", "Delete…", "Export…"}


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(consistent(replace(READY, starting=True)), id="starting"),
        pytest.param(consistent(BUSY), id="busy"),
    ],
)
def test_nothing_can_be_changed_meanwhile(view: SessionView, bar: ProfileBar) -> None:
    bar.render(view)
    assert {text for text, enabled in pressable(bar).items() if enabled} <= {"Export…"}
    assert not choice(bar).isEnabled()
    bar.render(READY)
    assert all(pressable(bar).values())


@pytest.mark.parametrize("state", list(State), ids=lambda state: state.name)
def test_the_application_is_edited_where_the_table_says_so(state: State, bar: ProfileBar) -> None:
    bar.render(consistent(replace(READY, state=state)))
    allowed = {State.UNCONFIGURED, State.STOPPED, State.WAITING, State.REVOKED}
    under_way = {State.EXCHANGING, State.REFRESHING, State.PROBING, State.REVOKING, State.PROVING, State.WIPING}
    assert pressable(bar)["Edit…"] is (state in allowed)
    assert pressable(bar)["New…"] is (state not in under_way)


def test_what_is_simulated_is_marked(bar: ProfileBar) -> None:
    bar.render(READY)
    assert not chip(bar).isVisible()
    bar.render(SANDBOX)
    assert chip(bar).isVisible()
    assert chip(bar).text == "simulated Concur"
    assert chip(bar).kind is Kind.WARNING


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        pytest.param(READY, "legacy contract · EMEA", id="data centre"),
        pytest.param(SANDBOX, "legacy contract · http://127.0.0.1:49215", id="sandbox"),
        pytest.param(
            replace(SANDBOX, application=ApplicationView()), "legacy contract · sandbox is starting", id="not yet"
        ),
        pytest.param(
            replace(READY, profile=replace(ACME, base_url="https://concur.example:8443")),
            "legacy contract · https://concur.example:8443",
            id="own base URL",
        ),
        pytest.param(
            replace(READY, profile=replace(ACME, contract="current", base_url="https://emea.api.concursolutions.com")),
            "current contract · EMEA",
            id="current contract",
        ),
        pytest.param(replace(READY, profile=replace(ACME, base_url="")), "legacy contract · no base URL", id="no URL"),
    ],
)
def test_contract_and_place(view: SessionView, expected: str, bar: ProfileBar) -> None:
    bar.render(view)
    assert place(bar) == expected


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [784, 1584])
def test_names_from_outside_are_plain_and_take_no_room_of_others(
    name: str, theme: str, width: int, bar: ProfileBar, qapp: QApplication
) -> None:
    named = replace(ACME, name=name)
    with look(qapp, theme):
        bar.resize(width, bar.sizeHint().height())
        bar.render(replace(READY, profile=named, profiles=(built_in_profile(), named)))
        QTest.qWaitForWindowExposed(bar)
        assert choice(bar).currentText() == name
        assert bar.width() == width
        assert not bar.grab().isNull()
        for widget in bar.findChildren(QWidget):
            assert widget.geometry().right() <= width
            assert "<b>" not in widget.toolTip()


def test_a_long_name_is_elided_not_cut(bar: ProfileBar) -> None:
    named = replace(ACME, name="X" * 80)
    bar.render(replace(READY, profile=named, profiles=(built_in_profile(), named)))
    option = QStyleOptionComboBox()
    choice(bar).initStyleOption(option)
    assert "…" in option.currentText
    assert len(option.currentText) < 80
    where = choice(bar).rect().center()
    help_event = QHelpEvent(QEvent.Type.ToolTip, where, choice(bar).mapToGlobal(where))
    assert QApplication.sendEvent(choice(bar), help_event)
    assert QToolTip.text() == "X" * 80
    QToolTip.hideText()


def test_names_and_label(bar: ProfileBar) -> None:
    (label,) = [one for one in bar.findChildren(QLabel) if one.text() == "P&rofile"]
    assert label.buddy() is choice(bar)
    assert choice(bar).accessibleName() == "Profile"
    for one in bar.findChildren(Button):
        assert one.text()
        assert one.focusPolicy() & Qt.FocusPolicy.TabFocus
