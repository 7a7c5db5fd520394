"""Reads what an engineer pastes when the browser could not reach the listener: a URL, a query, or a bare code."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gui.concur.errors import PastedRedirectForeign, RedirectUndecodable
from gui.concur.models import Origin

if TYPE_CHECKING:
    from gui.concur.contract import Contract
    from gui.concur.models import Denial, RequestToken


def read_pasted_redirect(
    text: str,
    contract: Contract,
    redirect_url: str,
    *,
    origin: Origin = Origin.APP_CENTER,
    expected_state: str | None = None,
) -> RequestToken | Denial:
    """Read a pasted redirect. Raises RedirectError.

    `redirect_url` is the profile's, or the listener's with the port that was bound; it may lead to another machine.

    A bare code has no state to check; whoever pastes it vouches for it. A URL or query is judged like a redirect.
    Text with white space inside is no code but something else that lay in the clipboard; so is JSON.
    """
    pasted = text.strip().strip("<>\"'").strip()
    if pasted.startswith("{"):  # as a bare code it would be sent, whatever stands in it
        raise RedirectUndecodable(reason="JSON, and a redirect is an address or its query")
    query = _query_of(pasted, contract, redirect_url)
    if query is None:
        if any(letter.isspace() for letter in pasted):
            raise RedirectUndecodable(reason="white space inside a request token")
        origin, query = Origin.APP_CENTER, contract.query_of_bare_code(pasted)
    return contract.read_redirect(query, origin=origin, expected_state=expected_state, received_at=datetime.now(UTC))


def _query_of(pasted: str, contract: Contract, redirect_url: str) -> str | None:
    """Return the query of a URL, or the text itself where it is one; None for a bare code, which may end in "="."""
    if _SCHEME.match(pasted):
        return _query_of_url(pasted, redirect_url)
    before, mark, after = pasted.partition("#")[0].partition("?")
    if mark and "=" not in before:
        if "/" in before:  # address bars show URLs without their scheme
            host = f"//{urlsplit(redirect_url).netloc}" if pasted.startswith("/") else "//"
            return _query_of_url(f"http:{host}{pasted}", redirect_url)
        return after
    if "=" in pasted.rstrip("=") or pasted == contract.query_of_bare_code(""):
        return pasted.partition("#")[0]
    return None


def _query_of_url(pasted: str, redirect_url: str) -> str:
    try:
        parts = urlsplit(pasted)
        # https as well: a browser that insists on it is why people paste
        ours = parts.scheme in {"http", "https"} and _place(pasted) == _place(redirect_url)
    except ValueError:
        ours, parts = False, None
    if parts is None:
        raise RedirectUndecodable(reason="a URL whose host or port cannot be read")
    if not ours:
        seen = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
        raise PastedRedirectForeign(pasted=seen[:200], expected=redirect_url)
    return parts.query


def _place(url: str) -> tuple[str, int | None, str]:
    """Return what tells one redirect URL from another: host, port and path. Raises ValueError."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    return "localhost" if host in _SAME_MACHINE else host, parts.port, parts.path or "/"


_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_SAME_MACHINE = {"localhost", "127.0.0.1", "::1"}
