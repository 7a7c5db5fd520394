"""Says to screen readers what changed while nobody touched it: states, notices, ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.flow.revocation import Revocation, Tick
from gui.notices import Severity
from gui.session_state import State
from gui.session_view import KeyringStatus, ListenerStatus
from gui.widgets.words import message_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.session_view import SessionView


def announce(widget: QWidget, text: str, *, assertive: bool = False) -> None:
    """Have a screen reader speak a text. An assertive one interrupts what is being spoken."""
    from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # noqa: PLC0415  # the first view says nothing

    event = QAccessibleAnnouncementEvent(widget, text)
    politeness = QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if assertive else politeness.Polite)
    QAccessible.updateAccessibility(event)


class Announcer(QObject):
    """Compares each view with the one before, and announces what became different."""

    def __init__(self, speaker: QWidget) -> None:
        super().__init__(speaker)
        self._speaker = speaker
        self._before: SessionView | None = None

    def render(self, view: SessionView) -> None:
        """Announce what a view brings. The first one is where things stand, and is not announced but for notices."""
        before, self._before = self._before, view
        for text, assertive in self._notices_since(before, view):
            announce(self._speaker, text, assertive=assertive)
        if before is not None:
            for text in self.changes(before, view):
                announce(self._speaker, text)

    def changes(self, before: SessionView, after: SessionView) -> tuple[str, ...]:
        """Return what to say of the way from one view to the next; "" is never in it."""
        said = []
        if after.profile.profile_id != before.profile.profile_id:
            said.append(self.tr("Profile {name}").format(name=after.profile.name))
        if after.listener.status is not before.listener.status:
            said.append(self._listener_words(after.listener.status))
        if after.state is not before.state:
            said.append(self._state_words(after))
        said += self._tick_words(before.revocation or Revocation(), after.revocation or Revocation())
        if after.keyring.status is not before.keyring.status:
            said.append(self._keyring_words(after.keyring.status))
        return tuple(text for text in said if text)

    def _notices_since(self, before: SessionView | None, after: SessionView) -> list[tuple[str, bool]]:
        known = set() if before is None else {notice.notice_id for notice in before.shown_notices}
        loud = {Severity.WARNING, Severity.ERROR}
        said = []
        for notice in after.shown_notices:
            if notice.notice_id not in known:
                message = message_of(notice.subject, notice.fact, notice.addition)
                words = " ".join(part for part in (f"{message.title}.", message.text, message.advice) if part)
                said.append((words, notice.severity in loud))
        return said

    def _listener_words(self, status: ListenerStatus) -> str:
        return {
            ListenerStatus.OFF: self.tr("Redirect listener is off"),
            ListenerStatus.STARTING: "",
            ListenerStatus.LISTENING: self.tr("Redirect listener is listening"),
        }[status]

    def _state_words(self, view: SessionView) -> str:
        return {
            State.UNCONFIGURED: self.tr("The application is not complete"),
            State.STOPPED: self.tr("Ready for a redirect to be pasted")
            if view.paste_only
            else self.tr("Ready to start the listener"),
            State.WAITING: self.tr("Waiting for the redirect"),
            State.RECEIVED: self.tr("Request token received"),
            State.EXCHANGING: self.tr("Exchanging the request token"),
            State.CONNECTED: self.tr("Connected, the access token is shown"),
            State.REFRESHING: self.tr("Refreshing"),
            State.PROBING: self.tr("Trying the token"),
            State.REVOKING: self.tr("Revoking"),
            State.PROVING: "",  # the ticks tell
            State.WIPING: "",
            State.REVOKED: self.tr("The token has ended; no revoke was sent")
            if view.ended_before
            else self.tr("The token is revoked"),
            State.AT_RISK: self.tr("A live token is at risk: revoke it or keep it"),
        }[view.state]

    def _tick_words(self, before: Revocation, after: Revocation) -> list[str]:
        names = (
            (self.tr("Revoke at the server"), before.server, after.server),
            (self.tr("Proof of refusal"), before.refused, after.refused),
            (self.tr("Removal of the local copy"), before.local_copy, after.local_copy),
        )
        said = names[2:] if after.nothing_sent else names
        ends = {
            Tick.DONE: self.tr("{step}: done"),
            Tick.FAILED: self.tr("{step}: failed"),
            Tick.UNPROVEN: self.tr("{step}: unproven"),
        }
        return [ends[now].format(step=name) for name, then, now in said if now is not then and now in ends]

    def _keyring_words(self, status: KeyringStatus) -> str:
        return {
            KeyringStatus.PROBING: self.tr("Keyring is being asked"),
            KeyringStatus.READY: self.tr("Keyring is ready"),
            KeyringStatus.SESSION_ONLY: self.tr("Secrets are kept for this session only"),
        }[status]
