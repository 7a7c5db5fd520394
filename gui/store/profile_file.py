"""One profile as a file to hand to a colleague. No secret goes out, and none comes in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import msgspec

from gui.concur.contract import DEFAULT_CONTRACT
from gui.store.errors import (
    ProfileBuiltIn,
    ProfileFieldInvalid,
    ProfileFileCorrupt,
    ProfileFileNewer,
    ProfileImportInvalid,
)
from gui.store.files import DocumentKind, decode, read_file, write_document
from gui.store.profile import Profile
from gui.store.profile_rules import check_profile
from gui.store.profiles import unused_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_SECRET_WORDS = (
    "secret",
    "token",
    "passw",
    "passphrase",
    "credential",
    "authorization",
    "apikey",
    "privatekey",
    "jwt",
)
_SHOWN_NAME_LIMIT = 60


@dataclass(frozen=True, slots=True)
class _SharedProfile:
    """What of a profile makes sense elsewhere: no id, and not the flag of the built-in sandbox."""

    name: str
    base_url: str
    redirect_url: str
    consumer_key: str = ""
    contract: str = DEFAULT_CONTRACT
    scopes: tuple[str, ...] = ()
    exchange_at_once: bool = True
    revoke_on_failure: bool = True


@dataclass(frozen=True, slots=True)
class _ProfileDocument:
    profile: _SharedProfile


class _ImportHead(msgspec.Struct):
    format: str
    version: int
    profile: dict[str, msgspec.Raw]


_PROFILE = DocumentKind("app-center-flow/profile", 1, _ProfileDocument, ProfileFileCorrupt, ProfileFileNewer)


@dataclass(frozen=True, slots=True)
class ImportedProfile:
    """A profile from a file, not added yet, and what of the file was left out."""

    profile: Profile
    ignored: tuple[str, ...]
    """Names of fields that this program does not know."""
    secrets_ignored: tuple[str, ...]
    """Names of fields that look as if they held a secret. Their values were not read."""


def export_profile(profile: Profile, path: Path) -> None:
    """Write the profile for somebody else. Raises `ProfileBuiltIn`, or what `write_atomically` raises."""
    if profile.built_in_sandbox:
        raise ProfileBuiltIn(operation="export")
    shared = _SharedProfile(**{name: getattr(profile, name) for name in _shared_names()})
    write_document(path, _PROFILE, _ProfileDocument(shared))


def import_profile(path: Path, known: Iterable[Profile]) -> ImportedProfile:
    """Read a profile that somebody exported, under a new id and a name that none of the known ones has.

    Raises `FileUnreadable`, or `ProfileImportInvalid` with the field and the reason. The file is left as it is.
    """
    outer, found = _read_fields(path)
    shared_names = _shared_names()
    strangers = [name for name in outer if name not in {"format", "version", "profile"}]
    strangers += [name for name in found if name not in shared_names]
    shared = _convert(path, {name: found[name] for name in shared_names if name in found})
    values = {name: getattr(shared, name) for name in shared_names}
    profile = Profile(profile_id=uuid.uuid4().hex, **values)
    reason = ""
    try:
        profile = check_profile(profile)
    except ProfileFieldInvalid as invalid:
        reason = f"{invalid.field_name} {invalid.reason}"
    if reason:
        raise ProfileImportInvalid(path=path, reason=reason)
    return ImportedProfile(
        profile=replace(profile, name=unused_name(profile.name, known)),
        ignored=tuple(_shown(name) for name in strangers if not _looks_secret(name)),
        secrets_ignored=tuple(_shown(name) for name in strangers if _looks_secret(name)),
    )


def _shared_names() -> tuple[str, ...]:
    return tuple(field.name for field in fields(_SharedProfile))


def _read_fields(path: Path) -> tuple[Iterable[str], Mapping[str, msgspec.Raw]]:
    raw = read_file(path)
    if raw is None:
        raise ProfileImportInvalid(path=path, reason="there is no such file")
    head = decode(raw, _ImportHead)
    if isinstance(head, str):
        raise ProfileImportInvalid(path=path, reason=head)
    if head.format != _PROFILE.marker:
        raise ProfileImportInvalid(path=path, reason=f'format is not "{_PROFILE.marker}"')
    if head.version > _PROFILE.version:
        raise ProfileImportInvalid(path=path, reason=f"version {head.version} is later than {_PROFILE.version}")
    outer = decode(raw, dict[str, msgspec.Raw])
    return (() if isinstance(outer, str) else outer.keys()), head.profile


def _convert(path: Path, found: dict[str, msgspec.Raw]) -> _SharedProfile:
    shared = decode(msgspec.json.encode(found), _SharedProfile)
    if isinstance(shared, str):
        raise ProfileImportInvalid(path=path, reason=shared.replace("$.", "$.profile."))
    return shared


def _looks_secret(name: str) -> bool:
    plain = "".join(character for character in name.casefold() if character.isalnum())
    return any(word in plain for word in _SECRET_WORDS)


def _shown(name: str) -> str:
    return name if len(name) <= _SHOWN_NAME_LIMIT else f"{name[:_SHOWN_NAME_LIMIT]}…"
