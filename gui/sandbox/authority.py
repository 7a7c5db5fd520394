"""The state of the simulated Concur: apps, users, and the tokens of the legacy contract.

Those of the current contract are kept in connections.py, so that none is taken for one of the other contract.

The server's thread, tests and the window call in here at once: one lock, held for look-ups in dictionaries only.
"""

from __future__ import annotations

import hmac
import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from gui.sandbox.errors import Refused
from gui.sandbox.records import (
    DEFAULT_USERS,
    AccessTokenRecord,
    Grant,
    IssuedToken,
    Reason,
    RefreshTokenRecord,
    RegisteredApp,
    RequestTokenRecord,
    TokenState,
    User,
)
from gui.sandbox.scopes import unknown_scopes
from gui.sandbox.tickets import FormTickets
from gui.sandbox.tokens import TokenSource

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gui.sandbox.settings import SandboxSettings

_Record = TypeVar("_Record")
_BEARER_REFUSALS = {TokenState.EXPIRED: Reason.BEARER_EXPIRED, TokenState.REVOKED: Reason.BEARER_REVOKED}


def utc_now() -> datetime:
    """Return the time of day, UTC."""
    return datetime.now(UTC)


class Authority:
    """Who may do what. What is not granted raises `Refused` with the reason."""

    def __init__(
        self,
        settings: SandboxSettings,
        applications: Sequence[RegisteredApp],
        users: Sequence[User] = DEFAULT_USERS,
        *,
        clock: Callable[[], datetime] = utc_now,
        tokens: TokenSource | None = None,
    ) -> None:
        self.settings = settings
        self.tokens = tokens or TokenSource()
        self.now = clock
        self._lock = threading.Lock()
        self._applications = {app.consumer_key: app for app in applications}
        self._users = {user.login: user for user in users}
        self._request_tokens: dict[str, RequestTokenRecord] = {}
        self._access_tokens: dict[str, AccessTokenRecord] = {}
        self._refresh_tokens: dict[str, RefreshTokenRecord] = {}
        self.tickets = FormTickets(
            self.tokens.form_ticket, clock, settings.form_ticket_life, settings.form_tickets_kept
        )
        """Of the forms of all pages."""

    # Who is registered

    def register(self, application: RegisteredApp) -> None:
        """Add an app, or replace the one with that consumer key; its tokens stay."""
        with self._lock:
            self._applications[application.consumer_key] = application

    def applications(self) -> tuple[RegisteredApp, ...]:
        """Return every app, in the order of registration."""
        with self._lock:
            return tuple(self._applications.values())

    def application(self, consumer_key: str) -> RegisteredApp | None:
        """Return the app with that key, or None."""
        with self._lock:
            return self._applications.get(consumer_key)

    def users(self) -> tuple[User, ...]:
        """Return everybody; the first one is who connects where nobody says otherwise."""
        with self._lock:
            return tuple(self._users.values())

    def sign_in(self, login: str, password: str) -> User:
        """Return the user if the password is theirs."""
        with self._lock:
            user = self._users.get(login)
        if user is None or not _same(password, user.password):
            raise Refused(reason=Reason.SIGN_IN_WRONG)
        return user

    def authenticate(self, consumer_key: str, consumer_secret: str) -> RegisteredApp:
        """Return the app if the secret is its own."""
        with self._lock:
            return self._check_credentials(consumer_key, consumer_secret)

    def user(self, login: str) -> User:
        """Return the user with that login."""
        with self._lock:
            user = self._users.get(login)
        if user is None:
            raise Refused(reason=Reason.USER_UNKNOWN)
        return user

    # What is issued

    def issue_request_token(self, consumer_key: str, login: str, scopes: tuple[str, ...]) -> str:
        """Return a fresh request token for that app and user."""
        value = self.tokens.request_token()
        expires_at = self.now() + self.settings.request_token_life
        with self._lock:
            app = self._applications.get(consumer_key)
            if app is None:
                raise Refused(reason=Reason.CONSUMER_KEY_UNKNOWN)
            if login not in self._users:
                raise Refused(reason=Reason.USER_UNKNOWN)
            if unknown_scopes(scopes, app.scopes):
                raise Refused(reason=Reason.SCOPE_UNKNOWN)
            record = RequestTokenRecord(consumer_key, login, scopes, expires_at, self.settings.request_token_uses)
            self._keep(self._request_tokens, value, record)
        return value

    def exchange(self, code: str, consumer_key: str, consumer_secret: str) -> Grant:
        """Turn a request token into an access token. What is refused does not use the request token up."""
        with self._lock:
            self._check_credentials(consumer_key, consumer_secret)
            record = self._request_tokens.get(code)
            if record is None:
                raise Refused(reason=Reason.CODE_UNKNOWN)
            if record.consumer_key != consumer_key:
                raise Refused(reason=Reason.CODE_OF_ANOTHER_APP)
            if record.uses_left < 1:
                raise Refused(reason=Reason.CODE_USED)
            if self.now() >= record.expires_at:
                raise Refused(reason=Reason.CODE_EXPIRED)
            self._request_tokens[code] = replace(record, uses_left=record.uses_left - 1)
            return self._first_grant(record.consumer_key, record.login, record.scopes)

    def refresh(self, refresh_token: str, consumer_key: str, consumer_secret: str) -> Grant:
        """Issue one more access token; the earlier ones and the refresh token stay as they are (1.3)."""
        with self._lock:
            self._check_credentials(consumer_key, consumer_secret)
            record = self._refresh_tokens.get(refresh_token)
            if record is None:
                raise Refused(reason=Reason.REFRESH_TOKEN_UNKNOWN)
            if record.consumer_key != consumer_key:
                raise Refused(reason=Reason.REFRESH_TOKEN_OF_ANOTHER_APP)
            if record.revoked:
                raise Refused(reason=Reason.REFRESH_TOKEN_REVOKED)
            access = self._issue_access_token(consumer_key, record.login, record.scopes, refresh_token)
        return Grant(access.value, None, access.expires_at)

    def native_grant(self, login: str, password: str, consumer_key: str) -> Grant:
        """Issue an access token for a login and its password (1.6)."""
        self.sign_in(login, password)
        with self._lock:
            app = self._applications.get(consumer_key)
            if app is None:
                raise Refused(reason=Reason.NATIVE_KEY_WRONG)
            return self._first_grant(consumer_key, login, app.scopes)

    # What an access token is worth

    def bearer(self, token: str) -> User:
        """Return whose access token that is, if it is live."""
        with self._lock:
            return self._users[self._live(token).login]

    def check_administrator(self, bearer: str) -> None:
        """Return if the access token is live and its user has the role that a revoke asks for."""
        with self._lock:
            self._administrator(bearer)

    def revoke(self, bearer: str, target: str) -> None:
        """End one access token on the word of another, or of itself (1.4)."""
        with self._lock:
            authorised = self._administrator(bearer)
            record = self._access_tokens.get(target)
            if record is None:
                raise Refused(reason=Reason.TARGET_UNKNOWN)
            if record.consumer_key != authorised.consumer_key:
                raise Refused(reason=Reason.FOREIGN_APP)
            if record.state(self.now()) is not TokenState.LIVE:
                raise Refused(reason=Reason.TARGET_ENDED)
            self._end(record, with_refresh_token=self.settings.revoke_ends_refresh_token)

    def revoke_all(self, bearer: str, consumer_key: str, login: str) -> int:
        """End every token of a user for an app; return how many live access tokens that were."""
        with self._lock:
            authorised = self._administrator(bearer)
            if consumer_key not in self._applications:
                raise Refused(reason=Reason.CONSUMER_KEY_UNKNOWN)
            if consumer_key != authorised.consumer_key:
                raise Refused(reason=Reason.FOREIGN_APP)
            if login not in self._users:
                raise Refused(reason=Reason.USER_UNKNOWN)
            mine = [r for r in self._access_tokens.values() if (r.consumer_key, r.login) == (consumer_key, login)]
            live = sum(record.state(self.now()) is TokenState.LIVE for record in mine)
            for record in mine:
                self._end(record, with_refresh_token=True)
            for value, kept in self._refresh_tokens.items():
                if (kept.consumer_key, kept.login) == (consumer_key, login):
                    self._refresh_tokens[value] = replace(kept, revoked=True)
        return live

    def knows(self, value: str) -> bool:
        """Tell whether a token of any kind with exactly that value was issued."""
        with self._lock:
            return value in self._request_tokens or value in self._access_tokens or value in self._refresh_tokens

    def issued_tokens(self, consumer_key: str | None = None) -> tuple[IssuedToken, ...]:
        """Return every access token ever issued, oldest first, of one app or of all: what was left live shows."""
        now = self.now()
        with self._lock:
            records = tuple(self._access_tokens.values())
        return tuple(
            IssuedToken(r.value, r.consumer_key, r.login, r.issued_at, r.expires_at, r.state(now))
            for r in records
            if consumer_key in (None, r.consumer_key)
        )

    # With the lock held

    def _check_credentials(self, consumer_key: str, consumer_secret: str) -> RegisteredApp:
        app = self._applications.get(consumer_key)
        if app is None:
            raise Refused(reason=Reason.CONSUMER_KEY_UNKNOWN)
        if not _same(consumer_secret, app.consumer_secret):
            raise Refused(reason=Reason.CONSUMER_SECRET_WRONG)
        return app

    def _first_grant(self, consumer_key: str, login: str, scopes: tuple[str, ...]) -> Grant:
        refresh_token = None
        if self.settings.include_refresh_token:
            refresh_token = self.tokens.refresh_token()
            self._keep(self._refresh_tokens, refresh_token, RefreshTokenRecord(consumer_key, login, scopes))
        access = self._issue_access_token(consumer_key, login, scopes, refresh_token)
        return Grant(access.value, refresh_token, access.expires_at)

    def _issue_access_token(
        self, consumer_key: str, login: str, scopes: tuple[str, ...], refresh_token: str | None
    ) -> AccessTokenRecord:
        now = self.now()
        value = self.tokens.access_token()
        expires_at = now + self.settings.access_token_life
        record = AccessTokenRecord(value, consumer_key, login, scopes, now, expires_at, refresh_token)
        self._keep(self._access_tokens, value, record)
        return record

    def _live(self, token: str) -> AccessTokenRecord:
        record = self._access_tokens.get(token)
        if record is None:
            raise Refused(reason=Reason.BEARER_UNKNOWN)
        if reason := _BEARER_REFUSALS.get(record.state(self.now())):
            raise Refused(reason=reason)
        return record

    def _administrator(self, token: str) -> AccessTokenRecord:
        record = self._live(token)
        if not self._users[record.login].administrator:
            raise Refused(reason=Reason.ROLE_MISSING)
        return record

    def _end(self, record: AccessTokenRecord, *, with_refresh_token: bool) -> None:
        self._access_tokens[record.value] = replace(record, revoked=True)
        refresh_token = record.refresh_token
        if with_refresh_token and refresh_token in self._refresh_tokens:
            self._refresh_tokens[refresh_token] = replace(self._refresh_tokens[refresh_token], revoked=True)

    def _keep(self, records: dict[str, _Record], value: str, record: _Record) -> None:
        records[value] = record
        drop_oldest(records, self.settings.records_kept)


def drop_oldest(records: dict[str, _Record], kept: int) -> None:
    """Forget the records that came first until no more than that many are left."""
    while len(records) > kept:
        del records[next(iter(records))]


def _same(given: str, registered: str) -> bool:
    # Bytes, because compare_digest refuses text outside ASCII, and "surrogatepass" because a caller may hand in any.
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), registered.encode("utf-8", "surrogatepass"))
