from __future__ import annotations

import itertools

import pytest

from gui.flow.state import FlowState
from gui.session_state import (
    CONTROLS,
    NEXT_CONTROL,
    TRANSITIONS,
    Control,
    Event,
    EventNotAllowed,
    State,
    controls_for,
    next_state,
)

START = State.UNCONFIGURED

BEGINS: dict[Control, frozenset[Event]] = {
    # Whoever edits while something is there ends that first: the listener, or the flow that is over.
    Control.EDIT_APPLICATION: frozenset({Event.APPLICATION_COMPLETED, Event.LISTENER_STOPPED, Event.STARTED_OVER}),
    Control.SWITCH_PROFILE: frozenset(),
    Control.DELETE_PROFILE: frozenset(),
    Control.EXPORT_PROFILE: frozenset(),
    Control.START_LISTENER: frozenset({Event.LISTENER_STARTED}),
    Control.STOP_LISTENER: frozenset({Event.LISTENER_STOPPED}),
    Control.SIMULATE_APP_CENTER: frozenset({Event.REQUEST_TOKEN_RECEIVED}),
    Control.OPEN_BROWSER: frozenset({Event.REQUEST_TOKEN_RECEIVED}),
    Control.PASTE_REDIRECT: frozenset({Event.REQUEST_TOKEN_RECEIVED}),
    Control.EXCHANGE: frozenset({Event.EXCHANGE_STARTED}),
    Control.DROP_REQUEST_TOKEN: frozenset({Event.REQUEST_TOKEN_DROPPED}),
    Control.CANCEL: frozenset(
        {Event.EXCHANGE_FAILED, Event.REFRESH_FAILED, Event.PROBE_ENDED, Event.REVOKE_FAILED, Event.PROOF_ENDED}
    ),
    Control.COPY_TOKEN: frozenset(),
    Control.SAVE_DOCUMENT: frozenset(),
    Control.REFRESH: frozenset({Event.REFRESH_STARTED}),
    Control.PROBE: frozenset({Event.PROBE_STARTED}),
    Control.REVOKE: frozenset({Event.REVOKE_STARTED}),
    Control.KEEP_TOKEN: frozenset({Event.TOKEN_KEPT}),
    Control.START_OVER: frozenset({Event.STARTED_OVER}),
}
"""What pressing a control leads to; one of these events has to be known where the control is offered."""

HOLDS_A_TOKEN = {
    State.CONNECTED,
    State.REFRESHING,
    State.PROBING,
    State.REVOKING,
    State.PROVING,
    State.WIPING,
    State.AT_RISK,
}


def reachable(start: State) -> set[State]:
    found = {start}
    while True:
        further = {to for (at, _event), to in TRANSITIONS.items() if at in found} | found
        if further == found:
            return found
        found = further


def path_to(state: State) -> list[Event]:
    paths: dict[State, list[Event]] = {START: []}
    while state not in paths:
        for (at, event), to in TRANSITIONS.items():
            if at in paths and to not in paths:
                paths[to] = [*paths[at], event]
    return paths[state]


def test_every_state_is_reachable() -> None:
    assert reachable(START) == set(State)


@pytest.mark.parametrize("state", State)
def test_from_every_state_the_flow_can_be_finished_and_begun_anew(state: State) -> None:
    assert {State.STOPPED, State.REVOKED} <= reachable(state)


def test_every_event_is_used() -> None:
    assert {event for _state, event in TRANSITIONS} == set(Event)


ALL_PAIRS = list(itertools.product(State, Event))


@pytest.mark.parametrize(("state", "event"), [pair for pair in ALL_PAIRS if pair not in TRANSITIONS])
def test_what_is_not_in_the_table_is_refused_and_changes_nothing(state: State, event: Event) -> None:
    with pytest.raises(EventNotAllowed) as caught:
        next_state(state, event)
    assert (caught.value.state, caught.value.event) == (state, event)
    assert state.name in str(caught.value)
    assert event.name in str(caught.value)
    flow = FlowState()
    for step in path_to(state):
        flow.apply(step)
    with pytest.raises(EventNotAllowed):
        flow.apply(event)
    assert flow.state is state


@pytest.mark.parametrize(("state", "event"), [pair for pair in ALL_PAIRS if pair in TRANSITIONS])
def test_what_is_in_the_table_is_done_and_told(state: State, event: Event) -> None:
    told: list[State] = []
    flow = FlowState(told.append)
    for step in path_to(state):
        flow.apply(step)
    told.clear()
    assert flow.apply(event) is TRANSITIONS[state, event]
    assert told == [TRANSITIONS[state, event]]


def test_tables_of_controls_are_complete() -> None:
    assert set(CONTROLS) == set(State)
    assert set(NEXT_CONTROL) == set(State)
    assert frozenset().union(*CONTROLS.values()) == set(Control) == set(BEGINS)


@pytest.mark.parametrize("state", State)
def test_every_control_leads_somewhere(state: State) -> None:
    allowed = {event for at, event in TRANSITIONS if at is state}
    for control in controls_for(state):
        assert not BEGINS[control] or BEGINS[control] & allowed, control


@pytest.mark.parametrize("state", State)
def test_every_event_that_a_control_begins_is_offered_as_a_control(state: State) -> None:
    offered: frozenset[Event] = frozenset().union(*(BEGINS[control] for control in controls_for(state)))
    begun_by_hand = {
        Event.EXCHANGE_STARTED,
        Event.REFRESH_STARTED,
        Event.PROBE_STARTED,
        Event.REVOKE_STARTED,
        Event.TOKEN_KEPT,
        Event.STARTED_OVER,
        Event.REQUEST_TOKEN_DROPPED,
        Event.LISTENER_STARTED,
        Event.LISTENER_STOPPED,
    }
    assert {event for at, event in TRANSITIONS if at is state} & begun_by_hand <= offered


@pytest.mark.parametrize("state", State)
def test_the_next_control_may_be_pressed(state: State) -> None:
    following = NEXT_CONTROL[state]
    busy = controls_for(state) <= {Control.CANCEL, Control.COPY_TOKEN, Control.SAVE_DOCUMENT}
    assert (following is None) == busy
    assert following is None or following in controls_for(state)


@pytest.mark.parametrize("state", State)
def test_a_token_is_offered_only_where_one_is(state: State) -> None:
    offered = controls_for(state) & {
        Control.COPY_TOKEN,
        Control.SAVE_DOCUMENT,
        Control.REFRESH,
        Control.PROBE,
        Control.REVOKE,
        Control.KEEP_TOKEN,
    }
    assert not offered or state in HOLDS_A_TOKEN


def test_a_live_token_is_left_only_on_purpose_or_by_a_revoke() -> None:
    leaving = {event for (at, event), to in TRANSITIONS.items() if at in HOLDS_A_TOKEN and to not in HOLDS_A_TOKEN}
    assert leaving == {Event.STARTED_OVER, Event.LOCAL_COPY_REMOVED, Event.LOCAL_COPY_KEPT}


def test_a_revoked_state_comes_from_a_wiped_copy_alone() -> None:
    assert {at for (at, _event), to in TRANSITIONS.items() if to is State.REVOKED} == {State.WIPING}


def test_an_edit_that_leaves_the_application_incomplete_is_no_fault() -> None:
    assert next_state(State.UNCONFIGURED, Event.APPLICATION_INCOMPLETE) is State.UNCONFIGURED
