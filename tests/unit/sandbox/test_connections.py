from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from gui.sandbox.connection_records import Connection, TokenGrant
from gui.sandbox.connections import Connections
from gui.sandbox.errors import Refused
from gui.sandbox.records import DEFAULT_USERS, ConnectionKind, Reason
from gui.sandbox.settings import SandboxSettings
from gui.sandbox.tokens import new_uuid
from tests.unit.sandbox.bench import APP, KEY
from tests.unit.sandbox.test_authority import authority

ADMIN = DEFAULT_USERS[0].login


def written(_connection: Connection) -> str:
    return new_uuid()


def test_one_request_token_gives_five_tokens_however_many_ask_at_once() -> None:
    connections = Connections(authority())
    issued = connections.connect(KEY, ADMIN, ConnectionKind.USER)

    def exchange(_: int) -> TokenGrant | Reason:
        try:
            return connections.exchange_request_token(APP, issued.id, issued.request_token, written)
        except Refused as refusal:
            return refusal.reason

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(exchange, range(200)))
    assert sum(isinstance(outcome, TokenGrant) for outcome in outcomes) == 5
    assert outcomes.count(Reason.CODE_USED) == 195
    assert len(connections.issued_tokens()) == connections.live_refresh_tokens() == 5


def test_one_refresh_token_is_rotated_once_however_many_ask_at_once() -> None:
    connections = Connections(authority())
    issued = connections.connect(KEY, ADMIN, ConnectionKind.USER)
    refresh_token = connections.exchange_request_token(APP, issued.id, issued.request_token, written).refresh_token
    assert refresh_token

    def refresh(_: int) -> bool:
        try:
            connections.refresh(APP, refresh_token, (), written)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(refresh, range(200))) == 1
    assert connections.live_refresh_tokens(KEY) == 1


def test_every_kind_of_record_is_bounded() -> None:
    connections = Connections(authority(SandboxSettings(records_kept=3)))
    for _ in range(5):
        issued = connections.connect(KEY, ADMIN, ConnectionKind.USER)
        connections.issue_code(KEY, ADMIN, (), "http://x/")
        connections.exchange_request_token(APP, issued.id, issued.request_token, written)
    kept = (connections._request_tokens, connections._codes, connections._refresh_tokens, connections._access_tokens)
    assert [len(records) for records in kept] == [3] * 4


def test_knows_tokens_of_every_kind() -> None:
    connections = Connections(authority())
    issued = connections.connect(KEY, ADMIN, ConnectionKind.USER)
    code = connections.issue_code(KEY, ADMIN, (), "http://x/")
    grant = connections.exchange_request_token(APP, issued.id, issued.request_token, written)
    for value in (issued.request_token, code, grant.access_token, grant.refresh_token):
        assert value
        assert connections.knows(value)
    assert not connections.knows(issued.id)
