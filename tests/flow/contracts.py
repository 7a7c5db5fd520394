"""What a test has to know of each contract, so that it is written once and goes through both.

What a test may say of "the tokens that live at Concur" differs: in the legacy contract each access token lives for
itself; in the current one a connection lives by its refresh token, and access tokens end with it or within the hour.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from gui.concur.contract import CURRENT, LEGACY
from gui.concur.errors import ConcurRefused, GrantRefused
from gui.concur.models import RequestToken
from gui.sandbox.records import TokenState
from tests.flow.faults import (
    CURRENT_ERROR,
    CURRENT_FAULTS,
    CURRENT_GOOD,
    CURRENT_ODDITIES,
    CURRENT_REFRESH,
    CURRENT_TOKEN,
    ERROR,
    FAULTS,
    GOOD,
    JSON,
    ODDITIES,
    TOKEN,
    XML,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _pytest.mark.structures import ParameterSet

    from gui.concur.errors import WireError
    from gui.concur.models import Headers
    from gui.sandbox.service import SimulatedConcur
    from gui.store.issued_entry import TokenSecrets
    from gui.store.issued_tokens import IssuedTokens
    from tests.flow.faults import Fault, Oddity


class Kit(ABC):
    """One contract, as tests see it."""

    name: str
    replaces: bool
    """Whether a refresh takes the place of the older token."""
    token_path: str
    revoke_path: str
    sign_in_path: str
    scopes: tuple[str, ...]
    headers: Headers
    """Of its documents."""
    error: bytes
    """What a refusal says."""
    refused: type[WireError]
    """What that is here."""
    good: bytes
    token: str
    """The access token in `good`, and in the answers of `faults` and `oddities`."""
    first_handle: str
    """What of the first flow lives at Concur: see `live`."""
    faults: Mapping[str, Fault]
    oddities: Mapping[str, Oddity]

    @abstractmethod
    def parameters(self, concur: SimulatedConcur, user: str | None = None) -> tuple[tuple[str, str], ...]:
        """What App Center appends to the redirect URL, with a fresh request token."""

    @abstractmethod
    def request_token(self, concur: SimulatedConcur, user: str | None = None) -> RequestToken:
        """The same as the listener would hand it on."""

    @abstractmethod
    def live(self, concur: SimulatedConcur) -> set[str]:
        """What lives at Concur and would have to be revoked."""

    @abstractmethod
    def handle(self, secrets: TokenSecrets) -> str:
        """What of a token in the journal can be found in `live`."""

    @abstractmethod
    def secrets(self, concur: SimulatedConcur) -> set[str]:
        """Every secret of any kind that was issued."""

    @abstractmethod
    def end_all(self, concur: SimulatedConcur) -> None:
        """End everything at Concur."""

    def query(self, concur: SimulatedConcur, user: str | None = None) -> str:
        return urlencode(self.parameters(concur, user))

    def issued(self, concur: SimulatedConcur) -> list[str]:
        """Every access token that was ever issued."""
        return [token.value for token in concur.issued_tokens() if token.contract == self.name]

    def live_access_tokens(self, concur: SimulatedConcur) -> set[str]:
        of_both = concur.issued_tokens()
        return {t.value for t in of_both if t.contract == self.name and t.state is TokenState.LIVE}

    def listed(self, tokens: IssuedTokens) -> set[str]:
        """What the journal can hand out, and so revoke."""
        return {self.handle(tokens.tokens_of(token.token_id)) for token in tokens.review().live}

    def unaccounted(self, tokens: IssuedTokens, *concurs: SimulatedConcur) -> set[str]:
        """What lives and is neither listed nor possibly meant by a note of an exchange with an unknown end."""
        review = tokens.review()
        unlisted = set().union(*map(self.live, concurs)) - self.listed(tokens)
        return set() if len(unlisted) <= len(review.cut_off) + len(review.in_flight) else unlisted

    def __str__(self) -> str:
        return self.name


class LegacyKit(Kit):
    name = LEGACY
    replaces = False
    token_path = "/net2/oauth2/getaccesstoken.ashx"
    revoke_path = "/net2/oauth2/revoketoken.ashx"
    sign_in_path = "/net2/oauth2/Login.aspx"
    scopes = ("USER",)
    headers = XML
    error = ERROR
    refused = ConcurRefused
    good = GOOD
    token = first_handle = TOKEN
    faults = FAULTS
    oddities = ODDITIES

    def parameters(self, concur: SimulatedConcur, user: str | None = None) -> tuple[tuple[str, str], ...]:
        return (("code", concur.issue_request_token(user)),)

    def request_token(self, concur: SimulatedConcur, user: str | None = None) -> RequestToken:
        return RequestToken(concur.issue_request_token(user), datetime.now(UTC))

    def live(self, concur: SimulatedConcur) -> set[str]:
        return self.live_access_tokens(concur)

    def handle(self, secrets: TokenSecrets) -> str:
        return secrets.access_token

    def secrets(self, concur: SimulatedConcur) -> set[str]:
        at = concur.authority
        return {*at._request_tokens, *at._access_tokens, *at._refresh_tokens}

    def end_all(self, concur: SimulatedConcur) -> None:
        with concur.authority._lock:  # not every user may revoke
            for record in tuple(concur.authority._access_tokens.values()):
                concur.authority._end(record, with_refresh_token=True)


class CurrentKit(Kit):
    name = CURRENT
    replaces = True
    token_path = "/oauth2/v0/token"
    revoke_path = "/app-mgmt/v0/connections"
    sign_in_path = "/oauth2/v0/authorize"
    scopes = ("openid",)
    headers = JSON
    error = CURRENT_ERROR
    refused = GrantRefused
    good = CURRENT_GOOD
    token = CURRENT_TOKEN
    first_handle = CURRENT_REFRESH
    faults = CURRENT_FAULTS
    oddities = CURRENT_ODDITIES

    def parameters(self, concur: SimulatedConcur, user: str | None = None) -> tuple[tuple[str, str], ...]:
        return concur.issue_connection(user=user).parameters

    def request_token(self, concur: SimulatedConcur, user: str | None = None) -> RequestToken:
        issued = concur.issue_connection(user=user)
        return RequestToken(issued.request_token, datetime.now(UTC), principal_id=issued.id)

    def live(self, concur: SimulatedConcur) -> set[str]:
        now = concur.authority.now()
        kept = concur.connections._refresh_tokens
        return {value for value, record in kept.items() if not record.revoked and now < record.expires_at}

    def handle(self, secrets: TokenSecrets) -> str:
        return secrets.refresh_token or ""

    def secrets(self, concur: SimulatedConcur) -> set[str]:
        at = concur.connections
        return {*at._request_tokens, *at._codes, *at._access_tokens, *at._refresh_tokens}

    def end_all(self, concur: SimulatedConcur) -> None:
        at = concur.connections
        with at._lock:
            for refresh_token, kept in at._refresh_tokens.items():
                at._refresh_tokens[refresh_token] = replace(kept, revoked=True)
            for access_token, record in at._access_tokens.items():
                at._access_tokens[access_token] = replace(record, revoked=True)


LEGACY_KIT, CURRENT_KIT = LegacyKit(), CurrentKit()
KITS: tuple[Kit, ...] = (LEGACY_KIT, CURRENT_KIT)
BOTH = [pytest.param(kit, id=kit.name) for kit in KITS]
"""For a test or fixture that goes through both."""


def other_than(kit: Kit) -> Kit:
    return CURRENT_KIT if kit is LEGACY_KIT else LEGACY_KIT


def by_contract(of: str) -> list[ParameterSet]:
    """Every fault, or every oddity, of both contracts: `(kit, fault)`, named after both."""
    return [
        pytest.param(kit, each, id=f"{kit.name}: {name}") for kit in KITS for name, each in getattr(kit, of).items()
    ]


def let_access_tokens_expire(concur: SimulatedConcur) -> None:
    """Have what is issued from now on be as good as expired for whoever looks at the time."""
    now = concur.authority.settings
    concur.authority.settings = replace(now, current=replace(now.current, access_token_life=timedelta(seconds=5)))


def let_access_tokens_last(concur: SimulatedConcur) -> None:
    """Have what is issued from now on live for its hour."""
    now = concur.authority.settings
    concur.authority.settings = replace(now, current=replace(now.current, access_token_life=timedelta(hours=1)))


def let_access_tokens_outlive_a_revoke(concur: SimulatedConcur) -> None:
    """Have a revoke end refresh tokens and nothing else, which is all that Concur documents (concur-wire.md 2.3)."""
    now = concur.authority.settings
    concur.authority.settings = replace(now, current=replace(now.current, revoke_ends_access_tokens=False))
