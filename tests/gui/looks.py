"""The program's look for the length of a test, and what can be read off a picture of a widget."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette

from gui.widgets.theme import apply_theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QApplication

    from gui.widgets.theme import Theme


@contextmanager
def look(app: QApplication, choice: str) -> Iterator[Theme]:
    """Give the program a theme, and take it off again."""
    before = app.style().objectName()
    app.setStyle("Fusion")
    try:
        yield apply_theme(app, choice)
    finally:
        app.styleHints().setColorScheme(Qt.ColorScheme.Unknown)
        app.setStyleSheet("")
        app.setPalette(QPalette())
        app.setStyle(before)


def colours_in(image: QImage) -> dict[str, int]:
    """Count the pixels of each colour."""
    found: dict[str, int] = {}
    for y in range(image.height()):
        for x in range(image.width()):
            name = image.pixelColor(x, y).name()
            found[name] = found.get(name, 0) + 1
    return found


def distance(one: str, other: str) -> int:
    """Return by how much two colours differ, red, green and blue together."""
    ours, theirs = QColor(one), QColor(other)
    parts = (ours.red() - theirs.red(), ours.green() - theirs.green(), ours.blue() - theirs.blue())
    return sum(abs(part) for part in parts)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 reckons it: 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    read = QColor(colour)
    return 0.2126 * _linear(read.redF()) + 0.7152 * _linear(read.greenF()) + 0.0722 * _linear(read.blueF())


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
