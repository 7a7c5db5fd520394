"""Where the issued tokens themselves are: in the keyring, and in memory where the keyring would not take them."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from gui.concur.errors import FlowError
from gui.store.errors import (
    KeyringFailed,
    KeyringOutOfReach,
    KeyringTimedOut,
    TokenEntryAltered,
    TokenSecretMissing,
    TokenSecretUnreadable,
)
from gui.store.issued_entry import (
    KEPT_IN_KEYRING,
    KEPT_IN_SESSION,
    JournalEntry,
    SecretEntry,
    read_secret_entry,
    secret_name,
)
from gui.store.secrets import SecretStore, SessionSecretStore

_SAYS_WHERE_TO = ("base_url", "instance_url", "consumer_key", "contract")
"""Fields that decide whom a token is sent to: any program of the user's can write to the file that has them, too."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a token went."""

    where: str
    """"keyring" or "session"."""
    keyring_unsure: bool
    """The keyring may hold it all the same: the write was given up while it was under way."""
    problem: FlowError | None


class TokenVault:
    """Tokens by id. What the secret store refuses stays in memory for as long as the process runs."""

    def __init__(self, secrets: SecretStore) -> None:
        self.secrets = secrets
        self._session = SessionSecretStore()

    @property
    def destination(self) -> str:
        """Where the next token goes: "keyring" or "session"."""
        return KEPT_IN_KEYRING if self.secrets.persistent else KEPT_IN_SESSION

    def keep(self, token_id: str, secret: SecretEntry) -> Kept:
        """Keep the token, in memory at worst. Never raises a `FlowError`."""
        text = msgspec.json.encode(secret).decode()
        problem: FlowError | None = None
        if self.secrets.persistent:
            lasting = msgspec.structs.replace(secret, access_token="") if secret.access_token_in_memory else secret
            try:
                self.secrets.write(secret_name(token_id), msgspec.json.encode(lasting).decode())
            except FlowError as error:
                problem = error
            else:
                if secret.access_token_in_memory:
                    self._session.write(secret_name(token_id), text)
                else:
                    self._session.delete(secret_name(token_id))
                return Kept(KEPT_IN_KEYRING, keyring_unsure=False, problem=None)
        self._session.write(secret_name(token_id), text)
        return Kept(KEPT_IN_SESSION, isinstance(problem, KeyringTimedOut | KeyringFailed), problem)

    def in_session(self, token_id: str) -> SecretEntry | None:
        """Return the token that this process holds in memory."""
        text = self._session.read(secret_name(token_id))
        return None if text is None else read_secret_entry(text)

    def in_keyring(self, token_id: str) -> SecretEntry | None:
        """Return the token that the keyring holds; None where there is none, or no keyring.

        Raises a `KeyringError`, or `TokenSecretUnreadable`.
        """
        text = self.secrets.read(secret_name(token_id)) if self.secrets.persistent else None
        if text is None:
            return None
        secret = read_secret_entry(text)
        if secret is None:
            raise TokenSecretUnreadable(token_id=token_id)
        return secret

    def get(self, entry: JournalEntry) -> SecretEntry:
        """Return the token, which is for whom it was issued by and for nobody that its file may name by now.

        Raises a `KeyringError`, `TokenSecretMissing`, `TokenSecretUnreadable` or `TokenEntryAltered`.
        """
        secret = self.in_session(entry.token_id)
        if secret is None and entry.kept == KEPT_IN_KEYRING:
            self._need_keyring(entry)
            secret = self.in_keyring(entry.token_id)
        if secret is None:
            raise TokenSecretMissing(token_id=entry.token_id)
        altered = [name for name in _SAYS_WHERE_TO if getattr(entry, name) != getattr(secret, name)]
        if altered:
            raise TokenEntryAltered(token_id=entry.token_id, fields=", ".join(altered))
        return secret

    def wipe(self, entry: JournalEntry) -> None:
        """Wipe the token wherever it may be. Raises a `KeyringError`; then nothing was wiped."""
        if entry.kept == KEPT_IN_KEYRING or entry.keyring_unsure:
            self._need_keyring(entry)
            self.secrets.delete(secret_name(entry.token_id))
        self._session.delete(secret_name(entry.token_id))

    def _need_keyring(self, entry: JournalEntry) -> None:
        if not self.secrets.persistent and (entry.kept == KEPT_IN_KEYRING or entry.keyring_unsure):
            raise KeyringOutOfReach
