"""The kinds that the wire's nouns come in. Apart from these: the window names kinds before it has anything of them."""

from __future__ import annotations

from enum import Enum


class Direction(Enum):
    """Seen from this program."""

    IN = "in"
    OUT = "out"


class Operation(Enum):
    """What an HTTP exchange is for."""

    REDIRECT = "redirect"
    EXCHANGE = "exchange"
    REFRESH = "refresh"
    APPLICATION_TOKEN = "application token"  # noqa: S105  # what it is for
    """A token for the app itself (concur-wire.md 2.2, client_credentials)."""
    REVOKE = "revoke"
    REVOKE_ALL = "revoke all"
    PROBE = "probe"
    PROOF = "proof"
    """The same call with a token that was revoked: here a refusal is what is wanted."""
    SANDBOX = "sandbox"


class Origin(Enum):
    """How a request token was asked for; it decides which parameters the redirect owes us."""

    APP_CENTER = "App Center"
    WEB_FLOW = "web flow"


class Remark(Enum):
    """What is odd about an access-token document that is usable all the same."""

    INSTANCE_URL_MISSING = "no Instance_Url"
    INSTANCE_URL_UNUSABLE = "Instance_Url is no URL that can be called safely"
    EXPIRATION_MISSING = "no Expiration_date"
    EXPIRATION_UNREADABLE = "Expiration_date cannot be read"
    REFRESH_TOKEN_MISSING = "no Refresh_Token"  # noqa: S105  # a remark, not a token
    REFRESH_TOKEN_UNUSABLE = "Refresh_Token holds characters that cannot be sent"  # noqa: S105  # the same
    GEOLOCATION_MISSING = "no geolocation"
    GEOLOCATION_UNUSABLE = "geolocation is no data centre of the Concur that was asked"
    ID_TOKEN_MISSING = "no id_token"  # noqa: S105  # the same
    ID_TOKEN_UNREADABLE = "id_token is no readable JWT"  # noqa: S105  # the same
    NOT_XML = "answered in JSON although XML was asked for"
