from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

import pytest

from gui.concur.redaction import Redactor
from gui.concur.transport import Transport
from gui.flow.simulation import app_center_query, simulate_app_center
from gui.loopback.http import Request, Response
from gui.loopback.server import LoopbackServer
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from tests.unit.sandbox.bench import APP, KEY, SECRET, TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.concur.models import HttpExchange

WAYS = [
    pytest.param({}, ["code"], id="as ever"),
    pytest.param({"contract": "legacy"}, ["code"], id="legacy"),
    pytest.param({"contract": "current"}, ["id", "requestToken"], id="current"),
    pytest.param({"contract": "current", "kind": "company"}, ["id", "requestToken", "userId"], id="current company"),
]


@pytest.fixture
def concur() -> Iterator[SimulatedConcur]:
    with SimulatedConcur(SandboxSettings(), APP) as concur:
        yield concur


@pytest.mark.parametrize(("way", "names"), WAYS)
def test_redirect_is_followed_with_what_the_contract_carries(
    concur: SimulatedConcur, way: dict[str, str], names: list[str]
) -> None:
    came: list[Request] = []

    def land(request: Request) -> Response:
        came.append(request)
        return Response(200)

    records: list[HttpExchange] = []
    transport = Transport(record=records.append, redactor=Redactor())
    with LoopbackServer(land, port=0) as app:
        simulate_app_center(transport, concur.base_url, f"http://127.0.0.1:{app.port}/redirect", None, **way)
    carried = parse_qsl(came[0].query)
    assert [name for name, _ in carried] == names
    assert len(records) == 2
    secret = dict(carried)["requestToken" if "requestToken" in names else "code"]
    assert secret not in transport.redactor.text(f"it was {secret}")


@pytest.mark.parametrize("kind", ["user", "company"])
def test_query_is_worth_tokens(concur: SimulatedConcur, kind: str) -> None:
    transport = Transport(record=lambda _exchange: None, redactor=Redactor())
    carried = dict(app_center_query(transport, concur.base_url, contract="current", kind=kind))
    form = {"grant_type": "password", "credtype": "authtoken", "client_id": KEY, "client_secret": SECRET}
    form |= {"username": carried["id"], "password": carried["requestToken"]}
    request = Request(
        "POST",
        TOKEN,
        TOKEN,
        "",
        None,
        (("host", f"127.0.0.1:{concur.port}"), ("content-type", "application/x-www-form-urlencoded")),
        urlencode(form).encode(),
        concur.port,
        concur.authority.now(),
    )
    assert concur.handle(request).status == 200
