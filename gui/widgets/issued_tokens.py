"""Every token that is or may be live, of all profiles, with a way to end each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QModelIndex, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gui.session_state import Control, State
from gui.session_view import SessionView
from gui.widgets.issued_rows import problem_texts, rows_of
from gui.widgets.issued_tokens_model import PROFILE, IssuedTokensModel
from gui.widgets.parts import Button, ElidedLabel, Kind, plain_label
from gui.widgets.table_dress import dress_table
from gui.widgets.token_times import MinuteClock, now_utc

if TYPE_CHECKING:
    from gui.widgets.issued_rows import IssuedRow
    from gui.widgets.token_times import Clock

_ROW_HEIGHT = 28
_WIDTH, _HEIGHT, _NARROWEST = 760, 460, 680
_MOST_OF_PROBLEMS = 96


class IssuedTokensDialog(QDialog):
    """Not modal: the window stays usable, and what happens there shows here."""

    open_requested = Signal(str)
    revoke_requested = Signal(str)
    forget_requested = Signal(str)
    review_requested = Signal()

    def __init__(self, parent: QWidget | None = None, clock: Clock = now_utc) -> None:
        super().__init__(parent)
        self._now = clock
        self._view = SessionView()
        self._forgetting = ""
        """Id of the token whose Forget is asked about."""
        self.setWindowTitle(self.tr("Issued tokens"))
        self.setModal(False)
        self.model = IssuedTokensModel(self)
        self._minutes = MinuteClock(self)
        self._create_table()
        self._create_words()
        self._create_buttons()
        self._connect()
        self._lay_out()
        self.setMinimumWidth(_NARROWEST)
        self.resize(_WIDTH, _HEIGHT)
        self.render(self._view)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show the review of a view; what is selected stays selected as long as it is there."""
        self._view = view
        selected = self._selected()
        rows = rows_of(view, self._now())
        self.model.show_rows(rows)
        if selected is not None and self._selected() is None:
            self.table.selectRow(self.model.number_of(selected.token_id))
        elif self._selected() is None and rows:
            self.table.selectRow(0)
        self.place.setCurrentWidget(self.table if rows else self.empty)
        self._say_empty(view)
        self.problems.setText("\n".join(f"{Kind.WARNING.value} {text}" for text in problem_texts(view)))
        self.problem_area.setVisible(bool(self.problems.text()))
        self._show_selected()

    def reject(self) -> None:
        if self._forgetting:
            self._ask_about("")
        else:
            super().reject()

    def _create_table(self) -> None:
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setProperty("role", "rows")
        self.table.setAccessibleName(self.tr("Issued tokens"))
        dress_table(self.table, _ROW_HEIGHT)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(PROFILE, QHeaderView.ResizeMode.Stretch)
        self.empty = plain_label(role="muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.place = QStackedWidget()
        self.place.addWidget(self.table)
        self.place.addWidget(self.empty)

    def _create_words(self) -> None:
        self.problems = plain_label(role="warning", wrap=True)
        self.problems.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.problem_area = QScrollArea()
        self.problem_area.setWidget(self.problems)
        self.problem_area.setWidgetResizable(True)
        self.problem_area.setProperty("role", "reading")  # it takes the focus, to be scrolled with the keys
        self.problem_area.setMaximumHeight(_MOST_OF_PROBLEMS)
        self.problem_area.setAccessibleName(self.tr("What kept the list from being complete"))
        self.meaning = plain_label(wrap=True)
        self.meaning.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.facts = ElidedLabel(code=True, role="muted")
        self.question = plain_label(role="danger", wrap=True)
        self.question.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _create_buttons(self) -> None:
        self.open_button = Button(self.tr("Open in window"))
        self.revoke_button = Button(self.tr("Revoke"), role="danger")
        self.forget_button = Button(self.tr("Forget…"))
        self.review_button = Button(self.tr("Refresh list"))
        self.close_button = Button(self.tr("Close"))
        self.forget_now_button = Button(self.tr("Forget"), role="danger")
        self.keep_button = Button(self.tr("Keep"))

    def _connect(self) -> None:
        self.table.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.table.activated.connect(self._on_row_activated)
        self.open_button.clicked.connect(self._on_open_clicked)
        self.revoke_button.clicked.connect(self._on_revoke_clicked)
        self.forget_button.clicked.connect(self._on_forget_clicked)
        self.review_button.clicked.connect(self.review_requested)
        self.close_button.clicked.connect(self.close)
        self.forget_now_button.clicked.connect(self._on_forget_confirmed)
        self.keep_button.clicked.connect(self._on_forget_refused)
        self._minutes.ticked.connect(self._on_minute_passed)
        self._minutes.set_running(running=True)

    def _lay_out(self) -> None:
        telling = QWidget()
        words = QVBoxLayout(telling)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(4)
        words.addWidget(self.meaning)
        words.addWidget(self.facts)
        words.addStretch(1)
        words.addLayout(
            _row(self.open_button, self.revoke_button, self.forget_button, None, self.review_button, self.close_button)
        )
        asking = QWidget()
        words = QVBoxLayout(asking)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(4)
        words.addWidget(self.question)
        words.addStretch(1)
        words.addLayout(_row(None, self.forget_now_button, self.keep_button))
        self.foot = QStackedWidget()
        self.foot.addWidget(telling)
        self.foot.addWidget(asking)
        self.foot.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.foot.setFixedHeight(self.meaning.fontMetrics().lineSpacing() * 4 + 48)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self.place, 1)
        layout.addWidget(self.problem_area)
        layout.addWidget(self.foot)

    def _say_empty(self, view: SessionView) -> None:
        if view.starting:
            words = self.tr("The list is being read.")
        elif view.issued_problem is not None:
            words = self.tr("The list could not be read, so nobody can say whether a token is live.")
        else:
            words = self.tr(
                "Nothing is live and nothing was cut off. Every token that is issued stays listed here until it is "
                "revoked or forgotten."
            )
        self.empty.setText(words)

    def _may_open(self) -> bool:
        """Whether the window can turn to another token now: not during a call, and not over a request token."""
        return Control.SWITCH_PROFILE in self._view.controls and self._view.state is not State.RECEIVED

    def _selected(self) -> IssuedRow | None:
        numbers = self.table.selectionModel().selectedRows()
        return self.model.row_at(numbers[0].row()) if numbers else None

    def _show_selected(self) -> None:
        row = self._selected()
        self.meaning.setText(row.meaning if row is not None else "")
        self.facts.set_whole_text(row.facts if row is not None else "")
        self.open_button.setEnabled(row is not None and row.can_open and self._may_open())
        self.revoke_button.setEnabled(row is not None and row.can_revoke)
        self.forget_button.setEnabled(row is not None and row.can_forget)
        if self._forgetting and (row is None or row.token_id != self._forgetting or not row.can_forget):
            self._ask_about("")  # it is gone, or being revoked: there is nothing to ask any more

    def _ask_about(self, token_id: str) -> None:
        asked = bool(self._forgetting)
        self._forgetting = token_id
        self.foot.setCurrentIndex(1 if token_id else 0)
        if token_id:
            self.keep_button.setFocus(Qt.FocusReason.OtherFocusReason)
        elif asked:
            back = self.forget_button if self.forget_button.isEnabled() else self.table
            back.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(QItemSelection, QItemSelection)
    def _on_selection_changed(self, _selected: QItemSelection, _deselected: QItemSelection) -> None:
        self._show_selected()

    @Slot(QModelIndex)
    def _on_row_activated(self, _index: QModelIndex) -> None:
        if self.open_button.isEnabled():
            self._on_open_clicked()

    @Slot()
    def _on_open_clicked(self) -> None:
        row = self._selected()
        if row is not None:
            self.open_requested.emit(row.token_id)

    @Slot()
    def _on_revoke_clicked(self) -> None:
        row = self._selected()
        if row is not None:
            self.revoke_requested.emit(row.token_id)

    @Slot()
    def _on_forget_clicked(self) -> None:
        row = self._selected()
        if row is not None:
            self.question.setText(row.forgetting)
            self._ask_about(row.token_id)

    @Slot()
    def _on_forget_confirmed(self) -> None:
        token_id = self._forgetting
        self._ask_about("")
        if token_id:
            self.forget_requested.emit(token_id)

    @Slot()
    def _on_forget_refused(self) -> None:
        self._ask_about("")

    @Slot()
    def _on_minute_passed(self) -> None:
        self.render(self._view)


def _row(*buttons: Button | None) -> QHBoxLayout:
    """Return buttons side by side; None is room between them."""
    row = QHBoxLayout()
    row.setSpacing(8)
    for button in buttons:
        if button is None:
            row.addStretch(1)
        else:
            row.addWidget(button)
    return row
