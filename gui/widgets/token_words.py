"""What the access-token panel says in each state: the chip, and the sentence in an empty place."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from gui.session_state import State
from gui.widgets.parts import Kind


def chip_of(state: State) -> tuple[str, Kind]:
    """Return word and kind of the chip."""
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


def empty_sentence(state: State, *, paste_only: bool = False) -> str:
    """Return what will appear where no document is, and how."""
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


def _tr(text: str) -> str:
    return QCoreApplication.translate("TokenPanel", text)
