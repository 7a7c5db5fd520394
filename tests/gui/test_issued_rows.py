from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from gui.session_state import State
from gui.store.review import Review
from gui.widgets.issued_rows import IssuedRow, problem_texts, rows_of
from gui.widgets.parts import Kind
from tests.gui.samples import CONSUMER_KEY, EXPIRES_AT, NOW, TOKEN_ID, full_review, issued_token, view_of

if TYPE_CHECKING:
    from gui.session_view import SessionView

STATES = {
    TOKEN_ID: ("live, in the window", Kind.SUCCESS),
    "1" * 32: ("live, refreshed", Kind.SUCCESS),
    "2" * 32: ("exchange cut off", Kind.WARNING),
    "3" * 32: ("refresh cut off", Kind.WARNING),
    "4" * 32: ("exchange under way", Kind.INFO),
    "5" * 32: ("in another window", Kind.INFO),
    "6" * 32: ("lost", Kind.DANGER),
    "7" * 32: ("revoked, copy left", Kind.WARNING),
    "8" * 32: ("forgotten, copy left", Kind.WARNING),
    "9" * 32: ("not known", Kind.WARNING),
}
CAN = {
    # open, revoke, forget
    TOKEN_ID: (False, True, True),
    "1" * 32: (True, True, True),
    "2" * 32: (False, False, True),
    "3" * 32: (False, False, True),
    "4" * 32: (False, False, False),
    "5" * 32: (False, False, False),
    "6" * 32: (False, False, True),
    "7" * 32: (False, False, True),
    "8" * 32: (False, False, True),
    "9" * 32: (False, False, False),
}


def full_view() -> SessionView:
    return replace(view_of(State.CONNECTED), issued=full_review())


def row_of(view: SessionView, token_id: str) -> IssuedRow:
    return next(row for row in rows_of(view, NOW) if row.token_id == token_id)


def test_every_group_is_listed_once() -> None:
    assert sorted(row.token_id for row in rows_of(full_view(), NOW)) == sorted(STATES)


@pytest.mark.parametrize("token_id", STATES)
def test_state_and_what_can_be_done(token_id: str) -> None:
    row = row_of(full_view(), token_id)
    assert (row.state, row.kind) == STATES[token_id]
    assert (row.can_open, row.can_revoke, row.can_forget) == CAN[token_id]
    assert row.meaning.endswith(".")
    assert row.facts.startswith(f"id {token_id[:8]}")


@pytest.mark.parametrize("token_id", [token_id for token_id, (_o, _r, forget) in CAN.items() if forget])
def test_forgetting_says_what_it_means(token_id: str) -> None:
    assert "?" in row_of(full_view(), token_id).forgetting


def test_forgetting_a_live_token() -> None:
    words = row_of(full_view(), TOKEN_ID).forgetting
    assert "goes on living at Concur" in words
    assert "cannot be revoked from here" in words


@pytest.mark.parametrize("token_id", STATES)
def test_busy(token_id: str) -> None:
    row = row_of(replace(full_view(), issued_busy=frozenset({token_id})), token_id)
    assert row.state == "at work…"  # it may be revoked or only forgotten
    assert row.busy
    assert not (row.can_open)
    assert not (row.can_revoke)
    assert not (row.can_forget)


def test_live_in_no_window() -> None:
    view = replace(view_of(State.STOPPED), issued=Review(live=(issued_token(),)))
    assert row_of(view, TOKEN_ID).state == "live"
    assert row_of(view, TOKEN_ID).can_open


def test_facts_for_a_revoke_at_concur() -> None:
    row = row_of(full_view(), "2" * 32)
    assert CONSUMER_KEY in row.facts
    assert "https://www.concursolutions.com" in row.facts


def test_expired() -> None:
    rows = rows_of(view_of(State.CONNECTED), EXPIRES_AT + timedelta(days=3))
    assert rows[0].expires == "expired 3 days ago"


def test_expiry_not_known() -> None:
    token = replace(issued_token(), expires_at=None)
    row = rows_of(replace(view_of(State.STOPPED), issued=Review(live=(token,))), NOW)[0]
    assert row.expires == "not known"
    assert "not known" in row.forgetting


def test_simulated_in_no_word_taken_for_documented() -> None:
    assert "Concur does not document this" in row_of(full_view(), "1" * 32).meaning


def test_problems() -> None:
    texts = problem_texts(full_view())
    assert len(texts) == 2
    assert texts[0].startswith("The keyring is locked.")
    assert "issued-9.corrupt" in texts[1]


def test_nothing() -> None:
    view = view_of(State.STOPPED)
    assert rows_of(view, NOW) == ()
    assert problem_texts(view) == ()


def test_no_secret_in_a_row() -> None:
    assert "Canary" not in repr(rows_of(full_view(), NOW))
