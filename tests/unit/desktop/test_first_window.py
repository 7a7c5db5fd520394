from __future__ import annotations

import http.client
import json
import os
import threading
from typing import TYPE_CHECKING

import pytest

from gui.desktop.first_window import ACTIVATION_TOKEN, FILE_NAME, Claim, Doorbell, be_first, bring_up_first_window
from tests.flow.scene import RawServer, closed_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Ear:
    """Hears the bell, and what goes wrong with it."""

    def __init__(self) -> None:
        self.rung = threading.Semaphore(0)
        self.tokens: list[str] = []
        self.faults: list[Exception] = []

    def ring(self, token: str) -> None:
        self.tokens.append(token)
        self.rung.release()


def noted(port: int) -> dict[str, object]:
    return {"port": port, "key": "k", "answer": "word"}


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def doorbell(tmp_path: Path, ear: Ear) -> Iterator[Doorbell]:
    bell = Doorbell(tmp_path, ear.ring, ear.faults.append)
    bell.start()
    yield bell
    bell.stop()
    assert ear.faults == []


@pytest.mark.usefixtures("doorbell")
def test_second_start_rings_at_the_first_window(tmp_path: Path, ear: Ear) -> None:
    assert bring_up_first_window(tmp_path)
    assert ear.rung.acquire(timeout=5)


def test_after_its_end_there_is_no_first_window(tmp_path: Path, doorbell: Doorbell, ear: Ear) -> None:
    doorbell.stop()
    assert not bring_up_first_window(tmp_path)
    assert not (tmp_path / FILE_NAME).exists()
    assert not ear.rung.acquire(blocking=False)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="no file"),
        pytest.param(b"", id="empty"),
        pytest.param(b"\xff", id="no text"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b"[" * 100_000, id="nested too deeply"),
        pytest.param(b'{"port": 1}', id="no key"),
        pytest.param(b'{"port": 1, "key": "k"}', id="no answer"),
        pytest.param(b'{"port": "x", "key": "k", "answer": "a"}', id="no port"),
        pytest.param(b'{"port": 99999999, "key": "k", "answer": "a"}', id="no such port"),
    ],
)
def test_file_of_something_else_is_no_window(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / FILE_NAME).write_bytes(content)
    assert not bring_up_first_window(tmp_path)


def test_window_that_was_killed_is_no_window(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(json.dumps(noted(closed_port())))
    assert not bring_up_first_window(tmp_path)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="200"),
        pytest.param(b"HTTP/1.1 204 No Content\r\nServer: somebody\r\n\r\n", id="204"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\nwelcome", id="a page"),
        pytest.param(b"HTTP/1.1 404 Not Found\r\n\r\nword", id="no window, though it knows the word"),
        pytest.param(b"SSH-2.0\r\n", id="no HTTP"),
        pytest.param(b"x" * 100_000, id="no end of it"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_port_that_somebody_else_has_by_now_is_no_window(tmp_path: Path, answer: bytes) -> None:
    """A window that is taken for open locks its user out of the program."""
    with RawServer(answer) as server:
        (tmp_path / FILE_NAME).write_text(json.dumps(noted(int(server.base_url.rpartition(":")[2]))))
        assert not bring_up_first_window(tmp_path)


def test_leave_to_come_to_the_front_is_passed_on(
    tmp_path: Path, doorbell: Doorbell, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert doorbell is not None
    monkeypatch.setenv(ACTIVATION_TOKEN, "made-up_1")
    assert bring_up_first_window(tmp_path)
    monkeypatch.delenv(ACTIVATION_TOKEN)
    assert bring_up_first_window(tmp_path)
    assert ear.tokens == ["made-up_1", ""]


def test_only_who_can_read_the_file_can_ring(tmp_path: Path, doorbell: Doorbell, ear: Ear) -> None:
    assert doorbell is not None
    word = json.loads((tmp_path / FILE_NAME).read_text())
    for method, path in (("POST", "/"), ("POST", f"/{word['key']}x"), ("GET", f"/{word['key']}")):
        connection = http.client.HTTPConnection("127.0.0.1", word["port"], timeout=5)
        connection.request(method, path)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (404, b"")
        connection.close()
    assert not ear.rung.acquire(blocking=False)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0


def test_word_of_a_window_that_is_open_is_never_overwritten(tmp_path: Path, doorbell: Doorbell, ear: Ear) -> None:
    word = (tmp_path / FILE_NAME).read_bytes()
    beside = Doorbell(tmp_path, ear.ring, ear.faults.append)
    beside.start()
    assert (tmp_path / FILE_NAME).read_bytes() == word
    beside.stop()
    assert bring_up_first_window(tmp_path)
    doorbell.stop()
    assert not bring_up_first_window(tmp_path)


def test_word_of_somebody_else_is_not_taken_back(tmp_path: Path, doorbell: Doorbell) -> None:
    (tmp_path / FILE_NAME).write_text(json.dumps(noted(1)))
    doorbell.stop()
    assert json.loads((tmp_path / FILE_NAME).read_text()) == noted(1)


def test_stopped_before_it_has_started_it_leaves_no_word(tmp_path: Path, ear: Ear) -> None:
    bell = Doorbell(tmp_path, ear.ring, ear.faults.append)
    bell.stop()
    bell.start()
    assert not (tmp_path / FILE_NAME).exists()
    assert Claim(tmp_path).take()


def test_second_start_waits_for_a_window_that_is_being_opened(tmp_path: Path, ear: Ear) -> None:
    """Two starts within half a second are one impatient user."""
    first = be_first(tmp_path)
    assert first is not None
    bell = Doorbell(tmp_path, ear.ring, ear.faults.append, first)
    asking = threading.Thread(target=lambda: answers.append(be_first(tmp_path, patience_s=30)))
    answers: list[Claim | None] = []
    asking.start()
    bell.start()
    asking.join(30)
    assert answers == [None]
    assert ear.rung.acquire(timeout=5)
    bell.stop()


def test_second_start_comes_after_a_first_one_that_was_ended(tmp_path: Path) -> None:
    first = be_first(tmp_path)
    assert first is not None
    second: list[Claim | None] = []
    asking = threading.Thread(target=lambda: second.append(be_first(tmp_path, patience_s=30)))
    asking.start()
    first.give_up()
    asking.join(30)
    (claim,) = second
    assert claim is not None
    assert not Claim(tmp_path).take()
    claim.give_up()
    assert Claim(tmp_path).take()


def test_second_start_does_not_wait_for_ever(tmp_path: Path) -> None:
    first = be_first(tmp_path)
    assert first is not None
    assert be_first(tmp_path, patience_s=0) is not None
    first.give_up()


def test_claim_makes_folders_that_are_its_users_alone(tmp_path: Path) -> None:
    claim = Claim(tmp_path / "home" / "state")
    assert claim.take()
    assert claim.take(), "it is held already"
    for path in (tmp_path / "home", tmp_path / "home" / "state"):
        assert path.stat().st_mode & 0o077 == 0
    claim.give_up()


def test_where_nothing_can_be_kept_there_is_no_other_window(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Claim(tmp_path / "file" / "state").take()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_pipe_in_the_place_of_the_note_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE_NAME)
    assert not bring_up_first_window(tmp_path)


def test_endless_note_is_not_read(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).symlink_to("/dev/zero")
    assert not bring_up_first_window(tmp_path)
    (tmp_path / FILE_NAME).unlink()
    (tmp_path / FILE_NAME).write_text(json.dumps(noted(closed_port())) + " " * 10_000, encoding="utf-8")
    assert not bring_up_first_window(tmp_path)
