"""What App Center and the browser do together, done by this program: for the simulated Concur only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gui.concur.models import Operation
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
    contract: str = "legacy",
    kind: str = "user",
) -> None:
    """Get a request token from the simulated Concur and follow the redirect with it. Raises WireError.

    `contract` is "legacy" or "current"; `kind`, of the current one only, "user" or "company".
    """
    query = app_center_query(transport, base_url, cancellation, contract=contract, kind=kind)
    transport.send(OutboundRequest(Operation.REDIRECT, "GET", redirect_url, query=query), cancellation)


def app_center_query(
    transport: Transport,
    base_url: str,
    cancellation: Cancellation | None = None,
    *,
    contract: str = "legacy",
    kind: str = "user",
) -> tuple[tuple[str, str], ...]:
    """Return what App Center would append to the redirect URL, with a fresh request token. Raises WireError."""
    url = f"{base_url}/sandbox/codes"
    if contract == "legacy":
        asked = OutboundRequest(Operation.SANDBOX, "POST", url)
        carried: tuple[str, ...] = ("code",)
    else:
        wishes = json.dumps({"contract": contract, "kind": kind}).encode()
        asked = OutboundRequest(
            Operation.SANDBOX, "POST", url, headers=(("Content-Type", "application/json"),), body=wishes
        )
        carried = ("id", "requestToken", "userId") if kind == "company" else ("id", "requestToken")
    answered = json.loads(transport.send(asked, cancellation).response_body)
    transport.redactor.learn(answered["code" if contract == "legacy" else "requestToken"])
    return tuple((name, answered[name]) for name in carried)
