"""Which rows of the timeline are shown. A plain value: asking it costs less than a microsecond for each row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
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

    @property
    def shows_all(self) -> bool:
        """Whether nothing is left out."""
        return self == RowFilter()

    def accepts(self, row: Filterable) -> bool:
        """Whether a row is shown."""
        if self.failed_only and not row.failed:
            return False
        if self.direction is not None and row.direction is not self.direction:
            return False
        searched = row.searched
        return all(word in searched for word in self.words)
