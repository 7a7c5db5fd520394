from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from gui.concur.errors import ConsumerCredentialBlank
from gui.session_requests import CopyRequest
from gui.session_state import Control, State
from gui.session_view import ApplicationView, KeyringStatus, KeyringView, SessionView
from gui.widgets.application_card import ApplicationCard
from gui.widgets.secret_label import SecretLabel
from gui.widgets.secret_reveal import TEXT_MASK
from gui.widgets.step_card import Step
from tests.gui.frame_samples import HOSTILE, LONG, SECRET, labels_of, shown, view_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def card(qtbot: QtBot) -> ApplicationCard:
    card = ApplicationCard()
    shown(qtbot, card, size=(360, 400))
    card.render(view_of(State.STOPPED, sandbox=False))
    card.reveal()
    return card


def button(card: QWidget, name: str) -> QPushButton:
    found = card.findChild(QPushButton, name)
    assert found is not None
    return found


def secret_of(card: QWidget) -> SecretLabel:
    found = card.findChild(SecretLabel)
    assert found is not None
    return found


def every_text_of(card: QWidget) -> str:
    widgets = [card, *card.findChildren(QWidget)]
    return "\n".join(
        f"{w.accessibleName()} {w.accessibleDescription()} {w.toolTip()} {w.windowTitle()} {w.objectName()} {w!r}"
        for w in widgets
    )


@pytest.mark.parametrize("state", State, ids=lambda state: state.name.lower())
@pytest.mark.parametrize("sandbox", [True, False], ids=["sandbox", "real"])
def test_edit_is_as_the_view_allows(card: ApplicationCard, state: State, sandbox: bool) -> None:
    view = view_of(state, sandbox=sandbox)
    card.render(view)
    edit = button(card, "edit_application")
    assert edit.isEnabled() is (Control.EDIT_APPLICATION in view.controls)
    assert edit.property("primary") in ((True,) if state is State.UNCONFIGURED else (False, None))
    assert card.step is (Step.CURRENT if state is State.UNCONFIGURED else Step.DONE)


def test_buttons_ask_for_what_they_say(card: ApplicationCard, qtbot: QtBot) -> None:
    with qtbot.waitSignal(card.edit_requested):
        button(card, "edit_application").click()
    with qtbot.waitSignal(card.copy_requested) as key:
        button(card, "copy_consumer_key").click()
    with qtbot.waitSignal(card.copy_requested) as secret:
        button(card, "copy_consumer_secret").click()
    assert key.args == [CopyRequest("VDV5Y532NafpmDLtbve7Md", "Consumer key")]
    assert secret.args == [CopyRequest(SECRET, "Consumer secret", secret=True)]


def test_secret_shows_on_demand_and_nothing_moves(card: ApplicationCard) -> None:
    label, show = secret_of(card), button(card, "show_consumer_secret")
    assert label.text == TEXT_MASK
    width = show.sizeHint().width(), show.minimumWidth()
    assert width[1] >= width[0]
    show.click()
    assert label.text == SECRET
    assert show.text() == "Hide"
    assert show.minimumWidth() >= show.sizeHint().width()
    label.hide_secret()
    assert label.text == TEXT_MASK
    assert show.text() == "Show"


def test_secret_masks_itself_when_hidden_by_hand_or_folded(card: ApplicationCard) -> None:
    show, label = button(card, "show_consumer_secret"), secret_of(card)
    show.click()
    show.click()
    assert not label.shown
    show.click()
    card.fold_button.click()
    assert not label.shown
    card.fold_button.click()


def test_secret_masks_itself_when_the_window_is_left(card: ApplicationCard, qtbot: QtBot) -> None:
    label = secret_of(card)
    button(card, "show_consumer_secret").click()
    readable = label.shown
    other = QWidget()
    shown(qtbot, other)
    qtbot.waitUntil(lambda: not label.shown)
    assert readable


def test_another_secret_comes_masked(card: ApplicationCard) -> None:
    button(card, "show_consumer_secret").click()
    view = view_of(State.STOPPED, sandbox=False)
    card.render(replace(view, application=replace(view.application, consumer_secret="another-one")))
    assert not secret_of(card).shown


def test_secret_is_in_no_text_but_the_one_on_the_screen(card: ApplicationCard) -> None:
    button(card, "show_consumer_secret").click()
    assert SECRET not in every_text_of(card)
    assert SECRET not in labels_of(card)


def test_same_view_again_leaves_a_shown_secret_shown(card: ApplicationCard) -> None:
    button(card, "show_consumer_secret").click()
    card.render(view_of(State.STOPPED, sandbox=False))
    assert secret_of(card).shown


def test_nothing_to_copy_or_show_is_said_so(card: ApplicationCard) -> None:
    card.render(view_of(State.UNCONFIGURED, sandbox=False))
    for name in ("copy_consumer_key", "copy_consumer_secret", "show_consumer_secret"):
        assert not button(card, name).isEnabled()
    assert "something is missing" in labels_of(card)


def test_sandbox_is_marked_as_simulated(card: ApplicationCard) -> None:
    card.render(view_of(State.WAITING))
    card.reveal()
    assert "made up for this run; simulated" in labels_of(card)
    card.render(view_of(State.WAITING, sandbox=False))
    assert "simulated" not in labels_of(card)
    assert "GNOME Keyring" in labels_of(card)


def test_where_a_secret_will_go_is_said(card: ApplicationCard) -> None:
    missing = ApplicationView("key")
    card.render(view_of(State.UNCONFIGURED, sandbox=False, application=missing))
    assert "kept in the system's keyring" in labels_of(card)
    session_only = KeyringView(KeyringStatus.SESSION_ONLY, "kept for this session only")
    card.render(view_of(State.UNCONFIGURED, sandbox=False, application=missing, keyring=session_only))
    assert "kept for this session only" in labels_of(card)


def test_start_is_told(card: ApplicationCard) -> None:
    card.render(SessionView())
    assert "the simulated Concur is starting…" in labels_of(card)


def test_problem_stands_in_words(card: ApplicationCard) -> None:
    problem = ConsumerCredentialBlank(which="consumer secret")
    card.render(view_of(State.UNCONFIGURED, sandbox=False, application=ApplicationView("key", problem=problem)))
    assert "The consumer secret is empty" in labels_of(card)
    assert "Enter the consumer secret" in labels_of(card)


@pytest.mark.parametrize("text", [LONG, HOSTILE], ids=["long", "hostile"])
def test_card_stays_narrow_whatever_it_holds(card: ApplicationCard, text: str) -> None:
    width = card.minimumSizeHint().width()
    application = ApplicationView(text, text, text, text, ConsumerCredentialBlank(which=text))
    card.render(view_of(State.UNCONFIGURED, sandbox=False, application=application))
    assert card.minimumSizeHint().width() <= max(width, 330)
