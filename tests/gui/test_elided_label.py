from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

from gui.widgets.parts import ElidedLabel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

WHOLE, SHORT = "expires 24 Nov 2027 15:02 (in 364 days)", "expires in 364 days"


@pytest.fixture
def label(qtbot: QtBot) -> Iterator[ElidedLabel]:
    ground = QWidget()
    qtbot.addWidget(ground)
    label = ElidedLabel(parent=ground)
    label.set_whole_text(WHOLE, SHORT)
    ground.show()
    yield label
    ground.close()  # it has to live as long as the label in it


def width_of(label: ElidedLabel, text: str) -> int:
    return label.fontMetrics().horizontalAdvance(text)


def test_whole_where_it_fits(label: ElidedLabel) -> None:
    label.resize(width_of(label, WHOLE), 20)
    assert (label.text(), label.toolTip()) == (WHOLE, "")


def test_short_where_the_whole_does_not_fit(label: ElidedLabel) -> None:
    label.resize(width_of(label, WHOLE) - 1, 20)
    assert (label.text(), label.toolTip()) == (SHORT, WHOLE)
    assert label.whole_text == label.accessibleName() == WHOLE


def test_short_is_elided_where_it_does_not_fit_either(label: ElidedLabel) -> None:
    label.resize(width_of(label, SHORT) - 20, 20)
    assert "…" in label.text()
    assert label.text().startswith("exp")
    assert label.text().endswith("days")


def test_without_short_words_the_whole_is_elided(label: ElidedLabel) -> None:
    label.set_whole_text(WHOLE)
    label.resize(width_of(label, SHORT), 20)
    assert label.text() not in {WHOLE, SHORT}
    assert label.text().endswith("days)")
