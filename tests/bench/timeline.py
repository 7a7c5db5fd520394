"""A timeline of ten thousand rows is filled, scrolled and filtered: how long the window stands still meanwhile."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QLineEdit, QTableView

from gui.concur.models import Direction, HttpExchange, Operation
from gui.widgets.theme import apply_theme
from gui.widgets.timeline_panel import TimelinePanel
from tests.bench.gap_meter import GapMeter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.report import Report

ROWS = 10_000
BATCHES = (100, ROWS)
"""Rows that come together: as a flood brings them, and all at once."""
BAR_MS = 50.0
_WORDS = ("g", "ge", "get", "get 401", "redirect", "127.0.0.1:8765", "no such row", "")


def run(report: Report) -> None:
    """Fill, overfill, scroll and filter, in a window of 1600 pixels; the worst gap of each counts."""
    app = _application()
    rows = tuple(_exchange(number) for number in range(ROWS))
    meter = GapMeter()
    report.note(f"idle: longest gap {meter.measure(_idle(100), lambda: True):.1f} ms")
    for batch in BATCHES:
        panel = _panel()
        table, field = _parts_of(panel)
        for what in ("empty", "full"):
            gap = meter.measure(_filled(panel, rows, batch), partial(_is_settled, table))
            report.at_most(f"{ROWS} rows added in batches of {batch} to a {what} timeline", gap, BAR_MS, "ms")
        if batch == BATCHES[0]:
            report.equal("rows kept, of the last batches", 9_500 <= table.model().rowCount() <= ROWS, due=True)
            gap = meter.measure(_scrolled(table), lambda: True)
            report.at_most(f"{ROWS} rows scrolled from end to end", gap, BAR_MS, "ms")
            gap = meter.measure(_filtered(field), lambda: True)
            report.at_most(f"{ROWS} rows filtered, letter by letter", gap, BAR_MS, "ms")
        panel.close()
        panel.deleteLater()
        app.processEvents()


def _application() -> QApplication:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(["bench"])
    app.setStyle("Fusion")
    apply_theme(app, "light")
    return app


def _panel() -> TimelinePanel:
    panel = TimelinePanel()
    panel.resize(1600, 500)
    panel.show()
    return panel


def _parts_of(panel: TimelinePanel) -> tuple[QTableView, QLineEdit]:
    table, field = panel.findChild(QTableView), panel.findChild(QLineEdit)
    if table is None or field is None:
        raise TypeError
    return table, field


def _is_settled(table: QTableView) -> bool:
    """Whether the last row that was added is there, and in sight."""
    model = table.model()
    last = model.index(model.rowCount() - 1, 4)
    return last.data() == str(ROWS - 1) and table.visualRect(last).isValid()


def _idle(beats: int) -> Iterator[None]:
    for _ in range(beats):
        yield


def _filled(panel: TimelinePanel, rows: tuple[HttpExchange, ...], batch: int) -> Iterator[None]:
    for start in range(0, len(rows), batch):
        panel.add_rows(rows[start : start + batch])
        yield


def _scrolled(table: QTableView) -> Iterator[None]:
    bar = table.verticalScrollBar()
    for step in range(101):
        bar.setValue(bar.maximum() * step // 100)
        yield
    for step in range(100):
        bar.setValue(bar.maximum() - step * table.viewport().height())
        yield


def _filtered(field: QLineEdit) -> Iterator[None]:
    for words in _WORDS * 3:
        field.setText(words)
        yield
        yield


def _exchange(number: int) -> HttpExchange:
    comes_in = number % 2 == 0
    query = f"code=0_{number:032d}&client_id=VDV5Y532NafpmDLtbve7Md&client_secret=secret{number:026d}"
    return HttpExchange(
        direction=Direction.IN if comes_in else Direction.OUT,
        operation=Operation.REDIRECT if comes_in else Operation.EXCHANGE,
        started_at=datetime(2026, 3, 4, 15, 2, 11, tzinfo=UTC) + timedelta(milliseconds=number),
        duration_ms=float(number),
        method="GET",
        url=f"http://localhost:8765/redirect?{query}" if comes_in else f"http://127.0.0.1:49215/net2/token?{query}",
        request_headers=(("Accept", "application/xml"), ("Host", "127.0.0.1:49215")),
        request_body=b"",
        status=401 if number % 7 == 0 else 200,
        reason="OK",
        response_headers=(("Content-Type", "application/xml"),),
        response_body=b"<Access_Token><Token>a</Token></Access_Token>",
        sent=True,
        complete=True,
        failure=None,
    )
