"""The line above the timeline: what is looked for, and what can be done with the rows."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget

from gui.concur.kinds import Direction
from gui.widgets.parts import Button
from gui.widgets.theme import GRID
from gui.widgets.timeline_filter import RowFilter


class TimelineBar(QWidget):
    """Filter and buttons."""

    filter_changed = Signal()
    copy_curl_requested = Signal()
    export_requested = Signal()
    clear_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = QLineEdit()
        self._text.setPlaceholderText(self.tr("Filter"))
        self._text.setAccessibleName(self.tr("Filter of the timeline"))
        self._text.setAccessibleDescription(
            self.tr("Words that a row must hold: part of an address, a status, what the exchange is for")
        )
        self._text.setToolTip(self._text.accessibleDescription())
        self._direction = QComboBox()
        self._direction.setAccessibleName(self.tr("Direction"))
        self._direction.setToolTip(self.tr("Which way the exchanges went"))
        self._direction.addItem(self.tr("Both"), None)
        self._direction.addItem(self.tr("In"), Direction.IN)
        self._direction.addItem(self.tr("Out"), Direction.OUT)
        self._failed = QCheckBox(self.tr("Failed only"))
        self._curl = Button(self.tr("Copy as cURL"))
        self._export = Button(self.tr("Export…"))
        self._export.setAccessibleDescription(self.tr("Writes the timeline to a HAR file"))
        self._clear = Button(self.tr("Clear"))
        self._clear.setAccessibleDescription(self.tr("Drops every row of the timeline"))
        self._lay_out()
        self._text.textChanged.connect(self._on_filter_edited)
        self._direction.currentIndexChanged.connect(self._on_filter_edited)
        self._failed.toggled.connect(self._on_filter_edited)
        self._curl.clicked.connect(self.copy_curl_requested)
        self._export.clicked.connect(self.export_requested)
        self._clear.clicked.connect(self.clear_requested)
        self.set_any_rows(False)
        self.set_row_chosen(False)

    @property
    def row_filter(self) -> RowFilter:
        """What the user wants to see."""
        return RowFilter.of(
            self._text.text(), failed_only=self._failed.isChecked(), direction=self._direction.currentData()
        )

    def make_clear_button(self) -> None:
        """Give the filter its button to clear it, which is not seen while it is empty; its icon takes a while."""
        self._text.setClearButtonEnabled(True)

    def focus_filter(self) -> None:
        """Put the cursor into the filter, what is in it selected."""
        self._text.setFocus()
        self._text.selectAll()

    def set_any_rows(self, any_rows: bool) -> None:
        """Say whether there is anything to export and to clear."""
        self._export.setEnabled(any_rows)
        self._clear.setEnabled(any_rows)

    def set_row_chosen(self, chosen: bool) -> None:
        """Say whether there is a row to copy."""
        self._curl.setEnabled(chosen)

    @Slot()
    def _on_filter_edited(self) -> None:
        self.filter_changed.emit()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GRID)
        self._text.setMinimumWidth(10 * GRID)
        self._text.setMaximumWidth(36 * GRID)
        line.addStretch(1)
        line.addWidget(self._text, 3)
        for control in (self._direction, self._failed, self._curl, self._export, self._clear):
            line.addWidget(control)
