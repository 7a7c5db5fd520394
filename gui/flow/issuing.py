"""Exchange and refresh with their book-keeping: noted before it is sent, stored before it is shown.

Whatever happens in between, every token that Concur issued is either stored, and so can be revoked, or accounted
for by a note that says when an exchange was cut off.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.concur.errors import (
    AnswerRedirects,
    ConcurFailed,
    ConcurRefused,
    FlowError,
    ProofUnclear,
    ProxyFailed,
    RefreshNeedsSecret,
    RefreshTokenMissing,
    TokenOfAnotherApplication,
    WireError,
)
from gui.concur.models import LiveToken
from gui.flow.connection import is_about
from gui.store.errors import StoredFileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from gui.concur.cancellation import Cancellation
    from gui.concur.models import AccessTokenDocument, RequestToken
    from gui.flow.connection import Connection
    from gui.store.issued_entry import ExchangeNote, IssuedToken

_SERVER_FAULTS = range(500, 600)
_REFUSING = range(300, 500)


@dataclass(frozen=True, slots=True)
class Issued:
    """A token was issued and is in the journal."""

    document: AccessTokenDocument
    token: IssuedToken
    live: LiveToken
    failures: tuple[FlowError, ...]
    """What failed all the same: the answer around the token was unusable, or the token could not be kept safely.
    Not empty means that the token is at risk and is to be revoked, at once or when the user says so."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What came of proving that a token is refused."""

    certain: bool = False
    """It was refused, and that says by itself that it is dead."""
    error: FlowError | None = None
    """Why it could not be proven; None where it was refused."""
    issued: Issued | None = None
    """What a proof by refreshing brought, since the token was not dead."""


@dataclass(frozen=True, slots=True)
class Usable:
    """A token that calls can be made with now."""

    token: IssuedToken
    live: LiveToken
    renewed: Issued | None
    """What a refresh brought, where one was needed: it has taken the place of the token asked for."""


def exchange_and_store(
    connection: Connection, request_token: RequestToken, cancellation: Cancellation | None = None
) -> Issued:
    """Exchange a request token and write down what comes of it.

    Raises StoredFileError before anything is sent if the note cannot be written, and WireError if no token came; a
    token that came in an unusable answer is stored and returned, with the error among the failures.
    """
    application = connection.application
    note = connection.tokens.note_exchange(
        profile_id=connection.profile_id,
        profile_name=connection.profile_name,
        contract=connection.contract.name,
        base_url=application.base_url,
        consumer_key=application.consumer_key,
        purpose=connection.purpose,
    )
    return _issue(
        connection,
        note,
        lambda: connection.contract.exchange(connection.transport, application, request_token, cancellation),
        carried=LiveToken("", None, application.base_url, None, principal_id=request_token.principal_id),
    )


def refresh_and_store(connection: Connection, token: IssuedToken, cancellation: Cancellation | None = None) -> Issued:
    """Refresh a token. The new one is a journal entry of its own.

    The old one goes on working and stays listed, unless its contract has the new one take its place.

    Raises as `exchange_and_store` does, KeyringError where the old token cannot be read, and
    TokenOfAnotherApplication.
    """
    if not is_about(connection, token):
        raise TokenOfAnotherApplication(base_url=token.base_url)
    token = newest_token(connection, token)
    live = live_token(connection, token)
    note = connection.tokens.note_refresh(token, connection.tokens.tokens_of(token.token_id), connection.purpose)
    return _issue(
        connection,
        note,
        lambda: connection.contract.refresh(connection.transport, connection.application, live, cancellation),
        carried=live,
    )


def newest_token(connection: Connection, token: IssuedToken) -> IssuedToken:
    """Return the token that has taken the place of this one, where its contract has refreshes do that; or itself."""
    if connection.contract.replaces_tokens:
        with suppress(StoredFileError):  # the journal cannot be read now; this one is known all the same
            return connection.tokens.newest_of(token)
    return token


def usable_token(
    connection: Connection, token: IssuedToken, now: datetime, cancellation: Cancellation | None = None
) -> Usable:
    """Return a token that calls can be made with, refreshed where its contract wants that.

    Raises as `refresh_and_store` does, RefreshNeedsSecret and RefreshTokenMissing.
    """
    token = newest_token(connection, token)
    live = live_token(connection, token)
    if connection.contract.is_usable(live, now):
        return Usable(token, live, None)
    if not live.refresh_token:
        raise RefreshTokenMissing
    if not connection.application.consumer_secret:
        raise RefreshNeedsSecret(base_url=token.base_url)
    issued = refresh_and_store(connection, token, cancellation)
    return Usable(issued.token, issued.live, issued)


def prove_and_store(
    connection: Connection, token: IssuedToken, live: LiveToken, cancellation: Cancellation | None = None
) -> Proof:
    """Prove that a revoked token is refused, with the book-keeping of a refresh where the proof is one."""
    contract, application = connection.contract, connection.application
    note = None
    try:
        if contract.proof_may_issue(application, live):
            secrets = connection.tokens.tokens_of(token.token_id)
            note = connection.tokens.note_refresh(token, secrets, connection.purpose)
        certain = contract.prove_refused(connection.transport, application, live, cancellation)
    except WireError as error:
        if note is None or error.issued is None:
            if note is not None:
                _settle(connection, note, error)
            return Proof(error=error)
        return Proof(error=error, issued=_stored(connection, note, error.issued, (), live))
    except FlowError as error:
        return Proof(error=error)
    if note is not None:
        with suppress(StoredFileError):
            connection.tokens.close_note(note)
    return Proof(certain=certain)


def live_token(connection: Connection, token: IssuedToken) -> LiveToken:
    """Return a token out of the journal, ready for calls. Raises KeyringError and its kin.

    The redactor knows it from then on: at the next start it comes from the keyring and from nowhere else.
    """
    secrets = connection.tokens.tokens_of(token.token_id)
    connection.transport.redactor.learn(secrets.access_token, secrets.refresh_token)
    return LiveToken(
        access_token=secrets.access_token,
        refresh_token=secrets.refresh_token,
        base_url=token.base_url,
        instance_url=token.instance_url,
        expires_at=token.expires_at,
        principal_id=secrets.principal_id,
    )


def _issue(
    connection: Connection,
    note: ExchangeNote,
    send: Callable[[], AccessTokenDocument],
    *,
    carried: LiveToken,
) -> Issued:
    """Send and store. `carried`: what stays as it was where the answer does not bring it."""
    failures: tuple[FlowError, ...] = ()
    try:
        document = send()
    except WireError as error:
        if error.issued is None:
            _settle(connection, note, error)
            raise
        document, failures = error.issued, (error,)
    return _stored(connection, note, document, failures, carried)


def _stored(
    connection: Connection,
    note: ExchangeNote,
    document: AccessTokenDocument,
    failures: tuple[FlowError, ...],
    carried: LiveToken,
) -> Issued:
    """Keep what was issued; where its contract has it take the place of an older token, that one goes."""
    instance_url = connection.contract.home_of(document, note.base_url)
    stored = connection.tokens.store_issued(
        note,
        access_token=document.token,
        refresh_token=document.refresh_token,
        instance_url=instance_url,
        expires_at=document.expires_at,
        principal_id=carried.principal_id,
        access_token_in_memory=not connection.contract.keeps_access_token,
    )
    live = LiveToken(
        access_token=document.token,
        refresh_token=document.refresh_token or carried.refresh_token,
        base_url=note.base_url,
        instance_url=instance_url,
        expires_at=document.expires_at,
        principal_id=carried.principal_id,
    )
    if connection.contract.replaces_tokens and note.refreshes is not None and not stored.problems:
        with suppress(FlowError):  # else both are listed, and the revoke of one ends both
            connection.tokens.forget(note.refreshes)
    return Issued(document, stored.token, live, failures + stored.problems)


def _settle(connection: Connection, note: ExchangeNote, error: WireError) -> None:
    """Close the note of an exchange that issued nothing; leave it where nobody can know."""
    with suppress(StoredFileError):  # the note stays as it is, which says "unknown" too; the wire error matters more
        if surely_issued_nothing(error):
            connection.tokens.close_note(note)
        else:
            connection.tokens.leave_note(note, type(error).__name__)


def surely_issued_nothing(error: WireError) -> bool:
    """Whether a failed exchange proves that Concur issued no token.

    True where the request cannot have arrived, and where a whole answer refuses it. An answer that was cut off or
    cannot be read proves nothing, and neither does a 5xx.
    """
    if error.exchange is None or not error.exchange.sent:
        return True
    if isinstance(error, ConcurRefused | ConcurFailed):
        return error.status not in _SERVER_FAULTS
    if isinstance(error, ProofUnclear):
        return error.status in _REFUSING
    return isinstance(error, AnswerRedirects | ProxyFailed)
