"""Secret stores and keyring backends with behaviour of their own."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from keyring.errors import PasswordDeleteError

if TYPE_CHECKING:
    from gui.concur.errors import FlowError

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


def clock() -> datetime:
    return NOW


class MemoryBackend:
    """A backend that works, and forgets everything at the end."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self.calls: list[tuple[str, ...]] = []

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.entries:
            raise PasswordDeleteError
        del self.entries[service, username]


class UndeletingBackend(MemoryBackend):
    """Takes everything and lets go of nothing, as after "Cancel" in a dialog of KWallet."""

    def delete_password(self, service: str, username: str) -> None:
        self.calls.append(("delete", service, username))
        raise PasswordDeleteError


class FailingBackend(MemoryBackend):
    """Raises the same exception from every call."""

    def __init__(self, failure: BaseException) -> None:
        super().__init__()
        self.failure = failure

    def get_password(self, service: str, username: str) -> str | None:
        self.calls.append(("get", service, username))
        raise self.failure

    def set_password(self, service: str, username: str, password: str) -> None:
        self.calls.append(("set", service, username, password))
        raise self.failure


class BlockedBackend(MemoryBackend):
    """Blocks every write until it is let go, then carries it out, or fails with what is in `failure`."""

    def __init__(self) -> None:
        super().__init__()
        self.entered = threading.Semaphore(0)
        self.let_go = threading.Event()
        self.finished = threading.Event()
        self.failure: Exception | None = None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entered.release()
        assert self.let_go.wait(20)
        try:
            if self.failure is not None:
                raise self.failure
            super().set_password(service, username, password)
        finally:
            self.finished.set()


class FakeSecrets:
    """A persistent secret store whose operations can be made to fail, one by one."""

    description = "a keyring made for tests"
    backend_name = "FakeSecrets"
    persistent = True

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        self.fail_read: FlowError | None = None
        self.fail_write: FlowError | None = None
        self.fail_delete: FlowError | None = None
        self.lands_late = False
        """Whether a write that fails is carried out all the same."""
        self.reads = 0

    def read(self, name: str) -> str | None:
        self.reads += 1
        if self.fail_read is not None:
            raise self.fail_read
        return self.entries.get(name)

    def write(self, name: str, secret: str) -> None:
        if self.fail_write is None or self.lands_late:
            self.entries[name] = secret
        if self.fail_write is not None:
            raise self.fail_write

    def delete(self, name: str) -> None:
        if self.fail_delete is not None:
            raise self.fail_delete
        self.entries.pop(name, None)
