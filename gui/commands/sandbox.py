"""`sandbox`: the simulated Concur alone, in the foreground, for an engineer's own application."""

from __future__ import annotations

import json
import signal
import threading
from typing import TYPE_CHECKING

from gui.commands.call_printer import CallPrinter
from gui.commands.output import say, say_result
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings

if TYPE_CHECKING:
    from types import FrameType

    from gui.sandbox.log import LogEntry
    from gui.sandbox.records import RegisteredApp

_LOOK_UP_S = 0.5
"""How often to look up from waiting: Windows hands over Ctrl+C only then."""


def run_sandbox(app: RegisteredApp, *, port: int, auto_approve: bool) -> int:
    """Serve until Ctrl+C or a termination signal; then exit code 0. Raises ListenError."""
    concur = SimulatedConcur(SandboxSettings(auto_approve=auto_approve), app)
    printer = CallPrinter()
    concur.log.subscribe(lambda entry: printer.say(_call_line(entry)))
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    old_handlers = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        concur.start(port)
        _announce(concur, app)
        while not ended.wait(_LOOK_UP_S):
            pass
    finally:
        concur.stop()
        for number, handler in old_handlers.items():
            signal.signal(number, handler)
        printer.say("Stopped.")
        printer.close()
    return 0


def _announce(concur: SimulatedConcur, app: RegisteredApp) -> None:
    facts = {
        "base_url": concur.base_url,
        "consumer_key": app.consumer_key,
        "consumer_secret": app.consumer_secret,  # simulated: it opens nothing but this sandbox
        "contract": app.contract,
    }
    say_result(json.dumps(facts))
    say(f"Simulated Concur (not affiliated with SAP) at {concur.base_url} — in a browser it explains itself.")
    codes = f"{concur.base_url}/sandbox/codes"
    say("Both contracts at once. A request token without a browser:")
    say(f"  legacy:  curl -X POST {codes}")
    say(f"""  current: curl -d '{{"contract": "current", "kind": "user"}}' {codes}""")
    say("Ctrl+C ends it. Calls, as they come:")


def _call_line(entry: LogEntry) -> str:
    notes = f"  [{'; '.join(entry.notes)}]" if entry.notes else ""
    return f"{entry.time:%H:%M:%S}  {entry.method} {entry.path}  {entry.status}  {entry.outcome}{notes}"
