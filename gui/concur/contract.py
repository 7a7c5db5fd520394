"""What the two contracts with Concur have in common. Everything outside this room knows only this."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from gui.concur.cancellation import Cancellation
    from gui.concur.models import (
        AccessTokenDocument,
        Application,
        Denial,
        HttpExchange,
        LiveToken,
        Origin,
        RequestToken,
    )
    from gui.concur.transport import Transport


class Contract(Protocol):
    """One way of connecting an app. Stateless; every method that talks to Concur raises WireError."""

    name: str
    """As it stands in profiles: "legacy"."""

    def sign_in_url(self, application: Application, state: str) -> str:
        """Return the URL that starts the web flow in a browser."""

    def read_redirect(
        self, query: str, *, origin: Origin, expected_state: str | None, received_at: datetime
    ) -> RequestToken | Denial:
        """Read the query of a redirect. Raises RedirectError; the state is judged before anything else."""

    def query_of_bare_code(self, code: str) -> str:
        """Return the query that a redirect with this code would have."""

    def exchange(
        self,
        transport: Transport,
        application: Application,
        request_token: RequestToken,
        cancellation: Cancellation | None = None,
    ) -> AccessTokenDocument:
        """Exchange a request token. An error's `issued` holds the token that an unusable answer held all the same."""

    def refresh(
        self,
        transport: Transport,
        application: Application,
        token: LiveToken,
        cancellation: Cancellation | None = None,
    ) -> AccessTokenDocument:
        """Get a new access token for the refresh token; `issued` of an error as for an exchange."""

    def revoke(self, transport: Transport, token: LiveToken, cancellation: Cancellation | None = None) -> None:
        """Revoke one token. Returns only if Concur confirmed it."""

    def revoke_all(
        self,
        transport: Transport,
        token: LiveToken,
        consumer_key: str,
        login: str,
        cancellation: Cancellation | None = None,
    ) -> None:
        """Revoke every token that a user has given an app, with the authority of `token`."""

    def probe(self, transport: Transport, token: LiveToken, cancellation: Cancellation | None = None) -> HttpExchange:
        """Make one harmless call with the token. Returns if Concur accepted it; raises AuthorizationRefused if not."""

    def prove_refused(self, transport: Transport, token: LiveToken, cancellation: Cancellation | None = None) -> None:
        """Prove that a revoked token is refused. Raises TokenStillAccepted, or ProofUnclear."""
