from __future__ import annotations

import errno
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.store.errors import (
    DiskFull,
    FileNotWritten,
    FileUnreadable,
    FolderNotWritable,
    StoredFileCorrupt,
    StoredFileError,
    StoredFileNewer,
)
from gui.store.files import DocumentKind, read_document, set_aside, write_atomically, write_document
from gui.store.folders import find_folders
from tests.unit.store.fakes import NOW, clock

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "canary-91ab"
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="POSIX")


@dataclass(frozen=True)
class Tea:
    sort: str
    minutes: int = 3


TEA = DocumentKind("test/tea", 2, Tea, StoredFileCorrupt, StoredFileNewer)


def test_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "tea.json"
    assert read_document(path, TEA, clock) is None
    write_document(path, TEA, Tea("Grün", 2))
    assert read_document(path, TEA, clock) == Tea("Grün", 2)
    write_document(path, TEA, Tea("Schwarz"), sync_folder=False)
    assert read_document(path, TEA, clock) == Tea("Schwarz")
    assert [file.name for file in path.parent.iterdir()] == ["tea.json"]


@posix_only
def test_only_the_owner_may_read(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "tea.json"
    write_document(path, TEA, Tea("x"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file")
    with pytest.raises(FolderNotWritable) as raised:
        write_document(tmp_path / "folder" / "tea.json", TEA, Tea("x"))
    assert raised.value.path == tmp_path / "folder"
    assert raised.value.__context__ is None


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param(errno.ENOSPC, DiskFull, id="no space"),
        pytest.param(errno.EDQUOT, DiskFull, id="quota"),
        pytest.param(errno.EROFS, FolderNotWritable, id="read-only file system"),
        pytest.param(errno.EACCES, FolderNotWritable, id="not allowed"),
        pytest.param(errno.EIO, FileNotWritten, id="input/output error"),
    ],
)
@pytest.mark.parametrize("step", ["os.fsync", "tempfile.mkstemp"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    step: str, number: int, expected: type[StoredFileError], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tea.json"
    write_document(path, TEA, Tea("old"))

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, CANARY)

    with monkeypatch.context() as patch:
        patch.setattr(f"gui.store.files.{step}", fail)
        with pytest.raises(expected) as raised:
            write_document(path, TEA, Tea("new"))
    assert CANARY not in repr(raised.value)
    assert read_document(path, TEA, clock) == Tea("old")
    assert [file.name for file in tmp_path.iterdir()] == ["tea.json"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    if not sys.platform.startswith("linux") or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full(small_disk: Path) -> None:
    path = small_disk / "tea.json"
    write_document(path, TEA, Tea("old"))
    with pytest.raises(DiskFull):
        write_atomically(path, b"x" * 40_000)
    assert read_document(path, TEA, clock) == Tea("old")
    assert [file.name for file in small_disk.iterdir()] == ["tea.json"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "Input data was truncated", id="empty"),
        pytest.param(b'{"format": "test/tea", "vers', "Input data was truncated", id="cut off"),
        pytest.param(b'{"format": "test/tea", "version": 2}', "missing required field `sort`", id="field missing"),
        pytest.param(b'{"format": "test/tea", "version": 2, "sort": 7}', "at `$.sort`", id="wrong type"),
        pytest.param(b'{"format": "other", "version": 2, "sort": "x"}', "at `$.format`", id="another format"),
        pytest.param(b'{"sort": "canary-91ab"}', "missing required field `format`", id="no format"),
        pytest.param(b'{"format":"test/tea","version":2,"sort":"x","minutes":"canary-91ab"}', "at `$.minutes`", id="t"),
        pytest.param(b'{"format": "test/tea", "version": 2, "sort": "\xff"}', "UTF-8", id="not UTF-8"),
        pytest.param(b"canary-91ab", "JSON is malformed", id="no JSON"),
        pytest.param(b"[" * 100_000, "", id="deep"),
        pytest.param(b" " * (1 << 21), "larger than", id="huge"),
    ],
)
def test_a_corrupt_file_is_set_aside_whole(content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "tea.json"
    path.write_bytes(content)
    with pytest.raises(StoredFileCorrupt) as raised:
        read_document(path, TEA, clock)
    corrupt = raised.value
    assert reason in corrupt.reason
    assert CANARY not in repr(corrupt)
    assert corrupt.set_aside == tmp_path / "tea.corrupt-20240506T070809Z.json"
    assert corrupt.set_aside.read_bytes() == content
    assert not path.exists()


def test_set_aside_replaces_no_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "tea.json"
    for number in range(3):
        path.write_text(str(number))
        assert set_aside(path, NOW) is not None
    kept = sorted(file.name for file in tmp_path.iterdir())
    assert kept == [f"tea.corrupt-20240506T070809Z{tail}.json" for tail in ("-2", "-3", "")]
    assert (tmp_path / kept[2]).read_text() == "0"


def test_what_cannot_be_set_aside_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "tea.json"
    path.write_text("{")

    def fail(*_: object) -> None:
        raise PermissionError(errno.EACCES, "")

    monkeypatch.setattr(Path, "replace", fail)
    assert set_aside(path, NOW) is None
    assert [file.name for file in tmp_path.iterdir()] == ["tea.json"]


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "tea.json"
    path.write_text('{"format": "test/tea", "version": 3, "leaves": []}')
    with pytest.raises(StoredFileNewer) as raised:
        read_document(path, TEA, clock)
    assert (raised.value.found_version, raised.value.known_version) == (3, 2)
    assert "leaves" in path.read_text()


def test_an_unreadable_file(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable) as raised:
        read_document(tmp_path, TEA, clock)
    assert raised.value.reason == "EISDIR"
    assert "move it away" in raised.value.advice_text


@posix_only
def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "loop.json").symlink_to("loop.json")
    with pytest.raises(FileUnreadable) as raised:
        read_document(tmp_path / "loop.json", TEA, clock)
    assert "move it away" in raised.value.advice_text


def test_folders_follow_the_one_variable(tmp_path: Path) -> None:
    folders = find_folders({"APP_CENTER_FLOW_HOME": str(tmp_path)})
    assert {folders.config.parent, folders.state.parent, folders.log.parent} == {tmp_path}
    assert len({folders.config, folders.state, folders.log}) == 3


def test_folders_of_the_system_are_absolute_and_not_made() -> None:
    folders = find_folders({})
    for folder in (folders.config, folders.state, folders.log):
        assert folder.is_absolute()
        assert "App Center Flow" in str(folder)


def test_a_relative_home_does_not_move_with_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_folders({"APP_CENTER_FLOW_HOME": "here"}).config == tmp_path / "here" / "config"
