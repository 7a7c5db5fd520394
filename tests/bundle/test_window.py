"""The bundle's window on a real X display, by keys alone, and what it hands on to programs that it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from gui.widgets.menu_table import Command
from tests.bundle.conftest import LIMIT_S
from tests.flow.test_window_real import COLOURS_OF_A_WINDOW, RunningWindow, keys_of, listen_on_any_port
from tests.real_keyring import running_keyring
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bundle.conftest import Bundle
    from tests.real_keyring import RealKeyring
    from tests.real_window import RealDisplay

pytestmark = [
    pytest.mark.real_part("xvfb"),
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb is for Linux"),
]


PORTAL_PLUGIN = "libqxdgdesktopportal.so"


@contextmanager
def running_bundle(
    bundle: Bundle, display: RealDisplay, folder: Path, env: dict[str, str], wrapper: Sequence[str] = ()
) -> Iterator[RunningWindow]:
    home = folder / "home"
    listen_on_any_port(home)
    of_display = {name: display.environment()[name] for name in ("DISPLAY", "QT_SCALE_FACTOR", "NO_AT_BRIDGE")}
    with subprocess.Popen(
        [*wrapper, str(bundle.program)],
        env={**env, **of_display},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield RunningWindow(process, display, home, folder / "opened-urls")
        finally:
            process.kill()


def quit_by_keys(window: RunningWindow, *, saying: str = "") -> None:
    window.display.window("^App Center Flow")
    window.display.key(keys_of(Command.QUIT))
    said, _ = window.process.communicate(timeout=LIMIT_S)
    assert window.process.returncode == 0
    assert [line for line in said.splitlines() if not saying or saying not in line] == []


def libraries_of(process: subprocess.Popen[str]) -> set[str]:
    """Return the names of the libraries that a process has loaded."""
    lines = Path(f"/proc/{process.pid}/maps").read_text().splitlines()
    return {Path(line.split(maxsplit=5)[-1]).name for line in lines if ".so" in line}


@pytest.mark.real_part("keyring")
def test_it_paints_itself_goes_through_a_flow_and_closes(
    bundle: Bundle, clean: dict[str, str], real_display: RealDisplay, gnome_keyring: RealKeyring, tmp_path: Path
) -> None:
    with running_bundle(
        bundle, real_display, tmp_path, {**clean, "DBUS_SESSION_BUS_ADDRESS": gnome_keyring.address}
    ) as window:
        found = real_display.window("^App Center Flow")
        assert real_display.xdotool("getwindowname", found).startswith("App Center Flow")
        wait_until("it is painted", lambda: window.colours(tmp_path / "first.png") > COLOURS_OF_A_WINDOW)
        assert {"libqxcb.so", "libqsvg.so"} <= libraries_of(window.process)
        window.press(Command.SIMULATE_APP_CENTER, "a token is listed", window.issued)
        window.press(Command.TRY_TOKEN, "the token was tried", lambda: window.calls("probe"))
        assert set(window.calls("probe")) == {"200"}
        window.press(Command.REVOKE, "no token is listed", lambda: not window.journal())
        assert window.calls("revoke") == ["200"]
        real_display.screenshot(tmp_path / "revoked.png")
        assert QImage(str(tmp_path / "first.png")) != QImage(str(tmp_path / "revoked.png"))
        quit_by_keys(window)


def test_a_window_does_without_stdout_and_stderr(
    bundle: Bundle, clean: dict[str, str], real_display: RealDisplay, tmp_path: Path
) -> None:
    shut = ("sh", "-c", 'exec "$0" <&- >&- 2>&-')
    with running_bundle(bundle, real_display, tmp_path, clean, shut) as window:
        window.press(Command.SIMULATE_APP_CENTER, "a token is listed", window.issued)
        window.press(Command.REVOKE, "no token is listed", lambda: not window.journal())
        quit_by_keys(window)
    assert "Traceback" not in window.log


@pytest.mark.parametrize(
    "own",
    [
        pytest.param({}, id="nothing set"),
        pytest.param(
            {
                "LD_LIBRARY_PATH": "/somewhere/lib",
                "QT_PLUGIN_PATH": "/somewhere/plugins",
                "QT_QPA_PLATFORMTHEME": "mine",
            },
            id="the user's own",
        ),
    ],
)
def test_a_browser_gets_the_environment_that_the_user_has(
    bundle: Bundle, clean: dict[str, str], real_display: RealDisplay, tmp_path: Path, own: dict[str, str]
) -> None:
    got = tmp_path / "got"
    programs = tmp_path / "programs"
    programs.mkdir()
    browser = programs / "xdg-open"
    browser.write_text(f"#!/bin/sh\nenv > '{got}.part' && mv '{got}.part' '{got}'\n")
    browser.chmod(0o755)
    env = {**clean, **own, "PATH": os.pathsep.join((str(programs), os.environ["PATH"]))}
    with running_bundle(bundle, real_display, tmp_path, env) as window:
        window.press(Command.OPEN_BROWSER, "the browser is opened", got.is_file)
        quit_by_keys(window)
    handed_on = dict(line.split("=", 1) for line in got.read_text().splitlines() if "=" in line)
    ours = ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH", "QT_QPA_PLATFORMTHEME", "LD_LIBRARY_PATH_ORIG")
    assert {name: handed_on[name] for name in ours if name in handed_on} == own
    assert [name for name, value in handed_on.items() if name.startswith("_PYI") or "_internal" in value] == []


@pytest.mark.parametrize("with_portal", [pytest.param(True, id="a portal"), pytest.param(False, id="none")])
def test_file_dialogs_are_the_desktops_where_it_has_a_portal(
    bundle: Bundle, clean: dict[str, str], real_display: RealDisplay, tmp_path: Path, *, with_portal: bool
) -> None:
    """Where there is none Qt's own dialogs have to do: with the portal's plugin there would be no dialog at all."""
    shared = tmp_path / "share"
    if with_portal:
        (shared / "dbus-1" / "services").mkdir(parents=True)
        (shared / "dbus-1" / "services" / "org.freedesktop.portal.Desktop.service").write_text("[D-BUS Service]\n")
        (shared / "xdg-desktop-portal" / "portals").mkdir(parents=True)
        (shared / "xdg-desktop-portal" / "portals" / "some.portal").write_text(
            "[portal]\nInterfaces=org.freedesktop.impl.portal.FileChooser\n"
        )
    with running_keyring() as session:
        env = {**clean, "XDG_DATA_DIRS": str(shared), "DBUS_SESSION_BUS_ADDRESS": session.address}
        with running_bundle(bundle, real_display, tmp_path, env) as window:
            window.press(Command.SIMULATE_APP_CENTER, "a token is listed", window.issued)
            assert (PORTAL_PLUGIN in libraries_of(window.process)) is with_portal
            window.press(Command.REVOKE, "no token is listed", lambda: not window.journal())
            quit_by_keys(window, saying="org.freedesktop.portal")  # there is a file that promises one, and no more
