"""Whose work is built in, and under which licences: from what a build wrote, or from the environment that runs this.

`.ci/licences.py` writes the two files that a bundle brings along; from source nothing is written and nothing is stale.
"""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from gui.resource_files import resource_path

if TYPE_CHECKING:
    from collections.abc import Iterable

LIST_NAME, TEXT_NAME = "third-party.json", "THIRD-PARTY.txt"
"""Below `resources/licences` of a bundle."""

QT = ("pyside6-essentials", "shiboken6")
"""Offered under several licences; which one is taken is a decision, and no metadata can tell it."""
_QT_LICENCE = "LGPL-3.0-only"
_TEXT_FILE = re.compile(r"licen[cs]e|copying|notice|authors", re.IGNORECASE)
_LONGEST_NAME = 60
"""Some distributions put the whole text where the name of the licence belongs."""
_RULE = "=" * 100


@dataclass(frozen=True, slots=True)
class Component:
    """One thing that is built in."""

    name: str
    version: str
    licence: str
    """An SPDX expression where the distribution tells one, else its own words."""
    notices: tuple[str, ...] = ()
    """Whole texts; none in the list that a build wrote, since they stand in the other file."""


@dataclass(frozen=True, slots=True)
class Notices:
    """What About shows."""

    components: tuple[Component, ...]
    text: str


def read_notices() -> Notices:
    """Return what the build wrote; from source, what the environment says."""
    listed, text = resource_path("licences", LIST_NAME), resource_path("licences", TEXT_NAME)
    if listed.is_file() and text.is_file():
        return Notices(components_of_json(listed.read_text(encoding="utf-8")), text.read_text(encoding="utf-8"))
    components = components_of_environment()
    return Notices(components, compose(components))


def components_of_json(text: str) -> tuple[Component, ...]:
    """Read the list that a build wrote."""
    return tuple(Component(row["name"], row["version"], row["licence"]) for row in json.loads(text))


def json_of_components(components: Iterable[Component]) -> str:
    """Return the list that `components_of_json` reads."""
    rows = [{"name": one.name, "version": one.version, "licence": one.licence} for one in components]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"


def components_of_environment() -> tuple[Component, ...]:
    """Return Python, Qt and every distribution that this program is locked to and that is installed here."""
    locked = resource_path("..", ".ci", "lock-run.txt")
    names = locked_names(locked.read_text(encoding="utf-8")) if locked.is_file() else ()
    found = [python_component()]
    for name in names:
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # locked for another system, or another Python
        found.append(component_of(distribution))
        if name == QT[0]:
            found.append(_qt_component(distribution.version))
    return tuple(sorted(found, key=lambda one: one.name.lower()))


def locked_names(lock: str) -> tuple[str, ...]:
    """Return the names of the distributions in a file of locked requirements."""
    return tuple(re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE))


def component_of(distribution: metadata.Distribution) -> Component:
    """Return a distribution with the licence that its metadata names and the texts that it ships."""
    if distribution.name.lower().replace("_", "-") in QT:
        return Component(distribution.name, distribution.version, _QT_LICENCE, ("Its notices stand under Qt.\n",))
    return Component(distribution.name, distribution.version, _licence_name(distribution), _texts(distribution))


def python_component() -> Component:
    """Return Python itself; its text lies where python.org's builds, others built from source, or Debian put it."""
    series = f"python{sys.version_info.major}.{sys.version_info.minor}"
    places = (
        Path(os.__file__).parent / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(sys.base_prefix) / "LICENSE",
        Path("/usr/share/doc") / series / "copyright",
    )
    own = tuple(place.read_text(encoding="utf-8") for place in places if place.is_file())[:1]
    more = (_kept("python-third-party.txt"),) if own else ()
    return Component("Python", platform.python_version(), "PSF-2.0", (*own, *more))


def compose(components: Iterable[Component]) -> str:
    """Return the list and after it every text, each under the name of what it is about."""
    components = tuple(components)
    head = "What App Center Flow is built with, and under which licences.\n\n"
    table = "".join(f"{one.name} {one.version}: {one.licence}\n" for one in components)
    parts = [
        f"{_RULE}\n{one.name} {one.version}\n{one.licence}\n{_RULE}\n\n" + "\n".join(one.notices) for one in components
    ]
    return "\n\n".join([head + table, *parts])


def _qt_component(version: str) -> Component:
    words = Template(_kept("qt-notice.txt")).substitute(version=version)
    texts = (words, _kept("LGPL-3.0.txt"), _kept("GPL-3.0.txt"), _kept("qt-third-party.txt"))
    return Component("Qt", version, _QT_LICENCE, texts)


def _licence_name(distribution: metadata.Distribution) -> str:
    told = distribution.metadata
    for field in ("License-Expression", "License"):
        name = str((told.get_all(field) or [""])[0]).strip()
        if name and "\n" not in name and len(name) <= _LONGEST_NAME:
            return name
    classifiers = [line for line in told.get_all("Classifier") or () if line.startswith("License ::")]
    return ", ".join(line.rpartition(" :: ")[2] for line in classifiers)


def _texts(distribution: metadata.Distribution) -> tuple[str, ...]:
    # Read by hand: `files` makes an object for each of the thousands of files that some distributions have.
    record = distribution.read_text("RECORD") or ""
    names = [line.split(",", 1)[0] for line in record.splitlines() if ".dist-info/" in line]
    inside = [name.partition(".dist-info/")[2] for name in names]
    read = (distribution.read_text(name) for name in sorted(inside) if _TEXT_FILE.search(name.rpartition("/")[2]))
    texts = tuple(text for text in read if text)
    source = f"Its source: https://pypi.org/project/{distribution.name}/{distribution.version}/\n"
    return (*texts, source) if texts else ()


def _kept(name: str) -> str:
    return resource_path("licences", name).read_text(encoding="utf-8")
