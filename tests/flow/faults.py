"""What can go wrong with an exchange, each with what is to become of its note and of a token in it."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from gui.concur.errors import (
    AccessTokenMissing,
    AccessTokenUnusable,
    AnswerCutOff,
    AnswerEmpty,
    AnswerRedirects,
    AnswerTimedOut,
    AnswerTooLarge,
    ConcurFailed,
    ConcurRefused,
    DocumentForbidden,
    DocumentMalformed,
    DocumentTruncated,
    DocumentUndecodable,
    DocumentUnexpected,
)
from gui.loopback.http import Delivery, Ending
from gui.sandbox.answers import Answer
from gui.sandbox.tokens import TokenSource, new_form_ticket

if TYPE_CHECKING:
    from gui.concur.errors import WireError


class Canaries:
    """Tokens that are recognised wherever they turn up, in the forms that Concur gives them."""

    def __init__(self) -> None:
        self.given: list[str] = []
        self._count = itertools.count(1)

    def source(self) -> TokenSource:
        return TokenSource(
            request_token=lambda: self._next("0_canary9request", 33),
            access_token=lambda: self._next("canary+access/", 27) + "=",
            refresh_token=lambda: self._next("canary$refresh", 31),
            form_ticket=new_form_ticket,
        )

    def _next(self, head: str, length: int) -> str:
        value = f"{head}{next(self._count):0{length - len(head)}d}"
        self.given.append(value + "=" if "access" in head else value)
        return value


# The first flow of a scene is given the numbers 1 (request token), 2 (refresh token) and 3 (access token).
REFRESH = "canary$refresh" + "2".zfill(17)
TOKEN = "canary+access/" + "3".zfill(13) + "="
# An Instance_Url that cannot be called: the calls that follow go to the sandbox, whose port is not known here.
GOOD = (
    "<Access_Token>\r\n  <Instance_Url>/concur.example/</Instance_Url>\r\n"
    f"  <Token>{TOKEN}</Token>\r\n  <Expiration_date>9/25/2036 1:36:50 PM</Expiration_date>\r\n"
    f"  <Refresh_Token>{REFRESH}</Refresh_Token>\r\n</Access_Token>"
).encode()
ERROR = (
    b"<Error><Message>The request token is bad.</Message><Server-Time>2017-09-27T15:46:57</Server-Time>"
    b"<Id>8FD3A3C5-4A77-4C62-8D37-1F2E3D4C5B6A</Id></Error>"
)
HTML = b"<!DOCTYPE html><html><head><title>Oh no</title></head><body>Something<br>went wrong</body></html>"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]>'
    b"<Access_Token><Token>&y;</Token></Access_Token>"
)
XML = (("Content-Type", "application/xml; charset=utf-8"),)
PADDING = b" " * 5_000_000


class End(Enum):
    """What the journal shows after a failed exchange."""

    CLOSED = "no note: Concur issued nothing"
    LEFT = "a note: nobody can know"
    ISSUED = "a token: it was in the answer"


@dataclass(frozen=True)
class Fault:
    answer: Answer
    error: type[WireError]
    end: End


def _body(body: bytes, status: int = 200, **delivery: object) -> Answer:
    """Issue a token, and answer this all the same."""
    return Answer(
        status=status,
        headers=XML,
        body=body,
        processed=True,
        delivery=Delivery(**delivery),  # type: ignore[arg-type]  # names and types of Delivery's own
    )


def _refused(body: bytes, status: int) -> Answer:
    return Answer(status=status, headers=XML, body=body)


def _with(old: str, new: str) -> bytes:
    assert old.encode() in GOOD
    return GOOD.replace(old.encode(), new.encode())


TOKEN_ELEMENT = f"<Token>{TOKEN}</Token>"
_CUT = GOOD.index(b"</Token>")

FAULTS: dict[str, Fault] = {
    "Error with 400": Fault(_refused(ERROR, 400), ConcurRefused, End.CLOSED),
    "Error with 200": Fault(_refused(ERROR, 200), ConcurRefused, End.CLOSED),
    "Error with 500": Fault(_body(ERROR, 500), ConcurRefused, End.LEFT),
    "HTML with 500": Fault(_body(HTML, 500), ConcurFailed, End.LEFT),
    "HTML with 404": Fault(_refused(HTML, 404), ConcurFailed, End.CLOSED),
    "HTML with 200": Fault(_body(HTML), DocumentUnexpected, End.LEFT),
    "good document with 500": Fault(_body(GOOD, 500), ConcurFailed, End.ISSUED),
    "empty": Fault(_body(b""), AnswerEmpty, End.LEFT),
    "cut before the end of Token": Fault(_body(GOOD[: _CUT - 5]), DocumentTruncated, End.LEFT),
    "cut after the end of Token": Fault(_body(GOOD[: _CUT + 20]), DocumentTruncated, End.ISSUED),
    "mismatched tags": Fault(_body(_with("</Expiration_date>", "</Expiry>")), DocumentMalformed, End.ISSUED),
    "DTD": Fault(_body(b"<!DOCTYPE Access_Token>" + GOOD), DocumentForbidden, End.ISSUED),
    "entity bomb": Fault(_body(BOMB), DocumentForbidden, End.LEFT),
    "bytes that are no UTF-8": Fault(
        _body(GOOD.replace(b"concur.example", b"concur\xff\xfeexample")), DocumentUndecodable, End.ISSUED
    ),
    "unknown encoding": Fault(
        _body(b'<?xml version="1.0" encoding="x-klingon"?>' + GOOD), DocumentUndecodable, End.ISSUED
    ),
    "5 MB with the token first": Fault(_body(GOOD + PADDING), AnswerTooLarge, End.ISSUED),
    "5 MB with the token last": Fault(_body(PADDING + GOOD), AnswerTooLarge, End.LEFT),
    "no Token": Fault(_body(_with(TOKEN_ELEMENT, "")), AccessTokenMissing, End.LEFT),
    "empty Token": Fault(_body(_with(TOKEN_ELEMENT, "<Token> </Token>")), AccessTokenMissing, End.LEFT),
    "token that cannot be sent": Fault(
        _body(_with(TOKEN_ELEMENT, f"<Token>{TOKEN}é</Token>")), AccessTokenUnusable, End.LEFT
    ),
    "silence": Fault(Answer(delivery=Delivery(delay_s=30.0)), AnswerTimedOut, End.LEFT),
    "slow drip": Fault(Answer(delivery=Delivery(bytes_per_s=20.0)), AnswerTimedOut, End.LEFT),
    "slow drip past the token": Fault(_body(GOOD + b" " * 4000, bytes_per_s=2000.0), AnswerTimedOut, End.ISSUED),
    "close without a byte": Fault(Answer(delivery=Delivery(after_bytes=0)), AnswerCutOff, End.LEFT),
    "close in the head": Fault(Answer(delivery=Delivery(after_bytes=40)), AnswerEmpty, End.LEFT),
    "reset without a byte": Fault(
        Answer(delivery=Delivery(after_bytes=0, ending=Ending.RESET)), AnswerCutOff, End.LEFT
    ),
    "close in the body past the token": Fault(
        _body(GOOD + b" " * 4000, after_bytes=len(GOOD) + 2000), AnswerCutOff, End.ISSUED
    ),
    "redirecting": Fault(
        Answer(status=302, headers=(("Location", "https://elsewhere.example/x?token=canary"),), body=b""),
        AnswerRedirects,
        End.CLOSED,
    ),
}
"""Every answer of these but the refusals and the redirecting one went out after a token had been issued."""


@dataclass(frozen=True)
class Oddity:
    """An answer that is odd and works."""

    body: bytes
    headers: tuple[tuple[str, str], ...] = field(default=XML)


ODDITIES: dict[str, Oddity] = {
    "UTF-8 with a mark": Oddity(b"\xef\xbb\xbf" + GOOD),
    "UTF-16": Oddity(('<?xml version="1.0" encoding="utf-16"?>' + GOOD.decode()).encode("utf-16")),
    "ISO 8859-1": Oddity(
        ('<?xml version="1.0" encoding="iso-8859-1"?>' + GOOD.decode().replace("<Token>", "<X>é</X><Token>")).encode(
            "iso-8859-1"
        )
    ),
    "other casing": Oddity(
        _with("<Instance_Url>/concur.example/</Instance_Url>", "<INSTANCE_URL>/x.example/</INSTANCE_URL>")
        .replace(b"Expiration_date", b"Expiration_Date")
        .replace(b"Access_Token", b"access_token")
    ),
    "no Instance_Url": Oddity(_with("<Instance_Url>/concur.example/</Instance_Url>", "")),
    "date that cannot be read": Oddity(_with("9/25/2036 1:36:50 PM", "2036-09-25T13:36:50")),
    "no Refresh_Token": Oddity(_with(f"<Refresh_Token>{REFRESH}</Refresh_Token>", "")),
    "JSON": Oddity(
        ('{"Access_Token":{"Instance_Url":"/concur.example/","Token":"' + TOKEN + '"}}').encode(),
        (("Content-Type", "application/json"),),
    ),
    "entities": Oddity(_with(TOKEN_ELEMENT, f"<Token>{TOKEN.replace('+', '&#43;')}</Token>")),
}
