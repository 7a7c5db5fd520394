"""The program with its window shown, in a folder of its own, with a keyring that is given and nobody to ask."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from gui.session_state import State
from gui.session_view import KeyringStatus
from gui.store.folders import HOME_VARIABLE
from gui.store.secrets import OpenedStore, SessionSecretStore
from gui.window import make_application, open_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gui.session.session import Session
    from gui.store.secrets import SecretStore
    from gui.window import WindowProgram

_PATIENCE_S = 20.0
_LOOKED_AT_MS = 20


@contextmanager
def shown_program(store: SecretStore | None = None) -> Iterator[WindowProgram]:
    """Give the program when it waits for a redirect, on a port that was free."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    opened = OpenedStore(store or MemorySecrets(), None)
    make_application()
    with tempfile.TemporaryDirectory() as home:
        environ = {**os.environ, HOME_VARIABLE: home}
        with open_program(environ, open_secrets=lambda _limit_s: opened, open_url=lambda _url: True) as program:
            program.show()
            run_until(lambda: program.session is not None and not program.session.board.view.starting)
            _listen_on_free_port(session_of(program))
            yield program


def session_of(program: WindowProgram) -> Session:
    if program.session is None:
        raise RuntimeError
    return program.session


def port_of(session: Session) -> int:
    """Return where the redirect listener of the window listens."""
    port = urlsplit(session.board.view.listener.redirect_url).port
    if port is None:
        raise RuntimeError
    return port


def run_until(condition: Callable[[], bool]) -> None:
    """Run the event loop, looking at the condition after whatever happened."""
    end = time.monotonic() + _PATIENCE_S
    ticking = QTimer()  # so that something happens
    ticking.start(_LOOKED_AT_MS)
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(condition)
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    ticking.stop()


def run_for(seconds: float) -> None:
    """Run the event loop for a while."""
    end = time.monotonic() + seconds
    run_until(lambda: time.monotonic() >= end)


def _listen_on_free_port(session: Session) -> None:
    """Leave the usual port, which may be taken by another program."""
    board = session.board
    run_until(lambda: board.view.state is State.WAITING or bool(board.view.notices))
    session.listener.stop()
    session.listener.start_on_free_port()
    run_until(lambda: board.view.state is State.WAITING and board.view.keyring.status is not KeyringStatus.PROBING)
    for notice in board.view.notices:
        session.dismiss_notice(notice.notice_id)
    run_until(lambda: session.jobs.idle)


class MemorySecrets(SessionSecretStore):
    """Keeps secrets in memory and passes for a keyring, as most users have one."""

    persistent = True
