"""What an earlier run left behind: tokens that are live, exchanges that were cut off.

A self-test never means to leave a token, so the next start revokes what a killed one left. A token of the window may
have been kept on purpose: it is listed, and the user decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gui.concur.errors import FlowError
from gui.flow.connection import SELF_TEST
from gui.flow.revoking import revoke_and_prove
from gui.store.profile import BUILT_IN_PROFILE_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.flow.connection import Connection
    from gui.flow.revocation import Revocation
    from gui.store.issued_entry import ExchangeNote, IssuedToken
    from gui.store.issued_tokens import IssuedTokens
    from gui.store.review import Review

WINDOW = "window"


@dataclass(frozen=True, slots=True)
class LeftOver:
    """One token that an earlier self-test left, and what came of revoking it."""

    token: IssuedToken
    revocation: Revocation


@dataclass(frozen=True, slots=True)
class Recovery:
    """All that an earlier run left."""

    review: Review
    """After the clean-up: what is still there."""
    revoked: tuple[LeftOver, ...]
    problems: tuple[FlowError, ...]


def recover(tokens: IssuedTokens, connection_for: Callable[[IssuedToken], Connection]) -> Recovery:
    """Forget what went with a built-in sandbox, revoke what a killed self-test left, list the rest.

    Raises FileUnreadable where the journal cannot be read.
    """
    review = tokens.review()
    problems: list[FlowError] = []
    left: tuple[IssuedToken | ExchangeNote, ...] = (*review.live, *review.lost, *review.cut_off)
    for entry in left:
        if _went_with_its_sandbox(entry):
            try:
                tokens.forget(entry.token_id)
            except FlowError as problem:
                problems.append(problem)
    revoked: list[LeftOver] = []
    # The youngest first: where a refresh has replaced a token, it alone can still speak for both.
    for token in sorted(review.live, key=lambda each: each.issued_at, reverse=True):
        if token.purpose == SELF_TEST and not token.process_runs() and not _went_with_its_sandbox(token):
            if not tokens.is_listed(token.token_id):
                continue  # it has just ended with its successor
            try:
                connection = connection_for(token)
            except FlowError as problem:
                problems.append(problem)
            else:
                revoked.append(LeftOver(token, revoke_and_prove(connection, token)))
    after = tokens.review()
    still = {problem.path for problem in after.set_aside}
    # A corrupt file is set aside by the first review that meets it, and reported by that one alone.
    met = tuple(problem for problem in review.set_aside if problem.path not in still)
    return Recovery(replace(after, set_aside=(*met, *after.set_aside)), tuple(revoked), tuple(problems))


def _went_with_its_sandbox(entry: IssuedToken | ExchangeNote) -> bool:
    """Whether the simulated Concur that issued it lived in a process that is gone: then so is the token."""
    return entry.profile_id == BUILT_IN_PROFILE_ID and not entry.process_runs()
