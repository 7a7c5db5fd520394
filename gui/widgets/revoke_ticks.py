"""How far a revoke came: three ticks, and an honest word where one could not be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QSizePolicy, QWidget

from gui.concur.contract import CONTRACTS, proof_words
from gui.flow.revocation import Revocation, Tick
from gui.session_state import State
from gui.widgets.parts import restyle
from gui.widgets.theme import small_font
from gui.widgets.words import translated

if TYPE_CHECKING:
    from gui.session_view import SessionView

MARKS = {Tick.PENDING: "○", Tick.DONE: "✓", Tick.FAILED: "✕", Tick.UNPROVEN: "?"}
_ROLES = {Tick.PENDING: "muted", Tick.DONE: "success", Tick.FAILED: "danger", Tick.UNPROVEN: "warning"}
_GAP = 12
_UNDER_WAY = frozenset({State.REVOKING, State.PROVING, State.WIPING})


class TickMark(QLabel):
    """One step of a revoke: a mark, a few words, and a sentence for whoever asks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._long, self._short = "", ""
        self._mark = MARKS[Tick.PENDING]
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(small_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_tick(self, tick: Tick, long_word: str, short_word: str, sentence: str) -> None:
        """Show how the step stands. All words are ours: the tooltip may be taken for markup."""
        self._mark, self._long, self._short = MARKS[tick], long_word, short_word
        self.setToolTip(f"{long_word}. {sentence}")
        self.setAccessibleName(long_word)
        self.setAccessibleDescription(sentence)
        if self.property("role") != _ROLES[tick]:
            self.setProperty("role", _ROLES[tick])
            restyle(self)

    def word_briefly(self, *, brief: bool) -> None:
        """Show the short word or the long one."""
        self.setText(f"{self._mark} {self._short if brief else self._long}")

    def width_of(self, *, brief: bool) -> int:
        """Return how wide it is then."""
        return self.width_with(self._mark, self._short if brief else self._long)

    def width_with(self, mark: str, word: str) -> int:
        """Return how wide it would be with other words."""
        return QFontMetrics(self.font()).horizontalAdvance(f"{mark} {word}") + 4


class RevokeTicks(QWidget):
    """Server, refused, local copy; their place is kept while there is no token.

    In shorter words where there is little room: as much as the widest of them need, so that no tick moves anything.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.server = TickMark()
        self.refused = TickMark()
        self.local_copy = TickMark()
        self._marks = (self.server, self.refused, self.local_copy)
        self._shown: tuple[Revocation, bool, str] | None = None
        row = QHBoxLayout(self)
        row.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # minimumSizeHint knows it better
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        for mark in self._marks:
            row.addWidget(mark)
        row.addStretch(1)
        self.setAccessibleName(self.tr("How far the revoke came"))
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self._brief_words = self._all_brief_words()
        self._show(Revocation(), "", over=False)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show the revocation of a view; none looks like one that has not begun. Without a token there is none."""
        self.setVisible(view.shown is not None or view.revocation is not None)
        revocation = view.revocation or Revocation()
        contract = view.profile.contract if view.shown is None else view.shown.token.contract
        proved = translated(proof_words(CONTRACTS.get(contract), by_refresh=revocation.proved_by_refresh))
        self._show(revocation, proved, over=view.revocation is not None and view.state not in _UNDER_WAY)

    def sizeHint(self) -> QSize:
        return QSize(self._width(brief=False), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        widest = (
            max(mark.width_with(*words) for words in all_words) + _GAP
            for mark, all_words in zip(self._marks, self._brief_words, strict=True)
        )
        return QSize(sum(widest), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _all_brief_words(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """Return mark and short word of every tick, for each of the three."""
        server = tuple((MARKS[tick], self._server_words(tick)[1]) for tick in Tick)
        refused = tuple((MARKS[tick], self._refused_words(tick)[1]) for tick in Tick)
        unsent = Revocation(Tick.UNPROVEN, Tick.DONE, nothing_sent=True)
        server += ((MARKS[unsent.server], self._unsent_words()[1]),)
        refused += ((MARKS[unsent.refused], self._refused_before_words(unsent.refused)[1]),)
        copy = tuple(
            (MARKS[tick], self._local_copy_words(tick, kept=kept)[1]) for tick in Tick for kept in (False, True)
        )
        return server, refused, copy

    def _width(self, *, brief: bool) -> int:
        return sum(mark.width_of(brief=brief) + _GAP for mark in self._marks)

    def _fit(self) -> None:
        brief = self._width(brief=False) > self.width()
        for mark in self._marks:
            mark.word_briefly(brief=brief)

    def _show(self, revocation: Revocation, proved: str, *, over: bool) -> None:
        if (revocation, over, proved) == self._shown:
            return
        self._shown = (revocation, over, proved)
        kept = over and not revocation.ended_token
        if revocation.nothing_sent:
            self.server.show_tick(revocation.server, *self._unsent_words())
            self.refused.show_tick(revocation.refused, *self._refused_before_words(revocation.refused))
        else:
            self.server.show_tick(revocation.server, *self._server_words(revocation.server))
            self.refused.show_tick(revocation.refused, *self._refused_words(revocation.refused, proved))
        self.local_copy.show_tick(revocation.local_copy, *self._local_copy_words(revocation.local_copy, kept=kept))
        self.updateGeometry()
        self._fit()

    def _server_words(self, tick: Tick) -> tuple[str, str, str]:
        return {
            Tick.PENDING: (self.tr("revoked at Concur"), self.tr("revoked"), self.tr("Not done yet.")),
            Tick.DONE: (
                self.tr("revoked at Concur"),
                self.tr("revoked"),
                self.tr("Done: the server confirmed the revoke."),
            ),
            Tick.FAILED: (
                self.tr("not revoked at Concur"),
                self.tr("not revoked"),
                self.tr("Failed: the server did not revoke the token, so it is to be taken for live."),
            ),
            Tick.UNPROVEN: (
                self.tr("revoke not confirmed"),
                self.tr("not confirmed"),
                self.tr("Not known: the request was sent, and no answer confirmed the revoke."),
            ),
        }[tick]

    def _refused_words(self, tick: Tick, proved: str = "") -> tuple[str, str, str]:
        return {
            Tick.PENDING: (self.tr("proved refused"), self.tr("refused"), self.tr("Not done yet.")),
            Tick.DONE: (
                self.tr("proved refused"),
                self.tr("refused"),
                " ".join((self.tr("Done: it was tried once more after the revoke."), proved)).strip(),
            ),
            Tick.FAILED: (
                self.tr("still accepted"),
                self.tr("accepted"),
                self.tr("Failed: a call with the token was accepted after the revoke. It is live."),
            ),
            Tick.UNPROVEN: (
                self.tr("refusal not proved"),
                self.tr("not proved"),
                self.tr("Not known: no call could show that the token is refused because of the revoke."),
            ),
        }[tick]

    def _unsent_words(self) -> tuple[str, str, str]:
        return (
            self.tr("no revoke sent"),
            self.tr("not sent"),
            self.tr(
                "Not known what ended it: Concur refuses the refresh token (code 108), so no revoke could be sent."
            ),
        )

    def _refused_before_words(self, tick: Tick) -> tuple[str, str, str]:
        if tick is not Tick.DONE:
            why = self.tr(
                "Not known: the refresh token is refused, and one that took its place may never have arrived. "
                "That one may live."
            )
            return self.tr("refusal proves nothing"), self.tr("not proved"), why
        return (
            self.tr("refused already"),
            self.tr("refused"),
            self.tr(
                "Concur refuses the refresh token (code 108): it was ended elsewhere, has expired, or was replaced by "
                "one that never arrived."
            ),
        )

    def _local_copy_words(self, tick: Tick, *, kept: bool) -> tuple[str, str, str]:
        if tick is Tick.PENDING and kept:
            why = self.tr("Kept on purpose, so that the token can be revoked once more.")
            return self.tr("local copy kept"), self.tr("copy kept"), why
        return {
            Tick.PENDING: (self.tr("local copy removed"), self.tr("copy removed"), self.tr("Not done yet.")),
            Tick.DONE: (
                self.tr("local copy removed"),
                self.tr("copy removed"),
                self.tr("Done: the token is gone from this computer."),
            ),
            Tick.FAILED: (
                self.tr("local copy left"),
                self.tr("copy left"),
                self.tr("Failed: the token could not be removed from this computer. It is tried again later."),
            ),
            Tick.UNPROVEN: (
                self.tr("local copy not certain"),
                self.tr("copy not certain"),
                self.tr("Not known: whether the token is gone from this computer could not be shown."),
            ),
        }[tick]
