"""The look: two sets of colours, one style sheet made of them, three text sizes, one grid.

Widgets paint with palette roles, and with `theme_of(widget)` where a role has no name in Qt (success, warning, …).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette

from gui.resource_files import resource_path

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

GRID = 8
"""Pixels; every gap and margin is a multiple or the half of it."""
_HALF_LIGHT = 128
_SYSTEM_COLOURS = "systemColours"
"""Property of the application, set while the system's palette is worn untouched."""
_DISABLED_IN_SYSTEM_COLOURS = Template("\nQWidget:disabled, QPushButton[role]:disabled { color: $disabled; }\n")
"""There explanations have the colour of all text, so what is disabled needs another one."""
_STATES = ("success", "warning", "danger", "info")
_TITLE_SCALE, _SMALL_SCALE = 1.1, 0.92


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as #rrggbb. Every text colour has a contrast of 4.5 or more on every ground it stands on."""

    dark: bool
    window: str
    """Ground behind the cards."""
    base: str
    """Ground of cards, lists and fields."""
    raised: str
    """Ground of buttons, and of rows under the mouse."""
    text: str
    muted: str
    """Text that explains; never the only thing that tells a state."""
    line: str
    """Borders that only divide."""
    edge: str
    """Borders of what can be used: fields, buttons, check boxes. 3:1 against the ground."""
    accent: str
    """The one next thing to do, the focus, what is selected."""
    on_accent: str
    success: str
    success_ground: str
    warning: str
    warning_ground: str
    danger: str
    danger_ground: str
    info: str
    info_ground: str
    markup: str
    """Element names in documents."""


LIGHT = Theme(
    dark=False,
    window="#f3f5f8",
    base="#ffffff",
    raised="#f7f9fb",
    text="#1a1e24",
    muted="#56606c",
    line="#d9dfe6",
    edge="#858f9b",
    accent="#0a5bd3",
    on_accent="#ffffff",
    success="#0f6a2f",
    success_ground="#def3e5",
    warning="#7a4600",
    warning_ground="#fdf0d5",
    danger="#b0241c",
    danger_ground="#fde7e5",
    info="#0a4fb5",
    info_ground="#e3eefd",
    markup="#0b58b8",
)
DARK = Theme(
    dark=True,
    window="#14171c",
    base="#1c2027",
    raised="#262b33",
    text="#e9ebee",
    muted="#a5adb8",
    line="#323842",
    edge="#77818e",
    accent="#6eabff",
    on_accent="#0a1322",
    success="#74dd90",
    success_ground="#15321f",
    warning="#f3c46c",
    warning_ground="#3a2b0f",
    danger="#ff9f97",
    danger_ground="#43211e",
    info="#9fc6ff",
    info_ground="#192c48",
    markup="#8bbcff",
)

SYSTEM_CHOICE, LIGHT_CHOICE, DARK_CHOICE = "system", "light", "dark"
CHOICES = (SYSTEM_CHOICE, LIGHT_CHOICE, DARK_CHOICE)
_SCHEMES = {
    SYSTEM_CHOICE: Qt.ColorScheme.Unknown,
    LIGHT_CHOICE: Qt.ColorScheme.Light,
    DARK_CHOICE: Qt.ColorScheme.Dark,
}


def theme_for(choice: str, app: QApplication) -> Theme:
    """Return the theme of a choice; "system" asks the system, and takes its silence for light."""
    if choice == SYSTEM_CHOICE:
        return DARK if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return DARK if choice == DARK_CHOICE else LIGHT


def apply_theme(app: QApplication, choice: str, *, high_contrast: bool = False) -> Theme:
    """Give the whole program the look of a choice, "system", "light" or "dark". May be called again at any time.

    Where the system is followed and asks for high contrast, its own colours are taken: they are what the user chose.
    """
    # First the system's own frames and dialogs, where the platform can be asked.
    app.styleHints().setColorScheme(_SCHEMES.get(choice, Qt.ColorScheme.Unknown))
    if choice == SYSTEM_CHOICE and high_contrast:
        return wear_system_colours(app)
    return wear(app, theme_for(choice, app))


def wear(app: QApplication, theme: Theme) -> Theme:
    """Give the whole program the colours of a theme, and leave alone what the system was told."""
    app.setProperty(_SYSTEM_COLOURS, None)
    app.setPalette(palette_of(theme))
    app.setStyleSheet(style_sheet_of(theme))
    return theme


def wear_system_colours(app: QApplication) -> Theme:
    """Give the whole program the system's palette, and a style sheet in its colours."""
    app.setProperty(_SYSTEM_COLOURS, "worn")
    app.setPalette(QPalette())
    theme = theme_of_palette(app.palette())
    disabled = app.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText).name()
    app.setStyleSheet(style_sheet_of(theme) + _DISABLED_IN_SYSTEM_COLOURS.substitute(disabled=disabled))
    return theme


def theme_of(widget: QWidget) -> Theme:
    """Return the theme that a widget is shown in now.

    The program's palette tells, not the widget's: a style sheet that says `transparent` makes that one's window black.
    """
    del widget
    palette = QGuiApplication.palette()
    app = QGuiApplication.instance()
    if app is not None and app.property(_SYSTEM_COLOURS):
        return theme_of_palette(palette)
    return DARK if _is_dark(palette) else LIGHT


def theme_of_palette(palette: QPalette) -> Theme:
    """Return a theme of few colours, all from a palette. States are then told by word and shape alone."""
    role = QPalette.ColorRole
    named = {which: palette.color(which).name() for which in (role.Window, role.Base, role.Button)}
    text, accent = palette.color(role.WindowText).name(), palette.color(role.Highlight).name()
    states = {field.name: text for field in fields(Theme) if field.name in _STATES}
    grounds = {f"{name}_ground": named[role.Base] for name in _STATES}
    return Theme(
        dark=_is_dark(palette),
        window=named[role.Window],
        base=named[role.Base],
        raised=named[role.Button],
        text=text,
        muted=text,
        line=text,
        edge=text,
        accent=accent,
        on_accent=palette.color(role.HighlightedText).name(),
        markup=text,
        **states,
        **grounds,
    )


def _is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Window).lightness() < _HALF_LIGHT


def palette_of(theme: Theme) -> QPalette:
    """Return the palette of a theme, every role in it set."""
    palette = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.base,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.danger,
        role.ToolTipBase: theme.base,
        role.ToolTipText: theme.text,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Light: theme.base,
        role.Midlight: theme.line,
        role.Mid: theme.line,
        role.Dark: theme.edge,
        role.Shadow: theme.line,
    }
    for which, colour in colours.items():
        palette.setColor(which, QColor(colour))
    for which in (role.Text, role.WindowText, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.muted))
    return palette


@cache
def style_sheet_of(theme: Theme) -> str:
    """Return the style sheet with the colours of a theme in it, and with the folder that its pictures are in."""
    colours = {field.name: str(getattr(theme, field.name)) for field in fields(theme)}
    images = _image_folder(dark_ground=theme.dark)
    # Ticks stand on the accent: dark ones on a light accent, as the dark theme has it.
    marks = _image_folder(dark_ground=QColor(theme.on_accent).lightness() < _HALF_LIGHT)
    template = Template(resource_path("style", "window.qss").read_text(encoding="utf-8"))
    return template.substitute(colours, images=images, marks=marks)


def _image_folder(*, dark_ground: bool) -> str:
    # Qt takes a path with forward slashes on every system; in a quoted url() only these two characters mean anything.
    folder = resource_path("style", "dark" if dark_ground else "light").as_posix()
    return folder.replace("\\", "\\\\").replace('"', '\\"')


def title_font(base: QFont) -> QFont:
    """Return the font of titles: a little larger, and heavier."""
    font = QFont(base)
    font.setPointSizeF(base.pointSizeF() * _TITLE_SCALE)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def small_font(base: QFont) -> QFont:
    """Return the font of what explains."""
    font = QFont(base)
    font.setPointSizeF(base.pointSizeF() * _SMALL_SCALE)
    return font


def code_font() -> QFont:
    """Return the system's fixed font, for everything that is copied from or into another program."""
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
