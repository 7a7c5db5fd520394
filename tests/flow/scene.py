"""A flow with everything it needs, over real HTTP: the sandbox, the journal, the way out, and faults to put in."""

from __future__ import annotations

import os
import socket
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from gui.commands.workplace import Workplace
from gui.concur.models import Application
from gui.concur.redaction import Redactor
from gui.concur.transport import Transport, WireLimits
from gui.flow.connection import Connection, contract_named
from gui.flow.log_file import log_exchange, open_log
from gui.flow.timeline import Timeline
from gui.sandbox.records import DEFAULT_USERS, RegisteredApp
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from gui.store.folders import HOME_VARIABLE, find_folders
from gui.store.issued_tokens import IssuedTokens
from gui.store.secrets import OpenedStore
from tests.flow.contracts import LEGACY_KIT, Kit
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator, Sequence
    from typing import Self

    from gui.concur.models import RequestToken
    from gui.sandbox.records import User
    from gui.sandbox.tokens import TokenSource
    from gui.store.issued_entry import ProcessMark
    from gui.store.secrets import SecretStore

ROOT = Path(__file__).resolve().parents[2]
KEY = "VDV5Y532NafCanaryKey12"
SECRET = "canary9consumer9secret9AbCdEf012"
REDIRECT_URL = "http://localhost:8765/redirect"
QUICK = WireLimits(connect_s=3.0, silence_s=0.4, whole_s=0.8, answer_bytes=1024 * 1024)
"""Long enough for a sandbox on the same machine, short enough for tests of what never comes."""


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Scene:
    """One sandbox and one program that talks to it."""

    concur: SimulatedConcur
    workplace: Workplace
    secrets: SecretStore
    kit: Kit = field(default=LEGACY_KIT)

    @property
    def tokens(self) -> IssuedTokens:
        return self.workplace.tokens

    @property
    def transport(self) -> Transport:
        return self.workplace.transport

    def application(self, base_url: str | None = None) -> Application:
        return Application(base_url or self.concur.base_url, KEY, SECRET, REDIRECT_URL, self.kit.scopes)

    def connection(self, base_url: str | None = None, purpose: str = "window") -> Connection:
        return Connection(
            profile_id="0123456789abcdef0123456789abcdef",
            profile_name="Acme",
            purpose=purpose,
            application=self.application(base_url),
            contract=contract_named(self.kit.name),
            transport=self.transport,
            tokens=self.tokens,
        )

    def request_token(self, user: str | None = None) -> RequestToken:
        return self.kit.request_token(self.concur, user)

    def journal_of_another_process(self, mark: ProcessMark) -> IssuedTokens:
        return IssuedTokens(self.workplace.folders.state / "issued", self.secrets, utc_now, mark)

    def live_at_concur(self) -> set[str]:
        return self.kit.live(self.concur)

    def listed(self) -> set[str]:
        """What the journal can hand out, and so revoke: of the same kind as what is live."""
        return self.kit.listed(self.tokens)

    def unaccounted(self) -> set[str]:
        """What lives and is neither listed nor possibly meant by a note of an exchange with an unknown end."""
        return self.kit.unaccounted(self.tokens, self.concur)


@contextmanager
def scene(
    home: Path,
    *,
    secrets: SecretStore | None = None,
    settings: SandboxSettings | None = None,
    token_source: TokenSource | None = None,
    users: Sequence[User] = DEFAULT_USERS,
    limits: WireLimits = QUICK,
    kit: Kit = LEGACY_KIT,
) -> Iterator[Scene]:
    app = RegisteredApp(KEY, SECRET, redirect_url=None)
    kept = secrets or FakeSecrets()
    with SimulatedConcur(settings or SandboxSettings(), app, tokens=token_source, users=users) as concur:
        folders = find_folders({HOME_VARIABLE: str(home)})
        redactor = Redactor()
        with open_log(folders.log, redactor) as log:
            yield Scene(concur, _workplace(folders, redactor, log, kept, limits), kept, kit)


def _workplace(
    folders: object, redactor: Redactor, log: logging.Logger, secrets: SecretStore, limits: WireLimits
) -> Workplace:
    timeline = Timeline()
    timeline.on_add(lambda exchange: log_exchange(log, exchange))
    return Workplace(
        folders=folders,  # type: ignore[arg-type]  # find_folders's own
        redactor=redactor,
        timeline=timeline,
        transport=Transport(record=timeline.add, redactor=redactor, limits=limits),
        keyring=OpenedStore(secrets, None),
        tokens=IssuedTokens(folders.state / "issued", secrets, utc_now),  # type: ignore[attr-defined]  # the same
        log=log,
    )


class RawServer:
    """Answers every connection with the same bytes, then ends it as told: what the sandbox's table cannot do."""

    def __init__(self, answer: bytes, *, reset: bool = False, hold: bool = False) -> None:
        self._answer = answer
        self._reset = reset
        self._hold = hold
        self._let_go = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, name="raw-server")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_details: object) -> None:
        self._let_go.set()
        # A connection of our own wakes accept() on every system.
        with socket.create_connection(self._listener.getsockname()):
            self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            connection, _address = self._listener.accept()
            with connection:
                if self._let_go.is_set():
                    return
                self._answer_one(connection)

    def _answer_one(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        request = b""
        while b"\r\n\r\n" not in request:
            piece = connection.recv(4096)
            if not piece:
                return
            request += piece
        self.requests.append(request)
        connection.sendall(self._answer)
        if self._hold:
            self._let_go.wait(10)
        if self._reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def environment(home: Path, **more: str) -> dict[str, str]:
    """For subprocesses: the folder to use, no screen, whatever bus the test has."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "APP_CENTER_FLOW_CONSUMER_SECRET"}
        and not name.lower().endswith("_proxy")
    }
    return {**kept, HOME_VARIABLE: str(home), "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": "error", **more}


def command(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "main.py"), *arguments]
