"""Stand-ins for the parts of the window that the frame only gives a place to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from gui.session_state import Control
from gui.widgets.parts import Button, Card, ElidedLabel, plain_label, title_label

if TYPE_CHECKING:
    from gui.session_view import SessionView

TOKEN_CONTROLS = {
    Control.COPY_TOKEN: "Copy token",
    Control.SAVE_DOCUMENT: "Save…",
    Control.PROBE: "Try it",
    Control.REFRESH: "Refresh",
    Control.REVOKE: "Revoke",
    Control.KEEP_TOKEN: "Keep",
    Control.START_OVER: "Start over",
}


class ProfileBarStandIn(QWidget):
    """A list of profiles and two buttons."""

    def __init__(self) -> None:
        super().__init__()
        self.profiles = QComboBox()
        self.profiles.setAccessibleName("Profile")
        self.view: SessionView | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.profiles)
        layout.addWidget(Button("New…"))
        layout.addWidget(ElidedLabel("legacy contract"), 1)

    def render(self, view: SessionView) -> None:  # type: ignore[override]
        self.view = view
        self.profiles.clear()
        self.profiles.addItems([profile.name for profile in view.profiles])


class TokenPanelStandIn(Card):
    """Its buttons, in two rows."""

    def __init__(self) -> None:
        super().__init__()
        self.view: SessionView | None = None
        self.body.addWidget(title_label("Access token"))
        self.body.addWidget(plain_label("The document appears here after the exchange.", role="muted", wrap=True), 1)
        self.buttons = {control: Button(text) for control, text in TOKEN_CONTROLS.items()}
        for start in (0, 4):
            row = QHBoxLayout()
            for button in list(self.buttons.values())[start : start + 4]:
                row.addWidget(button)
            row.addStretch(1)
            self.body.addLayout(row)

    def render(self, view: SessionView) -> None:  # type: ignore[override]
        self.view = view
        for control, button in self.buttons.items():
            button.setEnabled(control in view.controls)
            button.set_primary(view.next_control is control)


class TimelineStandIn(Card):
    """A bar that can be folded to, and something below it."""

    folded_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.view: SessionView | None = None
        self.is_folded = False
        self.fold = Button("Fold", role="flat")
        self.fold.clicked.connect(self._on_fold_clicked)
        self.table = QWidget()
        self.table.setMinimumHeight(96)
        column = QVBoxLayout(self.table)
        column.addWidget(plain_label("Every exchange appears here.", role="muted"))
        head = QHBoxLayout()
        head.addWidget(title_label("Timeline"), 1)
        head.addWidget(self.fold)
        self.body.addLayout(head)
        self.body.addWidget(self.table, 1)

    def render(self, view: SessionView) -> None:  # type: ignore[override]
        self.view = view

    def set_folded(self, folded: bool) -> None:
        if folded != self.is_folded:
            self.is_folded = folded
            self.table.setVisible(not folded)
            vertical = QSizePolicy.Policy.Fixed if folded else QSizePolicy.Policy.Preferred
            self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)
            self.folded_changed.emit(folded)

    @Slot()
    def _on_fold_clicked(self) -> None:
        self.set_folded(not self.is_folded)
