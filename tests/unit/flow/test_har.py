from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from gui.concur.models import Direction, Operation
from gui.concur.redaction import REDACTED, Redactor
from gui.flow.har import REDACTED_COMMENT, UNREADABLE_BODY, WHOLE_COMMENT, har_bytes
from tests.flow.canaries import ACCESS_TOKEN, CODE, CONSUMER_SECRET, DOCUMENT, PASSWORD, REFRESH_TOKEN, secrets_in
from tests.gui.exchanges import exchange

if TYPE_CHECKING:
    from gui.concur.models import HttpExchange


def entry(row: HttpExchange, redactor: Redactor | None) -> dict[str, Any]:
    (only,) = json.loads(har_bytes([row], redactor))["log"]["entries"]
    assert isinstance(only, dict)
    return only


def pair(headers: list[dict[str, str]]) -> dict[str, str]:
    return {header["name"]: header["value"] for header in headers}


def test_an_archive_without_rows_is_valid_and_says_what_made_it() -> None:
    log = json.loads(har_bytes([], None))["log"]
    assert log["version"] == "1.2"
    assert log["creator"]["name"] == "App Center Flow"
    assert log["creator"]["version"]
    assert log["entries"] == []


def test_rows_keep_their_order() -> None:
    rows = [exchange(duration_ms=float(number)) for number in range(5)]
    entries = json.loads(har_bytes(rows, Redactor()))["log"]["entries"]
    assert [one["time"] for one in entries] == [0, 1, 2, 3, 4]


def test_every_field_that_har_1_2_asks_for_is_there() -> None:
    one = entry(exchange(request_body=b"a=b", method="POST"), Redactor())
    assert set(one) >= {"startedDateTime", "time", "request", "response", "cache", "timings"}
    assert set(one["request"]) == {
        "method",
        "url",
        "httpVersion",
        "cookies",
        "headers",
        "queryString",
        "postData",
        "headersSize",
        "bodySize",
    }
    assert set(one["response"]) == {
        "status",
        "statusText",
        "httpVersion",
        "cookies",
        "headers",
        "content",
        "redirectURL",
        "headersSize",
        "bodySize",
    }
    assert set(one["response"]["content"]) >= {"size", "mimeType", "text"}
    assert one["cache"] == {}
    assert one["request"]["headersSize"] == one["response"]["headersSize"] == -1


def test_time_is_the_sum_of_its_parts() -> None:
    one = entry(exchange(), None)
    assert one["time"] == 212.346
    assert sum(one["timings"].values()) == one["time"]
    assert set(one["timings"]) == {"send", "wait", "receive"}


@pytest.mark.parametrize(
    "started",
    [
        pytest.param(datetime(2026, 3, 4, 15, 2, 11, 345678, tzinfo=UTC), id="UTC"),
        pytest.param(datetime(2026, 3, 4, 20, 32, 11, 345678, tzinfo=timezone(timedelta(hours=5.5))), id="elsewhere"),
    ],
)
def test_the_beginning_is_in_utc_with_a_z(started: datetime) -> None:
    assert entry(exchange(started_at=started), None)["startedDateTime"] == "2026-03-04T15:02:11.345Z"


def test_the_query_is_listed_decoded() -> None:
    row = exchange(url="http://127.0.0.1:8080/a?x=1%202&y=%C3%A4&empty=&flag&&x=two+words")
    assert entry(row, None)["request"]["queryString"] == [
        {"name": "x", "value": "1 2"},
        {"name": "y", "value": "ä"},
        {"name": "empty", "value": ""},
        {"name": "flag", "value": ""},
        {"name": "x", "value": "two words"},
    ]


def test_without_a_redactor_everything_is_there_and_the_file_says_so() -> None:
    written = har_bytes([exchange()], None)
    log = json.loads(written)["log"]
    assert log["comment"] == WHOLE_COMMENT
    assert log["entries"][0]["request"]["url"].endswith(f"client_secret={CONSUMER_SECRET}")
    assert log["entries"][0]["response"]["content"]["text"] == DOCUMENT.decode()
    assert REDACTED not in written.decode()


def _with_learned() -> Redactor:
    redactor = Redactor()
    redactor.learn(CONSUMER_SECRET, CODE, ACCESS_TOKEN, REFRESH_TOKEN, PASSWORD)
    return redactor


LEARNED = _with_learned()

PLACES = [
    pytest.param({}, id="query and document"),
    pytest.param({"url": f"https://user:{CONSUMER_SECRET}@concur.example/"}, id="userinfo"),
    pytest.param({"url": f"https://concur.example/a/{CODE}/b"}, id="path"),
    pytest.param({"url": f"https://concur.example/#access_token={REFRESH_TOKEN}"}, id="fragment"),
    pytest.param({"url": f"https://concur.example/?c%6Fde={CONSUMER_SECRET}"}, id="percent-encoded name"),
    pytest.param({"url": f"http://[::{CODE}/?next=http%3A%2F%2Fa%3Fcode%3D{CODE}"}, id="broken URL"),
    pytest.param({"request_headers": (("Authorization", f"OAuth {CONSUMER_SECRET}"),)}, id="authorization"),
    pytest.param({"request_headers": (("cookie", f"sid={CONSUMER_SECRET}; b={CODE}"),)}, id="cookie"),
    pytest.param({"request_headers": (("Referer", f"http://a/?code={CODE}"),)}, id="referer"),
    pytest.param({"request_body": f"p%61ssword={CONSUMER_SECRET}&a=b".encode()}, id="form"),
    pytest.param({"request_body": f'{{"refresh_token": "{REFRESH_TOKEN}"}}'.encode()}, id="JSON"),
    pytest.param({"response_headers": (("Set-Cookie", f"sid={CONSUMER_SECRET}; Path=/"),)}, id="set-cookie"),
    pytest.param({"response_headers": (("Location", f"http://a/?code={CODE}"),)}, id="location"),
    pytest.param({"reason": f"code={CODE}"}, id="reason"),
    pytest.param({"method": f"code={CODE}"}, id="method"),
    pytest.param({"response_body": DOCUMENT + b"\xff"}, id="not UTF-8"),
    pytest.param({"response_body": DOCUMENT.decode().encode("utf-16-le")}, id="UTF-16 without a mark"),
    pytest.param({"response_body": DOCUMENT.decode().encode("utf-16")}, id="UTF-16"),
    pytest.param({"status": None, "reason": "", "response_body": b"", "failure": "HostNotFound"}, id="no answer"),
]


@pytest.mark.parametrize("changes", PLACES)
@pytest.mark.parametrize("redactor", [pytest.param(LEARNED, id="learned"), pytest.param(Redactor(), id="by name")])
def test_no_secret_is_in_a_redacted_archive(changes: dict[str, Any], redactor: Redactor) -> None:
    written = har_bytes([exchange(**changes)], redactor)
    assert json.loads(written)["log"]["comment"] == REDACTED_COMMENT
    assert secrets_in(written.decode()) == []
    for body in (DOCUMENT, DOCUMENT + b"\xff"):
        assert base64.b64encode(body)[:40] not in written


JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIwOGUxIn0.CanarySignature-_"
DOCUMENT_OF_THE_CURRENT_CONTRACT = {
    "expires_in": "3600",
    "access_token": JWT,
    "refresh_token": REFRESH_TOKEN,
    "id_token": JWT,
    "geolocation": "https://us.api.concursolutions.com",
}


@pytest.mark.parametrize(
    "grant",
    [
        pytest.param(f"grant_type=password&credtype=authtoken&username=id&password={CODE}", id="authtoken"),
        pytest.param(f"grant_type=authorization_code&code={CODE}&redirect_uri=http%3A%2F%2Fa%2F", id="code"),
        pytest.param("grant_type=refresh_token&refresh_token=Canary%24Refresh5tY7uI9oP1aS3dF5g", id="refresh"),
        pytest.param("grant_type=client_credentials", id="application"),
    ],
)
@pytest.mark.parametrize("redactor", [pytest.param(LEARNED, id="learned"), pytest.param(Redactor(), id="by name")])
def test_no_secret_of_the_token_endpoint_is_in_a_redacted_archive(grant: str, redactor: Redactor) -> None:
    row = exchange(
        method="POST",
        url="https://us.api.concursolutions.com/oauth2/v0/token",
        request_headers=(("Content-Type", "application/x-www-form-urlencoded"),),
        request_body=f"client_id=Key&client_secret={CONSUMER_SECRET}&{grant}".encode(),
        response_headers=(("Content-Type", "application/json"), ("X-Echo", JWT)),
        response_body=json.dumps(DOCUMENT_OF_THE_CURRENT_CONTRACT).encode(),
    )
    written = har_bytes([row], redactor).decode()
    assert secrets_in(written) == []
    assert JWT not in written
    one = entry(row, redactor)
    assert one["request"]["postData"]["text"].startswith(f"client_id=Key&client_secret={REDACTED}&grant_type=")
    answered = json.loads(one["response"]["content"]["text"])
    hidden = {"access_token": REDACTED, "refresh_token": REDACTED, "id_token": REDACTED}
    assert answered == DOCUMENT_OF_THE_CURRENT_CONTRACT | hidden


def test_a_secret_of_the_request_is_found_in_its_answer_though_nobody_has_learned_it() -> None:
    row = exchange(response_body=f"<p>no such app: {CONSUMER_SECRET}</p>".encode(), reason=f"bad {CODE}")
    assert secrets_in(har_bytes([row], Redactor()).decode()) == []


@pytest.mark.parametrize("name", ["requestToken+", "requestToken[]"])
def test_a_name_with_more_behind_it_hides_its_value(name: str) -> None:
    row = exchange(url=f"http://localhost:8765/redirect?{name}=Zx81unknown", response_body=b"It was Zx81unknown.")
    assert "Zx81" not in str(entry(row, Redactor()))


def test_what_is_no_secret_stays_when_redacted() -> None:
    one = entry(exchange(), LEARNED)
    assert one["request"]["method"] == "GET"
    assert one["request"]["url"] == (
        "https://www.concursolutions.com/net2/oauth2/getaccesstoken.ashx"
        f"?code={REDACTED}&client_id=Key&client_secret={REDACTED}"
    )
    assert one["request"]["queryString"][1] == {"name": "client_id", "value": "Key"}
    assert pair(one["request"]["headers"]) == {"Accept": "application/xml"}
    assert "<Instance_Url>https://www.concursolutions.com/</Instance_Url>" in one["response"]["content"]["text"]


def test_an_authorization_keeps_its_scheme() -> None:
    row = exchange(request_headers=(("Authorization", f"Bearer {ACCESS_TOKEN}"),))
    assert pair(entry(row, Redactor())["request"]["headers"])["Authorization"] == f"Bearer {REDACTED}"


def test_a_body_that_is_no_text_comes_in_base64_when_whole() -> None:
    content = entry(exchange(response_body=b"\xff\xfe\x00\x01"), None)["response"]["content"]
    assert base64.b64decode(content["text"]) == b"\xff\xfe\x00\x01"
    assert content["encoding"] == "base64"
    assert content["size"] == 4


def test_a_body_that_is_no_text_is_replaced_by_a_sentence_when_redacted() -> None:
    content = entry(exchange(response_body=b"\xff\xfe\x00\x01"), Redactor())["response"]["content"]
    assert content["text"] == ""
    assert content["comment"] == UNREADABLE_BODY
    assert "encoding" not in content
    assert content["size"] == 4


@pytest.mark.parametrize("redactor", [pytest.param(Redactor(), id="redacted"), pytest.param(None, id="whole")])
def test_a_posted_body_is_there_with_its_type_and_size(redactor: Redactor | None) -> None:
    row = exchange(
        method="POST",
        request_headers=(("content-type", "application/x-www-form-urlencoded"),),
        request_body="scope=read&x=ä".encode(),
    )
    request = entry(row, redactor)["request"]
    assert request["postData"]["text"] == "scope=read&x=ä"
    assert request["postData"]["mimeType"] == "application/x-www-form-urlencoded"
    assert request["bodySize"] == 15


def test_a_request_without_a_body_has_no_posted_one() -> None:
    assert "postData" not in entry(exchange(), None)["request"]


def test_a_posted_body_that_is_no_text_says_its_encoding_in_a_field_of_ours() -> None:
    posted = entry(exchange(method="POST", request_body=b"\xff"), None)["request"]["postData"]
    assert posted["_encoding"] == "base64"
    assert base64.b64decode(posted["text"]) == b"\xff"
    assert entry(exchange(method="POST", request_body=b"\xff"), Redactor())["request"]["postData"]["text"] == ""


def test_no_answer_is_status_0_with_its_failure() -> None:
    row = exchange(
        status=None,
        reason="",
        response_headers=(),
        response_body=b"",
        sent=False,
        complete=False,
        failure="ConnectionRefused",
    )
    one = entry(row, Redactor())
    assert one["response"]["status"] == 0
    assert one["response"]["bodySize"] == -1
    assert one["_failure"] == "ConnectionRefused"
    assert one["_sent"] is False


def test_direction_and_operation_are_fields_of_ours() -> None:
    one = entry(exchange(direction=Direction.IN, operation=Operation.REDIRECT), None)
    assert (one["_direction"], one["_operation"], one["_failure"]) == ("in", "redirect", None)


def test_a_body_whose_coding_was_undone_does_not_claim_its_size_on_the_wire() -> None:
    row = exchange(response_headers=(("Content-Encoding", "gzip"),))
    response = entry(row, None)["response"]
    assert response["bodySize"] == -1
    assert response["content"]["size"] == len(DOCUMENT)


def test_cookies_are_listed() -> None:
    row = exchange(
        request_headers=(("Cookie", "a=1; b=two=2"),),
        response_headers=(("Set-Cookie", "sid=9; Path=/x; HttpOnly"), ("set-cookie", "t=1; Secure; Domain=a.example")),
    )
    one = entry(row, None)
    assert one["request"]["cookies"] == [{"name": "a", "value": "1"}, {"name": "b", "value": "two=2"}]
    assert one["response"]["cookies"] == [
        {"name": "sid", "value": "9", "httpOnly": True, "secure": False, "path": "/x"},
        {"name": "t", "value": "1", "httpOnly": False, "secure": True, "domain": "a.example"},
    ]
    assert {cookie["value"] for cookie in entry(row, Redactor())["response"]["cookies"]} == {REDACTED}


@pytest.mark.parametrize("redactor", [pytest.param(Redactor(), id="redacted"), pytest.param(None, id="whole")])
def test_what_is_no_unicode_is_replaced_and_breaks_nothing(redactor: Redactor | None) -> None:
    row = exchange(reason="a\ud800b", url="http://a/?x=\udcff", response_body="שלום".encode())
    one = entry(row, redactor)
    assert one["response"]["statusText"] == "a?b"
    assert one["response"]["content"]["text"] == "שלום"
