"""What the access-token panel says in each state: the chip, the sentence in an empty place, why a button rests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gui.concur.contract import CONTRACTS
from gui.session_state import State
from gui.session_view import is_issued_to
from gui.widgets.parts import Kind
from gui.widgets.words import translated

if TYPE_CHECKING:
    from gui.session_view import SessionView


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why something cannot be done that the state would allow; "" where it can, or where the state says why."""

    no_copying: str = ""
    no_refresh: str = ""
    no_saving: str = ""
    revoke: str = ""
    """What a revoke ends beside the token."""


def chip_of(state: State, *, ended_before: bool = False) -> tuple[str, Kind]:
    """Return word and kind of the chip. `ended_before`: nothing had to be sent for it."""
    if state is State.REVOKED and ended_before:
        return _tr("ended"), Kind.QUIET
    return {
        State.UNCONFIGURED: (_tr("no token"), Kind.QUIET),
        State.STOPPED: (_tr("no token"), Kind.QUIET),
        State.WAITING: (_tr("no token"), Kind.QUIET),
        State.RECEIVED: (_tr("no token"), Kind.QUIET),
        State.EXCHANGING: (_tr("exchanging…"), Kind.INFO),
        State.CONNECTED: (_tr("connected"), Kind.SUCCESS),
        State.REFRESHING: (_tr("refreshing…"), Kind.INFO),
        State.PROBING: (_tr("checking…"), Kind.INFO),
        State.REVOKING: (_tr("revoking…"), Kind.INFO),
        State.PROVING: (_tr("revoking…"), Kind.INFO),
        State.WIPING: (_tr("revoking…"), Kind.INFO),
        State.REVOKED: (_tr("revoked"), Kind.QUIET),
        State.AT_RISK: (_tr("at risk"), Kind.DANGER),
    }[state]


def empty_sentence(state: State, *, paste_only: bool = False, ended_before: bool = False) -> str:
    """Return what will appear where no document is, and how."""
    if state is State.REVOKED and ended_before:
        return _tr("Concur refuses the token already; no revoke was sent. Start over to connect once more.")
    if state is State.STOPPED and paste_only:
        return _tr("The access-token document will appear here. Connect in the browser, then paste the redirect.")
    return {
        State.UNCONFIGURED: _tr("The access-token document will appear here. Complete the profile, then connect."),
        State.STOPPED: _tr("The access-token document will appear here. Start the listener, then connect."),
        State.WAITING: _tr("The access-token document will appear here, once a request token came and was exchanged."),
        State.RECEIVED: _tr("The access-token document will appear here, once the request token is exchanged."),
        State.EXCHANGING: _tr("The request token is being exchanged. The access-token document will appear here."),
        State.REVOKED: _tr("The token was revoked. Start over to connect once more."),
    }.get(state, _tr("The access-token document will appear here."))


def reasons_of(view: SessionView) -> Reasons:
    """Return what is to be said of the buttons of a view."""
    shown = view.shown
    if shown is None:
        return Reasons()
    contract = CONTRACTS.get(shown.token.contract)
    no_refresh = ""
    if not shown.live.refresh_token:
        no_refresh = _tr("No refresh token came with this token, so it cannot be refreshed.")
    elif not view.application.consumer_secret:
        no_refresh = _tr("To refresh takes the consumer secret, and the profile has none.")
    elif not is_issued_to(shown, view.application):
        no_refresh = _tr("It was issued for another base URL, consumer key or contract than the profile has now.")
    no_copying = ""
    if not shown.live.access_token and shown.live.refresh_token:
        no_copying = _tr("The access token was kept in memory only; Refresh gets a new one.")
    elif not shown.live.access_token:
        no_copying = _tr("The access token was kept in memory only, and is gone with the program that held it.")
    return Reasons(
        no_copying=no_copying,
        no_refresh=no_refresh,
        no_saving=""
        if shown.document is not None
        else _tr("The document of a token that was opened from the list is not kept."),
        revoke=translated(contract.revoke_words) if contract is not None else "",
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("TokenPanel", text)
