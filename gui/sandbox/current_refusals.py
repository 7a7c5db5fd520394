"""What the current contract answers to what it refuses (concur-wire.md 2.2): a status and a JSON error with a number.

Numbers, `error` and most descriptions are documented. The status of each is not, nor which number some faults get.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.sandbox.records import Reason
from gui.sandbox.refusals import message_of
from gui.sandbox.simulated import simulated

if TYPE_CHECKING:
    from gui.sandbox.errors import Refused

NO_NUMBER = 0
"""For faults that Concur's list has no number for."""
_BAD_REQUEST, _UNAUTHORIZED = 400, 401


@dataclass(frozen=True, slots=True)
class NumberedError:
    """One line of Concur's list."""

    code: int
    error: str
    description: str
    status: int = _BAD_REQUEST


_MISSING = {
    "username": NumberedError(51, "invalid_request", "username was not supplied"),
    "password": NumberedError(52, "invalid_request", "password was not supplied"),
    "client_id": NumberedError(62, "invalid_request", "client_id was not supplied"),
    "client_secret": NumberedError(63, "invalid_request", "client_secret was not supplied"),
    "grant_type": NumberedError(65, "invalid_request", "grant_type was not supplied"),
    "code": NumberedError(101, "invalid_request", "code was not supplied"),
    "redirect_uri": NumberedError(102, "invalid_request", "redirect_uri was not supplied"),
    "refresh_token": NumberedError(106, "invalid_request", "refresh_token was not supplied"),
}
_CREDENTIALS = NumberedError(5, "invalid_grant", "Incorrect credentials. Please Retry")
_CODE = NumberedError(103, "invalid_request", "code is bad or expired")
_NOT_YOURS = NumberedError(105, "invalid_grant", "this grant was not issued to you!")
_REFRESH_TOKEN = NumberedError(108, "invalid_grant", "bad or expired refresh token")
_ERRORS = {
    Reason.SIGN_IN_WRONG: _CREDENTIALS,
    Reason.ID_WRONG: _CREDENTIALS,
    Reason.LIVES_ELSEWHERE: NumberedError(16, "invalid_request", "user lives elsewhere"),
    Reason.COMPANY_NOT_ENABLED: NumberedError(
        53, "invalid_client", "company is not enabled for this client", _UNAUTHORIZED
    ),
    Reason.SCOPE_EXCEEDED: NumberedError(54, "invalid_scope", "requested scope exceeds granted scope"),
    Reason.CLIENT_DISABLED: NumberedError(59, "access_denied", "client disabled"),
    Reason.GRANT_TYPE_UNKNOWN: NumberedError(60, "invalid_grant", "these are not the grants you are looking for"),
    Reason.CONSUMER_KEY_UNKNOWN: NumberedError(61, "invalid_client", "client not found", _UNAUTHORIZED),
    Reason.CONSUMER_SECRET_WRONG: NumberedError(
        64, "invalid_client", "Incorrect credentials. Please Retry", _UNAUTHORIZED
    ),
    Reason.CODE_UNKNOWN: _CODE,
    Reason.CODE_EXPIRED: _CODE,
    Reason.CODE_USED: _CODE,
    Reason.REDIRECT_URL_DIFFERS: NumberedError(104, "invalid_grant", "redirect_uri does not match the previous grant"),
    Reason.CODE_OF_ANOTHER_APP: _NOT_YOURS,
    Reason.REFRESH_TOKEN_OF_ANOTHER_APP: _NOT_YOURS,
    Reason.REFRESH_TOKEN_UNKNOWN: _REFRESH_TOKEN,
    Reason.REFRESH_TOKEN_EXPIRED: _REFRESH_TOKEN,
    Reason.REFRESH_TOKEN_REVOKED: _REFRESH_TOKEN,
    Reason.CLIENT_UNAUTHENTICATED: NumberedError(
        115, "invalid_request", "unauthenticated client will not be issued token!", _UNAUTHORIZED
    ),
    Reason.CREDTYPE_UNKNOWN: NumberedError(120, "invalid_request", "credtype is invalid"),
    Reason.PRINCIPAL_DISABLED: NumberedError(123, "invalid_request", "principal is disabled"),
}
_OF_AN_ACCESS_TOKEN = frozenset(
    {
        Reason.AUTHORIZATION_MISSING,
        Reason.AUTHORIZATION_UNREADABLE,
        Reason.AUTHORIZATION_OF_LEGACY,
        Reason.BEARER_UNKNOWN,
        Reason.BEARER_EXPIRED,
        Reason.BEARER_REVOKED,
    }
)


def numbered(refusal: Refused) -> NumberedError:
    """Return the error that a refusal is answered with; what Concur's list does not have is in our words."""
    if refusal.reason is Reason.PARAMETER_MISSING and refusal.parameter in _MISSING:
        return _MISSING[refusal.parameter]
    if refusal.reason in _ERRORS:
        return _ERRORS[refusal.reason]
    if refusal.reason in _OF_AN_ACCESS_TOKEN:
        return NumberedError(NO_NUMBER, "invalid_token", message_of(refusal), _UNAUTHORIZED)
    return NumberedError(NO_NUMBER, "invalid_request", message_of(refusal))


def note_on_error(refusal: Refused) -> str:
    """Return what of the answer is simulated: the status always, number and words where Concur's list lacks them."""
    error = numbered(refusal)
    if error.code == NO_NUMBER:
        return simulated(f"status {error.status} and every word of this error")
    return simulated(f"status {error.status} of error {error.code}")
