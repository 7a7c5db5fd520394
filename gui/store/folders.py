"""Where the files of this program lie."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME_VARIABLE = "APP_CENTER_FLOW_HOME"
_NAME = "App Center Flow"


@dataclass(frozen=True, slots=True)
class Folders:
    """Absolute paths; none is made before something is written there."""

    config: Path
    """Profiles and settings."""
    state: Path
    """Issued tokens, without the tokens."""
    log: Path


def find_folders(environ: Mapping[str, str]) -> Folders:
    """Return the system's folders for this program, or those below APP_CENTER_FLOW_HOME where it is set.

    One folder for everything serves tests and an installation on a stick.
    """
    home = environ.get(HOME_VARIABLE, "")
    if home:
        try:
            root = Path(home).expanduser().absolute()
        except RuntimeError:  # "~somebody", and there is no somebody
            from gui.store.errors import FolderNotWritable  # noqa: PLC0415  # the window starts without the error types

            raise FolderNotWritable(path=Path(home)) from None
        return Folders(config=root / "config", state=root / "state", log=root / "log")
    import platformdirs  # noqa: PLC0415  # not needed where the variable is set

    system = platformdirs.PlatformDirs(_NAME, appauthor=False)
    return Folders(
        config=system.user_config_path.absolute(),
        state=system.user_state_path.absolute(),
        log=system.user_log_path.absolute(),
    )


def make_private_folder(folder: Path) -> None:
    """Make the folder and what is missing above it, for its owner alone (`parents=True` follows the umask there).

    Raises `OSError`. A folder that is there keeps its rights: it may be the user's own.
    """
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    for place in reversed(missing):
        place.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
