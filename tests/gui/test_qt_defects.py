"""Two defects of PySide6 that this program was built around: whether the release in use has them.

6.12.0 on Python 3.11 loses a reference to None with every void call of Qt, and one to True with every disconnect();
after some thousand calls the process is aborted. And 6.11 can run a slot in the thread that emits.
"""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

CALLS = 20_000
DRIFT = 200
"""References that come and go by themselves: a hundredth of what the defect would lose."""


class Teller(QObject):
    """Tells from whatever thread `tell` is called in, and notes where it is heard."""

    told = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.heard_in: list[QThread] = []

    @Slot()
    def _on_told(self) -> None:
        self.heard_in.append(QThread.currentThread())

    def tell(self) -> None:
        self.told.emit()


def _drift(value: object, call: Callable[[], object]) -> int:
    """Return by how much the references to a value change over many calls."""
    call()  # what is made once is made now
    before = sys.getrefcount(value)
    for _ in range(CALLS):
        call()
    return abs(sys.getrefcount(value) - before)


def _stop(timer: QTimer) -> None:
    timer.stop()


def _reconnect(teller: Teller) -> None:
    teller.told.connect(teller._on_told)
    teller.told.disconnect(teller._on_told)


@pytest.mark.parametrize("value", [None, True], ids=["None", "True"])
def test_void_calls_lose_no_references(qtbot: QtBot, value: object) -> None:
    assert qtbot
    timer = QTimer()
    assert _drift(value, lambda: _stop(timer)) < DRIFT


@pytest.mark.parametrize("value", [None, True], ids=["None", "True"])
def test_disconnecting_loses_no_references(qtbot: QtBot, value: object) -> None:
    assert qtbot
    teller = Teller()
    assert _drift(value, lambda: _reconnect(teller)) < DRIFT


@pytest.mark.parametrize("value", [None, True], ids=["None", "True"])
def test_emitting_loses_no_references(qtbot: QtBot, value: object) -> None:
    assert qtbot
    teller = Teller()
    teller.told.connect(teller.heard_in.clear)
    assert _drift(value, teller.tell) < DRIFT


def test_drift_would_be_seen() -> None:
    kept: list[None] = []
    assert _drift(None, lambda: kept.append(None)) >= CALLS


@pytest.mark.parametrize("kind", [Qt.ConnectionType.AutoConnection, Qt.ConnectionType.QueuedConnection])
def test_a_slot_told_from_a_plain_thread_runs_in_the_thread_of_its_object(
    qtbot: QtBot, kind: Qt.ConnectionType
) -> None:
    teller = Teller()
    teller.told.connect(teller._on_told, kind)
    for _ in range(20):
        thread = threading.Thread(target=teller.tell)
        thread.start()
        thread.join()
    assert teller.heard_in == []  # queued: this thread has not been to its event loop since
    qtbot.waitUntil(lambda: len(teller.heard_in) == 20)
    assert set(teller.heard_in) == {teller.thread()}
    assert teller.thread() is QThread.currentThread()


def test_a_slot_beside_plain_methods_runs_in_the_thread_of_its_object(qtbot: QtBot) -> None:
    """The defect needs a receiver of which decorated and undecorated methods are connected."""

    class Mixed(Teller):
        def __init__(self) -> None:
            super().__init__()
            self.plainly_heard = 0

        def hear_plainly(self) -> None:
            self.plainly_heard += 1

    teller, mixed = Teller(), Mixed()
    teller.told.connect(mixed.hear_plainly, Qt.ConnectionType.QueuedConnection)
    teller.told.connect(mixed._on_told, Qt.ConnectionType.QueuedConnection)
    thread = threading.Thread(target=teller.tell)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(mixed.heard_in) and mixed.plainly_heard == 1)
    assert mixed.heard_in == [mixed.thread()]


def test_a_lambda_runs_in_the_thread_of_the_object_that_emits(qtbot: QtBot) -> None:
    """Why none is connected to a signal of an object in another thread: nothing brings it over to this one."""

    class Worker(Teller):
        @Slot()
        def _on_asked(self) -> None:
            self.told.emit()

    here, worker, thread = Teller(), Worker(), QThread()
    ran_in: list[int] = []
    worker.told.connect(lambda: ran_in.append(threading.get_ident()))
    worker.moveToThread(thread)
    here.told.connect(worker._on_asked)
    thread.start()
    here.tell()
    try:
        qtbot.waitUntil(lambda: len(ran_in) == 1)
    finally:
        thread.quit()
        assert thread.wait(5000)
    assert ran_in != [threading.get_ident()]
