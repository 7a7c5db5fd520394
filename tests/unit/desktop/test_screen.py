"""Each in a process of its own: what is found out is about a process that has not loaded Qt yet."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.real_parts import skip_without

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[3]
ASK = """
import os, sys
from gui.desktop.screen import screen_problem
problem = screen_problem(os.environ)
assert not any(name.startswith("PySide6") for name in sys.modules)
print(problem)
"""
THEN_SHOW = """
from PySide6.QtGui import QGuiApplication
print("shown by", QGuiApplication([]).platformName())
"""

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what is looked at is Linux's")


def asked(environ: Mapping[str, str], script: str = ASK, *, options: tuple[str, ...] = ()) -> str:
    """Run the question with nothing of this process's desktop in the environment, and return the answer."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"} and not name.startswith("QT_")
    }
    done = subprocess.run(
        [sys.executable, *options, "-c", script],
        cwd=ROOT,
        env={**inherited, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def plugin_without_its_library(folder: Path, name: str) -> None:
    """Put a copy of Qt's X11 plugin there that asks for a library that does not exist."""
    found = find_spec("PySide6")
    assert found is not None
    assert found.submodule_search_locations is not None
    original = Path(found.submodule_search_locations[0], "Qt", "plugins", "platforms", "libqxcb.so").read_bytes()
    assert b"libQt6XcbQpa.so.6" in original
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(original.replace(b"libQt6XcbQpa.so.6", b"libQt6XcbNil.so.6"))


@pytest.fixture
def display() -> Iterator[str]:
    program = shutil.which("Xvfb")
    if program is None:
        skip_without("Xvfb")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({}, id="nothing set"),
        pytest.param({"DISPLAY": ""}, id="empty display"),
        pytest.param({"QT_QPA_PLATFORM": "xcb"}, id="X11 asked for"),
        pytest.param({"QT_QPA_PLATFORM": "xcb", "WAYLAND_DISPLAY": "wayland-0"}, id="X11 asked for on Wayland"),
        pytest.param({"QT_QPA_PLATFORM": "wayland;xcb"}, id="either asked for"),
    ],
)
def test_no_screen(environ: dict[str, str]) -> None:
    said = asked(environ)
    assert said.startswith("The window cannot be shown here, because there is no screen")
    assert said.endswith("try: self-test.")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("environ", "screen"),
    [
        pytest.param({"DISPLAY": ":7654"}, ":7654", id="X11"),
        pytest.param({"DISPLAY": "no display at all"}, "no display at all", id="nonsense"),
        pytest.param({"WAYLAND_DISPLAY": "wayland-9"}, "wayland-9", id="Wayland without a folder"),
        pytest.param({"WAYLAND_DISPLAY": "wayland-9", "XDG_RUNTIME_DIR": "/nowhere"}, "wayland-9", id="Wayland"),
        pytest.param({"DISPLAY": ":7654", "WAYLAND_DISPLAY": "wayland-9"}, "wayland-9", id="both"),
    ],
)
def test_screen_out_of_reach(environ: dict[str, str], screen: str) -> None:
    said = asked(environ)
    assert f"because the screen {screen} does not answer or does not let us in" in said
    assert "self-test" in said


@pytest.mark.parametrize("name", ["offscreen", "offscreen:size=800x600", "minimal", "wayland;offscreen"])
def test_no_screen_is_needed(name: str) -> None:
    assert asked({"QT_QPA_PLATFORM": name}) == "None"


def test_platform_that_is_not_known_here() -> None:
    assert asked({"QT_QPA_PLATFORM": "something-new"}) == "None"


def test_screen_that_is_there(display: str) -> None:
    assert asked({"DISPLAY": display}, ASK + THEN_SHOW).splitlines() == ["None", "shown by xcb"]


def test_x11_where_wayland_does_not_answer(display: str) -> None:
    said = asked({"DISPLAY": display, "WAYLAND_DISPLAY": "wayland-9"}, ASK + THEN_SHOW)
    assert said.splitlines() == ["None", "shown by xcb"]


def test_library_of_the_plugin_is_missing(display: str, tmp_path: Path) -> None:
    plugin_without_its_library(tmp_path, "libqxcb.so")
    said = asked({"DISPLAY": display, "QT_QPA_PLATFORM_PLUGIN_PATH": str(tmp_path)})
    assert "because a library that Qt needs is missing (libQt6XcbNil.so.6)" in said
    assert "self-test" in said


def test_library_of_qt_is_missing(tmp_path: Path) -> None:
    plugin_without_its_library(tmp_path / "PySide6" / "Qt" / "lib", "libQt6Core.so.6")
    (tmp_path / "PySide6" / "__init__.py").write_text("")
    said = asked({"PYTHONPATH": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"})
    assert "because a library that Qt needs is missing (libQt6XcbNil.so.6)" in said
    assert "self-test" in said


def test_pyside6_is_not_installed() -> None:
    said = asked({"DISPLAY": ":7654"}, options=("-S",))
    assert said == (
        "The window cannot be shown here, because PySide6 is not installed; without a screen, try: self-test."
    )


AS_IN_A_BUNDLE = """
import ctypes
real = ctypes.CDLL
def cdll(name, *rest):
    try:
        return real(name, *rest)
    except OSError as error:
        raise OSError("dll was not found when the application was frozen.") from error
ctypes.CDLL = cdll
"""


def test_library_of_the_plugin_is_missing_in_a_bundle(display: str, tmp_path: Path) -> None:
    plugin_without_its_library(tmp_path, "libqxcb.so")
    said = asked({"DISPLAY": display, "QT_QPA_PLATFORM_PLUGIN_PATH": str(tmp_path)}, AS_IN_A_BUNDLE + ASK)
    assert "because a library that Qt needs is missing (libQt6XcbNil.so.6)" in said
