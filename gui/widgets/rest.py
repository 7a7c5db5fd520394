"""What of a widget is made after the first paint: that which the first picture does not show, and takes its time.

A widget that has a rest makes it at once, unless it is asked to leave it (`rest_later=True`). Whoever asks for that has
to see that the rest is made before there is anything to show in it: `WindowProgram` does so before its session begins.
A rest changes nothing that can be seen, sizes included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Rest:
    """Pieces to be made in their order. Each takes a few milliseconds, so that the window stays quick between them."""

    def __init__(self, *pieces: Callable[[], None]) -> None:
        self._pieces = list(pieces)

    def make_next(self) -> bool:
        """Make one piece; return whether there was one to be made."""
        if not self._pieces:
            return False
        self._pieces.pop(0)()
        return True

    def make_all(self) -> None:
        """Make whatever is still to be made."""
        while self.make_next():
            pass
