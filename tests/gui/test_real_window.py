from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage

from tests.real_window import SIZE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.real_window import RealDisplay

PROGRAM = """
import sys
from PySide6.QtWidgets import QApplication, QLineEdit
app = QApplication([])
field = QLineEdit()
field.setWindowTitle("A field to type into")
field.setStyleSheet("background: #ff00ff")
field.resize(400, 80)
field.returnPressed.connect(app.quit)
field.show()
app.exec()
print(app.platformName(), field.text())
"""


@pytest.mark.real_part("xvfb")
def test_a_program_is_typed_into_and_seen(real_display: RealDisplay, tmp_path: Path) -> None:
    picture = tmp_path / "display.png"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        env=real_display.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as program:
        try:
            real_display.window("^A field to type into$")
            real_display.type_text("seen & typed")
            real_display.screenshot(picture)
            real_display.key("Return")
            said, _ = program.communicate(timeout=20)
        finally:
            program.kill()
    assert said.strip() == "xcb seen & typed"
    image = QImage(str(picture))
    assert (image.width(), image.height()) == SIZE
    assert any(image.pixelColor(x, y).name() == "#ff00ff" for x in range(0, 400, 40) for y in range(0, 80, 20))
