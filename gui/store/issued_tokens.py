"""The journal that never loses a token: noted before the exchange, kept before it is shown, listed until wiped.

What a crash leaves, and what the next start (`token_review`) makes of it:
after the note -- "cut off", since a token may have been issued; after the keyring -- the note is completed from the
keyring; after the file -- a live token; after "wiping" was written -- the wipe is finished; after the keyring was
wiped -- the same, and the file goes.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gui.store.errors import IssuedTokenUnknown, KeyringError, StoredFileError
from gui.store.issued_entry import (
    FORGOTTEN,
    ISSUED,
    KEPT_IN_SESSION,
    NOTED,
    REVOKED,
    UNKNOWN,
    WIPING,
    ExchangeNote,
    IssuedToken,
    JournalEntry,
    ProcessMark,
    SecretEntry,
    TokenSecrets,
    entry_of,
    this_process,
)
from gui.store.review import Review
from gui.store.token_files import TokenFiles
from gui.store.token_review import review_tokens
from gui.store.token_vault import TokenVault

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from gui.concur.errors import FlowError
    from gui.store.profile import Profile
    from gui.store.secrets import SecretStore


@dataclass(frozen=True, slots=True)
class StoredToken:
    """An issued token, and what went wrong in keeping it. The token is usable in any case."""

    token: IssuedToken
    problems: tuple[FlowError, ...]
    """First what the keyring said, then what the disk said."""


class IssuedTokens:
    """Notes, issued tokens and their wipe. Every method may block on keyring and disk: call it in the background.

    Safe to use from several threads; one waits for the other.
    """

    def __init__(
        self,
        folder: Path,
        secrets: SecretStore,
        clock: Callable[[], datetime],
        process: ProcessMark | None = None,
    ) -> None:
        self._files = TokenFiles(folder, clock)
        self._vault = TokenVault(secrets)
        self._clock = clock
        self._process = process or this_process()
        self._lock = threading.RLock()
        self._unwritten: dict[str, JournalEntry] = {}
        """Entries that the disk did not take; written again by `review`."""

    def now(self) -> datetime:
        """Return the time, UTC, of the clock that tokens are dated by."""
        return self._clock()

    def note_exchange(
        self, *, profile_id: str, profile_name: str, contract: str, base_url: str, consumer_key: str, purpose: str
    ) -> ExchangeNote:
        """Note an exchange before it is sent; on return the note is on disk.

        Raises what `write_atomically` raises: then nothing is at risk yet; whether to send is the caller's choice.
        """
        note = ExchangeNote(
            token_id=uuid.uuid4().hex,
            profile_id=profile_id,
            profile_name=profile_name,
            contract=contract,
            base_url=base_url,
            consumer_key=consumer_key,
            purpose=purpose,
            noted_at=self._clock(),
            machine=self._process.machine,
            pid=self._process.pid,
            process_started=self._process.started,
        )
        self._files.write(replace(entry_of(note, NOTED), kept=self._vault.destination))
        return note

    def note_refresh(self, token: IssuedToken, secrets: TokenSecrets, purpose: str) -> ExchangeNote:
        """Note a refresh before it is sent. What it brings becomes an issued token of its own.

        The old access token stays valid (concur-wire.md 1.3), so it stays listed, with `superseded_by`, until it is
        revoked too. Raises as `note_exchange` does.
        """
        note = ExchangeNote(
            token_id=uuid.uuid4().hex,
            profile_id=token.profile_id,
            profile_name=token.profile_name,
            contract=token.contract,
            base_url=token.base_url,
            consumer_key=token.consumer_key,
            purpose=purpose,
            noted_at=self._clock(),
            machine=self._process.machine,
            pid=self._process.pid,
            process_started=self._process.started,
            refreshes=token.token_id,
            carried_refresh_token=secrets.refresh_token,
        )
        self._files.write(replace(entry_of(note, NOTED), kept=self._vault.destination))
        return note

    def store_issued(
        self,
        note: ExchangeNote,
        *,
        access_token: str,
        refresh_token: str | None,
        instance_url: str | None,
        expires_at: datetime | None,
        principal_id: str | None = None,
        access_token_in_memory: bool = False,
    ) -> StoredToken:
        """Keep the tokens of an exchange or a refresh, keyring first, then the file; never raises a `FlowError`.

        Where the keyring refuses, they stay in memory until the process ends, and the entry says so.
        `access_token_in_memory`: the access token stays there in any case, the rest goes to the keyring.
        """
        secret = SecretEntry(
            access_token=access_token,
            refresh_token=note.carried_refresh_token if refresh_token is None else refresh_token,
            contract=note.contract,
            base_url=note.base_url,
            instance_url=instance_url,
            consumer_key=note.consumer_key,
            profile_id=note.profile_id,
            issued_at=self._clock(),
            expires_at=expires_at,
            principal_id=principal_id,
            access_token_in_memory=access_token_in_memory,
        )
        kept = self._vault.keep(note.token_id, secret)
        entry = replace(
            entry_of(note, ISSUED),
            instance_url=instance_url,
            issued_at=secret.issued_at,
            expires_at=expires_at,
            kept=kept.where,
            keyring_unsure=kept.keyring_unsure,
        )
        with self._lock:
            problems = [kept.problem, self._write_or_remember(entry)]
            if note.refreshes is not None:
                problems.append(self._supersede(note.refreshes, note.token_id))
        return StoredToken(entry.as_issued(), tuple(problem for problem in problems if problem is not None))

    def close_note(self, note: ExchangeNote) -> None:
        """Drop the note of an exchange that provably issued nothing. Raises what `remove_file` raises."""
        self._files.remove(note.token_id)

    def leave_note(self, note: ExchangeNote, reason: str) -> None:
        """Say why nobody knows whether the exchange issued a token: `reason` is the name of an error type.

        Raises what `write_atomically` raises: then the note stands as it was, "under way" until this process ends.
        """
        left = entry_of(replace(note, reason=reason), UNKNOWN)
        self._files.write(replace(left, kept=KEPT_IN_SESSION))  # nothing went to the keyring

    def tokens_of(self, token_id: str) -> TokenSecrets:
        """Return the tokens. Raises `IssuedTokenUnknown`, a `KeyringError`, `TokenSecretMissing` and the like."""
        secret = self._vault.get(self._entry(token_id))
        return TokenSecrets(secret.access_token, secret.refresh_token, secret.principal_id)

    def consumer_secret_of(self, profile: Profile) -> str:
        """Return the consumer secret of a profile, where the tokens are too; "" for none. Raises a `KeyringError`."""
        return self._vault.secrets.read(profile.secret_name) or ""

    def newest_of(self, token: IssuedToken) -> IssuedToken:
        """Follow what refreshes brought: the youngest live token that comes of this one, or itself.

        Raises what `review` raises.
        """
        live = {each.token_id: each for each in self.review().live}
        newest = live.get(token.token_id, token)  # as it stands now: whoever holds it may not know of its refresh
        seen: set[str] = set()
        successor: IssuedToken | None = newest
        while successor is not None and successor.token_id not in seen:
            newest = successor
            seen.add(newest.token_id)
            # By both ends of the link: of a token that another process has let go of, its successor alone is left.
            comes_of_it = (each for each in live.values() if each.refreshes == newest.token_id)
            successor = live.get(newest.superseded_by or "") or next(comes_of_it, None)
        return newest

    def is_listed(self, token_id: str) -> bool:
        """Tell whether a token is listed still: it may have been wiped with another that had taken its place."""
        try:
            self._entry(token_id)
        except IssuedTokenUnknown:
            return False
        except StoredFileError:
            return True  # its file is there
        return True

    def mark_revoked(self, token_id: str) -> None:
        """Wipe the local copy of a token that Concur no longer accepts.

        Raises `IssuedTokenUnknown`, or a `KeyringError`: then the entry stays, as "wiping", and `review` tries again.
        Raises what `remove_file` raises where the token is wiped and its file stays; `review` removes it.
        """
        with self._lock:
            self._wipe(token_id, REVOKED)

    def forget(self, token_id: str) -> None:
        """Wipe the local copy on purpose, of a note or of a token that may live on.

        Raises as `mark_revoked` does; but where the keyring fails the entry stays what it was: nothing was revoked.
        """
        with self._lock:
            self._wipe(token_id, FORGOTTEN)

    def review(self) -> Review:
        """Account for every note and token: at the start, and whenever the list is shown.

        Raises `FileUnreadable` where the folder cannot be read.
        """
        with self._lock:
            for entry in tuple(self._unwritten.values()):
                self._write_or_remember(entry)
            return review_tokens(self._files, self._vault, self._process, self._unwritten, self._wipe)

    def use_secrets(self, secrets: SecretStore) -> tuple[FlowError, ...]:
        """Go on with another secret store, such as a keyring unlocked meanwhile, and move there what is in memory.

        Returns what went wrong; the other store is used all the same.
        """
        with self._lock:
            self._vault.secrets = secrets
            try:
                review = self.review() if secrets.persistent else Review()
            except StoredFileError as problem:
                return (problem,)
            # A corrupt file is set aside by the first review that meets it, and reported by that one alone.
            problems: list[FlowError | None] = [*review.set_aside]
            for token in review.live:
                secret = self._vault.in_session(token.token_id)
                if secret is not None:
                    kept = self._vault.keep(token.token_id, secret)
                    entry = replace(self._entry(token.token_id), kept=kept.where, keyring_unsure=kept.keyring_unsure)
                    problems += [kept.problem, self._write_or_remember(entry)]
        return tuple(problem for problem in problems if problem is not None)

    def _entry(self, token_id: str) -> JournalEntry:
        entry = self._unwritten.get(token_id) or self._files.read(token_id)
        if entry is None:
            raise IssuedTokenUnknown(token_id=token_id)
        return entry

    def _write_or_remember(self, entry: JournalEntry, *, sync_folder: bool = False) -> StoredFileError | None:
        try:
            # Without the folder's own sync: after a loss of power the note may be back, and the keyring completes it.
            self._files.write(entry, sync_folder=sync_folder)
        except StoredFileError as problem:
            self._unwritten[entry.token_id] = entry
            return problem
        self._unwritten.pop(entry.token_id, None)
        return None

    def _supersede(self, old_id: str, new_id: str) -> StoredFileError | None:
        try:
            old = self._unwritten.get(old_id) or self._files.read(old_id)
        except StoredFileError as problem:
            return problem
        if old is None or old.state != ISSUED:
            return None
        return self._write_or_remember(replace(old, superseded_by=new_id))

    def _wipe(self, token_id: str, wiped_for: str | None = None) -> None:
        """Wipe keyring and memory, then the file, which is the only way to find the rest and so goes last."""
        entry = self._entry(token_id)
        if entry.state != WIPING:
            # What is known to have gone nowhere needs no keyring to be forgotten.
            kept = KEPT_IN_SESSION if entry.state == UNKNOWN else entry.kept
            # Without this word a crash after the wipe would leave a "live" token that nothing can revoke. Where the
            # disk does not take it the wipe is still the better thing to do.
            self._write_or_remember(replace(entry, state=WIPING, wiped_for=wiped_for, kept=kept), sync_folder=True)
        try:
            self._vault.wipe(self._entry(token_id))
        except KeyringError:
            if wiped_for == FORGOTTEN:
                self._write_or_remember(entry)  # it was not revoked, so it must not pass for that later
            raise
        self._unwritten.pop(token_id, None)
        self._files.remove(token_id)
