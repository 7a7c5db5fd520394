"""Refresh, trial and revoke that fail, as the user of the window meets them; no secret is seen anywhere.

These tests share a window, which has to go on after each of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gui.concur.errors import (
    AnswerCutOff,
    AnswerTimedOut,
    AuthorizationRefused,
    ConcurFailed,
    ConcurRefused,
    FlowError,
    GrantRefused,
    RevokeRoleMissing,
    RevokeUnconfirmed,
    TokenStillAccepted,
)
from gui.loopback.http import Delivery
from gui.notices import Happening
from gui.sandbox.answers import Answer, Endpoint
from gui.session_state import State
from gui.store.errors import KeyringFull, KeyringLocked
from gui.widgets.issued_tokens import IssuedTokensDialog
from tests.flow.contracts import BOTH, CURRENT_KIT, LEGACY_KIT, let_access_tokens_expire, let_access_tokens_last
from tests.flow.faults import CURRENT_ERROR, ERROR, HTML, JSON, TOKEN, XML
from tests.flow.window_net import watched
from tests.flow.window_scene import (
    KEEP,
    PRESSABLE,
    REFRESH,
    REVOKE,
    TRY,
    WindowScene,
    all_is_well_again,
    list_says,
    shared_window,
    ticks,
    title_of,
)

Scenes = Iterator[WindowScene]
pytestmark = pytest.mark.usefixtures("qapp")
LATE = Delivery(delay_s=60.0)
"""An answer that nobody waits for."""


@pytest.fixture(scope="module", params=[pytest.param(LEGACY_KIT, id="legacy")])
def _shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WindowScene]:
    with shared_window(request, tmp_path_factory.mktemp("calls"), kit=request.param) as made:
        yield made


both = pytest.mark.parametrize("_shared", BOTH, indirect=True)
"""Where the window shows something else. What becomes of every fault in either contract is in test_faults.py."""
current_only = pytest.mark.parametrize("_shared", [pytest.param(CURRENT_KIT, id="current")], indirect=True)


@pytest.fixture
def scene(_shared: WindowScene) -> Iterator[WindowScene]:
    with watched(_shared) as scene:
        yield scene


# Refresh


@pytest.mark.parametrize(
    ("_shared", "answer", "error", "live", "cut_off"),
    [
        pytest.param(
            LEGACY_KIT, Answer(status=400, headers=XML, body=ERROR), ConcurRefused, 1, 0, id="legacy: refused"
        ),
        pytest.param(LEGACY_KIT, Answer(delivery=Delivery(after_bytes=0)), AnswerCutOff, 2, 1, id="legacy: lost"),
        pytest.param(LEGACY_KIT, Answer(delivery=LATE), AnswerTimedOut, 2, 1, id="legacy: no answer"),
        pytest.param(
            LEGACY_KIT,
            Answer(status=502, headers=XML, body=HTML, processed=True),
            ConcurFailed,
            2,
            1,
            id="legacy: gateway",
        ),
        pytest.param(
            CURRENT_KIT, Answer(status=400, headers=JSON, body=CURRENT_ERROR), GrantRefused, 1, 0, id="current: refused"
        ),
        # Not lost as well: the refresh token that is listed would be dead, and the connection go on without it.
    ],
    indirect=["_shared"],
)
def test_refresh_that_fails_leaves_the_old_token(
    scene: WindowScene, answer: Answer, error: type[FlowError], live: int, cut_off: int
) -> None:
    scene.connect()
    scene.answer(Endpoint.REFRESH, answer)
    scene.press(REFRESH)
    notice = scene.until_told(error)
    scene.until_state(State.CONNECTED)
    assert isinstance(notice.subject, FlowError)
    assert scene.banner() == f"Error: {title_of(notice.subject)}"
    assert scene.pressable() == PRESSABLE[State.CONNECTED]
    assert scene.listed() == {scene.kit.first_handle}
    assert len(scene.live_at_concur()) == live
    assert scene.unaccounted() == set()
    scene.until(lambda: len(scene.view.issued.cut_off) == cut_off)
    list_says(scene, "live, in the window", *["refresh cut off"] * cut_off)
    scene.concur.answers.clear()
    scene.press(REFRESH)
    scene.until(lambda: scene.listed() != {scene.kit.first_handle})
    scene.until_state(State.CONNECTED)
    assert len(scene.listed()) == (1 if scene.kit.replaces else 2)
    assert scene.banner() == ""
    scene.press(REVOKE)
    scene.until_state(State.REVOKED)
    assert scene.listed() == set()
    assert len(scene.live_at_concur()) == cut_off


def test_refresh_with_a_locked_keyring_sends_nothing(scene: WindowScene) -> None:
    scene.connect()
    rows = len(scene.program.timeline.rows())
    scene.secrets.fail_read = KeyringLocked(backend="b", operation="read")
    scene.press(REFRESH)
    notice = scene.until_told(KeyringLocked)
    assert isinstance(notice.subject, FlowError)
    assert scene.banner() == f"Error: {title_of(notice.subject)}"
    assert len(scene.program.timeline.rows()) == rows
    scene.secrets.fail_read = None
    scene.until_state(State.CONNECTED)
    assert scene.listed() == scene.live_at_concur() == {TOKEN}


@both
def test_refresh_that_fails_with_a_token_ends_both(scene: WindowScene) -> None:
    before = len(scene.kit.issued(scene.concur))
    scene.connect()
    scene.secrets.fail_write = KeyringFull(backend="b", operation="write")
    scene.press(REFRESH)
    scene.until_told(Happening.REVOKED_AFTER_FAILURE)
    scene.until_state(State.REVOKED)
    # The first one has the value of another test's, and takes its place.
    assert len(scene.kit.issued(scene.concur)) - before in {1, 2}
    assert scene.live_at_concur() == scene.listed() == set()


# Try it


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(Answer(status=403, headers=XML, body=ERROR), AuthorizationRefused, id="refused"),
        pytest.param(Answer(status=500, body=HTML), ConcurFailed, id="failing"),
        pytest.param(Answer(delivery=Delivery(after_bytes=0)), AnswerCutOff, id="answer lost"),
        pytest.param(Answer(delivery=LATE), AnswerTimedOut, id="no answer"),
    ],
)
def test_trial_that_fails(scene: WindowScene, answer: Answer, error: type[FlowError]) -> None:
    scene.connect()
    scene.answer(Endpoint.PROBE, answer)
    scene.press(TRY)
    notice = scene.until_told(error)
    scene.until_state(State.CONNECTED)
    assert isinstance(notice.subject, FlowError)
    assert scene.banner() == f"Error: {title_of(notice.subject)}"
    assert scene.pressable() == PRESSABLE[State.CONNECTED]
    scene.concur.answers.clear()
    scene.press(TRY)
    scene.until_told(Happening.TOKEN_WORKS)
    assert scene.told() == [Happening.TOKEN_WORKS]
    assert scene.listed() == scene.live_at_concur() == {TOKEN}


@current_only
def test_trial_of_an_expired_access_token_says_what_it_did(scene: WindowScene) -> None:
    let_access_tokens_expire(scene.concur)
    scene.connect()
    let_access_tokens_last(scene.concur)
    first = scene.view.shown
    scene.press(TRY)
    scene.until_told(Happening.TOKEN_WORKS)
    scene.until_state(State.CONNECTED)
    assert scene.view.shown != first
    assert scene.told() == [Happening.REFRESHED_FIRST, Happening.TOKEN_WORKS]
    assert scene.banner() == f"Done: {title_of(Happening.TOKEN_WORKS)}"
    assert scene.listed() == scene.live_at_concur()
    list_says(scene, "live, in the window")
    scene.press(REVOKE)
    scene.until_state(State.REVOKED)
    assert scene.live_at_concur() == scene.listed() == set()


# Revoke


@current_only
@pytest.mark.parametrize(
    ("answer", "error", "marks"),
    [
        pytest.param(Answer(status=500, body=HTML), ConcurFailed, "?✕○", id="failing"),
        pytest.param(Answer(status=403, body=CURRENT_ERROR), AuthorizationRefused, "?✕○", id="refused"),
        pytest.param(Answer(body=b""), TokenStillAccepted, "✓✕○", id="confirmed and not done"),
    ],
)
def test_connection_that_was_not_revoked(
    scene: WindowScene, answer: Answer, error: type[FlowError], marks: str
) -> None:
    """The proof was a refresh: it brought the token that is at risk now."""
    scene.connect()
    first = scene.view.shown
    scene.answer(Endpoint.REVOKE, answer)
    scene.press(REVOKE)
    scene.until_state(State.AT_RISK)
    notice = scene.until_told(error)
    assert isinstance(notice.subject, FlowError)
    assert scene.banner() == f"Error: {title_of(notice.subject)}"
    assert ticks(scene) == list(marks)
    assert scene.pressable() == PRESSABLE[State.AT_RISK]
    assert scene.view.shown != first
    assert scene.listed() == scene.live_at_concur() != set()
    scene.concur.answers.clear()
    scene.press("Revoke", scene.window.banner)
    scene.until_state(State.REVOKED)
    assert scene.banner() == ""
    assert ticks(scene) == ["✓", "✓", "✓"]
    assert scene.live_at_concur() == scene.listed() == set()


@current_only
def test_connection_that_was_ended_elsewhere_is_proven_dead(scene: WindowScene) -> None:
    scene.connect()
    scene.kit.end_all(scene.concur)
    scene.press(REVOKE)
    scene.until_state(State.REVOKED)
    assert ticks(scene) == ["?", "✓", "✓"]
    assert scene.listed() == set()


@pytest.mark.parametrize(
    ("answer", "error", "marks"),
    [
        pytest.param(Answer(status=500, body=HTML), ConcurFailed, "?✕○", id="failing"),
        pytest.param(Answer(body=b"<p>Welcome</p>"), RevokeUnconfirmed, "?✕○", id="answered with a body"),
        pytest.param(Answer(body=ERROR), ConcurRefused, "?✕○", id="Error with 200"),
        pytest.param(Answer(status=403, body=ERROR), RevokeRoleMissing, "✕○○", id="refused, and the token works"),
        pytest.param(Answer(body=b""), TokenStillAccepted, "✓✕○", id="confirmed and not done"),
        pytest.param(Answer(body=b"", delivery=LATE), AnswerTimedOut, "?✕○", id="no answer, and not done"),
    ],
)
def test_revoke_that_did_not_happen(scene: WindowScene, answer: Answer, error: type[FlowError], marks: str) -> None:
    scene.connect()
    scene.answer(Endpoint.REVOKE, answer)
    scene.press(REVOKE)
    scene.until_state(State.AT_RISK)
    notice = scene.until_told(error)
    assert isinstance(notice.subject, FlowError)
    assert scene.banner() == f"Error: {title_of(notice.subject)}"
    assert scene.banner_buttons() >= {"Revoke", "Issued tokens…", "Show the timeline", "Dismiss"}
    assert ticks(scene) == list(marks)
    assert scene.pressable() == PRESSABLE[State.AT_RISK]
    assert scene.listed() == scene.live_at_concur() == {TOKEN}
    scene.concur.answers.clear()
    scene.press("Revoke", scene.window.banner)
    scene.until_state(State.REVOKED)
    assert scene.banner() == ""
    assert ticks(scene) == ["✓", "✓", "✓"]
    assert scene.live_at_concur() == set()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(Answer(delivery=Delivery(after_bytes=0)), id="answer lost"),
        pytest.param(Answer(body=b"<p>Done</p>", processed=True), id="answered with a body"),
        pytest.param(Answer(status=502, body=HTML, processed=True), id="gateway failed"),
    ],
)
def test_revoke_that_was_done_and_not_said_is_proven(scene: WindowScene, answer: Answer) -> None:
    scene.connect()
    scene.answer(Endpoint.REVOKE, answer)
    scene.press(REVOKE)
    scene.until_state(State.REVOKED)
    assert ticks(scene) == ["?", "✓", "✓"]
    assert scene.live_at_concur() == scene.listed() == set()


def test_user_without_the_role_keeps_the_token(scene: WindowScene) -> None:
    scene.paste(scene.concur.issue_request_token("traveler@sandbox.example"))
    scene.until_state(State.CONNECTED)
    scene.press(REVOKE)
    scene.until_state(State.AT_RISK)
    assert scene.banner() == "Error: This user may not revoke tokens"
    scene.press(KEEP)
    scene.until_state(State.CONNECTED)
    assert scene.banner() == ""
    assert scene.listed() == scene.live_at_concur() == {TOKEN}


def test_token_revoked_elsewhere_is_forgotten_from_the_list(scene: WindowScene) -> None:
    scene.connect()
    scene.concur.authority.revoke(TOKEN, TOKEN)
    scene.press(REVOKE)
    scene.until_state(State.AT_RISK)
    scene.until_told(AuthorizationRefused)
    scene.press("Issued tokens…", scene.window.banner)
    dialog = scene.dialog(IssuedTokensDialog)
    scene.press("Forget…", dialog)
    scene.press("Forget", dialog)
    scene.until_state(State.WAITING)  # it is not shown any more
    scene.until(lambda: not scene.view.issued.live)
    assert "Nothing is live and nothing was cut off." in dialog.empty.text()
    scene.press("Close", dialog)
    all_is_well_again(scene)


def test_revoke_without_proof_says_so(scene: WindowScene) -> None:
    scene.connect()
    scene.answer(Endpoint.PROBE, Answer(status=403, headers=XML, body=ERROR))
    scene.press(REVOKE)
    scene.until_state(State.REVOKED)
    assert scene.banner() == f"Warning: {title_of(Happening.REVOKE_UNPROVEN)}"
    assert ticks(scene) == ["✓", "?", "✓"]
    assert scene.live_at_concur() == set()
