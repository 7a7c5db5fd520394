from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.widgets.brief_button import BriefButton

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.widgets.theme import Theme

WHOLE, BRIEF = "Issued tokens: 240 live", "Issued: 240"


@pytest.fixture
def button(qtbot: QtBot, themed: Theme) -> BriefButton:
    assert themed
    button = BriefButton(role="flat")
    qtbot.addWidget(button)
    button.set_words(WHOLE, BRIEF)
    button.show()
    return button


def test_says_all_where_there_is_room(button: BriefButton) -> None:
    button.resize(button.sizeHint())
    assert button.text() == WHOLE
    assert button.toolTip() == ""


def test_says_it_briefly_where_there_is_not(button: BriefButton) -> None:
    button.resize(button.sizeHint().width() - 1, button.height())
    assert button.text() == BRIEF
    assert button.accessibleName() == WHOLE
    assert button.toolTip() == WHOLE


def test_sizes_do_not_depend_on_what_it_says_now(button: BriefButton) -> None:
    button.resize(button.sizeHint())
    sizes = button.sizeHint(), button.minimumSizeHint()
    button.resize(button.minimumSizeHint())
    assert (button.sizeHint(), button.minimumSizeHint()) == sizes
    assert sizes[1].width() < sizes[0].width()


def test_other_words_find_their_length_at_once(button: BriefButton) -> None:
    button.resize(button.sizeHint())
    button.set_words(f"{WHOLE}, and more than there is room for", BRIEF)
    assert button.text() == BRIEF
