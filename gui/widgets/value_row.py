"""A value under its caption, with what can be done with it beside the caption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.widgets.parts import Button, plain_label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QAbstractButton


class ValueRow(QWidget):
    """Caption and buttons in one line, the value with the whole width to itself below."""

    def __init__(self, caption: str, value: QWidget, buttons: tuple[QAbstractButton, ...] = ()) -> None:
        super().__init__()
        self.caption = plain_label(caption, role="small")
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.caption, 1)
        for button in buttons:
            head.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(value)


def flat_button(text: str, name: str, what: str = "") -> Button:
    """Return a small button beside a caption. `name` is for tests, `what` for those who cannot see the caption."""
    button = Button(text, role="flat")
    button.setObjectName(name)
    button.setProperty("compact", True)  # noqa: FBT003  # Qt's own
    if what:
        button.setAccessibleName(f"{text} {what}")
    return button
