"""One step of the flow as a card: a number, a title, one line of state, and its controls while they are of use."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gui.widgets.parts import Card, Chip, ElidedLabel, restyle, title_label
from gui.widgets.theme import GRID, small_font, theme_of, title_font

_BADGE = 24
_FOLD_BUTTON = 26


class Step(Enum):
    """How far a step is."""

    DONE = auto()
    CURRENT = auto()
    LATER = auto()
    """Its turn comes, or it was not needed."""


class StepBadge(QWidget):
    """A circle with the number of the step; a check mark once it is done."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._step = Step.LATER
        self.setFixedSize(_BADGE, _BADGE)

    def show_step(self, step: Step) -> None:
        """Show how far the step is."""
        self._step = step
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = theme_of(self)
        ground, ink = {
            Step.DONE: (theme.success, theme.base),
            Step.CURRENT: (theme.accent, theme.on_accent),
            Step.LATER: (theme.base, theme.muted),
        }[self._step]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.edge), 1) if self._step is Step.LATER else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ground))
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawEllipse(area)
        if self._step is Step.DONE:
            _draw_check_mark(painter, area, QColor(ink))
        else:
            painter.setPen(QColor(ink))
            painter.setFont(title_font(self.font()))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.end()


class FoldButton(QToolButton):
    """A chevron that folds and unfolds; its name says what."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(_FOLD_BUTTON, _FOLD_BUTTON)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._folded = True

    def show_folded(self, folded: bool, name: str) -> None:
        """Point down where it unfolds, up where it folds."""
        if (folded, name) == (self._folded, self.accessibleName()):
            return
        self._folded = folded
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = theme_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isDown() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.line if self.isDown() else theme.raised))
            painter.drawRoundedRect(area, 6, 6)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area, 6, 6)
        middle, reach = area.center(), 4.0
        tip = reach / 2 if self._folded else -reach / 2
        painter.setPen(QPen(QColor(theme.muted), 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(
            QPolygonF(
                [
                    QPointF(middle.x() - reach, middle.y() - tip),
                    QPointF(middle.x(), middle.y() + tip),
                    QPointF(middle.x() + reach, middle.y() - tip),
                ]
            )
        )
        painter.end()


class StepCard(Card):
    """The card. A finished step folds to its one line, the current one stands open, a later one waits folded.

    Whoever folds or unfolds by hand is remembered, for finished and for later apart. Put controls into `details`.
    """

    def __init__(
        self,
        number: int,
        title: str = "",
        *,
        chip: bool = False,
        step: Step = Step.LATER,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.badge = StepBadge(number)
        self._title = title_label(title)
        self.state_line = ElidedLabel(role="muted")
        self.state_line.setFont(small_font(self.state_line.font()))
        self.chip = Chip()
        self.chip.setVisible(chip)
        self.fold_button = FoldButton()
        self.fold_button.clicked.connect(self._on_fold_button_clicked)
        self._step = step
        self._stands_open = False
        self._by_hand: dict[Step, bool] = {}
        self._frame = QWidget()
        self.details = QVBoxLayout(self._frame)
        self._show_rank()  # here the style sheet has not looked yet, and need not look again
        self._lay_out()
        self.badge.setAccessibleName("")
        self.setAccessibleName(title)

    @property
    def title(self) -> str:
        """The title."""
        return self._title.text()

    def set_title(self, title: str) -> None:
        """Name the step; a card does so in its own words once it exists."""
        self._title.setText(title)
        self.setAccessibleName(title)

    @property
    def step(self) -> Step:
        """How far it is."""
        return self._step

    @property
    def is_open(self) -> bool:
        """Whether the controls show."""
        return self._step is Step.CURRENT or self._by_hand.get(self._step, self._stands_open)

    def show_step(self, step: Step, state_line: str, *, stands_open: bool = False) -> None:
        """Show how far the step is, in one line. `stands_open` holds where nobody has folded or unfolded by hand."""
        self._stands_open = stands_open
        self.state_line.set_whole_text(state_line)
        if step is not self._step or not self.badge.accessibleName():
            self._step = step
            self._show_rank()
        self._show_fold()

    def reveal(self) -> None:
        """Unfold, as if by hand."""
        if not self.is_open:
            self._on_fold_button_clicked()

    def sizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), super().sizeHint().height())

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self.state_line)
        head.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        head.addSpacing(4)
        head.addLayout(words, 1)
        head.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.fold_button, 0, Qt.AlignmentFlag.AlignTop)
        # The place of the fold button stays its own while the step is current: chip and texts do not jump.
        policy = self.fold_button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.fold_button.setSizePolicy(policy)
        self.details.setContentsMargins(_BADGE + GRID + 4, 0, 4, 4)
        self.details.setSpacing(GRID)
        self.body.addLayout(head)
        self.body.addWidget(self._frame)
        # Not Maximum: that is the height at another width, too little for texts that wrap.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def _show_rank(self) -> None:
        self.badge.show_step(self._step)
        name = {
            Step.DONE: self.tr("{title}: done"),
            Step.CURRENT: self.tr("{title}: the current step"),
            Step.LATER: self.tr("{title}: later"),
        }[self._step]
        self.badge.setAccessibleName(name.format(title=self.title))
        self.setAccessibleName(name.format(title=self.title))
        _style(self, "currentStep", self._step is Step.CURRENT)
        _style(self._title, "role", "muted" if self._step is Step.LATER else "")

    def _show_fold(self) -> None:
        self._frame.setVisible(self.is_open)
        self.fold_button.setVisible(self._step is not Step.CURRENT)
        name = self.tr("Fold {title}") if self.is_open else self.tr("Unfold {title}")
        self.fold_button.show_folded(not self.is_open, name.format(title=self.title))

    @Slot()
    def _on_fold_button_clicked(self) -> None:
        self._by_hand[self._step] = not self.is_open
        self._show_fold()


def _style(widget: QWidget, name: str, value: bool | str) -> None:
    if widget.property(name) != value:
        widget.setProperty(name, value)
        restyle(widget)


def _draw_check_mark(painter: QPainter, area: QRectF, ink: QColor) -> None:
    painter.setPen(QPen(ink, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    middle = area.center()
    painter.drawPolyline(
        QPolygonF(
            [
                QPointF(middle.x() - 4.5, middle.y() + 0.5),
                QPointF(middle.x() - 1.5, middle.y() + 3.5),
                QPointF(middle.x() + 5, middle.y() - 3.5),
            ]
        )
    )
