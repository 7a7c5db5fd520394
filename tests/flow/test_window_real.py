"""The program as a user has it: `main.py` on a real X display, a real browser, a real keyring, keys alone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psutil
import pytest
from PySide6.QtGui import QImage
from selenium.webdriver.common.by import By

from gui.flow.log_file import LOG_NAME
from gui.store.folders import HOME_VARIABLE, find_folders
from gui.store.issued_entry import ISSUED, read_secret_entry, secret_name
from gui.store.profile import built_in_profile
from gui.store.profiles import ProfileStore
from gui.store.secrets import SessionSecretStore, open_secret_store
from tests.flow.scene import ROOT
from tests.flow.test_browser import click
from tests.waiting import comes_true, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from selenium.webdriver.chrome.webdriver import WebDriver

    from tests.real_keyring import RealKeyring
    from tests.real_window import RealDisplay

pytestmark = [
    pytest.mark.real_part("xvfb"),
    pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="Xvfb is for Linux"),
]

PRESS_AGAIN_S = 1.5
"""A key that comes while its command may not be used is lost, for a person as for a test: it is pressed once more."""
QUIT_LIMIT_S = 10.0
"""Two seconds are promised; the rest is for a machine that runs other tests at the same time."""
COLOURS_OF_A_WINDOW = 30
"""A window that was never painted has one or two."""


@dataclass(frozen=True)
class RunningWindow:
    """The program, the display that it is on, and what it leaves on disk."""

    process: subprocess.Popen[str]
    display: RealDisplay
    home: Path
    opened_urls: Path

    def press(self, keys: str, what: str, condition: Callable[[], object]) -> None:
        """Press keys until they have their effect."""
        for _ in range(20):
            assert self.process.poll() is None, self.process.communicate()
            self.display.window("^App Center Flow")
            self.display.key(keys)
            if comes_true(condition, PRESS_AGAIN_S):
                return
        pytest.fail(f"{keys} did not bring this: {what}; log:\n{self.log}")

    @property
    def opened_url(self) -> str:
        """What the system's browser was asked to open last."""
        return self.opened_urls.read_text().splitlines()[-1] if self.opened_urls.is_file() else ""

    @property
    def log(self) -> str:
        path = self.home / "log" / LOG_NAME
        return path.read_text() if path.is_file() else ""

    def calls(self, operation: str) -> list[str]:
        """Return the outcome of each call of that kind, as the log has it: "200", "401"."""
        return re.findall(rf"INFO \w+ {operation} \S+ (\S+)", self.log)

    def journal(self) -> dict[str, str]:
        """Return the state of each token that is listed, by its id."""
        found = {}
        for path in (self.home / "state" / "issued").glob("*.json"):
            with suppress(FileNotFoundError):  # removed just now
                found[path.stem] = json.loads(path.read_text())["state"]
        return found

    def issued(self) -> list[str]:
        return [token_id for token_id, state in self.journal().items() if state == ISSUED]

    def colours(self, picture: Path) -> int:
        """Take a screenshot and count the colours in it."""
        self.display.screenshot(picture)
        image = QImage(str(picture))
        rows, columns = range(0, image.height(), 5), range(0, image.width(), 5)
        return len({image.pixel(x, y) for y in rows for x in columns})


@contextmanager
def running_window(display: RealDisplay, folder: Path) -> Iterator[RunningWindow]:
    home, opened = folder / "home", folder / "opened-urls"
    listen_on_any_port(home)
    environment = {
        **display.environment(),
        HOME_VARIABLE: str(home),
        "PATH": os.pathsep.join((str(stand_in_for_xdg_open(folder, opened)), os.environ.get("PATH", os.defpath))),
    }
    with subprocess.Popen(
        [sys.executable, "main.py"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield RunningWindow(process, display, home, opened)
        finally:
            process.kill()


def listen_on_any_port(home: Path) -> None:
    """Save the built-in sandbox as its editor would, with port 0: that of its first start may be in use here."""
    folders = find_folders({HOME_VARIABLE: str(home)})
    store = ProfileStore(folders.config / "profiles.json", SessionSecretStore(), lambda: datetime.now(UTC))
    store.replace(replace(built_in_profile(), redirect_url="http://localhost:0/redirect"))


def stand_in_for_xdg_open(folder: Path, opened: Path) -> Path:
    """Write the program by which Qt opens a URL on Linux, and return the folder to put first in PATH."""
    programs = folder / "programs"
    programs.mkdir()
    program = programs / "xdg-open"
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{opened}'\n")
    program.chmod(0o755)
    return programs


def kept_in_keyring(token_id: str) -> str:
    """Return the access token that the keyring holds; "" for none."""
    opened = open_secret_store()
    assert opened.problem is None
    text = opened.store.read(secret_name(token_id))
    entry = None if text is None else read_secret_entry(text)
    return "" if entry is None else entry.access_token


def left_of(home: Path) -> list[int]:
    """Return every process that was started for that home and still runs."""
    left = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(HOME_VARIABLE) == str(home) and process.status() != psutil.STATUS_ZOMBIE:
                left.append(process.pid)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return left


def connect_in_browser(browser: WebDriver, window: RunningWindow) -> None:
    window.press("ctrl+b", "the browser is asked to open a page", lambda: window.opened_url)
    browser.get(window.opened_url)
    assert browser.current_url.endswith("/sandbox/app-center")
    click(browser, "connect")
    click(browser, "allow")
    assert "return to the App Center Flow window" in browser.find_element(By.TAG_NAME, "main").text
    assert browser.current_url.endswith("/redirect")


@pytest.mark.real_part("browser")
@pytest.mark.real_part("keyring")
def test_from_the_app_center_to_a_revoked_token(
    real_display: RealDisplay, gnome_keyring: RealKeyring, chromium: WebDriver, tmp_path: Path
) -> None:
    assert gnome_keyring.daemon.poll() is None
    with running_window(real_display, tmp_path) as window:
        connect_in_browser(chromium, window)
        wait_until("a token is listed", window.issued)
        assert window.calls("redirect") == ["200"]
        assert window.calls("exchange") == ["200"]
        (token_id,) = window.issued()
        access_token = kept_in_keyring(token_id)
        assert access_token

        window.press("ctrl+t", "the token was tried", lambda: window.calls("probe"))
        assert set(window.calls("probe")) == {"200"}
        assert window.colours(tmp_path / "connected.png") > COLOURS_OF_A_WINDOW

        window.press("ctrl+r", "a second token is listed", lambda: len(window.issued()) > 1)
        assert kept_in_keyring(token_id) == access_token
        listed = window.issued()

        window.press("ctrl+shift+Delete", "no token is listed", lambda: not window.journal())
        assert window.calls("revoke").count("200") == len(listed)
        assert window.calls("proof").count("200") == 0
        assert [token for token in listed if kept_in_keyring(token)] == []

        real_display.key("ctrl+q")
        said, _ = window.process.communicate(timeout=QUIT_LIMIT_S)
        assert (window.process.returncode, said) == (0, "")
    assert left_of(window.home) == []
    assert access_token not in window.log


@pytest.mark.real_part("keyring")
def test_the_system_ends_it_in_order_and_its_token_stays_listed(
    real_display: RealDisplay, gnome_keyring: RealKeyring, tmp_path: Path
) -> None:
    assert gnome_keyring.daemon.poll() is None
    with running_window(real_display, tmp_path) as window:
        window.press("ctrl+k", "a token is listed", window.issued)
        (token_id,) = window.issued()
        window.process.send_signal(signal.SIGTERM)
        said, _ = window.process.communicate(timeout=QUIT_LIMIT_S)
        assert (window.process.returncode, said) == (0, "")
    assert left_of(window.home) == []
    assert window.issued() == [token_id]
    assert kept_in_keyring(token_id)
    listed = subprocess.run(
        [sys.executable, "main.py", "tokens"],
        cwd=ROOT,
        env={**os.environ, HOME_VARIABLE: str(window.home)},
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    assert listed.stdout.startswith("live ")
    assert token_id[:8] in listed.stdout
