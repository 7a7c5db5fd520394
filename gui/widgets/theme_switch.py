"""Keeps the look as chosen, and follows the system where that is the choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

from gui.widgets.theme import DARK, LIGHT, SYSTEM_CHOICE, apply_theme, wear, wear_system_colours

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication


class ThemeSwitch(QObject):
    """One for the program. Widgets need no connection: Qt tells them with PaletteChange and StyleChange."""

    changed = Signal()
    """The look has changed, by a choice or by the system."""

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        self._choice = SYSTEM_CHOICE
        self._choosing = False
        hints = app.styleHints()
        self._high_contrast = hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast
        hints.colorSchemeChanged.connect(self._on_hints_scheme_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._on_hints_contrast_changed)

    @property
    def choice(self) -> str:
        """What was chosen last: "system", "light" or "dark"."""
        return self._choice

    @Slot(str)
    def choose(self, choice: str) -> None:
        """Take on the look of a choice."""
        self._choice = choice
        self._choosing = True  # Qt may tell of the scheme that is being asked for here before the call is over
        apply_theme(self._app, choice, high_contrast=self._high_contrast)
        self._choosing = False
        self.changed.emit()

    @Slot(Qt.ColorScheme)
    def _on_hints_scheme_changed(self, scheme: Qt.ColorScheme) -> None:
        if self._choosing or self._choice != SYSTEM_CHOICE:
            return
        if self._high_contrast:
            wear_system_colours(self._app)
        else:
            wear(self._app, DARK if scheme is Qt.ColorScheme.Dark else LIGHT)
        self.changed.emit()

    @Slot(Qt.ContrastPreference)
    def _on_hints_contrast_changed(self, preference: Qt.ContrastPreference) -> None:
        self._high_contrast = preference is Qt.ContrastPreference.HighContrast
        if self._choice == SYSTEM_CHOICE:
            self.choose(SYSTEM_CHOICE)
