"""What a test of the window leaves behind: windows, timers, threads, objects of ours, a changed look.

Shiboken keeps a list of every live wrapper, so an object that nobody refers to any more is found as well; also the
timers that QTimer.singleShot() makes.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import Qt
    from PySide6.QtGui import QFont, QPalette

THREAD_LIMIT_MS = 2000
"""How long a QThread may take to end once its test has."""
_TURNS = 20
Q = TypeVar("Q", bound=QObject)
_LIBRARIES = ("PySide6", "shiboken6", "Shiboken", "pytestqt")


@dataclass(frozen=True)
class Scene:
    """What is there at one moment, by the addresses of the C++ objects: to hold the objects would keep them alive."""

    windows: frozenset[int]
    timers: frozenset[int]
    threads: frozenset[int]
    objects: frozenset[int]


def scene() -> Scene:
    """Return what is there now."""
    return Scene(
        frozenset(map(_address, _windows())),
        frozenset(map(_address, _active_timers())),
        frozenset(map(_address, _running_threads())),
        frozenset(map(_address, _own_objects())),
    )


def leftovers(before: Scene) -> list[str]:
    """Return what has come and not gone since, with everything given the chance to go that it has in the program."""
    _delete_what_was_let_go()
    _end_what_ends_in_the_next_turn(before)
    if _since(before):
        gc.collect()
        _delete_what_was_let_go()
    return _since(before)


def _end_what_ends_in_the_next_turn(before: Scene) -> None:
    """Run single shots that are due at once: a window that is still there may have put something off for a turn."""
    for _ in range(_TURNS):
        if not any(one.interval() == 0 and one.isSingleShot() for one in _new(_active_timers(), before.timers)):
            return
        QCoreApplication.processEvents()


def remove_leftovers(before: Scene) -> None:
    """Stop, close and delete it, so that the next test is not hit."""
    for thread in _new(_running_threads(), before.threads):
        _end(thread)
    for timer in _new(_active_timers(), before.timers):
        timer.stop()
    for window in _new(_windows(), before.windows):
        window.hide()  # not close(): a closeEvent may refuse
        shiboken6.delete(window)
    QThreadPool.globalInstance().clear()
    QToolTip.hideText()
    QApplication.clipboard().clear()


def _since(before: Scene) -> list[str]:
    found = [f"window left open or alive: {_named(one)}" for one in _new(_windows(), before.windows)]
    found += [f"active timer left behind: {_named(one)}" for one in _new(_active_timers(), before.timers)]
    found += [
        f"QThread left running: {_named(one)}"
        for one in _new(_running_threads(), before.threads)
        if not one.wait(0 if one.eventDispatcher() else THREAD_LIMIT_MS)  # one with an event loop ends when told to
    ]
    found += [f"object left alive: {_named(one)}" for one in _new(_own_objects(), before.objects)]
    if not QThreadPool.globalInstance().waitForDone(THREAD_LIMIT_MS):
        found.append("work left running in the global thread pool")
    return found


def _delete_what_was_let_go() -> None:
    """Do what deleteLater() asked for: outside of exec() nobody does."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def _windows() -> list[QWidget]:
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.parentWidget() is None and widget.metaObject().className() != "QTipLabel"  # Qt's own tooltip
    ]


def _objects() -> list[QObject]:
    return [one for one in shiboken6.getAllValidWrappers() if isinstance(one, QObject)]


def _active_timers() -> list[QTimer]:
    return [one for one in _objects() if isinstance(one, QTimer) and one.isActive()]


def _running_threads() -> list[QThread]:
    here = QThread.currentThread()
    return [one for one in _objects() if isinstance(one, QThread) and one.isRunning() and one != here]


def _own_objects() -> list[QObject]:
    """Return the objects of classes that are not Qt's and that no other object owns."""
    return [
        one
        for one in _objects()
        if not isinstance(one, QWidget | QThread)
        and not type(one).__module__.startswith(_LIBRARIES)
        and one.parent() is None
    ]


def _new(now: Iterable[Q], before: frozenset[int]) -> list[Q]:
    return [one for one in now if _address(one) not in before]


def _end(thread: QThread) -> None:
    thread.requestInterruption()
    thread.quit()
    if not thread.wait(THREAD_LIMIT_MS):
        thread.terminate()  # the last resort: a QThread that is deleted while it runs ends the whole test run
        thread.wait()


def _address(one: QObject) -> int:
    return int(shiboken6.getCppPointer(one)[0])


def _named(one: QObject) -> str:
    return f"{type(one).__name__} {one.objectName()!r}"


@dataclass(frozen=True)
class Look:
    """What a test may change about the application; put back after it without a word."""

    style: str
    style_sheet: str
    palette: QPalette
    font: QFont
    direction: Qt.LayoutDirection
    quits_on_last_window: bool
    name: str
    display_name: str
    organization: str

    @classmethod
    def of(cls, app: QApplication) -> Look:
        return cls(
            app.style().objectName(),
            app.styleSheet(),
            app.palette(),
            app.font(),
            app.layoutDirection(),
            app.quitOnLastWindowClosed(),
            app.applicationName(),
            app.applicationDisplayName(),
            app.organizationName(),
        )

    def put_back(self, app: QApplication) -> None:
        while app.overrideCursor() is not None:
            app.restoreOverrideCursor()
        now = Look.of(app)
        if now == self:
            return
        if now.style_sheet != self.style_sheet:
            app.setStyleSheet(self.style_sheet)
        if app.style().objectName() != self.style:
            app.setStyle(self.style)
        app.setPalette(self.palette)
        app.setFont(self.font)
        app.setLayoutDirection(self.direction)
        app.setQuitOnLastWindowClosed(self.quits_on_last_window)
        app.setApplicationName(self.name)
        app.setApplicationDisplayName(self.display_name)
        app.setOrganizationName(self.organization)
