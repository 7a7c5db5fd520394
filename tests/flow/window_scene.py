"""The real window program in one process: real buttons, real HTTP over loopback, a folder of its own.

Only what a person would do is done here: buttons are pressed, keys struck, texts read. What stands in for a person's
answers to a question (`Answers`) and for the desktop's browser (`OpenedPages`) is made for tests.
"""

from __future__ import annotations

import itertools
import os
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLineEdit, QMenu, QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from gui.concur.contract import LEGACY
from gui.concur.errors import FlowError
from gui.concur.transport import WireLimits
from gui.sandbox.tokens import TokenSource, new_form_ticket
from gui.session_state import State
from gui.session_view import KeyringStatus
from gui.store.folders import HOME_VARIABLE, find_folders
from gui.store.profile import built_in_profile
from gui.store.profiles import ProfileStore
from gui.store.secrets import OpenedStore, SessionSecretStore
from gui.widgets.issued_tokens import IssuedTokensDialog
from gui.widgets.menu_table import Command
from gui.widgets.parts import Button
from gui.widgets.words import message_of
from gui.window import open_program
from tests.flow.contracts import KITS, LEGACY_KIT, Kit
from tests.flow.faults import CURRENT_REFRESH, canary_uuid
from tests.flow.faults import REFRESH as FIRST_REFRESH
from tests.flow.faults import TOKEN as FIRST_TOKEN
from tests.flow.scene import utc_now
from tests.gui.leftovers import Look
from tests.gui.widget_tree import texts_of, visible_widgets
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType

    from PySide6.QtGui import QAction

    from gui.desktop.dialogs import QuitChoice
    from gui.notices import Happening, Notice
    from gui.sandbox.answers import Answer, Endpoint
    from gui.sandbox.service import SimulatedConcur
    from gui.session.parts import SessionParts
    from gui.session.session import Session
    from gui.session_requests import SaveRequest
    from gui.session_view import SessionView
    from gui.store.issued_tokens import IssuedTokens
    from gui.store.profile import Profile
    from gui.widgets.main_window import MainWindow
    from gui.window import WindowProgram

D = TypeVar("D", bound=QDialog)
ANY_PORT = "http://localhost:0/redirect"
PATIENCE_MS = 10_000
_FLOWS = itertools.count(1)
QUICK = WireLimits(connect_s=3.0, silence_s=0.4, whole_s=0.8, answer_bytes=1024 * 1024)
"""Long enough for a sandbox on the same machine, short enough for tests of what never comes."""

# What can be pressed of the flow, by the words of the window.
EDIT, START, STOP = "Edit…", "Start listener", "Stop listener"
SIMULATE, OPEN, PASTE = "Simulate App Center", "Open in browser", "Use the pasted redirect"
EXCHANGE, DROP, CANCEL_EXCHANGE = "Exchange", "Drop the request token", "Cancel the exchange"
ISSUED = "issued tokens"
"""Whatever their number, which stands in its words."""
COPY, SAVE, TRY, REFRESH = "Copy token", "Save…", "Try it", "Refresh"
REVOKE, KEEP, START_OVER, CANCEL = "Revoke", "Keep token", "Start over", "Cancel"

WITH_A_TOKEN = frozenset({COPY, SAVE, TRY, REFRESH, REVOKE, KEEP, START_OVER, CANCEL})
WAYS = frozenset({SIMULATE, OPEN, PASTE})
TOKEN = frozenset({COPY, SAVE})
PRESSABLE: dict[State, frozenset[str]] = {
    State.STOPPED: frozenset({EDIT, START, PASTE}),
    State.WAITING: frozenset({EDIT, STOP}) | WAYS,
    State.RECEIVED: frozenset({STOP, EXCHANGE, DROP}),
    State.EXCHANGING: frozenset({STOP, CANCEL_EXCHANGE, CANCEL}),
    State.CONNECTED: frozenset({STOP, TRY, REFRESH, REVOKE, START_OVER}) | TOKEN,
    State.AT_RISK: frozenset({STOP, KEEP, REVOKE, START_OVER}) | TOKEN,
    State.REVOKED: frozenset({STOP, START_OVER, EDIT}),
}
"""What may be pressed in each state of the built-in sandbox, its listener up wherever there is one."""


@dataclass
class Answers:
    """Answers questions as they were given beforehand, and remembers each question. Asked without one it fails."""

    open_profile: Path | None = None
    export_profile: Path | None = None
    save_document: SaveRequest | None = None
    export_timeline: SaveRequest | None = None
    delete: bool = False
    quits: list[QuitChoice] = field(default_factory=list)
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def ask_open_profile(self) -> Path | None:
        self.asked.append(("open",))
        return self.open_profile

    def ask_export_profile(self, suggested_name: str) -> Path | None:
        self.asked.append(("export", suggested_name))
        return self.export_profile

    def ask_save_document(self, suggested_name: str) -> SaveRequest | None:
        self.asked.append(("save", suggested_name))
        return self.save_document

    def ask_export_timeline(self, suggested_name: str) -> SaveRequest | None:
        self.asked.append(("timeline", suggested_name))
        return self.export_timeline

    def confirm_delete_profile(self, name: str, live_tokens: int) -> bool:
        self.asked.append(("delete", name, live_tokens))
        return self.delete

    def ask_about_live_tokens(self, count: int, simulated: bool, in_memory: int = 0) -> QuitChoice:  # noqa: FBT001
        self.asked.append(("quit", count, simulated, in_memory))
        return self.quits.pop(0)


@dataclass
class OpenedPages:
    """Takes the place of the desktop's browser: remembers what it was to open."""

    works: bool = True
    urls: list[str] = field(default_factory=list)

    def __call__(self, url: str) -> bool:
        self.urls.append(url)
        return self.works


@dataclass
class WindowScene:
    """One program with its window, and the person in front of it."""

    qtbot: QtBot
    home: Path
    secrets: FakeSecrets
    asks: Answers
    pages: OpenedPages
    program: WindowProgram
    kit: Kit = LEGACY_KIT
    """The contract of the built-in sandbox's profile."""
    on_state: Callable[[], None] | None = None
    """Called whenever the flow has reached a state that was waited for."""

    # What there is

    @property
    def window(self) -> MainWindow:
        return self.program.window

    @property
    def session(self) -> Session:
        assert self.program.session is not None
        return self.program.session

    @property
    def parts(self) -> SessionParts:
        return self.session._parts

    @property
    def view(self) -> SessionView:
        return self.session.board.view

    @property
    def concur(self) -> SimulatedConcur:
        """The one that is built in."""
        return self.session.sandbox.concur

    @property
    def tokens(self) -> IssuedTokens:
        return self.parts.tokens

    # What a person does

    def press(self, words: str, within: QWidget | None = None) -> None:
        """Click the one button that shows these words, or says them to a screen reader, or is named so."""
        place = within or self._usual_place(words)
        button = self.button(words, place)
        assert button.isEnabled(), f"{words} cannot be pressed"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def keys(self, command: Command) -> None:
        """Strike the keys of a line of the menus."""
        sequence = self.window.menus.action(command).shortcut()
        assert not sequence.isEmpty()
        QTest.keySequence(self.window, sequence)

    def show_tab(self, words: str) -> None:
        """Click a tab of the token."""
        bar = self.program.token_panel.tabs.tabBar()
        index = next(index for index in range(bar.count()) if bar.tabText(index) == words)
        place = bar.tabRect(index).center()
        QTest.mouseClick(bar, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    def button(self, words: str, within: QWidget | None = None) -> QAbstractButton:
        place = within or self.window
        if words == ISSUED:
            return self.program.token_panel.issued_button
        shown = [one for one in place.findChildren(QAbstractButton) if one.isVisibleTo(place)]
        exact = [one for one in shown if words in {one.objectName(), one.accessibleName()}]
        found = exact or [one for one in shown if one.text().replace("&", "") == words]
        assert len(found) == 1, f"{words}: {len(found)} of them; there are {[one.text() for one in shown]}"
        return found[0]

    def _usual_place(self, words: str) -> QWidget:
        """What is done with a token is offered by the banner as well, and then meant there only if so said."""
        return self.program.token_panel if words in WITH_A_TOKEN else self.window

    def enter(self) -> None:
        """Press Enter wherever the focus is."""
        QTest.keyClick(self.window.focusWidget() or self.window, Qt.Key.Key_Return)

    def choose(self, command: Command) -> None:
        """Take a line of the menus, as a click on it or its keys would."""
        action = self.window.menus.action(command)
        assert action.isEnabled(), f"{command} is not offered"
        action.trigger()

    def choose_profile(self, name: str) -> None:
        """Choose from the list of profiles with the keys."""
        choice = self.window.findChild(QComboBox)
        assert choice is not None
        assert choice.isEnabled()
        choice.setFocus()
        way = choice.findText(name) - choice.currentIndex()
        for _ in range(abs(way)):
            QTest.keyClick(choice, Qt.Key.Key_Down if way > 0 else Qt.Key.Key_Up)

    def entry(self, menu_button: str, words: str) -> QAction:
        """Return the line of a menu that opens from a button."""
        menu = self.button(menu_button).findChild(QMenu)
        assert menu is not None
        return next(action for action in menu.actions() if action.text().replace("&", "") == words)

    def paste(self, text: str) -> None:
        """Paste into the place for redirects, and use it."""
        self.choose(Command.PASTE_REDIRECT)
        target = self.window.findChild(QLineEdit, "paste_field")
        assert target is not None
        paste_into(target, text)
        self.press(PASTE)

    def close(self) -> None:
        """Ask for the window to be closed, as its cross does."""
        self.window.close()

    def until_closed(self) -> None:
        self.until(lambda: self.is_closed)

    def until_it_has_settled(self) -> None:
        """Let everything happen that is due now: what is still so afterwards stays so."""
        for _turn in range(5):
            QApplication.processEvents()

    @property
    def is_closed(self) -> bool:
        return not self.window.isVisible()

    def dialog(self, kind: type[D]) -> D:
        """Wait for a dialog of that kind and return it."""
        self.until(lambda: any(one.isVisible() for one in self.window.findChildren(kind)))
        return next(one for one in self.window.findChildren(kind) if one.isVisible())

    # What a person sees

    def until(self, condition: Callable[[], bool], limit_ms: int = PATIENCE_MS) -> None:
        """Wait for that, and for the window to show it: it is rendered at the end of a turn of the loop."""
        self.qtbot.waitUntil(condition, timeout=limit_ms)
        self.until_shown()

    def until_shown(self) -> None:
        """Wait for the window to show what the session has come to."""
        self.qtbot.waitUntil(lambda: self.is_closed or self.window.view is self.view, timeout=PATIENCE_MS)

    def until_state(self, state: State) -> None:
        """Wait until the flow stands there and nothing is under way."""
        try:
            self.until(lambda: self.view.state is state and not self.is_busy)
        except self.qtbot.TimeoutError:
            view = self.view
            pytest.fail(f"waited for {state}: {view.state}, {view.activity}, {view.notices}")
        if self.on_state is not None:
            self.on_state()

    @property
    def is_busy(self) -> bool:
        return self.view.activity is not None or self.view.simulating

    def texts(self) -> str:
        """Everything that can be read in the window now."""
        self.until_shown()
        return "\n".join(text.text for widget in visible_widgets(self.window) for text in texts_of(widget))

    def pressable(self) -> frozenset[str]:
        """Which buttons of the flow can be pressed now, by the words of the table above."""
        self.until_shown()
        named = {
            "edit_application": EDIT,
            "start_listener": START,
            "stop_listener": STOP,
            "simulate_app_center": SIMULATE,
            "open_browser": OPEN,
            "paste_redirect": PASTE,
            "exchange": EXCHANGE,
            "drop_request_token": DROP,
            "cancel_exchange": CANCEL_EXCHANGE,
        }
        found = {words for name, words in named.items() if _can_be_pressed(self.window, name)}
        panel = self.program.token_panel
        for button in (
            panel.copy_button,
            panel.save_button,
            panel.probe_button,
            panel.refresh_button,
            panel.keep_button,
            panel.revoke_button,
            panel.start_over_button,
            panel.activity.cancel_button,
        ):
            if button.isEnabled() and (button.isVisibleTo(panel) or button in panel.action_row.in_menu):
                found.add(button.text())
        return frozenset(found)

    def primary(self) -> str:
        self.until_shown()
        """Return the words of the button that Enter presses; "" for none."""
        button = self.window.next_step.button
        return "" if button is None or not button.isEnabled() else button.text().replace("&", "")

    def banner(self) -> str:
        """Return what the banner says first: "Error: The answer was cut off"; "" where none is shown."""
        self.until_shown()
        banner = self.window.banner
        return banner.accessibleName() if banner.isVisibleTo(self.window) else ""

    def banner_buttons(self) -> set[str]:
        self.until_shown()
        banner = self.window.banner
        return {one.text() for one in banner.findChildren(Button) if one.isVisibleTo(banner)}

    def told(self) -> list[object]:
        """Return what all notices are about, oldest first: a type of error, or a happening."""
        return [about(notice) for notice in self.view.notices]

    def until_told(self, subject: type[FlowError] | Happening) -> Notice:
        self.until(lambda: subject in self.told())
        return next(notice for notice in self.view.notices if about(notice) is subject)

    # What is true

    def answer(self, endpoint: Endpoint, answer: Answer) -> None:
        self.concur.answers.set_for_endpoint(endpoint, answer)

    def live_at_concur(self) -> set[str]:
        return self.kit.live(self.concur)

    def listed(self) -> set[str]:
        """What the journal can hand out, and so revoke: of the same kind as what is live."""
        return self.kit.listed(self.tokens)

    def unaccounted(self, *others: SimulatedConcur) -> set[str]:
        """What lives and is neither listed nor possibly meant by a note of an exchange with an unknown end."""
        return self.kit.unaccounted(self.tokens, self.concur, *others)

    def request_token(self, user: str | None = None) -> str:
        """A redirect's query with a fresh request token, as it can be pasted."""
        return self.kit.query(self.concur, user)

    def connect(self) -> None:
        """Press Simulate App Center and wait for the document."""
        self.until_state(State.WAITING)
        self.press(SIMULATE)
        self.until_state(State.CONNECTED)


def live_at(concur: SimulatedConcur) -> set[str]:
    """What lives at a Concur, in either contract."""
    return {value for kit in KITS for value in kit.live(concur)}


def about(notice: Notice) -> object:
    return type(notice.subject) if isinstance(notice.subject, FlowError) else notice.subject


def issued_states(dialog: IssuedTokensDialog) -> list[str]:
    """Return what the list of issued tokens says of each."""
    rows = [dialog.model.row_at(number) for number in range(dialog.model.rowCount())]
    return [row.state for row in rows if row is not None]


def title_of(subject: FlowError | Happening, fact: str = "") -> str:
    return message_of(subject, fact).title


def choose_contract(editor: QWidget, contract: str) -> None:
    """Press the card of a contract; a new profile has none before."""
    card = editor.findChild(QRadioButton, f"contract_{contract}")
    assert isinstance(card, QRadioButton)
    QTest.keyClick(card, Qt.Key.Key_Space)


def paste_into(target: QWidget, text: str) -> None:
    """Put a text on the clipboard and strike the keys for pasting, in place of what is there."""
    QApplication.clipboard().setText(text)
    QTest.keyClick(target, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(target, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def keep_profile(home: Path, profile: Profile, secret: str = "", secrets: FakeSecrets | None = None) -> None:
    """Write a profile, new or changed, as an earlier run of the program would have left it."""
    store = ProfileStore(
        find_folders({HOME_VARIABLE: str(home)}).config / "profiles.json", secrets or SessionSecretStore(), utc_now
    )
    known = {one.profile_id for one in store.load().profiles}
    (store.replace if profile.profile_id in known else store.add)(profile)
    if secret:
        store.keep_consumer_secret(profile.profile_id, secret)


@contextmanager
def opened_window(
    qtbot: QtBot,
    home: Path,
    *,
    secrets: FakeSecrets | None = None,
    open_secrets: Callable[[float], OpenedStore] | None = None,
    limits: WireLimits | None = QUICK,
    token_source: TokenSource | None = None,
    wait: bool = True,
    keep_built_in: bool = True,
    **built_in: Any,  # noqa: ANN401  # fields of Profile, each with its type
) -> Iterator[WindowScene]:
    """Open the program as `python main.py` does, show its window, and stop it at the end.

    Further names are fields of the built-in sandbox's profile. Its port is any that is free, since tests run beside
    each other, unless "redirect_url" says otherwise. `wait`: until it waits for a redirect, and the keyring has
    answered; otherwise until the session is there. `keep_built_in`: whether that profile is written at all.
    `kit`, among the further names, is the contract of the sandbox; `told_deprecated` the contracts of which an earlier
    run has said that they are deprecated, the legacy one unless that is said.
    """
    kit, told_deprecated = built_in.pop("kit", LEGACY_KIT), built_in.pop("told_deprecated", LEGACY)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    look = Look.of(app)
    QApplication.setQuitOnLastWindowClosed(False)  # it would end the loop that a test waits in
    if keep_built_in:
        own = {"redirect_url": ANY_PORT, "contract": kit.name, **built_in}
        keep_profile(home, replace(built_in_profile(), **own))
    kept, answers, pages = secrets or FakeSecrets(), Answers(), OpenedPages()
    environ = {**os.environ, HOME_VARIABLE: str(home)}
    with ExitStack() as stack:
        stack.callback(look.put_back, app)
        program = stack.enter_context(
            open_program(
                environ,
                asks=answers,
                open_url=pages,
                open_secrets=open_secrets or (lambda _limit_s: OpenedStore(kept, None)),
            )
        )
        stack.enter_context(_faults_fail_the_test())
        scene = WindowScene(qtbot, home, kept, answers, pages, program, kit)
        program._remembered = replace(program._remembered, told_deprecated=told_deprecated)
        with qtbot.waitSignal(program.ready, timeout=PATIENCE_MS):
            program.show()
        if limits is not None:
            scene.parts.transport._limits = limits
        if token_source is not None:
            scene.concur.authority.tokens = token_source
        if wait:
            scene.until(lambda: scene.view.keyring.status is KeyringStatus.READY)
            scene.until_state(State.WAITING)
        yield scene


def all_is_well_again(scene: WindowScene) -> None:
    """The window goes on, and nothing is said any more of what was."""
    scene.concur.answers.clear()
    scene.connect()
    scene.until(lambda: scene.banner() == "")
    assert scene.unaccounted() == set()
    live = scene.live_at_concur()
    scene.press(REVOKE)
    scene.until_state(State.REVOKED)
    ended = live - scene.live_at_concur()
    assert ended == live if scene.kit.replaces else len(ended) == 1  # the former ends a user's connection as a whole
    assert scene.listed() == set()


def list_says(scene: WindowScene, *states: str) -> None:
    """Open the list of issued tokens from the window, and read it."""
    scene.press(ISSUED)
    dialog = scene.dialog(IssuedTokensDialog)
    scene.until(lambda: sorted(issued_states(dialog)) == sorted(states))
    scene.press("Close", dialog)


def ticks(scene: WindowScene) -> list[str]:
    marks = scene.program.token_panel.ticks
    return [mark.text()[0] for mark in (marks.server, marks.refused, marks.local_copy)]


@contextmanager
def shared_window(request: pytest.FixtureRequest, home: Path, **built_in: Any) -> Iterator[WindowScene]:  # noqa: ANN401
    """Open a window for all tests of a module; each begins with `begin_anew`."""
    with opened_window(QtBot(request), home, **built_in) as scene:
        scene.press(ISSUED)  # once open it keeps its clock
        scene.press("Close", scene.dialog(IssuedTokensDialog))
        yield scene


def begin_anew(scene: WindowScene) -> WindowScene:
    """Bring a window that was used to where a new one stands, and have it know nothing of earlier tokens."""
    scene.concur.answers.clear()
    scene.secrets.fail_read = scene.secrets.fail_write = scene.secrets.fail_delete = None
    if START_OVER in scene.pressable():
        scene.press(START_OVER)
    scene.until_state(State.WAITING)
    scene.choose(Command.CLEAR_TIMELINE)
    for notice in scene.view.notices:
        scene.session.dismiss_notice(notice.notice_id)
    review = scene.tokens.review()
    for token_id in [entry.token_id for entry in review.live] + [entry.token_id for entry in review.cut_off]:
        scene.tokens.forget(token_id)
    scene.session.tokens.review()
    scene.until(lambda: not scene.view.issued.live and not scene.view.issued.cut_off)
    scene.kit.end_all(scene.concur)
    scene.concur.authority.tokens = tokens_of_faults(next(_FLOWS))
    return scene


def tokens_of_faults(flow: int) -> TokenSource:
    """Give the first access token and refresh token the values that the answers of `faults` have; all else once."""
    numbers, uuids = itertools.count(1000 * flow), itertools.count(1_000_000 * flow)
    first_uuids = {"_new_refresh_token": [CURRENT_REFRESH]}

    def give_uuid() -> str:
        asked_by = sys._getframe(1).f_code.co_name  # what is to be a refresh token is a UUID like all others
        return first_uuids[asked_by].pop() if first_uuids.get(asked_by) else canary_uuid(next(uuids))

    firsts = {"access": [FIRST_TOKEN], "refresh": [FIRST_REFRESH]}

    def give(kind: str, head: str, length: int) -> str:
        return (
            firsts[kind].pop().removesuffix("=")
            if firsts.get(kind)
            else f"{head}{next(numbers):0{length - len(head)}d}"
        )

    return TokenSource(
        request_token=lambda: give("request", "0_canary9request", 33),
        access_token=lambda: give("access", "canary+access/", 27) + "=",
        refresh_token=lambda: give("refresh", "canary$refresh", 31),
        form_ticket=new_form_ticket,
        uuid=give_uuid,
    )


def _can_be_pressed(window: QWidget, name: str) -> bool:
    """Whether it could be pressed once its card is unfolded."""
    button = window.findChild(QAbstractButton, name)
    return button is not None and button.isEnabled() and not button.isHidden()


@contextmanager
def _faults_fail_the_test() -> Iterator[None]:
    """Raise at the end what nobody caught: the program's own reports take the place of pytest-qt's."""
    faults: list[BaseException | None] = []
    report, report_of_thread = sys.excepthook, threading.excepthook

    def hear(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        faults.append(error)
        report(kind, error, trace)

    def hear_of_thread(fault: threading.ExceptHookArgs) -> None:
        faults.append(fault.exc_value)
        report_of_thread(fault)

    sys.excepthook, threading.excepthook = hear, hear_of_thread
    yield
    for fault in faults:
        # A new one: what nobody caught stays in sys.last_exc, and would keep alive what its traceback goes through.
        raise AssertionError("nobody caught this") from fault
