"""What differs between the contracts in a browser: where a sign-in starts, and how Allow and Deny lead back to the app.

The pages themselves are the same for both (app_center.py, web_flow.py, consent.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from gui.concur.models import Origin
from gui.sandbox.data_centres import DataCentre
from gui.sandbox.errors import Refused
from gui.sandbox.records import CURRENT, LEGACY, Reason
from gui.sandbox.redirects import redirect_with
from gui.sandbox.scopes import (
    CURRENT_SCOPE_WORDS,
    DEFAULT_CURRENT_SCOPES,
    SCOPE_WORDS,
    unknown_current_scopes,
    unknown_scopes,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.sandbox.authority import Authority
    from gui.sandbox.connections import Connections
    from gui.sandbox.parameters import Parameters
    from gui.sandbox.records import PendingConnection, RegisteredApp


class WayBack(Protocol):
    """One contract, seen from a browser."""

    contract: str
    scope_words: Mapping[str, str]
    """Scope to what it opens; a contract may know more scopes than these."""
    sign_in_paths: tuple[str, ...]
    """Where a sign-in starts, and the form of the page goes to the first; in lower case, as routes are (1.7)."""
    sign_in_action: str
    """The first of them in the spelling that browsers shall see."""

    revoke_needs_role: bool
    """Whether only administrators may revoke, which the pages say of every user (1.4)."""

    def scopes_asked(self, parameters: Parameters, app: RegisteredApp) -> tuple[str, ...]:
        """Return what a sign-in asks for. Raises Refused."""

    def scopes_of(self, app: RegisteredApp) -> tuple[str, ...]:
        """Return what App Center asks for, for an app."""

    def allowed(self, pending: PendingConnection, login: str, base: str) -> str:
        """Issue what the app gets and return where the browser goes with it; `base` is the sandbox's own origin."""

    def denied(self, pending: PendingConnection) -> str:
        """Return where the browser goes after a no."""


class LegacyWayBack:
    """`code`, and `error` after a no (1.1)."""

    contract = LEGACY
    scope_words: Mapping[str, str] = SCOPE_WORDS
    sign_in_paths: tuple[str, ...] = ("/net2/oauth2/login.aspx",)
    sign_in_action = "/net2/oauth2/Login.aspx"
    revoke_needs_role = True

    def __init__(self, authority: Authority) -> None:
        self._authority = authority

    def scopes_asked(self, parameters: Parameters, app: RegisteredApp) -> tuple[str, ...]:
        """Return them as they come, separated by commas."""
        scopes = tuple(dict.fromkeys(parameters.required("scope").split(",")))
        if unknown_scopes(scopes, app.scopes):
            raise Refused(reason=Reason.SCOPE_UNKNOWN)
        return scopes

    def scopes_of(self, app: RegisteredApp) -> tuple[str, ...]:
        """Return the registered ones, or every documented one."""
        return app.scopes or tuple(SCOPE_WORDS)

    def allowed(self, pending: PendingConnection, login: str, base: str) -> str:  # noqa: ARG002  # one shape for both
        """App Center sends the code alone, a sign-in its state too."""
        code = self._authority.issue_request_token(pending.consumer_key, login, pending.scopes)
        return redirect_with(pending, ("code", code))

    def denied(self, pending: PendingConnection) -> str:
        """With the documented words."""
        return redirect_with(pending, ("error", "access_denied"), ("error_description", "User denied access"))


class CurrentWayBack:
    """`id` and `requestToken` from App Center, `geolocation` and `code` from a sign-in; `error_code` for no (2.1)."""

    contract = CURRENT
    scope_words: Mapping[str, str] = CURRENT_SCOPE_WORDS
    sign_in_paths: tuple[str, ...] = tuple(f"{centre.value}/oauth2/v0/authorize" for centre in DataCentre)
    sign_in_action = sign_in_paths[0]
    revoke_needs_role = False

    def __init__(self, authority: Authority, connections: Connections) -> None:
        self._authority = authority
        self._connections = connections

    def scopes_asked(self, parameters: Parameters, app: RegisteredApp) -> tuple[str, ...]:
        """Return them as they come, separated by spaces; none asked for means those of the app."""
        if parameters.required("response_type") != "code":
            raise Refused(reason=Reason.RESPONSE_TYPE_UNKNOWN)
        scopes = tuple(dict.fromkeys((parameters.get("scope") or "").split(" "))) if parameters.get("scope") else ()
        known_only = self._connections.settings.known_scopes_only
        if unknown_current_scopes(scopes, app.current_scopes, known_only=known_only):
            raise Refused(reason=Reason.SCOPE_UNKNOWN)
        return scopes or self.scopes_of(app)

    def scopes_of(self, app: RegisteredApp) -> tuple[str, ...]:
        """Return the registered ones, or a few."""
        return app.current_scopes or DEFAULT_CURRENT_SCOPES

    def allowed(self, pending: PendingConnection, login: str, base: str) -> str:
        """App Center sends a request token; a sign-in a code, and where the user lives."""
        if pending.origin is Origin.APP_CENTER:
            issued = self._connections.connect(pending.consumer_key, login, pending.kind, pending.scopes)
            return redirect_with(pending, *issued.parameters)
        code = self._connections.issue_code(pending.consumer_key, login, pending.scopes, pending.redirect_url)
        settings = self._connections.settings
        geolocation = settings.geolocation_in_redirects or base + settings.home.seen_from(DataCentre.FIRST).value
        return redirect_with(pending, ("geolocation", geolocation), ("code", code))

    def denied(self, pending: PendingConnection) -> str:
        """With the documented code and words of our own."""
        return redirect_with(pending, ("error_code", "user_denied"), ("error_description", "User denied access"))


def ways_back(authority: Authority, connections: Connections) -> Mapping[str, WayBack]:
    """Return both, by the name of the contract."""
    return {LEGACY: LegacyWayBack(authority), CURRENT: CurrentWayBack(authority, connections)}
