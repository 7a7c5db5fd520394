from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from gui.widgets.fault_dialog import FaultDialog
from tests.gui.walkers import usability_complaints

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def dialog(qtbot: QtBot) -> FaultDialog:
    made = FaultDialog()
    qtbot.addWidget(made)
    return made


def shown(dialog: FaultDialog) -> str:
    text = dialog.findChild(QPlainTextEdit)
    assert text is not None
    return text.toPlainText()


def test_report_is_shown_and_copied_as_it_is(qtbot: QtBot, dialog: FaultDialog) -> None:
    dialog.show_report("Traceback\nValueError: <b>x</b>\n")
    assert dialog.isVisible()
    assert shown(dialog) == "Traceback\nValueError: <b>x</b>"
    copy = dialog.findChild(QPushButton, "copy_report")
    assert copy is not None
    with qtbot.waitSignal(dialog.copy_requested) as asked:
        copy.click()
    assert asked.args is not None
    assert asked.args[0].text == "Traceback\nValueError: <b>x</b>"
    assert not asked.args[0].secret


def test_further_reports_are_added_while_it_is_open(dialog: FaultDialog) -> None:
    for number in range(30):
        dialog.show_report(f"fault {number}")
    assert "fault 29" in dialog.report
    assert "fault 21" in dialog.report
    assert "fault 20" not in dialog.report
    assert dialog.report.startswith("fault 0\n")  # the first is the cause, more often than not
    dialog.close()
    dialog.show_report("another day")
    assert dialog.report == "another day"


def test_report_begins_with_what_it_is_about(qtbot: QtBot) -> None:
    dialog = FaultDialog(about="App Center Flow 1.2.3")
    qtbot.addWidget(dialog)
    dialog.show_report("Traceback")
    assert dialog.whole_text == shown(dialog) == "App Center Flow 1.2.3\n\nTraceback"


@pytest.mark.usefixtures("themed")
def test_it_can_be_used_by_everybody(qtbot: QtBot, dialog: FaultDialog) -> None:
    dialog.show_report("Traceback\n" * 50)
    qtbot.waitExposed(dialog)
    assert usability_complaints(dialog) == []
