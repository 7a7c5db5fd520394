"""Help > Keyboard shortcuts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSortFilterProxyModel, Qt, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QVBoxLayout,
)

from gui.widgets.parts import Button, plain_label
from gui.widgets.table_dress import dress_table
from gui.widgets.theme import GRID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

_MENU, _COMMAND, _SHORTCUT = range(3)
_ROW_HEIGHT = GRID * 3


class ShortcutsDialog(QDialog):
    """A table of menu, command and shortcut, each as the menus show it, with a filter over all three."""

    def __init__(self, rows: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.setMinimumSize(GRID * 48, GRID * 36)
        self.resize(GRID * 70, GRID * 62)
        self._rows = QStandardItemModel(0, 3, self)
        self._rows.setHorizontalHeaderLabels([self.tr("Menu"), self.tr("Command"), self.tr("Shortcut")])
        for row in rows:
            self._rows.appendRow([_item(text) for text in row])
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self._rows)
        self._shown.setFilterKeyColumn(-1)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._filter = QLineEdit(self)
        self._filter.setClearButtonEnabled(True)
        self._filter.setPlaceholderText(self.tr("A word of the command, or keys such as Ctrl"))
        self._filter.textChanged.connect(self._on_filter_text_changed)
        self._table = self._new_table()
        self._count = plain_label(role="muted", parent=self)
        self._close = Button(self.tr("C&lose"), parent=self)
        self._close.clicked.connect(self.close)
        self._lay_out()
        self._on_filter_text_changed("")

    def _lay_out(self) -> None:
        label = plain_label(self.tr("&Filter"), parent=self)
        label.setBuddy(self._filter)
        head = QHBoxLayout()
        head.addWidget(label)
        head.addWidget(self._filter, 1)
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self._table, 1)
        column.addLayout(foot)

    @Slot(str)
    def _on_filter_text_changed(self, text: str) -> None:
        self._shown.setFilterFixedString(text.strip())
        found = self._shown.rowCount()
        if found:
            words = self.tr("{shown} of {all} commands").format(shown=found, all=self._rows.rowCount())
        else:
            words = self.tr("No command has that in it. Clear the filter to see all.")
        self._count.setText(words)

    def _new_table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self._shown)
        table.setAccessibleName(self.tr("Keyboard shortcuts"))
        dress_table(table, _ROW_HEIGHT)
        table.setAlternatingRowColors(True)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(_MENU, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_COMMAND, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_SHORTCUT, QHeaderView.ResizeMode.ResizeToContents)
        return table


def _item(text: str) -> QStandardItem:
    """Return a cell; mnemonics of menus are taken out, a doubled & stands for one."""
    return QStandardItem(text.replace("&&", "\0").replace("&", "").replace("\0", "&"))
