from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.bundle import is_bundle, leave_environment, path_without, portal_shows_files, qt_start

if TYPE_CHECKING:
    from collections.abc import Callable

BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus"}


def test_from_source_this_is_no_bundle() -> None:
    assert not is_bundle()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param({"LD_LIBRARY_PATH": "/bundle"}, {}, id="the user had none"),
        pytest.param(
            {"LD_LIBRARY_PATH": "/bundle", "LD_LIBRARY_PATH_ORIG": "/mine"}, {"LD_LIBRARY_PATH": "/mine"}, id="had one"
        ),
        pytest.param({"DYLD_LIBRARY_PATH": "/bundle"}, {}, id="macOS"),
        pytest.param({"QT_PLUGIN_PATH": "/bundle", "QML2_IMPORT_PATH": "/bundle"}, {}, id="Qt's"),
        pytest.param({"QT_QPA_PLATFORM_PLUGIN_PATH": "/of/another/qt"}, {}, id="of another Qt"),
        pytest.param({"_PYI_ARCHIVE_FILE": "/bundle", "_PYI_PARENT_PROCESS_LEVEL": "1"}, {}, id="PyInstaller's"),
        pytest.param(
            {"PATH": "/bin", "QT_QPA_PLATFORM": "xcb"}, {"PATH": "/bin", "QT_QPA_PLATFORM": "xcb"}, id="others"
        ),
    ],
)
def test_the_environment_is_left_as_the_user_has_it(before: dict[str, str], after: dict[str, str]) -> None:
    environ = dict(before)
    leave_environment(environ)
    assert environ == after


@pytest.mark.parametrize(
    ("path", "left"),
    [
        pytest.param(r"C:\App\_internal;C:\Windows", r"C:\Windows", id="PyInstaller's"),
        pytest.param(r"C:\App\_internal\PySide6;C:\Windows", r"C:\Windows", id="PySide6's"),
        pytest.param(r'"c:/app/_INTERNAL/";C:\Windows', r"C:\Windows", id="in another spelling"),
        pytest.param(r"C:\App\_internals;C:\App", r"C:\App\_internals;C:\App", id="others beside it"),
        pytest.param("", "", id="none"),
    ],
)
def test_programs_on_windows_do_not_look_into_the_bundle(path: str, left: str) -> None:
    assert path_without(path, r"C:\App\_internal") == left


def test_qt_starts_from_source_as_ever() -> None:
    environ = dict(BUS)
    with qt_start(environ):
        assert environ == BUS
    assert environ == BUS


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    services, portals = tmp_path / "dbus-1" / "services", tmp_path / "xdg-desktop-portal" / "portals"
    services.mkdir(parents=True)
    portals.mkdir(parents=True)
    (services / "org.freedesktop.portal.Desktop.service").write_text("[D-BUS Service]\n")
    (portals / "some.portal").write_text("Interfaces=org.freedesktop.impl.portal.FileChooser;\n")
    return tmp_path


def test_a_portal_with_file_dialogs_is_found(shared: Path) -> None:
    assert portal_shows_files({**BUS, "XDG_DATA_DIRS": f"/nowhere:{shared}"})


@pytest.mark.parametrize(
    "without", ["dbus-1/services/org.freedesktop.portal.Desktop.service", "xdg-desktop-portal/portals/some.portal"]
)
def test_half_a_portal_is_none(shared: Path, without: str) -> None:
    (shared / without).unlink()
    assert not portal_shows_files({**BUS, "XDG_DATA_DIRS": str(shared)})


def _refuse(path: Path) -> None:
    raise PermissionError(13, "not for you", str(path))


@pytest.mark.parametrize("asked", ["exists", "is_file", "read_bytes"])
def test_folders_that_are_not_for_this_user_have_no_portal(
    shared: Path, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root everything can be read, so the system's answer is played: until Python 3.12 these methods raise it."""
    refuse: Callable[[Path], None] = _refuse
    monkeypatch.setattr(Path, asked, refuse)
    environ = {"XDG_RUNTIME_DIR": str(shared)} if asked == "exists" else BUS
    assert not portal_shows_files({**environ, "XDG_DATA_DIRS": str(shared)})


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({}, id="nothing set"),
        pytest.param({"DBUS_SESSION_BUS_ADDRESS": "disabled:"}, id="switched off"),
        pytest.param({"XDG_RUNTIME_DIR": "/nowhere"}, id="not there"),
    ],
)
def test_without_a_bus_there_is_no_portal(shared: Path, environ: dict[str, str]) -> None:
    assert not portal_shows_files({**environ, "XDG_DATA_DIRS": str(shared)})


@pytest.mark.skipif(sys.platform != "linux", reason="portals are Linux's")
def test_in_a_bundle_the_portal_is_asked_for_while_qt_starts(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    environ = {**BUS, "XDG_DATA_DIRS": str(shared)}
    with qt_start(environ):
        assert environ["QT_QPA_PLATFORMTHEME"] == "xdgdesktopportal"
    assert "QT_QPA_PLATFORMTHEME" not in environ
    own = {**environ, "QT_QPA_PLATFORMTHEME": "mine"}
    with qt_start(own):
        assert own["QT_QPA_PLATFORMTHEME"] == "mine"
    assert own["QT_QPA_PLATFORMTHEME"] == "mine"
