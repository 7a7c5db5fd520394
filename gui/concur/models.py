"""The nouns of the wire. Frozen; a field that holds a secret never shows in a repr."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003  # dataclasses are introspected by tests at run time
from urllib.parse import urlsplit

from gui.concur.kinds import Direction, Operation, Origin, Remark

__all__ = [
    "AccessTokenDocument",
    "Application",
    "Denial",
    "Direction",
    "ErrorDocument",
    "Headers",
    "HttpExchange",
    "JwtReading",
    "LiveToken",
    "Operation",
    "Origin",
    "Remark",
    "RequestToken",
]

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Application:
    """A registered app, with all that one flow needs to know of it."""

    base_url: str
    """Origin of the data centre, without a trailing slash."""
    consumer_key: str
    consumer_secret: str = field(repr=False)
    redirect_url: str
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestToken:
    """What the redirect carried; worth an access token until it expires or is used."""

    value: str = field(repr=False)
    received_at: datetime
    """UTC."""
    principal_id: str | None = field(default=None, repr=False)
    """`id` of a redirect of the current contract: UUID of the user or company that the token is about (2.1)."""
    user_id: str | None = field(default=None, repr=False)
    """`userId`, where a company was connected: who did it (2.1)."""
    geolocation: str | None = field(default=None, repr=False)
    """Where a redirect of the current contract's web flow says that the user lives (2.1). From outside, unchecked."""


@dataclass(frozen=True, slots=True)
class Denial:
    """The user, or Concur, said no. Both texts come from outside: show them as plain text only."""

    error: str
    description: str


@dataclass(frozen=True, slots=True)
class JwtReading:
    """What stands in a JSON Web Token, decoded for reading. Its signature was not checked: nothing of it is trusted."""

    name: str
    """Of the member of the document that it came in: "id_token", "access_token"."""
    header: str = field(repr=False)
    """JSON, indented."""
    claims: str = field(repr=False)
    """JSON, indented."""
    subject: str = field(default="", repr=False)
    """`sub`: UUID of the user or company (2.5); "" where there is none."""
    expires_at: datetime | None = None
    """`exp`, UTC."""
    problem: str = ""
    """Why it cannot be read; then there is nothing else."""


@dataclass(frozen=True, slots=True)
class AccessTokenDocument:
    """An access token and what came with it (concur-wire.md 1.2, 2.2).

    No text from outside shows in the repr: a server can echo a secret anywhere.
    """

    token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    """None in the answer to a refresh: the old one stays valid (1.3)."""
    instance_url: str | None = field(repr=False)
    """As received, usually with a trailing slash; of the current contract, `geolocation`, without one."""
    expires_at: datetime | None
    """UTC; None where the document names no readable date."""
    expiration_text: str | None = field(repr=False)
    raw: bytes = field(repr=False)
    """The body exactly as it came."""
    content_type: str = field(repr=False)
    remarks: tuple[Remark, ...] = ()
    answer: HttpExchange | None = field(default=None, repr=False)
    """The exchange that brought it, with status and headers."""
    refresh_expires_at: datetime | None = None
    """UTC; current contract only, and None where it is not said (2.2)."""
    scopes: tuple[str, ...] = field(default=(), repr=False)
    """What was granted; current contract only."""
    correlation_id: str = field(default="", repr=False)
    """What Concur's support asks for; current contract only."""
    jwts: tuple[JwtReading, ...] = field(default=(), repr=False)
    """The id token, and the access token where it is a JWT; current contract only."""

    @property
    def subject(self) -> str:
        """Whom it is about, as the id token says; "" where that is not said."""
        return next((jwt.subject for jwt in self.jwts if jwt.subject), "")


@dataclass(frozen=True, slots=True)
class LiveToken:
    """An issued token as the calls need it, fresh from the exchange or out of the store."""

    access_token: str = field(repr=False)
    """"" where it was kept in the memory of a process that is gone: refresh first."""
    refresh_token: str | None = field(repr=False)
    base_url: str
    """Where it was exchanged, without a trailing slash."""
    instance_url: str | None = field(repr=False)
    expires_at: datetime | None = None
    """UTC; None where nobody knows."""
    principal_id: str | None = field(default=None, repr=False)
    """`id` of the connection (2.1); current contract only."""


@dataclass(frozen=True, slots=True)
class ErrorDocument:
    """Concur's `Error` document (1.5), or the JSON of the current contract (2.2). Every text comes from outside."""

    message: str
    server_time: str
    error_id: str
    """Of the current contract, the correlation id."""
    code: int | None = None
    """Number of the error; current contract only."""


@dataclass(frozen=True, slots=True)
class HttpExchange:
    """One request and what became of it, in or out, recorded before anything is made of it.

    Everything that can hold a secret is kept out of the repr; redact before it leaves the process.
    """

    direction: Direction
    operation: Operation
    started_at: datetime
    """UTC."""
    duration_ms: float
    method: str
    url: str = field(repr=False)
    request_headers: Headers = field(repr=False)
    request_body: bytes = field(repr=False)
    status: int | None
    """None where no status line came."""
    reason: str = field(repr=False)
    response_headers: Headers = field(repr=False)
    response_body: bytes = field(repr=False)
    """As far as it came: with content codings undone, otherwise untouched."""
    sent: bool
    """Whether the connection stood, so that the request may have arrived; always so for what came in."""
    complete: bool
    """False where the answer was cut off, too large, or never came."""
    failure: str | None
    """Name of the error type that this exchange ended in, if it did."""
    refused_as_due: bool | None = None
    """Of a request that has to be refused, whether its answer does that; None for any other, and without an answer."""

    @property
    def host(self) -> str:
        """Host and port of the request, without path and query."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def path(self) -> str:
        """Path of the request, without the query."""
        return urlsplit(self.url).path

    def response_header(self, name: str) -> str:
        """Return the first response header of that name, whatever its case; "" where there is none."""
        return next((value for key, value in self.response_headers if key.lower() == name.lower()), "")
