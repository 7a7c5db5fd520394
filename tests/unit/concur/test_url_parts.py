from __future__ import annotations

import pytest

from gui.concur.url_parts import UrlParts, url_parts, with_values_masked


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        pytest.param(
            "http://localhost:8765/a/b?c=d&e#f", UrlParts("http", "localhost:8765", "/a/b", "c=d&e", "f"), id="whole"
        ),
        pytest.param("https://user:pass@host/", UrlParts("https", "host", "/", "", ""), id="userinfo"),
        pytest.param("http://host?a=http://b/", UrlParts("http", "host", "", "a=http://b/", ""), id="no path"),
        pytest.param("/redirect?code=1", UrlParts("", "", "/redirect", "code=1", ""), id="target alone"),
        pytest.param("http://[::1/x", UrlParts("http", "[::1", "/x", "", ""), id="bracket left open"),
        pytest.param("", UrlParts("", "", "", "", ""), id="nothing"),
        pytest.param("*", UrlParts("", "", "*", "", ""), id="asterisk"),
    ],
)
def test_urls_are_taken_apart(url: str, parts: UrlParts) -> None:
    assert url_parts(url) == parts


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://localhost:8765/a/b?c=d&e#f", id="whole"),
        pytest.param("/redirect?code=1", id="target alone"),
        pytest.param("http://[::1/x", id="bracket left open"),
        pytest.param("http://host?a", id="no path"),
    ],
)
def test_a_url_without_user_comes_back_as_it_was(url: str) -> None:
    assert url_parts(url).text() == url


def test_user_and_password_do_not_come_back() -> None:
    assert url_parts("http://user:pass@host/a").text() == "http://host/a"


def test_values_are_masked_by_their_names_however_these_are_written() -> None:
    masked = with_values_masked(
        "a=1&CODE=2&c%6fde=3&code=&&zipcode=4", lambda name, value: f"*{name}{len(value)}", str.upper
    )
    assert masked == "A=1&CODE=*code1&c%6fde=*code1&CODE=&&ZIPCODE=4"
