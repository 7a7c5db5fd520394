"""A net for secrets: everything that the real window shows, says, writes or logs while a flow runs."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.flow.contracts import KITS
from tests.flow.test_canary import found_in, tokens_in, with_parts
from tests.flow.window_scene import begin_anew
from tests.gui.widget_tree import inner_widgets, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gui.sandbox.service import SimulatedConcur
    from tests.flow.window_scene import WindowScene


class Net:
    """Everything that can be seen, heard or found: gathered while a flow runs, then searched."""

    def __init__(self, scene: WindowScene, *others: SimulatedConcur) -> None:
        self.scene = scene
        self._others = others
        self.texts: set[str] = set()
        self.take(scene.view)
        scene.session.board.changed.connect(self.take)

    @property
    def secrets(self) -> set[str]:
        """Every token of any kind that was issued, and the apps' secrets."""
        concurs = (self.scene.concur, *self._others)
        found = {secret for concur in concurs for kit in KITS for secret in kit.secrets(concur)}
        found |= {app.consumer_secret for concur in concurs for app in concur.authority.applications()}
        rows = self.scene.program.timeline.rows()
        return with_parts(found | {token for row in rows for token in tokens_in(row.response_body)})

    def take(self, thing: object) -> None:
        """Keep what a log or a crash report could make of a value, and of every value in it."""
        if isinstance(thing, tuple | frozenset):
            for part in thing:
                self.take(part)
        elif isinstance(thing, BaseException) or (dataclasses.is_dataclass(thing) and not isinstance(thing, type)):
            self.texts |= {repr(thing), str(thing)}
            for field in dataclasses.fields(thing) if dataclasses.is_dataclass(thing) else ():
                value = getattr(thing, field.name)
                if not isinstance(value, str | bytes):
                    self.take(value)

    def look(self) -> None:
        """Read all windows that are open, what is hidden in them too."""
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and window.windowType() is not Qt.WindowType.ToolTip:
                self.look_at(window)

    def look_at(self, window: QWidget) -> None:
        """Read one window: texts, titles, tooltips, names, descriptions and values for screen readers."""
        for widget in (window, *inner_widgets(window)):
            self.texts |= {text.text for text in texts_of(widget)}
        self.texts |= {action.text() + action.toolTip() for action in window.actions()}

    def files(self, *besides: Path) -> None:
        """Read every file of the program's own."""
        for path in self.scene.home.rglob("*"):
            if path.is_file() and path not in besides:
                self.texts |= {path.read_bytes().decode("utf-8", "replace"), str(path)}

    def check(self) -> None:
        everything = "\n".join(self.texts)
        assert len(everything) > 1000
        assert len(self.secrets) > 1
        assert found_in(everything, self.secrets) == []


@contextmanager
def watched(shared: WindowScene) -> Iterator[WindowScene]:
    """Begin anew with a window that others have used, and find no secret anywhere at the end."""
    scene = begin_anew(shared)
    net = Net(scene)
    scene.on_state = net.look
    yield scene
    scene.on_state = None
    net.take(scene.program.timeline.rows())
    net.files()
    scene.session.board.changed.disconnect(net.take)
    begin_anew(scene)
    net.check()
