from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.loopback.errors import PortInUse
from gui.widgets.problem_text import ProblemText
from gui.widgets.wrapped_label import WrappedLabel, breakable
from tests.gui.frame_samples import HEBREW, HOSTILE, LONG, port_in_use, shown

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize("text", ["", "short words only", HEBREW, HOSTILE], ids=["none", "words", "hebrew", "markup"])
def test_ordinary_words_stay_whole(text: str) -> None:
    assert breakable(text) == text


def test_long_words_can_be_broken_and_lose_nothing() -> None:
    broken = breakable(f"see {LONG} there")
    assert broken.replace("\u200b", "") == f"see {LONG} there"
    assert max(map(len, broken.replace(" ", "\u200b").split("\u200b"))) <= 20


def test_accents_stay_with_their_letters() -> None:
    assert "\u200b\u0301" not in breakable("e\u0301" * 100)


def test_label_is_narrow_and_tells_the_whole_text(qtbot: QtBot) -> None:
    label = WrappedLabel(LONG)
    shown(qtbot, label)
    assert label.minimumSizeHint().width() < 300
    assert label.whole_text == LONG
    assert label.accessibleName() == LONG


def test_problem_takes_no_room_until_there_is_one(qtbot: QtBot) -> None:
    text = ProblemText()
    shown(qtbot, text)
    text.show_problem(None)
    assert text.isHidden()
    text.show_problem(port_in_use())
    assert not text.isHidden()
    assert text.title == "■ Port 8765 is taken"
    assert "node (process 4711)" in text.text
    text.show_problem(PortInUse(port=1, addresses=(LONG,), holder=None))
    assert text.minimumSizeHint().width() < 300
