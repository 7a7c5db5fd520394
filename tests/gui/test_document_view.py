from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gui.session_state import State
from gui.widgets.code_view import CodeView
from gui.widgets.document_text import SHOWN_LIMIT
from gui.widgets.document_view import DocumentView
from gui.widgets.secret_reveal import TEXT_MASK
from tests.gui.samples import (
    ACCESS_TOKEN,
    BASE_URL,
    CURRENT_MEMBERS,
    DOCUMENT,
    FIELDS,
    REFRESH_TOKEN,
    current_document,
    current_shown,
    document,
    jwt,
    shown_token,
    view_of,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.session_requests import CopyRequest

JSON = (
    f'{{"Access_Token":{{"Instance_Url":"{BASE_URL}/","Token":"{ACCESS_TOKEN}","Refresh_Token":"{REFRESH_TOKEN}"}}}}'
).encode()


def view_with(qtbot: QtBot, body: bytes = DOCUMENT) -> DocumentView:
    view = DocumentView()
    qtbot.addWidget(view)
    view.render(view_of(State.CONNECTED, shown_token(document(body))))
    return view


def code_of(view: DocumentView) -> CodeView:
    code = view.findChild(CodeView)
    assert isinstance(code, CodeView)
    return code


def note_of(view: DocumentView) -> str:
    return next(label.text() for label in view.findChildren(QLabel) if not label.isHidden())


def test_masked_until_shown_and_again(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    plain = DOCUMENT.decode().replace("\r\n", "\n")
    hidden = plain.replace(ACCESS_TOKEN, TEXT_MASK).replace(REFRESH_TOKEN, TEXT_MASK)
    assert view.shown_text == hidden
    view.set_revealed(True)
    assert view.shown_text == plain
    view.set_revealed(False)
    assert view.shown_text == hidden


def test_json(qtbot: QtBot) -> None:
    view = view_with(qtbot, JSON)
    assert f'    "Token": "{TEXT_MASK}",\n' in view.shown_text
    view.set_revealed(True)
    assert f'    "Token": "{ACCESS_TOKEN}",\n' in view.shown_text


def test_document_of_the_current_contract(qtbot: QtBot) -> None:
    view = DocumentView()
    qtbot.addWidget(view)
    view.render(view_of(State.CONNECTED, current_shown()))
    masked = {**CURRENT_MEMBERS, "access_token": TEXT_MASK, "refresh_token": TEXT_MASK, "id_token": TEXT_MASK}
    assert view.shown_text == json.dumps(masked, indent=2, ensure_ascii=False)
    view.set_revealed(True)
    assert view.shown_text == json.dumps(CURRENT_MEMBERS, indent=2)
    assert view.note_label.isHidden(), "a JWT is no line that has to be broken"


def test_an_access_token_of_eight_kilobytes_is_shown_as_it_came(qtbot: QtBot) -> None:
    token = jwt({"scopes": [f"made.up.scope.{number}" for number in range(320)]})
    assert len(token) > 8_000
    view = DocumentView()
    qtbot.addWidget(view)
    view.render(view_of(State.CONNECTED, current_shown(current_document({**CURRENT_MEMBERS, "access_token": token}))))
    assert token[:40] not in view.shown_text
    view.set_revealed(True)
    assert f'"access_token": "{token}"' in view.shown_text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_wide_encodings_are_masked_too(qtbot: QtBot, encoding: str) -> None:
    view = view_with(qtbot, DOCUMENT.decode().encode(encoding))
    assert ACCESS_TOKEN not in view.shown_text
    assert "<Instance_Url>" in view.shown_text


def test_copy_while_masked_is_masked(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    code = code_of(view)
    code.selectAll()
    with qtbot.waitSignal(view.copy_requested) as told:
        QTest.keyClick(code, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    request: CopyRequest = told.args[0]
    assert request.text == view.shown_text
    assert ACCESS_TOKEN not in request.text
    assert not request.secret


def test_copy_of_shown_secrets_is_a_secret(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    view.set_revealed(True)
    code_of(view).selectAll()
    with qtbot.waitSignal(view.copy_requested) as told:
        QTest.keyClick(code_of(view), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert told.args[0].secret
    assert ACCESS_TOKEN in told.args[0].text
    assert "\n" in told.args[0].text
    assert ACCESS_TOKEN not in repr(told.args[0])


def test_nothing_selected_copies_nothing(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    with qtbot.assertNotEmitted(view.copy_requested):
        QTest.keyClick(code_of(view), Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


def test_keyboard_selects_and_does_not_change(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    before = view.shown_text
    code = code_of(view)
    QTest.keyClicks(code, "typed")
    QTest.keyClick(code, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert code.textCursor().selectedText() == "<Access_Token>"
    assert view.shown_text == before
    assert code.tabChangesFocus()


def test_same_view_keeps_the_selection(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    code_of(view).moveCursor(QTextCursor.MoveOperation.EndOfLine, QTextCursor.MoveMode.KeepAnchor)
    view.render(view_of(State.PROBING, shown_token(document())))
    assert code_of(view).textCursor().selectedText() == "<Access_Token>"


@pytest.mark.parametrize(
    ("filler", "note"),
    [
        pytest.param("x\n" * 200_000, "50 KB", id="long"),
        pytest.param("x" * 40_000, "broken", id="one endless line"),
        pytest.param("<b>" * 300_000, "50 KB", id="endless and full of elements"),
        pytest.param("\u202eשלם" * 2_000, "broken", id="right to left"),
    ],
)
def test_odd_documents(qtbot: QtBot, filler: str, note: str) -> None:
    view = view_with(qtbot, DOCUMENT + filler.encode())
    view.grab()
    assert note in note_of(view)
    assert ACCESS_TOKEN not in view.shown_text
    assert len(view.shown_text) < 2 * SHOWN_LIMIT
    view.set_revealed(True)
    assert ACCESS_TOKEN in view.shown_text


def test_secret_beyond_the_cut_is_masked_as_well(qtbot: QtBot) -> None:
    filler = b" " * (SHOWN_LIMIT - len(DOCUMENT.split(ACCESS_TOKEN.encode())[0]) - 10)
    view = view_with(qtbot, filler + DOCUMENT)
    assert ACCESS_TOKEN[:8] not in view.shown_text


def test_markup_in_a_document_is_text(qtbot: QtBot) -> None:
    view = view_with(qtbot, b"<b onclick='x'>&amp;</b>")
    assert view.shown_text == "<b onclick='x'>&amp;</b>"


def test_token_from_the_list_has_no_document(qtbot: QtBot) -> None:
    view = DocumentView()
    qtbot.addWidget(view)
    view.render(view_of(State.CONNECTED, shown_token(from_list=True)))
    assert view.shown_text == ""
    assert "not kept" in code_of(view).placeholderText()
    assert code_of(view).accessibleDescription() == code_of(view).placeholderText()
    view.render(view_of(State.CONNECTED))
    assert code_of(view).placeholderText() == ""


def test_goes_with_the_token(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    view.render(view_of(State.STOPPED))
    assert view.shown_text == ""


def test_another_document(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    other = document(DOCUMENT.replace(b"Canary", b"Second"), {**FIELDS, "token": ACCESS_TOKEN.replace("Can", "Sec")})
    view.render(replace(view_of(State.CONNECTED), shown=shown_token(other)))
    assert "Second" not in view.shown_text
    view.set_revealed(True)
    assert "Second" in view.shown_text


def test_accessible(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    code = code_of(view)
    assert code.accessibleName() == "Access-token document"
    assert ACCESS_TOKEN not in code.toolTip() + code.accessibleDescription()
