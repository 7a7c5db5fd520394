from __future__ import annotations

import threading

from gui.concur.cancellation import Cancellation


def test_callback_runs_once() -> None:
    heard: list[str] = []
    cancellation = Cancellation()
    cancellation.on_cancel(lambda: heard.append("first"))
    before = cancellation.cancelled
    cancellation.cancel()
    cancellation.cancel()
    assert (before, cancellation.cancelled) == (False, True)
    assert heard == ["first"]


def test_too_late_is_told_at_once() -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    heard: list[int] = []
    forget = cancellation.on_cancel(lambda: heard.append(threading.get_ident()))
    forget()
    assert heard == [threading.get_ident()]


def test_taken_back_is_not_told() -> None:
    heard: list[str] = []
    cancellation = Cancellation()
    forget = cancellation.on_cancel(lambda: heard.append("gone"))
    cancellation.on_cancel(lambda: heard.append("stays"))
    forget()
    forget()
    cancellation.cancel()
    forget()
    assert heard == ["stays"]


def test_callback_may_ask_and_cancel_again() -> None:
    cancellation = Cancellation()
    heard: list[bool] = []

    def again() -> None:
        cancellation.cancel()
        heard.append(cancellation.cancelled)

    cancellation.on_cancel(again)
    cancellation.cancel()
    assert heard == [True]


def test_every_callback_is_told_exactly_once_from_many_threads() -> None:
    for _ in range(20):
        cancellation = Cancellation()
        heard: list[int] = []
        gate = threading.Barrier(4)

        def listen(
            first: int,
            cancellation: Cancellation = cancellation,
            heard: list[int] = heard,
            gate: threading.Barrier = gate,
        ) -> None:
            gate.wait(10)
            for number in range(first, first + 50):
                cancellation.on_cancel(lambda number=number: heard.append(number))  # type: ignore[misc]

        threads = [threading.Thread(target=listen, args=(start,)) for start in (0, 50, 100)]
        for thread in threads:
            thread.start()
        gate.wait(10)
        cancellation.cancel()
        for thread in threads:
            thread.join(10)
        assert sorted(heard) == list(range(150))
