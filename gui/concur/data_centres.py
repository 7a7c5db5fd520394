"""The data centres of the legacy contract (concur-wire.md 3), to choose from instead of typing a URL."""

from __future__ import annotations

from dataclasses import dataclass

from gui.concur.application import check_base_url
from gui.concur.errors import BaseUrlInvalid


@dataclass(frozen=True, slots=True)
class DataCentre:
    """One place where Concur runs."""

    name: str
    """In words. "US" and "EMEA" are Concur's; what an implementation site is called here is ours."""
    base_url: str
    """Its origin, as `check_base_url` returns it."""


DATA_CENTRES: tuple[DataCentre, ...] = (
    DataCentre("US", "https://www.concursolutions.com"),
    DataCentre("EMEA", "https://eu1.concursolutions.com"),
    DataCentre("US implementation", "https://implementation.concursolutions.com"),
    DataCentre("EMEA implementation", "https://eu1imp.concursolutions.com"),
)


def data_centre_of(base_url: str) -> DataCentre | None:
    """Return the data centre with that origin, however it is written; None for any other one, or for no URL."""
    try:
        origin = check_base_url(base_url)
    except BaseUrlInvalid:
        return None
    return next((centre for centre in DATA_CENTRES if centre.base_url == origin), None)
