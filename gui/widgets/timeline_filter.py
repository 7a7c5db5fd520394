"""Which rows of the timeline are shown. A plain value; ten thousand rows take it a millisecond or two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.concur.models import Direction


class Filterable(Protocol):
    """What is asked of a row."""

    @property
    def searched(self) -> str:
        """What is looked for in, in lower case; made once, when the row is added."""

    @property
    def direction(self) -> Direction:
        """In or out."""

    @property
    def failed(self) -> bool:
        """Whether it is marked as failed."""


_Row = TypeVar("_Row", bound=Filterable)


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Every word has to be in a row, wherever; the default shows all."""

    words: tuple[str, ...] = ()
    """In lower case."""
    failed_only: bool = False
    direction: Direction | None = None
    """None for both."""

    @classmethod
    def of(cls, text: str, *, failed_only: bool = False, direction: Direction | None = None) -> RowFilter:
        """Return the filter for what somebody typed."""
        return cls(tuple(text.lower().split()), failed_only, direction)

    def passing(self, rows: Iterable[_Row]) -> list[_Row]:
        """Return the rows that are shown, in their order."""
        found = list(rows)
        if self.failed_only:
            found = [row for row in found if row.failed]
        if self.direction is not None:
            found = [row for row in found if row.direction is self.direction]
        for word in self.words:  # a pass for each: no call for each row
            found = [row for row in found if word in row.searched]
        return found
