from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from gui.flow.revocation import Revocation, Tick
from gui.notices import Severity
from gui.session_state import State
from gui.session_view import KeyringStatus, KeyringView, ListenerView, SessionView
from gui.widgets import announcer as module
from gui.widgets.announcer import Announcer, announce
from tests.gui.frame_samples import notice, other_profile, view_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Ear:
    """Hears what a screen reader would speak."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, bool]] = []

    def __call__(self, _widget: QWidget, text: str, *, assertive: bool = False) -> None:
        self.heard.append((text, assertive))


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Ear:
    ear = Ear()
    monkeypatch.setattr(module, "announce", ear)
    return ear


@pytest.fixture
def announcer(qtbot: QtBot) -> Announcer:
    speaker = QWidget()
    qtbot.addWidget(speaker)
    return Announcer(speaker)


def test_first_view_and_the_same_again_are_silent(announcer: Announcer, ear: Ear) -> None:
    announcer.render(view_of(State.WAITING))
    announcer.render(view_of(State.WAITING))
    assert ear.heard == []


_SILENT = {State.PROVING, State.WIPING}
"""There the ticks speak."""


@pytest.mark.parametrize("state", State, ids=lambda state: state.name.lower())
def test_every_state_is_spoken(announcer: Announcer, ear: Ear, state: State) -> None:
    before = State.WAITING if state is not State.WAITING else State.CONNECTED
    announcer.render(view_of(before, revocation=None))
    announcer.render(view_of(state, revocation=None, listener=view_of(before).listener))
    assert len(ear.heard) == (0 if state in _SILENT else 1)
    assert not any(assertive for _, assertive in ear.heard)


def test_ticks_are_spoken_as_they_come(announcer: Announcer, ear: Ear) -> None:
    for revocation in (
        Revocation(),
        Revocation(server=Tick.DONE),
        Revocation(server=Tick.DONE, refused=Tick.UNPROVEN),
        Revocation(server=Tick.DONE, refused=Tick.UNPROVEN, local_copy=Tick.FAILED),
    ):
        announcer.render(view_of(State.REVOKING, revocation=revocation))
    assert [text for text, _ in ear.heard] == [
        "Revoke at the server: done",
        "Proof of refusal: unproven",
        "Removal of the local copy: failed",
    ]


def test_no_revoke_is_spoken_of_that_was_not_sent(announcer: Announcer, ear: Ear) -> None:
    announcer.render(view_of(State.REVOKING, revocation=None))
    revocation = Revocation(Tick.UNPROVEN, Tick.DONE, Tick.DONE, nothing_sent=True)
    announcer.render(view_of(State.REVOKED, revocation=revocation))
    assert " ".join(text for text, _ in ear.heard) == (
        "The token has ended; no revoke was sent Removal of the local copy: done"
    )


@pytest.mark.parametrize(
    ("severity", "assertive"),
    [(Severity.INFO, False), (Severity.SUCCESS, False), (Severity.WARNING, True), (Severity.ERROR, True)],
    ids=lambda value: value.name.lower() if isinstance(value, Severity) else "",
)
def test_notice_is_spoken_once_and_an_error_at_once(
    announcer: Announcer, ear: Ear, severity: Severity, assertive: bool
) -> None:
    announcer.render(view_of(State.STOPPED))
    with_notice = view_of(State.STOPPED, notices=(notice(severity=severity),))
    announcer.render(with_notice)
    announcer.render(with_notice)
    ((text, how),) = ear.heard
    assert text.startswith("Port 8765 is taken. ")
    assert how is assertive


def test_notice_of_the_start_is_spoken(announcer: Announcer, ear: Ear) -> None:
    announcer.render(view_of(State.STOPPED, notices=(notice(),)))
    assert len(ear.heard) == 1


def test_listener_keyring_and_profile_are_spoken(announcer: Announcer, ear: Ear) -> None:
    announcer.render(SessionView(state=State.STOPPED))
    session_only = KeyringView(KeyringStatus.SESSION_ONLY)
    listener = view_of(State.WAITING).listener
    announcer.render(SessionView(state=State.STOPPED, keyring=session_only, listener=listener))
    announcer.render(
        SessionView(state=State.STOPPED, keyring=session_only, listener=ListenerView(), profile=other_profile("EU"))
    )
    assert [text for text, _ in ear.heard] == [
        "Redirect listener is listening",
        "Secrets are kept for this session only",
        "Profile EU",
        "Redirect listener is off",
    ]


@pytest.mark.parametrize("assertive", [False, True], ids=["polite", "assertive"])
def test_event_reaches_qt(qtbot: QtBot, assertive: bool) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    QAccessible.setActive(True)
    announce(widget, "Request token received", assertive=assertive)
    QAccessible.setActive(False)
