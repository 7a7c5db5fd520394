"""What can go wrong with what outlives the process, each a type with facts and no secret among them.

Words for users stand in `gui/messages.py`, one entry for every type here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path  # noqa: TC003  # dataclasses are introspected by tests at run time

from gui.concur.errors import FlowError

# The system's keyring


@dataclass(eq=False, kw_only=True)
class KeyringError(FlowError):
    """The system's keyring did not do what it was asked for."""


@dataclass(eq=False, kw_only=True)
class KeyringAbsent(KeyringError):
    """There is no keyring here that this program could use."""

    reason: str
    """A few words from a fixed list of this program: "no session bus"."""


@dataclass(eq=False, kw_only=True)
class KeyringOutOfReach(KeyringError):
    """A token is kept in a keyring, and there is none now."""


@dataclass(eq=False, kw_only=True)
class KeyringBackendRefused(KeyringError):
    """A backend that keeps nothing, or keeps it readable for everybody."""

    backend: str


@dataclass(eq=False, kw_only=True)
class KeyringLocked(KeyringError):
    """The keyring is locked and was not unlocked, by choice or for want of an answer to the system's prompt."""

    backend: str
    operation: str
    """"read", "write" or "delete"."""


@dataclass(eq=False, kw_only=True)
class KeyringTimedOut(KeyringError):
    """The keyring did not answer within the time limit. Whether it acts on a write later is not known."""

    backend: str
    operation: str
    limit_s: float


@dataclass(eq=False, kw_only=True)
class KeyringBusy(KeyringError):
    """An earlier call is overdue and still has not come back; this one was not sent."""

    backend: str
    operation: str
    busy_with: str
    """The operation that has not come back."""


@dataclass(eq=False, kw_only=True)
class KeyringDenied(KeyringError):
    """The system, or the user in the system's dialog, did not allow it."""

    backend: str
    operation: str


@dataclass(eq=False, kw_only=True)
class KeyringFull(KeyringError):
    """The keyring has no room, as far as the system tells that."""

    backend: str
    operation: str


@dataclass(eq=False, kw_only=True)
class SecretTooLarge(KeyringError):
    """Longer than the smallest keyring takes (concur-wire.md 4); refused everywhere alike."""

    limit_bytes: int
    """In UTF-16, as Windows counts."""
    size_bytes: int


@dataclass(eq=False, kw_only=True)
class KeyringFailed(KeyringError):
    """The keyring failed in a way that has no name of its own here."""

    backend: str
    operation: str
    cause: str
    """Name of the exception type underneath."""


# Files


@dataclass(eq=False, kw_only=True)
class StoredFileError(FlowError):
    """A file or folder of this program cannot be used as it is."""

    path: Path


@dataclass(eq=False, kw_only=True)
class FolderNotWritable(StoredFileError):
    """Nothing can be written there. What was there before is untouched."""


@dataclass(eq=False, kw_only=True)
class DiskFull(StoredFileError):
    """The disk, or the user's share of it, is full. What was there before is untouched."""


@dataclass(eq=False, kw_only=True)
class FileNotWritten(StoredFileError):
    """Writing failed for another reason. What was there before is untouched."""

    reason: str
    """Symbolic name of the system's error: "EIO"."""


@dataclass(eq=False, kw_only=True)
class FileUnreadable(StoredFileError):
    """The file is there and cannot be read."""

    reason: str
    """Symbolic name of the system's error, "EACCES"; or "no regular file"."""

    @property
    def advice_text(self) -> str:
        """What to do about it, as one sentence: rights are not the trouble where something else is in the way."""
        if self.reason in {"EISDIR", "ELOOP", "ENOTDIR", "no regular file"}:
            return "Something that is no file of this program has that name: move it away, then start again."
        return "Give yourself the right to read it, then start again."


@dataclass(eq=False, kw_only=True)
class StoredFileCorrupt(StoredFileError):
    """The content is not what this program writes; the file was renamed, not deleted."""

    set_aside: Path | None
    """Its new name; None where it could not be renamed: then it stays and nothing is written over it."""
    reason: str
    """Where in the document, and what was expected there; no value from the file."""

    @property
    def set_aside_text(self) -> str:
        """What became of the file, as the start of a sentence."""
        if self.set_aside is None:
            return f"{self.path} could not be renamed and stays as it is"
        return f"It was set aside as {self.set_aside}"


@dataclass(eq=False, kw_only=True)
class ProfileFileCorrupt(StoredFileCorrupt):
    """The file with the profiles is corrupt."""


@dataclass(eq=False, kw_only=True)
class SettingsFileCorrupt(StoredFileCorrupt):
    """The file with the settings is corrupt."""


@dataclass(eq=False, kw_only=True)
class IssuedTokenFileCorrupt(StoredFileCorrupt):
    """The file about one issued token is corrupt."""


@dataclass(eq=False, kw_only=True)
class StoredFileNewer(StoredFileError):
    """Written by a later version of this program; never written over."""

    found_version: int
    known_version: int


@dataclass(eq=False, kw_only=True)
class ProfileFileNewer(StoredFileNewer):
    """The file with the profiles is of a later version."""


@dataclass(eq=False, kw_only=True)
class SettingsFileNewer(StoredFileNewer):
    """The file with the settings is of a later version."""


@dataclass(eq=False, kw_only=True)
class IssuedTokenFileNewer(StoredFileNewer):
    """The file about one issued token is of a later version."""


# Profiles


@dataclass(eq=False, kw_only=True)
class ProfileUnknown(FlowError):
    """No profile has that id; it may have been deleted in another window."""

    profile_id: str


@dataclass(eq=False, kw_only=True)
class ProfileNameTaken(FlowError):
    """Another profile has that name; case and surrounding spaces do not count."""

    name: str


@dataclass(eq=False, kw_only=True)
class ProfileFieldInvalid(FlowError):
    """A field of a profile holds what cannot work."""

    field_name: str
    reason: str


@dataclass(eq=False, kw_only=True)
class ProfileBuiltIn(FlowError):
    """The built-in sandbox can be neither deleted nor exported nor duplicated."""

    operation: str
    """"delete", "export" or "duplicate"."""


@dataclass(eq=False, kw_only=True)
class ProfileImportInvalid(FlowError):
    """The file holds no profile that can be imported."""

    path: Path
    reason: str
    """The field and what is wrong with it; no value from the file."""


# Issued tokens


@dataclass(eq=False, kw_only=True)
class IssuedTokenUnknown(FlowError):
    """Nothing is noted under that id; it may have been revoked or forgotten in another window."""

    token_id: str


@dataclass(eq=False, kw_only=True)
class IssuedTokenAmbiguous(FlowError):
    """What was typed is the start of more than one id."""

    start: str
    count: int


@dataclass(eq=False, kw_only=True)
class TokenSecretMissing(FlowError):
    """The token is listed, and the token itself is not in the keyring."""

    token_id: str


@dataclass(eq=False, kw_only=True)
class TokenEntryAltered(FlowError):
    """What the list says of the token's app is not what the keyring noted: it must not be sent there."""

    token_id: str
    fields: str
    """Names of what differs."""


@dataclass(eq=False, kw_only=True)
class TokenSecretUnreadable(FlowError):
    """What the keyring holds for the token is not what this program wrote."""

    token_id: str
