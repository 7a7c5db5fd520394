"""A button that says the same in fewer words where it has little room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.widgets.parts import Button

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent


class BriefButton(Button):
    """Never narrower than its few words need. A screen reader says all of them."""

    def __init__(self, *, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__("", role=role, parent=parent)
        self._whole, self._brief = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def set_words(self, whole: str, brief: str) -> None:
        """Say this."""
        if (whole, brief) != (self._whole, self._brief):
            self._whole, self._brief = whole, brief
            self.setAccessibleName(whole)
            self.updateGeometry()
            self._fit()

    def sizeHint(self) -> QSize:
        return self._size_for(self._whole)

    def minimumSizeHint(self) -> QSize:
        return self._size_for(self._brief)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _size_for(self, words: str) -> QSize:
        size = super().sizeHint()
        return QSize(size.width() + self._width_of(words) - self._width_of(self.text()), size.height())

    def _width_of(self, words: str) -> int:
        return self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, words).width()  # as Qt measures a button

    def _fit(self) -> None:
        fits = self.width() >= self.sizeHint().width()
        self.setText(self._whole if fits else self._brief)
        self.setToolTip("" if fits else self._whole)
