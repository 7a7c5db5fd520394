from __future__ import annotations

import re
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QVBoxLayout, QWidget

from gui.resource_files import resource_path
from gui.widgets.parts import Button, Card, Chip, ElidedLabel, Kind, plain_label, title_label
from gui.widgets.theme import (
    DARK,
    LIGHT,
    SYSTEM_CHOICE,
    apply_theme,
    code_font,
    palette_of,
    small_font,
    style_sheet_of,
    theme_for,
    theme_of,
    title_font,
)
from tests.gui.picture_walk import contrast, drawn_texts
from tests.gui.walkers import clipping_complaints, contrast_complaints, markup_complaints

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.widgets.theme import Theme

THEMES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]
LONG = "https://localhost:8765/" + "a" * 4000 + "/the-end"
TEXTS = [
    pytest.param("plain", id="plain"),
    pytest.param("<b>evil</b> & more", id="markup"),
    pytest.param("one\ntwo\r\n\tthree", id="line breaks"),
    pytest.param("שלום עולם", id="hebrew"),
    pytest.param("مرحبا بالعالم", id="arabic"),
    pytest.param("e\u0301\U0001f600\u202eabc", id="marks"),
    pytest.param(LONG, id="long"),
    pytest.param("", id="empty"),
]


def _panel(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    panel = QDialog()
    column = QVBoxLayout(panel)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch()
    panel.resize(360, 240)
    qtbot.addWidget(panel)
    panel.show()
    assert QTest.qWaitForWindowActive(panel)
    return panel


# The theme.


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_of_text_and_ground_has_contrast(theme: Theme) -> None:
    grounds = (theme.window, theme.base, theme.raised)
    pairs = [(text, ground) for ground in grounds for text in (theme.text, theme.muted, theme.accent)]
    pairs += [(text, ground) for ground in grounds for text in (theme.success, theme.warning, theme.danger, theme.info)]
    pairs += [kind.colours(theme) for kind in Kind]
    pairs += [(theme.on_accent, theme.accent), (theme.markup, theme.base)]
    weak = {pair: contrast(QColor(pair[0]), QColor(pair[1])) for pair in pairs}
    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_what_can_be_used_are_seen(theme: Theme) -> None:
    for ground in (theme.window, theme.base, theme.raised):
        assert contrast(QColor(theme.edge), QColor(ground)) >= 3
        assert contrast(QColor(theme.accent), QColor(ground)) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_palette_and_sheet_hold_the_colours(theme: Theme) -> None:
    palette = palette_of(theme)
    assert palette.color(QPalette.ColorRole.Window).name() == theme.window
    assert palette.color(QPalette.ColorRole.Text).name() == theme.text
    assert palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name() == theme.muted
    sheet = style_sheet_of(theme)
    assert "$" not in sheet.partition("*/")[2]  # the comment on top explains the sign
    assert theme.accent in sheet
    other = DARK if theme is LIGHT else LIGHT
    both = {getattr(theme, one.name) for one in fields(theme)} & {getattr(other, one.name) for one in fields(other)}
    for one in fields(other):
        colour = getattr(other, one.name)
        assert colour is True or colour is False or colour in both or colour not in sheet


def test_the_sheet_is_made_of_rules_alone() -> None:
    # Qt leaves out what it does not understand, and all that follows it, without a word.
    sheet = re.sub(r"/\*.*?\*/", "", resource_path("style", "window.qss").read_text(encoding="utf-8"), flags=re.DOTALL)
    *rules, rest = sheet.split("}")
    assert rest.strip() == ""
    for rule in rules:
        selectors, brace, declarations = rule.partition("{")
        assert brace, rule
        assert all(re.match(r"Q[A-Z]\w+", selector.strip()) for selector in selectors.split(",")), selectors
        assert all(re.match(r"[a-z-]+:", line.strip()) for line in declarations.split(";") if line.strip()), rule


def test_apply_theme_sets_palette_and_sheet(qapp: QApplication, themed: Theme) -> None:
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == themed.window
    assert themed.window in qapp.styleSheet()


def test_system_without_a_say_is_light(qapp: QApplication) -> None:
    if qapp.styleHints().colorScheme() == Qt.ColorScheme.Unknown:
        assert theme_for(SYSTEM_CHOICE, qapp) is LIGHT


def test_an_unknown_choice_is_not_refused(qapp: QApplication) -> None:
    assert apply_theme(qapp, "sepia") in {LIGHT, DARK}


def test_a_shown_window_follows_back_and_forth(qtbot: QtBot, qapp: QApplication, light: Theme) -> None:
    changes: list[QEvent.Type] = []

    class Watch(QObject):
        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
            changes.append(event.type())
            return False

    chip, label, field = Chip("listening", Kind.SUCCESS), plain_label("words"), QLineEdit("value")
    panel, watch = _panel(qtbot, chip, label, field), Watch()
    chip.installEventFilter(watch)
    assert theme_of(chip) is light
    for choice, theme in (("dark", DARK), ("light", LIGHT), ("dark", DARK), ("light", LIGHT)):
        changes.clear()
        assert apply_theme(qapp, choice) is theme
        qapp.processEvents()
        assert QEvent.Type.PaletteChange in changes
        assert theme_of(chip) is theme
        seen = {piece.text.strip(): piece.colour.name() for piece in drawn_texts(panel)}
        assert seen["listening"] == theme.success
        assert seen["words"] == theme.text
        assert panel.grab().toImage().pixelColor(1, 1).name() == theme.window
        assert contrast_complaints(panel) == []


def test_applying_twice_changes_nothing(qtbot: QtBot, qapp: QApplication, themed: Theme) -> None:
    panel = _panel(qtbot, Chip("state", Kind.INFO), Button("Exchange"), QLineEdit("value"))
    before = panel.grab().toImage()
    apply_theme(qapp, "dark" if themed is DARK else "light")
    qapp.processEvents()
    assert panel.grab().toImage() == before


def test_fonts_stand_in_order(qapp: QApplication) -> None:
    base = qapp.font()
    assert small_font(base).pointSizeF() < base.pointSizeF() < title_font(base).pointSizeF()
    assert title_font(base).weight() > base.weight()
    assert code_font().fixedPitch() or code_font().family()


# Labels.


@pytest.mark.parametrize("text", TEXTS)
def test_labels_take_no_markup(qtbot: QtBot, themed: Theme, text: str) -> None:
    assert themed
    panel = _panel(qtbot, plain_label(text, wrap=True), ElidedLabel(text))
    assert markup_complaints(panel, [text] if text else []) == []


@pytest.mark.parametrize("text", TEXTS)
def test_an_elided_label_keeps_the_whole(qtbot: QtBot, themed: Theme, text: str) -> None:
    assert themed
    label = ElidedLabel(text, code=True)
    panel = _panel(qtbot, label)
    whole = " ".join(text.split())
    assert label.whole_text == whole
    assert label.accessibleName() == whole
    assert "\n" not in label.text()
    assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()
    assert clipping_complaints(panel) == []
    assert bool(label.toolTip()) == (label.text() != whole)


def test_elision_follows_the_width(qtbot: QtBot, light: Theme) -> None:
    assert light
    label = ElidedLabel("https://localhost:8765/redirect/of/the/profile")
    panel = _panel(qtbot, label)
    panel.resize(100, 100)
    assert "…" in label.text()
    assert label.text().startswith("http")
    assert label.text().endswith("e")
    assert label.toolTip() == label.whole_text
    panel.resize(900, 100)
    assert label.text() == label.whole_text
    assert label.toolTip() == ""


def test_fewer_words_come_before_elision(qtbot: QtBot, light: Theme) -> None:
    assert light
    label = ElidedLabel()
    label.set_whole_text("expires 24 November 2027 15:02 (in 364 days)", "in 364 days")
    panel = _panel(qtbot, label)
    panel.resize(120, 100)
    assert label.text() == "in 364 days"
    assert label.toolTip() == label.accessibleName() == label.whole_text
    panel.resize(900, 100)
    assert label.text() == label.whole_text
    panel.resize(40, 100)
    assert "…" in label.text()


def test_an_elided_label_never_widens_its_window(qtbot: QtBot, light: Theme) -> None:
    assert light
    label = ElidedLabel("short")
    panel = _panel(qtbot, label)
    before = panel.minimumSizeHint()
    label.set_whole_text(LONG)
    assert panel.minimumSizeHint() == before


def test_tooltips_of_elided_markup_show_it_as_it_stands(qtbot: QtBot, light: Theme) -> None:
    assert light
    label = ElidedLabel("<img src='file:///etc/passwd'> & <b>bold</b>" + "x" * 500)
    panel = _panel(qtbot, label)
    assert label.toolTip() != label.whole_text
    assert "&lt;img" in label.toolTip()
    assert markup_complaints(panel, ["<b>bold</b>"]) == []


@pytest.mark.parametrize(("role", "colour"), [("muted", "muted"), ("danger", "danger"), ("success", "success")])
def test_roles_colour_a_label(qtbot: QtBot, themed: Theme, role: str, colour: str) -> None:
    panel = _panel(qtbot, plain_label("words", role=role))
    assert [piece.colour.name() for piece in drawn_texts(panel)] == [getattr(themed, colour)]


def test_title_and_small_text_have_their_sizes(qtbot: QtBot, themed: Theme) -> None:
    assert themed
    title, usual, small = title_label("t"), plain_label("u"), plain_label("s", role="small")
    panel = _panel(qtbot, title, usual, small)
    assert panel.isVisible()
    assert small.font().pointSizeF() < usual.font().pointSizeF() < title.font().pointSizeF()


# Chips.


@pytest.mark.parametrize("kind", Kind)
def test_a_chip_says_its_state_by_word_shape_and_colour(qtbot: QtBot, themed: Theme, kind: Kind) -> None:
    chip = Chip("state", kind)
    panel = _panel(qtbot, chip)
    drawn = drawn_texts(panel)
    assert "".join(piece.text for piece in drawn).replace(" ", "") == f"{kind.value}state"
    assert {piece.colour.name() for piece in drawn} == {kind.colours(themed)[0]}
    assert chip.accessibleName() == "state"
    assert clipping_complaints(panel) == []
    assert contrast_complaints(panel) == []


def test_no_two_chips_have_one_shape() -> None:
    assert len({kind.value for kind in Kind}) == len(Kind)


def test_a_chip_grows_with_its_word(qtbot: QtBot, light: Theme) -> None:
    assert light
    chip = Chip("on", Kind.SUCCESS)
    panel = _panel(qtbot, chip)
    before = chip.width()
    chip.show_state("not listening any more", Kind.DANGER)
    qtbot.waitUntil(lambda: chip.width() > before)
    assert (chip.text, chip.kind) == ("not listening any more", Kind.DANGER)
    assert clipping_complaints(panel) == []


def test_an_empty_chip_draws_nothing(qtbot: QtBot, light: Theme) -> None:
    assert light
    assert drawn_texts(_panel(qtbot, Chip())) == []


# Buttons.


def test_a_primary_button_is_the_default_and_looks_it(qtbot: QtBot, themed: Theme) -> None:
    button, other = Button("Exchange"), Button("Other")
    panel = _panel(qtbot, other, button)
    assert (button.primary, button.isDefault()) == (False, False)
    button.set_primary(True)
    assert (button.primary, button.isDefault()) == (True, True)
    assert _ground(button) == themed.accent
    assert {piece.text: piece.colour.name() for piece in drawn_texts(panel)}["Exchange"] == themed.on_accent
    button.set_primary(False)
    assert (button.primary, button.isDefault()) == (False, False)
    assert _ground(button) == themed.base
    assert contrast_complaints(panel) == []


def test_enter_presses_the_primary_button_only(qtbot: QtBot, light: Theme) -> None:
    assert light
    field, other, button = QLineEdit(), Button("Other"), Button("Exchange")
    panel = _panel(qtbot, field, other, button)
    pressed: list[str] = []
    other.clicked.connect(lambda: pressed.append("other"))
    button.clicked.connect(lambda: pressed.append("exchange"))
    field.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert pressed == []
    button.set_primary(True)
    QTest.keyClick(panel, Qt.Key.Key_Return)
    assert pressed == ["exchange"]


@pytest.mark.parametrize(("role", "colour"), [("", "text"), ("danger", "danger"), ("flat", "accent")])
@pytest.mark.parametrize("enabled", [True, False], ids=["enabled", "disabled"])
def test_roles_colour_a_button(qtbot: QtBot, themed: Theme, role: str, colour: str, *, enabled: bool) -> None:
    button = Button("words", role=role)
    button.setEnabled(enabled)
    panel = _panel(qtbot, button)
    expected = getattr(themed, colour) if enabled else themed.muted
    assert [piece.colour.name() for piece in drawn_texts(panel)] == [expected]
    assert contrast_complaints(panel) == []
    assert clipping_complaints(panel) == []


# Cards.


def test_a_card_is_a_surface_with_a_layout_to_fill(qtbot: QtBot, themed: Theme) -> None:
    card = Card()
    card.body.addWidget(plain_label("inside"))
    panel = _panel(qtbot, card)
    middle = card.mapTo(panel, card.rect().center())
    assert panel.grab().toImage().pixelColor(middle.x(), card.y() + 4).name() == themed.base
    assert themed.base != themed.window
    assert contrast_complaints(panel) == []


def _ground(button: Button) -> str:
    return button.grab().toImage().pixelColor(8, 8).name()
