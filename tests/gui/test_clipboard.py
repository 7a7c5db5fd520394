from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from gui.desktop.clipboard import Clipboard
from gui.session_requests import CopyRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QClipboard, QGuiApplication
    from pytestqt.qtbot import QtBot

SECRET = "canary-access-token+/="
TOKEN = CopyRequest(text=SECRET, what="Access token", secret=True)
URL = CopyRequest(text="http://localhost:8765/redirect", what="Redirect URL")
LONG_MS, SHORT_MS = 600_000, 20


@pytest.fixture
def system(qapp: QGuiApplication) -> Iterator[QClipboard]:
    clipboard = qapp.clipboard()
    clipboard.clear()
    yield clipboard
    clipboard.clear()


def copied(qtbot: QtBot, clipboard: Clipboard, request: CopyRequest) -> str:
    with qtbot.waitSignal(clipboard.copied) as heard:
        clipboard.copy(request)
    return str(heard.args[0])


def test_plain_text_stays(qtbot: QtBot, system: QClipboard) -> None:
    clipboard = Clipboard(secret_stays_ms=LONG_MS)
    assert copied(qtbot, clipboard, URL) == "Redirect URL copied"
    clipboard.forget_secrets()
    assert system.text() == URL.text


def test_secret_is_copied_and_marked(qtbot: QtBot, system: QClipboard) -> None:
    clipboard = Clipboard(secret_stays_ms=LONG_MS)
    said = copied(qtbot, clipboard, TOKEN)
    assert said == "Access token copied; it leaves the clipboard in a minute"
    assert system.text() == SECRET
    mark = "application/x-qt-windows-mime" if sys.platform == "win32" else "x-kde-passwordManagerHint"
    assert any(name.startswith(mark) for name in system.mimeData().formats())


def test_plain_text_is_not_marked(qtbot: QtBot, system: QClipboard) -> None:
    copied(qtbot, Clipboard(secret_stays_ms=LONG_MS), URL)
    assert not any("Hint" in name for name in system.mimeData().formats())


def test_secret_leaves_after_its_time(qtbot: QtBot, system: QClipboard) -> None:
    clipboard = Clipboard(secret_stays_ms=SHORT_MS)
    copied(qtbot, clipboard, TOKEN)
    qtbot.waitUntil(lambda: system.text() == "")


def test_secret_leaves_at_once_when_told(qtbot: QtBot, system: QClipboard) -> None:
    clipboard = Clipboard(secret_stays_ms=LONG_MS)
    copied(qtbot, clipboard, TOKEN)
    clipboard.forget_secrets()
    assert system.text() == ""


def test_document_with_line_ends_of_windows_leaves_too(qtbot: QtBot, system: QClipboard) -> None:
    clipboard = Clipboard(secret_stays_ms=LONG_MS)
    copied(qtbot, clipboard, CopyRequest(text=f"<a>\r\n{SECRET}\r\n</a>", what="Document", secret=True))
    system.setText(system.text().replace("\r\n", "\n"))  # as it comes back from there
    clipboard.forget_secrets()
    assert system.text() == ""


def test_what_another_program_put_there_stays(qtbot: QtBot, system: QClipboard) -> None:
    clipboard = Clipboard(secret_stays_ms=SHORT_MS)
    copied(qtbot, clipboard, TOKEN)
    system.setText("somebody else's")
    qtbot.waitUntil(lambda: clipboard._ours is None)  # nothing else shows that the time is over
    assert system.text() == "somebody else's"


def test_same_text_is_not_ours_once_forgotten(qtbot: QtBot, system: QClipboard) -> None:
    clipboard = Clipboard(secret_stays_ms=LONG_MS)
    copied(qtbot, clipboard, TOKEN)
    clipboard.forget_secrets()
    system.setText(SECRET)
    clipboard.forget_secrets()
    assert system.text() == SECRET


def test_plain_text_after_a_secret_stays(qtbot: QtBot, system: QClipboard) -> None:
    clipboard = Clipboard(secret_stays_ms=SHORT_MS)
    copied(qtbot, clipboard, TOKEN)
    copied(qtbot, clipboard, URL)
    assert not clipboard._timer.isActive()  # or it would end some other time
    assert system.text() == URL.text


def test_second_secret_has_its_whole_time(qtbot: QtBot, system: QClipboard) -> None:
    clipboard = Clipboard(secret_stays_ms=LONG_MS)
    copied(qtbot, clipboard, TOKEN)
    copied(qtbot, clipboard, CopyRequest(text="another", what="Refresh token", secret=True))
    assert system.text() == "another"
    clipboard.forget_secrets()
    assert system.text() == ""


def test_secret_itself_is_not_kept(qtbot: QtBot, system: QClipboard) -> None:
    clipboard = Clipboard(secret_stays_ms=LONG_MS)
    copied(qtbot, clipboard, TOKEN)
    assert system.text() == SECRET
    assert all(SECRET not in repr(value) for value in vars(clipboard).values())
    assert SECRET not in repr(TOKEN)


@pytest.mark.parametrize(
    "text", ["\u05e9\u05dc\u05d5\u05dd", "x" * 5000, "<b>bold</b>"], ids=["hebrew", "long", "markup"]
)
def test_odd_texts_come_out_as_they_went_in(qtbot: QtBot, system: QClipboard, text: str) -> None:
    clipboard = Clipboard(secret_stays_ms=LONG_MS)
    copied(qtbot, clipboard, CopyRequest(text=text, what=text, secret=True))
    assert system.text() == text
    clipboard.forget_secrets()
    assert system.text() == ""
