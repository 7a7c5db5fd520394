"""The folder with one file for each issued token: no locks, since every change replaces or removes one whole file."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import fields
from typing import TYPE_CHECKING

from gui.store.errors import FileUnreadable, IssuedTokenFileCorrupt, StoredFileError
from gui.store.files import error_name, read_document, remove_file, set_aside, write_document
from gui.store.issued_entry import ENTRY, STATES, JournalEntry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

_FILE_NAME = re.compile(r"[0-9a-f]{32}\.json")
_SET_ASIDE = re.compile(r"([0-9a-f]{32})\.corrupt-[0-9TZ-]+\.json")


def _fault(entry: JournalEntry, token_id: str) -> str:
    """Say where the entry holds what this program never writes; "" where it is fine."""
    if entry.token_id != token_id:
        return "$.token_id"
    if entry.state not in STATES:
        return "$.state"
    for name in fields(entry):
        value = getattr(entry, name.name)
        if isinstance(value, str) and any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in value):
            return f"$.{name.name}"  # it would be shown in a terminal
    return ""


class TokenFiles:
    """Entries by token id, as files `<token_id>.json`."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock

    def write(self, entry: JournalEntry, *, sync_folder: bool = True) -> None:
        """Make or replace the file. Raises what `write_atomically` raises."""
        write_document(self._path(entry.token_id), ENTRY, entry, sync_folder=sync_folder)

    def read(self, token_id: str) -> JournalEntry | None:
        """Return the entry, or None where there is no file. Raises what `read_document` raises."""
        path = self._path(token_id)
        entry = read_document(path, ENTRY, self._clock)
        if entry is None:
            return None
        where = _fault(entry, token_id)
        if where:
            reason = f"another value than this program writes - at `{where}`"
            raise IssuedTokenFileCorrupt(path=path, set_aside=set_aside(path, self._clock()), reason=reason)
        return entry

    def remove(self, token_id: str) -> None:
        """Remove the file; that it is gone already is fine. Raises what `remove_file` raises."""
        remove_file(self._path(token_id))

    def read_all(self) -> Iterator[tuple[str, JournalEntry | StoredFileError]]:
        """Yield the id with the entry, or with what is wrong with its file; one bad file harms no other.

        Raises `FileUnreadable` where the folder itself cannot be read.
        """
        for token_id in self._ids():
            try:
                entry = self.read(token_id)
            except StoredFileError as problem:
                yield token_id, problem
                continue
            if entry is not None:  # else another window has removed it just now
                yield token_id, entry

    def set_aside(self) -> list[tuple[str, Path]]:
        """Return id and path of each corrupt file whose token the keyring has not told about yet."""
        found = ((_SET_ASIDE.fullmatch(name), name) for name in sorted(self._names()))
        return [(match[1], self._folder / name) for match, name in found if match]

    def settle(self, path: Path) -> None:
        """Rename a file that was set aside, so that nobody asks for its token again."""
        set_aside(path, self._clock(), "settled")

    def _ids(self) -> list[str]:
        return sorted(name.removesuffix(".json") for name in self._names() if _FILE_NAME.fullmatch(name))

    def _names(self) -> list[str]:
        reason = ""
        names: list[str] = []
        try:
            names = [path.name for path in self._folder.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as failure:
            reason = error_name(failure)
        if reason:
            raise FileUnreadable(path=self._folder, reason=reason)
        return names

    def _path(self, token_id: str) -> Path:
        return self._folder / f"{token_id}.json"
