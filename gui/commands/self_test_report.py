"""What the self-test tells: lines for a person, or one JSON object for a program."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gui.commands.interruption import ctrl_c_cancels
from gui.commands.output import say_error, say_result
from gui.commands.self_test import NOT_REACHED, STEPS, SelfTest, StepResult, Target, step_name
from gui.concur.cancellation import Cancellation
from gui.concur.contract import CONTRACTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.commands.workplace import Workplace

_NAME_WIDTH = 29


def report_json(tests: Sequence[SelfTest], keyring: str) -> str:
    """Return the report of all contracts as one JSON object."""
    return json.dumps(
        {
            "ok": all(test.ok for test in tests),
            "steps": [
                {"name": step.name, "ok": step.ok, "ms": round(step.ms, 1), "detail": step.detail}
                for test in tests
                for step in test.results
            ],
            "documents": {test.contract: test.document for test in tests},
            "keyring": keyring,
        },
        indent=2,
    )


def report_of_refusal(why: str, contracts: Sequence[str]) -> str:
    """Return the report of a self-test that could not begin as asked: for programs, the same form as ever."""
    names = [step_name(contract, step) for contract in contracts for step in STEPS]
    steps = [
        {"name": name, "ok": False, "ms": 0.0, "detail": NOT_REACHED if number else why}
        for number, name in enumerate(names)
    ]
    documents = dict.fromkeys(contracts, "")
    return json.dumps({"ok": False, "steps": steps, "documents": documents, "keyring": ""}, indent=2)


def contracts_tested(target: Target | None, wanted: str | None = None) -> tuple[str, ...]:
    """Return the names of the contracts that are gone through: both, unless one was asked for."""
    if target is not None:
        return (target.contract,)
    return tuple(CONTRACTS) if wanted is None else (wanted,)


def run_self_test(workplace: Workplace, contracts: Sequence[str], target: Target | None, *, as_json: bool) -> int:
    """Run, report and return the exit code: 0 if every step came out well and the report could be printed."""
    if workplace.keyring.problem is not None:
        say_error(workplace.keyring.problem)

    def show(step: StepResult) -> None:
        if not as_json:
            mark = "ok    " if step.ok else "-     " if step.detail == NOT_REACHED else "FAILED"
            say_result(f"{mark} {step.name:<{_NAME_WIDTH}}{step.ms:7.0f} ms  {step.detail}")

    cancellation = Cancellation()
    tests = [SelfTest(workplace, contract, target, show, cancellation) for contract in contracts]
    with ctrl_c_cancels(cancellation):
        for test in tests:
            test.run()
    ok = all(test.ok for test in tests)
    if as_json:
        printed = say_result(report_json(tests, workplace.keyring.store.backend_name))
        return 0 if ok and printed else 1
    for test in tests:
        if test.document:
            say_result(f"\n{test.document.strip()}\n")
    say_result(f"keyring: {workplace.keyring.store.description}")
    say_result("All steps came out well." if ok else "Something failed: see the steps above.")
    return 0 if ok else 1
