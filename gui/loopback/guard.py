"""Tells a browser's top-level navigation to the redirect URL from everything else that comes to the port."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.loopback.http import Request
    from gui.loopback.redirect_url import RedirectUrl


class Stray(Enum):
    """Why a request cannot be the redirect."""

    FOREIGN_HOST = "named another host"
    OTHER_PATH = "asked for another path"
    OTHER_METHOD = "used another method"
    NOT_A_NAVIGATION = "came from inside another page"
    PREFETCH = "was a prefetch"


STATUS_OF_STRAY = {
    Stray.FOREIGN_HOST: 403,
    Stray.OTHER_PATH: 404,
    Stray.OTHER_METHOD: 405,
    Stray.NOT_A_NAVIGATION: 403,
    Stray.PREFETCH: 403,
}


def stray_reason(request: Request, redirect_url: RedirectUrl) -> Stray | None:
    """Return why a request is not the redirect, or None if it may be.

    Requests without the browser's Sec-Fetch headers pass: older browsers, curl and servers do not send them.
    """
    if not names_this_listener(request, loopback_hosts(redirect_url.port)):
        return Stray.FOREIGN_HOST
    if request.path != redirect_url.path:
        return Stray.OTHER_PATH
    if request.method not in {"GET", "HEAD"}:
        return Stray.OTHER_METHOD
    return _stray_reason_of_browser_headers(request)


_HTTP_PORT = 80
"""Browsers leave it out of the Host header."""
_PURPOSE_HEADERS = {"sec-purpose", "purpose", "x-purpose", "x-moz"}
_PURPOSES_OF_NOBODY_LOOKING = ("prefetch", "prerender", "preview")
_NAVIGATION = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


def _stray_reason_of_browser_headers(request: Request) -> Stray | None:
    reason = None
    for name, value in request.headers:
        if name in _PURPOSE_HEADERS and any(purpose in value.lower() for purpose in _PURPOSES_OF_NOBODY_LOOKING):
            return Stray.PREFETCH
        if name in _NAVIGATION and value != _NAVIGATION[name]:
            reason = Stray.NOT_A_NAVIGATION
    return reason


@cache
def loopback_hosts(port: int) -> frozenset[str]:
    """Return the values of a Host header that name this machine and port, lower case."""
    names = ("localhost", "127.0.0.1", "[::1]")
    return frozenset(f"{name}:{port}" for name in names) | (frozenset(names) if port == _HTTP_PORT else frozenset())


def names_this_listener(request: Request, hosts: frozenset[str]) -> bool:
    """Whether Host, and the authority of an absolute-form target, name this listener and nobody else."""
    named = list(request.header_values("host"))
    if request.authority is not None:
        named.append(request.authority)
    return bool(named) and all(name.strip().lower() in hosts for name in named)
