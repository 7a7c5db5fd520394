from __future__ import annotations

import threading
from datetime import UTC, datetime

from gui.concur.models import Direction, HttpExchange, Operation
from gui.flow.timeline import Timeline


def row(number: int) -> HttpExchange:
    return HttpExchange(
        direction=Direction.OUT,
        operation=Operation.PROBE,
        started_at=datetime(2024, 5, 6, tzinfo=UTC),
        duration_ms=float(number),
        method="GET",
        url="http://127.0.0.1/",
        request_headers=(),
        request_body=b"",
        status=200,
        reason="",
        response_headers=(),
        response_body=b"",
        sent=True,
        complete=True,
        failure=None,
    )


def test_rows_come_oldest_first() -> None:
    timeline = Timeline()
    rows = [row(number) for number in range(3)]
    for one in rows:
        timeline.add(one)
    assert timeline.rows() == tuple(rows)


def test_past_the_bound_the_oldest_go() -> None:
    timeline = Timeline(rows_kept=2)
    for number in range(5):
        timeline.add(row(number))
    assert [one.duration_ms for one in timeline.rows()] == [3.0, 4.0]


def test_clear_drops_every_row_and_keeps_the_listeners() -> None:
    timeline = Timeline()
    heard: list[HttpExchange] = []
    timeline.on_add(heard.append)
    timeline.add(row(1))
    timeline.clear()
    assert timeline.rows() == ()
    timeline.add(row(2))
    assert [one.duration_ms for one in heard] == [1.0, 2.0]


def test_a_listener_may_look_at_the_rows_and_finds_its_own_there() -> None:
    timeline = Timeline()
    seen: list[int] = []
    timeline.on_add(lambda _row: seen.append(len(timeline.rows())))
    timeline.add(row(1))
    timeline.add(row(2))
    assert seen == [1, 2]


def test_many_threads_lose_no_row() -> None:
    timeline = Timeline()
    heard: list[float] = []
    timeline.on_add(lambda one: heard.append(one.duration_ms))

    def add(start: int) -> None:
        for number in range(start, start + 200):
            timeline.add(row(number))

    threads = [threading.Thread(target=add, args=(start,)) for start in range(0, 1000, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.duration_ms for one in timeline.rows()) == [float(number) for number in range(1000)]
    assert sorted(heard) == [float(number) for number in range(1000)]
