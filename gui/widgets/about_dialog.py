"""Help > About."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import Signal, Slot, qVersion
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from gui import __version__
from gui.session_requests import CopyRequest
from gui.widgets.parts import Button, Card, ElidedLabel, plain_label, title_label
from gui.widgets.theme import GRID, code_font


class AboutDialog(QDialog):
    """Name, versions, licence, and whose names are used here."""

    copy_requested = Signal(CopyRequest)

    def __init__(self, licence_text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About App Center Flow"))
        self.setMinimumSize(GRID * 56, GRID * 60)
        self.resize(GRID * 84, GRID * 68)
        self._versions = self._version_rows()
        self._licence = QPlainTextEdit(licence_text, self)
        self._licence.setReadOnly(True)
        self._licence.setTabChangesFocus(True)
        self._licence.setFont(code_font())
        self._copy = Button(self.tr("&Copy versions"), parent=self)
        self._close = Button(self.tr("C&lose"), parent=self)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._close.clicked.connect(self.close)
        self._lay_out()
        self._close.setFocus()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID * 2, GRID * 2, GRID * 2, GRID * 2)
        column.setSpacing(GRID)
        column.addWidget(title_label(f"App Center Flow {__version__}", self))
        column.addWidget(
            plain_label(
                self.tr("Build, test and certify an SAP Concur App Center connection on one machine."),
                wrap=True,
                parent=self,
            )
        )
        column.addWidget(
            plain_label(
                self.tr("Not affiliated with SAP. SAP, Concur and App Center are names of their owner."),
                wrap=True,
                parent=self,
            )
        )
        card = Card(self)
        rows = QGridLayout()
        rows.setHorizontalSpacing(GRID * 2)
        rows.setVerticalSpacing(GRID // 2)
        rows.setColumnStretch(1, 1)
        for number, (name, version) in enumerate(self._versions[1:]):
            rows.addWidget(plain_label(name, role="muted", parent=card), number, 0)
            rows.addWidget(ElidedLabel(version, code=True, parent=card), number, 1)
        card.body.addLayout(rows)
        column.addWidget(card)
        licence = plain_label(self.tr("&MIT licence"), parent=self)
        licence.setBuddy(self._licence)
        column.addWidget(licence)
        column.addWidget(self._licence, 1)
        column.addWidget(
            plain_label(
                self.tr("The licences of what is built in (Python, Qt and others) come with the packaged app."),
                role="small",
                wrap=True,
                parent=self,
            )
        )
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        column.addLayout(buttons)

    def as_text(self) -> str:
        """Return the versions, for a report."""
        return "\n".join(f"{name} {version}" for name, version in self._versions) + "\n"

    @Slot()
    def _on_copy_clicked(self) -> None:
        self.copy_requested.emit(CopyRequest(text=self.as_text(), what=self.tr("Versions")))

    def _version_rows(self) -> tuple[tuple[str, str], ...]:
        return (
            ("App Center Flow", __version__),
            ("Python", platform.python_version()),
            ("Qt", qVersion()),
            ("PySide6", PySide6.__version__),
            (self.tr("System"), platform.platform()),
        )
