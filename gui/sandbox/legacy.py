"""The legacy contract's endpoints that a program calls (concur-wire.md 1.2 to 1.7). The pages are in web_flow.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from gui.sandbox.answers import Endpoint, reply_to
from gui.sandbox.authorization import authorization_of, basic_credentials
from gui.sandbox.documents import JSON_TYPE, XML_TYPE, concur_date, indented_xml, json_document, prefers_json
from gui.sandbox.errors import Refused
from gui.sandbox.parameters import Parameters, has_body, read_parameters
from gui.sandbox.records import Reason
from gui.sandbox.refusals import note_on, outcome_of, refusal_response
from gui.sandbox.replies import Reply, base_url, empty_response, typed_response
from gui.sandbox.simulated import simulated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gui.loopback.http import Request, Response
    from gui.sandbox.answers import AnswerTable
    from gui.sandbox.authority import Authority
    from gui.sandbox.connections import Connections
    from gui.sandbox.records import Grant
    from gui.sandbox.replies import Routes

_EXCHANGE_PARAMETERS = ("code", "refresh_token", "client_id", "client_secret")
_REVOKE_PARAMETERS = ("token", "consumerKey", "client_id", "user")
_USER_NAMESPACES = (
    ' xmlns="http://www.concursolutions.com/api/user/2011/02" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
)


@dataclass(slots=True)
class _Call:
    """One call as it is worked on."""

    request: Request
    endpoint: Endpoint
    parameters: Parameters = field(default_factory=lambda: Parameters({}))
    outcome: str = ""
    notes: list[str] = field(default_factory=list)


class LegacyContract:
    """Exchange, refresh, native sign-in, revoke and the probe call, out of one authority and one table of answers."""

    def __init__(self, authority: Authority, connections: Connections, answers: AnswerTable) -> None:
        self._authority = authority
        self._connections = connections
        self._answers = answers

    def routes(self) -> Routes:
        """Return the paths served. Exchange and native sign-in take both methods, as real clients use both (1.7)."""
        exchange, native = self.exchange_or_refresh, self.native_sign_in
        return {
            "/net2/oauth2/getaccesstoken.ashx": {"GET": exchange, "POST": exchange},
            "/net2/oauth2/accesstoken.ashx": {"GET": native, "POST": native},
            "/net2/oauth2/revoketoken.ashx": {"POST": self.revoke},
            "/api/user/v1.0/user": {"GET": self.probe},
        }

    def exchange_or_refresh(self, request: Request) -> Reply:
        """Answer `getaccesstoken.ashx`: a request token where one is given, else a refresh token (1.2, 1.3)."""
        call = _Call(request, Endpoint.EXCHANGE)
        if refusal := _read(call, _EXCHANGE_PARAMETERS):
            return self._refusal(call, refusal)
        if "refresh_token" in call.parameters.values and "code" not in call.parameters.values:
            call.endpoint = Endpoint.REFRESH
            token = self._token(call, "refresh_token")
            return self._reply(call, lambda: self._refresh(call, token), token)
        code = self._token(call, "code")
        return self._reply(call, lambda: self._exchange(call, code), code)

    def native_sign_in(self, request: Request) -> Reply:
        """Answer `accesstoken.ashx` (1.6)."""
        call = _Call(request, Endpoint.NATIVE)
        return self._reply(call, lambda: self._native(call))

    def revoke(self, request: Request) -> Reply:
        """Answer `revoketoken.ashx`: one token where `token` is given, else all of a user (1.4)."""
        call = _Call(request, Endpoint.REVOKE)
        if refusal := _read(call, _REVOKE_PARAMETERS):
            return self._refusal(call, refusal)
        if "token" not in call.parameters.values and call.parameters.values:
            call.endpoint = Endpoint.REVOKE_ALL
            return self._reply(call, lambda: self._revoke_all(call))
        target = self._token(call, "token")
        return self._reply(call, lambda: self._revoke_one(call, target), target)

    def probe(self, request: Request) -> Reply:
        """Answer the call that proves a token: who is it that is signed in."""
        call = _Call(request, Endpoint.PROBE)
        return self._reply(call, lambda: self._profile(call), _bearer_or_blank(request))

    # What each call does: the normal response, or Refused

    def _exchange(self, call: _Call, code: str) -> Response:
        call.parameters.required("code")
        key, secret = call.parameters.required("client_id"), call.parameters.required("client_secret")
        grant = self._authority.exchange(code, key, secret)
        call.outcome = "access token issued"
        return self._access_token(call, grant)

    def _refresh(self, call: _Call, refresh_token: str) -> Response:
        call.parameters.required("refresh_token")
        key, secret = call.parameters.required("client_id"), call.parameters.required("client_secret")
        grant = self._authority.refresh(refresh_token, key, secret)
        call.outcome = "one more access token issued"
        call.notes.append(simulated("the old access token goes on working"))
        return self._access_token(call, grant)

    def _native(self, call: _Call) -> Response:
        login, password = basic_credentials(call.request)
        consumer_key = (call.request.header("x-consumerkey") or "").strip()
        grant = self._authority.native_grant(login, password, consumer_key)
        call.outcome = "access token issued"
        return self._access_token(call, grant)

    def _revoke_one(self, call: _Call, target: str) -> Response:
        bearer = _bearer(call.request)
        self._authority.check_administrator(bearer)  # who may not revoke learns nothing about what they sent
        call.parameters.required("token")
        self._authority.revoke(bearer, target)
        call.outcome = "access token revoked"
        if self._authority.settings.revoke_ends_refresh_token:
            call.notes.append(simulated("its refresh token ends with it"))
        return empty_response()

    def _revoke_all(self, call: _Call) -> Response:
        bearer = _bearer(call.request)
        self._authority.check_administrator(bearer)
        consumer_key = call.parameters.get("consumerKey") or call.parameters.get("client_id")
        if not consumer_key:
            raise Refused(reason=Reason.PARAMETER_MISSING, parameter="consumerKey")
        count = self._authority.revoke_all(bearer, consumer_key, call.parameters.required("user"))
        call.outcome = f"all access tokens of the user revoked: {count}"
        return empty_response()

    def _profile(self, call: _Call) -> Response:
        user = self._authority.bearer(_bearer(call.request))
        fields = (
            ("LoginId", user.login),
            ("Active", "Y"),
            ("FirstName", user.first_name),
            ("LastName", user.last_name),
            ("EmailAddress", user.login),
        )
        call.outcome = "access token accepted"
        call.notes.append(simulated("the profile has more fields at Concur; its scope is not checked here"))
        return self._document(call.request, "UserProfile", fields, _USER_NAMESPACES)

    # Answering

    def _reply(self, call: _Call, normal: Callable[[], Response], token: str = "") -> Reply:
        if has_body(call.request) and call.request.method == "GET":
            call.notes.append("a GET with a body: the body was ignored")

        return reply_to(call, self._answers, normal, partial(self._refusal, call), token)

    def _refusal(self, call: _Call, refusal: Refused) -> Reply:
        call.outcome = outcome_of(refusal)
        call.notes.append(note_on(refusal))
        response = refusal_response(self._authority, refusal, as_json=_wants_json(call.request))
        return Reply(response, call.endpoint.value, call.outcome, tuple(call.notes))

    def _access_token(self, call: _Call, grant: Grant) -> Response:
        """Return the document of 1.2, without `Refresh_Token` where the grant has none."""
        fields = [
            ("Instance_Url", base_url(call.request.local_port) + "/"),
            ("Token", grant.access_token),
            ("Expiration_date", concur_date(grant.expires_at)),
        ]
        if grant.refresh_token is not None:
            fields.append(("Refresh_Token", grant.refresh_token))
        return self._document(call.request, "Access_Token", fields)

    def _document(
        self, request: Request, root: str, fields: Sequence[tuple[str, str]], attributes: str = ""
    ) -> Response:
        if _wants_json(request):
            return typed_response(200, JSON_TYPE, json_document(root, fields))
        declaration = self._authority.settings.xml_declaration
        document = indented_xml(root, fields, attributes=attributes, declaration=declaration)
        return typed_response(200, XML_TYPE, document)

    def _token(self, call: _Call, name: str) -> str:
        """Return a token as it was meant. Sent raw, its `+` arrives as a space: look once more (1.7)."""
        value = call.parameters.get(name) or ""
        if self._connections.knows(value):
            call.notes.append("this is a token of the current contract")
        restored = value.replace(" ", "+")
        if restored == value or self._authority.knows(value) or not self._authority.knows(restored):
            return value
        call.notes.append("the client did not percent-encode the + of a token")
        return restored


def _read(call: _Call, names: Sequence[str]) -> Refused | None:
    try:
        call.parameters = read_parameters(call.request, names)
    except Refused as caught:
        return caught
    call.notes.extend(call.parameters.notes)
    return None


def _wants_json(request: Request) -> bool:
    return prefers_json(request.header_values("accept"))


def _bearer(request: Request) -> str:
    """Return the token of `Authorization: OAuth …`."""
    scheme, token = authorization_of(request)
    if scheme != "oauth" or not token:
        raise Refused(reason=Reason.AUTHORIZATION_UNREADABLE)
    return token


def _bearer_or_blank(request: Request) -> str:
    try:
        return _bearer(request)
    except Refused:
        return ""
