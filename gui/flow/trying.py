"""Try a token with one harmless call, refreshed first where its contract wants that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.concur.errors import WireError
from gui.flow.issuing import usable_token

if TYPE_CHECKING:
    from gui.concur.cancellation import Cancellation
    from gui.concur.models import HttpExchange, LiveToken
    from gui.flow.connection import Connection
    from gui.flow.issuing import Issued
    from gui.store.issued_entry import IssuedToken


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it: an answer that accepted the token, or the error."""

    answer: HttpExchange | None = None
    error: WireError | None = None
    renewed: Issued | None = None
    """What a refresh on the way brought: it has taken the place of the token that was to be tried."""


def try_token(
    connection: Connection, token: IssuedToken, live: LiveToken, cancellation: Cancellation | None = None
) -> Tried:
    """Make the call. `live`: the token as it is at hand. Raises what a refresh raises, where one is needed."""
    renewed = None
    if not connection.contract.is_usable(live, connection.tokens.now()):
        usable = usable_token(connection, token, connection.tokens.now(), cancellation)
        live, renewed = usable.live, usable.renewed
    try:
        answer = connection.contract.probe(connection.transport, live, cancellation)
    except WireError as error:
        return Tried(error=error, renewed=renewed)
    return Tried(answer=answer, renewed=renewed)
