"""What a window looks like: nothing cut, nothing over anything else, nothing too pale to read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QTransform
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QCheckBox,
    QHeaderView,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSplitter,
    QStackedLayout,
    QStyle,
    QStyleOptionButton,
    QTabBar,
    QToolButton,
    QWidget,
)

from tests.gui.widget_tree import is_ours, named, visible_widgets

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRAST = 4.5
SCALE = 4
"""Of the picture that colours are taken from: the strokes of small letters are then wide enough to have a core."""
SLACK = 1
"""Pixels by which a size may be missed: sizes are whole numbers, widths of text are not."""
_SVG = "{http://www.w3.org/2000/svg}"


# Sizes.


def clipping_complaints(window: QWidget) -> list[str]:
    """No text is cut, no two things of a layout lie over each other, nothing reaches out of what it is in."""
    found = []
    for widget in visible_widgets(window):
        found += _cut_texts(widget)
        found += _overlaps(widget)
        if widget is not window:
            found += _outside_of_parent(widget)
    return list(dict.fromkeys(found))


def _cut_texts(widget: QWidget) -> list[str]:
    room, need = widget.size(), None
    if isinstance(widget, QPushButton | QCheckBox | QRadioButton):
        room, need = _room_of_button(widget)
    elif isinstance(widget, QLabel):
        need = _need_of_label(widget)
    elif isinstance(widget, QToolButton):
        need = widget.sizeHint()
    elif isinstance(widget, QTabBar):
        return _cut_tabs(widget)
    elif isinstance(widget, QLineEdit):
        return _cut_placeholder(widget)
    elif isinstance(widget, QAbstractScrollArea):
        return _cut_headers(widget)
    elif is_ours(widget) and widget.layout() is None:
        need = widget.minimumSizeHint()
    if need is None or (need.width() <= room.width() + SLACK and need.height() <= room.height() + SLACK):
        return []
    return [f"{named(widget)} is cut: {need.width()}x{need.height()} in {room.width()}x{room.height()}"]


def _room_of_button(button: QPushButton | QCheckBox | QRadioButton) -> tuple[QSize, QSize]:
    option = QStyleOptionButton()
    button.initStyleOption(option)
    element = {
        QPushButton: QStyle.SubElement.SE_PushButtonContents,
        QCheckBox: QStyle.SubElement.SE_CheckBoxContents,
        QRadioButton: QStyle.SubElement.SE_RadioButtonContents,
    }
    which = next(part for kind, part in element.items() if isinstance(button, kind))
    room = button.style().subElementRect(which, option, button).intersected(button.rect()).size()
    # The style draws with the font of the option, made bold where its sheet says so.
    need = option.fontMetrics.size(Qt.TextFlag.TextShowMnemonic, button.text())
    if not button.icon().isNull():
        need.setWidth(need.width() + button.iconSize().width() + 4)
    return room, need


def _need_of_label(label: QLabel) -> QSize | None:
    if not label.text() and label.pixmap().isNull():
        return None
    if hasattr(label, "whole_text"):
        return QSize(0, label.fontMetrics().height())  # elides itself
    if label.wordWrap():
        return QSize(_widest_word(label), label.heightForWidth(label.width()))
    return label.sizeHint()


def _widest_word(label: QLabel) -> int:
    """Return the width of what cannot be wrapped; unknown where there is markup."""
    if label.textFormat() != Qt.TextFormat.PlainText:
        return 0
    around = label.contentsMargins().left() + label.contentsMargins().right() + 2 * label.margin()
    words = label.text().split()
    return around + max((label.fontMetrics().horizontalAdvance(word) for word in words), default=0)


def _cut_tabs(bar: QTabBar) -> list[str]:
    found = []
    for index in range(bar.count()):
        if not bar.isTabVisible(index):
            continue
        area, text = bar.tabRect(index), bar.tabText(index)
        need = bar.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, text)
        if need.width() > area.width() + SLACK or need.height() > area.height() + SLACK:
            found.append(f"tab {text!r} is cut")
        if not bar.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(area):
            found.append(f"tab {text!r} has no room in its bar")
    return found


def _cut_placeholder(field: QLineEdit) -> list[str]:
    if field.text() or not field.placeholderText():
        return []
    margins = field.textMargins()
    room = field.contentsRect().width() - margins.left() - margins.right() - 4
    if field.fontMetrics().horizontalAdvance(field.placeholderText()) <= room + SLACK:
        return []
    return [f"placeholder of {named(field)} is cut"]


def _cut_headers(view: QAbstractScrollArea) -> list[str]:
    found = []
    for header in view.findChildren(QHeaderView):
        if header.isHidden() or header.orientation() != Qt.Orientation.Horizontal or header.model() is None:
            continue
        for section in range(header.count()):
            text = header.model().headerData(section, header.orientation(), Qt.ItemDataRole.DisplayRole)
            room = header.sectionSize(section)
            if room and text and header.fontMetrics().horizontalAdvance(str(text)) > room:
                found.append(f"header {text!r} of {named(view)} is cut")
    return found


def _overlaps(widget: QWidget) -> list[str]:
    layout = widget.layout()
    if layout is None:
        return []
    inside = [one for one in _laid_out(layout) if one.isVisibleTo(widget) and not one.geometry().isEmpty()]
    return [
        f"{named(one)} and {named(other)} lie over each other"
        for place, one in enumerate(inside)
        for other in inside[place + 1 :]
        if one.parentWidget() is other.parentWidget() and one.geometry().intersects(other.geometry())
    ]


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    if isinstance(layout, QStackedLayout):
        return
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)


def _outside_of_parent(widget: QWidget) -> list[str]:
    parent = widget.parentWidget()
    if parent is None or parent.objectName() == "qt_scrollarea_viewport":
        return []
    if isinstance(parent, QSplitter) and 0 in parent.sizes():
        return []  # folded
    if parent.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(widget.geometry()):
        return []
    return [f"{named(widget)} reaches out of {named(parent)}"]


# Colours.


@dataclass(frozen=True)
class DrawnText:
    """A piece of text as it was drawn: where, and in which colour."""

    text: str
    colour: QColor
    area: QRectF


def contrast_complaints(window: QWidget, least: float = CONTRAST) -> list[str]:
    """Every piece of text that is drawn stands out from the ground that it is drawn on.

    The window is drawn twice. Once as SVG, which tells of each piece of text where it stands and in which colour it is
    drawn: palette, style sheet, style, or a paintEvent of ours, whoever decided it. And once as pixels, in which the
    most frequent colour around the text is its ground. A piece whose colour is not among the pixels is covered or
    scrolled away.
    """
    image = _picture(window)
    found = []
    for piece in drawn_texts(window):
        colours = _colours(image, piece.area)
        if not colours:
            continue
        ground = QColor.fromRgb(colours.most_common(1)[0][0])
        shown = _over(piece.colour, ground)
        if not _is_there(shown, colours):
            continue
        ratio = contrast(shown, ground)
        if ratio < least:
            owner = window.childAt(QPoint(round(piece.area.center().x()), round(piece.area.center().y()))) or window
            found.append(f"{piece.text.strip()!r} has {ratio:.2f}: {shown.name()} on {ground.name()} ({named(owner)})")
    return list(dict.fromkeys(found))


def drawn_texts(window: QWidget) -> list[DrawnText]:
    """Return every piece of text that the window draws, in its own coordinates."""
    drawing = QByteArray()
    buffer = QBuffer(drawing)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(window.size())
    generator.setViewBox(window.rect())
    QWidget.render(window, generator)  # ours have a render of their own
    written = bytes(drawing.data()).decode()
    readable = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", written)
    return [piece for group in ET.fromstring(readable).iter(f"{_SVG}g") for piece in _texts_of_group(group)]


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast ratio of WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _texts_of_group(group: ET.Element) -> Iterator[DrawnText]:
    numbers = [float(part) for part in re.findall(r"[-+.\de]+", group.get("transform", "").removeprefix("matrix"))]
    place = QTransform(*numbers) if len(numbers) == 6 else QTransform()
    for element in group.findall(f"{_SVG}text"):
        text = element.text or ""
        if not text.strip():
            continue
        font = QFont(element.get("font-family", ""))
        font.setPointSizeF(float(element.get("font-size", "9")))
        font.setWeight(QFont.Weight(int(element.get("font-weight", "400"))))
        metrics = QFontMetricsF(font)
        left, baseline = float(element.get("x", "0")), float(element.get("y", "0"))
        area = QRectF(left, baseline - metrics.ascent(), metrics.horizontalAdvance(text), metrics.height())
        colour = QColor(element.get("fill", "#000000"))
        colour.setAlphaF(float(element.get("fill-opacity", "1")))
        yield DrawnText(text, colour, place.mapRect(area))


def _picture(window: QWidget) -> QImage:
    image = QImage(window.size() * SCALE, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(SCALE)
    image.fill(window.palette().window().color())
    QWidget.render(window, image)
    return image


def _colours(image: QImage, area: QRectF) -> Counter[int]:
    whole = QRectF(image.rect())
    scaled = QRectF(area.x() * SCALE, area.y() * SCALE, area.width() * SCALE, area.height() * SCALE)
    wanted = scaled.intersected(whole).toAlignedRect()
    if wanted.isEmpty():
        return Counter()
    piece = image.copy(wanted)
    return Counter(memoryview(piece.constBits()).cast("B").cast("I"))


def _over(colour: QColor, ground: QColor) -> QColor:
    part = colour.alphaF()
    mixed = (
        round(above * part + below * (1 - part))
        for above, below in zip(colour.getRgb()[:3], ground.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(*mixed)


def _is_there(colour: QColor, colours: Counter[int]) -> bool:
    """Tell whether a colour is among pixels; one step off is rounding."""
    red, green, blue = colour.red(), colour.green(), colour.blue()
    return any(
        abs((seen >> 16 & 255) - red) <= SLACK
        and abs((seen >> 8 & 255) - green) <= SLACK
        and abs((seen & 255) - blue) <= SLACK
        for seen in colours
    )


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
