"""The nouns of the current contract in the simulated Concur: connections, and what is issued for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003  # dataclasses are introspected by tests at run time

from gui.sandbox.records import ConnectionKind, TokenState


@dataclass(frozen=True, slots=True)
class Connection:
    """Who has connected which app, and what for."""

    consumer_key: str
    kind: ConnectionKind
    subject: str
    """UUID of the user, the company or the app."""
    login: str
    """Who pressed Connect; "" for an application's own token."""
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IssuedConnection:
    """What App Center puts into the redirect of the current contract (2.1)."""

    id: str
    request_token: str = field(repr=False)
    user_id: str
    """Of who pressed Connect. The redirect carries it for a company only."""
    kind: ConnectionKind
    scopes: tuple[str, ...]

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """What the redirect carries, in order."""
        carried = (("id", self.id), ("requestToken", self.request_token))
        return (*carried, ("userId", self.user_id)) if self.kind is ConnectionKind.COMPANY else carried


@dataclass(frozen=True, slots=True)
class TokenGrant:
    """What the token endpoint yields, before it is written down as JWTs."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    connection: Connection
    issued_at: datetime
    expires_at: datetime
    refresh_expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request token of App Center, or a code of the web flow."""

    connection: Connection
    expires_at: datetime
    uses_left: int
    redirect_url: str | None = None


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token and how long it is good."""

    connection: Connection
    expires_at: datetime
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An access token as issued; the JWT itself is the key it is kept under."""

    connection: Connection
    issued_at: datetime
    expires_at: datetime
    revoked: bool = False

    def state(self, now: datetime) -> TokenState:
        """Return what it is worth at that time. A revoked token stays revoked past its expiry."""
        if self.revoked:
            return TokenState.REVOKED
        return TokenState.EXPIRED if now >= self.expires_at else TokenState.LIVE
