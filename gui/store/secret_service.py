"""The Secret Service of Linux desktops, by way of `keyring`, with a way to give up a call that hangs.

`keyring`'s own backend waits without end for the system's prompt and leaves its connection open when it fails.
"""

from __future__ import annotations

import socket
from contextlib import closing, suppress
from typing import Protocol

import secretstorage
from keyring.backends import SecretService
from keyring.errors import KeyringLocked


class Connection(Protocol):
    """What is needed of jeepney's connection to the session bus, which comes without types."""

    sock: socket.socket

    def close(self) -> None:
        """Close it."""


class AbandonableSecretService(SecretService.Keyring):
    """The same entries as `keyring`'s own backend; only how the collection is opened differs."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring's own
        self.unlocking = False
        """Whether the call under way waits for the prompt that unlocks the keyring."""
        self._connection: Connection | None = None

    def get_preferred_collection(self) -> secretstorage.Collection:
        """Open the default collection, with the system's prompt where it is locked.

        Raises secretstorage's errors as they are, and keyring's `KeyringLocked` where the prompt was dismissed.
        """
        connection = secretstorage.dbus_init()
        self._connection = connection
        opened = False
        try:
            collection = self._open(connection)
            opened = True
        finally:
            if not opened:
                connection.close()
        return collection

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
