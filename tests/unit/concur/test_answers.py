from __future__ import annotations

import codecs
import json
from datetime import UTC, datetime

import pytest

from gui.concur.answers import (
    is_usable_instance_url,
    parse_expiration,
    read_access_token_document,
    read_error_document,
    refusal,
)
from gui.concur.errors import (
    AccessTokenMissing,
    AccessTokenUnusable,
    AnswerEmpty,
    AnswerError,
    ConcurFailed,
    ConcurRefused,
    DocumentForbidden,
    DocumentMalformed,
    DocumentTruncated,
    DocumentUndecodable,
    DocumentUnexpected,
)
from gui.concur.legacy import salvage_access_token_document
from gui.concur.models import AccessTokenDocument, Remark
from gui.concur.redaction import REDACTED, Redactor
from gui.messages import message_for
from tests.flow.canaries import ACCESS_TOKEN, CONSUMER_SECRET, DOCUMENT, REFRESH_TOKEN, secrets_in, words_of
from tests.unit.concur.samples import answer

TEXT = DOCUMENT.decode()
INNER = TEXT.removeprefix("<Access_Token>").removesuffix("</Access_Token>")
JSON = {
    "Access_Token": {
        "Instance_Url": "https://www.concursolutions.com/",
        "Token": ACCESS_TOKEN,
        "Expiration_date": "9/25/2026 1:36:50 PM",
        "Refresh_Token": REFRESH_TOKEN,
    }
}


def read(body: bytes, status: int = 200, content_type: str = "application/xml") -> AccessTokenDocument:
    return read_access_token_document(answer(body, status, content_type), Redactor())


def without(name: str) -> str:
    return "\r\n".join(line for line in TEXT.split("\r\n") if f"<{name}>" not in line)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(DOCUMENT, id="as recorded"),
        pytest.param(TEXT.replace("\r\n", "\n").encode(), id="bare line feeds"),
        pytest.param(TEXT.replace("\r\n", "").encode(), id="one line"),
        pytest.param(f'<?xml version="1.0"?>{TEXT}'.encode(), id="declaration"),
        pytest.param(f'<?xml version="1.0" encoding="utf-8"?>\r\n{TEXT}'.encode(), id="declared UTF-8"),
        pytest.param(f'<?xml version="1.0" encoding="UTF-8"?>\r\n{TEXT}'.encode("utf-8-sig"), id="UTF-8 with BOM"),
        pytest.param(TEXT.encode("utf-16"), id="UTF-16 with BOM"),
        pytest.param(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), id="UTF-16 BE with BOM"),
        pytest.param(f'<?xml version="1.0" encoding="utf-16"?>{TEXT}'.encode("utf-16"), id="declared UTF-16"),
        pytest.param(
            f'<?xml version="1.0" encoding="iso-8859-1"?>{TEXT}'.replace("</A", "<Note>é</Note></A").encode("latin-1"),
            id="ISO 8859-1",
        ),
        pytest.param(
            f'<?xml version="1.0" encoding="windows-1252"?>{TEXT}'.replace("</A", "<Note>€</Note></A").encode("cp1252"),
            id="Windows 1252",
        ),
        pytest.param(
            TEXT.replace("Instance_Url", "Instance_URL").replace("Expiration_date", "Expiration_Date").encode(),
            id="the documentation's other spelling",
        ),
        pytest.param(
            TEXT.replace("Token>", "TOKEN>").replace("<Access_", "<ACCESS_").replace("</Access_", "</ACCESS_").encode(),
            id="capitals",
        ),
        pytest.param(
            f'<Access_Token xmlns="http://www.concursolutions.com/api/2012/01">{INNER}</Access_Token>'.encode(),
            id="default namespace",
        ),
        pytest.param(
            TEXT.replace("<", "<c:")
            .replace("<c:/", "</c:")
            .replace("<c:Access_Token", '<c:Access_Token xmlns:c="urn:x"', 1)
            .encode(),
            id="prefixed",
        ),
        pytest.param(
            (
                "<Access_Token><New/><Other a='1'>x<Token>nested</Token></Other>"
                + "".join(reversed(INNER.splitlines(keepends=True)))
                + "</Access_Token>"
            ).encode(),
            id="other order and unknown elements",
        ),
        pytest.param(TEXT.replace(ACCESS_TOKEN, f"\n  {ACCESS_TOKEN}\t").encode(), id="white space around values"),
        pytest.param(TEXT.replace(ACCESS_TOKEN, f"<![CDATA[{ACCESS_TOKEN}]]>").encode(), id="CDATA"),
        pytest.param(
            TEXT.replace(ACCESS_TOKEN, ACCESS_TOKEN.replace("+", "&#43;").replace("=", "&#x3D;")).encode(),
            id="numeric references",
        ),
        pytest.param(
            TEXT.replace(ACCESS_TOKEN, f"{ACCESS_TOKEN[:5]}<!-- x -->{ACCESS_TOKEN[5:]}").encode(), id="comment inside"
        ),
        pytest.param(
            TEXT.replace(ACCESS_TOKEN, f"{ACCESS_TOKEN[:5]}<b/>{ACCESS_TOKEN[5:]}").encode(), id="element inside"
        ),
        pytest.param(TEXT.replace("</Token>", "</Token><Token>second</Token>").encode(), id="two tokens: the first"),
        pytest.param(TEXT.encode() + b"\r\n\r\n", id="trailing line ends"),
        pytest.param(json.dumps(JSON).encode(), id="JSON"),
        pytest.param(
            json.dumps(JSON, indent=2).replace("/", "\\/").encode("utf-8-sig"), id="JSON with BOM, escaped slashes"
        ),
        pytest.param(
            json.dumps(JSON).replace('"Expiration', '"Token":"second","Expiration').encode(),
            id="JSON with two tokens: the first",
        ),
        pytest.param(
            json.dumps({"access_TOKEN": {key.upper(): value for key, value in JSON["Access_Token"].items()}}).encode(),
            id="JSON in capitals",
        ),
    ],
)
def test_reads(body: bytes) -> None:
    document = read(body)
    assert document.token == ACCESS_TOKEN
    assert document.refresh_token == REFRESH_TOKEN
    assert document.instance_url == "https://www.concursolutions.com/"
    assert document.expires_at == datetime(2026, 9, 25, 13, 36, 50, tzinfo=UTC)
    assert document.expiration_text == "9/25/2026 1:36:50 PM"
    assert document.raw == body
    assert document.answer is not None
    assert document.answer.response_body == body
    assert document.remarks == ()
    assert secrets_in(repr(document)) == []


@pytest.mark.parametrize(
    ("body", "remark"),
    [
        pytest.param(without("Instance_Url"), Remark.INSTANCE_URL_MISSING, id="no Instance_Url"),
        pytest.param(TEXT.replace("https:", "javascript:"), Remark.INSTANCE_URL_UNUSABLE, id="no http URL"),
        pytest.param(TEXT.replace("https:", "http:"), Remark.INSTANCE_URL_UNUSABLE, id="http after https"),
        pytest.param(
            TEXT.replace("https://www.", "https://www." + "a" * 70_000), Remark.INSTANCE_URL_UNUSABLE, id="endless URL"
        ),
        pytest.param(without("Expiration_date"), Remark.EXPIRATION_MISSING, id="no date"),
        pytest.param(TEXT.replace("1:36:50 PM", "soon"), Remark.EXPIRATION_UNREADABLE, id="unreadable date"),
        pytest.param(without("Refresh_Token"), Remark.REFRESH_TOKEN_MISSING, id="no Refresh_Token"),
        pytest.param(TEXT.replace(REFRESH_TOKEN, ""), Remark.REFRESH_TOKEN_MISSING, id="blank Refresh_Token"),
        pytest.param(TEXT.replace(REFRESH_TOKEN, "a b"), Remark.REFRESH_TOKEN_UNUSABLE, id="space in Refresh_Token"),
    ],
)
def test_odd_and_usable(body: str, remark: Remark) -> None:
    document = read(body.encode())
    assert document.token == ACCESS_TOKEN
    assert document.remarks == (remark,)


def test_json_is_remarked_by_its_content_type() -> None:
    assert read(json.dumps(JSON).encode(), content_type="Application/JSON").remarks == (Remark.NOT_XML,)


ERROR = (
    "<Error><Message>Bad <![CDATA[<code>]]></Message><Server-Time>2026-09-27T15:46:57</Server-Time><Id>ABC</Id></Error>"
)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        pytest.param(b"", AnswerEmpty, id="empty"),
        pytest.param(b" \r\n\t", AnswerEmpty, id="white space"),
        pytest.param(codecs.BOM_UTF8, AnswerError, id="BOM alone"),
        pytest.param(without("Token").encode(), AccessTokenMissing, id="no Token"),
        pytest.param(TEXT.replace(ACCESS_TOKEN, "").encode(), AccessTokenMissing, id="blank Token"),
        pytest.param(TEXT.replace(ACCESS_TOKEN, " \u00a0").encode(), AccessTokenMissing, id="white Token"),
        pytest.param(TEXT.replace(ACCESS_TOKEN, "a b").encode(), AccessTokenUnusable, id="space in Token"),
        pytest.param(TEXT.replace(ACCESS_TOKEN, "abc\nX-Evil: 1").encode(), AccessTokenUnusable, id="line break"),
        pytest.param(TEXT.replace(ACCESS_TOKEN, "tökén").encode(), AccessTokenUnusable, id="not ASCII"),
        pytest.param(b'{"Access_Token":{"Token":"abc\\ud800"}}', AccessTokenUnusable, id="half a character"),
        pytest.param(
            b'{"Access_Token":{"Token":"abc","Refresh_Token":"\\ud800abc"}}', None, id="half a character beside"
        ),
        pytest.param(b"<!DOCTYPE x><Access_Token/>", DocumentForbidden, id="DTD"),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Access_Token><Token>&b;</Token></Access_Token>',
            DocumentForbidden,
            id="entity bomb",
        ),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Access_Token><Token>&a;</Token></Access_Token>',
            DocumentForbidden,
            id="external entity",
        ),
        pytest.param(
            b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><Access_Token/>', DocumentForbidden, id="external DTD"
        ),
        pytest.param(TEXT.replace(ACCESS_TOKEN, "&unknown;").encode(), DocumentMalformed, id="unknown entity"),
        pytest.param(TEXT.replace("</Token>", "</Tok>").encode(), DocumentMalformed, id="mismatched tags"),
        pytest.param(TEXT.encode() + b"<b/>", DocumentMalformed, id="two roots"),
        pytest.param(b"\0" + DOCUMENT, AnswerError, id="NUL first"),
        pytest.param(b"<a>" * 200_000, DocumentTruncated, id="nested deep, open"),
        pytest.param(b"<a>" * 50_000 + b"</a>" * 50_000, DocumentUnexpected, id="nested deep"),
        pytest.param(b'<?xml version="1.0" encoding="klingon"?><a/>', DocumentUndecodable, id="unknown encoding"),
        pytest.param(b'<?xml version="1.0" encoding="utf-32"?><a/>', DocumentUndecodable, id="UTF-32 that is none"),
        pytest.param(b'<?xml version="1.0" encoding="utf-16"?><a/>', DocumentUndecodable, id="UTF-16 that is none"),
        pytest.param(b"<Access_Token><Token>\xff\xfe</Token></Access_Token>", DocumentUndecodable, id="wrong bytes"),
        pytest.param(b"<html><body>Sign in</body></html>", DocumentUnexpected, id="HTML"),
        pytest.param(b"\r\n <!DOCTYPE html><title>x</title>", DocumentUnexpected, id="HTML with doctype"),
        pytest.param(codecs.BOM_UTF8 + b"<!doctype HTML>", DocumentUnexpected, id="HTML with BOM"),
        pytest.param(b"<Tokens/>", DocumentUnexpected, id="another root"),
        pytest.param(b"[]", DocumentUnexpected, id="JSON list"),
        pytest.param(b"{}", DocumentUnexpected, id="JSON without members"),
        pytest.param(b'{"Access_Token":[]}', DocumentUnexpected, id="JSON with a list inside"),
        pytest.param(b'{"Access_Token":null}', DocumentUnexpected, id="JSON null"),
        pytest.param(b'{"Access_Token":{"Token":null}}', AccessTokenMissing, id="JSON token null"),
        pytest.param(b'{"Access_Token":{"Token":["a"]}}', AccessTokenMissing, id="JSON token in a list"),
        pytest.param(b'{"a":' + b"1" * 10_000 + b"}", DocumentUnexpected, id="endless number"),
        pytest.param(b'{"a":' + b"[" * 200_000, AnswerError, id="JSON nested deep"),
        pytest.param(b'{"a":"\xff"}', DocumentUndecodable, id="JSON with wrong bytes"),
        pytest.param(b'{"a":1', DocumentTruncated, id="JSON cut off"),
        pytest.param(b'{"a":"b', DocumentTruncated, id="JSON cut off in a text"),
        pytest.param(b"{a:1}", DocumentMalformed, id="JSON without quotes"),
        pytest.param(b"token=abc", DocumentMalformed, id="a form"),
        pytest.param(ERROR.encode(), ConcurRefused, id="error with 200"),
        pytest.param(
            b'<?xml version="1.0" encoding="utf-8"?>\r\n' + ERROR.encode(), ConcurRefused, id="error, declared"
        ),
        pytest.param(b'{"Error":{"Message":"x"}}', ConcurRefused, id="error in JSON"),
        pytest.param(b'{"Message":"x","Server-Time":"y"}', ConcurRefused, id="bare error in JSON"),
    ],
)
def test_no_document(body: bytes, error: type[AnswerError] | None) -> None:
    if error is None:
        assert read(body).remarks[-1] is Remark.REFRESH_TOKEN_UNUSABLE
        return
    with pytest.raises(error) as caught:
        read(body)
    assert caught.value.__context__ is None
    assert caught.value.status == 200


@pytest.mark.parametrize(
    ("body", "what"),
    [
        pytest.param(b"<html/>", "a web page", id="HTML"),
        pytest.param(b"<Tokens/>", 'a document named "tokens"', id="XML"),
        pytest.param(b'{"Tokens":{}}', 'a document named "tokens"', id="JSON with one member"),
        pytest.param(b'{"a":1,"b":2}', "a JSON object of another kind", id="JSON with two"),
        pytest.param(b"[]", "a JSON list", id="JSON list"),
    ],
)
def test_what_came_in_place_of_a_document_is_named(body: bytes, what: str) -> None:
    with pytest.raises(DocumentUnexpected) as caught:
        read(body)
    assert message_for(caught.value).text.startswith(f"The answer is {what}. ")


@pytest.mark.parametrize("status", [100, 204, 205, 299])
def test_empty_success(status: int) -> None:
    with pytest.raises(AnswerError):
        read(b"", status)


@pytest.mark.parametrize("status", [199, 300, 400, 401, 403, 404, 500, 503, 599])
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        pytest.param(ERROR.encode(), ConcurRefused, id="error document"),
        pytest.param(b"<html>busy</html>", ConcurFailed, id="HTML"),
        pytest.param(b"", ConcurFailed, id="empty"),
        pytest.param(DOCUMENT, ConcurFailed, id="a token all the same"),
        pytest.param(b"<Error>", ConcurFailed, id="error document cut off"),
    ],
)
def test_other_status(status: int, body: bytes, kind: type[AnswerError]) -> None:
    with pytest.raises(kind) as caught:
        read(body, status)
    assert caught.value.status == status
    assert type(refusal(answer(body, status), Redactor())) is kind


def test_error_document_is_read_and_cleaned() -> None:
    redactor = Redactor()
    redactor.learn(CONSUMER_SECRET)
    message = f"line\none \x85[31m\u202e {CONSUMER_SECRET} &lt;b&gt; " + "x" * 5000
    body = f"<error><MESSAGE>{message}</MESSAGE><server-time>now</server-time><ID>7</ID></error>"
    document = read_error_document(answer(body.encode(), 400), redactor)
    assert document is not None
    assert document.message.startswith(f"line one  [31m  {REDACTED} <b> xxx")
    assert len(document.message) == 2000
    assert (document.server_time, document.error_id) == ("now", "7")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"<{CONSUMER_SECRET}/>".encode(), id="root"),
        pytest.param(f'{{"{CONSUMER_SECRET}":{{}}}}'.encode(), id="JSON root"),
        pytest.param(f'<?xml version="1.0" encoding="{CONSUMER_SECRET}"?><a/>'.encode(), id="encoding"),
        pytest.param(f"<Error><Message>{CONSUMER_SECRET}</Message></Error>".encode(), id="message"),
        pytest.param(f"<a>{CONSUMER_SECRET}</b>".encode(), id="malformed"),
        pytest.param(f"<a>&{CONSUMER_SECRET};</a>".encode(), id="entity"),
    ],
)
@pytest.mark.parametrize("status", [200, 400])
def test_echoed_secret_is_in_no_error(body: bytes, status: int) -> None:
    redactor = Redactor()
    redactor.learn(CONSUMER_SECRET)
    with pytest.raises(AnswerError) as caught:
        read_access_token_document(answer(body, status, f"text/{CONSUMER_SECRET}"), redactor)
    assert secrets_in(words_of(caught.value)) == []


def test_secrets_of_a_document_are_learned() -> None:
    redactor = Redactor()
    read_access_token_document(answer(DOCUMENT), redactor)
    assert secrets_in(redactor.text(f"{ACCESS_TOKEN} {REFRESH_TOKEN}")) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_cut_off_anywhere(encoding: str) -> None:
    whole = TEXT.encode(encoding)
    end_of_token = TEXT.index("</Token>") + len("</Token>")
    for length in range(1, len(whole)):
        exchange = answer(whole[:length])
        with pytest.raises(AnswerError) as caught:
            read_access_token_document(exchange, Redactor())
        if encoding == "utf-8":
            assert type(caught.value) is DocumentTruncated, length
        saved = salvage_access_token_document(exchange, Redactor())
        if length >= len(TEXT[:end_of_token].encode(encoding)):
            assert saved is not None, length
            assert saved.token == ACCESS_TOKEN
            assert saved.answer is exchange
        else:
            assert saved is None or saved.token == ACCESS_TOKEN, length


def test_json_cut_off_anywhere() -> None:
    whole = json.dumps(JSON).replace("/", "\\/").encode()
    token_ends = whole.index(b'"Expiration')
    for length in range(1, len(whole)):
        exchange = answer(whole[:length])
        with pytest.raises(AnswerError):
            read_access_token_document(exchange, Redactor())
        saved = salvage_access_token_document(exchange, Redactor())
        assert (saved.token if saved else None) in {None, ACCESS_TOKEN}
        assert (saved is not None) or length < token_ends


def test_every_codec_of_python_as_declared_encoding() -> None:
    import encodings.aliases  # noqa: PLC0415  # a list for this test alone

    for name in sorted(
        {*encodings.aliases.aliases, *encodings.aliases.aliases.values(), "idna", "punycode", "undefined"}
    ):
        for body in (DOCUMENT, b"<a>\xff\xfe\x80</a>", b"<a>" + b"xn--" * 50):
            declared = f'<?xml version="1.0" encoding="{name}"?>'.encode() + body
            try:
                document = read(declared)
            except AnswerError:
                continue
            assert document.token == ACCESS_TOKEN, name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("9/25/2016 1:36:50 PM", datetime(2016, 9, 25, 13, 36, 50, tzinfo=UTC), id="afternoon"),
        pytest.param("1/2/2016 12:00:00 AM", datetime(2016, 1, 2, 0, 0, 0, tzinfo=UTC), id="midnight"),
        pytest.param("1/2/2016 12:00:00 PM", datetime(2016, 1, 2, 12, 0, 0, tzinfo=UTC), id="noon"),
        pytest.param("01/02/2016 01:02:03 am", datetime(2016, 1, 2, 1, 2, 3, tzinfo=UTC), id="zeros, small letters"),
        pytest.param("2/29/2016 11:59:59 PM", datetime(2016, 2, 29, 23, 59, 59, tzinfo=UTC), id="leap day"),
        pytest.param("2/29/2015 1:00:00 PM", None, id="no leap year"),
        pytest.param("13/1/2016 1:00:00 PM", None, id="month 13"),
        pytest.param("1/1/2016 13:00:00 PM", None, id="13 PM"),
        pytest.param("1/1/2016 0:00:00 AM", None, id="0 AM"),
        pytest.param("1/1/2016 1:60:00 AM", None, id="minute 60"),
        pytest.param("1/1/0000 1:00:00 AM", None, id="year 0"),
        pytest.param("2016-01-01T00:00:00Z", None, id="ISO"),
        pytest.param("\u0661/\u0661/2016 1:00:00 AM", None, id="Arabic digits"),
        pytest.param("", None, id="empty"),
    ],
)
def test_expiration(text: str, expected: datetime | None) -> None:
    assert parse_expiration(text) == expected


@pytest.mark.parametrize(
    ("there", "asked", "usable"),
    [
        ("https://us.example/", "https://www.example", True),
        ("http://us.example/", "https://www.example", False),
        ("http://127.0.0.1:1/", "http://127.0.0.1:1", True),
        ("http://localhost:1/", "http://[::1]:1", True),
        ("https://us.example/", "http://127.0.0.1:1", True),
        ("http://us.example/", "http://127.0.0.1:1", False),
        ("http://us.example/", "http://www.example", False),
        ("http://127.0.0.1:1/", "https://www.example", False),
        ("http://127.0.0.1:1/", "http://www.example", False),
        ("https://us.example/" + "a" * 1981, "https://www.example", True),
        ("https://us.example/" + "a" * 1982, "https://www.example", False),
        ("https://" + "a." * 126 + "a/", "https://www.example", True),
        ("https://" + "a." * 126 + "ab/", "https://www.example", False),
        ("https://user@us.example/", "https://www.example", False),
        ("https://evil.example\\.good.example/", "https://www.example", False),
        ("http://evil.example\\.localhost:1/", "http://127.0.0.1:1", False),
        ("https://us.example/a\\b", "https://www.example", False),
        ("https://good.example\\@evil.example/", "https://www.example", False),
        ("https://", "https://www.example", False),
        ("https://[::1", "https://www.example", False),
        ("https://host:x/", "https://www.example", False),
        ("file:///etc/passwd", "https://www.example", False),
        ("//us.example/", "https://www.example", False),
        ("https://us.exa mple/", "https://www.example", False),
    ],
)
def test_instance_url(there: str, asked: str, usable: bool) -> None:  # noqa: FBT001  # a column of the table
    assert is_usable_instance_url(there, asked) is usable
