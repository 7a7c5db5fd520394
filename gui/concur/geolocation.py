"""Which places that Concur names may be sent what is secret (concur-wire.md 2.2, 3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gui.concur.answers import is_usable_instance_url

if TYPE_CHECKING:
    from gui.concur.models import LiveToken

_CONCUR_DOMAINS = (".concursolutions.com", ".concurcdc.cn")
"""Concur's own: whoever asks one of these hosts asks Concur."""
_DATA_CENTRE_DOMAINS = (".api.concursolutions.com", ".api.concurcdc.cn")
"""Below these Concur runs its data centres (3)."""
_GEOLOCATION = re.compile(
    r"https?://(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/[\w.~-]+)*/?", re.ASCII
)
"""Plain enough to be read alike by whoever checks it and by whoever connects."""
_HTTPS_PORT = 443
_NAMES_OF_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""By these the same server is called."""


def is_geolocation(geolocation: str, asked_url: str) -> bool:
    """Whether a place that an answer or a redirect names may be sent the consumer secret.

    Only what belongs to whom the profile asks: the same host and port, or one of Concur's data centres (3) where it
    asks Concur. A simulated one has them all on its own port, under base paths.
    """
    if not _GEOLOCATION.fullmatch(geolocation) or not is_usable_instance_url(geolocation, asked_url):
        return False
    there, asked = urlsplit(geolocation), urlsplit(asked_url)
    if there.scheme != asked.scheme:
        return False
    if there.scheme == "http":  # loopback on both sides by now, and other addresses there are other people's
        same_host = there.hostname == asked.hostname or {there.hostname, asked.hostname} <= _NAMES_OF_LOOPBACK
        return same_host and there.port == asked.port
    ports = [_HTTPS_PORT if parts.port is None else parts.port for parts in (there, asked)]  # port 0 is one, too
    if there.hostname == asked.hostname and ports[0] == ports[1]:
        return True
    concur_is_asked = (asked.hostname or "").endswith(_CONCUR_DOMAINS)
    is_data_centre = (there.hostname or "").endswith(_DATA_CENTRE_DOMAINS)
    return concur_is_asked and is_data_centre and there.port in {None, _HTTPS_PORT}


def place_of(token: LiveToken) -> str:
    """Return where calls with a token go: its geolocation, or where it was exchanged."""
    geolocation = (token.instance_url or "").rstrip("/")
    return geolocation if is_geolocation(geolocation, token.base_url) else token.base_url
