"""All profiles, in one file, and their consumer secrets, in the secret store."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gui.store.consumer_secrets import ConsumerSecrets
from gui.store.errors import (
    KeyringError,
    ProfileBuiltIn,
    ProfileFieldInvalid,
    ProfileFileCorrupt,
    ProfileFileNewer,
    ProfileNameTaken,
    ProfileUnknown,
    StoredFileCorrupt,
    StoredFileError,
)
from gui.store.files import DocumentKind, read_document, set_aside, write_document
from gui.store.profile import BUILT_IN_PROFILE_ID, NAME_LIMIT, SECRET_NAME_PREFIX, Profile, built_in_profile
from gui.store.profile_rules import check_profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from gui.concur.errors import FlowError
    from gui.store.secrets import SecretStore


@dataclass(frozen=True, slots=True)
class _ProfilesDocument:
    profiles: tuple[Profile, ...]
    secrets_to_wipe: tuple[str, ...] = ()
    """Names, not secrets: what a keyring that could not be asked may still hold of deleted profiles."""


_PROFILES = DocumentKind("app-center-flow/profiles", 1, _ProfilesDocument, ProfileFileCorrupt, ProfileFileNewer)


@dataclass(frozen=True, slots=True)
class LoadedProfiles:
    """The profiles, never none, and what was wrong with the file they should have come from."""

    profiles: tuple[Profile, ...]
    problem: StoredFileError | None


class ProfileStore:
    """Profiles by id, in the order they were made. Every change is on disk when the method returns. For one thread.

    Each change starts from what the file holds now, so that a second window's changes are kept.
    """

    def __init__(self, path: Path, secrets: SecretStore, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._secrets = ConsumerSecrets(secrets)
        self._clock = clock
        self._profiles: tuple[Profile, ...] = (built_in_profile(),)
        self._to_wipe: tuple[str, ...] = ()

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """As last loaded or changed."""
        return self._profiles

    def load(self) -> LoadedProfiles:
        """Read the file. Where it is absent or unusable: the built-in sandbox alone, with the reason."""
        problem = None
        found = None
        try:
            found = self._read()
        except StoredFileError as error:
            problem = error
        self._take(found or _ProfilesDocument(()))
        return LoadedProfiles(self._profiles, problem)

    def get(self, profile_id: str) -> Profile:
        """Return the profile. Raises `ProfileUnknown`."""
        for profile in self._profiles:
            if profile.profile_id == profile_id:
                return profile
        raise ProfileUnknown(profile_id=profile_id)

    def add(self, profile: Profile) -> None:
        """Add a profile. Raises `ProfileFieldInvalid`, `ProfileNameTaken` or what `write_atomically` raises."""
        profile = check_profile(profile)
        self._refresh()
        if any(known.profile_id == profile.profile_id for known in self._profiles):
            raise ProfileFieldInvalid(field_name="profile_id", reason="is another profile's")
        self._check_name(profile)
        self._save((*self._profiles, profile))

    def replace(self, profile: Profile) -> None:
        """Put the profile in the place of the one with its id. Raises as `add` does, and `ProfileUnknown`."""
        self._refresh()
        before = self.get(profile.profile_id)
        profile = check_profile(profile, kept_already=profile.contract == before.contract)
        self._check_name(profile)
        self._save(tuple(profile if known.profile_id == profile.profile_id else known for known in self._profiles))

    def keep_exchange_at_once(self, profile_id: str, *, at_once: bool) -> None:
        """Change that one flag of a profile as it is kept now. Raises `ProfileUnknown`, or as `write_atomically`."""
        self._refresh()
        changed = replace(self.get(profile_id), exchange_at_once=at_once)
        self._save(tuple(changed if known.profile_id == profile_id else known for known in self._profiles))

    def delete(self, profile_id: str) -> None:
        """Delete the profile and its consumer secret, or neither.

        The secret goes first, since it is what must not be left behind; where its wipe fails (`KeyringError`) the
        profile stays. Where the file cannot be written afterwards the secret is put back before the error is raised.
        While no keyring can be asked, one may still hold the secret: that is noted, and `use_secrets` wipes it there.
        """
        if profile_id == BUILT_IN_PROFILE_ID:
            raise ProfileBuiltIn(operation="delete")
        self._refresh()
        profile = self.get(profile_id)
        secret = self._secrets.read(profile.secret_name)
        if secret is not None:
            self._secrets.delete(profile.secret_name)
        to_wipe = self._to_wipe if self._secrets.persistent else (*self._to_wipe, profile.secret_name)
        saved = False
        try:
            self._save(tuple(known for known in self._profiles if known.profile_id != profile_id), to_wipe)
            saved = True
        finally:
            if secret is not None and not saved:
                self._secrets.write(profile.secret_name, secret)

    def duplicate(self, profile_id: str) -> Profile:
        """Add a copy with its own id, a name of its own and the same consumer secret; return it.

        Raises `ProfileBuiltIn`: beside the sandbox a copy of it could not be told from a real Concur.
        """
        if profile_id == BUILT_IN_PROFILE_ID:
            raise ProfileBuiltIn(operation="duplicate")
        self._refresh()
        original = self.get(profile_id)
        name = unused_name(f"{original.name} (copy)", self._profiles)
        copy = replace(original, profile_id=uuid.uuid4().hex, name=name)
        secret = self._secrets.read(original.secret_name)
        if secret is not None:
            self._secrets.write(copy.secret_name, secret)
        saved = False
        try:
            self._save((*self._profiles, copy))
            saved = True
        finally:
            if secret is not None and not saved:
                self._secrets.delete(copy.secret_name)
        return copy

    def consumer_secret(self, profile_id: str) -> str | None:
        """Return the consumer secret, or None where none is kept. Raises a `KeyringError`."""
        return self._secrets.read(self.get(profile_id).secret_name)

    def keep_consumer_secret(self, profile_id: str, secret: str) -> None:
        """Keep the consumer secret; an empty one wipes what was kept. Raises a `KeyringError`."""
        name = self.get(profile_id).secret_name
        if secret:
            self._secrets.write(name, secret)
        else:
            self._secrets.delete(name)

    def use_secrets(self, secrets: SecretStore) -> tuple[FlowError, ...]:
        """Go on with another secret store, such as a keyring unlocked meanwhile, and move there what is in memory.

        A keyring also wipes what it still holds of profiles that were deleted without it.
        A secret that the new store does not take is in the answer as an error; it is still read, from memory. So is
        one that it does not wipe; that is tried again with the next store.
        """
        problems = self._secrets.use(secrets, (profile.secret_name for profile in self._profiles))
        return problems + self._wipe_left_behind() if secrets.persistent else problems

    def _wipe_left_behind(self) -> tuple[FlowError, ...]:
        if not self._to_wipe:
            return ()
        problems: list[FlowError] = []
        try:
            self._refresh()
            in_use = {profile.secret_name for profile in self._profiles}
            left = []
            for name in self._to_wipe:
                if name in in_use:
                    continue  # the profile came back: another window had it, or an older file was put in place
                try:
                    self._secrets.delete(name)
                except KeyringError as problem:
                    problems.append(problem)
                    left.append(name)
            if tuple(left) != self._to_wipe:
                self._save(self._profiles, tuple(left))
        except StoredFileError as problem:
            problems.append(problem)
        return tuple(problems)

    def _refresh(self) -> None:
        """Take over what the file holds now. A file that cannot be used must not be written over: raise its error."""
        try:
            found = self._read()
        except StoredFileCorrupt as corrupt:
            if corrupt.set_aside is None:
                raise
            return  # it is out of the way, and what is in memory is the best there is
        if found is not None:
            self._take(found)

    def _take(self, document: _ProfilesDocument) -> None:
        self._profiles = _with_built_in(document.profiles)
        self._to_wipe = document.secrets_to_wipe

    def _read(self) -> _ProfilesDocument | None:
        document = read_document(self._path, _PROFILES, self._clock)
        if document is None:
            return None
        checked = _checked(document)
        if isinstance(checked, str):
            raise ProfileFileCorrupt(path=self._path, set_aside=set_aside(self._path, self._clock()), reason=checked)
        return checked

    def _check_name(self, profile: Profile) -> None:
        others = [known for known in self._profiles if known.profile_id != profile.profile_id]
        if _folded(profile.name) in _folded_names(others):
            raise ProfileNameTaken(name=profile.name)

    def _save(self, profiles: tuple[Profile, ...], to_wipe: tuple[str, ...] | None = None) -> None:
        document = _ProfilesDocument(profiles, self._to_wipe if to_wipe is None else to_wipe)
        write_document(self._path, _PROFILES, document)
        self._take(document)


def unused_name(wanted: str, profiles: Iterable[Profile]) -> str:
    """Return the name, or with a number where it is taken: "X (copy)" becomes "X (copy 2)", "X" becomes "X (2)"."""
    taken = _folded_names(profiles)
    base = wanted.strip()
    is_copy = base.endswith("(copy)")
    stem = base.removesuffix("(copy)").rstrip()
    tail, count = (" (copy)" if is_copy else ""), 1
    while _folded(name := stem[: NAME_LIMIT - len(tail)].rstrip() + tail) in taken:
        count += 1
        tail = f" (copy {count})" if is_copy else f" ({count})"
    return name


def _checked(document: _ProfilesDocument) -> _ProfilesDocument | str:
    """Say what the types of a document cannot; return it, as it is kept today, where there is nothing to say."""
    seen: dict[str, Profile] = {}
    for index, profile in enumerate(document.profiles):
        try:
            kept = check_profile(profile, kept_already=True)
        except ProfileFieldInvalid as invalid:
            return f"{invalid.field_name} {invalid.reason} - at `$.profiles[{index}]`"
        if profile.profile_id in seen:
            return f"the id of an earlier profile - at `$.profiles[{index}]`"
        seen[profile.profile_id] = kept
    for index, name in enumerate(document.secrets_to_wipe):
        if not name.startswith(SECRET_NAME_PREFIX):  # the keyring holds tokens as well, which no profile may wipe
            return f"no name of a consumer secret - at `$.secrets_to_wipe[{index}]`"
    return replace(document, profiles=tuple(seen.values()))


def _with_built_in(profiles: tuple[Profile, ...]) -> tuple[Profile, ...]:
    if any(profile.profile_id == BUILT_IN_PROFILE_ID for profile in profiles):
        return profiles
    return (built_in_profile(), *profiles)


def _folded(name: str) -> str:
    return name.strip().casefold()


def _folded_names(profiles: Iterable[Profile]) -> set[str]:
    return {_folded(profile.name) for profile in profiles}
