"""What App Center and the browser do together, done by this program: for the simulated Concur only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from gui.concur.contract import DEFAULT_CONTRACT
from gui.concur.models import Operation
from gui.concur.redaction import SECRET_PARAMETERS
from gui.concur.transport import OutboundRequest

if TYPE_CHECKING:
    from gui.concur.cancellation import Cancellation
    from gui.concur.transport import Transport


def simulate_app_center(
    transport: Transport,
    base_url: str,
    redirect_url: str,
    cancellation: Cancellation | None = None,
    *,
    contract: str = DEFAULT_CONTRACT,
    kind: str | None = None,
) -> None:
    """Get a request token from the simulated Concur and follow the redirect with it. Raises WireError.

    `kind`, where the contract has several: "user" or "company".
    """
    query = app_center_query(transport, base_url, cancellation, contract=contract, kind=kind)
    transport.send(OutboundRequest(Operation.REDIRECT, "GET", redirect_url, query=query), cancellation)


def app_center_query(
    transport: Transport,
    base_url: str,
    cancellation: Cancellation | None = None,
    *,
    contract: str = DEFAULT_CONTRACT,
    kind: str | None = None,
) -> tuple[tuple[str, str], ...]:
    """Return what App Center would append to the redirect URL, with a fresh request token. Raises WireError."""
    wishes = {"contract": contract} if kind is None else {"contract": contract, "kind": kind}
    asked = OutboundRequest(
        Operation.SANDBOX,
        "POST",
        f"{base_url}/sandbox/codes",
        headers=(("Content-Type", "application/json"),),
        body=json.dumps(wishes).encode(),
    )
    query = tuple(parse_qsl(json.loads(transport.send(asked, cancellation).response_body)["query"]))
    transport.redactor.learn(*(value for name, value in query if name.lower() in SECRET_PARAMETERS))
    return query
