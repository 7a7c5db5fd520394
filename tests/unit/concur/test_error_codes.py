from __future__ import annotations

import re
from pathlib import Path

import pytest

from gui.concur import error_codes
from gui.concur.error_codes import REFRESH_TOKEN_REFUSED, WRONG_DATA_CENTRE, documented_codes, meaning_of

WIRE = Path(error_codes.__file__).with_name("concur-wire.md").read_text(encoding="utf-8")


def codes_of_the_wire_notes() -> list[int]:
    (line,) = re.findall(r"^ *Codes: (.*)$", WIRE, re.MULTILINE)
    codes: list[int] = []
    for piece in line.split("·"):
        (numbers,) = re.findall(r"^\s*(\d+(?:[,/ ]+\d+)*) ", piece)
        codes += [int(number) for number in re.findall(r"\d+", numbers)]
    return codes


CODES = codes_of_the_wire_notes()


def test_the_notes_name_many() -> None:
    assert len(CODES) == len(set(CODES)) > 20
    assert {WRONG_DATA_CENTRE, REFRESH_TOKEN_REFUSED, 5, 61, 64, 123} <= set(CODES)


def test_no_number_is_made_up() -> None:
    assert sorted(documented_codes()) == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_each_documented_code_has_words(code: int) -> None:
    words = meaning_of(code)
    assert words.meaning
    assert not words.meaning.endswith(".")  # the sentence goes on around it
    assert words.advice.endswith(".")
    assert words != meaning_of(None)


@pytest.mark.parametrize("code", [None, 0, -1, 17, 999999])
def test_any_other_is_said_to_be_unknown(code: int | None) -> None:
    assert "not document" in meaning_of(code).meaning
