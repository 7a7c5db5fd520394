"""Takes URLs apart without ever refusing one: a record shows whatever was asked for, however broken it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_plus

from gui.concur.redaction import SECRET_PARAMETERS, parameter_name

if TYPE_CHECKING:
    from collections.abc import Callable


class UrlParts(NamedTuple):
    """A URL in pieces, none of them decoded."""

    scheme: str
    """"" where there is none."""
    host: str
    """With its port, without user and password."""
    path: str
    query: str
    """Without the question mark."""
    fragment: str
    """Without the hash."""

    def text(self) -> str:
        """Return the URL; user and password are not in it."""
        return "".join(
            (
                f"{self.scheme}://" if self.scheme else "",
                self.host,
                self.path,
                f"?{self.query}" if self.query else "",
                f"#{self.fragment}" if self.fragment else "",
            )
        )


def url_parts(url: str) -> UrlParts:
    """Return the pieces of a URL. `urlsplit` raises for some that a stranger can send ("http://[")."""
    rest, _hash, fragment = url.partition("#")
    rest, _mark, query = rest.partition("?")
    scheme, colon, rest = rest.partition("://") if "://" in rest else ("", "", rest)
    netloc, slash, path = rest.partition("/") if colon else ("", "", rest)
    return UrlParts(scheme, netloc.rpartition("@")[2], slash + path, query, fragment)


def with_values_masked(
    query: str,
    secret: Callable[[str, str], str],
    other: Callable[[str], str],
    names: frozenset[str] = SECRET_PARAMETERS,
) -> str:
    """Return a query or form with each value under a secret's name replaced, and every other pair by `other`.

    `secret` is given the name in lower case and the value as it was sent, `other` the whole pair.
    """
    return "&".join(_masked_pair(pair, secret, other, names) for pair in query.split("&"))


def _masked_pair(
    pair: str, secret: Callable[[str, str], str], other: Callable[[str], str], names: frozenset[str]
) -> str:
    name, equals, value = pair.partition("=")
    plain_name = parameter_name(unquote_plus(name))
    if value and plain_name in names:
        return f"{name}{equals}{secret(plain_name, value)}"
    return other(pair)
