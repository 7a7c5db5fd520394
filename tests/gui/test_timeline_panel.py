from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QColor, QContextMenuEvent, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QMenu, QPushButton, QTableView

from gui.session_requests import CopyRequest
from gui.session_view import SessionView
from gui.widgets.exchange_view import ExchangeView
from gui.widgets.timeline_model import Column
from gui.widgets.timeline_panel import TimelinePanel
from tests.flow.canaries import secrets_in
from tests.gui.events_heard import events_heard
from tests.gui.exchanges import exchange, redirect, unanswered
from tests.gui.looks import look

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.concur.models import HttpExchange


@pytest.fixture
def panel(qtbot: QtBot) -> TimelinePanel:
    made = TimelinePanel()
    qtbot.addWidget(made)
    made.resize(776, 230)
    made.show()
    qtbot.waitExposed(made)
    return made


def table_of(panel: TimelinePanel) -> QTableView:
    found = panel.findChild(QTableView)
    assert found is not None
    return found


def button(panel: TimelinePanel, text: str) -> QPushButton:
    return next(one for one in panel.findChildren(QPushButton) if one.text() == text)


def field(panel: TimelinePanel) -> QLineEdit:
    found = panel.findChild(QLineEdit)
    assert found is not None
    return found


def box(panel: TimelinePanel) -> QCheckBox:
    found = panel.findChild(QCheckBox)
    assert found is not None
    return found


def texts(panel: TimelinePanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def choose(panel: TimelinePanel, line: int) -> None:
    table = table_of(panel)
    table.setCurrentIndex(table.model().index(line, Column.WHAT))


def many(count: int) -> tuple[HttpExchange, ...]:
    return tuple(exchange(duration_ms=float(number + 1)) for number in range(count))


def last_number(panel: TimelinePanel) -> str:
    model = table_of(panel).model()
    return str(model.index(model.rowCount() - 1, Column.MS).data())


def test_an_empty_timeline_says_what_will_come(panel: TimelinePanel) -> None:
    due = "Every HTTP exchange, in and out, will appear here, before anything is made of it."
    assert due in texts(panel)
    assert not table_of(panel).isVisible()
    for text in ("Copy as cURL", "Export…", "Clear"):
        assert not button(panel, text).isEnabled()


def test_rows_take_the_place_of_the_sentence(panel: TimelinePanel) -> None:
    panel.add_rows((exchange(), unanswered()))
    assert table_of(panel).isVisible()
    assert table_of(panel).model().rowCount() == 2
    assert button(panel, "Export…").isEnabled()
    assert button(panel, "Clear").isEnabled()
    assert not button(panel, "Copy as cURL").isEnabled()


def test_a_great_many_rows_come_in_slices_and_in_order(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.add_rows(many(600))
    panel.add_rows((exchange(duration_ms=7777.0),))
    model = table_of(panel).model()
    assert 0 < model.rowCount() < 601
    qtbot.waitUntil(lambda: model.rowCount() == 601)
    numbers = [model.index(row, Column.MS).data() for row in range(601)]
    assert numbers == [str(number) for number in range(1, 601)] + ["7777"]


def test_more_rows_do_not_have_the_window_laid_out_anew(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.add_rows(many(5))
    with events_heard(QEvent.Type.LayoutRequest) as heard:
        panel.add_rows(many(50))
        qtbot.waitUntil(lambda: last_number(panel) == "50")
    assert heard == []


def test_clear_drops_what_is_still_waiting(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.add_rows(many(600))
    panel.clear()
    QApplication.processEvents()
    assert table_of(panel).model().rowCount() == 0
    panel.add_rows((exchange(duration_ms=5.0),))
    qtbot.waitUntil(lambda: last_number(panel) == "5")
    assert table_of(panel).model().rowCount() == 1


def test_buttons_ask_and_do_nothing_themselves(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.add_rows((exchange(),))
    with qtbot.waitSignal(panel.export_requested):
        button(panel, "Export…").click()
    with qtbot.waitSignal(panel.clear_requested):
        button(panel, "Clear").click()
    assert table_of(panel).model().rowCount() == 1


def test_the_end_is_followed_until_the_user_scrolls_away(panel: TimelinePanel) -> None:
    bar = table_of(panel).verticalScrollBar()
    panel.add_rows(many(100))
    QApplication.processEvents()
    assert bar.maximum() > 0
    assert bar.value() == bar.maximum()
    bar.setValue(bar.maximum() // 2)
    place = bar.value()
    panel.add_rows(many(50))
    QApplication.processEvents()
    assert bar.value() == place
    bar.setValue(bar.maximum())
    panel.add_rows(many(50))
    QApplication.processEvents()
    assert bar.value() == bar.maximum()


def test_whoever_reads_further_up_keeps_the_place_while_old_rows_go(panel: TimelinePanel, qtbot: QtBot) -> None:
    table, model = table_of(panel), table_of(panel).model()
    panel.add_rows(many(10_000))
    qtbot.waitUntil(lambda: model.rowCount() == 10_000)
    QApplication.processEvents()
    table.verticalScrollBar().setValue(5000 * table.rowHeight(0))
    QApplication.processEvents()
    before = table.indexAt(QPoint(5, 5)).siblingAtColumn(Column.MS).data()
    panel.add_rows((exchange(),))
    QApplication.processEvents()
    assert model.rowCount() < 10_000
    assert table.indexAt(QPoint(5, 5)).siblingAtColumn(Column.MS).data() == before == "5001"


def test_rows_are_compact_and_without_a_grid(panel: TimelinePanel) -> None:
    panel.add_rows((exchange(),))
    assert 18 <= table_of(panel).rowHeight(0) <= 26
    assert not table_of(panel).showGrid()
    assert not table_of(panel).horizontalScrollBar().isVisible()


def test_the_filter_finds_and_says_how_many(panel: TimelinePanel) -> None:
    panel.add_rows((exchange(), redirect(), unanswered()))
    field(panel).setText("refused")
    assert table_of(panel).model().rowCount() == 1
    assert "1 of 3" in texts(panel)
    field(panel).setText("no such thing")
    assert "No exchange matches the filter." in texts(panel)
    assert button(panel, "Clear").isEnabled()
    field(panel).clear()
    assert table_of(panel).model().rowCount() == 3
    assert "3" in texts(panel)


def test_failed_only_and_direction(panel: TimelinePanel) -> None:
    panel.add_rows((exchange(), redirect(), redirect(status=400), unanswered()))
    model = table_of(panel).model()
    box(panel).setChecked(True)
    assert model.rowCount() == 2
    combo = panel.findChild(QComboBox)
    assert combo is not None
    combo.setCurrentText("In")
    assert model.rowCount() == 1
    box(panel).setChecked(False)
    assert model.rowCount() == 2
    combo.setCurrentText("Out")
    assert model.rowCount() == 2
    combo.setCurrentText("Both")
    assert model.rowCount() == 4


def test_the_chosen_row_stays_chosen_while_the_filter_shows_it(panel: TimelinePanel) -> None:
    panel.add_rows((exchange(), redirect(), unanswered()))
    choose(panel, 2)
    assert button(panel, "Copy as cURL").isEnabled()
    field(panel).setText("refused")
    assert table_of(panel).currentIndex().row() == 0
    assert button(panel, "Copy as cURL").isEnabled()
    field(panel).setText("redirect?")
    assert not table_of(panel).currentIndex().isValid()
    assert not button(panel, "Copy as cURL").isEnabled()


@pytest.mark.parametrize("row", [pytest.param(exchange(), id="out"), pytest.param(redirect(), id="in")])
def test_copy_as_curl_holds_no_secret(panel: TimelinePanel, qtbot: QtBot, row: HttpExchange) -> None:
    panel.add_rows((row,))
    choose(panel, 0)
    with qtbot.waitSignal(panel.copy_requested) as asked:
        button(panel, "Copy as cURL").click()
    assert asked.args is not None
    (request,) = asked.args
    assert isinstance(request, CopyRequest)
    assert request.text.startswith("curl ")
    assert "$REQUEST_TOKEN" in request.text
    assert secrets_in(request.text) == []
    assert not request.secret


@pytest.mark.parametrize(
    ("row", "secret"),
    [
        pytest.param(exchange(), True, id="with secrets"),
        pytest.param(exchange(url="http://h/a?b=c"), False, id="without"),
        pytest.param(exchange(url="http://u:pass@h/"), True, id="password"),
    ],
)
def test_copy_url_says_whether_it_is_a_secret(
    panel: TimelinePanel, qtbot: QtBot, row: HttpExchange, secret: bool
) -> None:
    panel.add_rows((row,))
    choose(panel, 0)
    with qtbot.waitSignal(panel.copy_requested) as asked:
        action(panel, "Copy URL").trigger()
    assert asked.args == [CopyRequest(row.url, "URL", secret=secret)]


def action(panel: TimelinePanel, text: str) -> QAction:
    menu = panel.findChild(QMenu)
    assert menu is not None
    return next(one for one in menu.actions() if one.text() == text)


def test_ctrl_c_in_the_table_copies_the_url(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.add_rows((exchange(url="http://h/a"),))
    choose(panel, 0)
    panel.activateWindow()
    table_of(panel).setFocus()
    with qtbot.waitSignal(panel.copy_requested) as asked:
        QTest.keySequence(table_of(panel), "Ctrl+C")
    assert asked.args == [CopyRequest("http://h/a", "URL")]


def test_actions_need_a_row(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.add_rows((exchange(),))
    for text in ("Open", "Copy as cURL", "Copy URL"):
        assert not action(panel, text).isEnabled()
    with qtbot.assertNotEmitted(panel.copy_requested):
        panel._on_copy_curl_requested()
        panel._on_copy_url_requested()
    panel._on_open_requested()
    assert not panel.findChildren(ExchangeView)


@pytest.mark.parametrize(
    "reason",
    [
        pytest.param(QContextMenuEvent.Reason.Mouse, id="mouse"),
        pytest.param(QContextMenuEvent.Reason.Keyboard, id="keyboard"),
    ],
)
def test_the_menu_opens_at_the_row(panel: TimelinePanel, reason: QContextMenuEvent.Reason) -> None:
    panel.add_rows((exchange(), exchange()))
    choose(panel, 0)
    table = table_of(panel)
    viewport = table.viewport()
    place = table.visualRect(table.currentIndex()).center()
    if reason is QContextMenuEvent.Reason.Keyboard:
        place = QPoint(place.x(), viewport.height() - 2)  # beneath the rows, where Qt may put it
    QApplication.sendEvent(viewport, QContextMenuEvent(reason, place, viewport.mapToGlobal(place)))
    menu = panel.findChild(QMenu)
    assert menu is not None
    assert menu.isVisible()
    assert [one.text() for one in menu.actions()] == ["Open", "Copy as cURL", "Copy URL"]
    assert all(one.isEnabled() for one in menu.actions())
    menu.close()


def test_no_menu_without_a_row(panel: TimelinePanel) -> None:
    panel.add_rows((exchange(),))
    panel._on_menu_requested(QPoint(1, 1))
    menu = panel.findChild(QMenu)
    assert menu is not None
    assert not menu.isVisible()


@pytest.mark.parametrize("way", ["enter", "keypad", "double-click", "menu"])
def test_a_row_opens(panel: TimelinePanel, qtbot: QtBot, way: str) -> None:
    panel.add_rows((exchange(), redirect()))
    choose(panel, 1)
    table = table_of(panel)
    if way == "enter":
        QTest.keyClick(table, Qt.Key.Key_Return)
    elif way == "keypad":
        QTest.keyClick(table, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    elif way == "double-click":
        place = table.visualRect(table.currentIndex()).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    else:
        action(panel, "Open").trigger()
    (view,) = panel.findChildren(ExchangeView)
    assert view.isVisible()
    assert not view.isModal()
    with qtbot.waitSignal(panel.copy_requested):
        next(one for one in view.findChildren(QPushButton) if one.text() == "Copy as cURL").click()
    with qtbot.waitSignal(view.destroyed):
        view.close()
    assert not panel.findChildren(ExchangeView)


def test_enter_without_a_row_opens_nothing(panel: TimelinePanel) -> None:
    panel.add_rows((exchange(),))
    QTest.keyClick(table_of(panel), Qt.Key.Key_Return)
    assert not panel.findChildren(ExchangeView)


def test_home_and_end_go_to_the_first_and_the_last_row(panel: TimelinePanel) -> None:
    panel.add_rows(many(30))
    table = table_of(panel)
    QTest.keyClick(table, Qt.Key.Key_Home)
    assert table.currentIndex().row() == 0
    QTest.keyClick(table, Qt.Key.Key_End)
    assert table.currentIndex().row() == 29
    QTest.keyClick(table, Qt.Key.Key_Up)
    assert table.currentIndex().row() == 28


def test_folded_it_is_one_line_with_count_and_latest(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.add_rows((exchange(), unanswered(), redirect()))
    with qtbot.waitSignal(panel.folded_changed) as changed:
        panel.set_folded(True)
    assert changed.args == [True]
    assert panel.is_folded
    assert not table_of(panel).isVisible()
    assert not field(panel).isVisible()
    shown = texts(panel)
    assert "3 · 1 failed" in shown
    names = [label.accessibleName() for label in panel.findChildren(QLabel)]
    assert "3 exchanges, 1 of them failed" in names
    assert any("GET /redirect?code=0_Ca…" in text and text.startswith("Latest: ") for text in shown)
    assert panel.sizeHint().height() < 60
    assert panel.sizePolicy().verticalPolicy() == panel.sizePolicy().Policy.Fixed


def test_folded_it_goes_on_counting(panel: TimelinePanel) -> None:
    panel.set_folded(True)
    panel.add_rows((exchange(),))
    assert "1" in texts(panel)
    panel.clear()
    assert "0" in texts(panel)
    assert not any(text.startswith("Latest") for text in texts(panel))


def test_the_button_folds_and_opens(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.add_rows(many(60))
    button(panel, "Fold").click()
    assert panel.is_folded
    panel.add_rows(many(60))
    with qtbot.waitSignal(panel.folded_changed) as changed:
        button(panel, "Open").click()
    assert changed.args == [False]
    assert table_of(panel).isVisible()
    bar = table_of(panel).verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())


def test_folding_twice_is_told_once(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.set_folded(True)
    with qtbot.assertNotEmitted(panel.folded_changed):
        panel.set_folded(True)


def test_focus_filter_opens_it_and_takes_what_is_typed(panel: TimelinePanel, qtbot: QtBot) -> None:
    panel.set_folded(True)
    panel.activateWindow()
    panel.focus_filter()
    assert not panel.is_folded
    qtbot.waitUntil(field(panel).hasFocus)
    QTest.keyClicks(field(panel), "abc")
    assert field(panel).text() == "abc"


def test_tab_goes_through_every_control_and_leaves_the_table(panel: TimelinePanel) -> None:
    panel.add_rows((exchange(),))
    choose(panel, 0)
    panel.activateWindow()
    field(panel).setFocus()
    met = []
    for _ in range(8):
        focused = QApplication.focusWidget()
        assert focused is not None
        met.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    names = [one.accessibleName() or getattr(one, "text", str)() for one in met]
    assert names == [
        "Filter of the timeline",
        "Direction",
        "Failed only",
        "Copy as cURL",
        "Export…",
        "Clear",
        "Fold",
        "Timeline",
    ]
    assert QApplication.focusWidget() is field(panel)


def test_render_changes_nothing(panel: TimelinePanel) -> None:
    panel.add_rows((exchange(),))
    before = panel.grab().toImage()
    panel.render(SessionView())
    panel.render(SessionView())
    assert panel.grab().toImage() == before


def test_it_fits_into_the_narrowest_window(panel: TimelinePanel) -> None:
    with look(_application(), "light"):
        panel.add_rows((exchange(url=f"http://h/{'x' * 5000}"),))
        assert panel.minimumSizeHint().width() <= 776


def _application() -> QApplication:
    found = QApplication.instance()
    assert isinstance(found, QApplication)
    return found


def test_failed_rows_take_their_colour_from_each_theme(panel: TimelinePanel) -> None:
    panel.add_rows((unanswered(),))
    role = Qt.ItemDataRole.ForegroundRole
    index = table_of(panel).model().index(0, Column.WHAT)
    with look(_application(), "light") as light:
        assert index.data(role) == QColor(light.danger)
    with look(_application(), "dark") as dark:
        assert index.data(role) == QColor(dark.danger)
        assert table_of(panel).palette().color(QPalette.ColorRole.Base) == QColor(dark.base)


def test_hostile_texts_stay_texts(panel: TimelinePanel) -> None:
    panel.add_rows((exchange(url="http://h/<b>x</b>\n?שלום=مرحبا"), unanswered(failure="<i>New</i>")))
    panel.set_folded(True)
    for label in panel.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert "<b>" not in label.toolTip()
