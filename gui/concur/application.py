"""Checks what the user typed about a registered app, before any of it is sent."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from gui.concur.errors import (
    BaseUrlInvalid,
    ConsumerCredentialBlank,
    ConsumerCredentialPadded,
    ConsumerCredentialUnsendable,
)
from gui.concur.loopback_host import is_loopback_host

CONSUMER_KEY = "consumer key"
CONSUMER_SECRET = "consumer secret"  # noqa: S105  # the field's name
_SENDABLE = re.compile(r"[\x21-\x7e]+")


_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")


def check_credential(which: str, text: str) -> str:
    """Return the text if it can be a consumer key or secret; raises one of the ConsumerCredential errors.

    Nothing is trimmed in silence: it would be refused, or work, for a reason that nobody can see.
    """
    if not text.strip():
        raise ConsumerCredentialBlank(which=which)
    if text != text.strip():
        raise ConsumerCredentialPadded(which=which)
    if not _SENDABLE.fullmatch(text):
        raise ConsumerCredentialUnsendable(which=which)
    return text


def check_base_url(text: str) -> str:
    """Return a data centre's origin without a trailing slash. Raises BaseUrlInvalid with the reason.

    Plain http is for a simulated Concur on this machine alone: the query of an exchange holds the consumer secret.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:
        raise BaseUrlInvalid(base_url=text, reason="this is no URL, or its port is no number up to 65535") from None
    reason = None
    if parts.scheme not in {"http", "https"}:
        reason = "it has to start with https:// (or http://localhost for a simulated Concur)"
    elif not parts.hostname or not _SENDABLE.fullmatch(text.strip()) or not _is_host(parts.hostname):
        reason = "it names no host"
    elif parts.username is not None or parts.password is not None:
        reason = "it must not hold a user name or password"
    elif "?" in text or "#" in text:
        reason = "it must not have a query or a fragment"
    elif parts.path.strip("/"):
        reason = "it must not have a path after the host"
    elif port == 0:
        reason = "port 0 cannot be connected to"
    elif parts.scheme == "http" and not is_loopback_host(parts.hostname):
        reason = "http would send the consumer secret unencrypted; only this computer (localhost) may be asked so"
    if reason is not None:
        raise BaseUrlInvalid(base_url=text, reason=reason)
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _is_host(name: str) -> bool:
    if ":" in name:
        return True  # an IPv6 address: urlsplit has looked at it
    return all(_LABEL.fullmatch(label) for label in name.removesuffix(".").split("."))
