"""One profile: everything about a registered app that is no secret, and what its fields may hold."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from gui.concur.application import check_base_url
from gui.concur.errors import BaseUrlInvalid
from gui.store.errors import ProfileFieldInvalid

CONTRACTS = ("legacy", "current")
"""The two contracts of concur-wire.md; a profile has exactly one. Only "legacy" works in this version."""

BUILT_IN_PROFILE_ID = "6f0d5b3c5e5a4c0f9b1f7a3e2d8c4b90"
"""Made once for all: the built-in sandbox keeps its secret and its tokens though it may never have been saved."""

SECRET_NAME_PREFIX = "consumer-secret/"  # noqa: S105  # of a name
"""Begins the name of every consumer secret in the secret store, where tokens are too."""

NAME_LIMIT = 80
_TEXT_LIMIT = 2000


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
    contract: str = "legacy"
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
        redirect_url="http://localhost:8765/redirect",
        built_in_sandbox=True,
    )


def check_profile(profile: Profile) -> Profile:
    """Return the profile as it is kept: its base URL is an origin, without a slash at the end.

    Raises `ProfileFieldInvalid` for the first field that cannot work. A blank consumer key is fine: a draft.
    """
    if profile.built_in_sandbox:
        _check_text("base_url", profile.base_url)
    else:
        profile = replace(profile, base_url=_origin_of(profile.base_url))
    _check_text("name", profile.name)
    if not profile.name.strip():
        raise ProfileFieldInvalid(field_name="name", reason="is blank")
    if len(profile.name) > NAME_LIMIT:
        raise ProfileFieldInvalid(field_name="name", reason=f"is longer than {NAME_LIMIT} characters")
    if profile.contract not in CONTRACTS:
        raise ProfileFieldInvalid(field_name="contract", reason='is neither "legacy" nor "current"')
    _check_text("consumer_key", profile.consumer_key)
    _check_redirect_url(profile.redirect_url)
    for scope in profile.scopes:
        _check_text("scopes", scope)
        if not scope or "," in scope or " " in scope:
            raise ProfileFieldInvalid(field_name="scopes", reason="holds a blank, a comma or a space in a scope")
    return profile


def _check_text(field_name: str, text: str) -> None:
    if len(text) > _TEXT_LIMIT:
        raise ProfileFieldInvalid(field_name=field_name, reason=f"is longer than {_TEXT_LIMIT} characters")
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text):
        raise ProfileFieldInvalid(field_name=field_name, reason="holds a control character")


def _origin_of(url: str) -> str:
    _check_text("base_url", url)
    reason = "has spaces around it" if url != url.strip() else ""
    origin = ""
    try:
        origin = check_base_url(url)
    except BaseUrlInvalid as error:
        reason = f"is no origin of a data centre: {error.reason}"
    if reason:  # raised out here: the error above holds the URL, and that may hold a password
        raise ProfileFieldInvalid(field_name="base_url", reason=reason)
    return origin


def _check_redirect_url(url: str) -> None:
    _check_text("redirect_url", url)
    reason = _url_fault(url)
    if reason:
        raise ProfileFieldInvalid(field_name="redirect_url", reason=reason)


def _url_fault(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "is no URL"
    if parts.scheme not in {"http", "https"} or not host or " " in url:
        return "is no http or https URL"
    if "@" in parts.netloc:
        return "holds a user name or a password"
    if "?" in url or "#" in url:
        return "holds a query or a fragment"
    return ""
