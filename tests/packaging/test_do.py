"""What `.ci/do.py bundle` asks of a bundle, tried on programs that answer for one."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.packaging.scripts import script

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the stand-ins are scripts with a first line")
OPEN = """
import os, pathlib, time
state = pathlib.Path(os.environ["APP_CENTER_FLOW_HOME"], "state")
state.mkdir(parents=True)
"""
WAIT = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
(state / "window.json").write_text("{}")
time.sleep(60)
"""
NEVER = "import time; time.sleep(60)\n"
FAULT = """
import os, pathlib
log = pathlib.Path(os.environ["APP_CENTER_FLOW_HOME"], "log")
log.mkdir(parents=True)
(log / "app-center-flow.log").write_text("ERROR fault\\nTraceback (most recent call last):\\nBroken: here\\n")
"""


@pytest.fixture
def do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:  # noqa: ANN401  # a script
    module = script("do")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    return module


def program(folder: Path, source: str) -> Path:
    path = folder / "program"
    path.write_text(f"#!{sys.executable}\n{source}")
    path.chmod(0o755)
    return path


def test_window_that_opens_is_ended(do: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    started: list[subprocess.Popen[bytes]] = []

    class Noted(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # as Popen
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Noted)
    assert do.open_window_once(program(tmp_path, OPEN + WAIT)) == 0
    assert [process.poll() is not None for process in started] == [True]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("raise SystemExit('no platform plugin')\n", id="ends"),
        pytest.param(OPEN + WAIT.replace("sys.exit(0)", "sys.exit(1)"), id="ends badly"),
        pytest.param(NEVER, id="never opens"),
        pytest.param(FAULT + OPEN + WAIT, id="opens with a fault"),
    ],
)
def test_window_that_does_not_open_well_ends_the_build(
    do: Any,  # noqa: ANN401
    tmp_path: Path,
    source: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert do.open_window_once(program(tmp_path, source), limit_s=1.0 if source == NEVER else 20.0) == 1
    said = capfd.readouterr().err
    assert "did not open" in said
    for reason in ("no platform plugin", "Broken: here"):
        assert (reason in said) == (reason in source)


def test_earlier_window_is_no_proof(do: Any, tmp_path: Path) -> None:  # noqa: ANN401
    (tmp_path / "build" / "first-window" / "state").mkdir(parents=True)
    (tmp_path / "build" / "first-window" / "state" / "window.json").write_text("{}")
    assert do.open_window_once(program(tmp_path, NEVER), limit_s=0.5) == 1


def test_without_a_screen_the_window_is_opened_without_one(
    do: Any,  # noqa: ANN401
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    told = tmp_path / "told"
    source = f"import os; open({str(told)!r}, 'w').write(os.environ.get('QT_QPA_PLATFORM', 'none'))\n"
    do.open_window_once(program(tmp_path, source))
    assert told.read_text() == ("offscreen" if sys.platform == "linux" else "none")


@pytest.mark.parametrize("code", [0, 1])
def test_self_test_says_what_it_found_where_it_fails(
    do: Any,  # noqa: ANN401
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    code: int,
) -> None:
    """A windowed program has no terminal; what it writes into a file can be printed."""
    source = f"import sys, os; print(sys.argv[1:]); os.write(2, b'in other words'); sys.exit({code})\n"
    assert do.self_test(program(tmp_path, source)) == code
    said = capfd.readouterr().out
    assert ("['self-test', '--json']" in said) == bool(code)
    assert ("in other words" in said) == bool(code)
