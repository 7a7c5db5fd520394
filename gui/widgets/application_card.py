"""Step 1: the registered app, with its key and its secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.session_requests import CopyRequest
from gui.session_state import Control, State
from gui.session_view import ApplicationView, KeyringStatus
from gui.widgets.parts import Button, ElidedLabel, set_words
from gui.widgets.problem_text import ProblemText
from gui.widgets.secret_label import SecretLabel
from gui.widgets.step_card import Step, StepCard
from gui.widgets.value_row import ValueRow, flat_button
from gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from gui.session_view import SessionView


class ApplicationCard(StepCard):
    """Consumer key, consumer secret, where the secret is kept."""

    edit_requested = Signal()
    copy_requested = Signal(CopyRequest)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(1, step=Step.CURRENT, parent=parent)
        self.set_title(self.tr("Application"))
        self._application = ApplicationView()
        self._key = ElidedLabel(code=True)
        self._secret = SecretLabel()
        self._copy_key = flat_button(self.tr("Copy"), "copy_consumer_key", self.tr("consumer key"))
        self._show = flat_button(self.tr("Show"), "show_consumer_secret", self.tr("consumer secret"))
        self._copy_secret = flat_button(self.tr("Copy"), "copy_consumer_secret", self.tr("consumer secret"))
        set_words(self._show, self.tr("Show"), self.tr("Hide"))
        self._note = WrappedLabel(role="small")
        self._problem = ProblemText()
        self._edit = Button(self.tr("Edit…"))
        self._edit.setObjectName("edit_application")
        self._edit.setAccessibleDescription(self.tr("Opens the profile: consumer key, secret, base URL, redirect URL"))
        self._edit.clicked.connect(self.edit_requested)
        self._copy_key.clicked.connect(self._on_copy_key_clicked)
        self._copy_secret.clicked.connect(self._on_copy_secret_clicked)
        self._show.clicked.connect(self._on_show_clicked)
        self._secret.shown_changed.connect(self._on_secret_shown_changed)
        self._lay_out_details()
        self._on_secret_shown_changed(shown=False)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show the application of a view."""
        application = view.application
        self._application = application
        self._key.set_whole_text(application.consumer_key or "—")
        self._secret.set_secret(application.consumer_secret)
        self._copy_key.setEnabled(bool(application.consumer_key))
        for button in (self._show, self._copy_secret):
            button.setEnabled(bool(application.consumer_secret))
        self._note.set_whole_text(self._note_of(view))
        self._problem.show_problem(application.problem)
        self._edit.setEnabled(Control.EDIT_APPLICATION in view.controls)
        self._edit.set_primary(view.next_control is Control.EDIT_APPLICATION)
        done = view.state is not State.UNCONFIGURED
        self.show_step(Step.DONE if done else Step.CURRENT, self._state_line_of(view))

    def _lay_out_details(self) -> None:
        self.details.addWidget(ValueRow(self.tr("Consumer key"), self._key, (self._copy_key,)))
        self.details.addWidget(
            ValueRow(self.tr("Consumer secret"), self._secret, (self._show, self._copy_secret)),
        )
        self.details.addWidget(self._note)
        self.details.addWidget(self._problem)
        buttons = QHBoxLayout()
        buttons.addWidget(self._edit)
        buttons.addStretch(1)
        self.details.addLayout(buttons)

    def _state_line_of(self, view: SessionView) -> str:
        application = view.application
        if application.problem is not None:
            return self.tr("cannot be used yet")
        if view.state is State.UNCONFIGURED:
            if not view.starting:
                return self.tr("something is missing")
            return self.tr("the simulated Concur is starting…") if view.simulated else self.tr("being read…")
        if view.simulated:
            return self.tr("key {key}, simulated").format(key=application.consumer_key)
        return self.tr("key {key}").format(key=application.consumer_key)

    def _note_of(self, view: SessionView) -> str:
        if view.simulated:
            return self.tr("Key and secret are made up for this run; simulated.")
        if view.application.kept_in and view.keyring.status is KeyringStatus.SESSION_ONLY:
            return self.tr("The secret is kept for this session only.")
        if view.application.kept_in:
            return self.tr("The secret is kept in: {place}").format(place=view.application.kept_in)
        if view.keyring.status is KeyringStatus.SESSION_ONLY:
            return self.tr("A secret that you enter is kept for this session only.")
        return self.tr("A secret that you enter is kept in the system's keyring.")

    @Slot()
    def _on_copy_key_clicked(self) -> None:
        self.copy_requested.emit(CopyRequest(self._application.consumer_key, self.tr("Consumer key")))

    @Slot()
    def _on_copy_secret_clicked(self) -> None:
        request = CopyRequest(self._application.consumer_secret, self.tr("Consumer secret"), secret=True)
        self.copy_requested.emit(request)

    @Slot()
    def _on_show_clicked(self) -> None:
        if self._secret.shown:
            self._secret.hide_secret()
        else:
            self._secret.show_secret()

    @Slot(bool)
    def _on_secret_shown_changed(self, shown: bool) -> None:
        self._show.setText(self.tr("Hide") if shown else self.tr("Show"))
        self._show.setAccessibleName(self.tr("Hide consumer secret") if shown else self.tr("Show consumer secret"))
        self._show.setToolTip("" if shown else self.tr("For 30 seconds, or until you leave the window"))
        self._secret.setAccessibleName(
            self.tr("Consumer secret, shown") if shown else self.tr("Consumer secret, hidden")
        )
