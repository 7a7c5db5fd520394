"""Walking a tree of widgets: which are seen, which can be used, and every text that they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QAbstractTableModel, QModelIndex, QObject, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QScrollBar,
    QSizeGrip,
    QSplitterHandle,
    QTabBar,
    QTextEdit,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CELLS_LOOKED_AT = 5000
"""Of one model; a table of 10,000 rows holds the same kinds of text in all of them."""
FIELDS = (QLineEdit, QComboBox, QAbstractSpinBox, QTextEdit, QPlainTextEdit)
KNOW_KEYS = (*FIELDS, QAbstractButton, QAbstractItemView, QAbstractSlider, QTabBar)
"""What Qt lets be used with keys, once it has the focus."""
_OWNERS_OF_PARTS = (QComboBox, QAbstractSpinBox, QTabBar, QMenuBar, QMenu, QHeaderView)
_PARTS = (QScrollBar, QSizeGrip, QSplitterHandle, QHeaderView)
_MOUSE = ("mousePressEvent", "mouseReleaseEvent", "mouseDoubleClickEvent")
_KEYS = ("keyPressEvent", "keyReleaseEvent")


@dataclass(frozen=True)
class Text:
    """A text and where it stands."""

    kind: str
    text: str
    owner: str


def visible_widgets(window: QWidget) -> list[QWidget]:
    """Return the window and every widget in it that is seen or can be scrolled to; no inner parts of Qt's widgets."""
    found = [window]
    found += [one for one in inner_widgets(window) if one.isVisibleTo(window) and not _has_no_size(one, window)]
    return found


def inner_widgets(window: QWidget) -> list[QWidget]:
    """Return every widget below the window, seen or not; no windows of their own, no inner parts of Qt's widgets."""
    return [one for one in window.findChildren(QWidget) if one.window() is window.window() and not _is_a_part(one)]


def is_ours(widget: QObject) -> bool:
    """Tell whether the class is written in Python."""
    return not type(widget).__module__.startswith("PySide6")


def is_used(widget: QWidget) -> bool:
    """Tell whether a user does something with it."""
    if isinstance(widget, QTextEdit | QPlainTextEdit | QAbstractItemView):
        return True
    if isinstance(widget, QAbstractScrollArea):
        return _scrolls(widget)
    if isinstance(widget, QGroupBox):
        return widget.isCheckable()
    if isinstance(widget, QLabel) and widget.textInteractionFlags() & Qt.TextInteractionFlag.LinksAccessibleByMouse:
        return "<a " in widget.text()
    return isinstance(widget, KNOW_KEYS) or hears_the_mouse(widget)


def hears_the_mouse(widget: QWidget) -> bool:
    """Tell whether a class of ours does something on a click."""
    return _overrides(widget, _MOUSE)


def hears_keys(widget: QWidget) -> bool:
    """Tell whether a class of ours does something on a key."""
    return _overrides(widget, _KEYS)


def accessible_name(widget: QWidget) -> str:
    """Return the name that a screen reader says."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def named(widget: QObject) -> str:
    """Return words for a complaint by which the widget is found."""
    names = [widget.objectName()]
    if isinstance(widget, QWidget):
        names.append(widget.accessibleName())
    if isinstance(widget, QAbstractButton | QLabel | QAction):
        names.append(widget.text())
    best = next((name for name in names if name), "")
    parent = widget.parent()
    place = f" in {type(parent).__name__}" if parent is not None else ""
    return f"{type(widget).__name__} {best[:60]!r}{place}"


def whole_text(label: QLabel) -> str:
    """Return the text of a label; of one that elides itself, the text without elision."""
    whole = getattr(label, "whole_text", None)
    return whole if isinstance(whole, str) else label.text()


def texts_of(widget: QWidget) -> Iterator[Text]:
    """Give every text that a widget shows, says to a screen reader, or holds for a pointer that rests on it."""
    owner = named(widget)
    pairs = [*_common_texts(widget), *_shown_texts(widget)]
    if isinstance(widget, QTabBar):
        pairs += _tab_texts(widget)
    if isinstance(widget, QComboBox):
        pairs += _model_texts(widget.model())
    if isinstance(widget, QAbstractItemView):
        pairs += [*_model_texts(widget.model()), *_header_texts(widget)]
    for action in _own_actions(widget):
        pairs += _action_texts(action)
    for kind, text in pairs:
        if text:
            yield Text(kind, text, owner)


def menu_actions(menu: QMenu | QMenuBar) -> list[QAction]:
    """Return the actions of a menu that are seen and are no separators."""
    return [action for action in menu.actions() if action.isVisible() and not action.isSeparator()]


def menus_of(window: QWidget) -> list[QMenu]:
    """Return every menu that opens from the window."""
    return window.findChildren(QMenu)


def rect_in(widget: QWidget, ancestor: QWidget) -> tuple[int, int, int, int]:
    """Return left, top, width and height in the coordinates of an ancestor."""
    corner = widget.mapTo(ancestor, widget.rect().topLeft())
    return corner.x(), corner.y(), widget.width(), widget.height()


def _is_a_part(widget: QWidget) -> bool:
    if is_ours(widget):
        return False
    name = widget.objectName()
    if name.startswith("qt_") and not isinstance(widget, QTabBar):
        return True
    if isinstance(widget, _PARTS) or widget.metaObject().className() == "QTableCornerButton":
        return True
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, _OWNERS_OF_PARTS):
            return True
        above = above.parentWidget()
    return False


def _has_no_size(widget: QWidget, window: QWidget) -> bool:
    above: QWidget | None = widget
    while above is not None and above is not window:
        if above.width() <= 0 or above.height() <= 0:
            return True
        above = above.parentWidget()
    return False


def _scrolls(area: QAbstractScrollArea) -> bool:
    return any(bar.maximum() > bar.minimum() for bar in (area.verticalScrollBar(), area.horizontalScrollBar()))


def _overrides(widget: QWidget, names: tuple[str, ...]) -> bool:
    return any(
        name in kind.__dict__
        for kind in type(widget).__mro__
        if not kind.__module__.startswith(("PySide6", "Shiboken"))
        for name in names
    )


def _common_texts(widget: QWidget) -> list[tuple[str, str]]:
    pairs = [
        ("tooltip", widget.toolTip()),
        ("status tip", widget.statusTip()),
        ("what's this", widget.whatsThis()),
        ("title", widget.windowTitle()),
        ("object name", widget.objectName()),
    ]
    names = [bytes(name.data()).decode() for name in widget.dynamicPropertyNames()]
    pairs += [
        ("property", value)
        for name in names
        if not name.startswith("_") and isinstance(value := widget.property(name), str)  # not Qt's and PySide's own
    ]
    interface = QAccessible.queryAccessibleInterface(widget)
    if interface is not None:
        kind = QAccessible.Text
        pairs += [
            ("accessible name", interface.text(kind.Name)),
            ("accessible description", interface.text(kind.Description)),
            ("accessible value", interface.text(kind.Value)),
            ("accessible help", interface.text(kind.Help)),
        ]
        content = interface.textInterface()
        if content is not None:
            pairs.append(("accessible value", content.text(0, content.characterCount())))
    return pairs


def _shown_texts(widget: QWidget) -> list[tuple[str, str]]:
    own = getattr(widget, "text", None)  # of a widget of ours that paints itself a property, of Qt's a method
    kind, shown = "text", own if isinstance(own, str) else ""
    if isinstance(widget, QLabel):
        shown = whole_text(widget)
    elif isinstance(widget, QAbstractButton):
        shown = widget.text()
    elif isinstance(widget, QGroupBox | QMenu):
        shown = widget.title()
    elif isinstance(widget, QLineEdit):
        kind, shown = "value", widget.displayText()
    elif isinstance(widget, QTextEdit | QPlainTextEdit):
        kind, shown = "value", widget.toPlainText()
    elif isinstance(widget, QComboBox):
        kind, shown = "value", widget.currentText()
    elif isinstance(widget, QAbstractSpinBox):
        kind, shown = "value", widget.text()
    pairs = [(kind, shown)]
    if isinstance(widget, QLabel):
        pairs.append(("elided text", widget.text()))
    if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit | QComboBox):
        pairs.append(("placeholder", widget.placeholderText()))
    return pairs


def _tab_texts(bar: QTabBar) -> list[tuple[str, str]]:
    pairs = []
    for index in range(bar.count()):
        pairs += [
            ("tab", bar.tabText(index)),
            ("tooltip", bar.tabToolTip(index)),
            ("accessible name", bar.accessibleTabName(index)),
        ]
    return pairs


def _model_texts(model: object) -> list[tuple[str, str]]:
    role = Qt.ItemDataRole
    kinds = {
        role.DisplayRole: "item",
        role.ToolTipRole: "tooltip",
        role.StatusTipRole: "status tip",
        role.WhatsThisRole: "what's this",
        role.AccessibleTextRole: "accessible name",
        role.AccessibleDescriptionRole: "accessible description",
    }
    return [
        (kind, value)
        for index in _indexes(model)
        for which, kind in kinds.items()
        if isinstance(value := index.data(which), str)
    ]


def _indexes(model: object) -> Iterator[QModelIndex]:
    if not isinstance(model, QAbstractItemModel):
        return
    flat = isinstance(model, QAbstractTableModel | QAbstractListModel)
    left = CELLS_LOOKED_AT
    parents = [QModelIndex()]
    while parents:
        parent = parents.pop()
        for row in range(model.rowCount(parent)):
            for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
                index = model.index(row, column, parent)
                left -= 1
                if left < 0:
                    return
                yield index
                if not flat and model.rowCount(index) > 0:
                    parents.append(index)


def _header_texts(view: QAbstractItemView) -> list[tuple[str, str]]:
    pairs = []
    for header in view.findChildren(QHeaderView):
        if header.isHidden() or header.model() is None:
            continue
        for section in range(min(header.count(), CELLS_LOOKED_AT)):
            for kind, role in (("header", Qt.ItemDataRole.DisplayRole), ("tooltip", Qt.ItemDataRole.ToolTipRole)):
                value = header.model().headerData(section, header.orientation(), role)
                if isinstance(value, str) and not header.isSectionHidden(section):
                    pairs.append((kind, value))
    return pairs


def _own_actions(widget: QWidget) -> list[QAction]:
    """Return its actions: those added to it, and those that it owns; the menus' own come with the menus."""
    owned = widget.findChildren(QAction, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return list(dict.fromkeys([*widget.actions(), *owned]))


def _action_texts(action: QAction) -> list[tuple[str, str]]:
    if action.isSeparator():
        return []
    return [
        ("action", action.text()),
        ("tooltip", action.toolTip()),
        ("status tip", action.statusTip()),
        ("what's this", action.whatsThis()),
    ]
