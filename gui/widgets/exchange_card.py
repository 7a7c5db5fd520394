"""Step 4: the request token becomes an access token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from gui.concur.contract import CONTRACTS
from gui.session_state import Control, State
from gui.widgets.parts import Button, ElidedLabel
from gui.widgets.step_card import Step, StepCard
from gui.widgets.value_row import ValueRow
from gui.widgets.words import translated
from gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from gui.session_view import SessionView

_LONGEST_PLACE = 80
"""Characters. It comes from outside; Concur's have some forty."""
_AFTER = frozenset(
    {State.CONNECTED, State.REFRESHING, State.PROBING, State.REVOKING, State.PROVING, State.WIPING, State.REVOKED}
)


class ExchangeCard(StepCard):
    """What will be sent, when, and the button that sends it."""

    exchange_requested = Signal()
    exchange_at_once_changed = Signal(bool)
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(4, parent=parent)
        self.set_title(self.tr("Exchange"))
        self._request = ElidedLabel(code=True)
        self._note = WrappedLabel(role="small")
        self._at_once = QCheckBox(self.tr("As soon as the request token &arrives"))
        self._at_once.setObjectName("exchange_at_once")
        self._exchange = Button(self.tr("Exchange"))
        self._exchange.setObjectName("exchange")
        self._cancel = Button(self.tr("Cancel"))
        self._cancel.setObjectName("cancel_exchange")
        self._cancel.setAccessibleName(self.tr("Cancel the exchange"))
        self._at_once.clicked.connect(self.exchange_at_once_changed)
        self._exchange.clicked.connect(self.exchange_requested)
        self._cancel.clicked.connect(self.cancel_requested)
        self.details.addWidget(ValueRow(self.tr("What is sent"), self._request))
        self.details.addWidget(self._note)
        self.details.addWidget(self._at_once)
        buttons = QHBoxLayout()
        buttons.addWidget(self._exchange)
        buttons.addWidget(self._cancel)
        buttons.addStretch(1)
        self.details.addLayout(buttons)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show what an exchange of this view is or was."""
        self._request.set_whole_text(_request_of(view))
        self._note.set_whole_text(self._note_of(view))
        self._at_once.setChecked(view.profile.exchange_at_once)
        self._at_once.setEnabled(not view.starting)
        self._exchange.setEnabled(Control.EXCHANGE in view.controls)
        self._exchange.set_primary(view.next_control is Control.EXCHANGE)
        exchanging = view.state is State.EXCHANGING
        self._cancel.setEnabled(exchanging and Control.CANCEL in view.controls)
        cancelling = view.activity is not None and view.activity.cancelling
        self._cancel.setText(self.tr("Cancelling…") if exchanging and cancelling else self.tr("Cancel"))
        self.show_step(self._step_of(view), self._state_line_of(view))

    def _step_of(self, view: SessionView) -> Step:
        if view.state in {State.RECEIVED, State.EXCHANGING}:
            return Step.CURRENT
        # AT_RISK is reached from here as well, and then the token is there all the same.
        return Step.DONE if view.state in _AFTER or view.state is State.AT_RISK else Step.LATER

    def _state_line_of(self, view: SessionView) -> str:
        if view.state is State.EXCHANGING:
            return self.tr("asking the simulated Concur…") if view.simulated else self.tr("asking Concur…")
        if view.state is State.RECEIVED:
            return self.tr("ready to be sent")
        if self._step_of(view) is Step.DONE:
            return self._received_line_of(view)
        if view.profile.exchange_at_once:
            return self.tr("as soon as the request token arrives")
        return self.tr("when you choose, once the request token is here")

    def _received_line_of(self, view: SessionView) -> str:
        if view.shown is None:
            return self.tr("done")
        if view.shown.document is None:
            return self.tr("the token was opened from the list")
        time = view.shown.token.issued_at.astimezone().strftime("%H:%M:%S")
        return self.tr("access token received at {time}").format(time=time)

    def _note_of(self, view: SessionView) -> str:
        contract = CONTRACTS.get(view.profile.contract)
        if contract is None:
            words = self.tr('The contract "{name}" is not known to this version; nothing is sent.')
            return words.format(name=view.profile.contract)
        sentences = [translated(contract.exchange_words)]
        if view.request_token is not None and view.request_token.geolocation:
            words = self.tr("The redirect named {place}; if that is a data centre of the same Concur, it goes there.")
            place = " ".join(view.request_token.geolocation.split())
            sentences.append(
                words.format(place=place if len(place) <= _LONGEST_PLACE else f"{place[:_LONGEST_PLACE]}…")
            )
        return " ".join(sentences)


def _request_of(view: SessionView) -> str:
    contract = CONTRACTS.get(view.profile.contract)
    if contract is None:
        return "—"
    base_url = view.application.base_url or view.profile.base_url or "…"
    return f"{contract.exchange_method} {base_url}{contract.exchange_path}"
