"""The calls of the legacy contract, byte by byte on the wire, and what each answer means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.concur.errors import (
    AuthorizationRefused,
    ConcurFailed,
    ConcurRefused,
    ConnectionRefused,
    ProofUnclear,
    RevokeRoleMissing,
    RevokeUnconfirmed,
    TokenStillAccepted,
    WireError,
)
from gui.concur.legacy import LegacyContract
from gui.concur.models import LiveToken
from tests.flow.canaries import ACCESS_TOKEN, CODE, CONSUMER_SECRET, DOCUMENT, REFRESH_TOKEN, secrets_in, words_of
from tests.flow.scripted_server import ScriptedServer, Talk

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.models import Application
    from tests.flow.conftest import Wire

ERROR = b"<Error><Message>no</Message><Id>1</Id></Error>"
ENCODED_TOKEN = "Canary%2BAcc%2Fess0kJ7hG5fD3sA1%3D"


def says(*answers: tuple[int, bytes]) -> Callable[[Talk], None]:
    """Give one answer after the other, one to each connection."""
    waiting = list(answers)

    def script(talk: Talk) -> None:
        status, body = waiting.pop(0)
        talk.answer(body, status=f"{status} X")

    return script


def lines_of(request: bytes) -> list[str]:
    assert request.endswith(b"\r\n\r\n")
    return request.decode().split("\r\n")


def test_exchange_on_the_wire(wire: Wire) -> None:
    with ScriptedServer(says((200, DOCUMENT))) as server:
        wire.exchange(server.base_url)
    first, *headers = lines_of(server.requests[0])
    assert first == (
        f"GET /net2/oauth2/getaccesstoken.ashx?code={CODE}&client_id=VDV5Y532NafK9mQx7TzR2B"
        f"&client_secret={CONSUMER_SECRET} HTTP/1.1"
    )
    names = [header.partition(":")[0].lower() for header in headers if header]
    assert sorted(names) == ["accept", "accept-encoding", "connection", "host", "user-agent"]
    assert wire.records[0].url == f"{server.base_url}{first.split()[1]}"


def test_refresh_on_the_wire(wire: Wire, application: Application) -> None:
    with ScriptedServer(says((200, DOCUMENT))) as server:
        LegacyContract().refresh(wire.transport, application_at(application, server), wire.token(server.base_url))
    first, *headers = lines_of(server.requests[0])
    assert first.startswith("GET /net2/oauth2/getaccesstoken.ashx?refresh_token=Canary%24Refresh5tY7uI9oP1aS3dF5g&")
    assert f"Authorization: OAuth {ACCESS_TOKEN}" in headers
    assert secrets_in(wire.redactor.text(server.requests[0].decode())) == []


def application_at(application: Application, server: ScriptedServer) -> Application:
    return type(application)(
        base_url=server.base_url,
        consumer_key=application.consumer_key,
        consumer_secret=application.consumer_secret,
        redirect_url=application.redirect_url,
    )


def test_revoke_on_the_wire(wire: Wire, application: Application) -> None:
    with ScriptedServer(says((200, b" \r\n"))) as server:
        LegacyContract().revoke(wire.transport, application, wire.token(server.base_url))
    first, *headers = lines_of(server.requests[0])
    assert first == f"POST /net2/oauth2/revoketoken.ashx?token={ENCODED_TOKEN} HTTP/1.1"
    assert "Content-Length: 0" in headers
    assert f"Authorization: OAuth {ACCESS_TOKEN}" in headers


def test_revoke_all_on_the_wire(wire: Wire) -> None:
    with ScriptedServer(says((200, b""))) as server:
        LegacyContract().revoke_all(wire.transport, wire.token(server.base_url), "key", "a+b@c.example")
    first = lines_of(server.requests[0])[0]
    assert first == "POST /net2/oauth2/revoketoken.ashx?consumerKey=key&user=a%2Bb%40c.example HTTP/1.1"


def test_probe_goes_to_the_instance(wire: Wire) -> None:
    with ScriptedServer(says((200, b"<UserProfile/>"))) as server:
        token = LiveToken(ACCESS_TOKEN, None, "http://127.0.0.1:9", server.base_url + "/")
        LegacyContract().probe(wire.transport, token)
    assert lines_of(server.requests[0])[0] == "GET /api/user/v1.0/user HTTP/1.1"


def test_probe_does_not_go_to_an_unusable_instance(wire: Wire) -> None:
    with ScriptedServer(says((200, b"<UserProfile/>"))) as server:
        LegacyContract().probe(wire.transport, LiveToken(ACCESS_TOKEN, None, server.base_url, "ftp://evil.invalid/"))
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        pytest.param([(200, ERROR)], ConcurRefused, id="error with 200"),
        pytest.param([(200, b"OK")], RevokeUnconfirmed, id="a body with 200"),
        pytest.param([(200, b"<html>")], RevokeUnconfirmed, id="HTML with 200"),
        pytest.param([(401, ERROR)], AuthorizationRefused, id="401"),
        pytest.param([(403, ERROR), (200, b"<UserProfile/>")], RevokeRoleMissing, id="403, and the token works"),
        pytest.param([(403, ERROR), (403, ERROR)], AuthorizationRefused, id="403, and the token is dead"),
        pytest.param([(403, b""), (500, b"")], AuthorizationRefused, id="403, and nobody knows"),
        pytest.param([(400, ERROR)], ConcurRefused, id="400"),
        pytest.param([(500, b"")], ConcurFailed, id="500"),
    ],
)
def test_revoke_refused(
    wire: Wire, application: Application, answers: list[tuple[int, bytes]], error: type[WireError]
) -> None:
    with ScriptedServer(says(*answers)) as server, pytest.raises(error) as caught:
        LegacyContract().revoke(wire.transport, application, wire.token(server.base_url))
    assert type(caught.value) is error
    assert len(wire.records) == len(answers)
    assert caught.value.exchange is wire.records[0]
    assert secrets_in(words_of(caught.value)) == []


@pytest.mark.parametrize("status", [401, 403])
def test_proof(wire: Wire, application: Application, status: int) -> None:
    with ScriptedServer(says((status, ERROR))) as server:
        LegacyContract().prove_refused(wire.transport, application, wire.token(server.base_url))
    assert wire.records[0].status == status
    assert wire.records[0].refused_as_due is True


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        pytest.param(200, b"<UserProfile/>", TokenStillAccepted, id="accepted"),
        pytest.param(200, ERROR, ProofUnclear, id="error with 200"),
        pytest.param(500, b"", ProofUnclear, id="500"),
        pytest.param(302, b"", ProofUnclear, id="redirect"),
        pytest.param(404, ERROR, ProofUnclear, id="404"),
    ],
)
def test_no_proof(wire: Wire, application: Application, status: int, body: bytes, error: type[WireError]) -> None:
    with ScriptedServer(says((status, body))) as server, pytest.raises(error) as caught:
        LegacyContract().prove_refused(wire.transport, application, wire.token(server.base_url))
    assert secrets_in(words_of(caught.value)) == []
    assert not wire.records[0].refused_as_due


def test_no_proof_without_a_connection(wire: Wire, application: Application, closed_port: int) -> None:
    with pytest.raises(ConnectionRefused) as caught:
        LegacyContract().prove_refused(wire.transport, application, wire.token(f"http://127.0.0.1:{closed_port}"))
    assert secrets_in(words_of(caught.value)) == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(DOCUMENT[:-5], id="cut off"),
        pytest.param(DOCUMENT.replace(b"</Refresh_Token>", b"</R>"), id="mismatched"),
        pytest.param(DOCUMENT.replace(REFRESH_TOKEN.encode(), b"\xff"), id="wrong bytes"),
    ],
)
def test_issued_token_of_a_broken_answer(wire: Wire, body: bytes) -> None:
    with ScriptedServer(says((200, body))) as server, pytest.raises(WireError) as caught:
        wire.exchange(server.base_url)
    assert caught.value.issued is not None
    assert caught.value.issued.token == ACCESS_TOKEN
    assert secrets_in(words_of(caught.value)) == []
