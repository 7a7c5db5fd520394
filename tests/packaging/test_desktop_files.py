from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import tomllib
from typing import TYPE_CHECKING

from defusedxml import ElementTree

from gui.window import make_application
from tests.packaging.scripts import ROOT, script
from tests.real_parts import skip_without

if TYPE_CHECKING:
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from PySide6.QtWidgets import QApplication

FOLDER = ROOT / "resources" / "desktop"
DESKTOP = FOLDER / "app-center-flow.desktop"
METAINFO = FOLDER / "org.example.app_center_flow.metainfo.xml"


def complaints(program: str, *arguments: str) -> str:
    """What a validator says of a file that it refuses, "" of one that it takes."""
    path = shutil.which(program)
    if path is None:
        skip_without(program)
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    return said if done.returncode or "warning" in said else ""


def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys are read as they are written
    parser.read_string(DESKTOP.read_text(encoding="utf-8"))
    return parser["Desktop Entry"]


def metainfo() -> Element:
    root: Element = ElementTree.fromstring(METAINFO.read_bytes())
    return root


def test_desktop_file_is_valid() -> None:
    assert complaints("desktop-file-validate", str(DESKTOP)) == ""


def test_metainfo_is_valid() -> None:
    assert complaints("appstreamcli", "validate", "--no-net", "--strict", str(METAINFO)) == ""


def test_validators_refuse_a_bad_file(tmp_path: Path) -> None:
    desktop, bad_metainfo = tmp_path / DESKTOP.name, tmp_path / METAINFO.name
    desktop.write_text(DESKTOP.read_text(encoding="utf-8").replace("Type=Application\n", ""), encoding="utf-8")
    bad_metainfo.write_text(METAINFO.read_text(encoding="utf-8").replace("CC0-1.0", "Whatever"), encoding="utf-8")
    assert complaints("desktop-file-validate", str(desktop))
    assert complaints("appstreamcli", "validate", "--no-net", "--strict", str(bad_metainfo))


def test_both_are_installed_for_tests() -> None:
    assert {"desktop-file-validate", "appstreamcli"} <= set(script("do").APT_FOR_TESTS)


def test_window_names_its_desktop_file(qapp: QApplication) -> None:
    del qapp
    app = make_application()
    assert f"{app.desktopFileName()}.desktop" == DESKTOP.name
    assert entry()["Name"] == app.applicationName()
    assert entry()["StartupWMClass"] == app.desktopFileName()


def test_desktop_file_names_the_icon_and_the_program() -> None:
    assert (ROOT / "resources" / "icons" / f"{entry()['Icon']}.svg").is_file()
    assert entry()["Exec"] == "app-center-flow"


def test_metainfo_is_about_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    newest = metainfo().findall("releases/release")[0]
    assert newest.get("version") == project["version"]
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{newest.get('version')}] - {newest.get('date')}" in changelog
    assert metainfo().findtext("project_license") == project["license"]


def test_metainfo_leads_to_the_desktop_file() -> None:
    assert metainfo().findtext("launchable") == DESKTOP.name
    assert metainfo().findtext("icon") == entry()["Icon"]
    assert f"{metainfo().findtext('id')}.metainfo.xml" == METAINFO.name


def test_whose_names_they_are_is_said() -> None:
    assert "Not affiliated with SAP" in entry()["Comment"]
    assert "Not affiliated with SAP" in "".join(metainfo().itertext())


def test_no_address_is_made_up() -> None:
    text = DESKTOP.read_text(encoding="utf-8") + METAINFO.read_text(encoding="utf-8")
    assert re.findall(r"https?://\S+", text) == []
