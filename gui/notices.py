"""What the window's banner can tell of: errors, and happenings. `notice_words` has the words."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.concur.errors import FlowError


class Severity(Enum):
    """How loudly a notice is shown; always with a word and a shape beside the colour."""

    INFO = auto()
    SUCCESS = auto()
    WARNING = auto()
    ERROR = auto()


class NoticeAction(Enum):
    """What a notice offers to do about it: one button each, in this order."""

    REVOKE = auto()
    KEEP_TOKEN = auto()
    TRY_KEYRING_AGAIN = auto()
    SHOW_ISSUED_TOKENS = auto()
    SHOW_TIMELINE = auto()
    EDIT_PROFILE = auto()
    SWITCH_CONTRACT = auto()
    OPEN_MIGRATION_PAGE = auto()
    USE_FREE_PORT = auto()
    PASTE_REDIRECT = auto()
    WAIT_FOR_APP_CENTER = auto()
    START_SANDBOX = auto()


OF_A_PROFILE = frozenset(
    {
        NoticeAction.REVOKE,
        NoticeAction.KEEP_TOKEN,
        NoticeAction.EDIT_PROFILE,
        NoticeAction.SWITCH_CONTRACT,
        NoticeAction.OPEN_MIGRATION_PAGE,
        NoticeAction.PASTE_REDIRECT,
        NoticeAction.USE_FREE_PORT,
        NoticeAction.WAIT_FOR_APP_CENTER,
        NoticeAction.START_SANDBOX,
    }
)
"""What is done to the profile that was shown when the notice came, and to no other."""


class Happening(Enum):
    """What is no error and has to be said all the same."""

    OTHER_REQUEST_TOKEN = auto()
    HTTPS_FORCED = auto()
    REDIRECT_ELSEWHERE = auto()
    KEPT_FOR_SESSION = auto()
    REVOKED = auto()
    REVOKED_AFTER_FAILURE = auto()
    REVOKE_UNPROVEN = auto()
    REFUSED_ALREADY = auto()
    LEFT_FROM_BEFORE = auto()
    LOST_BEFORE = auto()
    CUT_OFF_BEFORE = auto()
    CAME_LATE = auto()
    PROFILE_IMPORTED = auto()
    PROFILE_IMPORTED_LESS = auto()
    SAVED = auto()
    PROGRAM_FAULT = auto()
    TOKEN_WORKS = auto()
    REFRESHED_FIRST = auto()
    SOMETHING_TRIMMED = auto()
    NOT_NOW = auto()
    TOKEN_GONE = auto()
    LOG_NOT_WRITTEN = auto()
    CONTRACT_DEPRECATED = auto()
    CONTRACT_SWITCHED = auto()


@dataclass(frozen=True, slots=True)
class Notice:
    """One banner. `subject` is an error of the table in `messages`, or a happening of the one in `notice_words`."""

    notice_id: int
    severity: Severity
    subject: FlowError | Happening
    fact: str = ""
    """For a happening: what stands in its words. No secret."""
    actions: tuple[NoticeAction, ...] = ()
    more: tuple[FlowError, ...] = field(default=())
    """What else went wrong along with it."""
    profile_id: str = ""
    """The profile that its actions are about; it is shown with that profile only. "" for none."""
    token_id: str = ""
    """The issued token that it is about, if one is."""
    addition: str = ""
    """A sentence of a contract that follows the text, in English like the tables."""

    @property
    def offers_revoke(self) -> bool:
        """Whether a live token depends on it: such a notice is neither replaced nor buried by others."""
        return NoticeAction.REVOKE in self.actions
