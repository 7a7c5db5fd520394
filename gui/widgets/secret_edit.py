"""A field for the consumer secret: masked until shown, and masked again on its own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from gui.session_requests import CopyRequest
from gui.widgets.parts import Button, set_words
from gui.widgets.secret_reveal import SHOWN_FOR_MS, SecretReveal
from gui.widgets.theme import GRID
from gui.widgets.trimmed_line import TrimmedLine

_COPYING = frozenset({"edit-copy", "edit-cut"})
"""Object names that Qt gives to two entries of its context menu."""


class _SecretLine(TrimmedLine):
    """What is copied while it is shown goes out as a request, so that it can be taken off the clipboard again."""

    copied = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        copying = event.matches(QKeySequence.StandardKey.Copy) or event.matches(QKeySequence.StandardKey.Cut)
        if not copying:
            super().keyPressEvent(event)
        elif self.echoMode() == QLineEdit.EchoMode.Normal and self.hasSelectedText():
            self.copied.emit(self.selectedText())
            if event.matches(QKeySequence.StandardKey.Cut) and not self.isReadOnly():
                self.insert("")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = self.createStandardContextMenu()
        for action in menu.actions():
            if action.objectName() in _COPYING:
                menu.removeAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())


class SecretEdit(QWidget):
    """The line, and a button that shows what is in it for 30 seconds or until its window is left."""

    changed = Signal()
    typed = Signal()
    """A person has changed it; what is trimmed of it is so after this."""
    trimmed = Signal()
    """Spaces or line breaks around it were removed: the owner says so."""
    copy_requested = Signal(CopyRequest)

    def __init__(self, parent: QWidget | None = None, *, shown_for_ms: int = SHOWN_FOR_MS) -> None:
        super().__init__(parent)
        self._line = _SecretLine()
        self._line.setEchoMode(QLineEdit.EchoMode.Password)
        hints = Qt.InputMethodHint
        self._line.setInputMethodHints(hints.ImhHiddenText | hints.ImhSensitiveData | hints.ImhNoPredictiveText)
        self._line.setAccessibleName(self.tr("Consumer secret"))
        self._toggle = Button("")
        set_words(self._toggle, self.tr("Show"), self.tr("Hide"))
        self._toggle.setCheckable(True)
        self._reveal = SecretReveal(self, shown_for_ms)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._line, 1)
        layout.addWidget(self._toggle)
        self.setFocusProxy(self._line)
        self._name_toggle()
        self._line.textChanged.connect(self._on_line_changed)
        self._line.typed.connect(self.typed)
        self._line.trimmed.connect(self.trimmed)
        self._line.copied.connect(self._on_line_copied)
        self._toggle.toggled.connect(self._on_toggle_toggled)
        self._reveal.changed.connect(self._on_reveal_changed)

    @property
    def line(self) -> QLineEdit:
        """The field itself, for a label's buddy and a description."""
        return self._line

    @property
    def toggle(self) -> Button:
        """The button that shows and masks."""
        return self._toggle

    @property
    def masked(self) -> bool:
        """Whether it cannot be read."""
        return self._line.echoMode() == QLineEdit.EchoMode.Password

    def secret(self) -> str:
        """Return what was typed or pasted."""
        return self._line.text()

    def set_placeholder(self, text: str) -> None:
        """Say, while nothing is typed, where the secret is or what will become of it."""
        self._line.setPlaceholderText(text)

    def set_kept_in(self, keyring: str | None) -> None:
        """Say that a secret is kept already. None is for this session only, "" for no secret.

        In which keyring is said beside the field: in it there is no room for such a name.
        """
        if keyring == "":
            self.set_placeholder("")
        elif keyring is None:
            self.set_placeholder(self.tr("kept for now; type to replace"))
        else:
            self.set_placeholder(self.tr("kept; type to replace"))

    def set_read_only(self, read_only: bool) -> None:
        """Take nothing, or take something again."""
        self._line.setReadOnly(read_only)
        self._toggle.setEnabled(not read_only)

    def wipe(self) -> None:
        """Forget what was typed."""
        self._line.clear()
        self._reveal.set_shown(shown=False)

    @Slot()
    def _on_line_changed(self) -> None:
        self.changed.emit()

    @Slot(str)
    def _on_line_copied(self, text: str) -> None:
        self.copy_requested.emit(CopyRequest(text, self.tr("Consumer secret"), secret=True))

    @Slot(bool)
    def _on_toggle_toggled(self, shown: bool) -> None:
        self._reveal.set_shown(shown)

    @Slot(bool)
    def _on_reveal_changed(self, shown: bool) -> None:
        self._line.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._toggle.setChecked(shown)
        self._name_toggle()

    def _name_toggle(self) -> None:
        shown = self._toggle.isChecked()
        self._toggle.setText(self.tr("Hide") if shown else self.tr("Show"))
        self._toggle.setAccessibleName(self.tr("Hide consumer secret") if shown else self.tr("Show consumer secret"))
