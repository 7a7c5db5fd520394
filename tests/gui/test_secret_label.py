from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from gui.widgets.secret_label import SecretLabel
from gui.widgets.secret_reveal import SHOWN_FOR_MS, TEXT_MASK

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def label_with(qtbot: QtBot, secret: str, masked_after_ms: int = SHOWN_FOR_MS) -> SecretLabel:
    label = SecretLabel(masked_after_ms=masked_after_ms)
    qtbot.addWidget(label)
    label.set_secret(secret)
    label.show()
    return label


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        pytest.param("", "—", id="none"),
        pytest.param("abc", TEXT_MASK, id="short"),
        pytest.param("a" * 500, TEXT_MASK, id="long"),
    ],
)
def test_masked_alike_whatever_its_length(qtbot: QtBot, secret: str, text: str) -> None:
    assert label_with(qtbot, secret).text == text


def test_nothing_is_not_shown(qtbot: QtBot) -> None:
    label = label_with(qtbot, "")
    label.show_secret()
    assert not label.shown


def test_masks_itself_again_and_tells(qtbot: QtBot) -> None:
    label = label_with(qtbot, "secret-1", masked_after_ms=1)
    told: list[bool] = []
    label.shown_changed.connect(told.append)
    label.show_secret()
    assert label.text == "secret-1"
    qtbot.waitUntil(lambda: not label.shown)
    assert label.text == TEXT_MASK
    assert told == [True, False]


@pytest.mark.parametrize("kind", [QEvent.Type.WindowDeactivate, QEvent.Type.Hide], ids=["left", "hidden"])
def test_masks_itself_when_the_window_is_left(qtbot: QtBot, kind: QEvent.Type) -> None:
    label = label_with(qtbot, "secret-1")
    label.show_secret()
    QCoreApplication.sendEvent(label, QEvent(kind))
    assert not label.shown


def test_another_secret_comes_masked_and_the_same_stays(qtbot: QtBot) -> None:
    label = label_with(qtbot, "secret-1")
    label.show_secret()
    label.set_secret("secret-1")
    assert label.shown
    label.set_secret("secret-2")
    assert label.text == TEXT_MASK
