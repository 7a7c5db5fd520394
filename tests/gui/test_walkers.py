"""Every check finds what it is for, and nothing in a window that is as it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QAction, QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPixmap, QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSpinBox,
    QTableView,
    QTableWidget,
    QTabWidget,
    QTextEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.parts import Button, Card, Chip, ElidedLabel, Kind, plain_label, title_label
from tests.gui import walkers
from tests.gui.picture_walk import contrast, drawn_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gui.widgets.theme import Theme
    from tests.gui.pseudo import PseudoTranslator

    Show = Callable[[Callable[[], QWidget]], QWidget]

SECRET = "s3cr&t/of the sample"
HOSTILE = "<b>evil</b>"
FACT = "https://localhost:8765/redirect"


class Sample(QMainWindow):
    """A window as it should be, with one of everything."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle(self.tr("A sample"))
        menu = self.menuBar().addMenu(self.tr("&Profile"))
        menu.addAction(self.tr("&New"), "Ctrl+N", self.close)
        menu.addAction(self.tr("&Quit"), "Ctrl+Q", self.close)
        ground = QWidget()
        self.setCentralWidget(ground)
        self.column = QVBoxLayout(ground)
        self.card = Card()
        self.card.body.addWidget(title_label(self.tr("Application")))
        self.chip = Chip(self.tr("listening"), Kind.SUCCESS)
        self.card.body.addWidget(self.chip)
        self.key = self._field(self.tr("Consumer &key"))
        self.secret = self._field(self.tr("Consumer &secret"))
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.setText(SECRET)
        self.url = ElidedLabel(f"{FACT}?{HOSTILE}{'x' * 2000}", code=True)
        self.card.body.addWidget(self.url)
        self.column.addWidget(self.card)
        self._add_the_rest()

    def _field(self, text: str) -> QLineEdit:
        row, label, field = QHBoxLayout(), plain_label(text), QLineEdit()
        field.setPlaceholderText(self.tr("paste it here"))
        label.setBuddy(field)
        row.addWidget(label)
        row.addWidget(field)
        self.card.body.addLayout(row)
        return field

    def _add_the_rest(self) -> None:
        self.choice = QComboBox()
        self.choice.addItems([FACT])
        self.choice.setAccessibleName(self.tr("Data centre"))
        self.check = QCheckBox(self.tr("As &soon as it arrives").replace("&s", "s"))
        self.near, self.far = QRadioButton(self.tr("Near")), QRadioButton(self.tr("Far"))
        self.near.setChecked(True)
        self.pages = QTabWidget()
        self.document = QPlainTextEdit()
        self.document.setTabChangesFocus(True)
        self.document.setAccessibleName(self.tr("Document"))
        self.pages.addTab(self.document, self.tr("Document"))
        self.table = QTableWidget(3, 2)
        self.table.setHorizontalHeaderLabels([self.tr("Time"), self.tr("Status")])
        self.table.verticalHeader().hide()
        self.table.setTabKeyNavigation(False)
        self.table.setAccessibleName(self.tr("Timeline"))
        self.primary, self.off = Button(self.tr("&Exchange")), Button(self.tr("Revoke"), role="danger")
        self.primary.set_primary(True)
        self.off.setEnabled(False)
        self.note = plain_label(self.tr("An example of a longer explanation {} .").format(HOSTILE), wrap=True)
        for widget in (
            self.choice,
            self.check,
            self.near,
            self.far,
            self.pages,
            self.table,
            self.primary,
            self.off,
            self.note,
        ):
            self.column.addWidget(widget)


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def shown(make: Callable[[], QWidget]) -> QWidget:
        window = make()
        qtbot.addWidget(window)
        window.show()
        QCoreApplication.processEvents()
        return window

    return shown


def _panel(*widgets: QWidget) -> QWidget:
    panel = QWidget()
    column = QVBoxLayout(panel)
    for widget in widgets:
        column.addWidget(widget)
    panel.resize(400, 300)
    return panel


def test_a_window_as_it_should_be_is_complained_of_by_none(show: Show, themed: Theme, pseudo: PseudoTranslator) -> None:
    assert themed
    assert pseudo
    window = show(Sample)
    window.resize(700, 900)
    QCoreApplication.processEvents()
    assert walkers.usability_complaints(window, secrets=[SECRET], hostile=[HOSTILE]) == []
    assert walkers.untranslated_complaints(window, outside=[window.url.whole_text, FACT]) == []  # type: ignore[attr-defined]


# Keyboard.


def _button_that_tab_passes_over() -> QWidget:
    button = QPushButton("Copy")
    button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return _panel(QLineEdit(), button)


def _editor_that_keeps_tab() -> QWidget:
    return _panel(QLineEdit(), QTextEdit(), QPushButton("Copy"))


def _table_that_keeps_tab() -> QWidget:
    table = QTableWidget(2, 2)
    table.setTabKeyNavigation(True)
    return _panel(table, QPushButton("Copy"))


class Clickable(QFrame):
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()


def _card_for_the_mouse_only() -> QWidget:
    return _panel(QLineEdit(), Clickable())


def _card_without_keys() -> QWidget:
    card = Clickable()
    card.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return _panel(QLineEdit(), card)


def _button_in_a_field() -> QWidget:
    field = QLineEdit()
    field.addAction(QAction("Show", field), QLineEdit.ActionPosition.TrailingPosition)
    return _panel(field, QPushButton("Copy"))


def _scrolled_text_out_of_reach() -> QWidget:
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(_panel(QLabel("\n".join("abc" * 40))))
    return _panel(QLineEdit(), area)


def _order_with_a_dead_end() -> QWidget:
    class Jumping(QLineEdit):
        def focusNextPrevChild(self, _next: bool) -> bool:
            first.setFocus()
            return True

    first, second, third = QLineEdit(), Jumping(), QPushButton("never reached")
    return _panel(first, second, third)


def _disabled() -> QWidget:
    button = QPushButton("off")
    button.setEnabled(False)
    return button


def _menu_without_mnemonic() -> QWidget:
    window = QMainWindow()
    window.menuBar().addMenu("Profile").addAction("&New")
    window.setCentralWidget(QLineEdit())
    return window


def _two_for_one_key() -> QWidget:
    window = QMainWindow()
    menu = window.menuBar().addMenu("&Profile")
    menu.addAction("&New", "Ctrl+N", window.close)
    menu.addAction("&Note", "Ctrl+N", window.close)
    window.setCentralWidget(QLineEdit())
    return window


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        pytest.param(_button_that_tab_passes_over, "Tab does not reach QPushButton 'Copy'", id="passed over"),
        pytest.param(_editor_that_keeps_tab, "Tab does not leave QTextEdit", id="editor"),
        pytest.param(_table_that_keeps_tab, "Tab does not leave QTableWidget", id="table"),
        pytest.param(_card_for_the_mouse_only, "Tab does not reach Clickable", id="card"),
        pytest.param(_card_without_keys, "Clickable '' in QWidget hears the mouse and no key", id="card without keys"),
        pytest.param(_button_in_a_field, "Tab does not reach QToolButton", id="button in a field"),
        pytest.param(_scrolled_text_out_of_reach, "Tab does not reach QScrollArea", id="scrolled text"),
        pytest.param(_order_with_a_dead_end, "Tab does not reach QPushButton 'never reached'", id="dead end"),
        pytest.param(_menu_without_mnemonic, "menu 'Profile' has no mnemonic", id="menu"),
        pytest.param(_two_for_one_key, "Ctrl+N means", id="two for one key"),
    ],
)
def test_keyboard_check_finds(show: Show, make: Callable[[], QWidget], complaint: str) -> None:
    found = walkers.keyboard_complaints(show(make))
    assert [one for one in found if one.startswith(complaint)], found


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: _panel(QRadioButton("a"), QRadioButton("b"), QLineEdit()), id="radio buttons"),
        pytest.param(lambda: _panel(QSpinBox(), QComboBox(editable=True), QLineEdit()), id="fields with parts"),
        pytest.param(lambda: _panel(QLineEdit(clearButtonEnabled=True)), id="cross in a field"),
        pytest.param(lambda: _panel(QLabel("nothing to use")), id="nothing to use"),
        pytest.param(lambda: _panel(QLineEdit(), _disabled()), id="disabled"),
    ],
)
def test_keyboard_check_allows(show: Show, make: Callable[[], QWidget]) -> None:
    assert walkers.keyboard_complaints(show(make)) == []


def test_tab_order_is_told(show: Show) -> None:
    first, second, third = QLineEdit(), QPushButton("b"), QCheckBox("c")
    window = show(lambda: _panel(first, second, third))
    assert walkers.tab_order(window) == [first, second, third]
    QWidget.setTabOrder(first, third)
    first.setFocus()
    assert walkers.tab_order(window) == [first, third, second]


def test_focus_that_is_not_seen_is_found(show: Show) -> None:
    class Blind(QWidget):
        def __init__(self) -> None:
            super().__init__()
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    window = show(lambda: _panel(QPushButton("seen"), Blind()))
    assert walkers.focus_complaints(window) == ["the focus is not seen on Blind '' in QWidget"]


# Names.


def _picture() -> QLabel:
    label = QLabel()
    label.setPixmap(QPixmap(16, 16))
    return label


def _tab_without_text() -> QWidget:
    pages = QTabWidget()
    pages.addTab(QWidget(), "")
    return _panel(pages)


def _label_beside_a_field() -> QWidget:
    return _panel(QLabel("Consumer key"), QLineEdit(placeholderText="Consumer key"))


def _combo_named_by_its_value() -> QWidget:
    combo = QComboBox()
    combo.addItem("US")
    return _panel(combo)


def _tools_named_by_a_sign() -> QWidget:
    button = QToolButton()
    button.setText("⧉")
    return _panel(button)


def _menu_with_a_mnemonic_twice() -> QWidget:
    window = QMainWindow()
    menu = window.menuBar().addMenu("&Profile")
    menu.addAction("&New")
    menu.addAction("&Note")
    window.setCentralWidget(QLabel("x"))
    return window


def _label_and_menu_with_one_mnemonic() -> QWidget:
    window = QMainWindow()
    window.menuBar().addMenu("&Profile")
    field, label = QLineEdit(), QLabel("&Port")
    label.setBuddy(field)
    window.setCentralWidget(_panel(label, field))
    return window


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        pytest.param(lambda: _panel(QPushButton()), "QPushButton '' in QWidget has no name", id="button"),
        pytest.param(_tools_named_by_a_sign, "QToolButton '⧉' in QWidget has no name", id="sign"),
        pytest.param(_label_beside_a_field, "QLineEdit '' in QWidget has no label", id="field"),
        pytest.param(_combo_named_by_its_value, "QComboBox '' in QWidget has no label", id="combo"),
        pytest.param(lambda: _panel(QTableView()), "QTableView '' in QWidget has no name", id="table"),
        pytest.param(lambda: _panel(QTextEdit("text")), "QTextEdit '' in QWidget has no label", id="document"),
        pytest.param(lambda: _panel(_picture()), "picture QLabel '' in QWidget has no", id="picture"),
        pytest.param(_tab_without_text, "tab 0 of QTabBar", id="tab"),
        pytest.param(
            lambda: _panel(QPushButton("&Copy"), QCheckBox("&Check")), "Alt+C is given twice in the window", id="window"
        ),
        pytest.param(_menu_with_a_mnemonic_twice, "Alt+N is given twice in QMenu", id="menu"),
        pytest.param(_label_and_menu_with_one_mnemonic, "Alt+P is given twice in the window", id="menu and label"),
    ],
)
def test_name_check_finds(show: Show, make: Callable[[], QWidget], complaint: str) -> None:
    found = walkers.name_complaints(show(make))
    assert [one for one in found if one.startswith(complaint)], found


# Secrets.


def _with(widget: QWidget, change: Callable[[QWidget], object]) -> Callable[[], QWidget]:
    def make() -> QWidget:
        change(widget)
        return _panel(widget)

    return make


def _table_with(role: Qt.ItemDataRole) -> QWidget:
    model = QStandardItemModel(1, 1)
    model.setData(model.index(0, 0), f"Bearer {SECRET}", role)
    view = QTableView()
    model.setParent(view)
    view.setModel(model)
    return _panel(view)


def _action_of_a_menu() -> QWidget:
    window = QMainWindow()
    window.menuBar().addMenu("&Profile").addAction("x").setStatusTip(SECRET)
    return window


def _hidden_label() -> QWidget:
    label = QLabel(SECRET)
    panel = _panel(label)
    label.hide()
    return panel


def _changed(kind: type[QWidget], setter: str, *values: object) -> QWidget:
    widget = kind()
    getattr(widget, setter)(*values)
    return _panel(widget)


def _page_with_a_secret_on_its_tab() -> QWidget:
    pages = QTabWidget()
    pages.addTab(QWidget(), "x")
    pages.setTabToolTip(0, SECRET)
    return _panel(pages)


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        pytest.param(lambda: _panel(QLabel(f"the secret {SECRET}")), "text", id="label"),
        pytest.param(lambda: _panel(QLineEdit(SECRET)), "value", id="field"),
        pytest.param(lambda: _panel(QPlainTextEdit(SECRET)), "value", id="document"),
        pytest.param(lambda: _changed(QLineEdit, "setPlaceholderText", SECRET), "placeholder", id="placeholder"),
        pytest.param(lambda: _changed(QLabel, "setToolTip", SECRET), "tooltip", id="tooltip"),
        pytest.param(lambda: _changed(QLabel, "setStatusTip", SECRET), "status tip", id="status tip"),
        pytest.param(lambda: _changed(QLabel, "setWhatsThis", SECRET), "what's this", id="what's this"),
        pytest.param(lambda: _changed(QLabel, "setObjectName", SECRET), "object name", id="object name"),
        pytest.param(lambda: _changed(QLabel, "setProperty", "whole", SECRET), "property", id="property"),
        pytest.param(lambda: _changed(QLabel, "setAccessibleName", SECRET), "accessible name", id="accessible name"),
        pytest.param(
            lambda: _changed(QLabel, "setAccessibleDescription", SECRET), "accessible description", id="description"
        ),
        pytest.param(lambda: _changed(QComboBox, "addItem", SECRET), "item", id="combo"),
        pytest.param(lambda: _table_with(Qt.ItemDataRole.DisplayRole), "item", id="cell"),
        pytest.param(lambda: _table_with(Qt.ItemDataRole.ToolTipRole), "tooltip", id="tooltip of a cell"),
        pytest.param(_page_with_a_secret_on_its_tab, "tooltip", id="tooltip of a tab"),
        pytest.param(_action_of_a_menu, "status tip", id="action"),
        pytest.param(_hidden_label, "text", id="hidden"),
        pytest.param(lambda: _panel(QLabel("?secret=s3cr%26t%2Fof%20the%20sample")), "text", id="in a query"),
        pytest.param(lambda: _panel(QLabel("<i>s3cr&amp;t/of the sample</i>")), "text", id="escaped"),
        pytest.param(lambda: _panel(ElidedLabel(SECRET + "x" * 900)), "text", id="elided"),
        pytest.param(lambda: _panel(Chip(SECRET)), "text", id="chip"),
    ],
)
def test_secret_check_finds(show: Show, make: Callable[[], QWidget], kind: str) -> None:
    found = walkers.secret_complaints(show(make), [SECRET])
    assert [one for one in found if one.startswith(f"{kind} of ")], found
    assert SECRET not in " ".join(found)


def test_secret_in_the_title_is_found(show: Show) -> None:
    window = show(lambda: _changed(QLabel, "setText", "x"))
    window.setWindowTitle(f"App Center Flow: {SECRET}")
    assert walkers.secret_complaints(window, [SECRET])[0].startswith("title of ")


@pytest.mark.parametrize("mode", [QLineEdit.EchoMode.Password, QLineEdit.EchoMode.NoEcho], ids=["dots", "nothing"])
def test_a_masked_secret_is_no_complaint(show: Show, mode: QLineEdit.EchoMode) -> None:
    field = QLineEdit(SECRET)
    field.setEchoMode(mode)
    assert walkers.secret_complaints(show(lambda: _panel(field)), [SECRET, ""]) == []


# Sizes.


def _narrow(widget: QWidget, width: int = 30, height: int = 60) -> QWidget:
    widget.setFixedSize(width, height)
    return _panel(widget)


def _overlapping() -> QWidget:
    one, other = QLabel("one"), QLabel("other")
    panel = _panel(one, other)
    panel.show()
    panel.layout().activate()  # type: ignore[union-attr]
    other.move(one.pos())
    return panel


def _outside() -> QWidget:
    panel = QWidget()
    QLabel("outside", panel).setGeometry(100, 0, 200, 20)
    panel.resize(150, 30)
    return panel


def _cut_tabs() -> QWidget:
    pages = QTabWidget()
    for name in ("Document", "Raw", "Fields", "Issued tokens"):
        pages.addTab(QWidget(), name)
    pages.setFixedWidth(120)
    return _panel(pages)


def _cut_header() -> QWidget:
    table = QTableWidget(1, 2)
    table.setHorizontalHeaderLabels(["A rather long name", "b"])
    table.setColumnWidth(0, 30)
    return _panel(table)


def _bold_in_a_size_for_plain() -> QWidget:
    button = QPushButton("Simulate App Center")
    button.setFixedSize(button.sizeHint())
    button.setStyleSheet("font-weight: 900; padding: 5px 20px")
    return _panel(button)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        pytest.param(lambda: _narrow(QLabel("a long label")), "QLabel 'a long label' in QWidget is cut", id="label"),
        pytest.param(lambda: _narrow(QPushButton("a long button")), "QPushButton", id="button"),
        pytest.param(lambda: _narrow(QCheckBox("a long check box")), "QCheckBox", id="check box"),
        pytest.param(lambda: _narrow(QRadioButton("a long choice")), "QRadioButton", id="radio button"),
        pytest.param(lambda: _narrow(Chip("a long state")), "Chip 'a long state' in QWidget is cut", id="chip"),
        pytest.param(lambda: _narrow(QCheckBox("low"), 200, 6), "QCheckBox 'low'", id="height"),
        pytest.param(lambda: _narrow(plain_label("wrapped " * 9, wrap=True), 90, 20), "QLabel", id="wrapped"),
        pytest.param(lambda: _narrow(plain_label("x" * 50, wrap=True), 90, 90), "QLabel", id="one long word"),
        pytest.param(lambda: _narrow(ElidedLabel("low"), 90, 5), "ElidedLabel", id="elided, height"),
        pytest.param(lambda: _narrow(QLineEdit(placeholderText="a long place")), "placeholder of", id="placeholder"),
        pytest.param(_bold_in_a_size_for_plain, "QPushButton 'Simulate App Center'", id="bold"),
        pytest.param(_cut_tabs, "tab 'Issued tokens' has no room", id="tabs"),
        pytest.param(_cut_header, "header 'A rather long name'", id="header"),
        pytest.param(_overlapping, "QLabel 'one' in QWidget and QLabel 'other'", id="overlap"),
        pytest.param(_outside, "QLabel 'outside' in QWidget reaches out of", id="outside"),
    ],
)
def test_clipping_check_finds(show: Show, themed: Theme, make: Callable[[], QWidget], complaint: str) -> None:
    assert themed
    found = walkers.clipping_complaints(show(make))
    assert [one for one in found if one.startswith(complaint)], found


def test_clipping_check_allows_what_scrolls_and_what_elides(show: Show, themed: Theme) -> None:
    assert themed
    area, inside = QScrollArea(), _panel(QLabel("\n".join("abc" * 40)))
    inside.adjustSize()
    area.setWidget(inside)
    assert walkers.clipping_complaints(show(lambda: _panel(area, ElidedLabel("x" * 900), QGroupBox("g")))) == []


# Colours.


class Painted(QWidget):
    """Text in a colour of its own on a ground of its own."""

    def __init__(self, text: str, ground: str, paint_ground: str = "") -> None:
        super().__init__()
        self._colours = text, ground
        self._whole = paint_ground or ground

    def render(self, _view: object) -> None:  # type: ignore[override]
        """Stand in the way of QWidget.render, as the widgets of the window do."""
        raise AssertionError

    def sizeHint(self) -> QSize:
        return QSize(120, 30)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._whole))
        painter.setPen(QColor(self._colours[0]))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "own words")
        painter.end()


def _styled(widget: QWidget, sheet: str) -> QWidget:
    widget.setStyleSheet(sheet)
    return _panel(widget)


def _palette_of_a_label() -> QWidget:
    label = QLabel("pale words")
    palette = label.palette()
    palette.setColor(QPalette.ColorRole.WindowText, QColor("#777777"))
    label.setPalette(palette)
    label.setStyleSheet("")
    return _panel(label)


def _pale_cell() -> QWidget:
    table = QTableWidget(1, 1)
    model = table.model()
    model.setData(model.index(0, 0), "pale cell")
    model.setData(model.index(0, 0), QColor("#7f7f7f"), Qt.ItemDataRole.ForegroundRole)
    return _panel(table)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(lambda: _styled(QLabel("pale words"), "color: #7f7f7f"), "pale", id="label"),
        pytest.param(lambda: _styled(QLabel("pale words"), "color: #99808080"), "pale", id="half transparent"),
        pytest.param(lambda: _styled(QPushButton("pale words"), "color: #7f7f7f"), "pale", id="button"),
        pytest.param(
            lambda: _styled(QPushButton("pale words"), "color: #fff; background: #999"), "pale", id="button's ground"
        ),
        pytest.param(lambda: _styled(QCheckBox("pale words"), "color: #7f7f7f"), "pale", id="check box"),
        pytest.param(
            lambda: _styled(QLineEdit(placeholderText="pale words"), "placeholder-text-color: #7f7f7f"),
            "pale",
            id="placeholder",
        ),
        pytest.param(lambda: _styled(QTextEdit("pale words"), "color: #7f7f7f"), "pale", id="document"),
        pytest.param(
            lambda: _panel(QTextEdit('good <span style="color:#7f7f7f">pale words</span> good')), "pale", id="in a text"
        ),
        pytest.param(_pale_cell, "pale", id="cell"),
        pytest.param(lambda: _panel(Painted("#888888", "#ffffff")), "own words", id="painted"),
        pytest.param(lambda: _panel(Painted("#ffffff", "#ffffff")), "own words", id="not seen at all"),
        pytest.param(lambda: Painted("#888888", "#ffffff"), "own words", id="with a render of its own"),
    ],
)
def test_contrast_check_finds(show: Show, themed: Theme, make: Callable[[], QWidget], words: str) -> None:
    assert themed
    found = walkers.contrast_complaints(show(make))
    assert len([one for one in found if words in one]) == 1, found


@pytest.mark.parametrize("kind", Kind)
def test_contrast_check_allows_the_parts(show: Show, themed: Theme, kind: Kind) -> None:
    assert themed
    primary = Button("Exchange")
    primary.set_primary(True)
    parts = (Chip("state", kind), primary, Button("Revoke", role="danger"), Button("More", role="flat"), QLabel("x"))
    assert walkers.contrast_complaints(show(lambda: _panel(*parts))) == []


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(QColor("#000000"), QColor("#ffffff")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("#ffffff")) == pytest.approx(4.54, abs=0.01)
    assert contrast(QColor("#ffffff"), QColor("#777777")) == pytest.approx(4.48, abs=0.01)


def test_drawn_texts_are_found_where_they_are(show: Show) -> None:
    below = QLabel("below \x07 <&>")
    window = show(lambda: _panel(QLabel("above"), below))
    above_text, below_text = drawn_texts(window)
    assert above_text.text == "above"
    assert below_text.text.endswith("<&>")
    assert below.geometry().adjusted(-2, -2, 2, 2).contains(below_text.area.toAlignedRect())


def test_contrast_check_passes_over_what_is_scrolled_away(show: Show, light: Theme) -> None:
    assert light
    area, pale = QScrollArea(), QLabel("pale words")
    pale.setStyleSheet("color: #cccccc")
    high = QLabel("high")
    high.setMinimumHeight(2000)
    inside = _panel(high, pale)
    inside.resize(300, 2100)
    area.setWidget(inside)
    window = show(lambda: _panel(area))
    assert walkers.contrast_complaints(window) == []
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    assert [one for one in walkers.contrast_complaints(window) if "pale words" in one]


# Translation.


class Spoken(QWidget):
    """A panel whose texts are given as they are."""

    def __init__(self, **texts: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        button = QPushButton(texts.get("button", ""))
        button.setToolTip(texts.get("tooltip", ""))
        button.setAccessibleName(texts.get("name", ""))
        button.setAccessibleDescription(texts.get("description", ""))
        field = QLineEdit(texts.get("value", ""))
        field.setPlaceholderText(texts.get("placeholder", ""))
        pages = QTabWidget()
        pages.addTab(QWidget(), texts.get("tab", ""))
        table = QTableWidget(1, 1)
        table.setHorizontalHeaderLabels([texts.get("header", "")])
        table.verticalHeader().hide()
        for widget in (QLabel(texts.get("label", "")), Chip(texts.get("chip", "")), button, field, pages, table):
            column.addWidget(widget)
        self.setWindowTitle(texts.get("title", ""))
        action = QAction(texts.get("action", ""), self)
        self.addAction(action)


@pytest.mark.parametrize(
    "where",
    [
        "button",
        "tooltip",
        "name",
        "description",
        "placeholder",
        "tab",
        "header",
        "label",
        "chip",
        "title",
        "action",
    ],
)
def test_translation_check_finds(show: Show, pseudo: PseudoTranslator, where: str) -> None:
    assert pseudo
    window = show(lambda: Spoken(**{where: "Hard coded"}))
    assert walkers.untranslated_complaints(window)
    assert all("'Hard coded'" in one for one in walkers.untranslated_complaints(window))
    assert walkers.untranslated_complaints(window, outside=["Hard coded"]) == []
    window.close()
    translated = show(lambda: Spoken(**{where: QCoreApplication.translate("Sample", "Translated")}))
    assert walkers.untranslated_complaints(translated) == []


def test_translation_check_allows_values_numbers_and_facts(show: Show, pseudo: PseudoTranslator) -> None:
    assert pseudo
    window = show(lambda: Spoken(value="a value", label="12:30 · 200", button=f"{FACT} (200)"))
    assert walkers.untranslated_complaints(window, outside=[FACT]) == []


def test_translation_check_looks_into_menus(show: Show, pseudo: PseudoTranslator) -> None:
    assert pseudo
    window = show(_menu_without_mnemonic)
    found = walkers.untranslated_complaints(window)
    assert any("'Profile'" in one for one in found)
    assert any("'&New'" in one for one in found)


# Markup.


def _label_with_format(kind: Qt.TextFormat) -> QWidget:
    label = QLabel(f"name: {HOSTILE}")
    label.setTextFormat(kind)
    return _panel(label)


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: _label_with_format(Qt.TextFormat.AutoText), id="guessed"),
        pytest.param(lambda: _label_with_format(Qt.TextFormat.RichText), id="rich"),
        pytest.param(lambda: _label_with_format(Qt.TextFormat.MarkdownText), id="markdown"),
        pytest.param(lambda: _changed(QPushButton, "setToolTip", f"name: {HOSTILE}"), id="tooltip"),
        pytest.param(lambda: _changed(QPushButton, "setWhatsThis", HOSTILE), id="what's this"),
        pytest.param(lambda: _changed(QTextEdit, "setText", f"<p>name: {HOSTILE}</p>"), id="document"),
    ],
)
def test_markup_check_finds(show: Show, make: Callable[[], QWidget]) -> None:
    assert walkers.markup_complaints(show(make), [HOSTILE])


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: _label_with_format(Qt.TextFormat.PlainText), id="plain"),
        pytest.param(lambda: _changed(QPushButton, "setToolTip", "<qt>&lt;b&gt;evil&lt;/b&gt;</qt>"), id="escaped"),
        pytest.param(lambda: _changed(QTextEdit, "setPlainText", HOSTILE), id="document"),
        pytest.param(lambda: _panel(QPushButton(HOSTILE)), id="button"),
    ],
)
def test_markup_check_allows(show: Show, make: Callable[[], QWidget]) -> None:
    assert walkers.markup_complaints(show(make), [HOSTILE]) == []


def test_a_walk_leaves_the_focus_in_the_window(show: Show) -> None:
    window = show(lambda: _panel(QLineEdit(), QPushButton("x")))
    walkers.keyboard_complaints(window)
    assert QTest.qWaitForWindowActive(window)
    assert window.focusWidget() is not None
