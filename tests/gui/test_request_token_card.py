from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from gui.concur.contract import CURRENT, LEGACY
from gui.concur.models import Origin, RequestToken
from gui.session_state import Control, State
from gui.session_view import ListenerStatus, ListenerView
from gui.widgets.request_token_card import RequestTokenCard
from gui.widgets.step_card import Step
from tests.gui.frame_samples import (
    LONG,
    NOW,
    REDIRECT_URL,
    REQUEST_TOKEN,
    labels_of,
    other_profile,
    port_in_use,
    press,
    shown,
    view_of,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def card(qtbot: QtBot, clock: Clock) -> RequestTokenCard:
    card = RequestTokenCard(clock=clock)
    shown(qtbot, card, size=(360, 400))
    return card


def button(card: QWidget, name: str) -> QPushButton:
    found = card.findChild(QPushButton, name)
    assert found is not None
    return found


def field_of(card: QWidget) -> QLineEdit:
    found = card.findChild(QLineEdit)
    assert found is not None
    return found


NAMES = {
    "simulate_app_center": Control.SIMULATE_APP_CENTER,
    "open_browser": Control.OPEN_BROWSER,
    "paste_redirect": Control.PASTE_REDIRECT,
    "drop_request_token": Control.DROP_REQUEST_TOKEN,
}


@pytest.mark.parametrize("state", State, ids=lambda state: state.name.lower())
@pytest.mark.parametrize("sandbox", [True, False], ids=["sandbox", "real"])
def test_buttons_are_as_the_view_allows(card: RequestTokenCard, state: State, sandbox: bool) -> None:
    view = view_of(state, sandbox=sandbox)
    card.render(view)
    for name, control in NAMES.items():
        assert button(card, name).isEnabled() is (control in view.controls), name
        assert bool(button(card, name).property("primary")) is (view.next_control is control), name
    assert field_of(card).isEnabled() is (Control.PASTE_REDIRECT in view.controls)


@pytest.mark.parametrize(
    ("state", "step"),
    [
        pytest.param(State.UNCONFIGURED, Step.LATER, id="unconfigured"),
        pytest.param(State.STOPPED, Step.LATER, id="stopped"),
        pytest.param(State.WAITING, Step.CURRENT, id="waiting"),
        pytest.param(State.RECEIVED, Step.DONE, id="received"),
        pytest.param(State.CONNECTED, Step.DONE, id="connected"),
    ],
)
def test_step_follows_the_state(card: RequestTokenCard, state: State, step: Step) -> None:
    card.render(view_of(state))
    assert card.step is step


def test_simulation_is_there_for_the_sandbox_only(card: RequestTokenCard) -> None:
    card.render(view_of(State.WAITING))
    assert button(card, "simulate_app_center").isVisible()
    assert "App Center" in button(card, "open_browser").accessibleDescription()
    card.render(view_of(State.WAITING, sandbox=False))
    assert not button(card, "simulate_app_center").isVisible()
    assert "sign-in" in button(card, "open_browser").accessibleDescription()


def test_simulation_under_way_cannot_be_pressed_again(card: RequestTokenCard) -> None:
    card.render(view_of(State.WAITING, simulating=True))
    assert not button(card, "simulate_app_center").isEnabled()
    assert "at work" in labels_of(card)


def test_buttons_ask_for_what_they_say(card: RequestTokenCard, qtbot: QtBot) -> None:
    card.render(view_of(State.WAITING))
    with qtbot.waitSignal(card.simulate_requested):
        button(card, "simulate_app_center").click()
    with qtbot.waitSignal(card.open_browser_requested):
        button(card, "open_browser").click()
    card.render(view_of(State.RECEIVED))
    with qtbot.waitSignal(card.drop_requested):
        button(card, "drop_request_token").click()


@pytest.mark.parametrize(
    ("expected", "sandbox", "words"),
    [
        pytest.param(Origin.APP_CENTER, True, "waiting for the simulated App Center", id="simulated"),
        pytest.param(Origin.APP_CENTER, False, "waiting for the App Center's redirect", id="app center"),
        pytest.param(Origin.WEB_FLOW, False, "waiting for the redirect of the sign-in", id="web flow"),
    ],
)
def test_whose_redirect_is_waited_for_is_said(
    card: RequestTokenCard, expected: Origin, sandbox: bool, words: str
) -> None:
    listener = ListenerView(ListenerStatus.LISTENING, REDIRECT_URL, expected=expected)
    card.render(view_of(State.WAITING, sandbox=sandbox, listener=listener))
    assert words in labels_of(card)


def test_enter_submits_what_was_pasted_without_spaces(card: RequestTokenCard, qtbot: QtBot) -> None:
    card.render(view_of(State.WAITING))
    field_of(card).setText("  http://localhost:8765/redirect?code=0_abc \n")
    with qtbot.waitSignal(card.paste_submitted) as sent:
        press(field_of(card), Qt.Key.Key_Return)
    assert sent.args == ["http://localhost:8765/redirect?code=0_abc"]


def test_nothing_pasted_submits_nothing(card: RequestTokenCard, qtbot: QtBot) -> None:
    card.render(view_of(State.WAITING))
    field_of(card).setText("   ")
    with qtbot.assertNotEmitted(card.paste_submitted):
        button(card, "paste_redirect").click()
    assert field_of(card).hasFocus()


def test_field_is_emptied_once_another_request_token_is_there(card: RequestTokenCard, qtbot: QtBot) -> None:
    card.render(view_of(State.WAITING))
    field_of(card).setText("0_other")
    with qtbot.waitSignal(card.paste_submitted):
        button(card, "paste_redirect").click()
    card.render(view_of(State.WAITING))  # refused
    assert field_of(card).text() == "0_other"
    card.render(view_of(State.RECEIVED))
    assert field_of(card).text() == ""


def test_field_keeps_what_was_not_submitted(card: RequestTokenCard) -> None:
    card.render(view_of(State.WAITING))
    field_of(card).setText("half typ")
    card.render(view_of(State.RECEIVED))
    assert field_of(card).text() == "half typ"


def test_field_is_emptied_for_another_profile(card: RequestTokenCard) -> None:
    card.render(view_of(State.WAITING))
    field_of(card).setText("0_code")
    card.render(view_of(State.WAITING, sandbox=False, profile=other_profile()))
    assert field_of(card).text() == ""


@pytest.mark.parametrize(
    ("age", "words"),
    [
        pytest.param(12, "request token 0_XI…, 12 s old", id="seconds"),
        pytest.param(185, "request token 0_XI…, 3 min 5 s old", id="minutes"),
        pytest.param(1000, "request token 0_XI…, 16 min old", id="past its life"),
        pytest.param(7300, "request token 0_XI…, 2 h 1 min old", id="hours"),
        pytest.param(-5, "request token 0_XI…, 0 s old", id="clock set back"),
    ],
)
def test_age_is_live(card: RequestTokenCard, clock: Clock, age: int, words: str) -> None:
    card.render(view_of(State.RECEIVED))
    assert "0 s old" in card.state_line.whole_text
    clock.now = NOW + timedelta(seconds=age)
    card._age_timer.timeout.emit()
    assert card.state_line.whole_text == words


def test_life_is_marked_as_inferred(card: RequestTokenCard) -> None:
    card.render(view_of(State.RECEIVED))
    assert "for App Center it is inferred" in labels_of(card)


def test_life_goes_by_the_contract(card: RequestTokenCard) -> None:
    of_app_center = replace(REQUEST_TOKEN, principal_id="0f9dbb0c")
    card.render(view_of(State.RECEIVED, profile=other_profile(contract=CURRENT), request_token=of_app_center))
    assert "It lives 24 hours and can be exchanged up to five times, as Concur documents." in labels_of(card)
    card.render(view_of(State.RECEIVED, profile=other_profile(contract="v9")))
    assert "It lives" not in labels_of(card)


def test_nothing_is_said_to_be_documented_of_the_life_of_a_code(card: RequestTokenCard) -> None:
    code = replace(REQUEST_TOKEN, geolocation="https://us.api.concursolutions.com")
    card.render(view_of(State.RECEIVED, profile=other_profile(contract=CURRENT), request_token=code))
    assert "Concur does not document how long a code lives." in labels_of(card)
    assert "24 hours" not in labels_of(card)


@pytest.mark.parametrize(
    ("principal_id", "shown_id"),
    [
        pytest.param("0f9dbb0c-4a77-4a6e-9c3f-3d6f1b6a2e11", "0f9dbb0c-4a77-4a6e-9c3f-3d6f1b6a2e11", id="UUID"),
        pytest.param(LONG, "x" * 64 + "…", id="long"),
        pytest.param("<b>bold</b>\n", "<b>bold</b>", id="markup"),
    ],
)
def test_ids_that_came_along_are_said(card: RequestTokenCard, principal_id: str, shown_id: str) -> None:
    token = replace(REQUEST_TOKEN, principal_id=principal_id, user_id="9b7fd0f4-52c1")
    card.render(view_of(State.RECEIVED, profile=other_profile(contract=CURRENT), request_token=token))
    assert f"It came with the id {shown_id}. The user 9b7fd0f4-52c1 connected the company." in labels_of(card)


@pytest.mark.parametrize(
    ("contract", "placeholder"),
    [(LEGACY, "URL, query or code"), (CURRENT, "URL, or query with id and requestToken"), ("v9", "")],
)
def test_what_can_be_pasted_goes_by_the_contract(card: RequestTokenCard, contract: str, placeholder: str) -> None:
    card.render(view_of(State.WAITING, profile=other_profile(contract=contract)))
    assert field_of(card).placeholderText() == placeholder
    assert bool(field_of(card).accessibleDescription()) is bool(placeholder)


@pytest.mark.parametrize("state", State, ids=lambda state: state.name.lower())
def test_age_is_counted_only_while_the_token_is_held(card: RequestTokenCard, state: State) -> None:
    card.render(view_of(State.RECEIVED))
    card.render(view_of(state))
    assert card._age_timer.isActive() is (state in {State.RECEIVED, State.EXCHANGING})


@pytest.mark.parametrize("value", ["0_XI1GkqTe9PzVbW3yH", "abc", "x", LONG], ids=["usual", "short", "one", "long"])
def test_request_token_is_never_shown_whole(card: RequestTokenCard, value: str) -> None:
    card.render(view_of(State.RECEIVED, request_token=RequestToken(value, NOW)))
    texts = [labels_of(card), *(w.toolTip() + w.accessibleName() for w in card.findChildren(QWidget))]
    words = {word.strip("…,") for text in texts for word in text.split()}
    assert value not in words


def test_used_request_token_says_when_it_came(card: RequestTokenCard) -> None:
    card.render(view_of(State.CONNECTED))
    assert card.state_line.whole_text == f"request token 0_XI… came at {NOW.astimezone():%H:%M:%S}"
    card.render(view_of(State.CONNECTED, request_token=None))
    assert card.step is Step.LATER
    assert "opened from the list" in card.state_line.whole_text


def test_pasting_stays_in_sight_where_the_listener_cannot_run(card: RequestTokenCard) -> None:
    card.render(view_of(State.STOPPED))
    assert not field_of(card).isVisible()
    card.render(view_of(State.STOPPED, listener=ListenerView(problem=port_in_use())))
    assert field_of(card).isVisible()


def test_paste_can_be_revealed_from_elsewhere(card: RequestTokenCard) -> None:
    card.render(view_of(State.STOPPED))
    field_of(card).setText("old")
    card.reveal_paste_field()
    assert field_of(card).hasFocus()
    assert field_of(card).selectedText() == "old"


def test_other_request_token_than_before_counts_only(card: RequestTokenCard, qtbot: QtBot) -> None:
    card.render(view_of(State.RECEIVED))
    card.render(view_of(State.STOPPED, request_token=REQUEST_TOKEN))
    card.reveal()
    field_of(card).setText("0_again")
    with qtbot.waitSignal(card.paste_submitted):
        button(card, "paste_redirect").click()
    card.render(view_of(State.STOPPED, request_token=REQUEST_TOKEN))
    assert field_of(card).text() == "0_again"
