from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from gui.widgets.document_text import Language
from gui.widgets.markup_highlighter import MarkupHighlighter
from gui.widgets.theme import DARK, LIGHT
from tests.gui.looks import look

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def coloured(editor: QPlainTextEdit, colour: str) -> list[str]:
    """Return the pieces of the first line that have a colour."""
    block = editor.document().firstBlock()
    units = block.text().encode("utf-16-le")
    return [
        units[2 * span.start : 2 * (span.start + span.length)].decode("utf-16-le")
        for span in block.layout().formats()
        if span.format.foreground().color().name() == colour
    ]


def editor_with(qtbot: QtBot, text: str, language: Language) -> QPlainTextEdit:
    editor = QPlainTextEdit()
    qtbot.addWidget(editor)
    MarkupHighlighter(editor).set_language(language)
    editor.setPlainText(text)
    return editor


def test_xml(qtbot: QtBot, qapp: QApplication) -> None:
    with look(qapp, "light"):
        editor = editor_with(qtbot, '<n:Token kind="a">value</n:Token><!-- <b> --><c/>', Language.XML)
        assert coloured(editor, LIGHT.markup) == ["n:Token", "n:Token", "c"]
        assert coloured(editor, LIGHT.info) == ["kind"]
        assert coloured(editor, LIGHT.muted) == ["<", ">", "</", "><!-- <b> --><", "/>"]  # Qt joins neighbours


def test_json(qtbot: QtBot, qapp: QApplication) -> None:
    with look(qapp, "light"):
        editor = editor_with(qtbot, '{"Token" : "a\\":b", "n": 1}', Language.JSON)
        assert coloured(editor, LIGHT.markup) == ['"Token"', '"n"']
        assert coloured(editor, LIGHT.text) == ['"a\\":b"']


def test_letters_that_qt_counts_twice(qtbot: QtBot, qapp: QApplication) -> None:
    with look(qapp, "light"):
        editor = editor_with(qtbot, "<😀>😀</😀>", Language.XML)
        assert coloured(editor, LIGHT.markup) == ["😀", "😀"]


@pytest.mark.parametrize(("first", "second", "theme"), [("light", "dark", DARK), ("dark", "light", LIGHT)])
def test_follows_the_theme(qtbot: QtBot, qapp: QApplication, first: str, second: str, theme: object) -> None:
    assert theme in {DARK, LIGHT}
    with look(qapp, first):
        editor = editor_with(qtbot, "<Token/>", Language.XML)
        with look(qapp, second) as now:
            assert now == theme
            assert coloured(editor, now.markup) == ["Token"]
