"""Started twice, and with a mistake of the program's own: the one window goes on."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from gui.desktop.first_window import FILE_NAME
from gui.notices import Happening
from gui.session_state import State
from gui.widgets.fault_dialog import FaultDialog
from tests.flow.scene import command, environment
from tests.flow.window_scene import opened_window
from tests.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot


def test_second_start_brings_the_first_window_to_the_front(qtbot: QtBot, tmp_path: Path) -> None:
    with opened_window(qtbot, tmp_path) as scene:
        scene.until((tmp_path / "state" / FILE_NAME).exists)
        scene.window.showMinimized()
        scene.until(lambda: bool(scene.window.windowState() & Qt.WindowState.WindowMinimized))
        env = environment(tmp_path, QT_QPA_PLATFORM="offscreen")
        with subprocess.Popen(command(), env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as second:
            scene.until(lambda: second.poll() is not None, limit_ms=30_000)
            said = second.communicate()[1]
        assert second.returncode == 0
        assert said == "App Center Flow is open already: its window was brought to the front.\n"
        scene.until(lambda: not scene.window.windowState() & Qt.WindowState.WindowMinimized)
    assert not (tmp_path / "state" / FILE_NAME).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a program in no order")
def test_two_starts_at_once_are_one_window(tmp_path: Path) -> None:
    """An impatient user double-clicks twice, long before the first window can be found."""
    env = environment(tmp_path, QT_QPA_PLATFORM="offscreen")
    with ExitStack() as stack:
        starts = []
        for _ in range(2):
            start = subprocess.Popen(command(), env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            starts.append(stack.enter_context(start))
            stack.callback(start.kill)
        wait_until("one of the two ends", lambda: any(start.poll() is not None for start in starts))
        second, first = sorted(starts, key=lambda start: start.poll() is None)
        assert second.returncode == 0
        assert "open already" in second.communicate()[1]
        assert first.poll() is None
        assert (tmp_path / "state" / FILE_NAME).exists()
        first.terminate()
        assert first.wait(30) == 0
        assert not (tmp_path / "state" / FILE_NAME).exists()


def test_mistake_of_the_program_is_shown_with_a_report_and_the_window_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    with opened_window(qtbot, tmp_path) as scene:
        scene.program.on_fault("ValueError", "Traceback\nValueError: x\n")
        assert scene.dialog(FaultDialog).report == "Traceback\nValueError: x"
        scene.until(lambda: any(notice.subject is Happening.PROGRAM_FAULT for notice in scene.view.notices))
        scene.dialog(FaultDialog).close()
        scene.session.listener.simulate_app_center()
        scene.until_state(State.CONNECTED)
