"""Whom the bundle trusts, and which way it goes: as the machine says, and not as the machine that built it says."""

from __future__ import annotations

import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest
import requests
import trustme

from tests.flow.canaries import DOCUMENT
from tests.flow.contracts import LEGACY_KIT
from tests.flow.scene import KEY, SECRET, closed_port
from tests.flow.scripted_server import ScriptedServer, Talk
from tests.flow.test_self_test import Run, detail, outcome, redirect_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.bundle.conftest import Bundle

HOST = "concur.example"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path) -> Path:
    """Give a store of certificates with the private authority in it, in both forms that OpenSSL reads."""
    folder = tmp_path / "certs"
    folder.mkdir()
    authority.cert_pem.write_to_path(str(folder / "ca-certificates.crt"))
    subprocess.run(["openssl", "rehash", str(folder)], check=True, capture_output=True)
    return folder


@pytest.fixture
def server(authority: trustme.CA) -> Iterator[ScriptedServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", HOST).configure_cert(context)
    with ScriptedServer(_answer_document, tls=context) as running:
        yield running


def _answer_document(talk: Talk) -> None:
    """Answer a document that names this very server, so that what follows is asked of nobody else."""
    host = re.search(rb"\r\nHost: ([^\r]+)", talk.read_head())
    assert host is not None
    body = DOCUMENT.replace(b"https://www.concursolutions.com/", b"https://" + host[1] + b"/")
    assert body != DOCUMENT
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: {len(body)}\r\n\r\n"
    talk.send(head.encode() + body)


def exchange(bundle: Bundle, base_url: str, env: dict[str, str], wrapper: Sequence[str] = ()) -> tuple[bool, str]:
    """Have the bundle exchange a request token there; return whether it came out well, and what it says."""
    url = f"http://localhost:{closed_port()}/redirect"
    options = ("--json", "--base-url", base_url, "--consumer-key", KEY, "--redirect-url", url)
    with subprocess.Popen(
        [*wrapper, str(bundle.program), "self-test", *options],
        env={**env, "APP_CENTER_FLOW_CONSUMER_SECRET": SECRET},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        under_way = Run(process)
        try:
            with requests.Session() as browser:
                browser.trust_env = False
                browser.get(redirect_of(under_way.sign_in_url(), code="0_made9up", state="STATE"), timeout=30)
            report = under_way.report()
        finally:
            process.kill()
            under_way._reader.join()
    return outcome(report, LEGACY_KIT)["exchange"], detail(report, LEGACY_KIT, "exchange")


@pytest.mark.parametrize(
    ("variable", "place"),
    [
        pytest.param("SSL_CERT_FILE", "ca-certificates.crt", id="file"),
        pytest.param("SSL_CERT_DIR", "", id="folder"),
        pytest.param("REQUESTS_CA_BUNDLE", "ca-certificates.crt", id="requests"),
    ],
)
def test_an_authority_that_a_setting_names_is_trusted(
    bundle: Bundle, clean: dict[str, str], server: ScriptedServer, trusted: Path, variable: str, place: str
) -> None:
    ok, told = exchange(bundle, f"https://localhost:{server.port}", {**clean, variable: str(trusted / place)})
    assert ok, told


def test_an_authority_in_the_systems_store_is_trusted(
    bundle: Bundle, clean: dict[str, str], server: ScriptedServer, trusted: Path
) -> None:
    """The store is exchanged for this one process: by a mount that no other process sees."""
    wrapper = private_mount(trusted, "/etc/ssl/certs")
    ok, told = exchange(bundle, f"https://localhost:{server.port}", clean, wrapper)
    assert ok, told


def test_a_store_elsewhere_is_found_too(
    bundle: Bundle, clean: dict[str, str], server: ScriptedServer, trusted: Path, tmp_path: Path
) -> None:
    """Fedora's place; where Debian has its own, and where the OpenSSL inside was told to look, is nothing."""
    etc = tmp_path / "etc"
    (etc / "pki" / "tls").mkdir(parents=True)
    shutil.copy(trusted / "ca-certificates.crt", etc / "pki" / "tls" / "cert.pem")
    for name in ("hosts", "nsswitch.conf", "passwd", "ld.so.cache"):
        if Path("/etc", name).exists():
            shutil.copy(Path("/etc", name), etc / name)
    ok, told = exchange(bundle, f"https://localhost:{server.port}", clean, private_mount(etc, "/etc"))
    assert ok, told


def private_mount(source: Path, target: str) -> list[str]:
    """Return the command that runs another with a folder mounted over one of the system's."""
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    unshare = ["unshare", "--mount", *as_root]
    if (
        shutil.which("unshare") is None
        or subprocess.run([*unshare, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("this machine lets nobody have mounts of their own")
    return [*unshare, "sh", "-c", f"mount --bind '{source}' '{target}' && exec \"$0\" \"$@\""]


def test_an_unknown_authority_is_refused_with_words(
    bundle: Bundle, clean: dict[str, str], server: ScriptedServer
) -> None:
    ok, told = exchange(bundle, f"https://localhost:{server.port}", clean)
    assert not ok
    assert "certificate" in told
    assert "localhost" in told
    assert all(b"GET" not in request for request in server.requests)


@dataclass
class TunnelProxy:
    """A proxy that leads every tunnel to one port of this machine."""

    port_behind: int
    asked: list[str] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._serve)]
        self._threads[0].start()
        return self

    def __exit__(self, *_details: object) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            head = b""
            while b"\r\n\r\n" not in head and (piece := client.recv(65536)):
                head += piece
            self.asked.append(head.split(b"\r\n")[0].decode())
            behind = socket.create_connection(("127.0.0.1", self.port_behind))
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            for one, other in ((client, behind), (behind, client)):
                thread = threading.Thread(target=_pour, args=(one, other))
                self._threads.append(thread)
                thread.start()


def _pour(one: socket.socket, other: socket.socket) -> None:
    with one, suppress(OSError):
        while piece := one.recv(65536):
            other.sendall(piece)
        other.shutdown(socket.SHUT_WR)


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_a_proxy_is_gone_through(
    bundle: Bundle, clean: dict[str, str], server: ScriptedServer, trusted: Path, variable: str
) -> None:
    with TunnelProxy(server.port) as proxy:
        settings = {variable: f"http://127.0.0.1:{proxy.port}", "SSL_CERT_DIR": str(trusted)}
        ok, told = exchange(bundle, f"https://{HOST}", {**clean, **settings})
    assert ok, told
    assert proxy.asked
    assert {line.split()[1] for line in proxy.asked} == {f"{HOST}:443"}


def test_a_host_that_needs_no_proxy_is_asked_directly(
    bundle: Bundle, clean: dict[str, str], server: ScriptedServer
) -> None:
    with TunnelProxy(server.port) as proxy:
        settings = {"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}", "NO_PROXY": HOST}
        ok, _told = exchange(bundle, f"https://{HOST}", {**clean, **settings})
    assert not ok  # there is no such host
    assert proxy.asked == []
