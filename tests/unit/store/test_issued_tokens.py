from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psutil
import pytest

from gui.store.errors import (
    FileUnreadable,
    FolderNotWritable,
    IssuedTokenFileCorrupt,
    IssuedTokenFileNewer,
    IssuedTokenUnknown,
    KeyringDenied,
    KeyringFull,
    KeyringLocked,
    KeyringOutOfReach,
    KeyringTimedOut,
    SecretTooLarge,
    TokenEntryAltered,
    TokenSecretMissing,
    TokenSecretUnreadable,
)
from gui.store.issued_entry import ExchangeNote, IssuedToken, ProcessMark, TokenSecrets, this_process
from gui.store.issued_tokens import IssuedTokens, StoredToken
from gui.store.review import Review
from gui.store.secrets import SessionSecretStore
from gui.store.token_files import TokenFiles
from tests.unit.store.fakes import NOW, FakeSecrets, clock

if TYPE_CHECKING:
    from pathlib import Path

    from gui.concur.errors import FlowError

ACCESS = "canary-access+/token=="
REFRESH = "canary-refresh$token"
EXPIRES = datetime(2025, 5, 6, tzinfo=UTC)
LOCKED = KeyringLocked(backend="b", operation="write")


class Crash(BaseException):
    """The process ends here."""


class Desk:
    """A folder and a keyring, and processes that come and go over them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.secrets = FakeSecrets()
        self.gone = ProcessMark("machine", 2**22 + 1, 1.0)

    def process(self, mark: ProcessMark | None = None) -> IssuedTokens:
        return IssuedTokens(self.folder, self.secrets, clock, mark)

    def ended_process(self) -> IssuedTokens:
        """A process of which the next start will find that it is gone."""
        return self.process(self.gone)

    def texts(self) -> str:
        return "".join(path.read_text() for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "issued")


def note_on(tokens: IssuedTokens) -> ExchangeNote:
    return tokens.note_exchange(
        profile_id="p1",
        profile_name="Acme",
        contract="legacy",
        base_url="https://www.concursolutions.com",
        consumer_key="VDV5Y532Naf",
        purpose="window",
    )


def store_on(tokens: IssuedTokens, note: ExchangeNote, refresh_token: str | None = REFRESH) -> StoredToken:
    return tokens.store_issued(
        note,
        access_token=ACCESS,
        refresh_token=refresh_token,
        instance_url="https://www.concursolutions.com/",
        expires_at=EXPIRES,
    )


def places(review: Review) -> dict[str, int]:
    return {field.name: len(getattr(review, field.name)) for field in fields(Review) if getattr(review, field.name)}


def test_from_note_to_wipe(desk: Desk) -> None:
    tokens = desk.process()
    note = note_on(tokens)
    assert places(tokens.review()) == {"in_flight": 1}
    stored = store_on(tokens, note)
    assert stored.problems == ()
    assert stored.token == IssuedToken(
        token_id=note.token_id,
        profile_id="p1",
        profile_name="Acme",
        contract="legacy",
        base_url="https://www.concursolutions.com",
        instance_url="https://www.concursolutions.com/",
        consumer_key="VDV5Y532Naf",
        issued_at=NOW,
        expires_at=EXPIRES,
        purpose="window",
        machine=note.machine,
        pid=note.pid,
        process_started=note.process_started,
        kept="keyring",
        superseded_by=None,
        state="issued",
    )
    later = desk.process()
    assert later.review() == Review(live=(stored.token,))
    assert later.tokens_of(note.token_id) == TokenSecrets(ACCESS, REFRESH)
    later.mark_revoked(note.token_id)
    assert desk.secrets.entries == {}
    assert list(desk.folder.iterdir()) == []
    assert later.review() == Review()
    with pytest.raises(IssuedTokenUnknown):
        later.tokens_of(note.token_id)


def test_the_note_is_on_disk_before_the_exchange(desk: Desk) -> None:
    note = note_on(desk.process())
    assert [path.name for path in desk.folder.iterdir()] == [f"{note.token_id}.json"]


def test_a_note_that_cannot_be_written_is_an_error_before_anything_is_sent(desk: Desk) -> None:
    desk.folder.write_text("a file")
    with pytest.raises(FolderNotWritable):
        note_on(desk.process())


def test_a_refused_exchange_leaves_nothing(desk: Desk) -> None:
    tokens = desk.process()
    tokens.close_note(note_on(tokens))
    assert tokens.review() == Review()


def test_an_unknown_end_stays_listed_with_its_reason_until_forgotten(desk: Desk) -> None:
    tokens = desk.process()
    note = note_on(tokens)
    tokens.leave_note(note, "AnswerTimedOut")
    for process in (tokens, desk.process()):
        (left,) = process.review().cut_off
        assert left.reason == "AnswerTimedOut"
        assert (left.base_url, left.noted_at) == (note.base_url, NOW)
    tokens.forget(note.token_id)
    assert tokens.review() == Review()


# A process that ends between any two steps


def test_crash_after_the_note(desk: Desk) -> None:
    note_on(desk.ended_process())
    assert places(desk.process().review()) == {"cut_off": 1}


def test_crash_between_keyring_and_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = desk.ended_process()
    note = note_on(tokens)

    def crash(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(TokenFiles, "write", crash)
        with pytest.raises(Crash):
            store_on(tokens, note)
    later = desk.process()
    (token,) = later.review().live
    assert (token.token_id, token.instance_url, token.expires_at) == (
        note.token_id,
        "https://www.concursolutions.com/",
        EXPIRES,
    )
    assert token.profile_name == "Acme"
    assert later.tokens_of(token.token_id) == TokenSecrets(ACCESS, REFRESH)
    assert desk.process().review().live == (token,)


def test_crash_after_the_file(desk: Desk) -> None:
    tokens = desk.ended_process()
    store_on(tokens, note_on(tokens))
    assert places(desk.process().review()) == {"live": 1}


@pytest.mark.parametrize("step", ["before the keyring", "before the file"])
def test_crash_during_the_wipe(step: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = desk.ended_process()
    note = note_on(tokens)
    store_on(tokens, note)

    def crash(*_: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        if step == "before the keyring":
            patch.setattr(desk.secrets, "delete", crash)
        else:
            patch.setattr(TokenFiles, "remove", crash)
        with pytest.raises(Crash):
            tokens.mark_revoked(note.token_id)
    assert len(list(desk.folder.iterdir())) == 1
    assert desk.process().review() == Review()
    assert desk.secrets.entries == {}
    assert list(desk.folder.iterdir()) == []


def test_a_wipe_that_is_denied_is_listed_and_tried_again(desk: Desk) -> None:
    tokens = desk.process()
    note = note_on(tokens)
    store_on(tokens, note)
    desk.secrets.fail_delete = KeyringDenied(backend="b", operation="delete")
    with pytest.raises(KeyringDenied):
        tokens.mark_revoked(note.token_id)
    review = desk.process().review()
    assert places(review) == {"unwiped": 1, "problems": 1}
    assert review.unwiped[0].state == "wiping"
    assert review.unwiped[0].wiped_for == "revoked"
    desk.secrets.fail_delete = None
    assert desk.process().review() == Review()
    assert desk.secrets.entries == {}


def test_a_full_disk_keeps_no_wipe_from_happening(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = desk.process()
    note = note_on(tokens)
    store_on(tokens, note)
    monkeypatch.setattr(TokenFiles, "write", refuse_write)
    tokens.mark_revoked(note.token_id)
    assert desk.secrets.entries == {}
    assert tokens.review() == Review()


def refuse_write(files: TokenFiles, *_: object, **__: object) -> None:
    assert isinstance(files, TokenFiles)
    raise FolderNotWritable(path=files._folder)  # the fact that the real one reports


def test_a_file_that_cannot_be_replaced_loses_no_token(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = desk.ended_process()
    note = note_on(tokens)
    with monkeypatch.context() as patch:
        patch.setattr(TokenFiles, "write", refuse_write)
        stored = store_on(tokens, note)
        assert [type(problem) for problem in stored.problems] == [FolderNotWritable]
        assert tokens.tokens_of(note.token_id).access_token == ACCESS
        assert tokens.review().live == (stored.token,)
    assert places(desk.process().review()) == {"live": 1}
    assert tokens.review().live == (stored.token,)


# A keyring that does not take the token


@pytest.mark.parametrize(
    "problem",
    [
        pytest.param(LOCKED, id="locked"),
        pytest.param(KeyringFull(backend="b", operation="write"), id="full"),
        pytest.param(KeyringDenied(backend="b", operation="write"), id="denied"),
        pytest.param(KeyringTimedOut(backend="b", operation="write", limit_s=1.0), id="timed out"),
        pytest.param(SecretTooLarge(limit_bytes=2560, size_bytes=9000), id="too large"),
    ],
)
def test_a_token_that_the_keyring_refuses_is_kept_for_the_session(problem: FlowError, desk: Desk) -> None:
    tokens = desk.ended_process()
    note = note_on(tokens)
    desk.secrets.fail_write = problem
    stored = store_on(tokens, note)
    assert stored.problems == (problem,)
    assert stored.token.kept == "session"
    assert tokens.tokens_of(note.token_id) == TokenSecrets(ACCESS, REFRESH)
    assert tokens.review().live == (stored.token,)
    review = desk.process().review()
    assert review == Review(lost=(stored.token,))
    assert ACCESS not in desk.texts()
    desk.process().forget(note.token_id)
    assert desk.process().review() == Review()


def test_a_late_write_saves_the_token_after_all(desk: Desk) -> None:
    tokens = desk.ended_process()
    note = note_on(tokens)
    desk.secrets.fail_write = KeyringTimedOut(backend="b", operation="write", limit_s=1.0)
    desk.secrets.lands_late = True
    assert store_on(tokens, note).token.kept == "session"
    later = desk.process()
    (token,) = later.review().live
    assert token.kept == "keyring"
    assert later.tokens_of(token.token_id).access_token == ACCESS


def test_a_wipe_takes_the_late_copy_along(desk: Desk) -> None:
    tokens = desk.process()
    note = note_on(tokens)
    desk.secrets.fail_write = KeyringTimedOut(backend="b", operation="write", limit_s=1.0)
    desk.secrets.lands_late = True
    store_on(tokens, note)
    assert desk.secrets.entries != {}
    tokens.mark_revoked(note.token_id)
    assert desk.secrets.entries == {}


def test_without_a_keyring_everything_is_kept_for_the_session(desk: Desk) -> None:
    tokens = IssuedTokens(desk.folder, SessionSecretStore(), clock)
    note = note_on(tokens)
    stored = store_on(tokens, note)
    assert stored.problems == ()
    assert stored.token.kept == "session"
    assert tokens.tokens_of(note.token_id).access_token == ACCESS
    tokens.mark_revoked(note.token_id)
    assert tokens.review() == Review()


def test_an_unlocked_keyring_takes_over_what_is_in_memory(desk: Desk) -> None:
    tokens = IssuedTokens(desk.folder, SessionSecretStore(), clock)
    note = note_on(tokens)
    store_on(tokens, note)
    assert tokens.use_secrets(desk.secrets) == ()
    later = desk.process()
    assert [token.kept for token in later.review().live] == ["keyring"]
    assert later.tokens_of(note.token_id) == TokenSecrets(ACCESS, REFRESH)


def test_a_corrupt_file_that_the_unlocked_keyring_meets_is_told(desk: Desk) -> None:
    (desk.folder / f"{note_on(desk.process()).token_id}.json").write_text("{")
    tokens = IssuedTokens(desk.folder, SessionSecretStore(), clock)
    assert [type(problem) for problem in tokens.use_secrets(desk.secrets)] == [IssuedTokenFileCorrupt]
    assert tokens.use_secrets(desk.secrets) == ()


def test_a_folder_that_cannot_be_read_keeps_nobody_from_the_unlocked_keyring(desk: Desk) -> None:
    desk.folder.write_text("in the way")
    tokens = IssuedTokens(desk.folder, SessionSecretStore(), clock)
    assert [type(problem) for problem in tokens.use_secrets(desk.secrets)] == [FileUnreadable]
    desk.folder.unlink()
    assert store_on(tokens, note_on(tokens)).token.kept == "keyring"


def test_a_keyring_that_is_away_today_loses_nothing(desk: Desk) -> None:
    tokens = desk.ended_process()
    kept, cut_off = note_on(tokens), note_on(tokens)
    store_on(tokens, kept)
    today = IssuedTokens(desk.folder, SessionSecretStore(), clock)
    assert places(today.review()) == {"live": 1, "cut_off": 1}
    with pytest.raises(KeyringOutOfReach):
        today.tokens_of(kept.token_id)
    with pytest.raises(KeyringOutOfReach):
        today.forget(cut_off.token_id)
    assert places(desk.process().review()) == {"live": 1, "cut_off": 1}


def test_a_keyring_that_does_not_answer_is_asked_once(desk: Desk) -> None:
    for _ in range(3):
        note_on(desk.ended_process())
    desk.secrets.fail_read = KeyringLocked(backend="b", operation="read")
    assert places(desk.process().review()) == {"cut_off": 3, "problems": 1}
    assert desk.secrets.reads == 1


def test_a_token_that_somebody_took_out_of_the_keyring(desk: Desk) -> None:
    tokens = desk.process()
    note = note_on(tokens)
    store_on(tokens, note)
    desk.secrets.entries[f"token/{note.token_id}"] = '{"access_token": 1}'
    with pytest.raises(TokenSecretUnreadable):
        tokens.tokens_of(note.token_id)
    desk.secrets.entries.clear()
    with pytest.raises(TokenSecretMissing):
        tokens.tokens_of(note.token_id)
    tokens.forget(note.token_id)
    assert tokens.review() == Review()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("base_url", "https://evil.example", id="base URL"),
        pytest.param("instance_url", "https://evil.example/", id="instance URL"),
        pytest.param("instance_url", None, id="no instance URL"),
        pytest.param("consumer_key", "another", id="consumer key"),
        pytest.param("contract", "current", id="contract"),
    ],
)
def test_a_token_is_not_handed_out_for_another_place_that_its_file_names(
    name: str, value: str | None, desk: Desk
) -> None:
    """Any program of the user's can write there, and would get the token sent to a host of its own."""
    tokens = desk.process()
    note = note_on(tokens)
    store_on(tokens, note)
    path = next(path for path in desk.folder.iterdir() if path.is_file())
    path.write_text(json.dumps({**json.loads(path.read_text()), name: value}))
    for process in (tokens, desk.process()):
        assert len(process.review().live) == 1
        with pytest.raises(TokenEntryAltered) as raised:
            process.tokens_of(note.token_id)
        assert raised.value.fields == name
    tokens.forget(note.token_id)
    assert desk.secrets.entries == {}


# Refresh


def refreshed(tokens: IssuedTokens, token: IssuedToken, new_refresh: str | None) -> StoredToken:
    note = tokens.note_refresh(token, tokens.tokens_of(token.token_id), "window")
    assert REFRESH not in repr(note)
    return tokens.store_issued(
        note, access_token="canary-second", refresh_token=new_refresh, instance_url=None, expires_at=None
    )


@pytest.mark.parametrize(("answered", "kept"), [(None, REFRESH), ("canary-new-refresh", "canary-new-refresh")])
def test_both_access_tokens_stay_revocable_after_a_refresh(answered: str | None, kept: str, desk: Desk) -> None:
    tokens = desk.process()
    first = store_on(tokens, note_on(tokens)).token
    second = refreshed(tokens, first, answered).token
    live = {token.token_id: token for token in desk.process().review().live}
    assert live[first.token_id].superseded_by == second.token_id
    assert live[second.token_id].superseded_by is None
    assert tokens.tokens_of(first.token_id) == TokenSecrets(ACCESS, REFRESH)
    assert tokens.tokens_of(second.token_id) == TokenSecrets("canary-second", kept)
    tokens.mark_revoked(first.token_id)
    assert tokens.tokens_of(second.token_id).refresh_token == kept


def test_crash_between_keyring_and_file_of_a_refresh(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = desk.ended_process()
    first = store_on(tokens, note_on(tokens)).token
    note = tokens.note_refresh(first, tokens.tokens_of(first.token_id), "window")

    def crash(*_: object, **__: object) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(TokenFiles, "write", crash)
        with pytest.raises(Crash):
            store_on(tokens, note, None)
    desk.process().review()
    live = {token.token_id: token for token in desk.process().review().live}
    assert live[first.token_id].superseded_by == note.token_id
    assert desk.process().tokens_of(note.token_id).refresh_token == REFRESH


# Other processes


def test_another_process_that_runs_is_left_alone(desk: Desk) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        mark = replace(this_process(), pid=other.pid, started=psutil.Process(other.pid).create_time())
        theirs = desk.process(mark)
        note_on(theirs)
        desk.secrets.fail_write = LOCKED
        store_on(theirs, note_on(theirs))
        assert places(desk.process().review()) == {"in_flight": 1, "elsewhere": 1}
        reused = replace(mark, started=mark.started - 1000)
        note_on(desk.process(reused))
        assert places(desk.process().review()) == {"in_flight": 1, "elsewhere": 1, "cut_off": 1}
        other.communicate(b"\n")
    assert places(desk.process().review()) == {"lost": 1, "cut_off": 2}


def test_this_process_runs() -> None:
    assert this_process().runs()
    assert not replace(this_process(), started=1.0).runs()
    assert not ProcessMark("m", -1, 1.0).runs()


# Bad files


def test_a_corrupt_file_harms_no_other_and_its_token_comes_back_from_the_keyring(desk: Desk) -> None:
    tokens = desk.process()
    bad, good = note_on(tokens), note_on(tokens)
    store_on(tokens, bad)
    store_on(tokens, good)
    (desk.folder / f"{bad.token_id}.json").write_text("{")
    review = desk.process().review()
    assert places(review) == {"live": 2, "set_aside": 1}
    assert isinstance(review.set_aside[0], IssuedTokenFileCorrupt)
    later = desk.process()
    assert places(later.review()) == {"live": 2}
    saved = next(token for token in later.review().live if token.token_id == bad.token_id)
    assert (saved.base_url, saved.consumer_key, saved.profile_id) == (bad.base_url, bad.consumer_key, "p1")
    assert later.tokens_of(bad.token_id).access_token == ACCESS


def test_a_file_under_a_foreign_name_is_corrupt(desk: Desk) -> None:
    note = note_on(desk.process())
    (desk.folder / f"{note.token_id}.json").rename(desk.folder / f"{'0' * 32}.json")
    assert places(desk.process().review()) == {"set_aside": 1}


def test_a_newer_file_is_left_alone(desk: Desk) -> None:
    tokens = desk.process()
    path = desk.folder / f"{note_on(tokens).token_id}.json"
    path.write_text(path.read_text().replace('"version": 1', '"version": 2'))
    before = path.read_bytes()
    review = tokens.review()
    assert [type(problem) for problem in review.set_aside] == [IssuedTokenFileNewer]
    assert path.read_bytes() == before


def test_other_files_in_the_folder_are_not_touched(desk: Desk) -> None:
    desk.folder.mkdir()
    (desk.folder / "notes.json").write_text("mine")
    assert desk.process().review() == Review()
    assert (desk.folder / "notes.json").read_text() == "mine"


# Canary and size


def test_no_token_in_any_file_or_repr(desk: Desk) -> None:
    tokens = desk.process()
    note = note_on(tokens)
    stored = store_on(tokens, note)
    second = refreshed(tokens, stored.token, None)
    desk.secrets.fail_delete = KeyringDenied(backend="b", operation="delete")
    with pytest.raises(KeyringDenied) as denied:
        tokens.forget(note.token_id)
    shown = [note, stored, second, tokens.tokens_of(note.token_id), tokens.review(), denied.value, tokens]
    assert "canary" not in desk.texts() + "".join(map(repr, shown))


def test_a_token_with_all_its_facts_fits_every_keyring(desk: Desk) -> None:
    tokens = desk.process()
    note = replace(note_on(tokens), profile_id="f" * 32, consumer_key="k" * 22, base_url="https://" + "h" * 60)
    tokens.store_issued(
        note,
        access_token="a" * 28,
        refresh_token="r" * 40,
        instance_url="https://" + "h" * 60 + "/",
        expires_at=datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC),
    )
    (text,) = desk.secrets.entries.values()
    assert len(text.encode("utf-16-le")) < 2560 / 2


# What a keyring that is away must not cost


def test_a_set_aside_file_is_asked_for_until_the_keyring_answers(desk: Desk) -> None:
    tokens = desk.ended_process()
    note = note_on(tokens)
    store_on(tokens, note)
    (desk.folder / f"{note.token_id}.json").write_text("{")
    desk.secrets.fail_read = LOCKED
    assert places(desk.process().review()) == {"set_aside": 1, "unresolved": 1, "problems": 1}
    without = IssuedTokens(desk.folder, SessionSecretStore(), clock).review()
    assert [left.token_id for left in without.unresolved] == [note.token_id]
    desk.secrets.fail_read = None
    assert places(desk.process().review()) == {"live": 1}
    desk.process().mark_revoked(note.token_id)
    assert desk.process().review() == Review()


def test_a_set_aside_file_is_asked_for_no_more_once_the_keyring_has_nothing(desk: Desk) -> None:
    note = note_on(desk.process())
    (desk.folder / f"{note.token_id}.json").write_text("{")
    assert places(desk.process().review()) == {"set_aside": 1}
    reads = desk.secrets.reads
    assert desk.process().review() == Review()
    assert desk.secrets.reads == reads


def test_a_forget_that_fails_leaves_a_live_token_live(desk: Desk) -> None:
    tokens = desk.process()
    note = note_on(tokens)
    before = store_on(tokens, note).token
    desk.secrets.fail_delete = LOCKED
    with pytest.raises(KeyringLocked):
        tokens.forget(note.token_id)
    with pytest.raises(KeyringOutOfReach):
        IssuedTokens(desk.folder, SessionSecretStore(), clock).forget(note.token_id)
    desk.secrets.fail_delete = None
    assert desk.process().review() == Review(live=(before,))


def test_a_note_that_never_reached_the_keyring_is_forgotten_without_one(desk: Desk) -> None:
    tokens = desk.process()
    note = note_on(tokens)
    tokens.leave_note(note, "AnswerTimedOut")
    today = IssuedTokens(desk.folder, SessionSecretStore(), clock)
    today.forget(note.token_id)
    assert today.review() == Review()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX")
def test_a_pipe_named_like_an_entry_hangs_nothing(desk: Desk) -> None:
    desk.folder.mkdir()
    os.mkfifo(desk.folder / f"{'a' * 32}.json")
    assert places(desk.process().review()) == {"set_aside": 1, "unresolved": 1}


@pytest.mark.parametrize("version", ["0", "-1"])
def test_a_version_that_never_was_is_corrupt(version: str, desk: Desk) -> None:
    path = desk.folder / f"{note_on(desk.process()).token_id}.json"
    path.write_text(path.read_text().replace('"version": 1', f'"version": {version}'))
    assert isinstance(desk.process().review().set_aside[0], IssuedTokenFileCorrupt)


def test_a_text_with_control_characters_is_not_shown(desk: Desk) -> None:
    path = desk.folder / f"{note_on(desk.ended_process()).token_id}.json"
    path.write_text(path.read_text().replace('"Acme"', '"Acme\\u001b[2J\\n"'))
    assert places(desk.process().review()) == {"set_aside": 1}


# What a refresh replaces, and access tokens that stay in memory


def successor(tokens: IssuedTokens, token: IssuedToken) -> IssuedToken:
    note = tokens.note_refresh(token, tokens.tokens_of(token.token_id), "window")
    return store_on(tokens, note).token


def test_the_newest_token_is_found_from_any_before_it(desk: Desk) -> None:
    tokens = desk.process()
    first = store_on(tokens, note_on(tokens)).token
    second = successor(tokens, first)
    third = successor(tokens, second)
    for token in (first, second, third):  # as they were when they came: without a word of what came later
        assert tokens.newest_of(token).token_id == third.token_id
    assert tokens.newest_of(store_on(tokens, note_on(tokens)).token).token_id not in {first.token_id, third.token_id}


def test_the_newest_token_where_one_between_has_gone(desk: Desk) -> None:
    tokens = desk.process()
    first = store_on(tokens, note_on(tokens)).token
    second = successor(tokens, first)
    third = successor(tokens, second)
    tokens.forget(third.token_id)
    assert tokens.newest_of(first).token_id == second.token_id
    tokens.forget(second.token_id)
    assert tokens.newest_of(first).token_id == first.token_id
    tokens.forget(first.token_id)
    assert tokens.newest_of(first) is first  # whoever asks for its secrets is told that it has gone


def test_tokens_that_name_each_other_end_no_search(desk: Desk) -> None:
    tokens = desk.process()
    first = store_on(tokens, note_on(tokens)).token
    second = successor(tokens, first)
    files = TokenFiles(desk.folder, clock)
    entry = files.read(second.token_id)
    assert entry is not None
    files.write(replace(entry, superseded_by=first.token_id))
    assert tokens.newest_of(first).token_id in {first.token_id, second.token_id}


def test_what_is_listed(desk: Desk) -> None:
    tokens = desk.process()
    note = note_on(tokens)
    assert tokens.is_listed(note.token_id)
    token = store_on(tokens, note).token
    assert tokens.is_listed(token.token_id)
    (path,) = desk.folder.iterdir()
    text = path.read_text()
    path.write_text("{")
    assert tokens.is_listed(token.token_id)  # as far as anybody can tell
    next(desk.folder.iterdir()).unlink()
    path.write_text(text)
    tokens.mark_revoked(token.token_id)
    assert not tokens.is_listed(token.token_id)


def store_in_memory(tokens: IssuedTokens, note: ExchangeNote) -> StoredToken:
    return tokens.store_issued(
        note,
        access_token=ACCESS,
        refresh_token=REFRESH,
        instance_url="https://us.api.concursolutions.com",
        expires_at=EXPIRES,
        principal_id="canary-principal",
        access_token_in_memory=True,
    )


def test_access_token_that_stays_in_memory(desk: Desk) -> None:
    tokens = desk.process()
    stored = store_in_memory(tokens, note_on(tokens))
    assert (stored.problems, stored.token.kept) == ((), "keyring")
    (kept,) = desk.secrets.entries.values()
    assert ACCESS not in kept + desk.texts()
    assert REFRESH in kept
    assert "canary-principal" in kept
    assert "canary-principal" not in desk.texts()
    token_id = stored.token.token_id
    assert tokens.tokens_of(token_id) == TokenSecrets(ACCESS, REFRESH, "canary-principal")
    assert desk.process().tokens_of(token_id) == TokenSecrets("", REFRESH, "canary-principal")
    tokens.mark_revoked(token_id)
    assert desk.secrets.entries == {}
    with pytest.raises(IssuedTokenUnknown):
        tokens.tokens_of(token_id)


def test_access_token_that_stays_in_memory_where_the_keyring_takes_nothing(desk: Desk) -> None:
    desk.secrets.fail_write = KeyringFull(backend="b", operation="write")
    tokens = desk.process()
    stored = store_in_memory(tokens, note_on(tokens))
    assert stored.token.kept == "session"
    assert tokens.tokens_of(stored.token.token_id).access_token == ACCESS
    desk.secrets.fail_write = None
    assert tokens.use_secrets(desk.secrets) == ()
    (kept,) = desk.secrets.entries.values()
    assert ACCESS not in kept
    assert tokens.tokens_of(stored.token.token_id).access_token == ACCESS
    assert desk.process().tokens_of(stored.token.token_id) == TokenSecrets("", REFRESH, "canary-principal")


def test_access_token_that_lands_late_in_the_keyring_is_not_in_it(desk: Desk) -> None:
    desk.secrets.fail_write = KeyringTimedOut(backend="b", operation="write", limit_s=1.0)
    desk.secrets.lands_late = True
    earlier = desk.ended_process()
    store_in_memory(earlier, note_on(earlier))
    assert ACCESS not in "".join(desk.secrets.entries.values())
    (token,) = desk.process().review().live
    assert desk.process().tokens_of(token.token_id).refresh_token == REFRESH


def test_entry_of_an_earlier_version_can_be_read(desk: Desk) -> None:
    tokens = desk.process()
    token = store_on(tokens, note_on(tokens)).token
    ((name, text),) = desk.secrets.entries.items()
    entry = json.loads(text)
    del entry["principal_id"], entry["access_token_in_memory"]
    desk.secrets.entries[name] = json.dumps(entry)
    assert desk.process().tokens_of(token.token_id) == TokenSecrets(ACCESS, REFRESH)
