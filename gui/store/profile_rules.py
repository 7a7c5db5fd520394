"""What the fields of a profile may hold."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from gui.concur.application import check_base_url
from gui.concur.contract import CONTRACTS
from gui.concur.errors import BaseUrlInvalid
from gui.store.errors import ProfileFieldInvalid
from gui.store.profile import NAME_LIMIT

if TYPE_CHECKING:
    from gui.store.profile import Profile

_TEXT_LIMIT = 2000


def check_profile(profile: Profile, *, kept_already: bool = False) -> Profile:
    """Return the profile as it is kept: its base URL is an origin, without a slash at the end.

    Raises `ProfileFieldInvalid` for the first field that cannot work. A blank consumer key is fine: a draft.
    `kept_already`: it may name a contract that this version does not know, since a later one may have kept it.
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
    _check_text("contract", profile.contract)
    if profile.contract not in CONTRACTS and not kept_already:
        known = ", ".join(CONTRACTS)
        raise ProfileFieldInvalid(field_name="contract", reason=f"is not one that this version knows ({known})")
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
