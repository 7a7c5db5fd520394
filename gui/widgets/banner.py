"""What happened and what to do about it, at the top of the window; never a dialog."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gui.notices import NoticeAction, Severity
from gui.session_requests import NoticeChoice
from gui.widgets.parts import Button, Chip, Kind, plain_label, restyle
from gui.widgets.rest import Rest
from gui.widgets.theme import GRID, title_font
from gui.widgets.value_row import flat_button
from gui.widgets.words import message_of
from gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from gui.messages import Message
    from gui.notices import Notice
    from gui.session_view import SessionView

_SHARE_OF_WINDOW = 0.3
_LEAST_HEIGHT = 96
_KINDS = {
    Severity.INFO: Kind.INFO,
    Severity.SUCCESS: Kind.SUCCESS,
    Severity.WARNING: Kind.WARNING,
    Severity.ERROR: Kind.DANGER,
}


class Banner(QFrame):
    """The last notice. It takes no room while there is none, and scrolls where its text is long."""

    action_chosen = Signal(NoticeChoice)
    dismissed = Signal(int)

    def __init__(self, parent: QWidget | None = None, *, rest_later: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        self._notice: Notice | None = None
        self._details_open = False
        self._chip = Chip()
        self._count = plain_label(role="small")
        self._count.setContentsMargins(0, 3, 0, 0)  # on the line of the button beside it
        self._title, self._text, self._more = WrappedLabel(), WrappedLabel(), WrappedLabel(role="small")
        self._title.setFont(title_font(self._title.font()))
        self._details = Button(self.tr("Details"), role="flat")
        self._details.setObjectName("notice_details")
        self._details.setCheckable(True)
        self._details.clicked.connect(self._on_details_clicked)
        self._dismiss = flat_button(self.tr("Dismiss"), "dismiss_notice")
        self._dismiss.setToolTip(self.tr("Escape, while the banner has the focus"))
        self._dismiss.clicked.connect(self._on_dismiss_clicked)
        self._scroll = QScrollArea()
        self._words = QWidget()
        self._actions = QHBoxLayout()
        self._action_buttons: dict[NoticeAction, Button] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()
        self.rest = Rest(self, self._make_buttons, self._lay_out)
        if not rest_later:
            self.rest.make_all()

    @property
    def notice(self) -> Notice | None:
        """What is shown."""
        return self._notice

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show the last of a view's notices."""
        notices = view.shown_notices
        notice = notices[-1] if notices else None
        count = len(notices)
        # Newest first, as they are read: dismissing the first shows the one before.
        self._count.setText(self.tr("1 of {count}").format(count=count) if count > 1 else "")
        if notice != self._notice:
            self._details_open = False
            self._notice = notice
            if notice is not None:
                self.rest.make_all()
                self._show(notice)
        self.fit()
        self.setVisible(notice is not None)
        self._settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._notice is not None:
            self._on_dismiss_clicked()
            event.accept()
        else:
            super().keyPressEvent(event)

    def fit(self) -> None:
        """Take the height that the texts need, as far as that leaves the window usable."""
        layout = self._words.layout()
        if self._notice is None or layout is None:
            return
        needed = layout.totalHeightForWidth(max(self._text_width(), 1))
        limit = max(int(self.window().height() * _SHARE_OF_WINDOW) - self._height_besides(), _LEAST_HEIGHT)
        self._scroll.setFixedHeight(min(needed, limit))
        scrolls = needed > limit
        # Said outright: a scroll bar that is there makes the text narrower and so higher, and would stay for that.
        policy = Qt.ScrollBarPolicy
        self._scroll.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOn if scrolls else policy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus if scrolls else Qt.FocusPolicy.NoFocus)

    def _settle(self) -> None:
        """Lay out at once: through the event loop it would take two pictures, the first with texts over buttons."""
        for widget in (self, self.parentWidget()):
            layout = None if widget is None else widget.layout()
            if layout is not None:
                layout.activate()

    def _text_width(self) -> int:
        """Return what the layout will leave to the texts: asking the texts themselves would be one layout too late."""
        parent, layout = self.parentWidget(), self.layout()
        width = self.width()
        if self.isHidden() and parent is not None and (around := parent.layout()) is not None:
            margins = around.contentsMargins()
            width = parent.width() - margins.left() - margins.right()
        if layout is None:
            return width
        self.ensurePolished()  # the style sheet gives the frame its width
        beside = (self._chip, self._count, self._dismiss)
        taken = sum(widget.sizeHint().width() + layout.spacing() for widget in beside)
        edges = layout.contentsMargins() + self.contentsMargins()
        return width - edges.left() - edges.right() - taken

    def _height_besides(self) -> int:
        buttons = [self._details, *self._action_buttons.values()]
        return 2 * GRID + max(
            (button.sizeHint().height() + 4 for button in buttons if not button.isHidden()), default=0
        )

    def _make_buttons(self) -> None:
        self._action_buttons = {action: self._action_button(action) for action in NoticeAction}

    def _action_button(self, action: NoticeAction) -> Button:
        button = Button(self._words_of(action), role="danger" if action is NoticeAction.REVOKE else "")
        button.setObjectName(f"notice_{action.name.lower()}")
        button.clicked.connect(partial(self._on_action_clicked, action))
        return button

    def _lay_out(self) -> None:
        words = QVBoxLayout(self._words)
        words.setContentsMargins(0, 2, 0, 2)
        words.setSpacing(4)
        for label in (self._title, self._text, self._more):
            words.addWidget(label)
        words.addStretch(1)
        self._words.setProperty("role", "ground")
        self._scroll.setWidget(self._words)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFixedHeight(_LEAST_HEIGHT)
        self._actions.setSpacing(GRID)
        for button in self._action_buttons.values():
            self._actions.addWidget(button)
        self._actions.addWidget(self._details)
        self._actions.addStretch(1)
        middle = QVBoxLayout()
        middle.setSpacing(4)
        middle.addWidget(self._scroll)
        middle.addLayout(self._actions)
        top = Qt.AlignmentFlag.AlignTop
        layout = QHBoxLayout(self)
        layout.setContentsMargins(4, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._chip, 0, top)
        layout.addLayout(middle, 1)
        layout.addWidget(self._count, 0, top)
        layout.addWidget(self._dismiss, 0, top)

    def _show(self, notice: Notice) -> None:
        message = message_of(notice.subject, notice.fact, notice.addition)
        if self.property("severity") != notice.severity.name.lower():
            self.setProperty("severity", notice.severity.name.lower())
            restyle(self)
        self._chip.show_state(self._word_of(notice.severity), _KINDS[notice.severity])
        self._title.set_whole_text(message.title)
        self._text.set_whole_text("\n".join(part for part in (message.text, message.advice) if part))
        self._scroll.setAccessibleName(message.title)
        self._text.setVisible(bool(self._text.whole_text))
        self._more.set_whole_text("\n".join(_line_of(error) for error in map(message_of, notice.more)))
        self._details.setVisible(bool(notice.more))
        self.setAccessibleName(f"{self._chip.text}: {message.title}")
        self._show_details()
        for action, button in self._action_buttons.items():
            button.setVisible(action in notice.actions)
        self._scroll.verticalScrollBar().setValue(0)

    def _show_details(self) -> None:
        self._details.setChecked(self._details_open)
        self._more.setVisible(self._details_open)

    @Slot()
    def _on_details_clicked(self) -> None:
        self._details_open = not self._details_open
        self._show_details()
        self.fit()
        self._settle()

    @Slot()
    def _on_dismiss_clicked(self) -> None:
        if self._notice is not None:
            self.dismissed.emit(self._notice.notice_id)

    def _on_action_clicked(self, action: NoticeAction) -> None:
        if self._notice is not None:
            self.action_chosen.emit(NoticeChoice(self._notice.notice_id, action))

    def _word_of(self, severity: Severity) -> str:
        return {
            Severity.INFO: self.tr("Note"),
            Severity.SUCCESS: self.tr("Done"),
            Severity.WARNING: self.tr("Warning"),
            Severity.ERROR: self.tr("Error"),
        }[severity]

    def _words_of(self, action: NoticeAction) -> str:
        return {
            NoticeAction.REVOKE: self.tr("Revoke"),
            NoticeAction.KEEP_TOKEN: self.tr("Keep the token"),
            NoticeAction.TRY_KEYRING_AGAIN: self.tr("Try the keyring again"),
            NoticeAction.SHOW_ISSUED_TOKENS: self.tr("Issued tokens…"),
            NoticeAction.SHOW_TIMELINE: self.tr("Show the timeline"),
            NoticeAction.EDIT_PROFILE: self.tr("Edit the profile…"),
            NoticeAction.SWITCH_CONTRACT: self.tr("Switch this profile"),
            NoticeAction.OPEN_MIGRATION_PAGE: self.tr("Concur's migration page"),
            NoticeAction.PASTE_REDIRECT: self.tr("Paste the redirect"),
            NoticeAction.USE_FREE_PORT: self.tr("Use a free port"),
            NoticeAction.WAIT_FOR_APP_CENTER: self.tr("Wait for App Center instead"),
            NoticeAction.START_SANDBOX: self.tr("Start the sandbox again"),
        }[action]


def _line_of(message: Message) -> str:
    return f"{Kind.DANGER.value} {message.title}. {message.text} {message.advice}".strip()
