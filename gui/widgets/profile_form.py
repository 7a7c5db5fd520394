"""The fields of a profile in their places; what is in them is judged by `profile_fields`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from gui.concur.contract import CONTRACTS
from gui.concur.data_centres import data_centre_of
from gui.widgets.contract_choice import ContractChoice
from gui.widgets.field_box import FieldBox
from gui.widgets.name_choice import NameChoice
from gui.widgets.parts import Button
from gui.widgets.scope_list import ScopeList
from gui.widgets.secret_edit import SecretEdit
from gui.widgets.theme import GRID
from gui.widgets.trimmed_line import TrimmedLine
from gui.widgets.words import translated

if TYPE_CHECKING:
    from gui.concur.contract import ContractFacts
    from gui.concur.data_centres import DataCentre
    from gui.store.profile import Profile

_SHOWN_OF_A_NAME = 18
"""Characters of a data centre's name; the list shows all of them."""


class ProfileForm(QWidget):
    """All fields. Of the built-in sandbox only contract, redirect URL and the two check boxes can be changed."""

    def __init__(self, *, built_in: bool, can_remove: bool, kept_in: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._built_in = built_in
        self._centres: tuple[DataCentre, ...] = ()
        self.contract = ContractChoice()
        self.fields = QWidget()
        """All but the contract: without one nothing else makes sense."""
        self.name = TrimmedLine(code=False)
        self.centre = NameChoice()
        self.base_url = TrimmedLine()
        self.key = TrimmedLine()
        self.secret = SecretEdit()
        self.remove = Button(self.tr("Remove"), role="flat")
        self.redirect_url = TrimmedLine()
        self.scopes = ScopeList()
        self.exchange_at_once = QCheckBox(self.tr("E&xchange as soon as the request token arrives"))
        self.revoke_on_failure = QCheckBox(self.tr("Re&voke at once if something fails after a token was issued"))
        self.boxes = self._box(kept_in)
        self._name_parts()
        self.remove.setCheckable(True)
        self.remove.setVisible(can_remove and not built_in)
        if built_in:
            self._close()
        self._lay_out()

    def fill(self, profile: Profile) -> None:
        """Show a profile."""
        self.contract.choose(profile.contract)
        self.set_contract(CONTRACTS.get(profile.contract))
        self.fields.setEnabled(bool(profile.contract))
        self.name.setText(profile.name)
        self.key.setText(profile.consumer_key)
        self.redirect_url.setText(profile.redirect_url)
        self.set_base_url(profile.base_url)
        for line in (self.name, self.key, self.redirect_url):
            line.setCursorPosition(0)  # what has no room is cut at its end, not at its start
        self.scopes.set_scopes(profile.scopes)
        self.exchange_at_once.setChecked(profile.exchange_at_once)
        self.revoke_on_failure.setChecked(profile.revoke_on_failure)

    def set_contract(self, contract: ContractFacts | None) -> None:
        """Offer the data centres and scopes of a contract; None for one that this version does not know."""
        self._centres = contract.data_centres if contract is not None else ()
        self.centre.clear()
        for centre in self._centres:
            self.centre.addItem(translated(centre.name))
        self.centre.addItem(self.tr("own base URL"))
        self.scopes.offer(contract)

    def set_base_url(self, base_url: str) -> None:
        """Show a base URL, from its beginning."""
        self.base_url.setText(base_url)
        self.base_url.setCursorPosition(0)

    @property
    def chosen_centre(self) -> DataCentre | None:
        """The data centre that is shown as chosen; None for an own base URL."""
        index = self.centre.currentIndex()
        return self._centres[index] if 0 <= index < len(self._centres) else None

    def show_centre_of(self, base_url: str) -> None:
        """Show which data centre a base URL is, if it is one."""
        centre = data_centre_of(base_url, self._centres)
        self.centre.setCurrentIndex(len(self._centres) if centre is None else self._centres.index(centre))

    def show_own_base_url(self) -> None:
        """Show that the base URL is an own one, whatever it is."""
        self.centre.setCurrentIndex(len(self._centres))

    def _box(self, kept_in: str | None) -> dict[QWidget, FieldBox]:
        made_up = self.tr("Key and secret of the built-in sandbox are made up at each start.")
        from_concur = self.tr("As Concur showed it when the app was registered.")
        registered = self.tr("The very same as registered with Concur, with its port.")
        any_port = self.tr("Port 0 takes any port that is free.")
        return {
            self.name: FieldBox(self.tr("&Name"), [self.name], lines=1),
            self.base_url: FieldBox(self.tr("&Data centre and base URL"), [self.centre, self.base_url], lines=2),
            self.key: FieldBox(
                self.tr("Consumer &key"), [self.key], lines=2, hint=made_up if self._built_in else from_concur
            ),
            self.secret: FieldBox(
                self.tr("Consumer &secret"),
                [self.secret],
                lines=2,
                corner=self.remove,
                hint="" if self._built_in else self._word_of_keeping(kept_in),
            ),
            self.redirect_url: FieldBox(
                self.tr("Redirect &URL"), [self.redirect_url], lines=3, hint=any_port if self._built_in else registered
            ),
        }

    def _word_of_keeping(self, kept_in: str | None) -> str:
        if kept_in is None:
            return self.tr("It is kept for this session only: there is no keyring to keep it in.")
        if not kept_in:
            return self.tr("It goes to the system's keyring, never to a file.")
        return self.tr("It goes to {keyring}, never to a file.").format(keyring=kept_in)

    def _name_parts(self) -> None:
        self.centre.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.centre.setMinimumContentsLength(_SHOWN_OF_A_NAME)
        self.centre.setAccessibleName(self.tr("Data centre"))
        self.name.setAccessibleName(self.tr("Name"))
        self.base_url.setAccessibleName(self.tr("Base URL"))
        self.key.setAccessibleName(self.tr("Consumer key"))
        self.redirect_url.setAccessibleName(self.tr("Redirect URL"))
        self.remove.setAccessibleName(self.tr("Remove consumer secret"))

    def _close(self) -> None:
        """Leave the built-in sandbox what may be changed of it."""
        for line in (self.name, self.base_url, self.key):
            line.setReadOnly(True)
        self.base_url.setPlaceholderText(self.tr("another one at each start"))
        self.key.setPlaceholderText(self.tr("made up at each start"))
        self.secret.set_read_only(read_only=True)
        self.secret.set_placeholder(self.tr("made up at each start"))
        self.centre.setVisible(False)
        self.scopes.setEnabled(False)

    def _lay_out(self) -> None:
        left, right, columns = QVBoxLayout(), QVBoxLayout(), QHBoxLayout()
        left.setSpacing(GRID)
        right.setSpacing(GRID // 4)
        for box in self.boxes.values():
            left.addWidget(box)
        left.addStretch(1)
        right.addWidget(self.scopes, 1)
        columns.setSpacing(3 * GRID)
        columns.addLayout(left, 5)
        columns.addLayout(right, 3)
        rest = QVBoxLayout(self.fields)
        rest.setContentsMargins(0, 0, 0, 0)
        rest.setSpacing(GRID // 2)
        rest.addLayout(columns, 1)
        rest.addWidget(self.exchange_at_once)
        rest.addWidget(self.revoke_on_failure)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID + GRID // 2)
        layout.addWidget(self.contract)
        layout.addWidget(self.fields, 1)
