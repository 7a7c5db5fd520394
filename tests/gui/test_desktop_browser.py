from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from gui.desktop.browser import open_folder, open_in_browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

SCHEMES = ("http", "https", "file", "ftp", "mailto", "javascript", "data")


class Desktop(QObject):
    """Stands in for the system."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(bytes(url.toEncoded().data()).decode())


@pytest.fixture
def desktop(qapp: QApplication) -> Iterator[Desktop]:
    del qapp
    stand_in = Desktop()
    for scheme in SCHEMES:
        QDesktopServices.setUrlHandler(scheme, stand_in, "open")  # type: ignore[arg-type]  # the stub is wrong
    yield stand_in
    for scheme in SCHEMES:
        QDesktopServices.unsetUrlHandler(scheme)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://127.0.0.1:40123/", id="sandbox"),
        pytest.param("http://[::1]:40123/", id="IPv6"),
        pytest.param("https://x.example/a?scope=EXPRPT%2CUSER&redirect_uri=http%3A%2F%2Flocalhost%2Fr%2B", id="query"),
    ],
)
def test_web_page_is_opened_to_the_letter(desktop: Desktop, url: str) -> None:
    assert open_in_browser(url)
    assert desktop.opened == [url]


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("", id="empty"),
        pytest.param("file:///etc/passwd", id="file"),
        pytest.param("ftp://x.example/", id="ftp"),
        pytest.param("mailto:a@x.example", id="mail"),
        pytest.param("javascript:alert(1)", id="javascript"),
        pytest.param("data:text/html,x", id="data"),
        pytest.param("x.example/a", id="no scheme"),
        pytest.param("https://", id="no host"),
        pytest.param("https://user:canary@x.example/", id="password"),
        pytest.param("https://x.example/a b", id="space"),
        pytest.param("https://x.example:99999/", id="port"),
    ],
)
def test_nothing_else_leaves(desktop: Desktop, url: str) -> None:
    assert not open_in_browser(url)
    assert desktop.opened == []


def test_folder(desktop: Desktop, tmp_path: Path) -> None:
    folder = tmp_path / "a b # \u05e9"
    folder.mkdir()
    assert open_folder(folder)
    assert [QUrl(url).toLocalFile() for url in desktop.opened] == [folder.as_posix()]


def test_file_or_nothing_is_not_opened(desktop: Desktop, tmp_path: Path) -> None:
    (tmp_path / "program").write_text("x")
    assert not open_folder(tmp_path / "program")
    assert not open_folder(tmp_path / "missing")
    assert desktop.opened == []
