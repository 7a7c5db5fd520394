from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from gui.session_state import State
from gui.widgets.code_view import CodeView
from gui.widgets.raw_view import RawView
from gui.widgets.secret_reveal import TEXT_MASK
from tests.gui.samples import (
    ACCESS_TOKEN,
    CORRELATION_ID,
    CURRENT_SECRETS,
    DOCUMENT,
    HEADERS,
    REFRESH_TOKEN,
    current_shown,
    document,
    shown_token,
    view_of,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.concur.models import Headers

HEAD = "HTTP 200 OK\n" + "".join(f"{name}: {value}\n" for name, value in HEADERS) + "\n"


def view_with(qtbot: QtBot, body: bytes = DOCUMENT, headers: Headers = HEADERS) -> RawView:
    view = RawView()
    qtbot.addWidget(view)
    view.render(view_of(State.CONNECTED, shown_token(document(body, headers=headers))))
    return view


def code_of(view: RawView) -> CodeView:
    code = view.findChild(CodeView)
    assert isinstance(code, CodeView)
    return code


def box_of(view: RawView, text: str) -> QCheckBox:
    return next(box for box in view.findChildren(QCheckBox) if box.text() == text)


def press(view: RawView, text: str) -> None:
    QTest.keyClick(box_of(view, text), Qt.Key.Key_Space)


def test_head_and_body(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    assert view.shown_text.startswith(HEAD)
    assert view.shown_text.count(TEXT_MASK) == 2
    view.set_revealed(True)
    assert view.shown_text == HEAD + DOCUMENT.decode().replace("\r\n", "\n")


def test_line_ends(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    press(view, "Line ends")
    assert view.shown_text.startswith(f"{HEAD}<Access_Token>«CR»«LF»\n")
    assert view.shown_text.endswith("</Access_Token>")
    press(view, "Line ends")
    assert "«CR»" not in view.shown_text


def test_hex(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    press(view, "Hex")
    masked = view.shown_text
    assert masked.startswith("00000000  3c 41 63 63 65 73 73 5f  54 6f 6b 65 6e 3e 0d 0a  <Access_Token>..")
    assert masked.count("••") > len(ACCESS_TOKEN)
    view.set_revealed(True)
    letters = "".join(line.rpartition("  ")[2] for line in view.shown_text.split("\n"))
    assert "•" not in view.shown_text
    assert ACCESS_TOKEN.encode().hex(" ")[:23] in view.shown_text or ACCESS_TOKEN[:8] in letters
    assert not box_of(view, "Line ends").isEnabled()


def test_answer_of_the_current_contract_in_both_forms(qtbot: QtBot) -> None:
    view = RawView()
    qtbot.addWidget(view)
    view.render(view_of(State.CONNECTED, current_shown()))
    assert view.shown_text.count(TEXT_MASK) == 3
    assert f"Concur-Correlationid: {CORRELATION_ID}" in view.shown_text
    assert not any(secret[:30] in view.shown_text for secret in CURRENT_SECRETS)
    press(view, "Hex")
    letters = "".join(line.rpartition("  ")[2] for line in view.shown_text.split("\n"))
    assert '"access_token": "•' in letters
    assert '"id_token": "•' in letters
    assert not any(secret[:8] in letters for secret in CURRENT_SECRETS)
    view.set_revealed(True)
    letters = "".join(line.rpartition("  ")[2] for line in view.shown_text.split("\n"))
    assert all(secret in letters for secret in CURRENT_SECRETS)


def test_hex_never_gives_a_secret_away(qtbot: QtBot) -> None:
    view = view_with(qtbot, DOCUMENT.decode().encode("utf-16"))
    press(view, "Hex")
    assert view.shown_text == ""
    assert "Show secrets" in code_of(view).placeholderText()
    view.set_revealed(True)
    assert view.shown_text.startswith("00000000  ff fe")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param((("Set-Cookie", "session=CanaryCookie"),), id="cookie"),
        pytest.param((("X-Echo", f"token={ACCESS_TOKEN}"),), id="echo of the token"),
        pytest.param((("Authorization", f"OAuth {ACCESS_TOKEN}"),), id="authorization"),
    ],
)
def test_secrets_in_headers(qtbot: QtBot, headers: Headers) -> None:
    view = view_with(qtbot, headers=headers)
    assert "Canary" not in view.shown_text
    view.set_revealed(True)
    assert headers[0][1] in view.shown_text


def test_hostile_bytes_are_shown(qtbot: QtBot) -> None:
    view = view_with(qtbot, b"<b>\xff\xfe\x00\r</b>\xe2\x80\xae\xd7\xa9")
    view.set_revealed(True)
    assert view.shown_text == f"{HEAD}<b>\ufffd\ufffd«U+0000»«U+000D»</b>«U+202E»\u05e9"


def test_content_coding_is_told(qtbot: QtBot) -> None:
    assert "content coding" in view_with(qtbot, headers=(("Content-Encoding", "gzip"),)).note


def test_long_body(qtbot: QtBot) -> None:
    view = view_with(qtbot, DOCUMENT + b"y" * 300_000)
    assert "50 KB" in view.note
    press(view, "Hex")
    assert "16 KB" in view.note


def test_answer_of_the_document_where_the_token_has_none(qtbot: QtBot) -> None:
    view = RawView()
    qtbot.addWidget(view)
    view.render(view_of(State.CONNECTED, replace(shown_token(), answer=None)))
    assert view.shown_text.startswith(HEAD)


def test_token_from_the_list(qtbot: QtBot) -> None:
    view = RawView()
    qtbot.addWidget(view)
    view.render(view_of(State.CONNECTED, shown_token(from_list=True)))
    assert view.shown_text == ""
    assert "not kept" in code_of(view).placeholderText()
    assert not box_of(view, "Hex").isEnabled()


def test_without_a_token(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    view.render(view_of(State.STOPPED))
    assert (view.shown_text, view.note) == ("", "")


def test_copy(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    code = code_of(view)
    code.selectAll()
    with qtbot.waitSignal(view.copy_requested) as told:
        QTest.keyClick(code, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert REFRESH_TOKEN not in told.args[0].text
    assert not told.args[0].secret
