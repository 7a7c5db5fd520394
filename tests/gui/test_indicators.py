"""Boxes, ticks and arrows of the style sheet: there in every state, in the colours of the theme."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QListWidget, QListWidgetItem, QRadioButton, QWidget

from gui.resource_files import resource_path
from gui.widgets import theme as theme_module
from gui.widgets.theme import DARK, LIGHT, Theme, style_sheet_of
from tests.gui.looks import colours_in, contrast, distance, look

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

FOLDERS = {"light": LIGHT, "dark": DARK}


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    with look(qapp, request.param) as applied:
        yield applied


def colours_of(qtbot: QtBot, widget: QWidget) -> dict[str, int]:
    ground = QWidget()
    qtbot.addWidget(ground)
    widget.setParent(ground)
    widget.adjustSize()
    ground.resize(widget.size())
    return colours_in(widget.grab().toImage())


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
@pytest.mark.parametrize("enabled", [pytest.param(True, id="enabled"), pytest.param(False, id="disabled")])
def test_the_empty_box_has_an_edge(
    kind: type[QCheckBox | QRadioButton], *, enabled: bool, theme: Theme, qtbot: QtBot
) -> None:
    box = kind()
    box.setEnabled(enabled)
    close = [count for colour, count in colours_of(qtbot, box).items() if distance(colour, theme.edge) <= 40]
    assert sum(close) >= 24  # a circle has few pixels that are its colour alone


def test_the_edge_stands_out_from_every_ground(theme: Theme) -> None:
    assert min(contrast(theme.edge, ground) for ground in (theme.window, theme.base, theme.raised)) >= 3


def test_the_checked_box_is_filled_and_has_its_mark(theme: Theme, qtbot: QtBot) -> None:
    box = QCheckBox()
    box.setChecked(True)
    found = colours_of(qtbot, box)
    assert found[theme.accent] > 100
    assert found[theme.on_accent] >= 4


def test_the_disabled_box_keeps_its_mark(theme: Theme, qtbot: QtBot) -> None:
    box = QCheckBox()
    box.setChecked(True)
    box.setEnabled(False)
    found = colours_of(qtbot, box)
    assert theme.accent not in found
    assert found[theme.muted] >= 4


def test_the_focus_shows(theme: Theme, qtbot: QtBot) -> None:
    box = QCheckBox("Text")
    qtbot.addWidget(box)
    with qtbot.waitExposed(box):
        box.show()
    box.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    assert colours_in(box.grab().toImage())[theme.accent] > 2 * box.width()


def test_the_chosen_radio_button_has_its_dot(theme: Theme, qtbot: QtBot) -> None:
    button = QRadioButton()
    button.setChecked(True)
    found = colours_of(qtbot, button)
    assert found[theme.accent] > 60
    assert found[theme.on_accent] >= 16


@pytest.mark.parametrize("selected", [pytest.param(True, id="selected"), pytest.param(False, id="not selected")])
def test_rows_of_lists_have_boxes(*, selected: bool, theme: Theme, qtbot: QtBot) -> None:
    rows = QListWidget()
    for state in (Qt.CheckState.Unchecked, Qt.CheckState.Checked):
        item = QListWidgetItem("", rows)
        item.setCheckState(state)
        item.setSelected(selected)
    rows.item(0).setSelected(selected)
    rows.setFixedSize(80, 80)
    found = colours_of(qtbot, rows)
    if selected:
        assert found[theme.on_accent] > 24
    else:
        assert found[theme.edge] >= 24
        assert found[theme.on_accent] >= 4


@pytest.mark.parametrize("enabled", [pytest.param(True, id="enabled"), pytest.param(False, id="disabled")])
def test_the_list_to_choose_from_has_its_arrow(*, enabled: bool, theme: Theme, qtbot: QtBot) -> None:
    choice = QComboBox()
    choice.setEnabled(enabled)
    assert colours_of(qtbot, choice).get(theme.text if enabled else theme.edge, 0) >= 4


@pytest.mark.parametrize("folder", FOLDERS)
def test_pictures_have_the_colours_of_their_theme(folder: str) -> None:
    theme = FOLDERS[folder]
    known = {theme.on_accent, theme.text, theme.muted, theme.edge}
    for path in resource_path("style", folder).glob("*.svg"):
        assert set(re.findall(r"#[0-9a-f]{6}", path.read_text())) <= known, path.name


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_picture_is_there_and_used(folder: str) -> None:
    named = set(re.findall(r'url\("[^"]*/([\w-]+\.svg)"\)', style_sheet_of(FOLDERS[folder])))
    assert named == {path.name for path in resource_path("style", folder).glob("*.svg")}
    assert named


@pytest.mark.parametrize(
    "name", ["with space", "par(en)s", "quo'te", 'double"quote', "back\\slash", "ünï", "100%20#q;{}"]
)
def test_any_folder_will_do(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication, qtbot: QtBot
) -> None:
    folder = tmp_path / name
    try:
        shutil.copytree(resource_path(), folder)
    except OSError:
        pytest.skip("this system has no such names")
    monkeypatch.setattr(theme_module, "resource_path", folder.joinpath)
    style_sheet_of.cache_clear()
    try:
        with look(qapp, "light"):
            box = QCheckBox()
            box.setChecked(True)
            assert colours_of(qtbot, box)[LIGHT.on_accent] >= 4
    finally:
        style_sheet_of.cache_clear()
