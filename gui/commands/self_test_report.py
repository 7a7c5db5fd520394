"""What the self-test tells: lines for a person, or one JSON object for a program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gui.commands.interruption import ctrl_c_cancels
from gui.commands.output import say_error, say_result
from gui.commands.self_test import NOT_REACHED, STEPS, SelfTest, StepResult, Target
from gui.concur.cancellation import Cancellation

if TYPE_CHECKING:
    from gui.commands.workplace import Workplace


def report_json(test: SelfTest, keyring: str) -> str:
    """Return the report as one JSON object."""
    return json.dumps(
        {
            "ok": test.ok,
            "steps": [
                {"name": step.name, "ok": step.ok, "ms": round(step.ms, 1), "detail": step.detail}
                for step in test.results
            ],
            "document": test.document,
            "keyring": keyring,
        },
        indent=2,
    )


def report_of_refusal(why: str) -> str:
    """Return the report of a self-test that could not begin as asked: for programs, the same form as ever."""
    first, *rest = STEPS
    steps: list[dict[str, object]] = [{"name": first, "ok": False, "ms": 0.0, "detail": why}]
    steps += [{"name": name, "ok": False, "ms": 0.0, "detail": NOT_REACHED} for name in rest]
    return json.dumps({"ok": False, "steps": steps, "document": "", "keyring": ""}, indent=2)


def run_self_test(workplace: Workplace, target: Target | None, *, as_json: bool) -> int:
    """Run, report and return the exit code: 0 if every step came out well and the report could be printed."""
    if workplace.keyring.problem is not None:
        say_error(workplace.keyring.problem)

    def show(step: StepResult) -> None:
        if not as_json:
            mark = "ok    " if step.ok else "-     " if step.detail == NOT_REACHED else "FAILED"
            say_result(f"{mark} {step.name:<21}{step.ms:7.0f} ms  {step.detail}")

    cancellation = Cancellation()
    test = SelfTest(workplace, target, show, cancellation)
    with ctrl_c_cancels(cancellation):
        test.run()
    if as_json:
        printed = say_result(report_json(test, workplace.keyring.store.backend_name))
        return 0 if test.ok and printed else 1
    if test.document:
        say_result(f"\n{test.document.strip()}\n")
    say_result(f"keyring: {workplace.keyring.store.description}")
    say_result("All steps came out well." if test.ok else "Something failed: see the steps above.")
    return 0 if test.ok else 1
