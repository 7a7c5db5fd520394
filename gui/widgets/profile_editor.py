"""The dialog in which a profile is made or changed. It writes nothing: the session does, and tells what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from gui.session_requests import CopyRequest, ProfileDraft
from gui.widgets.field_box import ReasonText
from gui.widgets.parts import Button, Kind, plain_label
from gui.widgets.profile_fields import ProfileFields
from gui.widgets.theme import GRID

if TYPE_CHECKING:
    from gui.store.profile import Profile

_WIDTH, _HEIGHT = 114 * GRID, 90 * GRID
_LEAST_WIDTH, _LEAST_HEIGHT = 88 * GRID, 52 * GRID


class ProfileEditor(QDialog):
    """Stays open after `saved` until it is told `accept_saved`, or `show_failure` with the reason."""

    saved = Signal(ProfileDraft)
    copy_requested = Signal(CopyRequest)

    def __init__(
        self,
        profile: Profile,
        *,
        is_new: bool,
        has_secret: bool,
        kept_in: str | None,
        other_names: tuple[str, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._is_new = is_new
        self._saving = False
        self._focused_before: QWidget | None = None
        """Where the cursor was when the question was asked."""
        self._fields = ProfileFields(profile, has_secret=has_secret, kept_in=kept_in, other_names=other_names)
        self._area = QScrollArea()
        self._word = ReasonText(2)
        self._cancel = Button(self.tr("Cancel"))
        self._save = Button(self.tr("Save"))
        self._keep_editing = Button(self.tr("Keep editing"))
        self._discard = Button(self.tr("Discard changes"), role="danger")
        self._foot = QStackedWidget()
        self.setWindowTitle(self.tr("New profile") if is_new else self.tr("Edit profile"))
        self._lay_out()
        for button in self.findChildren(Button):
            button.setAutoDefault(True)  # Enter presses the button that has the focus, and Save from anywhere else
        self._save.set_primary(primary=True)
        self._fields.changed.connect(self._on_fields_changed)
        self._fields.copy_requested.connect(self.copy_requested)
        self._save.clicked.connect(self._on_save_clicked)
        self._cancel.clicked.connect(self._on_cancel_clicked)
        self._keep_editing.clicked.connect(self._on_keep_editing_clicked)
        self._discard.clicked.connect(self._on_discard_clicked)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_app_focus_changed)
        self._show_standing()
        self._fields.focus_first()

    @property
    def saving(self) -> bool:
        """Whether the session has been asked to save and has not answered."""
        return self._saving

    def show_failure(self, message_title: str, text: str, advice: str) -> None:
        """Say why it was not saved, and let the user go on."""
        self._set_saving(saving=False)
        self._word.show_reason(" ".join((f"{message_title}.", text, advice)), Kind.DANGER)
        self._save.setFocus()

    @Slot()
    def accept_saved(self) -> None:
        """Close: it is saved."""
        self._fields.wipe_secret()
        self.accept()

    def reject(self) -> None:
        """Close, after a question where something would be lost. The same again takes the question back."""
        if self._foot.currentIndex() == 1:
            self._ask(asking=False)
        elif self._saving or not self._fields.differs():
            self._fields.wipe_secret()
            super().reject()
        else:
            self._ask(asking=True)

    def _ask(self, *, asking: bool) -> None:
        if asking:
            self._focused_before = self.focusWidget()
        self._foot.setCurrentIndex(int(asking))
        self._fields.setEnabled(not asking)
        self._save.set_primary(primary=not asking)
        self._keep_editing.set_primary(primary=asking)
        (self._keep_editing if asking else self._focused_before or self._cancel).setFocus()

    def _set_saving(self, *, saving: bool) -> None:
        self._saving = saving
        self._fields.setEnabled(not saving)
        self._cancel.setText(self.tr("Close") if saving else self.tr("Cancel"))
        self._show_standing()

    def _show_standing(self) -> None:
        faults, missing = self._fields.faults(), self._fields.missing()
        self._save.setEnabled(not faults and not self._saving)
        if self._saving:
            self._word.show_reason(self.tr("Saving…"), Kind.INFO)
        elif not self._fields.has_contract:
            self._word.show_reason(self.tr("Choose a contract to go on."), Kind.INFO)
        elif faults:
            text = self.tr("Cannot be saved before this is corrected: {fields}.")
            self._word.show_reason(text.format(fields=", ".join(faults)), Kind.WARNING)
        elif missing:
            text = self.tr("Can be saved as a draft. To connect, this is still missing: {fields}.")
            self._word.show_reason(text.format(fields=", ".join(missing)), Kind.INFO)
        else:
            self._word.show_reason("")

    @Slot(QWidget, QWidget)
    def _on_app_focus_changed(self, _before: QWidget | None, now: QWidget | None) -> None:
        # The area follows Tab by itself, and neither a label's letter nor what sets the focus from here.
        if now is not None and self._fields.isAncestorOf(now):
            self._area.ensureWidgetVisible(now, 0, GRID)

    @Slot(int, int)
    def _on_scroll_range_changed(self, least: int, most: int) -> None:
        # To be scrolled with the keys it takes the focus; where all is in view it would be a stop for nothing.
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus if most > least else Qt.FocusPolicy.NoFocus)

    @Slot()
    def _on_fields_changed(self) -> None:
        self._show_standing()

    @Slot()
    def _on_save_clicked(self) -> None:
        draft = ProfileDraft(
            profile=self._fields.profile(),
            consumer_secret=self._fields.consumer_secret(),
            is_new=self._is_new,
            trimmed=self._fields.trimmed(),
        )
        self._set_saving(saving=True)
        self.saved.emit(draft)

    @Slot()
    def _on_cancel_clicked(self) -> None:
        self.reject()

    @Slot()
    def _on_keep_editing_clicked(self) -> None:
        self._ask(asking=False)

    @Slot()
    def _on_discard_clicked(self) -> None:
        self._fields.wipe_secret()
        super().reject()

    def _lay_out(self) -> None:
        area = self._area
        area.setProperty("role", "reading")
        area.setAccessibleName(self.tr("Fields of the profile"))
        area.verticalScrollBar().rangeChanged.connect(self._on_scroll_range_changed)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        ground = QWidget()
        ground.setProperty("role", "ground")
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(0, GRID // 2, GRID, GRID // 2)
        inside.addWidget(self._fields)
        area.setWidget(ground)
        self._foot.addWidget(_row(None, self._cancel, self._save))
        question = plain_label(self.tr("Discard changes?"))
        self._foot.addWidget(_row(question, self._keep_editing, self._discard))
        self._foot.setFixedHeight(self._foot.sizeHint().height())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(area, 1)
        layout.addWidget(self._word)
        layout.addWidget(self._foot)
        self.setMinimumSize(_LEAST_WIDTH, _LEAST_HEIGHT)
        self.resize(_WIDTH, _HEIGHT)


def _row(first: QWidget | None, *buttons: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID)
    layout.addStretch(1)
    for widget in (first, *buttons):
        if widget is not None:
            layout.addWidget(widget)
    return row
