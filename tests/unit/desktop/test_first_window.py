from __future__ import annotations

import http.client
import json
import threading
from typing import TYPE_CHECKING

import pytest

from gui.desktop.first_window import FILE_NAME, Doorbell, bring_up_first_window
from tests.flow.scene import RawServer, closed_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Ear:
    """Hears the bell, and what goes wrong with it."""

    def __init__(self) -> None:
        self.rung = threading.Semaphore(0)
        self.faults: list[Exception] = []

    def ring(self) -> None:
        self.rung.release()


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
        pytest.param(b'{"port": 1}', id="no key"),
        pytest.param(b'{"port": "x", "key": "k"}', id="no port"),
        pytest.param(b'{"port": 99999999, "key": "k"}', id="no such port"),
    ],
)
def test_file_of_something_else_is_no_window(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / FILE_NAME).write_bytes(content)
    assert not bring_up_first_window(tmp_path)


def test_window_that_was_killed_is_no_window(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(json.dumps({"port": closed_port(), "key": "k"}))
    assert not bring_up_first_window(tmp_path)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n\r\n", b"SSH-2.0\r\n", b""])
def test_port_that_somebody_else_has_by_now_is_no_window(tmp_path: Path, answer: bytes) -> None:
    with RawServer(answer) as server:
        (tmp_path / FILE_NAME).write_text(json.dumps({"port": int(server.base_url.rpartition(":")[2]), "key": "k"}))
        assert not bring_up_first_window(tmp_path)


def test_only_who_can_read_the_file_can_ring(tmp_path: Path, doorbell: Doorbell, ear: Ear) -> None:
    assert doorbell is not None
    noted = json.loads((tmp_path / FILE_NAME).read_text())
    for method, path in (("POST", "/"), ("POST", f"/{noted['key']}x"), ("GET", f"/{noted['key']}")):
        connection = http.client.HTTPConnection("127.0.0.1", noted["port"], timeout=5)
        connection.request(method, path)
        assert connection.getresponse().status == 404
        connection.close()
    assert not ear.rung.acquire(blocking=False)
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0


def test_file_of_a_later_window_is_left_alone(tmp_path: Path, doorbell: Doorbell, ear: Ear) -> None:
    later = Doorbell(tmp_path, ear.ring, ear.faults.append)
    later.start()
    doorbell.stop()
    assert bring_up_first_window(tmp_path)
    later.stop()
