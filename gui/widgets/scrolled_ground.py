"""What scrolls in a scroll area, and is as high as its texts need."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget


class ScrolledGround(QWidget):
    """A scroll area gives too little height to labels that wrap: it does not ask again once they do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "ground")

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.setMinimumHeight(max(0, self.heightForWidth(self.width())))
        return handled
