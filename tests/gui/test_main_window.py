from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollBar,
    QSplitterHandle,
    QToolButton,
    QWidget,
)

from gui.session_state import Control, State
from gui.session_view import KeyringStatus, KeyringView, ListenerView
from gui.widgets.banner import Banner
from gui.widgets.main_window import MainWindow
from gui.widgets.menu_table import Command
from gui.widgets.parts import Button
from gui.widgets.step_card import Step
from tests.gui.frame_samples import (
    ARABIC,
    HEBREW,
    HOSTILE,
    LONG,
    REDIRECT_URL,
    SECRET,
    notice,
    other_profile,
    port_in_use,
    press,
    shown,
    view_of,
)
from tests.gui.stand_ins import ProfileBarStandIn, TimelineStandIn, TokenPanelStandIn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from gui.session_view import SessionView

    OpenWindow = Callable[[tuple[int, int]], "SampleWindow"]

SMALL, LARGE = (800, 600), (1600, 1000)
NAMES = {
    Control.EDIT_APPLICATION: "edit_application",
    Control.START_LISTENER: "start_listener",
    Control.STOP_LISTENER: "stop_listener",
    Control.SIMULATE_APP_CENTER: "simulate_app_center",
    Control.OPEN_BROWSER: "open_browser",
    Control.PASTE_REDIRECT: "paste_redirect",
    Control.EXCHANGE: "exchange",
    Control.DROP_REQUEST_TOKEN: "drop_request_token",
    Control.CANCEL: "cancel_exchange",
}


class SampleWindow(MainWindow):
    """The window with stand-ins that tests may look into."""

    def __init__(self) -> None:
        self.profiles, self.token, self.timeline = ProfileBarStandIn(), TokenPanelStandIn(), TimelineStandIn()
        super().__init__(self.profiles, self.token, self.timeline)

    def show_view(self, view: SessionView) -> None:
        self.render(view)
        QApplication.processEvents()

    def button_of(self, control: Control) -> QPushButton:
        if control in self.token.buttons:
            return self.token.buttons[control]
        found = self.findChild(QPushButton, NAMES[control])
        assert found is not None
        return found

    def unfold_all(self) -> None:
        for card in (self.application_card, self.listener_card, self.request_token_card, self.exchange_card):
            card.reveal()
        QApplication.processEvents()


@pytest.fixture(params=["light", "dark"], scope="module")
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_window(qtbot: QtBot, theme: str) -> Iterator[OpenWindow]:
    windows: list[SampleWindow] = []

    def open_one(size: tuple[int, int] = SMALL) -> SampleWindow:
        window = SampleWindow()
        windows.append(window)
        shown(qtbot, window, theme, size)
        return window

    yield open_one
    for window in windows:
        window.close_for_good()


ALL_VIEWS = [
    pytest.param(view_of(state, sandbox=sandbox), id=f"{state.name.lower()}-{'sandbox' if sandbox else 'real'}")
    for state in State
    for sandbox in (True, False)
]


@pytest.mark.parametrize("view", ALL_VIEWS)
def test_one_button_is_primary_and_controls_are_as_the_view_says(open_window: OpenWindow, view: SessionView) -> None:
    window = open_window(SMALL)
    window.show_view(view)
    primary = [button for button in window.findChildren(Button) if button.primary]
    defaults = [button for button in window.findChildren(QPushButton) if button.isDefault()]
    wanted = [] if view.next_control is None else [window.button_of(view.next_control)]
    assert primary == wanted
    assert defaults == wanted
    assert all(button.isVisible() and button.isEnabled() for button in wanted)
    for control in (*NAMES, *window.token.buttons):
        allowed = control in view.controls
        if control is Control.CANCEL:  # the one of the card is for the exchange; the others have it in the menu
            allowed = allowed and view.state is State.EXCHANGING
        assert window.button_of(control).isEnabled() is allowed, control


@pytest.mark.parametrize("view", ALL_VIEWS)
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["small", "large"])
def test_nothing_overlaps_and_nothing_is_clipped(
    open_window: OpenWindow, size: tuple[int, int], view: SessionView
) -> None:
    window = open_window(size)
    window.show_view(view)
    assert window.size().toTuple() == size
    assert faults_of_layout(window) == []
    window.unfold_all()
    assert faults_of_layout(window) == []


WORST = view_of(
    State.STOPPED,
    sandbox=False,
    profile=other_profile(LONG),
    listener=ListenerView(redirect_url=f"http://localhost:8765/{LONG}", problem=port_in_use()),
    keyring=KeyringView(KeyringStatus.SESSION_ONLY, LONG),
    proxy=LONG,
    notices=(notice(1), notice(2, more=(port_in_use(),))),
)


@pytest.mark.parametrize("size", [(720, 480), SMALL, LARGE], ids=["least", "small", "large"])
@pytest.mark.parametrize("direction", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_worst_texts_keep_their_places(
    open_window: OpenWindow, size: tuple[int, int], direction: Qt.LayoutDirection
) -> None:
    window = open_window(size)
    window.setLayoutDirection(direction)
    window.show_view(WORST)
    assert window.size().toTuple() == size
    assert faults_of_layout(window) == []
    start = window.button_of(Control.START_LISTENER)
    assert start.isVisible()
    assert window.banner.height() <= 0.36 * size[1]


def test_current_step_is_scrolled_into_sight(open_window: OpenWindow) -> None:
    window = open_window(SMALL)
    window.show_view(view_of(State.UNCONFIGURED))
    window.unfold_all()
    window.show_view(view_of(State.RECEIVED))
    exchange = window.button_of(Control.EXCHANGE)
    assert exchange.visibleRegion().boundingRect().height() == exchange.height()


def test_smallest_size_is_kept(open_window: OpenWindow) -> None:
    window = open_window((300, 200))
    window.show_view(WORST)
    assert (window.width(), window.height()) == (720, 480)


@pytest.mark.parametrize("view", [pytest.param(view_of(s), id=s.name.lower()) for s in State])
def test_tab_reaches_everything_in_the_order_it_is_read(open_window: OpenWindow, view: SessionView) -> None:
    window = open_window(LARGE)
    window.show_view(replace(view, notices=(notice(more=(port_in_use(),)),)))
    window.unfold_all()
    order = tab_order_of(window)
    wanted = {
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and isinstance(widget, QAbstractButton | QLineEdit)
    }  # fmt: skip
    assert wanted <= set(order)
    places = [part_of(window, widget) for widget in order]
    assert places == sorted(places)
    for _, inside in _grouped(window, order):
        rows = [(widget.mapTo(window, QPoint()).y() // 24, widget.mapTo(window, QPoint()).x()) for widget in inside]
        assert rows == sorted(rows), [widget.objectName() for widget in inside]


@pytest.mark.parametrize("view", [pytest.param(view_of(s), id=s.name.lower()) for s in State])
def test_everything_that_can_be_used_has_a_name(open_window: OpenWindow, view: SessionView) -> None:
    window = open_window(SMALL)
    window.show_view(replace(view, notices=(notice(),)))
    window.unfold_all()
    nameless = [
        widget
        for widget in tab_order_of(window)
        if not widget.accessibleName()
        and not (isinstance(widget, QAbstractButton) and widget.text())
        and not (isinstance(widget, QLineEdit) and has_buddy(window, widget))
    ]
    assert nameless == []


def test_secret_is_in_no_title_tooltip_or_name(open_window: OpenWindow) -> None:
    window = open_window(SMALL)
    window.show_view(view_of(State.STOPPED))
    window.unfold_all()
    show = window.findChild(QPushButton, "show_consumer_secret")
    assert show is not None
    show.click()
    texts = [window.windowTitle()]
    for widget in window.findChildren(QWidget):
        texts += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), repr(widget)]
    assert not any(SECRET in text for text in texts)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        pytest.param("Built-in sandbox", "App Center Flow — Built-in sandbox", id="usual"),
        pytest.param(LONG, f"App Center Flow — {'x' * 24}…{'x' * 24}", id="long"),
        pytest.param(HOSTILE, "App Center Flow — <b>bold</b> & <img src=x> new line tab", id="markup"),
        pytest.param(HEBREW, f"App Center Flow — {HEBREW}", id="hebrew"),
        pytest.param(ARABIC, f"App Center Flow — {ARABIC}", id="arabic"),
        pytest.param("a[*]b", "App Center Flow — a[*][*]b", id="placeholder"),
    ],
)
def test_title_names_the_profile(open_window: OpenWindow, name: str, title: str) -> None:
    window = open_window(SMALL)
    window.show_view(view_of(State.STOPPED, sandbox=False, profile=other_profile(name)))
    assert window.windowTitle() == title


def test_view_reaches_every_part(open_window: OpenWindow) -> None:
    window = open_window(SMALL)
    view = view_of(State.CONNECTED, notices=(notice(),))
    window.show_view(view)
    assert window.profiles.view is view
    assert window.token.view is view
    assert window.timeline.view is view
    assert window.banner.isVisible()
    assert window.menus.action(Command.REVOKE).isEnabled()
    assert window.exchange_card.step is Step.DONE


def test_timeline_folds_where_there_is_no_room(open_window: OpenWindow) -> None:
    window = open_window(SMALL)
    assert is_folded(window)
    assert not window.menus.action(Command.SHOW_TIMELINE).isChecked()
    window.resize(*LARGE)
    QApplication.processEvents()
    assert not is_folded(window)
    assert window.menus.action(Command.SHOW_TIMELINE).isChecked()
    assert window.timeline.height() > 150


def test_choice_about_the_timeline_is_remembered_for_low_and_high_windows(open_window: OpenWindow) -> None:
    window = open_window(SMALL)
    window.timeline.fold.click()
    assert not is_folded(window)
    window.resize(*LARGE)
    QApplication.processEvents()
    window.menus.action(Command.SHOW_TIMELINE).trigger()
    assert is_folded(window)
    window.resize(*SMALL)
    QApplication.processEvents()
    assert not is_folded(window)
    window.resize(*LARGE)
    QApplication.processEvents()
    assert is_folded(window)


def test_folded_timeline_leaves_its_room_to_the_flow(open_window: OpenWindow) -> None:
    window = open_window(LARGE)
    QApplication.processEvents()
    high = window.token.height()
    window.menus.action(Command.SHOW_TIMELINE).trigger()
    QApplication.processEvents()
    assert window.token.height() > high + 100
    assert window.timeline.height() < 60


def test_enter_presses_the_next_step(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(SMALL)
    window.show_view(view_of(State.WAITING))
    window._ground.setFocus()
    with qtbot.waitSignal(window.request_token_card.simulate_requested):
        press(window._ground, Qt.Key.Key_Return)
    with qtbot.waitSignal(window.request_token_card.simulate_requested):
        press(window._ground, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)


def test_enter_on_another_button_presses_that_one(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(SMALL)
    window.show_view(view_of(State.WAITING))
    other = window.button_of(Control.OPEN_BROWSER)
    other.setFocus()
    with (
        qtbot.assertNotEmitted(window.request_token_card.simulate_requested),
        qtbot.waitSignal(window.request_token_card.open_browser_requested),
    ):
        press(other, Qt.Key.Key_Return)


@pytest.mark.parametrize("kind", ["field", "box", "list"])
def test_enter_in_a_field_or_list_is_not_the_next_step(open_window: OpenWindow, qtbot: QtBot, kind: str) -> None:
    window = open_window(SMALL)
    window.show_view(view_of(State.WAITING))
    window.exchange_card.reveal()
    found = {
        "field": window.findChild(QLineEdit, "paste_field"),
        "box": window.findChild(QAbstractButton, "exchange_at_once"),
        "list": window.profiles.profiles,
    }[kind]
    assert found is not None
    found.setFocus()
    with qtbot.assertNotEmitted(window.request_token_card.simulate_requested):
        press(found, Qt.Key.Key_Return)


def test_enter_with_no_next_step_does_nothing(open_window: OpenWindow) -> None:
    window = open_window(SMALL)
    window.show_view(view_of(State.EXCHANGING))
    window._ground.setFocus()
    press(window._ground, Qt.Key.Key_Return)
    assert window.next_step.button is None


def test_keyboard_goes_through_the_flow_by_itself(open_window: OpenWindow) -> None:
    window = open_window(SMALL)
    window.show_view(view_of(State.STOPPED))
    assert window.focusWidget() is window.button_of(Control.START_LISTENER)
    window.show_view(view_of(State.WAITING))
    assert window.focusWidget() is window.button_of(Control.SIMULATE_APP_CENTER)
    window.show_view(view_of(State.RECEIVED))
    assert window.focusWidget() is window.button_of(Control.EXCHANGE)
    window.show_view(view_of(State.EXCHANGING))
    assert window.focusWidget() is window._ground
    window.show_view(view_of(State.CONNECTED))
    assert window.focusWidget() is window.button_of(Control.PROBE)


def test_focus_is_left_where_the_user_put_it(open_window: OpenWindow) -> None:
    window = open_window(SMALL)
    window.show_view(view_of(State.RECEIVED))
    window.show_view(view_of(State.EXCHANGING))
    window.profiles.profiles.setFocus()
    window.show_view(view_of(State.CONNECTED))
    assert window.focusWidget() is window.profiles.profiles
    window.show_view(view_of(State.WAITING))
    assert window.focusWidget() is window.profiles.profiles


def test_closing_asks_first(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window(SMALL)
    with qtbot.waitSignal(window.close_requested):
        window.close()
    assert window.isVisible()
    with qtbot.assertNotEmitted(window.close_requested):
        window.close_for_good()
    assert not window.isVisible()


def test_an_answer_that_comes_at_once_closes_it(open_window: OpenWindow) -> None:
    window = open_window(SMALL)
    window.close_requested.connect(window.close_for_good)
    window.close()
    assert not window.isVisible()


def test_same_view_twice_looks_the_same(open_window: OpenWindow) -> None:
    window = open_window(SMALL)
    view = view_of(State.REVOKED, notices=(notice(),))
    window.show_view(view)
    before = window.grab().toImage()
    window.show_view(view)
    assert window.grab().toImage() == before


def test_paste_field_comes_into_sight(open_window: OpenWindow) -> None:
    window = open_window((720, 480))
    window.show_view(view_of(State.STOPPED, notices=(notice(),)))
    window.show_paste_field()
    QApplication.processEvents()
    field = window.findChild(QLineEdit, "paste_field")
    assert field is not None
    assert field.hasFocus()
    assert field.visibleRegion().boundingRect().height() == field.height()


def test_details_of_a_notice_never_lie_over_its_buttons(open_window: OpenWindow) -> None:
    window = open_window((720, 480))
    window.show_view(view_of(State.STOPPED, notices=(notice(more=(port_in_use(),)),)))
    details = window.findChild(QPushButton, "notice_details")
    assert details is not None
    details.click()
    assert faults_of_layout(window.banner) == []


def test_redirect_url_is_told_where_it_is_needed(open_window: OpenWindow) -> None:
    window = open_window(SMALL)
    window.show_view(view_of(State.WAITING))
    assert window.listener_card.state_line.whole_text == REDIRECT_URL


def is_folded(window: SampleWindow) -> bool:
    return window.timeline.is_folded


def faults_of_layout(window: QWidget) -> list[str]:
    """What lies over something else, sticks out of what it is in, or has no room for its text."""
    faults = []
    for parent in [window, *window.findChildren(QWidget)]:
        children = [child for child in direct_children(parent) if child.isVisible()]
        for one, other in combinations(children, 2):
            if one.geometry().intersects(other.geometry()):
                faults.append(f"{label(one)} lies over {label(other)}")
        if isinstance(parent.parentWidget(), QAbstractScrollArea):
            continue
        room = QRect(QPoint(), parent.size())
        faults += [f"{label(child)} sticks out" for child in children if not room.contains(child.geometry())]
    for button in window.findChildren(QPushButton):
        if button.isVisible() and button.width() < button.sizeHint().width():
            faults.append(f"{label(button)} is clipped: {button.width()} < {button.sizeHint().width()}")
    return faults


def direct_children(parent: QWidget) -> list[QWidget]:
    internal = QScrollBar | QSplitterHandle
    return [
        child
        for child in parent.children()
        if isinstance(child, QWidget)
        and not child.isWindow()
        and not isinstance(child, internal)
        and not child.objectName().startswith("qt_")
        and not isinstance(parent, QAbstractScrollArea | QToolButton)
    ]


def label(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.objectName() or text or widget.accessibleName()[:30]} {widget.geometry()}"


def tab_order_of(window: MainWindow) -> list[QWidget]:
    """Press Tab until it comes round."""
    window._ground.setFocus()
    order: list[QWidget] = []
    for _ in range(200):
        focused = window.focusWidget()
        assert focused is not None
        press(focused, Qt.Key.Key_Tab)
        now = window.focusWidget()
        assert now is not None
        if now in order:
            return order
        order.append(now)
    raise AssertionError(order)


def part_of(window: MainWindow, widget: QWidget) -> int:
    parts = (
        window.profile_bar,
        window.banner,
        window.application_card,
        window.listener_card,
        window.request_token_card,
        window.exchange_card,
        window.token_panel,
        window.timeline_panel,
        window.status_line,
    )
    for number, part in enumerate(cast("tuple[QWidget, ...]", parts)):
        if part.isAncestorOf(widget):
            return number
    raise AssertionError(label(widget))


def _grouped(window: MainWindow, order: list[QWidget]) -> Iterator[tuple[int, list[QWidget]]]:
    for number in sorted({part_of(window, widget) for widget in order}):
        inside = [widget for widget in order if part_of(window, widget) == number]
        if not isinstance(inside[0].parentWidget(), Banner):
            yield number, [widget for widget in inside if not isinstance(widget, QToolButton)]


def has_buddy(window: QWidget, field: QWidget) -> bool:
    return any(text.buddy() is field for text in window.findChildren(QLabel))
