from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gui.concur.errors import (
    AnswerCutOff,
    AnswerEmpty,
    AnswerRedirects,
    ConcurFailed,
    ConcurRefused,
    ConnectTimedOut,
    GrantRefused,
    ProofUnclear,
    ProxyFailed,
    RequestCancelled,
    TlsFailed,
    WireError,
)
from gui.concur.models import ErrorDocument, HttpExchange, Operation
from gui.flow.issuing import surely_issued_nothing
from tests.unit.flow.test_timeline import row

DOCUMENT = ErrorDocument("no", "", "")
NOT_SENT = replace(row(1), sent=False, status=None, complete=False)
SENT = replace(row(1), started_at=datetime(2024, 5, 6, tzinfo=UTC))


def failed(status: int, exchange: HttpExchange | None = SENT) -> WireError:
    return ConcurFailed(operation=Operation.EXCHANGE, host="h", exchange=exchange, status=status, content_type="")


def refused(kind: type[ConcurRefused], status: int) -> WireError:
    return kind(operation=Operation.EXCHANGE, host="h", exchange=SENT, status=status, document=DOCUMENT)


def unclear(status: int) -> WireError:
    return ProofUnclear(operation=Operation.PROOF, host="h", exchange=SENT, status=status)


@pytest.mark.parametrize(
    ("error", "nothing"),
    [
        pytest.param(ConnectTimedOut(operation=Operation.EXCHANGE, host="h", limit_s=1.0), True, id="no record"),
        pytest.param(
            TlsFailed(operation=Operation.EXCHANGE, host="h", exchange=NOT_SENT, reason="r"), True, id="never connected"
        ),
        pytest.param(
            RequestCancelled(operation=Operation.EXCHANGE, host="h", exchange=NOT_SENT), True, id="cancelled before"
        ),
        pytest.param(
            RequestCancelled(operation=Operation.EXCHANGE, host="h", exchange=SENT), False, id="cancelled after"
        ),
        *(
            pytest.param(refused(kind, status), nothing, id=f"{name} with {status}")
            for kind, name in ((ConcurRefused, "Error"), (GrantRefused, "numbered error"))
            for status, nothing in ((200, True), (400, True), (401, True), (503, False))
        ),
        pytest.param(unclear(200), False, id="proof answered with 200"),
        pytest.param(unclear(302), True, id="proof answered with 302"),
        pytest.param(unclear(400), True, id="proof answered with 400"),
        pytest.param(unclear(500), False, id="proof answered with 500"),
        pytest.param(unclear(0), False, id="proof answered with nothing"),
        pytest.param(failed(404), True, id="404"),
        pytest.param(failed(499), True, id="499"),
        pytest.param(failed(500), False, id="500"),
        pytest.param(failed(599), False, id="599"),
        pytest.param(
            AnswerRedirects(operation=Operation.EXCHANGE, host="h", exchange=SENT, status=302, location_host="x"),
            True,
            id="redirecting",
        ),
        pytest.param(
            ProxyFailed(operation=Operation.EXCHANGE, host="h", exchange=SENT, proxy="p", status=407), True, id="proxy"
        ),
        pytest.param(
            AnswerCutOff(operation=Operation.EXCHANGE, host="h", exchange=SENT, received_bytes=0), False, id="cut off"
        ),
        pytest.param(AnswerEmpty(operation=Operation.EXCHANGE, host="h", exchange=SENT, status=200), False, id="empty"),
    ],
)
def test_what_proves_that_nothing_was_issued(error: WireError, *, nothing: bool) -> None:
    assert surely_issued_nothing(error) is nothing
