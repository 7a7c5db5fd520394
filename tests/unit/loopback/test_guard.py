from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gui.loopback.guard import STATUS_OF_STRAY, Stray, loopback_hosts, names_this_listener, stray_reason
from gui.loopback.http import Request
from gui.loopback.redirect_url import parse_redirect_url

URL = parse_redirect_url("http://localhost:8765/redirect")
OWN_HOST = ("host", "localhost:8765")


def request(
    *headers: tuple[str, str], method: str = "GET", path: str = "/redirect", authority: str | None = None
) -> Request:
    return Request(
        method=method,
        target=f"{path}?code=0_a",
        path=path,
        query="code=0_a",
        authority=authority,
        headers=headers or (OWN_HOST,),
        body=b"",
        local_port=8765,
        received_at=datetime.now(UTC),
    )


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(request(), id="no browser headers"),
        pytest.param(request(method="HEAD"), id="HEAD"),
        pytest.param(request(("host", "127.0.0.1:8765")), id="by IPv4 address"),
        pytest.param(request(("host", "[::1]:8765")), id="by IPv6 address"),
        pytest.param(request(("host", "LOCALHOST:8765")), id="Host in capitals"),
        pytest.param(request(authority="127.0.0.1:8765"), id="absolute form, own authority"),
        pytest.param(
            request(OWN_HOST, ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")), id="navigation"
        ),
        pytest.param(request(OWN_HOST, ("purpose", "testing")), id="another purpose"),
    ],
)
def test_may_be_the_redirect(asked: Request) -> None:
    assert stray_reason(asked, URL) is None


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        pytest.param(request(("host", "evil.example:8765")), Stray.FOREIGN_HOST, id="rebound name"),
        pytest.param(request(("host", "localhost:8766")), Stray.FOREIGN_HOST, id="another port"),
        pytest.param(request(("host", "localhost")), Stray.FOREIGN_HOST, id="no port"),
        pytest.param(request(("host", "localhost.:8765")), Stray.FOREIGN_HOST, id="dot after the name"),
        pytest.param(request(("host", "localhost:8765.evil.example")), Stray.FOREIGN_HOST, id="own name in front"),
        pytest.param(request(("host", "")), Stray.FOREIGN_HOST, id="empty Host"),
        pytest.param(request(("accept", "*/*")), Stray.FOREIGN_HOST, id="no Host"),
        pytest.param(request(OWN_HOST, ("host", "evil.example")), Stray.FOREIGN_HOST, id="second Host is foreign"),
        pytest.param(request(authority="evil.example:8765"), Stray.FOREIGN_HOST, id="foreign authority"),
        pytest.param(request(authority=""), Stray.FOREIGN_HOST, id="empty authority"),
        pytest.param(request(authority="me@localhost:8765"), Stray.FOREIGN_HOST, id="user in the authority"),
        pytest.param(request(path="/"), Stray.OTHER_PATH, id="root"),
        pytest.param(request(path="/favicon.ico"), Stray.OTHER_PATH, id="favicon"),
        pytest.param(request(path="/redirect/"), Stray.OTHER_PATH, id="slash after"),
        pytest.param(request(path="//redirect"), Stray.OTHER_PATH, id="slash before"),
        pytest.param(request(path="/Redirect"), Stray.OTHER_PATH, id="another case"),
        pytest.param(request(path="/redirec%74"), Stray.OTHER_PATH, id="escaped letter"),
        pytest.param(request(path="/x/../redirect"), Stray.OTHER_PATH, id="dots"),
        pytest.param(request(path="/redirect;a=b"), Stray.OTHER_PATH, id="path parameter"),
        pytest.param(request(method="POST"), Stray.OTHER_METHOD, id="POST"),
        pytest.param(request(method="OPTIONS"), Stray.OTHER_METHOD, id="OPTIONS"),
        pytest.param(request(method="get"), Stray.OTHER_METHOD, id="methods know case"),
        pytest.param(request(OWN_HOST, ("sec-fetch-mode", "no-cors")), Stray.NOT_A_NAVIGATION, id="no-cors"),
        pytest.param(request(OWN_HOST, ("sec-fetch-mode", "cors")), Stray.NOT_A_NAVIGATION, id="fetch()"),
        pytest.param(request(OWN_HOST, ("sec-fetch-mode", "")), Stray.NOT_A_NAVIGATION, id="empty mode"),
        pytest.param(
            request(OWN_HOST, ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")),
            Stray.NOT_A_NAVIGATION,
            id="iframe",
        ),
        pytest.param(request(OWN_HOST, ("sec-fetch-dest", "image")), Stray.NOT_A_NAVIGATION, id="image"),
        pytest.param(
            request(OWN_HOST, ("sec-fetch-mode", "navigate"), ("sec-fetch-mode", "cors")),
            Stray.NOT_A_NAVIGATION,
            id="second mode counts",
        ),
        pytest.param(request(OWN_HOST, ("sec-purpose", "prefetch;prerender")), Stray.PREFETCH, id="prerender"),
        pytest.param(request(OWN_HOST, ("sec-purpose", "a"), ("sec-purpose", "prefetch")), Stray.PREFETCH, id="second"),
        pytest.param(request(OWN_HOST, ("purpose", "Prefetch")), Stray.PREFETCH, id="older prefetch"),
        pytest.param(request(OWN_HOST, ("x-purpose", "preview")), Stray.PREFETCH, id="preview"),
        pytest.param(request(OWN_HOST, ("x-moz", "prefetch")), Stray.PREFETCH, id="Mozilla's prefetch"),
        pytest.param(
            request(OWN_HOST, ("sec-fetch-mode", "no-cors"), ("sec-purpose", "prefetch")),
            Stray.PREFETCH,
            id="prefetch outranks the mode",
        ),
    ],
)
def test_is_not_the_redirect(asked: Request, reason: Stray) -> None:
    assert stray_reason(asked, URL) is reason


def test_every_reason_has_a_status_of_the_client() -> None:
    assert set(STATUS_OF_STRAY) == set(Stray)
    assert all(400 <= status < 500 for status in STATUS_OF_STRAY.values())


def test_nobody_is_named_without_a_host() -> None:
    assert not names_this_listener(request(("accept", "*/*")), loopback_hosts(8765))


def test_hosts_are_the_three_names_of_this_machine() -> None:
    assert loopback_hosts(8765) == {"localhost:8765", "127.0.0.1:8765", "[::1]:8765"}


def test_browsers_leave_port_80_out() -> None:
    assert {"localhost", "127.0.0.1", "[::1]", "localhost:80"} <= loopback_hosts(80)
