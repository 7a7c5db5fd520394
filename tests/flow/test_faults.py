from __future__ import annotations

import errno
import io
import os
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import requests

from gui.commands.self_test import SelfTest, Target
from gui.concur.contract import CONTRACTS, proof_words
from gui.concur.errors import (
    AnswerCutOff,
    AnswerNotHttp,
    AuthorizationRefused,
    ConcurFailed,
    ConcurRefused,
    ConnectionRefused,
    FlowError,
    GrantRefused,
    ProofUnclear,
    RevokeRoleMissing,
    RevokeUnconfirmed,
    SuccessorMayLive,
    TokenStillAccepted,
    WireError,
)
from gui.flow.connection import SELF_TEST
from gui.flow.issuing import Issued, exchange_and_store, refresh_and_store
from gui.flow.recovery import recover
from gui.flow.revocation import Revocation, Tick
from gui.flow.revoking import events_of, revoke_and_prove
from gui.loopback.http import Delivery
from gui.sandbox.answers import Answer, Endpoint
from gui.sandbox.settings import SandboxSettings
from gui.session_state import Event
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
from tests.flow.contracts import (
    BOTH,
    CURRENT_KIT,
    KITS,
    LEGACY_KIT,
    Kit,
    by_contract,
    let_access_tokens_expire,
    let_access_tokens_last,
    let_access_tokens_outlive_a_revoke,
)
from tests.flow.faults import CURRENT_ERROR, ERROR, HTML, Canaries, End, Fault, Oddity
from tests.flow.scene import KEY, SECRET, RawServer, Scene, closed_port, scene
from tests.unit.store.fakes import BlockedBackend, FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gui.flow.connection import Connection
    from gui.store.issued_tokens import IssuedTokens

GONE = ProcessMark("machine", 2**22 + 1, 1.0)
"""A process that runs no more."""


@pytest.fixture(params=BOTH)
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """One flow, for each contract."""
    settings = SandboxSettings(auto_approve=True)
    with scene(tmp_path, settings=settings, token_source=Canaries().source(), kit=request.param) as one:
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


@pytest.mark.parametrize(("here", "fault"), by_contract("faults"), indirect=["here"])
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
    assert issued.live.access_token == here.kit.token
    assert here.listed() == here.live_at_concur() == {here.kit.first_handle}
    check_end(here, fault.end, fault.error)
    here.concur.answers.clear()
    assert revoke_and_prove(here.connection(), issued.token).ended_token
    assert here.live_at_concur() == set()
    assert journal(here) == (0, 0, 0)


@pytest.mark.parametrize(("here", "oddity"), by_contract("oddities"), indirect=["here"])
def test_odd_answer_that_works(here: Scene, oddity: Oddity) -> None:
    request_token = here.request_token()
    answer = Answer(headers=oddity.headers, body=oddity.body, processed=True)
    here.concur.answers.set_for_endpoint(Endpoint.EXCHANGE, answer)
    issued = exchange_and_store(here.connection(), request_token)
    assert issued.failures == ()
    assert issued.document.token in oddity.body.decode("utf-8", "replace") or here.kit.token == issued.document.token
    assert issued.document.raw == oddity.body
    assert here.listed() == {here.kit.first_handle}
    assert revoke_and_prove(here.connection(), issued.token).ended_token
    assert here.live_at_concur() == set()


def test_exchange_with_nobody_there(here: Scene) -> None:
    with pytest.raises(ConnectionRefused):
        exchange_and_store(here.connection(f"http://127.0.0.1:{closed_port()}"), here.request_token())
    check_end(here, End.CLOSED, ConnectionRefused)


@pytest.mark.parametrize(
    ("answer", "reset", "error", "end"),
    [
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", False, AnswerNotHttp, End.LEFT, id="not HTTP"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\nGOOD", False, AnswerCutOff, End.ISSUED, id="too short"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nLENGTH\r\nGOOD",
            False,
            AnswerCutOff,
            End.ISSUED,
            id="chunks without an end",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n<Access", True, AnswerCutOff, End.LEFT, id="reset"
        ),
    ],
)
def test_exchange_with_a_server_of_another_kind(
    here: Scene, answer: bytes, *, reset: bool, error: type[WireError], end: End
) -> None:
    good = here.kit.good
    answer = answer.replace(b"LENGTH", b"%x" % len(good)).replace(b"GOOD", good)
    with RawServer(answer, reset=reset) as server:
        connection = here.connection(server.base_url)
        if end is End.ISSUED:
            issued = exchange_and_store(connection, here.request_token())
            assert [type(failure) for failure in issued.failures] == [error]
            assert here.listed() == {here.kit.first_handle}
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
    here.concur.answers.set_for_endpoint(Endpoint.REFRESH, Answer(status=400, body=here.kit.error))
    with pytest.raises(here.kit.refused):
        refresh_and_store(here.connection(), issued.token)
    assert journal(here) == (1, 0, 0)
    assert here.listed() == here.live_at_concur()


def test_refresh_whose_answer_is_lost_is_noted_beside_the_old_token(here: Scene) -> None:
    issued = exchange_and_store(here.connection(), here.request_token())
    here.concur.answers.set_for_endpoint(Endpoint.REFRESH, Answer(delivery=Delivery(after_bytes=0)))
    with pytest.raises(AnswerCutOff):
        refresh_and_store(here.connection(), issued.token)
    assert journal(here) == (1, 1, 0)
    assert len(here.live_at_concur()) == (1 if here.kit.replaces else 2)
    assert here.unaccounted() == set()
    assert here.tokens.review().cut_off[0].refreshes == issued.token.token_id


@pytest.mark.parametrize("here", [pytest.param(LEGACY_KIT, id="legacy")], indirect=True)
def test_refresh_keeps_the_old_refresh_token(here: Scene) -> None:
    issued = exchange_and_store(here.connection(), here.request_token())
    refreshed = refresh_and_store(here.connection(), issued.token)
    assert refreshed.document.refresh_token is None
    assert refreshed.live.refresh_token == issued.live.refresh_token
    again = refresh_and_store(here.connection(), refreshed.token)
    assert here.listed() == {one.live.access_token for one in (issued, refreshed, again)} == here.live_at_concur()


@pytest.mark.parametrize("here", [pytest.param(CURRENT_KIT, id="current")], indirect=True)
def test_refresh_takes_the_place_of_the_old_token(here: Scene) -> None:
    issued = exchange_and_store(here.connection(), here.request_token())
    refreshed = refresh_and_store(here.connection(), issued.token)
    assert refreshed.live.refresh_token not in {None, issued.live.refresh_token}
    assert [token.token_id for token in here.tokens.review().live] == [refreshed.token.token_id]
    assert here.listed() == {refreshed.live.refresh_token} == here.live_at_concur()
    kept = "".join(fake_secrets(here).entries.values())
    assert refreshed.live.refresh_token is not None
    assert refreshed.live.refresh_token in kept
    assert [token for token in here.kit.issued(here.concur) if token in kept] == []


@pytest.mark.parametrize("here", [pytest.param(CURRENT_KIT, id="current")], indirect=True)
@pytest.mark.parametrize("ending", ["lost answer", "keyring"])
def test_connection_whose_refresh_went_wrong_is_revoked_as_a_whole(here: Scene, ending: str) -> None:
    """The old refresh token is dead by then; the access token still speaks for the connection."""
    issued = exchange_and_store(here.connection(), here.request_token())
    if ending == "keyring":
        fake_secrets(here).fail_write = KeyringFull(backend="b", operation="write")
        refreshed = refresh_and_store(here.connection(), issued.token)
        assert [type(failure) for failure in refreshed.failures] == [KeyringFull]
        assert len(here.listed()) == 2
    else:
        here.concur.answers.set_for_endpoint(Endpoint.REFRESH, Answer(delivery=Delivery(after_bytes=0), times=1))
        with pytest.raises(AnswerCutOff):
            refresh_and_store(here.connection(), issued.token)
    for token in here.tokens.review().live:
        revoke_and_prove(here.connection(), token)
    assert here.live_at_concur() == set()
    assert here.tokens.review().live == ()


@pytest.mark.parametrize("here", [pytest.param(CURRENT_KIT, id="current")], indirect=True)
@pytest.mark.parametrize("gone", ["expired", "restart"])
def test_lost_rotation_without_an_access_token_proves_no_end(here: Scene, gone: str) -> None:
    """The refresh token died with the answer that was lost, and the one in that answer lives, held by nobody."""
    connection = here.connection()
    if gone == "restart":
        connection = _with_journal(here, here.journal_of_another_process(GONE))
    else:
        let_access_tokens_expire(here.concur)
    issued = exchange_and_store(connection, here.request_token())
    let_access_tokens_last(here.concur)
    here.concur.answers.set_for_endpoint(Endpoint.REFRESH, Answer(delivery=Delivery(after_bytes=0), times=1))
    with pytest.raises(AnswerCutOff):
        refresh_and_store(connection, issued.token)
    revocation = revoked(here, issued)
    assert revocation.nothing_sent
    assert ticks(revocation) == (Tick.UNPROVEN, Tick.UNPROVEN, Tick.PENDING)
    assert kinds(revocation) == [SuccessorMayLive, GrantRefused]
    assert not revocation.ended_token
    assert events_of(revocation, over=True) == (Event.REVOKE_FAILED,)
    assert journal(here) == (1, 1, 0)
    assert len(here.live_at_concur()) == 1
    again = exchange_and_store(here.connection(), here.request_token())  # what the words say to do
    assert revoked(here, again).ended_token
    assert here.live_at_concur() == set()


@pytest.mark.parametrize("here", [pytest.param(CURRENT_KIT, id="current")], indirect=True)
def test_refusal_after_a_lost_rotation_proves_no_revoke_that_nobody_confirmed(here: Scene) -> None:
    issued = connected(here)
    here.concur.answers.set_for_endpoint(Endpoint.REFRESH, Answer(delivery=Delivery(after_bytes=0), times=1))
    with pytest.raises(AnswerCutOff):
        refresh_and_store(here.connection(), issued.token)
    here.concur.answers.set_for_endpoint(Endpoint.REVOKE, Answer(status=500, body=HTML))
    revocation = revoked(here, issued)
    assert ticks(revocation) == (Tick.UNPROVEN, Tick.UNPROVEN, Tick.PENDING)
    assert kinds(revocation) == [ConcurFailed, SuccessorMayLive]
    assert len(here.live_at_concur()) == 1
    here.concur.answers.clear()
    assert revoked(here, issued).ended_token
    assert here.live_at_concur() == set()


@pytest.mark.parametrize("here", [pytest.param(CURRENT_KIT, id="current")], indirect=True)
def test_revoke_that_is_proven_settles_a_refresh_that_was_cut_off(here: Scene) -> None:
    """It has ended every refresh token of that user for the app, also the one that nobody holds."""
    issued = connected(here)
    here.concur.answers.set_for_endpoint(Endpoint.REFRESH, Answer(delivery=Delivery(after_bytes=0), times=1))
    with pytest.raises(AnswerCutOff):
        refresh_and_store(here.connection(), issued.token)
    assert journal(here) == (1, 1, 0)
    assert ticks(revoked(here, issued)) == (Tick.DONE, Tick.DONE, Tick.DONE)
    assert here.live_at_concur() == set()
    assert journal(here) == (0, 0, 0)


@pytest.mark.parametrize("forgotten", [True, False], ids=["and has forgotten the old one", "and was killed"])
@pytest.mark.parametrize("here", [pytest.param(CURRENT_KIT, id="current")], indirect=True)
def test_revoke_meets_a_refresh_by_another_process(
    here: Scene, monkeypatch: pytest.MonkeyPatch, *, forgotten: bool
) -> None:
    """The other one is quicker by a moment: between the look into the journal and the refresh that goes out."""
    let_access_tokens_expire(here.concur)
    issued = exchange_and_store(here.connection(), here.request_token())
    let_access_tokens_last(here.concur)
    contract = type(here.connection().contract)
    send = contract.refresh

    def be_late(self: Any, transport: Any, application: Any, token: Any, cancellation: Any = None) -> Any:  # noqa: ANN401  # as it is
        monkeypatch.setattr(contract, "refresh", send)
        with pytest.MonkeyPatch.context() as killed:
            if not forgotten:
                killed.setattr(here.tokens, "forget", lambda _token_id: None)
            refresh_and_store(here.connection(), issued.token)
        return send(self, transport, application, token, cancellation)

    monkeypatch.setattr(contract, "refresh", be_late)
    revocation = revoked(here, issued)
    assert ticks(revocation) == (Tick.DONE, Tick.DONE, Tick.DONE)
    assert here.live_at_concur() == set()
    assert not here.tokens.review().live


@pytest.mark.parametrize("here", [pytest.param(LEGACY_KIT, id="legacy")], indirect=True)
def test_refresh_with_a_locked_keyring_sends_nothing(here: Scene) -> None:
    """In the current contract the process that was given a token has it in memory, whatever the keyring does."""
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
    assert not revocation.nothing_sent
    assert revocation.proved_by_refresh is here.kit.replaces
    assert [ticks(step) for step in seen] == [
        (Tick.DONE, Tick.PENDING, Tick.PENDING),
        (Tick.DONE, Tick.DONE, Tick.PENDING),
        (Tick.DONE, Tick.DONE, Tick.DONE),
    ]
    assert fake_secrets(here).entries == {}


@pytest.mark.parametrize("here", [pytest.param(CURRENT_KIT, id="current")], indirect=True)
def test_proof_by_refresh_says_nothing_of_an_access_token_that_goes_on(here: Scene) -> None:
    """Concur documents that refresh tokens end, no more (concur-wire.md 2.3)."""
    let_access_tokens_outlive_a_revoke(here.concur)
    issued = connected(here)
    revocation = revoked(here, issued)
    assert ticks(revocation) == (Tick.DONE, Tick.DONE, Tick.DONE)
    connection = here.connection()
    assert connection.contract.probe(connection.transport, issued.live).status == 200
    assert revocation.proved_by_refresh
    words = proof_words(CONTRACTS[issued.token.contract], by_refresh=revocation.proved_by_refresh)
    assert words.startswith("The refresh token is refused")
    assert "does not say whether an access token ends" in words


_UNCLEAR = (Tick.UNPROVEN, Tick.FAILED, Tick.PENDING)
_CONTRADICTED = (Tick.DONE, Tick.FAILED, Tick.PENDING)
_NOT_DONE: dict[str, dict[str, tuple[Answer, tuple[Tick, Tick, Tick], list[type[FlowError]]]]] = {
    "legacy": {
        "failing": (Answer(status=500, body=HTML), _UNCLEAR, [ConcurFailed, TokenStillAccepted]),
        "answered with a body": (Answer(body=b"<p>Hi</p>"), _UNCLEAR, [RevokeUnconfirmed, TokenStillAccepted]),
        "Error with 200": (Answer(body=ERROR), _UNCLEAR, [ConcurRefused, TokenStillAccepted]),
        "refused, and the token works": (
            Answer(status=403, body=ERROR),
            (Tick.FAILED, Tick.PENDING, Tick.PENDING),
            [RevokeRoleMissing],
        ),
        "confirmed and not done": (Answer(body=b""), _CONTRADICTED, [TokenStillAccepted]),
    },
    # Nothing is documented of the body of a success here, and no role: the proof decides. HTML is nothing of Concur's.
    "current": {
        "failing": (Answer(status=500, body=HTML), _UNCLEAR, [ConcurFailed, TokenStillAccepted]),
        "answered with HTML": (Answer(body=b"<p>Hi</p>"), _UNCLEAR, [RevokeUnconfirmed, TokenStillAccepted]),
        "answered with an error": (Answer(body=CURRENT_ERROR), _UNCLEAR, [GrantRefused, TokenStillAccepted]),
        "answered with an object": (Answer(body=b"{}"), _CONTRADICTED, [TokenStillAccepted]),
        "refused, and the token works": (
            Answer(status=403, body=CURRENT_ERROR),
            _UNCLEAR,
            [AuthorizationRefused, TokenStillAccepted],
        ),
        "confirmed and not done": (Answer(body=b""), _CONTRADICTED, [TokenStillAccepted]),
    },
}


@pytest.mark.parametrize(
    ("here", "answer", "expected", "errors"),
    [pytest.param(kit, *case, id=f"{kit}: {name}") for kit in KITS for name, case in _NOT_DONE[kit.name].items()],
    indirect=["here"],
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
    assert here.listed() == here.live_at_concur() != set()
    here.concur.answers.clear()
    assert (revocation.renewed is not None) is here.kit.replaces  # the proof was a refresh, which was granted
    assert revoked(here, revocation.renewed or issued).ended_token
    assert here.live_at_concur() == set()
    assert journal(here) == (0, 0, 0)


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


@pytest.mark.parametrize("here", [pytest.param(LEGACY_KIT, id="legacy")], indirect=True)
def test_user_without_the_role(here: Scene) -> None:
    issued = connected(here, "traveler@sandbox.example")
    revocation = revoked(here, issued)
    assert ticks(revocation) == (Tick.FAILED, Tick.PENDING, Tick.PENDING)
    assert kinds(revocation) == [RevokeRoleMissing]
    assert here.listed() == here.live_at_concur() == {here.kit.first_handle}


def test_revoke_with_nobody_there(here: Scene) -> None:
    issued = connected(here)
    connection = here.connection()
    here.concur.stop()
    revocation = revoke_and_prove(connection, issued.token)
    assert ticks(revocation) == (Tick.FAILED, Tick.PENDING, Tick.PENDING)
    assert kinds(revocation) == [ConnectionRefused]
    assert here.listed() == {here.kit.first_handle}


def test_token_refused_all_along_proves_nothing(here: Scene) -> None:
    issued = connected(here)
    here.concur.answers.set_for_endpoint(Endpoint.PROBE, Answer(status=403, body=ERROR))
    revocation = revoked(here, issued)
    if here.kit.replaces:  # a refused refresh needs nothing to be compared with
        assert ticks(revocation) == (Tick.DONE, Tick.DONE, Tick.DONE)
    else:
        assert ticks(revocation) == (Tick.DONE, Tick.UNPROVEN, Tick.DONE)
        assert kinds(revocation) == [AuthorizationRefused]  # why the tick could not be had
    assert here.live_at_concur() == set()


def test_token_refused_all_along_and_not_revoked_stays_listed(here: Scene) -> None:
    issued = connected(here)
    here.concur.answers.set_for_endpoint(Endpoint.PROBE, Answer(status=403, body=ERROR))
    here.concur.answers.set_for_endpoint(Endpoint.REVOKE, Answer(status=403, body=ERROR))
    revocation = revoked(here, issued)
    assert ticks(revocation) == (Tick.UNPROVEN, Tick.PENDING, Tick.PENDING)
    assert here.listed() == here.live_at_concur() != set()


def test_proof_that_fails_for_another_reason(here: Scene) -> None:
    issued = connected(here)

    def break_the_proof(_progress: Revocation) -> None:
        endpoint = Endpoint.REFRESH if here.kit.replaces else Endpoint.PROBE
        here.concur.answers.set_for_endpoint(endpoint, Answer(status=500, body=HTML))

    revocation = revoke_and_prove(here.connection(), issued.token, on_progress=break_the_proof)
    assert ticks(revocation) == (Tick.DONE, Tick.UNPROVEN, Tick.DONE)
    assert kinds(revocation) == [ProofUnclear]


@pytest.mark.parametrize("here", [pytest.param(LEGACY_KIT, id="legacy")], indirect=True)
def test_token_revoked_elsewhere_stays_listed_until_it_is_forgotten(here: Scene) -> None:
    issued = connected(here)
    here.kit.end_all(here.concur)
    revocation = revoked(here, issued)
    assert kinds(revocation) == [AuthorizationRefused]
    assert not revocation.ended_token
    assert here.listed() == {here.kit.first_handle}
    here.tokens.forget(issued.token.token_id)
    assert journal(here) == (0, 0, 0)


@pytest.mark.parametrize("here", [pytest.param(CURRENT_KIT, id="current")], indirect=True)
def test_token_revoked_elsewhere_is_proven_dead_by_its_refresh(here: Scene) -> None:
    issued = connected(here)
    here.kit.end_all(here.concur)
    revocation = revoked(here, issued)
    assert revocation.nothing_sent
    assert ticks(revocation) == (Tick.UNPROVEN, Tick.DONE, Tick.DONE)
    assert kinds(revocation) == [GrantRefused]
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
    assert here.listed() == here.live_at_concur() == {here.kit.first_handle}
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


@pytest.mark.parametrize("kit", BOTH)
def test_slow_keyring_costs_its_limit_and_no_token(tmp_path: Path, kit: Kit) -> None:
    backend = BlockedBackend()
    secrets = KeyringSecretStore(backend, call_limit_s=0.2)
    with scene(tmp_path, secrets=secrets, token_source=Canaries().source(), kit=kit) as here:
        issued = exchange_and_store(here.connection(), here.request_token())
        assert [type(failure) for failure in issued.failures] == [KeyringTimedOut]
        assert here.listed() == {here.kit.first_handle}
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
    assert here.kit.issued(here.concur) == []
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
    assert here.listed() == here.live_at_concur() == {here.kit.first_handle}
    assert revoked(here, issued).ended_token
    assert here.live_at_concur() == set()


def test_disk_that_fills_up_and_a_process_that_goes(here: Scene, disk: FullDisk) -> None:
    here.concur.log.subscribe(lambda _entry: setattr(disk, "full", True))
    earlier = here.journal_of_another_process(GONE)
    issued = exchange_and_store(_with_journal(here, earlier), here.request_token())
    assert [type(failure) for failure in issued.failures] == [DiskFull]
    disk.full = False
    assert here.listed() == here.live_at_concur() == {here.kit.first_handle}


# The same, as the self-test meets it


class Browser(io.StringIO):
    """A stderr that opens the sign-in address which is printed on it."""

    def __init__(self) -> None:
        super().__init__()
        self._visits: list[threading.Thread] = []

    def write(self, text: str) -> int:
        for line in text.splitlines():
            if any(f"{kit.sign_in_path}?" in line for kit in KITS):
                visit = threading.Thread(target=requests.get, args=(line.strip(),), kwargs={"timeout": 10})
                self._visits.append(visit)
                visit.start()
        return super().write(text)

    def wait(self) -> None:
        for visit in self._visits:
            visit.join(10)


def self_test(here: Scene, monkeypatch: pytest.MonkeyPatch) -> SelfTest:
    redirect_url = f"http://localhost:{closed_port()}/redirect"
    kit = here.kit
    target = Target(here.concur.base_url, KEY, SECRET, redirect_url, kit.scopes, contract=kit.name, wait_s=10.0)
    test = SelfTest(here.workplace, kit.name, target)
    browser = Browser()
    monkeypatch.setattr(sys, "stderr", browser)
    test.run()
    browser.wait()
    return test


def ok_of(test: SelfTest) -> dict[str, bool]:
    """By the names of the steps without the contract's."""
    return {step.name.partition(".")[2]: step.ok for step in test.results}


@pytest.mark.parametrize(("here", "fault"), by_contract("faults"), indirect=["here"])
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
    # Once: the proof of the current contract is a refresh too.
    here.concur.answers.set_for_endpoint(Endpoint.REFRESH, Answer(body=b"", processed=True, times=1))
    test = self_test(here, monkeypatch)
    assert ok_of(test)["exchange"]
    assert not ok_of(test)["refresh"]
    assert ok_of(test)["revoke"]
    # What the lost answer brought lives on in the legacy contract; in the other it ended with its connection, which
    # the proof has shown, so that its note is settled.
    assert journal(here) == (0, 0 if here.kit.replaces else 1, 0)
    assert len(here.live_at_concur()) == (0 if here.kit.replaces else 1)
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
    left = 1 if here.kit.replaces else 2
    assert len(here.live_at_concur()) == left
    here.concur.answers.clear()
    object.__setattr__(here.workplace, "tokens", here.journal_of_another_process(ProcessMark("machine", 1, 1.0)))
    recovery = recover(here.tokens, lambda token: here.workplace.connection_for(token, SECRET))
    assert len(recovery.revoked) == left
    assert all(left.token.purpose == SELF_TEST for left in recovery.revoked)
    assert here.live_at_concur() == set()
    assert journal(here) == (0, 0, 0)
