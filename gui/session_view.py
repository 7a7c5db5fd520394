"""Everything the window shows, as one frozen value. The session makes it, the widgets render it. No Qt.

A window that is handed the same view twice looks the same twice: tests and screenshots are made of such values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from gui.concur.contract import DEFAULT_CONTRACT
from gui.concur.kinds import Operation, Origin
from gui.session_state import Control, State
from gui.store.profile import Profile, built_in_profile
from gui.store.review import Review

if TYPE_CHECKING:  # imported by whoever makes it: the first view has nothing of it
    from datetime import datetime

    from gui.concur.errors import FlowError
    from gui.concur.models import AccessTokenDocument, HttpExchange, LiveToken, RequestToken
    from gui.flow.revocation import Revocation
    from gui.notices import Notice
    from gui.store.issued_entry import IssuedToken


class KeyringStatus(Enum):
    """What is known of the system's keyring."""

    PROBING = auto()
    """It is being asked, which may take as long as a person takes to unlock it."""
    READY = auto()
    SESSION_ONLY = auto()
    """There is none that can be used: secrets are kept in memory."""


@dataclass(frozen=True, slots=True)
class KeyringView:
    """Where secrets go."""

    status: KeyringStatus = KeyringStatus.PROBING
    description: str = ""
    """"GNOME Keyring / Secret Service"; "" until it is found. While probing: secrets are being moved there."""
    problem: FlowError | None = None
    """Why it cannot be used."""


class ListenerStatus(Enum):
    """What the redirect listener is doing."""

    OFF = auto()
    STARTING = auto()
    LISTENING = auto()


@dataclass(frozen=True, slots=True)
class ListenerView:
    """The redirect listener. It stays up while a token is shown, so that a reloaded page is answered."""

    status: ListenerStatus = ListenerStatus.OFF
    redirect_url: str = ""
    """As the browser has to call it: with the real port while listening, otherwise the profile's."""
    addresses: tuple[str, ...] = ()
    """What is listened on: "127.0.0.1:8765", "[::1]:8765"."""
    problem: FlowError | None = None
    """Why it is not listening."""
    expected: Origin = Origin.APP_CENTER
    """Whose redirect is waited for: WEB_FLOW after a sign-in was opened in the browser."""


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """The registered app of the profile, ready to be used or not."""

    consumer_key: str = ""
    consumer_secret: str = field(default="", repr=False)
    base_url: str = ""
    """"" while the built-in sandbox is starting."""
    kept_in: str = ""
    """Where the secret is, in words for the user."""
    problem: FlowError | None = None
    """Why it is not ready, where there is a reason beyond "still starting"."""
    contract: str = DEFAULT_CONTRACT
    """Name of the contract that it is registered for."""


@dataclass(frozen=True, slots=True)
class ShownToken:
    """The access token that the window works on."""

    token: IssuedToken
    live: LiveToken
    document: AccessTokenDocument | None
    """None for a token that was opened from the list: the document itself is not kept, its parts are."""
    answer: HttpExchange | None = field(default=None, repr=False)
    """The exchange that brought it, headers and bytes; None as above."""


class Milestone(Enum):
    """What the flow of a profile has reached since it began; it stays true when the token is gone."""

    REDIRECT_ARRIVED = auto()
    EXCHANGED = auto()
    STORED_SAFELY = auto()
    """The token went to the keyring."""
    REFRESHED = auto()
    TRIED = auto()
    REVOKED_AFTER_FAILURE = auto()


def is_issued_to(shown: ShownToken, application: ApplicationView) -> bool:
    """Whether a token was issued to the app of the profile as it is now; it must not be sent anywhere else."""
    issued_for = (shown.token.base_url, shown.token.consumer_key, shown.token.contract)
    return issued_for == (application.base_url, application.consumer_key, application.contract)


@dataclass(frozen=True, slots=True)
class Activity:
    """Work under way."""

    operation: Operation
    started_at: datetime
    cancelling: bool = False


@dataclass(frozen=True, slots=True)
class SessionView:
    """All of it."""

    state: State = State.UNCONFIGURED
    profile: Profile = field(default_factory=built_in_profile)
    profiles: tuple[Profile, ...] = field(default_factory=lambda: (built_in_profile(),))
    application: ApplicationView = ApplicationView()
    listener: ListenerView = ListenerView()
    request_token: RequestToken | None = None
    """Kept after the exchange, so that the card can go on saying when it came."""
    shown: ShownToken | None = None
    revocation: Revocation | None = None
    """Of the token shown last; how far it came."""
    milestones: frozenset[Milestone] = frozenset()
    activity: Activity | None = None
    keyring: KeyringView = KeyringView()
    proxy: str = ""
    """Host and port of the proxy on the way to Concur; "" for none."""
    issued: Review = field(default_factory=Review)
    """Tokens of all profiles."""
    issued_problem: FlowError | None = None
    """Why the list of issued tokens could not be read: then nobody may say that nothing is live."""
    issued_busy: frozenset[str] = frozenset()
    """Ids of issued tokens that are being revoked or forgotten now."""
    notices: tuple[Notice, ...] = ()
    """Oldest first, of all profiles."""
    simulating: bool = False
    """Whether the simulated App Center is at work."""
    deleting: bool = False
    """Whether the profile that is shown is being deleted: nothing may begin under it any more."""
    starting: bool = True
    """True until the profiles are read and the sandbox has its address."""
    controls: frozenset[Control] = frozenset()
    """What may be pressed."""
    next_control: Control | None = None
    """The one next thing to do."""

    @property
    def shown_notices(self) -> tuple[Notice, ...]:
        """Those of this profile and of none; the banner shows the last, which is one that offers to revoke if any."""
        mine = [notice for notice in self.notices if notice.profile_id in {"", self.profile.profile_id}]
        return tuple(sorted(mine, key=lambda notice: notice.offers_revoke))

    @property
    def paste_only(self) -> bool:
        """Whether the redirect URL leads elsewhere than to a listener of ours: then the redirect is pasted."""
        if self.listener.problem is None:
            return False
        from gui.loopback.errors import RedirectUrlError  # noqa: PLC0415  # whoever made the problem has imported it

        return isinstance(self.listener.problem, RedirectUrlError)

    @property
    def ended_before(self) -> bool:
        """Whether Concur refused the token before a revoke could be sent."""
        return self.revocation is not None and self.revocation.nothing_sent

    @property
    def simulated(self) -> bool:
        """Whether this is the built-in sandbox, so that nothing here comes from Concur."""
        return self.profile.built_in_sandbox
