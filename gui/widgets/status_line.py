"""The line at the bottom: listener, keyring, proxy, and what was just done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QStatusBar, QWidget

from gui.session_view import KeyringStatus, ListenerStatus
from gui.widgets.parts import ElidedLabel, Kind, plain_label, plain_tooltip, restyle
from gui.widgets.value_row import flat_button
from gui.widgets.words import message_of

if TYPE_CHECKING:
    from gui.session_view import KeyringView, ListenerView, SessionView

_PATIENCE_MS = 2000
_SAID_FOR_MS = 6000
_LONGEST = 40
_AROUND_BUTTONS = 5
"""What QStatusBar leaves above and below its widgets."""


class StatusLine(QStatusBar):
    """Passing messages stand at the left, over the listener; keyring and proxy keep their places at the right."""

    keyring_retry_requested = Signal()
    keyring_skip_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listener = ElidedLabel()
        self._keyring = plain_label()
        self._proxy = plain_label()
        self._retry = flat_button(self.tr("Try again"), "retry_keyring")
        self._retry.setAccessibleName(self.tr("Try the keyring again"))
        self._skip = flat_button(self.tr("Do not wait"), "skip_keyring")
        self._skip.setAccessibleName(self.tr("Do not wait for the keyring"))
        self._skip.setToolTip(self.tr("Secrets are then kept for this session only"))
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._on_patience_timeout)
        self._retry.clicked.connect(self.keyring_retry_requested)
        self._skip.clicked.connect(self.keyring_skip_requested)
        self._retry.hide()
        self._skip.hide()
        self.addWidget(self._listener, 1)
        for widget in (self._retry, self._skip, self._keyring, self._proxy):
            self.addPermanentWidget(widget)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show listener, keyring and proxy of a view."""
        self._listener.set_whole_text(self._listener_words(view.listener))
        self._show_keyring(view.keyring)
        self._proxy.setText(self.tr("Proxy: {proxy}").format(proxy=_short(view.proxy) or self.tr("none")))
        self._proxy.setToolTip(plain_tooltip(view.proxy) if view.proxy != _short(view.proxy) else "")
        # The least height of a style sheet counts in a status bar, and a button's words need more.
        self.setMinimumHeight(self._retry.sizeHint().height() + _AROUND_BUTTONS)

    @Slot(str)
    def say(self, text: str) -> None:
        """Show a text for some seconds."""
        self.showMessage(" ".join(text.split()), _SAID_FOR_MS)

    def _show_keyring(self, keyring: KeyringView) -> None:
        # Once it is found, secrets are being moved there: that is not to be stopped half-way.
        probing = keyring.status is KeyringStatus.PROBING and not keyring.description
        if probing and not self._patience.isActive() and self._skip.isHidden():
            self._patience.start()
        elif not probing:
            self._patience.stop()
            self._skip.hide()
        self._retry.setVisible(keyring.status is KeyringStatus.SESSION_ONLY)
        words = {
            KeyringStatus.PROBING: self.tr("Keyring: being asked…"),
            KeyringStatus.READY: self.tr("Keyring: {name}").format(name=_short(keyring.description)),
            KeyringStatus.SESSION_ONLY: self.tr("{mark} Secrets: kept for this session only").format(
                mark=Kind.WARNING.value
            ),
        }[keyring.status]
        self._keyring.setText(words)
        self._keyring.setToolTip(plain_tooltip(self._keyring_reason(keyring)))
        role = "warning" if keyring.status is KeyringStatus.SESSION_ONLY else ""
        if role != (self._keyring.property("role") or ""):
            self._keyring.setProperty("role", role)
            restyle(self._keyring)

    def _keyring_reason(self, keyring: KeyringView) -> str:
        if keyring.problem is not None:
            message = message_of(keyring.problem)
            return f"{message.title}. {message.text} {message.advice}"
        return keyring.description if keyring.description != _short(keyring.description) else ""

    def _listener_words(self, listener: ListenerView) -> str:
        if listener.status is ListenerStatus.LISTENING:
            addresses = self.tr(" and ").join(listener.addresses)
            return f"{Kind.SUCCESS.value} " + self.tr("Listening on {addresses}").format(addresses=addresses)
        if listener.status is ListenerStatus.STARTING:
            return f"{Kind.INFO.value} " + self.tr("Listener is starting…")
        return f"{Kind.QUIET.value} " + self.tr("Listener is off")

    @Slot()
    def _on_patience_timeout(self) -> None:
        self._skip.show()


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 + 1 :]}"
