"""What the user's machine says about the way to a host: its proxies, and certificates of its own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from gui.concur.errors import CertificateFileMissing, ProxyFailed, ProxyTrouble, WireError
from gui.concur.loopback_host import is_loopback_host
from gui.concur.transport.failures import host_of

if TYPE_CHECKING:
    from gui.concur.models import Operation


_CERTIFICATE_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""In the order in which `requests` looks at them."""


def environment(url: str) -> tuple[str | None, str | None]:
    """Return the proxy for a URL, and the certificate file that the user set in place of the system's store."""
    own_ca_file = next((path for name in _CERTIFICATE_VARIABLES if (path := os.environ.get(name))), None)
    if is_loopback_host(urlsplit(url).hostname or ""):
        return None, own_ca_file  # no proxy can reach this machine's loopback for us
    return requests.utils.select_proxy(url, requests.utils.get_environ_proxies(url)), own_ca_file


def wrong_setting(operation: Operation, url: str, proxy: str | None, own_ca_file: str | None) -> WireError | None:
    """Tell settings of the machine that no request can be sent with."""
    host = host_of(url)
    if own_ca_file and url.startswith("https:") and not Path(own_ca_file).exists():
        variable = next((name for name in _CERTIFICATE_VARIABLES if os.environ.get(name)), _CERTIFICATE_VARIABLES[0])
        return CertificateFileMissing(
            operation=operation, host=host, reason=f"{variable} names no file", variable=variable
        )
    if proxy and "://" in proxy and not proxy.lower().startswith(("http://", "https://")):
        return ProxyFailed(
            operation=operation, host=host, proxy=host_of(proxy), status=None, trouble=ProxyTrouble.KIND_UNKNOWN
        )
    return None


def proxy_name(proxy: str | None) -> str | None:
    """Return host and port of a proxy; people write it with and without a scheme."""
    if not proxy:
        return None
    return host_of(proxy if "://" in proxy else f"//{proxy}")


def proxy_for(url: str) -> str:
    """Return host and port of the proxy on the way to a URL, without credentials; "" for none. Asks the system."""
    return proxy_name(environment(url)[0]) or ""
