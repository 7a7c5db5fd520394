from __future__ import annotations

import json

import pytest

from gui.widgets.document_text import (
    HEX_LIMIT,
    LINE_LIMIT,
    LINES_LIMIT,
    SHOWN_LIMIT,
    Language,
    hex_lines,
    laid_out,
    language_of,
    showable,
    with_line_ends_marked,
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("<a/>", Language.XML),
        ('\ufeff {"a": 1}', Language.JSON),
        ("[1]", Language.JSON),
        ("", Language.XML),
        ("nonsense", Language.XML),
    ],
)
def test_language(text: str, language: Language) -> None:
    assert language_of(text) is language


def test_xml_stays_as_it_came_but_for_line_ends() -> None:
    assert laid_out("<a>\r\n   <b/>\r</a>") == "<a>\n   <b/>\n</a>"


def test_json_is_laid_out() -> None:
    text = '{"Access_Token":{"Token":"a:b,{c}","List":[1,2],"Nothing":{},"None":[]}}'
    assert laid_out(text) == (
        '{\n  "Access_Token": {\n    "Token": "a:b,{c}",\n    "List": [\n      1,\n      2\n    ],\n'
        '    "Nothing": {},\n    "None": []\n  }\n}'
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"a": 1.50e+10, "a": "\\u002b\\/", "b": 123456789012345678901234567890}', id="odd but right"),
        pytest.param('{"a": "unfinished', id="cut off"),
        pytest.param('}}]{"a" "b"', id="nonsense"),
    ],
)
def test_json_loses_nothing(text: str) -> None:
    assert "".join(laid_out(text).split()) == "".join(text.split())


def test_json_of_any_depth() -> None:
    text = "[" * 100_000
    assert len(laid_out(text)) < 50 * len(text)


def test_json_means_the_same() -> None:
    value = {"a": [{"b": ["x, y", "{", "\\"]}, None, True, -1.5], "c": {}}
    assert json.loads(laid_out(json.dumps(value))) == value


def test_endless_line_is_broken() -> None:
    shown = showable("x" * (3 * LINE_LIMIT + 1))
    assert shown.broken
    assert not shown.cut
    assert max(len(line) for line in shown.text.split("\n")) == LINE_LIMIT
    assert shown.text.replace("\n", "") == "x" * (3 * LINE_LIMIT + 1)


def test_long_text_is_cut() -> None:
    shown = showable("123456789 123456789 123456789\n" * SHOWN_LIMIT)
    assert shown.cut
    assert len(shown.text) == SHOWN_LIMIT


def test_too_many_lines_are_cut() -> None:
    shown = showable("x\n" * (LINES_LIMIT + 1))
    assert shown.cut
    assert shown.text == "\n".join("x" * LINES_LIMIT)


def test_text_that_fits_is_whole() -> None:
    shown = showable("a\r\nb")
    assert (shown.text, shown.cut, shown.broken) == ("a\nb", False, False)


@pytest.mark.parametrize(
    ("text", "seen"),
    [("a\0b", "a«U+0000»b"), ("a\u202eb", "a«U+202E»b"), ("a\rb", "a«U+000D»b"), ("שלום\tΩ\n", "שלום\tΩ\n")],
)
def test_nothing_invisible(text: str, seen: str) -> None:
    assert showable(text).text == seen


def test_line_ends() -> None:
    assert with_line_ends_marked("a\r\nb\rc\nd") == "a«CR»«LF»\nb«CR»c«LF»\nd"


def test_hex() -> None:
    shown = hex_lines(b"<Token>abcdefgh</Token>\r\n", (range(7, 15),))
    assert shown.text.split("\n") == [
        "00000000  3c 54 6f 6b 65 6e 3e ••  •• •• •• •• •• •• •• 3c  <Token>••••••••<",
        "00000010  2f 54 6f 6b 65 6e 3e 0d  0a                       /Token>..",
    ]
    assert not shown.cut


def test_hex_is_cut() -> None:
    shown = hex_lines(bytes(HEX_LIMIT + 1))
    assert shown.cut
    assert len(shown.text.split("\n")) == HEX_LIMIT // 16


@pytest.mark.parametrize("text", ["[" * 1_000_000, '{"a":1},' * 200_000], ids=["brackets", "members"])
def test_no_more_is_laid_out_than_can_be_shown(text: str) -> None:
    out = laid_out("[" + text)
    assert len(out) < 2 * SHOWN_LIMIT
    assert out.count("\n") <= LINES_LIMIT + 1
    assert showable(out).cut


def test_a_text_that_was_cut_before_stays_cut() -> None:
    assert showable("a", cut=True).cut
    assert not showable("a").cut


def test_names_of_what_cannot_be_seen_count_as_well() -> None:
    shown = showable("\0" * (SHOWN_LIMIT // 2))
    assert shown.cut
    assert shown.text.replace("\n", "") == ("«U+0000»" * SHOWN_LIMIT)[:SHOWN_LIMIT]
