"""Checks over any tree of widgets, from one panel to the whole window; each returns a list of complaints.

Show the window first. The checks change nothing but the focus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gui.keyboard_walk import focus_complaints, keyboard_complaints, tab_order
from tests.gui.picture_walk import clipping_complaints, contrast_complaints
from tests.gui.wording_walk import (
    markup_complaints,
    name_complaints,
    secret_complaints,
    untranslated_complaints,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget

__all__ = [
    "clipping_complaints",
    "contrast_complaints",
    "focus_complaints",
    "keyboard_complaints",
    "markup_complaints",
    "name_complaints",
    "secret_complaints",
    "tab_order",
    "untranslated_complaints",
    "usability_complaints",
]


def usability_complaints(window: QWidget, *, secrets: Iterable[str] = (), hostile: Iterable[str] = ()) -> list[str]:
    """Run all checks but that for translations, which needs a window built under the pseudo-translator."""
    return [
        *keyboard_complaints(window),
        *focus_complaints(window),
        *name_complaints(window),
        *secret_complaints(window, secrets),
        *clipping_complaints(window),
        *contrast_complaints(window),
        *markup_complaints(window, hostile),
    ]
