"""What is the matter with the fields of a profile, one by one, while they are typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gui.concur.application import check_base_url, check_credential
from gui.concur.errors import BaseUrlInvalid, FlowError
from gui.loopback.errors import RedirectUrlMalformed
from gui.loopback.redirect_url import parse_redirect_url
from gui.store.errors import ProfileFieldInvalid, ProfileNameTaken
from gui.store.profile import DEFAULT_REDIRECT_URL, Profile
from gui.store.profile_rules import check_profile
from gui.widgets.words import message_of, translated

if TYPE_CHECKING:
    from collections.abc import Iterable

_SOUND = Profile(
    profile_id="0" * 32,
    name="x",
    base_url="https://www.concursolutions.com",
    consumer_key="",
    redirect_url=DEFAULT_REDIRECT_URL,
)
"""A profile without a fault: what is checked in the place of one of its fields is the only thing that can be wrong."""


def name_fault(name: str, other_names: Iterable[str]) -> FlowError | None:
    """Return why a profile cannot have that name. Case and spaces around it do not count."""
    bare = name.strip()
    if bare.casefold() in {other.strip().casefold() for other in other_names}:
        return ProfileNameTaken(name=bare)
    return _store_fault(replace(_SOUND, name=bare))


def base_url_fault(base_url: str) -> FlowError | None:
    """Return why that is no origin of a data centre."""
    try:
        check_base_url(base_url)
    except BaseUrlInvalid as error:
        return error
    return _store_fault(replace(_SOUND, base_url=base_url.strip()))


def credential_fault(which: str, text: str) -> FlowError | None:
    """Return why that cannot be a consumer key or secret; nothing at all is no fault: it is still to come."""
    if not text:
        return None
    try:
        check_credential(which, text)
    except FlowError as error:
        return error
    return _store_fault(replace(_SOUND, consumer_key=text))


def redirect_url_fault(redirect_url: str) -> tuple[FlowError | None, bool]:
    """Return why nothing can listen there, and whether that forbids to keep it: elsewhere redirects can be pasted."""
    forbidden = _store_fault(replace(_SOUND, redirect_url=redirect_url))
    try:
        parse_redirect_url(redirect_url)
    except RedirectUrlMalformed as error:
        return error, forbidden is not None
    except FlowError as error:
        return forbidden or error, forbidden is not None
    return forbidden, forbidden is not None


def reason_of(error: FlowError) -> str:
    """Return the words for a fault, for the place below its field. They may hold what was typed: plain text."""
    if isinstance(error, ProfileFieldInvalid):
        sentence = QCoreApplication.translate("ProfileChecks", "It {reason}.")
        return sentence.format(reason=translated(error.reason))
    message = message_of(error)
    return f"{message.title}." if isinstance(error, ProfileNameTaken) else f"{message.title}. {message.text}"


def _store_fault(profile: Profile) -> ProfileFieldInvalid | None:
    try:
        check_profile(profile)
    except ProfileFieldInvalid as invalid:
        return invalid
    return None
