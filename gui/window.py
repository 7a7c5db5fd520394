"""The window program: builds every part, runs the loop, stops everything in order."""

from __future__ import annotations

import base64
import binascii
import gc
import importlib
import os
import signal
import sys
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from gui import __version__
from gui.bundle import leave_libraries, qt_start
from gui.concur.redaction import Redactor
from gui.desktop.first_window import ACTIVATION_TOKEN, be_first
from gui.faults import Faults
from gui.flow.fault_reports import HeldBack, redacted_fault_reports
from gui.flow.timeline import Timeline
from gui.notices import Happening, Notice, Severity
from gui.resource_files import resource_path
from gui.session_view import SessionView
from gui.store.folders import find_folders
from gui.store.settings import SettingsStore
from gui.widgets.main_window import MainWindow
from gui.widgets.menu_table import Command
from gui.widgets.profile_bar import ProfileBar
from gui.widgets.theme import CHOICES, DARK_CHOICE, LIGHT_CHOICE, SYSTEM_CHOICE
from gui.widgets.theme_switch import ThemeSwitch
from gui.widgets.timeline_panel import TimelinePanel
from gui.widgets.token_panel import TokenPanel
from gui.workers.garbage import GarbageCollection
from gui.workers.mailbox import Mailbox
from gui.workers.timeline_feed import TimelineFeed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gui.desktop.clipboard import Clipboard
    from gui.desktop.dialogs import AsksUser
    from gui.desktop.first_window import Claim, Doorbell
    from gui.errands import Errands
    from gui.session.parts import SessionParts
    from gui.session.session import Session
    from gui.session_requests import CopyRequest
    from gui.store.folders import Folders
    from gui.store.secrets import OpenedStore
    from gui.workers.jobs import Jobs

_FIRST_SIZE = (1120, 760)
_NAME, _DESKTOP_FILE = "App Center Flow", "app-center-flow"
_ICON_SIZES = (16, 24, 32, 48, 64, 128)
"""What title bars, taskbars and switchers ask for; larger ones come from the bundle or the desktop file."""
_BESIDE_THE_LOOP = (
    "gui.concur.transport",
    "gui.sandbox.service",
    "gui.loopback.listener",
    "gui.loopback.pasted",
    "gui.loopback.redirect_url",
    "gui.flow.connection",
    "gui.flow.har",
    "gui.flow.issuing",
    "gui.flow.log_file",
    "gui.flow.recovery",
    "gui.flow.revoking",
    "gui.flow.simulation",
    "gui.store.issued_tokens",
    "gui.store.profile_file",
    "gui.store.profiles",
    "gui.store.secrets",
    "gui.check_list",
    "gui.notice_words",
)
"""What the window is painted without, and takes a tenth of a second and more to import. Nothing of Qt among it: two
threads that make PySide's types at the same time are none of what it is tested for."""
_IN_THE_LOOP = (
    "gui.session.board",
    "gui.session.listener_desk",
    "gui.session.profiles_desk",
    "gui.session.flow_desk",
    "gui.session.revoke_desk",
    "gui.session.tokens_desk",
    "gui.session.keyring_desk",
    "gui.session.session",
    "gui.widgets.document_view",
    "gui.widgets.raw_view",
    "gui.widgets.fields_view",
    "gui.widgets.timeline_table",
    "gui.desktop.browser",
    "gui.desktop.clipboard",
    "gui.desktop.dialogs",
    "gui.widgets.about_dialog",
    "gui.widgets.check_list_dialog",
    "gui.widgets.issued_tokens",
    "gui.widgets.scope_list",
    "gui.widgets.profile_form",
    "gui.widgets.profile_editor",
    "gui.errands",
    "gui.closing",
    "gui.wiring",
)
"""The same with Qt in it: one in each turn of the loop, when the others are there."""
_SIGNALS_LOOKED_AT_MS = 300
"""Python runs its signal handlers only when it runs at all; Qt's loop would keep it from that."""
_THEMES = {Command.THEME_SYSTEM: SYSTEM_CHOICE, Command.THEME_LIGHT: LIGHT_CHOICE, Command.THEME_DARK: DARK_CHOICE}


def run_window(environ: Mapping[str, str]) -> int:
    """Show the window until it is closed. Raises FlowError where its folders cannot be."""
    claim = be_first(find_folders(environ).state)
    if claim is None:
        from gui.commands.output import say  # noqa: PLC0415  # this process shows nothing

        say("App Center Flow is open already: its window was brought to the front.")
        return 0
    app = make_application()
    with open_program(environ, claim=claim) as program, _ended_by_signals(program):
        program.show()
        return app.exec()


def make_application() -> QApplication:
    """Return the one QApplication of the process, dressed."""
    app = QApplication.instance()
    if isinstance(app, QApplication) and (app.applicationName(), app.desktopFileName()) == (_NAME, _DESKTOP_FILE):
        return app
    if isinstance(app, QApplication):
        app.setStyle("Fusion")  # the same everywhere, with every role of the palette honoured
    else:
        with qt_start(os.environ):
            # No more of the command line: Qt would take options out of it. Its own one for the style makes no QStyle
            # for Python, which comes with 600 names that the first paint has no use for.
            app = QApplication([*sys.argv[:1], "-style", "Fusion"])
    app.setApplicationName(_NAME)
    app.setApplicationVersion(__version__)
    app.setDesktopFileName(_DESKTOP_FILE)
    app.styleHints().setTabFocusBehavior(Qt.TabFocusBehavior.TabFocusAllControls)  # on macOS Tab leaves out buttons
    app.setWindowIcon(_icon())
    return app


def _icon() -> QIcon:
    icon = QIcon()
    for size in _ICON_SIZES:
        icon.addFile(str(resource_path("icons", f"app-center-flow-{size}.png")))
    return icon


@contextmanager
def open_program(
    environ: Mapping[str, str],
    *,
    asks: AsksUser | None = None,
    open_url: Callable[[str], bool] | None = None,
    open_secrets: Callable[[float], OpenedStore] | None = None,
    claim: Claim | None = None,
) -> Iterator[WindowProgram]:
    """Build the program without running it, and stop it at the end, whatever happens in between."""
    with ExitStack() as stack:
        folders = find_folders(environ)
        redactor = Redactor()
        log = HeldBack()
        stack.callback(log.hand_over)
        try:
            program = WindowProgram(folders, redactor, log, asks=asks, open_url=open_url, open_secrets=open_secrets)
        except Exception as error:
            _show_start_fault(error, folders, redactor, log)
            raise
        program.claim = claim
        stack.enter_context(redacted_fault_reports(log.logger, redactor, program.on_fault))
        stack.callback(program.stop)  # before the hooks go: what fails while it stops is redacted too
        yield program


def _show_start_fault(error: Exception, folders: Folders, redactor: Redactor, log: HeldBack) -> None:
    """Say why there is no window, in the log and in a dialog; what the program expects is said by `app`."""
    from gui.concur.errors import FlowError  # noqa: PLC0415  # a start that goes well needs none of this
    from gui.faults import show_start_fault  # noqa: PLC0415  # the same
    from gui.flow.log_file import open_log  # noqa: PLC0415  # the same

    if not isinstance(error, FlowError):
        with open_log(folders.log, redactor):
            log.hand_over()
            show_start_fault(error, redactor, log.logger)


class WindowProgram(QObject):
    """The window at once; the session when the first paint is over: what it imports takes longer than the window."""

    ready = Signal()
    """The session is built and started."""

    def __init__(
        self,
        folders: Folders,
        redactor: Redactor,
        log: HeldBack,
        *,
        asks: AsksUser | None,
        open_url: Callable[[str], bool] | None,
        open_secrets: Callable[[float], OpenedStore] | None,
    ) -> None:
        super().__init__()
        self._folders = folders
        self._redactor, self._log = redactor, log
        self._open_url, self._open_secrets = open_url, open_secrets
        self._settings = SettingsStore(self._folders.config / "settings.json", _utc_now)
        loaded = self._settings.load()
        self._remembered, self._settings_problem = loaded.settings, loaded.problem
        self._stopped = False
        self.theme = ThemeSwitch(make_application(), self)
        self.theme.choose(self._remembered.theme if self._remembered.theme in CHOICES else SYSTEM_CHOICE)
        self.profile_bar = ProfileBar()
        self.token_panel, self.timeline_panel = TokenPanel(rest_later=True), TimelinePanel(rest_later=True)
        self.window = MainWindow(self.profile_bar, self.token_panel, self.timeline_panel)
        self.window.menus.show_theme(self.theme.choice)
        self.window.render(SessionView())
        self._restore_geometry()
        self.clipboard: Clipboard | None = None
        self._asks = asks
        self.timeline = Timeline()
        self.timeline.on_add(self._log_exchange)
        self._feed = TimelineFeed(self.timeline, self)
        self._warming: Jobs | None = None
        self._to_import: Iterator[str] = iter(())
        self._after = ExitStack()
        """What is open from the first paint on."""
        self.session: Session | None = None
        self.errands: Errands | None = None
        self._faults = Faults(self.window, log.logger, redactor, tell=self._tell_fault, copy=self._copy)
        self._rings: Mailbox[str] = Mailbox(self._on_rung, self)
        self.claim: Claim | None = None
        """To be the window of these folders, where it was taken before the program was built."""
        self._doorbell: Doorbell | None = None
        self._first_paint = _FirstPaint(self.window, self._on_first_paint)
        for command in _THEMES:
            self.window.menus.action(command).triggered.connect(self._on_theme_chosen)
        self.window.menus.action(Command.QUIT).triggered.connect(self.window.close)
        self.window.close_requested.connect(self._on_close_requested)
        self._garbage = GarbageCollection(self)

    def show(self) -> None:
        """Show the window; everything else follows from its first paint."""
        self.window.show()

    @Slot()
    def end(self) -> None:
        """Close without a question, and leave the loop."""
        self.window.close_for_good()
        QApplication.quit()

    def stop(self) -> None:
        """Stop in order: what listens, what works, the sandbox; then remember how the window stood."""
        if self._stopped:
            return
        self._stopped = True
        self._rings.close()
        if self._doorbell is not None:
            self._doorbell.stop()  # a second start shall not be sent to a window that goes
        if self._warming is not None:
            self._warming.stop(1.0)
        if self.session is not None:
            self.session.stop()
        self._feed.close()
        self._faults.close()
        if self.clipboard is not None:
            self.clipboard.close()
        self._remember()
        self.window.close_for_good()
        self.window.deleteLater()
        self._garbage.close()
        if not self._log.empty:
            self._open_log()
        self._after.close()

    def on_fault(self, name: str, report: str) -> None:
        """Hear of a mistake of this program, from any thread: the window says so and goes on."""
        self._faults.hear(name, report)

    def _tell_fault(self, name: str) -> None:
        if self.session is not None and self.errands is not None:
            self.session.board.tell_fault(name)
        else:  # nothing hears of the board before all is wired
            self.window.render(SessionView(notices=(Notice(0, Severity.ERROR, Happening.PROGRAM_FAULT, name),)))

    def _copy(self, request: CopyRequest) -> None:
        self._its_clipboard().copy(request)

    def _on_rung(self, tokens: tuple[str, ...]) -> None:
        """Come to the front: the program was started once more. Qt takes a desktop's leave from the environment."""
        if tokens[-1]:
            os.environ[ACTIVATION_TOKEN] = tokens[-1]
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        front = QApplication.activeModalWidget() or self.window
        self.window.raise_()
        front.raise_()
        front.activateWindow()
        os.environ.pop(ACTIVATION_TOKEN, None)  # good for once

    def _hang_up_doorbell(self, jobs: Jobs) -> None:
        """Let a second start find this window; without it the second one opens beside it, which hurts nothing."""
        from gui.concur.errors import FlowError  # noqa: PLC0415  # the window starts without the error types
        from gui.desktop.first_window import Doorbell  # noqa: PLC0415  # not needed before

        doorbell = self._doorbell = Doorbell(self._folders.state, self._rings.post, _raise_to_hook, self.claim)

        def work(_cancellation: object) -> None:
            with suppress(FlowError):
                doorbell.start()

        jobs.start(work, _nothing_more, _raise)

    def _log_exchange(self, exchange: object) -> None:
        from gui.flow.log_file import log_exchange  # noqa: PLC0415  # imported beside the loop by now

        log_exchange(self._log.logger, exchange)  # type: ignore[arg-type]  # the timeline hands over HttpExchange alone

    def _on_first_paint(self) -> None:
        """Import what talks to Concur and to the keyring beside the loop; that takes a tenth of a second and more."""
        from gui.workers.jobs import Jobs  # noqa: PLC0415  # not needed before

        if self._stopped:
            return
        self._garbage.leave_out_what_is_there()  # or the first collection goes through all of it
        gc.enable()

        def work(_cancellation: object) -> None:
            for name in _BESIDE_THE_LOOP:
                importlib.import_module(name)

        self._warming = Jobs(self)
        self._warming.start(work, self._on_imported, self._on_not_imported)

    def _on_imported(self, _nothing: None) -> None:
        from PySide6.QtWidgets import QStyle  # noqa: F401, PLC0415  # made in a turn of its own: it takes 10 ms

        self._to_import = iter(_IN_THE_LOOP)
        QTimer.singleShot(0, self, self._import_next)

    @Slot()
    def _import_next(self) -> None:
        name = None if self._stopped else next(self._to_import, None)
        if name is None:
            self._make_rest()
        else:
            importlib.import_module(name)
            QTimer.singleShot(0, self, self._import_next)

    def _on_not_imported(self, error: Exception) -> None:
        self._open_log()  # or the fault is written to it when the window is closed
        raise error

    @Slot()
    def _make_rest(self) -> None:
        """Make what the first picture did not need, a piece in each turn of the loop, and then the session."""
        if self._stopped:
            return
        if any(panel.rest.make_next() for panel in (self.token_panel, self.timeline_panel, self.window.banner)):
            QTimer.singleShot(0, self, self._make_rest)
        else:
            self._make_session()

    def _make_session(self) -> None:
        from gui import wiring  # noqa: PLC0415  # imported beside the loop by now
        from gui.closing import Closing  # noqa: PLC0415  # the same
        from gui.desktop.browser import open_in_browser  # noqa: PLC0415  # the same
        from gui.desktop.dialogs import Dialogs  # noqa: PLC0415  # the same
        from gui.errands import Errands  # noqa: PLC0415  # the same
        from gui.session.session import Session  # noqa: PLC0415  # the same

        written = self._open_log()
        clipboard = self._its_clipboard()
        session = self.session = Session(self._parts(), self)  # at once: whatever fails below, it has to be stopped
        asks = self._asks or Dialogs(self.window)
        open_url = self._open_url or open_in_browser
        errands = Errands(self.window, session, asks, clipboard, self._folders.log, open_url)
        closing = Closing(session, asks, self)
        wiring.connect_views(self.window, session, errands)
        wiring.connect_steps(self.window, session, errands, clipboard)
        wiring.connect_profile_bar(self.profile_bar, session, errands)
        wiring.connect_token_panel(self.token_panel, session, errands, clipboard)
        wiring.connect_timeline(self.timeline_panel, session, self._feed, errands, clipboard)
        wiring.connect_menus(self.window, session, errands, self.token_panel, self.timeline_panel)
        wiring.connect_closing(self.window, closing)
        self.window.close_requested.disconnect(self._on_close_requested)  # last: it closes what is wired by half
        self.errands = errands
        session.start(self._remembered.last_profile_id, self._remembered.told_deprecated)
        if self._settings_problem is not None:
            session.board.tell_failure(self._settings_problem)
        if not written:
            session.board.tell(Severity.WARNING, Happening.LOG_NOT_WRITTEN, str(self._folders.log))
        self._garbage.leave_out_what_is_there()
        if self._warming is not None:
            self._hang_up_doorbell(self._warming)
        leave_libraries(os.environ)
        self.ready.emit()

    def _its_clipboard(self) -> Clipboard:
        if self.clipboard is None:
            from gui.desktop.clipboard import Clipboard  # noqa: PLC0415  # imported beside the loop, unless a fault was quicker

            self.clipboard = Clipboard(self)
            self.clipboard.guard_selection(self._redactor.touches)
        return self.clipboard

    def _open_log(self) -> bool:
        """Begin to log to the file, with what was kept for it; return whether it can be written."""
        from gui.flow.log_file import crashes_noted, is_written, open_log  # noqa: PLC0415  # imported beside the loop by now

        log = self._after.enter_context(open_log(self._folders.log, self._redactor))
        self._log.hand_over()
        self._after.enter_context(crashes_noted(self._folders.log))
        return is_written(log)

    def _parts(self) -> SessionParts:
        from gui.concur.transport import Transport  # noqa: PLC0415  # imported beside the loop by now
        from gui.session.parts import SessionParts  # noqa: PLC0415  # the same
        from gui.store.issued_tokens import IssuedTokens  # noqa: PLC0415  # the same
        from gui.store.profiles import ProfileStore  # noqa: PLC0415  # the same
        from gui.store.secrets import SessionSecretStore, open_secret_store  # noqa: PLC0415  # the same

        memory = SessionSecretStore()
        return SessionParts(
            transport=Transport(record=self.timeline.add, redactor=self._redactor),
            timeline=self.timeline,
            tokens=IssuedTokens(self._folders.state / "issued", memory, _utc_now),
            profiles=ProfileStore(self._folders.config / "profiles.json", memory, _utc_now),
            settings=self._settings,
            open_secrets=self._open_secrets or open_secret_store,
            clock=_utc_now,
            report_fault=_raise_to_hook,
        )

    def _restore_geometry(self) -> None:
        self.window.resize(*_FIRST_SIZE)
        with suppress(binascii.Error, ValueError):
            self.window.restoreGeometry(QByteArray(base64.b64decode(self._remembered.geometry, validate=True)))

    def _remember(self) -> None:
        geometry = base64.b64encode(self.window.saveGeometry().data()).decode()
        last, told = self._remembered.last_profile_id, self._remembered.told_deprecated
        if self.session is not None:
            told = self.session.profiles.told_deprecated
        if self.session is not None and not self.session.board.view.starting:
            last = self.session.board.view.profile.profile_id
        now = replace(
            self._remembered, theme=self.theme.choice, geometry=geometry, last_profile_id=last, told_deprecated=told
        )
        if now != self._remembered:
            from gui.concur.errors import FlowError  # noqa: PLC0415  # the window starts without the error types

            with suppress(FlowError):  # losing it costs nobody more than a window position
                self._settings.save(now)

    @Slot()
    def _on_theme_chosen(self) -> None:
        for command, choice in _THEMES.items():
            if self.window.menus.action(command).isChecked():
                self.theme.choose(choice)

    @Slot()
    def _on_close_requested(self) -> None:
        """Close at once: there is no session yet, so there is nothing to ask about."""
        self.window.close_for_good()


class _FirstPaint(QObject):
    """Calls back once, when a window has been painted for the first time."""

    def __init__(self, window: QObject, on_painted: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._on_painted = on_painted
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._on_painted)
        return False


@contextmanager
def _ended_by_signals(program: WindowProgram) -> Iterator[None]:
    """Close the window in order on Ctrl+C in its terminal, or where the system asks it to end. Tokens stay listed."""

    def end(_number: int, _frame: object) -> None:
        # Python runs this between any two of its steps: in the middle of a paint event, say, which is no time to close.
        QTimer.singleShot(0, program.end)

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    heartbeat = QTimer()
    heartbeat.timeout.connect(_let_python_run)
    heartbeat.start(_SIGNALS_LOOKED_AT_MS)
    try:
        yield
    finally:
        heartbeat.stop()
        for number, handler in before.items():
            signal.signal(number, handler)


def _let_python_run() -> None:
    """Give Python its turn."""


def _nothing_more(_nothing: None) -> None:
    """Nothing is left to be done."""


def _raise(error: Exception) -> None:
    raise error


def _raise_to_hook(error: Exception) -> None:
    sys.excepthook(type(error), error, error.__traceback__)


def _utc_now() -> datetime:
    return datetime.now(UTC)
