"""The system's keyring as a secret store: every call limited in time, every failure typed.

Importing this module imports `keyring`: leave that to `gui.store.secrets.open_secret_store`.
"""

from __future__ import annotations

import secrets as random_secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from keyring.errors import PasswordDeleteError

from gui.concur.errors import FlowError
from gui.store.call_lane import Busy, CallLane, Raised, TimedOut
from gui.store.errors import (
    KeyringAbsent,
    KeyringBusy,
    KeyringDenied,
    KeyringFailed,
    KeyringLocked,
    KeyringTimedOut,
    SecretTooLarge,
)
from gui.store.keyring_choice import Backend, backend_label, choose_backend, describe, refuse_unsafe
from gui.store.keyring_faults import translate
from gui.store.secrets import SERVICE_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

SECRET_LIMIT_BYTES = 2560
"""CRED_MAX_CREDENTIAL_BLOB_SIZE of Windows, which stores UTF-16 (concur-wire.md 4)."""

_WIPE_ATTEMPTS = 5
"""The Secret Service may hold several entries of one name, written by other programs; a wipe takes one at a time."""


class KeyringSecretStore:
    """Secrets in the system's keyring, under the service name "App Center Flow".

    A write that was reported as timed out may still land: the request was on its way. It is left to land, since it is
    what the user asked for and cannot be called back; the next read tells what is true. Nothing can overtake it:
    until it has come back, every other call raises `KeyringBusy` at once.
    """

    persistent = True

    def __init__(self, backend: Backend, call_limit_s: float = 10.0) -> None:
        self._backend = backend
        self._lane = CallLane(call_limit_s)
        # The Credential Locker keeps one entry for a service name and moves it aside for a second user name, in three
        # steps: two processes that write at the same time lose one of the secrets. A service name for each entry
        # never gets there.
        self._one_entry_per_service = type(backend).__name__ == "WinVaultKeyring"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.backend_name})"

    @property
    def description(self) -> str:
        """Where the secrets are, in words for the user."""
        return describe(self._backend)

    @property
    def backend_name(self) -> str:
        """Class name of the backend, for reports."""
        return type(self._backend).__name__

    def read(self, name: str) -> str | None:
        """Return the secret, or None. Raises a `KeyringError`."""
        return self._call("read", lambda: self._backend.get_password(self._service(name), name))

    def write(self, name: str, secret: str) -> None:
        """Keep the secret. Raises `SecretTooLarge` before anything is sent, or another `KeyringError`."""
        size = len(secret.encode("utf-16-le", "surrogatepass"))
        if size > SECRET_LIMIT_BYTES:
            raise SecretTooLarge(limit_bytes=SECRET_LIMIT_BYTES, size_bytes=size)
        self._call("write", lambda: self._backend.set_password(self._service(name), name, secret))

    def delete(self, name: str) -> None:
        """Wipe the secret and see that it is gone. Raises a `KeyringError`; then it may still be there."""
        if not self._call("delete", lambda: self._wipe(name)):
            raise KeyringDenied(backend=self.backend_name, operation="delete")

    def _wipe(self, name: str) -> bool:
        service = self._service(name)
        for _ in range(_WIPE_ATTEMPTS):
            if self._backend.get_password(service, name) is None:
                return True
            try:
                self._backend.delete_password(service, name)
            except PasswordDeleteError as refused:
                # keyring says the same of an entry that is gone and of one that may not be deleted.
                if self._backend.get_password(service, name) is None:
                    return True
                if refused.__cause__ is not None:
                    raise
                return False
        return self._backend.get_password(service, name) is None

    def _service(self, name: str) -> str:
        return f"{SERVICE_NAME}/{name}" if self._one_entry_per_service else SERVICE_NAME

    def _call(self, operation: str, call: Callable[[], T]) -> T:
        return limited_call(self._lane, self._backend, operation, call)


def limited_call(lane: CallLane, backend: object, operation: str, call: Callable[[], T]) -> T:
    """Run one call of a backend in the lane and raise what became of it as one of our errors.

    Nothing is raised inside an `except`: the library's exception would cling to ours, with a secret in it perhaps.
    """
    outcome = lane.run(operation, call)
    label = type(backend).__name__
    if isinstance(outcome, Busy):
        raise KeyringBusy(backend=label, operation=operation, busy_with=outcome.busy_with)
    if isinstance(outcome, TimedOut):
        waits_for_unlock = getattr(backend, "unlocking", False)
        abandon = getattr(backend, "abandon", None)
        if abandon is not None:
            abandon()
        if waits_for_unlock:
            raise KeyringLocked(backend=label, operation=operation)
        raise KeyringTimedOut(backend=label, operation=operation, limit_s=lane.limit_s)
    if isinstance(outcome, Raised):
        raise translate(outcome.failure, label, operation)
    return outcome.value


@dataclass(frozen=True, slots=True)
class FoundKeyring:
    """The backend for this system, or why there is none."""

    backend: Backend | None
    problem: FlowError | None


def find_keyring(platform: str, limit_s: float) -> FoundKeyring:
    """Look for the system's keyring; a session bus that does not answer costs no more than `limit_s` seconds."""
    problem: FlowError
    try:
        return FoundKeyring(limited_call(CallLane(limit_s), None, "find", lambda: choose_backend(platform)), None)
    except KeyringFailed:
        problem = KeyringAbsent(reason="the system's keyring cannot be reached")
    except FlowError as error:
        problem = error
    return FoundKeyring(None, problem)


@dataclass(frozen=True, slots=True)
class KeyringProbe:
    """What a round trip through the keyring showed: a store that works, or why there is none."""

    store: KeyringSecretStore | None
    problem: FlowError | None
    duration_ms: float


def probe_keyring(backend: Backend | None, limit_s: float = 10.0) -> KeyringProbe:
    """Write, read back and wipe a random entry. The store that comes back has the same time limit for each call."""
    started = time.monotonic()
    problem: FlowError | None = None
    store = None
    try:
        store = _proven(backend, limit_s)
    except FlowError as error:
        problem = error
    return KeyringProbe(store, problem, (time.monotonic() - started) * 1000)


def _proven(backend: Backend | None, limit_s: float) -> KeyringSecretStore:
    if backend is None:
        raise KeyringAbsent(reason="no keyring was found")
    refuse_unsafe(backend)
    store = KeyringSecretStore(backend, limit_s)
    name = f"probe/{random_secrets.token_hex(8)}"
    value = random_secrets.token_hex(16)
    store.write(name, value)
    try:
        kept = store.read(name) == value
    except FlowError:
        with suppress(FlowError):
            store.delete(name)
        raise
    store.delete(name)
    if not kept:
        raise KeyringFailed(backend=backend_label(backend), operation="read back", cause="another value came back")
    return store
