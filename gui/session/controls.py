"""What may be pressed, and what is next: the table of `session_state`, narrowed by what else is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.session_state import NEXT_CONTROL, Control, State, controls_for
from gui.session_view import ListenerStatus, is_issued_to

if TYPE_CHECKING:
    from gui.session_view import SessionView

_WAYS_TO_A_REQUEST_TOKEN = frozenset({Control.SIMULATE_APP_CENTER, Control.OPEN_BROWSER, Control.PASTE_REDIRECT})
_OF_PROFILES = frozenset({Control.SWITCH_PROFILE, Control.DUPLICATE_PROFILE, Control.DELETE_PROFILE})
_NOT_OF_THE_SANDBOX = frozenset({Control.DUPLICATE_PROFILE, Control.DELETE_PROFILE, Control.EXPORT_PROFILE})
_BEFORE_A_REQUEST_TOKEN = frozenset({State.STOPPED, State.WAITING})


def controls_of(view: SessionView) -> frozenset[Control]:
    """Return what may be pressed in the window."""
    if view.starting or view.deleting:
        return frozenset()
    more = set()
    if view.listener.status is ListenerStatus.LISTENING:
        more.add(Control.STOP_LISTENER)  # it stays up beside a token, to answer a reloaded page
    if view.paste_only and view.state is State.STOPPED:
        more.add(Control.OPEN_BROWSER)
    return (controls_for(view.state) | more) - _barred(view)


def _barred(view: SessionView) -> frozenset[Control]:
    """Return what the state would allow, and something else does not."""
    shown, application = view.shown, view.application
    no_document = shown is None or shown.document is None
    no_access_token = shown is None or not shown.live.access_token
    can_refresh = shown is not None and shown.live.refresh_token is not None and bool(application.consumer_secret)
    no_refresh = shown is None or not can_refresh or not is_issued_to(shown, application)
    reasons: tuple[tuple[bool, frozenset[Control]], ...] = (
        (view.listener.status is not ListenerStatus.OFF or view.paste_only, frozenset({Control.START_LISTENER})),
        (not view.simulated, frozenset({Control.SIMULATE_APP_CENTER})),
        (view.simulating, _WAYS_TO_A_REQUEST_TOKEN | _OF_PROFILES),
        (view.simulated, _NOT_OF_THE_SANDBOX),
        (no_refresh, frozenset({Control.REFRESH})),
        (no_document, frozenset({Control.SAVE_DOCUMENT})),
        (no_access_token, frozenset({Control.COPY_TOKEN})),
        (view.activity is not None and view.activity.cancelling, frozenset({Control.CANCEL})),
    )
    return frozenset().union(*(controls for holds, controls in reasons if holds))


def next_control_of(view: SessionView, controls: frozenset[Control]) -> Control | None:
    """Return the one next thing to do, if it can be done now."""
    wanted = NEXT_CONTROL[view.state]
    paste_only = view.state in _BEFORE_A_REQUEST_TOKEN and view.paste_only
    if paste_only or (wanted is Control.SIMULATE_APP_CENTER and not view.simulated):
        wanted = Control.OPEN_BROWSER
    return wanted if wanted in controls else None
