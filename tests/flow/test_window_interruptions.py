"""A Concur that goes away and comes back, calls that are cancelled, and one that never comes back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from gui.concur.errors import (
    ConnectionRefused,
    RequestCancelled,
)
from gui.concur.models import Operation
from gui.loopback.http import Delivery
from gui.notices import Happening
from gui.sandbox.answers import Answer, Endpoint
from gui.session_state import State
from gui.widgets.issued_tokens import IssuedTokensDialog
from tests.flow.contracts import BOTH, LEGACY_KIT
from tests.flow.faults import TOKEN, Canaries
from tests.flow.window_scene import (
    CANCEL,
    CANCEL_EXCHANGE,
    EXCHANGE,
    ISSUED,
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
def patient(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path) -> Iterator[WindowScene]:
    """With the patience that the program has, so that nothing ends before it is cancelled; legacy, or `both`."""
    kit = getattr(request, "param", LEGACY_KIT)
    with opened_window(qtbot, tmp_path, token_source=Canaries().source(), limits=None, kit=kit) as made:
        yield made


both = pytest.mark.parametrize("patient", BOTH, indirect=True)
"""Where a call is given up, it matters what a contract makes of a token that comes all the same."""


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


@both
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
    patient.until(lambda: any(entry.operation == endpoint.value for entry in patient.concur.log.entries()))
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


@both
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


@both
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
    assert patient.listed() == patient.live_at_concur() == {patient.kit.first_handle}
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
