"""The scopes of the legacy contract (concur-wire.md 1.1) in plain words for the consent page. The words are ours."""

from __future__ import annotations

SCOPE_WORDS = {
    "ATTEND": "Attendees of expenses",
    "CONFIG": "Configuration of the company",
    "ERECPT": "Electronic receipts",
    "EXPRPT": "Expense reports",
    "EXTRCT": "Extracts of company records",
    "IMAGE": "Images of receipts",
    "INSGHT": "Insight on travel and spending",
    "INVPO": "Invoices and purchase orders",
    "ITINER": "Travel itineraries",
    "LIST": "Lists of the company",
    "MTNG": "Meetings",
    "PAYBAT": "Payment batches",
    "TRVPRF": "Travel profiles",
    "TRVREQ": "Travel requests",
    "TWS": "Travel web services",
    "USER": "User accounts",
}
"""Scope to what it opens, all sixteen of them."""


def unknown_scopes(asked: tuple[str, ...], registered: tuple[str, ...]) -> tuple[str, ...]:
    """Return what is asked for and is not the app's. No registered scopes: any documented one may be asked for."""
    return tuple(scope for scope in asked if scope not in (registered or SCOPE_WORDS))
