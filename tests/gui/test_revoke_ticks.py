from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest

from gui.concur.contract import CURRENT
from gui.flow.revocation import Revocation, Tick
from gui.session_state import State
from gui.widgets.revoke_ticks import MARKS, RevokeTicks, TickMark
from tests.gui.looks import contrast, look
from tests.gui.samples import view_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

ALL = list(product(Tick, Tick, Tick))


def ticks_with(qtbot: QtBot, revocation: Revocation | None, state: State = State.AT_RISK) -> RevokeTicks:
    ticks = RevokeTicks()
    qtbot.addWidget(ticks)
    ticks.resize(900, 24)
    ticks.grab()
    ticks.render(replace(view_of(state), revocation=revocation))
    return ticks


def marks_of(ticks: RevokeTicks) -> tuple[TickMark, TickMark, TickMark]:
    return ticks.server, ticks.refused, ticks.local_copy


@pytest.mark.parametrize(("server", "refused", "local_copy"), ALL, ids=["-".join(t.value for t in c) for c in ALL])
def test_every_combination(qtbot: QtBot, server: Tick, refused: Tick, local_copy: Tick) -> None:
    ticks = ticks_with(qtbot, Revocation(server, refused, local_copy))
    for mark, tick in zip(marks_of(ticks), (server, refused, local_copy), strict=True):
        assert mark.text().startswith(f"{MARKS[tick]} ")
        assert mark.text() == f"{MARKS[tick]} {mark.accessibleName()}"
        assert mark.accessibleDescription()
        assert mark.accessibleDescription() in mark.toolTip()
        if tick is Tick.FAILED:
            assert mark.accessibleDescription().startswith("Failed")
        elif tick is Tick.UNPROVEN:
            assert mark.accessibleDescription().startswith("Not known")


def test_words_of_what_was_done(qtbot: QtBot) -> None:
    ticks = ticks_with(qtbot, Revocation(Tick.DONE, Tick.DONE, Tick.DONE), State.REVOKED)
    assert [mark.text() for mark in marks_of(ticks)] == [
        "✓ revoked at Concur",
        "✓ proved refused",
        "✓ local copy removed",
    ]


def test_no_word_says_done_of_what_is_not(qtbot: QtBot) -> None:
    all_done = ticks_with(qtbot, Revocation(Tick.DONE, Tick.DONE, Tick.DONE))
    done = {mark.accessibleName() for mark in marks_of(all_done)}
    for tick in (Tick.FAILED, Tick.UNPROVEN):
        ticks = ticks_with(qtbot, Revocation(tick, tick, tick))
        assert not done & {mark.accessibleName() for mark in marks_of(ticks)}


@pytest.mark.parametrize("state", [State.STOPPED, State.CONNECTED])
def test_in_place_before_there_is_anything_to_tell(qtbot: QtBot, state: State) -> None:
    ticks = ticks_with(qtbot, None, state)
    assert [mark.text()[0] for mark in marks_of(ticks)] == ["○"] * 3
    assert ticks.local_copy.text() == "○ local copy removed"


def test_copy_is_kept_on_purpose(qtbot: QtBot) -> None:
    ticks = ticks_with(qtbot, Revocation(server=Tick.FAILED))
    assert ticks.local_copy.text() == "○ local copy kept"
    assert "revoked once more" in ticks.local_copy.toolTip()


def test_proof_claims_no_more_than_was_tried(qtbot: QtBot) -> None:
    revocation = Revocation(Tick.DONE, Tick.DONE, Tick.DONE, proved_by_refresh=True)
    view = replace(view_of(State.REVOKED, None), revocation=revocation)
    ticks = RevokeTicks()
    qtbot.addWidget(ticks)
    ticks.render(replace(view, shown=None, profile=replace(view.profile, contract=CURRENT)))
    assert "The refresh token is refused" in ticks.refused.toolTip()
    assert "does not say whether an access token ends before its hour" in ticks.refused.toolTip()
    ticks.render(replace(view, shown=None, revocation=replace(revocation, proved_by_refresh=False)))
    assert "A call that was accepted before the revoke is refused now." in ticks.refused.toolTip()


def test_no_revoke_that_was_not_sent_is_claimed(qtbot: QtBot) -> None:
    revocation = Revocation(Tick.UNPROVEN, Tick.DONE, Tick.DONE, nothing_sent=True)
    ticks = ticks_with(qtbot, revocation, State.REVOKED)
    assert [mark.text() for mark in marks_of(ticks)] == [
        "? no revoke sent",
        "✓ refused already",
        "✓ local copy removed",
    ]
    words = " ".join(mark.toolTip() for mark in marks_of(ticks))
    assert "request was sent" not in words
    assert "after the revoke" not in words
    assert "code 108" in ticks.server.toolTip()


def test_refusal_that_proves_nothing_says_what_may_live(qtbot: QtBot) -> None:
    ticks = ticks_with(qtbot, Revocation(Tick.UNPROVEN, Tick.UNPROVEN, nothing_sent=True))
    assert ticks.refused.text() == "? refusal proves nothing"
    assert "may live" in ticks.refused.toolTip()
    assert ticks.local_copy.text() == "○ local copy kept"
    ticks.resize(ticks.minimumSizeHint().width(), 24)
    ticks.grab()
    assert [mark.text() for mark in marks_of(ticks)] == ["? not sent", "? not proved", "○ copy kept"]


def test_nothing_is_kept_while_it_is_under_way(qtbot: QtBot) -> None:
    assert ticks_with(qtbot, Revocation(), State.REVOKING).local_copy.text() == "○ local copy removed"


def test_shorter_words_where_there_is_little_room(qtbot: QtBot) -> None:
    ticks = ticks_with(qtbot, Revocation(Tick.UNPROVEN, Tick.FAILED, Tick.FAILED))
    ticks.resize(ticks.minimumSizeHint().width(), 24)
    ticks.grab()
    assert [mark.text() for mark in marks_of(ticks)] == ["? not confirmed", "✕ accepted", "✕ copy left"]
    assert ticks.server.accessibleName() == "revoke not confirmed"
    for mark in marks_of(ticks):
        assert mark.width() >= mark.sizeHint().width()


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_colours_can_be_read(qtbot: QtBot, qapp: QApplication, choice: str) -> None:
    with look(qapp, choice) as theme:
        ticks = ticks_with(qtbot, Revocation(Tick.DONE, Tick.FAILED, Tick.UNPROVEN))
        expected = (theme.success, theme.danger, theme.warning)
        for mark, colour in zip(marks_of(ticks), expected, strict=True):
            assert mark.palette().color(mark.foregroundRole()).name() == colour
            assert contrast(colour, theme.base) >= 4.5
