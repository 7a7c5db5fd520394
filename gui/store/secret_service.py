"""The Secret Service of Linux desktops, by way of `keyring`: kept open between calls, and given up when it hangs.

`keyring`'s own backend waits without end for the system's prompt, leaves its connection open when it fails, and agrees
on a new key with the service for every call. That last one takes longer than the rest of a write, and a write is what
stands between Concur's answer and a token that cannot get lost any more.
"""

from __future__ import annotations

import socket
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Protocol, TypeVar

import secretstorage
from jeepney import DBusErrorResponse  # type: ignore[import-untyped]
from keyring.backends import SecretService
from keyring.errors import KeyringLocked

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_CONNECTION_TROUBLE = (secretstorage.SecretStorageException, DBusErrorResponse, OSError)


class Connection(Protocol):
    """What is needed of jeepney's connection to the session bus, which comes without types."""

    sock: socket.socket
    close: Callable[[], None]


class AbandonableSecretService(SecretService.Keyring):
    """The same entries as `keyring`'s own backend; only how the collection is opened differs. For one thread a time."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self.unlocking = False
        """Whether the call under way waits for the prompt that unlocks the keyring."""
        self._connection: Connection | None = None
        self._close: Callable[[], None] = lambda: None
        self._kept: secretstorage.Collection | None = None

    def __del__(self) -> None:
        self._let_go()

    def get_password(self, service: str, username: str) -> str | None:
        """Return the secret, or None."""
        read = super().get_password
        secret: str | None = self._on_kept_connection(lambda: read(service, username))  # type: ignore[no-untyped-call]
        return secret

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""
        write = super().set_password
        self._on_kept_connection(lambda: write(service, username, password))  # type: ignore[no-untyped-call]

    def delete_password(self, service: str, username: str) -> None:
        """Wipe the secret."""
        wipe = super().delete_password
        self._on_kept_connection(lambda: wipe(service, username))  # type: ignore[no-untyped-call]

    def get_preferred_collection(self) -> secretstorage.Collection:
        """Return the default collection, unlocked, with the system's prompt where it is locked.

        Raises secretstorage's errors as they are, and keyring's `KeyringLocked` where the prompt was dismissed.
        """
        if self._kept is not None:
            with suppress(*_CONNECTION_TROUBLE):
                if not self._kept.is_locked():
                    return self._kept
        self._let_go()
        connection = secretstorage.dbus_init()
        self._connection, self._close = connection, connection.close
        connection.close = lambda: None  # keyring closes after every call
        try:
            self._kept = self._open(connection)
        finally:
            if self._kept is None:
                self._let_go()
        return self._kept

    def _on_kept_connection(self, call: Callable[[], T]) -> T:
        """Run a call, and once more on a new connection where a kept one turns out to be stale."""
        was_kept = self._kept is not None
        try:
            return call()
        except _CONNECTION_TROUBLE:
            self._let_go()
            if not was_kept:
                raise
        return call()

    def _let_go(self) -> None:
        self._kept = self._connection = None
        close, self._close = self._close, lambda: None
        with suppress(OSError):
            close()

    def _open(self, connection: Connection) -> secretstorage.Collection:
        collection = secretstorage.get_default_collection(connection)
        if collection.is_locked():
            self.unlocking = True
            try:
                collection.unlock()
                if collection.is_locked():
                    raise KeyringLocked
            finally:
                self.unlocking = False
        return collection

    def abandon(self) -> None:
        """Cut the connection of the call under way: its thread comes back, and the prompt goes with its client."""
        connection = self._connection
        if connection is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)


def secret_service_runs() -> bool:
    """Tell whether a Secret Service runs or can be started. Without a bus: secretstorage's errors, or OSError."""
    with closing(secretstorage.dbus_init()) as connection:
        return secretstorage.check_service_availability(connection)
