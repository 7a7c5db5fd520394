"""The scopes of both contracts in plain words for the consent page (concur-wire.md 1.1). The words are ours."""

from __future__ import annotations

import re

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


CURRENT_SCOPE_WORDS = {
    "openid": "Who is connected",
    "user.read": "Profiles of users",
    "company.read": "Profile of the company",
    "expense.report.read": "Expense reports",
    "expense.report.readwrite": "Expense reports, to change",
    "receipts.read": "Receipts",
    "receipts.writeonly": "Receipts, to add some",
    "travel.receipts.read": "Receipts of travel",
    "purchaserequest.read": "Purchase requests",
}
"""Examples of scopes of the current contract: nothing here lists all of them, and others are taken as well."""
DEFAULT_CURRENT_SCOPES = ("openid", "user.read", "company.read")
"""Of an app that was registered without any."""
_SCOPE = re.compile(r"[!#-\[\]-~]{1,200}")
"""RFC 6749, 3.3; the length is ours."""


def unknown_current_scopes(asked: tuple[str, ...], registered: tuple[str, ...], *, known_only: bool) -> tuple[str, ...]:
    """Return what is no scope at all; with `known_only` also what is neither the app's nor an example."""
    known = registered or tuple(CURRENT_SCOPE_WORDS)
    return tuple(scope for scope in asked if not _SCOPE.fullmatch(scope) or (known_only and scope not in known))
