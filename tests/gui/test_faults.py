from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from gui.concur.redaction import Redactor
from gui.faults import Faults, about_this_program
from gui.widgets.fault_dialog import FaultDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.session_requests import CopyRequest

REPORT = 'Traceback (most recent call last):\n  File "a.py", line {line}, in tick\n    fail()\nValueError: {fact}\n'
LOGGER = "tests.faults"


class Scene:
    """A window whose faults are shown."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.told: list[str] = []
        self.copied: list[CopyRequest] = []
        self.redactor = Redactor()
        self.faults = Faults(
            self.window, logging.getLogger(LOGGER), self.redactor, tell=self.told.append, copy=self.copied.append
        )

    def fail(self, report: str, name: str = "ValueError") -> None:
        """Let a fault be heard and dealt with."""
        before = len(self.told)
        self.faults.hear(name, report)
        self.qtbot.waitUntil(lambda: len(self.told) > before)

    @property
    def dialog(self) -> FaultDialog:
        found = self.window.findChild(FaultDialog)
        assert isinstance(found, FaultDialog)
        return found


@pytest.fixture
def scene(qtbot: QtBot) -> Scene:
    return Scene(qtbot)


def test_fault_is_told_and_shown(scene: Scene) -> None:
    scene.fail(REPORT.format(line=1, fact="x"))
    assert scene.told == ["ValueError"]
    assert scene.dialog.isVisible()
    assert scene.dialog.report == REPORT.format(line=1, fact="x").rstrip()


def test_dialog_that_was_closed_does_not_come_back_with_the_same_fault(scene: Scene) -> None:
    """What fails twenty times a second would leave nothing of the window to be used."""
    for fact in range(5):
        scene.fail(REPORT.format(line=1, fact=fact))
    assert scene.dialog.report == REPORT.format(line=1, fact=0).rstrip()
    assert scene.dialog._count.text() == "5 reports"
    scene.dialog.close()
    scene.fail(REPORT.format(line=1, fact="again"))
    assert not scene.dialog.isVisible()


@pytest.mark.parametrize(
    ("report", "name"),
    [
        pytest.param(REPORT.format(line=2, fact="x"), "ValueError", id="at another place"),
        pytest.param(REPORT.format(line=1, fact="x"), "KeyError", id="of another type"),
        pytest.param("no traceback", "ValueError", id="without a place"),
    ],
)
def test_another_fault_brings_it_up_again(scene: Scene, report: str, name: str) -> None:
    scene.fail(REPORT.format(line=1, fact="x"))
    scene.dialog.close()
    scene.fail(report, name)
    assert scene.dialog.isVisible()
    assert scene.dialog.report == report.rstrip()


@pytest.mark.logs_warnings
def test_fault_in_what_shows_faults_is_logged_and_not_shown(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Shown, it would be the next one to be shown, and so on for ever."""
    scene.redactor.learn("hush-hush")

    def break_down(_dialog: FaultDialog, _report: str) -> None:
        raise RuntimeError("broken dialog, hush-hush")

    monkeypatch.setattr(FaultDialog, "show_report", break_down)
    scene.fail("one")
    scene.fail("two")
    assert scene.told == ["ValueError", "ValueError"]
    said = [record.getMessage() for record in caplog.records]
    assert ["broken dialog" in one for one in said] == [True, True]
    assert "hush-hush" not in caplog.text


@pytest.mark.logs_warnings
def test_dialog_comes_where_the_window_itself_is_broken(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    def break_down(_name: str) -> None:
        raise RuntimeError("broken window")

    scene = Scene(qtbot)
    faults = Faults(scene.window, logging.getLogger(LOGGER), scene.redactor, tell=break_down, copy=scene.copied.append)
    faults.hear("ValueError", "one")
    qtbot.waitUntil(lambda: scene.window.findChild(FaultDialog) is not None)
    assert scene.dialog.report == "one"
    assert "broken window" in caplog.text


def test_report_is_copied(scene: Scene) -> None:
    scene.fail("one")
    scene.dialog._copy.click()
    assert [request.text for request in scene.copied] == [f"{about_this_program()}\n\none"]


def test_after_the_end_nothing_is_shown(scene: Scene, qtbot: QtBot) -> None:
    scene.faults.close()
    scene.faults.hear("ValueError", "late")
    qtbot.wait(0)
    assert scene.told == []
