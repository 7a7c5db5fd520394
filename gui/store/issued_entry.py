"""What is noted about a token, on disk and in the keyring, and who noted it."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003  # msgspec reads the annotations at run time

import msgspec

from gui.store.errors import IssuedTokenFileCorrupt, IssuedTokenFileNewer
from gui.store.files import DocumentKind, decode

NOTED = "noted"
"""The exchange is about to be sent, or under way."""
UNKNOWN = "unknown"
"""The exchange ended without an answer: a token may have been issued or not."""
ISSUED = "issued"
"""A live token."""
WIPING = "wiping"
"""Revoked, or forgotten on purpose; the local copy is being wiped."""
REVOKED = "revoked"
FORGOTTEN = "forgotten"
STATES = (NOTED, UNKNOWN, ISSUED, WIPING)

KEPT_IN_KEYRING = "keyring"
KEPT_IN_SESSION = "session"

_SAME_START_S = 2.0
"""Linux counts the start of a process from a boot time that moves when the clock is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeNote:
    """An exchange or refresh that is about to be sent; written before it is."""

    token_id: str
    profile_id: str
    profile_name: str
    contract: str
    base_url: str
    consumer_key: str
    purpose: str
    """"window" or "self-test"."""
    noted_at: datetime
    """UTC."""
    machine: str
    pid: int
    process_started: float
    """Seconds since 1970; with the pid it names one process."""
    refreshes: str | None = None
    """Id of the token that is being refreshed."""
    reason: str | None = None
    """Why nobody knows whether a token was issued: the name of an error type."""
    carried_refresh_token: str | None = field(default=None, repr=False)
    """In memory only: the refresh token in use, which stays valid where the answer brings no new one (wire 1.3)."""

    def process_runs(self) -> bool:
        """Tell whether the process that noted it runs now."""
        return ProcessMark(self.machine, self.pid, self.process_started).runs()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A token that is live as far as is known here. The token itself comes from `IssuedTokens.tokens_of`."""

    token_id: str
    profile_id: str
    profile_name: str
    contract: str
    base_url: str
    instance_url: str | None
    consumer_key: str
    issued_at: datetime
    """UTC."""
    expires_at: datetime | None
    purpose: str
    machine: str
    pid: int
    process_started: float
    """As in the note."""
    kept: str
    """"keyring" or "session"."""
    superseded_by: str | None
    """Id of the token that a refresh brought; this one stays valid beside it (wire 1.3), so it stays listed."""
    state: str
    """"issued", or "wiping" where the wipe was begun and not finished."""
    wiped_for: str | None = None
    """"revoked" or "forgotten" where it is being wiped: a forgotten token may live on."""
    refreshes: str | None = None
    """Id of the token that it was refreshed from."""

    def process_runs(self) -> bool:
        """Tell whether the process that it was issued to runs now."""
        return ProcessMark(self.machine, self.pid, self.process_started).runs()


@dataclass(frozen=True, slots=True)
class TokenSecrets:
    """The tokens themselves."""

    access_token: str = field(repr=False)
    """"" where it was in the memory of a process that is gone."""
    refresh_token: str | None = field(repr=False)
    principal_id: str | None = field(default=None, repr=False)
    """`id` of the connection (concur-wire.md 2.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """The file about one token, from the note to the wipe. No secrets."""

    token_id: str
    state: str
    profile_id: str
    profile_name: str
    contract: str
    base_url: str
    consumer_key: str
    purpose: str
    noted_at: datetime
    machine: str
    pid: int
    process_started: float
    refreshes: str | None = None
    reason: str | None = None
    instance_url: str | None = None
    issued_at: datetime | None = None
    expires_at: datetime | None = None
    kept: str = KEPT_IN_KEYRING
    keyring_unsure: bool = False
    """The write into the keyring was given up and may have landed all the same."""
    superseded_by: str | None = None
    wiped_for: str | None = None

    def as_note(self) -> ExchangeNote:
        """Return the entry as what is known of an exchange."""
        return ExchangeNote(
            token_id=self.token_id,
            profile_id=self.profile_id,
            profile_name=self.profile_name,
            contract=self.contract,
            base_url=self.base_url,
            consumer_key=self.consumer_key,
            purpose=self.purpose,
            noted_at=self.noted_at,
            machine=self.machine,
            pid=self.pid,
            process_started=self.process_started,
            refreshes=self.refreshes,
            reason=self.reason,
        )

    def as_issued(self) -> IssuedToken:
        """Return the entry as an issued token."""
        return IssuedToken(
            token_id=self.token_id,
            profile_id=self.profile_id,
            profile_name=self.profile_name,
            contract=self.contract,
            base_url=self.base_url,
            instance_url=self.instance_url,
            consumer_key=self.consumer_key,
            issued_at=self.issued_at or self.noted_at,
            expires_at=self.expires_at,
            purpose=self.purpose,
            machine=self.machine,
            pid=self.pid,
            process_started=self.process_started,
            kept=self.kept,
            superseded_by=self.superseded_by,
            state=self.state,
            wiped_for=self.wiped_for,
            refreshes=self.refreshes,
        )


ENTRY = DocumentKind("app-center-flow/issued-token", 1, JournalEntry, IssuedTokenFileCorrupt, IssuedTokenFileNewer)


def entry_of(note: ExchangeNote, state: str) -> JournalEntry:
    """Return the entry that a note is written as."""
    return JournalEntry(
        token_id=note.token_id,
        state=state,
        profile_id=note.profile_id,
        profile_name=note.profile_name,
        contract=note.contract,
        base_url=note.base_url,
        consumer_key=note.consumer_key,
        purpose=note.purpose,
        noted_at=note.noted_at,
        machine=note.machine,
        pid=note.pid,
        process_started=note.process_started,
        refreshes=note.refreshes,
        reason=note.reason,
    )


class SecretEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What the keyring holds for one token, as JSON: one write, so it is there whole or not at all.

    The facts beside the tokens are what a revoke needs: they complete an entry whose process ended between keyring
    and file, or whose file is corrupt. With Concur's lengths it is far below the 2,560 bytes of concur-wire.md 4.
    """

    access_token: str
    """"" where it is kept in memory only."""
    refresh_token: str | None
    contract: str
    base_url: str
    instance_url: str | None
    consumer_key: str
    profile_id: str
    issued_at: datetime
    expires_at: datetime | None
    principal_id: str | None = None
    access_token_in_memory: bool = False
    """Whether the access token is in the memory of the process that it was issued to, and nowhere else."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def read_secret_entry(text: str) -> SecretEntry | None:
    """Return what this program wrote, or None where it is something else."""
    entry = decode(text.encode("utf-8", "surrogatepass"), SecretEntry)
    return None if isinstance(entry, str) else entry


def secret_name(token_id: str) -> str:
    """Return the name of a token's entry in the secret store."""
    return f"token/{token_id}"


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """One process, so that its successor with the same pid is not taken for it."""

    machine: str
    pid: int
    started: float

    def runs(self) -> bool:
        """Tell whether that very process runs now."""
        import psutil  # noqa: PLC0415  # 15 ms that the first paint can spare

        try:
            started = psutil.Process(self.pid).create_time()
        except (psutil.NoSuchProcess, ValueError, OverflowError):
            return False
        except psutil.AccessDenied:
            return True  # another user's, perhaps; nothing is taken from a process that may live
        return abs(started - self.started) < _SAME_START_S


def this_process() -> ProcessMark:
    """Return the mark of the process this runs in."""
    import psutil  # noqa: PLC0415  # 15 ms that the first paint can spare

    return ProcessMark(platform.node(), os.getpid(), psutil.Process().create_time())
