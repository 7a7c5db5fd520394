"""How the simulated Concur behaves where it has a choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from gui.sandbox.data_centres import Home


@dataclass(frozen=True, slots=True)
class CurrentSettings:
    """The same for the current contract (concur-wire.md 2)."""

    request_token_life: timedelta = timedelta(hours=24)
    request_token_uses: int = 5
    """Both documented (table of contracts)."""
    code_life: timedelta = timedelta(minutes=15)
    code_uses: int = 1
    """Of the web flow. Both simulated: no source says."""
    access_token_life: timedelta = timedelta(hours=1)
    refresh_token_life: timedelta = timedelta(days=183)
    """"Six months" (table of contracts); the exact length is simulated."""
    rotate_refresh_token: bool = True
    """Whether a refresh answers with another refresh token; Concur says that it may (2.2)."""
    old_refresh_token_works: bool = False
    """Whether the one before goes on working after that. Simulated: nobody says."""
    refresh_token_in_refresh: bool = True
    """False: the answer to a refresh names no refresh token, and the one that was sent stays good."""
    revoke_ends_access_tokens: bool = True
    """Simulated: Concur says of refresh tokens only that they end (2.3)."""
    known_scopes_only: bool = False
    """Refuse scopes that are neither the app's nor one of the examples."""
    home: Home = Home.FIRST
    """Where everybody lives: any other data centre answers with error 16 (2.2)."""
    expires_in_as_text: bool = False
    """Concur's documentation prints "3600"; what was recorded is a number (2.2)."""
    id_token: bool = True
    access_token_bytes: int = 2400
    """About 2 to 3 KB at Concur (2.2)."""
    readable_jwts: bool = True
    """False: access and id_token look like JWTs and cannot be decoded; they work all the same."""
    geolocation_in_answers: str | None = None
    geolocation_in_redirects: str | None = None
    """Said in place of the true one."""


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Each default is the documented behaviour, or the simulated one where nothing is documented.

    What is not said to be of both contracts is of the legacy one.
    """

    request_token_life: timedelta = timedelta(minutes=15)
    """Documented for connection requests, inferred for App Center (concur-wire.md, table of contracts)."""
    request_token_uses: int = 1
    """How often a request token can be exchanged. Simulated: no source says whether it is single-use (1.5)."""
    access_token_life: timedelta = timedelta(days=365)
    """"About one year" (table of contracts); the exact length is simulated."""
    refusal_status: int = 400
    """Status of a refusal that no source gives a status for (1.5)."""
    include_refresh_token: bool = True
    """Some recorded answers to an exchange lack `Refresh_Token` (1.2)."""
    xml_declaration: bool = False
    """Some samples of both documents start with `<?xml version="1.0"?>` (1.2, 1.5)."""
    revoke_ends_refresh_token: bool = True
    """Whether revoking an access token ends the refresh token that came with it. Simulated: nobody says."""
    auto_approve: bool = False
    """Sign-in and consent pages redirect at once, as the first user; in both contracts."""
    form_ticket_life: timedelta = timedelta(minutes=15)
    """How long a page may stay open before its form is refused."""
    records_kept: int = 10_000
    """Of each kind of token in each contract; past that the oldest are forgotten."""
    form_tickets_kept: int = 200
    log_entries_kept: int = 500
    current: CurrentSettings = CurrentSettings()
