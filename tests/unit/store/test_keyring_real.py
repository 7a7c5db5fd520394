from __future__ import annotations

import sys
import threading
import time
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING

import pytest

from gui.store.errors import KeyringLocked, KeyringTimedOut, SecretTooLarge
from gui.store.issued_tokens import IssuedTokens
from gui.store.keyring_store import KeyringSecretStore, find_keyring, probe_keyring
from gui.store.secrets import SessionSecretStore, open_secret_store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real_keyring import RealKeyring

pytestmark = pytest.mark.real_part("keyring")


def keyring_store(limit_s: float = 10.0) -> KeyringSecretStore:
    found = find_keyring(sys.platform, limit_s)
    assert found.backend is not None
    return KeyringSecretStore(found.backend, limit_s)


@pytest.mark.usefixtures("real_keyring")
def test_round_trip() -> None:
    opened = open_secret_store()
    assert opened.problem is None
    store = opened.store
    assert store.persistent
    assert store.read("round trip") is None
    store.write("round trip", "first")
    store.write("round trip", "später")
    assert store.read("round trip") == "später"
    assert keyring_store().read("round trip") == "später"
    store.delete("round trip")
    assert store.read("round trip") is None
    store.delete("round trip")


@pytest.mark.usefixtures("gnome_keyring")
def test_the_probe_leaves_nothing_behind() -> None:
    secretstorage = import_module("secretstorage")

    def labels() -> list[str]:
        connection = secretstorage.dbus_init()
        try:
            return [item.get_label() for item in secretstorage.get_default_collection(connection).get_all_items()]
        finally:
            connection.close()

    before = labels()
    assert probe_keyring(find_keyring(sys.platform, 5.0).backend, 5.0).problem is None
    assert labels() == before


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("x" * 1280, id="2560 bytes of ASCII"),
        pytest.param("é" * 1280, id="2560 bytes of Latin"),
        pytest.param("𝄞" * 640, id="2560 bytes in surrogate pairs"),
        pytest.param("x", id="one character"),
        pytest.param(" +/=\"'\\%$\n", id="characters with a meaning elsewhere"),
    ],
)
@pytest.mark.usefixtures("real_keyring")
def test_what_fits_comes_back_as_it_was(secret: str) -> None:
    store = keyring_store()
    store.write("size", secret)
    assert store.read("size") == secret
    store.delete("size")


@pytest.mark.parametrize("secret", [pytest.param("x" * 1281, id="ASCII"), pytest.param("𝄞" * 641, id="pairs")])
@pytest.mark.usefixtures("real_keyring")
def test_what_windows_could_not_hold_is_refused_here_too(secret: str) -> None:
    store = keyring_store()
    with pytest.raises(SecretTooLarge) as refused:
        store.write("size", secret)
    assert refused.value.limit_bytes == 2560
    assert refused.value.size_bytes in {2562, 2564}
    assert store.read("size") is None


@pytest.mark.usefixtures("locked_keyring")
def test_locked_and_nobody_to_ask() -> None:
    opened = open_secret_store(5.0)
    assert isinstance(opened.store, SessionSecretStore)
    assert isinstance(opened.problem, KeyringLocked)


@pytest.mark.usefixtures("unseen_prompt")
def test_a_prompt_that_nobody_sees_costs_the_limit_and_no_more() -> None:
    store = keyring_store(0.5)
    started = time.monotonic()
    with pytest.raises(KeyringLocked):
        store.write("never", "kept")
    assert 0.4 < time.monotonic() - started < 3.0


@pytest.mark.usefixtures("unseen_prompt")
def test_a_given_up_prompt_leaves_no_thread_and_the_next_call_is_made() -> None:
    store = keyring_store(0.3)
    for _ in range(3):
        with pytest.raises(KeyringLocked):
            store.read("never")
        for thread in threading.enumerate():
            if thread.name.startswith("keyring "):
                thread.join(5)
                assert not thread.is_alive()


def test_a_daemon_that_does_not_answer(gnome_keyring: RealKeyring) -> None:
    store = keyring_store(0.4)
    store.write("stopped", "before")
    with gnome_keyring.stopped():
        with pytest.raises(KeyringTimedOut) as timed_out:
            store.read("stopped")
        assert timed_out.value.operation == "read"
        assert timed_out.value.limit_s == 0.4
    again = keyring_store(5.0)
    assert again.read("stopped") == "before"
    again.delete("stopped")


@pytest.mark.usefixtures("gnome_keyring")
def test_a_kept_connection_that_broke_is_replaced() -> None:
    backend = find_keyring(sys.platform, 10.0).backend
    assert isinstance(backend, import_module("gui.store.secret_service").AbandonableSecretService)
    store = KeyringSecretStore(backend)
    store.write("kept", "first")
    backend.abandon()
    assert store.read("kept") == "first"
    backend.abandon()
    store.write("kept", "second")
    assert keyring_store().read("kept") == "second"
    backend.abandon()
    store.delete("kept")
    assert keyring_store().read("kept") is None


@pytest.mark.usefixtures("gnome_keyring")
def test_the_environment_cannot_choose_another_backend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    store = open_secret_store().store
    assert store.backend_name == "AbandonableSecretService"
    assert store.description == "GNOME Keyring / Secret Service"


@pytest.mark.usefixtures("real_keyring")
def test_a_token_is_kept_in_the_keyring(tmp_path: Path) -> None:
    tokens = IssuedTokens(tmp_path, keyring_store(), lambda: datetime.now(UTC))
    note = tokens.note_exchange(
        profile_id="p", profile_name="P", contract="legacy", base_url="u", consumer_key="k", purpose="self-test"
    )
    stored = tokens.store_issued(note, access_token="a" * 28, refresh_token="r" * 31, instance_url="u", expires_at=None)
    assert stored.problems == ()
    assert stored.token.kept == "keyring"
    assert tokens.tokens_of(note.token_id).access_token == "a" * 28
    tokens.mark_revoked(note.token_id)
    assert keyring_store().read(f"token/{note.token_id}") is None
