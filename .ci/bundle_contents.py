"""What goes into a bundle, and why: `build.spec` asks, this answers.

Files of Qt's and of others' wheels go in byte for byte, as the licences of those libraries and their users' trust in
their checksums want it. The interpreter alone, which comes from the machine that builds, loses its debug symbols (on
Linux).
"""

from __future__ import annotations

import ast
import hashlib
import posixpath
import re
import shutil
import subprocess
import sys
import sysconfig
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Entry = tuple[str, str, str]
    """PyInstaller's: name in the bundle, file, kind."""

QT_PLUGINS = {
    "platforms/qxcb": "the window on X11",
    "platforms/qwayland": "the window on Wayland",
    "platforms/qwindows": "the window on Windows",
    "platforms/qcocoa": "the window on macOS",
    "platforms/qoffscreen": "the window without a screen, for tests of a bundle where there is none",
    "platforminputcontexts/composeplatforminputcontextplugin": "dead keys and the compose key",
    "platforminputcontexts/ibusplatforminputcontextplugin": "input methods: IBus, and Fcitx in its guise",
    "platformthemes/qxdgdesktopportal": "the desktop's own file dialogs, without the desktop's own toolkit",
    "wayland-shell-integration/xdg-shell": "windows on every Wayland desktop of today",
    "wayland-decoration-client/adwaita": "title bars where the desktop draws none, as GNOME does not",
    "wayland-decoration-client/bradient": "title bars where the other one does not suit",
    "imageformats/qsvg": "the style sheet's pictures",
    "iconengines/qsvgicon": "the icon, sharp in every size",
}
"""Every other one stays out, and with it each library that only it needs: GTK, network, databases, printing, OpenGL."""

THIRD_PARTY = {
    "PySide6": "the window",
    "shiboken6": "PySide6's other half",
    "requests": "the way out",
    "urllib3": "requests' engine; urllib3.http2 too, without which it sends nothing",
    "certifi": "requests looks for its file when it is imported",
    "charset_normalizer": "requests warns without it",
    "idna": "requests needs it for names that are not ASCII",
    "truststore": "the system's certificates",
    "h11": "the loopback server's protocol",
    "jinja2": "the pages that the browser shows",
    "markupsafe": "jinja2's escaping",
    "defusedxml": "reads Concur's documents",
    "msgspec": "reads JSON into typed values",
    "platformdirs": "the system's folders",
    "psutil": "who holds a port",
    "keyring": "the system's keyring; backends of other systems too, for which it asks when it is imported",
    "jaraco": "keyring's",
    "more_itertools": "keyring's, by jaraco.functools",
    "backports": "keyring's, by jaraco.context",
    "importlib_metadata": "keyring's: how it finds its backends",
    "lazy_importer": "importlib_metadata's",
    "zipp": "importlib_metadata's",
    "secretstorage": "keyring's way to GNOME Keyring",
    "jeepney": "secretstorage's D-Bus",
    "cryptography": "secretstorage's encryption on the bus",
    "_cffi_backend": "cryptography's",
    "_pyi_rth_utils": "PyInstaller's own, at the start of a bundle",
    "win32ctypes": "keyring's way to the Windows Credential Locker",
}
"""Top-level packages with who needs them. One that is not here ends the build: somebody has to decide."""

UNUSED_MODULES = {
    "PySide6.support.deprecated": "spellings of Qt enums that nobody here uses",
    "setuptools": "installs nothing at run time",
    "distutils": "part of it",
    "_distutils_hack": "part of it",
    "packaging": "of setuptools; nobody else asks for it",
    "tkinter": "another toolkit",
    "unittest": "tests stay at home",
    "doctest": "the same",
    "pydoc": "help() in an interactive Python",
    "pydoc_data": "part of it",
    "readline": "editing in an interactive Python, and a library under the GPL",
    "rlcompleter": "part of it",
    "cmd": "part of it",
    "curses": "full-screen terminals",
    "pdb": "a debugger",
    "xmlrpc": "defusedxml offers to defuse it; nobody here speaks it",
    "multiprocessing": "concurrent.futures offers it; here are threads alone",
    "asyncio": "jinja2 offers it for asynchronous templates; here are none",
    "ftplib": "urllib.request offers it",
    "smtplib": "logging.handlers offers it",
    "sqlite3": "no database here",
    "lib2to3": "rewrites Python 2",
    "tomllib": "msgspec offers it",
    "urllib3.contrib.emscripten": "Python in a browser",
    "urllib3.contrib.pyopenssl": "needs a package that is not here",
    "bz2": "archives; nothing comes compressed so",
    "lzma": "the same",
    "pycparser": "cffi's compiler; what it compiled is enough",
}

LEFT_TO_THE_SYSTEM = {
    "libstdc++.so.6": "an older one than the system's keeps Mesa's drivers from loading",
    "libgcc_s.so.1": "belongs to it",
    "libX11.so.6": "has to fit the system's libxcb",
    "libX11-xcb.so.1": "belongs to it",
    "libwayland-*.so.*": "has to fit the system's compositor and drivers",
    "libdrm.so.2": "has to fit the kernel and drivers",
    "libGL.so.1": "is the driver, or leads to it",
    "libEGL.so.1": "the same",
    "libfontconfig.so.1": "has to understand the system's configuration of fonts",
    "libfreetype.so.6": "has to fit fontconfig",
}
"""Each with whatever it needs itself: a library of the system must not meet an older one out of the bundle."""

NEEDED_TO_BUILD = {"libxcb-cursor.so.0": "libxcb-cursor0"}
"""Without these PyInstaller builds a bundle that opens no window on another machine. Library to Debian package."""


SOURCES = ("main.py", "gui", "resources", "LICENSE", "pyproject.toml", "build.spec", ".ci")


def digest_of_sources(root: Path) -> str:
    """Return what identifies everything that a bundle is made of: an older one proves nothing."""
    digest = hashlib.sha256()
    places = [root / name for name in SOURCES]
    files = [path for place in places for path in ((place, *place.rglob("*")) if place.is_dir() else (place,))]
    for path in sorted(path for path in files if path.is_file() and "__pycache__" not in path.parts):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def modules_of_qt(gui: Path) -> set[str]:
    """Return the PySide6 modules that the program imports: PyInstaller's hook brings others along."""
    found = set()
    for path in gui.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6."):
                found.add(str(node.module).split(".")[1])
    return found


def check_third_party(pure: Iterable[Entry], extensions: Iterable[Entry]) -> None:
    """End the build where a package goes in that is on no list."""
    places = [Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")]
    unknown = set()
    for name, file, _kind in (*pure, *extensions):
        top = PurePosixPath(_posix(name)).parts[0].split(".")[0]
        from_site = any(place in Path(file).resolve().parents for place in places)
        if from_site and top not in THIRD_PARTY and not top.endswith("__mypyc"):
            unknown.add(top)
    if unknown:
        raise SystemExit(f"Nobody has decided about {', '.join(sorted(unknown))}: see {Path(__file__).name}")


def is_wanted_file(name: str, qt_modules: set[str]) -> bool:
    """Tell whether a data file or library may go in, by its name in the bundle."""
    parts = PurePosixPath(_posix(name)).parts
    if "translations" in parts and "PySide6" in parts:
        return False  # the window speaks English, and Qt's own words with it
    if "qml" in parts and "PySide6" in parts:
        return False
    if "plugins" in parts and "PySide6" in parts:
        stem = parts[-1].split(".")[0].removeprefix("lib")
        return f"{parts[-2]}/{stem}" in QT_PLUGINS
    if parts[0] == "PySide6" and len(parts) == 2 and parts[1].startswith("Qt"):  # noqa: PLR2004  # folder, file
        return parts[1].split(".")[0] in qt_modules or not parts[1].endswith((".abi3.so", ".pyd"))
    return True


def needed_binaries(entries: list[Entry], imports: Callable[[str], Iterable[tuple[str, str | None]]]) -> list[Entry]:
    """Return the entries that something needs: plugins, extension modules, the interpreter, and what these link to.

    `imports` returns names and files of the libraries that a file links to. Ends the build where one is not there.
    """
    by_basename: dict[str, list[Entry]] = {}
    for entry in entries:
        by_basename.setdefault(_basename(entry[0]), []).append(entry)
    left = _left_to_the_system(entries, imports)
    kept: dict[str, Entry] = {}
    waiting = [entry for entry in entries if _is_root(entry)]
    while waiting:
        entry = waiting.pop()
        if entry[0] in kept or Path(entry[0]).name in left:
            continue
        kept[entry[0]] = entry
        needed = dict(imports(entry[1]))
        lacking = sorted(set(NEEDED_TO_BUILD) & {lib for lib, file in needed.items() if file is None})
        if lacking:
            raise SystemExit(f"{lacking[0]} is not here: the bundle would open no window. {_advice(lacking[0])}")
        waiting += [entry for lib in needed for entry in by_basename.get(_basename(lib), ())]
    return sorted(kept.values())


def without_dangling_links(datas: list[Entry], binaries: list[Entry]) -> list[Entry]:
    """Return the data files, of the links among them those alone that lead to something, be it through other links.

    A macOS framework is made of them: `X` leads to `Versions/Current/X`, and `Versions/Current` to the folder `A`.
    """
    links = {_posix(name): _posix(file) for name, file, kind in datas if kind == "SYMLINK"}
    files = [PurePosixPath(_posix(name)) for name, _file, kind in (*datas, *binaries) if kind != "SYMLINK"]
    there = {str(place) for file in files for place in (file, *file.parents)}
    return [entry for entry in datas if entry[2] != "SYMLINK" or _end_of(_posix(entry[0]), links) in there]


def _end_of(name: str, links: dict[str, str]) -> str | None:
    """Return what a name leads to once every link on its way has been followed; None where that goes round."""
    for _hop in range(len(links) + 1):
        places = (str(place) for place in reversed((PurePosixPath(name), *PurePosixPath(name).parents)))
        link = next((place for place in places if place in links), None)
        if link is None:
            return name
        rest = name[len(link) :].lstrip("/")
        name = posixpath.normpath(posixpath.join(posixpath.dirname(link), links[link], rest))
    return None


def _posix(name: str) -> str:
    return name.replace("\\", "/")


def _basename(name: str) -> str:
    """Return how a library is asked for: without its folder, and on Windows in any spelling."""
    base = PurePosixPath(_posix(name)).name
    return base.lower() if sys.platform == "win32" else base


def _is_root(entry: Entry) -> bool:
    """Tell what is loaded by itself. On other systems than Linux only libraries of Qt's are looked at."""
    name, _file, kind = entry
    parts = PurePosixPath(_posix(name)).parts
    if kind == "EXTENSION" or "plugins" in parts or parts[-1].startswith("libpython"):
        return True
    if sys.platform == "linux":
        return False
    return not parts[-1].startswith(("Qt6", "opengl32sw", "d3dcompiler"))


def _left_to_the_system(entries: list[Entry], imports: Callable[[str], Iterable[tuple[str, str | None]]]) -> set[str]:
    if sys.platform != "linux":
        return set()
    files = {Path(name).name: file for name, file, kind in entries if kind == "BINARY"}
    waiting = [name for name in files if any(fnmatch(name, pattern) for pattern in LEFT_TO_THE_SYSTEM)]
    left = set()
    while waiting:
        name = waiting.pop()
        if name not in left and name in files:
            left.add(name)
            waiting += [lib for lib, _file in imports(files[name])]
    return left


def _advice(library: str) -> str:
    return f"On Debian: apt install {NEEDED_TO_BUILD[library]}"


def without_debug_symbols(entries: list[Entry], folder: Path) -> list[Entry]:
    """Return the entries with stripped copies in place of the interpreter's own files, which come from this machine.

    They can be a third of the bundle, and help nobody who has no debugger. Never files of wheels: some of them have
    been patched in ways that `strip` damages. Where there is no `strip`, all stay as they are.
    """
    tool = shutil.which("strip")
    if sys.platform != "linux" or tool is None:
        return entries
    own = [Path(sysconfig.get_config_var(name) or sys.prefix).resolve() for name in ("DESTSHARED", "LIBDIR")]
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, file, kind in entries:
        source = Path(file).resolve()
        if source.parent in own and (kind == "EXTENSION" or source.name.startswith("libpython")):
            target = folder / source.name
            shutil.copyfile(source, target)
            subprocess.run([tool, "--strip-unneeded", str(target)], check=True)
            changed.append((name, str(target), kind))
        else:
            changed.append((name, file, kind))
    return changed


def version_resource(project: dict[str, object], path: Path) -> str:
    """Write what Windows shows under Properties, Details; return the file's path."""
    version = str(project["version"])
    release = re.match(r"\d+(?:\.\d+)*", version)  # 0.2.0rc1 is 0.2.0 where only numbers can stand
    numbers = tuple(int(part) for part in (*(release[0].split(".") if release else ()), "0", "0", "0", "0")[:4])
    texts = {
        "FileDescription": "App Center Flow",
        "FileVersion": version,
        "InternalName": str(project["name"]),
        "LegalCopyright": "MIT License",
        "OriginalFilename": f"{project['name']}.exe",
        "ProductName": "App Center Flow",
        "ProductVersion": version,
        "Comments": str(project["description"]),
    }
    pairs = ", ".join(f"StringStruct({key!r}, {text!r})" for key, text in texts.items())
    strings = f"StringFileInfo([StringTable('040904B0', [{pairs}])])"
    language = "VarFileInfo([VarStruct('Translation', [1033, 1200])])"
    path.parent.mkdir(parents=True, exist_ok=True)
    fixed = f"FixedFileInfo(filevers={numbers}, prodvers={numbers})"
    path.write_text(f"VSVersionInfo(ffi={fixed}, kids=[{strings}, {language}])\n", encoding="utf-8")
    return str(path)
