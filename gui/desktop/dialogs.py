"""Questions that stop the user, and choices of files: the only place with QMessageBox and QFileDialog.

They stand where something is destroyed or written. While one is open its event loop runs the rest of the program.
"""

from __future__ import annotations

from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QStandardPaths, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox

from gui.desktop.file_names import safe_file_name
from gui.session_requests import SaveRequest

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton, QWidget


class QuitChoice(Enum):
    """What shall become of live tokens when the window closes."""

    REVOKE = auto()
    """Revoke them first, then close."""
    KEEP = auto()
    """Close; they stay live and listed."""
    STAY = auto()
    """Do not close."""


class AsksUser(Protocol):
    """What `Dialogs` can be asked; a test takes its place with answers of its own."""

    def ask_open_profile(self) -> Path | None:
        """Return the profile's file to import; None where the user thought better of it, as everywhere here."""

    def ask_export_profile(self, suggested_name: str) -> Path | None:
        """Return where to write a profile."""

    def ask_save_document(self, suggested_name: str) -> SaveRequest | None:
        """Return where to write the access-token document, and whether with its secrets."""

    def ask_export_timeline(self, suggested_name: str) -> SaveRequest | None:
        """Return where to write the timeline as HAR, and whether with its secrets."""

    def confirm_delete_profile(self, name: str, live_tokens: int) -> bool:
        """Return whether a profile shall be deleted with its consumer secret."""

    def ask_about_live_tokens(self, count: int, simulated: bool, in_memory: int = 0) -> QuitChoice:
        """Return what shall become of live tokens when the window closes."""


class Dialogs:
    """The real ones, in front of the window that is given."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent
        self._folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)

    def ask_open_profile(self) -> Path | None:
        """Return an existing file."""
        dialog = self._file_dialog(_tr("Import a profile"), ".json", _tr("Profile (*.json)"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
        return self._chosen(dialog)

    def ask_export_profile(self, suggested_name: str) -> Path | None:
        """Return a path that ends in .json; that an existing file is replaced has been asked."""
        name = safe_file_name(suggested_name, "profile", ".json")
        return self._chosen(self._save_dialog(_tr("Export the profile"), name, _tr("Profile (*.json)")))

    def ask_save_document(self, suggested_name: str) -> SaveRequest | None:
        """Ask for the secrets first, then for the file: .xml, or .json where the suggested name ends so."""
        json = suggested_name.lower().endswith(".json")
        suffix = ".json" if json else ".xml"
        redacted = self._ask_redacted(
            _tr("Save the access-token document"),
            _tr("Save the document with its tokens in it?"),
            _tr(
                "With secrets, the file holds a live access token, and usually a refresh token. Whoever reads it can "
                "act for the user who allowed them until they are revoked.\n\n"
                "Redacted, each secret is replaced by a mark; everything else is as it came."
            ),
        )
        if redacted is None:
            return None
        name = safe_file_name(suggested_name, "access-token-document", suffix)
        kinds = _tr("JSON document (*.json)") if json else _tr("XML document (*.xml)")
        path = self._chosen(self._save_dialog(_tr("Save the access-token document"), name, kinds))
        return None if path is None else SaveRequest(path=path, redacted=redacted)

    def ask_export_timeline(self, suggested_name: str) -> SaveRequest | None:
        """Ask for the secrets first, then for the file, which ends in .har."""
        redacted = self._ask_redacted(
            _tr("Export the timeline"),
            _tr("Export the timeline with its secrets in it?"),
            _tr(
                "With secrets, the file holds a live token and the consumer secret wherever they were sent or "
                "received. Do not attach such a file to a ticket or send it by mail.\n\n"
                "Redacted, each secret is replaced by a mark; everything else is as it was on the wire."
            ),
        )
        if redacted is None:
            return None
        name = safe_file_name(suggested_name, "timeline", ".har")
        path = self._chosen(self._save_dialog(_tr("Export the timeline"), name, _tr("HTTP archive (*.har)")))
        return None if path is None else SaveRequest(path=path, redacted=redacted)

    def confirm_delete_profile(self, name: str, live_tokens: int) -> bool:
        """Say what goes and what stays; to keep the profile is what Enter and Esc do."""
        text = _tr("Its consumer secret is wiped from where it is kept. This cannot be undone.")
        if live_tokens == 1:
            text += "\n\n" + _tr("1 of its tokens is live. Deleting revokes nothing: it stays under Issued tokens.")
        elif live_tokens > 1:
            warning = _tr("{count} of its tokens are live. Deleting revokes nothing: they stay under Issued tokens.")
            text += "\n\n" + warning.format(count=live_tokens)
        box = self._question(_tr("Delete the profile"), _tr('Delete "{name}"?').format(name=name), text)
        delete = box.addButton(_tr("&Delete"), QMessageBox.ButtonRole.DestructiveRole)
        keep = box.addButton(_tr("&Keep profile"), QMessageBox.ButtonRole.RejectRole)
        return self._answer(box, default=keep, on_escape=keep) is delete

    def ask_about_live_tokens(self, count: int, simulated: bool, in_memory: int = 0) -> QuitChoice:
        """Say what each way of closing means; to stay is what Esc does."""
        box = self._question(
            _tr("Close the window"), _live_words(count), _quit_words(count, in_memory, simulated=simulated)
        )
        revoke = box.addButton(_tr("&Revoke and close"), QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton(_tr("&Close without revoking"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(_tr("&Stay"), QMessageBox.ButtonRole.RejectRole)
        answer = self._answer(box, default=keep if simulated else revoke, on_escape=stay)
        if answer is revoke:
            return QuitChoice.REVOKE
        return QuitChoice.KEEP if answer is keep else QuitChoice.STAY

    def _ask_redacted(self, title: str, question: str, text: str) -> bool | None:
        box = self._question(title, question, text)
        redacted = box.addButton(_tr("&Redacted (recommended)"), QMessageBox.ButtonRole.AcceptRole)
        whole = box.addButton(_tr("With &secrets"), QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(_tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        answer = self._answer(box, default=redacted, on_escape=cancel)
        return None if answer not in (redacted, whole) else answer is redacted

    def _question(self, title: str, question: str, text: str) -> QMessageBox:
        box = QMessageBox(self._parent)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(title)
        box.setTextFormat(Qt.TextFormat.PlainText)  # a profile's name may come from a file that somebody sent
        box.setText(question)
        box.setInformativeText(text)
        return box

    def _answer(self, box: QMessageBox, *, default: QPushButton, on_escape: QPushButton) -> object:
        box.setDefaultButton(default)
        box.setEscapeButton(on_escape)
        box.exec()
        answer = box.clickedButton()
        box.deleteLater()
        return answer

    def _file_dialog(self, title: str, suffix: str, kinds: str) -> QFileDialog:
        dialog = QFileDialog(self._parent, title, self._folder)
        dialog.setNameFilters([kinds, _tr("All files (*)")])
        dialog.setDefaultSuffix(suffix.removeprefix("."))
        return dialog

    def _save_dialog(self, title: str, name: str, kinds: str) -> QFileDialog:
        dialog = self._file_dialog(title, Path(name).suffix, kinds)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(name)
        return dialog

    def _chosen(self, dialog: QFileDialog) -> Path | None:
        accepted = dialog.exec() == QDialog.DialogCode.Accepted
        files = dialog.selectedFiles() if accepted else []
        if accepted:
            self._folder = dialog.directory().absolutePath()
        dialog.deleteLater()
        return Path(files[0]) if files and files[0] else None


def _live_words(count: int) -> str:
    if count == 1:
        return _tr("1 token is live. What shall become of it?")
    return _tr("{count} tokens are live. What shall become of them?").format(count=count)


def _quit_words(count: int, in_memory: int, *, simulated: bool) -> str:
    if simulated:
        return _tr(
            "Tokens of the built-in sandbox end with it, and it ends with this window: closing is enough. Revoking "
            "first shows how a revoke is done."
        )
    words = [
        _tr("Revoke and close: Concur is asked to revoke, and the window closes when it has answered."),
        _tr("Close without revoking: they stay live until they expire, stored and listed under Issued tokens."),
        _tr("Stay: nothing happens."),
    ]
    if count == 1:
        words[1] = _tr("Close without revoking: it stays live until it expires, stored and listed under Issued tokens.")
    if in_memory:
        words[1] = _tr(
            "Close without revoking: {count} of them are kept in memory only and are gone with the window. They stay "
            "live at Concur until they expire, and cannot be revoked from here afterwards."
        ).format(count=in_memory)
        if in_memory == count == 1:
            words[1] = _tr(
                "Close without revoking: it is kept in memory only and is gone with the window. It stays live at "
                "Concur until it expires, and cannot be revoked from here afterwards."
            )
    return "\n\n".join(words)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Dialogs", text)
