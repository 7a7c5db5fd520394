"""Whom the transport trusts, and what an encrypted connection can do to it."""

from __future__ import annotations

import ssl
import threading
import time
from typing import TYPE_CHECKING

import pytest

from gui.concur.cancellation import Cancellation
from gui.concur.errors import (
    AnswerCutOff,
    AnswerTimedOut,
    CertificateFileMissing,
    ConnectTimedOut,
    RequestCancelled,
    TlsFailed,
    WireError,
)
from gui.concur.transport import WireLimits
from gui.messages import message_for
from tests.flow.canaries import ACCESS_TOKEN, DOCUMENT, secrets_in, words_of
from tests.flow.conftest import server_tls
from tests.flow.scripted_server import ScriptedServer, Talk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import trustme

    from tests.flow.conftest import Wire


def answer_document(talk: Talk) -> None:
    talk.answer(DOCUMENT)


@pytest.fixture
def own_ca(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "own-ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def fails_tls(wire: Wire, base_url: str) -> TlsFailed:
    with pytest.raises(TlsFailed) as caught:
        wire.exchange(base_url)
    assert [record.failure for record in wire.records] == ["TlsFailed"]
    assert not wire.records[0].sent
    assert secrets_in(words_of(caught.value)) == []
    return caught.value


def test_unknown_authority(wire: Wire, authority: trustme.CA) -> None:
    with ScriptedServer(answer_document, tls=server_tls(authority, "127.0.0.1")) as server:
        error = fails_tls(wire, server.base_url)
    assert "certificate" in error.reason
    assert server.requests == []


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_own_authority_is_honoured(
    wire: Wire, authority: trustme.CA, own_ca: str, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, own_ca)
    with ScriptedServer(answer_document, tls=server_tls(authority, "127.0.0.1")) as server:
        assert wire.exchange(server.base_url).token == ACCESS_TOKEN


def test_refused_after_the_request_went_out_is_no_failed_handshake(
    wire: Wire, authority: trustme.CA, own_ca: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With TLS 1.3 the client is through before the server looks for its certificate: the secret may have arrived."""
    monkeypatch.setenv("SSL_CERT_FILE", own_ca)
    demanding = server_tls(authority, "127.0.0.1")
    demanding.minimum_version = ssl.TLSVersion.TLSv1_3
    demanding.verify_mode = ssl.CERT_REQUIRED
    with ScriptedServer(answer_document, tls=demanding) as server, pytest.raises(AnswerCutOff):
        wire.exchange(server.base_url)
    assert wire.records[0].sent


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_wrong_host_name(
    wire: Wire, authority: trustme.CA, own_ca: str, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, own_ca)
    with ScriptedServer(answer_document, tls=server_tls(authority, "concur.example")) as server:
        error = fails_tls(wire, server.base_url)
    assert "mismatch" in error.reason or "doesn't match" in error.reason
    assert server.requests in ([], [b""])


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_own_authority_file_is_missing(
    wire: Wire, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "gone.pem"))
    with (
        ScriptedServer(answer_document, tls=server_tls(authority, "127.0.0.1")) as server,
        pytest.raises(CertificateFileMissing) as caught,
    ):
        wire.exchange(server.base_url)
    assert server.connections == 0
    assert caught.value.variable == variable
    message = message_for(caught.value)
    assert variable in message.advice
    assert "listening in" not in message.advice


def test_missing_authority_file_is_no_matter_without_tls(
    wire: Wire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "gone.pem"))
    with ScriptedServer(answer_document) as server:
        assert wire.exchange(server.base_url).token == ACCESS_TOKEN


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
def test_own_authority_file_is_rubbish(
    wire: Wire, authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    path = tmp_path / "rubbish.pem"
    path.write_text("no certificate")
    monkeypatch.setenv(variable, str(path))
    with ScriptedServer(answer_document, tls=server_tls(authority, "127.0.0.1")) as server:
        fails_tls(wire, server.base_url)


def test_plain_http_on_the_tls_port(wire: Wire) -> None:
    def plain(talk: Talk) -> None:
        talk.sock.recv(65536)
        talk.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with ScriptedServer(plain) as server:
        fails_tls(wire, server.base_url.replace("http://", "https://"))


def test_handshake_ends_with_the_connection(wire: Wire) -> None:
    def reset(talk: Talk) -> None:
        talk.sock.recv(65536)
        talk.reset()

    with ScriptedServer(reset) as server, pytest.raises(WireError) as caught:
        wire.exchange(server.base_url.replace("http://", "https://"))
    assert len(wire.records) == 1
    assert secrets_in(words_of(caught.value)) == []


def hang(talk: Talk) -> None:
    talk.hang()


# These wait for the client's hello: a socket that breaks between connect and hello is one that CPython's ssl module
# leaves to the garbage collection, with a ResourceWarning in whatever test runs then.


def hang_after_hello(talk: Talk) -> None:
    talk.request = talk.sock.recv(65536)
    talk.greeted.set()
    talk.hang()


def drip_handshake(talk: Talk) -> None:
    talk.request = talk.sock.recv(65536)
    talk.greeted.set()
    # The head of one long record: TLS waits for all of it.
    talk.send(b"\x16\x03\x03\x40\x00")
    talk.drip(b"\x02")


def test_handshake_that_is_never_answered(wire: Wire) -> None:
    wire.limits = WireLimits(connect_s=0.3, silence_s=5, whole_s=10)
    with ScriptedServer(hang) as server, pytest.raises(ConnectTimedOut) as caught:
        wire.exchange(server.base_url.replace("http://", "https://"))
    assert caught.value.limit_s == 0.3
    assert wire.records[0].failure == "ConnectTimedOut"


def test_handshake_that_drips_ends_at_the_deadline(wire: Wire) -> None:
    wire.limits = WireLimits(connect_s=5, silence_s=5, whole_s=0.7)
    started = time.monotonic()
    with ScriptedServer(drip_handshake) as server:
        with pytest.raises(AnswerTimedOut):
            wire.exchange(server.base_url.replace("http://", "https://"))
        took = time.monotonic() - started
    assert took < 3


@pytest.mark.parametrize(
    "script", [pytest.param(hang_after_hello, id="silent"), pytest.param(drip_handshake, id="dripping")]
)
def test_handshake_can_be_cancelled(wire: Wire, script: Callable[[Talk], None]) -> None:
    wire.limits = WireLimits(connect_s=20, silence_s=20, whole_s=40)
    cancellation = Cancellation()
    cancelled_at: list[float] = []
    with ScriptedServer(script) as server:

        def cancel_when_there() -> None:
            assert server.greeted.wait(10)
            cancelled_at.append(time.monotonic())
            cancellation.cancel()

        calling_off = threading.Thread(target=cancel_when_there)
        calling_off.start()
        with pytest.raises(RequestCancelled):
            wire.exchange(server.base_url.replace("http://", "https://"), cancellation)
        returned_at = time.monotonic()
        calling_off.join()
    assert returned_at - cancelled_at[0] < 2


def test_encrypted_body_can_be_cancelled(
    wire: Wire, authority: trustme.CA, own_ca: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", own_ca)
    wire.limits = WireLimits(connect_s=20, silence_s=20, whole_s=40)
    cancellation = Cancellation()
    in_body = threading.Event()

    def half(talk: Talk) -> None:
        talk.read_head()
        talk.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + DOCUMENT[:50])
        in_body.set()
        talk.hang()

    with ScriptedServer(half, tls=server_tls(authority, "127.0.0.1")) as server:

        def cancel_in_body() -> None:
            assert in_body.wait(10)
            cancellation.cancel()

        calling_off = threading.Thread(target=cancel_in_body)
        calling_off.start()
        with pytest.raises(RequestCancelled):
            wire.exchange(server.base_url, cancellation)
        calling_off.join()
    assert wire.records[0].duration_ms < 10_000


def test_environment_may_trust_and_loopback_has_no_proxy(
    wire: Wire, authority: trustme.CA, own_ca: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", own_ca)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with ScriptedServer(answer_document, tls=server_tls(authority, "localhost")) as server:
        assert wire.exchange(f"https://localhost:{server.port}").token == ACCESS_TOKEN
