"""Step 2: the listener that the redirect arrives at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.session_requests import CopyRequest
from gui.session_state import Control, State
from gui.session_view import ListenerStatus, ListenerView
from gui.widgets.parts import Button, ElidedLabel, Kind
from gui.widgets.problem_text import ProblemText
from gui.widgets.step_card import Step, StepCard
from gui.widgets.value_row import ValueRow, flat_button
from gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from gui.session_view import SessionView


class ListenerCard(StepCard):
    """Redirect URL, addresses, start and stop."""

    start_requested = Signal()
    stop_requested = Signal()
    copy_requested = Signal(CopyRequest)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(2, chip=True, parent=parent)
        self.set_title(self.tr("Redirect listener"))
        self._listener = ListenerView()
        self._url = ElidedLabel(code=True)
        self._copy = flat_button(self.tr("Copy"), "copy_redirect_url", self.tr("redirect URL"))
        self._addresses = WrappedLabel(role="small")
        self._problem = ProblemText()
        self._start = Button(self.tr("Start"))
        self._start.setObjectName("start_listener")
        self._start.setAccessibleName(self.tr("Start listener"))
        self._stop = Button(self.tr("Stop"))
        self._stop.setObjectName("stop_listener")
        self._stop.setAccessibleName(self.tr("Stop listener"))
        self._start.clicked.connect(self.start_requested)
        self._stop.clicked.connect(self.stop_requested)
        self._copy.clicked.connect(self._on_copy_clicked)
        self.details.addWidget(ValueRow(self.tr("Redirect URL"), self._url, (self._copy,)))
        self.details.addWidget(self._addresses)
        self.details.addWidget(self._problem)
        buttons = QHBoxLayout()
        buttons.addWidget(self._start)
        buttons.addWidget(self._stop)
        buttons.addStretch(1)
        self.details.addLayout(buttons)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show the listener of a view."""
        listener = view.listener
        self._listener = listener
        self._url.set_whole_text(listener.redirect_url or "—")
        self._copy.setEnabled(bool(listener.redirect_url))
        self._addresses.set_whole_text(self._addresses_of(listener))
        self._addresses.setVisible(not view.paste_only)
        self._problem.show_problem(listener.problem)
        off = listener.status is ListenerStatus.OFF
        self._start.setEnabled(Control.START_LISTENER in view.controls)
        self._start.set_primary(view.next_control is Control.START_LISTENER)
        self._stop.setEnabled(Control.STOP_LISTENER in view.controls)
        # One of them at a time, in the same place; the new one first, so that the focus has somewhere to go.
        for button, wanted in sorted(((self._start, off), (self._stop, not off)), key=lambda pair: not pair[1]):
            button.setVisible(wanted)
        self.chip.show_state(*self._chip_of(view))
        self.show_step(self._step_of(view), self._state_line_of(view), stands_open=view.paste_only)

    def _step_of(self, view: SessionView) -> Step:
        if view.state is State.STOPPED and not view.paste_only:
            return Step.CURRENT
        return Step.DONE if view.listener.status is ListenerStatus.LISTENING else Step.LATER

    def _chip_of(self, view: SessionView) -> tuple[str, Kind]:
        listener = view.listener
        if listener.status is ListenerStatus.LISTENING:
            return self.tr("listening"), Kind.SUCCESS
        if listener.status is ListenerStatus.STARTING:
            return self.tr("starting"), Kind.INFO
        if view.paste_only:
            return self.tr("not used"), Kind.WARNING
        return self.tr("off"), Kind.QUIET if listener.problem is None else Kind.DANGER

    def _state_line_of(self, view: SessionView) -> str:
        listener = view.listener
        if view.paste_only:
            return self.tr("the redirect is pasted instead")
        if listener.problem is not None and listener.status is ListenerStatus.OFF:
            return self.tr("could not be started")
        return listener.redirect_url or self.tr("no redirect URL yet")

    def _addresses_of(self, listener: ListenerView) -> str:
        if listener.status is ListenerStatus.LISTENING:
            return self.tr("Listens on {addresses}").format(addresses=", ".join(listener.addresses))
        return self.tr("Once started it listens on this computer only, for the one redirect.")

    @Slot()
    def _on_copy_clicked(self) -> None:
        self.copy_requested.emit(CopyRequest(self._listener.redirect_url, self.tr("Redirect URL")))
