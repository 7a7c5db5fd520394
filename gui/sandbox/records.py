"""The nouns of the simulated Concur: who is registered, what was issued, why something is refused."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003  # dataclasses are introspected by tests at run time
from enum import Enum

from gui.concur.models import Origin  # noqa: TC001  # the same

LEGACY, CURRENT = "legacy", "current"
"""The names of the two contracts."""
CONTRACTS = (LEGACY, CURRENT)

_SIMULATED_IDS = uuid.UUID("5b6f6a0e-3c39-4d0c-9e0b-6f1f7c0d5a11")
"""Ids of users, apps and the company follow from their names: the same at every start."""
COMPANY_ID = str(uuid.uuid5(_SIMULATED_IDS, "company"))
"""Of the one company that everybody here belongs to."""


class ConnectionKind(Enum):
    """Whose token it is: the value stands in JWTs as `concur.type`, where the application's is simulated (2.5)."""

    USER = "user"
    COMPANY = "company"
    APPLICATION = "app"


@dataclass(frozen=True, slots=True)
class RegisteredApp:
    """An app as its developer registered it with the simulated Concur."""

    consumer_key: str
    """22 alphanumerics at Concur (concur-wire.md 1.2); any text is accepted here."""
    consumer_secret: str = field(repr=False)
    """32 alphanumerics at Concur; any text is accepted here."""
    name: str = "Your app"
    scopes: tuple[str, ...] = ()
    """What a sign-in may ask for; empty for every documented scope."""
    redirect_url: str | None = None
    """Where App Center leads to. Without one App Center cannot connect, and a sign-in may lead to any http(s) URL."""
    contract: str = LEGACY
    """Which contract App Center offers first; both work."""
    current_scopes: tuple[str, ...] = ()
    """What it gets in the current contract where nothing else is asked for; empty for a few examples."""
    enabled: bool = True
    """A disabled app is refused in the current contract (error 59)."""
    company_enabled: bool = True
    """Whether the company lets this app in, in the current contract (error 53)."""

    @property
    def app_id(self) -> str:
        """A UUID, which `sub` is in a token of the app itself."""
        return str(uuid.uuid5(_SIMULATED_IDS, f"app {self.consumer_key}"))


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who can sign in."""

    login: str
    password: str = field(repr=False)
    first_name: str
    last_name: str
    administrator: bool
    """Web Services Administrator or Can Administer: the role that a revoke asks for (1.4)."""
    enabled: bool = True
    """A disabled one is refused in the current contract (error 123)."""

    @property
    def user_id(self) -> str:
        """A UUID, which `id` is in a redirect of the current contract (2.1)."""
        return str(uuid.uuid5(_SIMULATED_IDS, f"user {self.login}"))

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}"


DEFAULT_USERS = (
    User("admin@sandbox.example", "sandbox", "Ada", "Admin", administrator=True),
    User("traveler@sandbox.example", "sandbox", "Tom", "Traveler", administrator=False),
)
"""The first one is who connects where nobody says otherwise. Their password is public: it guards nothing."""


class TokenState(Enum):
    """What an access token is worth."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class RequestTokenRecord:
    """A request token and what it is worth."""

    consumer_key: str
    login: str
    scopes: tuple[str, ...]
    expires_at: datetime
    uses_left: int


@dataclass(frozen=True, slots=True)
class AccessTokenRecord:
    """An access token as issued."""

    value: str = field(repr=False)
    consumer_key: str
    login: str
    scopes: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime
    refresh_token: str | None = field(repr=False)
    """The refresh token it came with or was refreshed by."""
    revoked: bool = False

    def state(self, now: datetime) -> TokenState:
        """Return what it is worth at that time. A revoked token stays revoked past its expiry."""
        if self.revoked:
            return TokenState.REVOKED
        return TokenState.EXPIRED if now >= self.expires_at else TokenState.LIVE


@dataclass(frozen=True, slots=True)
class RefreshTokenRecord:
    """A refresh token; it does not expire by itself."""

    consumer_key: str
    login: str
    scopes: tuple[str, ...]
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """What an exchange, a refresh or a native sign-in yields."""

    access_token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """One access token that was ever issued, with what it is worth now."""

    value: str = field(repr=False)
    consumer_key: str
    login: str
    issued_at: datetime
    expires_at: datetime
    state: TokenState
    contract: str = LEGACY


class Reason(Enum):
    """Why a call is refused. The value is what the log says."""

    PARAMETER_MISSING = "parameter missing"
    PARAMETER_REPEATED = "parameter given more than once"
    PARAMETERS_UNDECODABLE = "parameters cannot be decoded"
    CONSUMER_KEY_UNKNOWN = "consumer key unknown"
    CONSUMER_SECRET_WRONG = "consumer secret wrong"  # noqa: S105  # words for the log
    CODE_UNKNOWN = "request token unknown"
    CODE_OF_ANOTHER_APP = "request token of another app"
    CODE_EXPIRED = "request token expired"
    CODE_USED = "request token used before"
    REFRESH_TOKEN_UNKNOWN = "refresh token unknown"  # noqa: S105  # words for the log
    REFRESH_TOKEN_OF_ANOTHER_APP = "refresh token of another app"  # noqa: S105  # words for the log
    REFRESH_TOKEN_REVOKED = "refresh token revoked"  # noqa: S105  # words for the log
    TARGET_UNKNOWN = "access token to revoke unknown"
    TARGET_ENDED = "access token to revoke revoked or expired before"
    USER_UNKNOWN = "user unknown"
    SCOPE_UNKNOWN = "scope unknown"
    REDIRECT_URL_UNUSABLE = "redirect URL unusable"
    REDIRECT_URL_NOT_REGISTERED = "redirect URL not the registered one"
    TICKET_SPENT = "form used before, expired or forged"
    DECISION_MISSING = "neither Allow nor Deny"
    AUTHORIZATION_MISSING = "no Authorization header"
    AUTHORIZATION_UNREADABLE = "Authorization header cannot be read"
    BEARER_UNKNOWN = "access token unknown"
    BEARER_EXPIRED = "access token expired"
    BEARER_REVOKED = "access token revoked"
    ROLE_MISSING = "administrator's role missing"
    FOREIGN_APP = "access token of another app"
    SIGN_IN_WRONG = "login or password wrong"
    NATIVE_KEY_WRONG = "consumer key of a native sign-in wrong"
    # The current contract only
    AUTHORIZATION_OF_LEGACY = "Authorization scheme of the legacy contract"
    GRANT_TYPE_UNKNOWN = "grant type unknown"
    CREDTYPE_UNKNOWN = "credtype unknown"
    CLIENT_UNAUTHENTICATED = "client not authenticated"
    CLIENT_DISABLED = "app disabled"
    COMPANY_NOT_ENABLED = "company not enabled for the app"
    PRINCIPAL_DISABLED = "user disabled"
    LIVES_ELSEWHERE = "user lives in another data centre"
    ID_WRONG = "id is not that of the request token"
    REDIRECT_URL_DIFFERS = "redirect URL not that of the sign-in"
    REFRESH_TOKEN_EXPIRED = "refresh token expired"  # noqa: S105  # words for the log
    SCOPE_EXCEEDED = "scope beyond what was granted"
    RESPONSE_TYPE_UNKNOWN = "response type unknown"
    CONTRACT_UNKNOWN = "contract unknown"
    KIND_UNKNOWN = "kind of connection unknown"


class Step(Enum):
    """Which form a ticket belongs to."""

    CONNECT = "connect"
    SIGN_IN = "sign in"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class PendingConnection:
    """What a page's form goes on with. It stays here; the form carries a ticket and nothing else."""

    step: Step
    origin: Origin
    consumer_key: str
    scopes: tuple[str, ...]
    redirect_url: str
    state: str | None = field(default=None, repr=False)
    """None where none was sent, which differs from an empty one."""
    login: str | None = None
    """Who signed in; None before that, and where App Center's page still lets choose."""
    contract: str = LEGACY
    kind: ConnectionKind = ConnectionKind.USER
    """Of the current contract: the user's own connection, or the company's."""
