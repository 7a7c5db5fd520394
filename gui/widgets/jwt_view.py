"""JSON Web Tokens of a document, decoded to be read: claims and header, folded until somebody wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.session_requests import CopyRequest
from gui.widgets.code_view import CodeView
from gui.widgets.document_text import SHOWN_LIMIT, Language, showable
from gui.widgets.markup_highlighter import MarkupHighlighter
from gui.widgets.masking import beginning_of_text, redactor_of_token
from gui.widgets.parts import Button, plain_label
from gui.widgets.theme import GRID
from gui.widgets.token_times import local_text_with_zone, utc_text
from gui.widgets.value_row import ValueRow, flat_button

if TYPE_CHECKING:
    from gui.concur.models import JwtReading, LiveToken
    from gui.concur.redaction import Redactor
    from gui.session_view import ShownToken

ID_TOKEN, ACCESS_TOKEN = "id_token", "access_token"
"""Members of the document in which a JWT may come."""
_FEWEST_LINES, _MOST_LINES = 3, 12


class JwtsView(QWidget):
    """Both that a document may hold. Each has its place whether it came or not."""

    copy_requested = Signal(CopyRequest)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.warning = plain_label(
            self.tr("Decoded for reading. The signature was not checked, so nothing here is trusted."),
            role="small",
            wrap=True,
        )
        self.id_token = JwtView(ID_TOKEN)
        self.access_token = JwtView(ACCESS_TOKEN)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.warning)
        for view in (self.id_token, self.access_token):
            column.addWidget(view)
            view.copy_requested.connect(self.copy_requested)

    def show_token(self, shown: ShownToken | None, consumer_secret: str = "") -> None:
        """Show what a token brought, or why there is nothing."""
        readings = {} if shown is None or shown.document is None else {jwt.name: jwt for jwt in shown.document.jwts}
        not_kept = self.tr("The document is not kept, so there is nothing to decode.")
        is_kept = shown is not None and shown.document is not None
        none_came = self.tr("No id_token came with this answer.")
        no_jwt = self.tr("The access token is no JSON Web Token, so there is nothing to decode.")
        secrets = _Secrets(shown.live if shown is not None else None, consumer_secret)
        self.id_token.show_reading(readings.get(ID_TOKEN), secrets, none_came if is_kept else not_kept)
        self.access_token.show_reading(readings.get(ACCESS_TOKEN), secrets, no_jwt if is_kept else not_kept)

    def set_revealed(self, revealed: bool) -> None:
        """Show secrets that a claim may echo, or mask them."""
        for view in (self.id_token, self.access_token):
            view.set_revealed(revealed)


class _Secrets(NamedTuple):
    """What a claim may echo."""

    live: LiveToken | None = None
    consumer_secret: str = ""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class JwtView(QWidget):
    """One JWT."""

    copy_requested = Signal(CopyRequest)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._reading: JwtReading | None = None
        self._secrets = _Secrets()
        self._revealed = False
        self.fold_button = Button("", role="flat")
        self.fold_button.setProperty("compact", True)  # noqa: FBT003  # Qt's own
        self.fold_button.setCheckable(True)
        self.fold_button.toggled.connect(self._on_fold_toggled)
        self.word = plain_label(role="small", wrap=True)
        self.claims, self.header = CodeView(), CodeView()
        self._colours = (MarkupHighlighter(self.claims), MarkupHighlighter(self.header))
        self.copy_claims = flat_button(self.tr("Copy"), f"copy_claims_{name}")
        self.copy_header = flat_button(self.tr("Copy"), f"copy_header_{name}")
        self.copy_claims.clicked.connect(self._on_claims_copied)
        self.copy_header.clicked.connect(self._on_header_copied)
        self._inside = QWidget()
        self._lay_out()

    def show_reading(self, reading: JwtReading | None, secrets: _Secrets, absent: str) -> None:
        """Show what was read, or why there is nothing to read."""
        if (reading, secrets) != (self._reading, self._secrets):
            self._reading, self._secrets = reading, secrets
            self._fill()
        word = absent
        if reading is not None and reading.problem:
            word = self.tr("{name} cannot be read: {problem}.").format(name=self._name, problem=reading.problem)
        elif reading is not None:
            word = self._word_of_expiry(reading)
        self.word.setText(word)
        readable = self._text_of("claims") != ""
        self.fold_button.setEnabled(readable)
        self._show_fold()

    def set_revealed(self, revealed: bool) -> None:
        """Show secrets that a claim may echo, or mask them."""
        if revealed != self._revealed:
            self._revealed = revealed
            self._fill()

    def _word_of_expiry(self, reading: JwtReading) -> str:
        if reading.expires_at is None:
            return self.tr("It does not say when it expires.")
        words = self.tr("Expires {utc} · {local}, as it says itself.")
        return words.format(utc=utc_text(reading.expires_at), local=local_text_with_zone(reading.expires_at))

    def _text_of(self, part: str) -> str:
        return "" if self._reading is None else str(getattr(self._reading, part))

    def _fill(self) -> None:
        """Say the texts, as long as they are unfolded: nobody looks at them otherwise."""
        for part, view in (("claims", self.claims), ("header", self.header)):
            whole = self._text_of(part) if self.fold_button.isChecked() else ""
            text, is_whole = beginning_of_text(whole, None if self._revealed else self._redactor(), SHOWN_LIMIT)
            view.show_text(showable(text, cut=not is_whole), holds_secrets=self._revealed)
            lines = min(max(view.blockCount(), _FEWEST_LINES), _MOST_LINES)
            view.setFixedHeight(lines * QFontMetrics(view.font()).lineSpacing() + 3 * GRID)

    def _redactor(self) -> Redactor | None:
        live, consumer_secret = self._secrets
        return None if live is None else redactor_of_token(live, consumer_secret)

    def _show_fold(self) -> None:
        unfolded = self.fold_button.isChecked() and self.fold_button.isEnabled()
        words = self.tr("{name}, decoded").format(name=self._name)
        self.fold_button.setText(f"{'▾' if unfolded else '▸'} {words}")
        self.fold_button.setAccessibleName(words)
        self.fold_button.setAccessibleDescription(self.tr("unfolded") if unfolded else self.tr("folded"))
        self._inside.setVisible(unfolded)

    def _lay_out(self) -> None:
        for view, highlighter in zip((self.claims, self.header), self._colours, strict=True):
            highlighter.set_language(Language.JSON)
            view.copy_requested.connect(self.copy_requested)
        self.claims.set_name(self.tr("{name}, claims").format(name=self._name))
        self.header.set_name(self.tr("{name}, header").format(name=self._name))
        self.copy_claims.setAccessibleName(self.tr("Copy {what}").format(what=self.claims.accessibleName()))
        self.copy_header.setAccessibleName(self.tr("Copy {what}").format(what=self.header.accessibleName()))
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(2 * GRID, 0, 0, 0)
        inside.setSpacing(4)
        inside.addWidget(ValueRow(self.tr("Claims"), self.claims, (self.copy_claims,)))
        inside.addWidget(ValueRow(self.tr("Header"), self.header, (self.copy_header,)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.fold_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.word)
        column.addWidget(self._inside)
        self.word.setContentsMargins(2 * GRID, 0, 0, 0)
        self._show_fold()

    def _copy(self, part: str, what: str) -> None:
        text = self._text_of(part)
        secrets = self._redactor()
        self.copy_requested.emit(CopyRequest(text, what, secret=secrets is not None and secrets.touches(text)))

    @Slot(bool)
    def _on_fold_toggled(self, _unfolded: bool) -> None:
        self._fill()
        self._show_fold()

    @Slot()
    def _on_claims_copied(self) -> None:
        self._copy("claims", self.claims.accessibleName())

    @Slot()
    def _on_header_copied(self) -> None:
        self._copy("header", self.header.accessibleName())
