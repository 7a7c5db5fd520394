"""Revoke, prove, wipe: three ticks, and an honest word where one could not be had."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gui.concur.errors import (
    AuthorizationRefused,
    FlowError,
    RevokeRoleMissing,
    SuccessorMayLive,
    TokenStillAccepted,
    WireError,
)
from gui.flow.connection import connection_to
from gui.flow.issuing import Usable, newest_token, prove_and_store, refresh_and_store, usable_token
from gui.flow.revocation import Revocation, Tick
from gui.session_state import Event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gui.concur.cancellation import Cancellation
    from gui.concur.models import LiveToken
    from gui.flow.connection import Connection
    from gui.store.issued_entry import IssuedToken


@dataclass(frozen=True, slots=True)
class ChainRevocation:
    """How a token and the older ones that it came from were revoked."""

    newest: Revocation
    older: Revocation | None = None
    """Of the first older token that may still live."""
    older_token: IssuedToken | None = None


def events_of(revocation: Revocation, *, over: bool) -> tuple[Event, ...]:
    """Return what a revoke amounts to in the table of states; while it is under way, as far as that is certain.

    What comes later only adds to it, so whoever follows `on_progress` applies what is new.
    """
    if revocation.refused is Tick.FAILED:
        return (Event.REVOKE_CONFIRMED, Event.FAILED_AFTER_ISSUE)
    if revocation.local_copy is not Tick.PENDING:
        wiped = revocation.local_copy is Tick.DONE
        removed = Event.LOCAL_COPY_REMOVED if wiped else Event.LOCAL_COPY_KEPT
        return (Event.REVOKE_CONFIRMED, Event.PROOF_ENDED, removed)
    if revocation.ended_token and revocation.refused is not Tick.PENDING:
        return (Event.REVOKE_CONFIRMED, Event.PROOF_ENDED)
    if revocation.server is Tick.DONE:
        return (Event.REVOKE_CONFIRMED,)
    return (Event.REVOKE_FAILED,) if over else ()


def revoke_and_prove(
    connection: Connection,
    token: IssuedToken,
    *,
    on_progress: Callable[[Revocation], None] | None = None,
    cancellation: Cancellation | None = None,
    was_accepted: bool = False,
) -> Revocation:
    """Revoke a token at the server, prove that it is refused, wipe the local copy. Raises nothing: see `errors`.

    `was_accepted`: an earlier try found it accepted and may have revoked it; that is the baseline then.

    The copy is wiped only once Concur confirmed the revoke and no call showed the contrary: as long as a token may
    live, it stays listed and can be revoked again.
    """
    report = on_progress or (lambda _revocation: None)
    asked_for = token
    try:
        connection = connection_to(token, connection)
        token = newest_token(connection, token)
        usable = usable_token(connection, token, connection.tokens.now(), cancellation)
        usable, doubt = _with_baseline(connection, usable, cancellation, was_accepted=was_accepted)
    except FlowError as error:
        successor = newest_token(connection, token)
        if connection.contract.is_refresh_refused(error) and successor.token_id != token.token_id:
            # Another process was quicker by a moment, and has refreshed it: that one is to be revoked.
            return revoke_and_prove(connection, successor, on_progress=on_progress, cancellation=cancellation)
        return _without_usable_token(connection, asked_for, token, error, report)
    failures = () if usable.renewed is None else usable.renewed.failures
    progress = Revocation(was_accepted=doubt is None, renewed=usable.renewed, errors=failures)
    progress = _at_server(connection, usable.live, progress, cancellation)
    report(progress)
    if progress.server is Tick.DONE or (progress.server is Tick.UNPROVEN and doubt is None):
        progress = _proven(connection, usable, progress, cancellation, doubt)
        report(progress)
    if progress.ended_token:
        progress = _wiped(connection, asked_for, usable.token, progress)
        report(progress)
    return progress


def revoke_chain(
    connection: Connection,
    newest: IssuedToken,
    *,
    on_progress: Callable[[Revocation], None] | None = None,
    cancellation: Cancellation | None = None,
    was_accepted: Callable[[str], bool] = lambda _token_id: False,
) -> ChainRevocation:
    """Revoke a token and the older ones that it came from by refreshing: they go on working (concur-wire.md 1.3).

    The newest goes first, since it is what the user sees; progress is told of it alone. Raises nothing: see `errors`.
    `was_accepted` tells by id what an earlier try has found.
    """
    try:
        live = {token.token_id: token for token in connection.tokens.review().live}
    except FlowError:
        live = {}  # the journal cannot be read now; the newest is known all the same
    revocation = revoke_and_prove(
        connection,
        newest,
        on_progress=on_progress,
        cancellation=cancellation,
        was_accepted=was_accepted(newest.token_id),
    )
    if revocation.ended_token and not connection_to(newest, connection).contract.replaces_tokens:
        for older in older_tokens(newest, live):
            outcome = revoke_and_prove(
                connection, older, cancellation=cancellation, was_accepted=was_accepted(older.token_id)
            )
            if not outcome.ended_token:
                return ChainRevocation(revocation, outcome, older)
    return ChainRevocation(revocation)


def older_tokens(newest: IssuedToken, live: Mapping[str, IssuedToken]) -> tuple[IssuedToken, ...]:
    """Return the live tokens that `newest` descends from, the youngest first."""
    chain: list[IssuedToken] = []
    wanted = newest.token_id
    while older := next((t for t in live.values() if t.superseded_by == wanted and t not in chain), None):
        chain.append(older)
        wanted = older.token_id
    return tuple(chain)


def _without_usable_token(
    connection: Connection,
    asked_for: IssuedToken,
    token: IssuedToken,
    error: FlowError,
    report: Callable[[Revocation], None],
) -> Revocation:
    """Revoke nothing: either the token is dead already, which the refused refresh says, or nobody can go on."""
    if not connection.contract.is_refresh_refused(error):
        return Revocation(server=Tick.FAILED, errors=(error,))
    progress = Revocation(server=Tick.UNPROVEN, refused=Tick.DONE, errors=(error,), nothing_sent=True)
    if (doubt := _doubt_of_refusal(connection, token)) is not None:
        progress = replace(progress, refused=Tick.UNPROVEN, errors=(doubt, error))
    report(progress)
    if progress.ended_token:
        progress = _wiped(connection, asked_for, token, progress)
        report(progress)
    return progress


def _doubt_of_refusal(connection: Connection, token: IssuedToken) -> FlowError | None:
    """Return why a refused refresh token says nothing of its connection: a refresh with an unknown end replaced it."""
    try:
        review = connection.tokens.review()
    except FlowError as unreadable:
        return unreadable
    is_open = any(note.refreshes == token.token_id for note in (*review.cut_off, *review.in_flight))
    return SuccessorMayLive() if is_open else None


def _with_baseline(
    connection: Connection, usable: Usable, cancellation: Cancellation | None, *, was_accepted: bool
) -> tuple[Usable, WireError | None]:
    """Try the token; return it with why it is not accepted now: then a refusal afterwards proves little.

    Where a refused access token can be refreshed, as after a clock that is wrong, that is done, once. Raises what the
    refresh raises.
    """
    may_refresh = connection.contract.proof_may_issue(connection.application, usable.live)
    if was_accepted and not may_refresh:
        return usable, None
    doubt = _not_accepted(connection, usable.live, cancellation)
    if isinstance(doubt, AuthorizationRefused) and may_refresh and usable.renewed is None:
        issued = refresh_and_store(connection, usable.token, cancellation)
        usable = Usable(issued.token, issued.live, issued)
        doubt = _not_accepted(connection, usable.live, cancellation)
    return usable, doubt


def _not_accepted(connection: Connection, live: LiveToken, cancellation: Cancellation | None) -> WireError | None:
    try:
        connection.contract.probe(connection.transport, live, cancellation)
    except WireError as doubt:
        return doubt
    return None


def _at_server(
    connection: Connection, live: LiveToken, progress: Revocation, cancellation: Cancellation | None
) -> Revocation:
    try:
        connection.contract.revoke(connection.transport, connection.application, live, cancellation)
    except RevokeRoleMissing as error:
        return replace(progress, server=Tick.FAILED, errors=(*progress.errors, error))
    except WireError as error:
        # The answer may be lost and the revoke done, or the token was revoked before: the proof may tell.
        arrived = error.exchange is not None and error.exchange.sent
        return replace(progress, server=Tick.UNPROVEN if arrived else Tick.FAILED, errors=(*progress.errors, error))
    return replace(progress, server=Tick.DONE)


def _proven(
    connection: Connection,
    usable: Usable,
    progress: Revocation,
    cancellation: Cancellation | None,
    doubt: WireError | None,
) -> Revocation:
    proof = prove_and_store(connection, usable.token, usable.live, cancellation)
    if proof.issued is not None:
        progress = replace(progress, renewed=proof.issued, errors=(*progress.errors, *proof.issued.failures))
    if proof.error is not None:
        refused = Tick.FAILED if isinstance(proof.error, TokenStillAccepted) else Tick.UNPROVEN
        return replace(progress, refused=refused, errors=(*progress.errors, proof.error))
    if doubt is not None and not proof.certain:
        return replace(progress, refused=Tick.UNPROVEN, errors=(*progress.errors, doubt))
    if proof.certain and progress.server is not Tick.DONE:
        # Nobody confirmed the revoke: then it may have been a refresh that ended the refresh token.
        replaced = _doubt_of_refusal(connection, usable.token)
        if replaced is not None:
            return replace(progress, refused=Tick.UNPROVEN, errors=(*progress.errors, replaced))
    return replace(progress, refused=Tick.DONE, proved_by_refresh=proof.certain)


def _wiped(connection: Connection, asked_for: IssuedToken, ended: IssuedToken, progress: Revocation) -> Revocation:
    try:
        if connection.contract.replaces_tokens:
            is_settled = progress.server is Tick.DONE and progress.proved_by_refresh
            _wipe_replaced(connection, asked_for, ended, settles_notes=is_settled)
        connection.tokens.mark_revoked(ended.token_id)
    except FlowError as error:
        return replace(progress, local_copy=Tick.FAILED, errors=(*progress.errors, error))
    return replace(progress, local_copy=Tick.DONE)


def _wipe_replaced(connection: Connection, asked_for: IssuedToken, ended: IssuedToken, *, settles_notes: bool) -> None:
    """Wipe the tokens that the ended one has taken the place of, where one is listed still: they ended with it.

    `settles_notes`: whatever a refresh of them that was cut off may have brought has ended, too.
    """
    chain = {asked_for.token_id, ended.token_id}
    done_with: set[str] = set()
    with suppress(FlowError):  # the journal cannot be read now; what stays is wiped by its own revoke
        review = connection.tokens.review()
        chain |= {token.token_id for token in older_tokens(ended, {token.token_id: token for token in review.live})}
        if settles_notes:
            done_with = {note.token_id for note in review.cut_off if note.refreshes in chain}
    for token_id in (chain - {ended.token_id}) | done_with:
        with suppress(FlowError):  # gone by now, as it should be
            connection.tokens.mark_revoked(token_id)
