"""Step 3: a request token, from the App Center, from a sign-in, or pasted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.concur.contract import CONTRACTS
from gui.concur.kinds import Origin
from gui.session_state import Control, State
from gui.session_view import ListenerStatus, SessionView
from gui.widgets.parts import Button
from gui.widgets.paste_row import PasteRow
from gui.widgets.step_card import Step, StepCard
from gui.widgets.theme import GRID
from gui.widgets.words import translated
from gui.widgets.wrapped_label import WrappedLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.models import RequestToken

_BEFORE = frozenset({State.UNCONFIGURED, State.STOPPED, State.WAITING})
_HELD = frozenset({State.RECEIVED, State.EXCHANGING})
_MINUTE_S, _SECONDS_TOLD_UNTIL_S, _HOUR_S = 60, 15 * 60, 3600
_SHOWN_START = 4
_LONGEST_ID = 64
"""Characters; a UUID has 36."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class RequestTokenCard(StepCard):
    """The ways to a request token, and what is known of the one that came."""

    simulate_requested = Signal()
    open_browser_requested = Signal()
    paste_submitted = Signal(str)
    drop_requested = Signal()

    def __init__(self, parent: QWidget | None = None, *, clock: Callable[[], datetime] = _utc_now) -> None:
        super().__init__(3, parent=parent)
        self.set_title(self.tr("Request token"))
        self._clock = clock
        self._view = SessionView()
        self._age_timer = QTimer(self)
        self._age_timer.setInterval(1000)
        self._age_timer.timeout.connect(self._on_age_timer_timeout)
        self._note = WrappedLabel(role="small")
        self._simulate = Button(self.tr("Simulate App Center"))
        self._simulate.setObjectName("simulate_app_center")
        self._open = Button(self.tr("Open in browser"))
        self._open.setObjectName("open_browser")
        self._paste = PasteRow()
        self._drop = Button(self.tr("Drop"))
        self._drop.setObjectName("drop_request_token")
        self._drop.setAccessibleName(self.tr("Drop the request token"))
        self._simulate.clicked.connect(self.simulate_requested)
        self._open.clicked.connect(self.open_browser_requested)
        self._paste.submitted.connect(self.paste_submitted)
        self._drop.clicked.connect(self.drop_requested)
        self._ways, self._held = QWidget(), QWidget()
        self._lay_out_details()

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show the ways to a request token, or the one that a view holds."""
        self._view = view
        held = view.state in _HELD and view.request_token is not None
        self._simulate.setVisible(view.simulated)
        self._simulate.setEnabled(Control.SIMULATE_APP_CENTER in view.controls)
        self._simulate.set_primary(view.next_control is Control.SIMULATE_APP_CENTER)
        self._open.setEnabled(Control.OPEN_BROWSER in view.controls)
        self._open.set_primary(view.next_control is Control.OPEN_BROWSER)
        self._describe_open(simulated=view.simulated)
        self._drop.setEnabled(Control.DROP_REQUEST_TOKEN in view.controls)
        self._paste.show_state(
            enabled=Control.PASTE_REDIRECT in view.controls,
            profile=view.profile,
            request_token=view.request_token,
        )
        self._ways.setVisible(not held)
        self._held.setVisible(held)
        self._show_words()
        self._keep_time()

    def reveal_paste_field(self) -> None:
        """Unfold where that is needed, and put the cursor into the field."""
        self.reveal()
        self._paste.take_focus()

    def _lay_out_details(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self._simulate)
        buttons.addWidget(self._open)
        buttons.addStretch(1)
        ways = _column(self._ways)
        ways.addLayout(buttons)
        ways.addWidget(self._paste)
        held = QHBoxLayout(self._held)
        held.setContentsMargins(0, 0, 0, 0)
        held.addWidget(self._drop)
        held.addStretch(1)
        self.details.addWidget(self._note)
        self.details.addWidget(self._ways)
        self.details.addWidget(self._held)

    def _describe_open(self, *, simulated: bool) -> None:
        if simulated:
            words = self.tr("Opens the simulated App Center; press Connect there")
        else:
            words = self.tr("Opens Concur's sign-in page; sign in and allow access there")
        self._open.setToolTip(words)
        self._open.setAccessibleDescription(words)

    def _show_words(self) -> None:
        view = self._view
        token = view.request_token
        self._note.set_whole_text(self._note_of(view))
        if token is not None and view.state in _HELD:
            line = self.tr("request token {start}, {age} old")
            line = line.format(start=_start_of(token), age=self._age_of(token))
            self.show_step(Step.DONE, line, stands_open=True)
        elif view.state is State.WAITING:
            self.show_step(Step.CURRENT, self._waiting_line_of(view))
        elif view.state is State.STOPPED and view.paste_only:
            self.show_step(Step.CURRENT, self.tr("waiting for a redirect to be pasted"))
        elif view.state in _BEFORE:
            # The listener cannot run and a redirect can still be pasted: that way must not be hidden then.
            stuck = view.listener.problem is not None and Control.PASTE_REDIRECT in view.controls
            self.show_step(Step.LATER, self.tr("nothing received yet"), stands_open=stuck)
        elif token is None:
            self.show_step(Step.LATER, self.tr("none; the token was opened from the list"))
        else:
            time = token.received_at.astimezone().strftime("%H:%M:%S")
            self.show_step(
                Step.DONE, self.tr("request token {start} came at {time}").format(start=_start_of(token), time=time)
            )

    def _waiting_line_of(self, view: SessionView) -> str:
        if view.simulating:
            return self.tr("the simulated App Center is at work…")
        if view.listener.expected is Origin.WEB_FLOW:
            return self.tr("waiting for the redirect of the sign-in")
        if view.simulated:
            return self.tr("waiting for the simulated App Center")
        return self.tr("waiting for the App Center's redirect")

    def _note_of(self, view: SessionView) -> str:
        if view.state in _HELD:
            return self._note_of_held(view)
        if view.paste_only:
            return self.tr(
                "Connect in the browser, then paste the address that it shows: "
                "the redirect cannot arrive here by itself."
            )
        if view.listener.status is not ListenerStatus.LISTENING:
            return self.tr("It arrives at the listener once that is started; a redirect can be pasted without it.")
        if view.listener.expected is Origin.WEB_FLOW:
            return self.tr("Sign in and allow access in the browser; Concur then sends the request token here.")
        if view.simulated:
            return self.tr(
                "A user who presses Connect in the App Center sends a request token here. "
                "Let the simulated App Center do it, or press Connect on its page yourself."
            )
        return self.tr(
            "A user who presses Connect in the App Center sends a request token here. "
            "Before a listing exists, the sign-in page does the same."
        )

    def _note_of_held(self, view: SessionView) -> str:
        contract, token = CONTRACTS.get(view.profile.contract), view.request_token
        sentences = []
        if contract is not None:
            is_code = token is not None and token.principal_id is None
            sentences.append(translated(contract.code_life_words if is_code else contract.life_words))
        if token is not None and token.principal_id:
            words = self.tr("It came with the id {id}.")
            sentences.append(words.format(id=_shortened(token.principal_id)))
        if token is not None and token.user_id:
            words = self.tr("The user {id} connected the company.")
            sentences.append(words.format(id=_shortened(token.user_id)))
        return " ".join(sentences)

    def _age_of(self, token: RequestToken) -> str:
        seconds = max(int((self._clock() - token.received_at).total_seconds()), 0)
        if seconds < _MINUTE_S:
            return self.tr("{seconds} s").format(seconds=seconds)
        if seconds < _SECONDS_TOLD_UNTIL_S:
            return self.tr("{minutes} min {seconds} s").format(minutes=seconds // 60, seconds=seconds % 60)
        if seconds < _HOUR_S:
            return self.tr("{minutes} min").format(minutes=seconds // 60)
        return self.tr("{hours} h {minutes} min").format(hours=seconds // _HOUR_S, minutes=seconds % _HOUR_S // 60)

    def _keep_time(self) -> None:
        wanted = self._view.state in _HELD and self._view.request_token is not None
        if wanted and not self._age_timer.isActive():
            self._age_timer.start()
        elif not wanted:
            self._age_timer.stop()

    @Slot()
    def _on_age_timer_timeout(self) -> None:
        self._show_words()


def _start_of(token: RequestToken) -> str:
    """Return the first characters: enough to tell two apart, too few to use it."""
    return f"{token.value[: min(_SHOWN_START, len(token.value) // 3)]}…"


def _shortened(id_from_outside: str) -> str:
    bare = " ".join(id_from_outside.split())
    return bare if len(bare) <= _LONGEST_ID else f"{bare[:_LONGEST_ID]}…"


def _column(widget: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID)
    return layout
