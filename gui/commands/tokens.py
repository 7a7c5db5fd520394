"""`tokens`: what is still live, what was cut off, and a way to end each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.commands.output import say, say_error, say_result
from gui.concur.errors import FlowError
from gui.flow.revocation import Tick
from gui.flow.revoking import revoke_and_prove
from gui.store.errors import IssuedTokenAmbiguous, IssuedTokenUnknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.commands.workplace import Workplace
    from gui.flow.recovery import Recovery
    from gui.store.issued_entry import ExchangeNote, IssuedToken
    from gui.store.review import UnresolvedToken

ALL = "all"
_SHOWN_ID = 8


def describe_token(token: IssuedToken) -> str:
    """Return one line about a token, without the token."""
    expiry = f"expires {token.expires_at:%Y-%m-%d %H:%M} UTC" if token.expires_at else "expiry not known"
    return (
        f"{token.token_id[:_SHOWN_ID]}  {token.base_url}  {token.profile_name or token.purpose}  "
        f"issued {token.issued_at:%Y-%m-%d %H:%M} UTC, {expiry}"
    )


def describe_note(note: ExchangeNote) -> str:
    """Return what is known about an exchange that was cut off, and what to do about it."""
    what = "refresh" if note.refreshes else "exchange"
    return (
        f"{note.token_id[:_SHOWN_ID]}  {note.base_url}  {note.profile_name or note.purpose}  "
        f"{what} cut off at {note.noted_at:%Y-%m-%d %H:%M:%S} UTC ({note.reason or 'the program ended'})\n"
        f"          Concur may have issued a token that nobody holds. To be sure, revoke all tokens of that user for\n"
        f"          consumer key {note.consumer_key} at Concur; then: tokens --forget {note.token_id[:_SHOWN_ID]}"
    )


def _lost_words(token: IssuedToken) -> str:
    return (
        f"lost      {describe_token(token)}\n"
        f"          It was kept in memory only, so it cannot be revoked from here. Revoke it at Concur, for\n"
        f"          consumer key {token.consumer_key}; then: tokens --forget {token.token_id[:_SHOWN_ID]}"
    )


def _unresolved_words(unresolved: UnresolvedToken) -> str:
    return (
        f"unknown   {unresolved.token_id[:_SHOWN_ID]}  its file cannot be read: {unresolved.path}\n"
        f"          Whether the keyring still has the token shows once the keyring can be used."
    )


def show_recovery(recovery: Recovery) -> None:
    """Tell on stderr what an earlier run left, and what was done about it. Says nothing where there is nothing."""
    for left_over in recovery.revoked:
        ended = "revoked now" if left_over.revocation.ended_token else "STILL LIVE, or may be"
        say(f"An earlier self-test left a token, {ended}: {describe_token(left_over.token)}")
        if not left_over.revocation.ended_token:
            for error in left_over.revocation.errors:
                say_error(error)
    for problem in (*recovery.problems, *recovery.review.problems, *recovery.review.set_aside):
        say_error(problem)
    for note in recovery.review.cut_off:
        say(f"Cut off:  {describe_note(note)}")
    for token in recovery.review.lost:
        say(_lost_words(token))
    for unresolved in recovery.review.unresolved:
        say(_unresolved_words(unresolved))


def list_tokens(workplace: Workplace) -> int:
    """Print what is there. Exit code 0, whatever there is."""
    review = workplace.tokens.review()
    for token in review.live:
        say_result(f"live      {describe_token(token)}")
    for token in review.elsewhere:
        say_result(f"in memory of another App Center Flow  {describe_token(token)}")
    for token in review.unwiped:
        done = {"revoked": "revoked", "forgotten": "forgotten, not revoked"}.get(token.wiped_for or "", "ended here")
        say_result(f"{done}, local copy left  {describe_token(token)}")
    for unresolved in review.unresolved:
        say_result(_unresolved_words(unresolved))
    for token in review.lost:
        say_result(_lost_words(token))
    for note in review.cut_off:
        say_result(f"cut off   {describe_note(note)}")
    for note in review.in_flight:
        say_result(f"under way {note.token_id[:_SHOWN_ID]}  {note.base_url}")
    for problem in (*review.set_aside, *review.problems):
        say_error(problem)
    listed = (review.live, review.elsewhere, review.unwiped, review.unresolved, review.lost, review.cut_off)
    if not any((*listed, review.in_flight)):
        say_result("No tokens: nothing is live, nothing was cut off.")
    return 0


def revoke_tokens(workplace: Workplace, wanted: str) -> int:
    """Revoke one token by the start of its id, or all; exit code 0 if each is dead now."""
    review = workplace.tokens.review()
    # The youngest first: where a refresh has replaced a token, it alone can still speak for both.
    youngest_first = sorted(review.live, key=lambda each: each.issued_at, reverse=True)
    live = {token.token_id: token for token in youngest_first}
    out_of_reach = {token.token_id: _lost_words(token) for token in review.lost}
    out_of_reach |= {note.token_id: f"cut off   {describe_note(note)}" for note in review.cut_off}
    out_of_reach |= {token.token_id: _unresolved_words(token) for token in review.unresolved}
    all_ended = True
    for token_id in _matching([*live, *out_of_reach], wanted):
        if token_id in out_of_reach:
            say_result(out_of_reach[token_id])
            all_ended = False
            continue
        token = live[token_id]
        if not workplace.tokens.is_listed(token_id):
            say_result(f"{describe_token(token)}\n  ended with the token that had taken its place")
            continue
        try:
            connection = workplace.connection_for(token)
        except FlowError as unknown:
            say_error(unknown)
            all_ended = False
            continue
        revocation = revoke_and_prove(connection, token)
        all_ended &= revocation.ended_token
        ticks = (
            ("revoked at the server", revocation.server),
            ("refused afterwards", revocation.refused),
            ("local copy removed", revocation.local_copy),
        )
        say_result(f"{describe_token(token)}\n  " + ", ".join(f"{name}: {_tick_word(tick)}" for name, tick in ticks))
        for error in revocation.errors:
            say_error(error)
    if not live and not out_of_reach:
        say_result("No token is live here: there is nothing to revoke.")
    return 0 if all_ended else 1


def forget_tokens(workplace: Workplace, wanted: str) -> int:
    """Wipe local copy and note, on purpose, without a revoke; exit code 0 if each is gone."""
    code = 0
    review = workplace.tokens.review()
    ids = [token.token_id for token in (*review.live, *review.lost, *review.unwiped)]
    ids += [note.token_id for note in review.cut_off]
    for token_id in _matching(ids, wanted):
        try:
            workplace.tokens.forget(token_id)
        except FlowError as error:
            say_error(error)
            code = 1
        else:
            say_result(f"forgotten {token_id[:_SHOWN_ID]}")
    return code


def _matching(ids: Iterable[str], wanted: str) -> tuple[str, ...]:
    """Return ids. Raises IssuedTokenUnknown where none begins so, and IssuedTokenAmbiguous where more than one does."""
    if wanted == ALL:
        return tuple(ids)
    found = tuple(token_id for token_id in ids if wanted and token_id.startswith(wanted))
    if not found:
        raise IssuedTokenUnknown(token_id=wanted)
    if len(found) > 1:
        raise IssuedTokenAmbiguous(start=wanted, count=len(found))
    return found


def _tick_word(tick: Tick) -> str:
    return {Tick.DONE: "yes", Tick.FAILED: "NO", Tick.UNPROVEN: "not shown", Tick.PENDING: "not tried"}[tick]
