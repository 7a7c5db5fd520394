from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from gui.workers.newest import Newest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class Shown:
    """What was handed over, one after the other. Values are numbers; negative ones can wait for what comes."""

    def __init__(self, parent: QObject) -> None:
        self.values: list[int] = []
        self.newest = Newest(0, lambda before, after: before >= 0 > after, parent)
        self.newest.handed_over.connect(self.values.append)

    def take(self, *values: int) -> None:
        for value in values:
            self.newest.take(value)


@pytest.fixture
def shown(qtbot: QtBot) -> Iterator[Shown]:  # noqa: ARG001  # for its loop
    parent = QObject()
    yield Shown(parent)
    parent.deleteLater()


def test_of_values_of_one_turn_the_last_is_handed_over_after_it(shown: Shown) -> None:
    shown.take(1, 2, 3)
    assert shown.values == []
    QApplication.processEvents()
    assert shown.values == [3]
    shown.take(4)
    QApplication.processEvents()
    assert shown.values == [3, 4]


def test_what_can_wait_is_not_handed_over_where_more_comes_soon(shown: Shown) -> None:
    shown.take(1, -2)
    QApplication.processEvents()
    assert shown.values == []
    shown.take(3)
    QApplication.processEvents()
    assert shown.values == [3]


def test_what_can_wait_is_handed_over_after_a_moment(shown: Shown, qtbot: QtBot) -> None:
    shown.take(-1)
    qtbot.waitUntil(lambda: shown.values == [-1])
    shown.take(-2)  # it has been seen that there is something to wait for
    QApplication.processEvents()
    assert shown.values == [-1, -2]


def test_more_that_can_wait_does_not_put_it_off(shown: Shown, qtbot: QtBot) -> None:
    taken = iter(range(1, 1_000_000))

    def one_more_is_shown() -> bool:
        shown.take(-next(taken))
        return bool(shown.values)

    qtbot.waitUntil(one_more_is_shown)


def test_the_same_value_is_handed_over_once(shown: Shown) -> None:
    shown.take(1)
    QApplication.processEvents()
    shown.take(2, shown.values[0])
    QApplication.processEvents()
    assert shown.values == [1]
