"""What goes into a bundle is decided right, on systems too that are not this one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.packaging.scripts import script

CONTENTS = script("bundle_contents")


def test_a_package_that_nobody_decided_about_ends_the_build() -> None:
    contents = CONTENTS
    place = Path(pytest.__file__).parent / "unheard_of.py"
    with pytest.raises(SystemExit, match="unheard_of"):
        contents.check_third_party([("unheard_of", str(place), "PYMODULE")], [])
    contents.check_third_party([("requests", str(place), "PYMODULE"), ("json", "/usr/lib/json.py", "PYMODULE")], [])


def test_a_build_without_the_library_for_x11_ends() -> None:
    """PyInstaller itself would warn, and make a bundle that opens no window on another machine."""
    plugin = ("PySide6/Qt/plugins/platforms/libqxcb.so", "/wheel/libqxcb.so", "BINARY")
    with pytest.raises(SystemExit, match="apt install libxcb-cursor0"):
        CONTENTS.needed_binaries([plugin], lambda _file: [("libxcb-cursor.so.0", None)])


def test_a_library_that_only_an_unwanted_plugin_needs_stays_out() -> None:
    entries = [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "xcb", "BINARY"),
        ("libxkbcommon.so.0", "xkb", "BINARY"),
        ("libgtk-3.so.0", "gtk", "BINARY"),
        ("libX11.so.6", "x11", "BINARY"),
        ("libXau.so.6", "xau", "BINARY"),
    ]
    links: dict[str, list[tuple[str, str | None]]] = {
        "xcb": [("libxkbcommon.so.0", "xkb"), ("libX11.so.6", "x11")],
        "x11": [("libXau.so.6", "xau")],
    }
    kept = CONTENTS.needed_binaries(entries, lambda file: links.get(file, []))
    assert [name for name, _file, _kind in kept] == ["PySide6/Qt/plugins/platforms/libqxcb.so", "libxkbcommon.so.0"]


FRAMEWORK = "PySide6/Qt/lib/QtCore.framework"


@pytest.mark.parametrize(
    "link",
    [
        pytest.param((f"{FRAMEWORK}/Versions/Current", "A", "SYMLINK"), id="to a folder"),
        pytest.param((f"{FRAMEWORK}/QtCore", "Versions/Current/QtCore", "SYMLINK"), id="to a library, by a link"),
        pytest.param((f"{FRAMEWORK}/Resources", "Versions/Current/Resources", "SYMLINK"), id="to a folder, by a link"),
        pytest.param(("QtCore", f"{FRAMEWORK}/Versions/A/QtCore", "SYMLINK"), id="to a library"),
    ],
)
def test_links_of_a_framework_stay(link: tuple[str, str, str]) -> None:
    """Without them a framework of macOS is malformed, and neither signed nor loaded."""
    datas = [
        (f"{FRAMEWORK}/Versions/Current", "A", "SYMLINK"),
        (f"{FRAMEWORK}/Versions/A/Resources/Info.plist", "plist", "DATA"),
    ]
    binaries = [(f"{FRAMEWORK}/Versions/A/QtCore", "library", "BINARY")]
    assert link in CONTENTS.without_dangling_links([*datas, link], binaries)


@pytest.mark.parametrize(
    "link",
    [
        pytest.param(("libgtk-3.so.0", "somewhere/libgtk-3.so.0", "SYMLINK"), id="to nothing"),
        pytest.param(("QtNetwork", "QtNetwork.framework/Versions/Current/QtNetwork", "SYMLINK"), id="through nothing"),
        pytest.param(("round", "round", "SYMLINK"), id="to itself"),
        pytest.param(("to", "fro", "SYMLINK"), id="to and fro"),
    ],
)
def test_links_that_lead_to_nothing_stay_out(link: tuple[str, str, str]) -> None:
    others = [("resources/a.png", "a", "DATA"), ("fro", "to", "SYMLINK")]
    assert link not in CONTENTS.without_dangling_links([*others, link], [])


def test_libraries_of_one_name_in_two_folders_both_go_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own of Windows' runtime library, at the root, and shiboken6's beside it."""
    monkeypatch.setattr(sys, "platform", "win32")
    runtimes = [("VCRUNTIME140.dll", "one", "BINARY"), ("shiboken6\\VCRUNTIME140.dll", "other", "BINARY")]
    assert sorted(CONTENTS.needed_binaries(runtimes, lambda _file: [])) == sorted(runtimes)


@pytest.mark.parametrize("system", ["linux", "win32", "darwin"])
def test_extension_modules_of_one_name_in_two_packages_both_go_in(monkeypatch: pytest.MonkeyPatch, system: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    modules = [("a/_core.so", "one", "EXTENSION"), ("b/_core.so", "other", "EXTENSION")]
    assert CONTENTS.needed_binaries(modules, lambda _file: []) == modules


def test_windows_asks_for_a_library_in_any_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    plugin = ("PySide6\\plugins\\platforms\\qwindows.dll", "plugin", "BINARY")
    core, network = ("PySide6\\Qt6Core.dll", "core", "BINARY"), ("PySide6\\Qt6Network.dll", "network", "BINARY")
    links = {"plugin": [("QT6CORE.dll", "core")]}
    assert CONTENTS.needed_binaries([plugin, core, network], lambda file: links.get(file, [])) == [core, plugin]


@pytest.mark.parametrize(
    ("version", "numbers"), [("1.2.3", "(1, 2, 3, 0)"), ("0.2.0rc1", "(0, 2, 0, 0)"), ("1!2.dev0", "(1, 0, 0, 0)")]
)
def test_version_for_windows_is_made_of_numbers(tmp_path: Path, version: str, numbers: str) -> None:
    project = {"version": version, "name": "made-up", "description": "d"}
    text = Path(CONTENTS.version_resource(project, tmp_path / "version.txt")).read_text(encoding="utf-8")
    assert f"filevers={numbers}, prodvers={numbers}" in text
    assert f"'{version}'" in text
