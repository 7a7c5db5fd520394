from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

from gui.concur.models import Operation
from gui.messages import OPERATIONS
from gui.session_state import State
from gui.session_view import Activity
from gui.widgets.activity_line import ActivityLine
from tests.gui.samples import NOW, clock, consistent, view_of

if TYPE_CHECKING:
    from datetime import datetime

    from pytestqt.qtbot import QtBot


def line_with(qtbot: QtBot) -> ActivityLine:
    line = ActivityLine(clock)
    qtbot.addWidget(line)
    return line


@pytest.mark.parametrize("operation", list(Operation))
def test_what_since_when(qtbot: QtBot, operation: Operation) -> None:
    line = line_with(qtbot)
    line.render(replace(view_of(State.EXCHANGING), activity=Activity(operation, NOW - timedelta(seconds=12))))
    assert line.text.whole_text == f"{OPERATIONS[operation]}, since 12 s"


def test_clock_set_back(qtbot: QtBot) -> None:
    line = line_with(qtbot)
    line.render(replace(view_of(State.EXCHANGING), activity=Activity(Operation.PROBE, NOW + timedelta(seconds=12))))
    assert line.text.whole_text.endswith("since 0 s")


def test_seconds_pass(qtbot: QtBot) -> None:
    times = [NOW]

    def now() -> datetime:
        return times[-1]

    line = ActivityLine(now)
    qtbot.addWidget(line)
    line.render(view_of(State.EXCHANGING))
    timer = line.findChild(QTimer)
    assert isinstance(timer, QTimer)
    assert timer.isActive()
    assert timer.interval() == 1000
    timer.setInterval(0)
    times.append(NOW + timedelta(seconds=7))
    qtbot.waitUntil(lambda: line.text.whole_text.endswith("since 10 s"))
    line.render(view_of(State.CONNECTED))
    assert not timer.isActive()
    assert line.text.whole_text == ""


def test_cancel(qtbot: QtBot) -> None:
    line = line_with(qtbot)
    line.render(view_of(State.EXCHANGING))
    with qtbot.waitSignal(line.cancel_requested):
        line.cancel_button.click()


def test_cancelling(qtbot: QtBot) -> None:
    line = line_with(qtbot)
    cancelling = Activity(Operation.EXCHANGE, NOW, cancelling=True)
    line.render(consistent(replace(view_of(State.EXCHANGING), activity=cancelling)))
    assert not line.cancel_button.isEnabled()
    assert line.text.whole_text == "cancelling: exchange of the request token"


def test_what_cannot_be_cancelled(qtbot: QtBot) -> None:
    line = line_with(qtbot)
    line.render(view_of(State.WIPING))
    assert not line.cancel_button.isEnabled()
