"""Under a real X11, what is selected lies there for a middle click. A secret must not."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.real_window import RealDisplay

PROGRAM = """
import sys
from PySide6.QtGui import QClipboard
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from gui.desktop.clipboard import Clipboard

app = QApplication(sys.argv)
guard = Clipboard()
guard.guard_selection(lambda text: "secret" in text)
for text in ("harmless", "a secret"):
    line = QLineEdit(text)
    line.show()
    QTest.qWaitForWindowExposed(line)
    line.selectAll()
    app.clipboard().setText(line.selectedText(), QClipboard.Mode.Selection)
    app.processEvents()
    print(repr(app.clipboard().text(QClipboard.Mode.Selection)))
guard.close()
"""


def test_selected_secret_leaves_the_x11_selection(real_display: RealDisplay) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=real_display.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines() == ["'harmless'", "''"]
