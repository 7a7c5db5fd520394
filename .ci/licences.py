"""Writes the notices of everything that a bundle holds, from the environment that it is built in.

    .venv/bin/python .ci/licences.py FOLDER

FOLDER gets THIRD-PARTY.txt (every text) and third-party.json (name, version, licence: what About lists). build.spec
calls `write` with the libraries that PyInstaller has collected, so that those of the system are listed too. What has no
text stops the build: a bundle without its notices must not be made. So does a GPL that nobody has decided about.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / ".ci")]

from licence_names import decided, is_gpl  # noqa: E402  # found by the line above, wherever this is called from
from wheel_parts import parts_of_wheels  # noqa: E402  # the same

from gui import licences  # noqa: E402  # the same

BUILT_WITH = ("pyinstaller", "pyinstaller-hooks-contrib")
"""Not locked for running, and yet part of a bundle: the program that starts it, and hooks that run in it."""
COMMON_LICENSES = Path("/usr/share/common-licenses")
_COMMON = re.compile(rf"{COMMON_LICENSES}/([A-Za-z]+(?:-[0-9]+(?:\.[0-9]+)*)?)")
_LGPL_WORDS = """\
It is a shared library of its own, as {system} has built it. You may replace it: in the one-folder app it lies in the
folder _internal, where you can put your build of it in its place; the one-file app has to be built anew with it, for
which the sources of App Center Flow are enough. You may take App Center Flow apart to find faults in such changes.
"""


class NoticeMissing(Exception):
    """Something would be shipped without its licence text."""


class LicenceUndecided(Exception):
    """Something would be shipped under the GPL, and nobody has looked whether it may be."""


def main(arguments: list[str]) -> int:
    """Write both files into the folder that is named."""
    if len(arguments) != 1:
        print(__doc__)
        return 2
    for path in write(Path(arguments[0])):
        print(path)
    return 0


def write(folder: Path, binaries: Iterable[str | Path] = ()) -> tuple[Path, Path]:
    """Write the text and the list into a folder; `binaries` are the files that PyInstaller has collected."""
    names = licences.locked_names((ROOT / ".ci" / "lock-run.txt").read_text(encoding="utf-8"))
    components = (*licences.components_of_environment(), *_built_with(), *parts_of_wheels(names))
    components = (*(_with_decided_name(one) for one in components), *system_components(binaries))
    undecided = [f"{one.name} ({one.licence})" for one in components if is_gpl(one.licence) and not decided(one.name)]
    if undecided:
        raise LicenceUndecided(f"see licence_names.py: {', '.join(undecided)}")
    bare = [component.name for component in components if not any(text.strip() for text in component.notices)]
    if bare:
        raise NoticeMissing(f"no licence text for {', '.join(bare)}")
    components = tuple(sorted(components, key=lambda component: component.name.lower()))
    folder.mkdir(parents=True, exist_ok=True)
    text, listed = folder / licences.TEXT_NAME, folder / licences.LIST_NAME
    text.write_text(licences.compose(components) + _common_texts(components), encoding="utf-8", newline="\n")
    listed.write_text(licences.json_of_components(components), encoding="utf-8", newline="\n")
    return text, listed


def system_components(binaries: Iterable[str | Path]) -> tuple[licences.Component, ...]:
    """Return the Debian packages that collected libraries come from; none on Windows and macOS."""
    found = []
    for package, copyright_file in system_packages(binaries).items():
        fields = "${Version}\t${source:Package}\t${source:Version}"
        version, source, source_version = _output("dpkg-query", "--show", "--showformat", fields, package).split("\t")
        text = copyright_file.read_text(encoding="utf-8")
        named = re.findall(r"^License: *(\S.*)$", text, re.MULTILINE)
        name = package.partition(":")[0]
        licence = decided(name) or (named[0] if named else "see its notice")
        words = _words_about_source(source, source_version, replaceable="LGPL" in licence)
        found.append(licences.Component(name, version, licence, (words, text)))
    return tuple(found)


def _words_about_source(package: str, version: str, *, replaceable: bool) -> str:
    told = platform.freedesktop_os_release()
    system = told.get("NAME", "the system that this was built on")
    place = f"the source package {package}, version {version}, of {system}"
    if told.get("ID") == "debian":
        place += f": https://snapshot.debian.org/package/{package}/{version}/"
    return f"Its source: {place}\n" + (_LGPL_WORDS.format(system=system) if replaceable else "")


def _with_decided_name(component: licences.Component) -> licences.Component:
    return replace(component, licence=decided(component.name) or component.licence)


def system_packages(binaries: Iterable[str | Path]) -> dict[str, Path]:
    """Return package to copyright file for the libraries among `binaries` that come from the system.

    What lies in the virtual environment or with a Python of its own has its notice there. Raises NoticeMissing where
    no package owns a library: it was put there by hand, and nobody can tell under which licence.
    """
    if sys.platform != "linux":
        return {}
    wanted = {path: _names_of(path) for path in map(Path, binaries) if _of_the_system(path)}
    if not wanted:
        return {}
    owners = _owners({name for names in wanted.values() for name in names})
    packages: dict[str, Path] = {}
    strays = []
    for path, names in sorted(wanted.items()):
        package = next((owners[name] for name in names if name in owners), None)
        if package is None:
            strays.append(str(path))
            continue
        packages[package] = Path("/usr/share/doc", package.partition(":")[0], "copyright")
    strays += [f"{package} ({file})" for package, file in packages.items() if not file.is_file()]
    if strays:
        raise NoticeMissing(f"no package, or no copyright file, for {', '.join(strays)}")
    return packages


def _built_with() -> tuple[licences.Component, ...]:
    found = []
    for name in BUILT_WITH:
        try:
            found.append(licences.component_of(metadata.distribution(name)))
        except metadata.PackageNotFoundError:
            continue  # called by hand, in an environment that cannot build
    return tuple(found)


def _of_the_system(path: Path) -> bool:
    own = [Path(sys.prefix).resolve(), *([Path(sys.base_prefix)] if sys.base_prefix not in {"/usr", "/"} else [])]
    return path.is_absolute() and not any(path.is_relative_to(root) or _real(path).is_relative_to(root) for root in own)


def _names_of(path: Path) -> tuple[str, ...]:
    """Return the names under which a package may list a file: /lib leads to /usr/lib, but dpkg keeps the two apart."""
    names = [str(path), str(_real(path))]
    names += [name.removeprefix("/usr") if name.startswith("/usr/lib") else f"/usr{name}" for name in names]
    return tuple(dict.fromkeys(names))


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _owners(names: set[str]) -> dict[str, str]:
    told = _output("dpkg-query", "--search", *sorted(names))
    owners = {}
    for line in told.splitlines():
        packages, _, name = line.partition(": ")
        if name in names:
            owners[name] = packages.split(", ")[0]
    return owners


def _output(*command: str) -> str:
    # dpkg ends with 1 where one of several files has no owner, and tells of the others all the same
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}
    ).stdout


def _common_texts(components: Iterable[licences.Component]) -> str:
    """Return the texts that Debian's copyright files only point to."""
    pointed = {name for one in components for text in one.notices for name in _COMMON.findall(text)}
    files = [COMMON_LICENSES / name for name in sorted(pointed) if (COMMON_LICENSES / name).is_file()]
    return "".join(f"\n\n{'=' * 100}\n{file}\n{'=' * 100}\n\n{file.read_text(encoding='utf-8')}" for file in files)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
