"""The redirect URL of a profile: the one truth about where to listen and what to accept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from gui.loopback.errors import (
    RedirectUrlElsewhere,
    RedirectUrlMalformed,
    RedirectUrlNotHttp,
    RedirectUrlPortMissing,
    RedirectUrlPortPrivileged,
)

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
_FIRST_FREE_PORT = 1024
_PATH = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*")
_DOT_STEP = re.compile(r"/(?:\.|%2[Ee]){1,2}(?=/|$)")
"""A browser resolves these before it asks, written with %2e as well (WHATWG URL), so no request could ever match."""


@dataclass(frozen=True, slots=True)
class RedirectUrl:
    """A redirect URL that this program can listen on."""

    host: str
    """As written, lower case, an IPv6 address without brackets."""
    port: int
    """0 asks for any free port."""
    path: str
    """At least "/"."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}{self.path}"

    def on_port(self, port: int) -> RedirectUrl:
        """Return the same URL with the port that was bound."""
        return RedirectUrl(self.host, port, self.path)


def parse_redirect_url(text: str) -> RedirectUrl:
    """Read a redirect URL as it is registered with Concur. Raises RedirectUrlError in one of its kinds."""
    if text != text.strip() or not text:
        raise RedirectUrlMalformed(reason="it is empty or has spaces around it")
    if not (text.isascii() and text.isprintable()):  # urlsplit drops line ends and tabs without a word
        raise RedirectUrlMalformed(reason="it has characters that have to be percent-encoded")
    problem = None
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        problem = "its host or port cannot be read"
    if problem is not None:
        raise RedirectUrlMalformed(reason=problem)
    if parts.scheme != "http":
        raise RedirectUrlNotHttp(scheme=parts.scheme[:20])
    if not host:
        raise RedirectUrlMalformed(reason="it names no host")
    if host not in _LOOPBACK_NAMES:
        raise RedirectUrlElsewhere(host=host)
    if parts.username is not None or "?" in text or "#" in text:
        raise RedirectUrlMalformed(reason="it must have no user name, no query and no fragment")
    return RedirectUrl(host, _checked_port(port), _checked_path(parts.path))


def _checked_port(port: int | None) -> int:
    if port is None:
        raise RedirectUrlPortMissing
    if 0 < port < _FIRST_FREE_PORT:
        raise RedirectUrlPortPrivileged(port=port)
    return port


def _checked_path(path: str) -> str:
    path = path or "/"
    if not _PATH.fullmatch(path) or _DOT_STEP.search(path):
        raise RedirectUrlMalformed(reason="its path has characters that have to be percent-encoded, or dots as steps")
    return path
