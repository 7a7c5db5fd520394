"""The offscreen platform has no colour scheme of its own: the system's word is given by emitting its signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel

from gui.widgets.parts import Chip, Kind
from gui.widgets.theme import (
    DARK,
    DARK_CHOICE,
    LIGHT,
    LIGHT_CHOICE,
    SYSTEM_CHOICE,
    apply_theme,
    style_sheet_of,
    theme_of,
    theme_of_palette,
    wear,
)
from gui.widgets.theme_switch import ThemeSwitch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

HIGH, NORMAL = Qt.ContrastPreference.HighContrast, Qt.ContrastPreference.NoPreference


@pytest.fixture
def switch(qapp: QApplication, qtbot: QtBot) -> Iterator[ThemeSwitch]:
    switch = ThemeSwitch(qapp)
    switch.choose(SYSTEM_CHOICE)
    yield switch
    wear(qapp, LIGHT)
    with qtbot.waitSignal(switch.destroyed):
        switch.deleteLater()


@pytest.fixture
def label(qtbot: QtBot, switch: ThemeSwitch) -> QLabel:
    del switch
    label = QLabel("x")
    qtbot.addWidget(label)
    return label


def system_says(app: QApplication, scheme: Qt.ColorScheme) -> None:
    app.styleHints().colorSchemeChanged.emit(scheme)


def system_wants(app: QApplication, contrast: Qt.ContrastPreference) -> None:
    app.styleHints().accessibility().contrastPreferenceChanged.emit(contrast)


def test_silence_of_the_system_is_light(qapp: QApplication, label: QLabel) -> None:
    assert theme_of(label) is LIGHT
    assert qapp.styleSheet() == style_sheet_of(LIGHT)


def test_chosen_look_is_worn(qapp: QApplication, qtbot: QtBot, switch: ThemeSwitch, label: QLabel) -> None:
    with qtbot.waitSignal(switch.changed):
        switch.choose(DARK_CHOICE)
    assert switch.choice == DARK_CHOICE
    assert theme_of(label) is DARK
    assert qapp.styleSheet() == style_sheet_of(DARK)


def test_system_is_followed(qapp: QApplication, qtbot: QtBot, switch: ThemeSwitch, label: QLabel) -> None:
    with qtbot.waitSignal(switch.changed):
        system_says(qapp, Qt.ColorScheme.Dark)
    assert theme_of(label) is DARK
    with qtbot.waitSignal(switch.changed):
        system_says(qapp, Qt.ColorScheme.Light)
    assert theme_of(label) is LIGHT


@pytest.mark.parametrize("choice", [LIGHT_CHOICE, DARK_CHOICE])
def test_own_choice_is_not_overruled(
    qapp: QApplication, qtbot: QtBot, switch: ThemeSwitch, label: QLabel, choice: str
) -> None:
    switch.choose(choice)
    chosen = theme_of(label)
    with qtbot.assertNotEmitted(switch.changed):
        system_says(qapp, Qt.ColorScheme.Light if choice == DARK_CHOICE else Qt.ColorScheme.Dark)
        system_wants(qapp, HIGH)
    assert theme_of(label) is chosen


def test_going_back_to_the_system_follows_again(qapp: QApplication, switch: ThemeSwitch, label: QLabel) -> None:
    switch.choose(LIGHT_CHOICE)
    switch.choose(SYSTEM_CHOICE)
    system_says(qapp, Qt.ColorScheme.Dark)
    assert theme_of(label) is DARK


def test_each_change_is_told_once(qapp: QApplication, switch: ThemeSwitch) -> None:
    told: list[str] = []
    switch.changed.connect(lambda: told.append(switch.choice))
    switch.choose(DARK_CHOICE)
    switch.choose(SYSTEM_CHOICE)
    system_says(qapp, Qt.ColorScheme.Dark)
    assert told == [DARK_CHOICE, SYSTEM_CHOICE, SYSTEM_CHOICE]


def test_high_contrast_leaves_the_systems_palette(qapp: QApplication, switch: ThemeSwitch, label: QLabel) -> None:
    own = qapp.palette().color(QPalette.ColorRole.Window).name()
    assert own == LIGHT.window
    system_wants(qapp, HIGH)
    systems = qapp.style().standardPalette().color(QPalette.ColorRole.Window).name()
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == systems != own
    worn = theme_of(label)
    assert worn not in (LIGHT, DARK)
    assert worn.window == systems
    assert LIGHT.accent not in qapp.styleSheet()
    group, role = QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText
    assert f":disabled {{ color: {qapp.palette().color(group, role).name()}; }}" in qapp.styleSheet()
    system_wants(qapp, NORMAL)
    assert theme_of(label) is LIGHT
    assert switch.choice == SYSTEM_CHOICE


def test_high_contrast_that_is_on_at_the_start(qapp: QApplication, label: QLabel) -> None:
    theme = apply_theme(qapp, SYSTEM_CHOICE, high_contrast=True)
    assert theme_of(label) == theme
    assert apply_theme(qapp, DARK_CHOICE, high_contrast=True) is DARK
    assert theme_of(label) is DARK


def test_high_contrast_colours_are_all_the_palettes() -> None:
    palette = QPalette()
    colours = {
        QPalette.ColorRole.Window: "#000000",
        QPalette.ColorRole.Base: "#010101",
        QPalette.ColorRole.Button: "#020202",
        QPalette.ColorRole.WindowText: "#ffffff",
        QPalette.ColorRole.Highlight: "#00ffff",
        QPalette.ColorRole.HighlightedText: "#030303",
    }
    for role, colour in colours.items():
        palette.setColor(role, QColor(colour))
    theme = theme_of_palette(palette)
    assert theme.dark
    assert {str(value) for value in (getattr(theme, name) for name in theme.__slots__) if value is not True} == set(
        colours.values()
    )
    assert all(kind.colours(theme)[0] == "#ffffff" for kind in Kind)


def test_chip_is_painted_in_high_contrast(qapp: QApplication, qtbot: QtBot, switch: ThemeSwitch) -> None:
    chip = Chip("done", Kind.SUCCESS)
    qtbot.addWidget(chip)
    chip.resize(chip.sizeHint())
    before = chip.grab().toImage()
    system_wants(qapp, HIGH)
    assert chip.grab().toImage() != before
    switch.choose(LIGHT_CHOICE)
    assert chip.grab().toImage() == before
