"""Starts programs with a window, one after the other, and takes the time until each is seen."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.pixels import watched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.bench.pixels import Pixels
    from tests.real_window import RealDisplay

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 30.0
_WHERE = (300, 200)
"""A point inside every window that is measured: without a window manager they stand in the top left corner."""

BARE_WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication(sys.argv)
app.setStyle("Fusion")
window = QMainWindow()
window.resize(1120, 760)
window.show()
sys.exit(app.exec())
"""
"""What any program with a window takes at least: the measure of all others."""

FROM_SOURCE = {
    "bare window": [sys.executable, "-c", BARE_WINDOW],
    "our window": [sys.executable, str(ROOT / "main.py")],
}


def clean_environment(display: RealDisplay, home: Path) -> dict[str, str]:
    """Return the environment of a subject: a display, folders of its own, no session bus."""
    own = {"APP_CENTER_FLOW_HOME": str(home), "DBUS_SESSION_BUS_ADDRESS": "disabled:", "PYTHONDONTWRITEBYTECODE": ""}
    return {**display.environment(), **own}


def first_paints(
    display: RealDisplay, subjects: Mapping[str, Sequence[str]], rounds: int, rest_s: float = 0.3
) -> dict[str, float]:
    """Return the median of milliseconds from the start of a process to its first paint; the rounds are interleaved."""
    times: dict[str, list[float]] = {name: [] for name in subjects}
    with tempfile.TemporaryDirectory() as home, watched(display.name) as pixels:
        environment = clean_environment(display, Path(home))
        for number in range(rounds + 1):
            for name, command in _turned(subjects, number):
                took = _one_start(pixels, command, environment)
                time.sleep(rest_s)
                if number:  # the first round fills the caches
                    times[name].append(took * 1000)
    return {name: statistics.median(values) for name, values in times.items()}


def _turned(subjects: Mapping[str, Sequence[str]], number: int) -> Iterator[tuple[str, Sequence[str]]]:
    names = list(subjects)
    for name in names if number % 2 else reversed(names):
        yield name, subjects[name]


def _one_start(pixels: Pixels, command: Sequence[str], environment: dict[str, str]) -> float:
    before = pixels.at(*_WHERE)
    started = time.monotonic()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            return pixels.wait_for_change(*_WHERE, before, LIMIT_S) - started
        finally:
            process.terminate()
            try:
                process.wait(LIMIT_S)
            except subprocess.TimeoutExpired:
                process.kill()


def load() -> str:
    """Return what else the machine does: a ratio is worth little on a busy one."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
