"""Pictures of the window, to be looked at: `python -m tests.screenshots OUT_FOLDER`.

Every state, errors that matter, a real flow and real failures in three sizes, and every dialog; light and dark.
Nothing is checked here: the tests of tests/gui check what can be told without eyes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from gui.concur.contract import CONTRACTS, CURRENT, LEGACY
from gui.concur.errors import (
    AccessDenied,
    ConcurRefused,
    ConsumerCredentialBlank,
    HostNotFound,
    RedirectOfOtherContract,
)
from gui.concur.models import Direction, ErrorDocument, HttpExchange, Operation, RequestToken
from gui.desktop.dialogs import Dialogs
from gui.licences import read_notices
from gui.loopback.errors import PortInUse
from gui.notices import Happening, Notice, NoticeAction, Severity
from gui.resource_files import licence_text
from gui.sandbox.answers import Answer, Endpoint
from gui.session_state import Control, State
from gui.session_view import KeyringStatus, ListenerStatus, SessionView
from gui.store.errors import KeyringLocked
from gui.store.folders import HOME_VARIABLE
from gui.store.profile import Profile, built_in_profile
from gui.store.review import Review
from gui.store.secrets import OpenedStore
from gui.widgets.about_dialog import AboutDialog
from gui.widgets.check_list_dialog import CheckListDialog
from gui.widgets.exchange_view import ExchangeView
from gui.widgets.issued_tokens import IssuedTokensDialog
from gui.widgets.main_window import MainWindow
from gui.widgets.profile_bar import ProfileBar
from gui.widgets.profile_editor import ProfileEditor
from gui.widgets.shortcuts_dialog import ShortcutsDialog
from gui.widgets.theme import DARK_CHOICE, LIGHT_CHOICE, apply_theme
from gui.widgets.timeline_panel import TimelinePanel
from gui.widgets.token_panel import TokenPanel
from gui.window import make_application, open_program
from tests.gui import samples
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.errors import FlowError
    from gui.session.session import Session

SIZES = ((800, 600), (1024, 680), (1600, 1000))
THEMES = (LIGHT_CHOICE, DARK_CHOICE)
SETTLED_MS = 40
"""What is painted late, such as a step that scrolls into sight, is painted after that."""
FLOW_LIMIT_MS = 10_000
REAL_PROFILE = Profile(
    profile_id="c" * 32,
    name="Acme Receipts, implementation",
    base_url="https://implementation.concursolutions.com",
    consumer_key=samples.CONSUMER_KEY,
    redirect_url="http://localhost:8765/redirect",
    scopes=("EXPRPT", "USER"),
)
PROFILES = (built_in_profile(), REAL_PROFILE)


@dataclass(frozen=True)
class Album:
    """Where the pictures go, and what they are taken of now."""

    folder: Path
    theme: str

    def take(self, widget: QWidget, name: str) -> None:
        """Write one picture; its name sorts by what is seen, then by size and theme."""
        _let_the_window_work()
        size = f"{widget.width():04d}x{widget.height():04d}"
        widget.grab().save(str(self.folder / f"{name}-{size}-{self.theme}.png"))

    def take_all_sizes(self, window: QWidget, name: str) -> None:
        """Write one picture for each size of the window."""
        for size in SIZES:
            window.resize(*size)
            self.take(window, name)


def main() -> int:
    """Take all pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, help="is made where it is not there")
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = make_application()
    for theme in THEMES:
        album = Album(folder, theme)
        apply_theme(app, theme)
        take_states(album)
        take_errors(album)
        take_dialogs(album)
        take_questions(album)
        take_flow(album)
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder}\n")
    return 0


# Made-up views


def take_states(album: Album) -> None:
    window = _window()
    window.render(SessionView())
    album.take_all_sizes(window, "10-state-00-starting")
    _fill_timeline(window)
    for contract in CONTRACTS:
        for number, state in enumerate(State, 1):
            window.render(_view_of(state, contract))
            album.take_all_sizes(window, f"10-state-{number:02d}-{state.name.lower()}-{contract}")
        window.render(_view_of(State.CONNECTED, contract))
        for panel in window.findChildren(TokenPanel):
            panel.tabs.setCurrentWidget(panel.fields)
            album.take_all_sizes(window, f"10-state-30-fields-{contract}")
            panel.tabs.setCurrentIndex(0)
    window.render(_of_real_concur(State.WAITING))
    album.take_all_sizes(window, "10-state-20-waiting-for-a-real-concur")
    window.render(_of_real_concur(State.UNCONFIGURED))
    album.take_all_sizes(window, "10-state-21-real-concur-incomplete")
    _end(window)


def take_errors(album: Album) -> None:
    window = _window()
    _fill_timeline(window)
    for name, state, notice in _notices():
        window.render(replace(_view_of(state), notices=(notice,)))
        album.take_all_sizes(window, f"20-error-{name}")
    _end(window)


def take_dialogs(album: Album) -> None:
    connected = _view_of(State.CONNECTED)
    issued = IssuedTokensDialog(clock=samples.clock)
    issued.render(replace(connected, issued=samples.full_review()))
    empty = IssuedTokensDialog(clock=samples.clock)
    empty.render(replace(connected, issued=Review()))
    check_list = CheckListDialog()
    check_list.render(connected)
    refused = ProfileEditor(
        replace(REAL_PROFILE, redirect_url="http://localhost/redirect?x=1", name="Built-in sandbox"),
        is_new=False,
        has_secret=True,
        kept_in="GNOME Keyring / Secret Service",
        other_names=("Built-in sandbox",),
    )
    about, notices = AboutDialog(licence_text()), read_notices()
    about.show_built_in(notices.components, notices.text)
    window = _window()
    current = replace(REAL_PROFILE, contract=CURRENT, base_url=CONTRACTS[CURRENT].data_centres[0].base_url)
    dialogs = {
        "profile-current": ProfileEditor(
            replace(current, scopes=("openid", "my.own.scope")),
            is_new=False,
            has_secret=True,
            kept_in="GNOME Keyring / Secret Service",
            other_names=(),
        ),
        "profile-new": ProfileEditor(
            replace(REAL_PROFILE, profile_id="", consumer_key="", name="New profile", contract="", base_url=""),
            is_new=True,
            has_secret=False,
            kept_in="GNOME Keyring / Secret Service",
            other_names=("Built-in sandbox",),
        ),
        "profile-faults": refused,
        "profile-built-in": ProfileEditor(
            built_in_profile(), is_new=False, has_secret=False, kept_in="", other_names=()
        ),
        "issued-tokens": issued,
        "issued-tokens-none": empty,
        "check-list": check_list,
        "shortcuts": ShortcutsDialog(window.menus.shortcuts()),
        "about": about,
        "exchange": ExchangeView(samples.answer()),
        "exchange-current": ExchangeView(samples.current_answer()),
        "exchange-failed": ExchangeView(_timeline()[-1]),
    }
    for name, dialog in dialogs.items():
        dialog.show()
        album.take(dialog, f"30-dialog-{name}")
        dialog.deleteLater()
    _end(window)


def take_questions(album: Album) -> None:
    window = _window()
    asks = Dialogs(window)
    questions: dict[str, Callable[[], object]] = {
        "quit-simulated": lambda: asks.ask_about_live_tokens(1, simulated=True),
        "quit": lambda: asks.ask_about_live_tokens(2, simulated=False),
        "delete-profile": lambda: asks.confirm_delete_profile(REAL_PROFILE.name, 2),
        "save-document": lambda: asks.ask_save_document("token.xml"),
        "export-timeline": lambda: asks.ask_export_timeline("timeline.har"),
    }
    for name, ask in questions.items():

        def take(name: str = name) -> None:
            question = QApplication.activeModalWidget()
            if question is not None:
                album.take(question, f"40-question-{name}")
                question.close()

        QTimer.singleShot(SETTLED_MS, take)
        ask()
    _end(window)


def _window() -> MainWindow:
    window = MainWindow(ProfileBar(), TokenPanel(samples.clock), TimelinePanel())
    window.show()
    return window


def _fill_timeline(window: MainWindow) -> None:
    for panel in window.findChildren(TimelinePanel):
        panel.add_rows(_timeline())


def _end(window: MainWindow) -> None:
    window.close_for_good()
    window.deleteLater()


def _view_of(state: State, contract: str = LEGACY) -> SessionView:
    """Return a view of the built-in sandbox: two profiles, and the request token that a token came from."""
    came = RequestToken("0_CanaryCodehT6yU2jK9sD4fG1pQ8wE3rM", samples.NOW - timedelta(seconds=3))
    request_token = None if state in {State.UNCONFIGURED, State.STOPPED, State.WAITING} else came
    shown = samples.current_shown() if contract == CURRENT else None
    view = replace(samples.view_of(state, shown), profiles=PROFILES, request_token=request_token)
    return replace(view, profile=replace(view.profile, contract=contract))


def _of_real_concur(state: State) -> SessionView:
    view = _view_of(state)
    application = replace(view.application, base_url=REAL_PROFILE.base_url)
    if state is State.WAITING:
        controls = view.controls - {Control.SIMULATE_APP_CENTER}
        view = replace(view, controls=controls, next_control=Control.OPEN_BROWSER)
    if state is State.UNCONFIGURED:
        problem = ConsumerCredentialBlank(which="consumer secret")
        application = replace(application, consumer_secret="", kept_in="", problem=problem)
    return replace(view, profile=REAL_PROFILE, profiles=PROFILES, application=application)


def _timeline() -> tuple[HttpExchange, ...]:
    exchange = samples.answer()
    came = replace(
        exchange,
        direction=Direction.IN,
        operation=Operation.REDIRECT,
        url="http://localhost:8765/redirect?code=0_CanaryCodehT6yU2jK9sD4fG1pQ8wE3rM",
        duration_ms=1.2,
    )
    tried = replace(
        exchange,
        operation=Operation.PROBE,
        url=f"{samples.BASE_URL}/api/user/v1.0/user",
        started_at=exchange.started_at + timedelta(seconds=2),
        duration_ms=4.0,
    )
    unanswered = replace(
        exchange,
        operation=Operation.REVOKE,
        url=f"{samples.BASE_URL}/net2/oauth2/revoketoken.ashx?token={samples.ACCESS_TOKEN}",
        started_at=exchange.started_at + timedelta(seconds=4),
        duration_ms=30_000.0,
        status=None,
        reason="",
        response_headers=(),
        response_body=b"",
        complete=False,
        failure="AnswerTimedOut",
    )
    return came, exchange, tried, unanswered


def _notices() -> tuple[tuple[str, State, Notice], ...]:
    port = PortInUse(port=8765, addresses=("127.0.0.1", "::1"), holder="node (process 4711)")
    host, exchange = "www.concursolutions.com", samples.answer()
    document = ErrorDocument("The request token is invalid or has expired.", "2026-11-24T15:02:11", "F00D-CAFE")
    refused = ConcurRefused(operation=Operation.EXCHANGE, host=host, exchange=exchange, status=400, document=document)
    timed_out, accepted = samples.not_confirmed().errors[0], samples.still_accepted().errors[0]
    nothing = HostNotFound(operation=Operation.EXCHANGE, host=host)
    denied = AccessDenied(error="access_denied", description="User denied access")
    other = RedirectOfOtherContract(expected="code", found="id and requestToken", other=CURRENT)
    show, ways = (NoticeAction.SHOW_TIMELINE,), (NoticeAction.REVOKE, NoticeAction.SHOW_ISSUED_TOKENS)

    def error(subject: FlowError, *actions: NoticeAction, more: tuple[FlowError, ...] = ()) -> Notice:
        return Notice(1, Severity.ERROR, subject, actions=actions, more=more)

    return (
        ("01-port-in-use", State.STOPPED, error(port, NoticeAction.USE_FREE_PORT, NoticeAction.PASTE_REDIRECT)),
        ("02-denied", State.WAITING, error(denied)),
        ("03-host-not-found", State.RECEIVED, error(nothing, *show)),
        ("04-refused", State.WAITING, error(refused, *show)),
        ("05-revoke-timed-out", State.AT_RISK, error(timed_out, *ways, *show)),
        ("06-still-accepted", State.AT_RISK, error(accepted, *ways, *show, more=(timed_out,))),
        (
            "07-keyring-locked",
            State.WAITING,
            Notice(
                1,
                Severity.WARNING,
                KeyringLocked(backend="GNOME Keyring", operation="read"),
                actions=(NoticeAction.TRY_KEYRING_AGAIN,),
            ),
        ),
        ("08-https-forced", State.WAITING, Notice(1, Severity.WARNING, Happening.HTTPS_FORCED)),
        ("09-token-works", State.CONNECTED, Notice(1, Severity.SUCCESS, Happening.TOKEN_WORKS, host)),
        (
            "11-contract-deprecated",
            State.WAITING,
            Notice(
                1,
                Severity.INFO,
                Happening.CONTRACT_DEPRECATED,
                CONTRACTS[LEGACY].deprecated_since,
                actions=(NoticeAction.OPEN_MIGRATION_PAGE,),
            ),
        ),
        ("12-other-contract", State.WAITING, error(other, NoticeAction.SWITCH_CONTRACT)),
        (
            "10-from-before",
            State.WAITING,
            Notice(1, Severity.WARNING, Happening.LEFT_FROM_BEFORE, "2", actions=(NoticeAction.SHOW_ISSUED_TOKENS,)),
        ),
    )


# The program itself, against its sandbox


def take_flow(album: Album) -> None:
    secrets = FakeSecrets()
    secrets.description = "GNOME Keyring / Secret Service"
    with ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory())
        program = stack.enter_context(
            open_program({HOME_VARIABLE: home}, open_secrets=lambda _limit_s: OpenedStore(secrets, None))
        )
        program.theme.choose(album.theme)
        program.show()
        _wait_for("a session", lambda: program.session is not None)
        session = program.session
        assert session is not None
        board = session.board
        _wait_for("a listener, or why not", lambda: _listens(session) or board.view.notices)
        if not _listens(session):  # its port is in use here
            _dismiss_notices(session)
            session.listener.start_on_free_port()
            _wait_for("a listener", lambda: _listens(session))
        _wait_for("the keyring", lambda: board.view.keyring.status is KeyringStatus.READY)
        _take_flow(album, program.window, session)
        _take_failures(album, program.window, session)


def _take_flow(album: Album, window: MainWindow, session: Session) -> None:
    album.take_all_sizes(window, "50-flow-01-waiting")
    session.listener.simulate_app_center()
    _wait_for_state(session, State.CONNECTED)
    album.take_all_sizes(window, "50-flow-02-connected")
    session.flow.probe()
    _wait_for("the token was tried", lambda: session.board.view.notices)
    album.take_all_sizes(window, "50-flow-03-tried")
    session.flow.refresh()
    _wait_for("two tokens", lambda: len(session.board.view.issued.live) > 1)
    album.take_all_sizes(window, "50-flow-04-refreshed")
    session.revoking.revoke()
    _wait_for_state(session, State.REVOKED)
    album.take_all_sizes(window, "50-flow-05-revoked")
    session.flow.start_over()
    _wait_for_state(session, State.WAITING)


def _take_failures(album: Album, window: MainWindow, session: Session) -> None:
    answers = session.sandbox.concur.answers
    answers.set_for_endpoint(Endpoint.EXCHANGE, Answer(status=503, body=b"<html>Maintenance</html>", times=1))
    session.listener.simulate_app_center()
    _wait_for("an exchange that failed", lambda: session.board.view.notices)
    album.take_all_sizes(window, "60-failure-01-exchange")
    _dismiss_notices(session)
    session.listener.simulate_app_center()
    _wait_for_state(session, State.CONNECTED)
    answers.set_for_endpoint(Endpoint.REVOKE, Answer(status=503, body=b"<html>Maintenance</html>", times=1))
    session.revoking.revoke()
    _wait_for_state(session, State.AT_RISK)
    album.take_all_sizes(window, "60-failure-02-revoke")
    session.revoking.revoke()
    _wait_for_state(session, State.REVOKED)


def _listens(session: Session) -> bool:
    return session.board.view.listener.status is ListenerStatus.LISTENING


def _dismiss_notices(session: Session) -> None:
    for notice in session.board.view.notices:
        session.board.dismiss(notice.notice_id)


def _wait_for_state(session: Session, state: State) -> None:
    _wait_for(state.name, lambda: session.board.view.state is state)


def _wait_for(what: str, condition: Callable[[], object]) -> None:
    for _ in range(FLOW_LIMIT_MS // SETTLED_MS):
        if condition():
            return
        _let_the_window_work()
    raise TimeoutError(what)


def _let_the_window_work() -> None:
    loop = QEventLoop()  # QTest.qWait would not let other threads run
    QTimer.singleShot(SETTLED_MS, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
