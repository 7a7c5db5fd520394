"""A problem in words, in the place where it matters: what happened, what it means, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.widgets.parts import Kind
from gui.widgets.words import message_of
from gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from gui.concur.errors import FlowError


class ProblemText(QWidget):
    """Takes no room as long as there is no problem."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = WrappedLabel(role="danger")
        self._text = WrappedLabel(role="small")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._text)
        self.hide()

    @property
    def title(self) -> str:
        """The words shown first; "" while there is no problem."""
        return self._title.whole_text

    @property
    def text(self) -> str:
        """The words below."""
        return self._text.whole_text

    def show_problem(self, problem: FlowError | None) -> None:
        """Show the words of an error, or nothing."""
        if problem is None:
            self._title.set_whole_text("")
            self._text.set_whole_text("")
        else:
            message = message_of(problem)
            self._title.set_whole_text(f"{Kind.DANGER.value} {message.title}")
            self._text.set_whole_text(f"{message.text} {message.advice}".strip())
        self.setVisible(problem is not None)
