from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QModelIndex, Qt

from gui.session_state import State
from gui.widgets.issued_rows import rows_of
from gui.widgets.issued_tokens_model import EXPIRES, PROFILE, STATE, IssuedTokensModel
from tests.gui.samples import NOW, full_review, view_of

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester

ROWS = rows_of(replace(view_of(State.CONNECTED), issued=full_review()), NOW)
DISPLAY = Qt.ItemDataRole.DisplayRole


def model_with() -> IssuedTokensModel:
    model = IssuedTokensModel()
    model.show_rows(ROWS)
    return model


@pytest.mark.parametrize("count", [0, 3, len(ROWS)])
def test_keeps_qts_rules(qtmodeltester: ModelTester, count: int) -> None:
    model = IssuedTokensModel()
    model.show_rows(ROWS[:count])
    assert model.rowCount() == count
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]  # pytest-qt has no types here


def test_texts() -> None:
    model = model_with()
    assert model.index(0, PROFILE).data() == "Built-in sandbox"
    assert model.index(0, STATE).data() == "● live, in the window"
    assert [model.headerData(number, Qt.Orientation.Horizontal, DISPLAY) for number in range(model.columnCount())] == [
        "Profile",
        "State",
        "Issued",
        "Expires",
        "Kept in",
        "Purpose",
    ]


def test_accessible_text_names_its_column() -> None:
    assert model_with().index(0, STATE).data(Qt.ItemDataRole.AccessibleTextRole) == "State: ● live, in the window"


def test_times_stand_under_their_header() -> None:
    model = model_with()
    role = Qt.ItemDataRole.TextAlignmentRole
    assert model.index(0, EXPIRES).data(role) == model.headerData(EXPIRES, Qt.Orientation.Horizontal, role)
    assert model.index(0, PROFILE).data(role) == model.headerData(PROFILE, Qt.Orientation.Horizontal, role)


def test_change_of_a_row_takes_none_away() -> None:
    model = model_with()
    told: list[str] = []
    model.dataChanged.connect(lambda *_: told.append("changed"))
    model.modelReset.connect(lambda: told.append("reset"))
    model.show_rows(ROWS)
    model.show_rows((replace(ROWS[0], state="other"), *ROWS[1:]))
    assert told == ["changed"]
    model.show_rows(ROWS[1:])
    assert told == ["changed", "reset"]


@pytest.mark.parametrize("name", ["a\nb", "<b>x</b>", "שלמ", "x" * 5000])
def test_names_from_outside(name: str) -> None:
    model = IssuedTokensModel()
    model.show_rows((replace(ROWS[0], profile=name),))
    assert model.index(0, PROFILE).data() == " ".join(name.split())


def test_nothing_beyond_the_end() -> None:
    model = model_with()
    assert model.row_at(-1) is None
    assert model.row_at(len(ROWS)) is None
    assert model.number_of("nobody") == -1
    assert model.data(QModelIndex()) is None
    assert model.rowCount(model.index(0, 0)) == 0
