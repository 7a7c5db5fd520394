"""Exchanges and documents as the tests of this room need them."""

from __future__ import annotations

from gui.concur.models import Direction, Headers, HttpExchange, Operation
from tests.flow.canaries import NOW

CONCUR = "https://www.concursolutions.com"


def answer(
    body: bytes,
    status: int | None = 200,
    content_type: str = "application/xml; charset=utf-8",
    *,
    headers: Headers = (),
    operation: Operation = Operation.EXCHANGE,
    url: str = f"{CONCUR}/net2/oauth2/getaccesstoken.ashx?code=c&client_id=k&client_secret=s",
) -> HttpExchange:
    return HttpExchange(
        direction=Direction.OUT,
        operation=operation,
        started_at=NOW,
        duration_ms=1.0,
        method="GET",
        url=url,
        request_headers=(("Accept", "application/xml"),),
        request_body=b"",
        status=status,
        reason="",
        response_headers=(("Content-Type", content_type), *headers),
        response_body=body,
        sent=True,
        complete=True,
        failure=None,
    )


def request(method: str, url: str, headers: Headers = (), body: bytes = b"") -> HttpExchange:
    return HttpExchange(
        direction=Direction.OUT,
        operation=Operation.EXCHANGE,
        started_at=NOW,
        duration_ms=1.0,
        method=method,
        url=url,
        request_headers=headers,
        request_body=body,
        status=None,
        reason="",
        response_headers=(),
        response_body=b"",
        sent=False,
        complete=False,
        failure=None,
    )
