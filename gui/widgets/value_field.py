"""One value of a form: read-only, to be selected and copied; a secret one is masked until it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from gui.session_requests import CopyRequest
from gui.widgets.masking import beginning_of_text
from gui.widgets.parts import Button, plain_tooltip, set_words
from gui.widgets.secret_reveal import SecretReveal, masked
from gui.widgets.theme import code_font

if TYPE_CHECKING:
    from gui.concur.redaction import Redactor

_LONGEST_TOOLTIP = 1000
_LONGEST_ECHO = 2000
"""Characters of a value that somebody else has chosen; Raw shows the rest."""


class ValueField(QWidget):
    """A value and a button that copies it."""

    copy_requested = Signal(CopyRequest)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._value = ""
        self.line = _Line()
        self.line.copy_triggered.connect(self._on_line_copied)
        self.copy_button = Button(self.tr("Copy"), role="flat")
        self.copy_button.setEnabled(False)
        self.copy_button.clicked.connect(self._on_copy_clicked)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)
        self.row.addWidget(self.line, 1)
        self.row.addWidget(self.copy_button)
        self.setFocusProxy(self.line)
        self.set_name(name)

    def set_name(self, name: str) -> None:
        """Say what the value is, to those who cannot see it and beside what is copied."""
        if name != self._name:
            self._name = name
            self.line.setAccessibleName(name)
            self.copy_button.setAccessibleName(self.tr("Copy {what}").format(what=name))

    def set_value(self, value: str, absent: str = "") -> None:
        """Show another value; `absent` says why there is none."""
        self.line.setPlaceholderText("" if value else absent)
        if value != self._value:
            self._value = value
            self.copy_button.setEnabled(bool(value))
            self.refresh_line()

    def set_copying(self, *, allowed: bool) -> None:
        """Allow the button or not."""
        self.copy_button.setEnabled(allowed and bool(self._value))

    @property
    def value(self) -> str:
        """The value itself, however it is shown."""
        return self._value

    @property
    def readable(self) -> bool:
        """Whether the value itself can be read now."""
        return True

    @property
    def secret(self) -> bool:
        """Whether it is a secret."""
        return False

    def refresh_line(self) -> None:
        """Show the value as it may be shown now."""
        self.line.setText(self._value if self.readable else masked(self._value))
        self.line.setCursorPosition(0)
        if not self.secret:
            self.line.setToolTip(plain_tooltip(self._value[:_LONGEST_TOOLTIP]))

    @Slot()
    def _on_copy_clicked(self) -> None:
        self.copy_requested.emit(CopyRequest(self._value, self._name, secret=self.secret))

    @Slot(str)
    def _on_line_copied(self, text: str) -> None:
        self.copy_requested.emit(CopyRequest(text, self._name, secret=self.secret and self.readable))


class EchoField(ValueField):
    """A value that whoever answers has chosen: it may echo a secret, which is masked, and be of any length."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._secrets: Redactor | None = None
        self._revealed = False

    @property
    def readable(self) -> bool:
        return self._revealed

    @property
    def secret(self) -> bool:
        return self._secrets is not None and self._secrets.touches(self._value)

    def set_secrets(self, secrets: Redactor) -> None:
        """Say what it may echo."""
        self._secrets = secrets
        self.refresh_line()

    def set_revealed(self, revealed: bool) -> None:
        """Show what is masked, or mask it."""
        if revealed != self._revealed:
            self._revealed = revealed
            self.refresh_line()

    def refresh_line(self) -> None:
        beginning, is_whole = beginning_of_text(self._value, None if self._revealed else self._secrets, _LONGEST_ECHO)
        self.line.setText(beginning if is_whole else f"{beginning}…")
        self.line.setCursorPosition(0)
        masked_beginning, _ = beginning_of_text(self._value, self._secrets, _LONGEST_TOOLTIP)
        self.line.setToolTip(plain_tooltip(masked_beginning))


class SecretField(ValueField):
    """A secret: its button shows it, and it is masked again after 30 seconds or when the window is left."""

    all_masking_requested = Signal()
    """Hide was pressed while the secrets of the whole panel are shown."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._all_shown = False
        self._reveal = SecretReveal(self)
        self._reveal.changed.connect(self._on_reveal_changed)
        self.show_button = Button("", role="flat")
        set_words(self.show_button, self.tr("Show"), self.tr("Hide"))
        self.show_button.clicked.connect(self._on_show_clicked)
        self.row.insertWidget(1, self.show_button)
        self._word_button()

    @property
    def readable(self) -> bool:
        return self._all_shown or self._reveal.shown

    @property
    def secret(self) -> bool:
        return True

    def set_value(self, value: str, absent: str = "") -> None:
        if value != self.value:
            self._reveal.set_shown(shown=False)
        super().set_value(value, absent)

    def set_revealed(self, revealed: bool) -> None:
        """Follow what the panel does with all its secrets."""
        self._all_shown = revealed
        if not revealed:
            self._reveal.set_shown(shown=False)
        self._show_as_it_is()

    def _show_as_it_is(self) -> None:
        self.refresh_line()
        self._word_button()

    def _word_button(self) -> None:
        if self.readable:
            self.show_button.setText(self.tr("Hide"))
            self.show_button.setAccessibleName(self.tr("Hide {what}").format(what=self._name))
        else:
            self.show_button.setText(self.tr("Show"))
            self.show_button.setAccessibleName(self.tr("Show {what}").format(what=self._name))

    @Slot()
    def _on_show_clicked(self) -> None:
        if self._all_shown:
            self.all_masking_requested.emit()
        else:
            self._reveal.set_shown(shown=not self._reveal.shown)

    @Slot(bool)
    def _on_reveal_changed(self, _shown: bool) -> None:
        self._show_as_it_is()


class _Line(QLineEdit):
    """Read-only. What is copied goes out as a signal, so that a secret leaves the clipboard again."""

    copy_triggered = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFont(code_font())
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            if self.hasSelectedText():
                self.copy_triggered.emit(self.selectedText())
        else:
            super().keyPressEvent(event)
