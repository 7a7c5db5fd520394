"""Which of the two contracts an app connects by, told by what its redirect carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.concur.contract import CONTRACTS
from gui.widgets.theme import GRID
from gui.widgets.words import translated
from gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from gui.concur.contract import ContractFacts

_MARK_WIDTH = 3 * GRID
"""Of the mark that the style sheet puts into the corner, and the gap beside it."""


class ContractChoice(QWidget):
    """One card for each contract. Nothing is chosen until its user does, or a profile says so."""

    chosen = Signal(str)
    """Name of the contract that the user has chosen."""

    def __init__(self) -> None:
        super().__init__()
        self._title = QLabel(self.tr("Con&tract"))
        self._word = WrappedLabel(role="small")
        self._group = QButtonGroup(self)
        self._cards = {name: _ContractCard(facts) for name, facts in CONTRACTS.items()}
        for card in self._cards.values():
            self._group.addButton(card)
        self._title.setBuddy(next(iter(self._cards.values())))
        self._group.buttonClicked.connect(self._on_group_clicked)
        cards, head = QHBoxLayout(), QHBoxLayout()
        cards.setSpacing(GRID)
        for card in self._cards.values():
            cards.addWidget(card, 1)
        head.setSpacing(2 * GRID)
        head.addWidget(self._title)
        head.addWidget(self._word, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(head)
        layout.addLayout(cards)

    @property
    def contract(self) -> str:
        """Name of the one that is chosen; "" for none."""
        return next((name for name, card in self._cards.items() if card.isChecked()), "")

    def choose(self, name: str) -> None:
        """Choose the contract of a profile; it may have none yet, or one that this version does not know."""
        if name in self._cards:
            self._cards[name].setChecked(True)
        self._show_word(name)

    def set_focus(self) -> None:
        """Put the cursor on the one that is chosen, or on the first."""
        name = self.contract or next(iter(self._cards))
        self._cards[name].setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_word(self, name: str) -> None:
        word = ""
        if not name:
            word = self.tr("Choose it first: data centres, scopes and the exchange go by it.")
        elif name not in self._cards:
            word = self.tr('The profile names "{name}", which this version does not know.').format(name=name)
        self._word.set_whole_text(word)

    @Slot(QAbstractButton)
    def _on_group_clicked(self, _radio: QAbstractButton) -> None:
        self._show_word(self.contract)
        self.chosen.emit(self.contract)


class _ContractCard(QRadioButton):
    """A radio button as large as the words beside it: what it means, and a line about that."""

    def __init__(self, facts: ContractFacts) -> None:
        super().__init__()
        self.setProperty("role", "choice")
        self.setObjectName(f"contract_{facts.name}")
        self.setAccessibleName(translated(facts.redirect_words))
        self.setAccessibleDescription(translated(facts.about))
        layout, words = QHBoxLayout(self), QVBoxLayout()
        layout.setContentsMargins(GRID, GRID - 2, GRID, GRID - 2)
        layout.setSpacing(0)
        layout.addSpacing(_MARK_WIDTH)  # a space changes sides with the language, a margin does not
        layout.addLayout(words, 1)
        words.setSpacing(2)
        for label in (
            WrappedLabel(translated(facts.redirect_words)),
            WrappedLabel(translated(facts.about), role="small"),
        ):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            words.addWidget(label)
        words.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return super().sizeHint() if layout is None else layout.totalSizeHint()

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        return super().minimumSizeHint() if layout is None else layout.totalMinimumSize()

    def hitButton(self, place: QPoint) -> bool:
        return self.rect().contains(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # They stand side by side, and Up and Down lead from one to the next all the same.
        sideways = {Qt.Key.Key_Up: Qt.Key.Key_Left, Qt.Key.Key_Down: Qt.Key.Key_Right}
        key = sideways.get(Qt.Key(event.key()))
        super().keyPressEvent(event if key is None else QKeyEvent(event.type(), key, event.modifiers()))
