"""How far a revoke came: three ticks. `revoking` does it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.concur.errors import FlowError
    from gui.flow.issuing import Issued


class Tick(Enum):
    """How one of the three steps ended."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    UNPROVEN = "unproven"
    """It may well be so, and could not be shown."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """How far a revoke came."""

    server: Tick = Tick.PENDING
    """Concur confirmed the revoke, or refuses the token anyway."""
    refused: Tick = Tick.PENDING
    """A call with the token was refused afterwards, and was accepted before."""
    local_copy: Tick = Tick.PENDING
    """The token is gone from keyring and journal."""
    errors: tuple[FlowError, ...] = ()
    """What stood in the way, in order."""
    was_accepted: bool = False
    """A call with the token was accepted before the revoke was sent, now or in an earlier try: the baseline."""
    proved_by_refresh: bool = False
    """What was refused is the refresh token: an access token may live until its hour is over."""
    nothing_sent: bool = False
    """Concur refuses the refresh token already, so that no revoke could be sent: whatever ended it was none of ours."""
    renewed: Issued | None = None
    """What a refresh on the way brought: it has taken the place of the token that was to be revoked."""

    @property
    def ended_token(self) -> bool:
        """Whether the token is dead: it worked before and is refused now, or Concur said so and nothing contradicts.

        A token that was refused all along may be dead, or may lack scope and role and live: that one stays listed.
        """
        confirmed = self.server is Tick.DONE and self.refused is not Tick.FAILED
        return confirmed or self.refused is Tick.DONE
