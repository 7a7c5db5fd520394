"""What one flow works with: a profile's facts, its secret, the contract, the way out and the journal of tokens."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.concur.current import CurrentContract
from gui.concur.errors import ContractUnknown, FlowError
from gui.concur.legacy import LegacyContract
from gui.concur.models import Application

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gui.concur.contract import Contract
    from gui.concur.transport import Transport
    from gui.store.issued_entry import IssuedToken
    from gui.store.issued_tokens import IssuedTokens
    from gui.store.profile import Profile

SELF_TEST = "self-test"
"""Purpose of the tokens of a self-test."""
_CONTRACTS: dict[str, Callable[[], Contract]] = {
    LegacyContract.name: LegacyContract,
    CurrentContract.name: CurrentContract,
}


def contract_named(name: str) -> Contract:
    """Return the contract of a profile or of a token. Raises ContractUnknown."""
    if name not in _CONTRACTS:
        raise ContractUnknown(name=name)
    return _CONTRACTS[name]()


def consumer_secret_for(token: IssuedToken, profiles: Iterable[Profile], tokens: IssuedTokens) -> str:
    """Return the secret that a refresh of that token takes; "" where none is needed, or none can be had.

    It comes from the token's own profile, and only where that is still about the very app it was issued to: the
    secret must go to nobody else. A self-test has no profile; for its tokens any profile of the same app will do.
    Waits for the keyring.
    """
    if not contract_named(token.contract).replaces_tokens:
        return ""
    issued_for = (token.base_url, token.consumer_key, token.contract)
    same = [each for each in profiles if (each.base_url, each.consumer_key, each.contract) == issued_for]
    if token.purpose != SELF_TEST:
        same = [each for each in same if each.profile_id == token.profile_id]
    for profile in same:
        with suppress(FlowError):  # an access token that has not expired needs none
            if secret := tokens.consumer_secret_of(profile):
                return secret
    return ""


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


def is_about(connection: Connection, token: IssuedToken) -> bool:
    """Whether a token was issued to the very app, data centre and contract of a connection."""
    application = connection.application
    issued_for = (token.base_url, token.consumer_key, token.contract)
    return (application.base_url, application.consumer_key, connection.contract.name) == issued_for


def connection_to(token: IssuedToken, connection: Connection) -> Connection:
    """Return what a token is worked with: the connection, if it is about the same app. Raises ContractUnknown.

    Where a profile names another data centre, app or contract by now, its secret must not follow the token to where
    that was issued, nor the token be called by another contract.
    """
    if is_about(connection, token):
        return connection
    return connection_for_token(token, connection.transport, connection.tokens)


def connection_for_token(
    token: IssuedToken, transport: Transport, tokens: IssuedTokens, consumer_secret: str = ""
) -> Connection:
    """Return what it takes to try or revoke a token of the journal.

    It authorises itself while it lasts. `consumer_secret`: of the app that it was issued to, where it has to be
    refreshed first; "" where nobody knows it. Raises ContractUnknown.
    """
    return Connection(
        profile_id=token.profile_id,
        profile_name=token.profile_name,
        purpose=token.purpose,
        application=Application(token.base_url, token.consumer_key, consumer_secret, ""),
        contract=contract_named(token.contract),
        transport=transport,
        tokens=tokens,
    )
