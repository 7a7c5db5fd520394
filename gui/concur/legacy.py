"""The contract of Concur's App Center Flow page: net2/oauth2 (concur-wire.md, section 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from gui.concur.answers import (
    access_token_document,
    is_usable_instance_url,
    read_access_token_document,
    read_error_document,
    refusal,
)
from gui.concur.contract import CONTRACTS, CURRENT, LEGACY
from gui.concur.errors import (
    AuthorizationRefused,
    GrantNotOffered,
    ProofUnclear,
    ProxyFailed,
    RedirectOfOtherContract,
    RequestTokenEmpty,
    RequestTokenMissing,
    RevokeRoleMissing,
    RevokeUnconfirmed,
    TokenStillAccepted,
    WireError,
)
from gui.concur.models import Denial, Operation, Origin, RequestToken
from gui.concur.query import check_state, parse_query
from gui.concur.salvage import salvaged_fields
from gui.concur.transport import OutboundRequest

if TYPE_CHECKING:
    from datetime import datetime

    from gui.concur.cancellation import Cancellation
    from gui.concur.errors import AnswerError
    from gui.concur.models import AccessTokenDocument, Application, HttpExchange, LiveToken
    from gui.concur.redaction import Redactor
    from gui.concur.transport import Transport

_ACCEPT_XML = ("Accept", "application/xml")
_READ_ONCE = frozenset({"code", "state", "error", "error_description"})
_OF_CURRENT = frozenset({"id", "requesttoken"})
"""Lower case: what a redirect of the other contract carries from the App Center."""
_OF_CURRENT_SIGN_IN = frozenset({"code", "geolocation"})
"""Lower case: the same from its web flow. Its code must not be sent here, and the secret with it."""
_OTHER_FIELDS = ("refresh_token", "instance_url", "expiration_date")
_OK = range(200, 300)
_UNAUTHORIZED, _FORBIDDEN = 401, 403
_LONGEST_TEXT = 500


class LegacyContract:
    """`code` in the redirect, an access-token document in XML, tokens that live about a year."""

    name = LEGACY
    replaces_tokens = False
    keeps_access_token = True

    def sign_in_url(self, application: Application, state: str) -> str:
        """Return the URL of `Login.aspx` (1.1). Scopes are comma separated."""
        query = urlencode(
            (
                ("client_id", application.consumer_key),
                ("scope", CONTRACTS[LEGACY].scope_separator.join(application.scopes)),
                ("redirect_uri", application.redirect_url),
                ("state", state),
            ),
            quote_via=quote,
            safe=",",
        )
        return f"{application.base_url}/net2/oauth2/Login.aspx?{query}"

    def read_redirect(
        self, query: str, *, origin: Origin, expected_state: str | None, received_at: datetime
    ) -> RequestToken | Denial:
        """Read `code`, or `error` and `error_description` (1.1). Raises RedirectError."""
        parameters = parse_query(query, _READ_ONCE)
        if origin is Origin.WEB_FLOW and expected_state is not None:
            check_state(parameters.get("state"), expected_state)
        names = {name.lower() for name in parameters}
        if names >= _OF_CURRENT_SIGN_IN:
            raise RedirectOfOtherContract(expected="code", found="code and geolocation", other=CURRENT)
        if parameters.get("code", "").strip():
            return RequestToken(parameters["code"], received_at)
        if "error" in parameters:
            return Denial(parameters["error"][:_LONGEST_TEXT], parameters.get("error_description", "")[:_LONGEST_TEXT])
        if "code" in parameters:
            raise RequestTokenEmpty(parameter="code")
        if names >= _OF_CURRENT:
            raise RedirectOfOtherContract(expected="code", found="id and requestToken", other=CURRENT)
        if "error_code" in names:
            raise RedirectOfOtherContract(expected="code or error", found="error_code", other=CURRENT)
        raise RequestTokenMissing(expected="code", other_parameters=len(parameters))

    def query_of_bare_code(self, code: str) -> str:
        """Return `code=…`."""
        return urlencode((("code", code),), quote_via=quote, safe="")

    def exchange(
        self,
        transport: Transport,
        application: Application,
        request_token: RequestToken,
        cancellation: Cancellation | None = None,
    ) -> AccessTokenDocument:
        """GET getaccesstoken.ashx with the code (1.2)."""
        transport.redactor.learn(application.consumer_secret, request_token.value)
        request = _token_request(Operation.EXCHANGE, application, ("code", request_token.value))
        return _issue(transport, request, cancellation)

    def refresh(
        self,
        transport: Transport,
        application: Application,
        token: LiveToken,
        cancellation: Cancellation | None = None,
    ) -> AccessTokenDocument:
        """GET getaccesstoken.ashx with the refresh token (1.3). The answer carries no new refresh token."""
        transport.redactor.learn(application.consumer_secret, token.access_token, token.refresh_token)
        request = _token_request(
            Operation.REFRESH,
            application,
            ("refresh_token", token.refresh_token or ""),
            ("Authorization", f"OAuth {token.access_token}"),
        )
        return _issue(transport, request, cancellation)

    def application_token(
        self,
        transport: Transport,  # noqa: ARG002  # the contract's signature
        application: Application,  # noqa: ARG002  # the same
        cancellation: Cancellation | None = None,  # noqa: ARG002  # the same
    ) -> AccessTokenDocument:
        """Raise GrantNotOffered: here every token is a user's."""
        raise GrantNotOffered(grant="client_credentials", contract=LEGACY)

    def home_of(self, document: AccessTokenDocument, base_url: str) -> str | None:
        """Return the Instance_Url, if it can be called."""
        instance_url = document.instance_url or ""
        return instance_url if is_usable_instance_url(instance_url, base_url) else None

    def is_usable(self, token: LiveToken, now: datetime) -> bool:  # noqa: ARG002  # the contract's signature
        """Say yes: an expired token is Concur's to refuse, and it can still be revoked."""
        return True

    def revoke(
        self,
        transport: Transport,
        application: Application,  # noqa: ARG002  # the token authorises itself
        token: LiveToken,
        cancellation: Cancellation | None = None,
    ) -> None:
        """POST revoketoken.ashx?token=, authorised by the very token (1.4)."""
        request = _revoke_request(Operation.REVOKE, token, (("token", token.access_token),))
        self._revoke(transport, token, request, cancellation)

    def revoke_all(
        self,
        transport: Transport,
        token: LiveToken,
        consumer_key: str,
        login: str,
        cancellation: Cancellation | None = None,
    ) -> None:
        """POST revoketoken.ashx?consumerKey=&user= (1.4)."""
        request = _revoke_request(Operation.REVOKE_ALL, token, (("consumerKey", consumer_key), ("user", login)))
        self._revoke(transport, token, request, cancellation)

    def probe(self, transport: Transport, token: LiveToken, cancellation: Cancellation | None = None) -> HttpExchange:
        """GET the user's profile with `Authorization: OAuth` from the token's own instance."""
        return _try(transport, token, Operation.PROBE, cancellation)

    def proof_may_issue(self, application: Application, token: LiveToken) -> bool:  # noqa: ARG002  # as above
        """Say no: the proof is a call like the probe."""
        return False

    def is_refresh_refused(self, error: Exception) -> bool:  # noqa: ARG002  # as above
        """Say no: nobody documents how a refresh token is refused (1.5)."""
        return False

    def prove_refused(
        self,
        transport: Transport,
        application: Application,  # noqa: ARG002  # as above
        token: LiveToken,
        cancellation: Cancellation | None = None,
    ) -> bool:
        """Probe with a token that must be refused now: 401 or 403 is the proof (1.5), if it was accepted before."""
        unclear: AnswerError
        try:
            answer = _try(transport, token, Operation.PROOF, cancellation)
        except AuthorizationRefused:
            return False
        except WireError as error:
            if isinstance(error, ProxyFailed) or error.exchange is None or not error.exchange.complete:
                raise
            unclear = ProofUnclear(
                operation=error.operation, host=error.host, exchange=error.exchange, status=error.exchange.status or 0
            )
        else:
            unclear = TokenStillAccepted(
                operation=Operation.PROOF, host=answer.host, exchange=answer, status=answer.status or 0
            )
        raise unclear

    def _revoke(
        self, transport: Transport, token: LiveToken, request: OutboundRequest, cancellation: Cancellation | None
    ) -> None:
        transport.redactor.learn(token.access_token)
        answer = transport.send(request, cancellation)
        if answer.status in _OK and not answer.response_body.strip():
            return
        if answer.status == _FORBIDDEN and self._works(transport, token, cancellation):
            raise RevokeRoleMissing(
                operation=request.operation,
                host=answer.host,
                exchange=answer,
                status=_FORBIDDEN,
                document=read_error_document(answer, transport.redactor),
            )
        if answer.status in {_UNAUTHORIZED, _FORBIDDEN}:
            raise _authorization_refused(answer, transport)
        if answer.status in _OK and read_error_document(answer, transport.redactor) is None:
            raise RevokeUnconfirmed(
                operation=request.operation, host=answer.host, exchange=answer, status=answer.status or 0
            )
        raise refusal(answer, transport.redactor)

    def _works(self, transport: Transport, token: LiveToken, cancellation: Cancellation | None) -> bool:
        """Tell the missing role from a dead token: Concur answers 403 to both (1.5)."""
        try:
            self.probe(transport, token, cancellation)
        except WireError:
            return False
        return True


def _try(
    transport: Transport, token: LiveToken, operation: Operation, cancellation: Cancellation | None
) -> HttpExchange:
    transport.redactor.learn(token.access_token)
    instance_url = token.instance_url or ""
    by_instance_url = is_usable_instance_url(instance_url, token.base_url)
    base_url = instance_url if by_instance_url else token.base_url
    request = OutboundRequest(
        operation=operation,
        method="GET",
        url=f"{base_url.rstrip('/')}/api/user/v1.0/user",
        headers=(_ACCEPT_XML, ("Authorization", f"OAuth {token.access_token}")),
        is_due_refusal=_is_unauthorized if operation is Operation.PROOF else None,
    )
    try:
        answer = transport.send(request, cancellation)
    except WireError as error:
        error.by_instance_url = by_instance_url
        raise
    if _is_unauthorized(answer):
        raise _authorization_refused(answer, transport)
    if answer.status not in _OK or read_error_document(answer, transport.redactor) is not None:
        raise refusal(answer, transport.redactor)
    return answer


def _is_unauthorized(answer: HttpExchange) -> bool:
    return answer.status in {_UNAUTHORIZED, _FORBIDDEN}


def _token_request(
    operation: Operation, application: Application, grant: tuple[str, str], *headers: tuple[str, str]
) -> OutboundRequest:
    return OutboundRequest(
        operation=operation,
        method="GET",
        url=f"{application.base_url}/net2/oauth2/getaccesstoken.ashx",
        query=(
            grant,
            ("client_id", application.consumer_key),
            ("client_secret", application.consumer_secret),
        ),
        headers=(_ACCEPT_XML, *headers),
    )


def _revoke_request(operation: Operation, token: LiveToken, query: tuple[tuple[str, str], ...]) -> OutboundRequest:
    return OutboundRequest(
        operation=operation,
        method="POST",
        url=f"{token.base_url}/net2/oauth2/revoketoken.ashx",
        query=query,
        headers=(_ACCEPT_XML, ("Authorization", f"OAuth {token.access_token}")),
    )


def _issue(transport: Transport, request: OutboundRequest, cancellation: Cancellation | None) -> AccessTokenDocument:
    """Send a request that makes Concur issue a token; no token that was issued gets lost with a broken answer."""
    try:
        answer = transport.send(request, cancellation)
        return read_access_token_document(answer, transport.redactor)
    except WireError as error:
        error.issued = salvage_access_token_document(error.exchange, transport.redactor)
        raise


def salvage_access_token_document(exchange: HttpExchange | None, redactor: Redactor) -> AccessTokenDocument | None:
    """Return what an unusable answer holds all the same, if it holds a whole access token."""
    fields = salvaged_fields(exchange, redactor, "token", *_OTHER_FIELDS)
    return access_token_document(fields, exchange) if fields and exchange is not None else None


def _authorization_refused(answer: HttpExchange, transport: Transport) -> AuthorizationRefused:
    return AuthorizationRefused(
        operation=answer.operation,
        host=answer.host,
        exchange=answer,
        status=answer.status or 0,
        document=read_error_document(answer, transport.redactor),
    )
