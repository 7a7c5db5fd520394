from __future__ import annotations

import pytest

from gui.loopback.errors import PortInUse
from gui.notice_words import HAPPENINGS, words_for
from gui.notices import Happening
from gui.store.errors import KeyringAbsent


def test_every_happening_has_words() -> None:
    assert set(HAPPENINGS) == set(Happening)


@pytest.mark.parametrize("happening", Happening)
def test_words_of_a_happening_are_sentences_with_the_fact_in_them(happening: Happening) -> None:
    words = words_for(happening, "the-fact")
    template = HAPPENINGS[happening]
    assert words.title
    assert words.text
    assert "{" not in words.title + words.text + words.advice
    named = "{fact}" in template.title + template.text + template.advice
    assert ("the-fact" in words.title + words.text + words.advice) == named


def test_fact_with_braces_is_no_template() -> None:
    assert "{0}" in words_for(Happening.SAVED, "{0}").text


def test_error_has_the_words_of_its_own_table() -> None:
    error = PortInUse(port=8765, addresses=("127.0.0.1",), holder=None)
    assert "8765" in words_for(error).title


def test_addition_is_translated_and_follows_the_text() -> None:
    words = words_for(Happening.REVOKED, "Acme", lambda text: f"<{text}>", addition="So {it} is.")
    assert words.text.endswith("> <So {it} is.>")
    assert "Acme" in words.text


def test_templates_are_translated_before_facts_are_filled_in() -> None:
    seen: list[str] = []

    def translate(text: str) -> str:
        seen.append(text)
        return f"<{text}>"

    words = words_for(KeyringAbsent(reason="no session bus"), translate=translate)
    assert words.text.startswith("<")
    assert "no session bus" in words.text
    assert not any("no session bus" in template for template in seen)
