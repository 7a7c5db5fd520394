"""Whatever answers an exchange: a document or a WireError, in time, and no secret in the error."""

from __future__ import annotations

import json
import random
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gui.concur.errors import WireError
from gui.concur.models import AccessTokenDocument
from gui.concur.redaction import Redactor
from gui.concur.transport import WireLimits
from tests.flow.canaries import ACCESS_TOKEN, CODE, CONSUMER_SECRET, DOCUMENT, REFRESH_TOKEN, secrets_in, words_of
from tests.flow.scripted_server import ScriptedServer, Talk
from tests.flow.spoken import BOTH, CURRENT_DOCUMENT, Spoken, both_contracts
from tests.unit.concur.samples import answer

if TYPE_CHECKING:
    from tests.flow.conftest import Wire

JSON_DOCUMENT = json.dumps({"Access_Token": {"Token": ACCESS_TOKEN, "Refresh_Token": REFRESH_TOKEN}}).encode()
ERROR = f"<Error><Message>no {CONSUMER_SECRET} {CODE}</Message></Error>".encode()
CURRENT_ERROR = json.dumps(
    {
        "code": 16,
        "error": CONSUMER_SECRET,
        "error_description": CODE,
        "geolocation": f"https://{CONSUMER_SECRET}.invalid",
        "concur-correlationid": CONSUMER_SECRET,
    }
).encode()
BODIES = [
    DOCUMENT,
    JSON_DOCUMENT,
    ERROR,
    DOCUMENT.decode().encode("utf-16"),
    CURRENT_DOCUMENT,
    CURRENT_DOCUMENT.decode().encode("utf-16"),
    CURRENT_ERROR,
]
SPLINTERS = st.sampled_from(
    [
        b"<",
        b">",
        b"</Token>",
        b"<Token>",
        b"<![CDATA[",
        b"]]>",
        b"&",
        b"&#0;",
        b"&#x10FFFF;",
        b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
        b"<?xml version='1.0' encoding='",
        b"'?>",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b'"',
        b"{",
        b"[",
        b"\\ud800",
        b"\\",
        b"1" * 5000,
        CONSUMER_SECRET.encode(),
        CODE.encode(),
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    body = bytearray(draw(st.sampled_from(BODIES)))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(body)))
        end = min(len(body), start + draw(st.integers(0, 12)))
        body[start:end] = draw(st.one_of(SPLINTERS, st.binary(max_size=6)))
    return bytes(body)


CONTENT_TYPES = st.one_of(
    st.sampled_from(["application/xml", "application/json", "text/html", "", CONSUMER_SECRET]),
    st.text(alphabet=st.characters(max_codepoint=255), max_size=30),
)


@both_contracts
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(mutated(), st.binary(max_size=300)), st.integers(100, 999), CONTENT_TYPES)
@example(b'{"Access_Token":{"Token":"\\ud800"}}', 200, "")
@example(b'{"a":' + b"1" * 5000 + b"}", 200, "")
@example(b'<?xml version="1.0" encoding="idna"?><a>\xff', 200, "")
@example(b'{"access_token":"\\ud800","geolocation":"\\ud800"}', 200, "")
@example(b'{"access_token":"abc","id_token":"ey.\\ud800.","scope":"\\ud800","expires_in":"\\ud800"}', 200, "")
def test_document_or_error(spoken: Spoken, body: bytes, status: int, content_type: str) -> None:
    # Mostly 200: there is more to go wrong.
    exchange = answer(body, 200 if status > 300 else status, content_type)
    redactor = Redactor()
    redactor.learn(CONSUMER_SECRET, CODE)
    try:
        document = spoken.read(exchange, redactor)
    except WireError as error:
        error.issued = spoken.salvage(exchange, redactor)
        told = words_of(error)
    else:
        told = ""
        assert isinstance(document, AccessTokenDocument)
        assert document.token.isascii()
        assert document.token.isprintable()
        assert document.raw == body
    assert not {CONSUMER_SECRET, CODE} & set(secrets_in(told))


def hostile_wire_answers(document: bytes, content_type: str) -> list[bytes]:
    """Sixty answers, the same in every run: bytes of a good one changed, and good heads before broken bodies."""
    dice = random.Random(20260304)
    good = (
        b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n"
        b"Set-Cookie: a=b; path=/\r\nServer: x\r\n\r\n" % (content_type.encode(), len(document))
    ) + document
    answers = []
    for _ in range(40):
        changed = bytearray(good)
        for _ in range(dice.randint(1, 8)):
            at = dice.randrange(len(changed))
            match dice.randrange(4):
                case 0:
                    changed[at] = dice.randrange(256)
                case 1:
                    del changed[at : at + dice.randint(1, 20)]
                case 2:
                    changed[at:at] = dice.randbytes(dice.randint(1, 20))
                case _:
                    changed[at:at] = changed[: dice.randint(1, 60)]
        answers.append(bytes(changed))
    headers = [
        b"Content-Length: -1",
        b"Content-Length: 1e9",
        b"Content-Length: 5\r\nContent-Length: 7",
        b"Content-Length: 99999999999999999999999",
        b"Transfer-Encoding: chunked, chunked",
        b"Transfer-Encoding: gzip",
        b"Transfer-Encoding: chunked\r\nContent-Length: 3",
        b"Content-Encoding: br",
        b"Content-Encoding: deflate",
        b"Content-Encoding: " + CONSUMER_SECRET.encode(),
        b"Content-Type: " + b"\xff\xfe" * 50,
        b"Set-Cookie: " + b"a=\x01; expires=99; domain=..; " * 20,
        b"Set-Cookie2: a=b; Version=x",
        b": no name",
        b" folded: first",
        b"X: a\r\n folded",
        b"no colon",
        b"X-Echo: " + CONSUMER_SECRET.encode(),
        b"Location: " + CONSUMER_SECRET.encode(),
        b"Connection: upgrade\r\nUpgrade: websocket",
    ]
    return answers + [b"HTTP/1.1 200 OK\r\n" + header + b"\r\n\r\n" + document for header in headers]


STATUS_LINES = [
    b"HTTP/1.1 101 Switching Protocols",
    b"HTTP/1.1 103 Early Hints",
    b"HTTP/1.1 204 No Content",
    b"HTTP/1.1 206 Partial",
    b"HTTP/1.1 304 Not Modified",
    b"HTTP/1.1 000 Zero",
    b"HTTP/1.1 -20 Minus",
    b"HTTP/1.1 200",
    b"HTTP/1.1",
    b"HTTP/0.9 200 OK",
    b"HTTP/2 200 OK",
    b"HTTP/9.9 200 OK",
    b"http/1.1 200 OK",
    b"ICY 200 OK",
    b"HTTP/1.1 200 " + CONSUMER_SECRET.encode(),
    CONSUMER_SECRET.encode(),
    b"\x00\x01\x02",
    b"HTTP/1.1 407 " + CODE.encode(),
]


@pytest.mark.logs_warnings  # urllib3 does, of malformed headers; no handler of ours takes that in
@pytest.mark.parametrize(
    ("spoken", "sent"),
    [
        pytest.param(spoken, sent, id=f"{spoken.name} {name}")
        for spoken in BOTH
        for name, sent in [
            *(
                (f"changed {number}", sent)
                for number, sent in enumerate(hostile_wire_answers(spoken.document, spoken.content_type))
            ),
            *((repr(line)[2:22], line + b"\r\n\r\n" + spoken.document) for line in STATUS_LINES),
        ]
    ],
    indirect=["spoken"],
)
def test_hostile_bytes_on_the_wire(wire: Wire, sent: bytes) -> None:
    wire.limits = WireLimits(connect_s=2, silence_s=1, whole_s=2)

    def script(talk: Talk) -> None:
        talk.read_head()
        talk.send(sent)

    with ScriptedServer(script) as server:
        started = time.monotonic()
        try:
            document = wire.exchange(server.base_url)
        except WireError as error:
            told, kept = words_of(error), error.exchange
        else:
            told, kept = repr(document), wire.records[0]
        took = time.monotonic() - started
    assert took < 5
    assert wire.records == [kept]
    assert secrets_in(told + repr(wire.records)) == []


@both_contracts
@pytest.mark.logs_warnings
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400), st.booleans())
def test_random_bytes_on_the_wire(wire: Wire, noise: bytes, headed: bool) -> None:  # noqa: FBT001  # drawn
    wire.records.clear()
    head = b"HTTP/1.1 200 OK\r\nX: " if headed else b""

    def script(talk: Talk) -> None:
        talk.read_head()
        talk.send(head + noise)

    with ScriptedServer(script) as server, pytest.raises(WireError) as caught:
        wire.exchange(server.base_url)
    assert secrets_in(words_of(caught.value)) == []
    assert len(wire.records) == 1
