from __future__ import annotations

import pytest

from gui.concur.application import CONSUMER_SECRET, check_base_url, check_credential
from gui.concur.errors import (
    BaseUrlInvalid,
    ConsumerCredentialBlank,
    ConsumerCredentialPadded,
    ConsumerCredentialUnsendable,
    FlowError,
)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param("", ConsumerCredentialBlank, id="empty"),
        pytest.param(" \t\n", ConsumerCredentialBlank, id="white space"),
        pytest.param("\u00a0", ConsumerCredentialBlank, id="hard space alone"),
        pytest.param(" abc", ConsumerCredentialPadded, id="space before"),
        pytest.param("abc\n", ConsumerCredentialPadded, id="line break after"),
        pytest.param("abc\u00a0", ConsumerCredentialPadded, id="hard space after"),
        pytest.param("a bc", ConsumerCredentialUnsendable, id="space inside"),
        pytest.param("a\x00bc", ConsumerCredentialUnsendable, id="NUL"),
        pytest.param("abc\u200b", ConsumerCredentialUnsendable, id="zero-width space"),
        pytest.param("аbc", ConsumerCredentialUnsendable, id="Cyrillic a"),  # noqa: RUF001  # that is the case
        pytest.param("abc\ud800", ConsumerCredentialUnsendable, id="half a character"),
        pytest.param("“abc”", ConsumerCredentialUnsendable, id="typographic quotes"),
    ],
)
def test_credential_refused(text: str, error: type[FlowError]) -> None:
    with pytest.raises(error) as caught:
        check_credential(CONSUMER_SECRET, text)
    if text.strip():
        assert text.strip() not in repr(caught.value)


@pytest.mark.parametrize("text", ["a", "q8ZtY3wLm5Rb1Xc7Vd2NKj4Hg6Fs9Pa0", "a+b/c=$&%\"'\\"])
def test_credential_accepted(text: str) -> None:
    assert check_credential(CONSUMER_SECRET, text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.concursolutions.com", "https://www.concursolutions.com"),
        (" https://WWW.ConcurSolutions.com/ ", "https://www.concursolutions.com"),
        ("HTTPS://host.example:8443//", "https://host.example:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://LOCALHOST:8080/", "http://localhost:8080"),
        ("http://concur.localhost:8080/", "http://concur.localhost:8080"),
        ("http://127.8.9.10", "http://127.8.9.10"),
        ("https://my_host/", "https://my_host"),
        ("https://host.example./", "https://host.example."),
    ],
)
def test_base_url_accepted(text: str, expected: str) -> None:
    assert check_base_url(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("www.concursolutions.com", id="no scheme"),
        pytest.param("ftp://host", id="ftp"),
        pytest.param("javascript:alert(1)", id="javascript"),
        pytest.param("https://", id="no host"),
        pytest.param("https://:443", id="port alone"),
        pytest.param("https://host:99999", id="port too large"),
        pytest.param("https://host:0", id="port 0"),
        pytest.param("https://host:x", id="port is no number"),
        pytest.param("https://[::1", id="bracket open"),
        pytest.param("https://user@host", id="user name"),
        pytest.param("https://user:secret@host", id="password"),
        pytest.param("https://@host", id="empty user name"),
        pytest.param("https://host/?a=b", id="query"),
        pytest.param("https://host/#a", id="fragment"),
        pytest.param("https://host/?", id="empty query"),
        pytest.param("https://host/path", id="path"),
        pytest.param("https://host/path/", id="path with a slash"),
        pytest.param("https://ho st", id="space"),
        pytest.param("https://ho\nst", id="line break"),
        pytest.param("https://good.example\\evil.example", id="backslash"),
        pytest.param("https://*.example", id="wildcard"),
        pytest.param("https://.example", id="empty label"),
        pytest.param("https://a..example", id="empty label inside"),
        pytest.param("https://" + "a" * 64 + ".example", id="label too long"),
        pytest.param("https://ho%73t", id="escaped host"),
        pytest.param("https://bücher.example", id="not ASCII"),
    ],
)
def test_base_url_refused(text: str) -> None:
    with pytest.raises(BaseUrlInvalid) as caught:
        check_base_url(text)
    assert caught.value.reason
    assert "secret" not in repr(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("http://www.concursolutions.com", id="a data centre"),
        pytest.param("http://192.0.2.7:8080", id="another machine"),
        pytest.param("http://[2001:db8::1]:8080", id="another machine by IPv6"),
        pytest.param("http://0.0.0.0:8080", id="every address"),
        pytest.param("http://localhost.example", id="begins like loopback"),
        pytest.param("http://notlocalhost", id="ends like loopback"),
        pytest.param("http://127.0.0.1.example", id="begins like an address"),
    ],
)
def test_http_is_for_loopback_alone(text: str) -> None:
    with pytest.raises(BaseUrlInvalid) as caught:
        check_base_url(text)
    assert "unencrypted" in caught.value.reason
