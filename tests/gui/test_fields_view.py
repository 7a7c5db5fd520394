from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gui.concur.models import Remark
from gui.session_state import State
from gui.session_view import KeyringView
from gui.store.profile import built_in_profile
from gui.widgets.fields_view import FieldsView
from gui.widgets.secret_reveal import TEXT_MASK
from gui.widgets.token_times import MinuteClock
from gui.widgets.words import remark_text
from tests.gui.samples import (
    ACCESS_TOKEN,
    BASE_URL,
    CONSUMER_KEY,
    EXPIRES_AT,
    FIELDS,
    NOW,
    REFRESH_TOKEN,
    clock,
    document,
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
    assert len(names) == 10
    assert all(names.values())
