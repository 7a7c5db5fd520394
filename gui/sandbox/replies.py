"""What a handler of the sandbox hands back: the response, and what the log says about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gui.loopback.http import Request, Response
from gui.loopback.pages import PAGE_HEADERS


@dataclass(frozen=True, slots=True)
class Reply:
    """A response with its words for the log, none of them a secret."""

    response: Response
    operation: str
    outcome: str
    notes: tuple[str, ...] = ()


Handler = Callable[[Request], Reply]
Routes = Mapping[str, Mapping[str, Handler]]
"""Path in lower case with single slashes, to method, to handler."""


def base_url(port: int) -> str:
    """Return the sandbox's origin. A number, as "localhost" may mean ::1 first and is what HSTS entries stick to."""
    return f"http://127.0.0.1:{port}"


def typed_response(status: int, content_type: str, body: bytes) -> Response:
    """Return a response that is neither stored nor sniffed."""
    return Response(status, (("Content-Type", content_type), *PAGE_HEADERS), body)


def empty_response() -> Response:
    """Return 200 with nothing in it: a revoke that went well (concur-wire.md 1.4)."""
    return Response(200, PAGE_HEADERS)


def text_response(status: int, text: str, *headers: tuple[str, str]) -> Response:
    """Return one line of plain text."""
    return Response(
        status, (("Content-Type", "text/plain; charset=utf-8"), *headers, *PAGE_HEADERS), f"{text}\n".encode()
    )


def json_response(status: int, facts: Mapping[str, object]) -> Response:
    """Return facts as one JSON object."""
    return typed_response(status, "application/json; charset=utf-8", json.dumps(facts).encode())


def redirect_response(location: str) -> Response:
    """Return a 302. The location must be printable ASCII."""
    return Response(302, (("Location", location), *PAGE_HEADERS))
