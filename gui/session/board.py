"""The one value that the window shows, and the only place where it changes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gui.concur.errors import FlowError
from gui.notices import OF_A_PROFILE, Happening, Notice, NoticeAction, Severity
from gui.session.controls import controls_of, next_control_of
from gui.session_state import State, next_state
from gui.session_view import SessionView, ShownToken

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.models import RequestToken
    from gui.flow.issuing import Issued
    from gui.flow.revocation import Revocation
    from gui.session_state import Control, Event
    from gui.session_view import Milestone
    from gui.store.profile import Profile

_NOTICES_KEPT = 5


@dataclass(frozen=True, slots=True)
class FlowMemory:
    """Where the flow of one profile stands; each profile has one of its own."""

    state: State = State.UNCONFIGURED
    request_token: RequestToken | None = None
    shown: ShownToken | None = None
    revocation: Revocation | None = None
    milestones: frozenset[Milestone] = frozenset()
    app: tuple[str, str, str] = ("", "", "")
    """To which the request token came, as `app_of` says."""


def app_of(profile: Profile) -> tuple[str, str, str]:
    """Return what tells the app of a profile from others: a request token is for one app, of one data centre."""
    return profile.contract, profile.base_url, profile.consumer_key


class Board(QObject):
    """Holds the view. Every change is told at once and whole; for the GUI thread alone."""

    changed = Signal(object)
    """The new SessionView."""

    def __init__(self, report_fault: Callable[[Exception], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = SessionView()
        self._report_fault = report_fault
        self._notice_ids = itertools.count(1)

    @property
    def view(self) -> SessionView:
        """What is shown now."""
        return self._view

    def update(self, **changes: Any) -> None:  # noqa: ANN401  # the fields of SessionView, each with its type
        """Change fields of the view; what may be pressed follows from them."""
        view = replace(self._view, **changes)
        controls = controls_of(view)
        view = replace(view, controls=controls, next_control=next_control_of(view, controls))
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def apply(self, *events: Event, **changes: Any) -> None:  # noqa: ANN401  # as for update
        """Go where events lead, and change fields along with it. Raises EventNotAllowed; then nothing has changed."""
        state = self._view.state
        for event in events:
            state = next_state(state, event)
        self.update(state=state, **changes)

    def memory(self) -> FlowMemory:
        """Return what is to be kept of this flow while another profile is shown."""
        view = self._view
        state = State.STOPPED if view.state is State.WAITING else view.state  # the listener is the window's, not its
        app = app_of(view.profile)
        return FlowMemory(state, view.request_token, view.shown, view.revocation, view.milestones, app)

    def allows(self, control: Control) -> bool:
        """Whether that may be pressed now: a shortcut held down, or a click that was under way, asks too late."""
        return control in self._view.controls

    def reach(self, *milestones: Milestone) -> None:
        """Note how far the flow has come."""
        self.update(milestones=self._view.milestones | set(milestones))

    def tell(
        self,
        severity: Severity,
        subject: FlowError | Happening,
        fact: str = "",
        *,
        actions: tuple[NoticeAction, ...] = (),
        more: tuple[FlowError, ...] = (),
        token_id: str = "",
        addition: str = "",
    ) -> None:
        """Show a notice. One that says the same as an earlier one takes its place."""
        profile_id = self._view.profile.profile_id if OF_A_PROFILE.intersection(actions) else ""
        notice = Notice(next(self._notice_ids), severity, subject, fact, actions, more, profile_id, token_id, addition)
        others = [old for old in self._view.notices if not _says_the_same(old, notice)]
        keep = [old for old in others if old.offers_revoke]
        rest = [old for old in others if not old.offers_revoke][-_NOTICES_KEPT:]
        self.update(notices=tuple(sorted((*keep, *rest, notice), key=_age)))

    def tell_failure(
        self, error: Exception, *actions: NoticeAction, more: tuple[FlowError, ...] = (), token_id: str = ""
    ) -> None:
        """Show what went wrong; what is no expected error is a mistake of this program and goes to the log as well."""
        if isinstance(error, FlowError):
            self.tell(Severity.ERROR, error, actions=actions, more=more, token_id=token_id)
        else:
            self._report_fault(error)
            self.tell_fault(type(error).__name__)

    def tell_fault(self, name: str) -> None:
        """Show that this program made a mistake, once: what shows it may be what is broken."""
        if not any(notice.subject is Happening.PROGRAM_FAULT for notice in self._view.notices):
            show = (NoticeAction.SHOW_ISSUED_TOKENS,)
            self.tell(Severity.ERROR, Happening.PROGRAM_FAULT, name, actions=show)

    def dismiss(self, notice_id: int) -> None:
        """Take a notice away."""
        self.update(notices=tuple(notice for notice in self._view.notices if notice.notice_id != notice_id))

    def dismiss_about(self, *kinds: type[FlowError] | Happening) -> None:
        """Take away what is no longer true of this profile: notices of these errors and happenings.

        What offers to revoke a live token stays until that token is dealt with.
        """
        mine = self._view.shown_notices
        gone = {notice for notice in mine if not notice.offers_revoke and _is_about(notice, kinds)}
        self.update(notices=tuple(notice for notice in self._view.notices if notice not in gone))

    def show_successor(self, issued: Issued) -> None:
        """Show what has taken the place of the token that is shown, here and in the list.

        Where it could not be kept safely, its predecessor stays listed: see `flow.issuing`.
        """
        former, document = self._view.shown, issued.document
        self.update(shown=ShownToken(issued.token, issued.live, document, document.answer))
        if former is not None and former.token.token_id != issued.token.token_id and not issued.failures:
            self.take_off_list(frozenset({former.token.token_id}))

    def take_off_list(self, token_ids: frozenset[str]) -> None:
        """Have tokens that have ended be listed no longer: the list itself is read anew in the background."""
        issued = self._view.issued
        live = tuple(token for token in issued.live if token.token_id not in token_ids)
        self.update(issued=replace(issued, live=live))

    def dismiss_token(self, token_id: str) -> None:
        """Take away what was told of a token: it has been dealt with."""
        self.update(notices=tuple(notice for notice in self._view.notices if notice.token_id != token_id))


def _says_the_same(old: Notice, new: Notice) -> bool:
    if (old.profile_id, old.token_id, old.fact) != (new.profile_id, new.token_id, new.fact):
        return False
    if isinstance(old.subject, FlowError) and isinstance(new.subject, FlowError):
        return type(old.subject) is type(new.subject) and _facts(old.subject) == _facts(new.subject)
    return old.subject is new.subject


def _facts(error: FlowError) -> dict[str, object]:
    """Return what tells one error of a type from another; what is kept out of the repr may be large, and secret."""
    return {field.name: getattr(error, field.name) for field in fields(error) if field.repr}


def _age(notice: Notice) -> int:
    return notice.notice_id


def _is_about(notice: Notice, kinds: tuple[type[FlowError] | Happening, ...]) -> bool:
    errors = tuple(kind for kind in kinds if isinstance(kind, type))
    return notice.subject in kinds or isinstance(notice.subject, errors)
