"""Processes killed at random moments of a flow: no token that Concur issued is ever unaccounted for."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from gui.commands.workplace import open_workplace
from gui.flow.recovery import recover
from gui.loopback.http import Delivery
from gui.sandbox.answers import Answer
from gui.sandbox.records import RegisteredApp
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from gui.store.folders import HOME_VARIABLE
from tests.flow.contracts import BOTH
from tests.flow.scene import KEY, ROOT, SECRET, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gui.sandbox.log import LogEntry
    from tests.flow.contracts import Kit
    from tests.real_keyring import RealKeyring

FLOWS = {"legacy": 60, "current": 36}
SEED = 20240506
LIMIT_S = 20.0
ANSWER_DELAY_S = 0.02
"""Before the answer to the exchange, so that enough kills fall there."""

# Which call starts the clock, and between which moments after it the kill comes; None: the start of the process.
WINDOWS: tuple[tuple[str | None, float, float], ...] = (
    (None, 0.0, 0.06),
    ("exchange", 0.0, ANSWER_DELAY_S),
    ("exchange", ANSWER_DELAY_S, ANSWER_DELAY_S + 0.01),
    ("exchange", ANSWER_DELAY_S + 0.02, ANSWER_DELAY_S + 0.1),
    ("refresh", 0.0, 0.03),
    ("revoke", 0.0, 0.04),
)

BEFORE = "before Concur issued a token"
ANSWERING = "issued, answer under way or not stored"
IN_KEYRING = "in the keyring, not in the file"
STORED = "stored"
REFRESHING = "refresh under way"
REVOKING = "revoking or wiping"
ENDED = "after the end"


class Zygote:
    """A process that has imported everything and forks a child for each flow."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, *facts: str) -> int:
        return int(self._ask("\t".join(facts)))

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)  # a child that has ended is there, unburied, until it is waited for
        assert self._ask(f"wait\t{pid}") == "gone"

    def _ask(self, line: str) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()


@contextmanager
def zygote(home: Path) -> Iterator[Zygote]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.flow.kill_child"],
        cwd=ROOT,
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Zygote(process)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(LIMIT_S) == 0


class Clock:
    """Tells when the sandbox has worked on a call; its answer goes out after that."""

    def __init__(self, concur: SimulatedConcur) -> None:
        self._seen = {name: threading.Event() for name in ("exchange", "refresh", "revoke")}
        concur.log.subscribe(self._see)

    def _see(self, entry: LogEntry) -> None:
        if entry.operation in self._seen:
            self._seen[entry.operation].set()

    def reset(self) -> None:
        for seen in self._seen.values():
            seen.clear()

    def wait_for(self, operation: str | None) -> None:
        assert operation is None or self._seen[operation].wait(LIMIT_S)


def file_states(home: Path) -> list[str]:
    files = (home / "state" / "issued").glob("*.json")
    return sorted(json.loads(path.read_text())["state"] for path in files)


def phase_at_death(issued: int, revoked: int, states: list[str], noted_in_keyring: int) -> str:
    if issued == 0:
        return BEFORE
    if not states:
        return ENDED
    if revoked or "wiping" in states:
        return REVOKING
    if "noted" in states:
        if noted_in_keyring:
            return IN_KEYRING
        return ANSWERING if len(states) == 1 else REFRESHING
    return STORED


class Flow:
    """One flow that was killed, and what the next start makes of it."""

    def __init__(self, kit: Kit, concur: SimulatedConcur, home: Path) -> None:
        self._kit = kit
        self._concur = concur
        self._home = home
        self._before = set(kit.issued(concur))
        self._live_before = kit.live(concur)

    def live(self) -> set[str]:
        """What it left alive at Concur."""
        return self._kit.live(self._concur) - self._live_before

    def issued(self) -> int:
        """How many access tokens were issued to it."""
        return len(set(self._kit.issued(self._concur)) - self._before)

    def next_start(self) -> str:
        """Recover, check that nothing is unaccounted for, and return the phase that the flow died in."""
        states = file_states(self._home)
        issued, live = self.issued(), self.live()
        revoked = (0 if live else issued) if self._kit.replaces else issued - len(live)
        with open_workplace({HOME_VARIABLE: str(self._home)}) as workplace:
            assert workplace.keyring.problem is None
            recovery = recover(workplace.tokens, lambda token: workplace.connection_for(token, SECRET))
            review = recovery.review
            assert not recovery.problems
            assert not review.problems
            assert not review.set_aside
            assert not review.lost
            assert not review.unwiped
            assert not review.in_flight
            still_live = self.live()
            # A token that is listed still was revoked before the kill, and nobody could tell: no probe had worked.
            assert not self._kit.listed(workplace.tokens) & still_live
            if self._kit.replaces:  # here the refused refresh tells, unless it may have been a refresh that was cut off
                assert {token.token_id for token in review.live} <= {note.refreshes for note in review.cut_off}
        assert len(still_live) <= len(review.cut_off), (states, live, still_live)
        completed = states.count("noted") - len(review.cut_off)
        assert completed >= 0
        if not self._kit.replaces:  # else one revoke ends its predecessor too
            # What was written down as issued is dead now: a note covers only what never got as far.
            assert completed == len(recovery.revoked) - states.count("issued")
        return phase_at_death(issued, revoked, states, completed)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
@pytest.mark.parametrize("kit", BOTH)
def test_no_kill_leaves_a_token_unaccounted_for(
    kit: Kit, tmp_path: Path, gnome_keyring: RealKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gnome_keyring.daemon.poll() is None
    chance = random.Random(SEED)
    phases: Counter[str] = Counter()
    app = RegisteredApp(KEY, SECRET)
    with SimulatedConcur(SandboxSettings(), app) as concur, zygote(tmp_path) as parent:
        clock = Clock(concur)
        for number in range(FLOWS[kit.name]):
            operation, earliest_s, latest_s = WINDOWS[number % len(WINDOWS)]
            home = tmp_path / f"flow-{number}"
            token = kit.request_token(concur)
            concur.answers.set_for_token(token.value, Answer(delivery=Delivery(delay_s=ANSWER_DELAY_S)))
            clock.reset()
            flow = Flow(kit, concur, home)
            pid = parent.start(kit.name, concur.base_url, KEY, SECRET, token.value, token.principal_id or "", str(home))
            clock.wait_for(operation)
            threading.Event().wait(chance.uniform(earliest_s, latest_s))
            parent.kill(pid)
            phases[flow.next_start()] += 1
    with capsys.disabled():
        sys.stdout.write(f"\nkilled ({kit}): {dict(phases.most_common())}\n")
    assert phases.total() == FLOWS[kit.name]
    # Whatever the speed of the machine, each part of the flow was hit, or the test would say little.
    assert phases[BEFORE] >= 1
    assert phases[ANSWERING] + phases[IN_KEYRING] >= 3
    assert phases[STORED] + phases[REFRESHING] + phases[REVOKING] >= 3
