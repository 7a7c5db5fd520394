"""Which backend of `keyring` is used: chosen by name, never by `keyring`'s own automatic choice.

That choice obeys PYTHON_KEYRING_BACKEND and a configuration file, and where a bundle lost its metadata it silently
becomes a backend that fails (seen in a bundle without its entry points).
"""

from __future__ import annotations

from importlib import import_module
from typing import Protocol

from gui.store.errors import KeyringAbsent, KeyringBackendRefused


class Backend(Protocol):
    """What this program needs of a backend of `keyring`."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return the secret, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep the secret."""

    def delete_password(self, service: str, username: str) -> None:
        """Wipe the secret; raise keyring's `PasswordDeleteError` where there is none."""


DESCRIPTIONS = {
    "WinVaultKeyring": "Windows Credential Locker",
    "keyring.backends.macOS": "macOS Keychain",
    "AbandonableSecretService": "GNOME Keyring / Secret Service",
    "DBusKeyring": "KWallet",
}

_UNSAFE_MODULES = ("keyring.backends.fail", "keyring.backends.null", "keyring.backends.chainer", "keyrings.alt")


def choose_backend(platform: str) -> Backend:
    """Return the system's keyring, unproven. `platform` is spelled as `sys.platform`.

    Raises `KeyringAbsent` where there is none, and whatever a backend raises when it is looked for.
    """
    if platform == "win32":
        return _new("keyring.backends.Windows", "WinVaultKeyring")
    if platform == "darwin":
        return _new("keyring.backends.macOS", "Keyring")
    return _choose_on_linux()


def _choose_on_linux() -> Backend:
    # secretstorage is installed on Linux only.
    from gui.store.secret_service import AbandonableSecretService, secret_service_runs  # noqa: PLC0415  # see above

    if secret_service_runs():
        return AbandonableSecretService()
    kwallet = import_module("keyring.backends.kwallet").DBusKeyring
    if not kwallet.viable:
        raise KeyringAbsent(reason="neither a Secret Service nor KWallet on the session bus")
    chosen: Backend = kwallet()
    return chosen


def _new(module: str, name: str) -> Backend:
    # Imported by name: keyring's macOS module searches for libraries in subprocesses when it is imported elsewhere.
    backend_class = getattr(import_module(module), name)
    if not backend_class.viable:
        raise KeyringAbsent(reason="the system's keyring interface cannot be loaded")
    chosen: Backend = backend_class()
    return chosen


def refuse_unsafe(backend: object) -> None:
    """Raise `KeyringBackendRefused` for a backend that keeps nothing or keeps it readable; a chainer of such, too."""
    for ancestor in type(backend).__mro__:
        unsafe_module = ancestor.__module__.startswith(_UNSAFE_MODULES)
        if ancestor.__module__ == "keyring.backends.chainer" and ancestor.__name__ == "ChainerBackend":
            links = list(getattr(backend, "backends", ()))
            for link in links:
                refuse_unsafe(link)
            unsafe_module = not links
        if unsafe_module or "plaintext" in ancestor.__name__.lower():
            raise KeyringBackendRefused(backend=backend_label(backend))


def backend_label(backend: object) -> str:
    """Return module and class of a backend."""
    return f"{type(backend).__module__}.{type(backend).__name__}"


def describe(backend: object) -> str:
    """Return the words for the user."""
    kind = type(backend)
    return DESCRIPTIONS.get(kind.__name__) or DESCRIPTIONS.get(kind.__module__) or backend_label(backend)
