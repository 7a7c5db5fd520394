"""What loopback cannot show: failures of networks that this machine has not."""

from __future__ import annotations

import errno
import os
import socket
import ssl

import pytest
import requests
import urllib3

from gui.concur.errors import (
    AnswerCutOff,
    AnswerTimedOut,
    ConnectionRefused,
    ConnectTimedOut,
    HostNotFound,
    NoRoute,
    TlsFailed,
    TooManyOpenFiles,
    WireError,
)
from gui.concur.models import Operation
from gui.concur.transport import WireLimits
from gui.concur.transport.failures import EndedEarly, wire_error
from tests.flow.canaries import CODE, CONSUMER_SECRET, secrets_in, words_of

URL = f"https://concur.example/x?code={CODE}&client_secret={CONSUMER_SECRET}"


def os_error(code: int) -> OSError:
    return OSError(code, os.strerror(code))


def as_requests_says_it(cause: OSError) -> Exception:
    connection = urllib3.connection.HTTPSConnection("concur.example")
    failed = urllib3.exceptions.NewConnectionError(connection, "no connection")
    failed.__cause__ = cause
    reason = urllib3.exceptions.MaxRetryError(urllib3.HTTPSConnectionPool("concur.example"), URL, failed)
    return requests.ConnectionError(reason)


@pytest.mark.parametrize(
    ("cause", "connected", "kind"),
    [
        pytest.param(os_error(errno.ENETUNREACH), False, NoRoute, id="network unreachable"),
        pytest.param(os_error(errno.EHOSTUNREACH), False, NoRoute, id="host unreachable"),
        pytest.param(os_error(errno.ENETDOWN), False, NoRoute, id="network down"),
        pytest.param(os_error(errno.EACCES), False, NoRoute, id="a firewall on this machine"),
        pytest.param(os_error(errno.EINVAL), False, NoRoute, id="address of no use"),
        pytest.param(os_error(errno.EMFILE), False, TooManyOpenFiles, id="no file left for this program"),
        pytest.param(os_error(errno.ENFILE), False, TooManyOpenFiles, id="no file left for any program"),
        pytest.param(os_error(errno.ECONNREFUSED), False, ConnectionRefused, id="refused"),
        pytest.param(os_error(errno.ETIMEDOUT), False, ConnectTimedOut, id="the system gave up"),
        pytest.param(os_error(errno.ETIMEDOUT), True, AnswerTimedOut, id="the system gave up later"),
        pytest.param(os_error(errno.ECONNRESET), True, AnswerCutOff, id="reset"),
        pytest.param(os_error(errno.EPIPE), True, AnswerCutOff, id="broken pipe"),
        pytest.param(os_error(errno.EHOSTUNREACH), True, NoRoute, id="the way was lost"),
        pytest.param(socket.gaierror(socket.EAI_NONAME, "no name"), False, HostNotFound, id="no such name"),
        pytest.param(socket.gaierror(socket.EAI_AGAIN, "try again"), False, HostNotFound, id="no name server"),
        pytest.param(ssl.SSLEOFError(8, "EOF"), False, TlsFailed, id="end inside the handshake"),
    ],
)
def test_by_cause(cause: OSError, connected: bool, kind: type[WireError]) -> None:  # noqa: FBT001  # a column
    ended = EndedEarly(None, WireLimits(), too_large=False, received_bytes=0, connected=connected)
    error = wire_error(as_requests_says_it(cause), ended, Operation.EXCHANGE, URL, None)
    assert type(error) is kind
    assert error.host == "concur.example"
    assert secrets_in(words_of(error)) == []


def test_no_file_left_is_not_blamed_on_a_proxy() -> None:
    ended = EndedEarly(None, WireLimits(), too_large=False, received_bytes=0, connected=False)
    problem = requests.exceptions.ProxyError(urllib3.exceptions.ProxyError("no", os_error(errno.EMFILE)))
    assert type(wire_error(problem, ended, Operation.EXCHANGE, URL, "proxy:3128")) is TooManyOpenFiles
