"""Requests that must never count as the redirect, whoever sends them. `{port}` stands for the listener's port."""

from __future__ import annotations

import itertools

_OWN = "Host: localhost:{port}"
_GOOD_TARGET = "/redirect?code=0_hostile"
_NAVIGATION = ("Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document")


def _lines(*lines: str) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _get(target: str, *headers: str, host: str = _OWN, method: str = "GET", version: str = "HTTP/1.1") -> bytes:
    return _lines(f"{method} {target} {version}", host, *headers)


_HOSTS = [
    "Host: evil.example",
    "Host: evil.example:{port}",
    "Host: localhost",
    "Host: localhost:1",
    "Host: localhost:",
    "Host: localhost.:{port}",
    "Host: localhost:{port}.evil.example",
    "Host: localhost:{port}@evil.example",
    "Host: me@localhost:{port}",
    "Host: localhost:0{port}",
    "Host: localhost:{port},evil.example",
    "Host: 0.0.0.0:{port}",
    "Host: 127.0.0.2:{port}",
    "Host: 127.1:{port}",
    "Host: 2130706433:{port}",
    "Host: ::1:{port}",
    "Host: [::]:{port}",
    "Host: [::ffff:127.0.0.1]:{port}",
    "Host:",
    "Host: *",
    "Host: http://localhost:{port}",
    "Host: localhost:{port}/",
    "Host: localhost :{port}",
    "Host: localhost:{port}\r\nHost: evil.example",
    "Host: localhost:{port}\r\n evil.example",
    "Host: localhost:{port}\r\nHost: localhost:{port}",
    "X-Forwarded-Host: localhost:{port}",
    "Host\t: localhost:{port}",
    "Host: localhost:{port}\x00",
    "Host: localhost:{port}\x0b",
    "Host: l\xf3calhost:{port}",
]
_TARGETS = [
    "/",
    "/favicon.ico",
    "/robots.txt",
    "/redirect/",
    "//redirect",
    "/redirect//",
    "/Redirect",
    "/REDIRECT",
    "/redirec%74",
    "/%72edirect",
    "/./redirect",
    "/x/../redirect",
    "/redirect/.",
    "/redirect;x",
    "/redirect%00",
    "/redirect%2f",
    "/redirect.",
    "/redirect\\",
    "\\redirect",
    "redirect",
    "*",
    "localhost:{port}",
    "localhost:{port}/redirect",
    "https://localhost:{port}/redirect",
    "http://evil.example/redirect",
    "http://evil.example:{port}/redirect",
    "http://me@localhost:{port}/redirect",
    "http://localhost/redirect",
    "http:///redirect",
    "http:/redirect",
    "ftp://localhost:{port}/redirect",
    "file:///redirect",
    "//localhost:{port}/redirect",
    "http://localhost:{port}redirect",
    "http://localhost:{port}#/redirect",
    "/redirect#",
    "javascript:alert(1)",
    "/../../../etc/passwd",
    "/redirect\xe9",
    "?",
    "/?code=0_a&x=/redirect",
]
_QUERIES = [
    "",
    "code=",
    "code",
    "Code=0_a",
    "CODE=0_a",
    "cod%65",
    "xcode=0_a",
    "code=0_a&code=0_b",
    "code=0_a&cod%65=0_b",
    "code=&code=0_a",
    "code=%",
    "code=%zz",
    "code=%u0041",
    "code=%00",
    "code=0_a%0d%0aSet-Cookie:x",
    "code=%ff",
    "code=%c0%af",
    "code=%ed%a0%80",
    "code=%7f",
    "code=%c2%85",
    "state=x&state=y&code=0_a",
    "%=1&code=0_a",
    "code=0_a&x=%ff",
    "x" * 17_000,
    "code=" + "0" * 17_000,
    "#code=0_a",
    "code=0_a#x",
    "&&&&",
    "=0_a",
    ";code=0_a",
    "error&error=x",
    "requestToken=0_a",
    "a=1&" * 3000,
]
_BROWSER_HEADERS = [
    *(("Sec-Fetch-Mode: " + mode,) for mode in ("no-cors", "cors", "same-origin", "websocket", "", "navigate, cors")),
    *(
        ("Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: " + destination)
        for destination in (
            "iframe",
            "frame",
            "embed",
            "object",
            "image",
            "script",
            "style",
            "empty",
            "worker",
            "video",
            "audio",
            "font",
            "manifest",
            "report",
            "",
        )
    ),
    *(
        (*_NAVIGATION, header)
        for header in (
            "Sec-Purpose: prefetch",
            "Sec-Purpose: prefetch;prerender",
            "Purpose: prefetch",
            "X-Purpose: preview",
            "X-Moz: prefetch",
            "PURPOSE: PREFETCH",
        )
    ),
]
_METHODS = [
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "get",
    "Get",
    "GETX",
    "HEAD",
    "_",
]
_VERSIONS = [
    "HTTP/2.0",
    "HTTP/0.9",
    "HTTP/3.0",
    "HTTP/1",
    "HTTP/11",
    "HTTP/1.1.1",
    "http/1.1",
    "HTCPCP/1.0",
    "",
    "HTTP/ 1.1",
]
_SPLICES = [
    ("Content-Length: 4", "Transfer-Encoding: chunked"),
    ("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
    ("Transfer-Encoding: xchunked",),
    ("Transfer-Encoding: gzip, chunked",),
    ("Content-Length: +4",),
    ("Content-Length: 4, 5",),
    ("Content-Length: -1",),
    ("Content-Length: 1e3",),
    ("Content-Length: 4", "Content-Length: 5"),
    ("Content-Length: " + "9" * 40,),
    (" folded: first",),
    ("No-Colon",),
    (": no name",),
    ("Spa ce: x",),
    ("X: \x00",),
    ("X: \x0c",),
    ("X" * 100_000 + ": 1",),
    tuple(f"X{number}: 1" for number in range(200)),
    ("X: " + "y" * 120_000,),
    ("X\x80: 1",),
]
_RAW = [
    b"\x00",
    b"\xff" * 100,
    b"\x16\x03\x01\x00\xa5\x01",
    b"\x80\x2e\x01\x00\x02",
    b"\r\n\r\n",
    b"\n",
    b" ",
    b"\t\r\n\r\n",
    b"GET",
    b"GET /redirect?code=0_hostile",
    b"GET /redirect?code=0_hostile\r\n",
    b"GET /redirect?code=0_hostile\r\n\r\n",
    b"GET /redirect?code=0_hostile HTTP/1.1\r\n\r\n",
    b"GET /redirect?code=0_hostile HTTP/1.0\r\n\r\n",
    b"GET /redirect?code=0_hostile HTTP/1.1\r\nHost: localhost:{port}\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"GET\t/redirect?code=0_hostile\tHTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    b"GET  /redirect?code=0_hostile HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    b"GET /redirect?code=0_hostile  HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    b"GET /redirect?code=0 hostile HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    b"GET /redirect?code=0_hostile HTTP/1.1\rHost: localhost:{port}\r\r",
    b"EHLO localhost\r\n",
    b"\x05\x01\x00",
    b"GET /redirect?code=0_h\xc3\xa9 HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    b"{" + b'"a":' * 1000 + b"\r\n\r\n",
    b"GET /redirect?code=0_h\x00 HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n",
    b"A" * 200_000,
    b"\r\n" * 10_000,
]


def hostile_requests() -> list[bytes]:
    """All of them, by hand, each sure to be no redirect."""
    return list(
        itertools.chain(
            (_get(_GOOD_TARGET, host=host) for host in _HOSTS),
            (_get(target if "?" in target else target + "?code=0_hostile") for target in _TARGETS),
            (_get("/redirect?" + query, *_NAVIGATION) for query in _QUERIES),
            (_get(_GOOD_TARGET, *headers) for headers in _BROWSER_HEADERS),
            (_get(_GOOD_TARGET, method=method) for method in _METHODS),
            (_get(_GOOD_TARGET, version=version) for version in _VERSIONS),
            (_get(_GOOD_TARGET, *headers) for headers in _SPLICES),
            _RAW,
        )
    )


def on_port(raw: bytes, port: int) -> bytes:
    return raw.replace(b"{port}", str(port).encode())
