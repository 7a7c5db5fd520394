"""Faults of the program itself at bad moments: while it is being built, all the time, and while it stops."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

import gui.wiring
from gui.desktop.first_window import FILE_NAME, bring_up_first_window
from gui.flow.log_file import LOG_NAME
from gui.session.session import Session
from gui.store.folders import HOME_VARIABLE
from gui.store.secrets import OpenedStore
from gui.widgets.fault_dialog import FaultDialog
from gui.window import open_program
from tests.flow.window_scene import PATIENCE_MS, opened_window
from tests.gui.leftovers import Look
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from gui.window import WindowProgram


class Broken(RuntimeError):
    """A mistake made for a test."""


def break_down(*_arguments: object) -> None:
    raise Broken("made for a test")


@contextmanager
def program_alone(app: QApplication, home: Path) -> Iterator[WindowProgram]:
    """Open the program, faults and all; `opened_window` would fail the test at the first."""
    look = Look.of(app)
    app.setQuitOnLastWindowClosed(False)
    environ = {**os.environ, HOME_VARIABLE: str(home)}
    try:
        with open_program(environ, open_secrets=lambda _limit_s: OpenedStore(FakeSecrets(), None)) as program:
            yield program
    finally:
        look.put_back(app)


@pytest.mark.logs_warnings
@pytest.mark.parametrize("step", ["connect_views", "connect_menus", "connect_closing"])
def test_window_that_was_wired_by_half_can_be_closed(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    stopped = count_calls(monkeypatch, Session, "stop")
    monkeypatch.setattr(gui.wiring, step, break_down)
    with program_alone(qapp, tmp_path) as program:
        program.show()
        qtbot.waitUntil(lambda: program.window.findChild(FaultDialog) is not None, timeout=PATIENCE_MS)
        dialog = program.window.findChild(FaultDialog)
        assert isinstance(dialog, FaultDialog)
        qtbot.waitUntil(dialog.isVisible)
        assert "Broken" in dialog.report
        dialog.close()
        program.window.close()
        qtbot.waitUntil(lambda: not program.window.isVisible())
    assert len(stopped) == 1, "what listens and works already has to end"


def count_calls(monkeypatch: pytest.MonkeyPatch, kind: type, name: str) -> list[object]:
    """Note each call of a method, which is made all the same."""
    calls: list[object] = []
    method: Callable[[object], object] = getattr(kind, name)

    def noted(self: object) -> object:
        calls.append(self)
        return method(self)

    monkeypatch.setattr(kind, name, noted)
    return calls


@pytest.mark.logs_warnings
def test_window_can_be_used_while_something_fails_all_the_time(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    failed: list[int] = []

    def tick() -> None:
        failed.append(1)
        break_down()

    with program_alone(qapp, tmp_path) as program:
        with qtbot.waitSignal(program.ready, timeout=PATIENCE_MS):
            program.show()
        timer = QTimer(interval=5)
        timer.timeout.connect(tick)
        timer.start()
        qtbot.waitUntil(lambda: program.window.findChild(FaultDialog) is not None)
        dialog = program.window.findChild(FaultDialog)
        assert isinstance(dialog, FaultDialog)
        qtbot.waitUntil(dialog.isVisible)
        dialog.close()
        enough = len(failed) + 20
        qtbot.waitUntil(lambda: len(failed) > enough)
        timer.stop()
        assert not dialog.isVisible()


@pytest.mark.logs_warnings
def test_fault_while_it_stops_is_reported_and_redacted(
    qtbot: QtBot,
    qapp: QApplication,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    stop = Session.stop

    def failing_stop(session: Session) -> None:
        stop(session)
        sys.excepthook(Broken, Broken("hush-hush"), None)  # as Qt does with what a slot raises

    monkeypatch.setattr(Session, "stop", failing_stop)
    with program_alone(qapp, tmp_path) as program:
        with qtbot.waitSignal(program.ready, timeout=PATIENCE_MS):
            program.show()
        program._redactor.learn("hush-hush")
    said = capsys.readouterr().err
    logged = (tmp_path / "log" / LOG_NAME).read_text(encoding="utf-8")
    for text in (said, logged):
        assert "Broken" in text
        assert "hush-hush" not in text


@pytest.mark.logs_warnings
def test_fault_of_the_imports_is_logged_at_once(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.window._BESIDE_THE_LOOP", ("gui.not_there",))
    with program_alone(qapp, tmp_path) as program:
        program.show()
        log = tmp_path / "log" / LOG_NAME
        qtbot.waitUntil(
            lambda: log.is_file() and "gui.not_there" in log.read_text(encoding="utf-8"), timeout=PATIENCE_MS
        )


def test_first_paint_after_the_end_starts_nothing(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    with program_alone(qapp, tmp_path) as program:
        pass
    program._on_first_paint()
    qtbot.wait(0)
    assert program._warming is None


def test_second_start_is_not_sent_to_a_window_that_goes(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = Session.stop
    found: list[bool] = []

    def asked_while_stopping(session: Session) -> None:
        found.append((tmp_path / "state" / FILE_NAME).exists() or bring_up_first_window(tmp_path / "state"))
        stop(session)

    monkeypatch.setattr(Session, "stop", asked_while_stopping)
    with opened_window(qtbot, tmp_path) as scene:
        scene.until((tmp_path / "state" / FILE_NAME).exists)
    assert found == [False]


@pytest.mark.logs_warnings
def test_start_that_fails_says_so_in_a_dialog_and_in_the_log(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def look_and_close(dialog: FaultDialog) -> int:
        assert dialog.isVisible()
        seen.append(dialog.whole_text)
        dialog.close()
        return 0

    monkeypatch.setattr(FaultDialog, "exec", look_and_close)
    monkeypatch.setattr("gui.window.ProfileBar", break_down)
    with pytest.raises(Broken), program_alone(qapp, tmp_path):
        pytest.fail("there is no window")
    (report,) = seen
    assert report.startswith("App Center Flow ")
    assert "Broken: made for a test" in report
    (log,) = tmp_path.rglob(LOG_NAME)
    assert "no window" in log.read_text(encoding="utf-8")
