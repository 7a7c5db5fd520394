from __future__ import annotations

import pytest

from gui.desktop.file_names import safe_file_name


@pytest.mark.parametrize(
    ("wished", "name"),
    [
        pytest.param("Acme", "Acme.json", id="plain"),
        pytest.param("Acme.json", "Acme.json", id="has the suffix"),
        pytest.param("Acme.JSON", "Acme.json", id="has the suffix in capitals"),
        pytest.param("Acme 2.0", "Acme 2.0.json", id="dot inside"),
        pytest.param("../../etc/passwd", "etc-passwd.json", id="another folder"),
        pytest.param("C:\\Users\\x", "C--Users-x.json", id="drive"),
        pytest.param('a<b>c"d|e?f*g', "a-b-c-d-e-f-g.json", id="wildcards"),
        pytest.param(".hidden", "hidden.json", id="leading dot"),
        pytest.param("end. . ", "end.json", id="trailing dots and spaces"),
        pytest.param("two\nlines\tand tab", "two lines and tab.json", id="line break"),
        pytest.param("a\x00b\x1bc", "abc.json", id="control characters"),
        pytest.param("a\u202enosj.exe", "anosj.exe.json", id="turned direction"),
        pytest.param("a\u3000b", "a b.json", id="wide space"),
        pytest.param("\ud800x", "x.json", id="surrogate"),
        pytest.param("CON", "CON_.json", id="device"),
        pytest.param("nul.tar", "nul_.tar.json", id="device with extension"),
        pytest.param("com1", "com1_.json", id="port"),
        pytest.param("COM\u00b9", "COM\u00b9_.json", id="port with a raised digit"),
        pytest.param("console", "console.json", id="no device"),
        pytest.param("", "profile.json", id="empty"),
        pytest.param(" ./. ", "profile.json", id="nothing left"),
        pytest.param("\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd.json", id="Hebrew"),
    ],
)
def test_name(wished: str, name: str) -> None:
    assert safe_file_name(wished, "profile", ".json") == name


@pytest.mark.parametrize("wished", ["x" * 5000, "\u05e9" * 5000, "\U0001f600" * 5000], ids=["ascii", "hebrew", "emoji"])
def test_long_name_is_cut_between_characters(wished: str) -> None:
    name = safe_file_name(wished, "profile", ".json")
    assert 100 < len(name.encode("utf-8")) < 140
    assert set(name.removesuffix(".json")) == {wished[0]}
