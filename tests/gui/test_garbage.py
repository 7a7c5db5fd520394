from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QTimer

from gui.workers import garbage
from gui.workers.garbage import GarbageCollection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class Knot:
    """Keeps itself alive."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def parent() -> Iterator[QObject]:
    owner = QObject()
    yield owner
    owner.deleteLater()


@pytest.fixture
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "LOOKED_AT_MS", 10)


def old_garbage() -> weakref.ref[Knot]:
    """Leave garbage behind that only a full collection finds, and make one due."""
    gc.collect()
    knot = Knot()
    reference = weakref.ref(knot)
    for _ in range(garbage.DUE_AFTER):
        gc.collect(1)
    return reference


def test_python_is_left_the_young_only_and_gets_the_rest_back(parent: QObject) -> None:
    before = gc.get_threshold()
    collection = GarbageCollection(parent)
    young, middle, everything = gc.get_threshold()
    assert (young, middle) == before[:2]
    assert everything > 1_000_000
    collection.close()
    assert gc.get_threshold() == before


@pytest.mark.usefixtures("_quick")
def test_all_is_collected_when_nothing_happens(qtbot: QtBot, parent: QObject) -> None:
    collection = GarbageCollection(parent)
    left = old_garbage()
    assert left() is not None
    qtbot.waitUntil(lambda: left() is None)
    collection.close()


@pytest.mark.usefixtures("_quick")
def test_it_waits_while_objects_are_made(qtbot: QtBot, parent: QObject) -> None:
    left = old_garbage()
    collection = GarbageCollection(parent)
    beats: list[int] = []
    busy = QTimer(parent)
    busy.timeout.connect(lambda: beats.append(gc.collect(0)))  # as it is when some hundreds have been made
    busy.start(0)
    qtbot.waitUntil(lambda: len(beats) > 500)
    assert left() is not None
    busy.stop()
    qtbot.waitUntil(lambda: left() is None)
    collection.close()


def test_the_program_itself_is_left_out_until_the_end(parent: QObject) -> None:
    collection = GarbageCollection(parent)
    knot = Knot()
    collection.leave_out_what_is_there()
    assert not any(one is knot for one in gc.get_objects())
    collection.close()
    assert any(one is knot for one in gc.get_objects())
    assert gc.get_freeze_count() == 0
