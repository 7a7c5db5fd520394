"""What the numbers mean that the current contract's token endpoint refuses with (concur-wire.md 2.2, documented)."""

from __future__ import annotations

from dataclasses import dataclass

WRONG_DATA_CENTRE = 16
REFRESH_TOKEN_REFUSED = 108


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """One number in words."""

    meaning: str
    advice: str


_CONNECT_AGAIN = "Connect once more: that brings a new request token."
_CREDENTIALS = ErrorCode(
    "The consumer key is unknown, or the consumer secret is wrong",
    "Check both against what Concur showed when the app was registered, and whether the data centre is the app's own.",
)
_PARAMETER = ErrorCode(
    "A parameter of the request is missing",
    "Check that the profile has a consumer key, a consumer secret and a redirect URL. The window's timeline shows "
    "what was sent.",
)
_UNKNOWN = ErrorCode(
    "Concur does not document this one",
    "Show the answer, with its correlation id, to Concur's support. The window's timeline shows it.",
)

_ERROR_CODES: dict[int, ErrorCode] = {
    5: ErrorCode(
        "Concur does not accept the credentials",
        "Check consumer key and consumer secret, and connect once more: the id and the request token of a redirect "
        "belong together.",
    ),
    **dict.fromkeys((61, 64), _CREDENTIALS),
    WRONG_DATA_CENTRE: ErrorCode(
        "The user lives in another data centre, and the way there was followed once or could not be followed",
        "Choose the data centre of that user in the profile. The answer names it as its geolocation.",
    ),
    **dict.fromkeys((51, 52, 62, 63, 65, 101, 102, 106), _PARAMETER),
    53: ErrorCode(
        "The user's company is not enabled for this app",
        "Ask the company's Concur administrator, or your contact at Concur, to enable the app.",
    ),
    54: ErrorCode("The app may not have that scope", "Take out scopes that the app was not registered with."),
    59: ErrorCode("The app is disabled at Concur", "Ask your contact at Concur to enable it."),
    60: ErrorCode(
        "The app may not use this grant", "Ask your contact at Concur which grants the app is registered for."
    ),
    103: ErrorCode("The code is wrong, or has expired", _CONNECT_AGAIN),
    104: ErrorCode(
        "The redirect URL differs from the one of the sign-in",
        "The profile's redirect URL has to be the registered one, letter by letter. Then connect once more.",
    ),
    105: ErrorCode("It was not issued to this app", f"Check the consumer key. {_CONNECT_AGAIN}"),
    REFRESH_TOKEN_REFUSED: ErrorCode(
        "The refresh token is wrong, has expired, or was revoked",
        "Connect once more: nothing else brings a new one.",
    ),
    115: ErrorCode("The app could not be authenticated", _CREDENTIALS.advice),
    120: ErrorCode(
        "The kind of credential is unknown",
        "The request token may be one of the other contract: check which contract the app is registered for.",
    ),
    123: ErrorCode("The user or company is disabled", "Connect as another user."),
}


def meaning_of(code: int | None) -> ErrorCode:
    """Return the words for a number, or that there are none."""
    return _UNKNOWN if code is None else _ERROR_CODES.get(code, _UNKNOWN)


def documented_codes() -> frozenset[int]:
    """Return every number that has words here."""
    return frozenset(_ERROR_CODES)
