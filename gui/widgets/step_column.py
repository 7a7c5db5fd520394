"""The four steps above each other; the current one is kept in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gui.widgets.parts import Button
from gui.widgets.scrolled_ground import ScrolledGround
from gui.widgets.step_card import Step
from gui.widgets.theme import GRID

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from gui.widgets.step_card import StepCard

_WIDTH = 372


class StepColumn(QScrollArea):
    """Never narrower than the widest card needs, and scrolled to the current step when that changes or room is lost."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: tuple[StepCard, ...] = ()
        self._current: StepCard | None = None
        self._wanted: StepCard | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._on_soon_timeout)
        steps = ScrolledGround()
        self._steps = QVBoxLayout(steps)
        self._steps.setContentsMargins(0, 0, 0, 0)
        self._steps.setSpacing(GRID)
        self.setWidget(steps)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Steps"))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)

    def take(self, cards: tuple[StepCard, ...]) -> None:
        """Take the cards in, from top to bottom; once, when the column has its place in the window."""
        self._cards = cards
        for card in cards:
            self._steps.addWidget(card)
        self._steps.addStretch(1)

    def follow_current(self) -> None:
        """After the cards were rendered: make them fit, and bring a new current step into sight."""
        widest = max(card.minimumSizeHint().width() for card in self._cards)
        self.setMinimumWidth(widest + self.verticalScrollBar().sizeHint().width())
        current = next((card for card in self._cards if card.step is Step.CURRENT), None)
        if current is not self._current:
            self._current = current
            self.bring_into_sight(current)

    def bring_into_sight(self, card: StepCard | None) -> None:
        """Scroll to a card, once it has its new height."""
        self._wanted = card
        self._soon.start()

    def sizeHint(self) -> QSize:
        return QSize(max(_WIDTH, self.minimumWidth()), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().height() < event.oldSize().height():
            self.bring_into_sight(self._current)

    @Slot()
    def _on_soon_timeout(self) -> None:
        # A turn of the event loop later: only then do the cards have their new heights.
        if self._wanted is not None:
            top = self._wanted.y()
            self.ensureVisible(0, top + self._wanted.height(), 0, GRID)
            self.ensureVisible(0, top, 0, 0)
            # Of a card that is higher than the column, the one next thing to do counts most.
            for button in self._wanted.findChildren(Button):
                if button.primary:
                    self.ensureWidgetVisible(button, 0, GRID)
