"""What is compiled into wheels and is no distribution: as far as they bring a list of it, as cryptography does."""

from __future__ import annotations

import json
from importlib import metadata
from typing import TYPE_CHECKING, Any

from licence_names import alternative, decided

from gui.licences import Component

if TYPE_CHECKING:
    from collections.abc import Iterable

_CRATES_WORDS = """\
Compiled into {name} {version}, as its maker's list of parts has it: some of them only help to build it. Where several
licences are offered, the one that is named here is taken. The text of each, with its copyright, is part of its source.
"""


def parts_of_wheels(names: Iterable[str]) -> tuple[Component, ...]:
    """Return the parts of the distributions of these names that are installed here."""
    found: list[Component] = []
    for name in names:
        try:
            found += parts_of(metadata.distribution(name))
        except metadata.PackageNotFoundError:
            continue  # locked for another system
    return tuple(found)


def parts_of(distribution: metadata.Distribution) -> tuple[Component, ...]:
    """Return each library that a wheel holds (lists in CycloneDX's format), and its Rust crates as one."""
    files = [file for file in distribution.files or () if file.match("*.dist-info/sboms/*.json")]
    told = [json.loads(file.read_text(encoding="utf-8")) for file in files]
    parts = [part for one in told for part in one.get("components", ())]
    libraries = [part for part in parts if str(part.get("purl")).startswith("pkg:generic/")]
    crates = [part for part in parts if str(part.get("purl")).startswith("pkg:cargo/")]
    found = [_library(part, distribution) for part in libraries]
    if crates:
        found.append(_crates(crates, distribution))
    return tuple(found)


def _library(part: dict[str, Any], distribution: metadata.Distribution) -> Component:
    source = part["purl"].partition("download_url=")[2] or part["purl"]
    words = f"Compiled into {distribution.name} {distribution.version}.\nIts source: {source}\n"
    return Component(part["name"], part["version"], decided(part["name"]) or _licence(part), (words,))


def _crates(crates: list[dict[str, Any]], distribution: metadata.Distribution) -> Component:
    words = _CRATES_WORDS.format(name=distribution.name, version=distribution.version)
    rows = sorted(f"{one['name']} {one['version']}: {_licence(one)}, {_source(one)}\n" for one in crates)
    licence = " AND ".join(sorted({_licence(one) for one in crates}))
    name = f"Rust crates in {distribution.name}"
    return Component(name, distribution.version, licence, (words, "".join(rows)))


def _licence(part: dict[str, Any]) -> str:
    told = [one.get("expression") or one["license"].get("id") or one["license"]["name"] for one in part["licenses"]]
    return " AND ".join(alternative(one) for one in told)


def _source(part: dict[str, Any]) -> str:
    own = "download_url=file:" in part["purl"]  # of the very project
    return "in the source of the wheel" if own else f"https://crates.io/crates/{part['name']}/{part['version']}"
