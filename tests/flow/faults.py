"""What can go wrong with an exchange, each with what is to become of its note and of a token in it."""

from __future__ import annotations

import base64
import itertools
import json
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
    GrantRefused,
)
from gui.loopback.http import Delivery, Ending
from gui.sandbox.answers import Answer
from gui.sandbox.tokens import TokenSource, new_form_ticket

if TYPE_CHECKING:
    from gui.concur.errors import WireError
    from gui.concur.models import Headers


class Canaries:
    """Tokens that are recognised wherever they turn up, in the forms that Concur gives them."""

    def __init__(self) -> None:
        self.given: list[str] = []
        """Of the legacy contract. The other's are written by the sandbox itself: see `Kit.secrets`."""
        self._count = itertools.count(1)
        self._uuids = itertools.count(1)

    def source(self) -> TokenSource:
        return TokenSource(
            request_token=lambda: self._next("0_canary9request", 33),
            access_token=lambda: self._next("canary+access/", 27) + "=",
            refresh_token=lambda: self._next("canary$refresh", 31),
            form_ticket=new_form_ticket,
            uuid=lambda: canary_uuid(next(self._uuids)),
        )

    def _next(self, head: str, length: int) -> str:
        value = f"{head}{next(self._count):0{length - len(head)}d}"
        self.given.append(value + "=" if "access" in head else value)
        return value


def canary_uuid(number: int) -> str:
    return f"cafe4a27-aaaa-4aaa-8aaa-{number:012x}"


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


# The same for the current contract. Of the UUIDs of its sandbox the first flow is given 1 (request token), 2
# (correlation id of the exchange) and 3 (refresh token). The access token of these answers is none of the sandbox's:
# what lives at Concur is the refresh token, and whoever meets a refused access token has to refresh first.
CURRENT_REFRESH = canary_uuid(3)


def _json_part(part: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def made_up_jwt(subject: str, size: int = 0) -> str:
    """A JWT that nobody signed; `size` characters at least."""
    claims = {"sub": subject, "exp": 2082812210, "padding": "x" * (size * 3 // 4)}
    return f"{_json_part({'alg': 'RS256'})}.{_json_part(claims)}.canary-signature-{subject}"


CURRENT_TOKEN = made_up_jwt("access-canary")
CURRENT_ID_TOKEN = made_up_jwt("id-canary")
_CURRENT_MEMBERS: dict[str, object] = {
    "expires_in": 3600,
    "scope": "openid",
    "token_type": "Bearer",
    "access_token": CURRENT_TOKEN,
    "refresh_token": CURRENT_REFRESH,
    "refresh_expires_in": 2082812210,
    "id_token": CURRENT_ID_TOKEN,
    "geolocation": "/concur.example",
}
CURRENT_ERROR = json.dumps(
    {
        "code": 103,
        "error": "invalid_request",
        "error_description": "The request token is bad.",
        "concur-correlationid": "8FD3A3C5-4A77-4C62-8D37-1F2E3D4C5B6A",
    }
).encode()
JSON = (("Content-Type", "application/json"),)


def current_document(**changes: object) -> bytes:
    """The good answer of the token endpoint, with other members; None leaves one out."""
    members = {**_CURRENT_MEMBERS, **changes}
    return json.dumps({name: value for name, value in members.items() if value is not None}).encode()


CURRENT_GOOD = current_document()


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


def _body(body: bytes, status: int = 200, headers: Headers = XML, **delivery: object) -> Answer:
    """Issue a token, and answer this all the same."""
    return Answer(
        status=status,
        headers=headers,
        body=body,
        processed=True,
        delivery=Delivery(**delivery),  # type: ignore[arg-type]  # names and types of Delivery's own
    )


def _refused(body: bytes, status: int, headers: Headers = XML) -> Answer:
    return Answer(status=status, headers=headers, body=body)


def _with(old: str, new: str) -> bytes:
    assert old.encode() in GOOD
    return GOOD.replace(old.encode(), new.encode())


TOKEN_ELEMENT = f"<Token>{TOKEN}</Token>"
_CUT = GOOD.index(b"</Token>")

OF_ANY_ANSWER: dict[str, Fault] = {
    "silence": Fault(Answer(delivery=Delivery(delay_s=30.0)), AnswerTimedOut, End.LEFT),
    "slow drip": Fault(Answer(delivery=Delivery(bytes_per_s=20.0)), AnswerTimedOut, End.LEFT),
    "close without a byte": Fault(Answer(delivery=Delivery(after_bytes=0)), AnswerCutOff, End.LEFT),
    "close in the head": Fault(Answer(delivery=Delivery(after_bytes=40)), AnswerCutOff, End.LEFT),
    "reset without a byte": Fault(
        Answer(delivery=Delivery(after_bytes=0, ending=Ending.RESET)), AnswerCutOff, End.LEFT
    ),
    "redirecting": Fault(
        Answer(status=302, headers=(("Location", "https://elsewhere.example/x?token=canary"),), body=b""),
        AnswerRedirects,
        End.CLOSED,
    ),
}
"""What can become of an answer whatever is in it."""

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
    "slow drip past the token": Fault(_body(GOOD + b" " * 4000, bytes_per_s=2000.0), AnswerTimedOut, End.ISSUED),
    "close in the body past the token": Fault(
        _body(GOOD + b" " * 4000, after_bytes=len(GOOD) + 2000), AnswerCutOff, End.ISSUED
    ),
    **OF_ANY_ANSWER,
}
"""Every answer of these but the refusals and the redirecting one went out after a token had been issued."""


def _json_body(body: bytes, status: int = 200, **delivery: object) -> Answer:
    return _body(body, status, JSON, **delivery)


_CURRENT_CUT = CURRENT_GOOD.index(CURRENT_TOKEN.encode()) + len(CURRENT_TOKEN)
_PAST_THE_REFRESH_TOKEN = CURRENT_GOOD.index(CURRENT_REFRESH.encode()) + len(CURRENT_REFRESH) + 1
"""Salvaged without it, a token that has expired could not be revoked."""

CURRENT_FAULTS: dict[str, Fault] = {
    "error with 400": Fault(_refused(CURRENT_ERROR, 400, JSON), GrantRefused, End.CLOSED),
    "error with 200": Fault(_refused(CURRENT_ERROR, 200, JSON), GrantRefused, End.CLOSED),
    "error with 500": Fault(_json_body(CURRENT_ERROR, 500), GrantRefused, End.LEFT),
    "HTML with 500": Fault(_json_body(HTML, 500), ConcurFailed, End.LEFT),
    "HTML with 404": Fault(_refused(HTML, 404, JSON), ConcurFailed, End.CLOSED),
    "HTML with 200": Fault(_json_body(HTML), DocumentUnexpected, End.LEFT),
    "document of the other contract": Fault(
        _body(GOOD.replace(TOKEN.encode(), b"other")), DocumentUnexpected, End.LEFT
    ),
    "good document with 500": Fault(_json_body(CURRENT_GOOD, 500), ConcurFailed, End.ISSUED),
    "empty": Fault(_json_body(b""), AnswerEmpty, End.LEFT),
    "no object": Fault(_json_body(b"[" + CURRENT_ERROR + b"]"), DocumentUnexpected, End.LEFT),
    "cut before the end of access_token": Fault(
        _json_body(CURRENT_GOOD[: _CURRENT_CUT - 5]), DocumentTruncated, End.LEFT
    ),
    "cut after the end of refresh_token": Fault(
        _json_body(CURRENT_GOOD[:_PAST_THE_REFRESH_TOKEN]), DocumentTruncated, End.ISSUED
    ),
    "brackets that do not match": Fault(_json_body(CURRENT_GOOD[:-1] + b"]"), DocumentMalformed, End.ISSUED),
    "nested too deep": Fault(_json_body(CURRENT_GOOD[:-1] + b',"x":' + b"[" * 100_000), DocumentMalformed, End.ISSUED),
    "bytes that are no UTF-8": Fault(
        _json_body(CURRENT_GOOD.replace(b"concur.example", b"concur\xff\xfeexample")), DocumentUndecodable, End.ISSUED
    ),
    "5 MB with the token first": Fault(_json_body(CURRENT_GOOD + PADDING), AnswerTooLarge, End.ISSUED),
    "5 MB with the token last": Fault(_json_body(PADDING + CURRENT_GOOD), AnswerTooLarge, End.LEFT),
    "no access_token": Fault(_json_body(current_document(access_token=None)), AccessTokenMissing, End.LEFT),
    "empty access_token": Fault(_json_body(current_document(access_token=" ")), AccessTokenMissing, End.LEFT),
    "access_token that is no text": Fault(
        _json_body(current_document(access_token=["x"])), AccessTokenMissing, End.LEFT
    ),
    "token that cannot be sent": Fault(
        _json_body(current_document(access_token=CURRENT_TOKEN + "é")), AccessTokenUnusable, End.LEFT
    ),
    "slow drip past the token": Fault(
        _json_body(CURRENT_GOOD + b" " * 4000, bytes_per_s=4000.0), AnswerTimedOut, End.ISSUED
    ),
    "close in the body past the token": Fault(
        _json_body(CURRENT_GOOD + b" " * 4000, after_bytes=len(CURRENT_GOOD) + 2000), AnswerCutOff, End.ISSUED
    ),
    **OF_ANY_ANSWER,
}


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

CURRENT_ODDITIES: dict[str, Oddity] = {
    "UTF-8 with a mark": Oddity(b"\xef\xbb\xbf" + CURRENT_GOOD, JSON),
    "type that is not JSON's": Oddity(CURRENT_GOOD, (("Content-Type", "text/html"),)),
    "expires_in as text": Oddity(current_document(expires_in="3600"), JSON),
    "expires_in that is no number": Oddity(current_document(expires_in="soon"), JSON),
    "no expires_in": Oddity(current_document(expires_in=None), JSON),
    "no id_token": Oddity(current_document(id_token=None), JSON),
    "id_token that is broken": Oddity(current_document(id_token="ey.canary9broken.x"), JSON),
    "no geolocation": Oddity(current_document(geolocation=None), JSON),
    "geolocation of somebody else": Oddity(current_document(geolocation="https://elsewhere.example"), JSON),
    "access token of 8 KB": Oddity(current_document(access_token=made_up_jwt("access-canary", 8192)), JSON),
    "members that nobody knows": Oddity(current_document(x={"y": [1, None]}, expires_at=5), JSON),
}
"""Without a refresh token none of these could be revoked, since the sandbox does not know their access token."""
