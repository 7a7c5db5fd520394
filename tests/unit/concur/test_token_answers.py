from __future__ import annotations

import codecs
import json
import re
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from gui.concur.errors import (
    AccessTokenMissing,
    AccessTokenUnusable,
    AnswerEmpty,
    AnswerError,
    ConcurFailed,
    ConcurRefused,
    DocumentMalformed,
    DocumentTruncated,
    DocumentUndecodable,
    DocumentUnexpected,
    GrantRefused,
)
from gui.concur.geolocation import is_geolocation
from gui.concur.models import AccessTokenDocument, Headers, Operation, Remark
from gui.concur.redaction import REDACTED, Redactor
from gui.concur.token_answers import (
    is_json_object,
    read_error,
    read_refusal,
    read_token_document,
    salvage_token_document,
)
from gui.messages import message_for
from tests.flow.canaries import ACCESS_TOKEN, CONSUMER_SECRET, DOCUMENT, NOW, REFRESH_TOKEN, secrets_in, words_of
from tests.flow.spoken import CURRENT_DOCUMENT, GEOLOCATION
from tests.unit.concur.samples import answer
from tests.unit.concur.test_jwt_text import CLAIMS, jwt

if TYPE_CHECKING:
    from collections.abc import Callable

GLZ = "https://glz.api.concursolutions.com"
ID_TOKEN = jwt()
GOOD: dict[str, Any] = {**json.loads(CURRENT_DOCUMENT), "id_token": ID_TOKEN}
ANSWERED_AT = NOW + timedelta(milliseconds=1)


def is_place(geolocation: str) -> bool:
    return is_geolocation(geolocation, GLZ)


def read(
    body: bytes,
    status: int = 200,
    content_type: str = "application/json",
    headers: Headers = (),
    operation: Operation = Operation.EXCHANGE,
) -> AccessTokenDocument:
    exchange = answer(body, status, content_type, headers=headers, operation=operation, url=f"{GLZ}/oauth2/v0/token")
    return read_token_document(exchange, Redactor(), is_place)


def good(**changes: object) -> bytes:
    """The good document with members changed; what is None is left out."""
    return json.dumps({name: value for name, value in {**GOOD, **changes}.items() if value is not None}).encode()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(good(), id="as recorded"),
        pytest.param(json.dumps(GOOD, indent=2).replace("/", "\\/").encode("utf-8-sig"), id="BOM, escaped slashes"),
        pytest.param(json.dumps(GOOD).encode("utf-16"), id="UTF-16 with BOM"),
        pytest.param(b"\r\n\t " + good() + b"\r\n", id="white space around"),
        pytest.param(good(expires_in="3600"), id="expires_in as text"),
        pytest.param(good(expires_in=" 3600 "), id="expires_in as text with spaces"),
        pytest.param(good(refresh_expires_in=str(GOOD["refresh_expires_in"])), id="refresh_expires_in as text"),
        pytest.param(good(access_token=f" {ACCESS_TOKEN}\n"), id="white space around the token"),
        pytest.param(good(unknown={"access_token": "x"}, more=[1, None]), id="unknown members"),
        pytest.param(json.dumps(dict(reversed(GOOD.items()))).encode(), id="another order"),
        pytest.param(json.dumps({name.upper(): value for name, value in GOOD.items()}).encode(), id="capitals"),
        pytest.param(json.dumps({name.title(): value for name, value in GOOD.items()}).encode(), id="title case"),
        pytest.param(
            good().replace(b'"refresh_token"', b'"access_token":"second","refresh_token"', 1),
            id="token twice: the first",
        ),
        pytest.param(
            good().replace(b'"refresh_token"', b'"ACCESS_TOKEN":"second","refresh_token"', 1), id="twice in two cases"
        ),
        pytest.param(good(error=None, code=None), id="no error"),
        pytest.param(good(error="oddly", code=5), id="a token beside an error"),
    ],
)
def test_reads(body: bytes) -> None:
    document = read(body)
    assert document.token == ACCESS_TOKEN
    assert document.refresh_token == REFRESH_TOKEN
    assert document.instance_url == GEOLOCATION
    assert document.expires_at == ANSWERED_AT + timedelta(hours=1)
    assert document.expiration_text == "expires_in 3600"
    assert document.refresh_expires_at == datetime(2026, 9, 3, 15, 22, 11, tzinfo=UTC)
    assert document.scopes == ("openid", "user.read")
    assert document.subject == CLAIMS["sub"]
    assert document.remarks == ()
    assert document.raw == body
    assert document.answer is not None
    assert document.answer.response_body == body
    assert secrets_in(repr(document)) == []
    assert ID_TOKEN not in repr(document)


@pytest.mark.parametrize(
    ("body", "remark"),
    [
        pytest.param(good(expires_in=None), Remark.EXPIRATION_MISSING, id="no expires_in"),
        pytest.param(good(expires_in=""), Remark.EXPIRATION_MISSING, id="empty expires_in"),
        pytest.param(good(expires_in=True), Remark.EXPIRATION_MISSING, id="expires_in that is a truth"),
        pytest.param(good(expires_in=[3600]), Remark.EXPIRATION_MISSING, id="expires_in in a list"),
        pytest.param(good(expires_in="soon"), Remark.EXPIRATION_UNREADABLE, id="expires_in in words"),
        pytest.param(good(expires_in=-1), Remark.EXPIRATION_UNREADABLE, id="negative"),
        pytest.param(good(expires_in=3600.5), Remark.EXPIRATION_UNREADABLE, id="with a fraction"),
        pytest.param(good(expires_in="\u0663\u0666"), Remark.EXPIRATION_UNREADABLE, id="Arabic digits"),
        pytest.param(good(expires_in=10**9), Remark.EXPIRATION_UNREADABLE, id="thirty years"),
        pytest.param(good(expires_in="9" * 9), Remark.EXPIRATION_UNREADABLE, id="as long as ten years and more"),
        pytest.param(
            good().replace(b"3600", b"1" * 5000), Remark.EXPIRATION_UNREADABLE, id="more digits than a number may have"
        ),
        pytest.param(good().replace(b"3600", b"1e400"), Remark.EXPIRATION_UNREADABLE, id="endless"),
        pytest.param(good().replace(b"3600", b"NaN"), Remark.EXPIRATION_MISSING, id="no number"),
        pytest.param(good(refresh_token=None), Remark.REFRESH_TOKEN_MISSING, id="no refresh token"),
        pytest.param(good(refresh_token=" "), Remark.REFRESH_TOKEN_MISSING, id="blank refresh token"),
        pytest.param(good(refresh_token=["a"]), Remark.REFRESH_TOKEN_MISSING, id="refresh token in a list"),
        pytest.param(good(refresh_token="a b"), Remark.REFRESH_TOKEN_UNUSABLE, id="space in the refresh token"),
        pytest.param(good(refresh_token="a\r\nb"), Remark.REFRESH_TOKEN_UNUSABLE, id="line break in it"),
        pytest.param(good(refresh_token="\ud800"), Remark.REFRESH_TOKEN_UNUSABLE, id="half a character in it"),
        pytest.param(good(geolocation=None), Remark.GEOLOCATION_MISSING, id="no geolocation"),
        pytest.param(good(geolocation=[GEOLOCATION]), Remark.GEOLOCATION_MISSING, id="a list for it"),
        pytest.param(good(geolocation=7), Remark.GEOLOCATION_UNUSABLE, id="a number for it"),
        pytest.param(good(geolocation="https://evil.example"), Remark.GEOLOCATION_UNUSABLE, id="somebody else's"),
        pytest.param(good(geolocation="http://us.api.concursolutions.com"), Remark.GEOLOCATION_UNUSABLE, id="http"),
        pytest.param(
            good(geolocation="https://evil.example\\.api.concursolutions.com"),
            Remark.GEOLOCATION_UNUSABLE,
            id="behind a backslash",
        ),
        pytest.param(good(geolocation="\ud800"), Remark.GEOLOCATION_UNUSABLE, id="half a character"),
        pytest.param(good(geolocation="https://" + "a" * 5000), Remark.GEOLOCATION_UNUSABLE, id="endless one"),
        pytest.param(good(id_token=None), Remark.ID_TOKEN_MISSING, id="no id_token"),
        pytest.param(good(id_token=" "), Remark.ID_TOKEN_MISSING, id="blank id_token"),
        pytest.param(good(id_token={"sub": "x"}), Remark.ID_TOKEN_MISSING, id="id_token that is no text"),
        pytest.param(good(id_token="canary"), Remark.ID_TOKEN_UNREADABLE, id="id_token that is no JWT"),
        pytest.param(good(id_token=ID_TOKEN[:-90]), Remark.ID_TOKEN_UNREADABLE, id="id_token cut off"),
        pytest.param(good(id_token="ey.%%.x"), Remark.ID_TOKEN_UNREADABLE, id="id_token that is no base64"),
        pytest.param(good(id_token="a." * 9000), Remark.ID_TOKEN_UNREADABLE, id="id_token of many parts"),
    ],
)
def test_odd_and_usable(body: bytes, remark: Remark) -> None:
    document = read(body)
    assert document.token == ACCESS_TOKEN
    assert document.remarks == (remark,)
    assert secrets_in(repr(document)) == []


def test_what_is_not_due_is_no_remark() -> None:
    refreshed = read(good(id_token=None), operation=Operation.REFRESH)
    assert refreshed.remarks == ()
    of_the_app = read(good(id_token=None, refresh_token=None), operation=Operation.APPLICATION_TOKEN)
    assert of_the_app.remarks == ()


@pytest.mark.parametrize("scope", ["", None, "   ", True, ["openid"]])
def test_no_scopes(scope: object) -> None:
    assert read(good(scope=scope)).scopes == ()


@pytest.mark.parametrize("seconds", [None, "soon", -1, 1788448931000, True, [1]])
def test_no_end_of_the_refresh_token(seconds: object) -> None:
    assert read(good(refresh_expires_in=seconds)).refresh_expires_at is None


def test_jwts_are_decoded_for_reading() -> None:
    access_token = jwt({"sub": "other", "aud": "*", "exp": 1772640131})
    document = read(good(access_token=access_token))
    assert [(reading.name, reading.problem) for reading in document.jwts] == [("id_token", ""), ("access_token", "")]
    assert json.loads(document.jwts[1].claims)["aud"] == "*"
    assert document.subject == CLAIMS["sub"]
    assert access_token not in repr(document)


def test_subject_of_the_access_token_where_there_is_no_id_token() -> None:
    assert read(good(access_token=jwt({"sub": "other"}), id_token=None)).subject == "other"


def test_opaque_access_token_is_not_taken_for_a_jwt() -> None:
    assert [reading.name for reading in read(good()).jwts] == ["id_token"]


@pytest.mark.parametrize("size", [8 * 1024, 60 * 1024])
def test_large_access_token(size: int) -> None:
    token = jwt({"sub": "s", "x": "a1" * (size * 3 // 8)})
    assert len(token) >= size
    redactor = Redactor()
    document = read_token_document(
        answer(good(access_token=token), content_type="application/json"), redactor, is_place
    )
    assert document.token == token
    assert document.jwts[1].problem == ""
    started = time.monotonic()
    assert redactor.text(f"Bearer {token}") == f"Bearer {REDACTED}"
    assert token not in redactor.text(json.dumps({"x": token}) + token.lower())
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("body", "error"),
    [
        pytest.param(b"", AnswerEmpty, id="empty"),
        pytest.param(b" \r\n\t", AnswerEmpty, id="white space"),
        pytest.param(codecs.BOM_UTF8, AnswerError, id="BOM alone"),
        pytest.param(good(access_token=None), AccessTokenMissing, id="no token"),
        pytest.param(good(access_token=""), AccessTokenMissing, id="empty token"),
        pytest.param(good(access_token=" \u00a0"), AccessTokenMissing, id="white token"),
        pytest.param(good(access_token=True), AccessTokenMissing, id="token that is a truth"),
        pytest.param(good(access_token=["a"]), AccessTokenMissing, id="token in a list"),
        pytest.param(good(access_token="a b"), AccessTokenUnusable, id="space in the token"),
        pytest.param(good(access_token="abc\nX-Evil: 1"), AccessTokenUnusable, id="line break"),
        pytest.param(good(access_token="tökén"), AccessTokenUnusable, id="not ASCII"),
        pytest.param(good(access_token="abc\ud800"), AccessTokenUnusable, id="half a character"),
        pytest.param(b"{}", AccessTokenMissing, id="nothing in it"),
        pytest.param(b'{"token":"abc"}', AccessTokenMissing, id="the legacy name"),
        pytest.param(b'{"data":{"access_token":"abc"}}', AccessTokenMissing, id="one level down"),
        pytest.param(DOCUMENT, DocumentUnexpected, id="the legacy document"),
        pytest.param(b"<Error><Message>x</Message></Error>", DocumentUnexpected, id="the legacy error"),
        pytest.param(b"<!DOCTYPE html><title>Sign in</title>", DocumentUnexpected, id="HTML"),
        pytest.param(b"\r\n <html>", DocumentUnexpected, id="HTML without doctype"),
        pytest.param(b"[]", DocumentUnexpected, id="a list"),
        pytest.param(b"null", DocumentUnexpected, id="null"),
        pytest.param(b'"access_token"', DocumentUnexpected, id="a text"),
        pytest.param(b"7", DocumentUnexpected, id="a number"),
        pytest.param(b"access_token=abc", DocumentMalformed, id="a form"),
        pytest.param(b"{access_token:1}", DocumentMalformed, id="no quotes"),
        pytest.param(good() + b"{}", DocumentMalformed, id="two documents"),
        pytest.param(b'{"a":"\xff"}', DocumentUndecodable, id="wrong bytes"),
        pytest.param(b'{"a":' + b"[" * 200_000, AnswerError, id="nested deep"),
        pytest.param(b'{"error":"invalid_grant","code":108}', GrantRefused, id="error with 200"),
        pytest.param(b'{"error":"x"}', GrantRefused, id="error without number with 200"),
        pytest.param(b'{"code":16}', GrantRefused, id="number alone with 200"),
    ],
)
def test_no_document(body: bytes, error: type[AnswerError]) -> None:
    with pytest.raises(error) as caught:
        read(body)
    assert type(caught.value) is error or error is AnswerError
    assert caught.value.__context__ is None
    assert caught.value.status == 200


@pytest.mark.parametrize(
    ("body", "what"),
    [
        pytest.param(b"<!DOCTYPE html>", "a web page", id="HTML"),
        pytest.param(DOCUMENT, "an XML document", id="the legacy document"),
        pytest.param(b"[]", "a JSON list", id="a list"),
        pytest.param(b"7", "a JSON value that is no object", id="a number"),
    ],
)
def test_what_came_in_place_of_a_document_is_named(body: bytes, what: str) -> None:
    with pytest.raises(DocumentUnexpected) as caught:
        read(body)
    assert message_for(caught.value).text.startswith(f"The answer is {what}. ")


# Error bodies


REFUSED: dict[str, Any] = {
    "code": 103,
    "error": "invalid_grant",
    "error_description": "bad or expired",
    "geolocation": GEOLOCATION,
    "concur-correlationid": "body-id",
}


WITHOUT_ID: dict[str, Any] = {"concur-correlationid": None}


def refused(status: int = 400, headers: Headers = (), **changes: Any) -> GrantRefused:  # noqa: ANN401  # any JSON
    members = {name: value for name, value in {**REFUSED, **changes}.items() if value is not None}
    with pytest.raises(GrantRefused) as caught:
        read(json.dumps(members).encode(), status, headers=headers)
    assert caught.value.status == status
    return caught.value


def test_error_body() -> None:
    error = refused()
    assert (error.document.code, error.document.message) == (103, "invalid_grant: bad or expired")
    assert (error.document.error_id, error.geolocation) == ("body-id", GEOLOCATION)
    assert error.code_text == "code 103"
    assert "expired" in error.meaning_text
    assert "body-id" in error.details_text
    assert isinstance(error, ConcurRefused)


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500, 599])
def test_error_body_with_any_status(status: int) -> None:
    assert refused(status).document.code == 103


@pytest.mark.parametrize(
    ("code", "number"),
    [
        pytest.param(16, 16, id="number"),
        pytest.param("16", 16, id="text"),
        pytest.param(" 16 ", 16, id="text with spaces"),
        pytest.param(None, None, id="absent"),
        pytest.param("", None, id="empty"),
        pytest.param("sixteen", None, id="in words"),
        pytest.param(16.0, None, id="with a fraction"),
        pytest.param(-16, None, id="negative"),
        pytest.param(True, None, id="a truth"),
        pytest.param([16], None, id="in a list"),
        pytest.param("9" * 5000, None, id="endless"),
        pytest.param("\u0661\u0666", None, id="Arabic digits"),
    ],
)
def test_number_of_an_error(code: object, number: int | None) -> None:
    error = refused(code=code)
    assert error.document.code == number
    assert error.code_text == ("no code" if number is None else f"code {number}")


@pytest.mark.parametrize("geolocation", [None, "", " ", True, ["https://us"]])
def test_error_without_a_place(geolocation: object) -> None:
    assert refused(geolocation=geolocation).geolocation is None


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"error": None, "error_description": None}, "", id="neither"),
        pytest.param({"error": None}, "bad or expired", id="description alone"),
        pytest.param({"error_description": None}, "invalid_grant", id="error alone"),
        pytest.param({"error": "a\nb\x85c\u202e", "error_description": True}, "a b c ", id="control characters"),
    ],
)
def test_words_of_an_error(changes: dict[str, Any], message: str) -> None:
    assert refused(**changes).document.message.startswith(message)
    assert len(refused(error_description="x" * 5000).document.message) <= 2000


@pytest.mark.parametrize("name", ["Concur-Correlationid", "concur-correlationid", "CONCUR-CORRELATIONID"])
def test_correlation_id_from_the_header(name: str) -> None:
    header = ((name, "header-id"),)
    assert refused(headers=header, **WITHOUT_ID).document.error_id == "header-id"
    assert refused(headers=header).document.error_id == "body-id"
    assert read(good(), headers=header).correlation_id == "header-id"


def test_no_correlation_id() -> None:
    assert refused(**WITHOUT_ID).document.error_id == ""
    assert read(good()).correlation_id == ""


def test_correlation_id_is_cleaned() -> None:
    redactor = Redactor()
    redactor.learn(CONSUMER_SECRET)
    exchange = answer(good(), headers=(("Concur-Correlationid", f"a\x85{CONSUMER_SECRET}" + "x" * 5000),))
    document = read_token_document(exchange, redactor, is_place)
    assert document.correlation_id.startswith(f"a {REDACTED}")
    assert len(document.correlation_id) == 2000


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        pytest.param(b"<html>busy</html>", 503, ConcurFailed, id="HTML"),
        pytest.param(b"", 400, ConcurFailed, id="empty"),
        pytest.param(b"[]", 400, ConcurFailed, id="a list"),
        pytest.param(b"{}", 400, ConcurFailed, id="nothing in it"),
        pytest.param(b'{"error":{"code":16}}', 400, ConcurRefused, id="error of another form"),
        pytest.param(b'{"code":16', 400, ConcurFailed, id="cut off"),
        pytest.param(good(), 500, ConcurFailed, id="a token all the same"),
        pytest.param(b"<Error><Message>x</Message></Error>", 400, ConcurRefused, id="the legacy error"),
        pytest.param(b'{"Error":{"Message":"x"}}', 400, ConcurRefused, id="the legacy error in JSON"),
    ],
)
def test_refusal_of_another_form(body: bytes, status: int, kind: type[AnswerError]) -> None:
    with pytest.raises(kind) as caught:
        read(body, status)
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert type(read_refusal(answer(body, status), Redactor())) is kind


def test_error_of_a_body_whatever_the_call() -> None:
    document = read_error(answer(json.dumps(REFUSED).encode(), 401), Redactor())
    assert document is not None
    assert document.code == 103
    for body in (b"", b"<html>", b"{}", b'{"id":"x"}', b"[]", b"\xff"):
        assert read_error(answer(body, 401), Redactor()) is None


@pytest.mark.parametrize(("body", "is_one"), [(b"{}", True), (b'{"a":1}', True), (b"[]", False), (b"<html>", False)])
def test_json_object(body: bytes, *, is_one: bool) -> None:
    assert is_json_object(answer(body)) is is_one


# Secrets


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(json.dumps({**REFUSED, "error": CONSUMER_SECRET}).encode(), id="error"),
        pytest.param(json.dumps({**REFUSED, "error_description": f"x{CONSUMER_SECRET}"}).encode(), id="description"),
        pytest.param(json.dumps({**REFUSED, "concur-correlationid": CONSUMER_SECRET}).encode(), id="correlation id"),
        pytest.param(json.dumps({**REFUSED, "geolocation": f"https://{CONSUMER_SECRET}"}).encode(), id="geolocation"),
        pytest.param(f'{{"{CONSUMER_SECRET}":"{CONSUMER_SECRET}"}}'.encode(), id="name"),
        pytest.param(f"{{{CONSUMER_SECRET}".encode(), id="malformed"),
        pytest.param(f'{{"a":"{CONSUMER_SECRET}'.encode(), id="cut off"),
        pytest.param(f"<{CONSUMER_SECRET}/>".encode(), id="XML"),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_echoed_secret_is_in_no_error(body: bytes, status: int) -> None:
    redactor = Redactor()
    redactor.learn(CONSUMER_SECRET)
    exchange = answer(body, status, f"text/{CONSUMER_SECRET}", headers=(("Concur-Correlationid", CONSUMER_SECRET),))
    with pytest.raises(AnswerError) as caught:
        read_token_document(exchange, redactor, is_place)
    assert secrets_in(words_of(caught.value)) == []


def test_secrets_of_a_document_are_learned() -> None:
    redactor = Redactor()
    read_token_document(answer(good()), redactor, is_place)
    assert redactor.text(f"{ACCESS_TOKEN} {REFRESH_TOKEN} {ID_TOKEN}") == " ".join([REDACTED] * 3)


def test_secrets_of_a_body_are_taken_out_by_name() -> None:
    shown = Redactor().body(good())
    assert secrets_in(shown) == []
    assert ID_TOKEN not in shown
    assert GEOLOCATION in shown


# What is saved


def saved(body: bytes) -> AccessTokenDocument | None:
    return salvage_token_document(answer(body), Redactor(), is_place)


def test_cut_off_anywhere() -> None:
    whole = good()
    token_ends = whole.index(ACCESS_TOKEN.encode()) + len(ACCESS_TOKEN) + 1
    for length in range(1, len(whole)):
        exchange = answer(whole[:length])
        redactor = Redactor()
        with pytest.raises(AnswerError) as caught:
            read_token_document(exchange, redactor, is_place)
        assert type(caught.value) is DocumentTruncated, length
        document = salvage_token_document(exchange, redactor, is_place)
        assert (document is not None) == (length >= token_ends), length
        if document is not None:
            assert (document.token, document.answer) == (ACCESS_TOKEN, exchange)
            assert document.refresh_token in {None, REFRESH_TOKEN}
            assert document.instance_url in {None, GEOLOCATION}
            assert secrets_in(redactor.text(whole.decode())) == []


MUTATIONS: dict[str, Callable[[bytes], bytes]] = {
    "a comma too many": lambda body: body.replace(b"}", b",}"),
    "a comma missing": lambda body: body.replace(b", ", b" ", 1),
    "single quotes around a name": lambda body: body.replace(b'"scope"', b"'scope'"),
    "wrong bytes after it": lambda body: body.replace(b"openid", b"\xff\xfe"),
    "NUL after it": lambda body: body.replace(b"openid", b"\x00"),
    "HTML around it": lambda body: b"<html><pre>" + body + b"</pre></html>",
    "twice": lambda body: body + body,
    "in a list": lambda body: b"[" + body + b"]",
    "as a function": lambda body: b"callback(" + body + b")",
    "in another case": lambda body: body.replace(b"access_token", b"Access_Token").replace(b"{", b"{,"),
    "spaces around the colon": lambda body: body.replace(b'"access_token": ', b'"access_token" \r\n : ') + b"x",
}


@pytest.mark.parametrize("change", MUTATIONS)
def test_token_in_a_body_that_is_broken(change: str) -> None:
    body = MUTATIONS[change](good())
    with pytest.raises(AnswerError):
        read(body)
    document = saved(body)
    assert document is not None
    assert (document.token, document.refresh_token) == (ACCESS_TOKEN, REFRESH_TOKEN)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{,}", id="nothing in it"),
        pytest.param(b'{"access_token":"', id="cut off before it"),
        pytest.param(b'{"access_token":"abc', id="cut off in it"),
        pytest.param(b'{"access_token":"a b"', id="a space in it"),
        pytest.param(b'{"access_token":""', id="empty token"),
        pytest.param(b'{"access_token":7', id="a number"),
        pytest.param(b'{"id_token":"abc"', id="another token"),
        pytest.param(b'{"grant":"access_token","x":"abc"', id="the name as a value"),
        pytest.param(DOCUMENT, id="the legacy document"),
        pytest.param(b'"access_token":"' * 50_000, id="a thousand beginnings"),
    ],
)
def test_nothing_to_save(body: bytes) -> None:
    started = time.monotonic()
    document = saved(body)
    assert document is None or re.fullmatch(r"[\x21-\x7e]+", document.token)
    assert time.monotonic() - started < 2
    if not body.startswith(b'"access_token":"'):
        assert document is None
