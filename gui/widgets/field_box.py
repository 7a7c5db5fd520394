"""A field with its label above and a place below for a word about what is in it. The place is there from the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.widgets.parts import Kind, plain_tooltip, restyle
from gui.widgets.theme import GRID, small_font

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROLES = {Kind.QUIET: "small", Kind.INFO: "small", Kind.SUCCESS: "success", Kind.WARNING: "warning"}
_TALL = 10_000


class ReasonText(QLabel):
    """Small text of a fixed number of lines. What has no room is cut with dots, and stands in the tooltip."""

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole, self._kind = "", Kind.QUIET
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setFont(small_font(self.font()))
        self.setProperty("role", "small")
        self.setFixedHeight(lines * QFontMetrics(self.font()).lineSpacing() + 2)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def whole_text(self) -> str:
        """The text, whether or not all of it has room."""
        return self._whole

    @property
    def kind(self) -> Kind:
        """How it is meant."""
        return self._kind

    def show_reason(self, text: str, kind: Kind = Kind.QUIET) -> None:
        """Show a text with the shape and the colour of its kind; line breaks in it become spaces."""
        bare = " ".join(text.split())
        self._whole = bare if kind is Kind.QUIET or not bare else f"{kind.value} {bare}"
        if kind is not self._kind:
            self._kind = kind
            self.setProperty("role", _ROLES.get(kind, "danger"))
            restyle(self)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        shown = self._whole
        if not self._has_room(shown):
            fits, too_long = 0, len(self._whole)
            while too_long - fits > 1:
                middle = (fits + too_long) // 2
                if self._has_room(f"{self._whole[:middle]}…"):
                    fits = middle
                else:
                    too_long = middle
            shown = f"{self._whole[:fits].rstrip()}…"
        self.setText(shown)
        self.setToolTip(plain_tooltip(self._whole) if shown != self._whole else "")
        self.setAccessibleName(self._whole)

    def _has_room(self, text: str) -> bool:
        # Where a word is wider than the line the label cuts it, so a word may break anywhere for this purpose.
        room = QRect(0, 0, max(self.width(), 1), _TALL)
        needed = QFontMetrics(self.font()).boundingRect(room, Qt.TextFlag.TextWordWrap, text)
        return needed.height() <= self.height() and needed.width() <= room.width()


class FieldBox(QWidget):
    """Label, field and reason, one above the other; something small may stand at the right of the label."""

    def __init__(
        self, label: str, fields: Sequence[QWidget], *, lines: int, corner: QWidget | None = None, hint: str = ""
    ) -> None:
        super().__init__()
        self._fields = tuple(fields)
        self._hint = hint
        title = QLabel(label)
        # A label's letter leads to its buddy only where that takes the focus itself.
        title.setBuddy(self._fields[-1].focusProxy() or self._fields[-1])
        self._reason = ReasonText(lines)
        self._reason.show_reason(hint)
        head, middle = QHBoxLayout(), QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(title, 1)
        if corner is not None:
            head.addWidget(corner)
        middle.setSpacing(GRID)
        for field in self._fields:
            middle.addWidget(field, int(field is self._fields[-1]))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 4)
        layout.addLayout(head)
        layout.addLayout(middle)
        layout.addWidget(self._reason)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def reason(self) -> ReasonText:
        """The place below."""
        return self._reason

    def show_reason(self, text: str, kind: Kind = Kind.DANGER) -> None:
        """Say what is the matter with the field; "" shows the hint again. Who hears the screen is told as well."""
        self._reason.show_reason(text or self._hint, kind if text else Kind.QUIET)
        field = self._fields[-1]
        target = field.focusProxy() or field
        target.setAccessibleDescription(self._reason.whole_text)
        faulty = bool(text) and kind is Kind.DANGER
        if faulty != bool(target.property("faulty")):
            target.setProperty("faulty", faulty)
            restyle(target)
