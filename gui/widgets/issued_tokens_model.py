"""The rows of the list of issued tokens, as Qt's tables want them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.widgets.issued_rows import IssuedRow

Index = QModelIndex | QPersistentModelIndex
PROFILE, STATE, ISSUED, EXPIRES, KEPT, PURPOSE = range(6)
_NOWHERE = QModelIndex()


class IssuedTokensModel(QAbstractTableModel):
    """Read-only. Rows that only change are not taken away, so that what is selected stays so."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[IssuedRow, ...] = ()
        self._names = (
            self.tr("Profile"),
            self.tr("State"),
            self.tr("Issued"),
            self.tr("Expires"),
            self.tr("Kept in"),
            self.tr("Purpose"),
        )

    def show_rows(self, rows: Sequence[IssuedRow]) -> None:
        """Show other rows."""
        old, new = self._rows, tuple(rows)
        if old == new:
            return
        if [row.token_id for row in old] == [row.token_id for row in new]:
            self._rows = new
            self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, len(self._names) - 1))
        else:
            self.beginResetModel()
            self._rows = new
            self.endResetModel()

    def row_at(self, number: int) -> IssuedRow | None:
        """Return a row; None where there is none of that number."""
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def number_of(self, token_id: str) -> int:
        """Return where a token stands; -1 where it does not."""
        return next((number for number, row in enumerate(self._rows) if row.token_id == token_id), -1)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._names)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self._names):
            if role == Qt.ItemDataRole.DisplayRole:
                return self._names[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._names[index.column()]}: {self._text(row, index.column())}"
        return None

    def _text(self, row: IssuedRow, column: int) -> str:
        state = f"{row.kind.value} {row.state}"
        # Line breaks in a profile's name would be drawn as such.
        profile = " ".join(row.profile.split())
        return (profile, state, row.issued, row.expires, row.kept, row.purpose)[column]


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignTrailing if column in {ISSUED, EXPIRES} else Qt.AlignmentFlag.AlignLeading
    return side | Qt.AlignmentFlag.AlignVCenter
