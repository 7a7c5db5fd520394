"""The access token: its document in three ways, and everything that can be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QStackedWidget, QTabWidget, QWidget

from gui.session_requests import CopyRequest
from gui.session_state import Control, State
from gui.session_view import SessionView
from gui.widgets.action_row import ActionRow
from gui.widgets.activity_line import ActivityLine
from gui.widgets.brief_button import BriefButton
from gui.widgets.parts import Button, Card, Chip, ElidedLabel, plain_label, restyle, set_words, title_label
from gui.widgets.rest import Rest
from gui.widgets.revoke_ticks import RevokeTicks
from gui.widgets.secret_reveal import SecretReveal
from gui.widgets.token_times import MinuteClock, expiry_of, is_over, left_text, local_text, now_utc
from gui.widgets.token_words import chip_of, empty_sentence, reasons_of

if TYPE_CHECKING:
    from gui.session_view import ShownToken
    from gui.widgets.document_view import DocumentView
    from gui.widgets.fields_view import FieldsView
    from gui.widgets.raw_view import RawView
    from gui.widgets.token_times import Clock


class TokenPanel(Card):
    """Header, tabs, actions, ticks. Everything that comes and goes has its place from the start."""

    refresh_requested = Signal()
    probe_requested = Signal()
    revoke_requested = Signal()
    keep_requested = Signal()
    start_over_requested = Signal()
    cancel_requested = Signal()
    save_requested = Signal()
    copy_requested = Signal(CopyRequest)
    issued_tokens_requested = Signal()

    document: DocumentView
    raw: RawView
    fields: FieldsView

    def __init__(self, clock: Clock = now_utc, parent: QWidget | None = None, *, rest_later: bool = False) -> None:
        super().__init__(parent)
        self._now = clock
        self._view = SessionView()
        self._reveal = SecretReveal(self)
        self._minutes = MinuteClock(self)
        self._create_header(clock)
        self._made_tabs: tuple[DocumentView | RawView | FieldsView, ...] = ()
        self._create_place()
        self._create_buttons()
        self.ticks = RevokeTicks()
        self._connect()
        self._lay_out()
        self.render(self._view)
        self.rest = Rest(
            self.place, self._make_tabs, self._make_document, self._make_raw, self._make_fields, self._make_show_button
        )
        if not rest_later:
            self.rest.make_all()

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show a view."""
        if view.shown is None or _identity_of(view) != _identity_of(self._view):
            self._reveal.set_shown(shown=False)  # another token: nobody asked to see that one
            if view.shown is not None and view.shown.document is None:
                self.tabs.setCurrentWidget(self.fields)  # all there is of a token that was opened from the list
        self._view = view
        self.chip.show_state(*chip_of(view.state, ended_before=view.ended_before))
        for tab in self._made_tabs:
            tab.render(view)
        self._render_empty_place(view)
        self._render_header(view)
        self._render_buttons(view)
        self.ticks.render(view)

    def _create_header(self, clock: Clock) -> None:
        self.title = title_label(self.tr("Access token"))
        self.chip = Chip()
        self.expiry = ElidedLabel(role="muted")
        self.expiry.setAlignment(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        self.activity = ActivityLine(clock)
        self.corner = QStackedWidget()
        self.corner.addWidget(self.expiry)
        self.corner.addWidget(self.activity)
        self.corner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(3)
        self.progress.setAccessibleName(self.tr("Work under way"))
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(policy)

    def _make_document(self) -> None:
        from gui.widgets.document_view import DocumentView  # noqa: PLC0415  # see `rest`

        self.document = DocumentView()
        self._add_tab(self.document, self.tr("Document"))

    def _make_raw(self) -> None:
        from gui.widgets.raw_view import RawView  # noqa: PLC0415  # see `rest`

        self.raw = RawView()
        self._add_tab(self.raw, self.tr("Raw"))

    def _make_fields(self) -> None:
        from gui.widgets.fields_view import FieldsView  # noqa: PLC0415  # see `rest`

        self.fields = FieldsView(self._now)
        self.fields.masking_requested.connect(self._on_masking_requested)
        self._add_tab(self.fields, self.tr("Fields"))

    def _make_show_button(self) -> None:
        # In the corner of the tabs, for it works on all of them.
        self.show_button = Button("", role="flat")
        set_words(self.show_button, self.tr("Show secrets"), self.tr("Hide secrets"))
        self.tabs.setCornerWidget(self.show_button)
        self.show_button.clicked.connect(self._on_show_clicked)

    def _add_tab(self, tab: DocumentView | RawView | FieldsView, name: str) -> None:
        tab.copy_requested.connect(self.copy_requested)
        tab.render(self._view)
        self._made_tabs = (*self._made_tabs, tab)
        self.tabs.addTab(tab, name)
        self._on_tab_changed(self.tabs.currentIndex())

    def _make_tabs(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.place.addWidget(self.tabs)
        self.tabs.currentChanged.connect(self._on_tab_changed)

    def _create_place(self) -> None:
        self.empty = plain_label(role="muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(24)
        self.place = QStackedWidget()
        self.place.addWidget(self.empty)

    def _create_buttons(self) -> None:
        self.copy_button = Button(self.tr("Copy token"))
        self.save_button = Button(self.tr("Save…"))
        self.probe_button = Button(self.tr("Try it"))
        self.refresh_button = Button(self.tr("Refresh"))
        self.keep_button = Button(self.tr("Keep token"))
        self.keep_button.setAccessibleDescription(self.tr("Does not revoke the token and goes on with it"))
        self.keep_button.setToolTip(self.keep_button.accessibleDescription())
        self.revoke_button = Button(self.tr("Revoke"), role="danger")
        self.start_over_button = Button(self.tr("Start over"))
        self.issued_button = BriefButton(role="flat")
        # One place for two buttons of which never more than one can be pressed.
        self.refresh_or_keep = QStackedWidget()
        self.refresh_or_keep.addWidget(self.refresh_button)
        self.refresh_or_keep.addWidget(self.keep_button)
        self.refresh_or_keep.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        lesser = (self.copy_button, self.save_button)
        self.action_row = ActionRow(
            lesser,
            (self.probe_button, self.refresh_or_keep, self.revoke_button, self.start_over_button),
            (lesser, (self.start_over_button,), (self.probe_button,)),
        )
        self._buttons: dict[Control, tuple[Button, ...]] = {
            Control.COPY_TOKEN: (self.copy_button,),
            Control.SAVE_DOCUMENT: (self.save_button,),
            Control.PROBE: (self.probe_button,),
            Control.REFRESH: (self.refresh_button,),
            Control.KEEP_TOKEN: (self.keep_button,),
            Control.REVOKE: (self.revoke_button,),
            Control.START_OVER: (self.start_over_button,),
        }

    def _connect(self) -> None:
        self.copy_button.clicked.connect(self.copy_token)
        self.save_button.clicked.connect(self.save_requested)
        self.probe_button.clicked.connect(self.probe_requested)
        self.refresh_button.clicked.connect(self.refresh_requested)
        self.keep_button.clicked.connect(self.keep_requested)
        self.revoke_button.clicked.connect(self.revoke_requested)
        self.start_over_button.clicked.connect(self.start_over_requested)
        self.issued_button.clicked.connect(self.issued_tokens_requested)
        self.activity.cancel_requested.connect(self.cancel_requested)
        self._reveal.changed.connect(self._on_reveal_changed)
        self._minutes.ticked.connect(self._on_minute_passed)

    def _lay_out(self) -> None:
        header = QHBoxLayout()
        header.setSpacing(8)
        header.addWidget(self.title)
        header.addWidget(self.chip)
        header.addWidget(self.corner, 1)
        footer = QHBoxLayout()
        footer.setSpacing(8)
        footer.addWidget(self.ticks, 1)
        footer.addWidget(self.issued_button)
        self.body.setSpacing(4)
        self.body.addLayout(header)
        self.body.addWidget(self.progress)
        self.body.addWidget(self.place, 1)
        self.body.addSpacing(4)
        self.body.addWidget(self.action_row)
        self.body.addLayout(footer)

    def _render_empty_place(self, view: SessionView) -> None:
        self.empty.setText(empty_sentence(view.state, paste_only=view.paste_only, ended_before=view.ended_before))
        self.place.setCurrentWidget(self.empty if view.shown is None else self.tabs)

    def _render_header(self, view: SessionView) -> None:
        self.activity.render(view)
        busy = view.activity is not None
        self.corner.setCurrentWidget(self.activity if busy else self.expiry)
        self.progress.setVisible(busy)
        self._minutes.set_running(running=view.shown is not None and expiry_of(view.shown) is not None)
        self._word_expiry()

    def _word_expiry(self) -> None:
        text, short, over = "", "", False
        if self._view.shown is not None and self._view.state is not State.REVOKED:
            text, short, over = self._expiry_of(self._view.shown)
        self.expiry.set_whole_text(text, short)
        role = "danger" if over else "muted"
        if self.expiry.property("role") != role:
            self.expiry.setProperty("role", role)
            restyle(self.expiry)

    def _expiry_of(self, shown: ShownToken) -> tuple[str, str, bool]:
        """Return the expiry in words, in fewer words, and whether it is over."""
        expires_at = expiry_of(shown)
        if expires_at is None:
            return self.tr("expiry not known"), "", False
        left = left_text(expires_at, self._now())
        if is_over(expires_at, self._now()):
            return left, "", True
        text = self.tr("expires {when} ({left})").format(when=local_text(expires_at), left=left)
        return text, self.tr("expires {left}").format(left=left), False

    def _render_buttons(self, view: SessionView) -> None:
        for control, buttons in self._buttons.items():
            for button in buttons:
                button.setEnabled(control in view.controls)
                button.set_primary(control is view.next_control)
        self.refresh_or_keep.setCurrentWidget(self.keep_button if view.state is State.AT_RISK else self.refresh_button)
        self._render_reasons(view)
        live = len(view.issued.live)
        if view.issued_problem is not None:
            self.issued_button.set_words(self.tr("Issued tokens: unknown"), self.tr("Issued: ?"))
        else:
            self.issued_button.set_words(
                self.tr("Issued tokens: {count} live").format(count=live),
                self.tr("Issued: {count}").format(count=live),
            )
        self.action_row.fit()

    def _render_reasons(self, view: SessionView) -> None:
        """Say why something cannot be done that the state would allow, and what else a revoke ends."""
        reasons = reasons_of(view)
        for button, missing in (
            (self.copy_button, view.shown is not None and not view.shown.live.access_token),
            (self.refresh_button, view.shown is not None and not view.shown.live.refresh_token),
            (self.save_button, view.shown is not None and view.shown.document is None),
        ):
            if missing:
                button.setEnabled(False)
        for button, why in (
            (self.copy_button, reasons.no_copying),
            (self.refresh_button, reasons.no_refresh),
            (self.save_button, reasons.no_saving),
            (self.revoke_button, reasons.revoke),
        ):
            button.setToolTip(why)
            button.setAccessibleDescription(why)

    @Slot()
    def _on_show_clicked(self) -> None:
        self._reveal.set_shown(shown=not self._reveal.shown)

    @Slot(bool)
    def _on_reveal_changed(self, shown: bool) -> None:
        self.show_button.setText(self.tr("Hide secrets") if shown else self.tr("Show secrets"))
        for tab in self._made_tabs:
            tab.set_revealed(shown)

    @Slot(int)
    def _on_tab_changed(self, _index: int) -> None:
        for tab in self._made_tabs[:2]:
            tab.set_in_sight(self.tabs.currentWidget() is tab)  # type: ignore[union-attr]  # the fields have no such

    @Slot()
    def _on_masking_requested(self) -> None:
        self._reveal.set_shown(shown=False)

    @Slot()
    def _on_minute_passed(self) -> None:
        self._word_expiry()

    @Slot()
    def copy_token(self) -> None:
        """Ask for the access token to be copied, if there is one."""
        if _token_of(self._view):
            text = _token_of(self._view)
            self.copy_requested.emit(CopyRequest(text, self.tr("Access token"), secret=True))


def _identity_of(view: SessionView) -> tuple[str, str]:
    """Return what tells one token from the next: of some that were opened from the list the token is not here."""
    return ("", "") if view.shown is None else (view.shown.token.token_id, _token_of(view))


def _token_of(view: SessionView) -> str:
    return view.shown.live.access_token if view.shown is not None else ""
