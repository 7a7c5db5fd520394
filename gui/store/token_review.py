"""What the journal of issued tokens amounts to: live, under way, cut off, lost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.concur.errors import FlowError
from gui.store.errors import (
    IssuedTokenFileCorrupt,
    IssuedTokenUnknown,
    KeyringError,
    StoredFileError,
    TokenSecretUnreadable,
)
from gui.store.issued_entry import (
    ISSUED,
    KEPT_IN_KEYRING,
    NOTED,
    WIPING,
    JournalEntry,
    ProcessMark,
    SecretEntry,
)
from gui.store.review import Review, UnresolvedToken

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from gui.store.token_files import TokenFiles
    from gui.store.token_vault import TokenVault


def review_tokens(
    files: TokenFiles,
    vault: TokenVault,
    process: ProcessMark,
    unwritten: Mapping[str, JournalEntry],
    wipe: Callable[[str], None],
) -> Review:
    """Read all files, complete what a crash left half done, and sort the rest. Raises `FileUnreadable`."""
    sorting = _Sorting(files, vault, process, wipe)
    found = dict(files.read_all())
    for token_id, entry in {**found, **unwritten}.items():
        if isinstance(entry, StoredFileError):
            sorting.take_unusable(token_id, entry)
        else:
            sorting.take(entry)
    noted = {token_id for token_id, entry in found.items() if not isinstance(entry, IssuedTokenFileCorrupt)}
    for token_id, path in files.set_aside():
        if token_id not in noted and token_id not in unwritten:
            sorting.take_set_aside(token_id, path)
    return sorting.result


class _Sorting:
    """One review under way."""

    def __init__(self, files: TokenFiles, vault: TokenVault, process: ProcessMark, wipe: Callable[[str], None]) -> None:
        self._files = files
        self._vault = vault
        self._process = process
        self._wipe = wipe
        self._keyring_answers = True
        self.result = Review()

    def take(self, entry: JournalEntry) -> None:
        """Put one entry into its place."""
        if entry.state == WIPING:
            self._take_wiping(entry)
        elif entry.state == ISSUED:
            self._take_issued(entry)
        elif entry.state == NOTED and self._runs(entry):
            self.result = replace(self.result, in_flight=(*self.result.in_flight, entry.as_note()))
        else:
            self._take_ended(entry)

    def take_unusable(self, token_id: str, problem: StoredFileError) -> None:
        """Report the file. What was renamed is looked into by `take_set_aside`."""
        self.result = replace(self.result, set_aside=(*self.result.set_aside, problem))
        if not isinstance(problem, IssuedTokenFileCorrupt) or problem.set_aside is None:
            self._note_unresolved(token_id, problem.path)

    def take_set_aside(self, token_id: str, path: Path) -> None:
        """Ask the keyring for the token of a file that was set aside, in this run or an earlier one."""
        if any(token.token_id == token_id for token in self.result.live):
            return  # an earlier file of the same token has brought it back
        try:
            answered, secret = self._ask(token_id)
        except TokenSecretUnreadable as problem:
            self._note_problem(problem)
            answered, secret = False, None
        if not answered:
            self._note_unresolved(token_id, path)
        elif secret is None or self._list_again(token_id, secret):
            self._files.settle(path)

    def _ask(self, token_id: str) -> tuple[bool, SecretEntry | None]:
        """Return whether the keyring answered, and what. Raises `TokenSecretUnreadable`."""
        if not (self._keyring_answers and self._vault.secrets.persistent):
            return False, None
        try:
            return True, self._vault.in_keyring(token_id)
        except KeyringError as problem:
            self._keyring_answers = False
            self._note_problem(problem)
            return False, None

    def _note_unresolved(self, token_id: str, path: Path) -> None:
        self.result = replace(self.result, unresolved=(*self.result.unresolved, UnresolvedToken(token_id, path)))

    def _list_again(self, token_id: str, secret: SecretEntry) -> bool:
        entry = JournalEntry(
            token_id=token_id,
            state=ISSUED,
            profile_id=secret.profile_id,
            profile_name="",
            contract=secret.contract,
            base_url=secret.base_url,
            consumer_key=secret.consumer_key,
            purpose="",
            noted_at=secret.issued_at,
            machine=self._process.machine,
            pid=self._process.pid,
            process_started=self._process.started,
        )
        return self._complete(entry, secret)

    def _take_wiping(self, entry: JournalEntry) -> None:
        try:
            self._wipe(entry.token_id)
        except IssuedTokenUnknown:
            return  # another thread or window has just finished it
        except FlowError as problem:
            self.result = replace(self.result, unwiped=(*self.result.unwiped, entry.as_issued()))
            self._note_problem(problem)

    def _take_issued(self, entry: JournalEntry) -> None:
        token = entry.as_issued()
        if entry.kept == KEPT_IN_KEYRING or self._vault.in_session(entry.token_id) is not None:
            self.result = replace(self.result, live=(*self.result.live, token))
        elif self._runs(entry) and not self._is_ours(entry):
            self.result = replace(self.result, elsewhere=(*self.result.elsewhere, token))
        else:
            secret = self._look_up(entry.token_id) if entry.keyring_unsure else None
            if secret is None:
                self.result = replace(self.result, lost=(*self.result.lost, token))
            else:
                self._complete(entry, secret)

    def _take_ended(self, entry: JournalEntry) -> None:
        secret = self._look_up(entry.token_id) if entry.kept == KEPT_IN_KEYRING else None
        if secret is None:
            self.result = replace(self.result, cut_off=(*self.result.cut_off, entry.as_note()))
        else:
            self._complete(entry, secret)

    def _complete(self, entry: JournalEntry, secret: SecretEntry) -> bool:
        """Turn what the keyring holds into an issued entry, as the process that is gone would have done.

        Return whether it is on disk.
        """
        written = False
        issued = replace(
            entry,
            state=ISSUED,
            reason=None,
            instance_url=secret.instance_url,
            issued_at=secret.issued_at,
            expires_at=secret.expires_at,
            kept=KEPT_IN_KEYRING,
            keyring_unsure=False,
        )
        try:
            self._files.write(issued)
            written = True
            old = None if issued.refreshes is None else self._files.read(issued.refreshes)
            if old is not None and old.state == ISSUED and old.superseded_by is None:
                self._files.write(replace(old, superseded_by=issued.token_id))
        except StoredFileError as problem:
            self._note_problem(problem)
        self.result = replace(self.result, live=(*self.result.live, issued.as_issued()))
        return written

    def _look_up(self, token_id: str) -> SecretEntry | None:
        """Ask the keyring, and after its first failure no more: each call may cost its whole time limit."""
        try:
            return self._ask(token_id)[1]
        except TokenSecretUnreadable as problem:
            self._note_problem(problem)
            return None

    def _note_problem(self, problem: FlowError) -> None:
        self.result = replace(self.result, problems=(*self.result.problems, problem))

    def _is_ours(self, entry: JournalEntry) -> bool:
        return ProcessMark(entry.machine, entry.pid, entry.process_started) == self._process

    def _runs(self, entry: JournalEntry) -> bool:
        return self._is_ours(entry) or ProcessMark(entry.machine, entry.pid, entry.process_started).runs()
