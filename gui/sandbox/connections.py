"""The state of the current contract: connections of apps, and the tokens that they were given (concur-wire.md 2).

Apps, users, settings, clock and limits are the authority's; the tokens are not, so that none works in both contracts.
Its lock is held while the authority's is taken, never the other way round.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from gui.sandbox.authority import drop_oldest
from gui.sandbox.connection_records import AccessToken, Connection, IssuedConnection, RefreshToken, Ticket, TokenGrant
from gui.sandbox.errors import Refused
from gui.sandbox.records import COMPANY_ID, CURRENT, ConnectionKind, IssuedToken, Reason, TokenState
from gui.sandbox.scopes import DEFAULT_CURRENT_SCOPES, unknown_current_scopes

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.sandbox.authority import Authority
    from gui.sandbox.records import RegisteredApp
    from gui.sandbox.settings import CurrentSettings

_Record = TypeVar("_Record")
_BEARER_REFUSALS = {TokenState.EXPIRED: Reason.BEARER_EXPIRED, TokenState.REVOKED: Reason.BEARER_REVOKED}


class Connections:
    """What is not granted raises `Refused` with the reason. `write` makes the JWT of a connection."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._lock = threading.Lock()
        self._request_tokens: dict[str, Ticket] = {}
        self._codes: dict[str, Ticket] = {}
        self._refresh_tokens: dict[str, RefreshToken] = {}
        self._access_tokens: dict[str, AccessToken] = {}

    @property
    def settings(self) -> CurrentSettings:
        """How this contract behaves, at this moment."""
        return self._authority.settings.current

    # What a browser brings

    def connect(
        self, consumer_key: str, login: str, kind: ConnectionKind, scopes: tuple[str, ...] = ()
    ) -> IssuedConnection:
        """Return a fresh request token with what comes beside it. No scopes: those of the app."""
        connection = self._connection(consumer_key, login, kind, scopes)
        token = self._authority.tokens.uuid()
        expires_at = self._authority.now() + self.settings.request_token_life
        with self._lock:
            self._keep(self._request_tokens, token, Ticket(connection, expires_at, self.settings.request_token_uses))
        user_id = self._authority.user(login).user_id
        return IssuedConnection(connection.subject, token, user_id, kind, connection.scopes)

    def issue_code(self, consumer_key: str, login: str, scopes: tuple[str, ...], redirect_url: str) -> str:
        """Return a fresh code of the web flow; it is good for that redirect URL only."""
        connection = self._connection(consumer_key, login, ConnectionKind.USER, scopes)
        code = self._authority.tokens.uuid()
        expires_at = self._authority.now() + self.settings.code_life
        with self._lock:
            self._keep(self._codes, code, Ticket(connection, expires_at, self.settings.code_uses, redirect_url))
        return code

    # What the token endpoint grants

    def exchange_request_token(
        self, app: RegisteredApp, identity: str, request_token: str, write: Callable[[Connection], str]
    ) -> TokenGrant:
        """Turn a request token into tokens, up to five times. What is refused uses none of them up."""
        with self._lock:
            ticket = self._usable(self._request_tokens, request_token, app)
            if ticket.connection.subject != identity:
                raise Refused(reason=Reason.ID_WRONG)
            return self._redeemed(self._request_tokens, request_token, ticket, write)

    def exchange_code(
        self, app: RegisteredApp, code: str, redirect_url: str, write: Callable[[Connection], str]
    ) -> TokenGrant:
        """Turn a code of the web flow into tokens. What is refused does not use it up."""
        with self._lock:
            ticket = self._usable(self._codes, code, app)
            if ticket.redirect_url != redirect_url:
                raise Refused(reason=Reason.REDIRECT_URL_DIFFERS)
            return self._redeemed(self._codes, code, ticket, write)

    def sign_in(self, app: RegisteredApp, login: str, password: str, write: Callable[[Connection], str]) -> TokenGrant:
        """Grant tokens for a login and its password: what `credtype=password` asks for."""
        user = self._authority.sign_in(login, password)
        connection = self._connection(app.consumer_key, user.login, ConnectionKind.USER, ())
        with self._lock:
            self._check_principal(connection)
            return self._granted(connection, write, self._new_refresh_token(connection))

    def application_grant(self, app: RegisteredApp, write: Callable[[Connection], str]) -> TokenGrant:
        """Grant the app a token of its own, which nothing refreshes."""
        scopes = app.current_scopes or DEFAULT_CURRENT_SCOPES
        connection = Connection(app.consumer_key, ConnectionKind.APPLICATION, app.app_id, "", scopes)
        with self._lock:
            return self._granted(connection, write, None)

    def refresh(
        self, app: RegisteredApp, refresh_token: str, scopes: tuple[str, ...], write: Callable[[Connection], str]
    ) -> TokenGrant:
        """Grant a new access token, and a new refresh token where the settings rotate them. No scopes: the same."""
        with self._lock:
            record = self._refresh_tokens.get(refresh_token)
            if record is None:
                raise Refused(reason=Reason.REFRESH_TOKEN_UNKNOWN)
            if record.connection.consumer_key != app.consumer_key:
                raise Refused(reason=Reason.REFRESH_TOKEN_OF_ANOTHER_APP)
            if record.revoked:
                raise Refused(reason=Reason.REFRESH_TOKEN_REVOKED)
            if self._authority.now() >= record.expires_at:
                raise Refused(reason=Reason.REFRESH_TOKEN_EXPIRED)
            if not set(scopes) <= set(record.connection.scopes):
                raise Refused(reason=Reason.SCOPE_EXCEEDED)
            self._check_principal(record.connection)
            answered: str | None = refresh_token
            if not self.settings.refresh_token_in_refresh:
                answered = None
            elif self.settings.rotate_refresh_token:
                answered = self._new_refresh_token(record.connection)
                if not self.settings.old_refresh_token_works:
                    self._refresh_tokens[refresh_token] = replace(record, revoked=True)
            return self._granted(replace(record.connection, scopes=scopes or record.connection.scopes), write, answered)

    # What an access token is worth

    def bearer(self, token: str) -> Connection:
        """Return whose access token that is, if it is live."""
        with self._lock:
            return self._live(token).connection

    def end(self, token: str) -> int:
        """End the connection that this access token belongs to; return how many refresh tokens that ended (2.3)."""
        with self._lock:
            ended = self._live(token).connection
            mine = [value for value, kept in self._refresh_tokens.items() if _same(kept.connection, ended)]
            live = sum(not self._refresh_tokens[value].revoked for value in mine)
            for value in mine:
                self._refresh_tokens[value] = replace(self._refresh_tokens[value], revoked=True)
            if self.settings.revoke_ends_access_tokens:
                for value, record in self._access_tokens.items():
                    if _same(record.connection, ended):
                        self._access_tokens[value] = replace(record, revoked=True)
        return live

    def knows(self, value: str) -> bool:
        """Tell whether a token of any kind with exactly that value was issued."""
        with self._lock:
            return (
                value in self._request_tokens
                or value in self._codes
                or value in self._refresh_tokens
                or value in self._access_tokens
            )

    def issued_tokens(self, consumer_key: str | None = None) -> tuple[IssuedToken, ...]:
        """Return every access token ever issued, oldest first, of one app or of all."""
        now = self._authority.now()
        with self._lock:
            records = tuple(self._access_tokens.items())
        return tuple(
            IssuedToken(
                value,
                r.connection.consumer_key,
                r.connection.login,
                r.issued_at,
                r.expires_at,
                r.state(now),
                CURRENT,
            )
            for value, r in records
            if consumer_key in (None, r.connection.consumer_key)
        )

    def live_refresh_tokens(self, consumer_key: str | None = None) -> int:
        """Return how many refresh tokens could still be used: what a revoke left behind shows here."""
        now = self._authority.now()
        with self._lock:
            return sum(
                not kept.revoked and now < kept.expires_at
                for kept in self._refresh_tokens.values()
                if consumer_key in (None, kept.connection.consumer_key)
            )

    def _connection(self, consumer_key: str, login: str, kind: ConnectionKind, scopes: tuple[str, ...]) -> Connection:
        app = self._authority.application(consumer_key)
        if app is None:
            raise Refused(reason=Reason.CONSUMER_KEY_UNKNOWN)
        user = self._authority.user(login)
        if unknown_current_scopes(scopes, app.current_scopes, known_only=self.settings.known_scopes_only):
            raise Refused(reason=Reason.SCOPE_UNKNOWN)
        subject = COMPANY_ID if kind is ConnectionKind.COMPANY else user.user_id
        granted = scopes or app.current_scopes or DEFAULT_CURRENT_SCOPES
        return Connection(consumer_key, kind, subject, login, granted)

    # With the lock held

    def _usable(self, tickets: dict[str, Ticket], value: str, app: RegisteredApp) -> Ticket:
        ticket = tickets.get(value)
        if ticket is None:
            raise Refused(reason=Reason.CODE_UNKNOWN)
        if ticket.connection.consumer_key != app.consumer_key:
            raise Refused(reason=Reason.CODE_OF_ANOTHER_APP)
        if ticket.uses_left < 1:
            raise Refused(reason=Reason.CODE_USED)
        if self._authority.now() >= ticket.expires_at:
            raise Refused(reason=Reason.CODE_EXPIRED)
        return ticket

    def _redeemed(
        self, tickets: dict[str, Ticket], value: str, ticket: Ticket, write: Callable[[Connection], str]
    ) -> TokenGrant:
        self._check_principal(ticket.connection)
        tickets[value] = replace(ticket, uses_left=ticket.uses_left - 1)
        return self._granted(ticket.connection, write, self._new_refresh_token(ticket.connection))

    def _check_principal(self, connection: Connection) -> None:
        if not self._authority.user(connection.login).enabled:
            raise Refused(reason=Reason.PRINCIPAL_DISABLED)

    def _new_refresh_token(self, connection: Connection) -> str:
        value = self._authority.tokens.uuid()
        expires_at = self._authority.now() + self.settings.refresh_token_life
        self._keep(self._refresh_tokens, value, RefreshToken(connection, expires_at))
        return value

    def _granted(
        self, connection: Connection, write: Callable[[Connection], str], refresh_token: str | None
    ) -> TokenGrant:
        now = self._authority.now()
        value = write(connection)
        expires_at = now + self.settings.access_token_life
        self._keep(self._access_tokens, value, AccessToken(connection, now, expires_at))
        refresh_expires_at = self._refresh_tokens[refresh_token].expires_at if refresh_token else None
        return TokenGrant(value, refresh_token, connection, now, expires_at, refresh_expires_at)

    def _live(self, token: str) -> AccessToken:
        record = self._access_tokens.get(token)
        if record is None:
            raise Refused(reason=Reason.BEARER_UNKNOWN)
        if reason := _BEARER_REFUSALS.get(record.state(self._authority.now())):
            raise Refused(reason=reason)
        return record

    def _keep(self, records: dict[str, _Record], value: str, record: _Record) -> None:
        records[value] = record
        drop_oldest(records, self._authority.settings.records_kept)


def _same(one: Connection, other: Connection) -> bool:
    return (one.consumer_key, one.kind, one.subject) == (other.consumer_key, other.kind, other.subject)
