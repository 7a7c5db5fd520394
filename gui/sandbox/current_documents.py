"""The documents of the current contract: what the token endpoint answers, its JWTs, profiles (2.2, 2.4, 2.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.sandbox.jwt import made_jwt
from gui.sandbox.records import COMPANY_ID, ConnectionKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.sandbox.authority import Authority
    from gui.sandbox.connection_records import Connection, TokenGrant
    from gui.sandbox.records import User
    from gui.sandbox.settings import CurrentSettings

_CLAIMS_VERSION = 3


class TokenWriter:
    """Writes what one call to a token endpoint grants; `geolocation` is the base URL of the user's data centre."""

    def __init__(self, settings: CurrentSettings, authority: Authority, geolocation: str) -> None:
        self._settings = settings
        self._tokens = authority.tokens
        self._now = authority.now()
        self._authority = authority
        self._geolocation = geolocation

    def access_token(self, connection: Connection) -> str:
        """Return a JWT of the size that the settings say."""
        app = self._authority.application(connection.consumer_key)
        claims = {
            **self._claims(connection),
            "aud": "*",
            "jti": self._tokens.uuid(),
            "concur.appId": app.app_id if app else "",
            "concur.app": f"{self._geolocation}/profile/v1/apps/{app.app_id if app else ''}",
            "concur.company": COMPANY_ID,
            "concur.scopes": list(connection.scopes),
        }
        return self._jwt(claims, self._settings.access_token_bytes)

    def answer(self, grant: TokenGrant) -> Mapping[str, object]:
        """Return the fields of the answer, in the order in which real ones come."""
        lifetime = int((grant.expires_at - grant.issued_at).total_seconds())
        facts: dict[str, object] = {
            "expires_in": str(lifetime) if self._settings.expires_in_as_text else lifetime,
            "scope": " ".join(grant.connection.scopes),
            "token_type": "Bearer",
            "access_token": grant.access_token,
        }
        if grant.refresh_token is not None and grant.refresh_expires_at is not None:
            facts["refresh_token"] = grant.refresh_token
            facts["refresh_expires_in"] = int(grant.refresh_expires_at.timestamp())
        if self._settings.id_token and grant.connection.kind is not ConnectionKind.APPLICATION:
            facts["id_token"] = self._jwt({**self._claims(grant.connection), "aud": grant.connection.consumer_key})
        facts["geolocation"] = self._settings.geolocation_in_answers or self._geolocation
        return facts

    def _claims(self, connection: Connection) -> dict[str, object]:
        issued_at = int(self._now.timestamp())
        return {
            "sub": connection.subject,
            "iss": self._geolocation,
            "iat": issued_at,
            "nbf": issued_at,
            "exp": issued_at + int(self._settings.access_token_life.total_seconds()),
            "concur.type": connection.kind.value,
            "concur.version": _CLAIMS_VERSION,
            "concur.profile": f"{self._geolocation}/profile/v1/principals/{connection.subject}",
        }

    def _jwt(self, claims: Mapping[str, object], size: int = 0) -> str:
        return made_jwt(claims, self._tokens.random_bytes, size=size, readable=self._settings.readable_jwts)


def user_profile(user: User) -> Mapping[str, object]:
    """Return what `/profile/v1/me` says of a user."""
    return {
        "id": user.user_id,
        "userName": user.login,
        "displayName": user.name,
        "active": user.enabled,
        "name": {"givenName": user.first_name, "familyName": user.last_name},
        "emails": [{"value": user.login, "type": "work", "primary": True}],
        "companyId": COMPANY_ID,
    }


def company_profile() -> Mapping[str, object]:
    """Return the same for a company's token."""
    return {"id": COMPANY_ID, "userName": "", "displayName": "The simulated company", "active": True}


def application_profile(connection: Connection) -> Mapping[str, object]:
    """Return the same for an application's token."""
    return {"id": connection.subject, "userName": "", "displayName": "The app itself", "active": True}
