from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.concur.current import CurrentContract
from gui.concur.errors import (
    PastedRedirectForeign,
    RedirectError,
    RedirectParameterRepeated,
    RedirectStateMissing,
    RedirectStateWrong,
    RedirectUndecodable,
    RequestTokenEmpty,
    RequestTokenMissing,
)
from gui.concur.legacy import LegacyContract
from gui.concur.models import Denial, Origin, RequestToken
from gui.loopback.pasted import read_pasted_redirect

if TYPE_CHECKING:
    from gui.concur.contract import Contract

URL = "http://localhost:8765/redirect"


def read(text: str, origin: Origin = Origin.APP_CENTER, state: str | None = None) -> RequestToken | Denial:
    return read_pasted_redirect(text, LegacyContract(), URL, origin=origin, expected_state=state)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("http://localhost:8765/redirect?code=0_abc", "0_abc", id="URL"),
        pytest.param("https://localhost:8765/redirect?code=0_abc", "0_abc", id="https: the browser insisted on it"),
        pytest.param("HTTP://LOCALHOST:8765/redirect?code=0_abc", "0_abc", id="URL in capitals"),
        pytest.param("http://127.0.0.1:8765/redirect?code=0_abc", "0_abc", id="URL by address"),
        pytest.param("http://[::1]:8765/redirect?code=0_abc", "0_abc", id="URL by IPv6 address"),
        pytest.param("http://localhost:8765/redirect?code=0_abc#top", "0_abc", id="URL with a fragment"),
        pytest.param("localhost:8765/redirect?code=0_abc", "0_abc", id="URL without its scheme"),
        pytest.param("/redirect?code=0_abc", "0_abc", id="path and query"),
        pytest.param("  http://localhost:8765/redirect?code=0_abc\n", "0_abc", id="white space around"),
        pytest.param("<http://localhost:8765/redirect?code=0_abc>", "0_abc", id="angle brackets"),
        pytest.param('"http://localhost:8765/redirect?code=0_abc"', "0_abc", id="quotes"),
        pytest.param("?code=0_abc", "0_abc", id="query with its mark"),
        pytest.param("code=0_abc", "0_abc", id="query"),
        pytest.param("state=x&code=0_abc", "0_abc", id="query with more"),
        pytest.param("code=0_abc=", "0_abc=", id="query, code ends in ="),
        pytest.param("code=a?b", "a?b", id="question mark in the code"),
        pytest.param("code=0_abc&from=http://example.com/", "0_abc", id="URL in a value"),
        pytest.param("code=0_a%2Bb", "0_a+b", id="query is decoded"),
        pytest.param("0_abc", "0_abc", id="bare code"),
        pytest.param("0_abc=", "0_abc=", id="bare code that ends in ="),
        pytest.param("0_abc==", "0_abc==", id="bare code that ends in =="),
        pytest.param("0_a+b/c", "0_a+b/c", id="bare code is not decoded"),
        pytest.param("0_a&b", "0_a&b", id="bare code with &"),
    ],
)
def test_code_is_found(text: str, code: str) -> None:
    found = read(text)
    assert isinstance(found, RequestToken)
    assert found.value == code


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param("http://example.com:8765/redirect?code=0_abc", PastedRedirectForeign, id="foreign host"),
        pytest.param(
            "http://localhost:8765@example.com/redirect?code=0_a", PastedRedirectForeign, id="own host as user"
        ),
        pytest.param("http://localhost:9999/redirect?code=0_abc", PastedRedirectForeign, id="foreign port"),
        pytest.param("http://localhost/redirect?code=0_abc", PastedRedirectForeign, id="no port"),
        pytest.param("http://localhost:8765/other?code=0_abc", PastedRedirectForeign, id="foreign path"),
        pytest.param("http://localhost:8765?code=0_abc", PastedRedirectForeign, id="no path"),
        pytest.param("ftp://localhost:8765/redirect?code=0_abc", PastedRedirectForeign, id="foreign scheme"),
        pytest.param("example.com/redirect?code=0_abc", PastedRedirectForeign, id="foreign host without scheme"),
        pytest.param("/other?code=0_abc", PastedRedirectForeign, id="foreign path alone"),
        pytest.param("http://localhost:99999/redirect?code=0_abc", RedirectUndecodable, id="impossible port"),
        pytest.param("http://[::1/redirect?code=0_abc", RedirectUndecodable, id="open bracket"),
        pytest.param("http://localhost:8765/redirect", RequestTokenMissing, id="URL without query"),
        pytest.param("http://localhost:8765/redirect?code=", RequestTokenEmpty, id="empty code"),
        pytest.param("code=", RequestTokenEmpty, id="empty code, query alone"),
        pytest.param("code=a&code=b", RedirectParameterRepeated, id="two codes"),
        pytest.param("code=%zz", RedirectUndecodable, id="bad escape"),
        pytest.param("code=%00", RedirectUndecodable, id="control character"),
        pytest.param("code=%ff", RedirectUndecodable, id="not UTF-8"),
        pytest.param("", RequestTokenEmpty, id="nothing"),
        pytest.param(" \n", RequestTokenEmpty, id="white space"),
        pytest.param("Dear colleague, see the attached minutes", RedirectUndecodable, id="other clipboard text"),
        pytest.param("0_abc\n0_def", RedirectUndecodable, id="two lines"),
        pytest.param("0_\x00abc", RedirectUndecodable, id="NUL in a bare code"),
        pytest.param("x" * 100_000, RedirectUndecodable, id="very long"),
        pytest.param('{"id":"u","requestToken":"0_abc"}', RedirectUndecodable, id="JSON of the other contract"),
        pytest.param('{"code":"0_abc=="}', RedirectUndecodable, id="JSON with a sign of a query"),
        pytest.param('"{"code":"0_abc"}"', RedirectUndecodable, id="JSON in quotes"),
    ],
)
def test_not_usable(text: str, error: type[RedirectError]) -> None:
    with pytest.raises(error) as caught:
        read(text)
    assert "0_abc" not in repr(caught.value)


@pytest.mark.parametrize("contract", [LegacyContract(), CurrentContract()], ids=["legacy", "current"])
def test_json_is_refused_with_a_word_about_it(contract: Contract) -> None:
    with pytest.raises(RedirectUndecodable) as caught:
        read_pasted_redirect('{"id": "u",\n "requestToken": "0_abc"}', contract, URL)
    assert caught.value.reason == "JSON, and a redirect is an address or its query"


def test_foreign_redirect_is_named_without_its_query() -> None:
    with pytest.raises(PastedRedirectForeign) as caught:
        read("https://me:pw@example.com:1/path?code=0_secret")
    assert caught.value.pasted == "https://example.com:1/path"
    assert caught.value.expected == "http://localhost:8765/redirect"


def test_denial() -> None:
    assert read("?error=access_denied&error_description=User+denied+access") == Denial(
        "access_denied", "User denied access"
    )


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param("code=0_abc", RedirectStateMissing, id="missing"),
        pytest.param("http://localhost:8765/redirect?code=0_abc&state=other", RedirectStateWrong, id="wrong"),
        pytest.param("error=access_denied", RedirectStateMissing, id="missing on a denial"),
    ],
)
def test_state_of_a_url_or_query_is_checked(text: str, error: type[RedirectError]) -> None:
    with pytest.raises(error):
        read(text, Origin.WEB_FLOW, "sent")


def test_state_that_was_sent_passes() -> None:
    assert isinstance(read("code=0_abc&state=sent", Origin.WEB_FLOW, "sent"), RequestToken)


def test_bare_code_has_no_state_to_check() -> None:
    assert isinstance(read("0_abc", Origin.WEB_FLOW, "sent"), RequestToken)


@given(st.one_of(st.text(), st.text().map(lambda tail: "http://localhost:8765/redirect?" + tail)))
def test_any_text_is_a_redirect_or_an_error_of_ours(text: str) -> None:
    try:
        found = read(text)
    except RedirectError:
        return
    assert isinstance(found, Denial) or found.value


@pytest.mark.parametrize(
    ("pasted", "fits"),
    [
        pytest.param("https://app.example/concur?code=0_abc", True, id="the same"),
        pytest.param("https://APP.example/concur?code=0_abc", True, id="in capitals"),
        pytest.param("/concur?code=0_abc", True, id="path and query"),
        pytest.param("code=0_abc", True, id="query"),
        pytest.param("0_abc", True, id="bare code"),
        pytest.param("https://app.example:444/concur?code=0_abc", False, id="another port"),
        pytest.param("https://localhost/concur?code=0_abc", False, id="this machine"),
    ],
)
def test_redirect_url_on_another_machine_is_pasted(pasted: str, fits: bool) -> None:  # noqa: FBT001  # a case
    elsewhere = "https://app.example/concur"
    if fits:
        found = read_pasted_redirect(pasted, LegacyContract(), elsewhere)
        assert isinstance(found, RequestToken)
        assert found.value == "0_abc"
    else:
        with pytest.raises(PastedRedirectForeign):
            read_pasted_redirect(pasted, LegacyContract(), elsewhere)
