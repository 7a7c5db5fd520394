"""What takes a dialog between a wish of the window and a desk of the session."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QKeySequence

from gui.concur.contract import CONTRACTS
from gui.desktop.browser import open_folder, open_in_browser
from gui.notices import Happening, NoticeAction, Severity
from gui.resource_files import licence_text
from gui.session_requests import CopyRequest, ExportProfileRequest
from gui.session_state import Control
from gui.session_view import KeyringStatus
from gui.store.profile import DEFAULT_REDIRECT_URL, Profile
from gui.store.profiles import unused_name
from gui.widgets.about_dialog import AboutDialog
from gui.widgets.check_list_dialog import CheckListDialog
from gui.widgets.issued_tokens import IssuedTokensDialog
from gui.widgets.menu_table import Command
from gui.widgets.profile_editor import ProfileEditor
from gui.widgets.shortcuts_dialog import ShortcutsDialog
from gui.widgets.words import message_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QDialog

    from gui.desktop.clipboard import Clipboard
    from gui.desktop.dialogs import AsksUser
    from gui.licences import Notices
    from gui.session.session import Session
    from gui.session_requests import DraftRefused
    from gui.session_view import SessionView
    from gui.widgets.main_window import MainWindow


class Errands(QObject):
    """Opens dialogs, and brings what comes of them to the session."""

    def __init__(
        self,
        window: MainWindow,
        session: Session,
        asks: AsksUser,
        clipboard: Clipboard,
        log_folder: Path,
        open_url: Callable[[str], bool] = open_in_browser,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._asks = asks
        self._clipboard = clipboard
        self._log_folder = log_folder
        self._open_url = open_url
        self._editor: ProfileEditor | None = None
        self._edited_id = ""
        session.profiles.draft_saved.connect(self._on_draft_saved)
        session.profiles.draft_refused.connect(self._on_draft_refused)
        self._issued: IssuedTokensDialog | None = None
        self._check_list: CheckListDialog | None = None
        self._shortcuts: ShortcutsDialog | None = None
        self._about: AboutDialog | None = None

    # Profiles

    @Slot()
    def new_profile(self) -> None:
        """Open the editor with a profile that is not there yet, and has no contract yet: the editor asks for it."""
        name = unused_name(self.tr("New profile"), self._view.profiles)
        draft = Profile(uuid.uuid4().hex, name, "", "", DEFAULT_REDIRECT_URL, contract="")
        self._edit(draft, is_new=True)

    @Slot()
    def edit_profile(self) -> None:
        """Open the editor with the profile that is shown."""
        if not self._session.board.allows(Control.EDIT_APPLICATION):
            self._session.board.tell(Severity.INFO, Happening.NOT_NOW)
            return
        self._edit(self._view.profile, is_new=False)

    @Slot()
    def delete_profile(self) -> None:
        """Ask, then delete the profile that is shown."""
        profile = self._view.profile
        live = sum(token.profile_id == profile.profile_id for token in self._view.issued.live)
        if not self._session.board.allows(Control.DELETE_PROFILE):
            return
        if self._asks.confirm_delete_profile(profile.name, live):
            self._session.profiles.delete()

    @Slot()
    def import_profile(self) -> None:
        """Ask for a file and add its profile."""
        path = self._asks.ask_open_profile()
        if path is not None:
            self._session.profiles.import_from(path)

    @Slot()
    def export_profile(self) -> None:
        """Ask for a file and write the profile that is shown, without its secret."""
        profile = self._view.profile
        path = self._asks.ask_export_profile(profile.name)
        if path is not None:
            self._session.profiles.export(ExportProfileRequest(profile.profile_id, path))

    # Files

    @Slot()
    def save_document(self) -> None:
        """Ask for a file and write the access-token document."""
        shown = self._view.shown
        if shown is None or shown.document is None:
            return
        suffix = ".json" if shown.document.content_type.lower().startswith("application/json") else ".xml"
        request = self._asks.ask_save_document(f"{self._view.profile.name} access token{suffix}")
        if request is not None:
            self._session.files.save_document(request)

    @Slot()
    def export_timeline(self) -> None:
        """Ask for a file and write the timeline."""
        request = self._asks.ask_export_timeline(f"{self._view.profile.name} timeline.har")
        if request is not None:
            self._session.files.export_timeline(request)

    @Slot()
    def open_log_folder(self) -> None:
        """Show the folder of the log in the system's file manager."""
        if not open_folder(self._log_folder):
            self._window.status_line.say(self.tr("The log folder is {folder}").format(folder=self._log_folder))

    @Slot(str)
    def open_browser(self, url: str) -> None:
        """Open a page of Concur's, or of the simulated one; say its address where no browser opens."""
        if not self._open_url(url):
            self._window.status_line.say(self.tr("No browser opened. The address: {url}").format(url=url))
            return
        # A system that took it may have no browser all the same.
        keys = self._window.menus.action(Command.COPY_ADDRESS).shortcut()
        words = self.tr("Handed to the browser. If no page opens there, copy its address with {keys}.")
        self._window.status_line.say(words.format(keys=keys.toString(QKeySequence.SequenceFormat.NativeText)))

    @Slot(str)
    def copy_address(self, url: str) -> None:
        """Put the address of such a page on the clipboard."""
        self._clipboard.copy(CopyRequest(url, self.tr("Page address")))

    # Dialogs that stay open beside the window

    @Slot()
    def show_issued_tokens(self) -> None:
        """Open the list of issued tokens, read anew."""
        if self._issued is None:
            self._issued = IssuedTokensDialog(self._window)
            self._issued.revoke_requested.connect(self._session.revoke_issued)
            self._issued.forget_requested.connect(self._session.tokens.forget)
            self._issued.open_requested.connect(self._session.open_issued)
            self._issued.review_requested.connect(self._session.tokens.review)
        self._session.tokens.review()
        self._issued.render(self._view)
        _bring_up(self._issued)

    @Slot()
    def show_check_list(self) -> None:
        """Open the check list of the App Center Flow."""
        if self._check_list is None:
            self._check_list = CheckListDialog(self._window)
            self._check_list.copy_requested.connect(self._clipboard.copy)
        self._check_list.render(self._view)
        _bring_up(self._check_list)

    @Slot()
    def show_shortcuts(self) -> None:
        """Open the list of keyboard shortcuts."""
        if self._shortcuts is None:
            self._shortcuts = ShortcutsDialog(self._window.menus.shortcuts(), self._window)
        _bring_up(self._shortcuts)

    @Slot()
    def show_about(self) -> None:
        """Open the dialog about this program."""
        if self._about is None:
            self._about = AboutDialog(licence_text(), self._window)
            self._about.copy_requested.connect(self._clipboard.copy)
            self._session.jobs.start(_read_notices, self._on_notices_read, _raise)
        _bring_up(self._about)

    def _on_notices_read(self, notices: Notices) -> None:
        if self._about is not None:
            self._about.show_built_in(notices.components, notices.text)

    @Slot(object)
    def act(self, action: NoticeAction) -> None:
        """Do what a notice offers and the window can."""
        if action is NoticeAction.SHOW_ISSUED_TOKENS:
            self.show_issued_tokens()
        elif action is NoticeAction.SHOW_TIMELINE:
            self._window.timeline_panel.set_folded(False)
        elif action is NoticeAction.EDIT_PROFILE:
            self.edit_profile()
        elif action is NoticeAction.PASTE_REDIRECT:
            self._window.show_paste_field()
        elif action is NoticeAction.OPEN_MIGRATION_PAGE:
            self._open_migration_page()

    @Slot(object)
    def render(self, view: SessionView) -> None:
        """Hand a view to the dialogs that are open."""
        for dialog in (self._issued, self._check_list):
            if dialog is not None and dialog.isVisible():
                dialog.render(view)

    @property
    def _view(self) -> SessionView:
        return self._session.board.view

    def _open_migration_page(self) -> None:
        contract = CONTRACTS.get(self._view.profile.contract)
        if contract is None or not contract.migration_url:
            return
        url = contract.migration_url
        if self._open_url(url):
            self._window.status_line.say(self.tr("Handed to the browser: {url}").format(url=url))
        else:
            self._window.status_line.say(self.tr("No browser opened. The address: {url}").format(url=url))

    def _edit(self, profile: Profile, *, is_new: bool) -> None:
        if self._editor is not None:
            _bring_up(self._editor)
            return
        view = self._view
        others = tuple(known.name for known in view.profiles if known.profile_id != profile.profile_id)
        editor = ProfileEditor(
            profile,
            is_new=is_new,
            has_secret=bool(view.application.consumer_secret) and not is_new,
            kept_in=None if view.keyring.status is KeyringStatus.SESSION_ONLY else view.keyring.description,
            other_names=others,
            parent=self._window,
        )
        editor.saved.connect(self._session.profiles.save)
        editor.copy_requested.connect(self._clipboard.copy)
        editor.finished.connect(self._on_editor_finished)
        self._editor, self._edited_id = editor, profile.profile_id
        editor.open()

    @Slot(str)
    def _on_draft_saved(self, profile_id: str) -> None:
        if self._editor is not None and self._edited_id == profile_id:
            self._editor.accept_saved()

    @Slot(object)
    def _on_draft_refused(self, refused: DraftRefused) -> None:
        """Tell the editor that it came from, and the banner where that is closed: nothing fails in silence."""
        if self._editor is not None and self._edited_id == refused.profile_id:
            message = message_of(refused.error)
            self._editor.show_failure(message.title, message.text, message.advice)
        else:
            self._session.board.tell_failure(refused.error)

    @Slot(int)
    def _on_editor_finished(self, _result: int) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            editor.deleteLater()


def _read_notices(_cancellation: object) -> Notices:
    from gui.licences import read_notices  # noqa: PLC0415  # few want to read them, and metadata is not imported else

    return read_notices()


def _raise(error: Exception) -> None:
    raise error


def _bring_up(dialog: QDialog) -> None:
    dialog.show()
    dialog.raise_()
    dialog.activateWindow()
