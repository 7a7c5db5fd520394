"""The clipboard: a secret leaves it after a minute, and when the program quits, if it is still ours."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QClipboard, QGuiApplication

from gui.session_requests import CopyRequest

if TYPE_CHECKING:
    from collections.abc import Callable

SECRET_STAYS_MS = 60_000

_KDE_HINT = ("x-kde-passwordManagerHint", b"secret")
"""Klipper, and most clipboard histories of Linux since, leave out what carries it."""
_WINDOWS_HINTS = (
    ("ExcludeClipboardContentFromMonitorProcessing", b"1"),
    ("CanIncludeInClipboardHistory", b"\0\0\0\0"),
    ("CanUploadToCloudClipboard", b"\0\0\0\0"),
    ("Clipboard Viewer Ignore", b"1"),
)
"""learn.microsoft.com/windows/win32/dataxchg/clipboard-formats. The last one is what third-party histories look for."""
_WINDOWS_FORMAT = 'application/x-qt-windows-mime;value="{}"'
"""How Qt puts a registered format of Windows there under its own name."""


class Clipboard(QObject):
    """Copies what the window asks for. Of a secret it keeps a hash, to know it again; never the secret.

    macOS has a convention as well (org.nspasteboard.ConcealedType), and Qt for Python no way to follow it.
    """

    copied = Signal(str)
    """A sentence for the status bar, without what was copied."""

    def __init__(self, parent: QObject | None = None, *, secret_stays_ms: int = SECRET_STAYS_MS) -> None:
        super().__init__(parent)
        self._holds_secret: Callable[[str], bool] | None = None
        self._key = secrets.token_bytes(32)
        self._ours: bytes | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(secret_stays_ms)
        self._timer.timeout.connect(self._on_timer_timeout)

    def guard_selection(self, holds_secret: Callable[[str], bool]) -> None:
        """From now on keep secrets out of the X11 selection, where a middle click would find them. End with `close`."""
        if _clipboard().supportsSelection() and self._holds_secret is None:
            self._holds_secret = holds_secret
            _clipboard().selectionChanged.connect(self._on_selection_changed)

    def close(self) -> None:
        """Take our secret off the clipboard, and guard nothing more. PySide6 6.11 crashes where this is left out."""
        self.forget_secrets()
        if self._holds_secret is not None:
            self._holds_secret = None
            _clipboard().selectionChanged.disconnect(self._on_selection_changed)

    @Slot(CopyRequest)
    def copy(self, request: CopyRequest) -> None:
        """Put a text on the clipboard, in place of whatever is there."""
        if request.secret:
            _clipboard().setMimeData(_hidden_from_histories(request.text))
            self._ours = self._hash_of(request.text)
            self._timer.start()
            sentence = self.tr("{what} copied; it leaves the clipboard in a minute")
        else:
            self._forget()
            _clipboard().setText(request.text)
            sentence = self.tr("{what} copied")
        self.copied.emit(sentence.format(what=request.what))

    @Slot()
    def forget_secrets(self) -> None:
        """Take our secret off the clipboard now; what another program put there since stays."""
        if self._ours is not None and hmac.compare_digest(self._ours, self._hash_of(_clipboard().text())):
            _clipboard().clear()
        self._forget()

    @Slot()
    def _on_selection_changed(self) -> None:
        """Take a secret that was selected in the window out of the X11 selection: to look at it is not to copy it."""
        selection = QClipboard.Mode.Selection
        holds_secret = self._holds_secret
        if holds_secret is None or not _clipboard().ownsSelection():
            return
        if holds_secret(_clipboard().text(selection)):
            _clipboard().clear(selection)

    @Slot()
    def _on_timer_timeout(self) -> None:
        self.forget_secrets()

    def _forget(self) -> None:
        self._ours = None
        self._timer.stop()

    def _hash_of(self, text: str) -> bytes:
        # Windows changes the line ends of what passes its clipboard.
        plain = text.replace("\r\n", "\n").encode("utf-8", "surrogatepass")
        return hashlib.blake2b(plain, key=self._key).digest()


def _clipboard() -> QClipboard:
    return QGuiApplication.clipboard()


def _hidden_from_histories(text: str) -> QMimeData:
    """Return the text with the marks of its system for "not into a history".

    The marks are those that password managers built on Qt set. Tried here: that Qt offers them under X11. Untested:
    what each history makes of them, and Windows altogether.
    """
    content = QMimeData()
    content.setText(text)
    if sys.platform == "win32":
        for name, value in _WINDOWS_HINTS:
            content.setData(_WINDOWS_FORMAT.format(name), value)
    else:
        content.setData(*_KDE_HINT)
    return content
