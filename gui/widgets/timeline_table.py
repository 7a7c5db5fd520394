"""The table of the timeline: compact rows, newest last, and at its end for as long as the user is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from gui.widgets.table_dress import dress_table
from gui.widgets.theme import code_font, small_font, theme_of
from gui.widgets.timeline_model import Column, TimelineModel

if TYPE_CHECKING:
    from gui.widgets.timeline_model import Index, TimelineRow

_ROW_HEIGHT = 22
_LINE_GAP = 6
_WIDEST = {
    Column.TIME: "00:00:00.000",
    Column.DIRECTION: "→ out",
    Column.STATUS: "■ connection refused",
    Column.MS: "000000",
}
_CELL_PADDING = 24
_SAME_MARGINS = "QHeaderView::section { padding: 3px; }"
"""So that headings stand exactly above what they head: three pixels are what the style leaves beside a cell's text. A
style sheet for the cells would make them twice as long to paint."""


class TimelineTable(QTableView):
    """Rows are chosen whole. Home and End go to the first and the last of them."""

    opened = Signal()
    """A row was double-clicked, or Enter pressed on it."""
    chosen = Signal()
    """Another row, or none, is current."""

    def __init__(self, model: TimelineModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = model
        self._following = True
        self.setModel(model)
        self.setFont(code_font())
        self.setStyleSheet(_SAME_MARGINS)
        dress_table(self, _ROW_HEIGHT)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lay_out_rows()
        self._lay_out_columns()
        self._take_colours()
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._on_range_changed)
        bar.valueChanged.connect(self._on_value_changed)
        self.doubleClicked.connect(self._on_double_clicked)
        model.rowsAboutToBeRemoved.connect(self._on_rows_about_to_be_removed)
        model.modelReset.connect(self.chosen)

    @property
    def following(self) -> bool:
        """Whether the end is in sight, so that what is added scrolls into it."""
        return self._following

    @property
    def current_row(self) -> TimelineRow | None:
        """The row that the user has chosen."""
        index = self.currentIndex()
        return self._rows.row_at(index.row()) if index.isValid() else None

    def choose(self, row: TimelineRow | None) -> None:
        """Make a row current and show it, where it is among those shown."""
        line = self._rows.line_of(row) if row is not None else -1
        if line >= 0:
            self.setCurrentIndex(self._rows.index(line, Column.WHAT))
            self.scrollTo(self.currentIndex())

    def follow(self) -> None:
        """Go to the end and stay there."""
        self._following = True
        self.scrollToBottom()

    # Qt's side

    def paintEvent(self, event: QPaintEvent) -> None:
        # Begun in Python, all of the painting keeps the interpreter. Begun in Qt, each of the hundreds of questions to
        # the model would wait for it, and while other threads are busy that takes ten times as long as the painting.
        super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if plain and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self.currentIndex().isValid():
                self.opened.emit()
            return
        if plain and event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End} and self._rows.rowCount():
            line = 0 if event.key() == Qt.Key.Key_Home else self._rows.rowCount() - 1
            self.setCurrentIndex(self._rows.index(line, Column.WHAT))
            return
        super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.chosen.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange}:
            self._take_colours()
        elif event.type() == QEvent.Type.FontChange:
            self._lay_out_rows()
            self._lay_out_columns()

    # Slots and privates

    @Slot(int, int)
    def _on_range_changed(self, _lowest: int, highest: int) -> None:
        if self._following:
            self.verticalScrollBar().setValue(highest)

    @Slot(int)
    def _on_value_changed(self, value: int) -> None:
        self._following = value >= self.verticalScrollBar().maximum()

    @Slot(QModelIndex)
    def _on_double_clicked(self, _index: QModelIndex) -> None:
        self.opened.emit()

    @Slot(QModelIndex, int, int)
    def _on_rows_about_to_be_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        if not self._following:  # whoever reads further up goes on reading the same rows
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() - (last - first + 1) * self.verticalHeader().defaultSectionSize())

    def _lay_out_rows(self) -> None:
        lines = self.verticalHeader()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        height = max(_ROW_HEIGHT, QFontMetrics(self.font()).height() + _LINE_GAP)
        lines.setMinimumSectionSize(height)
        lines.setDefaultSectionSize(height)

    def _lay_out_columns(self) -> None:
        header = self.horizontalHeader()
        header.setFont(small_font(header.font()))
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(40)
        metrics = QFontMetrics(self.font())
        for column in Column:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            if column in _WIDEST:
                header.resizeSection(column, metrics.horizontalAdvance(_WIDEST[column]) + _CELL_PADDING)
        header.setSectionResizeMode(Column.WHAT, QHeaderView.ResizeMode.Stretch)

    def _take_colours(self) -> None:
        self._rows.set_failed_colour(QColor(theme_of(self).danger))
