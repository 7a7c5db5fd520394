"""What is made after the first paint: nothing that can be seen changes, and Tab reaches it where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from gui.session_view import SessionView
from gui.widgets.main_window import MainWindow
from gui.widgets.profile_bar import ProfileBar
from gui.widgets.rest import Rest
from gui.widgets.timeline_panel import TimelinePanel
from gui.widgets.token_panel import TokenPanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def window_of(qtbot: QtBot, size: tuple[int, int], *, rest_later: bool) -> MainWindow:
    window = MainWindow(ProfileBar(), TokenPanel(rest_later=rest_later), TimelinePanel(rest_later=rest_later))
    qtbot.addWidget(window)
    if not rest_later:
        window.banner.rest.make_all()
    window.render(SessionView())
    window.resize(*size)
    with qtbot.waitExposed(window):
        window.show()
    return window


def make_rest(window: MainWindow) -> None:
    for part in (window.token_panel, window.timeline_panel, window.banner):
        assert isinstance(part, TokenPanel | TimelinePanel) or part is window.banner
        part.rest.make_all()


def places(window: MainWindow) -> list[tuple[str, tuple[int, ...]]]:
    seen = [widget for widget in window.findChildren(QWidget) if widget.isVisible()]
    return [(type(widget).__name__, (*widget.pos().toTuple(), *widget.size().toTuple())) for widget in seen]


def tab_order(window: MainWindow) -> list[str]:
    names: list[str] = []
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window:
        if widget.focusPolicy().value:
            names.append(f"{type(widget).__name__} {widget.accessibleName()} {widget.objectName()}")
        widget = widget.nextInFocusChain()
    return names


@pytest.mark.parametrize("size", [(1120, 760), (800, 600), (720, 480)], ids=["first", "low", "least"])
def test_nothing_moves_when_the_rest_is_made(qtbot: QtBot, size: tuple[int, int]) -> None:
    window = window_of(qtbot, size, rest_later=True)
    before = places(window)
    make_rest(window)
    window.banner.repaint()
    qtbot.wait(0)
    assert places(window) == before


def test_tab_reaches_the_rest_where_it_stands(qtbot: QtBot) -> None:
    at_once = window_of(qtbot, (1120, 760), rest_later=False)
    later = window_of(qtbot, (1120, 760), rest_later=True)
    assert tab_order(later) != tab_order(at_once)
    make_rest(later)
    assert tab_order(later) == tab_order(at_once)


def test_a_notice_does_not_wait(qtbot: QtBot) -> None:
    from gui.notices import Happening, Notice, Severity  # noqa: PLC0415  # read here alone

    window = window_of(qtbot, (1120, 760), rest_later=True)
    window.render(SessionView(notices=(Notice(1, Severity.ERROR, Happening.PROGRAM_FAULT, "KeyError"),)))
    assert window.banner.isVisible()
    assert not window.banner.rest.make_next()


def test_pieces_are_made_in_their_order_and_once(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    made: list[int] = []
    rest = Rest(place, lambda: made.append(1), lambda: made.append(2))
    assert rest.make_next()
    assert made == [1]
    rest.make_all()
    assert not rest.make_next()
    assert made == [1, 2]
