"""The field that a redirect is pasted into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from gui.concur.contract import CONTRACTS
from gui.widgets.parts import Button, plain_label
from gui.widgets.words import translated

if TYPE_CHECKING:
    from gui.concur.models import RequestToken
    from gui.store.profile import Profile


class PasteRow(QWidget):
    """Takes what the contract lets be pasted. Emptied only once that has led to another request token."""

    submitted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = QLineEdit()
        self._field.setObjectName("paste_field")
        label = plain_label(self.tr("Or pa&ste the redirect"), role="small")
        label.setBuddy(self._field)
        self._use = Button(self.tr("Use it"))
        self._use.setObjectName("paste_redirect")
        self._use.setAccessibleName(self.tr("Use the pasted redirect"))
        self._use.clicked.connect(self._on_submitted)
        self._field.returnPressed.connect(self._on_submitted)
        self._before: RequestToken | None = None
        self._token: RequestToken | None = None
        self._pending = False
        self._profile_id = ""
        line = QHBoxLayout()
        line.addWidget(self._field, 1)
        line.addWidget(self._use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(label)
        layout.addLayout(line)

    def show_state(self, *, enabled: bool, profile: Profile, request_token: RequestToken | None) -> None:
        """Enable or not; empty the field where its text has done its work, or belongs to another profile."""
        contract, profile_id = CONTRACTS.get(profile.contract), profile.profile_id
        self._field.setPlaceholderText("" if contract is None else translated(contract.paste_words))
        self._field.setAccessibleDescription("" if contract is None else translated(contract.paste_about))
        self._field.setEnabled(enabled)
        self._use.setEnabled(enabled)
        taken = self._pending and request_token is not None and request_token != self._before
        if taken or (self._profile_id and profile_id != self._profile_id):
            self._field.clear()
            self._pending = False
        self._profile_id = profile_id
        self._token = request_token

    def take_focus(self) -> None:
        """Put the cursor into the field, its text selected."""
        self._field.setFocus()
        self._field.selectAll()

    @Slot()
    def _on_submitted(self) -> None:
        text = self._field.text().strip()
        if not text:
            self._field.setFocus()
            return
        self._before, self._pending = self._token, True
        self.submitted.emit(text)
