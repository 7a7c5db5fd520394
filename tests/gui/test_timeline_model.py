from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QModelRoleData, QModelRoleDataSpan, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QAbstractItemModelTester

from gui.concur.models import Direction, Operation
from gui.widgets.timeline_filter import RowFilter
from gui.widgets.timeline_model import Column, TimelineModel
from tests.flow.canaries import secrets_in
from tests.gui.exchanges import STARTED_AT, exchange, redirect, unanswered

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

_ROLES = [role for role in Qt.ItemDataRole if role is not Qt.ItemDataRole.UserRole]


@pytest.fixture
def model(qtbot: QtBot) -> Iterator[TimelineModel]:  # noqa: ARG001  # for the application
    """One that Qt's own tester watches."""
    watched = TimelineModel()
    tester = QAbstractItemModelTester(watched, QAbstractItemModelTester.FailureReportingMode.Warning)
    yield watched
    tester.deleteLater()
    watched.deleteLater()


def cells(model: TimelineModel, row: int = 0) -> list[str]:
    return [str(model.index(row, column).data()) for column in Column]


def numbers(model: TimelineModel) -> list[str]:
    return [str(model.index(row, Column.MS).data()) for row in range(model.rowCount())]


def numbered(first: int, last: int, **changes: Any) -> tuple[Any, ...]:  # noqa: ANN401  # as the exchanges take them
    return tuple(exchange(duration_ms=float(number), **changes) for number in range(first, last))


def test_a_row_says_when_which_way_what_how_and_how_long(model: TimelineModel) -> None:
    model.add_rows((exchange(), redirect()))
    local = STARTED_AT.astimezone().strftime("%H:%M:%S")
    what = "GET www.concursolutions.com/net2/oauth2/getaccesstoken.ashx?code=0_Ca…&client_id=Key&client_secret=…"
    assert cells(model, 0) == [f"{local}.345", "→ out", what, "200", "212"]
    assert cells(model, 1) == [f"{local}.345", "← in", "GET /redirect?code=0_Ca…", "200", "<1"]


@pytest.mark.parametrize("row", [pytest.param(0, id="went well"), pytest.param(1, id="failed")])
@pytest.mark.parametrize("role", _ROLES, ids=lambda role: role.name)
def test_asked_for_many_things_at_once_it_says_the_same(model: TimelineModel, role: Qt.ItemDataRole, row: int) -> None:
    model.set_failed_colour(QColor("red"))
    model.add_rows((exchange(), unanswered()))
    for column in Column:
        index, asked = model.index(row, column), QModelRoleData(role)
        asked.setData("what was asked for before")
        model.multiData(index, QModelRoleDataSpan(asked))
        assert asked.data() == model.data(index, role)


@pytest.mark.parametrize(
    ("changes", "status", "told"),
    [
        pytest.param({"status": 204}, "204", "204", id="went well"),
        pytest.param({"status": 401}, "■ 401", "failed: 401", id="refused"),
        pytest.param({"failure": "AnswerCutOff"}, "■ 200", "failed: 200", id="cut off"),
        pytest.param(
            {"status": None, "failure": "HostNotFound"}, "■ host not found", "failed: host not found", id="no answer"
        ),
        pytest.param({"status": None}, "■ no answer", "failed: no answer", id="nobody knows why"),
    ],
)
def test_a_failure_is_told_by_shape_and_word(
    model: TimelineModel, changes: dict[str, Any], status: str, told: str
) -> None:
    model.add_rows((exchange(**changes),))
    assert cells(model)[Column.STATUS] == status
    assert model.index(0, Column.STATUS).data(Qt.ItemDataRole.AccessibleTextRole) == told


def test_no_role_of_any_cell_holds_a_whole_secret(model: TimelineModel) -> None:
    model.add_rows((exchange(), redirect(), unanswered()))
    said = [str(model.index(row, column).data(role)) for row in range(3) for column in Column for role in _ROLES]
    assert len(said) > 100
    assert secrets_in("\n".join(said)) == []
    row = model.row_at(0)
    assert row is not None
    assert secrets_in(repr(row) + row.searched) == []


def test_headings_stand_as_their_columns_do(model: TimelineModel) -> None:
    model.add_rows((exchange(),))
    align = Qt.ItemDataRole.TextAlignmentRole
    for column in Column:
        assert model.headerData(column, Qt.Orientation.Horizontal)
        assert model.headerData(column, Qt.Orientation.Horizontal, align) == model.index(0, column).data(align)
    assert model.index(0, Column.MS).data(align) & Qt.AlignmentFlag.AlignRight


def test_a_tooltip_shows_markup_as_text(model: TimelineModel) -> None:
    model.add_rows((exchange(url="http://h/<b>bold</b>"),))
    tip = model.index(0, Column.WHAT).data(Qt.ItemDataRole.ToolTipRole)
    assert "<b>" not in tip
    assert "&lt;b&gt;bold" in tip


def test_a_very_long_address_is_cut_in_the_middle(model: TimelineModel) -> None:
    model.add_rows((exchange(url=f"http://h/{'x' * 5000}/end"),))
    shown = cells(model)[Column.WHAT]
    assert len(shown) < 700
    assert shown.startswith("GET h/xxx")
    assert shown.endswith("/end")


def test_failed_rows_have_the_colour_of_the_theme(model: TimelineModel) -> None:
    model.add_rows((exchange(), unanswered()))
    model.set_failed_colour(QColor("#123456"))
    assert model.index(0, Column.WHAT).data(Qt.ItemDataRole.ForegroundRole) is None
    assert model.index(1, Column.WHAT).data(Qt.ItemDataRole.ForegroundRole) == QColor("#123456")


def test_another_colour_is_announced_once(model: TimelineModel, qtbot: QtBot) -> None:
    model.add_rows((unanswered(),))
    with qtbot.waitSignal(model.dataChanged, timeout=100):
        model.set_failed_colour(QColor("#123456"))
    with qtbot.assertNotEmitted(model.dataChanged):
        model.set_failed_colour(QColor("#123456"))


def test_rows_come_at_the_end_in_their_order(model: TimelineModel) -> None:
    model.add_rows(numbered(1, 4))
    model.add_rows(())
    model.add_rows(numbered(4, 6))
    assert numbers(model) == ["1", "2", "3", "4", "5"]
    assert model.latest is model.row_at(4)


def test_past_the_bound_the_oldest_go_in_blocks(qtbot: QtBot) -> None:  # noqa: ARG001  # for the application
    model = TimelineModel(rows_kept=1000)
    model.add_rows(numbered(0, 1000, status=401))
    model.add_rows(numbered(1000, 1001))
    assert model.count == model.rowCount() == 501
    assert numbers(model)[0] == "500"
    assert numbers(model)[-1] == "1000"
    assert model.failed_count == 500


def test_more_rows_at_once_than_are_kept_leave_the_newest(qtbot: QtBot) -> None:  # noqa: ARG001  # the same
    model = TimelineModel(rows_kept=10)
    model.add_rows(numbered(1, 6))
    model.add_rows(numbered(6, 31))
    assert numbers(model) == [str(number) for number in range(21, 31)]


def test_ten_thousand_is_the_bound(qtbot: QtBot) -> None:  # noqa: ARG001  # the same
    model = TimelineModel()
    model.add_rows(numbered(0, 10_000))
    assert model.count == 10_000
    model.add_rows(numbered(0, 1))
    assert 9_000 < model.count <= 10_000


def test_rows_that_are_filtered_out_go_too(model: TimelineModel) -> None:
    small = TimelineModel(rows_kept=4)
    small.set_filter(RowFilter.of("", failed_only=True))
    small.add_rows((unanswered(duration_ms=1.0), exchange(duration_ms=2.0), unanswered(duration_ms=3.0)))
    small.add_rows((exchange(duration_ms=4.0), exchange(duration_ms=5.0)))
    assert numbers(small) == ["3"]
    assert (small.count, small.failed_count) == (3, 1)
    small.set_filter(RowFilter())
    assert numbers(small) == ["3", "4", "5"]
    assert model.count == 0


@pytest.mark.parametrize(
    ("text", "due"),
    [
        pytest.param("redirect", ["2"], id="address"),
        pytest.param("401", ["3"], id="status"),
        pytest.param("tries the token", ["3"], id="operation"),
        pytest.param("cut off", ["4"], id="failure"),
        pytest.param("CLIENT_ID=KEY", ["1", "3", "4"], id="query, upper case"),
        pytest.param("no such", [], id="nothing"),
        pytest.param("", ["1", "2", "3", "4"], id="everything"),
    ],
)
def test_rows_are_found_by_what_they_say(model: TimelineModel, text: str, due: list[str]) -> None:
    rows = (
        exchange(duration_ms=1.0),
        redirect(duration_ms=2.0),
        exchange(duration_ms=3.0, status=401, operation=Operation.PROBE),
        exchange(duration_ms=4.0, failure="AnswerCutOff"),
    )
    model.add_rows(rows[:2])
    model.set_filter(RowFilter.of(text))
    model.add_rows(rows[2:])
    assert numbers(model) == due
    assert model.count == 4


def test_a_secret_cannot_be_searched_for(model: TimelineModel) -> None:
    model.add_rows((exchange(),))
    model.set_filter(RowFilter.of("canary"))
    assert model.rowCount() == 0


def test_the_line_of_a_row_is_known_while_it_is_shown(model: TimelineModel) -> None:
    model.add_rows((exchange(), redirect(), unanswered()))
    row = model.row_at(1)
    assert row is not None
    model.set_filter(RowFilter.of("", direction=Direction.IN))
    assert model.line_of(row) == 0
    model.set_filter(RowFilter.of("", direction=Direction.OUT))
    assert model.line_of(row) == -1
    assert model.row_at(7) is None
    assert model.row_at(-1) is None


def test_clear_drops_every_row_and_keeps_the_filter(model: TimelineModel) -> None:
    model.set_filter(RowFilter.of("", failed_only=True))
    model.add_rows((exchange(), unanswered()))
    model.clear()
    assert (model.rowCount(), model.count, model.failed_count, model.latest) == (0, 0, 0, None)
    model.add_rows((exchange(),))
    assert model.rowCount() == 0


def test_times_are_local(model: TimelineModel) -> None:
    moment = datetime(2026, 3, 4, 15, 2, 11, 5000).astimezone()  # local on purpose
    model.add_rows((exchange(started_at=moment),))
    assert cells(model)[Column.TIME] == "15:02:11.005"
