from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.concur.contract import CONTRACTS, CURRENT, DEFAULT_CONTRACT
from gui.flow.revocation import Revocation, Tick
from gui.session_requests import CopyRequest
from gui.session_state import CONTROLS, NEXT_CONTROL, Control, State
from gui.session_view import SessionView
from gui.store.review import Review
from gui.widgets.masking import secret_bytes
from gui.widgets.parts import Button, Kind
from gui.widgets.revoke_ticks import MARKS
from gui.widgets.secret_reveal import TEXT_MASK
from gui.widgets.token_panel import TokenPanel
from gui.widgets.token_times import MinuteClock
from tests.gui.events_heard import WORK_OF_A_WINDOW, events_heard
from tests.gui.looks import look
from tests.gui.samples import (
    ACCESS_TOKEN,
    CURRENT_ACCESS_TOKEN,
    CURRENT_MEMBERS,
    CURRENT_REFRESH_TOKEN,
    DOCUMENT,
    EXPIRES_AT,
    FIELDS,
    NOW,
    REFRESH_TOKEN,
    WITH_TOKEN,
    WITHOUT_TOKEN,
    clock,
    consistent,
    current_document,
    current_shown,
    document,
    full_review,
    jwt,
    shown_token,
    view_of,
)

if TYPE_CHECKING:
    from datetime import datetime

    from PySide6.QtCore import SignalInstance
    from pytestqt.qtbot import QtBot

CHIPS = {
    State.UNCONFIGURED: ("no token", Kind.QUIET),
    State.STOPPED: ("no token", Kind.QUIET),
    State.WAITING: ("no token", Kind.QUIET),
    State.RECEIVED: ("no token", Kind.QUIET),
    State.EXCHANGING: ("exchanging…", Kind.INFO),
    State.CONNECTED: ("connected", Kind.SUCCESS),
    State.REFRESHING: ("refreshing…", Kind.INFO),
    State.PROBING: ("checking…", Kind.INFO),
    State.REVOKING: ("revoking…", Kind.INFO),
    State.PROVING: ("revoking…", Kind.INFO),
    State.WIPING: ("revoking…", Kind.INFO),
    State.REVOKED: ("revoked", Kind.QUIET),
    State.AT_RISK: ("at risk", Kind.DANGER),
}
STATES = pytest.mark.parametrize("state", list(State), ids=lambda state: state.name)
TICKS = list(product(Tick, Tick, Tick))


def panel_with(qtbot: QtBot, view: SessionView | None = None, width: int = 640) -> TokenPanel:
    panel = TokenPanel(clock)
    qtbot.addWidget(panel)
    panel.resize(width, 420)
    panel.render(view or view_of(State.CONNECTED))
    panel.show()
    return panel


def button_of(panel: TokenPanel, control: Control) -> Button:
    return {
        Control.COPY_TOKEN: panel.copy_button,
        Control.SAVE_DOCUMENT: panel.save_button,
        Control.PROBE: panel.probe_button,
        Control.REFRESH: panel.refresh_button,
        Control.KEEP_TOKEN: panel.keep_button,
        Control.REVOKE: panel.revoke_button,
        Control.START_OVER: panel.start_over_button,
        Control.CANCEL: panel.activity.cancel_button,
    }[control]


OURS = (
    Control.COPY_TOKEN,
    Control.SAVE_DOCUMENT,
    Control.PROBE,
    Control.REFRESH,
    Control.KEEP_TOKEN,
    Control.REVOKE,
    Control.START_OVER,
    Control.CANCEL,
)


def signal_of(panel: TokenPanel, control: Control) -> SignalInstance:
    return {
        Control.COPY_TOKEN: panel.copy_requested,
        Control.SAVE_DOCUMENT: panel.save_requested,
        Control.PROBE: panel.probe_requested,
        Control.REFRESH: panel.refresh_requested,
        Control.KEEP_TOKEN: panel.keep_requested,
        Control.REVOKE: panel.revoke_requested,
        Control.START_OVER: panel.start_over_requested,
        Control.CANCEL: panel.cancel_requested,
    }[control]


@STATES
class TestState:
    def test_chip(self, qtbot: QtBot, state: State) -> None:
        panel = panel_with(qtbot, view_of(state))
        assert (panel.chip.text, panel.chip.kind) == CHIPS[state]

    @pytest.mark.parametrize("control", OURS, ids=lambda control: control.name)
    def test_controls(self, qtbot: QtBot, state: State, control: Control) -> None:
        panel = panel_with(qtbot, view_of(state))
        button = button_of(panel, control)
        allowed = control in CONTROLS[state]
        assert button.isEnabled() is allowed
        if allowed:
            assert button.isVisible()
            with qtbot.waitSignal(signal_of(panel, control)):
                QTest.keyClick(button, Qt.Key.Key_Space)
        else:
            with qtbot.assertNotEmitted(signal_of(panel, control)):
                QTest.keyClick(button, Qt.Key.Key_Space)

    def test_one_next_thing(self, qtbot: QtBot, state: State) -> None:
        panel = panel_with(qtbot, view_of(state))
        primary = [control for control in OURS if button_of(panel, control).primary]
        wanted = NEXT_CONTROL[state]
        assert primary == ([wanted] if wanted in OURS else [])

    def test_document_or_a_sentence(self, qtbot: QtBot, state: State) -> None:
        panel = panel_with(qtbot, view_of(state))
        assert panel.tabs.isVisible() is (state in WITH_TOKEN)
        assert panel.empty.isVisible() is (state in WITHOUT_TOKEN)
        if state in WITHOUT_TOKEN:
            assert panel.empty.text().endswith(".")
            assert panel.document.shown_text == ""

    def test_nothing_jumps(self, qtbot: QtBot, state: State) -> None:
        panel = panel_with(qtbot, view_of(State.STOPPED))
        places = {
            part: part.geometry()
            for part in (panel.progress, panel.place, panel.action_row, panel.ticks, panel.issued_button)
        }
        panel.render(view_of(state))
        panel.grab()
        for part, geometry in places.items():
            assert part.geometry() == geometry

    def test_activity(self, qtbot: QtBot, state: State) -> None:
        view = view_of(state)
        panel = panel_with(qtbot, view)
        assert panel.progress.isVisible() is (view.activity is not None)
        assert panel.activity.isVisible() is (view.activity is not None)
        assert panel.expiry.isVisible() is (view.activity is None)

    def test_twice_is_once(self, qtbot: QtBot, state: State) -> None:
        panel = panel_with(qtbot, view_of(state))
        panel.progress.setRange(0, 1)  # an animation would differ
        first = panel.grab().toImage()
        panel.render(view_of(state))
        assert panel.grab().toImage() == first

    @pytest.mark.parametrize("choice", ["light", "dark"])
    def test_narrow_in_both_themes(self, qtbot: QtBot, qapp: QApplication, state: State, choice: str) -> None:
        with look(qapp, choice):
            panel = panel_with(qtbot, view_of(state), width=440)
            panel.grab()
            assert panel.minimumSizeHint().width() <= 440
            assert panel.width() == 440
            assert panel.save_button in panel.action_row.in_menu

    def test_no_secret_but_where_it_is_shown(self, qtbot: QtBot, state: State) -> None:
        panel = panel_with(qtbot, view_of(state))
        for part in panel.findChildren(QWidget):
            words = (part.toolTip(), part.accessibleName(), part.accessibleDescription(), part.windowTitle())
            assert ACCESS_TOKEN not in " ".join(words)
            assert REFRESH_TOKEN not in " ".join(words)

    def test_every_button_has_a_name(self, qtbot: QtBot, state: State) -> None:
        panel = panel_with(qtbot, view_of(state))
        assert all(button.text() or button.accessibleName() for button in panel.findChildren(Button))


@pytest.mark.parametrize(("server", "refused", "local_copy"), TICKS, ids=["-".join(t.value for t in c) for c in TICKS])
def test_ticks(qtbot: QtBot, server: Tick, refused: Tick, local_copy: Tick) -> None:
    panel = panel_with(qtbot, replace(view_of(State.AT_RISK), revocation=Revocation(server, refused, local_copy)))
    marks = (panel.ticks.server, panel.ticks.refused, panel.ticks.local_copy)
    assert [mark.text()[0] for mark in marks] == [MARKS[tick] for tick in (server, refused, local_copy)]
    assert all(mark.isVisible() for mark in marks)


def test_token_of_another_contract_says_why_it_is_not_refreshed(qtbot: QtBot) -> None:
    view = view_of(State.CONNECTED, current_shown())
    application = replace(view.application, contract=DEFAULT_CONTRACT)
    panel = panel_with(qtbot, consistent(replace(view, application=application)))
    assert not panel.refresh_button.isEnabled()
    assert "contract" in panel.refresh_button.toolTip()


def test_token_that_was_refused_already_is_not_called_revoked(qtbot: QtBot) -> None:
    revocation = Revocation(Tick.UNPROVEN, Tick.DONE, Tick.DONE, nothing_sent=True)
    panel = panel_with(qtbot, replace(view_of(State.REVOKED), revocation=revocation, shown=None))
    assert panel.chip.text == "ended"
    assert "no revoke was sent" in panel.empty.text()


def test_start_is_an_empty_view(qtbot: QtBot) -> None:
    panel = panel_with(qtbot, SessionView())
    assert panel.chip.text == "no token"
    assert not any(button_of(panel, control).isEnabled() for control in OURS)


def test_copy_token(qtbot: QtBot) -> None:
    panel = panel_with(qtbot)
    with qtbot.waitSignal(panel.copy_requested) as told:
        panel.copy_button.click()
    assert (told.args[0].text, told.args[0].what, told.args[0].secret) == (ACCESS_TOKEN, "Access token", True)


def test_issued_tokens(qtbot: QtBot) -> None:
    panel = panel_with(qtbot, replace(view_of(State.CONNECTED), issued=full_review()))
    assert panel.issued_button.text() == "Issued tokens: 2 live"
    with qtbot.waitSignal(panel.issued_tokens_requested):
        QTest.keyClick(panel.issued_button, Qt.Key.Key_Space)
    panel.render(replace(view_of(State.STOPPED), issued=Review()))
    assert panel.issued_button.text() == "Issued tokens: 0 live"
    assert panel.issued_button.isEnabled()


class TestSecrets:
    def all_texts(self, panel: TokenPanel) -> str:
        chosen = panel.tabs.currentWidget()
        texts = [line.text() for line in (panel.fields.access_token.line, panel.fields.refresh_token.line)]
        for tab in (panel.document, panel.raw):
            panel.tabs.setCurrentWidget(tab)
            texts.append(tab.shown_text)
        panel.tabs.setCurrentWidget(chosen)
        return "\n".join(texts)

    def test_shown_on_every_tab_and_masked_again(self, qtbot: QtBot) -> None:
        panel = panel_with(qtbot)
        assert ACCESS_TOKEN not in self.all_texts(panel)
        assert panel.document.shown_text.count(TEXT_MASK) == 2
        QTest.keyClick(panel.show_button, Qt.Key.Key_Space)
        assert self.all_texts(panel).count(ACCESS_TOKEN) == 3
        assert self.all_texts(panel).count(REFRESH_TOKEN) == 3
        assert panel.show_button.text() == "Hide secrets"
        QTest.keyClick(panel.show_button, Qt.Key.Key_Space)
        assert ACCESS_TOKEN not in self.all_texts(panel)
        assert panel.show_button.text() == "Show secrets"

    def test_masked_when_the_window_is_left(self, qtbot: QtBot) -> None:
        panel = panel_with(qtbot)
        panel.show_button.click()
        QApplication.sendEvent(panel.window(), QEvent(QEvent.Type.WindowDeactivate))
        assert ACCESS_TOKEN not in self.all_texts(panel)

    def test_hide_in_a_field_masks_all(self, qtbot: QtBot) -> None:
        panel = panel_with(qtbot)
        panel.show_button.click()
        panel.fields.access_token.show_button.click()
        assert ACCESS_TOKEN not in self.all_texts(panel)
        assert panel.show_button.text() == "Show secrets"

    def test_another_token_is_masked(self, qtbot: QtBot) -> None:
        panel = panel_with(qtbot)
        panel.show_button.click()
        other = document(DOCUMENT.replace(b"Canary+", b"Second+"), {**FIELDS, "token": "Second+Acc/ess0kJ7hG5fD3sA1="})
        panel.render(view_of(State.CONNECTED, shown_token(other)))
        assert "Second" not in self.all_texts(panel)
        assert panel.show_button.text() == "Show secrets"

    def test_the_same_token_stays_shown(self, qtbot: QtBot) -> None:
        panel = panel_with(qtbot)
        panel.show_button.click()
        panel.render(view_of(State.PROBING))
        assert self.all_texts(panel).count(ACCESS_TOKEN) == 3

    def test_a_text_out_of_sight_is_not_made(self, qtbot: QtBot) -> None:
        panel = panel_with(qtbot)
        panel.show_button.click()
        assert panel.raw.shown_text == ""
        panel.tabs.setCurrentWidget(panel.raw)
        assert ACCESS_TOKEN in panel.raw.shown_text
        assert panel.document.shown_text == ""
        panel.show_button.click()
        panel.tabs.setCurrentWidget(panel.document)
        assert panel.document.shown_text.count(TEXT_MASK) == 2

    def test_nothing_stays_after_the_token(self, qtbot: QtBot) -> None:
        panel = panel_with(qtbot)
        panel.show_button.click()
        panel.render(view_of(State.STOPPED))
        assert ACCESS_TOKEN not in self.all_texts(panel)
        assert panel.fields.access_token.value == ""


class TestReasons:
    def test_no_refresh_token(self, qtbot: QtBot) -> None:
        panel = panel_with(
            qtbot, view_of(State.CONNECTED, shown_token(document(fields={**FIELDS, "refresh_token": ""})))
        )
        assert not panel.refresh_button.isEnabled()
        assert "cannot be refreshed" in panel.refresh_button.toolTip()
        assert panel.refresh_button.accessibleDescription() == panel.refresh_button.toolTip()
        panel.render(view_of(State.CONNECTED))
        assert panel.refresh_button.isEnabled()
        assert panel.refresh_button.toolTip() == ""

    def test_no_consumer_secret(self, qtbot: QtBot) -> None:
        view = view_of(State.CONNECTED)
        view = replace(
            view,
            application=replace(view.application, consumer_secret=""),
            controls=view.controls - {Control.REFRESH},
        )
        panel = panel_with(qtbot, view)
        assert "consumer secret" in panel.refresh_button.toolTip()

    def test_no_document(self, qtbot: QtBot) -> None:
        panel = panel_with(qtbot, view_of(State.CONNECTED, shown_token(from_list=True)))
        assert not panel.save_button.isEnabled()
        assert "not kept" in panel.save_button.toolTip()


class TestExpiry:
    def test_left(self, qtbot: QtBot) -> None:
        text = panel_with(qtbot).expiry.whole_text
        assert text.startswith("expires 24 Nov 2027")
        assert text.endswith("(in 364 days)")

    def test_not_known(self, qtbot: QtBot) -> None:
        shown = shown_token(document(fields={**FIELDS, "expiration_date": ""}))
        assert panel_with(qtbot, view_of(State.CONNECTED, shown)).expiry.whole_text == "expiry not known"

    def test_says_nothing_of_a_dead_token(self, qtbot: QtBot) -> None:
        assert panel_with(qtbot, view_of(State.REVOKED)).expiry.whole_text == ""

    def test_ends(self, qtbot: QtBot) -> None:
        times = [NOW]

        def now() -> datetime:
            return times[-1]

        panel = TokenPanel(now)
        qtbot.addWidget(panel)
        panel.render(view_of(State.CONNECTED))
        assert panel.expiry.property("role") == "muted"
        times.append(EXPIRES_AT + timedelta(days=4))
        for minutes in panel.findChildren(MinuteClock):
            minutes.ticked.emit()
        assert panel.expiry.whole_text == "expired 4 days ago"
        assert panel.expiry.property("role") == "danger"


def test_keep_token_stands_where_refresh_does(qtbot: QtBot) -> None:
    panel = panel_with(qtbot)
    assert panel.refresh_button.isVisible()
    assert not panel.keep_button.isVisible()
    panel.render(view_of(State.AT_RISK))
    assert panel.keep_button.isVisible()
    assert not panel.refresh_button.isVisible()


def test_lesser_actions_move_into_the_menu(qtbot: QtBot) -> None:
    panel = panel_with(qtbot, width=440)
    assert panel.copy_button in panel.action_row.in_menu
    menu = panel.action_row.more.menu()
    menu.aboutToShow.emit()
    copy = next(action for action in menu.actions() if action.text() == "Copy token")
    with qtbot.waitSignal(panel.copy_requested):
        copy.trigger()
    panel.window().resize(900, 420)
    assert panel.action_row.in_menu == ()


def test_token_from_the_list_opens_at_its_fields(qtbot: QtBot) -> None:
    panel = panel_with(qtbot, view_of(State.STOPPED))
    panel.render(view_of(State.CONNECTED, shown_token(from_list=True)))
    assert panel.tabs.currentWidget() is panel.fields
    panel.tabs.setCurrentWidget(panel.raw)
    panel.render(view_of(State.PROBING, shown_token(from_list=True)))
    assert panel.tabs.currentWidget() is panel.raw


def test_tab_order(qtbot: QtBot) -> None:
    panel = panel_with(qtbot)
    panel.activateWindow()
    panel.tabs.tabBar().setFocus()
    qtbot.waitUntil(panel.tabs.tabBar().hasFocus)
    met: list[QWidget] = []
    for _ in range(10):
        focused = QApplication.focusWidget()
        if focused is None or focused in met:
            break
        met.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    wanted: list[QWidget] = [
        panel.copy_button,
        panel.save_button,
        panel.probe_button,
        panel.refresh_button,
        panel.revoke_button,
        panel.start_over_button,
        panel.issued_button,
    ]
    assert [part for part in met if part in wanted] == wanted
    assert panel.show_button in met


@pytest.mark.parametrize(
    "url", ["https://" + "x" * 5000, "<b>\n&amp;</b>", "https://\u05e9\u05dc\u05d5\u05dd.example/"]
)
@pytest.mark.parametrize("tab", [0, 1, 2])
def test_hostile_texts(qtbot: QtBot, url: str, tab: int) -> None:
    body = DOCUMENT + f"<!-- {url} -->".encode()
    panel = panel_with(qtbot, view_of(State.CONNECTED, shown_token(document(body, {**FIELDS, "instance_url": url}))))
    panel.tabs.setCurrentIndex(tab)
    panel.grab()
    assert panel.width() == 640


@STATES
def test_the_same_view_again_is_neither_laid_out_nor_painted(qtbot: QtBot, state: State) -> None:
    view = view_of(state)
    panel = panel_with(qtbot, view)
    panel.progress.setRange(0, 1)  # what moves by itself is painted by itself
    with events_heard(*WORK_OF_A_WINDOW) as heard:
        panel.render(replace(view))
    assert heard == []


# An access token that is not here


def test_a_token_that_was_kept_in_memory_cannot_be_copied_and_says_why(qtbot: QtBot) -> None:
    panel = TokenPanel(clock)
    qtbot.addWidget(panel)
    panel.render(view_of(State.CONNECTED, current_shown(restarted=True)))
    assert not panel.copy_button.isEnabled()
    assert "Refresh gets a new one" in panel.copy_button.toolTip()
    assert panel.copy_button.accessibleDescription() == panel.copy_button.toolTip()
    assert panel.refresh_button.isEnabled()
    with qtbot.assertNotEmitted(panel.copy_requested):
        panel.copy_token()
    gone = current_shown(restarted=True)
    panel.render(view_of(State.CONNECTED, replace(gone, live=replace(gone.live, refresh_token=None))))
    assert panel.copy_button.toolTip().endswith("is gone with the program that held it.")
    panel.render(view_of(State.CONNECTED, current_shown()))
    assert panel.copy_button.isEnabled()
    assert panel.copy_button.toolTip() == ""


def test_another_such_token_is_masked_though_neither_has_an_access_token(qtbot: QtBot) -> None:
    panel = TokenPanel(clock)
    qtbot.addWidget(panel)
    first = current_shown(restarted=True)
    panel.render(view_of(State.CONNECTED, first))
    panel.show_button.click()
    assert panel.show_button.text() == "Hide secrets"
    panel.render(view_of(State.CONNECTED, replace(first, token=replace(first.token, token_id="9" * 32))))
    assert panel.show_button.text() == "Show secrets"


def test_what_else_a_revoke_ends_is_said_where_it_ends_more(qtbot: QtBot) -> None:
    panel = TokenPanel(clock)
    qtbot.addWidget(panel)
    panel.render(view_of(State.CONNECTED, current_shown()))
    assert panel.revoke_button.toolTip().startswith("It ends all refresh tokens of this user for this app. ")
    assert panel.revoke_button.toolTip() == CONTRACTS[CURRENT].revoke_words
    panel.render(view_of(State.CONNECTED))
    assert panel.revoke_button.toolTip() == ""


CONSUMER_SECRET = view_of(State.CONNECTED).application.consumer_secret


def echoing(echo: str) -> SessionView:
    """A token whose answer has a secret everywhere that the server chooses a text."""
    token = jwt({"sub": f"sub {echo}", "iat": 1})
    members = {
        **CURRENT_MEMBERS,
        "scope": f"openid {echo}",
        "expires_in": f"about {echo}",
        "token_type": echo,
        "id_token": token,
        "concur-correlationid": f"for {echo}",
    }
    headers = (("content-type", "application/json"), ("X-Echo", echo))
    return view_of(State.CONNECTED, current_shown(current_document(members, headers)))


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param(CURRENT_ACCESS_TOKEN, id="access token"),
        pytest.param(CURRENT_REFRESH_TOKEN, id="refresh token"),
        pytest.param(CONSUMER_SECRET, id="consumer secret"),
    ],
)
def test_an_echoed_secret_is_masked_on_every_tab(qtbot: QtBot, secret: str) -> None:
    panel = panel_with(qtbot, echoing(secret))
    panel.raw.set_in_sight(True)
    jwts = panel.fields.jwts
    jwts.id_token.fold_button.setChecked(True)
    echoes = (panel.fields.scopes.line.text, panel.fields.subject.line.text, panel.fields.correlation_id.line.text)
    texts = (panel.document.code.toPlainText, panel.raw.code.toPlainText, jwts.id_token.claims.toPlainText)
    for text in (*echoes, *texts, panel.fields.expires_utc.text):
        assert secret not in text()
        assert TEXT_MASK in text()
    assert not any(secret in tip for tip in (panel.fields.scopes.line.toolTip(), panel.fields.subject.line.toolTip()))
    panel.show_button.click()
    for text in (*echoes[:2], panel.fields.expires_utc.text):
        assert secret[:150] in text()
        assert TEXT_MASK not in text()


def test_a_copied_value_that_echoes_a_secret_is_one(qtbot: QtBot) -> None:
    panel = panel_with(qtbot, echoing(CONSUMER_SECRET))
    with qtbot.waitSignal(panel.copy_requested) as copied:
        panel.fields.scopes.copy_button.click()
    assert copied.args == [CopyRequest(f"openid {CONSUMER_SECRET}", "Scopes", secret=True)]
    panel.render(view_of(State.CONNECTED, current_shown()))
    with qtbot.waitSignal(panel.copy_requested) as copied:
        panel.fields.scopes.copy_button.click()
    assert copied.args is not None
    assert not copied.args[0].secret


def test_no_hex_of_an_echoed_consumer_secret(qtbot: QtBot) -> None:
    view = echoing(CONSUMER_SECRET)
    panel = panel_with(qtbot, view)
    assert view.shown is not None
    assert view.shown.document is not None
    body = view.shown.document.raw
    places = secret_bytes(body, view.shown.live, CONSUMER_SECRET)
    assert places is not None
    assert CONSUMER_SECRET.encode() in {body[place.start : place.stop] for place in places}
    assert panel.raw.consumer_secret == CONSUMER_SECRET


@pytest.mark.parametrize("kit", ["legacy", "current"])
def test_what_a_server_sends_for_a_date_is_shown_as_far_as_a_date_may_reach(qtbot: QtBot, kit: str) -> None:
    """A label takes seconds to lay out a megabyte."""
    endless = "9" * 900_000
    shown = (
        current_shown(current_document({**CURRENT_MEMBERS, "expires_in": endless, "scope": endless}))
        if kit == "current"
        else shown_token(document(fields={**FIELDS, "expiration_date": endless}))
    )
    panel = panel_with(qtbot, view_of(State.CONNECTED, shown))
    for revealed in (False, True):
        panel.fields.set_revealed(revealed)
        assert len(panel.fields.expires_utc.text()) <= 201
        assert panel.fields.expires_utc.text().endswith("9…")
        assert len(panel.fields.scopes.line.text()) <= 2001


def test_no_half_of_a_secret_is_left_where_a_date_is_cut(qtbot: QtBot) -> None:
    for before in range(150, 201, 10):
        members = {**CURRENT_MEMBERS, "expires_in": "9" * before + CONSUMER_SECRET + "9" * 5000}
        panel = panel_with(qtbot, view_of(State.CONNECTED, current_shown(current_document(members))))
        assert CONSUMER_SECRET[:4] not in panel.fields.expires_utc.text()
