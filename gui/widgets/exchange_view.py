"""One exchange, opened from the timeline: what was asked, what was answered, as it went over the wire."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QTabWidget, QVBoxLayout, QWidget

from gui.concur.curl import curl_command
from gui.concur.models import Direction
from gui.session_requests import CopyRequest
from gui.widgets.body_text import copied_text
from gui.widgets.exchange_message import MessageView
from gui.widgets.exchange_words import (
    failure_words,
    has_failed,
    masked_url,
    operation_words,
    printable,
    redactor_of_request,
    what_of,
)
from gui.widgets.masking import masked_text
from gui.widgets.parts import Button, Chip, ElidedLabel, Kind, plain_label, set_words
from gui.widgets.secret_reveal import SHOWN_FOR_MS, SecretReveal
from gui.widgets.theme import GRID, title_font

if TYPE_CHECKING:
    from datetime import datetime

    from gui.concur.models import HttpExchange


class ExchangeView(QDialog):
    """Not modal: several stand side by side. Secrets are masked until asked for, and soon again."""

    copy_requested = Signal(CopyRequest)

    def __init__(
        self, exchange: HttpExchange, parent: QWidget | None = None, masked_after_ms: int = SHOWN_FOR_MS
    ) -> None:
        super().__init__(parent)
        self._exchange = exchange
        self._redactor = redactor_of_request(exchange)
        self._reveal = SecretReveal(self, masked_after_ms)
        self._tabs = QTabWidget()
        self._tabs.tabBar().setAccessibleName(self.tr("Request and response"))
        self._request = MessageView(self.tr("Request line and headers"), self.tr("Request body"))
        self._response = MessageView(self.tr("Status line and headers"), self.tr("Response body"))
        self._secrets = Button("")
        set_words(self._secrets, self.tr("Show secrets"), self.tr("Hide secrets"))
        self._curl = Button(self.tr("Copy as cURL"))
        self._body = Button(self.tr("Copy body"))
        self._close = Button(self.tr("Close"))
        self.setWindowTitle(self.tr("Exchange: {operation}").format(operation=operation_words(exchange.operation)))
        self.setModal(False)
        self.setMinimumSize(60 * GRID, 56 * GRID)
        self.resize(90 * GRID, 72 * GRID)
        self._lay_out()
        self._connect()
        self._render()

    # Slots

    @Slot()
    def _on_secrets_clicked(self) -> None:
        self._reveal.set_shown(shown=not self._reveal.shown)

    @Slot(bool)
    def _on_reveal_changed(self, _shown: bool) -> None:
        self._render()

    @Slot()
    def _on_curl_clicked(self) -> None:
        self.copy_requested.emit(CopyRequest(curl_command(self._exchange), self.tr("cURL command")))

    @Slot()
    def _on_body_clicked(self) -> None:
        is_request = self._tabs.currentWidget() is self._request
        what = self.tr("Request body") if is_request else self.tr("Response body")
        self.copy_requested.emit(CopyRequest(copied_text(self._body_in_sight()), what, secret=True))

    @Slot(int)
    def _on_tab_changed(self, _index: int) -> None:
        self._body.setEnabled(bool(self._body_in_sight()))

    # Privates

    def _body_in_sight(self) -> bytes:
        is_request = self._tabs.currentWidget() is self._request
        return self._exchange.request_body if is_request else self._exchange.response_body

    def _lay_out(self) -> None:
        self._tabs.addTab(self._request, self.tr("&Request"))
        self._tabs.addTab(self._response, self.tr("Res&ponse"))
        self._tabs.setCurrentWidget(self._response if self._exchange.status is not None else self._request)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        for button in (self._secrets, self._curl, self._body):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(self._heading())
        layout.addLayout(self._facts())
        layout.addWidget(self._tabs, 1)
        layout.addLayout(buttons)

    def _heading(self) -> QHBoxLayout:
        what = ElidedLabel(what_of(self._exchange), code=True)
        what.setFont(title_font(what.font()))
        failed = has_failed(self._exchange)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(what, 1)
        line.addWidget(Chip(self.tr("failed"), Kind.DANGER) if failed else Chip(self.tr("answered"), Kind.SUCCESS))
        return line

    def _facts(self) -> QFormLayout:
        exchange = self._exchange
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID // 2)
        for name, fact in (
            (self.tr("What for"), self._direction_words()),
            (self.tr("Status"), self._status_words()),
            (self.tr("When"), self._when_words(exchange.started_at)),
            (self.tr("Took"), self.tr("{ms} ms").format(ms=f"{exchange.duration_ms:,.1f}")),
        ):
            label = plain_label(fact, wrap=True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setAccessibleName(f"{name}: {fact}")
            form.addRow(_muted(name), label)
        return form

    def _direction_words(self) -> str:
        way = self.tr("came in") if self._exchange.direction is Direction.IN else self.tr("went out")
        return self.tr("{operation}, {way}").format(operation=operation_words(self._exchange.operation), way=way)

    def _status_words(self) -> str:
        exchange = self._exchange
        if exchange.status is None:
            words = [self.tr("no answer")]
        else:
            reason = masked_text(printable(exchange.reason), self._redactor)
            words = [f"{exchange.status} {reason}".strip()]
        if exchange.failure is not None:
            words.append(failure_words(exchange.failure))
        if exchange.status is not None and not exchange.complete:
            words.append(self.tr("the answer is not whole"))
        if not exchange.sent:
            words.append(self.tr("nothing was sent"))
        return " · ".join(words)

    def _when_words(self, moment: datetime) -> str:
        utc, local = moment.astimezone(UTC), moment.astimezone()
        return self.tr("{utc} UTC · {local} local time").format(
            utc=utc.replace(tzinfo=None).isoformat(" ", "milliseconds"),
            local=local.replace(tzinfo=None).isoformat(" ", "milliseconds"),
        )

    def _connect(self) -> None:
        self._secrets.clicked.connect(self._on_secrets_clicked)
        self._curl.clicked.connect(self._on_curl_clicked)
        self._body.clicked.connect(self._on_body_clicked)
        self._close.clicked.connect(self.close)
        self._tabs.currentChanged.connect(self._on_tab_changed)
        self._reveal.changed.connect(self._on_reveal_changed)
        for half in (self._request, self._response):
            half.copy_requested.connect(self.copy_requested)

    def _render(self) -> None:
        exchange, shows = self._exchange, self._reveal.shown
        mask = None if shows else self._redactor
        url = exchange.url if shows else masked_url(exchange)
        self._request.show_message(
            f"{exchange.method} {printable(url)}", exchange.request_headers, exchange.request_body, mask
        )
        reason = exchange.reason if mask is None else masked_text(exchange.reason, mask)
        status = printable(f"{exchange.status} {reason}".strip()) if exchange.status is not None else ""
        self._response.show_message(status, exchange.response_headers, exchange.response_body, mask)
        self._secrets.setText(self.tr("Hide secrets") if shows else self.tr("Show secrets"))
        self._body.setEnabled(bool(self._body_in_sight()))


def _muted(text: str) -> QLabel:
    return plain_label(text, role="muted")
