"""What the list of issued tokens says about each: one row for everything that a review found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from gui.store.issued_entry import KEPT_IN_KEYRING
from gui.widgets.parts import Kind
from gui.widgets.token_times import is_over, left_text, local_text
from gui.widgets.words import message_of

if TYPE_CHECKING:
    from datetime import datetime

    from gui.concur.errors import FlowError
    from gui.session_view import SessionView
    from gui.store.issued_entry import ExchangeNote, IssuedToken
    from gui.store.review import UnresolvedToken

_SHOWN_ID = 8


@dataclass(frozen=True, slots=True)
class IssuedRow:
    """One row, all of it in words for the user. Names and URLs in it come from outside."""

    token_id: str
    profile: str
    state: str
    kind: Kind
    issued: str
    expires: str
    kept: str
    purpose: str
    meaning: str
    """What the state means and what can be done."""
    facts: str
    """What else is known, to find the token at Concur."""
    forgetting: str = ""
    """What it means to forget it; "" where it cannot be forgotten."""
    can_open: bool = False
    can_revoke: bool = False
    busy: bool = False

    @property
    def can_forget(self) -> bool:
        """Whether it can be forgotten."""
        return bool(self.forgetting)


def rows_of(view: SessionView, now: datetime) -> tuple[IssuedRow, ...]:
    """Return every token and note of a review: what is live comes first."""
    review = view.issued
    shown_id = view.shown.token.token_id if view.shown is not None else ""
    rows = [_live_row(token, now, in_window=token.token_id == shown_id) for token in review.live]
    rows += [_lost_row(token, now) for token in review.lost]
    rows += [_cut_off_row(exchange) for exchange in review.cut_off]
    rows += [_unresolved_row(unresolved) for unresolved in review.unresolved]
    rows += [_unwiped_row(token, now) for token in review.unwiped]
    rows += [_elsewhere_row(token, now) for token in review.elsewhere]
    rows += [_in_flight_row(exchange) for exchange in review.in_flight]
    return tuple(_busy(row) if row.token_id in view.issued_busy else row for row in rows)


def problem_texts(view: SessionView) -> tuple[str, ...]:
    """Return what kept the review from looking closer, and which files could not be used."""
    whole = () if view.issued_problem is None else (view.issued_problem,)
    return tuple(_problem_text(problem) for problem in (*whole, *view.issued.problems, *view.issued.set_aside))


def _problem_text(problem: FlowError) -> str:
    message = message_of(problem)
    return " ".join(part for part in (f"{message.title}.", message.text, message.advice) if part)


def _busy(row: IssuedRow) -> IssuedRow:
    return replace(
        row, state=_tr("at work…"), kind=Kind.INFO, busy=True, can_open=False, can_revoke=False, forgetting=""
    )


def _token_row(token: IssuedToken, now: datetime, state: str, kind: Kind, meaning: str) -> IssuedRow:
    expires = _tr("not known")
    if token.expires_at is not None:
        over = is_over(token.expires_at, now)
        expires = left_text(token.expires_at, now) if over else local_text(token.expires_at)
    kept = _tr("keyring") if token.kept == KEPT_IN_KEYRING else _tr("memory")
    return IssuedRow(
        token_id=token.token_id,
        profile=token.profile_name or "—",
        state=state,
        kind=kind,
        issued=local_text(token.issued_at),
        expires=expires,
        kept=kept,
        purpose=_purpose(token.purpose),
        meaning=meaning,
        facts=_facts(token.token_id, token.base_url, token.consumer_key),
    )


def _live_row(token: IssuedToken, now: datetime, *, in_window: bool) -> IssuedRow:
    meaning = _tr("Works at Concur as far as is known here. Open it to work with it, or revoke it.")
    state = _tr("live")
    if in_window:
        state, meaning = _tr("live, in the window"), _tr("The window works on it. Revoke it when it is not needed.")
    elif token.superseded_by is not None:
        state = _tr("live, refreshed")
        meaning = _tr(
            "A refresh brought a newer token. This one may go on working beside it (Concur does not document this): "
            "revoke it too."
        )
    expires = local_text(token.expires_at) if token.expires_at is not None else _tr("not known")
    forgetting = _tr(
        "Forget this token without revoking it? It goes on living at Concur until it expires ({expires}), "
        "and cannot be revoked from here any more."
    ).format(expires=expires)
    row = _token_row(token, now, state, Kind.SUCCESS, meaning)
    return replace(row, can_open=not in_window, can_revoke=True, forgetting=forgetting)


def _lost_row(token: IssuedToken, now: datetime) -> IssuedRow:
    meaning = _tr(
        "Was kept in the memory of a program that has ended, so it cannot be revoked from here. "
        "Revoke it at Concur, for the consumer key below, then forget it."
    )
    forgetting = _tr("Forget this token? If it was not revoked at Concur, it goes on living there until it expires.")
    return replace(_token_row(token, now, _tr("lost"), Kind.DANGER, meaning), forgetting=forgetting)


def _elsewhere_row(token: IssuedToken, now: datetime) -> IssuedRow:
    meaning = _tr("Another App Center Flow that is running keeps it in memory. Revoke it there.")
    return _token_row(token, now, _tr("in another window"), Kind.INFO, meaning)


def _unwiped_row(token: IssuedToken, now: datetime) -> IssuedRow:
    state, fate = {
        "revoked": (_tr("revoked, copy left"), _tr("It was revoked at Concur.")),
        "forgotten": (_tr("forgotten, copy left"), _tr("It was forgotten and not revoked: it may go on living.")),
    }.get(token.wiped_for or "", (_tr("ended, copy left"), _tr("It was ended here.")))
    meaning = _tr("{fate} Its local copy could not be removed yet: refresh the list to try again, or forget it.")
    forgetting = _tr("Remove the local copy of this token? What became of the token at Concur does not change.")
    return replace(
        _token_row(token, now, state, Kind.WARNING, meaning.format(fate=fate)),
        forgetting=forgetting,
    )


def _note_row(note: ExchangeNote, state: str, kind: Kind, meaning: str) -> IssuedRow:
    return IssuedRow(
        token_id=note.token_id,
        profile=note.profile_name or "—",
        state=state,
        kind=kind,
        issued=local_text(note.noted_at),
        expires="—",
        kept="—",
        purpose=_purpose(note.purpose),
        meaning=meaning,
        facts=_facts(note.token_id, note.base_url, note.consumer_key),
    )


def _cut_off_row(note: ExchangeNote) -> IssuedRow:
    state = _tr("refresh cut off") if note.refreshes else _tr("exchange cut off")
    meaning = _tr(
        "Concur may have issued a token that nobody holds. To be sure, revoke all tokens of that user at Concur, "
        "for the consumer key below, then forget it."
    )
    forgetting = _tr("Forget this note? If a token was issued, it goes on living at Concur until it expires.")
    return replace(_note_row(note, state, Kind.WARNING, meaning), forgetting=forgetting)


def _in_flight_row(note: ExchangeNote) -> IssuedRow:
    state = _tr("refresh under way") if note.refreshes else _tr("exchange under way")
    return _note_row(note, state, Kind.INFO, _tr("It is being asked for now. Wait for its end, then refresh the list."))


def _unresolved_row(unresolved: UnresolvedToken) -> IssuedRow:
    return IssuedRow(
        token_id=unresolved.token_id,
        profile="—",
        state=_tr("not known"),
        kind=Kind.WARNING,
        issued="—",
        expires="—",
        kept="—",
        purpose="—",
        meaning=_tr(
            "Its file cannot be used, and the keyring has not told yet whether it has the token. "
            "It may be live. Unlock the keyring, then refresh the list."
        ),
        facts=_tr("id {token_id} · file {path}").format(
            token_id=unresolved.token_id[:_SHOWN_ID], path=unresolved.path.name
        ),
    )


def _purpose(purpose: str) -> str:
    return {"window": _tr("window"), "self-test": _tr("self-test")}.get(purpose, purpose or "—")


def _facts(token_id: str, base_url: str, consumer_key: str) -> str:
    template = _tr("id {token_id} · {base_url} · consumer key {consumer_key}")
    return template.format(token_id=token_id[:_SHOWN_ID], base_url=base_url, consumer_key=consumer_key)


def _tr(text: str) -> str:
    return QCoreApplication.translate("IssuedTokens", text)
