"""The timeline: every HTTP exchange, in and out; folds to one line where there is no room for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QStackedWidget, QWidget

from gui.flow.timeline import ROWS_KEPT
from gui.session_requests import CopyRequest
from gui.widgets.parts import NO_LIMIT, Button, Card, ElidedLabel, plain_label, title_label
from gui.widgets.rest import Rest
from gui.widgets.theme import GRID
from gui.widgets.timeline_bar import TimelineBar

if TYPE_CHECKING:
    from gui.concur.models import HttpExchange
    from gui.session_view import SessionView
    from gui.widgets.timeline_model import TimelineModel
    from gui.widgets.timeline_table import TimelineTable

_ROWS_AT_ONCE = 100
"""About five milliseconds' worth: the window stays quick when thousands come together."""
_LOWEST_TABLE = 96


class TimelinePanel(Card):
    """A bar and a table. Rows come in by `add_rows`; what is done about them goes out as signals."""

    export_requested = Signal()
    copy_requested = Signal(CopyRequest)
    clear_requested = Signal()
    folded_changed = Signal(bool)

    _model: TimelineModel
    _table: TimelineTable

    def __init__(self, parent: QWidget | None = None, *, rest_later: bool = False) -> None:
        super().__init__(parent)
        self._folded = False
        self._waiting: list[HttpExchange] = []
        self._empty = plain_label(role="muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body = QStackedWidget()
        self._title = title_label(self.tr("Timeline"))
        self._bar = TimelineBar()
        self._summary = ElidedLabel(code=True)
        self._count = plain_label(role="muted")
        self._fold = Button("", role="flat")
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._menu = QMenu(self)
        self._actions: tuple[QAction, ...] = ()
        self._lay_out()
        self._connect()
        self._show_fold()
        self._show_counts(0, 0, 0)
        self.rest = Rest(self._body, self._make_table, self._bar.make_clear_button)
        if not rest_later:
            self.rest.make_all()

    @property
    def is_folded(self) -> bool:
        """Whether only the one line is shown."""
        return self._folded

    @Slot(object)
    def add_rows(self, rows: tuple[HttpExchange, ...]) -> None:
        """Add rows at the end; a great many are added in slices, in their order, as the window finds time."""
        self._waiting += rows
        self._add_slice()

    @Slot()
    def clear(self) -> None:
        """Drop every row, those that are still to be added included."""
        self._waiting.clear()
        self._slices.stop()
        self._model.clear()
        self._refresh()

    def set_folded(self, folded: bool) -> None:
        """Fold to the one line, or open."""
        if folded != self._folded:
            self._folded = folded
            self._show_fold()
            if self._actions:  # the table is there
                self._refresh()
            else:
                self._show_counts(0, 0, 0)
            self.folded_changed.emit(folded)

    @Slot()
    def focus_filter(self) -> None:
        """Open, and put the cursor into the filter."""
        self.set_folded(False)
        self._bar.focus_filter()

    def render(self, _view: SessionView) -> None:  # type: ignore[override]  # Qt's own render is another thing
        """Nothing here depends on the state of the flow."""

    # Qt's side

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._give_room_to_count()

    # Slots

    @Slot()
    def _add_slice(self) -> None:
        now, self._waiting = self._waiting[:_ROWS_AT_ONCE], self._waiting[_ROWS_AT_ONCE:]
        if now:
            self._model.add_rows(tuple(now))
            self._refresh()
        if not self._waiting:
            self._slices.stop()
        elif not self._slices.isActive():
            self._slices.start()

    @Slot()
    def _on_bar_filter_changed(self) -> None:
        self.rest.make_all()
        chosen = self._table.current_row
        self._model.set_filter(self._bar.row_filter)
        if chosen is not None and self._model.line_of(chosen) >= 0:
            self._table.choose(chosen)
        else:
            self._table.follow()
        self._refresh()

    @Slot()
    def _on_fold_clicked(self) -> None:
        self.set_folded(not self._folded)
        if not self._folded and self._actions:
            self._table.follow()

    @Slot()
    def _on_row_chosen(self) -> None:
        chosen = self._table.current_row is not None
        self._bar.set_row_chosen(chosen)
        for action in self._actions:
            action.setEnabled(chosen)

    @Slot()
    def _on_open_requested(self) -> None:
        row = self._table.current_row
        if row is None:
            return
        from gui.widgets.exchange_view import ExchangeView  # noqa: PLC0415  # the first one is opened later or never

        view = ExchangeView(row.exchange, self)
        view.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        view.copy_requested.connect(self.copy_requested)
        view.show()

    @Slot()
    def _on_copy_curl_requested(self) -> None:
        row = self._table.current_row
        if row is not None:
            from gui.concur.curl import curl_command  # noqa: PLC0415  # the table has imported it

            self.copy_requested.emit(CopyRequest(curl_command(row.exchange), self.tr("cURL command")))

    @Slot()
    def _on_copy_url_requested(self) -> None:
        row = self._table.current_row
        if row is not None:
            from gui.widgets.exchange_words import masked_url  # noqa: PLC0415  # the table has imported it

            url = row.exchange.url
            secret = masked_url(row.exchange) != url
            self.copy_requested.emit(CopyRequest(url, self.tr("URL"), secret=secret))

    @Slot(QPoint)
    def _on_menu_requested(self, place: QPoint) -> None:
        current = self._table.currentIndex()
        if not current.isValid():
            return
        if not self._table.indexAt(place).isValid():  # from the keyboard Qt names the middle of the table
            place = self._table.visualRect(current).center()
        self._menu.popup(self._table.viewport().mapToGlobal(place))

    # Privates

    def _make_table(self) -> None:
        from gui.widgets.timeline_model import TimelineModel  # noqa: PLC0415  # see `rest`
        from gui.widgets.timeline_table import TimelineTable  # noqa: PLC0415  # the same

        self._model = TimelineModel(self)
        self._table = TimelineTable(self._model)
        self._table.setAccessibleName(self.tr("Timeline"))
        self._table.setAccessibleDescription(self.tr("Every HTTP exchange, newest last. Enter opens one."))
        self._table.chosen.connect(self._on_row_chosen)
        self._table.opened.connect(self._on_open_requested)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._table.customContextMenuRequested.connect(self._on_menu_requested)
        self._actions = self._make_actions()
        self._body.addWidget(self._table)
        self._refresh()

    def _make_actions(self) -> tuple[QAction, ...]:
        opens, curl, url = (
            QAction(self.tr("Open"), self),
            QAction(self.tr("Copy as cURL"), self),
            QAction(self.tr("Copy URL"), self),
        )
        url.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        url.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        opens.triggered.connect(self._on_open_requested)
        curl.triggered.connect(self._on_copy_curl_requested)
        url.triggered.connect(self._on_copy_url_requested)
        self._table.addAction(url)  # for its shortcut
        self._menu.addActions([opens, curl, url])
        return opens, curl, url

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(GRID)
        # What changes has its width from the start, so that nothing beside it moves.
        metrics = self._count.fontMetrics()
        words = max(metrics.horizontalAdvance(text) for text in (self.tr("Open"), self.tr("Fold")))
        self._fold.setMinimumWidth(words + 3 * GRID)
        line.addWidget(self._title)
        line.addWidget(self._count)
        line.addWidget(self._summary, 1)
        line.addWidget(self._bar, 1)
        line.addWidget(self._fold)
        self._body.addWidget(self._empty)
        self._body.setMinimumHeight(_LOWEST_TABLE)
        self.body.addLayout(line)
        self.body.addWidget(self._body, 1)

    def _connect(self) -> None:
        self._slices.timeout.connect(self._add_slice)
        self._bar.filter_changed.connect(self._on_bar_filter_changed)
        self._bar.copy_curl_requested.connect(self._on_copy_curl_requested)
        self._bar.export_requested.connect(self.export_requested)
        self._bar.clear_requested.connect(self.clear_requested)
        self._fold.clicked.connect(self._on_fold_clicked)

    def _show_fold(self) -> None:
        self._bar.setVisible(not self._folded)
        self._body.setVisible(not self._folded)
        self._summary.setVisible(self._folded)
        self._give_room_to_count()
        if self._folded:
            self._fold.setText(self.tr("Open"))
            self._fold.setAccessibleDescription(self.tr("Shows the rows of the timeline"))
        else:
            self._fold.setText(self.tr("Fold"))
            self._fold.setAccessibleDescription(self.tr("Leaves one line of the timeline"))
        vertical = QSizePolicy.Policy.Fixed if self._folded else QSizePolicy.Policy.Expanding
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)

    def _give_room_to_count(self) -> None:
        """Give it a size of its own: a label without one has the whole window laid out anew with every row."""
        metrics = self._count.fontMetrics()
        widest = self.tr("{shown} of {count}").format(shown=ROWS_KEPT, count=ROWS_KEPT)
        self._count.setFixedSize(metrics.horizontalAdvance(widest), metrics.height() + 2)
        if self._folded:  # it says then how many have failed as well
            self._count.setMaximumWidth(NO_LIMIT)

    def _summary_of(self, cells: tuple[str, ...]) -> tuple[str, str]:
        """Return the latest row in one line, and the same without the query."""
        from gui.widgets.timeline_model import Column  # noqa: PLC0415  # see `rest`

        what = cells[Column.WHAT]
        return self._summary_with(cells, what), self._summary_with(cells, what.partition("?")[0])

    def _summary_with(self, cells: tuple[str, ...], what: str) -> str:
        from gui.widgets.timeline_model import Column  # noqa: PLC0415  # see `rest`

        # Isolated: an address in Hebrew or Arabic shall not turn the status round that follows it.
        said = " ".join((cells[Column.TIME], cells[Column.DIRECTION], f"\u2068{what}\u2069", cells[Column.STATUS]))
        return self.tr("Latest: {row}").format(row=said)

    def _refresh(self) -> None:
        latest, shown = self._model.latest, self._model.rowCount()
        self._on_row_chosen()
        self._show_counts(self._model.count, self._model.failed_count, shown)
        self._summary.set_whole_text(*(self._summary_of(latest.cells) if latest else ("",)))
        self._body.setCurrentWidget(self._table if shown else self._empty)

    def _show_counts(self, count: int, failed: int, shown: int) -> None:
        self._bar.set_any_rows(count > 0)
        if self._folded:
            failures = self.tr("{failed} failed").format(failed=failed)
            self._count.setText(f"{count} · {failures}" if failed else str(count))
        else:
            self._count.setText(
                str(count) if shown == count else self.tr("{shown} of {count}").format(shown=shown, count=count)
            )
        self._count.setAccessibleName(
            self.tr("{count} exchanges, {failed} of them failed").format(count=count, failed=failed)
        )
        self._empty.setText(
            self.tr("No exchange matches the filter.")
            if count
            else self.tr("Every HTTP exchange, in and out, will appear here, before anything is made of it.")
        )
