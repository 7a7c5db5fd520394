"""The consumer secrets of the profiles: in the secret store of the day, and in memory what a new one did not take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.concur.errors import FlowError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.store.secrets import SecretStore


class ConsumerSecrets:
    """Secrets by name, in a store that may be replaced while the program runs. Methods raise a `KeyringError`."""

    def __init__(self, store: SecretStore) -> None:
        self._store = store
        self._unmoved: dict[str, str] = {}
        """What was in memory and the present store did not take. It is newer than anything that store has."""

    @property
    def persistent(self) -> bool:
        """Whether the present store keeps secrets beyond this run."""
        return self._store.persistent

    def read(self, name: str) -> str | None:
        """Return the secret, or None where there is none of that name."""
        unmoved = self._unmoved.get(name)
        return self._store.read(name) if unmoved is None else unmoved

    def write(self, name: str, secret: str) -> None:
        """Keep the secret; it replaces an earlier one of that name."""
        self._store.write(name, secret)
        self._unmoved.pop(name, None)

    def delete(self, name: str) -> None:
        """Wipe the secret. On return it is gone, whether or not it was there."""
        self._store.delete(name)
        self._unmoved.pop(name, None)

    def use(self, store: SecretStore, names: Iterable[str]) -> tuple[FlowError, ...]:
        """Go on with another store and move there the secrets of these names that are only in memory.

        What it does not take stays in memory, is still read, and is moved at the next call. What a keyring holds
        stays in that keyring.
        """
        former, self._store = self._store, store
        memory = None if former.persistent or former is store else former
        problems = []
        for name in names:
            try:
                self._move(name, memory)
            except FlowError as problem:
                problems.append(problem)
        return tuple(problems)

    def _move(self, name: str, memory: SecretStore | None) -> None:
        if memory is not None:
            secret = memory.read(name)
            if secret is not None:
                self._unmoved[name] = secret
                memory.delete(name)
        if name in self._unmoved:
            self.write(name, self._unmoved[name])
