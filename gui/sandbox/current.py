"""The current contract's endpoints that a program calls (concur-wire.md 2.2 to 2.4). The pages are in web_flow.py."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from gui.sandbox.answers import Endpoint, reply_to
from gui.sandbox.authorization import authorization_of, basic_credentials
from gui.sandbox.current_documents import TokenWriter, application_profile, company_profile, user_profile
from gui.sandbox.current_refusals import note_on_error, numbered
from gui.sandbox.errors import Refused
from gui.sandbox.parameters import Parameters, read_form
from gui.sandbox.records import ConnectionKind, Reason
from gui.sandbox.refusals import outcome_of
from gui.sandbox.replies import Reply, base_url, empty_response, typed_response
from gui.sandbox.simulated import simulated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gui.concur.models import Headers
    from gui.loopback.http import Request, Response
    from gui.sandbox.answers import AnswerTable
    from gui.sandbox.authority import Authority
    from gui.sandbox.connection_records import TokenGrant
    from gui.sandbox.connections import Connections
    from gui.sandbox.data_centres import DataCentre
    from gui.sandbox.records import RegisteredApp
    from gui.sandbox.replies import Routes

_TOKEN_PARAMETERS = (
    "grant_type",
    "client_id",
    "client_secret",
    "credtype",
    "username",
    "password",
    "code",
    "redirect_uri",
    "refresh_token",
    "scope",
)
_TOKEN_OF_GRANT = {"password": "password", "authorization_code": "code", "refresh_token": "refresh_token"}
"""Which parameter an entry of the table of answers can hang on."""
_JSON = "application/json"


@dataclass(slots=True)
class _Call:
    """One call as it is worked on."""

    request: Request
    endpoint: Endpoint
    correlation_id: str
    form: Parameters = field(default_factory=lambda: Parameters({}))
    outcome: str = ""
    notes: list[str] = field(default_factory=list)


class CurrentContract:
    """Token endpoint, connections and profile of one data centre, out of one state and one table of answers."""

    def __init__(
        self, authority: Authority, connections: Connections, answers: AnswerTable, centre: DataCentre
    ) -> None:
        self._authority = authority
        self._connections = connections
        self._answers = answers
        self._centre = centre
        self._grants: Mapping[str, Callable[[_Call, RegisteredApp, TokenWriter], TokenGrant]] = {
            "password": self._password,
            "authorization_code": self._authorization_code,
            "refresh_token": self._refresh,
            "client_credentials": self._client_credentials,
        }

    def routes(self) -> Routes:
        """Return the paths served under this data centre's base path."""
        return {
            f"{self._centre.value}/oauth2/v0/token": {"POST": self.token},
            f"{self._centre.value}/app-mgmt/v0/connections": {"DELETE": self.disconnect},
            f"{self._centre.value}/profile/v1/me": {"GET": self.profile},
        }

    def token(self, request: Request) -> Reply:
        """Answer the token endpoint, all four grants (2.2)."""
        call = self._call(request, Endpoint.EXCHANGE)
        try:
            call.form = read_form(request, _TOKEN_PARAMETERS)
        except Refused as caught:
            return self._refusal(call, caught)
        call.notes.extend(call.form.notes)
        grant_type = call.form.get("grant_type") or ""
        if grant_type == "refresh_token":
            call.endpoint = Endpoint.REFRESH
        about = call.form.get(_TOKEN_OF_GRANT.get(grant_type, "")) or ""
        return self._reply(call, lambda: self._issue(call), about)

    def disconnect(self, request: Request) -> Reply:
        """Answer the revoke: the connection that the access token belongs to (2.3)."""
        call = self._call(request, Endpoint.REVOKE)
        return self._reply(call, lambda: self._disconnect(call), _bearer_or_blank(request))

    def profile(self, request: Request) -> Reply:
        """Answer the call that proves a token: who is it that is signed in (2.4)."""
        call = self._call(request, Endpoint.PROBE)
        return self._reply(call, lambda: self._profile(call), _bearer_or_blank(request))

    # What each call does: the normal response, or Refused

    def _issue(self, call: _Call) -> Response:
        grant_type = call.form.required("grant_type")
        app = self._client(call)
        grant_of = self._grants.get(grant_type)
        if grant_of is None:
            raise Refused(reason=Reason.GRANT_TYPE_UNKNOWN)
        base = base_url(call.request.local_port)
        settings = self._connections.settings
        writer = TokenWriter(settings, self._authority, base + settings.home.seen_from(self._centre).value)
        grant = grant_of(call, app, writer)
        return self._json(call, 200, writer.answer(grant))

    def _password(self, call: _Call, app: RegisteredApp, writer: TokenWriter) -> TokenGrant:
        username, password = call.form.required("username"), call.form.required("password")
        kind = (call.form.get("credtype") or "").lower()
        if kind not in ("", "password", "authtoken"):
            raise Refused(reason=Reason.CREDTYPE_UNKNOWN)
        self._check_home()
        if kind == "authtoken":
            self._note_legacy_token(call, password)
            call.outcome = "tokens issued for a request token"
            return self._connections.exchange_request_token(app, username, password, writer.access_token)
        if not kind:
            call.notes.append("no credtype: taken for a login with its password, as documented")
        call.outcome = "tokens issued for a login"
        return self._connections.sign_in(app, username, password, writer.access_token)

    def _authorization_code(self, call: _Call, app: RegisteredApp, writer: TokenWriter) -> TokenGrant:
        code, redirect_url = call.form.required("code"), call.form.required("redirect_uri")
        self._check_home()
        self._note_legacy_token(call, code)
        call.outcome = "tokens issued for a code"
        call.notes.append(simulated("how long and how often a code is good"))
        return self._connections.exchange_code(app, code, redirect_url, writer.access_token)

    def _refresh(self, call: _Call, app: RegisteredApp, writer: TokenWriter) -> TokenGrant:
        refresh_token = call.form.required("refresh_token")
        self._check_home()
        self._note_legacy_token(call, refresh_token)
        scopes = tuple(dict.fromkeys((call.form.get("scope") or "").split()))
        grant = self._connections.refresh(app, refresh_token, scopes, writer.access_token)
        call.outcome = "tokens refreshed"
        if grant.refresh_token not in (None, refresh_token):
            works = self._connections.settings.old_refresh_token_works
            call.notes.append(simulated(f"the old refresh token {'goes on working' if works else 'has ended'}"))
        return grant

    def _client_credentials(self, call: _Call, app: RegisteredApp, writer: TokenWriter) -> TokenGrant:
        call.outcome = "access token issued to the app itself"
        return self._connections.application_grant(app, writer.access_token)

    def _disconnect(self, call: _Call) -> Response:
        count = self._connections.end(self._bearer(call))
        call.outcome = f"connection ended, with refresh tokens: {count}"
        if self._connections.settings.revoke_ends_access_tokens:
            call.notes.append(simulated("its access tokens end with it"))
        response = empty_response()
        return type(response)(200, (*self._headers(call), *response.headers))

    def _profile(self, call: _Call) -> Response:
        connection = self._connections.bearer(self._bearer(call))
        call.outcome = "access token accepted"
        call.notes.append(simulated("the profile has more fields at Concur; its scope is not checked here"))
        if connection.kind is ConnectionKind.USER:
            return self._json(call, 200, user_profile(self._authority.user(connection.login)))
        call.notes.append(simulated(f"what a token of kind {connection.kind.value} is answered"))
        if connection.kind is ConnectionKind.COMPANY:
            return self._json(call, 200, company_profile())
        return self._json(call, 200, application_profile(connection))

    def _client(self, call: _Call) -> RegisteredApp:
        """Return the app that calls; a generic OAuth library names it in an Authorization header."""
        if call.request.header("authorization") is None:
            key, secret = call.form.required("client_id"), call.form.required("client_secret")
        else:
            key, secret = self._basic_client(call)
        app = self._authority.authenticate(key, secret)
        if not app.enabled:
            raise Refused(reason=Reason.CLIENT_DISABLED)
        if not app.company_enabled:
            raise Refused(reason=Reason.COMPANY_NOT_ENABLED)
        return app

    def _basic_client(self, call: _Call) -> tuple[str, str]:
        call.notes.append(simulated("client_id and client_secret in an Authorization header; in the body at Concur"))
        try:
            key, secret = basic_credentials(call.request)
        except Refused:
            raise Refused(reason=Reason.CLIENT_UNAUTHENTICATED) from None
        if call.form.get("client_id") not in (None, "", key):
            raise Refused(reason=Reason.CLIENT_UNAUTHENTICATED)
        return key, secret

    def _check_home(self) -> None:
        if not self._connections.settings.home.is_at(self._centre):
            raise Refused(reason=Reason.LIVES_ELSEWHERE)

    def _bearer(self, call: _Call) -> str:
        token = _bearer(call.request)
        self._note_legacy_token(call, token)
        if not self._connections.settings.home.is_at(self._centre):
            call.notes.append("asked at another data centre than the geolocation of the token")
        return token

    def _note_legacy_token(self, call: _Call, token: str) -> None:
        if self._authority.knows(token):
            call.notes.append("this is a token of the legacy contract")

    # Answering

    def _call(self, request: Request, endpoint: Endpoint) -> _Call:
        return _Call(request, endpoint, self._authority.tokens.uuid())

    def _reply(self, call: _Call, normal: Callable[[], Response], token: str = "") -> Reply:
        return reply_to(call, self._answers, normal, partial(self._refusal, call), token)

    def _refusal(self, call: _Call, refusal: Refused) -> Reply:
        error = numbered(refusal)
        facts: dict[str, object] = {
            "code": error.code,
            "error": error.error,
            "error_description": error.description,
            "concur-correlationid": call.correlation_id,
        }
        if refusal.reason is Reason.LIVES_ELSEWHERE:
            facts["geolocation"] = base_url(call.request.local_port) + self._centre.other.value
        call.outcome = outcome_of(refusal)
        call.notes.append(note_on_error(refusal))
        response = self._json(call, error.status, facts, _challenge(call, error.error, error.status))
        return Reply(response, call.endpoint.value, call.outcome, tuple(call.notes))

    def _json(self, call: _Call, status: int, facts: Mapping[str, object], headers: Headers = ()) -> Response:
        response = typed_response(status, _JSON, json.dumps(facts).encode())
        return type(response)(status, (*self._headers(call), *headers, *response.headers), response.body)

    def _headers(self, call: _Call) -> Headers:
        return (("Server", "cnqr-papeete"), ("Concur-Correlationid", call.correlation_id))


def _challenge(call: _Call, error: str, status: int) -> Headers:
    """Return the header that a 401 owes (RFC 9110, 11.6.1)."""
    if status != 401:  # noqa: PLR2004  # the status itself
        return ()
    if call.endpoint in (Endpoint.EXCHANGE, Endpoint.REFRESH):
        return (("WWW-Authenticate", 'Basic realm="simulated"'),)
    return (("WWW-Authenticate", f'Bearer realm="simulated", error="{error}"'),)


def _bearer(request: Request) -> str:
    """Return the token of `Authorization: Bearer …`, the scheme in any case."""
    scheme, token = authorization_of(request)
    if scheme == "oauth":
        raise Refused(reason=Reason.AUTHORIZATION_OF_LEGACY)
    if scheme != "bearer" or not token:
        raise Refused(reason=Reason.AUTHORIZATION_UNREADABLE)
    return token


def _bearer_or_blank(request: Request) -> str:
    try:
        return _bearer(request)
    except Refused:
        return ""
