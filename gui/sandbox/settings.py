"""How the simulated Concur behaves where it has a choice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Each default is the documented behaviour, or the simulated one where nothing is documented."""

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
    """Sign-in and consent pages redirect at once, as the first user."""
    form_ticket_life: timedelta = timedelta(minutes=15)
    """How long a page may stay open before its form is refused."""
    records_kept: int = 10_000
    """Of each kind of token; past that the oldest are forgotten."""
    form_tickets_kept: int = 200
    log_entries_kept: int = 500
