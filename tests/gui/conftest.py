"""Guards of the tests of the window: nothing raised is lost, nothing is left behind, every test starts alike.

What pytest-qt 4.5 does with PySide6 6.11 by itself, and what it needs these for:

* An exception in a slot, or in a virtual method that Qt calls on its own, reaches sys.excepthook, where pytest-qt takes
  it down and fails the test; so it does from other threads. One in a virtual method below a Qt call made from Python
  comes out of that call. Either way the test fails.
* `sys.exit()` in a slot ends the whole run at once, and with the exit code given: nought, it looks like success.
* A closeEvent that raises while pytest-qt closes a widget keeps the test's fixtures from being torn down.
* What Qt warns of while a test is torn down is not looked at.
* deleteLater() has no effect outside of an event loop.
"""

from __future__ import annotations

import atexit
import os
import re
import sys
from typing import TYPE_CHECKING, NoReturn

import pytest
import shiboken6
from PySide6.QtCore import QtMsgType, qInstallMessageHandler

from gui.widgets.theme import DARK_CHOICE, LIGHT_CHOICE, Theme, apply_theme
from tests.gui.leftovers import Look, Scene, leftovers, remove_leftovers, scene
from tests.gui.pseudo import PseudoTranslator

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from PySide6.QtCore import QMessageLogContext
    from PySide6.QtWidgets import QApplication, QWidget

ENDED_INSIDE_A_TEST = 70
_scene = pytest.StashKey[Scene]()
_failed = pytest.StashKey[bool]()


class _RunningTest:
    """Which test is running, for whoever looks when the interpreter ends."""

    def __init__(self) -> None:
        self.item: pytest.Item | None = None

    def fail_if_it_ends_here(self) -> None:
        if self.item is not None:
            self._fail(self.item)

    @staticmethod
    def _fail(item: pytest.Item) -> NoReturn:
        capture = item.config.pluginmanager.getplugin("capturemanager")
        if capture is not None:
            capture.suspend_global_capture(in_=True)
        print(f"\n{item.nodeid} ended the test run: sys.exit() in a slot?", file=sys.stderr, flush=True)  # noqa: T201
        os._exit(ENDED_INSIDE_A_TEST)


_RUNNING = _RunningTest()
atexit.register(_RUNNING.fail_if_it_ends_here)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    _RUNNING.item = item
    try:
        return (yield)
    finally:
        _RUNNING.item = None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[_failed] = item.stash.get(_failed, False) or report.failed
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Around everything: widgets that do not let themselves be closed, and what Qt warns of."""
    warned: list[str] = []
    ignored = item.config.getini("qt_log_ignore")

    def hear(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        loud = kind in {QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg}
        if loud and not any(re.search(pattern, text) for pattern in ignored):
            warned.append(text)

    previous = qInstallMessageHandler(hear)
    try:
        refused = _close_widgets(item)
        yield
    finally:
        qInstallMessageHandler(previous)
    if refused:
        raise refused[0]
    if warned:
        pytest.fail(f"Qt warned while the test was torn down: {'; '.join(warned)}")


def _close_widgets(item: pytest.Item) -> list[Exception]:
    """Close what qtbot was given; pytest-qt itself would stop at the first that raises, and tear no fixture down."""
    raised: list[Exception] = []
    for reference, before_close in getattr(item, "qt_widgets", ()):
        widget = reference()
        if before_close is not None or not _is_alive(widget):
            continue
        try:
            widget.close()
        except Exception as fault:  # noqa: BLE001
            raised.append(fault)
            item.stash[_failed] = True
            shiboken6.delete(widget)
    if hasattr(item, "qt_widgets"):
        item.qt_widgets = [(one, before) for one, before in item.qt_widgets if _is_alive(one())]
    return raised


def _is_alive(widget: QWidget | None) -> bool:
    return widget is not None and shiboken6.isValid(widget)


@pytest.hookimpl(wrapper=True, trylast=True, specname="pytest_runtest_teardown")
def pytest_look_for_leftovers(item: pytest.Item) -> Generator[None, None, None]:
    """Inside of pytest-qt, which has closed its widgets by then and still takes down what is raised."""
    yield  # every fixture of the test
    before = item.stash.get(_scene, None)
    if before is None:
        return
    if isinstance(item, pytest.Function):
        item.funcargs.clear()  # fixtures' values would be kept alive until later
    raised = getattr(item, "qt_exception_capture_manager", None)  # pytest-qt's, absent where a test turns it off
    has_failed = item.stash.get(_failed, False) or (raised is not None and raised.exceptions)
    found = [] if has_failed else leftovers(before)  # a traceback keeps alive what it goes through
    remove_leftovers(before)
    if found:
        pytest.fail("; ".join(found))


@pytest.fixture(autouse=True)
def _every_test_starts_alike(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[None]:
    """Note what is there, after fixtures of wider scope and before those of the test; put the look back."""
    look = Look.of(qapp)
    request.node.stash[_scene] = scene()
    yield
    look.put_back(qapp)


@pytest.fixture
def light(qapp: QApplication) -> Theme:
    """The light theme, in the style that the program has everywhere."""
    qapp.setStyle("Fusion")
    return apply_theme(qapp, LIGHT_CHOICE)


@pytest.fixture
def dark(qapp: QApplication) -> Theme:
    """The dark theme."""
    qapp.setStyle("Fusion")
    return apply_theme(qapp, DARK_CHOICE)


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest) -> Theme:
    """Run the test once in each theme."""
    theme: Theme = request.getfixturevalue(request.param)
    return theme


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[PseudoTranslator]:
    """Mark every text that passes tr(), as long as it is built after this."""
    translator = PseudoTranslator()
    qapp.installTranslator(translator)
    yield translator
    qapp.removeTranslator(translator)
