"""Every fault of Concur's side, as the user of the window meets it: what comes after the exchange."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from gui.concur.errors import (
    AnswerCutOff,
    AnswerTimedOut,
    AuthorizationRefused,
    ConcurFailed,
    ConcurRefused,
    ConnectionRefused,
    FlowError,
    RequestCancelled,
    RevokeRoleMissing,
    RevokeUnconfirmed,
    TokenStillAccepted,
)
from gui.concur.models import Operation
from gui.loopback.http import Delivery
from gui.notices import Happening
from gui.sandbox.answers import Answer, Endpoint
from gui.session_state import State
from gui.store.errors import KeyringFull, KeyringLocked
from gui.widgets.issued_tokens import IssuedTokensDialog
from tests.flow.faults import ERROR, HTML, TOKEN, XML, Canaries
from tests.flow.window_scene import (
    CANCEL,
    CANCEL_EXCHANGE,
    EXCHANGE,
    ISSUED,
    KEEP,
    PRESSABLE,
    REFRESH,
    REVOKE,
    SIMULATE,
    START_OVER,
    TRY,
    WindowScene,
    all_is_well_again,
    list_says,
    live_at,
    opened_window,
    ticks,
    title_of,
)
from tests.gui.conftest import _every_test_starts_alike  # noqa: F401  # guards against what is left behind

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

Scenes = Iterator[WindowScene]
LATE = Delivery(delay_s=60.0)
"""An answer that nobody waits for."""


@pytest.fixture
def scene(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowScene]:
    with opened_window(qtbot, tmp_path, token_source=Canaries().source()) as made:
        yield made


@pytest.fixture
def patient(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowScene]:
    """With the patience that the program has, so that nothing ends before it is cancelled."""
    with opened_window(qtbot, tmp_path, token_source=Canaries().source(), limits=None) as made:
        yield made


# Refresh


@pytest.mark.parametrize(
    ("answer", "error", "live", "cut_off"),
    [
        pytest.param(Answer(status=400, headers=XML, body=ERROR), ConcurRefused, 1, 0, id="refused"),
        pytest.param(Answer(delivery=Delivery(after_bytes=0)), AnswerCutOff, 2, 1, id="answer lost"),
        pytest.param(Answer(delivery=LATE), AnswerTimedOut, 2, 1, id="no answer"),
        pytest.param(Answer(status=502, headers=XML, body=HTML, processed=True), ConcurFailed, 2, 1, id="gateway"),
    ],
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
    assert scene.listed() == {TOKEN}
    assert len(scene.live_at_concur()) == live
    assert scene.unaccounted() == set()
    scene.until(lambda: len(scene.view.issued.cut_off) == cut_off)
    list_says(scene, "live, in the window", *["refresh cut off"] * cut_off)
    scene.concur.answers.clear()
    scene.press(REFRESH)
    scene.until(lambda: len(scene.listed()) == 2)
    scene.until_state(State.CONNECTED)
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


def test_refresh_that_fails_with_a_token_ends_both(scene: WindowScene) -> None:
    scene.connect()
    scene.secrets.fail_write = KeyringFull(backend="b", operation="write")
    scene.press(REFRESH)
    scene.until_told(Happening.REVOKED_AFTER_FAILURE)
    scene.until_state(State.REVOKED)
    assert len(scene.concur.authority.issued_tokens()) == 2
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


# Revoke


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


# The simulated Concur goes away, and comes back


def test_sandbox_that_stops_in_the_middle(scene: WindowScene) -> None:
    port = scene.concur.port
    scene.connect()
    scene.concur.stop()
    for words, state in ((TRY, State.CONNECTED), (REFRESH, State.CONNECTED), (REVOKE, State.AT_RISK)):
        scene.press(words)
        scene.until_state(state)
        scene.until_told(ConnectionRefused)
        assert scene.banner().startswith("Error: ")
        assert "refused the connection" in scene.banner()
    assert scene.listed() == scene.live_at_concur() == {TOKEN}
    scene.press(START_OVER)
    scene.until_state(State.WAITING)
    scene.press(SIMULATE)
    scene.until_told(ConnectionRefused)
    scene.until_state(State.WAITING)
    assert scene.pressable() == PRESSABLE[State.WAITING]
    scene.concur.start(port)
    scene.connect()
    assert scene.unaccounted() == set()
    list_says(scene, "live", "live, in the window")


def test_exchange_that_never_left_keeps_its_request_token(scene: WindowScene) -> None:
    port = scene.concur.port
    scene.press("Unfold Exchange")
    scene.press("exchange_at_once")
    scene.press(SIMULATE)
    scene.until_state(State.RECEIVED)
    scene.concur.stop()
    scene.press(EXCHANGE)
    scene.until_told(ConnectionRefused)
    scene.until_state(State.RECEIVED)
    assert scene.pressable() == PRESSABLE[State.RECEIVED]
    assert scene.unaccounted() == set()
    scene.concur.start(port)
    scene.press(EXCHANGE)
    scene.until_state(State.CONNECTED)
    assert scene.banner() == ""


# Cancel


def begun(scene: WindowScene, operation: Operation) -> Callable[[], bool]:
    """Whether that call is under way, and with the sandbox."""
    return lambda: scene.view.activity is not None and scene.view.activity.operation is operation


@pytest.mark.parametrize(
    ("endpoint", "words", "operation", "answer", "state"),
    [
        pytest.param(
            Endpoint.REFRESH, REFRESH, Operation.REFRESH, Answer(delivery=LATE), State.CONNECTED, id="refresh"
        ),
        pytest.param(Endpoint.PROBE, TRY, Operation.PROBE, Answer(delivery=LATE), State.CONNECTED, id="trial"),
        pytest.param(
            Endpoint.REVOKE, REVOKE, Operation.REVOKE, Answer(body=b"", delivery=LATE), State.AT_RISK, id="revoke"
        ),
    ],
)
def test_cancelled_call_with_a_token(
    patient: WindowScene, endpoint: Endpoint, words: str, operation: Operation, answer: Answer, state: State
) -> None:
    patient.connect()
    patient.answer(endpoint, answer)
    patient.press(words)
    patient.until(begun(patient, operation))
    assert CANCEL in patient.pressable()
    patient.press(CANCEL, patient.program.token_panel)
    patient.until_told(RequestCancelled)
    patient.until_state(state)
    assert patient.banner() == "Error: Cancelled"
    assert patient.pressable() == PRESSABLE[state]
    assert patient.unaccounted() == set()
    patient.concur.answers.clear()
    patient.press(REVOKE)
    patient.until_state(State.REVOKED)
    assert patient.listed() == set()


@pytest.mark.parametrize("words", [CANCEL, CANCEL_EXCHANGE])
def test_cancelled_exchange_is_noted(patient: WindowScene, words: str) -> None:
    patient.answer(Endpoint.EXCHANGE, Answer(delivery=LATE))
    patient.press(SIMULATE)
    patient.until(lambda: bool(patient.live_at_concur()))  # issued, and the answer does not come
    assert patient.pressable() == PRESSABLE[State.EXCHANGING]
    patient.press(words)
    patient.until_told(RequestCancelled)
    patient.until_state(State.WAITING)
    assert patient.banner() == "Error: Cancelled"
    patient.until(lambda: len(patient.view.issued.cut_off) == 1)
    assert patient.unaccounted() == set()
    all_is_well_again(patient)


def test_call_that_does_not_come_back_is_gone_on_without(patient: WindowScene) -> None:
    """Its token comes late: it is dropped from the window, stored, listed, and can be revoked from there."""
    stored, let_go = patient.tokens.store_issued, threading.Event()

    def late(*arguments: object, **named: object) -> object:
        assert let_go.wait(20)
        return stored(*arguments, **named)  # type: ignore[arg-type]  # handed on as it came

    patient.tokens.store_issued = late  # type: ignore[method-assign,assignment]  # a keyring that is slow to store
    patient.press(SIMULATE)
    patient.until(lambda: any(row.operation is Operation.EXCHANGE for row in patient.program.timeline.rows()))
    patient.press(CANCEL)
    patient.until_told(RequestCancelled)
    patient.until_state(State.WAITING)
    assert patient.pressable() == PRESSABLE[State.WAITING]
    let_go.set()
    patient.until_told(Happening.CAME_LATE)
    patient.until(lambda: len(patient.view.issued.live) == 1)
    assert patient.view.state is State.WAITING
    assert patient.banner() == f"Warning: {title_of(Happening.CAME_LATE)}"
    assert patient.listed() == patient.live_at_concur() == {TOKEN}
    patient.press("Issued tokens…", patient.window.banner)
    dialog = patient.dialog(IssuedTokensDialog)
    patient.press("Revoke", dialog)
    patient.until_told(Happening.REVOKED)
    patient.until(lambda: not patient.view.issued.live)
    assert live_at(patient.concur) == set()
    patient.press("Close", dialog)


def test_two_cards_say_the_same_of_a_token_that_was_opened_from_the_list(scene: WindowScene) -> None:
    scene.connect()
    scene.press(START_OVER)
    scene.until_state(State.WAITING)
    scene.until(lambda: len(scene.view.issued.live) == 1)
    scene.press(ISSUED)
    dialog = scene.dialog(IssuedTokensDialog)
    scene.press("Open in window", dialog)
    scene.until_state(State.CONNECTED)
    scene.press("Close", dialog)
    assert scene.pressable() == PRESSABLE[State.CONNECTED] - {"Save…"}
    assert "the token was opened from the list" in scene.texts()
    scene.press(REVOKE)
    scene.until_state(State.REVOKED)
    assert scene.live_at_concur() == set()
