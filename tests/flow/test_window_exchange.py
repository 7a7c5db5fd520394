"""Every answer that an exchange can have, as the user of the window meets it.

What is said, what can be pressed, what is live, and that no secret is seen anywhere. These tests share a window, which
has to go on after each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

from gui.concur.contract import LEGACY
from gui.concur.errors import AuthorizationRefused, FlowError
from gui.messages import REMARKS
from gui.notices import Happening
from gui.sandbox.answers import Answer, Endpoint
from gui.session_state import State
from tests.flow.contracts import BOTH, by_contract
from tests.flow.faults import ODDITIES, End, Fault, Oddity
from tests.flow.window_net import watched
from tests.flow.window_scene import (
    KEEP,
    PRESSABLE,
    REFRESH,
    REVOKE,
    SIMULATE,
    START_OVER,
    TRY,
    WindowScene,
    all_is_well_again,
    list_says,
    opened_window,
    shared_window,
    ticks,
    title_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from _pytest.mark.structures import ParameterSet
    from pytestqt.qtbot import QtBot

Scenes = Iterator[WindowScene]
GOOD_WITH_500 = Answer(status=500)
"""The document as ever, and a status that contradicts it."""
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module", params=BOTH)
def _revoking(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    with shared_window(request, tmp_path_factory.mktemp("revoking"), kit=request.param) as made:
        yield made


@pytest.fixture(scope="module", params=BOTH)
def _asking(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    home = tmp_path_factory.mktemp("asking")
    with shared_window(request, home, kit=request.param, revoke_on_failure=False) as made:
        yield made


@pytest.fixture
def revoking(_revoking: WindowScene) -> Scenes:
    """A window that others have used before, whose profile says to revoke at once where something fails."""
    with watched(_revoking) as scene:
        yield scene


@pytest.fixture
def asking(_asking: WindowScene) -> Scenes:
    """The same with a profile that wants to be asked."""
    with watched(_asking) as scene:
        yield scene


OF_THE_CURRENT_CONTRACT = frozenset(
    {
        "error with 400",
        "error with 200",
        "error with 500",
        "document of the other contract",
        "no access_token",
        "good document with 500",
        "cut after the end of refresh_token",
        "brackets that do not match",
        # and of what is odd: all that has a remark of its own
        "expires_in that is no number",
        "no expires_in",
        "no id_token",
        "id_token that is broken",
        "no geolocation",
        "geolocation of somebody else",
        "access token of 8 KB",
    }
)
"""What the window shows otherwise in that contract. All the others are put to the flow in test_faults.py, and come out
of the same parts of the program as in the legacy contract."""


def chosen(of: str) -> list[ParameterSet]:
    """Every fault or oddity of the legacy contract, and those of the current one."""

    def is_chosen(case: ParameterSet) -> bool:
        kit, name = str(case.id).split(": ", 1)
        return kit == LEGACY or name in OF_THE_CURRENT_CONTRACT

    return [case for case in by_contract(of) if is_chosen(case)]


def faults(*ends: End) -> list[ParameterSet]:
    return [case for case in chosen("faults") if isinstance(case.values[1], Fault) and case.values[1].end in ends]


@pytest.mark.parametrize(("_revoking", "fault"), faults(End.CLOSED, End.LEFT), indirect=["_revoking"])
def test_exchange_that_brings_no_token(revoking: WindowScene, fault: Fault) -> None:
    revoking.answer(Endpoint.EXCHANGE, fault.answer)
    revoking.press(SIMULATE)
    notice = revoking.until_told(fault.error)
    revoking.until_state(State.WAITING)
    assert isinstance(notice.subject, FlowError)
    assert revoking.banner() == f"Error: {title_of(notice.subject)}"
    assert revoking.banner_buttons() == {"Issued tokens…", "Show the timeline", "Dismiss"}
    assert revoking.pressable() == PRESSABLE[State.WAITING]
    assert revoking.primary() == SIMULATE
    assert revoking.view.request_token is None
    cut_off = int(fault.end is End.LEFT)
    revoking.until(lambda: len(revoking.view.issued.cut_off) == cut_off)
    assert revoking.unaccounted() == set()
    list_says(revoking, *["exchange cut off"] * cut_off)
    all_is_well_again(revoking)


@pytest.mark.parametrize(("_revoking", "fault"), faults(End.ISSUED), indirect=["_revoking"])
def test_exchange_that_fails_with_a_token_is_revoked_at_once(revoking: WindowScene, fault: Fault) -> None:
    revoking.answer(Endpoint.EXCHANGE, fault.answer)
    revoking.press(SIMULATE)
    notice = revoking.until_told(Happening.REVOKED_AFTER_FAILURE)
    revoking.until_state(State.REVOKED)
    assert [type(error) for error in notice.more] == [fault.error]
    assert revoking.banner() == f"Warning: {title_of(Happening.REVOKED_AFTER_FAILURE)}"
    revoking.press("Details", revoking.window.banner)
    assert title_of(notice.more[0]) in revoking.texts()
    assert ticks(revoking) == ["✓", "✓", "✓"]
    assert revoking.pressable() == PRESSABLE[State.REVOKED]
    assert revoking.kit.first_handle in revoking.kit.secrets(revoking.concur)
    assert revoking.live_at_concur() == revoking.listed() == set()
    revoking.press(START_OVER)
    all_is_well_again(revoking)


@pytest.mark.parametrize(("_asking", "fault"), faults(End.ISSUED), indirect=["_asking"])
def test_exchange_that_fails_with_a_token_offers_to_revoke(asking: WindowScene, fault: Fault) -> None:
    asking.answer(Endpoint.EXCHANGE, fault.answer)
    asking.press(SIMULATE)
    notice = asking.until_told(fault.error)
    asking.until_state(State.AT_RISK)
    assert isinstance(notice.subject, FlowError)
    assert asking.banner() == f"Error: {title_of(notice.subject)}"
    assert asking.banner_buttons() == {"Revoke", "Keep the token", "Dismiss"}
    assert asking.pressable() == PRESSABLE[State.AT_RISK]
    assert asking.primary() == REVOKE
    assert "at risk" in asking.texts()
    assert asking.listed() == asking.live_at_concur() == {asking.kit.first_handle}
    asking.press("Revoke", asking.window.banner)
    asking.until_state(State.REVOKED)
    assert asking.live_at_concur() == set()
    asking.press(START_OVER)
    all_is_well_again(asking)


@pytest.mark.parametrize(
    "keep", [pytest.param("banner", id="in the banner"), pytest.param("panel", id="beside the token")]
)
def test_a_token_at_risk_is_kept_where_the_user_says_so(asking: WindowScene, keep: str) -> None:
    asking.answer(Endpoint.EXCHANGE, GOOD_WITH_500)
    asking.press(SIMULATE)
    asking.until_state(State.AT_RISK)
    asking.concur.answers.clear()
    if keep == "banner":
        asking.press("Keep the token", asking.window.banner)
    else:
        asking.press(KEEP)
    asking.until_state(State.CONNECTED)
    assert asking.banner() == ""
    assert asking.pressable() == PRESSABLE[State.CONNECTED]
    asking.press(TRY)
    asking.until_told(Happening.TOKEN_WORKS)
    assert asking.listed() == asking.live_at_concur() == {asking.kit.first_handle}


def test_starting_over_leaves_a_token_at_risk_in_the_list(asking: WindowScene) -> None:
    asking.answer(Endpoint.EXCHANGE, GOOD_WITH_500)
    asking.press(SIMULATE)
    asking.until_state(State.AT_RISK)
    asking.press(START_OVER)
    asking.until_state(State.WAITING)
    assert asking.banner() == ""
    list_says(asking, "live")
    assert asking.listed() == asking.live_at_concur() == {asking.kit.first_handle}


@pytest.mark.parametrize(("_revoking", "oddity"), chosen("oddities"), indirect=["_revoking"])
def test_odd_answer_that_works(revoking: WindowScene, oddity: Oddity) -> None:
    revoking.answer(Endpoint.EXCHANGE, Answer(headers=oddity.headers, body=oddity.body, processed=True))
    revoking.connect()
    assert revoking.banner() == ""
    revoking.show_tab("Fields")
    assert revoking.pressable() == PRESSABLE[State.CONNECTED] - (
        {REFRESH} if oddity in {ODDITIES["no Refresh_Token"], ODDITIES["JSON"]} else set()
    )
    document = revoking.view.shown.document if revoking.view.shown is not None else None
    assert document is not None
    assert document.raw == oddity.body
    assert [REMARKS[remark] for remark in document.remarks if REMARKS[remark] not in revoking.texts()] == []
    assert revoking.listed() == revoking.live_at_concur() == {revoking.kit.first_handle}
    revoking.press(TRY)
    # The access token of these answers is none that the sandbox knows in the current contract.
    revoking.until_told(AuthorizationRefused if revoking.kit.replaces else Happening.TOKEN_WORKS)
    revoking.until_state(State.CONNECTED)
    revoking.press(REVOKE)
    revoking.until_state(State.REVOKED)
    assert revoking.live_at_concur() == set()


@pytest.mark.logs_warnings
def test_a_fault_of_the_program_fails_its_test(qtbot: QtBot, tmp_path: Path) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    def open_and_fail() -> None:
        with opened_window(qtbot, tmp_path, wait=False) as made:
            QTimer.singleShot(0, fail)
            log = tmp_path / "log" / "app-center-flow.log"
            made.until(lambda: "ZeroDivisionError" in log.read_text())

    with pytest.raises(AssertionError) as caught:
        open_and_fail()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
