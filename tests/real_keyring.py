"""A real GNOME Keyring of its own for tests, and none at all for every other test.

The plugin starts a session bus and a keyring daemon in a temporary folder and stops both at the end. Where they are
not installed, its tests are skipped; with APP_CENTER_FLOW_REAL_PARTS=required they fail instead.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.real_parts import real_parts_required, skip_without

if TYPE_CHECKING:
    from collections.abc import Iterator

START_LIMIT_S = 20.0

_BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir={folder}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@dataclass(frozen=True)
class RealKeyring:
    """A running daemon, reached through DBUS_SESSION_BUS_ADDRESS."""

    address: str
    daemon: subprocess.Popen[bytes]

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Keep the daemon from answering anything."""
        self.daemon.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.daemon.send_signal(signal.SIGCONT)


@pytest.fixture(autouse=True, scope="session")
def _no_session_bus() -> Iterator[None]:
    with _environment("DBUS_SESSION_BUS_ADDRESS", "disabled:"):
        yield


@pytest.fixture(scope="session")
def _unlocked_daemon() -> Iterator[RealKeyring]:
    with running_keyring() as keyring:
        yield keyring


@pytest.fixture
def gnome_keyring(_unlocked_daemon: RealKeyring) -> Iterator[RealKeyring]:
    """Give an unlocked GNOME Keyring, on the session bus for as long as the test runs."""
    with _environment("DBUS_SESSION_BUS_ADDRESS", _unlocked_daemon.address):
        yield _unlocked_daemon


@pytest.fixture
def real_keyring(request: pytest.FixtureRequest) -> None:
    """Make the keyring of this platform usable: one of its own on Linux; elsewhere the user's, if CI asks for it."""
    if sys.platform not in {"win32", "darwin"}:
        request.getfixturevalue("gnome_keyring")
    elif not real_parts_required():
        pytest.skip("the user's own keyring is left alone unless real parts are required")


@pytest.fixture
def locked_keyring() -> Iterator[RealKeyring]:
    """Give a GNOME Keyring whose collection is locked; nobody shows its prompt, so unlocking is refused at once."""
    with running_keyring() as keyring, _environment("DBUS_SESSION_BUS_ADDRESS", keyring.address):
        _lock_default_collection()
        yield keyring


@pytest.fixture
def unseen_prompt(locked_keyring: RealKeyring) -> Iterator[RealKeyring]:
    """Give a locked GNOME Keyring whose prompt is taken by a program that never shows it: a call blocks for ever."""
    blocking = import_module("jeepney.io.blocking")
    with closing(blocking.open_dbus_connection()) as connection:
        bus = blocking.Proxy(import_module("jeepney").message_bus, connection)
        bus.RequestName("org.gnome.keyring.SystemPrompter")
        yield locked_keyring


@contextmanager
def running_keyring() -> Iterator[RealKeyring]:
    if sys.platform in {"win32", "darwin"}:
        pytest.skip("GNOME Keyring is for Linux")
    for program in ("dbus-daemon", "gnome-keyring-daemon"):
        if shutil.which(program) is None:
            skip_without(program)
    with ExitStack() as stack:
        # A short path: names of sockets are limited to about 100 bytes.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="keyring-", ignore_cleanup_errors=True)))
        stack.callback(_let_calls_end)
        bus = stack.enter_context(_process(*_bus_command(folder), environment=dict(os.environ)))
        address = _first_line(bus)
        daemon = stack.enter_context(
            _process(
                "gnome-keyring-daemon",
                "--unlock",
                "--foreground",
                "--components=secrets",
                f"--control-directory={folder}/control",
                environment=_private_environment(folder, address),
            )
        )
        assert daemon.stdin is not None
        daemon.stdin.write(b"password of the test keyring")
        daemon.stdin.close()
        with _environment("DBUS_SESSION_BUS_ADDRESS", address):
            _wait_for_service(daemon)
        yield RealKeyring(address, daemon)


def _bus_command(folder: Path) -> list[str]:
    config = folder / "bus.conf"
    config.write_text(_BUS_CONFIG.format(folder=folder))
    return ["dbus-daemon", f"--config-file={config}", "--nofork", "--nopidfile", "--print-address=1"]


def _private_environment(folder: Path, address: str) -> dict[str, str]:
    own = {name: str(folder / name.lower()) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    return {
        **os.environ,
        **own,
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(folder),
        "DBUS_SESSION_BUS_ADDRESS": address,
    }


@contextmanager
def _process(*command: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()


def _first_line(process: subprocess.Popen[bytes]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline().decode().strip()
    if not line:
        pytest.fail("dbus-daemon did not start")
    return line


def _wait_for_service(daemon: subprocess.Popen[bytes]) -> None:
    secretstorage = import_module("secretstorage")  # on Linux only

    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline and daemon.poll() is None:
        with closing(secretstorage.dbus_init()) as connection:
            if secretstorage.check_service_availability(connection):
                return
    pytest.fail("gnome-keyring-daemon did not start")


def _lock_default_collection() -> None:
    secretstorage = import_module("secretstorage")  # on Linux only

    with closing(secretstorage.dbus_init()) as connection:
        secretstorage.get_default_collection(connection).lock()


def _let_calls_end() -> None:
    """Wait for calls that were given up: without the bus they come back and leave their sockets behind."""
    for thread in threading.enumerate():
        if thread.name.startswith("keyring "):
            thread.join(5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
