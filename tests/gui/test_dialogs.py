from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QSettings, Qt, QTimer, Slot
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMessageBox, QWidget

from gui.desktop.dialogs import AsksUser, Dialogs, QuitChoice
from gui.session_requests import SaveRequest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

HOSTILE = '<b>Acme</b> \u05e9\u05dc\u05d5\u05dd & "x"'


class User(QObject):
    """Answers each dialog that comes up with the next of the answers, and notes what was read."""

    def __init__(self, *answers: Callable[[QDialog], None]) -> None:
        super().__init__()
        self._answers = list(answers)
        self._answered: QDialog | None = None
        self.read: list[str] = []
        self.default = ""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._timer.start(5)

    @property
    def has_answered_all(self) -> bool:
        return not self._answers

    @Slot()
    def _on_timer_timeout(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QDialog) or dialog is self._answered or not self._answers:
            return
        self._answered = dialog
        if isinstance(dialog, QMessageBox) and not isinstance(dialog.parent(), QFileDialog):
            assert dialog.textFormat() is Qt.TextFormat.PlainText
            self.read += [dialog.text(), dialog.informativeText()]
            self.default = dialog.defaultButton().text()
        # Not from here: an answer can open another dialog, and a timer does not fire within its own slot.
        QTimer.singleShot(0, partial(self._answers.pop(0), dialog))

    def leave(self) -> None:
        self._timer.stop()
        self._answered = None


def press(text: str) -> Callable[[QDialog], None]:
    def answer(dialog: QDialog) -> None:
        assert isinstance(dialog, QMessageBox)
        next(button for button in dialog.buttons() if button.text().replace("&", "") == text).click()

    return answer


def press_key(key: Qt.Key) -> Callable[[QDialog], None]:
    def answer(dialog: QDialog) -> None:
        QTest.keyClick(dialog, key)

    return answer


def choose_file(path: Path, seen: list[str]) -> Callable[[QDialog], None]:
    """Type a name as a user does, in the folder of `path`, after a look at what is suggested."""

    def answer(dialog: QDialog) -> None:
        assert isinstance(dialog, QFileDialog)
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        assert isinstance(field, QLineEdit)
        seen.append(field.text())
        seen.append(dialog.selectedNameFilter())
        dialog.setDirectory(str(path.parent))
        field.setText(path.name)
        dialog.accept()

    return answer


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path) -> None:
    """Qt's file dialog remembers its places in the user's settings."""
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


@pytest.fixture
def dialogs(window: QWidget) -> Dialogs:
    return Dialogs(window)


def test_dialogs_are_what_the_wiring_asks(dialogs: Dialogs) -> None:
    asks: AsksUser = dialogs  # checked by mypy
    assert asks is dialogs


@pytest.mark.parametrize(
    ("answer", "choice"),
    [
        pytest.param(press("Revoke and close"), QuitChoice.REVOKE, id="revoke"),
        pytest.param(press("Close without revoking"), QuitChoice.KEEP, id="keep"),
        pytest.param(press("Stay"), QuitChoice.STAY, id="stay"),
        pytest.param(press_key(Qt.Key.Key_Escape), QuitChoice.STAY, id="Esc"),
        pytest.param(press_key(Qt.Key.Key_Return), QuitChoice.REVOKE, id="Enter"),
        pytest.param(QWidget.close, QuitChoice.STAY, id="closed"),
    ],
)
def test_live_tokens_at_the_end(dialogs: Dialogs, answer: Callable[[QDialog], None], choice: QuitChoice) -> None:
    user = User(answer)
    assert dialogs.ask_about_live_tokens(2, simulated=False) is choice
    assert user.read[0] == "2 tokens are live. What shall become of them?"
    for way in ("Revoke and close:", "Close without revoking: they stay live", "Stay:"):
        assert way in user.read[1]
    user.leave()


def test_one_live_token(dialogs: Dialogs) -> None:
    user = User(press("Stay"))
    dialogs.ask_about_live_tokens(1, simulated=False)
    assert user.read[0].startswith("1 token is live.")
    assert "it stays live until it expires" in user.read[1]
    user.leave()


def test_token_in_memory_cannot_be_revoked_afterwards(dialogs: Dialogs) -> None:
    user = User(press("Stay"))
    dialogs.ask_about_live_tokens(1, simulated=False, in_memory=1)
    assert "cannot be revoked from here afterwards" in user.read[1]
    assert "stored and listed" not in user.read[1]
    user.leave()


def test_tokens_of_the_sandbox_end_anyway(dialogs: Dialogs) -> None:
    user = User(press_key(Qt.Key.Key_Return))
    assert dialogs.ask_about_live_tokens(1, simulated=True) is QuitChoice.KEEP
    assert "end with it, and it ends with this window" in user.read[1]
    user.leave()


@pytest.mark.parametrize(
    ("answer", "deleted"),
    [
        pytest.param(press("Delete"), True, id="delete"),
        pytest.param(press("Keep profile"), False, id="keep"),
        pytest.param(press_key(Qt.Key.Key_Return), False, id="Enter"),
        pytest.param(press_key(Qt.Key.Key_Escape), False, id="Esc"),
        pytest.param(QWidget.close, False, id="closed"),
    ],
)
def test_delete_profile(dialogs: Dialogs, answer: Callable[[QDialog], None], *, deleted: bool) -> None:
    user = User(answer)
    assert dialogs.confirm_delete_profile(HOSTILE, 0) is deleted
    assert user.read[0] == f'Delete "{HOSTILE}"?'
    assert "consumer secret is wiped" in user.read[1]
    assert "live" not in user.read[1]
    user.leave()


@pytest.mark.parametrize(
    ("live", "words"),
    [
        pytest.param(1, "1 of its tokens is live. Deleting revokes nothing: it stays", id="one"),
        pytest.param(3, "3 of its tokens are live. Deleting revokes nothing: they stay", id="three"),
    ],
)
def test_delete_profile_with_live_tokens(dialogs: Dialogs, live: int, words: str) -> None:
    user = User(press("Keep profile"))
    dialogs.confirm_delete_profile("Acme", live)
    assert words in user.read[1]
    user.leave()


@pytest.mark.parametrize(
    ("button", "redacted"), [("Redacted (recommended)", True), ("With secrets", False)], ids=["redacted", "secrets"]
)
def test_save_document(dialogs: Dialogs, tmp_path: Path, button: str, *, redacted: bool) -> None:
    seen: list[str] = []
    user = User(press(button), choose_file(tmp_path / "mine", seen))
    request = dialogs.ask_save_document("Acme: a/b")
    assert request == SaveRequest(path=tmp_path / "mine.xml", redacted=redacted)
    assert seen == ["Acme- a-b.xml", "XML document (*.xml)"]
    assert "live access token" in user.read[1]
    assert user.default == "&Redacted (recommended)"
    user.leave()


def test_save_document_that_came_in_json(dialogs: Dialogs, tmp_path: Path) -> None:
    seen: list[str] = []
    user = User(press_key(Qt.Key.Key_Return), choose_file(tmp_path / "mine", seen))
    assert dialogs.ask_save_document("Acme.json") == SaveRequest(path=tmp_path / "mine.json", redacted=True)
    assert seen == ["Acme.json", "JSON document (*.json)"]
    user.leave()


def test_export_timeline(dialogs: Dialogs, tmp_path: Path) -> None:
    seen: list[str] = []
    user = User(press("With secrets"), choose_file(tmp_path / "mine.har", seen))
    assert dialogs.ask_export_timeline("NUL") == SaveRequest(path=tmp_path / "mine.har", redacted=False)
    assert seen == ["NUL_.har", "HTTP archive (*.har)"]
    assert "live token and the consumer secret" in user.read[1]
    user.leave()


@pytest.mark.parametrize("method", ["ask_save_document", "ask_export_timeline"])
@pytest.mark.parametrize(
    "answers",
    [
        pytest.param((press("Cancel"),), id="cancel at the question"),
        pytest.param((press_key(Qt.Key.Key_Escape),), id="Esc at the question"),
        pytest.param((press("Redacted (recommended)"), QDialog.reject), id="cancel at the file"),
    ],
)
def test_nothing_is_written_where_the_user_thinks_better_of_it(
    dialogs: Dialogs, method: str, answers: tuple[Callable[[QDialog], None], ...]
) -> None:
    user = User(*answers)
    assert getattr(dialogs, method)("x") is None
    assert user.has_answered_all
    user.leave()


def test_export_profile(dialogs: Dialogs, tmp_path: Path) -> None:
    seen: list[str] = []
    user = User(choose_file(tmp_path / "mine", seen))
    assert dialogs.ask_export_profile(HOSTILE) == tmp_path / "mine.json"
    assert seen == ["b-Acme--b- \u05e9\u05dc\u05d5\u05dd & -x.json", "Profile (*.json)"]
    user.leave()


def test_open_profile(dialogs: Dialogs, tmp_path: Path) -> None:
    (tmp_path / "acme.json").write_text("{}")
    user = User(choose_file(tmp_path / "acme.json", []))
    assert dialogs.ask_open_profile() == tmp_path / "acme.json"
    user.leave()


def test_open_no_profile(dialogs: Dialogs) -> None:
    user = User(QDialog.reject)
    assert dialogs.ask_open_profile() is None
    user.leave()


def test_existing_file_is_asked_for_before_it_is_replaced(dialogs: Dialogs, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("{}")
    asked: list[str] = []

    def refuse(dialog: QDialog) -> None:
        assert isinstance(dialog, QMessageBox)
        asked.append(dialog.text())
        dialog.button(QMessageBox.StandardButton.No).click()

    # Without the suffix: a dialog that adds it afterwards would replace the file unasked.
    user = User(choose_file(tmp_path / "mine", []), refuse, QDialog.reject)
    assert dialogs.ask_export_profile("x") is None
    assert len(asked) == 1
    assert "mine.json" in asked[0]
    user.leave()


def test_next_file_dialog_opens_where_the_last_one_was(dialogs: Dialogs, tmp_path: Path) -> None:
    folders: list[str] = []

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, QFileDialog)
        folders.append(dialog.directory().absolutePath())
        dialog.reject()

    user = User(choose_file(tmp_path / "mine.json", []), look)
    dialogs.ask_export_profile("x")
    dialogs.ask_export_profile("x")
    assert folders == [tmp_path.as_posix()]
    user.leave()


def test_rest_of_the_program_goes_on_while_a_question_is_open(qtbot: QtBot, dialogs: Dialogs) -> None:
    done: list[str] = []

    def answer_later(dialog: QDialog) -> None:
        QTimer.singleShot(0, dialog, lambda: done.append("work"))
        QTimer.singleShot(10, dialog, dialog.reject)

    user = User(answer_later)
    assert dialogs.ask_about_live_tokens(1, simulated=False) is QuitChoice.STAY
    assert done == ["work"]
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    user.leave()


def test_nothing_is_left_of_a_dialog(qtbot: QtBot, window: QWidget, dialogs: Dialogs, tmp_path: Path) -> None:
    user = User(press("With secrets"), choose_file(tmp_path / "mine.har", []))
    dialogs.ask_export_timeline("x")
    user.leave()
    qtbot.waitUntil(lambda: window.findChildren(QDialog) == [])
