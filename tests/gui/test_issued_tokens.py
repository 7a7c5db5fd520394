from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from gui.session_state import State
from gui.store.review import Review
from gui.widgets.issued_tokens import IssuedTokensDialog
from tests.gui.looks import look
from tests.gui.samples import CONSUMER_KEY, TOKEN_ID, clock, full_review, issued_token, shown_token, view_of
from tests.gui.test_issued_rows import CAN

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.session_view import SessionView

LIVE_ID = "1" * 32


def full_view() -> SessionView:
    return replace(view_of(State.CONNECTED), issued=full_review())


def dialog_with(qtbot: QtBot, view: SessionView | None = None, select: str = "") -> IssuedTokensDialog:
    dialog = IssuedTokensDialog(clock=clock)
    qtbot.addWidget(dialog)
    dialog.render(view or full_view())
    if select:
        dialog.table.selectRow(dialog.model.number_of(select))
    dialog.show()
    return dialog


def selected_id(dialog: IssuedTokensDialog) -> str:
    rows = dialog.table.selectionModel().selectedRows()
    row = dialog.model.row_at(rows[0].row()) if rows else None
    return row.token_id if row is not None else ""


@pytest.mark.parametrize("token_id", CAN)
def test_what_can_be_done(qtbot: QtBot, token_id: str) -> None:
    dialog = dialog_with(qtbot, select=token_id)
    enabled = tuple(button.isEnabled() for button in (dialog.open_button, dialog.revoke_button, dialog.forget_button))
    assert enabled == CAN[token_id]
    assert dialog.meaning.text()
    assert token_id[:8] in dialog.facts.whole_text


def test_open(qtbot: QtBot) -> None:
    dialog = dialog_with(qtbot, select=LIVE_ID)
    with qtbot.waitSignal(dialog.open_requested) as told:
        QTest.keyClick(dialog.open_button, Qt.Key.Key_Space)
    assert told.args == [LIVE_ID]


def test_enter_opens(qtbot: QtBot) -> None:
    dialog = dialog_with(qtbot, select=LIVE_ID)
    with qtbot.waitSignal(dialog.open_requested) as told:
        QTest.keyClick(dialog.table, Qt.Key.Key_Return)
    assert told.args == [LIVE_ID]
    assert dialog.isVisible()


@pytest.mark.parametrize("state", [State.EXCHANGING, State.REFRESHING, State.PROBING, State.REVOKING, State.WIPING])
def test_nothing_is_opened_while_work_is_under_way(qtbot: QtBot, state: State) -> None:
    dialog = dialog_with(qtbot, replace(view_of(state), issued=full_review()), select=LIVE_ID)
    assert not dialog.open_button.isEnabled()
    with qtbot.assertNotEmitted(dialog.open_requested):
        QTest.keyClick(dialog.table, Qt.Key.Key_Return)


def test_revoke(qtbot: QtBot) -> None:
    dialog = dialog_with(qtbot, select=TOKEN_ID)
    with qtbot.waitSignal(dialog.revoke_requested) as told:
        dialog.revoke_button.click()
    assert told.args == [TOKEN_ID]


def test_refresh_list(qtbot: QtBot) -> None:
    dialog = dialog_with(qtbot)
    with qtbot.waitSignal(dialog.review_requested):
        dialog.review_button.click()


class TestForget:
    def asked(self, qtbot: QtBot, token_id: str = LIVE_ID) -> IssuedTokensDialog:
        dialog = dialog_with(qtbot, select=token_id)
        with qtbot.assertNotEmitted(dialog.forget_requested):
            dialog.forget_button.click()
        assert dialog.question.isVisible()
        return dialog

    @pytest.mark.parametrize("token_id", [token_id for token_id, (_o, _r, forget) in CAN.items() if forget])
    def test_asks_first(self, qtbot: QtBot, token_id: str) -> None:
        dialog = self.asked(qtbot, token_id)
        assert "?" in dialog.question.text()
        with qtbot.waitSignal(dialog.forget_requested) as told:
            dialog.forget_now_button.click()
        assert told.args == [token_id]
        assert not dialog.question.isVisible()

    def test_says_that_a_live_token_lives_on(self, qtbot: QtBot) -> None:
        dialog = self.asked(qtbot)
        words = dialog.question.text()
        assert "goes on living at Concur" in words
        assert "cannot be revoked from here" in words

    def test_keep(self, qtbot: QtBot) -> None:
        dialog = self.asked(qtbot)
        with qtbot.assertNotEmitted(dialog.forget_requested):
            dialog.keep_button.click()
        assert dialog.forget_button.isVisible()

    def test_escape_keeps_and_leaves_the_dialog_open(self, qtbot: QtBot) -> None:
        dialog = self.asked(qtbot)
        with qtbot.assertNotEmitted(dialog.forget_requested):
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible()
        assert dialog.forget_button.isVisible()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()

    def test_focus_is_on_the_safe_side(self, qtbot: QtBot) -> None:
        dialog = dialog_with(qtbot, select=LIVE_ID)
        dialog.activateWindow()
        dialog.forget_button.setFocus()
        qtbot.waitUntil(dialog.forget_button.hasFocus)
        dialog.forget_button.click()
        assert dialog.keep_button.hasFocus()
        dialog.keep_button.click()
        assert dialog.forget_button.hasFocus()

    def test_another_row_drops_the_question(self, qtbot: QtBot) -> None:
        dialog = self.asked(qtbot)
        dialog.table.selectRow(dialog.model.number_of(TOKEN_ID))
        assert not dialog.question.isVisible()

    def test_gone_meanwhile(self, qtbot: QtBot) -> None:
        dialog = self.asked(qtbot)
        dialog.render(view_of(State.CONNECTED))
        assert not dialog.question.isVisible()

    def test_revoked_meanwhile(self, qtbot: QtBot) -> None:
        dialog = self.asked(qtbot)
        dialog.render(replace(full_view(), issued_busy=frozenset({LIVE_ID})))
        assert not dialog.question.isVisible()
        assert not dialog.forget_button.isEnabled()

    def test_other_news_leave_the_question(self, qtbot: QtBot) -> None:
        dialog = self.asked(qtbot)
        dialog.render(replace(full_view(), issued_busy=frozenset({TOKEN_ID})))
        assert dialog.question.isVisible()


class TestSelection:
    def test_first_at_first(self, qtbot: QtBot) -> None:
        assert selected_id(dialog_with(qtbot)) == TOKEN_ID

    @pytest.mark.parametrize("token_id", CAN)
    def test_kept(self, qtbot: QtBot, token_id: str) -> None:
        dialog = dialog_with(qtbot, select=token_id)
        review = full_review()
        newer = replace(issued_token(), token_id="f" * 32)
        for view in (
            full_view(),
            replace(full_view(), issued_busy=frozenset({token_id})),
            replace(full_view(), issued=replace(review, live=(newer, *review.live))),
        ):
            dialog.render(view)
            assert selected_id(dialog) == token_id

    def test_goes_with_its_row(self, qtbot: QtBot) -> None:
        dialog = dialog_with(qtbot, select=LIVE_ID)
        dialog.render(view_of(State.CONNECTED))
        assert not dialog.open_button.isEnabled()
        assert LIVE_ID[:8] not in dialog.facts.whole_text


def test_empty(qtbot: QtBot) -> None:
    dialog = dialog_with(qtbot, replace(view_of(State.STOPPED), issued=Review()))
    assert dialog.empty.isVisible()
    assert "Nothing is live" in dialog.empty.text()
    assert not any(button.isEnabled() for button in (dialog.open_button, dialog.revoke_button, dialog.forget_button))
    assert dialog.review_button.isEnabled()
    dialog.render(replace(view_of(State.STOPPED), starting=True))
    assert dialog.empty.text() == "The list is being read."


def test_problems(qtbot: QtBot) -> None:
    dialog = dialog_with(qtbot)
    assert dialog.problem_area.isVisible()
    assert "The keyring is locked" in dialog.problems.text()
    assert "A note about a token could not be read" in dialog.problems.text()
    dialog.render(view_of(State.CONNECTED))
    assert not dialog.problem_area.isVisible()


def test_unresolved_is_never_taken_for_nothing(qtbot: QtBot) -> None:
    review = Review(unresolved=full_review().unresolved)
    dialog = dialog_with(qtbot, replace(view_of(State.STOPPED), issued=review))
    assert not dialog.empty.isVisible()
    assert "may be live" in dialog.meaning.text()


def test_not_modal(qtbot: QtBot) -> None:
    assert not dialog_with(qtbot).isModal()


@pytest.mark.parametrize("choice", ["light", "dark"])
@pytest.mark.parametrize("name", ["x" * 5000, "<b>bold</b>\n&amp;", "\u05e4\u05e8\u05d5\u05e4\u05d9\u05dc"])
def test_hostile_names(qtbot: QtBot, qapp: QApplication, choice: str, name: str) -> None:
    with look(qapp, choice):
        token = replace(issued_token(profile_name=name), base_url=f"https://{name}", consumer_key=name)
        dialog = dialog_with(qtbot, replace(view_of(State.STOPPED), issued=Review(live=(token,))))
        dialog.resize(680, 400)
        dialog.grab()
        assert dialog.width() == 680
        assert dialog.meaning.textFormat() == Qt.TextFormat.PlainText
        assert dialog.question.textFormat() == Qt.TextFormat.PlainText


def test_names_and_secrets(qtbot: QtBot) -> None:
    dialog = dialog_with(qtbot, replace(full_view(), shown=shown_token()))
    assert dialog.table.accessibleName()
    assert dialog.problem_area.accessibleName()
    assert CONSUMER_KEY in dialog.facts.accessibleName()
    for part in dialog.findChildren(QWidget):
        assert "Canary" not in part.toolTip() + part.accessibleName() + part.accessibleDescription()
    assert all(
        button.text() for button in dialog.findChildren(QAbstractButton) if button.isVisible() and button.isEnabled()
    )


def test_tab_leaves_the_table(qtbot: QtBot) -> None:
    dialog = dialog_with(qtbot, select=LIVE_ID)
    dialog.activateWindow()
    dialog.table.setFocus()
    qtbot.waitUntil(dialog.table.hasFocus)
    QTest.keyClick(dialog.table, Qt.Key.Key_Tab)
    assert not dialog.table.hasFocus()
    met = set()
    for _ in range(8):
        focused = QApplication.focusWidget()
        assert focused is not None
        met.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {dialog.open_button, dialog.revoke_button, dialog.forget_button, dialog.review_button} <= met
