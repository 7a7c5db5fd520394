"""Help > About."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import PySide6
from PySide6.QtCore import Qt, Signal, Slot, qVersion
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gui import __version__
from gui.session_requests import CopyRequest
from gui.widgets.parts import Button, Card, ElidedLabel, plain_label, title_label
from gui.widgets.table_dress import dress_table
from gui.widgets.theme import GRID, code_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.licences import Component

_NAME, _VERSION, _LICENCE = range(3)
_ROW_HEIGHT = GRID * 3


class AboutDialog(QDialog):
    """Name, versions, licence, whose work is built in, and whose names are used here."""

    copy_requested = Signal(CopyRequest)

    def __init__(self, licence_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About App Center Flow"))
        self.setMinimumSize(GRID * 56, GRID * 60)
        self.resize(GRID * 84, GRID * 68)
        self._versions = self._version_rows()
        self._notices_text = ""
        self._licence = _text_view(self.tr("Licence of App Center Flow"), self)
        self._licence.setPlainText(licence_text)
        self._rows = QStandardItemModel(0, 3, self)
        self._rows.setHorizontalHeaderLabels([self.tr("Name"), self.tr("Version"), self.tr("Licence")])
        self._built_in = self._new_table()
        self._notices = _text_view(self.tr("Notices of what is built in"), self)
        self._tabs = QTabWidget(self)
        for named in (self._tabs, self._tabs.tabBar()):
            named.setAccessibleName(self.tr("Licences"))
        self._tabs.addTab(self._licence, self.tr("&MIT licence"))
        self._tabs.addTab(self._built_in, self.tr("&Built in"))
        self._tabs.addTab(self._notices, self.tr("&Notices"))
        self._copy = Button(self.tr("&Copy versions"), parent=self)
        self._close = Button(self.tr("C&lose"), parent=self)
        self._tabs.currentChanged.connect(self._on_tab_changed)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._close.clicked.connect(self.close)
        self._lay_out()
        self._close.setFocus()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.setSpacing(GRID)
        column.addWidget(title_label(f"App Center Flow {__version__}", self))
        column.addWidget(
            plain_label(
                self.tr("Build, test and certify an SAP Concur App Center connection on one machine."),
                wrap=True,
                parent=self,
            )
        )
        column.addWidget(
            plain_label(
                self.tr("Not affiliated with SAP. SAP, Concur and App Center are names of their owner."),
                wrap=True,
                parent=self,
            )
        )
        card = Card(self)
        rows = QGridLayout()
        rows.setHorizontalSpacing(GRID * 2)
        rows.setVerticalSpacing(GRID // 2)
        rows.setColumnStretch(1, 1)
        for number, (name, version) in enumerate(self._versions[1:]):
            rows.addWidget(plain_label(name, role="muted", parent=card), number, 0)
            rows.addWidget(ElidedLabel(version, code=True, parent=card), number, 1)
        card.body.addLayout(rows)
        column.addWidget(card)
        column.addWidget(self._tabs, 1)
        column.addWidget(
            plain_label(
                self.tr("Qt and PySide6 are used under the LGPL, version 3. The notices say how to replace them."),
                role="small",
                wrap=True,
                parent=self,
            )
        )
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        column.addLayout(buttons)

    def show_built_in(self, components: Sequence[Component], notices_text: str) -> None:
        """Fill in whose work is built in, which takes a moment to be read."""
        self._rows.setRowCount(0)
        for one in components:
            self._rows.appendRow([QStandardItem(text) for text in (one.name, one.version, one.licence)])
        self._notices_text = notices_text
        self._notices.clear()
        self._on_tab_changed(self._tabs.currentIndex())

    def as_text(self) -> str:
        """Return the versions, for a report."""
        return "\n".join(f"{name} {version}" for name, version in self._versions) + "\n"

    @Slot()
    def _on_copy_clicked(self) -> None:
        self.copy_requested.emit(CopyRequest(text=self.as_text(), what=self.tr("Versions")))

    @Slot(int)
    def _on_tab_changed(self, _index: int) -> None:
        # Some five thousand lines: not before somebody wants to read them.
        if self._tabs.currentWidget() is self._notices and self._notices.document().isEmpty():
            self._notices.setPlainText(self._notices_text)

    def _new_table(self) -> QTableView:
        table = QTableView(self)
        table.setModel(self._rows)
        table.setAccessibleName(self.tr("What is built in"))
        dress_table(table, _ROW_HEIGHT)
        table.setAlternatingRowColors(True)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(_VERSION, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(_LICENCE, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(_NAME, GRID * 26)
        header.resizeSection(_VERSION, GRID * 20)
        return table

    def _version_rows(self) -> tuple[tuple[str, str], ...]:
        return (
            ("App Center Flow", __version__),
            ("Python", platform.python_version()),
            ("Qt", qVersion()),
            ("PySide6", PySide6.__version__),
            (self.tr("System"), platform.platform()),
        )


def _text_view(name: str, parent: QWidget) -> QPlainTextEdit:
    view = QPlainTextEdit(parent)
    view.setAccessibleName(name)
    view.setReadOnly(True)
    view.setTabChangesFocus(True)
    view.setFont(code_font())
    return view
