"""PySide6 without what it does to every import that comes after it."""

from __future__ import annotations

import builtins
import importlib


def import_qt() -> None:
    """Import PySide6 and take its `__feature_import__` out of the way again.

    It serves `from __feature__ import …` alone, which nothing here uses, and for that reads the source of every module
    that is imported from then on, and keeps it in `linecache`: 15 MB, and much of what a start takes.
    """
    importlib.import_module("PySide6.QtCore")
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
