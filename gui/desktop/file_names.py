"""Names of files that every system takes."""

from __future__ import annotations

import unicodedata

_SEPARATORS_AND_WILDCARDS = frozenset('<>:"/\\|?*')
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in "0123456789¹²³"}
)
"""Devices of Windows, with any extension: learn.microsoft.com/windows/win32/fileio/naming-a-file."""
_BYTES_LIMIT = 120
"""Of 255; what is left is for suffixes, and for the temporary name beside it while it is written."""


def safe_file_name(name: str, fallback: str, suffix: str) -> str:
    """Return a name as close to the wished one as can be a file's anywhere, ending in the suffix (".json").

    Nothing that leads into another folder, hides the file, stands for a device, or shows another name than it has
    (control characters and those that turn the direction of writing).
    """
    stem = name[: -len(suffix)] if name.lower().endswith(suffix) else name
    stem = "".join(_safe(character) for character in unicodedata.normalize("NFC", stem))
    stem = " ".join(stem.split()).strip(". -")
    stem = stem.encode("utf-8")[:_BYTES_LIMIT].decode("utf-8", "ignore").strip(". -")
    if not stem:
        stem = fallback
    if stem.partition(".")[0].rstrip().lower() in _RESERVED:
        stem = f"{stem.partition('.')[0].rstrip()}_{stem[len(stem.partition('.')[0]) :]}"
    return stem + suffix


def _safe(character: str) -> str:
    if character in _SEPARATORS_AND_WILDCARDS:
        return "-"
    if unicodedata.category(character) == "Zs":
        return " "
    return " " if character in "\t\r\n" else "" if unicodedata.category(character)[0] in "CZ" else character
