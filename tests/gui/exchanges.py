"""Exchanges as the timeline gets them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from gui.concur.models import Direction, HttpExchange, Operation
from tests.flow.canaries import CODE, CONSUMER_SECRET, DOCUMENT

STARTED_AT = datetime(2026, 3, 4, 15, 2, 11, 345678, tzinfo=UTC)


def exchange(**changes: Any) -> HttpExchange:  # noqa: ANN401  # whatever a test wants to be different
    """Return an exchange of a request token that went well."""
    given: dict[str, Any] = {
        "direction": Direction.OUT,
        "operation": Operation.EXCHANGE,
        "started_at": STARTED_AT,
        "duration_ms": 212.34567,
        "method": "GET",
        "url": f"https://www.concursolutions.com/net2/oauth2/getaccesstoken.ashx?code={CODE}&client_id=Key"
        f"&client_secret={CONSUMER_SECRET}",
        "request_headers": (("Accept", "application/xml"),),
        "request_body": b"",
        "status": 200,
        "reason": "OK",
        "response_headers": (("Content-Type", "text/xml; charset=utf-8"),),
        "response_body": DOCUMENT,
        "sent": True,
        "complete": True,
        "failure": None,
    }
    return HttpExchange(**(given | changes))


def redirect(**changes: Any) -> HttpExchange:  # noqa: ANN401  # the same
    """Return a redirect that came in."""
    given: dict[str, Any] = {
        "direction": Direction.IN,
        "operation": Operation.REDIRECT,
        "url": f"http://localhost:8765/redirect?code={CODE}",
        "duration_ms": 0.8,
    }
    return exchange(**(given | changes))


def unanswered(**changes: Any) -> HttpExchange:  # noqa: ANN401  # the same
    """Return a request that nobody answered."""
    given: dict[str, Any] = {
        "status": None,
        "reason": "",
        "response_headers": (),
        "response_body": b"",
        "sent": False,
        "complete": False,
        "failure": "ConnectionRefused",
    }
    return exchange(**(given | changes))
