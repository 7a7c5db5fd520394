"""A choice among names that may be longer than their place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QComboBox, QStyleOptionComboBox, QToolTip

from gui.widgets.parts import plain_tooltip
from gui.widgets.theme import GRID

_FRAME_AND_ARROW = 8 * GRID
"""More than a choice takes beside its text, in every style."""


class NameChoice(QComboBox):
    """Names that have no room are elided instead of cut."""

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        super().initStyleOption(option)
        whole = self.currentText()
        if self.fontMetrics().horizontalAdvance(whole) < self.width() - _FRAME_AND_ARROW:
            return
        from PySide6.QtWidgets import QStyle  # noqa: PLC0415  # 600 names that the first paint has no use for

        place = QStyle.SubControl.SC_ComboBoxEditField
        room = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, place, self).width()
        option.currentText = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideMiddle, room - GRID)

    def event(self, event: QEvent) -> bool:
        # A tooltip that is set is read aloud as a description, the name for the second time.
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), plain_tooltip(self.currentText()), self)
            return True
        return super().event(event)
