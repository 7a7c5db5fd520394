from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from gui.widgets.step_card import Step, StepCard
from gui.widgets.theme import DARK, LIGHT
from tests.gui.frame_samples import ARABIC, HEBREW, HOSTILE, LONG, press, shown

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def card(qtbot: QtBot) -> StepCard:
    card = StepCard(2, "Redirect listener", chip=True)
    card.details.addWidget(QPushButton("Start"))
    shown(qtbot, card)
    return card


def button_of(card: StepCard) -> QPushButton:
    button = card.findChild(QPushButton)
    assert button is not None
    return button


@pytest.mark.parametrize(
    ("step", "is_open"),
    [
        pytest.param(Step.DONE, False, id="done"),
        pytest.param(Step.CURRENT, True, id="current"),
        pytest.param(Step.LATER, False, id="later"),
    ],
)
def test_only_the_current_step_stands_open(card: StepCard, step: Step, is_open: bool) -> None:
    card.show_step(step, "a line")
    assert card.is_open is is_open
    assert button_of(card).isVisible() is is_open
    assert card.fold_button.isVisible() is not is_open
    assert card.state_line.whole_text == "a line"


def test_unfolding_by_hand_is_remembered_for_finished_and_later_apart(card: StepCard) -> None:
    card.show_step(Step.DONE, "")
    card.fold_button.setFocus()
    press(card.fold_button, Qt.Key.Key_Space)
    assert button_of(card).isVisible()
    card.show_step(Step.LATER, "")
    assert not button_of(card).isVisible()
    card.show_step(Step.CURRENT, "")
    card.show_step(Step.DONE, "")
    assert button_of(card).isVisible()
    press(card.fold_button, Qt.Key.Key_Space)
    assert not button_of(card).isVisible()


def test_folding_by_hand_counts_more_than_what_stands_open(card: StepCard) -> None:
    card.show_step(Step.DONE, "", stands_open=True)
    assert button_of(card).isVisible()
    card.fold_button.click()
    card.show_step(Step.DONE, "", stands_open=True)
    assert not button_of(card).isVisible()


def test_reveal_opens_and_does_no_more(card: StepCard) -> None:
    card.show_step(Step.LATER, "")
    card.reveal()
    card.reveal()
    assert button_of(card).isVisible()


def test_header_stays_where_it_is_whatever_the_step(card: StepCard) -> None:
    places = set()
    for step in Step:
        card.show_step(step, "a line")
        card.grab()  # lays out
        places.add((card.badge.x(), card.badge.y(), card.chip.x(), card.state_line.x(), card.state_line.width()))
    assert len(places) == 1


def test_names_tell_the_step_in_words(card: StepCard) -> None:
    names = set()
    for step in Step:
        card.show_step(step, "")
        names.add(card.accessibleName())
        assert "Redirect listener" in card.badge.accessibleName()
    assert len(names) == 3


def test_fold_button_says_what_it_does(card: StepCard) -> None:
    card.show_step(Step.DONE, "")
    assert card.fold_button.accessibleName() == "Unfold Redirect listener"
    card.fold_button.click()
    assert card.fold_button.accessibleName() == "Fold Redirect listener"


@pytest.mark.parametrize("text", [LONG, HOSTILE, HEBREW, ARABIC], ids=["long", "hostile", "hebrew", "arabic"])
def test_state_line_takes_any_text_on_one_line(card: StepCard, text: str) -> None:
    card.show_step(Step.DONE, "short")
    height, width = card.sizeHint().height(), card.minimumSizeHint().width()
    card.show_step(Step.DONE, text)
    assert card.sizeHint().height() == height
    assert card.minimumSizeHint().width() == width
    assert "\n" not in card.state_line.text()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_badge_is_painted_in_the_colours_of_the_theme(qtbot: QtBot, theme: object) -> None:
    card = StepCard(1, "Application")
    shown(qtbot, card, "dark" if theme is DARK else "light")
    wanted = {Step.DONE: "success", Step.CURRENT: "accent"}
    for step, role in wanted.items():
        card.show_step(step, "")
        image = card.badge.grab().toImage()
        colours = {image.pixelColor(x, 4).name() for x in range(image.width())}
        assert getattr(theme, role) in colours
