from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gui.concur.errors import ContractUnknown
from gui.flow.connection import SELF_TEST, Connection, contract_named
from gui.flow.recovery import WINDOW, Recovery, recover
from gui.sandbox.records import TokenState
from gui.store.errors import IssuedTokenFileCorrupt, IssuedTokenFileNewer, KeyringDenied, KeyringLocked
from gui.store.issued_entry import ExchangeNote, IssuedToken, ProcessMark, this_process
from gui.store.profile import BUILT_IN_PROFILE_ID
from gui.store.review import Review
from tests.flow.scene import Scene, scene
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gui.store.issued_tokens import IssuedTokens

GONE = ProcessMark("machine", 2**22 + 1, 1.0)
PROFILE = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path) as one:
        yield one


def leave(
    here: Scene, purpose: str, *, mark: ProcessMark = GONE, profile_id: str = PROFILE, contract: str = "legacy"
) -> str:
    """Issue a token as a process of that mark, and end there; return the token's id."""
    tokens = here.journal_of_another_process(mark)
    note = note_of(here, tokens, purpose, profile_id, contract)
    authority = here.concur.authority
    grant = authority.exchange(here.concur.issue_request_token(), here.application().consumer_key, secret_of(here))
    stored = tokens.store_issued(
        note,
        access_token=grant.access_token,
        refresh_token=grant.refresh_token,
        instance_url=None,
        expires_at=grant.expires_at,
    )
    return stored.token.token_id


def secret_of(here: Scene) -> str:
    return here.application().consumer_secret


def note_of(
    here: Scene, tokens: IssuedTokens, purpose: str, profile_id: str = PROFILE, contract: str = "legacy"
) -> ExchangeNote:
    return tokens.note_exchange(
        profile_id=profile_id,
        profile_name="Acme",
        contract=contract,
        base_url=here.concur.base_url,
        consumer_key=here.application().consumer_key,
        purpose=purpose,
    )


def recovered(here: Scene) -> Recovery:
    def connection_for(token: IssuedToken) -> Connection:
        return replace(here.connection(), contract=contract_named(token.contract))

    return recover(here.tokens, connection_for)


def states(here: Scene) -> list[TokenState]:
    return [token.state for token in here.concur.authority.issued_tokens()]


def test_nothing_left_nothing_done(here: Scene) -> None:
    recovery = recovered(here)
    assert recovery.revoked == ()
    assert recovery.problems == ()
    assert here.concur.log.entries() == ()


def test_what_a_killed_self_test_left_is_revoked(here: Scene) -> None:
    token_id = leave(here, SELF_TEST)
    recovery = recovered(here)
    assert [left.token.token_id for left in recovery.revoked] == [token_id]
    assert recovery.revoked[0].revocation.ended_token
    assert states(here) == [TokenState.REVOKED]
    assert recovery.review.live == ()


def test_a_token_of_the_window_is_listed_and_left_alone(here: Scene) -> None:
    token_id = leave(here, WINDOW)
    recovery = recovered(here)
    assert recovery.revoked == ()
    assert [token.token_id for token in recovery.review.live] == [token_id]
    assert states(here) == [TokenState.LIVE]
    assert here.concur.log.entries() == ()


def test_a_self_test_that_runs_is_left_alone(here: Scene) -> None:
    leave(here, SELF_TEST, mark=this_process())
    recovery = recovered(here)
    assert recovery.revoked == ()
    assert states(here) == [TokenState.LIVE]


def test_what_went_with_its_built_in_sandbox_is_forgotten_without_a_call(here: Scene) -> None:
    leave(here, SELF_TEST, profile_id=BUILT_IN_PROFILE_ID)
    leave(here, WINDOW, profile_id=BUILT_IN_PROFILE_ID)
    note_of(here, here.journal_of_another_process(GONE), WINDOW, BUILT_IN_PROFILE_ID)
    recovery = recovered(here)
    assert recovery.revoked == ()
    assert recovery.review == Review()
    assert here.concur.log.entries() == ()
    assert isinstance(here.secrets, FakeSecrets)
    assert here.secrets.entries == {}


def test_a_built_in_sandbox_that_runs_keeps_its_tokens(here: Scene) -> None:
    leave(here, WINDOW, profile_id=BUILT_IN_PROFILE_ID, mark=this_process())
    assert len(recovered(here).review.live) == 1


def test_a_note_that_cannot_be_read_is_told_though_it_is_set_aside_at_once(here: Scene) -> None:
    token_id = note_of(here, here.journal_of_another_process(GONE), WINDOW).token_id
    (here.workplace.folders.state / "issued" / f"{token_id}.json").write_text("{")
    assert [type(problem) for problem in recovered(here).review.set_aside] == [IssuedTokenFileCorrupt]
    assert recovered(here).review == Review()


def test_a_note_of_a_later_version_is_told_once_each_time(here: Scene) -> None:
    token_id = note_of(here, here.journal_of_another_process(GONE), WINDOW).token_id
    path = here.workplace.folders.state / "issued" / f"{token_id}.json"
    path.write_text(path.read_text().replace('"version": 1', '"version": 2'))
    for _start in range(2):
        assert [type(problem) for problem in recovered(here).review.set_aside] == [IssuedTokenFileNewer]


def test_an_exchange_that_was_cut_off_stays_listed(here: Scene) -> None:
    note_of(here, here.journal_of_another_process(GONE), SELF_TEST)
    recovery = recovered(here)
    assert [note.purpose for note in recovery.review.cut_off] == [SELF_TEST]
    assert recovery.revoked == ()
    assert len(recovered(here).review.cut_off) == 1


def test_with_nobody_there_the_token_stays_listed(here: Scene) -> None:
    leave(here, SELF_TEST)
    connection = here.connection()
    here.concur.stop()
    recovery = recover(here.tokens, lambda _token: connection)
    assert not recovery.revoked[0].revocation.ended_token
    assert len(recovery.review.live) == 1


def test_a_token_of_a_contract_that_is_not_known_stops_nothing(here: Scene) -> None:
    unknown = leave(here, SELF_TEST, contract="next")
    known = leave(here, SELF_TEST)
    recovery = recovered(here)
    assert [type(problem) for problem in recovery.problems] == [ContractUnknown]
    assert [left.token.token_id for left in recovery.revoked] == [known]
    assert [token.token_id for token in recovery.review.live] == [unknown]


def test_a_locked_keyring_is_told_and_nothing_is_lost(here: Scene) -> None:
    token_id = leave(here, SELF_TEST)
    assert isinstance(here.secrets, FakeSecrets)
    here.secrets.fail_read = KeyringLocked(backend="b", operation="read")
    recovery = recovered(here)
    assert [type(error) for error in recovery.revoked[0].revocation.errors] == [KeyringLocked]
    here.secrets.fail_read = None
    assert [left.token.token_id for left in recovered(here).revoked] == [token_id]
    assert states(here) == [TokenState.REVOKED]


def test_a_copy_that_cannot_be_wiped_is_told(here: Scene) -> None:
    leave(here, WINDOW, profile_id=BUILT_IN_PROFILE_ID)
    assert isinstance(here.secrets, FakeSecrets)
    here.secrets.fail_delete = KeyringDenied(backend="b", operation="delete")
    recovery = recovered(here)
    assert [type(problem) for problem in recovery.problems] == [KeyringDenied]
    assert len(recovery.review.live) == 1  # not forgotten, so it stays what it was
