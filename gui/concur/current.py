"""The contract that certification asks for today: oauth2/v0 (concur-wire.md, section 2)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from gui.concur.answers import is_usable_instance_url
from gui.concur.contract import CONTRACTS, CURRENT, LEGACY
from gui.concur.documents import facts_of
from gui.concur.error_codes import REFRESH_TOKEN_REFUSED, WRONG_DATA_CENTRE
from gui.concur.errors import (
    AuthorizationRefused,
    GrantRefused,
    ProofUnclear,
    ProxyFailed,
    RedirectError,
    RedirectOfOtherContract,
    RequestTokenEmpty,
    RequestTokenMissing,
    RevokeUnconfirmed,
    TokenStillAccepted,
    WireError,
)
from gui.concur.models import Denial, Operation, Origin, RequestToken
from gui.concur.query import check_state, parse_query
from gui.concur.token_answers import (
    is_json_object,
    read_error,
    read_refusal,
    read_token_document,
    salvage_token_document,
)
from gui.concur.transport import OutboundRequest

if TYPE_CHECKING:
    from datetime import datetime

    from gui.concur.cancellation import Cancellation
    from gui.concur.models import AccessTokenDocument, Application, HttpExchange, LiveToken
    from gui.concur.transport import Transport

_ACCEPT_JSON = ("Accept", "application/json")
_FORM = ("Content-Type", "application/x-www-form-urlencoded")
"""Without a charset: Concur asks for that (2.2)."""
_READ_ONCE = frozenset(
    {"id", "requesttoken", "userid", "code", "state", "geolocation", "error", "error_code", "error_description"}
)
_OK = range(200, 300)
_UNAUTHORIZED, _FORBIDDEN = 401, 403
_SERVER_FAULTS = range(500, 600)
_LONGEST_TEXT = 500
_EXPIRES_SOON = timedelta(seconds=30)
"""An access token this close to its end would be refused on the way; clocks differ, too."""
_CONCUR_DOMAINS = (".concursolutions.com", ".concurcdc.cn")
"""Concur's own: whoever asks one of these hosts asks Concur."""
_DATA_CENTRE_DOMAINS = (".api.concursolutions.com", ".api.concurcdc.cn")
"""Below these Concur runs its data centres (3)."""
_GEOLOCATION = re.compile(
    r"https?://(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:/[\w.~-]+)*/?", re.ASCII
)
"""Plain enough to be read alike by whoever checks it and by whoever connects."""
_FOR_BROWSERS = "www-"
_HTTPS_PORT = 443
_NAMES_OF_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""By these the same server is called."""
_TOKEN_PATH = "/oauth2/v0/token"  # noqa: S105  # a path
_Grant = tuple[tuple[str, str], ...]
"""Form fields beside the client's credentials."""


class CurrentContract:
    """`id` and `requestToken` in the redirect, JSON, access tokens of an hour with a refresh token of six months."""

    name = CURRENT
    replaces_tokens = True
    keeps_access_token = False

    def sign_in_url(self, application: Application, state: str) -> str:
        """Return the URL of `authorize` (2.1), at the data centre's host for browsers (3). Scopes stand apart."""
        query = urlencode(
            (
                ("client_id", application.consumer_key),
                ("redirect_uri", application.redirect_url),
                ("scope", CONTRACTS[CURRENT].scope_separator.join(application.scopes)),
                ("response_type", "code"),
                ("state", state),
            ),
            quote_via=quote,
            safe="",
        )
        return f"{_base_url_for_browsers(application.base_url)}/oauth2/v0/authorize?{query}"

    def read_redirect(
        self, query: str, *, origin: Origin, expected_state: str | None, received_at: datetime
    ) -> RequestToken | Denial:
        """Read `id`, `requestToken` and `userId`, or `code` and `geolocation`, or a denial (2.1). Names in any case.

        Raises RedirectError.
        """
        parameters = parse_query(query, _READ_ONCE, any_case=True)
        if origin is Origin.WEB_FLOW and expected_state is not None:
            check_state(parameters.get("state"), expected_state)
        if parameters.get("id", "").strip() and parameters.get("requesttoken", "").strip():
            return RequestToken(
                parameters["requesttoken"],
                received_at,
                principal_id=parameters["id"],
                user_id=parameters.get("userid") or None,
            )
        if origin is Origin.WEB_FLOW and parameters.get("code", "").strip():
            return RequestToken(parameters["code"], received_at, geolocation=parameters.get("geolocation") or None)
        if denial := _denial_of(parameters):
            return denial
        raise _unusable(parameters, origin)

    def query_of_bare_code(self, code: str) -> str:
        """Return `requestToken=…`, in which the `id` is missing: by itself it is worth nothing."""
        return urlencode((("requestToken", code),), quote_via=quote, safe="")

    def exchange(
        self,
        transport: Transport,
        application: Application,
        request_token: RequestToken,
        cancellation: Cancellation | None = None,
    ) -> AccessTokenDocument:
        """POST the token endpoint: `credtype=authtoken` for App Center, `authorization_code` after a sign-in (2.2)."""
        transport.redactor.learn(request_token.value)
        base_url = application.base_url
        if request_token.principal_id is None:
            geolocation = request_token.geolocation or ""
            base_url = geolocation if is_geolocation(geolocation, base_url) else base_url
            grant: _Grant = (
                ("grant_type", "authorization_code"),
                ("code", request_token.value),
                ("redirect_uri", application.redirect_url),
            )
        else:
            grant = (
                ("grant_type", "password"),
                ("credtype", "authtoken"),
                ("username", request_token.principal_id),
                ("password", request_token.value),
            )
        return _issue(transport, application, Operation.EXCHANGE, base_url, grant, cancellation)

    def refresh(
        self,
        transport: Transport,
        application: Application,
        token: LiveToken,
        cancellation: Cancellation | None = None,
    ) -> AccessTokenDocument:
        """POST the token endpoint where the user lives. Refresh token and geolocation of the answer count on (2.2)."""
        return _refresh(transport, application, token, Operation.REFRESH, cancellation)

    def application_token(
        self, transport: Transport, application: Application, cancellation: Cancellation | None = None
    ) -> AccessTokenDocument:
        """POST the token endpoint with `client_credentials` (2.2): no refresh token comes."""
        grant = (("grant_type", "client_credentials"),)
        return _issue(transport, application, Operation.APPLICATION_TOKEN, application.base_url, grant, cancellation)

    def home_of(self, document: AccessTokenDocument, base_url: str) -> str | None:
        """Return the geolocation, without a trailing slash; where it names none to go to, whoever answered."""
        geolocation = (document.instance_url or "").rstrip("/")
        if is_geolocation(geolocation, base_url):
            return geolocation
        return document.answer.url.removesuffix(_TOKEN_PATH) if document.answer else None

    def is_usable(self, token: LiveToken, now: datetime) -> bool:
        """Whether there is an access token, and its hour is not over."""
        return bool(token.access_token) and (token.expires_at is None or now < token.expires_at - _EXPIRES_SOON)

    def revoke(
        self,
        transport: Transport,
        application: Application,  # noqa: ARG002  # the access token authorises it
        token: LiveToken,
        cancellation: Cancellation | None = None,
    ) -> None:
        """DELETE the connection: it ends all refresh tokens of that user for that app (2.3)."""
        _disconnect(transport, token, Operation.REVOKE, cancellation)

    def revoke_all(
        self,
        transport: Transport,
        token: LiveToken,
        consumer_key: str,  # noqa: ARG002  # the contract's signature
        login: str,  # noqa: ARG002  # the same
        cancellation: Cancellation | None = None,
    ) -> None:
        """DELETE the connection of the token's own user and app: more cannot be asked for (2.3)."""
        _disconnect(transport, token, Operation.REVOKE_ALL, cancellation)

    def probe(self, transport: Transport, token: LiveToken, cancellation: Cancellation | None = None) -> HttpExchange:
        """GET the user's profile (2.4)."""
        return _call(transport, token, Operation.PROBE, "GET", "/profile/v1/me", cancellation)

    def proof_may_issue(self, application: Application, token: LiveToken) -> bool:
        """Whether the proof is a refresh: what Concur documents of a revoke is that refresh tokens end (2.3)."""
        return bool(application.consumer_secret and token.refresh_token)

    def is_refresh_refused(self, error: Exception) -> bool:
        """Whether that was code 108 (2.2)."""
        return (
            isinstance(error, GrantRefused)
            and error.document.code == REFRESH_TOKEN_REFUSED
            and error.status not in _SERVER_FAULTS
        )

    def prove_refused(
        self,
        transport: Transport,
        application: Application,
        token: LiveToken,
        cancellation: Cancellation | None = None,
    ) -> bool:
        """Refresh, which must be refused with code 108 now; without refresh token or secret, probe.

        Raises TokenStillAccepted with the token that was `issued`, if one was: it is as live as the one before. A
        probe that is accepted says that only where no refresh token came: what Concur documents to end are those.
        """
        issued: AccessTokenDocument | None = None
        accepted: type[TokenStillAccepted | ProofUnclear] = TokenStillAccepted
        try:
            if self.proof_may_issue(application, token):
                issued = _refresh(transport, application, token, Operation.PROOF, cancellation)
                answer = issued.answer
            else:
                answer = _call(transport, token, Operation.PROOF, "GET", "/profile/v1/me", cancellation)
                accepted = ProofUnclear if token.refresh_token else TokenStillAccepted
        except AuthorizationRefused:
            return False
        except WireError as error:
            if self.is_refresh_refused(error):
                return True
            if error.issued is None and (
                isinstance(error, ProxyFailed) or error.exchange is None or not error.exchange.complete
            ):
                raise
            issued, answer = error.issued, error.exchange
            accepted = ProofUnclear if issued is None else TokenStillAccepted
        raise accepted(
            operation=Operation.PROOF,
            host=answer.host if answer else "",
            exchange=answer,
            status=(answer.status if answer else None) or 0,
            issued=issued,
        )


def is_geolocation(geolocation: str, asked_url: str) -> bool:
    """Whether a place that an answer or a redirect names may be sent the consumer secret.

    Only what belongs to whom the profile asks: the same host and port, or one of Concur's data centres (3) where it
    asks Concur. A simulated one has them all on its own port, under base paths.
    """
    if not _GEOLOCATION.fullmatch(geolocation) or not is_usable_instance_url(geolocation, asked_url):
        return False
    there, asked = urlsplit(geolocation), urlsplit(asked_url)
    if there.scheme != asked.scheme:
        return False
    if there.scheme == "http":  # loopback on both sides by now, and other addresses there are other people's
        same_host = there.hostname == asked.hostname or {there.hostname, asked.hostname} <= _NAMES_OF_LOOPBACK
        return same_host and there.port == asked.port
    ports = [_HTTPS_PORT if parts.port is None else parts.port for parts in (there, asked)]  # port 0 is one, too
    if there.hostname == asked.hostname and ports[0] == ports[1]:
        return True
    concur_is_asked = (asked.hostname or "").endswith(_CONCUR_DOMAINS)
    is_data_centre = (there.hostname or "").endswith(_DATA_CENTRE_DOMAINS)
    return concur_is_asked and is_data_centre and there.port in {None, _HTTPS_PORT}


def _base_url_for_browsers(base_url: str) -> str:
    """Return the `www-` variant of one of Concur's own data centres (3); any other base URL as it is."""
    if base_url not in {centre.base_url for centre in CONTRACTS[CURRENT].data_centres}:
        return base_url
    scheme, _mark, host = base_url.partition("://")
    return f"{scheme}://{_FOR_BROWSERS}{host}"


def _denial_of(parameters: dict[str, str]) -> Denial | None:
    if not {"error_code", "error"} & set(parameters):
        return None
    error = parameters.get("error_code") or parameters.get("error", "")
    return Denial(error[:_LONGEST_TEXT], parameters.get("error_description", "")[:_LONGEST_TEXT])


def _unusable(parameters: dict[str, str], origin: Origin) -> RedirectError:
    expected = ("code",) if origin is Origin.WEB_FLOW else ("id", "requestToken")
    if origin is Origin.APP_CENTER and "code" in parameters and "geolocation" not in parameters:
        return RedirectOfOtherContract(expected="id and requestToken", found="code", other=LEGACY)
    for name in expected:
        if name.lower() in parameters and not parameters[name.lower()].strip():
            return RequestTokenEmpty(parameter=name)
    missing = [name for name in expected if name.lower() not in parameters]
    return RequestTokenMissing(expected=missing[0], other_parameters=len(parameters))


def _refresh(
    transport: Transport,
    application: Application,
    token: LiveToken,
    operation: Operation,
    cancellation: Cancellation | None,
) -> AccessTokenDocument:
    transport.redactor.learn(token.refresh_token)
    grant = (("grant_type", "refresh_token"), ("refresh_token", token.refresh_token or ""))
    return _issue(transport, application, operation, _place_of(token), grant, cancellation)


def _place_of(token: LiveToken) -> str:
    geolocation = (token.instance_url or "").rstrip("/")
    return geolocation if is_geolocation(geolocation, token.base_url) else token.base_url


def _issue(
    transport: Transport,
    application: Application,
    operation: Operation,
    base_url: str,
    grant: _Grant,
    cancellation: Cancellation | None,
) -> AccessTokenDocument:
    """Ask for a token; code 16 is followed once, to the geolocation that it names (2.2)."""
    transport.redactor.learn(application.consumer_secret)
    credentials = (("client_id", application.consumer_key), ("client_secret", application.consumer_secret))
    request = OutboundRequest(
        operation=operation,
        method="POST",
        url=f"{base_url.rstrip('/')}{_TOKEN_PATH}",
        headers=(_ACCEPT_JSON, _FORM),
        body=urlencode((*credentials, *grant), quote_via=quote, safe="").encode(),
    )
    elsewhere = ""
    try:
        return _ask_for_token(transport, request, application, cancellation)
    except GrantRefused as error:
        geolocation = (error.geolocation or "").rstrip("/")
        may_go = is_geolocation(geolocation, application.base_url) and geolocation != base_url.rstrip("/")
        if error.document.code != WRONG_DATA_CENTRE or not may_go or error.issued is not None:
            raise
        elsewhere = geolocation
    return _ask_for_token(transport, replace(request, url=f"{elsewhere}{_TOKEN_PATH}"), application, cancellation)


def _ask_for_token(
    transport: Transport, request: OutboundRequest, application: Application, cancellation: Cancellation | None
) -> AccessTokenDocument:
    """Send a request that makes Concur issue a token; no token that was issued gets lost with a broken answer."""

    def is_place(geolocation: str) -> bool:
        return is_geolocation(geolocation, application.base_url)

    try:
        answer = transport.send(request, cancellation)
        return read_token_document(answer, transport.redactor, is_place)
    except WireError as error:
        error.issued = salvage_token_document(error.exchange, transport.redactor, is_place)
        raise


def _disconnect(
    transport: Transport, token: LiveToken, operation: Operation, cancellation: Cancellation | None
) -> None:
    answer = _call(transport, token, operation, "DELETE", "/app-mgmt/v0/connections", cancellation)
    if read_error(answer, transport.redactor) is not None:
        raise read_refusal(answer, transport.redactor)
    if answer.response_body.strip() and not is_json_object(answer):
        raise RevokeUnconfirmed(**facts_of(answer))  # a sign-in portal, perhaps


def _call(
    transport: Transport,
    token: LiveToken,
    operation: Operation,
    method: str,
    path: str,
    cancellation: Cancellation | None,
) -> HttpExchange:
    """Make a call with the access token where the user lives. Returns the answer if it is a success."""
    transport.redactor.learn(token.access_token)
    place = _place_of(token)
    request = OutboundRequest(
        operation=operation,
        method=method,
        url=f"{place}{path}",
        headers=(_ACCEPT_JSON, ("Authorization", f"Bearer {token.access_token}")),
    )
    try:
        answer = transport.send(request, cancellation)
    except WireError as error:
        error.by_instance_url = place != token.base_url
        raise
    if answer.status in {_UNAUTHORIZED, _FORBIDDEN}:
        raise AuthorizationRefused(
            operation=operation,
            host=answer.host,
            exchange=answer,
            status=answer.status or 0,
            document=read_error(answer, transport.redactor),
        )
    if answer.status not in _OK:
        raise read_refusal(answer, transport.redactor)
    return answer
