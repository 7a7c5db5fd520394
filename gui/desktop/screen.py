"""Whether a window can be shown here at all, found out before Qt is asked: Qt ends the process where it cannot.

Nothing of Qt is imported here; PySide6 is looked at as the files that it consists of. On Linux only: elsewhere a start
without a screen is as good as unheard of, and untested.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WITHOUT_DESKTOP = frozenset({"offscreen", "minimal", "vnc", "linuxfb", "eglfs", "minimalegl", "vkkhrdisplay"})
_X11, _WAYLAND = "xcb", "wayland"


def screen_problem(environ: Mapping[str, str]) -> str | None:
    """Return one sentence that says why no window can be shown, and names what works without; None where one can.

    Takes some 15 ms on Linux, most of it for libraries that Qt loads next anyway.
    """
    reason = _reason(environ)
    if reason is None:
        return None
    return f"The window cannot be shown here, because {reason}; without a screen, try: self-test."


def _reason(environ: Mapping[str, str]) -> str | None:
    package = _package_folder()
    if package is None:
        return "PySide6 is not installed"
    if not sys.platform.startswith("linux"):
        return None
    missing = _missing_for_qt(package)
    if missing:
        return f"a library that Qt needs is missing ({missing})"
    asked_for = [name.partition(":")[0] for name in environ.get("QT_QPA_PLATFORM", "").split(";") if name]
    if _WITHOUT_DESKTOP.intersection(asked_for):
        return None
    return _reason_of_desktop(environ, package, asked_for)


def _reason_of_desktop(environ: Mapping[str, str], package: Path, asked_for: list[str]) -> str | None:
    """Qt tries what it was asked for, otherwise Wayland where there is one, then X11: one that works is enough."""
    displays = {_X11: environ.get("DISPLAY", ""), _WAYLAND: environ.get("WAYLAND_DISPLAY", "")}
    kinds = [kind for kind in (_WAYLAND, _X11) if not asked_for or any(name.startswith(kind) for name in asked_for)]
    if asked_for and not kinds:
        return None  # something that this page does not know: Qt's own words are better than a guess
    if not any(displays[kind] for kind in kinds):
        return "there is no screen (neither DISPLAY nor WAYLAND_DISPLAY leads to one)"
    reason = ""
    for kind in kinds:
        if not displays[kind]:
            continue
        missing = _missing_library(_plugin(environ, package, kind))
        answers = _x11_answers if kind == _X11 else _wayland_answers
        if missing:
            reason = f"a library that Qt needs is missing ({missing})"
        elif answers(os.fsencode(displays[kind])):
            return None
        else:
            reason = reason or f"the screen {displays[kind]} does not answer or does not let us in"
    return reason


def _package_folder() -> Path | None:
    found = importlib.util.find_spec("PySide6")
    places = found.submodule_search_locations if found else None
    return Path(next(iter(places))) if places else None


def _missing_for_qt(package: Path) -> str:
    for name in ("libQt6Core.so.6", "libQt6Gui.so.6", "libQt6Widgets.so.6"):
        missing = _missing_library(package / "Qt" / "lib" / name)
        if missing:
            return missing
    return ""


def _plugin(environ: Mapping[str, str], package: Path, kind: str) -> Path:
    own = environ.get("QT_QPA_PLATFORM_PLUGIN_PATH", "")
    folder = Path(own.split(os.pathsep)[0]) if own else package / "Qt" / "plugins" / "platforms"
    return folder / f"libq{kind}.so"


def _missing_library(path: Path) -> str:
    """Return what is missing, as the loader says it, where a library that is there cannot be loaded; else "".

    A file that is not where it is looked for says nothing: other builds of PySide6 lay things out in other ways.
    """
    if not path.is_file():
        return ""
    try:
        ctypes.CDLL(str(path))
    except OSError as error:
        # In a bundle PyInstaller raises an error of its own, "from" the loader's, which names the library.
        name, _, _ = str(error.__cause__ or error).partition(":")
        return Path(name).name
    return ""


def _x11_answers(display: bytes) -> bool:
    """Connect as Qt does, with the cookie of the session. Where libxcb itself is missing the plugin told so before."""
    for library in _loaded("libxcb.so.1"):
        library.xcb_connect.restype = ctypes.c_void_p
        library.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
        library.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
        library.xcb_disconnect.argtypes = [ctypes.c_void_p]
        connection = library.xcb_connect(display, None)
        failed = library.xcb_connection_has_error(connection)
        library.xcb_disconnect(connection)
        return not failed
    return True


def _wayland_answers(display: bytes) -> bool:
    for library in _loaded("libwayland-client.so.0"):
        library.wl_display_connect.restype = ctypes.c_void_p
        library.wl_display_connect.argtypes = [ctypes.c_char_p]
        library.wl_display_disconnect.argtypes = [ctypes.c_void_p]
        connection = library.wl_display_connect(display)
        if connection:
            library.wl_display_disconnect(connection)
        return bool(connection)
    return True


def _loaded(name: str) -> Iterator[ctypes.CDLL]:
    try:
        yield ctypes.CDLL(name)
    except OSError:
        return
