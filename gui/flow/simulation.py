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
    transport: Transport, base_url: str, redirect_url: str, cancellation: Cancellation | None = None
) -> None:
    """Get a request token from the simulated Concur and follow the redirect with it. Raises WireError."""
    asked = OutboundRequest(Operation.SANDBOX, "POST", f"{base_url}/sandbox/codes")
    code = json.loads(transport.send(asked, cancellation).response_body)["code"]
    transport.redactor.learn(code)
    followed = OutboundRequest(Operation.REDIRECT, "GET", redirect_url, query=(("code", code),))
    transport.send(followed, cancellation)
