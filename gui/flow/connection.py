"""What one flow works with: a profile's facts, its secret, the contract, the way out and the journal of tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.concur.legacy import LegacyContract

if TYPE_CHECKING:
    from gui.concur.contract import Contract
    from gui.concur.models import Application
    from gui.concur.transport import Transport
    from gui.store.issued_tokens import IssuedTokens

_CONTRACTS: dict[str, type[LegacyContract]] = {LegacyContract.name: LegacyContract}


def contract_named(name: str) -> Contract:
    """Return the contract of a profile. Raises KeyError: profiles are checked when they are read."""
    return _CONTRACTS[name]()


@dataclass(frozen=True, slots=True)
class Connection:
    """One profile, ready to be worked with."""

    profile_id: str
    profile_name: str
    purpose: str
    """"window" or "self-test"."""
    application: Application
    contract: Contract
    transport: Transport
    tokens: IssuedTokens
