"""Where a flow stands: one enum, one table, and what may be pressed in each state.

The self-test's runner and the session of the window share this table; whatever is not in it cannot happen.
"""

from __future__ import annotations

from enum import Enum, auto


class State(Enum):
    """Where the flow of one profile stands."""

    UNCONFIGURED = auto()
    """The consumer key, the secret, the base URL or the redirect URL is missing or unusable."""
    STOPPED = auto()
    """Everything is there; the listener is not."""
    WAITING = auto()
    """Listening for the redirect."""
    RECEIVED = auto()
    """A request token is held, not yet exchanged."""
    EXCHANGING = auto()
    CONNECTED = auto()
    """An access token is stored and shown."""
    REFRESHING = auto()
    PROBING = auto()
    REVOKING = auto()
    """The revoke is under way at the server."""
    PROVING = auto()
    """The server has confirmed; the token is shown once more and must be refused."""
    WIPING = auto()
    """The local copy is being removed."""
    REVOKED = auto()
    AT_RISK = auto()
    """Something failed after a token was issued: it is live, stored, and shall be revoked."""


class Event(Enum):
    """What can happen to a flow."""

    APPLICATION_COMPLETED = auto()
    APPLICATION_INCOMPLETE = auto()
    LISTENER_STARTED = auto()
    LISTENER_STOPPED = auto()
    REQUEST_TOKEN_RECEIVED = auto()
    REDIRECT_REFUSED = auto()
    """Denied, malformed, or with another state; the listener goes on waiting."""
    REQUEST_TOKEN_DROPPED = auto()
    EXCHANGE_STARTED = auto()
    EXCHANGE_FAILED = auto()
    """No token came. Whether one was issued all the same is the journal's question."""
    EXCHANGE_NOT_SENT = auto()
    """The request never left: the request token is as good as before."""
    TOKEN_STORED = auto()
    """An exchange or a refresh succeeded and the token is written down."""
    FAILED_AFTER_ISSUE = auto()
    """Something failed while a token is live."""
    REFRESH_STARTED = auto()
    REFRESH_FAILED = auto()
    PROBE_STARTED = auto()
    PROBE_ENDED = auto()
    REVOKE_STARTED = auto()
    REVOKE_CONFIRMED = auto()
    REVOKE_FAILED = auto()
    PROOF_ENDED = auto()
    """Refused, or unclear: the copy may go. Accepted is FAILED_AFTER_ISSUE: the copy stays."""
    LOCAL_COPY_REMOVED = auto()
    LOCAL_COPY_KEPT = auto()
    """The keyring would not delete it."""
    TOKEN_KEPT = auto()
    """The user decided against revoking a token at risk."""
    TOKEN_OPENED = auto()
    """A token of the list of issued tokens was taken up again."""
    STARTED_OVER = auto()


class Control(Enum):
    """What a user can press."""

    EDIT_APPLICATION = auto()
    SWITCH_PROFILE = auto()
    """Show another profile: choose, make, duplicate or import one."""
    DELETE_PROFILE = auto()
    EXPORT_PROFILE = auto()
    START_LISTENER = auto()
    STOP_LISTENER = auto()
    SIMULATE_APP_CENTER = auto()
    OPEN_BROWSER = auto()
    PASTE_REDIRECT = auto()
    EXCHANGE = auto()
    DROP_REQUEST_TOKEN = auto()
    CANCEL = auto()
    COPY_TOKEN = auto()
    SAVE_DOCUMENT = auto()
    REFRESH = auto()
    PROBE = auto()
    REVOKE = auto()
    KEEP_TOKEN = auto()
    START_OVER = auto()


class EventNotAllowed(Exception):
    """An event that the table does not know in that state: a fault of this program, never of the user."""

    def __init__(self, state: State, event: Event) -> None:
        super().__init__(f"{event.name} cannot happen in {state.name}")
        self.state = state
        self.event = event


TRANSITIONS: dict[tuple[State, Event], State] = {
    (State.UNCONFIGURED, Event.APPLICATION_COMPLETED): State.STOPPED,
    (State.UNCONFIGURED, Event.APPLICATION_INCOMPLETE): State.UNCONFIGURED,  # edited, and something is still missing
    (State.STOPPED, Event.APPLICATION_COMPLETED): State.STOPPED,
    (State.STOPPED, Event.APPLICATION_INCOMPLETE): State.UNCONFIGURED,
    (State.STOPPED, Event.LISTENER_STARTED): State.WAITING,
    (State.STOPPED, Event.REQUEST_TOKEN_RECEIVED): State.RECEIVED,  # pasted
    (State.STOPPED, Event.REDIRECT_REFUSED): State.STOPPED,
    (State.WAITING, Event.LISTENER_STOPPED): State.STOPPED,
    (State.WAITING, Event.REQUEST_TOKEN_RECEIVED): State.RECEIVED,
    (State.WAITING, Event.REDIRECT_REFUSED): State.WAITING,
    (State.RECEIVED, Event.REDIRECT_REFUSED): State.RECEIVED,
    (State.RECEIVED, Event.REQUEST_TOKEN_DROPPED): State.STOPPED,
    (State.RECEIVED, Event.EXCHANGE_STARTED): State.EXCHANGING,
    (State.EXCHANGING, Event.EXCHANGE_FAILED): State.STOPPED,
    (State.EXCHANGING, Event.EXCHANGE_NOT_SENT): State.RECEIVED,
    (State.EXCHANGING, Event.TOKEN_STORED): State.CONNECTED,
    (State.EXCHANGING, Event.FAILED_AFTER_ISSUE): State.AT_RISK,
    (State.CONNECTED, Event.REFRESH_STARTED): State.REFRESHING,
    (State.CONNECTED, Event.PROBE_STARTED): State.PROBING,
    (State.CONNECTED, Event.REVOKE_STARTED): State.REVOKING,
    (State.CONNECTED, Event.FAILED_AFTER_ISSUE): State.AT_RISK,
    (State.CONNECTED, Event.STARTED_OVER): State.STOPPED,
    (State.REFRESHING, Event.TOKEN_STORED): State.CONNECTED,
    (State.REFRESHING, Event.REFRESH_FAILED): State.CONNECTED,
    (State.REFRESHING, Event.FAILED_AFTER_ISSUE): State.AT_RISK,
    (State.PROBING, Event.PROBE_ENDED): State.CONNECTED,
    (State.PROBING, Event.FAILED_AFTER_ISSUE): State.AT_RISK,
    (State.REVOKING, Event.REVOKE_CONFIRMED): State.PROVING,
    (State.REVOKING, Event.REVOKE_FAILED): State.AT_RISK,
    (State.PROVING, Event.PROOF_ENDED): State.WIPING,
    (State.PROVING, Event.FAILED_AFTER_ISSUE): State.AT_RISK,
    (State.WIPING, Event.LOCAL_COPY_REMOVED): State.REVOKED,
    (State.WIPING, Event.LOCAL_COPY_KEPT): State.REVOKED,
    (State.REVOKED, Event.STARTED_OVER): State.STOPPED,
    (State.AT_RISK, Event.REVOKE_STARTED): State.REVOKING,
    (State.AT_RISK, Event.TOKEN_KEPT): State.CONNECTED,
    (State.AT_RISK, Event.STARTED_OVER): State.STOPPED,
    # A token authorises itself, so even an app whose secret is missing can try and revoke it.
    (State.UNCONFIGURED, Event.TOKEN_OPENED): State.CONNECTED,
    (State.STOPPED, Event.TOKEN_OPENED): State.CONNECTED,
    (State.WAITING, Event.TOKEN_OPENED): State.CONNECTED,
    (State.REVOKED, Event.TOKEN_OPENED): State.CONNECTED,
}


def next_state(state: State, event: Event) -> State:
    """Return where an event leads. Raises EventNotAllowed."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise EventNotAllowed(state, event) from None


_WAYS_TO_A_REQUEST_TOKEN = frozenset({Control.SIMULATE_APP_CENTER, Control.OPEN_BROWSER, Control.PASTE_REDIRECT})
_WITH_A_TOKEN = frozenset({Control.COPY_TOKEN, Control.SAVE_DOCUMENT})

_BETWEEN_CALLS = frozenset({Control.SWITCH_PROFILE, Control.DELETE_PROFILE, Control.EXPORT_PROFILE})
"""While a call is under way its token belongs to the profile that is shown."""

CONTROLS: dict[State, frozenset[Control]] = {
    State.UNCONFIGURED: frozenset({Control.EDIT_APPLICATION}) | _BETWEEN_CALLS,
    State.STOPPED: frozenset({Control.EDIT_APPLICATION, Control.START_LISTENER, Control.PASTE_REDIRECT})
    | _BETWEEN_CALLS,
    State.WAITING: frozenset({Control.EDIT_APPLICATION, Control.STOP_LISTENER})
    | _WAYS_TO_A_REQUEST_TOKEN
    | _BETWEEN_CALLS,
    State.RECEIVED: frozenset({Control.EXCHANGE, Control.DROP_REQUEST_TOKEN}) | _BETWEEN_CALLS,
    State.EXCHANGING: frozenset({Control.CANCEL}),
    State.CONNECTED: frozenset({Control.REFRESH, Control.PROBE, Control.REVOKE, Control.START_OVER})
    | _WITH_A_TOKEN
    | _BETWEEN_CALLS,
    State.REFRESHING: frozenset({Control.CANCEL}) | _WITH_A_TOKEN,
    State.PROBING: frozenset({Control.CANCEL}) | _WITH_A_TOKEN,
    State.REVOKING: frozenset({Control.CANCEL}),
    State.PROVING: frozenset({Control.CANCEL}),
    State.WIPING: frozenset(),
    State.REVOKED: frozenset({Control.START_OVER, Control.EDIT_APPLICATION}) | _BETWEEN_CALLS,
    State.AT_RISK: frozenset({Control.REVOKE, Control.KEEP_TOKEN, Control.START_OVER}) | _WITH_A_TOKEN | _BETWEEN_CALLS,
}

NEXT_CONTROL: dict[State, Control | None] = {
    State.UNCONFIGURED: Control.EDIT_APPLICATION,
    State.STOPPED: Control.START_LISTENER,
    State.WAITING: Control.SIMULATE_APP_CENTER,
    State.RECEIVED: Control.EXCHANGE,
    State.EXCHANGING: None,
    State.CONNECTED: Control.PROBE,
    State.REFRESHING: None,
    State.PROBING: None,
    State.REVOKING: None,
    State.PROVING: None,
    State.WIPING: None,
    State.REVOKED: Control.START_OVER,
    State.AT_RISK: Control.REVOKE,
}
"""The one next thing to do in each state. Where Concur is a real one, WAITING means OPEN_BROWSER."""


def controls_for(state: State) -> frozenset[Control]:
    """Return what may be pressed in a state."""
    return CONTROLS[state]
