from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from gui.concur.models import LiveToken
from gui.widgets.masking import (
    MARK,
    SHOWN_FOR_MS,
    TEXT_MASK,
    SecretReveal,
    masked,
    masked_text,
    redactor_of_token,
    secret_bytes,
    text_of_body,
)
from tests.gui.samples import ACCESS_TOKEN, BASE_URL, DOCUMENT, REFRESH_TOKEN

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LIVE = LiveToken(ACCESS_TOKEN, REFRESH_TOKEN, BASE_URL, None)


@pytest.mark.parametrize(("length", "marks"), [(0, 0), (5, 5), (32, 32), (33, 32), (5000, 32)])
def test_at_most_32_marks(length: int, marks: int) -> None:
    assert masked("s" * length) == MARK * marks


def test_tokens_in_a_text() -> None:
    text = masked_text(DOCUMENT.decode(), redactor_of_token(LIVE))
    assert ACCESS_TOKEN not in text
    assert REFRESH_TOKEN not in text
    assert text.count(TEXT_MASK) == 2
    assert "<Expiration_date>11/24/2027 3:02:11 PM</Expiration_date>" in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_wide_encoding_hides_nothing(encoding: str) -> None:
    text = text_of_body(DOCUMENT.decode().encode(encoding))
    assert ACCESS_TOKEN in text
    assert ACCESS_TOKEN not in masked_text(text, redactor_of_token(LIVE))


def test_places_of_secret_bytes() -> None:
    places = secret_bytes(DOCUMENT, LIVE)
    assert places is not None
    hidden = {DOCUMENT[place.start : place.stop].decode() for place in places}
    assert hidden == {ACCESS_TOKEN, REFRESH_TOKEN}


def test_places_in_json() -> None:
    body = f'{{"Access_Token": {{"Token": "{ACCESS_TOKEN}", "Refresh_Token": "unheard-of"}}}}'.encode()
    places = secret_bytes(body, LIVE)
    assert places is not None
    assert {body[place.start : place.stop] for place in places} == {ACCESS_TOKEN.encode(), b"unheard-of"}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(DOCUMENT.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(f"<a>{ACCESS_TOKEN.replace('+', '%2B')}</a>".encode(), id="percent-encoded elsewhere"),
        pytest.param(f"<a>{ACCESS_TOKEN.replace('/', '&#47;')}</a>".encode(), id="character reference"),
        pytest.param(b"<a>client_secret=abcdefghij</a>", id="another secret"),
    ],
)
def test_what_cannot_be_placed(body: bytes) -> None:
    assert secret_bytes(body, LIVE) is None


class TestReveal:
    def host(self, qtbot: QtBot) -> QWidget:
        host = QWidget()
        qtbot.addWidget(host)
        return host

    def test_masked_at_first(self, qtbot: QtBot) -> None:
        host = self.host(qtbot)
        assert not SecretReveal(host).shown

    def test_tells_each_change_once(self, qtbot: QtBot) -> None:
        host = self.host(qtbot)
        reveal = SecretReveal(host)
        told: list[bool] = []
        reveal.changed.connect(told.append)
        for shown in (True, True, False, False):
            reveal.set_shown(shown=shown)
        assert told == [True, False]

    def test_masks_again_on_its_own(self, qtbot: QtBot) -> None:
        host = self.host(qtbot)
        reveal = SecretReveal(host, masked_after_ms=1)
        reveal.set_shown(shown=True)
        assert reveal.shown
        qtbot.waitUntil(lambda: not reveal.shown)

    def test_thirty_seconds(self) -> None:
        assert SHOWN_FOR_MS == 30_000

    @pytest.mark.parametrize("kind", [QEvent.Type.WindowDeactivate, QEvent.Type.Hide])
    def test_masks_when_the_window_is_left(self, qtbot: QtBot, kind: QEvent.Type) -> None:
        host = self.host(qtbot)
        reveal = SecretReveal(host)
        reveal.set_shown(shown=True)
        QCoreApplication.sendEvent(host, QEvent(kind))
        assert not reveal.shown

    def test_deactivation_reaches_a_widget_deep_inside(self, qtbot: QtBot) -> None:
        window = self.host(qtbot)
        inside = QWidget(QWidget(window))
        window.show()
        reveal = SecretReveal(inside)
        reveal.set_shown(shown=True)
        QCoreApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
        assert not reveal.shown
