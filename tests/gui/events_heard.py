"""Which events of some kinds came, to whatever object."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Iterator

WORK_OF_A_WINDOW = (QEvent.Type.LayoutRequest, QEvent.Type.UpdateRequest)
"""What lays out and paints."""

_TURNS_TO_SETTLE = 50
_QUIET_TURNS = 3


class _Filter(QObject):
    def __init__(self, kinds: tuple[QEvent.Type, ...], heard: list[str]) -> None:
        super().__init__()
        self._kinds = kinds
        self._heard = heard

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in self._kinds:
            self._heard.append(f"{event.type().name} to {type(watched).__name__} {watched.objectName()}".strip())
        return False


@contextmanager
def events_heard(*kinds: QEvent.Type) -> Iterator[list[str]]:
    """Give the list that grows with every event of these kinds, until the block ends; all that was posted comes."""
    heard: list[str] = []
    listening = _Filter(kinds, heard)
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(listening)
    try:
        _settle(heard)
        yield heard
        QApplication.processEvents()
    finally:
        app.removeEventFilter(listening)


def _settle(heard: list[str]) -> None:
    """Wait until nothing more comes of what was before: a window that was just shown is laid out more than once."""
    quiet = 0
    for _ in range(_TURNS_TO_SETTLE):
        heard.clear()
        QApplication.processEvents()
        quiet = 0 if heard else quiet + 1
        if quiet == _QUIET_TURNS:
            return
    raise AssertionError(heard)
