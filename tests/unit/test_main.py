"""What happens before anything of the program is imported. Each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ASK = """
import signal, sys, types
stand_in = types.ModuleType("gui.app")
stand_in.main = lambda: {answer}
sys.modules["gui.app"] = stand_in
sys.argv = {arguments}
before = signal.getsignal(signal.SIGINT)  # a shell's background job comes with it ignored
import main
sys.exit(main.run())
"""


def code_of(answer: str, arguments: tuple[str, ...] = ("main.py",), **streams: object) -> int:
    """Run main.py's `run` with something else in the program's place, and return its exit code."""
    script = ASK.format(answer=answer, arguments=list(arguments))
    return subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False, timeout=60, **streams).returncode  # type: ignore[call-overload,no-any-return]  # subprocess types them one by one


def test_ctrl_c_while_the_window_starts_ends_the_process_at_once() -> None:
    assert code_of("int(signal.getsignal(signal.SIGINT) is signal.SIG_DFL)") == 1


def test_ctrl_c_in_a_subcommand_is_what_it_was() -> None:
    arguments = ("main.py", "self-test")
    assert code_of("int(signal.getsignal(signal.SIGINT) is before is not signal.SIG_DFL)", arguments) == 1


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a program without streams has no numbers for them either")
def test_streams_that_are_closed_are_taken_by_nothing_else() -> None:
    def close() -> None:
        for number in (0, 1, 2):
            os.close(number)

    answer = "__import__('os').open('/dev/zero', 0)"
    assert code_of(answer, preexec_fn=close) == 3
    assert code_of(answer) >= 3
