"""A row of buttons that moves the less important ones into a menu where it has no room for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLayout, QMenu, QSizePolicy, QWidget

from gui.widgets.parts import Button

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = 8


class ActionRow(QWidget):
    """Groups of buttons on the left and on the right; `leaving` says which go into the menu, in which order.

    Each step of `leaving` goes as a whole. A primary button never goes.
    """

    def __init__(self, left: Sequence[QWidget], right: Sequence[QWidget], leaving: Sequence[Sequence[Button]]) -> None:
        super().__init__()
        self._all = (*left, *right)
        self._leaving = tuple(tuple(step) for step in leaving)
        self._in_menu: tuple[Button, ...] = ()
        self._hints = (QSize(), QSize())
        self.more = Button(self.tr("More"))
        self._menu = QMenu(self.more)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._on_menu_opening)
        self._menu.triggered.connect(self._on_menu_triggered)
        self.more.setMenu(self._menu)
        self.more.setAccessibleDescription(self.tr("Further actions with this token"))
        self.more.hide()
        row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # minimumSizeHint knows it better
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        for button in left:
            row.addWidget(button)
        row.addWidget(self.more)
        row.addStretch(1)
        for button in right:
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def in_menu(self) -> tuple[Button, ...]:
        """Buttons that are in the menu now."""
        return self._in_menu

    def fit(self) -> None:
        """Look once more at what has room: after a button has another text, or is primary now."""
        hints = (self.sizeHint(), self.minimumSizeHint())
        if hints != self._hints:
            self._hints = hints
            self.updateGeometry()
        gone: tuple[Button, ...] = ()
        for step in self._leaving:
            if self._width_without(gone) <= self.width():
                break
            gone += tuple(button for button in step if not button.primary)
        self._put_into_menu(gone)

    def sizeHint(self) -> QSize:
        return QSize(self._width_without(()), self._height())

    def minimumSizeHint(self) -> QSize:
        last = tuple(button for step in self._leaving for button in step if not button.primary)
        return QSize(self._width_without(last), self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self.fit()

    def _width_without(self, gone: tuple[Button, ...]) -> int:
        shown = [part for part in self._all if part not in gone] + ([self.more] if gone else [])
        return sum(part.sizeHint().width() for part in shown) + _GAP * len(shown)

    def _height(self) -> int:
        return max(part.sizeHint().height() for part in self._all)

    def _put_into_menu(self, gone: tuple[Button, ...]) -> None:
        if gone == self._in_menu:
            return
        left_behind = next((button for button in gone if button.hasFocus()), None)
        self._in_menu = gone
        self.more.setVisible(bool(gone))
        for step in self._leaving:
            for button in step:
                button.setVisible(button not in gone)
        if left_behind is not None:
            self.more.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_menu_opening(self) -> None:
        self._menu.clear()
        for button in self._in_menu:
            action = self._menu.addAction(button.text())
            action.setEnabled(button.isEnabled())
            action.setToolTip(button.toolTip())
            action.setCheckable(button.isCheckable())
            action.setChecked(button.isChecked())
            action.setData(self._in_menu.index(button))

    @Slot(QAction)
    def _on_menu_triggered(self, action: QAction) -> None:
        self._in_menu[action.data()].click()
