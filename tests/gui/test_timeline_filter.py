from __future__ import annotations

from dataclasses import dataclass

import pytest

from gui.concur.models import Direction
from gui.widgets.timeline_filter import RowFilter


@dataclass(frozen=True)
class Row:
    searched: str = "get /redirect?code=0_ab… 400 ← in redirect"
    direction: Direction = Direction.IN
    failed: bool = True


@pytest.mark.parametrize(
    ("row_filter", "accepts"),
    [
        pytest.param(RowFilter(), True, id="everything"),
        pytest.param(RowFilter.of("REDIRECT"), True, id="upper case"),
        pytest.param(RowFilter.of(" 400  get "), True, id="words in another order"),
        pytest.param(RowFilter.of("get 200"), False, id="one word is missing"),
        pytest.param(RowFilter.of("", failed_only=True), True, id="failed"),
        pytest.param(RowFilter.of("", direction=Direction.IN), True, id="in"),
        pytest.param(RowFilter.of("", direction=Direction.OUT), False, id="out"),
        pytest.param(RowFilter.of("post", failed_only=True, direction=Direction.IN), False, id="all but the text"),
    ],
)
def test_rows_pass_by_every_word_failure_and_direction(row_filter: RowFilter, accepts: bool) -> None:
    row = Row()
    assert row_filter.passing([row]) == ([row] if accepts else [])


def test_what_did_not_fail_is_left_out_where_only_failures_are_wanted() -> None:
    failed = Row()
    assert RowFilter.of("", failed_only=True).passing([Row(failed=False), failed]) == [failed]


def test_spaces_alone_filter_nothing() -> None:
    assert RowFilter.of("  ") == RowFilter()
    rows = [Row("a"), Row("b"), Row("a")]
    assert RowFilter.of("  ").passing(rows) == rows


def test_the_order_stays_and_the_list_is_another() -> None:
    rows = [Row("a 1"), Row("b 2"), Row("a 3")]
    assert RowFilter.of("a").passing(rows) == [rows[0], rows[2]]
    assert RowFilter().passing(rows) is not rows
