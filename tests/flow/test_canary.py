from __future__ import annotations

import base64
import dataclasses
import html
import io
import json
import logging
import re
import sys
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import pytest
import requests

from gui.commands.output import words
from gui.commands.self_test import SelfTest, Target
from gui.commands.self_test_report import report_json
from gui.commands.tokens import list_tokens, show_recovery
from gui.concur.curl import curl_command
from gui.concur.errors import FlowError
from gui.concur.models import Operation
from gui.concur.transport import OutboundRequest
from gui.flow.fault_reports import redacted_fault_reports
from gui.flow.har import har_bytes
from gui.flow.issuing import exchange_and_store, refresh_and_store
from gui.flow.recovery import recover
from gui.flow.revoking import revoke_and_prove
from gui.flow.trying import try_token
from gui.loopback.http import Delivery
from gui.sandbox.answers import Answer, Endpoint
from gui.sandbox.records import User
from gui.sandbox.settings import SandboxSettings
from gui.store.profile import Profile
from gui.store.profile_file import export_profile
from tests.flow.contracts import BOTH, LEGACY_KIT, Kit, by_contract
from tests.flow.faults import HTML, Canaries, Fault, Oddity
from tests.flow.scene import KEY, SECRET, RawServer, Scene, closed_port, scene
from tests.flow.test_faults import Browser
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from gui.flow.issuing import Issued

PASSWORD = "canary/native+pass&word<9>"
USER = User("ada@canary.example", PASSWORD, "Ada", "Admin", administrator=True)
SHOWN = 8
"""Characters of a secret that may not be met in a row; "canary" and the like alone are in our own words."""


def forms(secret: str) -> set[str]:
    """A secret as it is, and as it may be written."""
    raw = secret.encode()
    once = quote(secret, safe="")
    texts = {
        secret,
        once,
        once.lower(),
        quote(once, safe=""),
        quote(secret),
        quote_plus(secret),
        html.escape(secret),
        json.dumps(secret)[1:-1],
        repr(secret)[1:-1],
        secret.replace("+", " "),
        secret.replace("/", "\\/"),
        base64.b64encode(raw).decode().rstrip("="),
        base64.urlsafe_b64encode(raw).decode().rstrip("="),
        raw.hex(),
        secret[::-1],
    }
    # Inside `login:password` base64 begins at another of three phases; the middle of the secret shows in one of them.
    texts |= {base64.b64encode(b"x" * lead + raw).decode()[4:-4] for lead in (1, 2)}
    return {text for text in texts if len(text) >= SHOWN}


def tokens_in(body: bytes) -> set[str]:
    """Return the tokens that an answer of the current contract names."""
    text = body.decode("utf-8", "replace")
    return set(re.findall(r'"(?:access|refresh|id)_token"\s*:\s*"([^"\\]{8,})"', text))


def with_parts(secrets: set[str]) -> set[str]:
    """Return them with what is worth something by itself: claims and signature of a JWT."""
    return secrets | {part for secret in secrets if secret.count(".") == 2 for part in secret.split(".")[1:]}


def found_in(text: str, secrets: set[str]) -> list[str]:
    return [secret for secret in secrets for form in forms(secret) if form in text]


class Net:
    """Everything that leaves the process, or could: gathered while a flow runs, then searched."""

    def __init__(self, here: Scene, canaries: Canaries, home: Path) -> None:
        self.here = here
        self.home = home
        self._canaries = canaries
        self.texts: list[str] = []

    @property
    def whole_secrets(self) -> set[str]:
        """Every token that was issued, or that an answer named."""
        rows = self.here.workplace.timeline.rows()
        found = {SECRET, PASSWORD, *self._canaries.given, *self.here.kit.secrets(self.here.concur)}
        return found | {token for row in rows for token in tokens_in(row.response_body)}

    @property
    def secrets(self) -> set[str]:
        """The same, and the middle and the end of each JWT."""
        return with_parts(self.whole_secrets)

    def take(self, thing: object) -> None:
        """Keep what can be made of an object: repr, str, and for an exception all that clings to it."""
        self.texts += [repr(thing), str(thing), f"{thing!r:.3000}"]
        if isinstance(thing, BaseException):
            self._take_exception(thing)
        if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
            for field in dataclasses.fields(thing):
                value = getattr(thing, field.name)
                if field.repr and dataclasses.is_dataclass(value):
                    self.take(value)

    def _take_exception(self, error: BaseException) -> None:
        self.texts.append("".join(traceback.format_exception(error)))
        if isinstance(error, FlowError):
            self.texts.append(words(error))
        link: BaseException | None = error
        while link is not None:
            self.texts += [repr(link), str(link), repr(link.args), repr(getattr(link, "__notes__", ""))]
            link = link.__cause__ or link.__context__

    def everything(self) -> str:
        files = [path for path in self.home.rglob("*") if path.is_file()]
        assert any(path.name == "app-center-flow.log" for path in files)
        in_files = [path.read_bytes().decode("utf-8", "replace") for path in files]
        names = [str(path) for path in files]
        rows = self.here.workplace.timeline.rows()
        self.take(self.here.workplace.redactor)
        self.take(self.here.application())
        for row in rows:
            self.take(row)
        redactor = self.here.workplace.redactor
        shown = [redactor.text(row.url) + redactor.body(row.response_body) for row in rows]
        shown += [str(redactor.headers(row.request_headers + row.response_headers)) for row in rows]
        shown += [curl_command(row) for row in rows]
        shown.append(har_bytes(rows, redactor).decode())
        log = [repr(entry) for entry in self.here.concur.log.entries()]
        return "\n".join((*self.texts, *in_files, *names, *shown, *log))

    def check(self) -> None:
        assert len(self.here.kit.secrets(self.here.concur)) > 0
        everything = self.everything()
        assert len(everything) > 1000
        assert not found_in(everything, self.secrets)


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture(params=BOTH)
def net(request: pytest.FixtureRequest, tmp_path: Path, canaries: Canaries) -> Iterator[Net]:
    """One for each contract."""
    settings, kit = SandboxSettings(auto_approve=True), request.param
    with scene(tmp_path, settings=settings, token_source=canaries.source(), users=(USER,), kit=kit) as here:
        yield Net(here, canaries, tmp_path)


@contextmanager
def library_logs(*handlers: logging.Handler) -> Iterator[None]:
    """Turn every library's log up as far as it goes, as a user or another package might."""
    root = logging.getLogger()
    before = root.level
    root.setLevel(logging.DEBUG)
    for handler in handlers:
        root.addHandler(handler)
    try:
        yield
    finally:
        root.setLevel(before)
        for handler in handlers:
            root.removeHandler(handler)


def run_flow(net: Net, after_exchange: Callable[[Issued], None] = lambda _issued: None) -> None:
    """The whole flow, whatever becomes of it; every object and every error goes into the net."""
    here, connection = net.here, net.here.connection()
    request_token = here.request_token()
    net.take(request_token)
    net.take(connection)
    try:
        issued = exchange_and_store(connection, request_token)
        net.take(issued)
        net.take(here.tokens.tokens_of(issued.token.token_id))
        after_exchange(issued)
        net.take(try_token(connection, issued.token, issued.live))
        net.take(refresh_and_store(connection, issued.token))
    except FlowError as error:
        net.take(error)
    for token in here.tokens.review().live:
        net.take(revoke_and_prove(connection, token))
    net.take(here.tokens.review())


# The net itself


def test_a_planted_secret_is_found(net: Net) -> None:
    run_flow(net)
    net.check()
    (net.home / "log" / "planted.txt").write_text(quote(net.here.kit.issued(net.here.concur)[0]))
    with pytest.raises(AssertionError):
        net.check()


@pytest.mark.parametrize("secret", [SECRET, PASSWORD, "0_canary9request" + "1".zfill(17), "canary+access/" + "=" * 14])
def test_every_form_of_a_secret_is_found(secret: str) -> None:
    for form in forms(secret):
        assert found_in(f"before {form} after", {secret}) != []
    assert found_in("before after", {secret}) == []
    assert found_in(base64.b64encode(f"login:{secret}".encode()).decode(), {secret}) != []


def test_the_flow_really_had_the_secrets(net: Net) -> None:
    run_flow(net)
    rows = net.here.workplace.timeline.rows()
    sent = "".join(row.url + str(row.request_headers) + row.request_body.decode() for row in rows)
    received = "".join(row.response_body.decode() for row in rows)
    assert SECRET in sent
    of_flow = net.here.kit.secrets(net.here.concur)
    assert len(of_flow) > 3
    assert {secret for secret in of_flow if found_in(sent + received, {secret})} == of_flow


# Flows and faults


def test_good_flow(net: Net, capfd: pytest.CaptureFixture[str]) -> None:
    run_flow(net)
    net.texts += capfd.readouterr()
    net.check()


@pytest.mark.parametrize("net", BOTH, indirect=True)
def test_access_token_is_kept_where_its_contract_says(net: Net) -> None:
    """A JWT goes neither into the keyring nor into a file; what the revoke needs at the next start does."""
    here, kept = net.here, net.here.secrets
    assert isinstance(kept, FakeSecrets)
    issued = exchange_and_store(here.connection(), here.request_token())
    refreshed = refresh_and_store(here.connection(), issued.token)
    try_token(here.connection(), refreshed.token, refreshed.live)
    in_keyring = "".join(kept.entries.values())
    assert here.tokens.tokens_of(refreshed.token.token_id).access_token == refreshed.live.access_token
    assert (refreshed.live.access_token in in_keyring) is not here.kit.replaces
    assert refreshed.live.refresh_token is not None
    assert refreshed.live.refresh_token in in_keyring
    if here.kit.replaces:
        assert found_in(in_keyring, with_parts({*here.kit.issued(here.concur)})) == []
    net.check()


@pytest.mark.parametrize(("net", "fault"), by_contract("faults"), indirect=["net"])
def test_fault_of_the_exchange(net: Net, fault: Fault, capfd: pytest.CaptureFixture[str]) -> None:
    net.here.concur.answers.set_for_endpoint(Endpoint.EXCHANGE, fault.answer)
    run_flow(net)
    net.texts += capfd.readouterr()
    net.check()


@pytest.mark.parametrize(("net", "oddity"), by_contract("oddities"), indirect=["net"])
def test_odd_answer(net: Net, oddity: Oddity) -> None:
    answer = Answer(headers=oddity.headers, body=oddity.body, processed=True)
    net.here.concur.answers.set_for_endpoint(Endpoint.EXCHANGE, answer)
    run_flow(net)
    net.check()


def echo(kit: Kit, secret: str) -> bytes:
    """A refusal that says a secret back."""
    said = f"Bad: {secret}"
    written = json.dumps(said)[1:-1] if kit.replaces else html.escape(said)
    return kit.error.replace(b"The request token is bad.", written.encode())


@pytest.mark.parametrize("endpoint", [Endpoint.EXCHANGE, Endpoint.REFRESH, Endpoint.REVOKE, Endpoint.PROBE])
@pytest.mark.parametrize("status", [200, 400, 403, 500])
def test_error_that_says_every_secret_back(net: Net, endpoint: Endpoint, status: int) -> None:
    here = net.here

    def say_back(*known: str | None) -> None:
        body = echo(here.kit, " ".join((SECRET, *map(str, known))))
        here.concur.answers.set_for_endpoint(endpoint, Answer(status=status, headers=here.kit.headers, body=body))

    if endpoint is Endpoint.EXCHANGE:
        request_token = here.request_token()
        here.concur.answers.set_for_token(
            request_token.value,
            Answer(status=status, headers=here.kit.headers, body=echo(here.kit, f"{SECRET} {request_token.value}")),
        )
        with pytest.raises(FlowError) as caught:
            exchange_and_store(here.connection(), request_token)
        net.take(caught.value)
    else:
        run_flow(net, lambda issued: say_back(issued.live.access_token, issued.live.refresh_token))
    net.check()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(status=500, body=HTML), id="failing"),
        pytest.param(Answer(delivery=Delivery(after_bytes=0)), id="answer lost"),
        pytest.param(Answer(body=b"", delivery=Delivery()), id="not done"),
        pytest.param(Answer(status=307, headers=(("Location", "/x"),), body=b""), id="redirecting"),
    ],
)
@pytest.mark.parametrize("endpoint", [Endpoint.REFRESH, Endpoint.REVOKE, Endpoint.PROBE])
def test_fault_later_on(net: Net, endpoint: Endpoint, answer: Answer) -> None:
    net.here.concur.answers.set_for_endpoint(endpoint, answer)
    run_flow(net)
    net.check()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"nonsense\r\n", id="not HTTP"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: nine\r\n\r\n", id="bad length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="bad chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nnot gzip", id="bad gzip"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n", id="too many headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", id="header too long"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_server_of_another_kind(net: Net, answer: bytes) -> None:
    request_token = net.here.request_token()
    with RawServer(answer) as server, pytest.raises(FlowError) as caught:
        exchange_and_store(net.here.connection(server.base_url), request_token)
    net.take(caught.value)
    net.check()


def test_nobody_there(net: Net) -> None:
    request_token = net.here.request_token()
    with pytest.raises(FlowError) as caught:
        exchange_and_store(net.here.connection(f"http://127.0.0.1:{closed_port()}"), request_token)
    net.take(caught.value)
    net.check()


# What others write


def test_no_log_at_all_gets_a_secret_though_everything_logs(net: Net) -> None:
    """urllib3 would write the whole URL at DEBUG, to whatever handler there is."""
    written = io.StringIO()
    with library_logs(logging.StreamHandler(written)):
        logging.getLogger("another_library").debug("is heard")
        run_flow(net)
    assert "is heard" in written.getvalue()
    assert found_in(written.getvalue(), {SECRET}) == []
    net.check()


@pytest.mark.logs_warnings
def test_a_library_that_writes_to_our_logger_is_redacted(net: Net) -> None:
    request_token = net.here.request_token()
    run_flow(net)
    net.here.workplace.redactor.learn(request_token.value, PASSWORD)
    log = net.here.workplace.log
    for secret in sorted(net.whole_secrets):
        for form in (secret, quote(secret, safe=""), html.escape(secret)):
            log.warning("https://example/x?y=%s&z", form)
    net.check()


@pytest.mark.logs_warnings
def test_exception_that_nobody_caught_is_redacted(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    run_flow(net)
    stderr = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stderr)
    with redacted_fault_reports(net.here.workplace.log, net.here.workplace.redactor):
        token = net.here.kit.issued(net.here.concur)[0]
        url = f"http://127.0.0.1:{closed_port()}/?client_secret={SECRET}&x={token}"
        with pytest.raises(requests.ConnectionError) as caught:
            requests.get(url, timeout=5)
        assert SECRET in str(caught.value)
        sys.excepthook(caught.type, caught.value, caught.tb)
    assert "ConnectionError" in stderr.getvalue()
    net.texts.append(stderr.getvalue())
    net.check()


# Subcommands, pages, files


def target_at(here: Scene) -> Target:
    url, kit = f"http://localhost:{closed_port()}/r", here.kit
    return Target(here.concur.base_url, KEY, SECRET, url, kit.scopes, contract=kit.name, wait_s=10.0)


def test_self_test_and_what_it_prints(
    net: Net, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = net.here
    target = target_at(here)
    net.take(target)
    test = SelfTest(here.workplace, here.kit.name, target)
    browser = Browser()
    monkeypatch.setattr(sys, "stderr", browser)
    test.run()
    browser.wait()
    assert test.ok
    list_tokens(here.workplace)
    show_recovery(recover(here.tokens, here.workplace.connection_for))
    net.texts += [report_json((test,), "k"), browser.getvalue(), *capsys.readouterr()]
    net.take(test)
    net.check()


@pytest.mark.parametrize(("net", "fault"), by_contract("faults"), indirect=["net"])
def test_self_test_with_a_fault(net: Net, fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    here = net.here
    here.concur.answers.set_for_endpoint(Endpoint.EXCHANGE, fault.answer)
    test = SelfTest(here.workplace, here.kit.name, target_at(here))
    browser = Browser()
    monkeypatch.setattr(sys, "stderr", browser)
    test.run()
    browser.wait()
    assert not test.ok
    net.texts += [report_json((test,), "k"), browser.getvalue()]
    net.check()


@pytest.mark.parametrize("path", ["/", "/sandbox/log", "/sandbox/health", "/sandbox/app-center"])
def test_pages_of_the_sandbox(net: Net, path: str) -> None:
    run_flow(net)
    page = requests.get(net.here.concur.base_url + path, timeout=10)
    assert page.status_code == 200
    # The start page names the simulated users' passwords on purpose; tokens and the app's secret stand nowhere.
    assert not found_in(page.text, net.secrets - {PASSWORD, SECRET} if path == "/" else net.secrets - {PASSWORD})


@pytest.mark.parametrize("net", [pytest.param(LEGACY_KIT, id="legacy")], indirect=True)
def test_native_sign_in_and_its_log(net: Net) -> None:
    base_url = net.here.concur.base_url
    basic = base64.b64encode(f"{USER.login}:{PASSWORD}".encode()).decode()
    net.here.workplace.redactor.learn(PASSWORD)
    request = OutboundRequest(
        operation=Operation.EXCHANGE,
        method="GET",
        url=f"{base_url}/net2/oauth2/accesstoken.ashx",
        headers=(("Authorization", f"Basic {basic}"), ("X-ConsumerKey", KEY), ("Accept", "application/xml")),
    )
    answer = net.here.transport.send(request)
    assert answer.status == 200
    net.take(request)
    net.check()


def test_exported_profile(net: Net) -> None:
    run_flow(net)
    profile = Profile("0123", "Acme", net.here.concur.base_url, KEY, "http://localhost:8765/redirect")
    export_profile(profile, net.home / "profile.json")
    assert "Acme" in (net.home / "profile.json").read_text()
    net.check()
