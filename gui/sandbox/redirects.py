"""Redirect URLs: which are usable, and how parameters are added to them (concur-wire.md 1.1, 2.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from gui.sandbox.errors import Refused
from gui.sandbox.records import Reason

if TYPE_CHECKING:
    from gui.sandbox.records import PendingConnection, RegisteredApp

_PLAIN = re.compile(r"[!-~]+")
_HOST_AND_PORT = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
"""No user name, no character that would end a source in a Content-Security-Policy."""


def check_redirect_url(url: str, app: RegisteredApp) -> None:
    """Raise Refused unless browsers can be sent there and it is the app's registered one, if it has one."""
    if not is_usable(url):
        raise Refused(reason=Reason.REDIRECT_URL_UNUSABLE)
    if app.redirect_url is not None and url != app.redirect_url:
        raise Refused(reason=Reason.REDIRECT_URL_NOT_REGISTERED)


def form_targets(*redirect_urls: str) -> tuple[str, ...]:
    """Return what a page's form may lead to: this server, and the app's own that answers its redirect.

    A Content-Security-Policy cannot name an IPv6 address (CSP 3, 2.3.1); there the scheme has to do.
    """
    targets = ["'self'"]
    for url in redirect_urls:
        parts = urlsplit(url)
        targets.append(f"{parts.scheme}:" if "[" in parts.netloc else f"{parts.scheme}://{parts.netloc}")
    return tuple(dict.fromkeys(targets))


def redirect_with(pending: PendingConnection, *parameters: tuple[str, str]) -> str:
    """Return where the browser goes: the redirect URL with these parameters, and with the state where one was sent."""
    query = "&".join(f"{name}={quote(value, safe='').replace('%20', '+')}" for name, value in parameters)
    address, hash_mark, fragment = pending.redirect_url.partition("#")
    if pending.state is not None:
        query += f"&state={quote(pending.state, safe='')}"
    joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
    return f"{address}{joint}{query}{hash_mark}{fragment}"


def is_usable(url: str) -> bool:
    """Tell whether a browser can be sent there: http or https, printable ASCII, a host and nothing beside it."""
    # Backslashes read as slashes in browsers and not in Python: what is checked would not be where they go.
    if not _PLAIN.fullmatch(url) or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
        port_is_possible = parts.port is None or parts.port > 0
    except ValueError:  # a broken IPv6 address, or a port past 65535
        return False
    return parts.scheme in ("http", "https") and port_is_possible and bool(_HOST_AND_PORT.fullmatch(parts.netloc))
