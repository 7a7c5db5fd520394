from __future__ import annotations

import errno
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from keyring import errors as keyring_errors
from keyring.backends import Windows, chainer, fail, null

from gui.concur.errors import FlowError
from gui.store.errors import (
    KeyringAbsent,
    KeyringBackendRefused,
    KeyringBusy,
    KeyringDenied,
    KeyringFailed,
    KeyringFull,
    KeyringLocked,
    KeyringTimedOut,
    SecretTooLarge,
)
from gui.store.keyring_choice import refuse_unsafe
from gui.store.keyring_store import KeyringSecretStore, probe_keyring
from gui.store.secrets import SessionSecretStore, open_secret_store
from tests.unit.store.fakes import BlockedBackend, FailingBackend, MemoryBackend, UndeletingBackend

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gui.store.keyring_choice import Backend

CANARY = "canary-7f3a-consumer-secret"


@pytest.fixture
def blocked() -> Iterator[BlockedBackend]:
    backend = BlockedBackend()
    yield backend
    backend.let_go.set()
    for thread in threading.enumerate():
        if thread.name.startswith("keyring "):
            thread.join(5)


def test_probe_of_a_working_backend() -> None:
    backend = MemoryBackend()
    probe = probe_keyring(backend, 5.0)
    assert probe.problem is None
    assert probe.store is not None
    assert backend.entries == {}


class _ForgetfulBackend(MemoryBackend):
    def get_password(self, service: str, username: str) -> str | None:
        self.calls.append(("get", service, username))
        return None


def test_probe_of_a_backend_that_keeps_nothing() -> None:
    assert isinstance(probe_keyring(_ForgetfulBackend(), 5.0).problem, KeyringFailed)


def test_probe_of_a_backend_that_lets_go_of_nothing() -> None:
    problem = probe_keyring(UndeletingBackend(), 5.0).problem
    assert isinstance(problem, KeyringDenied)
    assert problem.operation == "delete"


def test_probe_of_nothing() -> None:
    assert isinstance(probe_keyring(None).problem, KeyringAbsent)


class _PlaintextKeyring(MemoryBackend):
    pass


class _ChainOf(chainer.ChainerBackend):
    links: tuple[object, ...] = ()

    @property
    def backends(self) -> tuple[object, ...]:
        return self.links


def chain_of(*links: object) -> Any:  # noqa: ANN401  # a backend, by ways that mypy does not see
    made = _ChainOf()  # type: ignore[no-untyped-call]  # keyring's own
    made.links = links
    return made


class _Alternative(MemoryBackend):
    __module__ = "keyrings.alt.file"


@pytest.mark.parametrize(
    "backend",
    [
        pytest.param(fail.Keyring(), id="fail"),  # type: ignore[no-untyped-call]
        pytest.param(null.Keyring(), id="null"),  # type: ignore[no-untyped-call]
        pytest.param(_PlaintextKeyring(), id="plaintext"),
        pytest.param(_Alternative(), id="keyrings.alt"),
        pytest.param(chain_of(), id="chain of none"),
        pytest.param(chain_of(MemoryBackend(), null.Keyring()), id="chain with null"),  # type: ignore[no-untyped-call]
    ],
)
def test_unsafe_backends_are_refused(backend: Backend) -> None:
    assert isinstance(probe_keyring(backend, 5.0).problem, KeyringBackendRefused)


@pytest.mark.parametrize(
    "backend",
    [pytest.param(MemoryBackend(), id="single"), pytest.param(chain_of(MemoryBackend()), id="chain of safe")],
)
def test_safe_backends_are_not_refused(backend: object) -> None:
    refuse_unsafe(backend)


class _NumberedError(Exception):
    def __init__(self, winerror: int) -> None:
        super().__init__(winerror, CANARY)
        self.winerror = winerror


class _MacError(Exception):
    __module__ = "keyring.backends.macOS.api"


def mac_failure(status: int) -> Exception:
    failure = keyring_errors.KeyringLocked(CANARY)
    failure.__cause__ = _MacError(status, CANARY)
    return failure


class _DBusError(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(CANARY)
        self.name = name


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        pytest.param(keyring_errors.KeyringLocked(CANARY), KeyringLocked, id="keyring: locked"),
        pytest.param(keyring_errors.NoKeyringError(CANARY), KeyringAbsent, id="keyring: none"),
        pytest.param(keyring_errors.PasswordSetError(CANARY), KeyringFailed, id="keyring: set"),
        pytest.param(keyring_errors.InitError(CANARY), KeyringFailed, id="keyring: init"),
        pytest.param(OSError(errno.ENOSPC, CANARY), KeyringFull, id="disk full"),
        pytest.param(PermissionError(errno.EACCES, CANARY), KeyringDenied, id="permission"),
        pytest.param(ConnectionRefusedError(errno.ECONNREFUSED, CANARY), KeyringAbsent, id="bus gone"),
        pytest.param(_NumberedError(5), KeyringDenied, id="Windows: access denied"),
        pytest.param(_NumberedError(1312), KeyringAbsent, id="Windows: no logon session"),
        pytest.param(_NumberedError(1783), KeyringFull, id="Windows: over the limit"),
        pytest.param(_NumberedError(87), KeyringFailed, id="Windows: something else"),
        pytest.param(mac_failure(-128), KeyringDenied, id="macOS: cancelled, which keyring calls locked"),
        pytest.param(mac_failure(-25308), KeyringLocked, id="macOS: no interaction"),
        pytest.param(mac_failure(-34), KeyringFull, id="macOS: disk full"),
        pytest.param(_DBusError("org.freedesktop.Secret.Error.IsLocked"), KeyringLocked, id="D-Bus: locked"),
        pytest.param(_DBusError("org.freedesktop.DBus.Error.ServiceUnknown"), KeyringAbsent, id="D-Bus: no service"),
        pytest.param(UnicodeEncodeError("utf-8", CANARY, 0, 1, CANARY), KeyringFailed, id="cannot encode"),
        pytest.param(ValueError(CANARY), KeyringFailed, id="anything"),
    ],
)
def test_failures_get_their_names_and_lose_their_texts(failure: Exception, expected: type[FlowError]) -> None:
    store = KeyringSecretStore(FailingBackend(failure), 5.0)
    with pytest.raises(FlowError) as raised:
        store.write("name", CANARY)
    assert type(raised.value) is expected
    assert CANARY not in repr(raised.value)
    assert CANARY not in str(raised.value)
    assert raised.value.__context__ is None
    assert raised.value.__cause__ is None


def test_a_secret_that_is_too_large_is_never_sent() -> None:
    backend = MemoryBackend()
    with pytest.raises(SecretTooLarge) as refused:
        KeyringSecretStore(backend).write("name", "x" * 1281)
    assert (refused.value.limit_bytes, refused.value.size_bytes) == (2560, 2562)
    assert backend.entries == {}


def test_deleting_what_is_not_there_is_fine() -> None:
    KeyringSecretStore(MemoryBackend()).delete("name")


def test_a_denied_delete_is_no_success() -> None:
    backend = UndeletingBackend()
    store = KeyringSecretStore(backend)
    store.write("name", "secret")
    with pytest.raises(KeyringDenied) as denied:
        store.delete("name")
    assert denied.value.operation == "delete"
    assert store.read("name") == "secret"


def test_a_slow_keyring_is_given_up_and_the_rest_turned_away(blocked: BlockedBackend) -> None:
    store = KeyringSecretStore(blocked, 0.1)
    with pytest.raises(KeyringTimedOut) as timed_out:
        store.write("name", CANARY)
    assert (timed_out.value.operation, timed_out.value.limit_s) == ("write", 0.1)
    before = threading.active_count()
    for _ in range(20):
        with pytest.raises(KeyringBusy) as busy:
            store.read("name")
        assert (busy.value.operation, busy.value.busy_with) == ("read", "write")
    assert threading.active_count() == before
    assert CANARY not in repr(timed_out.value)


def test_a_late_write_lands_and_the_lane_is_free_again(blocked: BlockedBackend) -> None:
    store = KeyringSecretStore(blocked, 0.5)
    with pytest.raises(KeyringTimedOut):
        store.write("name", "late")
    blocked.let_go.set()
    assert blocked.finished.wait(5)
    wait_for_keyring_threads()
    assert store.read("name") == "late"


def test_a_late_failure_makes_no_noise(blocked: BlockedBackend, capfd: pytest.CaptureFixture[str]) -> None:
    store = KeyringSecretStore(blocked, 0.1)
    blocked.failure = keyring_errors.PasswordSetError(CANARY)
    with pytest.raises(KeyringTimedOut):
        store.write("name", CANARY)
    blocked.let_go.set()
    wait_for_keyring_threads()
    assert capfd.readouterr() == ("", "")
    assert store.read("name") is None


def wait_for_keyring_threads() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("keyring "):
            thread.join(5)


def test_calls_from_two_threads_wait_for_each_other(blocked: BlockedBackend) -> None:
    store = KeyringSecretStore(blocked, 10.0)
    writers = [threading.Thread(target=store.write, args=(f"name {n}", "x")) for n in range(2)]
    for writer in writers:
        writer.start()
    assert blocked.entered.acquire(timeout=5)
    assert not blocked.entered.acquire(timeout=0.05)
    blocked.let_go.set()
    for writer in writers:
        writer.join(5)
    assert len(blocked.entries) == 2


class _CredentialLocker:
    """win32cred as far as keyring uses it: one credential for a target name."""

    CRED_TYPE_GENERIC = 1
    CRED_PERSIST_ENTERPRISE = 3

    class NotFoundError(Exception):
        winerror = 1168

        def __init__(self, funcname: str) -> None:
            super().__init__(funcname)
            self.funcname = funcname

    error = NotFoundError

    def __init__(self) -> None:
        self.targets: dict[str, dict[str, Any]] = {}

    def CredRead(self, *, Type: int, TargetName: str) -> dict[str, Any]:  # noqa: N802, N803  # Windows' own names
        assert Type == self.CRED_TYPE_GENERIC
        if TargetName not in self.targets:
            raise self.NotFoundError("CredRead")
        return self.targets[TargetName]

    def CredWrite(self, credential: dict[str, Any], flags: int) -> None:  # noqa: N802  # Windows' own name
        assert flags == 0
        blob = credential["CredentialBlob"].encode("utf-16-le")
        self.targets[credential["TargetName"]] = {**credential, "CredentialBlob": blob}

    def CredDelete(self, *, Type: int, TargetName: str) -> None:  # noqa: N802, N803  # Windows' own names
        assert Type == self.CRED_TYPE_GENERIC
        del self.targets[TargetName]


def test_windows_entries_never_share_a_target(monkeypatch: pytest.MonkeyPatch) -> None:
    locker = _CredentialLocker()
    monkeypatch.setattr(Windows, "win32cred", locker, raising=False)
    monkeypatch.setattr(Windows, "pywintypes", locker, raising=False)
    store = KeyringSecretStore(Windows.WinVaultKeyring())  # type: ignore[no-untyped-call]  # keyring's own
    assert store.description == "Windows Credential Locker"
    for name in ("token/a", "token/b", "token/a"):
        store.write(name, f"secret of {name}")
    # keyring moves what is written over to a name of its own, which the delete takes along
    assert sorted(locker.targets) == [
        "App Center Flow/token/a",
        "App Center Flow/token/b",
        "token/a@App Center Flow/token/a",
    ]
    assert store.read("token/a") == "secret of token/a"
    store.delete("token/a")
    assert store.read("token/a") is None
    assert list(locker.targets) == ["App Center Flow/token/b"]


@pytest.mark.parametrize("address", ["disabled:", "unix:path=/nowhere/at/all", ""])
def test_without_a_session_bus(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    opened = open_secret_store(5.0, "linux")
    assert isinstance(opened.problem, KeyringAbsent)
    assert isinstance(opened.store, SessionSecretStore)
    assert not opened.store.persistent


def test_no_session_bus_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    assert isinstance(open_secret_store(5.0, "linux").problem, KeyringAbsent)


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there it is present")
@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_a_system_keyring_that_cannot_be_loaded(platform: str) -> None:
    assert isinstance(open_secret_store(20.0, platform).problem, KeyringAbsent)


def test_the_session_store_shows_nothing(tmp_path: Path) -> None:
    store = SessionSecretStore()
    store.write("name", CANARY)
    assert store.read("name") == CANARY
    assert CANARY not in repr(store)
    store.delete("name")
    store.delete("name")
    assert store.read("name") is None
    assert list(tmp_path.iterdir()) == []


def test_importing_the_store_does_not_import_keyring() -> None:
    code = (
        "import sys, gui.store.secrets, gui.store.profiles, gui.store.issued_tokens, gui.store.settings;"
        "sys.exit('keyring' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
