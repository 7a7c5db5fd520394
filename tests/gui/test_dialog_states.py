"""The dialogs of the window, in both themes, as large as they open and as small as they get."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from gui.session_state import State
from gui.widgets.check_list_dialog import CheckListDialog
from gui.widgets.issued_tokens import IssuedTokensDialog
from tests.flow import canaries
from tests.gui.dialog_scenes import FAILURE_SHOWN, scenes
from tests.gui.frame_samples import ARABIC, HEBREW, HOSTILE, LONG
from tests.gui.looks import look
from tests.gui.walkers import (
    clipping_complaints,
    contrast_complaints,
    focus_complaints,
    keyboard_complaints,
    markup_complaints,
    name_complaints,
    secret_complaints,
    untranslated_complaints,
)
from tests.gui.window_scenes import SECRETS, sandbox_view, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QApplication, QDialog
    from pytestqt.qtbot import QtBot

    from gui.widgets.theme import Theme
    from tests.gui.pseudo import PseudoTranslator

    Opener = Callable[[], QDialog]

SCENES = scenes()
SHOWS_SECRETS = "exchange, secrets shown"
CURSOR_OVER_THE_TEXT = "editor, right to left"
"""The walk takes the pixels of Qt's cursor for right-to-left text for those of text that is selected."""
LARGEST = (800, 600)
"""The smallest window that a dialog has to go over."""
each = pytest.mark.parametrize("name", SCENES)


@pytest.fixture(scope="module", params=["light", "dark"])
def theme(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Theme]:
    with look(qapp, request.param) as theme:
        yield theme


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme, name: str) -> QDialog:
    assert theme
    return opened(qtbot, SCENES[name])


def opened(qtbot: QtBot, make: Opener) -> QDialog:
    dialog = make()
    qtbot.addWidget(dialog)
    dialog.show()
    settle()
    return dialog


def least_size(dialog: QDialog) -> None:
    dialog.resize(dialog.minimumSize().expandedTo(dialog.minimumSizeHint()))
    settle()


@each
def test_as_it_opens(dialog: QDialog, name: str) -> None:
    assert clipping_complaints(dialog) == []
    if name != CURSOR_OVER_THE_TEXT:
        assert contrast_complaints(dialog) == []
    assert [*keyboard_complaints(dialog), *focus_complaints(dialog)] == []
    assert name_complaints(dialog) == []
    assert markup_complaints(dialog, ("<b>", HOSTILE)) == []
    secrets = () if name == SHOWS_SECRETS else (*SECRETS, *canaries.SECRETS)
    assert secret_complaints(dialog, secrets) == []


@each
def test_as_small_as_it_gets(dialog: QDialog, name: str) -> None:
    least_size(dialog)
    assert clipping_complaints(dialog) == []
    assert keyboard_complaints(dialog) == []
    if name != CURSOR_OVER_THE_TEXT:
        assert contrast_complaints(dialog) == []
    assert dialog.width() <= LARGEST[0]
    assert dialog.height() <= LARGEST[1]


def test_secrets_are_seen_where_they_are_asked_for(qtbot: QtBot) -> None:
    shown = opened(qtbot, SCENES[SHOWS_SECRETS])
    assert secret_complaints(shown, canaries.SECRETS) != []


def test_every_text_goes_through_the_translator(pseudo: PseudoTranslator, qtbot: QtBot) -> None:
    assert pseudo
    found = []
    for name, make in SCENES.items():
        dialog = opened(qtbot, make)
        found += [
            f"{name}: {fault}"
            for fault in untranslated_complaints(dialog, OUTSIDE)
            if not any(value in fault for value in REQUEST_OR_STATUS)
        ]
        dialog.close()
    assert found == []


OUTSIDE = (
    *(HEBREW, ARABIC, HOSTILE, " ".join(HOSTILE.split()), LONG),
    *("App Center Flow", "PySide6", "Python", "Qt", platform.platform()),
    FAILURE_SHOWN,
)
REQUEST_OR_STATUS = ("ElidedLabel 'GET ", "ElidedLabel 'POST ", "is not translated: '200 ")


@pytest.mark.parametrize("kind", [CheckListDialog, IssuedTokensDialog], ids=["check list", "issued tokens"])
def test_same_view_again_changes_nothing(
    qtbot: QtBot, kind: type[CheckListDialog | IssuedTokensDialog], light: Theme
) -> None:
    assert light
    dialog = kind()
    qtbot.addWidget(dialog)
    view = sandbox_view(State.CONNECTED)
    dialog.render(view)
    dialog.show()
    settle()
    picture, objects = dialog.grab().toImage(), len(dialog.findChildren(QObject))
    dialog.render(view)
    settle()
    assert dialog.grab().toImage() == picture
    assert len(dialog.findChildren(QObject)) == objects
