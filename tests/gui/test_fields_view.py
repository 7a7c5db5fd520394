from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from gui.concur.models import Remark
from gui.session_state import State
from gui.session_view import KeyringView
from gui.store.profile import built_in_profile
from gui.widgets.fields_view import FieldsView
from gui.widgets.secret_reveal import TEXT_MASK
from gui.widgets.token_times import MinuteClock
from gui.widgets.words import remark_text
from tests.gui.frame_samples import HEBREW, HOSTILE, LONG
from tests.gui.samples import (
    ACCESS_TOKEN,
    BASE_URL,
    CONSUMER_KEY,
    CORRELATION_ID,
    CURRENT_MEMBERS,
    EXPIRES_AT,
    FIELDS,
    NOW,
    PRINCIPAL_ID,
    REFRESH_TOKEN,
    SUBJECT,
    clock,
    current_document,
    current_shown,
    document,
    jwt,
    shown_token,
    view_of,
)

if TYPE_CHECKING:
    from datetime import datetime

    from pytestqt.qtbot import QtBot

    from gui.session_view import SessionView, ShownToken
    from gui.widgets.value_field import SecretField


def view_with(qtbot: QtBot, shown: ShownToken | None = None) -> FieldsView:
    return rendered(qtbot, view_of(State.CONNECTED, shown))


def rendered(qtbot: QtBot, view: SessionView) -> FieldsView:
    fields = FieldsView(clock)
    qtbot.addWidget(fields)
    fields.render(view)
    return fields


def test_values(qtbot: QtBot) -> None:
    fields = view_with(qtbot)
    assert fields.instance_url.line.text() == f"{BASE_URL}/"
    assert fields.access_token.line.text() == TEXT_MASK
    assert fields.refresh_token.line.text() == TEXT_MASK
    assert fields.consumer_key.line.text() == CONSUMER_KEY
    assert fields.base_url.line.text() == BASE_URL
    assert fields.expires_utc.text() == "2027-11-24 15:02:11 UTC"
    assert fields.left.text() == "in 364 days"
    assert fields.issued.text().startswith("2026-11-24 15:02:11 UTC")
    assert fields.kept.text() == "GNOME Keyring / Secret Service"
    assert fields.remarks.isHidden()


def secret_of(fields: FieldsView, name: str) -> tuple[SecretField, str]:
    return (fields.access_token, ACCESS_TOKEN) if name == "access" else (fields.refresh_token, REFRESH_TOKEN)


@pytest.mark.parametrize("name", ["access", "refresh"])
class TestSecret:
    def test_shown_and_hidden_by_its_button(self, qtbot: QtBot, name: str) -> None:
        fields = view_with(qtbot)
        field, value = secret_of(fields, name)
        assert field.show_button.text() == "Show"
        QTest.keyClick(field.show_button, Qt.Key.Key_Space)
        assert field.line.text() == value
        assert field.show_button.text() == "Hide"
        QTest.keyClick(field.show_button, Qt.Key.Key_Space)
        assert value not in field.line.text()

    def test_one_shows_itself_alone(self, qtbot: QtBot, name: str) -> None:
        fields = view_with(qtbot)
        field, _value = secret_of(fields, name)
        other, other_value = secret_of(fields, "refresh" if name == "access" else "access")
        field.show_button.click()
        assert other.line.text() != other_value

    def test_masked_again_on_its_own(self, qtbot: QtBot, name: str) -> None:
        fields = view_with(qtbot)
        field, value = secret_of(fields, name)
        field.show_button.click()
        timer = next(timer for timer in field.findChildren(QTimer) if timer.isActive())
        assert timer.interval() == 30_000
        timer.setInterval(0)
        qtbot.waitUntil(lambda: field.line.text() != value)

    def test_copied_as_a_secret_though_masked(self, qtbot: QtBot, name: str) -> None:
        fields = view_with(qtbot)
        field, value = secret_of(fields, name)
        with qtbot.waitSignal(fields.copy_requested) as told:
            field.copy_button.click()
        assert (told.args[0].text, told.args[0].secret) == (value, True)

    def test_selection_copies_what_is_seen(self, qtbot: QtBot, name: str) -> None:
        fields = view_with(qtbot)
        field, value = secret_of(fields, name)
        field.line.selectAll()
        with qtbot.waitSignal(fields.copy_requested) as told:
            QTest.keyClick(field.line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert set(told.args[0].text) == {"•"}
        field.show_button.click()
        field.line.selectAll()
        with qtbot.waitSignal(fields.copy_requested) as told:
            QTest.keyClick(field.line, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert (told.args[0].text, told.args[0].secret) == (value, True)

    def test_panel_shows_all_and_hide_asks_the_panel(self, qtbot: QtBot, name: str) -> None:
        fields = view_with(qtbot)
        field, value = secret_of(fields, name)
        fields.set_revealed(True)
        assert field.line.text() == value
        with qtbot.waitSignal(fields.masking_requested):
            field.show_button.click()
        fields.set_revealed(False)
        assert field.line.text() != value

    def test_another_token_is_masked(self, qtbot: QtBot, name: str) -> None:
        fields = view_with(qtbot)
        field, value = secret_of(fields, name)
        field.show_button.click()
        other = shown_token(document(fields={**FIELDS, "token": "another+one", "refresh_token": "another.one"}))
        fields.render(view_of(State.CONNECTED, other))
        assert set(field.line.text()) == {"•"}
        assert field.value != value

    def test_name_tells_no_secret(self, qtbot: QtBot, name: str) -> None:
        fields = view_with(qtbot)
        field, value = secret_of(fields, name)
        field.show_button.click()
        for part in (field.line, field.show_button, field.copy_button):
            assert part.accessibleName()
            assert value not in part.accessibleName() + part.accessibleDescription() + part.toolTip()


def test_copying_a_token_waits_for_its_control(qtbot: QtBot) -> None:
    fields = rendered(qtbot, view_of(State.REVOKING))
    assert not fields.access_token.copy_button.isEnabled()
    fields.render(view_of(State.CONNECTED))
    assert fields.access_token.copy_button.isEnabled()
    assert fields.instance_url.copy_button.isEnabled()


@pytest.mark.parametrize("part", ["instance_url", "consumer_key", "base_url"])
def test_copies_what_is_no_secret(qtbot: QtBot, part: str) -> None:
    fields = view_with(qtbot)
    with qtbot.waitSignal(fields.copy_requested) as told:
        getattr(fields, part).copy_button.click()
    assert told.args[0].text == getattr(fields, part).value
    assert not told.args[0].secret


def test_no_refresh_token(qtbot: QtBot) -> None:
    fields = view_with(qtbot, shown_token(document(fields={**FIELDS, "refresh_token": ""})))
    assert fields.refresh_token.isHidden()
    assert "cannot be refreshed" in fields.refresh_note.text()
    assert remark_text(Remark.REFRESH_TOKEN_MISSING) in fields.remarks.text()


def test_refresh_token_of_before(qtbot: QtBot) -> None:
    shown = shown_token(document(fields={**FIELDS, "refresh_token": ""}))
    shown = replace(shown, live=replace(shown.live, refresh_token=REFRESH_TOKEN))
    fields = view_with(qtbot, shown)
    assert not fields.refresh_token.isHidden()
    assert "goes on working" in fields.refresh_note.text()
    assert fields.remarks.isHidden()


@pytest.mark.parametrize("remark", list(Remark))
def test_remarks(qtbot: QtBot, remark: Remark) -> None:
    shown = shown_token()
    assert shown.document is not None
    live = replace(shown.live, refresh_token=None)
    fields = view_with(qtbot, replace(shown, live=live, document=replace(shown.document, remarks=(remark,))))
    assert fields.remarks.text() == f"▲ {remark_text(remark)}"


def test_token_from_the_list(qtbot: QtBot) -> None:
    fields = view_with(qtbot, shown_token(from_list=True))
    assert "the document itself is not kept" in fields.notes.text()
    assert fields.expires_utc.text() == "2027-11-24 15:02:11 UTC"


def test_simulated_is_said(qtbot: QtBot) -> None:
    view = view_of(State.CONNECTED)
    assert "simulated" in rendered(qtbot, view).notes.text()
    real = replace(view, profile=replace(built_in_profile(), built_in_sandbox=False))
    assert rendered(qtbot, real).notes.text() == ""


def test_kept_in_memory(qtbot: QtBot) -> None:
    shown = shown_token()
    fields = view_with(qtbot, replace(shown, token=replace(shown.token, kept="session")))
    assert "this session only" in fields.kept.text()


def test_kept_in_a_keyring_without_a_name(qtbot: QtBot) -> None:
    assert rendered(qtbot, replace(view_of(State.CONNECTED), keyring=KeyringView())).kept.text()


def test_expiry_that_cannot_be_read(qtbot: QtBot) -> None:
    fields = view_with(qtbot, shown_token(document(fields={**FIELDS, "expiration_date": "<b>soon</b>"})))
    assert fields.expires_utc.text() == "<b>soon</b>"
    assert fields.expires_utc.textFormat() == Qt.TextFormat.PlainText
    assert fields.left.text() == "not known"


def test_no_expiry(qtbot: QtBot) -> None:
    fields = view_with(qtbot, shown_token(document(fields={**FIELDS, "expiration_date": ""})))
    assert fields.expires_utc.text() == "not known"


def test_time_passes(qtbot: QtBot) -> None:
    times = [NOW]

    def now() -> datetime:
        return times[-1]

    fields = FieldsView(now)
    qtbot.addWidget(fields)
    fields.render(view_of(State.CONNECTED))
    minutes = fields.findChild(MinuteClock)
    assert isinstance(minutes, MinuteClock)
    times.append(EXPIRES_AT - timedelta(minutes=5))
    minutes.ticked.emit()
    assert fields.left.text() == "in 5 minutes"
    assert fields.left.property("role") == ""
    times.append(EXPIRES_AT + timedelta(hours=3))
    minutes.ticked.emit()
    assert fields.left.text() == "▲ expired 3 hours ago"
    assert fields.left.property("role") == "danger"


def test_clock_rests_without_a_token(qtbot: QtBot) -> None:
    fields = view_with(qtbot)
    minutes = fields.findChild(MinuteClock)
    assert isinstance(minutes, MinuteClock)
    timer = minutes.findChild(QTimer)
    assert isinstance(timer, QTimer)
    assert timer.isActive()
    assert timer.interval() == 60_000
    fields.render(view_of(State.STOPPED))
    assert not timer.isActive()
    assert fields.access_token.value == ""


@pytest.mark.parametrize("url", ["https://" + "x" * 5000, "<b>&amp;\n</b>", "https://דוגמה.example/"])
def test_hostile_values(qtbot: QtBot, url: str) -> None:
    fields = view_with(qtbot, shown_token(document(fields={**FIELDS, "instance_url": url})))
    fields.resize(400, 300)
    fields.grab()
    assert fields.minimumSizeHint().width() < 400
    assert not fields.instance_url.line.toolTip().startswith("<b>")
    assert len(fields.instance_url.line.toolTip()) < 1200
    with qtbot.waitSignal(fields.copy_requested) as told:
        fields.instance_url.copy_button.click()
    assert told.args[0].text == url


def test_every_row_has_a_name(qtbot: QtBot) -> None:
    fields = view_with(qtbot)
    names = {label.buddy(): label.text() for label in fields.findChildren(QLabel) if label.buddy() is not None}
    assert len(names) == 15
    assert all(names.values())


# The current contract


def current(qtbot: QtBot, shown: ShownToken | None = None) -> FieldsView:
    return view_with(qtbot, shown or current_shown())


def rows_of(fields: FieldsView) -> list[str]:
    labels = [label for label in fields.findChildren(QLabel) if label.buddy() is not None]
    return [label.text() for label in labels if label.isVisibleTo(fields)]


def without(name: str) -> ShownToken:
    return current_shown(current_document({key: value for key, value in CURRENT_MEMBERS.items() if key != name}))


def test_each_contract_has_rows_of_its_own(qtbot: QtBot) -> None:
    fields = view_with(qtbot)
    assert rows_of(fields)[0] == "Instance URL"
    assert len(rows_of(fields)) == 10
    assert not fields.jwts.isVisibleTo(fields)
    fields.render(view_of(State.CONNECTED, current_shown()))
    assert rows_of(fields)[0] == "Geolocation"
    assert fields.instance_url.line.accessibleName() == "Geolocation"
    assert fields.instance_url.copy_button.accessibleName() == "Copy Geolocation"
    assert len(rows_of(fields)) == 15
    assert fields.jwts.isVisibleTo(fields)
    fields.render(view_of(State.CONNECTED))
    assert len(rows_of(fields)) == 10


def test_a_contract_that_is_not_known_has_the_common_rows(qtbot: QtBot) -> None:
    shown = current_shown()
    fields = view_with(qtbot, replace(shown, token=replace(shown.token, contract="<b>v9</b>")))
    assert len(rows_of(fields)) == 10


def test_values_of_the_current_contract(qtbot: QtBot) -> None:
    fields = current(qtbot)
    assert fields.scopes.line.text() == "openid user.read expense.report.read"
    assert fields.subject.line.text() == SUBJECT
    assert fields.connection_id.line.text() == PRINCIPAL_ID
    assert fields.correlation_id.line.text() == CORRELATION_ID
    assert fields.expires_utc.text() == "2026-11-24 16:02:11 UTC"
    assert fields.refresh_expires.text().startswith("2027-05-25 15:02:11 UTC · ")
    assert fields.kept.text() == "GNOME Keyring / Secret Service; the access token in memory only"
    assert fields.remarks.isHidden()


@pytest.mark.parametrize("part", ["scopes", "subject", "connection_id", "correlation_id"])
def test_each_of_these_can_be_copied(qtbot: QtBot, part: str) -> None:
    fields = current(qtbot)
    with qtbot.waitSignal(fields.copy_requested) as told:
        getattr(fields, part).copy_button.click()
    assert told.args[0].text == getattr(fields, part).line.text()
    assert not told.args[0].secret


@pytest.mark.parametrize("name", ["scope", "id_token", "refresh_expires_in", "refresh_token"])
def test_what_did_not_come_is_said_in_its_place(qtbot: QtBot, name: str) -> None:
    fields = current(qtbot)
    rows = rows_of(fields)
    fields.render(view_of(State.CONNECTED, without(name)))
    assert rows_of(fields) == rows
    said = {
        "scope": fields.scopes.line.placeholderText(),
        "id_token": fields.jwts.id_token.word.text(),
        "refresh_expires_in": fields.refresh_expires.text(),
        "refresh_token": fields.refresh_note.text(),
    }[name]
    assert said in {"none named", "No id_token came with this answer.", "not known"} or "cannot be refreshed" in said


def test_a_token_from_the_list_says_what_is_not_kept(qtbot: QtBot) -> None:
    fields = current(qtbot, current_shown(from_list=True))
    assert fields.subject.line.placeholderText() == "not kept"
    assert not fields.subject.copy_button.isEnabled()
    assert fields.refresh_expires.text() == "not kept"
    assert fields.connection_id.line.text() == PRINCIPAL_ID
    assert "nothing to decode" in fields.jwts.id_token.word.text()
    assert fields.access_token.isVisibleTo(fields)


@pytest.mark.parametrize(
    ("refresh_token", "words"),
    [
        pytest.param(REFRESH_TOKEN, "Kept in memory only; Refresh gets a new one.", id="can be refreshed"),
        pytest.param(None, "Kept in memory only, and gone", id="cannot"),
    ],
)
def test_an_access_token_that_is_gone(qtbot: QtBot, refresh_token: str | None, words: str) -> None:
    shown = current_shown(restarted=True)
    fields = current(qtbot, replace(shown, live=replace(shown.live, refresh_token=refresh_token)))
    assert not fields.access_token.isVisibleTo(fields)
    assert words in fields.access_note.text()
    fields.render(view_of(State.CONNECTED, current_shown()))
    assert fields.access_token.isVisibleTo(fields)
    assert fields.access_note.isHidden()


@pytest.mark.parametrize("text", [LONG, HEBREW, HOSTILE])
def test_hostile_parts(qtbot: QtBot, text: str) -> None:
    members = {**CURRENT_MEMBERS, "scope": text, "id_token": jwt({"sub": text, "exp": text, "x": [text]})}
    headers = (("Concur-Correlationid", " ".join(text.split())),)
    fields = current(qtbot, current_shown(current_document(members, headers)))
    fields.jwts.id_token.fold_button.click()
    fields.resize(400, 300)
    fields.grab()
    assert fields.minimumSizeHint().width() < 400
    assert fields.subject.value == "".join(letter if letter.isprintable() else " " for letter in text[:200])
    for widget in fields.findChildren(QWidget):
        assert "<b>" not in widget.toolTip() or widget.toolTip().startswith("<qt>")
