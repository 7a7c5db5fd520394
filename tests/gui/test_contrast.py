"""WCAG 2.2, 1.4.3 and 1.4.11: the colours of both themes on every ground that they stand on."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest

from gui.resource_files import resource_path
from gui.widgets.parts import Kind
from gui.widgets.theme import DARK, LIGHT, Theme

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
TEXT, SHAPE = 4.5, 3.0
GROUNDS = ("window", "base", "raised")
TEXTS = ("text", "muted", "accent", "danger", "warning", "success", "info")
PAIRS = [(text, ground) for text in TEXTS for ground in GROUNDS] + [
    ("success", "success_ground"),
    ("warning", "warning_ground"),
    ("danger", "danger_ground"),
    ("info", "info_ground"),
    ("text", "success_ground"),
    ("text", "warning_ground"),
    ("text", "danger_ground"),
    ("text", "info_ground"),
    ("text", "line"),
    ("on_accent", "accent"),
    ("markup", "base"),
]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def too_weak(theme: Theme, pairs: list[tuple[str, str]], least: float) -> dict[tuple[str, str], float]:
    ratios = {pair: contrast(getattr(theme, pair[0]), getattr(theme, pair[1])) for pair in pairs}
    return {pair: round(ratio, 2) for pair, ratio in ratios.items() if ratio < least}


def test_contrast_is_computed_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#ffffff", "#ffffff") == 1


def test_weak_pair_is_caught() -> None:
    assert too_weak(replace(LIGHT, muted="#9a9a9a"), PAIRS, TEXT).keys() >= {("muted", "window"), ("muted", "base")}


@THEMES
def test_texts(theme: Theme) -> None:
    assert too_weak(theme, PAIRS, TEXT) == {}


@THEMES
def test_chips(theme: Theme) -> None:
    ratios = {kind: contrast(*kind.colours(theme)) for kind in Kind}
    assert {kind: ratio for kind, ratio in ratios.items() if ratio < TEXT} == {}


@THEMES
def test_edges_of_what_can_be_used(theme: Theme) -> None:
    assert too_weak(theme, [("edge", "base"), ("edge", "window"), ("edge", "raised")], SHAPE) == {}


@THEMES
def test_focus(theme: Theme) -> None:
    # "text" is the focus of the accented button, whose ground is the accent.
    pairs = [("accent", "base"), ("accent", "window"), ("accent", "raised")]
    assert too_weak(theme, pairs, SHAPE) == {}
    assert contrast(theme.text, theme.base) >= SHAPE


def test_style_sheet_names_only_colours_of_the_theme() -> None:
    sheet = resource_path("style", "window.qss").read_text(encoding="utf-8")
    names = set(re.findall(r"\$(\w+)", sheet))
    assert names
    assert names - {"images", "marks"} <= {field.name for field in fields(Theme)}  # folders of pictures
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(", sheet) == []
