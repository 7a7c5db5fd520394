from __future__ import annotations

import errno
import io
import os
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import requests

from gui.commands.self_test import SelfTest, Target
from gui.concur.errors import (
    AnswerCutOff,
    AnswerNotHttp,
    AuthorizationRefused,
    ConcurFailed,
    ConcurRefused,
    ConnectionRefused,
    FlowError,
    ProofUnclear,
    RevokeRoleMissing,
    RevokeUnconfirmed,
    TokenStillAccepted,
    WireError,
)
from gui.flow.issuing import Issued, exchange_and_store, refresh_and_store
from gui.flow.recovery import SELF_TEST, recover
from gui.flow.revocation import Revocation, Tick
from gui.flow.revoking import revoke_and_prove
from gui.loopback.http import Delivery
from gui.sandbox.answers import Answer, Endpoint
from gui.sandbox.settings import SandboxSettings
from gui.store.errors import (
    DiskFull,
    FolderNotWritable,
    KeyringDenied,
    KeyringFailed,
    KeyringFull,
    KeyringLocked,
    KeyringTimedOut,
)
from gui.store.issued_entry import ProcessMark
from gui.store.keyring_store import KeyringSecretStore
from tests.flow.faults import ERROR, FAULTS, GOOD, HTML, ODDITIES, TOKEN, Canaries, End, Fault
from tests.flow.scene import KEY, SECRET, RawServer, Scene, closed_port, scene
from tests.unit.store.fakes import BlockedBackend, FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gui.flow.connection import Connection
    from gui.store.issued_tokens import IssuedTokens

GONE = ProcessMark("machine", 2**22 + 1, 1.0)
"""A process that runs no more."""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Scene]:
    settings = SandboxSettings(auto_approve=True)
    with scene(tmp_path, settings=settings, token_source=Canaries().source()) as one:
        yield one


def fake_secrets(here: Scene) -> FakeSecrets:
    assert isinstance(here.secrets, FakeSecrets)
    return here.secrets


def journal(here: Scene) -> tuple[int, int, int]:
    """How many are live, cut off, in flight."""
    review = here.tokens.review()
    assert not review.problems
    assert not review.set_aside
    return len(review.live), len(review.cut_off), len(review.in_flight)


JOURNAL = {End.CLOSED: (0, 0, 0), End.LEFT: (0, 1, 0), End.ISSUED: (1, 0, 0)}


def check_end(here: Scene, end: End, error: type[WireError]) -> None:
    assert journal(here) == JOURNAL[end]
    if end is End.LEFT:
        assert [note.reason for note in here.tokens.review().cut_off] == [error.__name__]
    assert here.unaccounted() == set()


# The exchange


@pytest.mark.parametrize("fault", [pytest.param(fault, id=name) for name, fault in FAULTS.items()])
def test_exchange_that_fails(here: Scene, fault: Fault) -> None:
    request_token = here.request_token()
    here.concur.answers.set_for_endpoint(Endpoint.EXCHANGE, fault.answer)
    if fault.end is not End.ISSUED:
        with pytest.raises(fault.error) as caught:
            exchange_and_store(here.connection(), request_token)
        assert caught.value.issued is None
        assert caught.value.exchange is here.workplace.timeline.rows()[-1]
        check_end(here, fault.end, fault.error)
        return
    issued = exchange_and_store(here.connection(), request_token)
    assert [type(failure) for failure in issued.failures] == [fault.error]
    assert issued.live.access_token == TOKEN
    assert here.listed() == here.live_at_concur() == {TOKEN}
    check_end(here, fault.end, fault.error)
    here.concur.answers.clear()
    assert revoke_and_prove(here.connection(), issued.token).ended_token
    assert here.live_at_concur() == set()
    assert journal(here) == (0, 0, 0)


@pytest.mark.parametrize("name", ODDITIES)
def test_odd_answer_that_works(here: Scene, name: str) -> None:
    oddity = ODDITIES[name]
    request_token = here.request_token()
    answer = Answer(headers=oddity.headers, body=oddity.body, processed=True)
    here.concur.answers.set_for_endpoint(Endpoint.EXCHANGE, answer)
    issued = exchange_and_store(here.connection(), request_token)
    assert issued.failures == ()
    assert issued.document.token == TOKEN
    assert issued.document.raw == oddity.body
    assert here.listed() == {TOKEN}


def test_exchange_with_nobody_there(here: Scene) -> None:
    with pytest.raises(ConnectionRefused):
        exchange_and_store(here.connection(f"http://127.0.0.1:{closed_port()}"), here.request_token())
    check_end(here, End.CLOSED, ConnectionRefused)


@pytest.mark.parametrize(
    ("answer", "reset", "error", "end"),
    [
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", False, AnswerNotHttp, End.LEFT, id="not HTTP"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + GOOD, False, AnswerCutOff, End.ISSUED, id="too short"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(GOOD) + GOOD,
            False,
            AnswerCutOff,
            End.ISSUED,
            id="chunks without an end",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n" + GOOD[:40], True, AnswerCutOff, End.LEFT, id="reset"
        ),
    ],
)
def test_exchange_with_a_server_of_another_kind(
    here: Scene, answer: bytes, *, reset: bool, error: type[WireError], end: End
) -> None:
    with RawServer(answer, reset=reset) as server:
        connection = here.connection(server.base_url)
        if end is End.ISSUED:
            issued = exchange_and_store(connection, here.request_token())
            assert [type(failure) for failure in issued.failures] == [error]
            assert here.listed() == {TOKEN}
        else:
            with pytest.raises(error):
                exchange_and_store(connection, here.request_token())
        assert len(server.requests) == 1
    assert journal(here) == JOURNAL[end]


def test_a_note_left_becomes_no_obstacle(here: Scene) -> None:
    here.concur.answers.set_for_endpoint(Endpoint.EXCHANGE, Answer(body=HTML, status=500, times=1))
    request_token = here.request_token()
    with pytest.raises(ConcurFailed):
        exchange_and_store(here.connection(), request_token)
    issued = exchange_and_store(here.connection(), request_token)
    assert issued.failures == ()
    assert journal(here) == (1, 1, 0)


# The refresh


def test_refresh_that_is_refused_leaves_the_old_token_alone(here: Scene) -> None:
    issued = exchange_and_store(here.connection(), here.request_token())
    here.concur.answers.set_for_endpoint(Endpoint.REFRESH, Answer(status=400, body=ERROR))
    with pytest.raises(ConcurRefused):
        refresh_and_store(here.connection(), issued.token)
    assert journal(here) == (1, 0, 0)
    assert here.listed() == {issued.live.access_token}


def test_refresh_whose_answer_is_lost_is_noted_beside_the_old_token(here: Scene) -> None:
    issued = exchange_and_store(here.connection(), here.request_token())
    here.concur.answers.set_for_endpoint(Endpoint.REFRESH, Answer(delivery=Delivery(after_bytes=0)))
    with pytest.raises(AnswerCutOff):
        refresh_and_store(here.connection(), issued.token)
    assert journal(here) == (1, 1, 0)
    assert len(here.live_at_concur()) == 2
    assert here.unaccounted() == set()
    assert here.tokens.review().cut_off[0].refreshes == issued.token.token_id


def test_refresh_keeps_the_old_refresh_token(here: Scene) -> None:
    issued = exchange_and_store(here.connection(), here.request_token())
    refreshed = refresh_and_store(here.connection(), issued.token)
    assert refreshed.document.refresh_token is None
    assert refreshed.live.refresh_token == issued.live.refresh_token
    again = refresh_and_store(here.connection(), refreshed.token)
    assert here.listed() == {one.live.access_token for one in (issued, refreshed, again)} == here.live_at_concur()


def test_refresh_with_a_locked_keyring_sends_nothing(here: Scene) -> None:
    issued = exchange_and_store(here.connection(), here.request_token())
    fake_secrets(here).fail_read = KeyringLocked(backend="b", operation="read")
    rows = len(here.workplace.timeline.rows())
    with pytest.raises(KeyringLocked):
        refresh_and_store(here.connection(), issued.token)
    assert len(here.workplace.timeline.rows()) == rows
    assert journal(here) == (1, 0, 0)


# The revoke


def connected(here: Scene, user: str | None = None) -> Issued:
    issued = exchange_and_store(here.connection(), here.request_token(user))
    assert issued.failures == ()
    return issued


def revoked(here: Scene, issued: Issued) -> Revocation:
    return revoke_and_prove(here.connection(), issued.token)


def kinds(revocation: Revocation) -> list[type[FlowError]]:
    return [type(error) for error in revocation.errors]


def ticks(revocation: Revocation) -> tuple[Tick, Tick, Tick]:
    return revocation.server, revocation.refused, revocation.local_copy


def test_revoke_that_goes_well(here: Scene) -> None:
    seen: list[Revocation] = []
    issued = connected(here)
    revocation = revoke_and_prove(here.connection(), issued.token, on_progress=seen.append)
    assert ticks(revocation) == (Tick.DONE, Tick.DONE, Tick.DONE)
    assert [ticks(step) for step in seen] == [
        (Tick.DONE, Tick.PENDING, Tick.PENDING),
        (Tick.DONE, Tick.DONE, Tick.PENDING),
        (Tick.DONE, Tick.DONE, Tick.DONE),
    ]
    assert fake_secrets(here).entries == {}


@pytest.mark.parametrize(
    ("answer", "expected", "errors"),
    [
        pytest.param(
            Answer(status=500, body=HTML),
            (Tick.UNPROVEN, Tick.FAILED, Tick.PENDING),
            [ConcurFailed, TokenStillAccepted],
            id="failing",
        ),
        pytest.param(
            Answer(body=b"<p>Welcome</p>"),
            (Tick.UNPROVEN, Tick.FAILED, Tick.PENDING),
            [RevokeUnconfirmed, TokenStillAccepted],
            id="answered with a body",
        ),
        pytest.param(
            Answer(body=ERROR),
            (Tick.UNPROVEN, Tick.FAILED, Tick.PENDING),
            [ConcurRefused, TokenStillAccepted],
            id="Error with 200",
        ),
        pytest.param(
            Answer(status=403, body=ERROR),
            (Tick.FAILED, Tick.PENDING, Tick.PENDING),
            [RevokeRoleMissing],
            id="refused, and the token works",
        ),
        pytest.param(
            Answer(body=b""),
            (Tick.DONE, Tick.FAILED, Tick.PENDING),
            [TokenStillAccepted],
            id="confirmed and not done",
        ),
    ],
)
def test_revoke_that_did_not_happen(
    here: Scene, answer: Answer, expected: tuple[Tick, Tick, Tick], errors: list[type[FlowError]]
) -> None:
    issued = connected(here)
    here.concur.answers.set_for_endpoint(Endpoint.REVOKE, answer)
    revocation = revoked(here, issued)
    assert ticks(revocation) == expected
    assert kinds(revocation) == errors
    assert not revocation.ended_token
    assert here.listed() == here.live_at_concur() == {TOKEN}
    here.concur.answers.clear()
    assert revoked(here, issued).ended_token
    assert here.live_at_concur() == set()


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(Answer(delivery=Delivery(after_bytes=0)), AnswerCutOff, id="answer lost"),
        pytest.param(Answer(body=b"<p>Done</p>", processed=True), RevokeUnconfirmed, id="answered with a body"),
        pytest.param(Answer(status=502, body=HTML, processed=True), ConcurFailed, id="gateway failed"),
    ],
)
def test_revoke_that_was_done_and_not_said_is_proven(here: Scene, answer: Answer, error: type[WireError]) -> None:
    issued = connected(here)
    here.concur.answers.set_for_endpoint(Endpoint.REVOKE, answer)
    revocation = revoked(here, issued)
    assert ticks(revocation) == (Tick.UNPROVEN, Tick.DONE, Tick.DONE)
    assert kinds(revocation) == [error]
    assert revocation.ended_token
    assert journal(here) == (0, 0, 0)


def test_user_without_the_role(here: Scene) -> None:
    issued = connected(here, "traveler@sandbox.example")
    revocation = revoked(here, issued)
    assert ticks(revocation) == (Tick.FAILED, Tick.PENDING, Tick.PENDING)
    assert kinds(revocation) == [RevokeRoleMissing]
    assert here.listed() == here.live_at_concur() == {TOKEN}


def test_revoke_with_nobody_there(here: Scene) -> None:
    issued = connected(here)
    connection = here.connection()
    here.concur.stop()
    revocation = revoke_and_prove(connection, issued.token)
    assert ticks(revocation) == (Tick.FAILED, Tick.PENDING, Tick.PENDING)
    assert kinds(revocation) == [ConnectionRefused]
    assert here.listed() == {TOKEN}


def test_token_refused_all_along_proves_nothing(here: Scene) -> None:
    issued = connected(here)
    here.concur.answers.set_for_endpoint(Endpoint.PROBE, Answer(status=403, body=ERROR))
    revocation = revoked(here, issued)
    assert ticks(revocation) == (Tick.DONE, Tick.UNPROVEN, Tick.DONE)
    assert kinds(revocation) == [AuthorizationRefused]  # why the tick could not be had
    assert here.live_at_concur() == set()


def test_token_refused_all_along_and_not_revoked_stays_listed(here: Scene) -> None:
    issued = connected(here)
    here.concur.answers.set_for_endpoint(Endpoint.PROBE, Answer(status=403, body=ERROR))
    here.concur.answers.set_for_endpoint(Endpoint.REVOKE, Answer(status=403, body=ERROR))
    revocation = revoked(here, issued)
    assert ticks(revocation) == (Tick.UNPROVEN, Tick.PENDING, Tick.PENDING)
    assert here.listed() == here.live_at_concur() == {TOKEN}


def test_proof_that_fails_for_another_reason(here: Scene) -> None:
    issued = connected(here)

    def break_the_proof(_progress: Revocation) -> None:
        here.concur.answers.set_for_endpoint(Endpoint.PROBE, Answer(status=500, body=HTML))

    revocation = revoke_and_prove(here.connection(), issued.token, on_progress=break_the_proof)
    assert ticks(revocation) == (Tick.DONE, Tick.UNPROVEN, Tick.DONE)
    assert kinds(revocation) == [ProofUnclear]


def test_token_revoked_elsewhere_stays_listed_until_it_is_forgotten(here: Scene) -> None:
    issued = connected(here)
    here.concur.authority.revoke(TOKEN, TOKEN)
    revocation = revoked(here, issued)
    assert kinds(revocation) == [AuthorizationRefused]
    assert not revocation.ended_token
    assert here.listed() == {TOKEN}
    here.tokens.forget(issued.token.token_id)
    assert journal(here) == (0, 0, 0)


# Keyring and disk

KEYRING_FAULTS = [
    pytest.param(KeyringFull(backend="b", operation="write"), id="full"),
    pytest.param(KeyringLocked(backend="b", operation="write"), id="locked"),
    pytest.param(KeyringDenied(backend="b", operation="write"), id="denied"),
    pytest.param(KeyringTimedOut(backend="b", operation="write", limit_s=1.0), id="timed out"),
    pytest.param(KeyringFailed(backend="b", operation="write", cause="OddError"), id="failed"),
]


@pytest.mark.parametrize("fault", KEYRING_FAULTS)
def test_keyring_that_does_not_take_the_token(here: Scene, fault: FlowError) -> None:
    fake_secrets(here).fail_write = fault
    issued = exchange_and_store(here.connection(), here.request_token())
    assert issued.failures == (fault,)
    assert issued.token.kept == "session"
    assert here.listed() == here.live_at_concur() == {TOKEN}
    assert revoked(here, issued).ended_token
    assert here.live_at_concur() == set()


@pytest.mark.parametrize("lands", [pytest.param(True, id="lands late"), pytest.param(False, id="is lost")])
def test_token_of_a_slow_keyring_after_the_process_has_gone(here: Scene, *, lands: bool) -> None:
    secrets = fake_secrets(here)
    secrets.fail_write = KeyringTimedOut(backend="b", operation="write", limit_s=1.0)
    secrets.lands_late = lands
    earlier = here.journal_of_another_process(GONE)
    issued = exchange_and_store(_with_journal(here, earlier), here.request_token())
    assert issued.token.kept == "session"
    review = here.tokens.review()
    assert (len(review.live), len(review.lost)) == ((1, 0) if lands else (0, 1))


def _with_journal(here: Scene, tokens: IssuedTokens) -> Connection:
    return replace(here.connection(), tokens=tokens)


def test_slow_keyring_costs_its_limit_and_no_token(tmp_path: Path) -> None:
    backend = BlockedBackend()
    secrets = KeyringSecretStore(backend, call_limit_s=0.2)
    with scene(tmp_path, secrets=secrets, token_source=Canaries().source()) as here:
        issued = exchange_and_store(here.connection(), here.request_token())
        assert [type(failure) for failure in issued.failures] == [KeyringTimedOut]
        assert here.listed() == {TOKEN}
        backend.let_go.set()
        assert backend.finished.wait(10)
        revocation = revoked(here, issued)
        assert ticks(revocation) == (Tick.DONE, Tick.DONE, Tick.DONE)
        assert backend.entries == {}


def test_keyring_that_lets_go_of_nothing(here: Scene) -> None:
    issued = connected(here)
    fake_secrets(here).fail_delete = KeyringDenied(backend="b", operation="delete")
    revocation = revoked(here, issued)
    assert ticks(revocation) == (Tick.DONE, Tick.DONE, Tick.FAILED)
    assert kinds(revocation) == [KeyringDenied]
    assert here.live_at_concur() == set()
    assert len(here.tokens.review().unwiped) == 1
    fake_secrets(here).fail_delete = None
    assert not here.tokens.review().unwiped
    assert fake_secrets(here).entries == {}


class FullDisk:
    """Lets nothing be written from a moment on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.full = False
        real = os.fsync

        def fsync(handle: int) -> None:
            if self.full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            real(handle)

        monkeypatch.setattr(os, "fsync", fsync)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    return FullDisk(monkeypatch)


def test_full_disk_before_the_exchange(here: Scene, disk: FullDisk) -> None:
    request_token = here.request_token()
    disk.full = True
    with pytest.raises(DiskFull):
        exchange_and_store(here.connection(), request_token)
    assert here.concur.log.entries() == ()
    assert here.concur.authority.issued_tokens() == ()
    assert journal(here) == (0, 0, 0)


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("in the way")
    with scene(tmp_path) as here:
        with pytest.raises(FolderNotWritable):
            exchange_and_store(here.connection(), here.request_token())
        assert here.concur.log.entries() == ()


def test_disk_that_fills_up_during_the_exchange(here: Scene, disk: FullDisk) -> None:
    here.concur.log.subscribe(lambda _entry: setattr(disk, "full", True))
    issued = exchange_and_store(here.connection(), here.request_token())
    assert [type(failure) for failure in issued.failures] == [DiskFull]
    assert here.listed() == here.live_at_concur() == {TOKEN}
    assert revoked(here, issued).ended_token
    assert here.live_at_concur() == set()


def test_disk_that_fills_up_and_a_process_that_goes(here: Scene, disk: FullDisk) -> None:
    here.concur.log.subscribe(lambda _entry: setattr(disk, "full", True))
    earlier = here.journal_of_another_process(GONE)
    issued = exchange_and_store(_with_journal(here, earlier), here.request_token())
    assert [type(failure) for failure in issued.failures] == [DiskFull]
    disk.full = False
    assert here.listed() == here.live_at_concur() == {TOKEN}


# The same, as the self-test meets it


class Browser(io.StringIO):
    """A stderr that opens the sign-in address which is printed on it."""

    def __init__(self) -> None:
        super().__init__()
        self._visits: list[threading.Thread] = []

    def write(self, text: str) -> int:
        for line in text.splitlines():
            if "/net2/oauth2/Login.aspx?" in line:
                visit = threading.Thread(target=requests.get, args=(line.strip(),), kwargs={"timeout": 10})
                self._visits.append(visit)
                visit.start()
        return super().write(text)

    def wait(self) -> None:
        for visit in self._visits:
            visit.join(10)


def self_test(here: Scene, monkeypatch: pytest.MonkeyPatch) -> SelfTest:
    redirect_url = f"http://localhost:{closed_port()}/redirect"
    target = Target(here.concur.base_url, KEY, SECRET, redirect_url, ("USER",), wait_s=10.0)
    test = SelfTest(here.workplace, target)
    browser = Browser()
    monkeypatch.setattr(sys, "stderr", browser)
    test.run()
    browser.wait()
    return test


def ok_of(test: SelfTest) -> dict[str, bool]:
    return {step.name: step.ok for step in test.results}


@pytest.mark.parametrize("fault", [pytest.param(fault, id=name) for name, fault in FAULTS.items()])
def test_self_test_revokes_what_a_failed_exchange_brought(
    here: Scene, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.concur.answers.set_for_endpoint(Endpoint.EXCHANGE, fault.answer)
    test = self_test(here, monkeypatch)
    ok = ok_of(test)
    assert not test.ok
    assert not ok["exchange"]
    assert ok["revoke"] is ok["refused_after_revoke"] is (fault.end is End.ISSUED)
    assert journal(here) == ((0, 1, 0) if fault.end is End.LEFT else (0, 0, 0))
    assert here.unaccounted() == set()
    if fault.end is End.ISSUED:
        assert here.live_at_concur() == set()


@pytest.mark.parametrize("fault", KEYRING_FAULTS)
def test_self_test_revokes_what_the_keyring_does_not_take(
    here: Scene, fault: FlowError, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_secrets(here).fail_write = fault
    test = self_test(here, monkeypatch)
    assert not ok_of(test)["exchange"]
    assert ok_of(test)["revoke"]
    assert here.live_at_concur() == set()


def test_self_test_revokes_what_the_disk_does_not_take(
    here: Scene, disk: FullDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.concur.log.subscribe(lambda entry: setattr(disk, "full", entry.operation == "exchange" or disk.full))
    test = self_test(here, monkeypatch)
    assert not ok_of(test)["exchange"]
    assert here.live_at_concur() == set()


def test_self_test_revokes_both_tokens_where_the_refresh_fails(here: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = Answer(body=b"", processed=True)
    here.concur.answers.set_for_endpoint(Endpoint.REFRESH, answer)
    test = self_test(here, monkeypatch)
    assert ok_of(test)["exchange"]
    assert not ok_of(test)["refresh"]
    assert ok_of(test)["revoke"]
    assert journal(here) == (0, 1, 0)
    assert len(here.live_at_concur()) == 1
    assert here.unaccounted() == set()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(status=500, body=HTML), id="failing"),
        pytest.param(Answer(body=b""), id="confirmed and not done"),
        pytest.param(Answer(status=403, body=ERROR), id="role missing"),
    ],
)
def test_self_test_that_cannot_revoke_lists_and_the_next_start_revokes(
    here: Scene, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = here.journal_of_another_process(GONE)
    object.__setattr__(here.workplace, "tokens", earlier)  # a self-test of a process that will have gone
    here.concur.answers.set_for_endpoint(Endpoint.REVOKE, answer)
    test = self_test(here, monkeypatch)
    assert not ok_of(test)["revoke"]
    assert len(here.live_at_concur()) == 2
    here.concur.answers.clear()
    object.__setattr__(here.workplace, "tokens", here.journal_of_another_process(ProcessMark("machine", 1, 1.0)))
    recovery = recover(here.tokens, here.workplace.connection_for)
    assert len(recovery.revoked) == 2
    assert all(left.token.purpose == SELF_TEST for left in recovery.revoked)
    assert here.live_at_concur() == set()
    assert journal(here) == (0, 0, 0)
