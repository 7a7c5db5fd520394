from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.widgets.jwt_view import JwtsView
from gui.widgets.secret_reveal import TEXT_MASK
from tests.gui.frame_samples import shown as show
from tests.gui.samples import (
    CURRENT_MEMBERS,
    CURRENT_REFRESH_TOKEN,
    SUBJECT,
    current_document,
    current_shown,
    jwt,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.session_view import ShownToken


def view_with(qtbot: QtBot, shown: ShownToken | None = None) -> JwtsView:
    view = JwtsView()
    show(qtbot, view, size=(500, 700))
    view.show_token(current_shown() if shown is None else shown)
    return view


def with_members(**members: object) -> ShownToken:
    return current_shown(current_document({**CURRENT_MEMBERS, **members}))


def test_it_is_said_that_nothing_is_trusted(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    expected = "Decoded for reading. The signature was not checked, so nothing here is trusted."
    assert view.warning.text() == expected
    assert view.warning.isVisible()


@pytest.mark.parametrize("name", ["id_token", "access_token"])
def test_folded_until_asked_for_and_by_keyboard(qtbot: QtBot, name: str) -> None:
    view = view_with(qtbot)
    one = getattr(view, name)
    assert not one.claims.isVisible()
    assert one.claims.toPlainText() == ""
    assert one.word.text().startswith("Expires 2026-11-24 16:02:11 UTC · ")
    one.fold_button.setFocus()
    QTest.keyClick(one.fold_button, Qt.Key.Key_Space)
    assert one.claims.isVisible()
    assert f'"sub": "{SUBJECT}"' in one.claims.toPlainText()
    assert '"alg": "RS256"' in one.header.toPlainText()
    assert one.fold_button.accessibleDescription() == "unfolded"
    QTest.keyClick(one.fold_button, Qt.Key.Key_Space)
    assert not one.claims.isVisible()
    assert one.claims.toPlainText() == ""


@pytest.mark.parametrize("part", ["claims", "header"])
def test_copied_whole(qtbot: QtBot, part: str) -> None:
    view = view_with(qtbot)
    view.id_token.fold_button.click()
    with qtbot.waitSignal(view.copy_requested) as told:
        getattr(view.id_token, f"copy_{part}").click()
    assert told.args[0].text == getattr(view.id_token, part).toPlainText()
    assert told.args[0].what == f"id_token, {part}"
    assert not told.args[0].secret


def test_a_selection_is_copied_too(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    view.id_token.fold_button.click()
    view.id_token.claims.selectAll()
    with qtbot.waitSignal(view.copy_requested):
        QTest.keyClick(view.id_token.claims, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)


def test_a_claim_that_echoes_a_secret_is_masked(qtbot: QtBot) -> None:
    shown = with_members(id_token=jwt({"sub": SUBJECT, "echo": CURRENT_REFRESH_TOKEN}))
    view = view_with(qtbot, shown)
    view.id_token.fold_button.click()
    assert f'"echo": "{TEXT_MASK}"' in view.id_token.claims.toPlainText()
    with qtbot.waitSignal(view.copy_requested) as told:
        view.id_token.copy_claims.click()
    assert told.args[0].secret
    view.set_revealed(True)
    assert CURRENT_REFRESH_TOKEN in view.id_token.claims.toPlainText()
    view.set_revealed(False)
    assert CURRENT_REFRESH_TOKEN not in view.id_token.claims.toPlainText()


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        pytest.param("a.b", "it has not the form of a JSON Web Token", id="two parts"),
        pytest.param("a.b.c", "its parts are no JSON objects", id="no JSON"),
        pytest.param("e30." + "A" * 70_000 + ".x", "it has not the form of a JSON Web Token", id="endless"),
    ],
)
def test_a_broken_one_is_told_calmly(qtbot: QtBot, token: str, problem: str) -> None:
    view = view_with(qtbot, with_members(id_token=token))
    assert view.id_token.word.text() == f"id_token cannot be read: {problem}."
    assert not view.id_token.fold_button.isEnabled()
    view.show_token(current_shown())
    assert view.id_token.fold_button.isEnabled()


def test_stays_unfolded_for_the_next_token_and_folds_for_a_broken_one(qtbot: QtBot) -> None:
    view = view_with(qtbot)
    view.id_token.fold_button.click()
    view.show_token(with_members(id_token="a.b"))
    assert not view.id_token.claims.isVisible()
    view.show_token(with_members(id_token=jwt({"sub": "another"})))
    assert view.id_token.claims.isVisible()
    assert "another" in view.id_token.claims.toPlainText()
    assert view.id_token.word.text() == "It does not say when it expires."


@pytest.mark.parametrize(
    ("shown", "id_word", "access_word"),
    [
        pytest.param(
            with_members(id_token="", access_token="opaque"),
            "No id_token came with this answer.",
            "The access token is no JSON Web Token, so there is nothing to decode.",
            id="neither",
        ),
        pytest.param(
            current_shown(from_list=True), *["The document is not kept, so there is nothing to decode."] * 2, id="list"
        ),
    ],
)
def test_why_there_is_none(qtbot: QtBot, shown: ShownToken, id_word: str, access_word: str) -> None:
    view = view_with(qtbot, shown)
    assert (view.id_token.word.text(), view.access_token.word.text()) == (id_word, access_word)
    assert not view.id_token.fold_button.isEnabled()
    assert not view.access_token.fold_button.isEnabled()
