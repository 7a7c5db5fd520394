"""One profile: everything about a registered app that is no secret. `profile_rules` says what its fields may hold."""

from __future__ import annotations

from dataclasses import dataclass

from gui.concur.contract import DEFAULT_CONTRACT

BUILT_IN_PROFILE_ID = "6f0d5b3c5e5a4c0f9b1f7a3e2d8c4b90"
"""Made once for all: the built-in sandbox keeps its secret and its tokens though it may never have been saved."""

SECRET_NAME_PREFIX = "consumer-secret/"  # noqa: S105  # of a name
"""Begins the name of every consumer secret in the secret store, where tokens are too."""

NAME_LIMIT = 80
DEFAULT_REDIRECT_URL = "http://localhost:8765/redirect"
"""Of new profiles and of the built-in sandbox."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What one connection is made with. The consumer secret is in the secret store under `secret_name`."""

    profile_id: str
    """A UUID4 as 32 hexadecimal digits."""
    name: str
    base_url: str
    """Origin of the data centre; "" for the built-in sandbox, which has another one at every start."""
    consumer_key: str
    redirect_url: str
    contract: str = DEFAULT_CONTRACT
    """Name of one of the two contracts of concur-wire.md."""
    scopes: tuple[str, ...] = ()
    exchange_at_once: bool = True
    revoke_on_failure: bool = True
    """Whether a token is revoked without asking where something fails after it was issued."""
    built_in_sandbox: bool = False

    @property
    def secret_name(self) -> str:
        """Name of the consumer secret in the secret store."""
        return f"{SECRET_NAME_PREFIX}{self.profile_id}"


def built_in_profile() -> Profile:
    """Return the profile that is always there."""
    return Profile(
        profile_id=BUILT_IN_PROFILE_ID,
        name="Built-in sandbox",
        base_url="",
        consumer_key="",
        redirect_url=DEFAULT_REDIRECT_URL,
        built_in_sandbox=True,
    )
