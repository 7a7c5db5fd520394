"""The session over real HTTP, without a window: what is started, what ends, what is lost to nobody."""

from __future__ import annotations

import shutil
import socket
import threading
import urllib.error
import urllib.request
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gui.check_list import CheckKey, CheckState, check_list
from gui.concur.errors import (
    AccessDenied,
    RedirectStateMissing,
    RequestCancelled,
    RequestTokenMissing,
)
from gui.concur.models import Operation
from gui.flow.revocation import Tick
from gui.loopback.errors import LoopbackUnavailable, PortInUse
from gui.loopback.http import Delivery
from gui.loopback.listener import RedirectListener
from gui.notices import Happening, NoticeAction, Severity
from gui.sandbox.answers import Answer, Endpoint
from gui.sandbox.service import SimulatedConcur
from gui.session_requests import NoticeChoice, ProfileDraft, SaveRequest
from gui.session_state import Control, State
from gui.session_view import KeyringStatus, ListenerStatus, Milestone
from gui.store.errors import (
    FileNotWritten,
    FolderNotWritable,
    KeyringAbsent,
    KeyringDenied,
    KeyringFull,
    KeyringLocked,
    ProfileFieldInvalid,
    ProfileNameTaken,
)
from gui.store.profile import BUILT_IN_PROFILE_ID, built_in_profile
from gui.store.profile_file import export_profile
from gui.store.secrets import OpenedStore, SessionSecretStore
from tests.flow.contracts import BOTH, LEGACY_KIT, Kit
from tests.flow.scene import RawServer
from tests.gui.session_scene import (
    SessionScene,
    answer,
    connected,
    connected_by_code,
    on_any_port,
    profile,
    second_profile,
    session_scene,
    subjects,
    wait_for,
)
from tests.unit.store.fakes import FakeSecrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

both = pytest.mark.parametrize("scene", BOTH, indirect=True)
"""Other tests are about what no contract has a word in."""


@pytest.fixture
def scene(request: pytest.FixtureRequest, tmp_path: Path, qtbot: QtBot) -> Iterator[SessionScene]:
    """A session with its sandbox listening on any port, waiting for a redirect; of the legacy contract, or `both`."""
    with session_scene(tmp_path, kit=getattr(request, "param", LEGACY_KIT)) as made:
        on_any_port(made)
        made.session.start("")
        qtbot.waitUntil(lambda: made.view.state is State.WAITING and made.view.keyring.status is KeyringStatus.READY)
        yield made


def wait_for_exchange_at_concur(qtbot: QtBot, scene: SessionScene) -> None:
    """Wait until the exchange has arrived there: one that was cancelled before is as good as never begun."""
    log = scene.concur.log
    qtbot.waitUntil(lambda: any(entry.operation == "exchange" for entry in log.entries()))


def get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=5) as response:
        status: int = response.status
        return status


def get_refused(url: str) -> None:
    try:
        get(url)
    except urllib.error.HTTPError as refused:
        refused.close()


def in_thread(work: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


# The way there and back


@both
def test_first_start_is_ready_with_one_thing_to_do(scene: SessionScene) -> None:
    view = scene.view
    assert view.simulated
    assert view.listener.status is ListenerStatus.LISTENING
    assert view.application.consumer_key
    assert view.application.consumer_secret
    assert view.next_control is Control.SIMULATE_APP_CENTER
    assert view.notices == ()


@both
def test_whole_flow(qtbot: QtBot, scene: SessionScene) -> None:
    connected(qtbot, scene)
    shown = scene.view.shown
    assert shown is not None
    assert shown.document is not None
    assert shown.answer is not None
    assert shown.answer.response_body == shown.document.raw
    assert shown.token.kept == "keyring"
    scene.session.flow.probe()
    wait_for(qtbot, scene, State.CONNECTED)
    assert subjects(scene) == [Happening.TOKEN_WORKS]
    scene.session.flow.refresh()
    qtbot.waitUntil(lambda: scene.view.shown is not None and scene.view.shown.token != shown.token, timeout=8000)
    scene.session.revoking.revoke()
    wait_for(qtbot, scene, State.REVOKED)
    revocation = scene.view.revocation
    assert revocation is not None
    assert (revocation.server, revocation.refused, revocation.local_copy) == (Tick.DONE, Tick.DONE, Tick.DONE)
    qtbot.waitUntil(lambda: scene.view.issued.live == ())  # the one that was refreshed is revoked along
    assert scene.view.shown is None
    assert [name for name in scene.secrets.entries if name.startswith("token/")] == []
    scene.session.flow.start_over()
    assert scene.view.state is State.WAITING
    connected(qtbot, scene)


@both
def test_without_exchange_at_once_the_request_token_waits(qtbot: QtBot, scene: SessionScene) -> None:
    scene.session.profiles.set_exchange_at_once(False)
    scene.session.listener.simulate_app_center()
    wait_for(qtbot, scene, State.RECEIVED)
    assert scene.view.next_control is Control.EXCHANGE
    scene.session.flow.drop_request_token()
    assert scene.view.state is State.WAITING
    scene.session.listener.simulate_app_center()
    wait_for(qtbot, scene, State.RECEIVED)
    scene.session.flow.exchange()
    wait_for(qtbot, scene, State.CONNECTED)


def test_exchange_at_once_is_remembered(qtbot: QtBot, scene: SessionScene) -> None:
    scene.session.profiles.set_exchange_at_once(False)
    qtbot.waitUntil(lambda: not scene.parts.profiles.load().profiles[0].exchange_at_once)


# Redirects


@pytest.mark.parametrize(
    ("query", "told"),
    [
        pytest.param("", RequestTokenMissing, id="nothing in it"),
        pytest.param("?error=access_denied&error_description=no", AccessDenied, id="denied"),
        pytest.param("?error_code=user_denied&error=no&error_description=no", AccessDenied, id="denied with a code"),
    ],
)
@both
def test_redirect_that_brings_no_token_is_told(qtbot: QtBot, scene: SessionScene, query: str, told: type) -> None:
    url = scene.view.listener.redirect_url + query

    def call() -> None:
        get_refused(url)

    thread = in_thread(call)
    qtbot.waitUntil(lambda: told in subjects(scene))
    thread.join()
    assert scene.view.state is State.WAITING


def test_redirect_to_another_path_is_told_with_the_path(qtbot: QtBot, scene: SessionScene) -> None:
    url = scene.view.listener.redirect_url.replace("/redirect", "/callback") + "?code=0_abc"

    def call() -> None:
        get_refused(url)

    thread = in_thread(call)
    qtbot.waitUntil(lambda: Happening.REDIRECT_ELSEWHERE in subjects(scene))
    thread.join()
    assert scene.view.notices[-1].fact == "/callback"


@both
def test_another_request_token_is_reported_and_not_taken(qtbot: QtBot, scene: SessionScene) -> None:
    connected(qtbot, scene)
    held = scene.view.request_token
    other = scene.kit.query(scene.concur)

    def call() -> None:
        get_refused(f"{scene.view.listener.redirect_url}?{other}")

    thread = in_thread(call)
    qtbot.waitUntil(lambda: Happening.OTHER_REQUEST_TOKEN in subjects(scene))
    thread.join()
    assert scene.view.request_token == held
    assert scene.view.state is State.CONNECTED


@both
def test_pasted_code_is_exchanged_and_its_late_redirect_starts_nothing(qtbot: QtBot, scene: SessionScene) -> None:
    query = scene.kit.query(scene.concur)
    scene.session.listener.paste(f"  {query}\n")
    wait_for(qtbot, scene, State.CONNECTED)
    thread = in_thread(lambda: get(f"{scene.view.listener.redirect_url}?{query}"))
    qtbot.waitUntil(lambda: not thread.is_alive())
    assert scene.view.state is State.CONNECTED
    assert subjects(scene) == []


def test_pasted_nonsense_is_told_and_the_listener_goes_on(scene: SessionScene) -> None:
    scene.session.listener.paste("http://example.com/else?code=0_abc")
    assert len(scene.view.notices) == 1
    assert scene.view.state is State.WAITING


def test_listener_stops_and_starts(qtbot: QtBot, scene: SessionScene) -> None:
    scene.session.listener.stop()
    assert scene.view.state is State.STOPPED
    assert scene.view.next_control is Control.START_LISTENER
    scene.session.listener.start()
    wait_for(qtbot, scene, State.WAITING)


def test_taken_port_is_told_with_a_way_out(tmp_path: Path, qtbot: QtBot) -> None:
    with RawServer(b"") as server, session_scene(tmp_path) as scene:
        on_any_port(scene, redirect_url=f"http://localhost:{server.base_url.rpartition(':')[2]}/redirect")
        scene.session.start("")
        qtbot.waitUntil(lambda: PortInUse in subjects(scene))
        notice = scene.view.notices[-1]
        assert NoticeAction.USE_FREE_PORT in notice.actions
        scene.session.act_on_notice(NoticeChoice(notice.notice_id, NoticeAction.USE_FREE_PORT))
        wait_for(qtbot, scene, State.WAITING)
        assert PortInUse not in subjects(scene)
        connected(qtbot, scene)


# Failures


@both
def test_refused_exchange_waits_for_another_request_token(qtbot: QtBot, scene: SessionScene) -> None:
    answer(scene, Endpoint.EXCHANGE, Answer(status=400, headers=scene.kit.headers, body=scene.kit.error))
    scene.session.listener.simulate_app_center()
    qtbot.waitUntil(lambda: scene.kit.refused in subjects(scene))
    assert scene.view.state is State.WAITING
    assert scene.view.request_token is None


@both
def test_exchange_that_never_left_keeps_the_request_token(qtbot: QtBot, scene: SessionScene) -> None:
    scene.session.profiles.set_exchange_at_once(False)
    scene.session.listener.simulate_app_center()
    wait_for(qtbot, scene, State.RECEIVED)
    port = scene.concur.port
    scene.concur.stop()
    scene.session.flow.exchange()
    wait_for(qtbot, scene, State.RECEIVED)
    assert scene.view.request_token is not None
    scene.concur.start(port)
    scene.session.flow.exchange()
    wait_for(qtbot, scene, State.CONNECTED)


@both
def test_cancelled_exchange_ends_once_and_soon(qtbot: QtBot, scene: SessionScene) -> None:
    answer(scene, Endpoint.EXCHANGE, Answer(delivery=Delivery(delay_s=30.0)))
    scene.session.listener.simulate_app_center()
    wait_for_exchange_at_concur(qtbot, scene)
    scene.session.call.cancel()
    qtbot.waitUntil(lambda: RequestCancelled in subjects(scene))
    assert scene.view.state is State.WAITING
    assert scene.view.activity is None
    qtbot.waitUntil(lambda: len(scene.view.issued.cut_off) == 1)  # nobody knows what Concur made of it


@both
def test_call_that_does_not_come_back_is_gone_on_without(qtbot: QtBot, scene: SessionScene) -> None:
    """Its token comes late: it is dropped from the window, stored, and listed."""
    held, let_go = scene.parts.tokens.store_issued, threading.Event()

    def late(*arguments: object, **named: object) -> object:
        assert let_go.wait(20)
        return held(*arguments, **named)  # type: ignore[arg-type]  # handed on as it came

    scene.parts.tokens.store_issued = late  # type: ignore[method-assign,assignment]  # a keyring that is slow to store
    scene.session.listener.simulate_app_center()
    qtbot.waitUntil(lambda: any(row.operation is Operation.EXCHANGE for row in scene.parts.timeline.rows()))
    scene.session.call.cancel()
    qtbot.waitUntil(lambda: RequestCancelled in subjects(scene))
    assert scene.view.state is State.WAITING
    let_go.set()
    qtbot.waitUntil(lambda: Happening.CAME_LATE in subjects(scene))
    assert scene.view.state is State.WAITING
    qtbot.waitUntil(lambda: len(scene.view.issued.live) == 1)


@both
def test_failure_after_issue_is_revoked_at_once(qtbot: QtBot, scene: SessionScene) -> None:
    scene.secrets.fail_write = KeyringFull(backend="x", operation="write")
    scene.session.listener.simulate_app_center()
    qtbot.waitUntil(lambda: scene.view.state is State.REVOKED, timeout=8000)
    qtbot.waitUntil(lambda: Happening.REVOKED_AFTER_FAILURE in subjects(scene))
    assert KeyringFull in [type(error) for error in scene.view.notices[-1].more]


@pytest.mark.parametrize("kit", BOTH)
def test_failure_after_issue_offers_to_revoke(tmp_path: Path, qtbot: QtBot, kit: Kit) -> None:
    with session_scene(tmp_path, kit=kit) as scene:
        on_any_port(scene, revoke_on_failure=False)
        scene.session.start("")
        wait_for(qtbot, scene, State.WAITING)
        qtbot.waitUntil(lambda: scene.view.keyring.status is KeyringStatus.READY)
        scene.secrets.fail_write = KeyringFull(backend="x", operation="write")
        scene.session.listener.simulate_app_center()
        wait_for(qtbot, scene, State.AT_RISK)
        notice = scene.view.notices[-1]
        assert notice.actions == (NoticeAction.REVOKE, NoticeAction.KEEP_TOKEN)
        scene.session.act_on_notice(NoticeChoice(notice.notice_id, NoticeAction.REVOKE))
        wait_for(qtbot, scene, State.REVOKED)


@both
def test_revoke_that_fails_leaves_the_token_listed_and_can_be_repeated(qtbot: QtBot, scene: SessionScene) -> None:
    connected(qtbot, scene)
    answer(scene, Endpoint.REVOKE, Answer(status=500, body=b"broken"))
    scene.session.revoking.revoke()
    wait_for(qtbot, scene, State.AT_RISK)
    assert scene.view.shown is not None
    scene.concur.answers.clear()
    scene.session.revoking.revoke()
    wait_for(qtbot, scene, State.REVOKED)


# The keyring


def test_without_a_keyring_everything_works_and_is_said(tmp_path: Path, qtbot: QtBot) -> None:
    problem = KeyringAbsent(reason="no session bus")
    with session_scene(tmp_path, open_secrets=lambda _s: OpenedStore(SessionSecretStore(), problem)) as scene:
        on_any_port(scene)
        scene.session.start("")
        wait_for(qtbot, scene, State.WAITING)
        qtbot.waitUntil(lambda: scene.view.keyring.status is KeyringStatus.SESSION_ONLY)
        assert KeyringAbsent in subjects(scene)
        connected(qtbot, scene)
        assert scene.view.shown is not None
        assert scene.view.shown.token.kept == "session"


def test_keyring_that_hangs_is_not_waited_for_and_can_be_tried_again(tmp_path: Path, qtbot: QtBot) -> None:
    let_go, secrets = threading.Event(), FakeSecrets()

    def open_secrets(_limit_s: float) -> OpenedStore:
        assert let_go.wait(20)
        return OpenedStore(secrets, None)

    with session_scene(tmp_path, open_secrets=open_secrets, secrets=secrets) as scene:
        on_any_port(scene)
        scene.session.start("")
        wait_for(qtbot, scene, State.WAITING)
        connected(qtbot, scene)  # while the keyring is being asked
        scene.session.keyring.do_not_wait()
        assert scene.view.keyring.status is KeyringStatus.SESSION_ONLY
        let_go.set()
        scene.session.keyring.try_again()
        qtbot.waitUntil(lambda: scene.view.keyring.status is KeyringStatus.READY)
        assert [name for name in secrets.entries if name.startswith("token/")] != []  # what was in memory moved there


# Profiles


@both
def test_second_profile_goes_through_a_sign_in_with_state(qtbot: QtBot, scene: SessionScene) -> None:
    secret = scene.session.sandbox.app.consumer_secret
    scene.session.profiles.save(ProfileDraft(profile(scene), secret, is_new=True))
    qtbot.waitUntil(lambda: scene.view.profile.name == "Acme" and scene.view.state is State.STOPPED)
    assert secret in scene.secrets.entries.values()
    scene.session.listener.start()
    wait_for(qtbot, scene, State.WAITING)
    assert scene.view.next_control is Control.OPEN_BROWSER
    with qtbot.waitSignal(scene.session.listener.browser_wanted) as wanted:
        scene.session.listener.open_browser()
    assert wanted.args is not None
    assert f"{scene.kit.sign_in_path}?" in wanted.args[0]
    with qtbot.waitSignal(scene.session.listener.address_wanted) as copied:
        scene.session.listener.copy_address()
    assert copied.args == wanted.args  # the page that is open stays good
    scene.session.listener.paste("code=0_" + "a" * 31)  # without the state
    assert subjects(scene) == [RedirectStateMissing]


def test_word_about_spaces_goes_with_the_next_saving(qtbot: QtBot, scene: SessionScene) -> None:
    first = ProfileDraft(profile(scene), "secret9", is_new=True, trimmed=("consumer key",))
    scene.session.profiles.save(first)
    qtbot.waitUntil(lambda: subjects(scene) == [Happening.SOMETHING_TRIMMED])
    scene.session.profiles.save(ProfileDraft(scene.view.profile, None, is_new=False))
    qtbot.waitUntil(lambda: subjects(scene) == [])


def test_profile_with_a_taken_name_is_refused_to_the_editor(qtbot: QtBot, scene: SessionScene) -> None:
    with qtbot.waitSignal(scene.session.profiles.draft_refused) as refused:
        scene.session.profiles.save(ProfileDraft(profile(scene, name="built-in SANDBOX"), None, is_new=True))
    assert refused.args is not None
    assert isinstance(refused.args[0].error, ProfileNameTaken)


@both
def test_each_profile_has_a_flow_of_its_own(qtbot: QtBot, scene: SessionScene) -> None:
    connected(qtbot, scene)
    shown = scene.view.shown
    scene.session.profiles.save(ProfileDraft(profile(scene), "secret9", is_new=True))
    qtbot.waitUntil(lambda: scene.view.profile.name == "Acme" and scene.view.state is State.STOPPED)
    assert scene.view.shown is None
    scene.session.profiles.select(built_in_profile().profile_id)
    assert scene.view.state is State.CONNECTED
    assert scene.view.shown == shown


def test_deleted_profile_takes_its_secret_along(qtbot: QtBot, scene: SessionScene) -> None:
    scene.session.profiles.save(ProfileDraft(profile(scene), "secret9", is_new=True))
    qtbot.waitUntil(lambda: scene.view.profile.name == "Acme" and scene.view.state is State.STOPPED)
    scene.session.profiles.delete()
    qtbot.waitUntil(lambda: scene.view.simulated)
    assert "secret9" not in scene.secrets.entries.values()
    assert len(scene.view.profiles) == 1


@both
def test_listed_token_is_opened_again_and_revoked(qtbot: QtBot, scene: SessionScene) -> None:
    connected(qtbot, scene)
    scene.session.flow.start_over()
    qtbot.waitUntil(lambda: len(scene.view.issued.live) == 1)
    token = scene.view.issued.live[0]
    scene.session.open_issued(token.token_id)
    wait_for(qtbot, scene, State.CONNECTED)
    assert scene.view.shown is not None
    assert scene.view.shown.document is None
    assert Control.SAVE_DOCUMENT not in scene.view.controls
    scene.session.revoke_issued(token.token_id)
    wait_for(qtbot, scene, State.REVOKED)


@both
def test_listed_token_is_revoked_beside_the_one_that_is_shown(qtbot: QtBot, scene: SessionScene) -> None:
    connected(qtbot, scene)
    scene.session.flow.start_over()
    first = scene.view.issued.live
    connected(qtbot, scene)
    qtbot.waitUntil(lambda: len(scene.view.issued.live) == 2)
    other = next(
        t for t in scene.view.issued.live if scene.view.shown and t.token_id != scene.view.shown.token.token_id
    )
    scene.session.revoke_issued(other.token_id)
    qtbot.waitUntil(lambda: Happening.REVOKED in subjects(scene), timeout=8000)
    qtbot.waitUntil(lambda: len(scene.view.issued.live) == 1)
    assert scene.view.state is State.CONNECTED
    assert first is not None


@both
def test_forgotten_token_is_no_longer_shown(qtbot: QtBot, scene: SessionScene) -> None:
    connected(qtbot, scene)
    assert scene.view.shown is not None
    scene.session.tokens.forget(scene.view.shown.token.token_id)
    wait_for(qtbot, scene, State.WAITING)
    assert scene.view.shown is None


# The end


def test_stop_ends_everything_while_a_call_is_under_way(qtbot: QtBot, scene: SessionScene) -> None:
    answer(scene, Endpoint.EXCHANGE, Answer(delivery=Delivery(delay_s=30.0)))
    scene.session.listener.simulate_app_center()
    wait_for_exchange_at_concur(qtbot, scene)
    scene.session.stop()
    ours = ("job", "lane", "redirect", "sandbox")
    qtbot.waitUntil(lambda: not [thread for thread in threading.enumerate() if thread.name.startswith(ours)])
    assert scene.session.jobs.idle


# What must not get mixed up


@pytest.mark.parametrize("way", ["save", "duplicate", "import", "delete"])
def test_no_other_profile_is_shown_while_a_call_is_under_way(
    qtbot: QtBot, scene: SessionScene, tmp_path: Path, way: str
) -> None:
    """What the call brings belongs to the profile that it was begun under."""
    answer(scene, Endpoint.EXCHANGE, Answer(delivery=Delivery(delay_s=0.3)))
    file = tmp_path / "acme.json"
    export_profile(profile(scene), file)
    scene.session.listener.simulate_app_center()
    qtbot.waitUntil(lambda: scene.view.state is State.EXCHANGING)
    ways: dict[str, Callable[[], None]] = {
        "save": lambda: scene.session.profiles.save(ProfileDraft(profile(scene), "secret9", is_new=True)),
        "duplicate": scene.session.profiles.duplicate,
        "import": lambda: scene.session.profiles.import_from(file),
        "delete": scene.session.profiles.delete,
    }
    ways[way]()
    wait_for(qtbot, scene, State.CONNECTED)
    assert scene.view.simulated
    qtbot.waitUntil(lambda: len(scene.view.issued.live) == 1)
    qtbot.waitUntil(lambda: len(scene.view.profiles) == (2 if way in {"save", "import"} else 1))


class SlowToDelete(FakeSecrets):
    """Deletes when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.let_go = threading.Semaphore(0), threading.Event()

    def delete(self, name: str) -> None:
        self.asked.release()
        assert self.let_go.wait(20)
        super().delete(name)


@pytest.mark.parametrize("refused", [False, True], ids=["deleted", "refused by the keyring"])
def test_nothing_begins_under_a_profile_that_is_being_deleted(tmp_path: Path, qtbot: QtBot, refused: bool) -> None:
    """A redirect can come while the keyring takes its time: its token would be of a profile that is gone."""
    secrets = SlowToDelete()
    with session_scene(tmp_path, secrets=secrets) as made:
        on_any_port(made)
        made.session.start("")
        wait_for(qtbot, made, State.WAITING)
        acme = second_profile(qtbot, made)
        made.session.listener.start()
        wait_for(qtbot, made, State.WAITING)
        if refused:
            secrets.fail_delete = KeyringDenied(backend="b", operation="delete")
        made.session.profiles.delete()
        assert secrets.asked.acquire(timeout=8)
        assert made.view.controls == frozenset()
        assert made.view.listener.status is ListenerStatus.OFF
        made.session.listener.paste("code=0_Canary1234")
        made.session.profiles.select(BUILT_IN_PROFILE_ID)
        made.session.profiles.delete()
        assert made.view.state is State.STOPPED
        assert made.view.request_token is None
        secrets.let_go.set()
        shown = acme.profile_id if refused else BUILT_IN_PROFILE_ID
        wait_for(qtbot, made, State.WAITING)
        assert made.view.profile.profile_id == shown
        assert made.view.profile in made.view.profiles
        assert Control.PASTE_REDIRECT in made.view.controls
        assert (acme.secret_name in secrets.entries) is refused
        assert not any(exchange.operation is Operation.EXCHANGE for exchange in made.parts.timeline.rows())


def test_profile_of_a_contract_that_nobody_knows_is_refused(qtbot: QtBot, scene: SessionScene) -> None:
    with qtbot.waitSignal(scene.session.profiles.draft_refused) as refused:
        scene.session.profiles.save(ProfileDraft(profile(scene, contract="oauth1"), "secret9", is_new=True))
    assert refused.args is not None
    assert isinstance(refused.args[0].error, ProfileFieldInvalid)
    assert scene.view.simulated
    scene.session.profiles.switch_contract("oauth1")
    assert subjects(scene) == [Happening.NOT_NOW]


def test_listener_that_is_just_starting_is_stopped_at_the_end(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, let_go = threading.Event(), threading.Event()
    start = RedirectListener.start

    def slow(listener: RedirectListener) -> None:
        begun.set()
        assert let_go.wait(20)
        start(listener)

    monkeypatch.setattr(RedirectListener, "start", slow)
    with session_scene(tmp_path) as scene:
        on_any_port(scene)
        scene.session.start("")
        qtbot.waitUntil(begun.is_set)
        threading.Timer(0.2, let_go.set).start()
        scene.session.stop()
    qtbot.waitUntil(lambda: not any(thread.name == "redirect-listener" for thread in threading.enumerate()))


def test_redirect_that_is_quicker_than_the_news_of_the_listener_is_not_lost(
    qtbot: QtBot, scene: SessionScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = scene.concur.issue_request_token()
    start = RedirectListener.start

    def visited_at_once(listener: RedirectListener) -> None:
        start(listener)
        get(f"{listener.redirect_url}?code={code}")

    scene.session.listener.stop()
    monkeypatch.setattr(RedirectListener, "start", visited_at_once)
    scene.session.listener.start()
    wait_for(qtbot, scene, State.CONNECTED)


def test_token_that_has_just_come_is_one_to_ask_about(qtbot: QtBot, scene: SessionScene) -> None:
    """The list is read in the background; closing the window must not be quicker than it."""
    asked: list[int] = []

    def on_changed(view: object) -> None:
        assert view is not None
        if scene.view.state is State.CONNECTED:
            asked.append(len(scene.session.undecided_tokens()))

    scene.session.board.changed.connect(on_changed)
    connected(qtbot, scene)
    scene.session.board.changed.disconnect(on_changed)
    assert set(asked) == {1}


@both
def test_check_list_stays_done_when_the_token_is_gone(qtbot: QtBot, scene: SessionScene) -> None:
    connected(qtbot, scene)
    scene.session.flow.refresh()
    qtbot.waitUntil(lambda: Milestone.REFRESHED in scene.view.milestones)
    scene.session.revoking.revoke()
    wait_for(qtbot, scene, State.REVOKED)
    states = {item.key: item.state for item in check_list(scene.view)}
    left = {key for key, state in states.items() if state is not CheckState.DONE}
    assert left - {CheckKey.ROLE} == {CheckKey.SCOPES, CheckKey.FAILURE}
    assert states[CheckKey.ROLE] in {CheckState.DONE, CheckState.NOT_APPLICABLE}  # one contract alone names a role
    scene.session.flow.start_over()
    assert {item.key: item.state for item in check_list(scene.view)}[CheckKey.EXCHANGE] is CheckState.OPEN


def test_keeping_a_token_leaves_other_notices_alone(tmp_path: Path, qtbot: QtBot) -> None:
    with session_scene(tmp_path) as scene:
        on_any_port(scene, revoke_on_failure=False)
        scene.session.start("")
        wait_for(qtbot, scene, State.WAITING)
        qtbot.waitUntil(lambda: scene.view.keyring.status is KeyringStatus.READY)
        scene.session.board.tell(Severity.SUCCESS, Happening.SAVED, "a file")
        scene.secrets.fail_write = KeyringFull(backend="x", operation="write")
        scene.session.listener.simulate_app_center()
        wait_for(qtbot, scene, State.AT_RISK)
        scene.session.revoking.keep_token()
        assert scene.view.state is State.CONNECTED
        assert subjects(scene) == [Happening.SAVED]


def test_fault_of_the_program_is_told_once(scene: SessionScene) -> None:
    scene.session.board.tell_failure(ZeroDivisionError())
    scene.session.board.tell_failure(ZeroDivisionError())
    assert subjects(scene) == [Happening.PROGRAM_FAULT]
    assert [type(fault) for fault in scene.faults] == [ZeroDivisionError, ZeroDivisionError]
    scene.faults.clear()


@both
def test_saved_files_hold_secrets_only_where_asked(qtbot: QtBot, scene: SessionScene, tmp_path: Path) -> None:
    connected(qtbot, scene)
    assert scene.view.shown is not None
    token, secret = scene.view.shown.live.access_token, scene.view.application.consumer_secret
    document, har = scene.session.files.save_document, scene.session.files.export_timeline
    for save, name in ((document, "document.xml"), (har, "timeline.har")):
        for redacted in (True, False):
            path = tmp_path / f"{redacted}-{name}"
            save(SaveRequest(path, redacted))
            qtbot.waitUntil(path.exists)
    assert (tmp_path / "False-document.xml").read_bytes() == scene.view.shown.document.raw  # type: ignore[union-attr]
    assert token not in (tmp_path / "True-document.xml").read_text()
    assert token not in (tmp_path / "True-timeline.har").read_text()
    assert secret not in (tmp_path / "True-timeline.har").read_text()
    assert secret in (tmp_path / "False-timeline.har").read_text()
    qtbot.waitUntil(lambda: scene.session.jobs.idle)


def test_file_that_cannot_be_written_is_told(qtbot: QtBot, scene: SessionScene, tmp_path: Path) -> None:
    connected(qtbot, scene)
    (tmp_path / "file").touch()
    scene.session.files.save_document(SaveRequest(tmp_path / "file" / "in-a-file.xml", redacted=True))
    qtbot.waitUntil(lambda: FolderNotWritable in subjects(scene) or FileNotWritten in subjects(scene))


# Each of these was found by somebody who meant harm


def at_risk(qtbot: QtBot, scene: SessionScene) -> None:
    """The keyring refuses the token that comes next."""
    scene.secrets.fail_write = KeyringFull(backend="x", operation="write")
    scene.session.listener.paste(scene.kit.query(scene.concur))
    wait_for(qtbot, scene, State.AT_RISK)
    scene.secrets.fail_write = None


@both
def test_banner_of_one_profile_does_nothing_to_another(qtbot: QtBot, scene: SessionScene) -> None:
    good = second_profile(qtbot, scene, name="Good")
    connected_by_code(qtbot, scene)
    bad = second_profile(qtbot, scene, name="Bad", revoke_on_failure=False)
    at_risk(qtbot, scene)
    offer = scene.view.shown_notices[-1]
    assert NoticeAction.REVOKE in offer.actions
    scene.session.profiles.select(good.profile_id)
    assert offer not in scene.view.shown_notices
    scene.session.act_on_notice(NoticeChoice(offer.notice_id, NoticeAction.REVOKE))
    assert scene.view.state is State.CONNECTED
    scene.session.profiles.select(bad.profile_id)
    assert scene.view.shown_notices[-1] == offer
    scene.session.act_on_notice(NoticeChoice(offer.notice_id, NoticeAction.REVOKE))
    wait_for(qtbot, scene, State.REVOKED)
    assert offer not in scene.view.notices
    qtbot.waitUntil(lambda: [token.profile_name for token in scene.view.issued.live] == ["Good"])


def test_notice_that_offers_to_revoke_is_not_buried(qtbot: QtBot, scene: SessionScene) -> None:
    second_profile(qtbot, scene, revoke_on_failure=False)
    at_risk(qtbot, scene)
    offer = scene.view.shown_notices[-1]
    for number in range(10):
        scene.session.board.tell(Severity.WARNING, Happening.REDIRECT_ELSEWHERE, f"/{number}")
    scene.session.board.tell_failure(KeyringFull(backend="x", operation="write"))
    assert scene.view.shown_notices[-1] == offer


def test_free_port_is_for_the_sandbox_alone(qtbot: QtBot, scene: SessionScene) -> None:
    second_profile(qtbot, scene, redirect_url="http://localhost:18799/redirect")
    scene.session.listener.start_on_free_port()
    assert scene.view.listener.status is ListenerStatus.OFF


@both
def test_token_revoked_from_the_list_is_gone_from_the_flow_of_its_profile(qtbot: QtBot, scene: SessionScene) -> None:
    first = second_profile(qtbot, scene, name="First")
    connected_by_code(qtbot, scene)
    qtbot.waitUntil(lambda: len(scene.view.issued.live) == 1)
    token = scene.view.issued.live[0]
    scene.session.profiles.select(built_in_profile().profile_id)
    scene.session.revoke_issued(token.token_id)
    qtbot.waitUntil(lambda: Happening.REVOKED in subjects(scene), timeout=8000)
    scene.session.profiles.select(first.profile_id)
    qtbot.waitUntil(lambda: scene.view.state is State.STOPPED)
    assert scene.view.shown is None


@both
def test_token_that_another_window_has_ended_is_let_go_of(qtbot: QtBot, scene: SessionScene) -> None:
    connected(qtbot, scene)
    assert scene.view.shown is not None
    scene.parts.tokens.forget(scene.view.shown.token.token_id)
    scene.session.revoking.revoke()
    wait_for(qtbot, scene, State.WAITING)
    assert subjects(scene) == [Happening.TOKEN_GONE]


@both
def test_refresh_never_goes_to_another_host(qtbot: QtBot, scene: SessionScene) -> None:
    """The profile was given another base URL; the token was issued at the former one."""
    made = second_profile(qtbot, scene)
    connected_by_code(qtbot, scene)
    scene.session.flow.start_over()
    qtbot.waitUntil(lambda: len(scene.view.issued.live) == 1)
    token = scene.view.issued.live[0]
    with RawServer(b"") as server:
        changed = replace(made, base_url=server.base_url)
        scene.session.profiles.save(ProfileDraft(changed, None, is_new=False))
        qtbot.waitUntil(lambda: scene.view.application.base_url == server.base_url)
        scene.session.open_issued(token.token_id)
        wait_for(qtbot, scene, State.CONNECTED)
        assert Control.REFRESH not in scene.view.controls
        scene.session.flow.refresh()
        assert scene.view.activity is None
        assert server.requests == []


def test_journal_that_cannot_be_read_is_not_called_empty(qtbot: QtBot, scene: SessionScene, tmp_path: Path) -> None:
    folder = tmp_path / "state" / "issued"
    if folder.exists():
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.touch()
    scene.session.tokens.review()
    qtbot.waitUntil(lambda: scene.view.issued_problem is not None)
    folder.unlink()
    scene.session.tokens.review()
    qtbot.waitUntil(lambda: scene.view.issued_problem is None)


@both
def test_revoke_that_was_cut_off_is_proven_by_the_next_try(qtbot: QtBot, scene: SessionScene) -> None:
    """Concur carried it out and its answer was lost: the refusal now is the proof, since the token was good before."""
    connected(qtbot, scene)
    answer(scene, Endpoint.REVOKE, Answer(delivery=Delivery(delay_s=30.0)))
    scene.session.revoking.revoke()
    log = scene.concur.log
    qtbot.waitUntil(lambda: any(entry.operation == "revoke" for entry in log.entries()))
    scene.session.call.cancel()
    wait_for(qtbot, scene, State.AT_RISK)
    scene.concur.answers.clear()
    scene.session.revoking.revoke()
    wait_for(qtbot, scene, State.REVOKED)
    assert scene.view.revocation is not None
    assert scene.view.revocation.refused is Tick.DONE


def test_keyring_that_failed_in_between_is_tried_again(qtbot: QtBot, scene: SessionScene) -> None:
    made = second_profile(qtbot, scene)
    scene.session.profiles.select(built_in_profile().profile_id)
    scene.secrets.fail_read = KeyringLocked(backend="x", operation="read")
    scene.session.profiles.select(made.profile_id)
    qtbot.waitUntil(lambda: KeyringLocked in subjects(scene))
    notice = scene.view.shown_notices[-1]
    assert notice.actions == (NoticeAction.TRY_KEYRING_AGAIN,)
    scene.secrets.fail_read = None
    scene.session.act_on_notice(NoticeChoice(notice.notice_id, NoticeAction.TRY_KEYRING_AGAIN))
    qtbot.waitUntil(lambda: scene.view.state is State.STOPPED)
    assert KeyringLocked not in subjects(scene)


def test_app_that_became_incomplete_lets_no_redirect_in(qtbot: QtBot, scene: SessionScene) -> None:
    second_profile(qtbot, scene)
    scene.session.listener.start()
    wait_for(qtbot, scene, State.WAITING)
    connected_by_code(qtbot, scene)
    scene.secrets.fail_read = KeyringLocked(backend="x", operation="read")
    scene.session.profiles.show_again()
    qtbot.waitUntil(lambda: scene.view.application.problem is not None)
    scene.session.flow.start_over()
    assert scene.view.state is State.UNCONFIGURED
    assert scene.view.listener.status is ListenerStatus.OFF
    scene.secrets.fail_read = None
    scene.session.profiles.show_again()
    qtbot.waitUntil(lambda: scene.view.next_control is Control.START_LISTENER)


def test_second_try_to_save_a_new_profile_after_a_keyring_that_failed(qtbot: QtBot, scene: SessionScene) -> None:
    draft = ProfileDraft(profile(scene, name="Fresh"), "secret9", is_new=True)
    scene.secrets.fail_write = KeyringLocked(backend="x", operation="write")
    with qtbot.waitSignal(scene.session.profiles.draft_refused) as refused:
        scene.session.profiles.save(draft)
    assert refused.args is not None
    assert refused.args[0].profile_id == draft.profile.profile_id
    scene.secrets.fail_write = None
    with qtbot.waitSignal(scene.session.profiles.draft_saved) as saved:
        scene.session.profiles.save(draft)
    assert saved.args == [draft.profile.profile_id]
    assert "secret9" in scene.secrets.entries.values()


def test_listener_never_fights_its_own_predecessor_for_the_port(tmp_path: Path, qtbot: QtBot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    with session_scene(tmp_path) as scene:
        on_any_port(scene, redirect_url=f"http://localhost:{port}/redirect")
        scene.session.start("")
        wait_for(qtbot, scene, State.WAITING)
        for _ in range(30):
            scene.session.listener.stop()
            scene.session.listener.start()
            wait_for(qtbot, scene, State.WAITING)
        assert subjects(scene) == []


@both
def test_sign_in_can_give_way_to_the_app_center(qtbot: QtBot, scene: SessionScene) -> None:
    second_profile(qtbot, scene)
    scene.session.listener.start()
    wait_for(qtbot, scene, State.WAITING)
    scene.session.listener.open_browser()
    query = scene.kit.query(scene.concur)
    thread = in_thread(lambda: get_refused(f"{scene.view.listener.redirect_url}?{query}"))
    qtbot.waitUntil(lambda: RedirectStateMissing in subjects(scene))
    thread.join()
    notice = scene.view.shown_notices[-1]
    assert notice.actions == (NoticeAction.WAIT_FOR_APP_CENTER,)
    scene.session.act_on_notice(NoticeChoice(notice.notice_id, NoticeAction.WAIT_FOR_APP_CENTER))
    thread = in_thread(lambda: get(f"{scene.view.listener.redirect_url}?{query}"))
    wait_for(qtbot, scene, State.CONNECTED)
    thread.join()


def test_sandbox_that_cannot_start_is_told_and_tried_again(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = SimulatedConcur.start

    def refused(_concur: SimulatedConcur, _port: int = 0) -> None:
        raise LoopbackUnavailable(reason="EMFILE")

    monkeypatch.setattr(SimulatedConcur, "start", refused)
    with session_scene(tmp_path) as scene:
        on_any_port(scene)
        scene.session.start("")
        qtbot.waitUntil(lambda: isinstance(scene.view.application.problem, LoopbackUnavailable))
        notice = next(each for each in scene.view.shown_notices if isinstance(each.subject, LoopbackUnavailable))
        monkeypatch.setattr(SimulatedConcur, "start", start)
        scene.session.act_on_notice(NoticeChoice(notice.notice_id, NoticeAction.START_SANDBOX))
        wait_for(qtbot, scene, State.WAITING)


@pytest.mark.parametrize("kit", BOTH)
@pytest.mark.parametrize("at_once", [True, False])
def test_late_token_that_could_not_be_kept_is_revoked_or_offered(
    tmp_path: Path, qtbot: QtBot, at_once: bool, kit: Kit
) -> None:
    with session_scene(tmp_path, kit=kit) as scene:
        on_any_port(scene, revoke_on_failure=at_once)
        scene.session.start("")
        wait_for(qtbot, scene, State.WAITING)
        qtbot.waitUntil(lambda: scene.view.keyring.status is KeyringStatus.READY)
        held, let_go = scene.parts.tokens.store_issued, threading.Event()

        def late(*arguments: object, **named: object) -> object:
            assert let_go.wait(20)
            return held(*arguments, **named)  # type: ignore[arg-type]  # handed on as it came

        scene.parts.tokens.store_issued = late  # type: ignore[method-assign,assignment]  # a slow keyring
        scene.secrets.fail_write = KeyringFull(backend="x", operation="write")
        scene.session.listener.simulate_app_center()
        qtbot.waitUntil(lambda: any(row.operation is Operation.EXCHANGE for row in scene.parts.timeline.rows()))
        scene.session.call.cancel()
        qtbot.waitUntil(lambda: RequestCancelled in subjects(scene))
        let_go.set()
        qtbot.waitUntil(lambda: KeyringFull in subjects(scene))
        concur = scene.concur
        if at_once:
            qtbot.waitUntil(lambda: kit.live(concur) == set())
        else:
            offers = [notice for notice in scene.view.shown_notices if notice.offers_revoke]
            qtbot.waitUntil(lambda: len(scene.view.issued.live) == 1)
            scene.session.act_on_notice(NoticeChoice(offers[0].notice_id, NoticeAction.REVOKE))
        qtbot.waitUntil(lambda: scene.view.issued.live == () and scene.view.issued_busy == frozenset())
