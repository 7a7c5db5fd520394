"""What the window asks for, where a word alone is not enough. Frozen values that signals carry. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from gui.concur.errors import FlowError
    from gui.notices import NoticeAction
    from gui.store.profile import Profile


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """Put this on the clipboard. A secret is taken off again after a minute, if it is still ours."""

    text: str = field(repr=False)
    what: str
    """In words for the user: "Access token"."""
    secret: bool = False


@dataclass(frozen=True, slots=True)
class ProfileDraft:
    """A profile as the editor leaves it. A new one has its id already, so that a second try is known for one."""

    profile: Profile
    consumer_secret: str | None = field(repr=False)
    """None leaves the one that is kept as it is; "" wipes it."""
    is_new: bool
    trimmed: tuple[str, ...] = ()
    """Fields around which spaces were removed, in words for the user."""


@dataclass(frozen=True, slots=True)
class DraftRefused:
    """A draft could not be kept."""

    profile_id: str
    error: FlowError


@dataclass(frozen=True, slots=True)
class SaveRequest:
    """Write the document, or the timeline as HAR, to a file."""

    path: Path
    redacted: bool


@dataclass(frozen=True, slots=True)
class ExportProfileRequest:
    """Write one profile, without its secret, to a file."""

    profile_id: str
    path: Path


@dataclass(frozen=True, slots=True)
class NoticeChoice:
    """A button of a notice was pressed."""

    notice_id: int
    action: NoticeAction
