from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from gui.workers.jobs import Jobs
from gui.workers.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from gui.concur.cancellation import Cancellation


class Outcomes:
    """Hears of both ends, and in which thread."""

    def __init__(self) -> None:
        self.values: list[object] = []
        self.errors: list[Exception] = []
        self.late: list[object] = []
        self.threads: set[int] = set()

    def succeed(self, value: object) -> None:
        self.values.append(value)
        self.threads.add(threading.get_ident())

    def fail(self, error: Exception) -> None:
        self.errors.append(error)
        self.threads.add(threading.get_ident())


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:  # noqa: ARG001  # for its loop
    parent = QObject()
    made = Jobs(parent)
    yield made
    assert made.stop(5.0)


@pytest.fixture
def outcomes() -> Outcomes:
    return Outcomes()


def test_value_comes_back_in_the_thread_that_asked(qtbot: QtBot, jobs: Jobs, outcomes: Outcomes) -> None:
    worker: list[int] = []

    def work(_cancellation: Cancellation) -> int:
        worker.append(threading.get_ident())
        return 5

    jobs.start(work, outcomes.succeed, outcomes.fail)
    qtbot.waitUntil(lambda: jobs.idle)
    assert outcomes.values == [5]
    assert outcomes.errors == []
    assert outcomes.threads == {threading.get_ident()}
    assert worker != [threading.get_ident()]


def test_any_exception_comes_back(qtbot: QtBot, jobs: Jobs, outcomes: Outcomes) -> None:
    def work(_cancellation: Cancellation) -> None:
        raise ZeroDivisionError

    jobs.start(work, outcomes.succeed, outcomes.fail)
    qtbot.waitUntil(lambda: jobs.idle)
    assert outcomes.values == []
    assert [type(error) for error in outcomes.errors] == [ZeroDivisionError]


def test_lane_keeps_the_order_and_one_thread(qtbot: QtBot, jobs: Jobs, outcomes: Outcomes) -> None:
    threads: list[int] = []

    def work_of(number: int) -> object:
        def work(_cancellation: Cancellation) -> int:
            threads.append(threading.get_ident())
            return number

        return work

    for number in range(50):
        jobs.start(work_of(number), outcomes.succeed, outcomes.fail, lane="one")  # type: ignore[arg-type]  # made above
    qtbot.waitUntil(lambda: jobs.idle)
    assert outcomes.values == list(range(50))
    assert len(set(threads)) == 1


def test_cancelled_work_hears_of_it_and_still_ends(qtbot: QtBot, jobs: Jobs, outcomes: Outcomes) -> None:
    def work(cancellation: Cancellation) -> str:
        heard = threading.Event()
        cancellation.on_cancel(heard.set)
        return "cancelled" if heard.wait(10) else "not heard"

    job = jobs.start(work, outcomes.succeed, outcomes.fail)
    job.cancel()
    qtbot.waitUntil(lambda: jobs.idle)
    assert outcomes.values == ["cancelled"]


def test_dropped_work_has_no_outcome_but_is_told_to_who_asked_for_late_ones(
    qtbot: QtBot, jobs: Jobs, outcomes: Outcomes
) -> None:
    let_go = threading.Event()

    def work(_cancellation: Cancellation) -> str:
        assert let_go.wait(10)
        return "late"

    job = jobs.start(work, outcomes.succeed, outcomes.fail, on_late=outcomes.late.append)
    job.drop()
    let_go.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert (outcomes.values, outcomes.errors, outcomes.late) == ([], [], ["late"])


def test_fault_in_one_outcome_does_not_keep_the_others(
    qtbot: QtBot, jobs: Jobs, outcomes: Outcomes, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[object] = []
    monkeypatch.setattr("sys.excepthook", lambda *details: faults.append(details[0]))
    let_go = threading.Event()

    def work(_cancellation: Cancellation) -> int:
        assert let_go.wait(10)
        return 1

    def bad(_value: int) -> None:
        raise ValueError

    jobs.start(work, bad, outcomes.fail)
    jobs.start(work, outcomes.succeed, outcomes.fail)
    let_go.set()
    qtbot.waitUntil(lambda: jobs.idle)
    assert outcomes.values == [1]
    assert faults == [ValueError]


def test_stop_cancels_what_is_under_way_and_nothing_comes_after_it(jobs: Jobs, outcomes: Outcomes) -> None:
    def work(cancellation: Cancellation) -> str:
        heard = threading.Event()
        cancellation.on_cancel(heard.set)
        assert heard.wait(10)
        return "over"

    jobs.start(work, outcomes.succeed, outcomes.fail)
    assert jobs.stop(5.0)
    jobs.start(work, outcomes.succeed, outcomes.fail)
    assert jobs.idle
    assert outcomes.values == []


def test_stop_does_not_wait_for_what_does_not_come_back(qtbot: QtBot, outcomes: Outcomes) -> None:  # noqa: ARG001
    parent, let_go = QObject(), threading.Event()
    jobs = Jobs(parent)

    def work(_cancellation: Cancellation) -> None:
        assert let_go.wait(20)

    jobs.start(work, outcomes.succeed, outcomes.fail)
    assert not jobs.stop(0.05)
    let_go.set()


# The mailbox


def test_mailbox_hands_over_in_order_from_any_thread(qtbot: QtBot) -> None:
    parent = QObject()
    got: list[int] = []
    mailbox: Mailbox[int] = Mailbox(got.extend, parent)

    def post() -> None:
        for number in range(1000):
            mailbox.post(number)

    thread = threading.Thread(target=post)
    thread.start()
    qtbot.waitUntil(lambda: len(got) == 1000)
    thread.join()
    assert got == list(range(1000))


def test_mailbox_with_an_interval_hands_over_in_few_batches(qtbot: QtBot) -> None:
    parent = QObject()
    batches: list[tuple[int, ...]] = []
    mailbox: Mailbox[int] = Mailbox(batches.append, parent, interval_ms=20)
    for number in range(500):
        mailbox.post(number)
    qtbot.waitUntil(lambda: sum(map(len, batches)) == 500)
    assert len(batches) == 1


def test_closed_mailbox_hands_over_nothing(qtbot: QtBot) -> None:
    parent = QObject()
    got: list[int] = []
    mailbox: Mailbox[int] = Mailbox(got.extend, parent)
    mailbox.post(1)
    mailbox.close()
    mailbox.post(2)
    with qtbot.waitCallback() as passed:
        marker: Mailbox[int] = Mailbox(passed, parent)
        marker.post(3)
    assert got == []
