"""The fields of one profile, each checked while it is typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.concur.application import CONSUMER_KEY, CONSUMER_SECRET
from gui.concur.contract import CONTRACTS, base_url_under, scopes_under
from gui.session_requests import CopyRequest
from gui.widgets.parts import Kind
from gui.widgets.profile_checks import base_url_fault, credential_fault, name_fault, reason_of, redirect_url_fault
from gui.widgets.profile_form import ProfileForm

if TYPE_CHECKING:
    from gui.concur.errors import FlowError
    from gui.store.profile import Profile
    from gui.widgets.trimmed_line import TrimmedLine


class ProfileFields(QWidget):
    """What the profile editor is filled with. Of the built-in sandbox only four fields can be changed."""

    changed = Signal()
    """Something was typed, ticked or chosen."""
    copy_requested = Signal(CopyRequest)

    def __init__(
        self,
        profile: Profile,
        *,
        has_secret: bool,
        kept_in: str | None,
        other_names: tuple[str, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._original = profile
        self._has_secret, self._other_names = has_secret, other_names
        self._kept_in = kept_in if has_secret else ""
        self._trimmed: set[QWidget] = set()
        self._noted: QWidget | None = None
        """The field that was trimmed last and has not been typed in since."""
        self._contract = profile.contract
        self._left_with: dict[str, tuple[str, tuple[str, ...]]] = {}
        """Base URL and scopes that stood there when the contract was changed for another one, by contract."""
        self._moved_to: tuple[str, tuple[str, ...]] | None = None
        """What they were changed to by the last such change."""
        self._form = form = ProfileForm(built_in=profile.built_in_sandbox, can_remove=has_secret, kept_in=kept_in)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(form)
        form.fill(profile)
        if not profile.built_in_sandbox:
            form.secret.set_kept_in(self._kept_in)
        self._connect()
        self._on_base_url_changed()
        self._check_all()

    @property
    def has_contract(self) -> bool:
        """Whether the contract was chosen, be it one that this version knows or not."""
        return bool(self._contract)

    def profile(self) -> Profile:
        """Return the profile as it is filled in, without spaces around anything."""
        flags = replace(
            self._original,
            contract=self._contract,
            redirect_url=self._form.redirect_url.text().strip(),
            exchange_at_once=self._form.exchange_at_once.isChecked(),
            revoke_on_failure=self._form.revoke_on_failure.isChecked(),
        )
        if self._original.built_in_sandbox:
            return flags
        return replace(
            flags,
            name=self._form.name.text().strip(),
            base_url=self._form.base_url.text().strip(),
            consumer_key=self._form.key.text().strip(),
            scopes=self._form.scopes.scopes(),
        )

    def consumer_secret(self) -> str | None:
        """Return the secret that was typed; None to leave the one that is kept, "" to wipe it."""
        typed = self._form.secret.secret().strip()
        return typed or ("" if self._form.remove.isChecked() else None)

    def trimmed(self) -> tuple[str, ...]:
        """Return the fields around which spaces were removed, in words for the user."""
        found = self._trimmed | {line for line in self._lines() if line.text() != line.text().strip()}
        if self._form.secret.secret() != self._form.secret.secret().strip():
            found.add(self._form.secret)
        return tuple(words for field, words in self._words().items() if field in found)

    def faults(self) -> tuple[str, ...]:
        """Return the fields that have to be corrected before it can be saved, in words for the user."""
        if not self._contract:
            return (self.tr("contract"),)  # whatever else is wrong waits for it
        contract = () if self._contract in CONTRACTS else (self.tr("contract"),)
        found = self._faults_now()
        return (*contract, *(words for field, words in self._words().items() if found.get(field) is not None))

    def missing(self) -> tuple[str, ...]:
        """Return what has to be there before it can connect, in words for the user."""
        if self._original.built_in_sandbox or not self._contract:
            return ()
        secret = self.consumer_secret()
        absent = {
            self._form.key: not self._form.key.text().strip(),
            self._form.secret: secret == "" or (secret is None and not self._has_secret),
        }
        return tuple(words for field, words in self._words().items() if absent.get(field, False))

    def differs(self) -> bool:
        """Whether anything is other than it was at the start."""
        return self.profile() != self._original or self.consumer_secret() is not None

    def focus_first(self) -> None:
        """Put the cursor where a person starts: the first field that has to be corrected, or the first of all."""
        if self._contract not in CONTRACTS:
            self._form.contract.set_focus()
            return
        faults = self._faults_now()
        first = next((field for field in self._words() if faults.get(field) is not None), None)
        (first or (self._form.redirect_url if self._original.built_in_sandbox else self._form.name)).setFocus()

    def wipe_secret(self) -> None:
        """Forget the secret that was typed."""
        self._form.secret.wipe()

    def _connect(self) -> None:
        form = self._form
        form.secret.typed.connect(self._on_any_typed)
        form.secret.trimmed.connect(self._on_any_trimmed)
        for line in self._lines():
            line.typed.connect(self._on_any_typed)
            line.trimmed.connect(self._on_any_trimmed)
            line.textChanged.connect(self._on_any_changed)
        for box in (form.exchange_at_once, form.revoke_on_failure):
            box.toggled.connect(self._on_any_changed)
        form.contract.chosen.connect(self._on_contract_chosen)
        form.scopes.changed.connect(self._on_any_changed)
        form.base_url.textChanged.connect(self._on_base_url_changed)
        form.centre.activated.connect(self._on_centre_activated)
        form.secret.changed.connect(self._on_secret_changed)
        form.secret.copy_requested.connect(self.copy_requested)
        form.remove.toggled.connect(self._on_remove_toggled)

    def _words(self) -> dict[QWidget, str]:
        return {
            self._form.name: self.tr("name"),
            self._form.base_url: self.tr("base URL"),
            self._form.key: self.tr("consumer key"),
            self._form.secret: self.tr("consumer secret"),
            self._form.redirect_url: self.tr("redirect URL"),
        }

    def _lines(self) -> tuple[TrimmedLine, ...]:
        return (self._form.name, self._form.base_url, self._form.key, self._form.redirect_url)

    def _faults_now(self) -> dict[QWidget, FlowError | None]:
        redirect_fault, forbids = redirect_url_fault(self._text_of(self._form.redirect_url))
        found: dict[QWidget, FlowError | None] = {self._form.redirect_url: redirect_fault if forbids else None}
        if not self._original.built_in_sandbox:
            found |= {
                self._form.name: name_fault(self._form.name.text(), self._other_names),
                self._form.base_url: base_url_fault(self._form.base_url.text()),
                self._form.key: credential_fault(CONSUMER_KEY, self._form.key.text().strip()),
                self._form.secret: credential_fault(CONSUMER_SECRET, self._form.secret.secret().strip()),
            }
        return found

    def _check_all(self) -> None:
        faults = self._faults_now() if self._contract else {}
        blank = {
            self._form.name: self.tr("A profile needs a name."),
            self._form.base_url: self.tr("Choose a data centre, or enter a base URL."),
        }
        for field, box in self._form.boxes.items():
            fault = faults.get(field)
            if fault is not None and field in blank and not self._text_of(field):
                box.show_reason(blank[field], Kind.WARNING)
            elif fault is not None:
                box.show_reason(reason_of(fault))
            elif field is self._noted:
                box.show_reason(self.tr("Spaces around it were removed."), Kind.INFO)
            else:
                box.show_reason("")
        self._warn_of_redirect_url()

    def _warn_of_redirect_url(self) -> None:
        fault, forbids = redirect_url_fault(self._text_of(self._form.redirect_url))
        if fault is not None and not forbids:
            remark = self.tr("It can be saved; redirects then have to be pasted.")
            self._form.boxes[self._form.redirect_url].show_reason(f"{reason_of(fault)} {remark}", Kind.WARNING)

    @staticmethod
    def _text_of(line: TrimmedLine) -> str:
        return line.text().strip()

    @Slot()
    def _on_any_changed(self) -> None:
        self._check_all()
        self.changed.emit()

    @Slot()
    def _on_any_trimmed(self) -> None:
        field = self.sender()
        if isinstance(field, QWidget):
            self._trimmed.add(field)
            self._noted = field
            self._check_all()

    @Slot()
    def _on_any_typed(self) -> None:
        self._noted = None

    @Slot(str)
    def _on_contract_chosen(self, name: str) -> None:
        if name == self._contract:
            return
        before, contract = CONTRACTS.get(self._contract), CONTRACTS[name]
        now = (self._form.base_url.text(), self._form.scopes.scopes())
        base_url, scopes = now
        if not self._original.built_in_sandbox:
            base_url, scopes = base_url_under(contract, base_url, before), scopes_under(contract, scopes, before)
        if now == self._moved_to:  # chosen by mistake, and back again
            base_url, scopes = self._left_with.get(name, (base_url, scopes))
        self._left_with[self._contract], self._moved_to = now, (base_url, scopes)
        is_first, self._contract = not self._contract, name
        self._form.set_contract(contract)
        self._form.set_base_url(base_url)
        self._form.scopes.set_scopes(scopes)
        self._form.fields.setEnabled(True)
        if is_first:
            self._original = self.profile()  # one press is no work that could be lost
        self._on_base_url_changed()
        self._on_any_changed()

    @Slot(int)
    def _on_centre_activated(self, _index: int) -> None:
        centre = self._form.chosen_centre
        if centre is not None:
            self._form.set_base_url(centre.base_url)
            return
        self._form.show_centre_of(self._form.base_url.text())
        if self._form.chosen_centre is not None:
            self._form.base_url.clear()
        self._form.show_own_base_url()
        self._form.base_url.setFocus()

    @Slot()
    def _on_base_url_changed(self) -> None:
        self._form.show_centre_of(self._form.base_url.text())

    @Slot()
    def _on_secret_changed(self) -> None:
        if self._form.secret.secret():
            self._form.remove.setChecked(False)
        self._on_any_changed()

    @Slot(bool)
    def _on_remove_toggled(self, removing: bool) -> None:
        self._noted = None
        if removing:
            self._form.secret.wipe()
            self._form.secret.set_placeholder(self.tr("removed on saving"))
        else:
            self._form.secret.set_kept_in(self._kept_in)
        self._form.remove.setText(self.tr("Keep it") if removing else self.tr("Remove"))
        self._on_any_changed()
