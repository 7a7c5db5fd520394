"""Small things that the window remembers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.store.errors import SettingsFileCorrupt, SettingsFileNewer, StoredFileCorrupt, StoredFileError
from gui.store.files import DocumentKind, read_document, write_document

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """What is remembered from one start to the next; no secrets."""

    theme: str = "system"
    geometry: str = ""
    """Opaque: whatever the window gave."""
    last_profile_id: str = ""


_SETTINGS = DocumentKind("app-center-flow/settings", 1, Settings, SettingsFileCorrupt, SettingsFileNewer)


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
        try:
            return LoadedSettings(read_document(self._path, _SETTINGS, self._clock) or Settings(), None)
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
        write_document(self._path, _SETTINGS, settings)
