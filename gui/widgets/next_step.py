"""The one next thing to do, for the keyboard: Enter presses it, and the focus follows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QFrame, QRadioButton, QScrollArea, QWidget

from gui.widgets.ground import Ground
from gui.widgets.parts import Button

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_QUIET = frozenset({QWidget, Ground, QFrame, QScrollArea})
"""Kinds of widget that want nothing of Enter themselves. Fields, lists and tabs are none of them."""


class NextStep:
    """Qt knows default buttons in dialogs only; this is the same for a window."""

    def __init__(self, window: QWidget, parking: QWidget) -> None:
        self._window = window
        self._parking = parking
        self._owes_focus = False
        self._park()

    @property
    def button(self) -> Button | None:
        """The primary button, if it can be seen."""
        shown = (button for button in self._window.findChildren(Button) if button.primary)
        return next((button for button in shown if button.isVisibleTo(self._window)), None)

    def take_key(self, event: QKeyEvent) -> bool:
        """Handle Enter where the widget with the focus has left it alone: a button means itself, else the next step."""
        if event.key() not in _ENTER or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        focused = self._window.focusWidget()
        if isinstance(focused, QAbstractButton):
            target = None if isinstance(focused, QCheckBox | QRadioButton) else focused
        elif focused is None or type(focused) in _QUIET or focused is self._window:
            target = self.button
        else:
            target = None
        if target is None or not target.isEnabled():
            return False
        target.click()
        return True

    def focused_button(self) -> QAbstractButton | None:
        """Return the button that has the focus now: to be asked before a view is rendered."""
        focused = self._window.focusWidget()
        return focused if isinstance(focused, QAbstractButton) else None

    def follow(self, before: QAbstractButton | None, *, due: bool) -> None:
        """After a view was rendered: where the pressed button is gone, hand its focus to the next step.

        Where there is none yet (an exchange under way), the next one gets it, unless the user has moved on. `due` is
        whether there is one: to look for it takes a walk through the whole window.
        """
        if before is not None and not (before.isEnabled() and before.isVisibleTo(self._window)):
            # Away from whatever Qt chose as the next in line: that may be one that destroys.
            self._park()
        if not self._owes_focus:
            return
        button = self.button if due else None
        if self._window.focusWidget() is not self._parking:
            self._owes_focus = False  # the user has chosen where to be
        elif button is not None and button.isEnabled():
            self._owes_focus = False
            button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _park(self) -> None:
        self._owes_focus = True
        self._parking.setFocus(Qt.FocusReason.OtherFocusReason)
