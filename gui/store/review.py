"""What a look through the journal of issued tokens brings. `token_review` looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from gui.concur.errors import FlowError
    from gui.store.errors import StoredFileError
    from gui.store.issued_entry import ExchangeNote, IssuedToken


@dataclass(frozen=True, slots=True)
class UnresolvedToken:
    """A token that may be live: its file cannot be used, and the keyring has not told yet."""

    token_id: str
    path: Path


@dataclass(frozen=True, slots=True)
class Review:
    """Every note and token, each in exactly one place."""

    live: tuple[IssuedToken, ...] = ()
    """Can be revoked from here, as far as is known."""
    cut_off: tuple[ExchangeNote, ...] = ()
    """Exchanges with an unknown end: a token may have been issued that nobody holds. Listed until forgotten."""
    in_flight: tuple[ExchangeNote, ...] = ()
    """Exchanges under way, in this process or in another that runs."""
    elsewhere: tuple[IssuedToken, ...] = ()
    """Held in the memory of another process that runs: revoke them there."""
    lost: tuple[IssuedToken, ...] = ()
    """Were held in the memory of a process that is gone: they cannot be revoked from here."""
    unwiped: tuple[IssuedToken, ...] = ()
    """Revoked or forgotten, and the local copy could not be wiped yet; `problems` says why."""
    set_aside: tuple[StoredFileError, ...] = ()
    """Files that could not be used. A corrupt one is renamed; its token is live where the keyring has it."""
    unresolved: tuple[UnresolvedToken, ...] = ()
    """Nobody may say "nothing is live" as long as there is one. Asked for again at every review."""
    problems: tuple[FlowError, ...] = ()
    """What kept the review from looking closer, such as a locked keyring."""
