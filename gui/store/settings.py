"""Small things that the window remembers."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from gui.store.errors import StoredFileError
    from gui.store.files import DocumentKind

_MARKER, _VERSION = "app-center-flow/settings", 1
_LARGEST_AS_WRITTEN = 4096


@dataclass(frozen=True, slots=True)
class Settings:
    """What is remembered from one start to the next; no secrets."""

    theme: str = "system"
    geometry: str = ""
    """Opaque: whatever the window gave."""
    last_profile_id: str = ""
    told_deprecated: str = ""
    """Names of contracts that the user was told are deprecated, with spaces between them."""


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """The settings, and what was wrong with the file they should have come from."""

    settings: Settings
    problem: StoredFileError | None


class SettingsStore:
    """The settings file. Losing it costs nobody more than a window position, so `load` always answers."""

    def __init__(self, path: Path, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._clock = clock
        self._blocked: StoredFileError | None = None

    def load(self) -> LoadedSettings:
        """Return the settings of the file, or the defaults with the reason."""
        self._blocked = None
        as_written = _as_written(self._path)
        return self._load_with_care() if as_written is None else LoadedSettings(as_written, None)

    def _load_with_care(self) -> LoadedSettings:
        from gui.store.errors import StoredFileCorrupt, StoredFileError  # noqa: PLC0415  # see `_as_written`
        from gui.store.files import read_document  # noqa: PLC0415  # the same

        try:
            return LoadedSettings(read_document(self._path, _kind(), self._clock) or Settings(), None)
        except StoredFileCorrupt as corrupt:
            if corrupt.set_aside is None:
                self._blocked = corrupt
            return LoadedSettings(Settings(), corrupt)
        except StoredFileError as problem:
            self._blocked = problem
            return LoadedSettings(Settings(), problem)

    def save(self, settings: Settings) -> None:
        """Write the settings. Raises what `load` met where writing would destroy a file that it could not read."""
        if self._blocked is not None:
            raise self._blocked
        from gui.store.files import write_document  # noqa: PLC0415  # see `_as_written`

        write_document(self._path, _kind(), settings)


def _kind() -> DocumentKind[Settings]:
    from gui.store.errors import SettingsFileCorrupt, SettingsFileNewer  # noqa: PLC0415  # see `_as_written`
    from gui.store.files import DocumentKind  # noqa: PLC0415  # the same

    return DocumentKind(_MARKER, _VERSION, Settings, SettingsFileCorrupt, SettingsFileNewer)


def _as_written(path: Path) -> Settings | None:
    """Return the settings where there is no file, or one exactly as `save` leaves it; None for any other.

    The window waits for them before its first paint, and what reads any file with care takes longer than all of them.
    """
    try:
        if not path.exists():
            return Settings()
        if not path.is_file() or path.stat().st_size > _LARGEST_AS_WRITTEN:
            return None
        document = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(document, dict) or not all(isinstance(name, str) for name in document):
        return None
    head = (document.pop("format", None), document.pop("version", None))
    names = {each.name for each in fields(Settings)}
    if head != (_MARKER, _VERSION) or head[1] is True or document.keys() != names:
        return None
    return Settings(**document) if all(isinstance(value, str) for value in document.values()) else None
