"""Each way in which a test of the window goes wrong unseen must fail the run, and leave the next test alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).resolve().parents[2]

HEAD = """
import sys, threading
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QThreadPool, QTimer, Qt, Signal, Slot, qWarning
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

class Raising(QObject):
    told = Signal()
    ran = 0
    @Slot()
    def _on_told(self):
        Raising.ran += 1
        raise ValueError("lost in a slot")

class Painted(QWidget):
    def paintEvent(self, event):
        raise ValueError("lost while painting")

kept = []

@pytest.fixture
def raising():
    return Raising()
"""

BAD = {
    "slot": (
        """
        def test(qtbot, raising):
            raising.told.connect(raising._on_told)
            raising.told.emit()
        """,
        "lost in a slot",
    ),
    "slot_of_a_click": (
        """
        def test(qtbot, raising):
            button = QPushButton()
            qtbot.addWidget(button)
            button.clicked.connect(raising._on_told)
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        """,
        "lost in a slot",
    ),
    "lambda": (
        """
        def test(qtbot, raising):
            raising.told.connect(lambda: 1 / 0)
            raising.told.emit()
        """,
        "ZeroDivisionError",
    ),
    "queued_slot": (
        """
        def test(qtbot, raising):
            raising.told.connect(raising._on_told, Qt.ConnectionType.QueuedConnection)
            raising.told.emit()
        """,
        "lost in a slot",
    ),
    "slot_told_from_a_thread": (
        """
        def test(qtbot, raising):
            raising.told.connect(raising._on_told)
            thread = threading.Thread(target=raising.told.emit)
            thread.start()
            thread.join()
        """,
        "lost in a slot",
    ),
    "slot_in_a_qthread": (
        """
        def test(qtbot, raising):
            thread, teller = QThread(), Raising()
            raising.moveToThread(thread)
            teller.told.connect(raising._on_told)
            thread.start()
            teller.told.emit()
            before = Raising.ran
            try:
                qtbot.waitUntil(lambda: Raising.ran > before)
            finally:
                thread.quit()
                thread.wait()
        """,
        "lost in a slot",
    ),
    "pool": (
        """
        def fail():
            raise ValueError("lost in the pool")
        def test(qtbot):
            QThreadPool.globalInstance().start(fail)
            assert QThreadPool.globalInstance().waitForDone(5000)
        """,
        "lost in the pool",
    ),
    "run_of_a_qthread": (
        """
        class Failing(QThread):
            def run(self):
                raise ValueError("lost in run")
        def test(qtbot):
            thread = Failing()
            thread.start()
            assert thread.wait(5000)
        """,
        "lost in run",
    ),
    "single_shot": (
        """
        def test(qtbot, raising):
            QTimer.singleShot(0, raising._on_told)
            before = Raising.ran
            qtbot.waitUntil(lambda: Raising.ran > before)
        """,
        "lost in a slot",
    ),
    "paint_event": (
        """
        def test(qtbot):
            widget = Painted()
            qtbot.addWidget(widget)
            widget.show()
            QApplication.processEvents()
        """,
        "lost while painting",
    ),
    "paint_event_of_a_grab": (
        """
        def test(qtbot):
            widget = Painted()
            qtbot.addWidget(widget)
            widget.grab()
        """,
        "lost while painting",
    ),
    "event_filter": (
        """
        class Filter(QObject):
            def eventFilter(self, watched, event):
                if event.type() == QEvent.Type.KeyPress:
                    raise ValueError("lost in a filter")
                return False
        def test(qtbot):
            filtering, field = Filter(), QLineEdit()
            qtbot.addWidget(field)
            field.installEventFilter(filtering)
            qtbot.keyClick(field, "a")
        """,
        "lost in a filter",
    ),
    "close_event": (
        """
        class Closed(QWidget):
            def closeEvent(self, event):
                raise ValueError("lost while closing")
        @pytest.fixture
        def undone():
            yield
            kept.append("undone")
        def test(qtbot, undone):
            widget = Closed()
            qtbot.addWidget(widget)
            widget.show()
            kept.append(widget)
        """,
        "lost while closing",
    ),
    "fixture": (
        """
        @pytest.fixture
        def late(qtbot, raising):
            yield
            raising.told.connect(raising._on_told)
            raising.told.emit()
        def test(late):
            pass
        """,
        "lost in a slot",
    ),
    "deferred_delete": (
        """
        class Watching(QObject):
            @Slot()
            def _on_destroyed(self):
                raise ValueError("lost after deleteLater")
        def test(qtbot):
            going, watching = QObject(), Watching()
            going.destroyed.connect(watching._on_destroyed)
            kept.append(watching)
            watching.setParent(QApplication.instance())
            going.deleteLater()
            kept.append(going)
        """,
        "lost after deleteLater",
    ),
    "qt_warning": (
        """
        def test(qtbot):
            qWarning("watch out")
        """,
        "watch out",
    ),
    "qt_warning_in_teardown": (
        """
        def test(qtbot, request):
            request.addfinalizer(lambda: qWarning("watch out late"))
        """,
        "watch out late",
    ),
    "timer": (
        """
        def test(qtbot):
            timer = QTimer(objectName="ticking")
            timer.start(10_000)
            kept.append(timer)
        """,
        "active timer left behind: QTimer 'ticking'",
    ),
    "timer_of_a_single_shot": (
        """
        def test(qtbot, raising):
            QTimer.singleShot(10_000, lambda: None)
        """,
        "active timer left behind",
    ),
    "open_window": (
        """
        def test(qtbot):
            widget = QWidget(objectName="left")
            widget.show()
            kept.append(widget)
        """,
        "window left open or alive: QWidget 'left'",
    ),
    "hidden_window": (
        """
        def test(qtbot):
            kept.append(QWidget(objectName="hidden"))
        """,
        "window left open or alive: QWidget 'hidden'",
    ),
    "qthread": (
        """
        def test(qtbot):
            thread = QThread(objectName="working")
            kept.append(thread)
            thread.start()
            qtbot.waitUntil(thread.isRunning)
        """,
        "QThread left running: QThread 'working'",
    ),
    "object": (
        """
        class Session(QObject):
            pass
        def test(qtbot):
            kept.append(Session(objectName="session"))
        """,
        "object left alive: Session 'session'",
    ),
}

GOOD = {
    "widget": """
        def test(qtbot, themed):
            widget = QWidget()
            field = QLineEdit(widget)
            qtbot.addWidget(widget)
            widget.setMinimumSize(100, 100)
            widget.show()
            widget.raise_()
            field.setFocus()
            qtbot.keyClicks(field, "clean")
            assert field.text() == "clean"
        """,
    "cycle": """
        class Session(QObject):
            told = Signal()
            def __init__(self):
                super().__init__()
                self.window = QWidget()
                self.told.connect(self.hear)
                self.me = self
            def hear(self):
                pass
        def test(qtbot):
            Session().told.emit()
        """,
    "fixture": """
        class Session(QObject):
            pass
        @pytest.fixture
        def session(qtbot):
            made = Session()
            made.timer = QTimer(made)
            made.timer.start(10_000)
            yield made
            made.timer.stop()
        @pytest.fixture(scope="module")
        def lasting(qapp):
            yield Session()
        def test(session, lasting):
            assert session
        """,
    "ended_thread": """
        def test(qtbot):
            thread, hearing, teller = QThread(), Raising(), Raising()
            threads = []
            class Listener(QObject):
                @Slot()
                def _on_told(self):
                    threads.append(threading.current_thread())
            listener = Listener()
            listener.moveToThread(thread)
            teller.told.connect(listener._on_told)
            thread.start()
            teller.told.emit()
            qtbot.waitUntil(lambda: bool(threads))
            thread.quit()
            assert thread.wait(5000)
        """,
    "look_left_changed": """
        def test(qapp):
            qapp.setStyleSheet("QWidget { color: red }")
            qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        """,
}
NEXT = """
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
def test(qtbot):
    assert [one for one in QApplication.topLevelWidgets() if one.metaObject().className() != "QTipLabel"] == []
    assert QApplication.instance().styleSheet() == ""
    assert QApplication.instance().layoutDirection() == Qt.LayoutDirection.LeftToRight
    assert QApplication.platformName() == "offscreen"
"""


def _lay_out(folder: Path, samples: dict[str, str]) -> None:
    """Put samples below tests/gui, as the real ones are, each followed by a test that must pass."""
    room = folder / "tests" / "gui"
    room.mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in ("__init__.py", "real_parts.py", "real_window.py", "real_keyring.py", "real_browser.py", "conftest.py"):
        shutil.copy(ROOT / "tests" / name, folder / "tests")
    for name in ("__init__.py", "conftest.py", "leftovers.py", "pseudo.py"):
        shutil.copy(ROOT / "tests" / "gui" / name, room)
    for name, source in samples.items():
        (room / f"test_{name}.py").write_text(HEAD + dedent(source), encoding="utf-8")
        (room / f"test_{name}__next.py").write_text(NEXT, encoding="utf-8")


def _run(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    environment["PYTHONPATH"] = str(ROOT)  # for gui; tests is the folder's own
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--junitxml=outcome.xml", "tests"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )


class Outcome:
    """What became of each sample of one run."""

    def __init__(self, folder: Path, done: subprocess.CompletedProcess[str]) -> None:
        self.code, self.said = done.returncode, done.stdout + done.stderr
        self.complaints: dict[str, str] = {}
        report = folder / "outcome.xml"
        assert report.exists(), self.said
        for case in ET.parse(report).iter("testcase"):
            name = case.get("classname", "").removeprefix("tests.gui.test_")
            texts = [f"{part.get('message')} {part.text}" for part in case if part.tag in {"failure", "error"}]
            self.complaints[name] = self.complaints.get(name, "") + " ".join(texts)


@pytest.fixture(scope="module")
def bad_run(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("bad")
    _lay_out(folder, {name: source for name, (source, _) in BAD.items()})
    return Outcome(folder, _run(folder))


@pytest.fixture(scope="module")
def good_run(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("good")
    _lay_out(folder, GOOD)
    return Outcome(folder, _run(folder))


@pytest.mark.parametrize("name", BAD)
def test_suite_fails_for(name: str, bad_run: Outcome) -> None:
    assert bad_run.code == 1
    assert BAD[name][1] in bad_run.complaints[name]


@pytest.mark.parametrize("name", BAD)
def test_the_next_test_is_not_hit_by(name: str, bad_run: Outcome) -> None:
    assert bad_run.complaints[f"{name}__next"] == ""


@pytest.mark.parametrize("name", GOOD)
def test_suite_passes(name: str, good_run: Outcome) -> None:
    assert good_run.complaints[name] == ""
    assert good_run.complaints[f"{name}__next"] == ""


def test_a_run_that_a_slot_ends_fails(tmp_path: Path) -> None:
    sample = """
        def test(qtbot, raising):
            raising.told.connect(lambda: sys.exit(0))
            raising.told.emit()
        """
    _lay_out(tmp_path, {"exit": sample})
    done = _run(tmp_path)
    assert done.returncode == 70
    assert "test_exit.py::test ended the test run" in done.stderr
