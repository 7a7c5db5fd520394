"""The real window with made-up views: every state, and what can be different within one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from gui.concur.contract import CURRENT
from gui.concur.errors import ConsumerCredentialPadded, FlowError, RedirectOfOtherContract
from gui.concur.models import Headers, HttpExchange, Operation, Origin, RequestToken
from gui.flow.revocation import Revocation, Tick
from gui.loopback.errors import RedirectUrlElsewhere
from gui.notices import Happening, Notice, NoticeAction, Severity
from gui.session.controls import controls_of, next_control_of
from gui.session_state import Control, State
from gui.session_view import (
    ApplicationView,
    KeyringStatus,
    KeyringView,
    ListenerStatus,
    SessionView,
)
from gui.store.errors import KeyringLocked
from gui.store.profile import Profile, built_in_profile
from gui.store.review import Review
from gui.widgets.main_window import MainWindow
from gui.widgets.profile_bar import ProfileBar
from gui.widgets.timeline_panel import TimelinePanel
from gui.widgets.token_panel import TokenPanel
from tests.gui import exchanges
from tests.gui.frame_samples import ARABIC, HEBREW, HOSTILE, LONG, notice, other_profile, port_in_use
from tests.gui.samples import (
    ACCESS_TOKEN,
    BASE_URL,
    COMPANY_USER_ID,
    CONSUMER_KEY,
    CURRENT_ACCESS_TOKEN,
    CURRENT_MEMBERS,
    CURRENT_SECRETS,
    ISSUED_AT,
    PRINCIPAL_ID,
    REFRESH_TOKEN,
    clock,
    current_document,
    current_shown,
    document,
    full_review,
    issued_token,
    jwt,
    not_confirmed,
    shown_token,
    still_accepted,
)
from tests.gui.samples import view_of as sample_view

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL, USUAL, LARGE = (800, 600), (1024, 680), (1600, 1000)
SIZES = {"800x600": SMALL, "1024x680": USUAL, "1600x1000": LARGE}
CONSUMER_SECRET = "CanarySecretq8ZtY3wLm5Rb1Xc7Vd2N"
REQUEST_TOKEN = RequestToken("0_CanaryCodehT6yU2jK9sD4fG1pQ8wE3rM", ISSUED_AT)
CURRENT_REQUEST_TOKEN = RequestToken(
    "CanaryCodehT6yU2jK9sD4fG1pQ8wE3rM", ISSUED_AT, principal_id=PRINCIPAL_ID, user_id=COMPANY_USER_ID
)
SECRETS = (
    CONSUMER_SECRET,
    REQUEST_TOKEN.value,
    CURRENT_REQUEST_TOKEN.value,
    ACCESS_TOKEN,
    REFRESH_TOKEN,
    *CURRENT_SECRETS,
)
BARE = {"access_token": CURRENT_ACCESS_TOKEN}
"""The least that is an access-token document of the current contract."""
EXCUSED = frozenset({"Tab does not reach StepColumn 'Steps' in QWidget"})
"""The one complaint that is none: the steps scroll to whatever Tab reaches in them, and each has something that it
reaches."""
REAL_URL = "https://eu2.concursolutions.com"
_BEFORE_A_REQUEST_TOKEN = frozenset({State.UNCONFIGURED, State.STOPPED, State.WAITING})
_REVOKING = frozenset({State.PROVING, State.WIPING})


class RealWindow(MainWindow):
    """The window as gui/window.py builds it, with a clock that stands still; rendered by hand."""

    def __init__(self) -> None:
        self.profiles, self.token, self.timeline = ProfileBar(), TokenPanel(clock), TimelinePanel()
        super().__init__(self.profiles, self.token, self.timeline)
        self.request_token_card._clock = clock

    def show_view(self, view: SessionView, size: tuple[int, int] | None = None) -> None:
        """Render a view, and let everything settle that is put off to the next turn of the event loop."""
        if size is not None:
            self.resize(*size)
        self.render(view)
        settle()

    def show_timeline(self) -> None:
        """Fill the timeline with one flow, and with what a server may send."""
        self.timeline.add_rows(flow_rows())

    def cards(self) -> tuple[Any, ...]:
        """Return the four steps."""
        return (self.application_card, self.listener_card, self.request_token_card, self.exchange_card)

    def unfold_all(self) -> None:
        """Open every step, as if by hand."""
        for card in self.cards():
            card.reveal()
        settle()

    def fold_by_itself(self) -> None:
        """Forget what was folded and unfolded by hand."""
        for card in self.cards():
            card._by_hand.clear()


def settle() -> None:
    """Lay out, run what was put off, and lay out once more."""
    for _ in range(2):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def flow_rows() -> tuple[HttpExchange, ...]:
    """Return the exchanges of one flow."""
    return (
        exchanges.redirect(),
        exchanges.exchange(),
        exchanges.exchange(operation=Operation.PROBE, status=401, reason="Unauthorized", response_body=b""),
        exchanges.unanswered(operation=Operation.REVOKE),
    )


def consistent(view: SessionView, **changes: Any) -> SessionView:  # noqa: ANN401  # the fields of SessionView
    """Return a view with changes, and with what may be pressed reckoned as the session does."""
    view = replace(view, **changes)
    view = replace(view, application=replace(view.application, contract=view.profile.contract))
    controls = controls_of(view)
    return replace(view, controls=controls, next_control=next_control_of(view, controls))


def sandbox_view(state: State, **changes: Any) -> SessionView:  # noqa: ANN401  # the same
    """Return a view of the built-in sandbox as the session makes it."""
    view = sample_view(state)
    profiles = (built_in_profile(), other_profile(), other_profile("US data centre", profile_id="d" * 32))
    application = replace(view.application, kept_in="")
    if state is State.UNCONFIGURED:
        application = ApplicationView()
    ours: dict[str, Any] = {
        "profiles": profiles,
        "application": application,
        "request_token": None if state in _BEFORE_A_REQUEST_TOKEN else REQUEST_TOKEN,
    }
    if state is State.REVOKED:
        ours["shown"] = None
    if view.activity is not None and state in _REVOKING:
        ours["activity"] = replace(view.activity, operation=Operation.REVOKE)
    return consistent(view, **(ours | changes))


def real_view(state: State, **changes: Any) -> SessionView:  # noqa: ANN401  # the same
    """Return a view of another Concur than the sandbox."""
    view = sandbox_view(state)
    profile = other_profile("Implementation, EU", base_url=REAL_URL)
    complete = state is not State.UNCONFIGURED
    application = ApplicationView(
        consumer_key=CONSUMER_KEY,
        consumer_secret=CONSUMER_SECRET if complete else "",
        base_url=REAL_URL,
        kept_in="GNOME Keyring / Secret Service" if complete else "",
    )
    token = replace(issued_token(profile_name=profile.name), profile_id=profile.profile_id, base_url=REAL_URL)
    ours: dict[str, Any] = {
        "profile": profile,
        "profiles": (built_in_profile(), profile),
        "application": application,
        "shown": None if view.shown is None else replace(view.shown, token=token),
        "issued": Review() if view.shown is None else Review(live=(token,)),
    }
    return consistent(view, **(ours | changes))


def current_view(state: State, **changes: Any) -> SessionView:  # noqa: ANN401  # the same
    """Return a view of the built-in sandbox with the current contract."""
    view = sandbox_view(state)
    profile = replace(built_in_profile(), contract=CURRENT)
    ours: dict[str, Any] = {
        "profile": profile,
        "profiles": (profile, *view.profiles[1:]),
        "request_token": view.request_token and CURRENT_REQUEST_TOKEN,
        "shown": view.shown and current_shown(),
    }
    return consistent(view, **(ours | changes))


def states(make: Callable[[State], SessionView] = sandbox_view) -> dict[str, SessionView]:
    """Return one view of every state, by name."""
    return {state.name.lower(): make(state) for state in State}


def sub_states() -> dict[str, SessionView]:
    """Return what can be different within a state."""
    return {**_of_the_parts(), **_of_the_token(), **_of_the_revoke()}


def _of_the_parts() -> dict[str, SessionView]:
    stopped, waiting = sandbox_view(State.STOPPED), sandbox_view(State.WAITING)
    probing = KeyringView()
    locked = KeyringLocked(backend="GNOME Keyring", operation="read")
    session_only = KeyringView(KeyringStatus.SESSION_ONLY, "kept for this session only", locked)
    starting = replace(stopped.listener, status=ListenerStatus.STARTING)
    elsewhere = RedirectUrlElsewhere(host="app.example.com")
    web = replace(stopped.listener, redirect_url="https://app.example.com/redirect", problem=elsewhere)
    padded = ConsumerCredentialPadded(which="consumer key")
    broken = replace(real_view(State.UNCONFIGURED).application, problem=padded)
    return {
        "starting": SessionView(),
        "keyring probing": consistent(real_view(State.UNCONFIGURED), keyring=probing),
        "session only": consistent(
            real_view(State.STOPPED),
            keyring=session_only,
            notices=(Notice(1, Severity.WARNING, locked, actions=(NoticeAction.TRY_KEYRING_AGAIN,)),),
        ),
        "listener starting": consistent(stopped, listener=starting),
        "listener off with a token": sandbox_view(State.CONNECTED, listener=stopped.listener),
        "port taken": consistent(
            stopped,
            listener=replace(stopped.listener, problem=port_in_use()),
            notices=(notice(actions=(NoticeAction.EDIT_PROFILE, NoticeAction.PASTE_REDIRECT)),),
        ),
        "paste only": real_view(State.STOPPED, listener=web),
        "application broken": real_view(State.UNCONFIGURED, application=broken),
        "simulating": consistent(waiting, simulating=True),
        "sign-in opened": real_view(
            State.WAITING, listener=replace(waiting.listener, expected=Origin.WEB_FLOW), proxy="proxy.example.com:3128"
        ),
        "no contract": real_view(State.RECEIVED, profile=other_profile(contract="v9")),
        "after a sign-in": current_view(
            State.RECEIVED,
            request_token=replace(CURRENT_REQUEST_TOKEN, principal_id=None, user_id=None, geolocation=REAL_URL),
        ),
        "other contract": current_view(
            State.WAITING,
            notices=(
                Notice(
                    1,
                    Severity.WARNING,
                    RedirectOfOtherContract(expected="id and requestToken", found="code", other="legacy"),
                    actions=(NoticeAction.SWITCH_CONTRACT,),
                ),
            ),
        ),
        "contract deprecated": consistent(
            real_view(State.STOPPED),
            notices=(
                Notice(
                    1,
                    Severity.INFO,
                    Happening.CONTRACT_DEPRECATED,
                    "2017-02-04",
                    actions=(NoticeAction.OPEN_MIGRATION_PAGE,),
                ),
            ),
        ),
    }


def _of_the_token() -> dict[str, SessionView]:
    exchanging, connected = sandbox_view(State.EXCHANGING), sandbox_view(State.CONNECTED)
    probing = sandbox_view(State.PROBING)
    assert exchanging.activity is not None
    assert probing.activity is not None
    bare = document(fields={"token": ACCESS_TOKEN, "instance_url": f"{BASE_URL}/"})
    no_refresh = shown_token(bare)
    from_list = shown_token(from_list=True)
    many = tuple(replace(issued_token(), token_id=f"{number:032x}") for number in range(240))
    return {
        "exchange cancelling": consistent(exchanging, activity=replace(exchanging.activity, cancelling=True)),
        "probe cancelling": consistent(probing, activity=replace(probing.activity, cancelling=True)),
        "no refresh token": sandbox_view(State.CONNECTED, shown=no_refresh),
        "opened from the list": sandbox_view(State.CONNECTED, shown=from_list, request_token=None),
        "current, opened from the list": current_view(State.CONNECTED, shown=current_shown(from_list=True)),
        "current, without an access token": _without_an_access_token(),
        "current, hardly anything": current_view(State.CONNECTED, shown=current_shown(current_document(BARE))),
        "no secret": real_view(State.CONNECTED, application=ApplicationView(CONSUMER_KEY, base_url=REAL_URL)),
        "token of another app": sandbox_view(
            State.CONNECTED, application=replace(connected.application, consumer_key="another")
        ),
        "issued not known": consistent(connected, issued_problem=KeyringLocked(backend="Keyring", operation="read")),
        "token works": consistent(
            connected, notices=(Notice(1, Severity.SUCCESS, Happening.TOKEN_WORKS, "127.0.0.1:49215"),)
        ),
        "many issued": consistent(connected, issued=Review(live=many)),
        "all kinds issued": consistent(connected, issued=full_review(), issued_busy=frozenset({"1" * 32})),
        "several notices": consistent(connected, notices=several_notices()),
    }


def _without_an_access_token() -> SessionView:
    view = current_view(State.CONNECTED, shown=current_shown(restarted=True), request_token=None)
    return replace(view, controls=view.controls - {Control.COPY_TOKEN})


def _of_the_revoke() -> dict[str, SessionView]:
    """Return every way that a revoke can stand."""
    not_sent = Revocation(server=Tick.FAILED, errors=not_confirmed().errors)
    unproven = Revocation(server=Tick.DONE, refused=Tick.UNPROVEN, local_copy=Tick.DONE)
    left = Revocation(server=Tick.DONE, refused=Tick.DONE, local_copy=Tick.FAILED)
    unsure = Revocation(server=Tick.DONE, refused=Tick.UNPROVEN, local_copy=Tick.UNPROVEN)
    return {
        "at risk after the exchange": sandbox_view(State.AT_RISK, revocation=None, notices=(at_risk_notice(),)),
        "server failed": sandbox_view(State.AT_RISK, revocation=not_sent),
        "server unproven": sandbox_view(State.AT_RISK, revocation=not_confirmed()),
        "still accepted": sandbox_view(State.AT_RISK, revocation=still_accepted()),
        "refusal unproven": sandbox_view(State.REVOKED, revocation=unproven),
        "local copy left": sandbox_view(State.REVOKED, revocation=left),
        "local copy unsure": sandbox_view(State.REVOKED, revocation=unsure),
        "wiping unproven": sandbox_view(State.WIPING, revocation=Revocation(server=Tick.DONE, refused=Tick.UNPROVEN)),
    }


def hostile_views() -> dict[str, SessionView]:
    """Return views whose outside texts are as bad as can be: long, right to left, markup, line breaks."""
    texts = {"long": LONG, "hebrew": f"{HEBREW} " * 30, "arabic": ARABIC, "markup": HOSTILE}
    views = {}
    for name, text in texts.items():
        views[f"{name}, stopped"] = _hostile_before(text)
        views[f"{name}, connected"] = _hostile_after(text)
        views[f"{name}, current"] = _hostile_after_of_the_current_contract(text)
    return views


def _hostile_before(text: str) -> SessionView:
    profile = _hostile_profile(text)
    stopped = real_view(State.STOPPED)
    problem = port_in_use()
    return consistent(
        stopped,
        profile=profile,
        profiles=(built_in_profile(), profile),
        application=ApplicationView(text, CONSUMER_SECRET, profile.base_url, text, problem),
        listener=replace(stopped.listener, redirect_url=profile.redirect_url, problem=problem),
        keyring=KeyringView(KeyringStatus.READY, text),
        proxy=text,
        notices=(notice(subject=Happening.REDIRECT_ELSEWHERE, fact=text, more=(problem,)),),
    )


def _hostile_after(text: str) -> SessionView:
    profile = _hostile_profile(text)
    fields = {"token": ACCESS_TOKEN, "refresh_token": REFRESH_TOKEN, "instance_url": text, "expiration_date": text}
    body = f"<Access_Token><Token>{ACCESS_TOKEN}</Token><x>{text}</x></Access_Token>".encode()
    headers: Headers = (("Content-Type", text.replace("\n", " ")), ("X-Note", text.replace("\n", " ")))
    shown = shown_token(document(body, fields, headers))
    token = replace(shown.token, profile_name=text, base_url=text, instance_url=text)
    return real_view(
        State.CONNECTED,
        profile=profile,
        profiles=(built_in_profile(), profile),
        shown=replace(shown, token=token),
        issued=Review(live=(token,)),
        notices=(notice(subject=Happening.REVOKED, fact=text),),
    )


def _hostile_after_of_the_current_contract(text: str) -> SessionView:
    odd = {"scope": text, "geolocation": text, "x": [text], "id_token": jwt({"sub": text, "concur.type": text})}
    headers: Headers = (("Concur-Correlationid", " ".join(text.split())),)
    shown = current_shown(current_document({**CURRENT_MEMBERS, **odd}, headers))
    token = replace(shown.token, profile_name=text)
    profile = replace(_hostile_profile(text), contract=CURRENT)
    return real_view(
        State.CONNECTED,
        profile=profile,
        profiles=(built_in_profile(), profile),
        shown=replace(shown, token=token, live=replace(shown.live, principal_id=text)),
        issued=Review(live=(token,)),
    )


def _hostile_profile(text: str) -> Profile:
    return other_profile(text, base_url=f"https://{text}", redirect_url=f"http://localhost:8765/{text}")


def several_notices() -> tuple[Notice, ...]:
    """Return as many notices as the session keeps."""
    return (
        Notice(1, Severity.INFO, Happening.LEFT_FROM_BEFORE, "2", (NoticeAction.SHOW_ISSUED_TOKENS,)),
        Notice(2, Severity.WARNING, Happening.OTHER_REQUEST_TOKEN),
        Notice(3, Severity.SUCCESS, Happening.SAVED, "token.xml"),
        Notice(4, Severity.WARNING, Happening.HTTPS_FORCED, actions=(NoticeAction.PASTE_REDIRECT,)),
        notice(5, more=(port_in_use(), _refused())),
    )


def at_risk_notice() -> Notice:
    """Return the notice of a failure after a token was issued."""
    locked = KeyringLocked(backend="GNOME Keyring", operation="write")
    return Notice(1, Severity.ERROR, locked, actions=(NoticeAction.REVOKE, NoticeAction.KEEP_TOKEN))


def _refused() -> FlowError:
    return not_confirmed().errors[0]
