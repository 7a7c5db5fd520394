"""The window: nothing in it but places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QSplitter, QVBoxLayout, QWidget

from gui.widgets.announcer import Announcer
from gui.widgets.application_card import ApplicationCard
from gui.widgets.banner import Banner
from gui.widgets.exchange_card import ExchangeCard
from gui.widgets.ground import Ground
from gui.widgets.listener_card import ListenerCard
from gui.widgets.menu_table import Command
from gui.widgets.menus import Menus
from gui.widgets.next_step import NextStep
from gui.widgets.parts import NO_LIMIT
from gui.widgets.request_token_card import RequestTokenCard
from gui.widgets.status_line import StatusLine
from gui.widgets.step_column import StepColumn
from gui.widgets.theme import GRID

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent

    from gui.session_view import SessionView

_LOW_HEIGHT = 640
"""Below it there is room for the flow or for the timeline."""
_LEAST_WIDTH, _LEAST_HEIGHT = 720, 480
_LONGEST_NAME = 48


class ViewPart(Protocol):
    """A part of the window that is handed the whole view."""

    @Slot(object)
    def render(self, view: SessionView) -> None:
        """Show a view."""


class FoldingPart(ViewPart, Protocol):
    """The timeline, as far as places go."""

    @property
    def folded_changed(self) -> SignalInstance:
        """It was folded or opened."""

    def set_folded(self, folded: bool) -> None:
        """Fold to one line, or open."""


class MainWindow(QMainWindow):
    """Menu bar, profile bar, banner, the four steps beside the token, the timeline, status line."""

    close_requested = Signal()
    """The user wants the window closed; `close_for_good` does it."""

    def __init__(self, profile_bar: ViewPart, token_panel: ViewPart, timeline_panel: FoldingPart) -> None:
        super().__init__()
        self.profile_bar, self.token_panel, self.timeline_panel = profile_bar, token_panel, timeline_panel
        self.menus = Menus(self.menuBar())
        self.view: SessionView | None = None
        """What is shown now."""
        self.banner = Banner(rest_later=True)
        self.application_card = ApplicationCard()
        self.listener_card = ListenerCard()
        self.request_token_card = RequestTokenCard()
        self.exchange_card = ExchangeCard()
        self.status_line = StatusLine()
        self._announcer = Announcer(self)
        self._column = StepColumn()
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._ground = Ground()
        self._folded = {True: True, False: False}
        """By whether the window is low: each height keeps what the user chose at it."""
        self._open_sizes = [420, 150]
        """Of the flow and the open timeline, as the user has drawn them; what a window has more is shared."""
        self._arranging = False
        self._may_close = False
        self._lay_out()
        self.next_step = NextStep(self, self._ground)
        self._splitter.splitterMoved.connect(self._on_splitter_moved)
        timeline_panel.folded_changed.connect(self._on_timeline_folded_changed)
        self.menus.action(Command.SHOW_TIMELINE).triggered.connect(self._on_show_timeline_triggered)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Hand a view to every part."""
        self.view = view
        pressed = self.next_step.focused_button()
        for part in (self.profile_bar, self.banner, *self._parts_below()):
            part.render(view)
        self.setWindowTitle(self._title_of(view))
        self._announcer.render(view)
        self._column.follow_current()
        self.next_step.follow(pressed, due=view.next_control is not None)

    @Slot()
    def show_paste_field(self) -> None:
        """Bring the field for a pasted redirect into sight, with the cursor in it."""
        self.request_token_card.reveal_paste_field()
        self._column.bring_into_sight(self.request_token_card)

    @Slot()
    def close_for_good(self) -> None:
        """Close without asking any more."""
        self._may_close = True
        self.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange_timeline()
        self.banner.fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
        else:
            event.ignore()
            # A turn of the loop later: a window that is just refusing to close takes no other close for an answer.
            QTimer.singleShot(0, self, self.close_requested.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.next_step.take_key(event):
            event.accept()
        else:
            super().keyPressEvent(event)

    def _parts_below(self) -> tuple[ViewPart, ...]:
        cards = (self.application_card, self.listener_card, self.request_token_card, self.exchange_card)
        return (*cards, self.token_panel, self.timeline_panel, self.status_line, self.menus)

    def _lay_out(self) -> None:
        self.setMinimumSize(_LEAST_WIDTH, _LEAST_HEIGHT)
        self._ground.setAccessibleName(self.tr("App Center Flow"))
        # From the outside in: with each place that a widget moves to, the style sheet looks at all that is in it again.
        self.setCentralWidget(self._ground)
        layout = QVBoxLayout(self._ground)
        layout.setContentsMargins(GRID, GRID, GRID, 4)
        layout.setSpacing(GRID)
        layout.addWidget(cast("QWidget", self.profile_bar))
        layout.addWidget(self.banner)
        layout.addWidget(self._splitter, 1)
        top = QWidget()
        self._splitter.addWidget(top)
        sides = QHBoxLayout(top)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(GRID)
        sides.addWidget(self._column)
        self._column.take((self.application_card, self.listener_card, self.request_token_card, self.exchange_card))
        sides.addWidget(cast("QWidget", self.token_panel), 1)
        self._splitter.addWidget(cast("QWidget", self.timeline_panel))
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(GRID)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setSizes(self._open_sizes)
        self.setStatusBar(self.status_line)

    def _title_of(self, view: SessionView) -> str:
        name = " ".join(view.profile.name.split())
        if len(name) > _LONGEST_NAME:
            name = f"{name[: _LONGEST_NAME // 2]}…{name[-_LONGEST_NAME // 2 :]}"
        # "[*]" is Qt's mark for an unsaved document; doubled, it stands for itself.
        return self.tr("App Center Flow — {profile}").format(profile=name.replace("[*]", "[*][*]"))

    def _arrange_timeline(self) -> None:
        folded = self._folded[self.height() < _LOW_HEIGHT]
        panel = cast("QWidget", self.timeline_panel)
        was_folded = panel.maximumHeight() < NO_LIMIT
        self._arranging = True
        self.timeline_panel.set_folded(folded)
        self._arranging = False
        # The flow and a document need so much and no more: half of what is left over goes to the timeline. Folding has
        # given it another size policy, and the stretch went with the old one.
        self._splitter.setStretchFactor(1, 1)
        # A splitter asks for the largest size only, never for the size policy.
        panel.setMaximumHeight(panel.sizeHint().height() if folded else NO_LIMIT)
        if folded != was_folded:
            self._splitter.setSizes([sum(self._splitter.sizes()), 0] if folded else self._open_sizes)
        self._splitter.handle(1).setEnabled(not folded)
        self.menus.show_timeline_folded(folded=folded)

    @Slot(int, int)
    def _on_splitter_moved(self, _position: int, _index: int) -> None:
        self._open_sizes = self._splitter.sizes()

    @Slot(bool)
    def _on_timeline_folded_changed(self, folded: bool) -> None:
        if not self._arranging:
            self._folded[self.height() < _LOW_HEIGHT] = folded
            self._arrange_timeline()

    @Slot(bool)
    def _on_show_timeline_triggered(self, shown: bool) -> None:
        self._on_timeline_folded_changed(not shown)
