from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING

from gui.concur.models import Operation
from gui.concur.redaction import Redactor
from gui.concur.transport import OutboundRequest, Transport
from tests.flow.scene import ROOT, RawServer

if TYPE_CHECKING:
    import pytest

ODD_HEADER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nno colon here\r\n\r\nok"
SECRET = "canary-secret-in-the-query"
SENDER = f"""
import sys
from gui.concur.errors import WireError
from gui.concur.models import Operation
from gui.concur.redaction import Redactor
from gui.concur.transport import OutboundRequest, Transport
request = OutboundRequest(Operation.EXCHANGE, "GET", sys.argv[1] + "/x", query=(("client_secret", "{SECRET}"),))
try:
    Transport(record=lambda exchange: None, redactor=Redactor()).send(request)
except WireError:
    pass
"""


def test_odd_header_prints_nothing_where_logging_was_never_set_up() -> None:
    with RawServer(ODD_HEADER) as server:
        done = subprocess.run(
            [sys.executable, "-c", SENDER, server.base_url], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert server.requests
    assert SECRET.encode() in server.requests[0]
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_not_even_a_log_of_everything_gets_the_url(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    transport = Transport(record=lambda _exchange: None, redactor=Redactor())
    with RawServer(ODD_HEADER) as server:
        url = f"{server.base_url}/x"
        answer = transport.send(OutboundRequest(Operation.EXCHANGE, "GET", url, query=(("client_secret", SECRET),)))
    assert answer.status == 200
    assert SECRET not in caplog.text
