"""A real X display for tests: Xvfb, 1600x1000, no window manager; xdotool for hands and ImageMagick for eyes.

Where they are not installed the tests are skipped; with APP_CENTER_FLOW_REAL_PARTS=required they fail instead.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.real_parts import skip_without

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE = (1600, 1000)
START_LIMIT_S = 20.0
STOP_LIMIT_S = 5.0
COMMAND_LIMIT_S = 30.0
_PROGRAMS = {"Xvfb": "Xvfb", "xdotool": "xdotool", "import": "ImageMagick"}


@dataclass(frozen=True)
class RealDisplay:
    """A display that is ready; programs find it through `environment()`."""

    name: str

    def environment(self) -> dict[str, str]:
        """Return the environment of a program that shall show its windows there."""
        # No bus: a screen reader or an input method of the machine would be asked.
        own = {"DISPLAY": self.name, "QT_QPA_PLATFORM": "xcb", "QT_SCALE_FACTOR": "1", "NO_AT_BRIDGE": "1"}
        return {name: value for name, value in os.environ.items() if name != "WAYLAND_DISPLAY"} | own

    def xdotool(self, *arguments: str) -> str:
        """Run xdotool and return what it says; `search --sync` waits until a window is there."""
        return self._run("xdotool", *arguments).strip()

    def window(self, title: str) -> str:
        """Wait until a window with that title is seen, give it the focus, and return its id.

        The title is a regular expression. Without a window manager nobody else gives the focus.
        """
        found = self.xdotool("search", "--sync", "--onlyvisible", "--name", title).split()[-1]
        self.xdotool("windowfocus", "--sync", found)
        return found

    def key(self, *keys: str) -> None:
        """Press keys by xdotool's names, such as "ctrl+l" or "Return"."""
        self.xdotool("key", "--clearmodifiers", *keys)

    def type_text(self, text: str) -> None:
        """Type a text into what has the focus."""
        self.xdotool("type", "--clearmodifiers", "--delay", "5", "--", text)

    def click(self, x: int, y: int) -> None:
        """Click where the display has this point."""
        self.xdotool("mousemove", "--sync", str(x), str(y), "click", "1")

    def screenshot(self, path: Path) -> None:
        """Write a PNG of the whole display."""
        self._run("import", "-silent", "-window", "root", str(path))

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=COMMAND_LIMIT_S,
            check=False,
        )
        if done.returncode != 0:
            pytest.fail(f"{' '.join(command[:2])} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout


@pytest.fixture(scope="session")
def _display() -> Iterator[RealDisplay]:
    with running_display() as display:
        yield display


@pytest.fixture
def real_display(_display: RealDisplay) -> RealDisplay:
    """Give a display of its own to the tests of this run; each starts its programs on it and ends them."""
    return _display


@contextmanager
def running_display() -> Iterator[RealDisplay]:
    if sys.platform in {"win32", "darwin"}:
        pytest.skip("Xvfb is for Linux")
    for program, package in _PROGRAMS.items():
        if shutil.which(program) is None:
            skip_without(package)
    reading, writing = os.pipe()
    # Xvfb picks a number that is free, and writes it when it is ready to be connected to.
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writing,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        yield RealDisplay(f":{_number(reading)}")
    finally:
        os.close(reading)
        server.terminate()
        try:
            server.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _number(reading: int) -> str:
    written = b""
    while not written.endswith(b"\n"):
        ready, _, _ = select.select([reading], [], [], START_LIMIT_S)
        piece = os.read(reading, 16) if ready else b""
        if not piece:
            pytest.fail("Xvfb did not start")
        written += piece
    return written.decode().strip()
