"""How far a revoke came: three ticks, and an honest word where one could not be had."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from gui.flow.revoking import Revocation, Tick
from gui.widgets.parts import plain_label, restyle

if TYPE_CHECKING:
    from gui.session_view import SessionView

MARKS = {Tick.PENDING: "○", Tick.DONE: "✓", Tick.FAILED: "✕", Tick.UNPROVEN: "?"}
_ROLES = {Tick.PENDING: "muted", Tick.DONE: "success", Tick.FAILED: "danger", Tick.UNPROVEN: "warning"}


class TickMark(QLabel):
    """One step of a revoke: a mark, a few words, and a sentence for whoever asks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(plain_label().textFormat())
        self.setFont(plain_label(role="small").font())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_tick(self, tick: Tick, word: str, sentence: str) -> None:
        """Show how the step stands. All words are ours: the tooltip may be taken for markup."""
        self.setText(f"{MARKS[tick]} {word}")
        self.setToolTip(sentence)
        self.setAccessibleName(word)
        self.setAccessibleDescription(sentence)
        if self.property("role") != _ROLES[tick]:
            self.setProperty("role", _ROLES[tick])
            restyle(self)


class RevokeTicks(QWidget):
    """Server, refused, local copy; always in place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.server = TickMark()
        self.refused = TickMark()
        self.local_copy = TickMark()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for mark in (self.server, self.refused, self.local_copy):
            row.addWidget(mark)
        row.addStretch(1)
        self.setAccessibleName(self.tr("How far the revoke came"))
        self._show(Revocation(), under_way=False)

    def render(self, view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Show the revocation of a view; none looks like one that has not begun."""
        self._show(view.revocation or Revocation(), under_way=view.revocation is not None)

    def _show(self, revocation: Revocation, *, under_way: bool) -> None:
        self.server.show_tick(revocation.server, *self._server_words(revocation.server))
        self.refused.show_tick(revocation.refused, *self._refused_words(revocation.refused))
        over = revocation.server in {Tick.FAILED, Tick.UNPROVEN} or revocation.refused is Tick.FAILED
        kept = under_way and over and not revocation.ended_token
        self.local_copy.show_tick(revocation.local_copy, *self._local_copy_words(revocation.local_copy, kept=kept))

    def _server_words(self, tick: Tick) -> tuple[str, str]:
        return {
            Tick.PENDING: (self.tr("revoked at Concur"), self.tr("Not done yet.")),
            Tick.DONE: (self.tr("revoked at Concur"), self.tr("Done: the server confirmed the revoke.")),
            Tick.FAILED: (
                self.tr("not revoked at Concur"),
                self.tr("Failed: the server did not revoke the token, so it is to be taken for live."),
            ),
            Tick.UNPROVEN: (
                self.tr("revoke not confirmed"),
                self.tr("Not known: the request was sent, and no answer confirmed the revoke."),
            ),
        }[tick]

    def _refused_words(self, tick: Tick) -> tuple[str, str]:
        return {
            Tick.PENDING: (self.tr("proved refused"), self.tr("Not done yet.")),
            Tick.DONE: (
                self.tr("proved refused"),
                self.tr("Done: a call with the token was accepted before the revoke and is refused after it."),
            ),
            Tick.FAILED: (
                self.tr("still accepted"),
                self.tr("Failed: a call with the token was accepted after the revoke. It is live."),
            ),
            Tick.UNPROVEN: (
                self.tr("refusal not proved"),
                self.tr("Not known: no call could show that the token is refused because of the revoke."),
            ),
        }[tick]

    def _local_copy_words(self, tick: Tick, *, kept: bool) -> tuple[str, str]:
        if tick is Tick.PENDING and kept:
            return self.tr("local copy kept"), self.tr("Kept on purpose, so that the token can be revoked once more.")
        return {
            Tick.PENDING: (self.tr("local copy removed"), self.tr("Not done yet.")),
            Tick.DONE: (self.tr("local copy removed"), self.tr("Done: the token is gone from this computer.")),
            Tick.FAILED: (
                self.tr("local copy left"),
                self.tr("Failed: the token could not be removed from this computer. It is tried again later."),
            ),
            Tick.UNPROVEN: (
                self.tr("local copy not certain"),
                self.tr("Not known: whether the token is gone from this computer could not be shown."),
            ),
        }[tick]
