"""What the two contracts with Concur have in common, and what each is in words. Other rooms know only this.

Light on purpose: the first picture of the window has a contract's name in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
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


class TokenPart(Enum):
    """What comes with the access tokens of some contracts and never with those of others."""

    REFRESH_EXPIRY = auto()
    SUBJECT = auto()
    CONNECTION_ID = auto()
    SCOPES = auto()
    CORRELATION_ID = auto()
    JWTS = auto()


@dataclass(frozen=True, slots=True)
class CheckWords:
    """What the check list says of this contract alone. One sentence or two each."""

    redirect: str
    refresh: str
    role: str
    """The role that a revoke takes; "" where it takes none."""
    revoked: str
    refused: str


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """One contract in words and figures, for whoever shows it. Texts are English, to be translated when shown."""

    name: str
    """As it stands in profiles."""
    redirect_words: str
    """How its user tells it from the other: by what the redirect carries."""
    about: str
    """One sentence on what it is."""
    redirect_parameters: tuple[str, ...]
    """What the redirect of the App Center carries at least."""
    paste_words: str
    """What can be pasted, in a few words."""
    paste_about: str
    """The same in a sentence."""
    life_words: str
    """How long a request token of the App Center can be used, and who says so."""
    code_life_words: str
    """The same of the code of a redirect without an id."""
    exchange_words: str
    """How the exchange goes over the wire, and where the secret stands in it."""
    place_words: str
    """What its documents call the origin that a token's calls go to."""
    token_parts: frozenset[TokenPart]
    """What comes with an access token beside itself, a refresh token, an expiry and a place."""
    kept_words: str
    """What of a token that is kept in the keyring is not kept there; "" for nothing."""
    revoke_words: str
    """What a revoke ends beside the token; "" for nothing else."""
    proved_words: str
    """What it shows that a refresh is refused after a revoke, and what it does not; "" where no proof is a refresh."""
    data_centres: tuple[DataCentre, ...]
    """To choose from (concur-wire.md 3); the first is where a new app starts."""
    scopes: tuple[str, ...]
    """The documented ones (1.1, 2.1)."""
    lists_all_scopes: bool
    scope_separator: str
    """What stands between them in a sign-in URL and in a document."""
    new_app_scopes: tuple[str, ...]
    """What a new profile asks for, until its user says otherwise."""
    exchange_path: str
    """Path of the exchange, for those who look at an example of it."""
    exchange_method: str
    checks: CheckWords
    deprecated_since: str = ""
    """ISO date from which Concur calls it deprecated; "" for one that is in force."""
    migration_url: str = ""
    """Concur's page on how to leave it; "" for one that is in force."""


_QUARTER_OF_AN_HOUR = (
    "It lives 15 minutes. Concur documents 15 minutes for connection requests; for App Center it is inferred."
)

CONTRACTS: dict[str, ContractFacts] = {
    LEGACY: ContractFacts(
        name=LEGACY,
        redirect_words="The redirect carries \u201ccode\u201d",
        about="net2/oauth2, as Concur\u2019s App Center Flow page describes it. Deprecated since 2017.",
        redirect_parameters=("code",),
        paste_words="URL, query or code",
        paste_about="The address that the browser shows after the sign-in, its query, or the code alone",
        life_words=_QUARTER_OF_AN_HOUR,
        code_life_words=_QUARTER_OF_AN_HOUR,
        exchange_words=(
            "With the request token, the consumer key and the consumer secret in the query: "
            "the legacy contract wants the secret there."
        ),
        place_words="Instance URL",
        token_parts=frozenset(),
        kept_words="",
        revoke_words="",
        proved_words="",
        data_centres=LEGACY_DATA_CENTRES,
        scopes=(
            *("ATTEND", "CONFIG", "ERECPT", "EXPRPT", "EXTRCT", "IMAGE", "INSGHT", "INVPO"),
            *("ITINER", "LIST", "MTNG", "PAYBAT", "TRVPRF", "TRVREQ", "TWS", "USER"),
        ),
        lists_all_scopes=True,
        scope_separator=",",
        new_app_scopes=("USER",),
        exchange_path="/net2/oauth2/getaccesstoken.ashx",
        exchange_method="GET",
        checks=CheckWords(
            redirect=(
                "As the parameter code. It lives 15 minutes: documented for connection requests, inferred for App "
                "Center."
            ),
            refresh=(
                "Before it expires, with the refresh token, which stays the same. That the old access token goes on "
                "working is inferred."
            ),
            role="Web Services Administrator (Professional) or Can Administer (Standard).",
            revoked="With an empty answer. A body means that something went wrong; that was seen with real clients.",
            refused="One call that worked before is repeated and has to fail now.",
        ),
        deprecated_since="2017-02-04",
        migration_url="https://developer.concur.com/api-reference/authentication/migrationguide.html",
    ),
    CURRENT: ContractFacts(
        name=CURRENT,
        redirect_words="The redirect carries \u201cid\u201d and \u201crequestToken\u201d",
        about="oauth2/v0, which certification asks for today.",
        redirect_parameters=("id", "requestToken"),
        paste_words="URL, or query with id and requestToken",
        paste_about=(
            "The address that the browser shows, or its query: with id and requestToken, or with code after a sign-in"
        ),
        life_words="It lives 24 hours and can be exchanged up to five times, as Concur documents.",
        code_life_words="Concur does not document how long a code lives.",
        exchange_words=(
            "With the request token, the consumer key and the consumer secret in the body of the request, "
            "where no address shows them."
        ),
        place_words="Geolocation",
        token_parts=frozenset(TokenPart),
        kept_words="the access token in memory only",
        revoke_words=(
            "It ends all refresh tokens of this user for this app. Concur does not say whether an access token ends "
            "before its hour."
        ),
        proved_words=(
            "The refresh token is refused; Concur does not say whether an access token ends before its hour."
        ),
        data_centres=CURRENT_DATA_CENTRES,
        scopes=(
            "openid",
            "user.read",
            "company.read",
            "budgetitem.read",
            "budgetitem.write",
            "company.write",
            "creditcardaccount.read",
            "expense.report.read",
            "expense.report.readwrite",
            "expense.report.workflowstatus.write",
            "fiscalcalendar.read",
            "fiscalcalendar.write",
            "invoice.providerpayment.write",
            "mileage.journey.read",
            "mileage.journey.writeonly",
            "mileage.rate.read",
            "mileage.rate.writeonly",
            "mileage.vehicle.read",
            "mileage.vehicle.writeonly",
            "purchaserequest.read",
            "purchaserequest.write",
            "quickexpense.writeonly",
            "realtimeingest.location.writeonly",
            "receipts.read",
            "receipts.write",
            "receipts.writeonly",
            "travel.receipts.read",
            "travel.receipts.write",
            "travelallowance.configuration.read",
            "travelallowance.configuration.writeonly",
            "travelallowance.itinerary.read",
            "travelallowance.itinerary.writeonly",
            "travelallowance.itineraryresult.read",
            "travelrequest.write",
            "user.write",
        ),
        lists_all_scopes=False,
        scope_separator=" ",
        new_app_scopes=("openid",),
        exchange_path="/oauth2/v0/token",
        exchange_method="POST",
        checks=CheckWords(
            redirect=(
                "As the parameters id and requestToken: that lives 24 hours and can be used up to five times. After a "
                "sign-in as code: how long that lives Concur does not document."
            ),
            refresh=(
                "The access token lives one hour, the refresh token six months. The answer may bring a new refresh "
                "token and a new geolocation, which count from then on."
            ),
            role="",
            revoked="With status 200. It ends all refresh tokens of the user for the app.",
            refused=(
                "The refresh token is tried once more and has to be refused now. Concur does not say whether an "
                "access token ends before its hour."
            ),
        ),
    ),
}
"""By name. What differs between the contracts beyond this is in the classes that implement `Contract`."""

CALL_REFUSED_WORDS = "A call that was accepted before the revoke is refused now."
"""What any other proof shows."""

DEFAULT_CONTRACT = LEGACY
"""Of the built-in sandbox, and of what was written before a profile named its contract."""


def base_url_under(contract: ContractFacts, base_url: str, before: ContractFacts | None) -> str:
    """Return the base URL with which a profile of another contract, or of none, goes on under this one.

    A data centre becomes the one of the same name, or the first, to be looked at by the user; an own base URL stays.
    """
    if not base_url.strip():
        return contract.data_centres[0].base_url
    centre = data_centre_of(base_url, before.data_centres if before is not None else ())
    if centre is None:
        return base_url
    return _counterpart_of(centre, contract) or contract.data_centres[0].base_url


def has_place_under(contract: ContractFacts, base_url: str, before: ContractFacts | None) -> bool:
    """Whether `base_url_under` leaves a profile where it is: at an own base URL, or a data centre of the same name."""
    centre = data_centre_of(base_url, before.data_centres if before is not None else ())
    return centre is None or _counterpart_of(centre, contract) is not None


def _counterpart_of(centre: DataCentre, contract: ContractFacts) -> str | None:
    return next((other.base_url for other in contract.data_centres if other.name == centre.name), None)


def scopes_under(contract: ContractFacts, scopes: tuple[str, ...], before: ContractFacts | None) -> tuple[str, ...]:
    """Return the scopes likewise: those of the other contract mean nothing under this one, own ones stay.

    Where none is left it asks for what a new app begins with; who asked for none goes on so.
    """
    if before is None:
        return scopes or contract.new_app_scopes
    own = tuple(scope for scope in scopes if scope not in before.scopes)
    return own or (contract.new_app_scopes if scopes else ())


def proof_words(contract: ContractFacts | None, *, by_refresh: bool) -> str:
    """Return what a proof has shown, as a sentence. `by_refresh`: it was the refresh token that was refused."""
    if not by_refresh:
        return CALL_REFUSED_WORDS
    return contract.proved_words if contract is not None else ""


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
        """Get a token for the app itself, without a user. Raises GrantNotOffered where the contract has none.

        Nothing in the program calls it, and it is not in the journal: whoever does has to note the token first.
        """

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
