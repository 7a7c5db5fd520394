"""The menu bar, filled from the table of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from gui.widgets.menu_table import MENUS, Command

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

    from gui.session_state import Control
    from gui.session_view import SessionView
    from gui.widgets.menu_table import MenuItem

_CONTEXT = "Menus"


class Menus:
    """Fills a menu bar. What an action does is connected by whoever wires the window."""

    def __init__(self, bar: QMenuBar) -> None:
        self._bar = bar
        self._actions: dict[Command, QAction] = {}
        self._controls: dict[Command, Control] = {}
        self._themes: dict[str, QAction] = {}
        self._rows: list[tuple[str, str, str]] = []
        self._theme_group = QActionGroup(bar)
        for title, items in MENUS:
            self._fill(bar.addMenu(_translated(title)), items)
        self._actions[Command.SHOW_TIMELINE].setCheckable(True)
        self._actions[Command.QUIT].setMenuRole(QAction.MenuRole.QuitRole)
        self._actions[Command.ABOUT].setMenuRole(QAction.MenuRole.AboutRole)

    def action(self, command: Command) -> QAction:
        """Return the action of a command."""
        return self._actions[command]

    def render(self, view: SessionView) -> None:
        """Enable what the view allows."""
        for command, control in self._controls.items():
            self._actions[command].setEnabled(control in view.controls)
        self._actions[Command.SIMULATE_APP_CENTER].setVisible(view.simulated)

    def show_theme(self, choice: str) -> None:
        """Mark the theme that is chosen."""
        self._themes[choice].setChecked(True)

    def show_timeline_folded(self, *, folded: bool) -> None:
        """Mark whether the timeline is open."""
        self._actions[Command.SHOW_TIMELINE].setChecked(not folded)

    def shortcuts(self) -> tuple[tuple[str, str, str], ...]:
        """Return menu, text and shortcut of every command, as the menus show them; the shortcut may be ""."""
        return tuple(self._rows)

    def _fill(self, menu: QMenu, items: tuple[MenuItem | None, ...]) -> None:
        for item in items:
            if item is None:
                menu.addSeparator()
                continue
            action = _action_of(item, self._bar)
            menu.addAction(action)
            self._actions[item.command] = action
            if item.control is not None:
                self._controls[item.command] = item.control
            if item.theme:
                action.setCheckable(True)
                self._theme_group.addAction(action)
                self._themes[item.theme] = action
            native = QKeySequence.SequenceFormat.NativeText
            keys = ", ".join(sequence.toString(native) for sequence in action.shortcuts())
            self._rows.append((_without_mnemonic(menu.title()), _without_mnemonic(action.text()), keys))


def _action_of(item: MenuItem, parent: QWidget) -> QAction:
    action = QAction(_translated(item.text), parent)
    action.setObjectName(item.command.name.lower())
    action.setShortcuts([QKeySequence(keys) for keys in item.keys])
    return action


def _translated(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def _without_mnemonic(text: str) -> str:
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")
