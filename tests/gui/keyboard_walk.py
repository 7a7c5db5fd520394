"""What the keyboard reaches in a window, and whether it is seen where it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QGroupBox,
    QMenuBar,
    QRadioButton,
    QScrollArea,
    QToolButton,
    QWidget,
)

from tests.gui.widget_tree import KNOW_KEYS, hears_keys, hears_the_mouse, inner_widgets, is_used, menu_actions, named
from tests.gui.widget_tree import visible_widgets as seen_in

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLEAR = "_q_qlineeditclearaction"
MOST_STEPS = 1000
FOCUS_MARGIN = 4
"""Pixels around a widget in which its focus may be shown."""


@dataclass
class Walk:
    """Where Tab went, in order, and what did not let it go on."""

    order: list[QWidget] = field(default_factory=list)
    traps: list[QWidget] = field(default_factory=list)


def tab_order(window: QWidget) -> list[QWidget]:
    """Return what Tab reaches, beginning with what has the focus."""
    return _walk(window, Qt.Key.Key_Tab).order


def keyboard_complaints(window: QWidget) -> list[str]:
    """Everything that can be used is reached by Tab and by Shift+Tab, lets the focus go on, and hears keys."""
    forth, back = _walk(window, Qt.Key.Key_Tab), _walk(window, Qt.Key.Key_Backtab)
    found = [f"Tab does not leave {named(one)}" for one in forth.traps]
    found += [f"Shift+Tab does not leave {named(one)}" for one in back.traps if one not in forth.traps]
    for widget in seen_in(window):
        if not is_used(widget) or not widget.isEnabled():
            continue
        if not _is_reached(widget, forth):
            found.append(f"Tab does not reach {named(widget)}")
        elif not _is_reached(widget, back):
            found.append(f"Shift+Tab does not reach {named(widget)}")
        if hears_the_mouse(widget) and not isinstance(widget, KNOW_KEYS) and not hears_keys(widget):
            found.append(f"{named(widget)} hears the mouse and no key")
    found += _menus_without_a_key(window)
    found += _ambiguous_shortcuts(window)
    return found


def focus_complaints(window: QWidget) -> list[str]:
    """Whatever has the focus looks different for it."""
    return [f"the focus is not seen on {named(one)}" for one in tab_order(window) if not _shows_focus(one)]


def _walk(window: QWidget, key: Qt.Key) -> Walk:
    top = window.window()
    assert top.isVisible(), "only a window that is shown can be walked"
    top.activateWindow()
    assert QTest.qWaitForWindowActive(top)
    walk = Walk()
    if top.focusWidget() is None:
        QTest.keyClick(top, key)
    for _ in range(MOST_STEPS):
        now = top.focusWidget()
        if now is None or now in walk.order:
            break
        walk.order.append(now)
        QTest.keyClick(now, key)
        if top.focusWidget() is now and len(_stops(now, top)) > 1:
            walk.traps.append(now)
            _leave(now, top, key)
    return walk


def _stops(start: QWidget, top: QWidget) -> list[QWidget]:
    """Return where Tab could stop, from a widget on."""
    chain, one = [start], start.nextInFocusChain()
    while one is not None and one is not start:
        chain.append(one)
        one = one.nextInFocusChain()
    return [
        one
        for one in chain
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and one.isEnabled()
        and one.isVisibleTo(top)
        and one.focusProxy() is None
        and one is not top
    ]


def _leave(trap: QWidget, top: QWidget, key: Qt.Key) -> None:
    stops = [one for one in _stops(trap, top) if one is not trap]
    stops[0 if key == Qt.Key.Key_Tab else -1].setFocus(Qt.FocusReason.TabFocusReason)


def _is_reached(widget: QWidget, walk: Walk) -> bool:
    if widget in walk.order or widget.focusProxy() in walk.order:
        return True
    if any(widget.isAncestorOf(one) and not is_used(one) for one in walk.order):
        return True  # an inner part of it
    if isinstance(widget, QRadioButton) and widget.autoExclusive():
        # The arrow keys go on from the one that Tab reaches.
        return any(isinstance(one, QRadioButton) and one.parent() is widget.parent() for one in walk.order)
    # The cross in a field does what Delete does.
    return isinstance(widget, QToolButton) and any(one.objectName() == _CLEAR for one in widget.actions())


def _menus_without_a_key(window: QWidget) -> list[str]:
    return [
        f"menu {action.text()!r} has no mnemonic"
        for bar in window.findChildren(QMenuBar)
        if bar.isVisibleTo(window)
        for action in menu_actions(bar)
        if "&" not in action.text().replace("&&", "")
    ]


def _ambiguous_shortcuts(window: QWidget) -> list[str]:
    """Return keys that two things of the window wait for: Qt then does neither."""
    waiting: dict[str, set[str]] = defaultdict(set)
    for keys, who in _shortcuts(window):
        waiting[keys].add(who)
    return [f"{keys} means {' and '.join(sorted(who))}" for keys, who in waiting.items() if len(who) > 1]


def _shortcuts(window: QWidget) -> Iterator[tuple[str, str]]:
    wide = {Qt.ShortcutContext.WindowShortcut, Qt.ShortcutContext.ApplicationShortcut}
    for action in window.findChildren(QAction):
        if action.isEnabled() and action.isVisible() and action.shortcutContext() in wide:
            for keys in action.shortcuts():
                yield keys.toString(), f"{named(action)} #{id(action)}"
    for shortcut in window.findChildren(QShortcut):
        if shortcut.isEnabled() and shortcut.context() in wide:
            yield shortcut.key().toString(), f"{named(shortcut)} #{id(shortcut)}"
    for widget in inner_widgets(window):
        if isinstance(widget, QAbstractButton) and widget.isVisibleTo(window) and widget.isEnabled():
            keys = widget.shortcut()
            if not keys.isEmpty() and not isinstance(widget, QGroupBox) and not keys.toString().startswith("Alt+"):
                yield keys.toString(), f"{named(widget)} #{id(widget)}"


def _shows_focus(widget: QWidget) -> bool:
    top = widget.window()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    _scroll_to(widget)
    QCoreApplication.processEvents()
    corner = widget.mapTo(top, widget.rect().topLeft())
    area = QRect(corner, widget.size()).adjusted(-FOCUS_MARGIN, -FOCUS_MARGIN, FOCUS_MARGIN, FOCUS_MARGIN)
    area = area.intersected(top.rect())
    focused = top.grab(area).toImage()
    widget.clearFocus()
    QCoreApplication.processEvents()
    return focused != top.grab(area).toImage()


def _scroll_to(widget: QWidget) -> None:
    """Bring a widget into sight, as Tab does and setFocus() does not."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget)
        above = above.parentWidget()
