from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.loopback.errors import (
    RedirectUrlElsewhere,
    RedirectUrlError,
    RedirectUrlMalformed,
    RedirectUrlNotHttp,
    RedirectUrlPortMissing,
    RedirectUrlPortPrivileged,
)
from gui.loopback.redirect_url import RedirectUrl, parse_redirect_url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("http://localhost:8765/redirect", RedirectUrl("localhost", 8765, "/redirect"), id="usual"),
        pytest.param("http://127.0.0.1:8765/redirect", RedirectUrl("127.0.0.1", 8765, "/redirect"), id="ipv4"),
        pytest.param("http://[::1]:8765/redirect", RedirectUrl("::1", 8765, "/redirect"), id="ipv6"),
        pytest.param("HTTP://LocalHost:8765/Redirect", RedirectUrl("localhost", 8765, "/Redirect"), id="upper case"),
        pytest.param("http://localhost:8765", RedirectUrl("localhost", 8765, "/"), id="no path"),
        pytest.param("http://localhost:0/redirect", RedirectUrl("localhost", 0, "/redirect"), id="any port"),
        pytest.param("http://localhost:1024/", RedirectUrl("localhost", 1024, "/"), id="lowest port"),
        pytest.param("http://localhost:65535/", RedirectUrl("localhost", 65535, "/"), id="highest port"),
        pytest.param(
            "http://localhost:8765//a/b..c/.d/", RedirectUrl("localhost", 8765, "//a/b..c/.d/"), id="odd path"
        ),
        pytest.param("http://localhost:8765/a%20b", RedirectUrl("localhost", 8765, "/a%20b"), id="escaped path"),
    ],
)
def test_usable(text: str, expected: RedirectUrl) -> None:
    assert parse_redirect_url(text) == expected


@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param("", RedirectUrlMalformed, id="empty"),
        pytest.param(" http://localhost:8765/redirect", RedirectUrlMalformed, id="space before"),
        pytest.param("http://localhost:8765/redirect\n", RedirectUrlMalformed, id="line end after"),
        pytest.param("http://local\nhost:8765/redirect", RedirectUrlMalformed, id="line end inside"),
        pytest.param("http://localhost:8765/re\tdirect", RedirectUrlMalformed, id="tab inside"),
        pytest.param("\x00http://localhost:8765/redirect", RedirectUrlMalformed, id="NUL before"),
        pytest.param("http://localhost:8765/réponse", RedirectUrlMalformed, id="letter that has to be escaped"),
        pytest.param("http://localhost:8765/a b", RedirectUrlMalformed, id="space in the path"),
        pytest.param("http://localhost:8765/a\\b", RedirectUrlMalformed, id="backslash"),
        pytest.param("http://localhost:8765/a%zz", RedirectUrlMalformed, id="bad escape"),
        pytest.param("http://localhost:8765/a%2", RedirectUrlMalformed, id="escape cut short"),
        pytest.param("http://localhost:8765/a/../b", RedirectUrlMalformed, id="step up"),
        pytest.param("http://localhost:8765/a/..", RedirectUrlMalformed, id="step up at the end"),
        pytest.param("http://localhost:8765/./a", RedirectUrlMalformed, id="dot step"),
        pytest.param("http://localhost:8765/a/%2e%2E/b", RedirectUrlMalformed, id="step up in disguise"),
        pytest.param("http://localhost:8765/a/.%2e", RedirectUrlMalformed, id="step up half in disguise"),
        pytest.param("http://localhost:8765/redirect?", RedirectUrlMalformed, id="empty query"),
        pytest.param("http://localhost:8765/redirect?a=b", RedirectUrlMalformed, id="query"),
        pytest.param("http://localhost:8765/redirect#", RedirectUrlMalformed, id="empty fragment"),
        pytest.param("http://localhost:8765/redirect#a", RedirectUrlMalformed, id="fragment"),
        pytest.param("http://me@localhost:8765/redirect", RedirectUrlMalformed, id="user"),
        pytest.param("http://:pw@localhost:8765/redirect", RedirectUrlMalformed, id="password alone"),
        pytest.param("http://localhost:65536/redirect", RedirectUrlMalformed, id="port too high"),
        pytest.param("http://localhost:-1/redirect", RedirectUrlMalformed, id="negative port"),
        pytest.param("http://localhost:http/redirect", RedirectUrlMalformed, id="port in words"),
        pytest.param("http://[::1/redirect", RedirectUrlMalformed, id="open bracket"),
        pytest.param("http:///redirect", RedirectUrlMalformed, id="no host"),
        pytest.param("http://:8765/redirect", RedirectUrlMalformed, id="port without host"),
        pytest.param("localhost:8765/redirect", RedirectUrlNotHttp, id="no scheme"),
        pytest.param("/redirect", RedirectUrlNotHttp, id="path alone"),
        pytest.param("https://localhost:8765/redirect", RedirectUrlNotHttp, id="https"),
        pytest.param("file:///redirect", RedirectUrlNotHttp, id="file"),
        pytest.param("http://example.com:8765/redirect", RedirectUrlElsewhere, id="another machine"),
        pytest.param("http://0.0.0.0:8765/redirect", RedirectUrlElsewhere, id="every address"),
        pytest.param("http://192.168.0.1:8765/redirect", RedirectUrlElsewhere, id="this network"),
        pytest.param("http://localhost.example.com:8765/redirect", RedirectUrlElsewhere, id="localhost in front"),
        pytest.param("http://localhost@example.com:8765/redirect", RedirectUrlElsewhere, id="localhost as user"),
        pytest.param("http://localhost.:8765/redirect", RedirectUrlElsewhere, id="dot at the end"),
        pytest.param("http://127.1:8765/redirect", RedirectUrlElsewhere, id="short address"),
        pytest.param("http://[::]:8765/redirect", RedirectUrlElsewhere, id="every IPv6 address"),
        pytest.param("http://localhost/redirect", RedirectUrlPortMissing, id="no port"),
        pytest.param("http://localhost:/redirect", RedirectUrlPortMissing, id="empty port"),
        pytest.param("http://localhost:80/redirect", RedirectUrlPortPrivileged, id="port 80"),
        pytest.param("http://localhost:1023/redirect", RedirectUrlPortPrivileged, id="port 1023"),
        pytest.param("http://localhost:1/redirect", RedirectUrlPortPrivileged, id="port 1"),
    ],
)
def test_unusable(text: str, error: type[RedirectUrlError]) -> None:
    with pytest.raises(error) as caught:
        parse_redirect_url(text)
    assert type(caught.value) is error


def test_errors_name_what_was_found() -> None:
    with pytest.raises(RedirectUrlElsewhere) as elsewhere:
        parse_redirect_url("http://example.com:8765/")
    with pytest.raises(RedirectUrlPortPrivileged) as privileged:
        parse_redirect_url("http://localhost:443/")
    with pytest.raises(RedirectUrlNotHttp) as not_http:
        parse_redirect_url("https://localhost:8765/")
    assert (elsewhere.value.host, privileged.value.port, not_http.value.scheme) == ("example.com", 443, "https")


@pytest.mark.parametrize(
    "text",
    ["http://localhost:8765/redirect", "http://[::1]:8765/redirect", "http://127.0.0.1:8765/"],
)
def test_reads_what_it_writes(text: str) -> None:
    assert str(parse_redirect_url(text)) == text


def test_on_port_keeps_the_rest() -> None:
    assert str(parse_redirect_url("http://[::1]:0/a").on_port(4711)) == "http://[::1]:4711/a"


@given(st.one_of(st.text(), st.text().map(lambda tail: "http://localhost:8765" + tail)))
def test_any_text_is_a_url_that_reads_itself_or_an_error_of_ours(text: str) -> None:
    try:
        url = parse_redirect_url(text)
    except RedirectUrlError:
        return
    assert parse_redirect_url(str(url)) == url
    assert url.path.startswith("/")
