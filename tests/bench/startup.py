"""From source: how long until the window is seen, what it costs, and whether it hangs on the way to being ready."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.starting import BARE_WINDOW, FROM_SOURCE, LIMIT_S, ROOT, clean_environment, first_paints, load
from tests.flow.test_window_real import listen_on_any_port
from tests.real_keyring import running_keyring
from tests.real_window import running_display

if TYPE_CHECKING:
    from tests.bench.report import Report
    from tests.real_window import RealDisplay

_ROUNDS = 15
_RUNS = 7

_PEAK = """
def peak():
    with open("/proc/self/status") as status:
        return int(next(line.split()[1] for line in status if line.startswith("VmHWM")))
"""
_BARE = (
    BARE_WINDOW.replace("sys.exit(app.exec())", "")
    + _PEAK
    + """
import json
from PySide6.QtCore import QTimer
QTimer.singleShot(1000, app.quit)
app.exec()
print(json.dumps({"peak": peak()}))
"""
)
_FLOW = (
    _PEAK
    + """
import gc, json, os, time
gc.disable()
from gui.desktop.qt_import import import_qt
import_qt()
from PySide6.QtCore import QEvent, QObject, QTimer
from gui.session_state import State
from gui.window import make_application, open_program

class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and not beats:
            beats.append(time.perf_counter())
        return False

beats, gaps = [], []
def beat():
    now = time.perf_counter()
    if beats:
        gaps.append(now - beats[-1])
        beats.append(now)

app = make_application()
with open_program(os.environ) as program:
    first = FirstPaint()
    program.window.installEventFilter(first)
    timer = QTimer(interval=1)
    timer.timeout.connect(beat)
    timer.start()
    ready = []
    program.ready.connect(lambda: (beat(), ready.append(max(gaps)), timer.stop()))
    program.show()
    def until(what):
        ends = time.monotonic() + 30
        while not what():
            if time.monotonic() > ends:
                raise TimeoutError
            app.processEvents()
            time.sleep(0.001)
    if os.environ.get("WHOLE_FLOW"):
        until(lambda: ready and program.session.board.view.state is State.WAITING)
        program.session.listener.simulate_app_center()
        until(lambda: program.session.board.view.state is State.CONNECTED)
        program.session.revoking.revoke()
        until(lambda: program.session.board.view.state is State.REVOKED)
    else:
        program.ready.connect(app.quit)
        app.exec()
    print(json.dumps({"gap": ready[0], "peak": peak()}))
"""
)


def run(report: Report) -> None:
    """Compare with a window that has nothing in it, in one run on one display."""
    report.note(load())
    with running_display() as display, tempfile.TemporaryDirectory() as folder:
        seen = first_paints(display, FROM_SOURCE, _ROUNDS)
        report.note(", ".join(f"{name}: {took:.0f} ms" for name, took in seen.items()))
        report.at_most("first paint from source, to a bare window", seen["our window"] / seen["bare window"], 1.45)
        home = Path(folder)
        bare = statistics.median(_told(display, home / "bare", _BARE)["peak"] for _ in range(_RUNS))
        whole = statistics.median(_told(display, home / "flow", _FLOW, "1")["peak"] for _ in range(_RUNS))
        report.note(f"peaks: bare window {bare / 1024:.0f} MB, after a whole flow {whole / 1024:.0f} MB")
        report.at_most("peak memory after one whole flow, to a bare window", whole / bare, 2.0)
        with running_keyring() as keyring:
            kept = statistics.median(
                _told(display, home / "kept", _FLOW, "1", keyring.address)["peak"] for _ in range(3)
            )
        report.note(f"with a real keyring {kept / 1024:.0f} MB, which is {kept / bare:.2f} times the bare window's")
        gaps = [_told(display, home / "gaps", _FLOW)["gap"] * 1000 for _ in range(_RUNS)]
        report.note(f"longest gaps of {_RUNS} starts: {', '.join(f'{gap:.0f}' for gap in sorted(gaps))} ms")
        report.at_most("longest gap from first paint to ready, worst of the starts", max(gaps), 100, "ms")


def _told(
    display: RealDisplay, home: Path, program: str, whole_flow: str = "", bus: str = "disabled:"
) -> dict[str, float]:
    if not home.exists():
        listen_on_any_port(home)
    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**clean_environment(display, home), "WHOLE_FLOW": whole_flow, "DBUS_SESSION_BUS_ADDRESS": bus},
        capture_output=True,
        text=True,
        timeout=LIMIT_S * 2,
        check=True,
    )
    found: dict[str, float] = json.loads(ended.stdout.splitlines()[-1])
    return found
