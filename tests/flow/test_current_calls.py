"""The calls of the current contract, byte by byte on the wire, and the flows made of them."""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest

from gui.concur.curl import curl_command
from gui.concur.current import CurrentContract
from gui.concur.errors import (
    AnswerRedirects,
    AuthorizationRefused,
    ConcurFailed,
    ConcurRefused,
    ConnectionRefused,
    FlowError,
    GrantRefused,
    ProofUnclear,
    RefreshNeedsSecret,
    RefreshTokenMissing,
    RevokeUnconfirmed,
    TokenOfAnotherApplication,
    TokenStillAccepted,
    WireError,
)
from gui.concur.models import LiveToken, Operation, RequestToken
from gui.concur.redaction import Redactor
from gui.flow.connection import Connection
from gui.flow.har import har_bytes
from gui.flow.issuing import Issued, exchange_and_store, refresh_and_store
from gui.flow.revocation import Revocation, Tick
from gui.flow.revoking import revoke_and_prove, revoke_chain
from gui.messages import message_for
from gui.store.errors import KeyringFull, KeyringLocked
from gui.store.issued_entry import ProcessMark
from gui.store.issued_tokens import IssuedTokens
from tests.flow.canaries import ACCESS_TOKEN, CODE, CONSUMER_SECRET, NOW, REFRESH_TOKEN, secrets_in, words_of
from tests.flow.scripted_server import ScriptedServer, Talk
from tests.flow.spoken import CURRENT_SPOKEN, PRINCIPAL_ID
from tests.unit.concur.test_jwt_text import jwt
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gui.concur.models import AccessTokenDocument, Application
    from tests.flow.conftest import Wire

KEY = "VDV5Y532NafK9mQx7TzR2B"
CREDENTIALS = f"client_id={KEY}&client_secret={CONSUMER_SECRET}"
TOKEN_PATH = "/oauth2/v0/token"
TWO = "/two"
"""Base path of a second data centre."""
HERE = "http://127.0.0.1:{port}"
"""In an answer: the server's own address."""
PROFILE = (200, {"id": PRINCIPAL_ID})
NO = {"error": "invalid_grant", "error_description": "no"}
Said = tuple[int, "dict[str, Any] | bytes"]


def granted(number: int = 1, **changes: object) -> Said:
    """A good answer with tokens of that number; what is None is left out."""
    members: dict[str, object] = {
        "expires_in": 3600,
        "scope": "openid",
        "token_type": "Bearer",
        "access_token": f"{ACCESS_TOKEN}{number}",
        "refresh_token": f"{REFRESH_TOKEN}{number}",
        "refresh_expires_in": 1788448931,
        "id_token": "canary.id.token",
        "geolocation": HERE,
    }
    return 200, {name: value for name, value in {**members, **changes}.items() if value is not None}


def refused(code: object, status: int = 400, **more: object) -> Said:
    return status, {"code": code, **NO, **more}


def elsewhere(geolocation: object = HERE + TWO, code: object = 16, status: int = 400) -> Said:
    return refused(code, status, geolocation=geolocation)


def says(*answers: Said) -> Callable[[Talk], None]:
    """Give one answer after the other, one to each connection; the last one again and again."""
    waiting = list(answers)

    def script(talk: Talk) -> None:
        status, said = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        port = str(talk.sock.getsockname()[1]).encode()
        talk.answer(body.replace(b"{port}", port), status=f"{status} X", headers=("Content-Type: application/json",))

    return script


def at(application: Application, server: ScriptedServer) -> Application:
    return replace(application, base_url=server.base_url)


def head_of(request: bytes) -> tuple[str, dict[str, str]]:
    """First line, and headers by their names in lower case."""
    first, *lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")
    return first, {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}


def body_of(request: bytes) -> str:
    return request.partition(b"\r\n\r\n")[2].decode()


def asked(server: ScriptedServer) -> list[str]:
    """What was asked for: `POST /path`, and which grant."""
    found = []
    for request in server.requests:
        line = head_of(request)[0].rpartition(" ")[0]
        grant = dict(parse_qsl(body_of(request))).get("grant_type")
        found.append(f"{line} {grant}" if grant else line)
    return found


REFRESH, PROBE, DISCONNECT = (
    f"POST {TOKEN_PATH} refresh_token",
    "GET /profile/v1/me",
    "DELETE /app-mgmt/v0/connections",
)


# What is sent


def test_exchange_on_the_wire(wire: Wire, application: Application) -> None:
    with ScriptedServer(says(granted())) as server:
        CurrentContract().exchange(wire.transport, at(application, server), CURRENT_SPOKEN.request_token)
    (request,) = server.requests
    first, headers = head_of(request)
    assert first == f"POST {TOKEN_PATH} HTTP/1.1"
    body = f"{CREDENTIALS}&grant_type=password&credtype=authtoken&username={PRINCIPAL_ID}&password={CODE}"
    assert body_of(request) == body
    assert headers == {
        "host": f"127.0.0.1:{server.port}",
        "user-agent": headers["user-agent"],
        "accept": "application/json",
        "accept-encoding": "identity",
        "connection": "close",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": str(len(body)),
    }
    (record,) = wire.records
    assert (record.operation, record.url) == (Operation.EXCHANGE, f"{server.base_url}{TOKEN_PATH}")
    assert record.request_body.decode() == body
    assert secrets_in(wire.redactor.text(request.decode())) == []


def test_every_value_of_the_form_is_encoded(wire: Wire, application: Application) -> None:
    odd = replace(application, consumer_secret="a+b&c=d e%", redirect_url="http://localhost:8765/r?x=1&y=é")
    with ScriptedServer(says(granted())) as server:
        CurrentContract().exchange(wire.transport, at(odd, server), RequestToken("q+r&s=t/é", NOW))
    assert body_of(server.requests[0]) == (
        f"client_id={KEY}&client_secret=a%2Bb%26c%3Dd%20e%25&grant_type=authorization_code"
        "&code=q%2Br%26s%3Dt%2F%C3%A9&redirect_uri=http%3A%2F%2Flocalhost%3A8765%2Fr%3Fx%3D1%26y%3D%C3%A9"
    )


def test_refresh_on_the_wire(wire: Wire, application: Application) -> None:
    with ScriptedServer(says(granted(2))) as server:
        token = replace(wire.token(server.base_url), instance_url=f"{server.base_url}{TWO}/")
        CurrentContract().refresh(wire.transport, at(application, server), token)
    (request,) = server.requests
    assert head_of(request)[0] == f"POST {TWO}{TOKEN_PATH} HTTP/1.1"
    assert body_of(request) == (
        f"{CREDENTIALS}&grant_type=refresh_token&refresh_token={REFRESH_TOKEN.replace('$', '%24')}"
    )
    assert "authorization" not in head_of(request)[1]


def test_token_of_the_app_itself(wire: Wire, application: Application) -> None:
    with ScriptedServer(says(granted(refresh_token=None, id_token=None))) as server:
        document = CurrentContract().application_token(wire.transport, at(application, server))
    assert body_of(server.requests[0]) == f"{CREDENTIALS}&grant_type=client_credentials"
    assert (document.refresh_token, document.remarks) == (None, ())
    assert wire.records[0].operation is Operation.APPLICATION_TOKEN


@pytest.mark.parametrize("call", ["revoke", "revoke_all"])
def test_revoke_on_the_wire(wire: Wire, application: Application, call: str) -> None:
    with ScriptedServer(says((200, b""))) as server:
        token = wire.token(server.base_url)
        if call == "revoke":
            CurrentContract().revoke(wire.transport, application, token)
        else:
            CurrentContract().revoke_all(wire.transport, token, "key", "a@b.example")
    first, headers = head_of(server.requests[0])
    assert first == f"{DISCONNECT} HTTP/1.1"
    assert headers["authorization"] == f"Bearer {ACCESS_TOKEN}"
    assert headers.get("content-length", "0") == "0"
    assert "transfer-encoding" not in headers
    assert body_of(server.requests[0]) == ""


def test_probe_on_the_wire(wire: Wire) -> None:
    with ScriptedServer(says(PROFILE)) as server:
        token = replace(wire.token("http://127.0.0.1:9"), base_url=server.base_url, instance_url=server.base_url + TWO)
        CurrentContract().probe(wire.transport, token)
    first, headers = head_of(server.requests[0])
    assert first == f"GET {TWO}/profile/v1/me HTTP/1.1"
    assert headers["authorization"] == f"Bearer {ACCESS_TOKEN}"
    assert secrets_in(wire.redactor.text(server.requests[0].decode())) == []


def test_no_secret_leaves_the_process_with_a_record(wire: Wire, application: Application) -> None:
    id_token = jwt()
    with ScriptedServer(says(granted(id_token=id_token), granted(2), PROFILE, (200, b""), refused(108))) as server:
        app, token = at(application, server), wire.token(server.base_url)
        CurrentContract().exchange(wire.transport, app, CURRENT_SPOKEN.request_token)
        CurrentContract().refresh(wire.transport, app, token)
        CurrentContract().probe(wire.transport, token)
        CurrentContract().revoke(wire.transport, app, token)
        CurrentContract().prove_refused(wire.transport, app, token)
    assert len(wire.records) == 5
    for redactor in (wire.redactor, Redactor()):  # by the values in play, and by their names alone
        archive = har_bytes(wire.records, redactor).decode()
        assert secrets_in(archive) == []
        assert id_token not in archive
        assert "grant_type=refresh_token" in archive
        assert PRINCIPAL_ID in archive
    commands = "\n".join(curl_command(record) for record in wire.records)
    assert secrets_in(commands) == []
    assert "client_secret=$CONSUMER_SECRET" in commands
    assert "refresh_token=$REFRESH_TOKEN" in commands
    assert "Authorization: Bearer $ACCESS_TOKEN" in commands


# Where it goes


@pytest.mark.parametrize("geolocation", ["http://127.0.0.1:9", "https://evil.example", "ftp://x/", "http://[::1", ""])
def test_place_of_a_token_that_was_made_up_is_not_asked(wire: Wire, application: Application, geolocation: str) -> None:
    with ScriptedServer(says(granted())) as server:
        token = replace(wire.token(server.base_url), instance_url=geolocation)
        CurrentContract().refresh(wire.transport, at(application, server), token)
        CurrentContract().probe(wire.transport, token)
        CurrentContract().revoke(wire.transport, application, token)
    assert asked(server) == [REFRESH, PROBE, DISCONNECT]


def test_code_of_the_web_flow_goes_to_the_place_of_the_redirect(wire: Wire, application: Application) -> None:
    with ScriptedServer(says(granted())) as server:
        token = RequestToken(CODE, NOW, geolocation=server.base_url + TWO)
        CurrentContract().exchange(wire.transport, at(application, server), token)
    assert asked(server) == [f"POST {TWO}{TOKEN_PATH} authorization_code"]


def test_code_of_the_web_flow_does_not_go_to_a_place_that_was_made_up(wire: Wire, application: Application) -> None:
    with ScriptedServer(says(granted())) as evil, ScriptedServer(says(granted())) as server:
        for geolocation in (evil.base_url, "https://evil.example", "http://localhost\\.evil.example"):
            token = RequestToken(CODE, NOW, geolocation=geolocation)
            CurrentContract().exchange(wire.transport, at(application, server), token)
    assert asked(server) == [f"POST {TOKEN_PATH} authorization_code"] * 3
    assert evil.connections == 0


ISSUING: dict[str, Callable[[Wire, Application], AccessTokenDocument]] = {
    "exchange": lambda wire, app: CurrentContract().exchange(wire.transport, app, CURRENT_SPOKEN.request_token),
    "web flow": lambda wire, app: CurrentContract().exchange(wire.transport, app, RequestToken(CODE, NOW)),
    "refresh": lambda wire, app: CurrentContract().refresh(wire.transport, app, wire.token(app.base_url)),
    "application": lambda wire, app: CurrentContract().application_token(wire.transport, app),
}
each_call = pytest.mark.parametrize("call", ISSUING.values(), ids=ISSUING)


@each_call
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(elsewhere(), id="as documented"),
        pytest.param(elsewhere(HERE + TWO + "/"), id="slash at the end"),
        pytest.param(elsewhere(code="16"), id="code as text"),
        pytest.param(elsewhere(status=401), id="with 401"),
        pytest.param(elsewhere(status=200), id="with 200"),
    ],
)
def test_code_16_is_followed(
    wire: Wire, application: Application, call: Callable[[Wire, Application], AccessTokenDocument], answer: Said
) -> None:
    with ScriptedServer(says(answer, granted(geolocation=HERE + TWO))) as server:
        document = call(wire, at(application, server))
    assert document.token == f"{ACCESS_TOKEN}1"
    assert CurrentContract().home_of(document, server.base_url) == server.base_url + TWO
    first, second = server.requests
    assert [head_of(one)[0].split()[1] for one in (first, second)] == [TOKEN_PATH, TWO + TOKEN_PATH]
    assert body_of(first) == body_of(second)
    assert [record.path for record in wire.records] == [TOKEN_PATH, TWO + TOKEN_PATH]
    assert len({record.operation for record in wire.records}) == 1
    assert [record.status for record in wire.records] == [answer[0], 200]


@each_call
def test_code_16_in_a_loop_ends(
    wire: Wire, application: Application, call: Callable[[Wire, Application], AccessTokenDocument]
) -> None:
    with (
        ScriptedServer(says(elsewhere(), elsewhere(HERE), elsewhere(), elsewhere(HERE))) as server,
        pytest.raises(GrantRefused) as caught,
    ):
        call(wire, at(application, server))
    assert caught.value.document.code == 16
    assert [record.path for record in wire.records] == [TOKEN_PATH, TWO + TOKEN_PATH]
    assert caught.value.exchange is wire.records[1]
    assert "followed once" in message_for(caught.value).text
    assert secrets_in(words_of(caught.value)) == []


@each_call
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(elsewhere(None), id="no place"),
        pytest.param(elsewhere(""), id="empty place"),
        pytest.param(elsewhere(7), id="a number"),
        pytest.param(elsewhere(HERE), id="the very same"),
        pytest.param(elsewhere(HERE + "/"), id="the very same with a slash"),
        pytest.param(elsewhere("http://127.0.0.1:1"), id="another port"),
        pytest.param(elsewhere("https://evil.example"), id="another machine"),
        pytest.param(
            elsewhere("https://us.api.concursolutions.com"), id="the real Concur, and a simulated one is asked"
        ),
        pytest.param(elsewhere("http://evil.example\\.localhost:{port}"), id="hidden by a backslash"),
        pytest.param(elsewhere("http://user@127.0.0.1:{port}/two"), id="with a user"),
        pytest.param(elsewhere(HERE + "/two?x=1"), id="with a query"),
        pytest.param(elsewhere(code=108), id="another code that names a place"),
        pytest.param(elsewhere(code=None), id="no code, and a place"),
    ],
)
def test_place_of_an_error_that_is_not_followed(
    wire: Wire, application: Application, call: Callable[[Wire, Application], AccessTokenDocument], answer: Said
) -> None:
    with ScriptedServer(says(answer, granted())) as server, pytest.raises(GrantRefused) as caught:
        call(wire, at(application, server))
    assert caught.value.exchange is wire.records[0]
    assert len(server.requests) == len(wire.records) == 1
    assert secrets_in(words_of(caught.value)) == []


def test_place_of_an_error_on_another_port_hears_nothing(wire: Wire, application: Application) -> None:
    with (
        ScriptedServer(says(granted())) as evil,
        ScriptedServer(says(elsewhere(evil.base_url))) as server,
        pytest.raises(GrantRefused),
    ):
        ISSUING["exchange"](wire, at(application, server))
    assert evil.connections == 0


def test_refusal_that_holds_a_token_is_not_followed(wire: Wire, application: Application) -> None:
    answer = refused(16, geolocation=HERE + TWO, access_token=ACCESS_TOKEN)
    with ScriptedServer(says(answer, granted())) as server, pytest.raises(GrantRefused) as caught:
        ISSUING["exchange"](wire, at(application, server))
    assert len(server.requests) == 1
    assert caught.value.issued is not None
    assert caught.value.issued.token == ACCESS_TOKEN


@each_call
def test_redirect_is_not_followed(
    wire: Wire, application: Application, call: Callable[[Wire, Application], AccessTokenDocument]
) -> None:
    with ScriptedServer(says(granted())) as other:

        def script(talk: Talk) -> None:
            talk.answer(b"", status="307 Temporary Redirect", headers=(f"Location: {other.base_url}{TOKEN_PATH}",))

        with ScriptedServer(script) as server, pytest.raises(AnswerRedirects):
            call(wire, at(application, server))
    assert other.connections == 0


# What the answers to calls with an access token mean


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param((200, b""), id="200 and nothing"),
        pytest.param((204, b""), id="204"),
        pytest.param((200, b" \r\n"), id="200 and white space"),
        pytest.param((200, b"{}"), id="200 and an object"),
        pytest.param((200, {"status": "done"}), id="200 and an object of something"),
    ],
)
def test_revoke_confirmed(wire: Wire, application: Application, answer: Said) -> None:
    with ScriptedServer(says(answer)) as server:
        CurrentContract().revoke(wire.transport, application, wire.token(server.base_url))


CALLS: dict[str, Callable[[Wire, Application, LiveToken], object]] = {
    "revoke": lambda wire, app, token: CurrentContract().revoke(wire.transport, app, token),
    "probe": lambda wire, _app, token: CurrentContract().probe(wire.transport, token),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param((401, b""), AuthorizationRefused, id="401"),
        pytest.param(refused(61, 401), AuthorizationRefused, id="401 with a number"),
        pytest.param((403, b"<html>"), AuthorizationRefused, id="403"),
        pytest.param(refused(54), GrantRefused, id="400 with a number"),
        pytest.param((404, b""), ConcurFailed, id="404"),
        pytest.param((500, b"{"), ConcurFailed, id="500"),
        pytest.param((400, b"<Error><Message>x</Message></Error>"), ConcurRefused, id="the legacy error"),
    ],
)
def test_call_refused(
    wire: Wire,
    application: Application,
    call: Callable[[Wire, Application, LiveToken], object],
    answer: Said,
    error: type[WireError],
) -> None:
    with ScriptedServer(says(answer)) as server, pytest.raises(error) as caught:
        call(wire, application, wire.token(server.base_url))
    assert type(caught.value) is error
    assert caught.value.exchange is wire.records[0]
    assert secrets_in(words_of(caught.value)) == []


def test_what_is_said_of_a_refused_access_token_is_kept(wire: Wire) -> None:
    with ScriptedServer(says(refused(115, 401))) as server, pytest.raises(AuthorizationRefused) as caught:
        CurrentContract().probe(wire.transport, wire.token(server.base_url))
    assert caught.value.document is not None
    assert caught.value.document.code == 115


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(refused(54, 200), GrantRefused, id="error with 200"),
        pytest.param((200, b"<html>Sign in</html>"), RevokeUnconfirmed, id="HTML"),
        pytest.param((200, b"OK"), RevokeUnconfirmed, id="text"),
        pytest.param((200, b"[]"), RevokeUnconfirmed, id="a list"),
    ],
)
def test_revoke_not_confirmed(wire: Wire, application: Application, answer: Said, error: type[WireError]) -> None:
    with ScriptedServer(says(answer)) as server, pytest.raises(error) as caught:
        CurrentContract().revoke(wire.transport, application, wire.token(server.base_url))
    assert type(caught.value) is error


# The proof


@pytest.mark.parametrize("answer", [refused(108), refused("108", 401), refused(108, 200)])
def test_proof_by_refresh(wire: Wire, application: Application, answer: Said) -> None:
    with ScriptedServer(says(answer)) as server:
        token = wire.token(server.base_url)
        assert CurrentContract().prove_refused(wire.transport, at(application, server), token) is True
    assert asked(server) == [REFRESH]
    assert wire.records[0].operation is Operation.PROOF
    assert wire.records[0].refused_as_due is True


@pytest.mark.parametrize(
    ("answer", "error", "issued"),
    [
        pytest.param(granted(), TokenStillAccepted, True, id="accepted"),
        pytest.param((200, json.dumps(granted()[1])[:-9].encode()), TokenStillAccepted, True, id="accepted, cut off"),
        pytest.param((500, granted()[1]), TokenStillAccepted, True, id="accepted, with 500"),
        pytest.param(refused(108, 500), ProofUnclear, False, id="108 of a server that fails"),
        pytest.param((400, granted(code=108)[1]), TokenStillAccepted, True, id="108 with a token"),
        pytest.param(refused(61, 401), ProofUnclear, False, id="another code"),
        pytest.param(refused(64, 400), ProofUnclear, False, id="wrong secret"),
        pytest.param((400, b""), ProofUnclear, False, id="no code"),
        pytest.param((200, b"<html>"), ProofUnclear, False, id="HTML"),
        pytest.param((200, b""), ProofUnclear, False, id="empty"),
        pytest.param((302, b""), ProofUnclear, False, id="redirect"),
        pytest.param(elsewhere(), ProofUnclear, False, id="code 16 in a loop"),
    ],
)
def test_no_proof_by_refresh(
    wire: Wire, application: Application, answer: Said, error: type[WireError], *, issued: bool
) -> None:
    with ScriptedServer(says(answer)) as server, pytest.raises(error) as caught:
        CurrentContract().prove_refused(wire.transport, at(application, server), wire.token(server.base_url))
    assert type(caught.value) is error
    assert (caught.value.issued is not None) is issued
    assert caught.value.operation is Operation.PROOF
    assert not any(record.refused_as_due for record in wire.records)
    assert secrets_in(words_of(caught.value)) == []


@pytest.mark.parametrize(
    ("changes", "secret"),
    [
        pytest.param({"refresh_token": None}, CONSUMER_SECRET, id="no refresh token"),
        pytest.param({}, "", id="no consumer secret"),
    ],
)
def test_proof_by_probe(wire: Wire, application: Application, changes: dict[str, Any], secret: str) -> None:
    application = replace(application, consumer_secret=secret)
    with ScriptedServer(says((401, b""), PROFILE, (500, b""))) as server:
        token = replace(wire.token(server.base_url), **changes)
        assert CurrentContract().prove_refused(wire.transport, application, token) is False
        accepted = TokenStillAccepted if token.refresh_token is None else ProofUnclear
        for error in (accepted, ProofUnclear):
            with pytest.raises(error) as caught:
                CurrentContract().prove_refused(wire.transport, application, token)
            assert type(caught.value) is error
    assert asked(server) == [PROBE] * 3
    assert [record.refused_as_due for record in wire.records] == [True, False, False]


def test_no_proof_without_a_connection(wire: Wire, application: Application, closed_port: int) -> None:
    base_url = f"http://127.0.0.1:{closed_port}"
    with pytest.raises(ConnectionRefused) as caught:
        CurrentContract().prove_refused(wire.transport, replace(application, base_url=base_url), wire.token(base_url))
    assert secrets_in(words_of(caught.value)) == []


# The flows made of them

GONE = ProcessMark("machine", 2**22 + 1, 1.0)
"""A process that runs no more."""


class Crash(BaseException):
    """The process ends here."""


@dataclass
class Desk:
    """A profile of the current contract over a journal of its own, and a clock that is set by hand."""

    wire: Wire
    folder: Path
    application: Application
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.tokens = self.process()

    def process(self, mark: ProcessMark | None = None) -> IssuedTokens:
        """The journal as another process sees it."""
        return IssuedTokens(self.folder, self.secrets, lambda: self.now, mark)

    def connection(
        self, server: ScriptedServer, tokens: IssuedTokens | None = None, secret: str | None = None
    ) -> Connection:
        application = at(self.application, server)
        if secret is not None:
            application = replace(application, consumer_secret=secret)
        return Connection(
            profile_id="0123456789abcdef0123456789abcdef",
            profile_name="Acme",
            purpose="window",
            application=application,
            contract=CurrentContract(),
            transport=self.wire.transport,
            tokens=tokens or self.tokens,
        )

    def exchange(self, server: ScriptedServer, tokens: IssuedTokens | None = None) -> Issued:
        return exchange_and_store(self.connection(server, tokens), CURRENT_SPOKEN.request_token)

    def texts(self) -> str:
        """All that is on disk and in the keyring."""
        files = "".join(path.read_text() for path in self.folder.rglob("*") if path.is_file())
        return files + "".join(self.secrets.entries.values())

    def refresh_tokens(self) -> list[str | None]:
        """Of the tokens that are listed."""
        return [self.tokens.tokens_of(token.token_id).refresh_token for token in self.tokens.review().live]

    def journal(self) -> tuple[int, int]:
        """How many are live, cut off."""
        review = self.process().review()
        assert not review.problems
        assert not review.lost
        return len(review.live), len(review.cut_off)


@pytest.fixture
def desk(wire: Wire, application: Application, tmp_path: Path) -> Desk:
    return Desk(wire, tmp_path / "issued", application)


def ticks(revocation: Revocation) -> tuple[Tick, Tick, Tick]:
    return revocation.server, revocation.refused, revocation.local_copy


def kinds(revocation: Revocation) -> list[type[FlowError]]:
    return [type(error) for error in revocation.errors]


def test_access_token_is_in_memory_only(desk: Desk) -> None:
    with ScriptedServer(says(granted())) as server:
        issued = desk.exchange(server)
    assert issued.failures == ()
    kept = desk.texts()
    assert ACCESS_TOKEN not in kept
    assert "canary.id.token" not in kept
    assert CODE not in kept
    (entry,) = desk.secrets.entries.values()
    assert json.loads(entry) | {"access_token": ""} == json.loads(entry)
    for lasting in (f"{REFRESH_TOKEN}1", PRINCIPAL_ID, server.base_url):
        assert lasting in entry
    assert desk.tokens.tokens_of(issued.token.token_id).access_token == f"{ACCESS_TOKEN}1"
    later = desk.process().tokens_of(issued.token.token_id)
    assert (later.access_token, later.refresh_token, later.principal_id) == ("", f"{REFRESH_TOKEN}1", PRINCIPAL_ID)


@pytest.mark.parametrize("size", [2_400, 8 * 1024])
def test_access_token_of_that_size_goes_all_the_way(desk: Desk, size: int) -> None:
    token = jwt({"sub": PRINCIPAL_ID, "x": "a1" * (size * 3 // 8)})
    assert len(token) >= size
    with ScriptedServer(says(granted(access_token=token), PROFILE, (200, b""), refused(108))) as server:
        issued = desk.exchange(server)
        assert max(map(len, desk.secrets.entries.values())) < 1280  # characters that Windows keeps
        assert ticks(revoke_and_prove(desk.connection(server), issued.token)) == (Tick.DONE, Tick.DONE, Tick.DONE)
    assert [head_of(request)[1].get("authorization") for request in server.requests] == [
        None,
        f"Bearer {token}",
        f"Bearer {token}",
        None,
    ]
    assert token not in "".join(desk.wire.redactor.text(request.decode()) for request in server.requests)


def test_revoke_that_goes_well(desk: Desk) -> None:
    with ScriptedServer(says(granted(), PROFILE, (200, b""), refused(108))) as server:
        revocation = revoke_and_prove(desk.connection(server), desk.exchange(server).token)
    assert ticks(revocation) == (Tick.DONE, Tick.DONE, Tick.DONE)
    assert (revocation.errors, revocation.renewed) == ((), None)
    assert asked(server)[1:] == [PROBE, DISCONNECT, REFRESH]
    assert desk.journal() == (0, 0)
    assert desk.secrets.entries == {}


@pytest.mark.parametrize("why", ["expired", "another process"])
def test_access_token_that_cannot_be_used_is_refreshed_first(desk: Desk, why: str) -> None:
    answers = (granted(), granted(2), PROFILE, (200, b""), refused(108))
    with ScriptedServer(says(*answers)) as server:
        issued = desk.exchange(server, desk.process(GONE) if why == "another process" else None)
        if why == "expired":
            desk.now += timedelta(hours=1)
        revocation = revoke_and_prove(desk.connection(server), issued.token)
    assert ticks(revocation) == (Tick.DONE, Tick.DONE, Tick.DONE)
    assert asked(server)[1:] == [REFRESH, PROBE, DISCONNECT, REFRESH]
    assert head_of(server.requests[3])[1]["authorization"] == f"Bearer {ACCESS_TOKEN}2"
    assert f"{REFRESH_TOKEN}2".replace("$", "%24") in body_of(server.requests[4])
    assert revocation.renewed is not None
    assert desk.journal() == (0, 0)


def test_access_token_that_is_refused_is_refreshed_once(desk: Desk) -> None:
    answers = (granted(), (401, b""), granted(2), PROFILE, (200, b""), refused(108))
    with ScriptedServer(says(*answers)) as server:
        revocation = revoke_and_prove(desk.connection(server), desk.exchange(server).token, was_accepted=True)
    assert ticks(revocation) == (Tick.DONE, Tick.DONE, Tick.DONE)
    assert asked(server)[1:] == [PROBE, REFRESH, PROBE, DISCONNECT, REFRESH]
    assert desk.journal() == (0, 0)


def test_access_token_that_is_refused_again_is_not_refreshed_again(desk: Desk) -> None:
    answers = (granted(), (403, b""), granted(2), (403, b""), (403, b""))
    with ScriptedServer(says(*answers)) as server:
        revocation = revoke_and_prove(desk.connection(server), desk.exchange(server).token)
    assert ticks(revocation) == (Tick.UNPROVEN, Tick.PENDING, Tick.PENDING)
    assert asked(server)[1:] == [PROBE, REFRESH, PROBE, DISCONNECT]
    assert desk.refresh_tokens() == [f"{REFRESH_TOKEN}2"]


def test_probe_that_lacks_a_scope_hinders_no_proof(desk: Desk) -> None:
    answers = (granted(), (403, b""), granted(2), (403, b""), (200, b""), refused(108))
    with ScriptedServer(says(*answers)) as server:
        revocation = revoke_and_prove(desk.connection(server), desk.exchange(server).token)
    assert ticks(revocation) == (Tick.DONE, Tick.DONE, Tick.DONE)  # 108 says so by itself
    assert not revocation.was_accepted


@pytest.mark.parametrize("beginning", [(granted(), (401, b""), refused(108)), (granted(expires_in=0), refused(108))])
def test_refresh_token_that_is_dead_already(desk: Desk, beginning: tuple[Said, ...]) -> None:
    with ScriptedServer(says(*beginning)) as server:
        revocation = revoke_and_prove(desk.connection(server), desk.exchange(server).token)
    assert ticks(revocation) == (Tick.UNPROVEN, Tick.DONE, Tick.DONE)
    assert kinds(revocation) == [GrantRefused]
    assert asked(server)[-1] == REFRESH
    assert desk.journal() == (0, 0)


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        pytest.param(refused(61, 401), 0, id="wrong secret"),
        pytest.param((500, b""), 1, id="failing"),
        pytest.param((200, b""), 1, id="empty"),
    ],
)
def test_refresh_that_fails_before_the_revoke(desk: Desk, answer: Said, left: int) -> None:
    with ScriptedServer(says(granted(expires_in=0), answer)) as server:
        revocation = revoke_and_prove(desk.connection(server), desk.exchange(server).token)
    assert ticks(revocation) == (Tick.FAILED, Tick.PENDING, Tick.PENDING)
    assert desk.journal() == (1, left)
    assert desk.refresh_tokens() == [f"{REFRESH_TOKEN}1"]


@pytest.mark.parametrize(
    ("changes", "secret", "error"),
    [
        pytest.param({"refresh_token": None}, None, RefreshTokenMissing, id="no refresh token"),
        pytest.param({}, "", RefreshNeedsSecret, id="no consumer secret"),
    ],
)
def test_expired_and_nothing_to_refresh_with(
    desk: Desk, changes: dict[str, Any], secret: str | None, error: type[FlowError]
) -> None:
    with ScriptedServer(says(granted(expires_in=0, **changes))) as server:
        issued = desk.exchange(server)
        revocation = revoke_and_prove(desk.connection(server, secret=secret), issued.token)
    assert ticks(revocation) == (Tick.FAILED, Tick.PENDING, Tick.PENDING)
    assert kinds(revocation) == [error]
    assert len(server.requests) == 1
    assert desk.journal() == (1, 0)


# The proof in a flow


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(granted(2), id="whole"),
        pytest.param((200, json.dumps(granted(2)[1])[:-9].encode()), id="cut off after the tokens"),
        pytest.param((500, granted(2)[1]), id="with 500"),
    ],
)
def test_proof_that_brings_a_token_is_stored_and_told(desk: Desk, answer: Said) -> None:
    with ScriptedServer(says(granted(), PROFILE, (200, b""), answer)) as server:
        revocation = revoke_and_prove(desk.connection(server), desk.exchange(server).token)
    assert ticks(revocation) == (Tick.DONE, Tick.FAILED, Tick.PENDING)
    assert TokenStillAccepted in kinds(revocation)
    assert not revocation.ended_token
    assert revocation.renewed is not None
    assert revocation.renewed.live.access_token == f"{ACCESS_TOKEN}2"
    assert desk.refresh_tokens() == [f"{REFRESH_TOKEN}2"]  # the old one was forgotten after this one was stored
    assert desk.journal() == (1, 0)
    with ScriptedServer(says(PROFILE, (200, b""), refused(108))) as server:
        revocation = revoke_and_prove(desk.connection(server), revocation.renewed.token)
        assert kinds(revocation) == [ConnectionRefused]  # the server that it belongs to has gone
        assert server.connections == 0
    assert desk.journal() == (1, 0)


def test_token_of_a_proof_is_stored_before_it_is_told(desk: Desk) -> None:
    heard: list[tuple[int, list[str | None]]] = []

    def hear(revocation: Revocation) -> None:
        if revocation.refused is not Tick.PENDING:
            heard.append((len(desk.process().review().live), desk.refresh_tokens()))

    with ScriptedServer(says(granted(), PROFILE, (200, b""), granted(2))) as server:
        revoke_and_prove(desk.connection(server), desk.exchange(server).token, on_progress=hear)
    assert heard == [(1, [f"{REFRESH_TOKEN}2"])]


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        pytest.param(refused(61, 401), 0, id="another code: nothing was issued"),
        pytest.param((404, b""), 0, id="404: nothing was issued"),
        pytest.param((302, b""), 0, id="redirect: nothing was issued"),
        pytest.param((500, b""), 1, id="failing: nobody knows"),
        pytest.param((200, b"<html>"), 1, id="HTML: nobody knows"),
        pytest.param((200, b""), 1, id="empty: nobody knows"),
    ],
)
def test_proof_that_is_unclear(desk: Desk, answer: Said, left: int) -> None:
    with ScriptedServer(says(granted(), PROFILE, (200, b""), answer)) as server:
        revocation = revoke_and_prove(desk.connection(server), desk.exchange(server).token)
    assert ticks(revocation) == (Tick.DONE, Tick.UNPROVEN, Tick.DONE)
    assert kinds(revocation) == [ProofUnclear]
    assert desk.journal() == (0, left)


def test_proof_whose_answer_is_lost_leaves_a_note(desk: Desk) -> None:
    good = says(granted(), PROFILE, (200, b""))

    def script(talk: Talk) -> None:
        if server.connections < 4:
            good(talk)
        else:
            talk.read_request()
            talk.reset()

    with ScriptedServer(script) as server:
        revocation = revoke_and_prove(desk.connection(server), desk.exchange(server).token)
    assert ticks(revocation) == (Tick.DONE, Tick.UNPROVEN, Tick.DONE)
    assert desk.journal() == (0, 1)


def test_revoke_that_was_not_done_and_a_proof_that_shows_it(desk: Desk) -> None:
    with ScriptedServer(says(granted(), PROFILE, (500, b""), granted(2))) as server:
        revocation = revoke_and_prove(desk.connection(server), desk.exchange(server).token)
    assert ticks(revocation) == (Tick.UNPROVEN, Tick.FAILED, Tick.PENDING)
    assert kinds(revocation) == [ConcurFailed, TokenStillAccepted]
    assert desk.refresh_tokens() == [f"{REFRESH_TOKEN}2"]


def test_revoke_whose_confirmation_was_lost_is_proven(desk: Desk) -> None:
    with ScriptedServer(says(granted(), PROFILE, (502, b""), refused(108))) as server:
        revocation = revoke_and_prove(desk.connection(server), desk.exchange(server).token)
    assert ticks(revocation) == (Tick.UNPROVEN, Tick.DONE, Tick.DONE)
    assert desk.journal() == (0, 0)


def test_without_the_secret_an_accepted_access_token_contradicts_nothing(desk: Desk) -> None:
    with ScriptedServer(says(granted(), PROFILE, (200, b""), PROFILE)) as server:
        revocation = revoke_and_prove(desk.connection(server, secret=""), desk.exchange(server).token)
    assert ticks(revocation) == (Tick.DONE, Tick.UNPROVEN, Tick.DONE)
    assert asked(server)[1:] == [PROBE, DISCONNECT, PROBE]


# Rotation


def test_refresh_without_a_refresh_token_keeps_the_old_one(desk: Desk) -> None:
    with ScriptedServer(says(granted(), granted(2, refresh_token=None), granted(3))) as server:
        refreshed = refresh_and_store(desk.connection(server), desk.exchange(server).token)
        assert refreshed.document.refresh_token is None
        assert refreshed.live.refresh_token == f"{REFRESH_TOKEN}1"
        assert desk.refresh_tokens() == [f"{REFRESH_TOKEN}1"]
        assert desk.process().tokens_of(refreshed.token.token_id).refresh_token == f"{REFRESH_TOKEN}1"
        refresh_and_store(desk.connection(server), refreshed.token)
    bodies = [dict(parse_qsl(body_of(request))).get("refresh_token") for request in server.requests]
    assert bodies == [None, f"{REFRESH_TOKEN}1", f"{REFRESH_TOKEN}1"]


def test_the_newest_refresh_token_counts(desk: Desk) -> None:
    with ScriptedServer(says(granted(), granted(2), granted(3))) as server:
        issued = desk.exchange(server)
        second = refresh_and_store(desk.connection(server), issued.token)
        third = refresh_and_store(desk.connection(server), second.token)
    bodies = [dict(parse_qsl(body_of(request))).get("refresh_token") for request in server.requests]
    assert bodies == [None, f"{REFRESH_TOKEN}1", f"{REFRESH_TOKEN}2"]
    assert desk.refresh_tokens() == [f"{REFRESH_TOKEN}3"]
    assert [token.token_id for token in desk.tokens.review().live] == [third.token.token_id]
    assert len(desk.secrets.entries) == 1
    assert third.live.principal_id == PRINCIPAL_ID
    assert desk.process().tokens_of(third.token.token_id).principal_id == PRINCIPAL_ID


def test_the_newest_geolocation_counts(desk: Desk) -> None:
    with ScriptedServer(says(granted(), granted(2, geolocation=HERE + TWO), granted(3))) as server:
        second = refresh_and_store(desk.connection(server), desk.exchange(server).token)
        assert second.token.instance_url == second.live.instance_url == server.base_url + TWO
        refresh_and_store(desk.connection(server), second.token)
    assert asked(server)[1:] == [REFRESH, f"POST {TWO}{TOKEN_PATH} refresh_token"]


@pytest.mark.parametrize("geolocation", [None, "https://evil.example", "\ud800", "http://127.0.0.1:1"])
def test_geolocation_that_is_of_no_use_changes_nothing(desk: Desk, geolocation: str | None) -> None:
    answers = (granted(geolocation=HERE + TWO), granted(2, geolocation=geolocation), granted(3))
    with ScriptedServer(says(*answers)) as server:
        second = refresh_and_store(desk.connection(server), desk.exchange(server).token)
        refresh_and_store(desk.connection(server), second.token)
    assert second.failures == ()
    assert second.token.instance_url == server.base_url + TWO
    assert asked(server)[1:] == [f"POST {TWO}{TOKEN_PATH} refresh_token"] * 2


def test_exchange_that_was_sent_on_leaves_the_token_where_it_was_issued(desk: Desk) -> None:
    with ScriptedServer(says(elsewhere(), granted(geolocation=None), PROFILE, (200, b""), refused(108))) as server:
        issued = desk.exchange(server)
        assert issued.token.instance_url == server.base_url + TWO
        assert revoke_and_prove(desk.connection(server), issued.token).ended_token
    assert [line.split()[1] for line in asked(server)[2:]] == [
        f"{TWO}/profile/v1/me",
        f"{TWO}/app-mgmt/v0/connections",
        f"{TWO}{TOKEN_PATH}",
    ]


def test_old_entry_stays_where_the_new_one_could_not_be_kept(desk: Desk) -> None:
    with ScriptedServer(says(granted(), granted(2), PROFILE, (200, b""), refused(108))) as server:
        issued = desk.exchange(server)
        desk.secrets.fail_write = KeyringFull(backend="b", operation="write")
        refreshed = refresh_and_store(desk.connection(server), issued.token)
        assert [type(failure) for failure in refreshed.failures] == [KeyringFull]
        assert sorted(map(str, desk.refresh_tokens())) == [f"{REFRESH_TOKEN}1", f"{REFRESH_TOKEN}2"]
        desk.secrets.fail_write = None
        outcome = revoke_chain(desk.connection(server), refreshed.token)
    assert outcome.newest.ended_token
    assert desk.journal() == (0, 0)
    assert asked(server)[2:] == [PROBE, DISCONNECT, REFRESH]  # once for both


def test_revoke_of_an_entry_that_was_replaced_revokes_the_newest(desk: Desk) -> None:
    with ScriptedServer(says(granted(), granted(2), PROFILE, (200, b""), refused(108))) as server:
        issued = desk.exchange(server)
        desk.secrets.fail_delete = KeyringLocked(backend="b", operation="delete")
        refresh_and_store(desk.connection(server), issued.token)
        desk.secrets.fail_delete = None
        assert len(desk.refresh_tokens()) == 2
        revocation = revoke_and_prove(desk.connection(server), issued.token)
    assert ticks(revocation) == (Tick.DONE, Tick.DONE, Tick.DONE)
    assert head_of(server.requests[3])[1]["authorization"] == f"Bearer {ACCESS_TOKEN}2"
    assert desk.journal() == (0, 0)


def test_refresh_of_an_entry_that_was_replaced_refreshes_the_newest(desk: Desk) -> None:
    with ScriptedServer(says(granted(), granted(2), granted(3))) as server:
        issued = desk.exchange(server)
        desk.secrets.fail_delete = KeyringLocked(backend="b", operation="delete")
        refresh_and_store(desk.connection(server), issued.token)
        refresh_and_store(desk.connection(server), issued.token)
    bodies = [dict(parse_qsl(body_of(request))).get("refresh_token") for request in server.requests]
    assert bodies == [None, f"{REFRESH_TOKEN}1", f"{REFRESH_TOKEN}2"]


# Whose secret


def test_secret_of_another_app_does_not_follow_the_token(desk: Desk) -> None:
    answers = (granted(), PROFILE, (200, b""), (401, b""))
    with ScriptedServer(says(*answers)) as server:
        issued = desk.exchange(server)
        mine = replace(at(desk.application, server), consumer_secret="AnotherSecret")
        for other in (replace(mine, base_url="https://us.api.concursolutions.com"), replace(mine, consumer_key="x")):
            connection = replace(desk.connection(server), application=other)
            with pytest.raises(TokenOfAnotherApplication):
                refresh_and_store(connection, issued.token)
        revocation = revoke_and_prove(connection, issued.token)
    assert ticks(revocation) == (Tick.DONE, Tick.DONE, Tick.DONE)
    assert asked(server)[1:] == [PROBE, DISCONNECT, PROBE]
    assert not any(b"AnotherSecret" in request for request in server.requests)


def test_token_of_another_contract_is_revoked_by_its_own(desk: Desk) -> None:
    from gui.concur.legacy import LegacyContract  # noqa: PLC0415  # the profile was switched to it

    with ScriptedServer(says(granted(), PROFILE, (200, b""), (401, b""))) as server:
        issued = desk.exchange(server)
        connection = replace(desk.connection(server), contract=LegacyContract())
        outcome = revoke_chain(connection, issued.token)
    assert outcome.newest.ended_token
    assert asked(server)[1:] == [PROBE, DISCONNECT, PROBE]
    assert desk.journal() == (0, 0)


# Crashes


@pytest.mark.parametrize(
    ("flow", "moment"),
    [
        *itertools.product(["exchange", "refresh", "proof"], ["in the keyring", "after the keyring"]),
        *itertools.product(["refresh", "proof"], ["while the old one is forgotten"]),
    ],
)
def test_process_that_ends_in_the_middle_loses_no_token(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, flow: str, moment: str
) -> None:
    """`GONE` is killed while it keeps what an exchange, a refresh or a proof brought; another looks after it."""
    killed = desk.process(GONE)
    number = {"exchange": 1, "refresh": 2, "proof": 2}[flow]
    answers = {
        "exchange": (granted(),),
        "refresh": (granted(), granted(2)),
        "proof": (granted(), PROFILE, (200, b""), granted(2)),
    }[flow]

    def crash(*_arguments: object, **_named: object) -> None:
        raise Crash

    with ScriptedServer(says(*answers)) as server:
        connection = desk.connection(server, killed)
        token = None if flow == "exchange" else desk.exchange(server, killed).token
        flows: dict[str, Callable[[], object]] = {
            "exchange": lambda: desk.exchange(server, killed),
            "refresh": lambda: token and refresh_and_store(connection, token),
            "proof": lambda: token and revoke_and_prove(connection, token),
        }
        with monkeypatch.context() as patch:
            if moment == "in the keyring":
                patch.setattr(desk.secrets, "write", crash)
            elif moment == "after the keyring":
                patch.setattr(killed, "_write_or_remember", crash)
            else:
                patch.setattr(desk.secrets, "delete", crash)
            with pytest.raises(Crash):
                flows[flow]()
    live, cut_off = desk.journal()
    kept = desk.refresh_tokens()
    if moment == "in the keyring":
        assert cut_off == 1
        assert live == number - 1
    else:
        assert cut_off == 0
        assert f"{REFRESH_TOKEN}{number}" in kept
    assert ACCESS_TOKEN not in desk.texts()
