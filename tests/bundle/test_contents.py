"""What is in the bundle, and what is not."""

from __future__ import annotations

import ast
import base64
import csv
import hashlib
import importlib.metadata
import json
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import certifi
import pytest

from tests.packaging.scripts import ROOT, script
from tests.real_parts import skip_without

if TYPE_CHECKING:
    from collections.abc import Iterable

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


def test_notices_are_of_every_library_that_is_in_it(bundle: Bundle) -> None:
    """What is no wheel's and no Python's comes from a package of the system, whose notice has to be there."""
    if shutil.which("dpkg-query") is None:
        skip_without("dpkg")
    folder = bundle.contents / "resources" / "licences"
    listed = {row["name"] for row in json.loads((folder / "third-party.json").read_text(encoding="utf-8"))}
    told = (folder / "THIRD-PARTY.txt").read_text(encoding="utf-8")
    assert {"Python", "Qt", "pyinstaller", "requests", "openssl"} <= listed
    at_root = [path.name for path in bundle.contents.iterdir() if path.is_file() and not path.is_symlink()]
    libraries = [name for name in at_root if ".so" in name and not name.startswith(("libpython", "_cffi_backend"))]
    assert "libxcb-cursor.so.0" in libraries
    for name in libraries:
        found = subprocess.run(["dpkg-query", "--search", f"*/{name}"], capture_output=True, text=True, check=True)
        owners = {line.partition(":")[0] for line in found.stdout.splitlines()}
        assert owners & listed, name
        assert any(f"\n{owner} " in told for owner in owners), name


@pytest.fixture(scope="module")
def collected(bundle: Bundle) -> list[tuple[str, str, str]]:
    """Give what PyInstaller found before anything was left out: name in the bundle, file, kind."""
    assert bundle.program.is_file()
    analysis = ast.literal_eval((ROOT / "build" / "build" / "Analysis-00.toc").read_text(encoding="utf-8"))
    lists = [part for part in analysis if isinstance(part, list)]
    return [entry for part in lists for entry in part if isinstance(entry, tuple) and len(entry) == 3]


def in_build_environment(expression: str, names: Iterable[str]) -> list[str]:
    """Return the names for which an expression about `name` holds, where the bundle was built."""
    python = ROOT / ".venv-build" / "bin" / "python"
    if not python.is_file():
        skip_without("the environment that bundles are built in (python3 .ci/do.py bundle)")
    code = f"import sys, importlib.util; print([name for name in sys.argv[1:] if {expression}])"
    asked = subprocess.run([str(python), "-c", code, *names], capture_output=True, text=True, check=True)
    found: list[str] = ast.literal_eval(asked.stdout)
    return found


def test_nothing_is_on_the_list_of_packages_that_does_not_go_in(collected: list[tuple[str, str, str]]) -> None:
    tops = {name.split("/")[0].split(".")[0] for name, _file, _kind in collected}
    assert set(script("bundle_contents").THIRD_PARTY) - tops == {"win32ctypes"}


def test_nothing_is_on_the_list_of_unused_modules_that_is_no_module() -> None:
    """Whether something still asks for a module is not known here: those that are left out are not followed."""
    listed = script("bundle_contents").UNUSED_MODULES
    gone = {"distutils", "lib2to3"} if sys.version_info >= (3, 12) else set()
    there = in_build_environment("importlib.util.find_spec(name) is not None", sorted(set(listed) - gone))
    assert set(listed) - gone - set(there) == set()


def test_nothing_is_on_the_list_of_the_systems_libraries_that_nobody_collects(
    collected: list[tuple[str, str, str]],
) -> None:
    """PyInstaller leaves some of them to the system by itself, for now."""
    names = [Path(name).name for name, _file, _kind in collected]
    patterns = script("bundle_contents").LEFT_TO_THE_SYSTEM
    absent = [pattern for pattern in patterns if not any(fnmatch(name, pattern) for name in names)]
    left = "not importlib.import_module('PyInstaller.depend.dylib').include_library(name)"
    names = [pattern.replace("-*.so.*", "-client.so.0") for pattern in absent]
    assert in_build_environment(left, names) == names
