"""What the system opens for us: web pages in the browser, folders in its file browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

if TYPE_CHECKING:
    from pathlib import Path

_WEB = frozenset({"http", "https"})


def open_in_browser(url: str) -> bool:
    """Open a web page; return whether the system took it. Nothing but http and https leaves here.

    Some of these URLs are made of what a server or a profile's file says, and a system opens `file:` or a scheme that
    some program has registered just as readily.
    """
    address = QUrl(url, QUrl.ParsingMode.StrictMode)
    if not address.isValid() or address.scheme() not in _WEB or not address.host() or address.userInfo():
        return False
    return QDesktopServices.openUrl(address)


def open_folder(path: Path) -> bool:
    """Show a folder; return whether the system took it. A file is not opened: that might run it."""
    return path.is_dir() and QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
