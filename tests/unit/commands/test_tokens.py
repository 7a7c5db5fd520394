from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from gui.commands.tokens import forget_tokens, list_tokens, revoke_tokens, show_recovery
from gui.concur.errors import ContractUnknown
from gui.flow.connection import SELF_TEST
from gui.flow.issuing import Issued, exchange_and_store, refresh_and_store
from gui.flow.recovery import Recovery
from gui.store.errors import IssuedTokenUnknown, KeyringDenied
from gui.store.issued_entry import ExchangeNote, ProcessMark
from gui.store.profile import Profile
from gui.store.profiles import ProfileStore
from gui.store.review import Review
from gui.store.secrets import SessionSecretStore
from tests.flow.contracts import BOTH, CURRENT_KIT, LEGACY_KIT
from tests.flow.scene import KEY, REDIRECT_URL, SECRET, Scene, scene, utc_now
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GONE = ProcessMark("machine", 2**22 + 1, 1.0)
NOTHING = "No tokens: nothing is live, nothing was cut off.\n"


@pytest.fixture
def here(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Scene]:
    """Of the legacy contract, or `both`."""
    with scene(tmp_path, kit=getattr(request, "param", LEGACY_KIT)) as one:
        yield one


both = pytest.mark.parametrize("here", BOTH, indirect=True)
current_only = pytest.mark.parametrize("here", [pytest.param(CURRENT_KIT, id="current")], indirect=True)


def left_from_before(here: Scene, *, refreshed: bool = False) -> Issued:
    """Issue a token as a process that is gone; what was in its memory is gone too."""
    connection = replace(here.connection(), tokens=here.journal_of_another_process(GONE))
    issued = exchange_and_store(connection, here.request_token())
    return refresh_and_store(connection, issued.token) if refreshed else issued


def keep_profile(here: Scene, secret: str = SECRET, **changes: Any) -> None:  # noqa: ANN401  # fields of Profile
    """Keep the profile that tokens are issued under, as the window does."""
    values = {"base_url": here.concur.base_url, "consumer_key": KEY, "contract": here.kit.name, **changes}
    path = here.workplace.folders.config / "profiles.json"
    store = ProfileStore(path, here.secrets, utc_now)
    store.load()
    profile = Profile(here.connection().profile_id, "Acme", redirect_url=REDIRECT_URL, base_url="", consumer_key="")
    store.add(replace(profile, **values))
    store.keep_consumer_secret(here.connection().profile_id, secret)


def issue(here: Scene) -> Issued:
    return exchange_and_store(here.connection(), here.request_token())


def cut_off(here: Scene) -> ExchangeNote:
    return here.journal_of_another_process(GONE).note_exchange(
        profile_id="p", profile_name="Acme", contract="legacy", base_url="http://h", consumer_key=KEY, purpose="window"
    )


def test_nothing_is_there(here: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    assert list_tokens(here.workplace) == 0
    assert capsys.readouterr() == (NOTHING, "")
    assert revoke_tokens(here.workplace, "all") == 0
    assert capsys.readouterr().out == "No token is live here: there is nothing to revoke.\n"
    assert forget_tokens(here.workplace, "all") == 0


def test_list_names_what_is_live_and_what_was_cut_off_without_the_tokens(
    here: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    issued, note = issue(here), cut_off(here)
    assert list_tokens(here.workplace) == 0
    out, err = capsys.readouterr()
    assert f"live      {issued.token.token_id[:8]}  {here.concur.base_url}  Acme  issued " in out
    assert f"cut off   {note.token_id[:8]}  http://h  Acme  exchange cut off at " in out
    assert f"tokens --forget {note.token_id[:8]}" in out
    assert KEY in out
    assert err == ""
    assert issued.live.access_token not in out
    assert issued.token.token_id not in out


def test_list_names_what_was_lost(here: Scene, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with scene(tmp_path / "other", secrets=SessionSecretStore()) as other:
        tokens = other.journal_of_another_process(GONE)
        note = tokens.note_exchange(
            profile_id="p", profile_name="", contract="legacy", base_url="http://h", consumer_key=KEY, purpose="window"
        )
        tokens.store_issued(note, access_token="abcdefgh", refresh_token=None, instance_url=None, expires_at=None)
        assert list_tokens(other.workplace) == 0
        assert f"lost      {note.token_id[:8]}  http://h  window  issued " in capsys.readouterr().out
        assert forget_tokens(other.workplace, note.token_id[:8]) == 0
    assert here.tokens.review() == Review()


@both
@pytest.mark.parametrize("refreshed", [False, True], ids=["first", "refreshed"])
def test_revoke_of_what_an_earlier_process_left(
    here: Scene, capsys: pytest.CaptureFixture[str], *, refreshed: bool
) -> None:
    """In the current contract the secret of its own profile is needed for that; nobody asks for it."""
    left_from_before(here, refreshed=refreshed)
    keep_profile(here)
    assert revoke_tokens(here.workplace, "all") == 0
    out, err = capsys.readouterr()
    assert out.count("revoked at the server: yes, refused afterwards: yes, local copy removed: yes") == (
        2 if refreshed and not here.kit.replaces else 1
    )
    assert err == ""
    assert here.live_at_concur() == set()
    assert here.tokens.review() == Review()
    assert SECRET not in out


@current_only
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(None, id="no profile"),
        pytest.param({"base_url": "http://127.0.0.1:9"}, id="of another base URL"),
        pytest.param({"consumer_key": "another"}, id="of another app"),
        pytest.param({"contract": "legacy"}, id="of the other contract"),
    ],
)
def test_revoke_without_the_secret_of_that_very_app_says_so_and_sends_it_nowhere(
    here: Scene, capsys: pytest.CaptureFixture[str], changes: dict[str, str] | None
) -> None:
    left_from_before(here)
    if changes is not None:
        keep_profile(here, **changes)
    calls = len(here.concur.log.entries())
    assert revoke_tokens(here.workplace, "all") == 1
    out, err = capsys.readouterr()
    assert "revoked at the server: NO, refused afterwards: not tried, local copy removed: not tried" in out
    assert "consumer secret" in err
    assert len(here.concur.log.entries()) == calls
    assert here.listed() == here.live_at_concur() != set()


def leave_as_self_test(here: Scene) -> None:
    """Issue a token as a self-test against the same app, which was killed."""
    connection = replace(here.connection(), tokens=here.journal_of_another_process(GONE), purpose=SELF_TEST)
    exchange_and_store(replace(connection, profile_id="self-test http://…"), here.request_token())


@current_only
def test_revoke_of_what_a_killed_self_test_left_with_a_profile_of_the_same_app(here: Scene) -> None:
    leave_as_self_test(here)
    assert revoke_tokens(here.workplace, "all") == 1
    assert here.live_at_concur() != set()
    keep_profile(here)
    assert revoke_tokens(here.workplace, "all") == 0
    assert here.live_at_concur() == set()


@current_only
def test_token_of_another_profile_is_not_revoked_with_the_secret_of_this_one(here: Scene) -> None:
    connection = replace(here.connection(), tokens=here.journal_of_another_process(GONE), profile_id="f" * 32)
    exchange_and_store(connection, here.request_token())
    keep_profile(here)
    assert revoke_tokens(here.workplace, "all") == 1
    assert here.live_at_concur() != set()


@current_only
def test_profiles_that_cannot_be_read_are_told_of(here: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    left_from_before(here)
    path = here.workplace.folders.config / "profiles.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{", encoding="utf-8")
    assert revoke_tokens(here.workplace, "all") == 1
    assert "The profiles could not be read" in capsys.readouterr().err


@both
def test_revoke_of_all_where_a_kill_left_a_token_and_its_successor(here: Scene) -> None:
    """A kill between storing the new token and forgetting the old one, which the current contract has replaced."""
    connection = replace(here.connection(), tokens=here.journal_of_another_process(GONE))
    issued = exchange_and_store(connection, here.request_token())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.tokens, "forget", lambda _token_id: None)
        refresh_and_store(connection, issued.token)
    keep_profile(here)
    assert len(here.tokens.review().live) == 2
    assert revoke_tokens(here.workplace, "all") == 0
    assert here.live_at_concur() == set()
    assert here.tokens.review() == Review()


def test_revoke_by_the_start_of_an_id(here: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = issue(here), issue(here)
    assert revoke_tokens(here.workplace, first.token.token_id[:8]) == 0
    shown = capsys.readouterr().out
    assert "revoked at the server: yes, refused afterwards: yes, local copy removed: yes" in shown
    assert here.live_at_concur() == {second.live.access_token}
    assert here.listed() == {second.live.access_token}


def test_revoke_all(here: Scene) -> None:
    issue(here)
    issue(here)
    cut_off(here)
    assert revoke_tokens(here.workplace, "all") == 1  # what was cut off may be live, and cannot be revoked from here
    assert here.live_at_concur() == set()
    assert len(here.tokens.review().cut_off) == 1


def test_revoke_with_nobody_there(here: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    issue(here)
    here.concur.stop()
    assert revoke_tokens(here.workplace, "all") == 1
    out, err = capsys.readouterr()
    assert "revoked at the server: NO, refused afterwards: not tried, local copy removed: not tried" in out
    assert "refused the connection" in err
    assert len(here.tokens.review().live) == 1


@pytest.mark.parametrize("wanted", ["zz", "", "ALL"])
def test_an_id_that_fits_nothing_or_everything_does_nothing(here: Scene, wanted: str) -> None:
    issue(here)
    issue(here)
    with pytest.raises(IssuedTokenUnknown):
        forget_tokens(here.workplace, wanted)
    with pytest.raises(IssuedTokenUnknown) as caught:
        revoke_tokens(here.workplace, wanted)
    assert isinstance(caught.value, IssuedTokenUnknown)
    assert len(here.live_at_concur()) == 2


def test_a_cut_off_exchange_cannot_be_revoked_and_can_be_forgotten(
    here: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    note = cut_off(here)
    assert revoke_tokens(here.workplace, note.token_id[:8]) == 1
    assert "To be sure, revoke all tokens of that user" in capsys.readouterr().out
    assert forget_tokens(here.workplace, note.token_id[:8]) == 0
    assert capsys.readouterr().out == f"forgotten {note.token_id[:8]}\n"
    assert here.tokens.review() == Review()


def test_forget_does_not_revoke(here: Scene) -> None:
    issued = issue(here)
    assert forget_tokens(here.workplace, issued.token.token_id) == 0
    assert here.live_at_concur() == {issued.live.access_token}
    assert here.tokens.review() == Review()


def test_forget_where_the_keyring_does_not_let_go(here: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    issued = issue(here)
    assert isinstance(here.secrets, FakeSecrets)
    here.secrets.fail_delete = KeyringDenied(backend="b", operation="delete")
    assert forget_tokens(here.workplace, issued.token.token_id) == 1
    assert "The keyring did not allow it" in capsys.readouterr().err


def test_recovery_says_nothing_where_there_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    show_recovery(Recovery(Review(), (), ()))
    assert capsys.readouterr() == ("", "")


def test_recovery_tells_on_stderr(here: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    note = cut_off(here)
    show_recovery(Recovery(here.tokens.review(), (), (ContractUnknown(name="current"),)))
    out, err = capsys.readouterr()
    assert out == ""
    assert f"Cut off:  {note.token_id[:8]}" in err
    assert 'no contract "current"' in err
