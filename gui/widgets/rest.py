"""What of a widget is made after the first paint: that which the first picture does not show, and takes its time.

A widget that has a rest makes it at once, unless it is asked to leave it (`rest_later=True`). Whoever asks for that has
to see that the rest is made before there is anything to show in it: `WindowProgram` does so before its session begins.
A rest changes nothing that can be seen, sizes included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Callable


class Rest:
    """Pieces to be made in their order. Each takes a few milliseconds, so that the window stays quick between them.

    They go into `place`, a widget that is there from the start, and are reached by Tab where that stands.
    """

    def __init__(self, place: QWidget, *pieces: Callable[[], None]) -> None:
        self._place = place
        self._pieces = list(pieces)

    def make_next(self) -> bool:
        """Make one piece; return whether there was one to be made."""
        if not self._pieces:
            return False
        self._pieces.pop(0)()
        if not self._pieces:
            _line_up(self._place)
        return True

    def make_all(self) -> None:
        """Make whatever is still to be made."""
        while self.make_next():
            pass


def _line_up(place: QWidget) -> None:
    """Put what is in a place behind what Tab reaches before it: Qt has put it at the very end."""
    ring, widget = [], place.nextInFocusChain()
    while widget is not None and widget is not place:
        ring.append(widget)
        widget = widget.nextInFocusChain()
    outside = [each for each in ring if not place.isAncestorOf(each) and each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    if outside and place.window().isAncestorOf(outside[-1]):
        before = outside[-1]
        for each in ring:
            if place.isAncestorOf(each) and each.focusPolicy() is not Qt.FocusPolicy.NoFocus:
                QWidget.setTabOrder(before, each)
                before = each
