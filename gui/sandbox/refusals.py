"""What the legacy contract answers to what it refuses (concur-wire.md 1.5): a status and an `Error` document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.sandbox.documents import JSON_TYPE, XML_TYPE, json_document, one_line_xml
from gui.sandbox.records import Reason
from gui.sandbox.replies import typed_response
from gui.sandbox.simulated import simulated

if TYPE_CHECKING:
    from gui.loopback.http import Response
    from gui.sandbox.authority import Authority
    from gui.sandbox.errors import Refused

_MESSAGES = {
    Reason.PARAMETER_MISSING: "The parameter {parameter} is missing or empty.",
    Reason.PARAMETER_REPEATED: "The parameter {parameter} is given more than once.",
    Reason.PARAMETERS_UNDECODABLE: "The parameters are not percent-encoded UTF-8.",
    Reason.CONSUMER_KEY_UNKNOWN: "No app is registered with this consumer key.",
    Reason.CONSUMER_SECRET_WRONG: "The consumer secret is not that of this consumer key.",
    Reason.CODE_UNKNOWN: "The request token is not known.",
    Reason.CODE_OF_ANOTHER_APP: "The request token was issued to another app.",
    Reason.CODE_EXPIRED: "The request token has expired.",
    Reason.CODE_USED: "The request token has been exchanged before.",
    Reason.REFRESH_TOKEN_UNKNOWN: "The refresh token is not known.",
    Reason.REFRESH_TOKEN_OF_ANOTHER_APP: "The refresh token was issued to another app.",
    Reason.REFRESH_TOKEN_REVOKED: "The refresh token has been revoked.",
    Reason.TARGET_UNKNOWN: "The access token to revoke is not known.",
    Reason.TARGET_ENDED: "The access token to revoke has expired or has been revoked before.",
    Reason.USER_UNKNOWN: "No user has this login.",
    Reason.SCOPE_UNKNOWN: "A scope does not exist or is not registered for this app.",
    Reason.REDIRECT_URL_UNUSABLE: "The redirect URL is not a plain http or https URL.",
    Reason.REDIRECT_URL_NOT_REGISTERED: "The redirect URL is not the one that is registered for this app.",
    Reason.TICKET_SPENT: "This form was used before, has expired, or does not come from a page of this sandbox.",
    Reason.DECISION_MISSING: "Neither Allow nor Deny was pressed.",
    Reason.AUTHORIZATION_MISSING: "The Authorization header is missing.",
    Reason.AUTHORIZATION_UNREADABLE: "The Authorization header cannot be read.",
    Reason.BEARER_UNKNOWN: "The access token is not valid.",
    Reason.BEARER_EXPIRED: "The access token has expired.",
    Reason.BEARER_REVOKED: "The access token has been revoked.",
    Reason.ROLE_MISSING: "The user lacks the role Web Services Administrator or Can Administer.",
    Reason.FOREIGN_APP: "The access token belongs to another app.",
    Reason.SIGN_IN_WRONG: "The login or the password is wrong.",
    Reason.NATIVE_KEY_WRONG: "The consumer key in X-ConsumerKey is missing or not known.",
    Reason.AUTHORIZATION_OF_LEGACY: "This contract wants Authorization: Bearer; OAuth is the scheme of the legacy one.",
    Reason.GRANT_TYPE_UNKNOWN: "The grant type is not known.",
    Reason.CREDTYPE_UNKNOWN: "The credtype is neither authtoken nor password.",
    Reason.CLIENT_UNAUTHENTICATED: "The Authorization header names no app, or another one than the body.",
    Reason.CLIENT_DISABLED: "The app is disabled.",
    Reason.COMPANY_NOT_ENABLED: "The company has not enabled this app.",
    Reason.PRINCIPAL_DISABLED: "The user is disabled.",
    Reason.LIVES_ELSEWHERE: "The user lives in another data centre.",
    Reason.ID_WRONG: "The request token was issued with another id.",
    Reason.REDIRECT_URL_DIFFERS: "The redirect URL is not that of the sign-in.",
    Reason.REFRESH_TOKEN_EXPIRED: "The refresh token has expired.",
    Reason.SCOPE_EXCEEDED: "A scope was not granted before.",
    Reason.RESPONSE_TYPE_UNKNOWN: "The response_type is not code.",
    Reason.CONTRACT_UNKNOWN: 'The contract is neither "legacy" nor "current".',
    Reason.KIND_UNKNOWN: 'The kind is neither "user" nor "company", or it was given without the contract "current".',
}
"""Our words, every one of them: no source states Concur's."""

_STATUSES = {
    Reason.AUTHORIZATION_MISSING: 401,
    Reason.AUTHORIZATION_UNREADABLE: 403,
    Reason.BEARER_UNKNOWN: 403,
    Reason.BEARER_EXPIRED: 403,
    Reason.BEARER_REVOKED: 403,
    Reason.ROLE_MISSING: 403,
    Reason.SIGN_IN_WRONG: 403,
    Reason.NATIVE_KEY_WRONG: 403,
}
"""Those that are documented or recorded (1.5); everything else gets the status of the settings."""


def message_of(refusal: Refused) -> str:
    """Return the sentence for a document or a page."""
    return _MESSAGES[refusal.reason].format(parameter=refusal.parameter)


def refusal_response(authority: Authority, refusal: Refused, *, as_json: bool) -> Response:
    """Return the `Error` document."""
    server_time = authority.now().strftime("%Y-%m-%dT%H:%M:%S")
    fields = (("Message", message_of(refusal)), ("Server-Time", server_time), ("Id", authority.tokens.error_id()))
    status = _STATUSES.get(refusal.reason, authority.settings.refusal_status)
    if as_json:
        return typed_response(status, JSON_TYPE, json_document("Error", fields))
    document = one_line_xml("Error", fields, declaration=authority.settings.xml_declaration)
    return typed_response(status, XML_TYPE, document)


def outcome_of(refusal: Refused) -> str:
    """Return the words for the log."""
    return f"{refusal.reason.value}: {refusal.parameter}" if refusal.parameter else refusal.reason.value


def note_on(refusal: Refused) -> str:
    """Return what of this refusal is simulated: the message always, the status where nobody states it."""
    return simulated("message" if refusal.reason in _STATUSES else "status and message")
