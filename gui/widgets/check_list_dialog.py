"""Help > Check list: the preconditions and steps of Concur's App Center Flow page, and how far each has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gui.check_list import SIMULATED, CheckGroup, CheckKey, CheckSource, CheckState, check_list, keys_of
from gui.session_requests import CopyRequest
from gui.widgets.parts import Button, Card, Chip, ElidedLabel, Kind, plain_label, title_label
from gui.widgets.scrolled_ground import ScrolledGround
from gui.widgets.theme import GRID
from gui.widgets.words import translated

if TYPE_CHECKING:
    from gui.check_list import CheckItem
    from gui.session_view import SessionView


class CheckRow(QWidget):
    """One item: its state, what it is, what it means, and who says that it is needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = Chip(parent=self)
        self._title = plain_label(wrap=True, parent=self)
        self._explanation = plain_label(role="small", wrap=True, parent=self)
        self._source = plain_label(role="small", wrap=True, parent=self)
        self._title.setMinimumWidth(1)
        places = QGridLayout(self)
        places.setContentsMargins(0, GRID // 2, 0, GRID // 2)
        places.setHorizontalSpacing(GRID)
        places.setVerticalSpacing(2)
        places.setColumnMinimumWidth(0, GRID * 12)
        places.setColumnStretch(1, 1)
        places.addWidget(self._state, 0, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        places.addWidget(self._title, 0, 1)
        places.addWidget(self._explanation, 1, 1)
        places.addWidget(self._source, 2, 1)

    def render(self, item: CheckItem) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show an item."""
        kind = {
            CheckState.DONE: Kind.SUCCESS,
            CheckState.OPEN: Kind.WARNING if item.key is CheckKey.FAILURE else Kind.QUIET,
            CheckState.UNKNOWN: Kind.INFO,
            CheckState.NOT_APPLICABLE: Kind.QUIET,
        }[item.state]
        self._state.show_state(self._state_word(item.state), kind)
        self._title.setText(item.title(translated))
        self._explanation.setText(item.explanation(translated))
        self._source.setText(self._source_words(item))
        self.setAccessibleName(f"{self._title.text()}: {self._state.text}")
        self.setAccessibleDescription(f"{self._explanation.text()} {self._source.text()}")

    def as_text(self) -> str:
        """Return what it shows, for the clipboard."""
        lines = (f"[{self._state.text}] {self._title.text()}", self._explanation.text(), self._source.text())
        return "\n    ".join(lines)

    def _state_word(self, state: CheckState) -> str:
        return {
            CheckState.DONE: self.tr("done"),
            CheckState.OPEN: self.tr("open"),
            CheckState.UNKNOWN: self.tr("not known"),
            CheckState.NOT_APPLICABLE: self.tr("not needed"),
        }[state]

    def _source_words(self, item: CheckItem) -> str:
        words = {
            CheckSource.DOCUMENTED: self.tr("Concur documents this."),
            CheckSource.SEEN: self.tr("Seen with real clients; Concur does not document this."),
            CheckSource.INFERRED: self.tr("Inferred; Concur does not document this."),
            CheckSource.OURS: self.tr("Added by App Center Flow."),
        }[item.source]
        return f"{words} {translated(SIMULATED)}" if item.simulated else words


class CheckListDialog(QDialog):
    """Stays open beside the window and follows it."""

    copy_requested = Signal(CopyRequest)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Check list of the App Center Flow"))
        self.setMinimumWidth(GRID * 45)
        self.resize(GRID * 84, GRID * 72)
        self._profile = ElidedLabel(role="muted", parent=self)
        self._count = plain_label(role="muted", parent=self)
        self._rows = {key: CheckRow(self) for key in CheckKey}
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setProperty("role", "reading")  # it takes the focus, to be scrolled with the keys
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(self.tr("Items of the check list"))
        self._copy = Button(self.tr("&Copy as text"), parent=self)
        self._close = Button(self.tr("C&lose"), parent=self)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._close.clicked.connect(self.close)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._profile, 1)
        head.addWidget(self._count)
        ground = ScrolledGround()
        groups = QVBoxLayout(ground)
        groups.setContentsMargins(GRID, GRID // 2, GRID, GRID)
        groups.setSpacing(GRID)
        for group in CheckGroup:
            groups.addWidget(title_label(self._group_title(group), ground))
            card = Card(ground)
            card.body.setSpacing(0)
            for key in keys_of(group):
                card.body.addWidget(self._rows[key])
            groups.addWidget(card)
        groups.addStretch(1)
        self._scroll.setWidget(ground)
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)
        column.addLayout(buttons)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show how far each item has come."""
        items = check_list(view)
        for item in items:
            self._rows[item.key].render(item)
        counted = [item for item in items if item.state is not CheckState.NOT_APPLICABLE]
        done = sum(item.state is CheckState.DONE for item in counted)
        self._profile.set_whole_text(self.tr("Profile: {name}").format(name=view.profile.name))
        self._count.setText(self.tr("{done} of {all} done").format(done=done, all=len(counted)))

    def as_text(self) -> str:
        """Return the whole list, for the clipboard."""
        parts = [self.windowTitle(), f"{self._profile.whole_text} · {self._count.text()}"]
        for group in CheckGroup:
            parts += ["", self._group_title(group)]
            parts += [self._rows[key].as_text() for key in keys_of(group)]
        return "\n".join(parts) + "\n"

    @Slot()
    def _on_copy_clicked(self) -> None:
        self.copy_requested.emit(CopyRequest(text=self.as_text(), what=self.tr("Check list")))

    def _group_title(self, group: CheckGroup) -> str:
        return {
            CheckGroup.BEFORE: self.tr("Before"),
            CheckGroup.CONNECTING: self.tr("Connecting"),
            CheckGroup.ENDING: self.tr("Keeping and ending"),
        }[group]
