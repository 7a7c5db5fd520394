"""From the redirect that the browser sends to the document on the screen, less what a bare `requests` call takes."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import requests
from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractScrollArea

from gui.session_state import State
from tests.bench.browser import Browser
from tests.bench.flow import bare_call, secret_stores
from tests.bench.shown_program import port_of, run_for, run_until, session_of, shown_program

if TYPE_CHECKING:
    from gui.widgets.document_view import DocumentView
    from gui.window import WindowProgram
    from tests.bench.report import Report

FLOWS = 40
BAR_MS = 30.0
_WARM_UP = 3


class PaintedDocument(QObject):
    """When the document was painted first since it was last looked for."""

    _painted = Signal()

    def __init__(self, document: DocumentView) -> None:
        super().__init__(document)
        self._painted.connect(self._on_painted, Qt.ConnectionType.QueuedConnection)
        self.at = 0.0
        self._document = document
        self._seen = True
        (area,) = document.findChildren(QAbstractScrollArea)
        area.viewport().installEventFilter(self)

    def look(self) -> None:
        self.at, self._seen = 0.0, False

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's own name
        if event.type() == QEvent.Type.Paint and not self._seen and self._document.shown_text:
            self._seen = True
            self._painted.emit()  # queued: it comes after this paint and all that is painted with it
        return False

    @Slot()
    def _on_painted(self) -> None:
        self.at = time.perf_counter()


def run(report: Report) -> None:
    """Measure with the session store and with a real GNOME Keyring, in turn with the bare call."""
    with secret_stores() as stores:
        for name, store in stores.items():
            whole, bare = [], []
            with shown_program(store) as program, Browser() as visitor, requests.Session() as browser:
                browser.trust_env = False
                painted = PaintedDocument(program.token_panel.document)
                for number in range(_WARM_UP + FLOWS):
                    took = _bare(program, browser), _flow(program, visitor, painted)
                    if number >= _WARM_UP:
                        bare.append(took[0])
                        whole.append(took[1])
            report.note(f"{name}: document painted {_words(whole)}; bare call {_words(bare)}")
            measured = statistics.median(whole) - statistics.median(bare)
            report.at_most(f"redirect sent to document on screen, less a bare call ({name})", measured, BAR_MS, "ms")


def _bare(program: WindowProgram, browser: requests.Session) -> float:
    session = session_of(program)
    app, code = session.sandbox.app, session.sandbox.concur.issue_request_token()
    return bare_call(browser, session.sandbox.base_url, code, (app.consumer_key, app.consumer_secret))


def _flow(program: WindowProgram, visitor: Browser, painted: PaintedDocument) -> float:
    """Return ms from the redirect sent to its document painted; then put everything back."""
    session = session_of(program)
    board = session.board
    code = session.sandbox.concur.issue_request_token()
    painted.look()
    visitor.begin_visit(port_of(session), [f"/redirect?code={code}"], status=200)
    run_until(lambda: bool(painted.at))
    ((sent, _page),) = visitor.end_visit()
    shown = board.view.shown
    if board.view.state is not State.CONNECTED or shown is None:
        raise RuntimeError(board.view.state)
    run_until(lambda: session.jobs.idle)
    session.tokens.forget(shown.token.token_id)
    run_until(lambda: board.view.state is State.WAITING and session.jobs.idle)
    run_for(0.1)
    return (painted.at - sent) * 1000


def _words(times: list[float]) -> str:
    return f"{statistics.median(times):.1f} ms at the median, {min(times):.1f} to {max(times):.1f}"
