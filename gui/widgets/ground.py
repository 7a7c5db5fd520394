"""What all of the window stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent


class Ground(QWidget):
    """Has the focus while there is nothing to press, and looks the same with it."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "ground")

    def focusInEvent(self, _event: QFocusEvent) -> None:
        """Paint nothing: QWidget would have itself painted anew, and with it the whole window."""

    def focusOutEvent(self, _event: QFocusEvent) -> None:
        """Paint nothing, for the same reason."""
