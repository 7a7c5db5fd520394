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
    ProxyFailed,
    TokenOfAnotherApplication,
    WireError,
)
from gui.concur.models import LiveToken
from gui.store.errors import StoredFileError

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.cancellation import Cancellation
    from gui.concur.models import AccessTokenDocument, RequestToken
    from gui.flow.connection import Connection
    from gui.store.issued_entry import ExchangeNote, IssuedToken

_SERVER_FAULTS = range(500, 600)


@dataclass(frozen=True, slots=True)
class Issued:
    """A token was issued and is in the journal."""

    document: AccessTokenDocument
    token: IssuedToken
    live: LiveToken
    failures: tuple[FlowError, ...]
    """What failed all the same: the answer around the token was unusable, or the token could not be kept safely.
    Not empty means that the token is at risk and is to be revoked, at once or when the user says so."""


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
        kept_refresh_token=None,
    )


def refresh_and_store(connection: Connection, token: IssuedToken, cancellation: Cancellation | None = None) -> Issued:
    """Refresh a token. The new one is a journal entry of its own; the old one goes on working and stays listed.

    Raises as `exchange_and_store` does, KeyringError where the old token cannot be read, and
    TokenOfAnotherApplication.
    """
    application = connection.application
    if (application.base_url, application.consumer_key) != (token.base_url, token.consumer_key):
        raise TokenOfAnotherApplication(base_url=token.base_url)
    live = live_token(connection, token)
    note = connection.tokens.note_refresh(token, connection.tokens.tokens_of(token.token_id), connection.purpose)
    return _issue(
        connection,
        note,
        lambda: connection.contract.refresh(connection.transport, connection.application, live, cancellation),
        kept_refresh_token=live.refresh_token,
    )


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
    )


def _issue(
    connection: Connection,
    note: ExchangeNote,
    send: Callable[[], AccessTokenDocument],
    *,
    kept_refresh_token: str | None,
) -> Issued:
    failures: tuple[FlowError, ...] = ()
    try:
        document = send()
    except WireError as error:
        if error.issued is None:
            _settle(connection, note, error)
            raise
        document, failures = error.issued, (error,)
    stored = connection.tokens.store_issued(
        note,
        access_token=document.token,
        refresh_token=document.refresh_token,
        instance_url=document.instance_url,
        expires_at=document.expires_at,
    )
    live = LiveToken(
        access_token=document.token,
        refresh_token=document.refresh_token or kept_refresh_token,
        base_url=note.base_url,
        instance_url=document.instance_url,
    )
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
    return isinstance(error, AnswerRedirects | ProxyFailed)
