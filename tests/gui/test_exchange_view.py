from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QTabWidget, QWidget

from gui.concur.models import Direction, HttpExchange, Operation
from gui.session_requests import CopyRequest
from gui.widgets.document_text import SHOWN_LIMIT
from gui.widgets.exchange_message import MessageView
from gui.widgets.exchange_view import ExchangeView
from gui.widgets.parts import Chip
from gui.widgets.secret_reveal import SHOWN_FOR_MS, TEXT_MASK
from tests.flow.canaries import ACCESS_TOKEN, CODE, CONSUMER_SECRET, DOCUMENT, REFRESH_TOKEN, secrets_in
from tests.gui.exchanges import exchange, redirect, unanswered
from tests.gui.looks import colours_in, look
from tests.gui.samples import CURRENT_MEMBERS, current_answer

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def opened(qtbot: QtBot, row: HttpExchange, **options: Any) -> ExchangeView:  # noqa: ANN401  # of the view
    view = ExchangeView(row, **options)
    qtbot.addWidget(view)
    view.show()
    qtbot.waitExposed(view)
    return view


def button(view: ExchangeView, text: str) -> QPushButton:
    return next(one for one in view.findChildren(QPushButton) if one.text() == text)


def tabs(view: ExchangeView) -> QTabWidget:
    found = view.findChild(QTabWidget)
    assert found is not None
    return found


def half(view: ExchangeView, index: int) -> MessageView:
    found = tabs(view).widget(index)
    assert isinstance(found, MessageView)
    return found


def labels(view: ExchangeView) -> str:
    return "\n".join(label.text() for label in view.findChildren(QLabel))


def all_that_is_said(view: ExchangeView) -> str:
    """Return every text, tooltip, name and title of the window."""
    said = [view.windowTitle(), repr(view), labels(view)]
    said += [edit.toPlainText() for edit in view.findChildren(QPlainTextEdit)]
    for widget in [view, *view.findChildren(QWidget)]:
        said += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle()]
    return "\n".join(said)


FULL = exchange(
    method="POST",
    request_headers=(("Authorization", f"OAuth {ACCESS_TOKEN}"), ("Cookie", f"sid={REFRESH_TOKEN}")),
    request_body=f"code={CODE}&client_secret={CONSUMER_SECRET}&scope=read".encode(),
    response_headers=(("Set-Cookie", f"sid={REFRESH_TOKEN}"), ("X-Echo", CONSUMER_SECRET)),
)


def test_the_summary_says_all_there_is_to_say(qtbot: QtBot) -> None:
    row = exchange(failure="AnswerCutOff", complete=False)
    said = labels(opened(qtbot, row))
    local = row.started_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    for due in (
        "exchange of the request token, went out",
        "200 OK · answer cut off · the answer is not whole",
        f"2026-03-04 15:02:11.345 UTC · {local}.345 local time",
        "212.3 ms",
    ):
        assert due in said


@pytest.mark.parametrize(
    ("row", "words"),
    [
        pytest.param(exchange(), "answered", id="went well"),
        pytest.param(exchange(status=401), "failed", id="refused"),
        pytest.param(unanswered(), "failed", id="no answer"),
    ],
)
def test_a_chip_says_how_it_ended(qtbot: QtBot, row: HttpExchange, words: str) -> None:
    chip = opened(qtbot, row).findChild(Chip)
    assert chip is not None
    assert chip.text == words


def test_no_answer_is_said_and_the_request_stands_open(qtbot: QtBot) -> None:
    view = opened(qtbot, unanswered())
    assert "no answer · connection refused · nothing was sent" in labels(view)
    assert tabs(view).currentWidget() is half(view, 0)
    assert half(view, 1).shown_headers == ""
    assert half(view, 1).remark == "No body"


@pytest.mark.parametrize("operation", list(Operation))
def test_every_operation_has_its_title(qtbot: QtBot, operation: Operation) -> None:
    assert len(opened(qtbot, exchange(operation=operation)).windowTitle()) > len("Exchange: ")


def test_request_and_response_stand_as_they_went(qtbot: QtBot) -> None:
    row = exchange(
        direction=Direction.IN, url="http://h/a?b=c", request_headers=(("X-A", "1"), ("x-a", "2")), request_body=b"<q/>"
    )
    view = opened(qtbot, row)
    assert half(view, 0).shown_headers == "GET http://h/a?b=c\nX-A: 1\nx-a: 2"
    assert half(view, 0).shown_body == "<q/>"
    assert half(view, 1).shown_headers == "200 OK\nContent-Type: text/xml; charset=utf-8"
    assert half(view, 1).remark == f"Body: {len(DOCUMENT)} bytes"
    assert tabs(view).currentWidget() is half(view, 1)


def test_nothing_says_a_secret_until_it_is_asked_for(qtbot: QtBot) -> None:
    view = opened(qtbot, FULL)
    said = all_that_is_said(view)
    assert secrets_in(said) == []
    assert f"Authorization: OAuth {TEXT_MASK}" in said
    assert f"<Token>{TEXT_MASK}</Token>" in said
    assert "scope=read" in said
    assert "<Expiration_date>9/25/2026 1:36:50 PM</Expiration_date>" in said


def test_json_is_laid_out_and_masked_like_a_document(qtbot: QtBot, copied: list[CopyRequest]) -> None:
    row = current_answer()
    view = opened(qtbot, row)
    view.copy_requested.connect(copied.append)
    masked = {**CURRENT_MEMBERS, "access_token": TEXT_MASK, "refresh_token": TEXT_MASK, "id_token": TEXT_MASK}
    assert half(view, 1).shown_body == json.dumps(masked, indent=2, ensure_ascii=False)
    assert half(view, 1).remark.endswith(" · laid out here")
    button(view, "Show secrets").click()
    assert half(view, 1).shown_body == json.dumps(CURRENT_MEMBERS, indent=2)
    button(view, "Copy body").click()
    assert copied[0].text == row.response_body.decode()


@pytest.mark.parametrize(
    "grant",
    [
        "grant_type=password&credtype=authtoken&username=id&password={secret}",
        "grant_type=authorization_code&code={secret}&redirect_uri=http%3A%2F%2Flocalhost%3A8765%2Fredirect",
        "grant_type=refresh_token&refresh%5Ftoken={secret}",
    ],
)
def test_forms_of_the_token_endpoint_are_masked(qtbot: QtBot, grant: str) -> None:
    secret = "Canary%2Bof%2Fthe%20form%3D"
    body = f"client_id=Key&client_secret={CONSUMER_SECRET}&{grant.format(secret=secret)}"
    view = opened(qtbot, exchange(method="POST", url="https://h/oauth2/v0/token", request_body=body.encode()))
    shown = half(view, 0).shown_body
    assert secrets_in(shown) == []
    assert "Canary" not in shown
    assert shown.startswith(f"client_id=Key&client_secret={TEXT_MASK}&grant_type=")
    assert shown.count(TEXT_MASK) == 2
    button(view, "Show secrets").click()
    assert half(view, 0).shown_body == body


def test_secrets_are_shown_in_the_texts_alone_and_masked_at_a_press(qtbot: QtBot) -> None:
    view = opened(qtbot, FULL)
    button(view, "Show secrets").click()
    texts = "\n".join(edit.toPlainText() for edit in view.findChildren(QPlainTextEdit))
    assert set(secrets_in(texts)) == {CONSUMER_SECRET, CODE, ACCESS_TOKEN, REFRESH_TOKEN}
    assert half(view, 1).shown_body == DOCUMENT.decode().replace("\r\n", "\n")
    for widget in [view, *view.findChildren(QWidget)]:
        assert secrets_in(f"{widget.toolTip()}{widget.accessibleName()}{widget.windowTitle()}") == []
    button(view, "Hide secrets").click()
    assert secrets_in(all_that_is_said(view)) == []
    assert button(view, "Show secrets")


def test_the_state_of_a_sign_in_is_seen_with_the_secrets_alone(qtbot: QtBot) -> None:
    view = opened(qtbot, redirect(url=f"http://localhost:8765/redirect?code={CODE}&state=state-12345678"))
    assert "state-12345678" not in all_that_is_said(view)
    button(view, "Show secrets").click()
    assert "state=state-12345678" in half(view, 0).shown_headers


def test_secrets_are_masked_again_on_their_own(qtbot: QtBot) -> None:
    view = opened(qtbot, FULL, masked_after_ms=20)
    button(view, "Show secrets").click()
    assert secrets_in(all_that_is_said(view))
    qtbot.waitUntil(lambda: not secrets_in(all_that_is_said(view)))
    assert SHOWN_FOR_MS == 30_000


@pytest.mark.parametrize("kind", [QEvent.Type.WindowDeactivate, QEvent.Type.Hide], ids=["left", "hidden"])
def test_secrets_are_masked_when_the_window_is_left(qtbot: QtBot, kind: QEvent.Type) -> None:
    view = opened(qtbot, FULL)
    button(view, "Show secrets").click()
    QApplication.sendEvent(view, QEvent(kind))
    assert secrets_in(all_that_is_said(view)) == []


def test_an_echo_of_the_request_is_masked_in_the_answer(qtbot: QtBot) -> None:
    row = exchange(reason=f"no {CODE}", response_body=f"<p>unknown: {CONSUMER_SECRET}</p>".encode())
    assert secrets_in(all_that_is_said(opened(qtbot, row))) == []


@pytest.mark.parametrize(
    ("body", "remark", "shown"),
    [
        pytest.param(b"", "No body", "", id="empty"),
        pytest.param(b"Gr\xfc\xdfe aus Walldorf am Rhein", "not all of it is UTF-8", "Gr", id="Latin-1"),
        pytest.param("<a/>".encode("utf-16"), "UTF-16", "<a/>", id="UTF-16"),
        pytest.param(b"\x00\x01secret", "no text, so it cannot be searched", "", id="bytes"),
        pytest.param(b"x" * 15_000, "very long lines are broken here", "xxx", id="one long line"),
        pytest.param(b"<b>bold</b>\n" * 3, "Body: 36 bytes", "<b>bold</b>", id="markup"),
        pytest.param("שלום مرحبا".encode(), "bytes", "שלום مرحبا", id="right to left"),
    ],
)
def test_a_body_is_shown_with_a_word_about_it(qtbot: QtBot, body: bytes, remark: str, shown: str) -> None:
    view = opened(qtbot, exchange(response_body=body))
    answer = half(view, 1)
    assert remark in answer.remark
    assert shown in answer.shown_body
    assert bool(answer.shown_body) is bool(shown)


def test_bytes_are_shown_in_hex_when_secrets_may_be_seen(qtbot: QtBot) -> None:
    view = opened(qtbot, exchange(response_body=b"\x00\x01secret"))
    button(view, "Show secrets").click()
    assert half(view, 1).shown_body.startswith("00000000  00 01 73 65 63 72 65 74")
    assert "shown in hex" in half(view, 1).remark


def test_a_very_long_body_is_cut_and_says_so(qtbot: QtBot, copied: list[CopyRequest]) -> None:
    body = b"<line/>\n" * 100_000
    view = opened(qtbot, exchange(response_body=body))
    view.copy_requested.connect(copied.append)
    answer = half(view, 1)
    assert len(answer.shown_body) <= SHOWN_LIMIT
    assert "Body: 800,000 bytes" in answer.remark
    assert "only the beginning is shown" in answer.remark
    button(view, "Copy body").click()
    assert len(copied[0].text) == len(body)


@pytest.fixture
def copied() -> list[CopyRequest]:
    return []


@pytest.mark.parametrize(
    "row", [pytest.param(exchange(), id="out"), pytest.param(redirect(), id="in"), pytest.param(FULL, id="posted")]
)
def test_copy_as_curl_has_variables_for_secrets(qtbot: QtBot, copied: list[CopyRequest], row: HttpExchange) -> None:
    view = opened(qtbot, row)
    view.copy_requested.connect(copied.append)
    button(view, "Copy as cURL").click()
    (request,) = copied
    assert request.text.startswith("curl ")
    assert "$REQUEST_TOKEN" in request.text
    assert secrets_in(request.text) == []
    assert not request.secret


def test_copy_body_copies_the_one_in_sight_as_a_secret(qtbot: QtBot, copied: list[CopyRequest]) -> None:
    view = opened(qtbot, FULL)
    view.copy_requested.connect(copied.append)
    button(view, "Copy body").click()
    tabs(view).setCurrentIndex(0)
    button(view, "Copy body").click()
    assert copied == [
        CopyRequest(DOCUMENT.decode(), "Response body", secret=True),
        CopyRequest(FULL.request_body.decode(), "Request body", secret=True),
    ]


def test_there_is_no_body_to_copy_where_there_is_none(qtbot: QtBot) -> None:
    view = opened(qtbot, exchange())
    assert button(view, "Copy body").isEnabled()
    tabs(view).setCurrentIndex(0)
    assert not button(view, "Copy body").isEnabled()


def test_what_is_selected_is_copied_by_request(qtbot: QtBot, copied: list[CopyRequest]) -> None:
    view = opened(qtbot, FULL)
    view.copy_requested.connect(copied.append)
    body = half(view, 1).findChildren(QPlainTextEdit)[1]
    body.selectAll()
    QTest.keyClick(body, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    button(view, "Show secrets").click()
    body.selectAll()
    QTest.keyClick(body, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert [request.secret for request in copied] == [False, True]


def test_escape_closes(qtbot: QtBot) -> None:
    view = opened(qtbot, exchange())
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.isVisible()


def test_close_closes_and_enter_presses_nothing(qtbot: QtBot, copied: list[CopyRequest]) -> None:
    view = opened(qtbot, exchange())
    view.copy_requested.connect(copied.append)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert copied == []
    assert view.isVisible()
    button(view, "Close").click()
    assert not view.isVisible()


def test_it_is_not_modal(qtbot: QtBot) -> None:
    assert not opened(qtbot, exchange()).isModal()


def test_every_control_is_named_and_reached_by_tab(qtbot: QtBot) -> None:
    view = opened(qtbot, FULL)
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    tabs(view).tabBar().setFocus()
    names = []
    for _ in range(7):
        focused: QObject | None = QApplication.focusWidget()
        assert isinstance(focused, QWidget)
        names.append(focused.accessibleName() or (focused.text() if isinstance(focused, QPushButton) else ""))
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert names == [
        "Request and response",
        "Status line and headers",
        "Response body",
        "Show secrets",
        "Copy as cURL",
        "Copy body",
        "Close",
    ]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"url": "http://h/<b>x</b>\n?" + "y" * 5000}, id="address"),
        pytest.param({"reason": "<b>x</b>\r\n\u202eabc"}, id="reason"),
        pytest.param({"response_headers": (("<b>X</b>", "<i>\nEvil: 1</i>" + "z" * 5000),)}, id="headers"),
        pytest.param({"failure": "<b>Odd</b>"}, id="failure"),
        pytest.param({"url": "http://[::1/?code=abc"}, id="broken address"),
    ],
)
def test_hostile_texts_stay_texts(qtbot: QtBot, copied: list[CopyRequest], changes: dict[str, Any]) -> None:
    view = opened(qtbot, exchange(**changes))
    view.copy_requested.connect(copied.append)
    for label in view.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert "<b>" not in label.toolTip()
        assert "\u202e" not in label.text()
    assert half(view, 1).shown_headers.count("\nEvil: 1") == 0
    assert view.minimumSizeHint().width() < 700
    button(view, "Copy as cURL").click()
    assert copied


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_each_theme_is_worn(qtbot: QtBot, choice: str) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    with look(app, choice) as theme:
        view = opened(qtbot, FULL)
        colours = colours_in(view.grab().toImage())
        assert max(colours, key=colours.__getitem__) in {QColor(theme.base).name(), QColor(theme.window).name()}
        view.close()
