"""Where secrets are kept: the system's keyring, or this session's memory. Never a file.

Importing this module does not import `keyring` (28 ms with its backend): `open_secret_store` does, in the background.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from gui.concur.errors import FlowError

SERVICE_NAME = "App Center Flow"
"""What the user finds in the system's own keyring program."""

_NO_BUS = {"", "disabled:"}


class SecretStore(Protocol):
    """Secrets by name. A name is no secret; every method may raise a `KeyringError`."""

    @property
    def description(self) -> str:
        """Where the secrets are, in words for the user."""

    @property
    def backend_name(self) -> str:
        """Class name of what keeps the secrets, for reports."""

    @property
    def persistent(self) -> bool:
        """Whether the secrets are still there at the next start."""

    def read(self, name: str) -> str | None:
        """Return the secret, or None where there is none of that name."""

    def write(self, name: str, secret: str) -> None:
        """Keep the secret; it replaces an earlier one of that name."""

    def delete(self, name: str) -> None:
        """Wipe the secret. On return it is gone, whether or not it was there."""


class SessionSecretStore:
    """Secrets in memory only: gone when the process is."""

    description = "kept for this session only"
    persistent = False

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    @property
    def backend_name(self) -> str:
        """Class name of what keeps the secrets."""
        return type(self).__name__

    def read(self, name: str) -> str | None:
        """Return the secret, or None."""
        return self._secrets.get(name)

    def write(self, name: str, secret: str) -> None:
        """Keep the secret until the process ends."""
        self._secrets[name] = secret

    def delete(self, name: str) -> None:
        """Drop the secret."""
        self._secrets.pop(name, None)


@dataclass(frozen=True, slots=True)
class OpenedStore:
    """The store to use, and why it is not the keyring where it is not."""

    store: SecretStore
    problem: FlowError | None


def open_secret_store(limit_s: float = 10.0, platform: str = sys.platform) -> OpenedStore:
    """Find the system's keyring, prove it with a round trip, and fall back to memory with the reason.

    It blocks for up to `limit_s` for each of finding and proving: run it in the background. Where the keyring is
    locked the system shows its prompt for as long as that; offer to try again with a minute, which is what it takes
    a person to find and type a password.
    """
    if platform == "linux" and os.environ.get("DBUS_SESSION_BUS_ADDRESS", "") in _NO_BUS:
        # No keyring without a session bus, and so no need of keyring and cryptography, which take 9 MB.
        from gui.store.errors import KeyringAbsent  # noqa: PLC0415  # the window starts without the error types

        return OpenedStore(SessionSecretStore(), KeyringAbsent(reason="no keyring service answers in this session"))
    # keyring, its backend and cryptography cost 50 ms and more: not before the first paint.
    from gui.store.keyring_store import find_keyring, probe_keyring  # noqa: PLC0415  # see above

    found = find_keyring(platform, limit_s)
    if found.backend is None:
        return OpenedStore(SessionSecretStore(), found.problem)
    probe = probe_keyring(found.backend, limit_s)
    if probe.store is None:
        return OpenedStore(SessionSecretStore(), probe.problem)
    return OpenedStore(probe.store, None)
