"""The line at the top: which profile the window works with, and what can be done with profiles."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QSizePolicy, QWidget

from gui.session_state import Control
from gui.widgets.name_choice import NameChoice
from gui.widgets.parts import Button, Chip, ElidedLabel, Kind, plain_tooltip
from gui.widgets.theme import GRID
from gui.widgets.words import translated

if TYPE_CHECKING:
    from gui.session_view import SessionView
    from gui.store.profile import Profile

_SHORTEST_NAME = 16
"""Characters of a profile's name that have room at least."""
_WIDEST = 36 * GRID


class ProfileBar(QWidget):
    """Chooses a profile and asks for changes to profiles. All signals come from what the user did."""

    profile_chosen = Signal(str)
    """Id of the profile."""
    new_requested = Signal()
    edit_requested = Signal()
    duplicate_requested = Signal()
    delete_requested = Signal()
    import_requested = Signal()
    export_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._listed: tuple[tuple[str, str], ...] = ()
        self._shown_id = ""
        self._choice = NameChoice()
        self._new = Button(self.tr("&New…"))
        self._edit = Button(self.tr("Ed&it…"))
        self._more = Button(self.tr("&More"))
        self._menu = QMenu(self._more)
        self._duplicate = self._entry(self.tr("&Duplicate"))
        self._delete = self._entry(self.tr("D&elete…"))
        self._menu.addSeparator()
        self._import = self._entry(self.tr("&Import…"))
        self._export = self._entry(self.tr("E&xport…"))
        self._more.setMenu(self._menu)
        self._simulated = Chip(self.tr("simulated Concur"), Kind.WARNING)
        self._place = ElidedLabel(role="muted")
        self._lay_out()
        self._choice.activated.connect(self._on_choice_activated)
        self._new.clicked.connect(self._on_new_clicked)
        self._edit.clicked.connect(self._on_edit_clicked)
        self._duplicate.triggered.connect(self._on_duplicate_triggered)
        self._delete.triggered.connect(self._on_delete_triggered)
        self._import.triggered.connect(self._on_import_triggered)
        self._export.triggered.connect(self._on_export_triggered)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # every widget of ours is rendered so
        """Show the profile, where it leads, and what may be done now."""
        self._list(view.profiles)
        self._show_chosen(view.profile)
        switchable = Control.SWITCH_PROFILE in view.controls
        self._choice.setEnabled(switchable)
        self._new.setEnabled(switchable)
        self._edit.setEnabled(Control.EDIT_APPLICATION in view.controls)
        self._more.setEnabled(switchable)
        self._duplicate.setEnabled(Control.DUPLICATE_PROFILE in view.controls)
        self._import.setEnabled(switchable)
        self._delete.setEnabled(Control.DELETE_PROFILE in view.controls)
        self._export.setEnabled(Control.EXPORT_PROFILE in view.controls)
        self._simulated.setVisible(view.simulated)
        self._place.set_whole_text(*self._place_of(view))

    def _list(self, profiles: tuple[Profile, ...]) -> None:
        ordered = sorted(profiles, key=lambda profile: not profile.built_in_sandbox)
        wanted = tuple((profile.profile_id, profile.name) for profile in ordered)
        if wanted == self._listed:
            return
        self._listed = wanted
        self._choice.clear()
        for profile_id, name in wanted:
            self._choice.addItem(name, profile_id)
            if len(name) > _SHORTEST_NAME:
                index = self._choice.count() - 1
                self._choice.setItemData(index, plain_tooltip(name), Qt.ItemDataRole.ToolTipRole)

    def _show_chosen(self, profile: Profile) -> None:
        self._shown_id = profile.profile_id
        index = self._choice.findData(profile.profile_id)
        if index != self._choice.currentIndex():
            self._choice.setCurrentIndex(index)

    def _place_of(self, view: SessionView) -> tuple[str, str]:
        """Return contract and place, and the same in fewer words."""
        brief = translated(view.profile.contract)
        contract = self.tr("{contract} contract").format(contract=brief)
        base_url = view.application.base_url or view.profile.base_url
        if base_url:
            place = _name_of(base_url, view.profile.contract)
        else:
            place = self.tr("sandbox is starting") if view.simulated else self.tr("no base URL")
        words = self.tr("{contract} · {place}")
        return words.format(contract=contract, place=place), words.format(contract=brief, place=_without_scheme(place))

    @Slot(int)
    def _on_choice_activated(self, index: int) -> None:
        profile_id = self._choice.itemData(index)
        if profile_id != self._shown_id:
            self.profile_chosen.emit(profile_id)

    @Slot()
    def _on_new_clicked(self) -> None:
        self.new_requested.emit()

    @Slot()
    def _on_edit_clicked(self) -> None:
        self.edit_requested.emit()

    @Slot()
    def _on_duplicate_triggered(self) -> None:
        self.duplicate_requested.emit()

    @Slot()
    def _on_delete_triggered(self) -> None:
        self.delete_requested.emit()

    @Slot()
    def _on_import_triggered(self) -> None:
        self.import_requested.emit()

    @Slot()
    def _on_export_triggered(self) -> None:
        self.export_requested.emit()

    def _entry(self, text: str) -> QAction:
        action = QAction(text, self)
        self._menu.addAction(action)
        return action

    def _lay_out(self) -> None:
        label = QLabel(self.tr("P&rofile"))
        label.setBuddy(self._choice)
        self._choice.setAccessibleName(self.tr("Profile"))
        self._choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._choice.setMinimumContentsLength(_SHORTEST_NAME)
        self._choice.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._choice.setMaximumWidth(_WIDEST)
        self._more.setAccessibleName(self.tr("More about profiles"))
        self._simulated.setToolTip(self.tr("Nothing here comes from Concur or goes there."))
        self._place.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(label)
        layout.addWidget(self._choice, 1)
        for widget in (self._new, self._edit, self._more, self._simulated):
            layout.addWidget(widget)
        layout.addWidget(self._place, 1)


def _name_of(base_url: str, contract: str) -> str:
    centre = _data_centre_name(base_url, contract)
    return base_url if centre is None else translated(centre)


@lru_cache(maxsize=8)
def _data_centre_name(base_url: str, contract: str) -> str | None:
    from gui.concur.contract import CONTRACTS  # noqa: PLC0415  # the first profile to be shown has none
    from gui.concur.data_centres import data_centre_of  # noqa: PLC0415  # the same

    centre = data_centre_of(base_url, CONTRACTS[contract].data_centres if contract in CONTRACTS else ())
    return None if centre is None else centre.name


def _without_scheme(place: str) -> str:
    return place.removeprefix("https://").removeprefix("http://")
