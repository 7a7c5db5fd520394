"""The timeline as a table: what each cell says is made once, when a row is added, and never holds a whole secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from gui.concur.models import Direction, Operation
from gui.flow.timeline import ROWS_KEPT
from gui.widgets.exchange_words import failure_words, has_failed, operation_words, what_of
from gui.widgets.parts import plain_tooltip
from gui.widgets.timeline_filter import RowFilter

if TYPE_CHECKING:
    from PySide6.QtCore import QModelRoleData, QModelRoleDataSpan

    from gui.concur.models import HttpExchange

_DROPPED_AT_ONCE = ROWS_KEPT // 20
"""Rows go in blocks: one at a time, each new row would cost what moving ten thousand costs."""
_LONGEST_WHAT = 600
_FAILED_SHAPE = "■"

Index = QModelIndex | QPersistentModelIndex
_Role = Qt.ItemDataRole
# Plain numbers: Qt's own names are looked up anew at each use, and painting asks for these thousands of times.
_DISPLAY, _ALIGNMENT, _FOREGROUND = int(_Role.DisplayRole), int(_Role.TextAlignmentRole), int(_Role.ForegroundRole)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Column(IntEnum):
    """In the order of the screen."""

    TIME = 0
    DIRECTION = 1
    WHAT = 2
    STATUS = 3
    MS = 4


@dataclass(slots=True, eq=False)
class TimelineRow:
    """One exchange and what the table says of it."""

    exchange: HttpExchange = field(repr=False)
    direction: Direction
    cells: tuple[str, ...] = field(repr=False)
    """By column."""
    failed: bool
    searched: str = field(repr=False)


class TimelineModel(QAbstractTableModel):
    """The latest rows, at most 10,000, and of these the ones that the filter lets through."""

    def __init__(self, parent: QObject | None = None, rows_kept: int = ROWS_KEPT) -> None:
        super().__init__(parent)
        self._rows_kept = rows_kept
        self._block = max(1, min(_DROPPED_AT_ONCE, rows_kept // 2))
        self._all: list[TimelineRow] = []
        self._shown: list[TimelineRow] = []
        self._filter = RowFilter()
        self._failed_count = 0
        self._failed_colour = QColor()
        self._directions = {Direction.IN: "← " + self.tr("in"), Direction.OUT: "→ " + self.tr("out")}
        self._operations = {operation: operation_words(operation) for operation in Operation}
        self._headings = {
            Column.TIME: self.tr("Time"),
            Column.DIRECTION: self.tr("Way"),
            Column.WHAT: self.tr("What"),
            Column.STATUS: self.tr("Status"),
            Column.MS: self.tr("ms"),
        }

    # What the panel does with it

    def add_rows(self, rows: tuple[HttpExchange, ...]) -> None:
        """Add rows at the end; beyond the bound the oldest go."""
        fresh = [self._row_of(exchange) for exchange in rows[-self._rows_kept :]]
        self._make_room(len(fresh))
        self._all += fresh
        self._failed_count += sum(row.failed for row in fresh)
        shown = self._filter.passing(fresh)
        if shown:
            first = len(self._shown)
            self.beginInsertRows(QModelIndex(), first, first + len(shown) - 1)
            self._shown += shown
            self.endInsertRows()

    def clear(self) -> None:
        """Drop every row; the filter stays."""
        self.beginResetModel()
        self._all, self._shown, self._failed_count = [], [], 0
        self.endResetModel()

    def set_filter(self, row_filter: RowFilter) -> None:
        """Show the rows that it lets through."""
        if row_filter == self._filter:
            return
        self.beginResetModel()
        self._filter = row_filter
        self._shown = row_filter.passing(self._all)
        self.endResetModel()

    def set_failed_colour(self, colour: QColor) -> None:
        """Take the colour of rows that failed from the theme; a shape in the status column says it too."""
        if colour != self._failed_colour:
            self._failed_colour = colour
            if self._shown:
                last = self.index(len(self._shown) - 1, len(Column) - 1)
                self.dataChanged.emit(self.index(0, 0), last, [_Role.ForegroundRole])

    @property
    def count(self) -> int:
        """How many rows are kept, shown or not."""
        return len(self._all)

    @property
    def failed_count(self) -> int:
        """How many of them failed."""
        return self._failed_count

    @property
    def latest(self) -> TimelineRow | None:
        """The newest row, shown or not."""
        return self._all[-1] if self._all else None

    def row_at(self, row: int) -> TimelineRow | None:
        """Return what a line of the table shows."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def line_of(self, row: TimelineRow) -> int:
        """Return the line that shows a row; -1 where it is filtered out or gone."""
        return self._shown.index(row) if row in self._shown else -1

    # Qt's side

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        return self._shown_of(self._shown[index.row()], index.column(), role)

    def multiData(self, index: Index, asked: QModelRoleDataSpan | QModelRoleData) -> None:
        # Asked once for all that a cell is painted with. Without it each of seven roles is a call into Python, and
        # under load each call waits for the interpreter: that is most of what the table costs.
        row, column = self._shown[index.row()], index.column()
        for one in asked:  # type: ignore[union-attr]  # a sequence, which the stubs do not say
            shown = self._shown_of(row, column, one.role())
            if shown is None:
                one.clearData()  # it may hold what was asked for before
            else:
                one.setData(shown)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == _Role.DisplayRole:
            return self._headings[Column(section)]
        if orientation == Qt.Orientation.Horizontal and role == _Role.TextAlignmentRole:
            return _RIGHT if section >= Column.STATUS else _LEFT
        return None

    # Privates

    def _shown_of(self, row: TimelineRow, column: int, role: int) -> object:
        shown: object = None
        if role == _DISPLAY:
            shown = row.cells[column]
        elif role == _ALIGNMENT:
            shown = _RIGHT if column >= Column.STATUS else _LEFT
        elif role == _FOREGROUND and row.failed:
            shown = self._failed_colour
        elif role == _Role.ToolTipRole:
            shown = plain_tooltip(self._told(row, column))
        elif role == _Role.AccessibleTextRole:
            shown = self._told(row, column)
        return shown

    def _told(self, row: TimelineRow, column: int) -> str:
        """Return what a cell says to somebody who does not see its place, its shape and its colour."""
        text = row.cells[column]
        if column == Column.WHAT:
            return f"{text} ({self._operations[row.exchange.operation]})"
        if column == Column.STATUS and row.failed:
            return self.tr("failed: {status}").format(status=text.removeprefix(_FAILED_SHAPE).strip())
        return text

    def _row_of(self, exchange: HttpExchange) -> TimelineRow:
        failed = has_failed(exchange)
        direction = self._directions[exchange.direction]
        what = what_of(exchange)
        if len(what) > _LONGEST_WHAT:
            what = f"{what[: _LONGEST_WHAT // 2]}…{what[-_LONGEST_WHAT // 2 :]}"
        status = self._status_of(exchange, failed=failed)
        cells = (
            exchange.started_at.astimezone().isoformat(timespec="milliseconds")[11:23],
            direction,
            what,
            status,
            f"{exchange.duration_ms:.0f}" if exchange.duration_ms >= 1 else "<1",
        )
        operation = self._operations[exchange.operation]
        failure = f" {failure_words(exchange.failure)}" if exchange.failure else ""
        searched = f"{what} {status} {direction} {operation}{failure}".lower()
        return TimelineRow(exchange, exchange.direction, cells, failed, searched)

    def _status_of(self, exchange: HttpExchange, *, failed: bool) -> str:
        if exchange.status is not None:
            said = str(exchange.status)
        else:
            said = failure_words(exchange.failure) if exchange.failure else self.tr("no answer")
        return f"{_FAILED_SHAPE} {said}" if failed else said

    def _make_room(self, wanted: int) -> None:
        surplus = len(self._all) + wanted - self._rows_kept
        if surplus <= 0:
            return
        going = self._all[: max(surplus, self._block)]
        # What is shown is in the same order: of the rows that go, the shown ones stand first there.
        leaving = set(map(id, going))
        shown = 0
        while shown < len(self._shown) and id(self._shown[shown]) in leaving:
            shown += 1
        if shown:
            self.beginRemoveRows(QModelIndex(), 0, shown - 1)
            del self._shown[:shown]
            self.endRemoveRows()
        del self._all[: len(going)]
        self._failed_count -= sum(row.failed for row in going)
