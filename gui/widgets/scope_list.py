"""The scopes that an app may ask for: those of its contract to tick, and others by name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gui.sandbox.scopes import CURRENT_SCOPE_WORDS, SCOPE_WORDS
from gui.widgets.parts import Button, ElidedLabel, plain_label
from gui.widgets.theme import GRID
from gui.widgets.words import translated

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from gui.concur.contract import ContractFacts

_SCOPE = Qt.ItemDataRole.UserRole
_LIST_HEIGHT = 19 * GRID
_WORDS = SCOPE_WORDS | CURRENT_SCOPE_WORDS


class _AddLine(QLineEdit):
    """Enter adds what is in it, and leaves the dialog's own button alone."""

    add_requested = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.text().strip():
            self.add_requested.emit()
            event.accept()
        else:
            super().keyPressEvent(event)


class ScopeList(QWidget):
    """Scopes to tick, and the value that comes of it, separated as the contract has it."""

    changed = Signal()
    """Other scopes are ticked than before."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given: tuple[str, ...] = ()
        self._offered: tuple[str, ...] = ()
        self._separator = " "
        self._word_for_others = ""
        self._title = QLabel(self.tr("Sc&opes"))
        self._all = Button(self.tr("All"), role="flat")
        self._none = Button(self.tr("None"), role="flat")
        self._rows = QListWidget()
        self._new = _AddLine()
        self._add = Button(self.tr("Add"))
        self._value = ElidedLabel(code=True)
        self._name_parts()
        self._lay_out()
        self._show_value()
        self._rows.itemChanged.connect(self._on_rows_item_changed)
        self._all.clicked.connect(self._on_all_clicked)
        self._none.clicked.connect(self._on_none_clicked)
        self._add.clicked.connect(self._on_add_requested)
        self._new.add_requested.connect(self._on_add_requested)
        self._new.textChanged.connect(self._on_new_text_changed)

    def scopes(self) -> tuple[str, ...]:
        """Return what is ticked: what was given in its own order, then the rest in the order of the list."""
        ticked = [item.data(_SCOPE) for item in self._items() if item.checkState() == Qt.CheckState.Checked]
        given = [scope for scope in self._given if scope in ticked]
        return (*given, *(scope for scope in ticked if scope not in given))

    def offer(self, contract: ContractFacts | None) -> None:
        """List the scopes of a contract, none of them ticked; None where nobody knows which there are."""
        self._offered = contract.scopes if contract is not None else ()
        self._separator = contract.scope_separator if contract is not None else " "
        lists_all = contract is not None and contract.lists_all_scopes
        self._word_for_others = self.tr("not one of Concur's documented scopes") if lists_all else ""
        self._rows.blockSignals(True)  # noqa: FBT003  # Qt's own
        self._rows.clear()
        for scope in self._offered:
            self._append(scope, ticked=False)
        self._rows.blockSignals(False)  # noqa: FBT003  # the same
        self.set_scopes(())

    def set_scopes(self, scopes: tuple[str, ...]) -> None:
        """Tick these and no others; those that Concur does not document become rows of their own."""
        self._given = tuple(dict.fromkeys(scopes))
        self._rows.blockSignals(True)  # noqa: FBT003  # Qt's own
        for item in self._items()[len(self._offered) :]:
            self._rows.takeItem(self._rows.row(item))
        for scope in self._given:
            if scope not in self._offered:
                self._append(scope, ticked=True)
        self._tick(self._given)
        self._rows.blockSignals(False)  # noqa: FBT003  # Qt's own
        self._show_value()

    def _append(self, scope: str, *, ticked: bool) -> None:
        words = translated(_WORDS.get(scope, "")) if scope in self._offered else self._word_for_others
        item = QListWidgetItem(f"{scope} · {words}" if words else scope, self._rows)
        item.setData(_SCOPE, scope)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        item.setSizeHint(QSize(0, self.fontMetrics().height() + GRID))

    def _items(self) -> list[QListWidgetItem]:
        return [self._rows.item(row) for row in range(self._rows.count())]

    def _tick(self, scopes: tuple[str, ...]) -> None:
        for item in self._items():
            ticked = item.data(_SCOPE) in scopes
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)

    def _change_to(self, scopes: tuple[str, ...]) -> None:
        before = self.scopes()
        self._rows.blockSignals(True)  # noqa: FBT003  # one word for the whole change, not sixteen
        self._tick(scopes)
        self._rows.blockSignals(False)  # noqa: FBT003  # the same
        self._announce(before)

    def _announce(self, before: tuple[str, ...]) -> None:
        self._show_value()
        if self.scopes() != before:
            self.changed.emit()

    def _show_value(self) -> None:
        value = self._separator.join(self.scopes())
        self._value.set_whole_text(value or self.tr("none"))

    @Slot(QListWidgetItem)
    def _on_rows_item_changed(self, _item: QListWidgetItem) -> None:
        self._show_value()
        self.changed.emit()

    @Slot()
    def _on_all_clicked(self) -> None:
        self._change_to(tuple(item.data(_SCOPE) for item in self._items()))

    @Slot()
    def _on_none_clicked(self) -> None:
        self._change_to(())

    @Slot()
    def _on_add_requested(self) -> None:
        before = self.scopes()
        known = {item.data(_SCOPE) for item in self._items()}
        wanted = tuple(dict.fromkeys(scope for scope in re.split(r"[,\s]+", self._new.text()) if scope))
        self._rows.blockSignals(True)  # noqa: FBT003  # one word for all that was typed
        for scope in wanted:
            if scope not in known:
                self._append(scope, ticked=True)
        self._tick((*before, *wanted))
        self._rows.blockSignals(False)  # noqa: FBT003  # the same
        self._new.clear()
        if wanted:
            self._rows.scrollToItem(next(item for item in self._items() if item.data(_SCOPE) == wanted[-1]))
        self._announce(before)

    @Slot(str)
    def _on_new_text_changed(self, text: str) -> None:
        self._add.setEnabled(bool(text.strip(", \t\n")))

    def _name_parts(self) -> None:
        self._title.setBuddy(self._rows)
        self._rows.setAccessibleName(self.tr("Scopes"))
        self._rows.setAccessibleDescription(self.tr("The space bar ticks and unticks."))
        self._rows.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self._rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows.setMinimumHeight(_LIST_HEIGHT)
        self._all.setAccessibleName(self.tr("All scopes"))
        self._none.setAccessibleName(self.tr("No scopes"))
        self._new.setPlaceholderText(self.tr("another scope"))
        self._new.setAccessibleName(self.tr("Another scope"))
        self._add.setAccessibleName(self.tr("Add scope"))
        self._add.setEnabled(False)

    def _lay_out(self) -> None:
        head, tail, sent = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._all)
        head.addWidget(self._none)
        tail.setSpacing(GRID)
        tail.addWidget(self._new, 1)
        tail.addWidget(self._add)
        sent.setSpacing(GRID)
        sent.addWidget(plain_label(self.tr("Asked for:"), role="small"))
        sent.addWidget(self._value, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(head)
        layout.addWidget(self._rows, 1)
        note = self.tr("The names are Concur's; the words beside them are ours.")
        layout.addWidget(plain_label(note, role="small", wrap=True))
        layout.addLayout(tail)
        layout.addLayout(sent)
