from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget

from gui.concur.models import LiveToken
from gui.concur.redaction import Redactor
from gui.widgets.masking import beginning_of, margin_for, masked_text, redactor_of_token, secret_bytes
from gui.widgets.secret_reveal import MARK, SHOWN_FOR_MS, TEXT_MASK, SecretReveal, masked
from tests.gui.samples import ACCESS_TOKEN, BASE_URL, DOCUMENT, REFRESH_TOKEN

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LIVE = LiveToken(ACCESS_TOKEN, REFRESH_TOKEN, BASE_URL, None)


@pytest.mark.parametrize("length", [1, 5, 32, 5000])
def test_a_mask_says_nothing_of_the_length(length: int) -> None:
    assert masked("s" * length) == TEXT_MASK
    assert masked("") == ""


def test_tokens_in_a_text() -> None:
    text = masked_text(DOCUMENT.decode(), redactor_of_token(LIVE))
    assert ACCESS_TOKEN not in text
    assert REFRESH_TOKEN not in text
    assert text.count(TEXT_MASK) == 2
    assert "<Expiration_date>11/24/2027 3:02:11 PM</Expiration_date>" in text


def test_number_of_an_error_is_no_secret() -> None:
    body = b'{"code":"108","token":"108","error":"invalid_grant"}'
    assert masked_text(body.decode(), Redactor()) == f'{{"code":"108","token":"{TEXT_MASK}","error":"invalid_grant"}}'
    assert secret_bytes(body, LIVE) == (range(23, 26),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_a_wide_encoding_hides_nothing(encoding: str) -> None:
    body = DOCUMENT.decode().encode(encoding)
    assert ACCESS_TOKEN in beginning_of(body, None, 10_000).text
    assert ACCESS_TOKEN not in beginning_of(body, redactor_of_token(LIVE), 10_000).text


def test_a_short_body_is_whole_and_a_long_one_is_cut_at_the_limit() -> None:
    secrets = redactor_of_token(LIVE)
    for given, limit, text, whole in (("abc", 3, "abc", True), ("abcd", 3, "abc", False), ("", 3, "", True)):
        for known in (secrets, None):
            found = beginning_of(given.encode(), known, limit)
            assert (found.text, found.whole) == (text, whole)
    assert not beginning_of(b"x" * 1_000_000, secrets, 100).whole


@pytest.mark.parametrize("before", range(0, 120, 7))
@pytest.mark.parametrize("spelling", ["{}", "<Token>{}</Token>", "OAuth {}", "%s{}" % ("short=1&" * 500)], ids=repr)
def test_no_half_of_a_secret_is_left_at_the_cut(before: int, spelling: str) -> None:
    """Wherever the cut lies: at the limit, or at the end of what is searched."""
    secrets = redactor_of_token(LIVE)
    limit = 200
    for end in (limit, limit + margin_for(secrets)):
        text = "<" + "." * (end - before) + spelling.format(ACCESS_TOKEN) + "." * 5_000
        shown = beginning_of(text.encode(), secrets, limit).text
        assert len(shown) <= limit
        assert not any(ACCESS_TOKEN[start : start + 6] in shown for start in range(len(ACCESS_TOKEN) - 5))


class MeasuringRedactor(Redactor):
    """Notes the longest text that it is asked to search."""

    searched = 0

    def text(self, text: str) -> str:
        self.searched = max(self.searched, len(text))
        return super().text(text)


def test_no_more_is_searched_than_is_shown_and_a_margin() -> None:
    secrets = MeasuringRedactor()
    secrets.learn(ACCESS_TOKEN)
    beginning_of(DOCUMENT + b"<a/>\n" * 200_000, secrets, 5_000)
    assert secrets.searched == 5_000 + margin_for(secrets)


LONG_TOKEN = "a-" * 30_000
LONG_LIVE = LiveToken(LONG_TOKEN, REFRESH_TOKEN, BASE_URL, None)
LONG_BODY = f'{{"expires_in": 1, "access_token": "{LONG_TOKEN}", "scope": "{LONG_TOKEN}"}}'.encode()


def test_what_is_searched_does_not_grow_with_the_token() -> None:
    """A server chooses how long it is."""
    secrets = MeasuringRedactor()
    secrets.learn(LONG_TOKEN)
    shown = beginning_of(LONG_BODY, secrets, 5_000)
    assert secrets.searched < 10_000
    assert shown.text == f'{{"expires_in": 1, "access_token": "{TEXT_MASK}'
    assert not shown.whole


@pytest.mark.parametrize("cut_at", [500, 20_000, 60_100, len(LONG_BODY)])
def test_places_of_a_long_token_that_is_cut_off(cut_at: int) -> None:
    body = LONG_BODY[:cut_at]
    places = secret_bytes(body, LONG_LIVE)
    assert places is not None
    for place in sorted(places, key=lambda place: -place.start):
        body = body[: place.start] + body[place.stop :]
    assert b"a-a" not in body


def test_masks_that_shorten_the_text_bring_no_half_of_a_secret_into_sight() -> None:
    secrets = redactor_of_token(LIVE)
    limit = 3_000
    for shift in range(len(ACCESS_TOKEN)):
        body = ("." * shift + ACCESS_TOKEN * 2_000).encode()
        shown = beginning_of(body, secrets, limit)
        assert set(shown.text) <= {".", MARK}
        assert not shown.whole


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
