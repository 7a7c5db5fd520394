from __future__ import annotations

from gui.flow.state import FlowState
from gui.session_state import Event, State


def test_it_starts_unconfigured_and_goes_where_the_events_lead() -> None:
    flow = FlowState()
    states = [flow.state, flow.apply(Event.APPLICATION_COMPLETED), flow.state]
    assert states == [State.UNCONFIGURED, State.STOPPED, State.STOPPED]


def test_the_listener_sees_the_state_it_is_told_of() -> None:
    seen: list[tuple[State, State]] = []
    flow = FlowState(lambda state: seen.append((state, flow.state)))
    flow.apply(Event.APPLICATION_COMPLETED)
    flow.apply(Event.LISTENER_STARTED)
    assert seen == [(State.STOPPED, State.STOPPED), (State.WAITING, State.WAITING)]
