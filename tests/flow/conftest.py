from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
import trustme

from gui.concur.models import Application, LiveToken
from gui.concur.redaction import Redactor
from gui.concur.transport import Transport, WireLimits
from tests.flow.canaries import ACCESS_TOKEN, CONSUMER_SECRET, REFRESH_TOKEN
from tests.flow.spoken import LEGACY_SPOKEN, Spoken
from tests.gui.conftest import (  # noqa: F401  # guards of the tests of the window, for those that are here
    pytest_look_for_leftovers,
    pytest_runtest_makereport,
    pytest_runtest_protocol,
    pytest_runtest_teardown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gui.concur.cancellation import Cancellation
    from gui.concur.models import AccessTokenDocument, HttpExchange
    from tests.flow.scripted_server import Talk

_ENVIRONMENT = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NETRC",
)


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The machine's own proxies, certificates and netrc do not matter here."""
    for name in _ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))


@dataclass
class Wire:
    """A transport with its records, and the contract's calls with canary secrets."""

    limits: WireLimits = field(default_factory=lambda: WireLimits(connect_s=3, silence_s=3, whole_s=6))
    records: list[HttpExchange] = field(default_factory=list)
    redactor: Redactor = field(default_factory=Redactor)
    spoken: Spoken = LEGACY_SPOKEN

    @property
    def transport(self) -> Transport:
        return Transport(record=self.records.append, redactor=self.redactor, limits=self.limits)

    def exchange(self, base_url: str, cancellation: Cancellation | None = None) -> AccessTokenDocument:
        application = Application(
            base_url=base_url,
            consumer_key="VDV5Y532NafK9mQx7TzR2B",
            consumer_secret=CONSUMER_SECRET,
            redirect_url="http://localhost:8765/redirect",
        )
        spoken = self.spoken
        return spoken.contract.exchange(self.transport, application, spoken.request_token, cancellation)

    def answer(self, talk: Talk) -> None:
        """Answer an exchange as Concur does."""
        talk.answer(self.spoken.document, headers=(f"Content-Type: {self.spoken.content_type}",))

    def token(self, base_url: str) -> LiveToken:
        return LiveToken(ACCESS_TOKEN, REFRESH_TOKEN, base_url, None)


@pytest.fixture
def spoken(request: pytest.FixtureRequest) -> Spoken:
    """The contract that the wire speaks: the legacy one, or what `both_contracts` puts in."""
    return getattr(request, "param", LEGACY_SPOKEN)


@pytest.fixture
def wire(bare_environment: None, spoken: Spoken) -> Wire:  # noqa: ARG001  # it goes around
    return Wire(spoken=spoken)


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


def server_tls(authority: trustme.CA, *names: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context


@pytest.fixture
def application() -> Application:
    return Application(
        base_url="http://127.0.0.1:9",
        consumer_key="VDV5Y532NafK9mQx7TzR2B",
        consumer_secret=CONSUMER_SECRET,
        redirect_url="http://localhost:8765/redirect",
    )


@pytest.fixture
def closed_port() -> Iterator[int]:
    with socket.socket() as bound:  # bound and not listening: nobody else can take the port
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]
