"""The session where its contract makes a difference: tokens that expire and are replaced, profiles that change it."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gui.concur.contract import CALL_REFUSED_WORDS, CONTRACTS, CURRENT, LEGACY
from gui.concur.data_centres import CURRENT_DATA_CENTRES, LEGACY_DATA_CENTRES
from gui.concur.errors import (
    AnswerCutOff,
    AuthorizationRefused,
    ConcurFailed,
    ContractUnknown,
    GrantRefused,
    RedirectOfOtherContract,
    RefreshNeedsSecret,
    RequestCancelled,
    SuccessorMayLive,
    TokenOfAnotherApplication,
    TokenStillAccepted,
)
from gui.concur.models import Operation
from gui.flow.connection import Connection, contract_named
from gui.flow.issuing import refresh_and_store
from gui.flow.revocation import Tick
from gui.loopback.http import Delivery
from gui.notice_words import words_for
from gui.notices import Happening, NoticeAction, Severity
from gui.sandbox.answers import Answer, Endpoint
from gui.sandbox.data_centres import Home
from gui.sandbox.records import RegisteredApp
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from gui.session_requests import NoticeChoice, ProfileDraft
from gui.session_state import Control, State
from gui.session_view import KeyringStatus, Milestone
from gui.store.errors import KeyringFull
from gui.store.folders import HOME_VARIABLE, find_folders
from gui.store.profile import BUILT_IN_PROFILE_ID
from gui.store.profiles import ProfileStore
from tests.flow.contracts import (
    BOTH,
    CURRENT_KIT,
    LEGACY_KIT,
    Kit,
    let_access_tokens_expire,
    let_access_tokens_last,
    let_access_tokens_outlive_a_revoke,
    other_than,
)
from tests.flow.scene import KEY, SECRET, utc_now
from tests.gui.session_scene import (
    SessionScene,
    answer,
    connected,
    connected_by_code,
    on_any_port,
    profile,
    second_profile,
    session_scene,
    subjects,
    wait_for,
)
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.session_view import ShownToken

FAILING = Answer(status=500, body=b"broken")
NOT_DONE = Answer(body=b"")
"""A success that is none."""


@contextmanager
def opened(
    home: Path, qtbot: QtBot, kit: Kit, *, secrets: FakeSecrets | None = None, **built_in: object
) -> Iterator[SessionScene]:
    """A session whose sandbox waits for a redirect."""
    with session_scene(home, kit=kit, secrets=secrets) as made:
        on_any_port(made, **built_in)
        made.session.start("")
        qtbot.waitUntil(lambda: made.view.state is State.WAITING and made.view.keyring.status is KeyringStatus.READY)
        yield made


@pytest.fixture(params=BOTH)
def scene(request: pytest.FixtureRequest, tmp_path: Path, qtbot: QtBot) -> Iterator[SessionScene]:
    """One for each contract."""
    with opened(tmp_path, qtbot, request.param) as made:
        yield made


@pytest.fixture
def current(tmp_path: Path, qtbot: QtBot) -> Iterator[SessionScene]:
    """One of the current contract, for what the other does not have: access tokens that expire within the hour."""
    with opened(tmp_path, qtbot, CURRENT_KIT) as made:
        yield made


@pytest.fixture
def theirs() -> Iterator[SimulatedConcur]:
    """A Concur that outlives the session."""
    with SimulatedConcur(SandboxSettings(), RegisteredApp(KEY, SECRET)) as concur:
        yield concur


def shown_in(scene: SessionScene) -> ShownToken:
    assert scene.view.shown is not None
    return scene.view.shown


def listed(scene: SessionScene) -> list[str]:
    return [token.token_id for token in scene.view.issued.live]


def expired(qtbot: QtBot, scene: SessionScene) -> ShownToken:
    """Connect; the access token is as good as expired, what is issued from then on is not."""
    let_access_tokens_expire(scene.concur)
    connected(qtbot, scene)
    let_access_tokens_last(scene.concur)
    qtbot.waitUntil(lambda: len(scene.view.issued.live) == 1)
    return shown_in(scene)


def visit(url: str) -> threading.Thread:
    """Bring a redirect, as a browser would; whatever it is answered."""

    def work() -> None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError as refused:
            refused.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


# Refresh


def test_refreshed_token_is_shown_and_the_older_one_listed_where_it_lives_on(qtbot: QtBot, scene: SessionScene) -> None:
    connected(qtbot, scene)
    first = shown_in(scene)
    scene.session.flow.refresh()
    qtbot.waitUntil(lambda: shown_in(scene) != first, timeout=8000)
    wait_for(qtbot, scene, State.CONNECTED)
    second = shown_in(scene)
    expected = {second.token.token_id} if scene.kit.replaces else {first.token.token_id, second.token.token_id}
    qtbot.waitUntil(lambda: set(listed(scene)) == expected)
    assert second.live.access_token != first.live.access_token
    assert (second.live.refresh_token != first.live.refresh_token) is scene.kit.replaces
    assert second.document is not None
    assert second.answer is not None
    assert Milestone.REFRESHED in scene.view.milestones
    kept = "".join(scene.secrets.entries.values())
    assert (second.live.access_token in kept) is not scene.kit.replaces
    assert (str(first.live.refresh_token) in kept) is not scene.kit.replaces
    scene.session.flow.refresh()  # with what came last
    qtbot.waitUntil(lambda: shown_in(scene) != second, timeout=8000)
    wait_for(qtbot, scene, State.CONNECTED)
    assert subjects(scene) == []


def test_token_that_was_replaced_is_not_one_to_ask_about(qtbot: QtBot, scene: SessionScene) -> None:
    """The list is read in the background; closing the window must not be quicker than it."""
    connected(qtbot, scene)
    first = shown_in(scene)
    qtbot.waitUntil(lambda: listed(scene) == [first.token.token_id])
    asked: set[int] = set()

    def on_changed(_view: object) -> None:
        if scene.view.state is State.CONNECTED and shown_in(scene) != first:
            asked.add(len(scene.session.undecided_tokens()))

    scene.session.board.changed.connect(on_changed)
    scene.session.flow.refresh()
    qtbot.waitUntil(lambda: bool(asked), timeout=8000)
    wait_for(qtbot, scene, State.CONNECTED)
    scene.session.board.changed.disconnect(on_changed)
    assert asked == ({1} if scene.kit.replaces else {2})


def test_refresh_that_is_refused_leaves_the_token_as_it_is(qtbot: QtBot, scene: SessionScene) -> None:
    connected(qtbot, scene)
    first = shown_in(scene)
    refusal = Answer(status=400, headers=scene.kit.headers, body=scene.kit.error)
    answer(scene, Endpoint.REFRESH, refusal)
    scene.session.flow.refresh()
    qtbot.waitUntil(lambda: scene.kit.refused in subjects(scene))
    wait_for(qtbot, scene, State.CONNECTED)
    assert shown_in(scene) == first
    scene.concur.answers.clear()
    scene.session.revoking.revoke()
    wait_for(qtbot, scene, State.REVOKED)


def test_refresh_that_is_gone_on_without_is_shown_when_it_comes(qtbot: QtBot, current: SessionScene) -> None:
    """It has replaced the token that is shown: to go on with that one would come to nothing."""
    connected(qtbot, current)
    first = shown_in(current)
    held, let_go = current.parts.tokens.store_issued, threading.Event()

    def late(*arguments: object, **named: object) -> object:
        assert let_go.wait(20)
        return held(*arguments, **named)  # type: ignore[arg-type]  # handed on as it came

    current.parts.tokens.store_issued = late  # type: ignore[method-assign,assignment]  # a keyring that is slow
    current.session.flow.refresh()
    qtbot.waitUntil(lambda: any(row.operation is Operation.REFRESH for row in current.parts.timeline.rows()))
    current.session.call.cancel()
    qtbot.waitUntil(lambda: RequestCancelled in subjects(current))
    assert shown_in(current) == first
    let_go.set()
    qtbot.waitUntil(lambda: Happening.CAME_LATE in subjects(current))
    assert shown_in(current).token.token_id != first.token.token_id
    qtbot.waitUntil(lambda: listed(current) == [shown_in(current).token.token_id])
    current.session.revoking.revoke()
    wait_for(qtbot, current, State.REVOKED)
    assert current.kit.live(current.concur) == set()


# Try it


def test_trial_that_is_refused_is_told_and_changes_nothing(qtbot: QtBot, scene: SessionScene) -> None:
    connected(qtbot, scene)
    first = shown_in(scene)
    answer(scene, Endpoint.PROBE, Answer(status=401, headers=scene.kit.headers, body=scene.kit.error))
    scene.session.flow.probe()
    qtbot.waitUntil(lambda: AuthorizationRefused in subjects(scene))
    wait_for(qtbot, scene, State.CONNECTED)
    assert shown_in(scene) == first
    assert Milestone.TRIED not in scene.view.milestones


def test_trial_of_an_expired_access_token_refreshes_first_and_says_so(qtbot: QtBot, current: SessionScene) -> None:
    first = expired(qtbot, current)
    current.session.flow.probe()
    qtbot.waitUntil(lambda: Happening.TOKEN_WORKS in subjects(current))
    wait_for(qtbot, current, State.CONNECTED)
    assert subjects(current) == [Happening.REFRESHED_FIRST, Happening.TOKEN_WORKS]
    second = shown_in(current)
    assert second.token.token_id != first.token.token_id
    assert second.document is not None
    assert {Milestone.TRIED, Milestone.REFRESHED} <= current.view.milestones
    qtbot.waitUntil(lambda: listed(current) == [second.token.token_id])
    operations = [row.operation for row in current.parts.timeline.rows()]
    assert operations[-2:] == [Operation.REFRESH, Operation.PROBE]
    current.session.flow.probe()
    qtbot.waitUntil(lambda: subjects(current) == [Happening.TOKEN_WORKS])  # and no longer says so
    assert shown_in(current) == second


def test_trial_that_is_refused_after_the_refresh_shows_the_new_token(qtbot: QtBot, current: SessionScene) -> None:
    first = expired(qtbot, current)
    answer(current, Endpoint.PROBE, Answer(status=403, headers=current.kit.headers, body=current.kit.error))
    current.session.flow.probe()
    qtbot.waitUntil(lambda: AuthorizationRefused in subjects(current))
    wait_for(qtbot, current, State.CONNECTED)
    assert Happening.REFRESHED_FIRST in subjects(current)
    assert shown_in(current).token.token_id != first.token.token_id
    qtbot.waitUntil(lambda: listed(current) == [shown_in(current).token.token_id])


def test_trial_whose_refresh_is_refused_leaves_the_token_listed(qtbot: QtBot, current: SessionScene) -> None:
    first = expired(qtbot, current)
    answer(current, Endpoint.REFRESH, Answer(status=400, headers=current.kit.headers, body=current.kit.error))
    current.session.flow.probe()
    qtbot.waitUntil(lambda: GrantRefused in subjects(current))
    wait_for(qtbot, current, State.CONNECTED)
    assert shown_in(current) == first
    assert listed(current) == [first.token.token_id]


# Revoke


def test_revoke_of_an_expired_access_token_refreshes_first(qtbot: QtBot, current: SessionScene) -> None:
    expired(qtbot, current)
    current.session.revoking.revoke()
    wait_for(qtbot, current, State.REVOKED)
    revocation = current.view.revocation
    assert revocation is not None
    assert (revocation.server, revocation.refused, revocation.local_copy) == (Tick.DONE, Tick.DONE, Tick.DONE)
    assert current.kit.live(current.concur) == set()
    qtbot.waitUntil(lambda: listed(current) == [])
    assert current.view.shown is None
    assert subjects(current) == []
    assert [name for name in current.secrets.entries if name.startswith("token/")] == []


def test_revoke_that_fails_after_the_refresh_goes_on_with_the_new_token(qtbot: QtBot, current: SessionScene) -> None:
    first = expired(qtbot, current)
    answer(current, Endpoint.REVOKE, FAILING)
    answer(current, Endpoint.PROBE, FAILING)  # so that the baseline is unclear, and no proof is tried
    current.session.revoking.revoke()
    wait_for(qtbot, current, State.AT_RISK)
    second = shown_in(current)
    assert second.token.token_id != first.token.token_id
    assert second.document is not None
    assert ConcurFailed in subjects(current)
    assert Happening.REFRESHED_FIRST in subjects(current)
    qtbot.waitUntil(lambda: listed(current) == [second.token.token_id])
    offer = current.view.shown_notices[-1]
    assert (offer.token_id, NoticeAction.REVOKE in offer.actions) == (second.token.token_id, True)
    current.concur.answers.clear()
    current.session.act_on_notice(NoticeChoice(offer.notice_id, NoticeAction.REVOKE))
    wait_for(qtbot, current, State.REVOKED)
    assert current.kit.live(current.concur) == set()
    qtbot.waitUntil(lambda: listed(current) == [])


def test_token_that_is_still_accepted_after_its_revoke_stays(qtbot: QtBot, scene: SessionScene) -> None:
    connected(qtbot, scene)
    answer(scene, Endpoint.REVOKE, NOT_DONE)
    scene.session.revoking.revoke()
    wait_for(qtbot, scene, State.AT_RISK)
    assert TokenStillAccepted in subjects(scene)
    assert Happening.REFRESHED_FIRST not in subjects(scene)
    revocation = scene.view.revocation
    assert revocation is not None
    assert (revocation.server, revocation.refused, revocation.local_copy) == (Tick.DONE, Tick.FAILED, Tick.PENDING)
    live = {scene.kit.handle(scene.parts.tokens.tokens_of(shown_in(scene).token.token_id))}
    assert live == scene.kit.live(scene.concur)
    qtbot.waitUntil(lambda: listed(scene) == [shown_in(scene).token.token_id])
    assert scene.view.shown_notices[-1].token_id == shown_in(scene).token.token_id
    scene.concur.answers.clear()
    scene.session.revoking.revoke()
    wait_for(qtbot, scene, State.REVOKED)
    assert scene.kit.live(scene.concur) == set()


def test_lost_rotation_leaves_the_token_at_risk_with_words_on_what_to_do(qtbot: QtBot, current: SessionScene) -> None:
    first = expired(qtbot, current)
    answer(current, Endpoint.REFRESH, Answer(delivery=Delivery(after_bytes=0), times=1))
    current.session.flow.refresh()
    wait_for(qtbot, current, State.CONNECTED)
    assert AnswerCutOff in subjects(current)
    current.session.revoking.revoke()
    wait_for(qtbot, current, State.AT_RISK)
    notice = current.view.shown_notices[-1]
    assert [type(error) for error in (notice.subject, *notice.more)] == [SuccessorMayLive, GrantRefused]
    words = words_for(notice.subject)
    assert "Connect again and revoke" in words.advice
    assert "all refresh tokens" in words.advice
    assert shown_in(current) == first
    qtbot.waitUntil(lambda: listed(current) == [first.token.token_id])
    assert len(current.kit.live(current.concur)) == 1


def test_token_that_is_refused_already_is_not_said_to_be_revoked(qtbot: QtBot, current: SessionScene) -> None:
    expired(qtbot, current)
    current.kit.end_all(current.concur)
    current.session.revoking.revoke()
    wait_for(qtbot, current, State.REVOKED)
    assert subjects(current) == [Happening.REFUSED_ALREADY]
    notice = current.view.shown_notices[-1]
    assert [type(error) for error in notice.more] == [GrantRefused]
    words = words_for(notice.subject, notice.fact)
    for part in ("code 108", "ended elsewhere", "has expired", "replaced by one that never arrived"):
        assert part in words.text
    assert "no revoke was sent" in words.title
    assert current.view.ended_before
    assert not {"confirmed", "proven"} & set(f"{words.title} {words.text}".split())
    assert Milestone.REVOKED_AFTER_FAILURE not in current.view.milestones


def test_proven_revoke_claims_no_more_than_the_contract_does(qtbot: QtBot, scene: SessionScene) -> None:
    let_access_tokens_outlive_a_revoke(scene.concur)
    connected(qtbot, scene)
    first = shown_in(scene)
    scene.session.flow.start_over()
    qtbot.waitUntil(lambda: len(listed(scene)) == 1)
    scene.session.revoke_issued(first.token.token_id)
    qtbot.waitUntil(lambda: Happening.REVOKED in subjects(scene), timeout=8000)
    notice = next(notice for notice in scene.view.notices if notice.subject is Happening.REVOKED)
    text = words_for(notice.subject, notice.fact, addition=notice.addition).text
    assert "refuses the token now" not in text
    proved = CONTRACTS[scene.kit.name].proved_words or CALL_REFUSED_WORDS
    assert text.endswith(f"is proven. {proved}")


def test_token_of_the_list_that_is_refused_already_is_not_said_to_be_revoked(
    qtbot: QtBot, current: SessionScene
) -> None:
    first = expired(qtbot, current)
    current.session.flow.start_over()
    current.kit.end_all(current.concur)
    current.session.revoke_issued(first.token.token_id)
    qtbot.waitUntil(lambda: Happening.REFUSED_ALREADY in subjects(current), timeout=8000)
    assert Happening.REVOKED not in subjects(current)
    qtbot.waitUntil(lambda: listed(current) == [])


def test_renewed_token_that_the_keyring_does_not_take_is_said_where_the_revoke_fails(
    qtbot: QtBot, current: SessionScene
) -> None:
    expired(qtbot, current)
    answer(current, Endpoint.REVOKE, FAILING)
    answer(current, Endpoint.PROBE, FAILING)
    current.secrets.fail_write = KeyringFull(backend="x", operation="write")
    current.session.revoking.revoke()
    wait_for(qtbot, current, State.AT_RISK)
    notice = current.view.shown_notices[-1]
    assert KeyringFull in [type(error) for error in (notice.subject, *notice.more)]
    assert shown_in(current).token.kept == "session"
    current.concur.answers.clear()
    current.session.revoking.revoke()
    wait_for(qtbot, current, State.REVOKED)
    assert current.kit.live(current.concur) == set()
    for token_id in listed(current):  # the one that it replaced could not be taken off the list then
        current.session.revoke_issued(token_id)
    qtbot.waitUntil(lambda: listed(current) == [] and not current.view.issued_busy, timeout=8000)


def test_revoke_from_the_list_that_fails_after_the_refresh_is_known_to_the_flow_of_its_profile(
    qtbot: QtBot, current: SessionScene
) -> None:
    made = second_profile(qtbot, current)
    let_access_tokens_expire(current.concur)
    connected_by_code(qtbot, current)
    let_access_tokens_last(current.concur)
    first = shown_in(current)
    current.session.profiles.select(BUILT_IN_PROFILE_ID)
    qtbot.waitUntil(lambda: len(listed(current)) == 1)
    answer(current, Endpoint.REVOKE, FAILING)
    answer(current, Endpoint.PROBE, FAILING)
    current.session.revoke_issued(first.token.token_id)
    qtbot.waitUntil(lambda: ConcurFailed in subjects(current), timeout=8000)
    current.concur.answers.clear()
    current.session.profiles.select(made.profile_id)
    wait_for(qtbot, current, State.CONNECTED)
    assert shown_in(current).token.token_id != first.token.token_id
    qtbot.waitUntil(lambda: listed(current) == [shown_in(current).token.token_id])
    qtbot.waitUntil(lambda: Control.REFRESH in current.view.controls)
    current.session.revoking.revoke()
    wait_for(qtbot, current, State.REVOKED)
    assert current.kit.live(current.concur) == set()


# After a restart


def left_by_an_earlier_session(
    home: Path, qtbot: QtBot, kit: Kit, theirs: SimulatedConcur, secrets: FakeSecrets
) -> tuple[str, str]:
    """Connect under a profile of its own and end; return the ids of profile and token."""
    with opened(home, qtbot, kit, secrets=secrets) as scene:
        made = profile(scene, base_url=theirs.base_url, consumer_key=KEY)
        scene.session.profiles.save(ProfileDraft(made, SECRET, is_new=True))
        qtbot.waitUntil(lambda: scene.view.profile == made and scene.view.state is State.STOPPED)
        scene.session.listener.paste(kit.query(theirs))
        wait_for(qtbot, scene, State.CONNECTED)
        return made.profile_id, shown_in(scene).token.token_id


@pytest.mark.parametrize("kit", BOTH)
@pytest.mark.parametrize("call", ["probe", "refresh", "revoke"])
def test_token_from_before_is_opened_and_used(
    tmp_path: Path, qtbot: QtBot, theirs: SimulatedConcur, kit: Kit, call: str
) -> None:
    secrets = FakeSecrets()
    profile_id, token_id = left_by_an_earlier_session(tmp_path, qtbot, kit, theirs, secrets)
    if kit.replaces:
        assert [token for token in kit.issued(theirs) if token in "".join(secrets.entries.values())] == []
    with opened(tmp_path, qtbot, kit, secrets=secrets) as scene:
        qtbot.waitUntil(lambda: listed(scene) == [token_id])
        scene.session.open_issued(token_id)
        wait_for(qtbot, scene, State.CONNECTED)
        assert scene.view.profile.profile_id == profile_id
        assert shown_in(scene).document is None
        assert (shown_in(scene).live.access_token == "") is kit.replaces
        assert (Control.COPY_TOKEN in scene.view.controls) is not kit.replaces  # there is none to copy
        qtbot.waitUntil(lambda: Control.REFRESH in scene.view.controls)
        if call == "probe":
            scene.session.flow.probe()
            qtbot.waitUntil(lambda: Happening.TOKEN_WORKS in subjects(scene), timeout=8000)
            assert (Happening.REFRESHED_FIRST in subjects(scene)) is kit.replaces
        elif call == "refresh":
            scene.session.flow.refresh()
            qtbot.waitUntil(lambda: shown_in(scene).document is not None, timeout=8000)
        if call != "revoke":
            wait_for(qtbot, scene, State.CONNECTED)
            assert Control.COPY_TOKEN in scene.view.controls
            assert (shown_in(scene).token.token_id != token_id) is (kit.replaces or call == "refresh")
        scene.session.revoking.revoke()
        wait_for(qtbot, scene, State.REVOKED)
        assert kit.live(theirs) == set()
        qtbot.waitUntil(lambda: listed(scene) == [])


@pytest.mark.parametrize("way", ["shown", "list"])
def test_token_from_before_without_the_secret_is_not_lost(
    tmp_path: Path, qtbot: QtBot, theirs: SimulatedConcur, way: str
) -> None:
    """Only the current contract needs one: a token of the other authorises itself."""
    secrets = FakeSecrets()
    profile_id, token_id = left_by_an_earlier_session(tmp_path, qtbot, CURRENT_KIT, theirs, secrets)
    secret_name = next(name for name, value in secrets.entries.items() if value == SECRET)
    del secrets.entries[secret_name]
    with opened(tmp_path, qtbot, CURRENT_KIT, secrets=secrets) as scene:
        qtbot.waitUntil(lambda: listed(scene) == [token_id])
        if way == "list":
            scene.session.revoke_issued(token_id)
            qtbot.waitUntil(lambda: RefreshNeedsSecret in subjects(scene), timeout=8000)
        else:
            scene.session.open_issued(token_id)
            wait_for(qtbot, scene, State.CONNECTED)
            assert Control.REFRESH not in scene.view.controls
            scene.session.flow.probe()
            qtbot.waitUntil(lambda: RefreshNeedsSecret in subjects(scene), timeout=8000)
            wait_for(qtbot, scene, State.CONNECTED)
            scene.session.revoking.revoke()
            wait_for(qtbot, scene, State.AT_RISK)
            assert RefreshNeedsSecret in subjects(scene)
            scene.session.flow.start_over()
        qtbot.waitUntil(lambda: listed(scene) == [token_id] and not scene.view.issued_busy)
        assert len(CURRENT_KIT.live(theirs)) == 1
        known = next(each for each in scene.view.profiles if each.profile_id == profile_id)
        scene.session.profiles.save(ProfileDraft(known, SECRET, is_new=False))
        qtbot.waitUntil(lambda: scene.view.application.consumer_secret == SECRET)
        scene.session.revoke_issued(token_id)
        qtbot.waitUntil(lambda: CURRENT_KIT.live(theirs) == set(), timeout=8000)
        qtbot.waitUntil(lambda: listed(scene) == [])


# Profiles, and what must not get mixed up


def test_request_token_stays_with_its_profile(qtbot: QtBot, scene: SessionScene) -> None:
    """Both profiles are of the same app, in other contracts; a flow of one is held while the other is worked with."""
    other = other_than(scene.kit)
    mine = second_profile(qtbot, scene, name="Mine", exchange_at_once=False)
    scene.session.listener.paste(scene.kit.query(scene.concur))
    wait_for(qtbot, scene, State.RECEIVED)
    held = scene.view.request_token
    theirs = second_profile(qtbot, scene, name="Theirs", contract=other.name, scopes=other.scopes)
    assert (scene.view.request_token, scene.view.shown) == (None, None)
    scene.session.flow.exchange()
    assert scene.view.activity is None
    scene.session.listener.paste(other.query(scene.concur))
    wait_for(qtbot, scene, State.CONNECTED)
    token = shown_in(scene).token
    assert (token.contract, token.profile_id) == (other.name, theirs.profile_id)
    scene.session.profiles.select(mine.profile_id)
    wait_for(qtbot, scene, State.RECEIVED)
    assert (scene.view.request_token, scene.view.shown) == (held, None)
    qtbot.waitUntil(lambda: scene.view.application.consumer_secret != "")
    scene.session.flow.exchange()
    wait_for(qtbot, scene, State.CONNECTED)
    assert (shown_in(scene).token.contract, shown_in(scene).token.profile_id) == (scene.kit.name, mine.profile_id)
    scene.session.revoking.revoke()
    wait_for(qtbot, scene, State.REVOKED)
    assert scene.kit.live(scene.concur) == set()
    assert len(other.live(scene.concur)) == 1
    scene.session.profiles.select(theirs.profile_id)
    assert shown_in(scene).token == token


def test_token_of_another_profile_is_opened_under_its_own(qtbot: QtBot, scene: SessionScene) -> None:
    mine = second_profile(qtbot, scene, name="Mine")
    connected_by_code(qtbot, scene)
    token = shown_in(scene).token
    scene.session.flow.start_over()
    other = other_than(scene.kit)
    second_profile(qtbot, scene, name="Theirs", contract=other.name, scopes=other.scopes)
    qtbot.waitUntil(lambda: listed(scene) == [token.token_id])
    scene.session.open_issued(token.token_id)
    wait_for(qtbot, scene, State.CONNECTED)
    assert (scene.view.profile.profile_id, shown_in(scene).token) == (mine.profile_id, token)


def edited(qtbot: QtBot, scene: SessionScene, contract: str) -> None:
    changed = replace(scene.view.profile, contract=contract)
    scene.session.profiles.save(ProfileDraft(changed, None, is_new=False))
    qtbot.waitUntil(
        lambda: scene.view.application.contract == contract and scene.view.application.consumer_secret != ""
    )


def test_contract_edited_while_the_token_lives_leaves_the_token_its_own(qtbot: QtBot, scene: SessionScene) -> None:
    other = other_than(scene.kit)
    second_profile(qtbot, scene)
    connected_by_code(qtbot, scene)
    token = shown_in(scene).token
    edited(qtbot, scene, other.name)
    assert shown_in(scene).token == token
    assert Control.REFRESH not in scene.view.controls
    with pytest.raises(TokenOfAnotherApplication):  # whatever may press it
        refresh_and_store(connection_of(scene), token)
    asked = len(scene.parts.timeline.rows())
    scene.session.flow.refresh()
    assert scene.view.activity is None
    scene.session.flow.probe()
    qtbot.waitUntil(lambda: Happening.TOKEN_WORKS in subjects(scene), timeout=8000)
    wait_for(qtbot, scene, State.CONNECTED)
    scene.session.revoking.revoke()
    wait_for(qtbot, scene, State.REVOKED)
    assert scene.kit.live(scene.concur) == set()
    paths = {row.path for row in scene.parts.timeline.rows()[asked:]}
    assert scene.kit.revoke_path in paths
    assert not paths & {other.revoke_path, other.token_path}


def connection_of(scene: SessionScene) -> Connection:
    connection = scene.session._connection()
    assert connection.contract.name == contract_named(scene.view.profile.contract).name
    return connection


def test_contract_edited_while_a_request_token_is_held_drops_it(qtbot: QtBot, scene: SessionScene) -> None:
    """An editor that was open when the redirect came; the other contract could make nothing of what it carried."""
    other = other_than(scene.kit)
    second_profile(qtbot, scene, exchange_at_once=False)
    scene.session.listener.paste(scene.kit.query(scene.concur))
    wait_for(qtbot, scene, State.RECEIVED)
    held = [scene.view.request_token]
    edited(qtbot, scene, scene.kit.name)
    held.append(scene.view.request_token)
    edited(qtbot, scene, other.name)
    held.append(scene.view.request_token)
    assert [token is not None for token in held] == [True, True, False]
    wait_for(qtbot, scene, State.STOPPED)


# A redirect of the other contract


def test_redirect_of_the_other_contract_offers_to_switch_the_sandbox(qtbot: QtBot, scene: SessionScene) -> None:
    other = other_than(scene.kit)
    thread = visit(f"{scene.view.listener.redirect_url}?{other.query(scene.concur)}")
    qtbot.waitUntil(lambda: RedirectOfOtherContract in subjects(scene))
    thread.join()
    assert scene.view.state is State.WAITING
    offer = scene.view.shown_notices[-1]
    assert offer.actions == (NoticeAction.SWITCH_CONTRACT,)
    scene.session.act_on_notice(NoticeChoice(offer.notice_id, NoticeAction.SWITCH_CONTRACT))
    qtbot.waitUntil(lambda: scene.view.profile.contract == other.name)
    wait_for(qtbot, scene, State.WAITING)  # it listens again by itself
    assert subjects(scene) == []
    assert scene.view.application.base_url == scene.concur.base_url
    scene.session.listener.simulate_app_center()
    wait_for(qtbot, scene, State.CONNECTED)
    assert shown_in(scene).token.contract == other.name
    assert scene.parts.profiles.load().profiles[0].contract == other.name


@pytest.mark.parametrize("way", ["listener", "pasted"])
def test_redirect_of_the_other_contract_offers_to_switch_a_profile(qtbot: QtBot, scene: SessionScene, way: str) -> None:
    mine, other = data_centres(scene.kit)
    second_profile(qtbot, scene, base_url=mine)
    scene.session.listener.start()
    wait_for(qtbot, scene, State.WAITING)
    kit = other_than(scene.kit)
    query = kit.query(scene.concur)
    if way == "pasted":
        scene.session.listener.paste(query)
    else:
        visit(f"{scene.view.listener.redirect_url}?{query}").join()
    qtbot.waitUntil(lambda: RedirectOfOtherContract in subjects(scene))
    offer = next(each for each in scene.view.shown_notices if NoticeAction.SWITCH_CONTRACT in each.actions)
    scene.session.act_on_notice(NoticeChoice(offer.notice_id, NoticeAction.SWITCH_CONTRACT))
    qtbot.waitUntil(lambda: scene.view.application.contract == kit.name and scene.view.state is State.STOPPED)
    qtbot.waitUntil(lambda: scene.view.application.base_url == other)  # the data centre of the same name
    assert scene.view.profile.base_url == other
    assert scene.view.profile.scopes == kit.scopes
    assert RedirectOfOtherContract not in subjects(scene)
    (told,) = [each for each in scene.view.shown_notices if each.subject is Happening.CONTRACT_SWITCHED]
    assert told.fact == other
    assert told.actions == (NoticeAction.EDIT_PROFILE,)


def test_profile_is_not_switched_to_another_part_of_the_world(qtbot: QtBot, scene: SessionScene) -> None:
    """Its secret is saved already; where the other contract has no data centre of that name the user has to choose."""
    names = {centre.name for centre in CONTRACTS[other_than(scene.kit).name].data_centres}
    lonely = next((each for each in CONTRACTS[scene.kit.name].data_centres if each.name not in names), None)
    if lonely is None:  # each has a counterpart: of the legacy contract that is so, and has to stay
        assert scene.kit.name == LEGACY
        return
    second_profile(qtbot, scene, base_url=lonely.base_url)
    with qtbot.waitSignal(scene.session.action_wanted) as wanted:
        scene.session.profiles.switch_contract(other_than(scene.kit).name)
    assert wanted.args == [NoticeAction.EDIT_PROFILE]
    assert scene.view.profile.base_url == lonely.base_url
    assert scene.view.profile.contract == scene.kit.name


def data_centres(kit: Kit) -> tuple[str, str]:
    """Base URLs of one place, in this contract and in the other."""
    legacy, current = next(
        (one.base_url, two.base_url)
        for one in LEGACY_DATA_CENTRES
        for two in CURRENT_DATA_CENTRES
        if one.name == two.name
    )
    return (current, legacy) if kit is CURRENT_KIT else (legacy, current)


def test_offer_to_switch_does_nothing_to_another_profile(qtbot: QtBot, scene: SessionScene) -> None:
    other = other_than(scene.kit)
    scene.session.listener.paste(other.query(scene.concur))
    offer = scene.view.shown_notices[-1]
    assert offer.actions == (NoticeAction.SWITCH_CONTRACT,)
    second_profile(qtbot, scene)
    scene.session.act_on_notice(NoticeChoice(offer.notice_id, NoticeAction.SWITCH_CONTRACT))
    assert {each.contract for each in scene.view.profiles} == {scene.kit.name}


def test_contract_is_not_switched_while_a_token_is_worked_with(qtbot: QtBot, scene: SessionScene) -> None:
    other = other_than(scene.kit)
    connected(qtbot, scene)
    scene.session.profiles.switch_contract(other.name)
    assert subjects(scene) == [Happening.NOT_NOW]
    assert scene.view.profile.contract == scene.kit.name


# A contract that is deprecated


def deprecated_words(scene: SessionScene) -> list[tuple[str, str]]:
    """Since when it is, and of which profile that was said."""
    told = [each for each in scene.view.notices if each.subject is Happening.CONTRACT_DEPRECATED]
    assert all((each.severity, each.actions) == (Severity.INFO, (NoticeAction.OPEN_MIGRATION_PAGE,)) for each in told)
    return [(each.fact, each.profile_id) for each in told]


def test_deprecated_contract_is_told_once_and_never_of_the_sandbox(tmp_path: Path, qtbot: QtBot) -> None:
    with opened(tmp_path, qtbot, LEGACY_KIT) as scene:
        assert deprecated_words(scene) == []
        second_profile(qtbot, scene, name="New", contract=CURRENT, scopes=CURRENT_KIT.scopes)
        assert deprecated_words(scene) == []
        assert scene.session.profiles.told_deprecated == ""
        first = second_profile(qtbot, scene, name="First")
        expected = [(CONTRACTS[LEGACY].deprecated_since, first.profile_id)]
        assert deprecated_words(scene) == expected
        second = second_profile(qtbot, scene, name="Second")
        scene.session.profiles.select(BUILT_IN_PROFILE_ID)
        scene.session.profiles.select(first.profile_id)
        assert deprecated_words(scene) == expected
        told = scene.session.profiles.told_deprecated
        assert told == LEGACY
        scene.session.board.dismiss(scene.view.shown_notices[-1].notice_id)
        scene.session.profiles.select(second.profile_id)
        assert deprecated_words(scene) == []
    with session_scene(tmp_path, secrets=scene.secrets) as again:  # the next start remembers
        again.session.start(first.profile_id, told)
        qtbot.waitUntil(lambda: again.view.profile.profile_id == first.profile_id)
        wait_for(qtbot, again, State.STOPPED)
        assert deprecated_words(again) == []
    with session_scene(tmp_path, secrets=scene.secrets) as another:  # one that was never told
        another.session.start(first.profile_id)
        qtbot.waitUntil(lambda: deprecated_words(another) == expected)


def test_migration_page_is_the_windows_to_open(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(tmp_path, qtbot, LEGACY_KIT) as scene:
        second_profile(qtbot, scene)
        notice = scene.view.shown_notices[-1]
        with qtbot.waitSignal(scene.session.action_wanted) as wanted:
            scene.session.act_on_notice(NoticeChoice(notice.notice_id, NoticeAction.OPEN_MIGRATION_PAGE))
        assert wanted.args == [NoticeAction.OPEN_MIGRATION_PAGE]
        assert deprecated_words(scene) == []


# Where somebody else lives


@pytest.mark.parametrize("home", [Home.SECOND, Home.NOWHERE], ids=["second", "nowhere"])
def test_user_of_another_data_centre_is_followed_once(qtbot: QtBot, current: SessionScene, home: Home) -> None:
    settings = current.concur.authority.settings
    current.concur.authority.settings = replace(settings, current=replace(settings.current, home=home))
    current.session.listener.simulate_app_center()
    if home is Home.SECOND:
        wait_for(qtbot, current, State.CONNECTED)
        assert shown_in(current).live.instance_url == f"{current.concur.base_url}/sandbox/data-centre-2"
    else:
        qtbot.waitUntil(lambda: GrantRefused in subjects(current), timeout=8000)
        wait_for(qtbot, current, State.WAITING)
    hops = [row.path for row in current.parts.timeline.rows() if row.operation is Operation.EXCHANGE]
    assert hops == ["/oauth2/v0/token", "/sandbox/data-centre-2/oauth2/v0/token"]
    if home is Home.SECOND:
        current.session.flow.refresh()
        qtbot.waitUntil(lambda: Milestone.REFRESHED in current.view.milestones, timeout=8000)
        current.session.revoking.revoke()
        wait_for(qtbot, current, State.REVOKED)
        assert current.kit.live(current.concur) == set()
        later = [row.path for row in current.parts.timeline.rows() if row.operation is not Operation.EXCHANGE]
        assert [path for path in later[-4:] if not path.startswith("/sandbox/data-centre-2/")] == []


@pytest.mark.parametrize("built_in", [pytest.param(True, id="built-in sandbox"), pytest.param(False, id="own profile")])
def test_profile_of_a_later_contract_is_shown_by_its_name_and_sends_nothing(
    qtbot: QtBot,
    tmp_path: Path,
    built_in: bool,
) -> None:
    with session_scene(tmp_path, kit=CURRENT_KIT) as made:
        on_any_port(made)
        acme = profile(made, base_url="https://us.api.concursolutions.com")
        made.parts.profiles.add(acme)
        path = find_folders({HOME_VARIABLE: str(tmp_path)}).config / "profiles.json"
        document = json.loads(path.read_text())
        document["profiles"][0 if built_in else 1]["contract"] = "future"
        path.write_text(json.dumps(document))
        changed_id = BUILT_IN_PROFILE_ID if built_in else acme.profile_id
        made.secrets.entries[acme.secret_name] = SECRET
        made.session.start(changed_id)
        qtbot.waitUntil(lambda: made.view.application.problem is not None)
        assert isinstance(made.view.application.problem, ContractUnknown)
        assert made.view.profile.contract == "future"
        assert made.view.state is State.UNCONFIGURED
        made.session.listener.start()
        made.session.listener.open_browser()
        made.session.listener.paste("code=abcdefgh")
        made.session.flow.exchange()
        assert not made.parts.timeline.rows()
        assert subjects(made) == []


def test_token_of_a_later_contract_is_not_opened_and_why_is_told(qtbot: QtBot, tmp_path: Path) -> None:
    with session_scene(tmp_path, kit=CURRENT_KIT) as made:
        on_any_port(made)
        acme = profile(made, base_url="https://us.api.concursolutions.com")
        made.parts.profiles.add(acme)
        path = find_folders({HOME_VARIABLE: str(tmp_path)}).config / "profiles.json"
        path.write_text(path.read_text().replace('"current"', '"future"'))
        note = made.parts.tokens.note_exchange(
            profile_id=acme.profile_id,
            profile_name=acme.name,
            contract="future",
            base_url=acme.base_url,
            consumer_key=acme.consumer_key,
            purpose="window",
        )
        stored = made.parts.tokens.store_issued(
            note, access_token="a" * 20, refresh_token=None, instance_url=None, expires_at=None
        )
        made.session.start(acme.profile_id)
        qtbot.waitUntil(lambda: made.session.tokens.find(stored.token.token_id) is not None)
        made.session.open_issued(stored.token.token_id)
        qtbot.waitUntil(lambda: ContractUnknown in subjects(made))
        assert made.view.shown is None
        assert not made.parts.timeline.rows()


@pytest.mark.parametrize("at_once", [False, True])
def test_exchange_at_once_undoes_no_switch_of_the_contract(qtbot: QtBot, scene: SessionScene, at_once: bool) -> None:
    acme = second_profile(qtbot, scene, exchange_at_once=not at_once)
    other = other_than(scene.kit)
    scene.session.profiles.switch_contract(other.name)
    scene.session.profiles.set_exchange_at_once(at_once)
    expected = replace(acme, contract=other.name, exchange_at_once=at_once)
    qtbot.waitUntil(lambda: (scene.view.profile.contract, scene.view.profile.exchange_at_once) == (other.name, at_once))
    qtbot.waitUntil(lambda: [scene.view.profile] == [each for each in scene.view.profiles if not each.built_in_sandbox])
    assert scene.view.profile == replace(expected, scopes=scene.view.profile.scopes)
    again = ProfileStore(scene.parts.profiles._path, scene.secrets, utc_now)
    assert again.load().problem is None
    assert again.get(acme.profile_id) == scene.view.profile


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"base_url": "https://us2.concursolutions.com"}, id="base URL"),
        pytest.param({"consumer_key": "AnotherKey0123456789ab"}, id="consumer key"),
        pytest.param({"name": "Renamed"}, id="another name"),
    ],
)
def test_request_token_goes_to_nobody_but_the_app_it_came_to(
    qtbot: QtBot, scene: SessionScene, changes: dict[str, str]
) -> None:
    acme = second_profile(qtbot, scene, exchange_at_once=False)
    scene.session.listener.paste(scene.kit.query(scene.concur))
    assert scene.view.state is State.RECEIVED
    changed = replace(acme, **changes)  # type: ignore[arg-type]  # texts, all of them
    scene.session.profiles.save(ProfileDraft(changed, None, is_new=False))
    qtbot.waitUntil(lambda: scene.view.profile == changed)
    stays = "name" in changes
    assert (scene.view.request_token is not None) is stays
    qtbot.waitUntil(lambda: scene.view.state is (State.RECEIVED if stays else State.STOPPED))
    assert (Control.EXCHANGE in scene.view.controls) is stays
