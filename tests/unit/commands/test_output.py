from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

import pytest

from gui.commands.output import printable, say, say_error, say_result, words
from gui.commands.streams import prepare_output
from gui.concur.errors import AccessDenied, HostNotFound
from gui.concur.models import Operation

if TYPE_CHECKING:
    from pathlib import Path


def test_people_are_told_on_stderr_and_results_are_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert say("for people")
    assert say_result("a result")
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("a result\n", "for people\n")


def test_an_error_is_what_happened_what_it_means_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    error = HostNotFound(operation=Operation.EXCHANGE, host="concur.example")
    say_error(error)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "concur.example cannot be found"
    assert len(lines) == 3
    assert all(line.startswith("  ") for line in lines[1:])
    assert words(error).splitlines() == lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b]0;title\x07\x1b[31m", "�]0;title��[31m", id="escape sequences"),
        pytest.param("a\u202eb\u2066c", "a�b�c", id="direction marks"),
        pytest.param("a\tb\nc\r\n", "a\tb\nc\r\n", id="layout stays"),
        pytest.param("Grüße, 東京", "Grüße, 東京", id="letters stay"),
    ],
)
def test_what_a_terminal_would_act_on_is_taken_out(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_outside_words_reach_the_terminal_without_control_characters(capsys: pytest.CaptureFixture[str]) -> None:
    say_error(AccessDenied(error="no\x1b[2J", description="way\x07"))
    assert not {"\x1b", "\x07"} & set(capsys.readouterr().err)


def test_an_old_console_gets_escapes(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp437", newline="\n"))
    prepare_output()
    assert say_result("→ ok")
    assert raw.getvalue() == b"\\u2192 ok\n"


def test_a_windowed_build_has_no_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    prepare_output()
    assert say("nobody reads this")
    assert say_result("nor this")


def test_a_closed_pipe_is_told_and_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert not say_result("too late")
        assert say_result("leads to nowhere now")
        monkeypatch.undo()


def test_a_closed_stream_raises_nothing(tmp_path: Path) -> None:
    stream = (tmp_path / "out").open("w")
    stream.close()
    assert not say("too late", to=stream)
