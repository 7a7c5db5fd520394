"""What is different in a bundle (PyInstaller's): its environment, which must not reach other programs."""

from __future__ import annotations

import ntpath
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping

_LOADER_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_QT_PATHS = ("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "QML2_IMPORT_PATH")
_OWN_PREFIXES = ("_PYI_", "_MEIPASS")
_THEME, _PORTAL_THEME = "QT_QPA_PLATFORMTHEME", "xdgdesktopportal"
_PORTAL_SERVICE = Path("dbus-1", "services", "org.freedesktop.portal.Desktop.service")
_FILE_CHOOSER = b"org.freedesktop.impl.portal.FileChooser"


def is_bundle() -> bool:
    """Tell whether this program runs out of a bundle."""
    return bool(getattr(sys, "frozen", False))


def leave_environment(environ: MutableMapping[str, str]) -> None:
    """Take out what a bundle's start put into its environment: a browser would load our libraries and break.

    Nothing in this process needs it any more: the loader has read its paths, and PySide6 tells Qt where it lies. Qt's
    paths may have been the user's own before; `qt_start` gives those back once Qt has found its plugins.
    """
    for name in _LOADER_PATHS:
        before = environ.pop(f"{name}_ORIG", None)
        if before is not None:
            environ[name] = before
        elif name in environ:
            del environ[name]
    for name in [name for name in environ if name in _QT_PATHS or name.startswith(_OWN_PREFIXES)]:
        del environ[name]


def leave_libraries(environ: MutableMapping[str, str]) -> None:
    """Take the bundle's folders out of where Windows looks for libraries, for programs that we start look there too.

    Once all is loaded, and not before: Qt's plugins find Qt by them.
    """
    if sys.platform == "win32" and is_bundle():
        import ctypes  # noqa: PLC0415  # for Windows alone

        environ["PATH"] = path_without(environ.get("PATH", ""), sys._MEIPASS)  # noqa: SLF001  # PyInstaller's own name
        ctypes.windll.kernel32.SetDllDirectoryW(None)


def path_without(path: str, folder: str) -> str:
    """Return a PATH of Windows without a folder and all that is below it."""
    inside = ntpath.normcase(folder).rstrip("\\") + "\\"
    kept = [one for one in path.split(";") if not ntpath.normcase(one.strip('"') + "\\").startswith(inside)]
    return ";".join(kept)


@contextmanager
def qt_start(environ: MutableMapping[str, str]) -> Iterator[None]:
    """Start Qt in here: plugins of the bundle alone, file dialogs of the desktop. Afterwards all is as the user set it.

    Plugins that the user's QT_PLUGIN_PATH leads to are made for another Qt. The desktop's own toolkit is not in a
    bundle; its portal shows the same file dialog. Qt does not notice where there is none, and would show nothing.
    """
    if not is_bundle() or not sys.platform.startswith("linux"):
        yield
        return
    before = environ.get(_THEME)
    if before is None and portal_shows_files(environ):
        environ[_THEME] = _PORTAL_THEME
    try:
        yield
    finally:
        if before is None:
            environ.pop(_THEME, None)
        environ.update(_paths_of_the_user())


def portal_shows_files(environ: Mapping[str, str]) -> bool:
    """Tell whether the desktop has a portal with file dialogs; looks for files, since asking the bus takes its time."""
    try:
        return _promises_files(environ)
    except OSError:
        return False  # a folder that is not for this user


def _promises_files(environ: Mapping[str, str]) -> bool:
    runtime = environ.get("XDG_RUNTIME_DIR")
    bus = environ.get("DBUS_SESSION_BUS_ADDRESS") or (runtime and Path(runtime, "bus").exists())
    if not bus or bus == "disabled:":
        return False
    shared = (environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":")
    folders = [Path(folder) for folder in shared if folder]
    if not any((folder / _PORTAL_SERVICE).is_file() for folder in folders):
        return False
    portals = (path for folder in folders for path in folder.glob("xdg-desktop-portal/portals/*.portal"))
    return any(_FILE_CHOOSER in path.read_bytes() for path in portals)


def _paths_of_the_user() -> dict[str, str]:
    """Return Qt's paths as they were before the start of the bundle, where the user had set any."""
    try:
        pairs = Path("/proc/self/environ").read_bytes().split(b"\0")
    except OSError:
        return {}
    started_with = dict(os.fsdecode(pair).partition("=")[::2] for pair in pairs)
    return {name: started_with[name] for name in _QT_PATHS if name in started_with}
