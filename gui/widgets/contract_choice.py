"""Which of the two contracts an app connects by, told by what its redirect carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QLabel, QRadioButton, QVBoxLayout

from gui.concur.contract import CONTRACTS
from gui.widgets.parts import restyle
from gui.widgets.theme import GRID
from gui.widgets.words import translated
from gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from gui.concur.contract import ContractFacts


class ContractChoice(QFrame):
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
            self._group.addButton(card.radio)
        self._title.setBuddy(next(iter(self._cards.values())).radio)
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
        return next((name for name, card in self._cards.items() if card.radio.isChecked()), "")

    @property
    def radios(self) -> tuple[QRadioButton, ...]:
        """What is chosen with, in the order of the screen."""
        return tuple(card.radio for card in self._cards.values())

    def choose(self, name: str) -> None:
        """Choose the contract of a profile; it may have none yet, or one that this version does not know."""
        if name in self._cards:
            self._cards[name].radio.setChecked(True)
        self._show_word(name)

    def set_focus(self) -> None:
        """Put the cursor on the one that is chosen, or on the first."""
        name = self.contract or next(iter(self._cards))
        self._cards[name].radio.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_word(self, name: str) -> None:
        word = ""
        if not name:
            word = self.tr("Choose it first: data centres, scopes and the exchange go by it.")
        elif name not in self._cards:
            word = self.tr('The profile names "{name}", which this version does not know.').format(name=name)
        self._word.set_whole_text(word)
        for card in self._cards.values():
            card.show_state()

    @Slot(QAbstractButton)
    def _on_group_clicked(self, _radio: QAbstractButton) -> None:
        self._show_word(self.contract)
        self.chosen.emit(self.contract)


class _Radio(QRadioButton):
    """Side by side with its like, and reached with Up and Down all the same."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        sideways = {Qt.Key.Key_Up: Qt.Key.Key_Left, Qt.Key.Key_Down: Qt.Key.Key_Right}
        key = sideways.get(Qt.Key(event.key()))
        super().keyPressEvent(event if key is None else QKeyEvent(event.type(), key, event.modifiers()))


class _ContractCard(QFrame):
    """A radio button, what it means, and a line about that. All of it can be pressed."""

    def __init__(self, facts: ContractFacts) -> None:
        super().__init__()
        self.setProperty("role", "choice")
        self.radio = _Radio()
        self.radio.setObjectName(f"contract_{facts.name}")
        self.radio.setAccessibleName(translated(facts.redirect_words))
        self.radio.setAccessibleDescription(translated(facts.about))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(WrappedLabel(translated(facts.redirect_words)))
        words.addWidget(WrappedLabel(translated(facts.about), role="small"))
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID, GRID // 2 + 2, GRID, GRID // 2 + 2)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.radio, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.radio.setFocus(Qt.FocusReason.MouseFocusReason)
            self.radio.click()
        else:
            super().mouseReleaseEvent(event)

    def show_state(self) -> None:
        """Show whether it is the one."""
        chosen = self.radio.isChecked()
        if chosen != bool(self.property("chosen")):
            self.setProperty("chosen", chosen)
            restyle(self)
