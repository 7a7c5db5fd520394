from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from gui.session_requests import CopyRequest
from gui.session_state import Control, State
from gui.session_view import ListenerStatus, ListenerView
from gui.widgets.listener_card import ListenerCard
from gui.widgets.parts import Kind
from gui.widgets.step_card import Step
from tests.gui.frame_samples import LONG, REDIRECT_URL, labels_of, port_in_use, shown, view_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def card(qtbot: QtBot) -> ListenerCard:
    card = ListenerCard()
    shown(qtbot, card, size=(360, 400))
    return card


def button(card: QWidget, name: str) -> QPushButton:
    found = card.findChild(QPushButton, name)
    assert found is not None
    return found


@pytest.mark.parametrize("state", State, ids=lambda state: state.name.lower())
def test_buttons_are_as_the_view_allows(card: ListenerCard, state: State) -> None:
    view = view_of(state)
    card.render(view)
    card.reveal()
    start, stop = button(card, "start_listener"), button(card, "stop_listener")
    assert start.isEnabled() is (Control.START_LISTENER in view.controls)
    assert stop.isEnabled() is (Control.STOP_LISTENER in view.controls)
    assert start.isVisible() is not stop.isVisible()
    assert bool(start.property("primary")) is (state is State.STOPPED)


@pytest.mark.parametrize(
    ("listener", "word", "kind"),
    [
        pytest.param(ListenerView(), "off", Kind.QUIET, id="off"),
        pytest.param(ListenerView(ListenerStatus.STARTING), "starting", Kind.INFO, id="starting"),
        pytest.param(ListenerView(ListenerStatus.LISTENING), "listening", Kind.SUCCESS, id="listening"),
        pytest.param(ListenerView(problem=port_in_use()), "off", Kind.DANGER, id="failed"),
    ],
)
def test_chip_tells_by_word_and_shape(card: ListenerCard, listener: ListenerView, word: str, kind: Kind) -> None:
    card.render(view_of(State.STOPPED, listener=listener))
    assert (card.chip.text, card.chip.kind) == (word, kind)


@pytest.mark.parametrize(
    ("state", "status", "step"),
    [
        pytest.param(State.UNCONFIGURED, ListenerStatus.OFF, Step.LATER, id="not yet"),
        pytest.param(State.STOPPED, ListenerStatus.OFF, Step.CURRENT, id="next"),
        pytest.param(State.WAITING, ListenerStatus.LISTENING, Step.DONE, id="up"),
        pytest.param(State.RECEIVED, ListenerStatus.OFF, Step.LATER, id="was pasted without it"),
        pytest.param(State.CONNECTED, ListenerStatus.LISTENING, Step.DONE, id="still up"),
    ],
)
def test_step_follows_the_listener(card: ListenerCard, state: State, status: ListenerStatus, step: Step) -> None:
    card.render(view_of(state, listener=ListenerView(status, REDIRECT_URL)))
    assert card.step is step


def test_buttons_ask_for_what_they_say(card: ListenerCard, qtbot: QtBot) -> None:
    card.render(view_of(State.STOPPED))
    with qtbot.waitSignal(card.start_requested):
        button(card, "start_listener").click()
    card.render(view_of(State.WAITING))
    card.reveal()
    with qtbot.waitSignal(card.stop_requested):
        button(card, "stop_listener").click()
    with qtbot.waitSignal(card.copy_requested) as copied:
        button(card, "copy_redirect_url").click()
    assert copied.args == [CopyRequest(REDIRECT_URL, "Redirect URL")]


def test_addresses_and_problem_are_told(card: ListenerCard) -> None:
    card.render(view_of(State.WAITING))
    card.reveal()
    assert "127.0.0.1:8765, [::1]:8765" in labels_of(card)
    card.render(view_of(State.STOPPED, listener=ListenerView(redirect_url=REDIRECT_URL, problem=port_in_use())))
    assert "Port 8765 is taken" in labels_of(card)
    assert "node (process 4711)" in labels_of(card)
    card.render(view_of(State.STOPPED))
    assert "taken" not in labels_of(card)


def test_long_redirect_url_is_elided_and_copied_whole(card: ListenerCard, qtbot: QtBot) -> None:
    url = f"http://localhost:8765/{LONG}"
    card.render(view_of(State.STOPPED, listener=ListenerView(redirect_url=url)))
    assert card.minimumSizeHint().width() < 330
    with qtbot.waitSignal(card.copy_requested) as copied:
        button(card, "copy_redirect_url").click()
    assert copied.args == [CopyRequest(url, "Redirect URL")]
