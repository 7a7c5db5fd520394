"""A real headless Chromium for tests, driven by ChromeDriver.

Where either is not installed its tests are skipped; with APP_CENTER_FLOW_REAL_PARTS=required they fail instead.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

from tests.real_parts import skip_without

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver.chrome.webdriver import WebDriver

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
PAGE_LIMIT_S = 20
_QUIET = (
    "--headless=new",
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--window-size=1000,800",
)


@pytest.fixture(scope="session")
def _chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebDriver]:
    program = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    driver = shutil.which("chromedriver")
    if program is None or driver is None:
        skip_without("chromium" if program is None else "chromedriver")
    with _started(program, driver, tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def chromium(_chromium: WebDriver) -> Iterator[WebDriver]:
    """A browser with an empty page and no cookies."""
    _chromium.get("about:blank")
    _chromium.delete_all_cookies()
    browser_log(_chromium)  # what is in there belongs to an earlier test
    yield _chromium
    _chromium.get("about:blank")


def browser_log(browser: WebDriver) -> list[dict[str, object]]:
    """Take out what the browser's console has said since the last call."""
    entries: list[dict[str, object]] = browser.get_log("browser")  # type: ignore[no-untyped-call]
    return entries


def _started(program: str, driver: str, profile: Path) -> WebDriver:
    options = ChromeOptions()
    options.binary_location = program
    for argument in (*_QUIET, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium refuses to run as root with it
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = Chrome(options=options, service=Service(driver))
    browser.set_page_load_timeout(PAGE_LIMIT_S)
    browser.implicitly_wait(PAGE_LIMIT_S)  # a click returns before the page that it leads to is there
    return browser
