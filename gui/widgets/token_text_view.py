"""What the tabs "Document" and "Raw" have in common: a text of the token that is shown, and a note beneath it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.session_requests import CopyRequest
from gui.widgets.code_view import CodeView
from gui.widgets.parts import plain_label

if TYPE_CHECKING:
    from gui.session_view import SessionView, ShownToken
    from gui.widgets.document_text import ShownText


class TokenTextView(QWidget):
    """Its text is made when the tab is in sight: a long answer takes a while, and nobody looks at two tabs at once."""

    copy_requested = Signal(CopyRequest)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: ShownToken | None = None
        self.consumer_secret = ""
        self._revealed = False
        self._in_sight = True
        self.code = CodeView()
        self.code.copy_requested.connect(self.copy_requested)
        self.note_label = plain_label(role="small", wrap=True)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(4)
        self.column.addWidget(self.code, 1)
        self.setFocusProxy(self.code)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show the token of a view."""
        before = (_content_of(self._shown), self.consumer_secret)
        self._shown, self.consumer_secret = view.shown, view.application.consumer_secret
        if before != (_content_of(self._shown), self.consumer_secret):
            self.refill()

    def set_revealed(self, revealed: bool) -> None:
        """Show the secrets in it, or mask them."""
        if revealed != self._revealed:
            self._revealed = revealed
            self.refill()

    def set_in_sight(self, in_sight: bool) -> None:
        """Hold a text, or none: whatever changes out of sight need not be followed, and nothing stays readable."""
        if in_sight != self._in_sight:
            self._in_sight = in_sight
            self.refill()

    @property
    def shown_text(self) -> str:
        """What can be read and copied now."""
        return self.code.toPlainText()

    @property
    def note(self) -> str:
        """What is said beneath the text."""
        return self.note_label.text()

    def refill(self) -> None:
        """Make the text anew, where it is in sight."""
        if self._in_sight:
            self.fill(self._shown, revealed=self._revealed)
        else:
            self.say_nothing("")

    def fill(self, shown: ShownToken | None, *, revealed: bool) -> None:
        """Say the text of this token, or why there is none."""
        raise NotImplementedError

    def say(self, text: ShownText, note: str) -> None:
        """Show a text and what there is to know about it."""
        self.code.show_text(text, holds_secrets=self._revealed)
        self.note_label.setText(note)

    def say_nothing(self, why: str) -> None:
        """Show that there is nothing to show."""
        self.code.show_nothing(why)
        self.note_label.setText("")


def _content_of(shown: ShownToken | None) -> object:
    """Return what of a token is in its texts; not what is noted about it, which changes beside them."""
    return None if shown is None else (shown.live, shown.document, shown.answer)
