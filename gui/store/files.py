"""JSON documents on disk: written whole or not at all, versioned, and set aside where they are corrupt."""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NoReturn, TypeVar

import msgspec

from gui.store.errors import (
    DiskFull,
    FileNotWritten,
    FileUnreadable,
    FolderNotWritable,
    StoredFileCorrupt,
    StoredFileError,
    StoredFileNewer,
)
from gui.store.folders import make_private_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

T = TypeVar("T")

DOCUMENT_LIMIT_BYTES = 1 << 20
"""No document of this program comes near; a larger file is something else."""

_FULL = {errno.ENOSPC, errno.EDQUOT}
_NOT_WRITABLE = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.EEXIST,  # mkdir where a file stands
    errno.ENOENT,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.EISDIR,
}
NO_REGULAR_FILE = "no regular file"
_REPLACE_ATTEMPTS = 10
_REPLACE_PAUSE_S = 0.02


class _Head(msgspec.Struct):
    format: str
    version: int


@dataclass(frozen=True, slots=True)
class DocumentKind(Generic[T]):
    """One sort of document: its marker and version, its type, and the errors that name it."""

    marker: str
    """Value of the field "format", so that no other JSON file is taken for it."""
    version: int
    content: type[T]
    corrupt: type[StoredFileCorrupt]
    newer: type[StoredFileNewer]


def write_document(path: Path, kind: DocumentKind[T], content: T, *, sync_folder: bool = True) -> None:
    """Write the content under the kind's marker and version; see `write_atomically`."""
    fields = msgspec.to_builtins(content)
    document = {"format": kind.marker, "version": kind.version, **fields}
    write_atomically(
        path, msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n", sync_folder=sync_folder
    )


def write_atomically(path: Path, content: bytes, *, sync_folder: bool = True) -> None:
    """Replace the file as a whole: after a crash or a full disk the old content stands, or the new one, never a part.

    The file is readable by its owner alone, and so is its folder where it has to be made. `sync_folder=False` saves
    a few milliseconds: after a loss of power the old file may be back.
    Raises `DiskFull`, `FolderNotWritable` or `FileNotWritten`.
    """
    failure = _try_to_write(path, content, sync_folder=sync_folder)
    if failure is not None:
        raise failure


def _try_to_write(path: Path, content: bytes, *, sync_folder: bool) -> StoredFileError | None:
    temporary = None
    try:
        make_private_folder(path.parent)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-", suffix=".tmp")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _replace(temporary, path)
        temporary = None
        if sync_folder:
            _sync_folder(path.parent)
    except OSError as failure:
        return _not_written(path, failure)
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
    return None


def _replace(temporary: Path, path: Path) -> None:
    for _ in range(_REPLACE_ATTEMPTS if sys.platform == "win32" else 0):
        # A virus scanner or another window that reads the file keeps Windows from replacing it, for a moment.
        with suppress(PermissionError):
            temporary.replace(path)
            return
        time.sleep(_REPLACE_PAUSE_S)
    temporary.replace(path)


def _sync_folder(folder: Path) -> None:
    """Make the new name last; Windows has no such call for folders."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _not_written(path: Path, failure: OSError) -> StoredFileError:
    if failure.errno in _FULL:
        return DiskFull(path=path)
    if failure.errno in _NOT_WRITABLE:
        return FolderNotWritable(path=path.parent)
    return FileNotWritten(path=path, reason=error_name(failure))


def error_name(failure: OSError) -> str:
    """Return the symbolic name of the system's error: "EIO"."""
    return errno.errorcode.get(failure.errno or 0, type(failure).__name__)


def remove_file(path: Path) -> None:
    """Remove the file; that it is gone already is fine. Raises `FolderNotWritable` or `FileNotWritten`."""
    failure: StoredFileError | None = None
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        failure = _not_written(path, error)
    if failure is not None:
        raise failure


def read_file(path: Path) -> bytes | None:
    """Return the content, one byte more than the limit at most; None where there is no file.

    Raises `FileUnreadable`.
    """
    reason = ""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):  # to open a pipe would wait for its writer, for ever perhaps
            return _no_file(path, mode)
        with path.open("rb") as file:
            return file.read(DOCUMENT_LIMIT_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as failure:
        reason = error_name(failure)
    raise FileUnreadable(path=path, reason=reason)


def _no_file(path: Path, mode: int) -> NoReturn:
    raise FileUnreadable(path=path, reason="EISDIR" if stat.S_ISDIR(mode) else NO_REGULAR_FILE)


def read_document(path: Path, kind: DocumentKind[T], clock: Callable[[], datetime]) -> T | None:
    """Return the document, or None where there is no file.

    Raises `FileUnreadable`; the kind's `newer` error, the file untouched; the kind's `corrupt` error, the file set
    aside, so that the next write destroys nothing.
    """
    raw = read_file(path)
    if raw is None:
        return None
    found = decode(raw, _Head)
    if isinstance(found, str):
        _raise_corrupt(path, kind, found, clock)
    if found.format != kind.marker:
        _raise_corrupt(path, kind, "another format - at `$.format`", clock)
    if found.version < 1:
        _raise_corrupt(path, kind, "no version that there was - at `$.version`", clock)
    if found.version > kind.version:
        raise kind.newer(path=path, found_version=found.version, known_version=kind.version)
    content = decode(raw, kind.content)
    if isinstance(content, str):
        _raise_corrupt(path, kind, content, clock)
    return content


def decode(raw: bytes, to: type[T]) -> T | str:
    """Return the document, or a reason with the place in it. `to` must not be str.

    msgspec's reasons name types and fields and quote values of enums alone: no document here has one.
    """
    if len(raw) > DOCUMENT_LIMIT_BYTES:
        return f"larger than {DOCUMENT_LIMIT_BYTES} bytes"
    try:
        return msgspec.json.decode(raw, type=to)
    except (msgspec.DecodeError, UnicodeDecodeError) as failure:
        return "not UTF-8" if isinstance(failure, UnicodeDecodeError) else str(failure)
    except RecursionError:
        return "nested too deeply"


def _raise_corrupt(path: Path, kind: DocumentKind[T], reason: str, clock: Callable[[], datetime]) -> NoReturn:
    raise kind.corrupt(path=path, set_aside=set_aside(path, clock()), reason=reason)


def set_aside(path: Path, now: datetime, word: str = "corrupt") -> Path | None:
    """Rename a corrupt file to `<stem>.<word>-<UTC>.json`, over no earlier one; None where that cannot be done."""
    for count in range(1, 100):
        tail = "" if count == 1 else f"-{count}"
        target = path.with_name(f"{path.stem}.{word}-{now:%Y%m%dT%H%M%SZ}{tail}{path.suffix}")
        try:
            target.touch(mode=0o600, exist_ok=False)  # takes the name, so that nobody else's file is replaced
            path.replace(target)
        except FileExistsError:
            continue
        except OSError:
            with suppress(OSError):
                target.unlink(missing_ok=True)
            return None
        return target
    return None
