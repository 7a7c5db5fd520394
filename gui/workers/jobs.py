"""The one door to background work: every call names both outcomes, and exactly one of them happens.

Neither happens where the caller has dropped the job. Outcomes arrive in the thread that `Jobs` lives in.
"""

from __future__ import annotations

import itertools
import queue
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from gui.concur.cancellation import Cancellation
from gui.workers.mailbox import Mailbox

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class Job:
    """One piece of work under way."""

    job_id: int
    cancellation: Cancellation = field(default_factory=Cancellation)
    dropped: bool = False

    def cancel(self) -> None:
        """Call the work off. It still ends in one of its outcomes."""
        self.cancellation.cancel()

    def drop(self) -> None:
        """Call the work off and take none of its outcomes; what it brings goes to `on_late`."""
        self.dropped = True
        self.cancellation.cancel()


@dataclass(frozen=True, slots=True)
class _Outcomes:
    job: Job
    on_success: Callable[[Any], None]
    on_error: Callable[[Exception], None]
    on_late: Callable[[Any], None] | None


@dataclass(frozen=True, slots=True)
class _Ended:
    job_id: int
    value: Any = field(repr=False)
    error: Exception | None = field(repr=False)


class Jobs:
    """Starts work in threads of its own and brings back what comes of it.

    Work in the same lane runs one after another, in the order of `start`; work without a lane at once. Threads are
    daemons: a call into the system that never comes back must not keep the program from ending.
    """

    def __init__(self, parent: QObject) -> None:
        self._ids = itertools.count(1)
        self._under_way: dict[int, _Outcomes] = {}
        self._threads: set[threading.Thread] = set()
        self._lanes: dict[str, queue.SimpleQueue[Callable[[], None] | None]] = {}
        self._ended: Mailbox[_Ended] = Mailbox(self._on_ended, parent)
        self._stopped = False

    def start(
        self,
        work: Callable[[Cancellation], T],
        on_success: Callable[[T], None],
        on_error: Callable[[Exception], None],
        *,
        lane: str = "",
        on_late: Callable[[T], None] | None = None,
    ) -> Job:
        """Run `work` in the background. After `stop` nothing is started, and no outcome comes."""
        job = Job(next(self._ids))
        if self._stopped:
            job.drop()
            return job
        self._under_way[job.job_id] = _Outcomes(job, on_success, on_error, on_late)

        def run() -> None:
            self._work(job, work)

        if lane:
            self._lane(lane).put(run)
        else:
            self._start_thread(f"job {job.job_id}", run)
        return job

    @property
    def idle(self) -> bool:
        """Whether nothing is under way."""
        return not self._under_way

    def stop(self, limit_s: float) -> bool:
        """Cancel everything, take no more outcomes, and wait for the threads at most that long.

        Returns whether all have ended. One that has not is left behind: it is a daemon.
        """
        self._stopped = True
        self._ended.close()
        for outcomes in self._under_way.values():
            outcomes.job.drop()
        self._under_way.clear()
        for lane in self._lanes.values():
            lane.put(None)
        deadline = time.monotonic() + limit_s
        for thread in tuple(self._threads):
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _lane(self, name: str) -> queue.SimpleQueue[Callable[[], None] | None]:
        if name not in self._lanes:
            tasks: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()

            def run() -> None:
                while (task := tasks.get()) is not None:
                    task()

            self._lanes[name] = tasks
            self._start_thread(f"lane {name}", run)
        return self._lanes[name]

    def _start_thread(self, name: str, run: Callable[[], None]) -> None:
        self._threads = {thread for thread in self._threads if thread.is_alive()}
        thread = threading.Thread(target=run, name=name, daemon=True)
        self._threads.add(thread)
        thread.start()

    def _work(self, job: Job, work: Callable[[Cancellation], object]) -> None:
        value: object = None
        failure: Exception | None = None
        try:
            value = None if self._stopped else work(job.cancellation)
        except Exception as error:  # noqa: BLE001  # the one door: whatever it is, somebody is waiting for an end
            failure = error
        self._ended.post(_Ended(job.job_id, value, failure))

    def _on_ended(self, batch: tuple[_Ended, ...]) -> None:
        for ended in batch:
            outcomes = self._under_way.pop(ended.job_id, None)
            if outcomes is not None:
                self._tell(outcomes, ended)

    def _tell(self, outcomes: _Outcomes, ended: _Ended) -> None:
        try:
            if outcomes.job.dropped:
                if ended.error is None and outcomes.on_late is not None:
                    outcomes.on_late(ended.value)
            elif ended.error is None:
                outcomes.on_success(ended.value)
            else:
                outcomes.on_error(ended.error)
        except Exception:  # noqa: BLE001  # the other ends of this batch must still be told
            sys.excepthook(*sys.exc_info())
