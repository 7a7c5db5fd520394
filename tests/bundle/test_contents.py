"""What is in the bundle, and what is not."""

from __future__ import annotations

import base64
import csv
import hashlib
import importlib.metadata
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import certifi
import pytest

from tests.packaging.scripts import ROOT, script

if TYPE_CHECKING:
    from tests.bundle.conftest import Bundle


def files_of(bundle: Bundle) -> dict[str, Path]:
    return {path.relative_to(bundle.contents).as_posix(): path for path in bundle.contents.rglob("*") if path.is_file()}


def test_plugins_are_those_of_the_list(bundle: Bundle) -> None:
    folder = bundle.contents / "PySide6" / "Qt" / "plugins"
    found = {
        f"{path.parent.name}/{path.name.removeprefix('lib').split('.')[0]}"
        for path in folder.rglob("*")
        if path.is_file()
    }
    listed = set(script("bundle_contents").QT_PLUGINS)
    assert found == listed - {"platforms/qwindows", "platforms/qcocoa"}


def test_every_link_leads_to_something(bundle: Bundle) -> None:
    assert [path for path in bundle.contents.rglob("*") if path.is_symlink() and not path.exists()] == []


def test_drivers_and_fonts_are_the_systems(bundle: Bundle) -> None:
    names = {path.name for path in files_of(bundle).values()}
    patterns = script("bundle_contents").LEFT_TO_THE_SYSTEM
    assert [name for name in names if any(fnmatch(name, pattern) for pattern in patterns)] == []


@pytest.mark.parametrize(
    "unwanted", ["libgtk-3", "libQt6Network", "libQt6OpenGL", "libreadline", "translations/", ".qm"]
)
def test_nothing_is_in_it_that_nobody_uses(bundle: Bundle, unwanted: str) -> None:
    assert [name for name in files_of(bundle) if unwanted in name] == []


def test_what_has_to_be_in_it_is(bundle: Bundle) -> None:
    files = files_of(bundle)
    assert files["LICENSE"].read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert "libxcb-cursor.so.0" in files
    assert files["certifi/cacert.pem"].read_bytes() == Path(certifi.where()).read_bytes()
    for path in (ROOT / "resources").rglob("*"):
        inside = path.relative_to(ROOT).as_posix()
        if path.is_file() and not inside.startswith("resources/screenshots/"):  # those are for the README
            assert files[inside].read_bytes() == path.read_bytes()
    assert not [name for name in files if "screenshots" in name]
    for name in ("THIRD-PARTY.txt", "third-party.json"):
        assert files[f"resources/licences/{name}"].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["PySide6_Essentials", "shiboken6", "cryptography"])
def test_files_of_wheels_are_as_their_makers_made_them(bundle: Bundle, name: str) -> None:
    """No stripping, no packing: whoever wants to compare or replace a library finds the one that was published."""
    record = importlib.metadata.distribution(name).read_text("RECORD")
    assert record is not None
    published = {row[0]: row[1].removeprefix("sha256=") for row in csv.reader(record.splitlines()) if row[1]}
    compared = 0
    for relative, path in files_of(bundle).items():
        if relative in published and ".so" in path.name and not path.is_symlink():
            digest = base64.urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).rstrip(b"=").decode()
            assert digest == published[relative], relative
            compared += 1
    assert compared
