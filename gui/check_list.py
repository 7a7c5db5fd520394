"""The preconditions and steps of Concur's App Center Flow page, and how far each has come. No Qt.

The facts are those of concur-wire.md; the words are ours. What cannot be known from here is said to be unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from gui.concur.contract import CONTRACTS
from gui.concur.errors import RevokeRoleMissing
from gui.flow.revocation import Tick
from gui.session_state import State
from gui.session_view import KeyringStatus, ListenerStatus, Milestone

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.session_view import SessionView


class CheckGroup(Enum):
    """When an item's turn is; shown in this order."""

    BEFORE = auto()
    CONNECTING = auto()
    ENDING = auto()


class CheckState(Enum):
    """How far an item has come."""

    DONE = auto()
    OPEN = auto()
    UNKNOWN = auto()
    """Cannot be seen from here."""
    NOT_APPLICABLE = auto()
    """Is not asked for, as things stand."""


class CheckSource(Enum):
    """Who says that this is needed; the labels of concur-wire.md, and one for what this program adds."""

    DOCUMENTED = auto()
    SEEN = auto()
    INFERRED = auto()
    OURS = auto()


class CheckKey(Enum):
    """The items, in their order."""

    CONSUMER_KEY = auto()
    CONSUMER_SECRET = auto()
    REDIRECT_URL = auto()
    SCOPES = auto()
    LISTENER = auto()
    KEYRING = auto()
    CONNECT = auto()
    REDIRECT = auto()
    EXCHANGE = auto()
    STORED = auto()
    FAILURE = auto()
    REFRESH = auto()
    ROLE = auto()
    REVOKED = auto()
    REFUSED = auto()
    WIPED = auto()


@dataclass(frozen=True, slots=True)
class CheckText:
    """What of an item never changes."""

    group: CheckGroup
    source: CheckSource
    title: str
    explanation: str
    """"" where it goes by the contract."""


CHECK_TEXTS: dict[CheckKey, CheckText] = {
    CheckKey.CONSUMER_KEY: CheckText(
        CheckGroup.BEFORE,
        CheckSource.DOCUMENTED,
        "The app is registered and has a consumer key",
        "Registering an app with Concur brings a consumer key. It goes into the profile.",
    ),
    CheckKey.CONSUMER_SECRET: CheckText(
        CheckGroup.BEFORE,
        CheckSource.DOCUMENTED,
        "The consumer secret is at hand",
        "It comes along with the consumer key, and is needed to exchange and to refresh.",
    ),
    CheckKey.REDIRECT_URL: CheckText(
        CheckGroup.BEFORE,
        CheckSource.DOCUMENTED,
        "Concur knows the redirect URL",
        "The one registered with the app and the one in the profile have to be the same, to the letter.",
    ),
    CheckKey.SCOPES: CheckText(
        CheckGroup.BEFORE,
        CheckSource.DOCUMENTED,
        "The scopes are chosen",
        "They are set where the app is registered. A sign-in that starts here asks for those of the profile.",
    ),
    CheckKey.LISTENER: CheckText(
        CheckGroup.BEFORE,
        CheckSource.OURS,
        "The redirect listener is listening",
        "Whatever answers the redirect URL has to be up before the user connects.",
    ),
    CheckKey.KEYRING: CheckText(
        CheckGroup.BEFORE,
        CheckSource.OURS,
        "Secrets have a safe place",
        "The system's keyring. Without one they are kept in memory and are gone when the window closes.",
    ),
    CheckKey.CONNECT: CheckText(
        CheckGroup.CONNECTING,
        CheckSource.DOCUMENTED,
        "The user connects",
        "With Connect on the app's listing, or with a sign-in that the app starts.",
    ),
    CheckKey.REDIRECT: CheckText(
        CheckGroup.CONNECTING,
        CheckSource.DOCUMENTED,
        "The redirect brings a request token",
        "",
    ),
    CheckKey.EXCHANGE: CheckText(
        CheckGroup.CONNECTING,
        CheckSource.DOCUMENTED,
        "The request token is exchanged",
        "For the access-token document, with the consumer key and the consumer secret.",
    ),
    CheckKey.STORED: CheckText(
        CheckGroup.CONNECTING,
        CheckSource.OURS,
        "The access token is stored safely",
        "In the keyring, before it is shown, so that it can always be revoked: the token itself, or the refresh token "
        "where the access token lives for an hour only.",
    ),
    CheckKey.FAILURE: CheckText(
        CheckGroup.CONNECTING,
        CheckSource.DOCUMENTED,
        "A failure after the token was issued ends in a revoke",
        "An app that cannot finish connecting must not leave a live token behind.",
    ),
    CheckKey.REFRESH: CheckText(
        CheckGroup.ENDING,
        CheckSource.DOCUMENTED,
        "The access token can be refreshed",
        "",
    ),
    CheckKey.ROLE: CheckText(
        CheckGroup.ENDING,
        CheckSource.DOCUMENTED,
        "The user's role allows a revoke",
        "",
    ),
    CheckKey.REVOKED: CheckText(
        CheckGroup.ENDING,
        CheckSource.DOCUMENTED,
        "Concur confirms the revoke",
        "",
    ),
    CheckKey.REFUSED: CheckText(
        CheckGroup.ENDING,
        CheckSource.OURS,
        "The revoked token is refused",
        "",
    ),
    CheckKey.WIPED: CheckText(
        CheckGroup.ENDING,
        CheckSource.OURS,
        "The local copy is gone",
        "Out of the keyring and off the list of issued tokens.",
    ),
}

SIMULATED = "Simulated: the built-in sandbox takes the place of Concur."
CONTRACT_NOT_KNOWN = "It goes by the contract, and this version does not know the one of the profile."
_OF_THE_CONTRACT = (CheckKey.REDIRECT, CheckKey.REFRESH, CheckKey.ROLE, CheckKey.REVOKED, CheckKey.REFUSED)
"""Items that mean something else with each contract."""
_REMARKS: dict[tuple[CheckKey, CheckState], str] = {
    (CheckKey.REDIRECT_URL, CheckState.UNKNOWN): "Compare it where the app is registered.",
    (CheckKey.SCOPES, CheckState.OPEN): "The profile names none; a sign-in that starts here then asks for none.",
    (CheckKey.SCOPES, CheckState.NOT_APPLICABLE): "The simulated App Center does without.",
    (CheckKey.KEYRING, CheckState.UNKNOWN): "The keyring has not answered yet.",
    (CheckKey.STORED, CheckState.OPEN): "Not yet, or in memory only.",
    (CheckKey.FAILURE, CheckState.OPEN): "Something failed and the token is live: revoke it, or keep it on purpose.",
    (CheckKey.FAILURE, CheckState.NOT_APPLICABLE): "No such failure is open.",
    (CheckKey.REFRESH, CheckState.NOT_APPLICABLE): "No refresh token came with this access token.",
    (CheckKey.ROLE, CheckState.NOT_APPLICABLE): "Concur names no role for this contract.",
    (CheckKey.ROLE, CheckState.OPEN): "The revoke was refused for want of it.",
    (CheckKey.ROLE, CheckState.UNKNOWN): "Only a revoke shows it.",
    (CheckKey.REFUSED, CheckState.OPEN): "Not tried yet, or the token was still accepted.",
    (CheckKey.REFUSED, CheckState.UNKNOWN): "It could not be shown.",
    (CheckKey.REVOKED, CheckState.UNKNOWN): "The revoke was sent, and no clear answer came.",
}
"""What an item's state means, where that is not plain."""

_TICKS = {
    Tick.PENDING: CheckState.OPEN,
    Tick.DONE: CheckState.DONE,
    Tick.FAILED: CheckState.OPEN,
    Tick.UNPROVEN: CheckState.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One item as it stands."""

    key: CheckKey
    state: CheckState
    simulated: bool = False
    """Whether the built-in sandbox plays Concur's part in it."""
    contract_words: str = ""
    """What it means with the contract of the profile, where that differs."""

    @property
    def group(self) -> CheckGroup:
        """When its turn is."""
        return CHECK_TEXTS[self.key].group

    @property
    def source(self) -> CheckSource:
        """Who says that it is needed."""
        return CHECK_TEXTS[self.key].source

    def title(self, translate: Callable[[str], str] = str) -> str:
        """Return what it is."""
        return translate(CHECK_TEXTS[self.key].title)

    def explanation(self, translate: Callable[[str], str] = str) -> str:
        """Return what it means, and what its state means where that is not plain."""
        remark = _REMARKS.get((self.key, self.state), "")
        sentences = (CHECK_TEXTS[self.key].explanation, self.contract_words, remark)
        return " ".join(translate(sentence) for sentence in sentences if sentence)


def check_list(view: SessionView) -> tuple[CheckItem, ...]:
    """Return every item, always all of them and in the same order."""
    states = {**_before(view), **_connecting(view), **_ending(view)}
    ours, words = CheckSource.OURS, _contract_words(view)
    return tuple(
        CheckItem(key, states[key], view.simulated and CHECK_TEXTS[key].source is not ours, words.get(key, ""))
        for key in CheckKey
    )


def keys_of(group: CheckGroup) -> tuple[CheckKey, ...]:
    """Return the items of a group, in their order."""
    return tuple(key for key in CheckKey if CHECK_TEXTS[key].group is group)


def _contract_words(view: SessionView) -> dict[CheckKey, str]:
    contract = CONTRACTS.get(view.profile.contract)
    if contract is None:
        return dict.fromkeys(_OF_THE_CONTRACT, CONTRACT_NOT_KNOWN)
    return {
        CheckKey.REDIRECT: contract.checks.redirect,
        CheckKey.REFRESH: contract.checks.refresh,
        CheckKey.ROLE: contract.checks.role,
        CheckKey.REVOKED: contract.checks.revoked,
        CheckKey.REFUSED: contract.checks.refused,
    }


def _before(view: SessionView) -> dict[CheckKey, CheckState]:
    scopes = _done(bool(view.profile.scopes))
    if view.simulated and not view.profile.scopes:
        scopes = CheckState.NOT_APPLICABLE
    listener = _done(view.listener.status is ListenerStatus.LISTENING)
    if view.paste_only:
        listener = CheckState.NOT_APPLICABLE
    return {
        CheckKey.CONSUMER_KEY: _done(bool(view.application.consumer_key)),
        CheckKey.CONSUMER_SECRET: _done(bool(view.application.consumer_secret)),
        CheckKey.REDIRECT_URL: CheckState.DONE if view.simulated else CheckState.UNKNOWN,
        CheckKey.SCOPES: scopes,
        CheckKey.LISTENER: listener,
        CheckKey.KEYRING: {
            KeyringStatus.PROBING: CheckState.UNKNOWN,
            KeyringStatus.READY: CheckState.DONE,
            KeyringStatus.SESSION_ONLY: CheckState.OPEN,
        }[view.keyring.status],
    }


def _connecting(view: SessionView) -> dict[CheckKey, CheckState]:
    arrived = _done(Milestone.REDIRECT_ARRIVED in view.milestones)
    return {
        CheckKey.CONNECT: arrived,
        CheckKey.REDIRECT: arrived,
        CheckKey.EXCHANGE: _done(Milestone.EXCHANGED in view.milestones),
        CheckKey.STORED: _done(Milestone.STORED_SAFELY in view.milestones),
        CheckKey.FAILURE: _after_failure(view),
    }


def _ending(view: SessionView) -> dict[CheckKey, CheckState]:
    revocation = view.revocation
    ticks = (Tick.PENDING,) * 3
    contract = CONTRACTS.get(view.profile.contract)
    needs_role = contract is None or bool(contract.checks.role)
    role = CheckState.UNKNOWN if needs_role else CheckState.NOT_APPLICABLE
    if revocation is not None:
        ticks = (revocation.server, revocation.refused, revocation.local_copy)
        if any(isinstance(error, RevokeRoleMissing) for error in revocation.errors):
            role = CheckState.OPEN
        elif revocation.server is Tick.DONE and needs_role:
            role = CheckState.DONE
    server, refused, local_copy = (_TICKS[tick] for tick in ticks)
    if revocation is not None and revocation.nothing_sent:  # what is refused was refused before
        server, refused = CheckState.OPEN, CheckState.UNKNOWN
    return {
        CheckKey.REFRESH: _refreshed(view),
        CheckKey.ROLE: role,
        CheckKey.REVOKED: server,
        CheckKey.REFUSED: refused,
        CheckKey.WIPED: local_copy,
    }


def _after_failure(view: SessionView) -> CheckState:
    if view.state is State.AT_RISK:
        return CheckState.OPEN
    if Milestone.REVOKED_AFTER_FAILURE in view.milestones:
        return CheckState.DONE
    return CheckState.NOT_APPLICABLE


def _refreshed(view: SessionView) -> CheckState:
    if Milestone.REFRESHED in view.milestones:
        return CheckState.DONE
    without = view.shown is not None and view.shown.live.refresh_token is None
    return CheckState.NOT_APPLICABLE if without else CheckState.OPEN


def _done(is_so: bool) -> CheckState:  # noqa: FBT001  # it turns one into the other
    return CheckState.DONE if is_so else CheckState.OPEN
