"""The simulated Concur's pages in a real browser, in both contracts: the app's page is a bare server here."""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest
from selenium.webdriver.common.by import By

from gui.loopback.http import Request, Response
from gui.loopback.server import LoopbackServer
from gui.sandbox.records import CONTRACTS, CURRENT, LEGACY, RegisteredApp
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from gui.sandbox.tokens import new_consumer_key, new_consumer_secret
from tests.flow.test_browser import click, text_of
from tests.real_browser import browser_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver.chrome.webdriver import WebDriver

pytestmark = pytest.mark.real_part("browser")

LIMIT_S = 20
CENTER = "/sandbox/app-center"
START = {LEGACY: "/net2/oauth2/Login.aspx?scope=EXPRPT,USER", CURRENT: "/oauth2/v0/authorize?response_type=code"}
ALLOWED = {LEGACY: ["code"], CURRENT: ["geolocation", "code"]}
CONNECTED = {LEGACY: ["code"], CURRENT: ["id", "requestToken"]}
DENIED = {LEGACY: ("error", "access_denied"), CURRENT: ("error_code", "user_denied")}


class Landing:
    """Where the redirects of an app lead, and the simulated Concur that knows it."""

    def __init__(self, contract: str) -> None:
        self.queries: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.contract = contract
        self.server = LoopbackServer(self._land, port=0)
        self.server.start()
        self.app = RegisteredApp(
            new_consumer_key(),
            new_consumer_secret(),
            name="Receipts & <b>More</b>",
            scopes=("EXPRPT", "USER"),
            redirect_url=f"http://localhost:{self.server.port}/landing",
            contract=contract,
        )
        self.concur = SimulatedConcur(SandboxSettings(), self.app)
        self.concur.start()

    def _land(self, request: Request) -> Response:
        if request.path == "/landing":
            self.queries.put(request.query)
        page = b"<!doctype html><title>Landed</title><link rel=icon href=data:,><main>landed</main>"
        return Response(200, (("Content-Type", "text/html"),), page)

    def next_query(self) -> list[tuple[str, str]]:
        return parse_qsl(self.queries.get(timeout=LIMIT_S))

    def stop(self) -> None:
        self.concur.stop()
        self.server.stop()


@pytest.fixture(params=CONTRACTS)
def landing(request: pytest.FixtureRequest) -> Iterator[Landing]:
    landing = Landing(request.param)
    yield landing
    landing.stop()


def assert_landed(browser: WebDriver) -> None:
    assert text_of(browser) == "landed"
    assert [entry for entry in browser_log(browser) if entry["level"] == "SEVERE"] == []


def test_connect_and_allow(chromium: WebDriver, landing: Landing) -> None:
    chromium.get(landing.concur.base_url + CENTER)
    assert "Receipts & <b>More</b>" in text_of(chromium)
    click(chromium, "connect")
    assert "simulated" in text_of(chromium)
    click(chromium, "allow")
    assert_landed(chromium)
    assert [name for name, _ in landing.next_query()] == CONNECTED[landing.contract]


def test_connect_in_the_other_contract(chromium: WebDriver, landing: Landing) -> None:
    other = LEGACY if landing.contract == CURRENT else CURRENT
    chromium.get(landing.concur.base_url + CENTER)
    click(chromium, f"connect-{other}")
    click(chromium, "allow")
    assert_landed(chromium)
    assert [name for name, _ in landing.next_query()] == CONNECTED[other]


def test_connect_a_company(chromium: WebDriver, landing: Landing) -> None:
    button = "connect" if landing.contract == CURRENT else "connect-current"
    chromium.get(landing.concur.base_url + CENTER)
    chromium.find_element(By.ID, f"{button}-company").click()
    click(chromium, button)
    assert "for the whole company" in text_of(chromium)
    click(chromium, "allow")
    assert_landed(chromium)
    assert [name for name, _ in landing.next_query()] == ["id", "requestToken", "userId"]


def test_connect_and_deny(chromium: WebDriver, landing: Landing) -> None:
    chromium.get(landing.concur.base_url + CENTER)
    click(chromium, "connect")
    click(chromium, "deny")
    assert_landed(chromium)
    assert landing.next_query() == [DENIED[landing.contract], ("error_description", "User denied access")]


@pytest.mark.parametrize("button", ["allow", "deny"])
def test_sign_in(chromium: WebDriver, landing: Landing, button: str) -> None:
    query = f"client_id={landing.app.consumer_key}&redirect_uri={landing.app.redirect_url}&state=a%20b%26c"
    chromium.get(f"{landing.concur.base_url}{START[landing.contract]}&{query}")
    click(chromium, "sign-in")
    click(chromium, button)
    assert_landed(chromium)
    came = landing.next_query()
    assert came[-1] == ("state", "a b&c")
    if button == "allow":
        assert [name for name, _ in came[:-1]] == ALLOWED[landing.contract]
    else:
        assert came[0] == DENIED[landing.contract]


def test_everything_works_without_javascript(chromium: WebDriver, landing: Landing) -> None:
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        chromium.get(landing.concur.base_url + CENTER)
        click(chromium, "connect")
        click(chromium, "allow")
        assert [name for name, _ in landing.next_query()] == CONNECTED[landing.contract]
    finally:
        chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 1600])
def test_pages_fit_and_follow_the_colours(chromium: WebDriver, landing: Landing, width: int, scheme: str) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        for path in ("/", CENTER, "/sandbox/log"):
            chromium.get(landing.concur.base_url + path)
            sticks_out = "const page = document.documentElement; return page.scrollWidth - page.clientWidth"
            assert chromium.execute_script(sticks_out) == 0
            ground = chromium.execute_script("return getComputedStyle(document.body).backgroundColor")
            assert ground == {"light": "rgb(246, 247, 249)", "dark": "rgb(20, 23, 28)"}[scheme]
        assert [entry for entry in browser_log(chromium) if entry["level"] == "SEVERE"] == []
    finally:
        chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
