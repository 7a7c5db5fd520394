"""What the two contracts with Concur have in common, and what each is in words. Other rooms know only this.

Light on purpose: the first picture of the window has a contract's name in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gui.concur.data_centres import CURRENT_DATA_CENTRES, LEGACY_DATA_CENTRES, DataCentre, data_centre_of

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

LEGACY = "legacy"
CURRENT = "current"


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """One contract in words and figures, for whoever shows it. Texts are English, to be translated when shown."""

    name: str
    """As it stands in profiles."""
    redirect_words: str
    """How its user tells it from the other: by what the redirect carries."""
    about: str
    """One sentence on what it is."""
    exchange_words: str
    """How the exchange goes over the wire, and where the secret stands in it."""
    place_words: str
    """What its documents call the origin that a token's calls go to."""
    data_centres: tuple[DataCentre, ...]
    """To choose from (concur-wire.md 3); the first is where a new app starts."""
    scopes: tuple[str, ...]
    """The documented ones (1.1), or some to begin with where nobody lists all."""
    scope_separator: str
    """What stands between them in a sign-in URL and in a document."""
    new_app_scopes: tuple[str, ...]
    """What a new profile asks for, until its user says otherwise."""
    exchange_path: str
    """Path of the exchange, for those who look at an example of it."""
    exchange_method: str
    deprecated_since: str = ""
    """ISO date from which Concur calls it deprecated; "" for one that is in force."""
    migration_url: str = ""
    """Concur's page on how to leave it; "" for one that is in force."""


CONTRACTS: dict[str, ContractFacts] = {
    LEGACY: ContractFacts(
        name=LEGACY,
        redirect_words="The redirect carries \u201ccode\u201d",
        about="net2/oauth2, as Concur\u2019s App Center Flow page describes it. Deprecated since 2017.",
        exchange_words=(
            "The consumer secret goes into the query of the exchange: the legacy contract wants the secret there."
        ),
        place_words="Instance URL",
        data_centres=LEGACY_DATA_CENTRES,
        scopes=(
            *("ATTEND", "CONFIG", "ERECPT", "EXPRPT", "EXTRCT", "IMAGE", "INSGHT", "INVPO"),
            *("ITINER", "LIST", "MTNG", "PAYBAT", "TRVPRF", "TRVREQ", "TWS", "USER"),
        ),
        scope_separator=",",
        new_app_scopes=("USER",),
        exchange_path="/net2/oauth2/getaccesstoken.ashx",
        exchange_method="GET",
        deprecated_since="2017-02-04",
        migration_url="https://developer.concur.com/api-reference/authentication/migrationguide.html",
    ),
    CURRENT: ContractFacts(
        name=CURRENT,
        redirect_words="The redirect carries \u201cid\u201d and \u201crequestToken\u201d",
        about="oauth2/v0, which certification asks for today.",
        exchange_words="The consumer secret goes into the body of the exchange, never into an address.",
        place_words="Geolocation",
        data_centres=CURRENT_DATA_CENTRES,
        scopes=("openid", "user.read", "company.read", "expense.report.read", "travel.itinerary.read"),
        scope_separator=" ",
        new_app_scopes=("openid",),
        exchange_path="/oauth2/v0/token",
        exchange_method="POST",
    ),
}
"""By name. What differs between the contracts beyond this is in the classes that implement `Contract`."""

DEFAULT_CONTRACT = LEGACY
"""Of the built-in sandbox, and of what was written before a profile named its contract."""


def counterpart_of(base_url: str, contract: str, other: str) -> str:
    """Return the base URL of the other contract's data centre of the same name, or its first.

    A base URL that is none of Concur's data centres, or "", stays as it is.
    """
    there = CONTRACTS[other].data_centres
    centre = data_centre_of(base_url, CONTRACTS[contract].data_centres if contract in CONTRACTS else ())
    if centre is None:
        return base_url
    return next((each.base_url for each in there if each.name == centre.name), there[0].base_url)


class Contract(Protocol):
    """One way of connecting an app. Stateless; every method that talks to Concur raises WireError."""

    name: str
    """As it stands in profiles."""
    replaces_tokens: bool
    """Whether a refresh takes the place of the older token, and a revoke ends all of the user's for the app at once.

    Otherwise each token lives by itself until it is revoked.
    """
    keeps_access_token: bool
    """Whether the access token goes to the keyring. A JWT is too long for some, and lives for an hour only."""

    def sign_in_url(self, application: Application, state: str) -> str:
        """Return the URL that starts the web flow in a browser."""

    def read_redirect(
        self, query: str, *, origin: Origin, expected_state: str | None, received_at: datetime
    ) -> RequestToken | Denial:
        """Read the query of a redirect. Raises RedirectError; the state is judged before anything else."""

    def query_of_bare_code(self, code: str) -> str:
        """Return the query that a redirect with this code, and nothing else, would have."""

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

    def application_token(
        self, transport: Transport, application: Application, cancellation: Cancellation | None = None
    ) -> AccessTokenDocument:
        """Get a token for the app itself, without a user. Raises GrantNotOffered where the contract has none."""

    def home_of(self, document: AccessTokenDocument, base_url: str) -> str | None:
        """Return the origin that calls with a document's token go to; None for `base_url`, which was asked for it."""

    def is_usable(self, token: LiveToken, now: datetime) -> bool:
        """Whether calls can be made with the access token as it is; otherwise it has to be refreshed first."""

    def revoke(
        self,
        transport: Transport,
        application: Application,
        token: LiveToken,
        cancellation: Cancellation | None = None,
    ) -> None:
        """Revoke a token. Returns only if Concur confirmed it."""

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

    def proof_may_issue(self, application: Application, token: LiveToken) -> bool:
        """Whether the proof would bring a new token if the revoke had failed, so that it has to be noted before."""

    def prove_refused(
        self,
        transport: Transport,
        application: Application,
        token: LiveToken,
        cancellation: Cancellation | None = None,
    ) -> bool:
        """Prove that a revoked token is refused. Raises TokenStillAccepted, or ProofUnclear.

        Returns whether the refusal says by itself that the token is dead. If not it counts only where the token was
        accepted before: a scope may be missing.
        """

    def is_refresh_refused(self, error: Exception) -> bool:
        """Whether a refresh failed because the refresh token is dead: then so is all that it stands for."""
