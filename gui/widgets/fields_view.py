"""The parts of an access token as a form: URLs, tokens, times, where it is kept, and what is odd about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from gui.concur.contract import CONTRACTS, TokenPart
from gui.concur.models import Remark
from gui.session_requests import CopyRequest
from gui.session_state import Control
from gui.session_view import SessionView
from gui.store.issued_entry import KEPT_IN_KEYRING
from gui.widgets.jwt_view import JwtsView
from gui.widgets.masking import beginning_of_text, redactor_of_token
from gui.widgets.parts import Kind, plain_label, restyle
from gui.widgets.token_times import (
    MinuteClock,
    expiry_of,
    is_over,
    left_text,
    local_text_with_zone,
    now_utc,
    utc_text,
)
from gui.widgets.value_field import EchoField, SecretField, ValueField
from gui.widgets.words import remark_text, translated

if TYPE_CHECKING:
    from gui.concur.contract import ContractFacts
    from gui.concur.models import LiveToken
    from gui.concur.redaction import Redactor
    from gui.session_view import ShownToken
    from gui.widgets.token_times import Clock

_LONGEST_EXPIRY = 200
"""Characters of one that cannot be read, and so may be anything; Raw shows the rest."""


class FieldsView(QScrollArea):
    """The tab "Fields"."""

    copy_requested = Signal(CopyRequest)
    masking_requested = Signal()
    """The secrets of the whole panel shall be masked."""

    def __init__(self, clock: Clock = now_utc, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = clock
        self._view = SessionView()
        self._shows: tuple[object, ...] = (self, self, self, self, self)
        """What of a view is shown here, as it was rendered last: nothing yet."""
        self._minutes = MinuteClock(self)
        self._minutes.ticked.connect(self._on_minute_passed)
        self.instance_url = EchoField(self.tr("Instance URL"))
        self.access_token = SecretField(self.tr("Access token"))
        self.refresh_token = SecretField(self.tr("Refresh token"))
        self.consumer_key = ValueField(self.tr("Consumer key"))
        self.base_url = ValueField(self.tr("Base URL"))
        self.scopes = EchoField(self.tr("Scopes"))
        self.subject = EchoField(self.tr("Subject"))
        self.connection_id = EchoField(self.tr("Connection id"))
        self.correlation_id = EchoField(self.tr("Correlation id"))
        self.jwts = JwtsView()
        self.access_note = plain_label(role="small", wrap=True)
        self.refresh_note = plain_label(role="small", wrap=True)
        self.expires_utc = _fact()
        self.expires_local = _fact()
        self.left = _fact()
        self.refresh_expires = _fact()
        self.issued = _fact()
        self.kept = _fact()
        self.notes = plain_label(role="small", wrap=True)
        self.remarks = plain_label(role="warning", wrap=True)
        self._form = QWidget()
        self._secrets = (self.access_token, self.refresh_token)
        self._echoes = (self.instance_url, self.scopes, self.subject, self.connection_id, self.correlation_id)
        self._revealed = False
        self._learned: tuple[LiveToken, str] | None = None
        self._redactor: Redactor | None = None
        """Knows what an answer may echo."""
        self._place_label = plain_label(role="muted")
        self._rows_of_parts: dict[TokenPart, tuple[QWidget, ...]] = {TokenPart.JWTS: (self.jwts,)}
        self._connect()
        self._lay_out()

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show the token of a view."""
        self._view = view
        shown = view.shown
        shows = (shown, view.application, view.profile, view.keyring, Control.COPY_TOKEN in view.controls)
        if all(now is before for now, before in zip(shows, self._shows, strict=True)):
            return  # most views bring something else, and looking for echoes of secrets takes its time
        self._shows = shows
        self._form.setVisible(shown is not None)
        self._minutes.set_running(running=shown is not None and expiry_of(shown) is not None)
        if shown is None:
            self._learned = self._redactor = None
            for field in (*self._secrets, *self._echoes):
                field.set_value("")
            self.jwts.show_token(None)
            return
        self._learn(shown.live, view.application.consumer_secret)
        self._show_rows_of(CONTRACTS.get(shown.token.contract))
        self._fill_values(view, shown)
        self._fill_access_token(shown)
        self._fill_refresh_token(shown)
        self._fill_parts(shown)
        self._fill_times(shown)
        self._fill_notes(view, shown)

    def set_revealed(self, revealed: bool) -> None:
        """Show the secrets in it, or mask them."""
        self._revealed = revealed
        for field in (*self._secrets, *self._echoes):
            field.set_revealed(revealed)
        self.jwts.set_revealed(revealed)
        if self._view.shown is not None:
            self._fill_times(self._view.shown)

    def _connect(self) -> None:
        for field in (self.consumer_key, self.base_url, *self._secrets, *self._echoes, self.jwts):
            field.copy_requested.connect(self.copy_requested)
        for secret in self._secrets:
            secret.all_masking_requested.connect(self.masking_requested)

    def _lay_out(self) -> None:
        form = self._form
        form.setProperty("role", "ground")
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[str | QLabel, QWidget, TokenPart | None], ...] = (
            (self._place_label, self.instance_url, None),
            (self.tr("Access token"), _with_note(self.access_token, self.access_note), None),
            (self.tr("Refresh token"), _with_note(self.refresh_token, self.refresh_note), None),
            (self.tr("Expires (UTC)"), self.expires_utc, None),
            (self.tr("Expires (local time)"), self.expires_local, None),
            (self.tr("Time left"), self.left, None),
            (self.tr("Refresh token until"), self.refresh_expires, TokenPart.REFRESH_EXPIRY),
            (self.tr("Scopes"), self.scopes, TokenPart.SCOPES),
            (self.tr("Subject (sub)"), self.subject, TokenPart.SUBJECT),
            (self.tr("Connection id"), self.connection_id, TokenPart.CONNECTION_ID),
            (self.tr("Correlation id"), self.correlation_id, TokenPart.CORRELATION_ID),
            (self.tr("Issued"), self.issued, None),
            (self.tr("Kept in"), self.kept, None),
            (self.tr("Consumer key"), self.consumer_key, None),
            (self.tr("Base URL"), self.base_url, None),
        )
        for number, (name, value, part) in enumerate(rows):
            label = plain_label(name, role="muted") if isinstance(name, str) else name
            label.setBuddy(value)
            grid.addWidget(label, number, 0)
            grid.addWidget(value, number, 1)
            if part is not None:
                self._rows_of_parts[part] = (label, value)
        column = QVBoxLayout(form)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(8)
        column.addWidget(self.remarks)
        column.addWidget(self.notes)
        column.addLayout(grid)
        column.addWidget(self.jwts)
        column.addStretch(1)
        self.setWidget(form)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setProperty("role", "reading")
        self.setAccessibleName(self.tr("Parts of the access token"))
        self.verticalScrollBar().rangeChanged.connect(self._on_scroll_range_changed)
        form.hide()

    def _show_rows_of(self, contract: ContractFacts | None) -> None:
        """Show the rows that a contract has, whether or not this token has something for each: nothing shall jump."""
        place = translated(contract.place_words) if contract is not None else self.tr("Instance URL")
        self._place_label.setText(place)
        self.instance_url.set_name(place)
        for part, widgets in self._rows_of_parts.items():
            for widget in widgets:
                widget.setVisible(contract is not None and part in contract.token_parts)

    def _learn(self, live: LiveToken, consumer_secret: str) -> None:
        if (live, consumer_secret) != self._learned:
            self._learned, self._redactor = (live, consumer_secret), redactor_of_token(live, consumer_secret)
            for echo in self._echoes:
                echo.set_secrets(self._redactor)

    def _fill_values(self, view: SessionView, shown: ShownToken) -> None:
        self.instance_url.set_value(shown.live.instance_url or "")
        self.access_token.set_value(shown.live.access_token)
        self.refresh_token.set_value(shown.live.refresh_token or "")
        self.consumer_key.set_value(shown.token.consumer_key)
        self.base_url.set_value(shown.live.base_url)
        for field in self._secrets:
            field.set_copying(allowed=Control.COPY_TOKEN in view.controls)
        self.issued.setText(f"{utc_text(shown.token.issued_at)} · {local_text_with_zone(shown.token.issued_at)}")
        self.kept.setText(self._place_of(view, shown))

    def _place_of(self, view: SessionView, shown: ShownToken) -> str:
        if shown.token.kept == KEPT_IN_KEYRING:
            place = view.keyring.description or self.tr("the system's keyring")
            contract = CONTRACTS.get(shown.token.contract)
            besides = translated(contract.kept_words) if contract is not None else ""
            return self.tr("{place}; {besides}").format(place=place, besides=besides) if besides else place
        return self.tr("memory, for this session only")

    def _fill_access_token(self, shown: ShownToken) -> None:
        there = bool(shown.live.access_token)
        note = ""
        if not there and shown.live.refresh_token:
            note = self.tr("Kept in memory only; Refresh gets a new one.")
        elif not there:
            note = self.tr("Kept in memory only, and gone with the program that held it.")
        self.access_token.setVisible(there)
        _say(self.access_note, note)

    def _fill_parts(self, shown: ShownToken) -> None:
        document, contract = shown.document, CONTRACTS.get(shown.token.contract)
        not_kept = self.tr("not kept")
        separator = contract.scope_separator if contract is not None else " "
        self.connection_id.set_value(shown.live.principal_id or "", self.tr("none; it came with a sign-in"))
        if document is None:
            for field in (self.scopes, self.subject, self.correlation_id):
                field.set_value("", not_kept)
            self.refresh_expires.setText(not_kept)
        else:
            self.scopes.set_value(separator.join(document.scopes), self.tr("none named"))
            self.subject.set_value(document.subject, self.tr("not said"))
            self.correlation_id.set_value(document.correlation_id, self.tr("none came"))
            expires_at = document.refresh_expires_at
            self.refresh_expires.setText(
                self.tr("not known")
                if expires_at is None
                else f"{utc_text(expires_at)} · {local_text_with_zone(expires_at)}"
            )
        self.jwts.show_token(shown, self._view.application.consumer_secret)

    def _fill_refresh_token(self, shown: ShownToken) -> None:
        there = bool(shown.live.refresh_token)
        self.refresh_token.setVisible(there)
        note = ""
        if not there:
            note = self.tr("None came, so this token cannot be refreshed.")
        elif shown.document is not None and shown.document.refresh_token is None:
            note = self.tr("None came with this answer; the earlier one goes on working.")
        _say(self.refresh_note, note)

    def _fill_times(self, shown: ShownToken) -> None:
        expires_at = expiry_of(shown)
        if expires_at is None:
            self.expires_utc.setText(self._expiry_as_it_came(shown) or self.tr("not known"))
            self.expires_local.setText(self.tr("not known"))
            self.left.setText(self.tr("not known"))
            _colour(self.left, "")
            return
        now = self._now()
        self.expires_utc.setText(utc_text(expires_at))
        self.expires_local.setText(local_text_with_zone(expires_at))
        over = is_over(expires_at, now)
        self.left.setText(f"{Kind.WARNING.value} {left_text(expires_at, now)}" if over else left_text(expires_at, now))
        _colour(self.left, "danger" if over else "")

    def _expiry_as_it_came(self, shown: ShownToken) -> str:
        text = (shown.document.expiration_text if shown.document is not None else None) or ""
        beginning, is_whole = beginning_of_text(text, None if self._revealed else self._redactor, _LONGEST_EXPIRY)
        return beginning if is_whole else f"{beginning}…"

    def _fill_notes(self, view: SessionView, shown: ShownToken) -> None:
        remarks = shown.document.remarks if shown.document is not None else ()
        lines = [
            f"{Kind.WARNING.value} {remark_text(remark)}"
            for remark in remarks
            # No remark after a refresh: the earlier one stays valid (concur-wire.md 1.3).
            if remark is not Remark.REFRESH_TOKEN_MISSING or not shown.live.refresh_token
        ]
        _say(self.remarks, "\n".join(lines))
        notes = []
        if shown.document is None:
            notes.append(self.tr("Opened from the list of issued tokens: the document itself is not kept."))
        if view.simulated:
            notes.append(self.tr("Issued by the simulated Concur: nothing here is worth anything outside."))
        _say(self.notes, "\n".join(notes))

    @Slot(int, int)
    def _on_scroll_range_changed(self, least: int, most: int) -> None:
        # To be scrolled with the keys it takes the focus; where all is in view it would be a stop for nothing.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if most > least else Qt.FocusPolicy.NoFocus)

    @Slot()
    def _on_minute_passed(self) -> None:
        if self._view.shown is not None:
            self._fill_times(self._view.shown)


def _with_note(field: QWidget, note: QLabel) -> QWidget:
    row = QWidget()
    column = QVBoxLayout(row)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(field)
    column.addWidget(note)
    row.setMinimumHeight(field.sizeHint().height())  # where there is only the note, nothing beneath moves up
    return row


def _fact() -> QLabel:
    label = plain_label(wrap=True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setMinimumHeight(24)
    return label


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _colour(label: QLabel, role: str) -> None:
    if label.property("role") != role:
        label.setProperty("role", role)
        restyle(label)
