"""Views for the tests of the window's frame: one for each state, of the built-in sandbox or of a real Concur."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from gui.concur.models import AccessTokenDocument, LiveToken, Operation, RequestToken
from gui.flow.revocation import Revocation, Tick
from gui.loopback.errors import PortInUse
from gui.notices import Notice, NoticeAction, Severity
from gui.session_state import State
from gui.session_view import (
    Activity,
    ApplicationView,
    KeyringStatus,
    KeyringView,
    ListenerStatus,
    ListenerView,
    SessionView,
    ShownToken,
)
from gui.store.issued_entry import IssuedToken
from gui.store.profile import Profile, built_in_profile
from gui.widgets.theme import DARK, DARK_CHOICE, LIGHT, apply_theme, style_sheet_of
from tests.gui.samples import consistent

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.concur.errors import FlowError

NOW = datetime(2026, 11, 25, 15, 2, 11, tzinfo=UTC)
SECRET = "a-secret-that-nobody-may-read-out"
REQUEST_TOKEN = RequestToken("0_XI1GkqTe9PzVbW3yH", NOW)
HEBREW = "חיבור לבדיקה של אפליקציה"
ARABIC = "اتصال تجريبي"
HOSTILE = "<b>bold</b> & <img src=x>\nnew line\ttab"
LONG = "x" * 5000
REDIRECT_URL = "http://localhost:8765/redirect"

_BUSY = {
    State.EXCHANGING: Operation.EXCHANGE,
    State.REFRESHING: Operation.REFRESH,
    State.PROBING: Operation.PROBE,
    State.REVOKING: Operation.REVOKE,
    State.PROVING: Operation.REVOKE,
    State.WIPING: Operation.REVOKE,
}
_WITH_REQUEST_TOKEN = frozenset(State) - {State.UNCONFIGURED, State.STOPPED, State.WAITING}
_WITH_TOKEN = _WITH_REQUEST_TOKEN - {State.RECEIVED, State.EXCHANGING, State.REVOKED}


def other_profile(name: str = "Implementation, EU", **changes: object) -> Profile:
    profile = Profile(
        profile_id="c" * 32,
        name=name,
        base_url="https://implementation.concursolutions.com",
        consumer_key="VDV5Y532NafpmDLtbve7Md",
        redirect_url=REDIRECT_URL,
    )
    return replace(profile, **changes)  # type: ignore[arg-type]  # fields of a profile


def view_of(state: State, *, sandbox: bool = True, **changes: object) -> SessionView:
    profile = built_in_profile() if sandbox else other_profile()
    listening = state not in {State.UNCONFIGURED, State.STOPPED}
    view = SessionView(
        state=state,
        profile=profile,
        profiles=(built_in_profile(), other_profile()),
        application=_application_of(state, sandbox=sandbox),
        listener=ListenerView(
            status=ListenerStatus.LISTENING if listening else ListenerStatus.OFF,
            redirect_url=REDIRECT_URL,
            addresses=("127.0.0.1:8765", "[::1]:8765") if listening else (),
        ),
        request_token=REQUEST_TOKEN if state in _WITH_REQUEST_TOKEN else None,
        shown=shown_token() if state in _WITH_TOKEN else None,
        revocation=_revocation_of(state),
        activity=Activity(_BUSY[state], NOW) if state in _BUSY else None,
        keyring=KeyringView(KeyringStatus.READY, "GNOME Keyring"),
        starting=False,
    )
    changed = replace(view, **changes)  # type: ignore[arg-type]  # fields of a view
    return changed if "controls" in changes or "next_control" in changes else consistent(changed)


def shown_token(*, opened: bool = False) -> ShownToken:
    document = AccessTokenDocument(
        token="t" * 28,
        refresh_token="r" * 28,
        instance_url="http://127.0.0.1:49215/",
        expires_at=NOW + timedelta(days=364),
        expiration_text="11/24/2027 3:02:11 PM",
        raw=b"<Access_Token/>",
        content_type="application/xml",
    )
    token = IssuedToken(
        token_id="f" * 32,
        profile_id=built_in_profile().profile_id,
        profile_name="Built-in sandbox",
        contract="legacy",
        base_url="http://127.0.0.1:49215",
        instance_url="http://127.0.0.1:49215/",
        consumer_key="VDV5Y532NafpmDLtbve7Md",
        issued_at=NOW,
        expires_at=document.expires_at,
        purpose="window",
        machine="m",
        pid=1,
        process_started=1.0,
        kept="keyring",
        superseded_by=None,
        state="issued",
    )
    live = LiveToken(document.token, document.refresh_token, "http://127.0.0.1:49215", document.instance_url)
    return ShownToken(token, live, None if opened else document)


def port_in_use() -> FlowError:
    return PortInUse(port=8765, addresses=("127.0.0.1", "::1"), holder="node (process 4711)")


def notice(notice_id: int = 1, **changes: object) -> Notice:
    base = Notice(notice_id, Severity.ERROR, port_in_use(), actions=(NoticeAction.USE_FREE_PORT,))
    return replace(base, **changes)  # type: ignore[arg-type]  # fields of a notice


def _application_of(state: State, *, sandbox: bool) -> ApplicationView:
    if state is State.UNCONFIGURED:
        return ApplicationView()
    return ApplicationView(
        consumer_key="VDV5Y532NafpmDLtbve7Md",
        consumer_secret=SECRET,
        base_url="http://127.0.0.1:49215" if sandbox else "https://implementation.concursolutions.com",
        kept_in="" if sandbox else "GNOME Keyring / Secret Service",
    )


def _revocation_of(state: State) -> Revocation | None:
    return {
        State.REVOKING: Revocation(),
        State.PROVING: Revocation(server=Tick.DONE),
        State.WIPING: Revocation(server=Tick.DONE, refused=Tick.DONE),
        State.REVOKED: Revocation(server=Tick.DONE, refused=Tick.DONE, local_copy=Tick.DONE),
    }.get(state)


def shown(qtbot: QtBot, widget: QWidget, theme: str = "light", size: tuple[int, int] | None = None) -> None:
    """Show a widget in a theme; it is closed after the test."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    if app.styleSheet() != style_sheet_of(DARK if theme == DARK_CHOICE else LIGHT):  # costs a third of a second
        app.setStyle("Fusion")
        apply_theme(app, theme)
    qtbot.addWidget(widget)
    if size is not None:
        widget.resize(*size)
    widget.show()
    qtbot.waitExposed(widget)
    widget.activateWindow()
    app.processEvents()


def labels_of(widget: QWidget) -> str:
    """Every text that can be read on a widget now."""
    parts = []
    for child in widget.findChildren(QWidget):
        if child.isVisible():
            whole = getattr(child, "whole_text", "")
            parts.append(whole or (child.text() if isinstance(child, QLabel | QAbstractButton) else ""))
    return "\n".join(part for part in parts if part)


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Type a key; unlike that of pytest-qt, this has types."""
    QTest.keyClick(widget, key, modifiers)
