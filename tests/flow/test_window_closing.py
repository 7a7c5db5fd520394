"""The end of the real window, and the start after it: asked once, nothing lost, nothing left running."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from gui.concur.errors import ConcurFailed
from gui.concur.models import Operation
from gui.desktop.dialogs import QuitChoice
from gui.loopback.http import Delivery
from gui.loopback.listener import RedirectListener
from gui.notices import Happening
from gui.sandbox.answers import Answer, Endpoint
from gui.sandbox.records import RegisteredApp
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from gui.session_state import State
from gui.store.errors import KeyringFull
from gui.store.folders import HOME_VARIABLE
from gui.store.profile import Profile
from gui.widgets.issued_tokens import IssuedTokensDialog
from gui.widgets.menu_table import Command
from gui.window import open_program
from tests.flow.contracts import BOTH, LEGACY_KIT, Kit
from tests.flow.faults import HTML
from tests.flow.scene import KEY, ROOT, SECRET, environment
from tests.flow.window_scene import (
    ANY_PORT,
    PRESSABLE,
    REFRESH,
    REVOKE,
    SIMULATE,
    TRY,
    Answers,
    WindowScene,
    issued_states,
    keep_profile,
    list_says,
    live_at,
    opened_window,
    title_of,
)
from tests.gui.conftest import _every_test_starts_alike  # noqa: F401  # guards against what is left behind
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

ID = "a" * 32
LATE = Delivery(delay_s=60.0)
GONE_PID = 2**22 + 1


@pytest.fixture
def scene(request: pytest.FixtureRequest, qtbot: QtBot, tmp_path: Path) -> Iterator[WindowScene]:
    """With the patience that the program has, so that no call ends by itself; legacy, or `both`."""
    with opened_window(qtbot, tmp_path, limits=None, kit=getattr(request, "param", LEGACY_KIT)) as made:
        yield made


both = pytest.mark.parametrize("scene", BOTH, indirect=True)
of_both = pytest.mark.parametrize("kit", BOTH)
"""Where it matters which token is left, or that an access token is not kept: else the end of a window is one."""


@pytest.fixture
def concur() -> Iterator[SimulatedConcur]:
    with SimulatedConcur(SandboxSettings(auto_approve=True), RegisteredApp(KEY, SECRET, redirect_url=None)) as running:
        yield running


def quits(scene: WindowScene) -> list[tuple[object, ...]]:
    """How often it was asked: count of tokens, whether all are simulated, how many are in memory only."""
    return [question[1:] for question in scene.asks.asked if question[0] == "quit"]


def nobody_listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(5)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def with_acme(home: Path, concur: SimulatedConcur, secrets: FakeSecrets, kit: Kit = LEGACY_KIT) -> None:
    """Leave a profile whose tokens do not end with the window."""
    profile = Profile(ID, "Acme", concur.base_url, KEY, ANY_PORT, contract=kit.name, scopes=kit.scopes)
    keep_profile(home, profile, SECRET, secrets)


def connect_acme(scene: WindowScene, concur: SimulatedConcur, kit: Kit = LEGACY_KIT) -> None:
    if scene.view.profile.name != "Acme":
        scene.choose_profile("Acme")
    scene.until_state(State.STOPPED)
    scene.paste(kit.query(concur))
    scene.until_state(State.CONNECTED)
    scene.until(lambda: len(scene.view.issued.live) == 1)


def end_process_in(home: Path, **changes: object) -> None:
    """Make the notes of this process those of one that has ended."""
    paths = list((home / "state" / "issued").glob("*.json"))
    assert paths
    for path in paths:
        path.write_text(json.dumps({**json.loads(path.read_text()), "pid": GONE_PID, **changes}))


# Nothing to ask about


def test_without_a_live_token_it_closes_at_once(scene: WindowScene) -> None:
    scene.close()
    scene.until_closed()
    assert scene.asks.asked == []


def test_after_a_revoke_it_closes_at_once(scene: WindowScene) -> None:
    scene.connect()
    scene.press(REVOKE)
    scene.until_state(State.REVOKED)
    scene.choose(Command.QUIT)
    scene.until_closed()
    assert scene.asks.asked == []


def test_before_anything_is_there_it_closes_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    with open_program({HOME_VARIABLE: str(tmp_path)}, asks=Answers()) as program:
        program.show()
        program.window.close()
        qtbot.waitUntil(lambda: not program.window.isVisible())


# Live tokens


def test_kept_token_lets_it_close(scene: WindowScene) -> None:
    scene.connect()
    scene.asks.quits = [QuitChoice.KEEP]
    scene.close()
    scene.until_closed()
    assert quits(scene) == [(1, True, 0)]
    assert scene.listed() == scene.live_at_concur() != set()


def test_who_stays_goes_on(scene: WindowScene) -> None:
    scene.connect()
    scene.asks.quits = [QuitChoice.STAY, QuitChoice.KEEP]
    scene.close()
    scene.until_it_has_settled()
    assert not scene.is_closed
    assert scene.pressable() == PRESSABLE[State.CONNECTED]
    scene.press(TRY)
    scene.until_told(Happening.TOKEN_WORKS)
    scene.until_state(State.CONNECTED)
    scene.close()
    scene.until_closed()
    assert len(quits(scene)) == 2


@both
def test_revoke_closes_when_no_token_lives(scene: WindowScene) -> None:
    scene.connect()
    scene.asks.quits = [QuitChoice.REVOKE]
    scene.close()
    scene.until_closed()
    assert scene.live_at_concur() == scene.listed() == set()
    assert len(quits(scene)) == 1


@both
def test_revoke_ends_every_token_of_this_window(scene: WindowScene) -> None:
    scene.connect()
    first = scene.view.shown
    scene.press(REFRESH)
    scene.until(lambda: scene.view.shown != first)
    scene.until_state(State.CONNECTED)
    left = 1 if scene.kit.replaces else 2
    scene.until(lambda: len(scene.view.issued.live) == left)
    scene.asks.quits = [QuitChoice.REVOKE]
    scene.close()
    scene.until_closed()
    assert quits(scene) == [(left, True, 0)]
    assert len(scene.kit.issued(scene.concur)) == 2
    assert scene.live_at_concur() == set()


def test_revoke_that_fails_keeps_it_open(scene: WindowScene) -> None:
    scene.connect()
    scene.answer(Endpoint.REVOKE, Answer(status=500, body=HTML))
    scene.asks.quits = [QuitChoice.REVOKE, QuitChoice.REVOKE]
    scene.close()
    notice = scene.until_told(ConcurFailed)
    scene.until_it_has_settled()
    assert not scene.is_closed
    assert isinstance(notice.subject, ConcurFailed)
    assert scene.banner() == f"Error: {title_of(notice.subject)}"
    assert scene.listed() == scene.live_at_concur() != set()
    scene.until(lambda: not scene.view.issued_busy)
    scene.concur.answers.clear()
    scene.close()
    scene.until_closed()
    assert len(quits(scene)) == 2
    assert scene.live_at_concur() == set()


def test_who_does_not_wait_for_the_revoke_closes_by_asking_again(scene: WindowScene) -> None:
    scene.connect()
    scene.answer(Endpoint.REVOKE, Answer(body=b"", delivery=LATE))
    scene.asks.quits = [QuitChoice.REVOKE]
    scene.close()
    scene.until(lambda: any(entry.operation == "revoke" for entry in scene.concur.log.entries()))
    scene.until_it_has_settled()
    assert not scene.is_closed
    scene.close()
    scene.until_closed()
    assert len(quits(scene)) == 1
    assert scene.unaccounted() == set()


def test_token_that_is_in_memory_only_is_said_to_be(scene: WindowScene) -> None:
    scene.press("Unfold Application")
    scene.secrets.fail_write = KeyringFull(backend="b", operation="write")
    scene.answer(Endpoint.REVOKE, Answer(status=500, body=HTML))
    scene.press(SIMULATE)
    scene.until_state(State.AT_RISK)
    scene.asks.quits = [QuitChoice.KEEP]
    scene.close()
    scene.until_closed()
    assert quits(scene) == [(1, True, 1)]


def test_tokens_of_two_profiles(qtbot: QtBot, tmp_path: Path, concur: SimulatedConcur) -> None:
    secrets = FakeSecrets()
    with_acme(tmp_path, concur, secrets)
    with opened_window(qtbot, tmp_path, secrets=secrets) as scene:
        connect_acme(scene, concur)
        scene.choose_profile("Built-in sandbox")
        scene.connect()
        scene.until(lambda: len(scene.view.issued.live) == 2)
        scene.asks.quits = [QuitChoice.REVOKE]
        scene.close()
        scene.until_closed()
        assert quits(scene) == [(2, False, 0)]
        assert live_at(concur) == scene.live_at_concur() == set()


# While something is under way


@both
def test_exchange_under_way_is_called_off_and_noted(scene: WindowScene) -> None:
    scene.answer(Endpoint.EXCHANGE, Answer(delivery=LATE))
    scene.press(SIMULATE)
    scene.until(lambda: bool(scene.live_at_concur()))  # issued, and the answer does not come
    scene.close()
    scene.until_closed()
    assert scene.asks.asked == []
    assert len(scene.tokens.review().cut_off) == 1
    assert scene.unaccounted() == set()


def test_trial_under_way_is_called_off_before_the_question(scene: WindowScene) -> None:
    scene.connect()
    scene.answer(Endpoint.PROBE, Answer(delivery=LATE))
    scene.press(TRY)
    scene.until(lambda: scene.view.activity is not None)
    scene.asks.quits = [QuitChoice.KEEP]
    scene.close()
    scene.until_closed()
    assert quits(scene) == [(1, True, 0)]


def test_revoke_under_way_is_waited_for_and_spares_the_question(scene: WindowScene) -> None:
    scene.connect()
    scene.answer(Endpoint.REVOKE, Answer(delivery=Delivery(delay_s=0.3)))
    scene.press(REVOKE)
    scene.until(lambda: scene.view.activity is not None)
    scene.close()
    scene.until_closed()
    assert scene.asks.asked == []
    assert scene.live_at_concur() == set()


def test_second_close_does_not_wait_for_the_call(scene: WindowScene) -> None:
    scene.connect()
    scene.answer(Endpoint.REVOKE, Answer(body=b"", delivery=LATE))
    scene.press(REVOKE)
    scene.until(lambda: scene.view.activity is not None)
    scene.close()
    scene.until_it_has_settled()
    assert not scene.is_closed
    scene.close()
    scene.until_closed()
    assert scene.unaccounted() == set()


# What stops


def test_everything_has_stopped(scene: WindowScene) -> None:
    scene.connect()
    ports = [scene.concur.port, int(scene.view.listener.addresses[0].rpartition(":")[2])]
    assert not any(map(nobody_listens, ports))
    scene.asks.quits = [QuitChoice.KEEP]
    scene.close()
    assert scene.session.stop()
    assert all(map(nobody_listens, ports))
    names = [thread.name for thread in threading.enumerate()]
    assert [name for name in names if name.startswith(("job", "lane", "sandbox", "redirect"))] == []


@pytest.mark.parametrize("endpoint", [Endpoint.EXCHANGE, Endpoint.PROBE, Endpoint.REVOKE])
def test_everything_stops_in_the_middle_of_a_call(scene: WindowScene, endpoint: Endpoint) -> None:
    scene.answer(endpoint, Answer(delivery=LATE))
    scene.press(SIMULATE)
    if endpoint is not Endpoint.EXCHANGE:
        scene.until_state(State.CONNECTED)
        scene.press(TRY if endpoint is Endpoint.PROBE else REVOKE)
    scene.until(lambda: scene.view.activity is not None)
    assert scene.session.stop()
    assert scene.unaccounted() == set()


def test_a_call_into_the_system_that_never_comes_back_is_left_behind(scene: WindowScene) -> None:
    stored, let_go = scene.tokens.store_issued, threading.Event()

    def late(*arguments: object, **named: object) -> object:
        assert let_go.wait(20)
        return stored(*arguments, **named)  # type: ignore[arg-type]  # handed on as it came

    scene.tokens.store_issued = late  # type: ignore[method-assign,assignment]  # a keyring that hangs
    scene.press(SIMULATE)
    scene.until(lambda: any(row.operation is Operation.EXCHANGE for row in scene.program.timeline.rows()))
    assert not scene.session.stop()
    let_go.set()


def test_a_listener_that_starts_after_it_was_stopped_does_not_stay(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start, stop = RedirectListener.start, RedirectListener.stop
    entered, stopped, made = threading.Event(), threading.Event(), []

    def slow_start(listener: RedirectListener) -> None:
        made.append(listener)
        entered.set()
        assert stopped.wait(20)
        start(listener)

    def noted_stop(listener: RedirectListener) -> None:
        stop(listener)
        stopped.set()

    monkeypatch.setattr(RedirectListener, "start", slow_start)
    monkeypatch.setattr(RedirectListener, "stop", noted_stop)
    with opened_window(qtbot, tmp_path, wait=False) as scene:
        scene.until(entered.is_set)
        assert scene.session.stop()
        assert made[0].addresses == ()


def test_terminated_program_ends_in_order(tmp_path: Path) -> None:
    keep_profile(tmp_path, Profile(ID, "Acme", "http://127.0.0.1:9", KEY, ANY_PORT))
    (tmp_path / "config").mkdir(exist_ok=True)
    with subprocess.Popen(
        [sys.executable, str(ROOT / "main.py")],
        env=environment(tmp_path, QT_QPA_PLATFORM="offscreen"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as program:
        log = tmp_path / "log" / "app-center-flow.log"
        wait_for(log.exists, program)
        program.terminate()
        said, _ = program.communicate(timeout=60)
    assert program.returncode in {0, -signal.SIGTERM}  # the latter where it came before the window did
    assert "Traceback" not in said


def wait_for(condition: object, program: subprocess.Popen[str]) -> None:
    pause = threading.Event()
    for _attempt in range(600):
        if condition() or program.poll() is not None:  # type: ignore[operator]
            return
        pause.wait(0.05)


# The next start


def test_window_is_remembered(qtbot: QtBot, tmp_path: Path, concur: SimulatedConcur) -> None:
    secrets = FakeSecrets()
    with_acme(tmp_path, concur, secrets)
    with opened_window(qtbot, tmp_path, secrets=secrets) as scene:
        scene.window.resize(770, 590)  # the offscreen platform's screen has 800x800

        scene.choose(Command.THEME_DARK)
        scene.choose_profile("Acme")
        scene.until_state(State.STOPPED)
        scene.close()
    with opened_window(qtbot, tmp_path, secrets=secrets, wait=False) as scene:
        assert (scene.window.width(), scene.window.height()) == (770, 590)
        assert scene.program.theme.choice == "dark"
        assert scene.window.menus.action(Command.THEME_DARK).isChecked()
        scene.until(lambda: scene.view.profile.name == "Acme")
        scene.until_state(State.STOPPED)
        assert scene.banner() == ""


def test_kept_token_is_listed_at_the_next_start_and_not_asked_about(
    qtbot: QtBot, tmp_path: Path, concur: SimulatedConcur
) -> None:
    secrets = FakeSecrets()
    with_acme(tmp_path, concur, secrets)
    with opened_window(qtbot, tmp_path, secrets=secrets) as scene:
        connect_acme(scene, concur)
        scene.asks.quits = [QuitChoice.KEEP]
        scene.close()
        scene.until_closed()
        assert quits(scene) == [(1, False, 0)]
    end_process_in(tmp_path)
    with opened_window(qtbot, tmp_path, secrets=secrets, wait=False) as scene:
        scene.until_told(Happening.LEFT_FROM_BEFORE)
        assert scene.banner() == "Note: Live tokens from before: 1"
        list_says(scene, "live")
        scene.close()
        scene.until_closed()
        assert quits(scene) == []
    assert len(live_at(concur)) == 1


def test_token_of_an_earlier_process_with_the_same_number_is_not_asked_about(
    qtbot: QtBot, tmp_path: Path, concur: SimulatedConcur
) -> None:
    """In a container a program has the same process id every time."""
    secrets = FakeSecrets()
    with_acme(tmp_path, concur, secrets)
    with opened_window(qtbot, tmp_path, secrets=secrets) as scene:
        connect_acme(scene, concur)
    end_process_in(tmp_path, pid=os.getpid(), process_started=1.0)
    with opened_window(qtbot, tmp_path, secrets=secrets, wait=False) as scene:
        scene.until_told(Happening.LEFT_FROM_BEFORE)
        scene.close()
        scene.until_closed()
        assert quits(scene) == []


@of_both
def test_token_from_before_is_opened_tried_and_revoked(
    qtbot: QtBot, tmp_path: Path, concur: SimulatedConcur, kit: Kit
) -> None:
    secrets = FakeSecrets()
    with_acme(tmp_path, concur, secrets, kit)
    with opened_window(qtbot, tmp_path, secrets=secrets) as scene:
        connect_acme(scene, concur, kit)
        scene.asks.quits = [QuitChoice.KEEP]
        scene.close()
    end_process_in(tmp_path)
    with opened_window(qtbot, tmp_path, secrets=secrets, wait=False) as scene:
        scene.until_told(Happening.LEFT_FROM_BEFORE)
        scene.press("Issued tokens…", scene.window.banner)
        dialog = scene.dialog(IssuedTokensDialog)
        scene.until(lambda: issued_states(dialog) == ["live"])
        scene.press("Open in window", dialog)
        scene.until_state(State.CONNECTED)
        scene.press("Close", dialog)
        scene.until(lambda: scene.view.application.consumer_secret != "")
        scene.press(TRY)
        scene.until_told(Happening.TOKEN_WORKS)
        scene.until_state(State.CONNECTED)
        scene.press(REVOKE)
        scene.until_state(State.REVOKED)
        assert live_at(concur) == set()
        assert [name for name in secrets.entries if name.startswith("token/")] == []
        scene.until(lambda: Happening.LEFT_FROM_BEFORE not in scene.told())


def test_tokens_of_the_built_in_sandbox_ended_with_it(qtbot: QtBot, tmp_path: Path) -> None:
    secrets = FakeSecrets()
    with opened_window(qtbot, tmp_path, secrets=secrets) as scene:
        scene.connect()
        scene.asks.quits = [QuitChoice.KEEP]
        scene.close()
    end_process_in(tmp_path)
    with opened_window(qtbot, tmp_path, secrets=secrets) as scene:
        scene.until(lambda: secrets.entries == {})
        assert scene.banner() == ""
        list_says(scene)


# After a kill

CHILD = """
import sys
from PySide6.QtCore import QTimer
from gui.session_state import State
from gui.store.secrets import OpenedStore
from gui.window import make_application, open_program
from tests.unit.store.fakes import FakeSecrets
home, profile_id, secret, code = sys.argv[1:]
secrets = FakeSecrets()
secrets.entries["consumer-secret/" + profile_id] = secret
app = make_application()
with open_program({"APP_CENTER_FLOW_HOME": home}, open_secrets=lambda _s: OpenedStore(secrets, None)) as program:
    def go_on():
        session = program.session
        if session is None:
            return
        view = session.board.view
        if not view.starting and view.profile.profile_id != profile_id:
            session.profiles.select(profile_id)
        elif view.state is State.STOPPED and view.application.consumer_secret:
            session.listener.paste(code)
    timer = QTimer()
    timer.timeout.connect(go_on)
    timer.start(20)
    program.show()
    app.exec()
"""


def test_program_that_was_killed_in_the_exchange(qtbot: QtBot, tmp_path: Path, concur: SimulatedConcur) -> None:
    secrets = FakeSecrets()
    with_acme(tmp_path, concur, secrets)
    arrived = threading.Event()
    concur.log.subscribe(lambda entry: arrived.set() if entry.operation == "exchange" else None)
    concur.answers.set_for_endpoint(Endpoint.EXCHANGE, Answer(delivery=LATE))
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path), ID, SECRET, concur.issue_request_token()],
        cwd=ROOT,
        env=environment(tmp_path, QT_QPA_PLATFORM="offscreen"),
    ) as program:
        assert arrived.wait(60)
        program.kill()
    assert len(live_at(concur)) == 1
    with opened_window(qtbot, tmp_path, secrets=secrets, wait=False) as scene:
        scene.until_told(Happening.CUT_OFF_BEFORE)
        assert scene.banner() == "Warning: Exchanges that were cut off: 1"
        assert "revoke all tokens of the user for this app at Concur" in scene.texts()
        scene.press("Issued tokens…", scene.window.banner)
        dialog = scene.dialog(IssuedTokensDialog)
        scene.until(lambda: issued_states(dialog) == ["exchange cut off"])
        assert KEY in dialog.facts.whole_text
        assert not dialog.revoke_button.isEnabled()
        scene.press("Forget…", dialog)
        assert "it goes on living at Concur" in dialog.question.text()
        scene.press("Forget", dialog)
        scene.until(lambda: issued_states(dialog) == [])
        scene.press("Close", dialog)


@of_both
def test_program_that_was_killed_between_keyring_and_file(
    qtbot: QtBot, tmp_path: Path, concur: SimulatedConcur, kit: Kit
) -> None:
    secrets = FakeSecrets()
    with_acme(tmp_path, concur, secrets, kit)
    with opened_window(qtbot, tmp_path, secrets=secrets) as scene:
        connect_acme(scene, concur, kit)
    end_process_in(tmp_path, state="noted", issued_at=None, expires_at=None, instance_url=None)
    with opened_window(qtbot, tmp_path, secrets=secrets, wait=False) as scene:
        scene.until_told(Happening.LEFT_FROM_BEFORE)
        scene.press("Issued tokens…", scene.window.banner)
        dialog = scene.dialog(IssuedTokensDialog)
        scene.until(lambda: issued_states(dialog) == ["live"])
        scene.press("Revoke", dialog)
        scene.until_told(Happening.REVOKED)
        scene.until(lambda: issued_states(dialog) == [])
        scene.press("Close", dialog)
    assert live_at(concur) == set()


def test_token_that_was_in_memory_of_a_killed_program(qtbot: QtBot, tmp_path: Path, concur: SimulatedConcur) -> None:
    secrets = FakeSecrets()
    with_acme(tmp_path, concur, secrets)
    with opened_window(qtbot, tmp_path, secrets=secrets) as scene:
        connect_acme(scene, concur)
    end_process_in(tmp_path, kept="session")
    with opened_window(qtbot, tmp_path, secrets=FakeSecrets(), wait=False) as scene:
        scene.until_told(Happening.LOST_BEFORE)
        list_says(scene, "lost")


def test_token_of_a_killed_self_test_is_revoked_at_the_start(
    qtbot: QtBot, tmp_path: Path, concur: SimulatedConcur
) -> None:
    secrets = FakeSecrets()
    with_acme(tmp_path, concur, secrets)
    with opened_window(qtbot, tmp_path, secrets=secrets) as scene:
        connect_acme(scene, concur)
    end_process_in(tmp_path, purpose="self-test")
    with opened_window(qtbot, tmp_path, secrets=secrets, wait=False) as scene:
        scene.until(lambda: live_at(concur) == set())
        scene.until(lambda: not scene.view.issued.live)
        list_says(scene)
