"""Two data centres on one port, so that "user lives elsewhere" can be rehearsed (error 16, concur-wire.md 2.2)."""

from __future__ import annotations

from enum import Enum


class DataCentre(Enum):
    """The value is the path under which its endpoints live."""

    FIRST = ""
    SECOND = "/sandbox/data-centre-2"

    @property
    def other(self) -> DataCentre:
        """The one that error 16 points to."""
        return DataCentre.SECOND if self is DataCentre.FIRST else DataCentre.FIRST


class Home(Enum):
    """Where everybody lives."""

    FIRST = "first data centre"
    SECOND = "second data centre"
    NOWHERE = "neither: each points to the other"

    def is_at(self, centre: DataCentre) -> bool:
        """Tell whether users live there."""
        return self.name == centre.name

    def seen_from(self, centre: DataCentre) -> DataCentre:
        """Return the data centre that a token is told to live in."""
        return centre if self is Home.NOWHERE or self.is_at(centre) else centre.other
