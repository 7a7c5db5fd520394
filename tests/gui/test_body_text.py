from __future__ import annotations

import pytest

from gui.widgets.body_text import BodyForm, copied_text, read_body
from tests.flow.canaries import DOCUMENT

ODD_BYTES = bytes(range(128, 256))


@pytest.mark.parametrize(
    ("body", "form", "text"),
    [
        pytest.param(b"", BodyForm.EMPTY, "", id="empty"),
        pytest.param(DOCUMENT, BodyForm.TEXT, DOCUMENT.decode(), id="document"),
        pytest.param("שלום".encode(), BodyForm.TEXT, "שלום", id="Hebrew"),
        pytest.param(DOCUMENT.decode().encode("utf-8-sig"), BodyForm.TEXT, DOCUMENT.decode(), id="UTF-8 with its mark"),
        pytest.param(b"Grue\xdfe aus Hof", BodyForm.DAMAGED_TEXT, "Grue\ufffde aus Hof", id="Latin 1"),
        pytest.param("a<b>".encode("utf-16"), BodyForm.WIDE_TEXT, "a<b>", id="UTF-16"),
        pytest.param("<b>שלום</b>".encode("utf-16-be"), BodyForm.WIDE_TEXT, "<b>שלום</b>", id="UTF-16 without a mark"),
        pytest.param("{}".encode("utf-32-le"), BodyForm.WIDE_TEXT, "{}", id="UTF-32 without a mark"),
        pytest.param(b"\x00\x01\x02", BodyForm.NO_TEXT, "\x00\x01\x02", id="NULs"),
        pytest.param(b"\x00\x01secret", BodyForm.NO_TEXT, "\x00\x01secret", id="a NUL first, and no UTF-16"),
        pytest.param(ODD_BYTES, BodyForm.NO_TEXT, ODD_BYTES.decode(errors="replace"), id="bytes"),
    ],
)
def test_form_and_text_of_a_body(body: bytes, form: BodyForm, text: str) -> None:
    read = read_body(body)
    assert (read.form, read.text, read.whole) == (form, text, True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("letter", ["a", "ä", "漢", "😀"])
def test_a_limit_gives_at_least_as_many_characters_and_cuts_none_in_two(encoding: str, letter: str) -> None:
    read = read_body(("<" + letter * 999).encode(encoding), 100)
    assert set(read.text) == {"<", letter}
    assert len(read.text) >= 100
    assert not read.whole or len(read.text) == 1000


def test_all_of_a_body_is_copied_as_text_or_as_hex() -> None:
    assert copied_text(b"x" * 500_000) == "x" * 500_000
    assert copied_text(b"\x00\xff") == "00 ff"


def test_what_was_read_is_in_no_repr() -> None:
    assert "Token" not in repr(read_body(DOCUMENT))
