"""Colours for access-token documents, XML and JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat

from gui.widgets.document_text import Language
from gui.widgets.theme import theme_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPlainTextEdit

    from gui.widgets.theme import Theme

_XML = re.compile(
    r"(?P<comment><!--.*?(?:-->|$)|<[?!][^>]*>?)"
    r"|(?P<open></?)(?P<name>[^\s<>/=\"']+)"
    r"|(?<![\w:.-])(?P<attribute>[\w:.-]+)(?==[\"'])"
    r"|(?P<close>/?>)"
)
_JSON = re.compile(r"(?P<name>\"(?:[^\"\\]|\\.)*\")(?=\s*:)|(?P<value>\"(?:[^\"\\]|\\.)*\"?)|(?P<open>[{}\[\],:])")


class MarkupHighlighter(QSyntaxHighlighter):
    """Names in one colour, punctuation quieter than values. Follows the theme of its editor."""

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor.document())
        self._editor = editor
        self._language: Language | None = None
        self._theme: Theme | None = None
        self._formats: dict[str, QTextCharFormat] = {}
        self._take_theme()
        editor.installEventFilter(self)

    def set_language(self, language: Language | None) -> None:
        """Say what the text, which is set after this, is written in; None leaves it without colours."""
        self._language = language

    def highlightBlock(self, text: str) -> None:
        if self._language is None:
            return
        pattern = _JSON if self._language is Language.JSON else _XML
        for found in pattern.finditer(text):
            for part in found.re.groupindex:
                if found[part]:
                    self.setFormat(_units(text, found.start(part)), _units(found[part]), self._formats[part])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.PaletteChange, QEvent.Type.StyleChange} and self._take_theme():
            self.rehighlight()
        return super().eventFilter(watched, event)

    def _take_theme(self) -> bool:
        theme = theme_of(self._editor)
        if theme == self._theme:
            return False
        self._theme = theme
        colours = {
            "name": theme.markup,
            "attribute": theme.info,
            "open": theme.muted,
            "close": theme.muted,
            "comment": theme.muted,
            "value": theme.text,
        }
        for part, colour in colours.items():
            self._formats[part] = QTextCharFormat()
            self._formats[part].setForeground(QColor(colour))
        return True


def _units(text: str, end: int | None = None) -> int:
    """Return how long a text is for Qt, which counts letters beyond the first plane twice."""
    if text.isascii():
        return len(text) if end is None else end
    return len(text[:end].encode("utf-16-le", "surrogatepass")) // 2
