"""The data centres of both contracts (concur-wire.md 3), to choose from instead of typing a URL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class DataCentre:
    """One place where Concur runs."""

    name: str
    """In words. "US", "EMEA" and the like are Concur's; what an implementation site is called here is ours."""
    base_url: str
    """Its origin, as `check_base_url` returns it."""


LEGACY_DATA_CENTRES = (
    DataCentre("US", "https://www.concursolutions.com"),
    DataCentre("EMEA", "https://eu1.concursolutions.com"),
    DataCentre("US implementation", "https://implementation.concursolutions.com"),
    DataCentre("EMEA implementation", "https://eu1imp.concursolutions.com"),
)
CURRENT_DATA_CENTRES = (
    DataCentre("Global (first exchange)", "https://glz.api.concursolutions.com"),
    DataCentre("US", "https://us.api.concursolutions.com"),
    DataCentre("US 2", "https://us2.api.concursolutions.com"),
    DataCentre("EMEA", "https://emea.api.concursolutions.com"),
    DataCentre("EU", "https://eu.api.concursolutions.com"),
    DataCentre("EU 2", "https://eu2.api.concursolutions.com"),
    DataCentre("APJ 1", "https://apj1.api.concursolutions.com"),
    DataCentre("US government", "https://usg.api.concursolutions.com"),
    DataCentre("China", "https://cn.api.concurcdc.cn"),
    DataCentre("US implementation", "https://us-impl.api.concursolutions.com"),
    DataCentre("EMEA implementation", "https://emea-impl.api.concursolutions.com"),
)


def data_centre_of(base_url: str, centres: Iterable[DataCentre]) -> DataCentre | None:
    """Return the data centre with that origin, however it is written; None for any other one, or for no URL."""
    # Late: the window is painted before the types of errors are imported.
    from gui.concur.application import check_base_url  # noqa: PLC0415
    from gui.concur.errors import BaseUrlInvalid  # noqa: PLC0415

    try:
        origin = check_base_url(base_url)
    except BaseUrlInvalid:
        return None
    return next((centre for centre in centres if centre.base_url == origin), None)
