from __future__ import annotations

import queue
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

from gui.concur.contract import CURRENT, LEGACY
from gui.concur.errors import RedirectOfOtherContract
from gui.concur.models import Application, HttpExchange, Origin
from gui.concur.redaction import Redactor
from gui.concur.transport import Transport
from gui.flow.connection import contract_named
from gui.loopback.guard import Stray
from gui.loopback.http import Response
from gui.loopback.listener import (
    ListenerEvent,
    RedirectDenied,
    RedirectListener,
    RedirectReceived,
    RedirectRefused,
)
from gui.loopback.redirect_url import parse_redirect_url
from gui.loopback.server import LoopbackServer
from gui.sandbox.records import RegisteredApp
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from gui.sandbox.tokens import new_consumer_key, new_consumer_secret
from tests.flow.contracts import BOTH, CURRENT_KIT, LEGACY_KIT, Kit, other_than
from tests.real_browser import PAGE_LIMIT_S, browser_log

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver.chrome.webdriver import WebDriver

    from gui.concur.models import AccessTokenDocument, RequestToken

pytestmark = pytest.mark.real_part("browser")

EVENT_LIMIT_S = 20


class Stage:
    """A redirect listener of one contract, and a simulated Concur that knows its redirect URL."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self.contract = contract_named(kit.name)
        self.events: queue.SimpleQueue[ListenerEvent] = queue.SimpleQueue()
        self.records: list[HttpExchange] = []
        self.listener = RedirectListener(
            parse_redirect_url("http://localhost:0/redirect"),
            self.contract,
            on_event=self.events.put,
            record=self.records.append,
        )
        self.listener.start()
        self.app = RegisteredApp(
            new_consumer_key(),
            new_consumer_secret(),
            name="Receipts & <b>More</b>",
            scopes=("EXPRPT", "USER"),
            redirect_url=str(self.listener.redirect_url),
            contract=kit.name,
        )
        self.concur = SimulatedConcur(SandboxSettings(), self.app)
        self.concur.start()

    @property
    def application(self) -> Application:
        return Application(
            self.concur.base_url,
            self.app.consumer_key,
            self.app.consumer_secret,
            str(self.listener.redirect_url),
            self.kit.scopes,
        )

    def next_event(self) -> ListenerEvent:
        return self.events.get(timeout=EVENT_LIMIT_S)

    def stop(self) -> None:
        self.listener.stop()
        self.concur.stop()


@pytest.fixture
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    """Of the legacy contract, or `both`."""
    stage = Stage(getattr(request, "param", LEGACY_KIT))
    yield stage
    stage.stop()


both = pytest.mark.parametrize("stage", BOTH, indirect=True)
"""Other tests are about pages and strays, which have no contract; the sandbox's own are in test_browser_sandbox.py."""


def exchanged(stage: Stage, request_token: RequestToken) -> AccessTokenDocument:
    transport = Transport(record=stage.records.append, redactor=Redactor())
    return stage.contract.exchange(transport, stage.application, request_token)


def click(browser: WebDriver, element_id: str) -> None:
    """Click, and wait until the page that it leads to has taken the place of this one."""
    element = browser.find_element(By.ID, element_id)
    element.click()
    # While one page takes the place of another, Chromium has moments in which it knows neither.
    WebDriverWait(browser, PAGE_LIMIT_S, ignored_exceptions=(WebDriverException,)).until(staleness_of(element))


def text_of(browser: WebDriver) -> str:
    return browser.find_element(By.TAG_NAME, "main").text


def assert_landed_on(browser: WebDriver, stage: Stage) -> None:
    """The listener's page, with nothing left of the query in the address bar and nothing blocked on the page."""
    assert browser.current_url == str(stage.listener.redirect_url)
    assert [entry for entry in browser_log(browser) if entry["level"] == "SEVERE"] == []


@both
def test_connect_and_allow_in_the_app_center(chromium: WebDriver, stage: Stage) -> None:
    stage.listener.expect(Origin.APP_CENTER)
    chromium.get(f"{stage.concur.base_url}/sandbox/app-center")
    assert "Receipts & <b>More</b>" in text_of(chromium)
    assert "simulated" in text_of(chromium).lower()
    click(chromium, "connect")
    assert {LEGACY: "EXPRPT", CURRENT: "user.read"}[stage.kit.name] in text_of(chromium)
    click(chromium, "allow")
    assert "return to the App Center Flow window" in text_of(chromium)
    assert_landed_on(chromium, stage)
    event = stage.next_event()
    assert isinstance(event, RedirectReceived)
    document = exchanged(stage, event.request_token)
    assert document.instance_url == stage.concur.base_url + {LEGACY: "/", CURRENT: ""}[stage.kit.name]


@pytest.mark.parametrize("stage", [pytest.param(CURRENT_KIT, id="current")], indirect=True)
def test_company_is_connected_in_the_app_center(chromium: WebDriver, stage: Stage) -> None:
    stage.listener.expect(Origin.APP_CENTER)
    chromium.get(f"{stage.concur.base_url}/sandbox/app-center")
    chromium.find_element(By.ID, "connect-company").click()
    click(chromium, "connect")
    click(chromium, "allow")
    assert_landed_on(chromium, stage)
    event = stage.next_event()
    assert isinstance(event, RedirectReceived)
    assert event.request_token.user_id not in {None, event.request_token.principal_id}
    assert exchanged(stage, event.request_token).subject == event.request_token.principal_id


@both
def test_connecting_by_the_other_contract_is_told_apart(chromium: WebDriver, stage: Stage) -> None:
    """App Center's page has both ways; the listener says which one came, in the browser and in the window."""
    stage.listener.expect(Origin.APP_CENTER)
    other = other_than(stage.kit).name
    chromium.get(f"{stage.concur.base_url}/sandbox/app-center")
    click(chromium, f"connect-{other}")
    click(chromium, "allow")
    event = stage.next_event()
    assert isinstance(event, RedirectRefused)
    assert isinstance(event.error, RedirectOfOtherContract)
    assert event.error.other == other
    assert "contract" in text_of(chromium)
    assert urlsplit(chromium.current_url).query == ""
    chromium.get(f"{stage.concur.base_url}/sandbox/app-center")
    click(chromium, "connect")
    click(chromium, "allow")
    assert isinstance(stage.next_event(), RedirectReceived)


@both
def test_reload_of_the_landing_page_changes_nothing(chromium: WebDriver, stage: Stage) -> None:
    stage.listener.expect(Origin.APP_CENTER)
    chromium.get(f"{stage.concur.base_url}/sandbox/app-center")
    click(chromium, "connect")
    click(chromium, "allow")
    assert isinstance(stage.next_event(), RedirectReceived)
    landed = text_of(chromium)
    chromium.refresh()
    assert text_of(chromium) == landed
    assert stage.events.empty()


@both
def test_connect_and_deny_in_the_app_center(chromium: WebDriver, stage: Stage) -> None:
    stage.listener.expect(Origin.APP_CENTER)
    chromium.get(f"{stage.concur.base_url}/sandbox/app-center")
    click(chromium, "connect")
    click(chromium, "deny")
    assert "Access was denied" in text_of(chromium)
    assert "User denied access" in text_of(chromium)
    assert_landed_on(chromium, stage)
    event = stage.next_event()
    assert isinstance(event, RedirectDenied)
    assert event.denial.error == {LEGACY: "access_denied", CURRENT: "user_denied"}[stage.kit.name]


@pytest.mark.parametrize(
    ("button", "kind"),
    [pytest.param("allow", RedirectReceived, id="allow"), pytest.param("deny", RedirectDenied, id="deny")],
)
@both
def test_web_flow_through_sign_in(
    chromium: WebDriver, stage: Stage, button: str, kind: type[RedirectReceived | RedirectDenied]
) -> None:
    state = "state with a blank & more"
    stage.listener.expect(Origin.WEB_FLOW, state)
    chromium.get(stage.contract.sign_in_url(stage.application, state))
    click(chromium, "sign-in")
    click(chromium, button)
    assert_landed_on(chromium, stage)
    event = stage.next_event()
    assert isinstance(event, kind)
    if isinstance(event, RedirectReceived):
        assert exchanged(stage, event.request_token).refresh_token is not None


def test_hostile_description_is_shown_as_text(chromium: WebDriver, stage: Stage) -> None:
    stage.listener.expect(Origin.APP_CENTER)
    hostile = "<script>document.title='owned'</script><img src=x onerror=document.title='owned'>"
    chromium.get(f"{stage.listener.redirect_url}?error=access_denied&error_description={hostile}")
    assert hostile in text_of(chromium)
    assert chromium.title == "Access was denied"
    assert isinstance(stage.next_event(), RedirectDenied)


def test_another_page_cannot_bring_the_redirect_in_an_image_or_frame(chromium: WebDriver, stage: Stage) -> None:
    stage.listener.expect(Origin.APP_CENTER)
    url = f"{stage.listener.redirect_url}?code=0_forged"
    page = f"<img src='{url}'><iframe src='{url}'></iframe>".encode()
    with LoopbackServer(lambda _request: Response(200, (("Content-Type", "text/html"),), page), port=0) as hostile:
        chromium.get(f"http://127.0.0.1:{hostile.port}/")
    chromium.get(f"{stage.concur.base_url}/sandbox/app-center")
    click(chromium, "connect")
    click(chromium, "allow")
    kinds: list[type[ListenerEvent]] = []
    while not kinds or kinds[-1] is not RedirectReceived:
        event = stage.next_event()
        kinds.append(type(event))
        if isinstance(event, RedirectReceived):
            assert event.request_token.value != "0_forged"
    assert stage.listener.strays[Stray.NOT_A_NAVIGATION] == 2


def test_pages_work_without_javascript(chromium: WebDriver, stage: Stage) -> None:
    stage.listener.expect(Origin.APP_CENTER)
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        chromium.get(f"{stage.concur.base_url}/sandbox/app-center")
        click(chromium, "connect")
        click(chromium, "allow")
        assert urlsplit(chromium.current_url).path == "/redirect"
        assert isinstance(stage.next_event(), RedirectReceived)
        assert "The request token has arrived" in chromium.page_source
    finally:
        chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
