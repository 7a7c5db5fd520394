from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import pytest
import requests

from gui.concur.contract import CURRENT, LEGACY
from gui.loopback.http import Delivery
from gui.sandbox.answers import Answer, Endpoint
from gui.sandbox.settings import SandboxSettings
from tests.flow.contracts import BOTH, CURRENT_KIT, KITS, LEGACY_KIT, Kit
from tests.flow.scene import KEY, SECRET, Scene, closed_port, command, environment, scene

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from tests.real_keyring import RealKeyring

STEPS = ["sandbox", "listener", "redirect", "exchange", "document", "refresh", "revoke", "refused_after_revoke"]
LIMIT_S = 30.0
needs_sigint = pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send Ctrl+C to one process alone")


def run(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        env={**environment(home), **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=LIMIT_S,
        check=False,
    )


def named(kits: Iterable[Kit], *steps: str) -> list[str]:
    """Steps as the report names them."""
    return [f"{kit.name}.{step}" for kit in kits for step in steps]


def outcome(report: dict[str, object], kit: Kit) -> dict[str, bool]:
    """Return how the steps of one contract ended, by their names without it."""
    steps = report["steps"]
    assert isinstance(steps, list)
    own = f"{kit.name}."
    return {step["name"].removeprefix(own): step["ok"] for step in steps if step["name"].startswith(own)}


def detail(report: dict[str, object], kit: Kit, step: str) -> str:
    steps = report["steps"]
    assert isinstance(steps, list)
    return next(str(each["detail"]) for each in steps if each["name"] == f"{kit.name}.{step}")


# Against the built-in sandbox


def check_good_report(stdout: str, kits: Sequence[Kit] = KITS) -> dict[str, object]:
    report: dict[str, object] = json.loads(stdout)
    assert list(report) == ["ok", "steps", "documents", "keyring"]
    assert report["ok"] is True
    steps = report["steps"]
    assert isinstance(steps, list)
    assert [step["name"] for step in steps] == named(kits, *STEPS)
    for step in steps:
        assert list(step) == ["name", "ok", "ms", "detail"]
        assert step["ok"] is True
        assert isinstance(step["ms"], int | float)
        assert step["ms"] >= 0
        assert step["detail"]
    documents = report["documents"]
    assert isinstance(documents, dict)
    assert list(documents) == [kit.name for kit in kits]
    checks = {LEGACY: check_legacy_document, CURRENT: check_current_document}
    for contract, document in documents.items():
        checks[contract](document)
    return report


def check_legacy_document(document: str) -> None:
    root = ET.fromstring(document)
    assert root.tag == "Access_Token"
    assert (root.text or "").strip() == ""
    assert [child.tag for child in root] == ["Instance_Url", "Token", "Expiration_date", "Refresh_Token"]
    assert root.findtext("Token") == root.findtext("Refresh_Token") == "[redacted]"


def check_current_document(document: str) -> None:
    members = json.loads(document)
    secret = {"access_token", "refresh_token", "id_token"}
    assert {name for name, value in members.items() if value == "[redacted]"} == secret
    assert set(members) - secret == {"expires_in", "scope", "token_type", "refresh_expires_in", "geolocation"}


def test_json_report_without_a_keyring(tmp_path: Path) -> None:
    ended = run(tmp_path, "self-test", "--json")
    assert ended.returncode == 0, ended.stderr
    assert check_good_report(ended.stdout)["keyring"] == "SessionSecretStore"
    assert "There is no keyring here" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_json_report_with_a_real_keyring(tmp_path: Path, gnome_keyring: RealKeyring) -> None:
    ended = run(tmp_path, "self-test", "--json")
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    assert check_good_report(ended.stdout)["keyring"] == "AbandonableSecretService"
    listed = run(tmp_path, "tokens")
    assert listed.stdout == "No tokens: nothing is live, nothing was cut off.\n"
    assert gnome_keyring.daemon.poll() is None


def test_lines_for_a_person(tmp_path: Path) -> None:
    ended = run(tmp_path, "self-test")
    assert ended.returncode == 0
    lines = ended.stdout.splitlines()
    expected = [["ok", name] for name in named(KITS, *STEPS)]
    assert [line.split()[:2] for line in lines[: len(expected)]] == expected
    assert len({line.index(" ms ") for line in lines[: len(expected)]}) == 1
    assert "<Token>[redacted]</Token>" in ended.stdout
    assert '"access_token": "[redacted]"' in ended.stdout
    assert lines[-1] == "All steps came out well."


@pytest.mark.parametrize("kit", BOTH)
def test_one_contract_alone(tmp_path: Path, kit: Kit) -> None:
    ended = run(tmp_path, "self-test", "--json", "--contract", kit.name)
    assert ended.returncode == 0, ended.stderr
    check_good_report(ended.stdout, (kit,))


def test_a_contract_that_nobody_knows(tmp_path: Path) -> None:
    ended = run(tmp_path, "self-test", "--json", "--contract", "oauth1")
    assert ended.returncode == 2
    assert "legacy" in ended.stderr
    assert "current" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_it_leaves_nothing_behind(tmp_path: Path) -> None:
    assert run(tmp_path, "self-test", "--json").returncode == 0
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert left == ["log/app-center-flow.log"]


def test_a_reader_who_goes_away_does_not_end_the_flow(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("self-test"), env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ok")
        process.stdout.close()
        assert process.stderr is not None
        complaints = process.stderr.read()
        assert process.wait(LIMIT_S) == 0
    assert "Traceback" not in complaints
    assert "BrokenPipe" not in complaints


def test_a_report_that_cannot_be_printed_is_no_success(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("/dev/full is Linux's")
    with open("/dev/full", "w") as full:  # noqa: PTH123  # a device
        ended = subprocess.run(
            command("self-test", "--json"), env=environment(tmp_path), stdout=full, timeout=LIMIT_S, check=False
        )
    assert ended.returncode == 1


def test_a_home_that_cannot_be_written_is_said_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    ended = run(tmp_path, "self-test", "--json")
    assert ended.returncode == 1
    report = json.loads(ended.stdout)
    for kit in KITS:  # the second is not spared for what happened to the first
        assert outcome(report, kit) == {name: name in {"sandbox", "listener", "redirect"} for name in STEPS}
        assert str(tmp_path / "state") in detail(report, kit, "exchange")
    assert str(tmp_path / "state") in ended.stderr
    assert "Traceback" not in ended.stderr


# Against another Concur, with the test as the browser


class Run:
    """A self-test under way in another process, and what it has printed so far."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.lines: list[str] = []
        self._more = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._more:
                self.lines.append(line)
                self._more.notify_all()
        with self._more:
            self._ended = True
            self._more.notify_all()

    def wait_for(self, text: str) -> str:
        """Wait for a line on stderr."""
        with self._more:
            assert self._more.wait_for(lambda: self._ended or any(text in line for line in self.lines), LIMIT_S)
            found = [line for line in self.lines if text in line]
        assert found, "".join(self.lines)
        return found[0]

    def sign_in_url(self) -> str:
        return self.wait_for("redirect_uri=").strip()

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def report(self) -> dict[str, object]:
        assert self.process.stdout is not None
        text = self.process.stdout.read()
        self.process.wait(LIMIT_S)
        self._reader.join(LIMIT_S)
        assert "Traceback" not in "".join(self.lines), "".join(self.lines)
        report: dict[str, object] = json.loads(text)
        return report


@contextmanager
def self_test(home: Path, base_url: str, kit: Kit, *more: str, key: str = KEY, secret: str = SECRET) -> Iterator[Run]:
    redirect_url = f"http://localhost:{closed_port()}/redirect"
    options = ("--base-url", base_url, "--consumer-key", key, "--redirect-url", redirect_url, *more)
    # The legacy contract is meant where none is named: what was written down before there were two goes on working.
    options = options if kit is LEGACY_KIT else (*options, "--contract", kit.name)
    process = subprocess.Popen(
        command("self-test", "--json", *options),
        env=environment(home, APP_CENTER_FLOW_CONSUMER_SECRET=secret),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    under_way = Run(process)
    try:
        yield under_way
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
        under_way._reader.join(LIMIT_S)
        assert process.stderr is not None
        process.stderr.close()


@pytest.fixture(params=BOTH)
def concur(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """A sandbox in this process, so that a test sees which tokens are live in it; once for each contract."""
    with scene(tmp_path / "own", settings=SandboxSettings(auto_approve=True), kit=request.param) as here:
        yield here


@pytest.fixture
def legacy(tmp_path: Path) -> Iterator[Scene]:
    """The same for one contract only, where a test is about what neither of them has a word in."""
    with scene(tmp_path / "own", settings=SandboxSettings(auto_approve=True)) as here:
        yield here


def browse(url: str) -> requests.Response:
    return requests.get(url, timeout=LIMIT_S)


def redirect_of(sign_in_url: str, **parameters: str) -> str:
    """What a browser would be sent to, with other parameters."""
    asked = parse_qs(urlsplit(sign_in_url).query)
    pairs = {name: value.replace("STATE", asked["state"][0]) for name, value in parameters.items()}
    return str(requests.Request("GET", asked["redirect_uri"][0], params=pairs).prepare().url)


@pytest.mark.parametrize("kit", BOTH)
def test_sandbox_in_one_process_and_self_test_in_another(tmp_path: Path, kit: Kit) -> None:
    with running_sandbox(tmp_path, "--auto-approve") as sandbox:
        facts = sandbox.facts
        with self_test(
            tmp_path, facts["base_url"], kit, key=facts["consumer_key"], secret=facts["consumer_secret"]
        ) as under_way:
            assert browse(under_way.sign_in_url()).status_code == 200
            report = under_way.report()
    assert report["ok"] is True, report
    assert under_way.process.returncode == 0
    assert detail(report, kit, "sandbox") == f"not used: {facts['base_url']} is asked"


def test_every_token_of_a_good_run_is_revoked(tmp_path: Path, concur: Scene) -> None:
    with self_test(tmp_path, concur.concur.base_url, concur.kit) as under_way:
        browse(under_way.sign_in_url())
        assert under_way.report()["ok"] is True
    assert len(concur.kit.issued(concur.concur)) == 2
    assert concur.live_at_concur() == concur.kit.live_access_tokens(concur.concur) == set()


def test_the_secret_is_in_no_output(tmp_path: Path, concur: Scene) -> None:
    with self_test(tmp_path, concur.concur.base_url, concur.kit) as under_way:
        browse(under_way.sign_in_url())
        report = under_way.report()
    secrets = {SECRET, *concur.kit.secrets(concur.concur)}
    assert len(secrets) > 4
    shown = json.dumps(report) + "".join(under_way.lines)
    assert not [secret for secret in secrets if secret in shown]


def test_denied(tmp_path: Path, concur: Scene) -> None:
    with self_test(tmp_path, concur.concur.base_url, concur.kit) as under_way:
        how = {"error" if concur.kit is LEGACY_KIT else "error_code": "access_denied"}
        refused = redirect_of(under_way.sign_in_url(), state="STATE", **how)
        assert browse(refused).status_code == 200
        report = under_way.report()
    assert under_way.process.returncode == 1
    assert "Access was denied" in detail(report, concur.kit, "redirect")
    assert detail(report, concur.kit, "exchange") == "not reached"
    assert outcome(report, concur.kit) == {name: name in ("sandbox", "listener") for name in STEPS}
    assert concur.kit.issued(concur.concur) == []


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        pytest.param({"code": "0_made9up", "state": "other"}, "A redirect with another state was refused", id="state"),
        pytest.param({"code": "0_made9up"}, "A redirect without a state was refused", id="no state"),
        pytest.param({"state": "STATE"}, "The redirect carries no request token", id="no code"),
        pytest.param({"code": "", "state": "STATE"}, "The request token is empty", id="empty code"),
    ],
)
def test_a_redirect_that_cannot_be_used_comes_before_the_right_one(
    tmp_path: Path, concur: Scene, parameters: dict[str, str], told: str
) -> None:
    with self_test(tmp_path, concur.concur.base_url, concur.kit) as under_way:
        url = under_way.sign_in_url()
        assert browse(redirect_of(url, **parameters)).status_code == 400
        under_way.wait_for(told)
        browse(url)
        report = under_way.report()
    assert report["ok"] is True
    assert concur.live_at_concur() == set()


def test_nobody_comes(tmp_path: Path, legacy: Scene) -> None:
    with self_test(tmp_path, legacy.concur.base_url, legacy.kit, "--wait", "0.6") as under_way:
        report = under_way.report()
    assert under_way.process.returncode == 1
    assert detail(report, legacy.kit, "redirect") == "no redirect came within 0.6 seconds"
    assert outcome(report, legacy.kit)["revoke"] is False
    assert detail(report, legacy.kit, "revoke") == "not reached"


def test_a_wrong_secret(tmp_path: Path, concur: Scene) -> None:
    with self_test(tmp_path, concur.concur.base_url, concur.kit, secret="notTheSecret") as under_way:
        browse(under_way.sign_in_url())
        report = under_way.report()
    assert "Concur refused" in detail(report, concur.kit, "exchange")
    assert concur.kit.issued(concur.concur) == []
    assert run(tmp_path, "tokens").stdout.startswith("No tokens")


# Ctrl+C


@needs_sigint
def test_interrupted_while_it_waits_for_the_browser(tmp_path: Path, legacy: Scene) -> None:
    with self_test(tmp_path, legacy.concur.base_url, legacy.kit) as under_way:
        under_way.sign_in_url()
        under_way.interrupt()
        report = under_way.report()
    assert under_way.process.returncode == 1
    assert detail(report, legacy.kit, "redirect") == "interrupted"
    assert detail(report, legacy.kit, "exchange") == "not reached"


@needs_sigint
@pytest.mark.parametrize(
    ("endpoint", "issued"),
    [pytest.param(Endpoint.EXCHANGE, 1, id="exchange"), pytest.param(Endpoint.REFRESH, 2, id="refresh")],
)
def test_interrupted_while_an_answer_is_waited_for(
    tmp_path: Path, concur: Scene, endpoint: Endpoint, issued: int
) -> None:
    kit, done = concur.kit, threading.Event()

    def see(entry: object) -> None:
        if getattr(entry, "operation", "") == endpoint.value:
            done.set()

    concur.concur.log.subscribe(see)
    concur.concur.answers.set_for_endpoint(endpoint, Answer(delivery=Delivery(delay_s=20.0)))
    with self_test(tmp_path, concur.concur.base_url, kit) as under_way:
        browse(under_way.sign_in_url())
        assert done.wait(LIMIT_S)
        concur.concur.answers.clear()  # the proof of the current contract is a refresh too
        started = time.monotonic()
        under_way.interrupt()
        report = under_way.report()
        assert time.monotonic() - started < 10
    assert under_way.process.returncode == 1
    assert not report["ok"]
    assert len(kit.issued(concur.concur)) == issued
    # The token whose answer never came cannot be revoked from here, and is accounted for; every other one is dead.
    # In the current contract it is of the same connection, which the revoke of the token before it has ended.
    # The proof of that has shown it, so nothing is left to be said.
    all_ended = kit.replaces and issued == 2
    assert len(concur.live_at_concur()) == (0 if all_ended else 1)
    listed = run(tmp_path, "tokens").stdout
    assert ("No tokens: nothing is live, nothing was cut off." in listed) is all_ended
    assert ("RequestCancelled" in listed) is not all_ended
    assert outcome(report, kit)["revoke"] is (issued == 2)


@needs_sigint
def test_interrupted_during_the_revoke_it_still_revokes(tmp_path: Path, concur: Scene) -> None:
    came = threading.Event()

    def see(entry: object) -> None:
        if getattr(entry, "operation", "") == "probe":
            came.set()

    concur.concur.log.subscribe(see)
    concur.concur.answers.set_for_endpoint(Endpoint.PROBE, Answer(delivery=Delivery(delay_s=0.5), times=1))
    with self_test(tmp_path, concur.concur.base_url, concur.kit) as under_way:
        browse(under_way.sign_in_url())
        assert came.wait(LIMIT_S)
        under_way.interrupt()
        report = under_way.report()
    assert outcome(report, concur.kit)["revoke"] is True
    assert concur.live_at_concur() == set()


@needs_sigint
def test_interrupted_twice_the_token_is_left_and_revoked_at_the_next_start(
    tmp_path: Path, concur: Scene, gnome_keyring: RealKeyring
) -> None:
    assert gnome_keyring.daemon.poll() is None
    came = threading.Event()

    def see(entry: object) -> None:
        if getattr(entry, "operation", "") == "probe":
            came.set()

    concur.concur.log.subscribe(see)
    concur.concur.answers.set_for_endpoint(Endpoint.PROBE, Answer(delivery=Delivery(delay_s=20.0)))
    with self_test(tmp_path, concur.concur.base_url, concur.kit) as under_way:
        browse(under_way.sign_in_url())
        assert came.wait(LIMIT_S)
        under_way.interrupt()
        under_way.wait_for("Ctrl+C again")  # two signals at once would be one
        under_way.interrupt()
        report = under_way.report()
    said = detail(report, concur.kit, "revoke")
    assert said.startswith("interrupted\nA token is still live, or may be. The next self-test")
    left = 1 if concur.kit.replaces else 2
    assert len(concur.live_at_concur()) == left
    concur.concur.answers.clear()
    # The next start has to know the secret where a refresh takes it: the access token was in memory only.
    with self_test(tmp_path, concur.concur.base_url, concur.kit) as following:
        following.sign_in_url()
        assert "".join(following.lines).count("An earlier self-test left a token, revoked now") == left
        assert concur.live_at_concur() == set()
    assert run(tmp_path, "tokens").stdout.startswith("No tokens")


@needs_sigint
def test_left_of_the_current_contract_is_not_revoked_without_its_secret(
    tmp_path: Path, gnome_keyring: RealKeyring
) -> None:
    """A self-test of another app comes next: it has no secret that a refresh could be made with, and says so."""
    assert gnome_keyring.daemon.poll() is None
    with scene(tmp_path / "own", settings=SandboxSettings(auto_approve=True), kit=CURRENT_KIT) as concur:
        came = threading.Event()
        concur.concur.log.subscribe(lambda entry: came.set() if entry.operation == "refresh" else None)
        concur.concur.answers.set_for_endpoint(Endpoint.REFRESH, Answer(delivery=Delivery(delay_s=20.0)))
        with self_test(tmp_path, concur.concur.base_url, CURRENT_KIT) as under_way:
            browse(under_way.sign_in_url())
            assert came.wait(LIMIT_S)
            under_way.process.kill()
        concur.concur.answers.clear()
        following = run(tmp_path, "self-test", "--json")
        assert following.returncode == 0, following.stderr  # this one went well
        assert "An earlier self-test left a token, STILL LIVE, or may be" in following.stderr
        assert "consumer secret" in following.stderr
        assert "Traceback" not in following.stderr
        assert len(concur.live_at_concur()) == 1
        assert "live      " in run(tmp_path, "tokens").stdout
        with self_test(tmp_path, concur.concur.base_url, CURRENT_KIT) as third:
            third.sign_in_url()
            # The refresh that was cut off had replaced the token: that it is refused now proves no end of what lives.
            told = "".join(third.lines)
            assert "revoked now" not in told
            assert "An earlier self-test left a token, STILL LIVE, or may be" in told
            assert "A refresh token that never arrived may live" in told
        assert len(concur.live_at_concur()) == 1


# The sandbox by itself


class RunningSandbox:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.facts: dict[str, str] = json.loads(process.stdout.readline())


@contextmanager
def running_sandbox(home: Path, *options: str) -> Iterator[RunningSandbox]:
    with subprocess.Popen(
        command("sandbox", *options),
        env=environment(home),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            yield RunningSandbox(process)
        finally:
            process.kill()


def test_first_line_is_the_facts_and_nothing_follows(tmp_path: Path) -> None:
    with running_sandbox(tmp_path) as sandbox:
        assert set(sandbox.facts) == {"base_url", "consumer_key", "consumer_secret", "contract"}
        base_url = sandbox.facts["base_url"]
        codes = [requests.post(f"{base_url}/sandbox/codes", timeout=LIMIT_S).json() for _ in range(2)]
        assert all(list(code) == ["code"] and code["code"].startswith("0_") for code in codes)
        assert codes[0] != codes[1]
        query = {
            "code": codes[0]["code"],
            "client_id": sandbox.facts["consumer_key"],
            "client_secret": sandbox.facts["consumer_secret"],
        }
        answer = requests.get(f"{base_url}/net2/oauth2/getaccesstoken.ashx", params=query, timeout=LIMIT_S)
        assert answer.status_code == 200
        assert ET.fromstring(answer.content).tag == "Access_Token"
        sandbox.process.terminate()
        assert sandbox.process.stdout is not None
        assert sandbox.process.stdout.read() == ""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_ends_the_sandbox_well(tmp_path: Path, number: signal.Signals) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows cannot send these to one process alone")
    with running_sandbox(tmp_path) as sandbox:
        sandbox.process.send_signal(number)
        assert sandbox.process.wait(LIMIT_S) == 0


def test_given_key_and_secret_and_port_are_used(tmp_path: Path) -> None:
    port = closed_port()
    with running_sandbox(
        tmp_path, "--port", str(port), "--consumer-key", "myKey", "--consumer-secret", "mySecret"
    ) as sandbox:
        assert sandbox.facts == {
            "base_url": f"http://127.0.0.1:{port}",
            "consumer_key": "myKey",
            "consumer_secret": "mySecret",
            "contract": "legacy",
        }


def test_sandbox_offers_the_contract_first_that_it_is_told_and_answers_both(tmp_path: Path) -> None:
    redirect = "http://localhost:8765/redirect"
    with running_sandbox(tmp_path, "--contract", "current", "--redirect-url", redirect) as sandbox:
        assert sandbox.facts["contract"] == "current"
        base_url = sandbox.facts["base_url"]
        page = requests.get(f"{base_url}/sandbox/app-center", timeout=LIMIT_S).text
        assert 'id="connect-legacy"' in page
        codes = f"{base_url}/sandbox/codes"
        assert list(requests.post(codes, timeout=LIMIT_S).json()) == ["code"]
        issued = requests.post(codes, json={"contract": "current", "kind": "company"}, timeout=LIMIT_S).json()
        form = {
            "grant_type": "password",
            "credtype": "authtoken",
            "username": issued["id"],
            "password": issued["requestToken"],
            "client_id": sandbox.facts["consumer_key"],
            "client_secret": sandbox.facts["consumer_secret"],
        }
        answer = requests.post(f"{base_url}/oauth2/v0/token", data=form, timeout=LIMIT_S)
        assert answer.json()["token_type"] == "Bearer"


def test_a_taken_port_is_named(tmp_path: Path, legacy: Scene) -> None:
    ended = run(tmp_path, "sandbox", "--port", str(legacy.concur.port))
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert f"Port {legacy.concur.port} is taken" in ended.stderr


def test_the_sandbox_answers_though_nobody_reads_its_log(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("sandbox"), env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            sandbox = RunningSandbox(process)
            assert process.stderr is not None
            process.stderr.close()
            for _ in range(3):
                health = requests.get(f"{sandbox.facts['base_url']}/sandbox/health", timeout=LIMIT_S)
                assert health.status_code == 200
        finally:
            process.kill()


def test_sandbox_goes_on_while_nobody_reads_what_it_prints(tmp_path: Path) -> None:
    process = subprocess.Popen(
        command("sandbox"), env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        base_url = json.loads(process.stdout.readline())["base_url"]
        with requests.Session() as browser:
            for _ in range(1500):  # more lines than any pipe holds
                assert browser.get(f"{base_url}/sandbox/health", timeout=LIMIT_S).status_code == 200
        process.terminate()
        assert process.wait(LIMIT_S) == 0
    finally:
        process.kill()
        process.communicate()


# What a review of a hostile user found


@needs_sigint
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_asked_to_end_it_revokes_first(tmp_path: Path, concur: Scene, name: str) -> None:
    came = threading.Event()

    def see(entry: object) -> None:
        if getattr(entry, "operation", "") == "refresh":
            came.set()

    concur.concur.log.subscribe(see)
    concur.concur.answers.set_for_endpoint(Endpoint.REFRESH, Answer(delivery=Delivery(delay_s=20.0)))
    with self_test(tmp_path, concur.concur.base_url, concur.kit) as under_way:
        browse(under_way.sign_in_url())
        assert came.wait(LIMIT_S)
        concur.concur.answers.clear()
        under_way.process.send_signal(getattr(signal, name))
        report = under_way.report()
    assert outcome(report, concur.kit)["refresh"] is False
    assert under_way.process.returncode == 1
    live = concur.live_at_concur()
    assert len(live) <= 1  # the one of the refresh that was called off, which nobody was told
    assert outcome(report, concur.kit)["revoke"] is True


def test_many_refused_redirects_are_told_once(tmp_path: Path, legacy: Scene) -> None:
    with self_test(tmp_path, legacy.concur.base_url, legacy.kit) as under_way:
        url = under_way.sign_in_url()
        for number in range(20):
            assert browse(redirect_of(url, code=f"0_{number}", state="another")).status_code == 400
        browse(url)
        assert under_way.report()["ok"] is True
    assert "".join(under_way.lines).count("A redirect with another state was refused") == 1


@pytest.mark.parametrize("kit", BOTH)
def test_a_report_even_where_it_cannot_begin(tmp_path: Path, kit: Kit) -> None:
    options = ("--base-url", "https://www.concursolutions.com", "--consumer-key", "k", "--contract", kit.name)
    ended = run(tmp_path, "self-test", "--json", *options)
    assert ended.returncode == 2
    report = json.loads(ended.stdout)
    assert list(report) == ["ok", "steps", "documents", "keyring"]
    assert [step["name"] for step in report["steps"]] == named((kit,), *STEPS)
    assert report["documents"] == {kit.name: ""}
    assert "consumer secret is empty" in detail(report, kit, "sandbox")
    assert "APP_CENTER_FLOW_CONSUMER_SECRET" in ended.stderr


def test_an_empty_base_url_is_not_the_built_in_sandbox(tmp_path: Path) -> None:
    ended = run(tmp_path, "self-test", "--base-url", "")
    assert ended.returncode == 2
    assert "All steps came out well" not in ended.stdout


def test_revoke_of_a_lost_token_says_what_to_do(tmp_path: Path, concur: Scene) -> None:
    concur.concur.answers.set_for_endpoint(Endpoint.REVOKE, Answer(status=500, body=b"no"))
    with self_test(tmp_path, concur.concur.base_url, concur.kit) as under_way:
        browse(under_way.sign_in_url())
        report = under_way.report()
    assert "lost when this program ends" in detail(report, concur.kit, "revoke")
    ended = run(tmp_path, "tokens", "--revoke", "all")
    assert ended.returncode == 1
    left = 1 if concur.kit.replaces else 2
    assert ended.stdout.count("cannot be revoked from here. Revoke it at Concur") == left


def test_a_home_of_nobody(tmp_path: Path) -> None:
    ended = run(tmp_path, "tokens", APP_CENTER_FLOW_HOME="~nosuchuser/x")
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
