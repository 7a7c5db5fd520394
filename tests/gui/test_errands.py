"""Errands of the window, with a session that only holds a view."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QObject, Signal

from gui.concur.contract import CONTRACTS, CURRENT, LEGACY
from gui.errands import Errands
from gui.notices import NoticeAction
from gui.session_state import State
from gui.widgets.profile_editor import ProfileEditor
from tests.gui.window_scenes import RealWindow, real_view

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.session_view import SessionView


class Profiles(QObject):
    """The desk's side that the editor is wired to."""

    draft_saved = Signal(str)
    draft_refused = Signal(object)

    def save(self, draft: object) -> None:
        raise NotImplementedError


class Board:
    def __init__(self, view: SessionView) -> None:
        self.view = view


class Session:
    def __init__(self, view: SessionView) -> None:
        self.profiles, self.board = Profiles(), Board(view)


class Clipboard:
    def copy(self, request: object) -> None:
        raise NotImplementedError


class Browser:
    """Takes addresses, or has none of it."""

    def __init__(self) -> None:
        self.urls: list[str] = []
        self.works = True

    def __call__(self, url: str) -> bool:
        self.urls.append(url)
        return self.works


class Scene:
    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.session, self.window, self.browser = Session(real_view(State.STOPPED)), RealWindow(), Browser()
        qtbot.addWidget(self.window)
        session, asks, clipboard = (cast("Any", part) for part in (self.session, QObject(), Clipboard()))
        self.errands = Errands(self.window, session, asks, clipboard, folder, self.browser)

    def have_contract(self, name: str) -> None:
        view = self.session.board.view
        self.session.board.view = replace(view, profile=replace(view.profile, contract=name))

    @property
    def said(self) -> str:
        return self.window.status_line.currentMessage()


@pytest.fixture
def scene(qtbot: QtBot, tmp_path: Path) -> Iterator[Scene]:
    made = Scene(qtbot, tmp_path)
    yield made
    made.window.close_for_good()


def test_migration_page_of_a_deprecated_contract_is_opened(scene: Scene) -> None:
    scene.errands.act(NoticeAction.OPEN_MIGRATION_PAGE)
    url = CONTRACTS[LEGACY].migration_url
    assert url.startswith("https://developer.concur.com/")
    assert scene.browser.urls == [url]
    assert scene.said == f"Handed to the browser: {url}"


def test_its_address_is_said_where_no_browser_opens(scene: Scene) -> None:
    scene.browser.works = False
    scene.errands.act(NoticeAction.OPEN_MIGRATION_PAGE)
    assert scene.said == f"No browser opened. The address: {CONTRACTS[LEGACY].migration_url}"


@pytest.mark.parametrize("contract", [CURRENT, "v9"])
def test_there_is_no_such_page_of_other_contracts(scene: Scene, contract: str) -> None:
    scene.have_contract(contract)
    scene.errands.act(NoticeAction.OPEN_MIGRATION_PAGE)
    assert scene.browser.urls == []


def test_a_new_profile_begins_without_a_contract(scene: Scene) -> None:
    scene.errands.new_profile()
    (editor,) = scene.window.findChildren(ProfileEditor)
    profile = editor._fields.profile()
    assert (profile.contract, profile.base_url, profile.scopes) == ("", "", ())
    editor.reject()
