"""From the redirect to the stored document, less what a bare `requests` call takes; and how long a token is at risk."""

from __future__ import annotations

import os
import queue
import statistics
import tempfile
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from gui.concur.legacy import LegacyContract
from gui.concur.models import Application, HttpExchange, Operation, Origin
from gui.concur.redaction import Redactor
from gui.concur.transport import Transport
from gui.flow.connection import Connection
from gui.flow.issuing import exchange_and_store
from gui.loopback.listener import ListenerEvent, RedirectListener, RedirectReceived
from gui.loopback.redirect_url import parse_redirect_url
from gui.sandbox.records import RegisteredApp
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from gui.sandbox.tokens import new_consumer_key, new_consumer_secret
from gui.store.issued_tokens import IssuedTokens
from gui.store.secrets import SecretStore, SessionSecretStore, open_secret_store
from tests.real_keyring import running_keyring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.report import Report

ROUNDS = 60
BAR_MS = 15.0


class Stage:
    """A flow with a sandbox and a listener, and the moment when the last answer was whole."""

    def __init__(self, folder: Path, store: SecretStore, stack: ExitStack) -> None:
        self.events: queue.SimpleQueue[ListenerEvent] = queue.SimpleQueue()
        self.answer_whole = 0.0
        app = RegisteredApp(new_consumer_key(), new_consumer_secret())
        self.concur = stack.enter_context(SimulatedConcur(SandboxSettings(), app))
        self.listener = RedirectListener(
            parse_redirect_url("http://localhost:0/redirect"),
            LegacyContract(),
            on_event=self.events.put,
            record=lambda _exchange: None,
        )
        self.listener.start()
        stack.callback(self.listener.stop)
        self.connection = Connection(
            profile_id="bench",
            profile_name="bench",
            purpose="window",
            application=Application(self.concur.base_url, app.consumer_key, app.consumer_secret, "", ()),
            contract=LegacyContract(),
            transport=Transport(record=self._record, redactor=Redactor()),
            tokens=IssuedTokens(folder, store, lambda: datetime.now(UTC)),
        )

    def _record(self, exchange: HttpExchange) -> None:
        if exchange.operation is Operation.EXCHANGE:
            self.answer_whole = time.perf_counter()

    def flow(self, browser: requests.Session) -> tuple[float, float]:
        """Return ms from the redirect sent to the document stored, and from the answer's last byte to it."""
        self.listener.expect(Origin.APP_CENTER)
        code = self.concur.issue_request_token()
        url = f"http://127.0.0.1:{self.listener.redirect_url.port}/redirect?code={code}"
        started = time.perf_counter()
        browser.get(url, timeout=10)
        event = self.events.get(timeout=10)
        if not isinstance(event, RedirectReceived):
            raise TypeError(event)
        issued = exchange_and_store(self.connection, event.request_token)
        ended = time.perf_counter()
        if issued.failures:
            raise issued.failures[0]
        return (ended - started) * 1000, (ended - self.answer_whole) * 1000

    def bare_call(self, browser: requests.Session) -> float:
        application = self.connection.application
        consumer = (application.consumer_key, application.consumer_secret)
        return bare_call(browser, application.base_url, self.concur.issue_request_token(), consumer)


def bare_call(browser: requests.Session, base_url: str, code: str, consumer: tuple[str, str]) -> float:
    """Return ms of the same exchange by `requests` alone, with nothing read, noted or stored."""
    query = {"code": code, "client_id": consumer[0], "client_secret": consumer[1]}
    url = f"{base_url}/net2/oauth2/getaccesstoken.ashx"
    started = time.perf_counter()
    answer = browser.get(url, params=query, headers={"Accept": "application/xml"}, timeout=10)
    ended = time.perf_counter()
    answer.raise_for_status()
    return (ended - started) * 1000


def run(report: Report) -> None:
    """Measure with the session store and with a real GNOME Keyring, interleaved with the bare call."""
    with secret_stores() as stores:
        for name, store in stores.items():
            with ExitStack() as stack, requests.Session() as browser:
                browser.trust_env = False
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                stage = Stage(folder, store, stack)
                whole, at_risk, bare = [], [], []
                for _ in range(ROUNDS):
                    bare.append(stage.bare_call(browser))
                    total, risk = stage.flow(browser)
                    whole.append(total)
                    at_risk.append(risk)
            risk_words = f"{statistics.median(at_risk):.1f} ms at the median, {max(at_risk):.1f} ms at most"
            report.note(f"{name}: bare call {statistics.median(bare):.1f} ms")
            report.note(f"{name}: answer's last byte to stored token {risk_words}")
            measured = statistics.median(whole) - statistics.median(bare)
            report.at_most(f"redirect sent to stored document, less a bare call ({name})", measured, BAR_MS, "ms")


@contextmanager
def secret_stores() -> Iterator[dict[str, SecretStore]]:
    """Give the session store and, where its programs are installed, a real GNOME Keyring, by name."""
    stores: dict[str, SecretStore] = {"session store": SessionSecretStore()}
    with ExitStack() as stack:
        try:
            keyring = stack.enter_context(running_keyring())
        except (pytest.skip.Exception, pytest.fail.Exception):
            yield stores
            return
        before = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = keyring.address
        try:
            opened = open_secret_store()
            if opened.problem is None:
                stores["GNOME Keyring"] = opened.store
            yield stores
        finally:
            os.environ.pop("DBUS_SESSION_BUS_ADDRESS")
            if before is not None:
                os.environ["DBUS_SESSION_BUS_ADDRESS"] = before
