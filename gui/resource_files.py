"""Where `resources/` lies, from source and inside a bundle."""

from __future__ import annotations

from pathlib import Path


def resource_path(*parts: str) -> Path:
    """Return the path of a file below `resources/`.

    PyInstaller unpacks data files beside the package, as they lie in the source tree, so one rule serves both.
    """
    return Path(__file__).resolve().parent.parent.joinpath("resources", *parts)


def licence_text() -> str:
    """Return the licence of this program; a bundle has the file beside `resources/`, as the source tree does."""
    return resource_path("..", "LICENSE").read_text(encoding="utf-8")
