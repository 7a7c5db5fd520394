from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from gui.session_state import State
from gui.session_view import KeyringStatus, KeyringView, ListenerStatus, ListenerView
from gui.store.errors import KeyringAbsent
from gui.widgets.status_line import StatusLine
from tests.gui.frame_samples import HOSTILE, LONG, labels_of, shown, view_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def line(qtbot: QtBot) -> StatusLine:
    line = StatusLine()
    shown(qtbot, line, size=(800, 26))
    return line


def button(line: QWidget, name: str) -> QPushButton:
    found = line.findChild(QPushButton, name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("listener", "words"),
    [
        pytest.param(ListenerView(), "Listener is off", id="off"),
        pytest.param(ListenerView(ListenerStatus.STARTING), "starting", id="starting"),
        pytest.param(
            ListenerView(ListenerStatus.LISTENING, addresses=("127.0.0.1:8765", "[::1]:8765")),
            "Listening on 127.0.0.1:8765 and [::1]:8765",
            id="listening",
        ),
    ],
)
def test_listener_is_told(line: StatusLine, listener: ListenerView, words: str) -> None:
    line.render(view_of(State.WAITING, listener=listener))
    assert words in labels_of(line)


def test_keyring_is_told_by_name(line: StatusLine) -> None:
    line.render(view_of(State.WAITING))
    assert "Keyring: GNOME Keyring" in labels_of(line)
    assert not button(line, "retry_keyring").isVisible()
    assert not button(line, "skip_keyring").isVisible()


def test_session_only_offers_to_try_again(line: StatusLine, qtbot: QtBot) -> None:
    keyring = KeyringView(KeyringStatus.SESSION_ONLY, problem=KeyringAbsent(reason="no bus"))
    line.render(view_of(State.WAITING, keyring=keyring))
    assert "kept for this session only" in labels_of(line)
    assert any("no bus" in child.toolTip() for child in line.findChildren(QWidget))
    with qtbot.waitSignal(line.keyring_retry_requested):
        button(line, "retry_keyring").click()


def test_waiting_for_the_keyring_can_be_skipped_after_two_seconds(line: StatusLine, qtbot: QtBot) -> None:
    probing = view_of(State.WAITING, keyring=KeyringView())
    line.render(probing)
    assert "being asked" in labels_of(line)
    assert not button(line, "skip_keyring").isVisible()
    assert line._patience.interval() == 2000
    assert line._patience.isActive()
    line._patience.timeout.emit()
    line._patience.stop()
    line.render(probing)
    assert not line._patience.isActive()
    with qtbot.waitSignal(line.keyring_skip_requested):
        button(line, "skip_keyring").click()
    line.render(view_of(State.WAITING))
    assert not button(line, "skip_keyring").isVisible()


def test_answer_within_two_seconds_offers_nothing(line: StatusLine) -> None:
    line.render(view_of(State.WAITING, keyring=KeyringView()))
    line.render(view_of(State.WAITING))
    assert not line._patience.isActive()


@pytest.mark.parametrize(("proxy", "words"), [("", "Proxy: none"), ("proxy.example:3128", "Proxy: proxy.example:3128")])
def test_proxy_is_told(line: StatusLine, proxy: str, words: str) -> None:
    line.render(view_of(State.WAITING, proxy=proxy))
    assert words in labels_of(line)


def test_passing_message_covers_the_listener_only(line: StatusLine) -> None:
    line.render(view_of(State.WAITING))
    line.say("Redirect URL\ncopied")
    assert line.currentMessage() == "Redirect URL copied"
    assert "Keyring: GNOME Keyring" in labels_of(line)
    assert "Listening on" not in labels_of(line)


@pytest.mark.parametrize("text", [LONG, HOSTILE], ids=["long", "hostile"])
def test_any_text_leaves_the_line_one_line_and_narrow(line: StatusLine, text: str) -> None:
    line.render(view_of(State.WAITING))
    height = line.sizeHint().height()
    line.render(view_of(State.WAITING, proxy=text, keyring=KeyringView(KeyringStatus.READY, text)))
    assert line.minimumSizeHint().width() < 720
    assert line.sizeHint().height() == height


def test_markup_in_a_tooltip_is_escaped(line: StatusLine) -> None:
    name = "<b>" + "x" * 60 + "</b>"
    line.render(view_of(State.WAITING, keyring=KeyringView(KeyringStatus.READY, name)))
    tips = [child.toolTip() for child in line.findChildren(QWidget) if child.toolTip()]
    assert any("&lt;b&gt;" in tip for tip in tips)
    assert not any("<b>" in tip for tip in tips)
