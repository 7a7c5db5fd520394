from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from gui.concur.contract import CURRENT, LEGACY
from gui.concur.models import Operation
from gui.session_state import Control, State
from gui.session_view import Activity, SessionView
from gui.store.profile import built_in_profile
from gui.widgets.exchange_card import ExchangeCard
from gui.widgets.step_card import Step
from tests.gui.frame_samples import (
    NOW,
    REQUEST_TOKEN,
    SECRET,
    labels_of,
    other_profile,
    press,
    shown,
    shown_token,
    view_of,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def card(qtbot: QtBot) -> ExchangeCard:
    card = ExchangeCard()
    shown(qtbot, card, size=(360, 400))
    return card


def button(card: QWidget, name: str) -> QPushButton:
    found = card.findChild(QPushButton, name)
    assert found is not None
    return found


def box_of(card: QWidget) -> QCheckBox:
    found = card.findChild(QCheckBox)
    assert found is not None
    return found


@pytest.mark.parametrize("state", State, ids=lambda state: state.name.lower())
def test_buttons_are_as_the_view_allows(card: ExchangeCard, state: State) -> None:
    view = view_of(state)
    card.render(view)
    assert button(card, "exchange").isEnabled() is (Control.EXCHANGE in view.controls)
    assert bool(button(card, "exchange").property("primary")) is (state is State.RECEIVED)
    # CANCEL of the other calls has its place beside the token.
    assert button(card, "cancel_exchange").isEnabled() is (state is State.EXCHANGING)
    early = {State.UNCONFIGURED, State.STOPPED, State.WAITING}
    now = {State.RECEIVED, State.EXCHANGING}
    assert card.step is (Step.LATER if state in early else Step.CURRENT if state in now else Step.DONE)


def test_buttons_ask_for_what_they_say(card: ExchangeCard, qtbot: QtBot) -> None:
    card.render(view_of(State.RECEIVED))
    with qtbot.waitSignal(card.exchange_requested):
        button(card, "exchange").click()
    card.render(view_of(State.EXCHANGING))
    with qtbot.waitSignal(card.cancel_requested):
        button(card, "cancel_exchange").click()


def test_cancelling_cannot_be_asked_for_twice(card: ExchangeCard) -> None:
    activity = Activity(Operation.EXCHANGE, NOW, cancelling=True)
    card.render(view_of(State.EXCHANGING, activity=activity))
    assert not button(card, "cancel_exchange").isEnabled()
    assert button(card, "cancel_exchange").text() == "Cancelling…"


def test_at_once_follows_the_profile_and_tells_only_of_the_user(card: ExchangeCard, qtbot: QtBot) -> None:
    by_hand = replace(built_in_profile(), exchange_at_once=False)
    with qtbot.assertNotEmitted(card.exchange_at_once_changed):
        card.render(view_of(State.RECEIVED))
        assert box_of(card).isChecked()
        card.render(view_of(State.RECEIVED, profile=by_hand))
        assert not box_of(card).isChecked()
    with qtbot.waitSignal(card.exchange_at_once_changed) as changed:
        press(box_of(card), Qt.Key.Key_Space)
    assert changed.args == [True]


def test_at_once_waits_for_the_profile(card: ExchangeCard) -> None:
    card.render(SessionView())
    assert not box_of(card).isEnabled()


@pytest.mark.parametrize(
    ("contract", "request_line", "place"),
    [
        pytest.param(LEGACY, "GET {url}/net2/oauth2/getaccesstoken.ashx", "secret in the query", id="legacy"),
        pytest.param(CURRENT, "POST {url}/oauth2/v0/token", "secret in the body of the request", id="current"),
    ],
)
def test_says_what_is_sent_where_and_in_which_place_the_secret_is(
    card: ExchangeCard, contract: str, request_line: str, place: str
) -> None:
    card.render(view_of(State.RECEIVED, sandbox=False, profile=other_profile(contract=contract)))
    text = labels_of(card)
    assert request_line.format(url="https://implementation.concursolutions.com") in text
    assert place in text
    assert SECRET not in text


def test_says_that_a_redirect_may_have_named_another_place(card: ExchangeCard) -> None:
    token = replace(REQUEST_TOKEN, geolocation="https://us2.api.concursolutions.com")
    card.render(view_of(State.RECEIVED, profile=other_profile(contract=CURRENT), request_token=token))
    assert "The redirect named https://us2.api.concursolutions.com" in labels_of(card)


def test_a_place_from_outside_takes_little_room(card: ExchangeCard) -> None:
    token = replace(REQUEST_TOKEN, geolocation="https://" + "x" * 5000)
    card.render(view_of(State.RECEIVED, profile=other_profile(contract=CURRENT), request_token=token))
    assert f"The redirect named https://{'x' * 72}…; if" in labels_of(card)


@pytest.mark.parametrize("name", ["v9", "<b>bold</b>", "x" * 500])
def test_contract_that_is_not_known_is_said_to_send_nothing(card: ExchangeCard, name: str) -> None:
    card.render(view_of(State.RECEIVED, profile=other_profile(contract=name)))
    assert f'"{name}" is not known to this version; nothing is sent.' in labels_of(card)
    assert "GET" not in labels_of(card)


@pytest.mark.parametrize(
    ("view", "words"),
    [
        pytest.param(view_of(State.WAITING), "as soon as the request token arrives", id="at once"),
        pytest.param(
            view_of(State.WAITING, profile=other_profile(exchange_at_once=False)), "when you choose", id="by hand"
        ),
        pytest.param(view_of(State.EXCHANGING), "asking the simulated Concur", id="sandbox"),
        pytest.param(view_of(State.EXCHANGING, sandbox=False), "asking Concur", id="real"),
        pytest.param(view_of(State.CONNECTED), "access token received at", id="connected"),
        pytest.param(view_of(State.CONNECTED, shown=shown_token(opened=True)), "opened from the list", id="opened"),
        pytest.param(view_of(State.REVOKED), "done", id="revoked"),
    ],
)
def test_state_line_tells_where_it_stands(card: ExchangeCard, view: SessionView, words: str) -> None:
    card.render(view)
    assert words in card.state_line.whole_text
