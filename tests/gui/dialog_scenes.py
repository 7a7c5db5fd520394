"""The dialogs of the window as they are opened, with what can be different in each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMainWindow, QPushButton

from gui.concur.contract import CONTRACTS, CURRENT
from gui.concur.models import Operation
from gui.licences import Component
from gui.resource_files import licence_text
from gui.session_state import State
from gui.session_view import SessionView
from gui.store.profile import Profile, built_in_profile
from gui.store.review import Review
from gui.widgets.about_dialog import AboutDialog
from gui.widgets.check_list_dialog import CheckListDialog
from gui.widgets.exchange_view import ExchangeView
from gui.widgets.issued_tokens import IssuedTokensDialog
from gui.widgets.menus import Menus
from gui.widgets.profile_editor import ProfileEditor
from gui.widgets.shortcuts_dialog import ShortcutsDialog
from tests.gui import exchanges
from tests.gui.frame_samples import HEBREW, HOSTILE, LONG, other_profile
from tests.gui.samples import clock, current_answer, full_review, issued_token
from tests.gui.window_scenes import current_view, real_view, sandbox_view, sub_states

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QDialog

_FAILURE = ("The keyring is locked", "Nothing could be kept.", "Unlock the keyring, then try again.")
FAILURE_SHOWN = "The keyring is locked. Nothing could be kept. Unlock the keyring, then try again."


def scenes() -> dict[str, Callable[[], QDialog]]:
    """Return how to open each."""
    return {**_editors(), **_issued(), **_check_lists(), **_exchanges(), "about": _about, "shortcuts": _shortcuts}


def _editors() -> dict[str, Callable[[], QDialog]]:
    draft = Profile("", "New profile", "", "", "http://localhost:8765/redirect", contract="")
    current = other_profile(contract=CURRENT, base_url=CONTRACTS[CURRENT].data_centres[0].base_url)
    bad = replace(other_profile(LONG[:300]), base_url="ftp://x", redirect_url=HOSTILE)
    right_to_left = other_profile(f"{HEBREW} " * 5)

    def editor(profile: Profile, *, is_new: bool = False) -> ProfileEditor:
        return ProfileEditor(
            profile,
            is_new=is_new,
            has_secret=not is_new,
            kept_in="GNOME Keyring / Secret Service",
            other_names=("Built-in sandbox",),
        )

    def failed() -> ProfileEditor:
        dialog = editor(other_profile())
        dialog.show_failure(*_FAILURE)
        return dialog

    def failed_at_length() -> ProfileEditor:
        dialog = editor(other_profile())
        dialog.show_failure(HOSTILE, LONG, HEBREW)
        return dialog

    def asking() -> ProfileEditor:
        dialog = editor(other_profile())
        dialog._ask(asking=True)
        return dialog

    return {
        "editor, new": lambda: editor(draft, is_new=True),
        "editor, edit": lambda: editor(other_profile()),
        "editor, current": lambda: editor(current),
        "editor, contract not known": lambda: editor(other_profile(contract=HOSTILE)),
        "editor, built-in": lambda: editor(built_in_profile()),
        "editor, faults": lambda: editor(bad),
        "editor, right to left": lambda: editor(right_to_left),
        "editor, failure": failed,
        "editor, long failure": failed_at_length,
        "editor, discard?": asking,
    }


def _issued() -> dict[str, Callable[[], QDialog]]:
    def dialog(view: SessionView) -> IssuedTokensDialog:
        opened = IssuedTokensDialog(clock=clock)
        opened.render(view)
        return opened

    hostile = tuple(
        replace(issued_token(), token_id=f"{number:032x}", profile_name=text, base_url=text, consumer_key=text)
        for number, text in enumerate((LONG, HOSTILE, HEBREW))
    )
    connected = sandbox_view(State.CONNECTED)

    def asking() -> IssuedTokensDialog:
        opened = dialog(sub_states()["all kinds issued"])
        opened.forget_button.click()
        return opened

    return {
        "issued, reading": lambda: dialog(SessionView()),
        "issued, none": lambda: dialog(sandbox_view(State.STOPPED)),
        "issued, all groups": lambda: dialog(replace(connected, issued=full_review())),
        "issued, many": lambda: dialog(sub_states()["many issued"]),
        "issued, hostile": lambda: dialog(replace(connected, issued=Review(live=hostile))),
        "issued, forget?": asking,
    }


def _check_lists() -> dict[str, Callable[[], QDialog]]:
    not_known = real_view(State.STOPPED, profile=other_profile(contract="v9"))

    def dialog(view: SessionView) -> CheckListDialog:
        opened = CheckListDialog()
        opened.render(view)
        return opened

    return {
        "check list, start": lambda: dialog(SessionView()),
        "check list, real": lambda: dialog(real_view(State.WAITING)),
        "check list, revoked": lambda: dialog(sandbox_view(State.REVOKED)),
        "check list, at risk": lambda: dialog(sub_states()["still accepted"]),
        "check list, current": lambda: dialog(current_view(State.CONNECTED)),
        "check list, contract not known": lambda: dialog(not_known),
        "check list, long name": lambda: dialog(real_view(State.STOPPED, profile=other_profile(LONG))),
    }


def _exchanges() -> dict[str, Callable[[], QDialog]]:
    hostile = exchanges.exchange(
        url=f"https://www.concursolutions.com/{LONG}?x={HEBREW}",
        reason=HOSTILE.replace("\n", " "),
        response_headers=(("X-Note", HOSTILE.replace("\n", " ")), ("X-Long", LONG)),
        response_body=f"{HOSTILE}{HEBREW}{LONG}".encode(),
    )

    def revealed() -> ExchangeView:
        dialog = ExchangeView(exchanges.exchange())
        dialog.findChildren(QPushButton)[0].click()
        return dialog

    return {
        "exchange, redirect": lambda: ExchangeView(exchanges.redirect()),
        "exchange, answered": lambda: ExchangeView(exchanges.exchange()),
        "exchange, current": lambda: ExchangeView(current_answer()),
        "exchange, unanswered": lambda: ExchangeView(exchanges.unanswered(operation=Operation.REVOKE)),
        "exchange, hostile": lambda: ExchangeView(hostile),
        "exchange, secrets shown": revealed,
    }


def _about() -> AboutDialog:
    dialog = AboutDialog(licence_text())
    dialog.show_built_in((Component("alpha", "1.2", "MIT"),), "Notices\n\nalpha 1.2: MIT\n")
    return dialog


def _shortcuts() -> ShortcutsDialog:
    window = QMainWindow()
    rows = Menus(window.menuBar()).shortcuts()
    window.deleteLater()
    return ShortcutsDialog(rows)
