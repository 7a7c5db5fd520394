"""Small parts that many widgets are made of: labels, chips, buttons with a role."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6 import QtGui
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.theme import code_font, small_font, theme_of, title_font

if TYPE_CHECKING:
    from gui.widgets.theme import Theme

NO_LIMIT = 16_777_215
"""Qt's QWIDGETSIZE_MAX, which PySide6 does not export."""


class Kind(Enum):
    """What a chip or a mark says, and the shape that says it beside the colour."""

    QUIET = "○"
    INFO = "◆"
    SUCCESS = "●"
    WARNING = "▲"
    DANGER = "■"

    def colours(self, theme: Theme) -> tuple[str, str]:
        """Return text and ground."""
        return {
            Kind.QUIET: (theme.muted, theme.raised),
            Kind.INFO: (theme.info, theme.info_ground),
            Kind.SUCCESS: (theme.success, theme.success_ground),
            Kind.WARNING: (theme.warning, theme.warning_ground),
            Kind.DANGER: (theme.danger, theme.danger_ground),
        }[self]


def plain_label(text: str = "", *, role: str = "", wrap: bool = False, parent: QWidget | None = None) -> QLabel:
    """Return a label that takes no markup: texts from outside may be in it. Roles are those of the style sheet."""
    label = QLabel(text, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    if role == "small":
        label.setFont(small_font(label.font()))
    return label


def title_label(text: str, parent: QWidget | None = None) -> QLabel:
    """Return the title of a card or panel."""
    label = plain_label(text, parent=parent)
    label.setFont(title_font(label.font()))
    return label


def plain_tooltip(text: str) -> str:
    """Return a text for a tooltip. Qt takes a tooltip for markup by its looks; this one is shown as it stands."""
    if not QtGui.Qt.mightBeRichText(text):
        return text
    from html import escape  # noqa: PLC0415  # brings a table of 2,000 entities, and is seldom needed

    return f"<qt>{escape(text)}</qt>"


class ElidedLabel(QLabel):
    """One line. Where it has no room its short words are shown, if it has some, elided in the middle if need be.

    The whole stands in its tooltip then, and is its accessible name in any case.
    """

    def __init__(self, text: str = "", *, code: bool = False, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole, self._short = "", ""  # before anything that sends it an event
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if code:
            self.setFont(code_font())
        if role:
            self.setProperty("role", role)
        self.set_whole_text(text)

    def set_whole_text(self, text: str, short: str = "") -> None:
        """Show a text, and in its place `short` where it has no room; line breaks become spaces."""
        words = tuple(" ".join(each.split()) for each in (text, short))
        if words != (self._whole, self._short):  # the same again shall not have the window laid out anew
            self._whole, self._short = words
            self._elide()
            self.updateGeometry()

    @property
    def whole_text(self) -> str:
        """The text without elision."""
        return self._whole

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._whole) + 2, metrics.height() + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange} and self._whole:
            self._elide()

    def _elide(self) -> None:
        metrics = QFontMetrics(self.font())
        room = max(self.contentsRect().width(), 24)  # a style sheet may want padding
        fits = not self._short or metrics.horizontalAdvance(self._whole) <= room
        shown = metrics.elidedText(self._whole if fits else self._short, Qt.TextElideMode.ElideMiddle, room)
        self.setText(shown)
        self.setToolTip(plain_tooltip(self._whole) if shown != self._whole else "")
        self.setAccessibleName(self._whole)


class Chip(QWidget):
    """A state as a word, a shape and a colour."""

    def __init__(self, text: str = "", kind: Kind = Kind.QUIET, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._kind = "", kind
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_state(text, kind)

    @property
    def text(self) -> str:
        """The word."""
        return self._text

    @property
    def kind(self) -> Kind:
        """Shape and colour."""
        return self._kind

    def show_state(self, text: str, kind: Kind) -> None:
        """Show another state."""
        if (text, kind) == (self._text, self._kind):
            return
        self._text, self._kind = text, kind
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(small_font(self.font()))
        return QSize(metrics.horizontalAdvance(self._shown()) + 20, metrics.height() + 6)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._text:
            return
        text, ground = (QColor(colour) for colour in self._kind.colours(theme_of(self)))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        area = QRectF(self.rect())
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        painter.setPen(text)
        painter.setFont(small_font(self.font()))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._shown())
        painter.end()

    def _shown(self) -> str:
        return f"{self._kind.value} {self._text}"


class Button(QPushButton):
    """A push button with a role of the style sheet: "", "danger" or "flat"; at most one in the window is primary."""

    def __init__(self, text: str, *, role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setAutoDefault(False)
        if role:
            self.setProperty("role", role)

    @property
    def primary(self) -> bool:
        """Whether this is the one next thing to do."""
        return bool(self.property("primary"))

    def set_primary(self, primary: bool) -> None:
        """Show that this is, or is not, the one next thing to do; Enter presses it."""
        if primary != self.primary:
            self.setProperty("primary", primary)
            restyle(self)
        if primary != self.isDefault():
            self.setDefault(primary)


def set_words(button: QPushButton, word: str, other_word: str) -> None:
    """Give a button the first of two words, and room for the longer one: what stands beside it shall not move."""
    button.ensurePolished()
    button.setText(other_word)
    width = button.sizeHint().width()
    button.setText(word)
    button.setMinimumWidth(max(width, button.sizeHint().width()))


def restyle(widget: QWidget) -> None:
    """Have the style sheet look at a widget again after a property of its selectors has changed."""
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # it has not looked yet
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()


class Card(QFrame):
    """A rounded surface; `body` is the layout to fill."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(12, 8, 12, 8)
        self.body.setSpacing(8)
