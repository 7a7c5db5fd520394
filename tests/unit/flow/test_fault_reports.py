from __future__ import annotations

import io
import logging
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from gui.concur.redaction import Redactor
from gui.flow.fault_reports import HeldBack, redacted_fault_reports

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.logs_warnings


class Kept(logging.Handler):
    """Where records go once there is somewhere for them to go."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


class BrokenStream(io.StringIO):
    """A terminal that has been closed while the program goes on."""

    def write(self, _text: str) -> int:
        raise BrokenPipeError


def raise_to_hook() -> None:
    sys.excepthook(LookupError, LookupError("hush-hush"), None)


@pytest.fixture
def held() -> Iterator[HeldBack]:
    held = HeldBack()
    yield held
    held.hand_over()


@pytest.fixture
def kept(held: HeldBack) -> Iterator[Kept]:
    handler = Kept()
    yield handler
    held.logger.removeHandler(handler)


def closed_stream() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param(BrokenStream(), id="broken"),
        pytest.param(closed_stream(), id="closed"),
        pytest.param(None, id="none"),
    ],
)
def test_stderr_that_is_gone_keeps_nobody_from_hearing(
    held: HeldBack, kept: Kept, monkeypatch: pytest.MonkeyPatch, stream: io.StringIO | None
) -> None:
    heard: list[tuple[str, str]] = []
    redactor = Redactor()
    redactor.learn("hush-hush")
    with redacted_fault_reports(held.logger, redactor, lambda *told: heard.append(told)):
        monkeypatch.setattr(sys, "stderr", stream)
        raise_to_hook()
        monkeypatch.undo()
    held.logger.addHandler(kept)
    held.hand_over()
    ((name, report),) = heard
    assert name == "LookupError"
    for text in (report, *kept.texts):
        assert "LookupError" in text
        assert "hush-hush" not in text
    assert len(kept.texts) == 1


def test_what_hears_of_faults_may_fail_and_the_log_has_it(held: HeldBack, kept: Kept) -> None:
    def break_down(_name: str, _report: str) -> None:
        raise RuntimeError

    held.logger.addHandler(kept)
    with redacted_fault_reports(held.logger, Redactor(), break_down), pytest.raises(RuntimeError):
        raise_to_hook()
    assert ["LookupError" in text for text in kept.texts] == [True]


def test_record_that_comes_while_the_log_is_opened_is_not_lost(held: HeldBack, kept: Kept) -> None:
    """A thread may have looked for the handlers of the logger before they were exchanged."""
    record = held.logger.makeRecord("late", logging.ERROR, __file__, 1, "late", (), None)
    held.logger.addHandler(kept)
    held.hand_over()
    held.handle(record)
    assert kept.texts == ["late"]
    assert held.empty


def test_nothing_comes_between_taking_off_and_handing_over(held: HeldBack, kept: Kept) -> None:
    held.logger.addHandler(kept)
    count = 200

    def talk() -> None:
        for number in range(count):
            held.logger.error("%d", number)

    talking = threading.Thread(target=talk)
    held.logger.error("first")
    talking.start()
    held.hand_over()
    talking.join()
    assert {*kept.texts} == {"first", *(str(number) for number in range(count))}
    assert held.empty
