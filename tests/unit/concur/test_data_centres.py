from __future__ import annotations

import re
from pathlib import Path

import pytest

from gui.concur import data_centres
from gui.concur.application import check_base_url
from gui.concur.data_centres import DATA_CENTRES, DataCentre, data_centre_of

WIRE = Path(data_centres.__file__).with_name("concur-wire.md").read_text(encoding="utf-8")


def test_they_are_those_of_the_wire_notes() -> None:
    (line,) = re.findall(r"^Legacy: (.*)$", WIRE, re.MULTILINE)
    assert [centre.base_url for centre in DATA_CENTRES] == re.findall(r"`(https://[^`]+)`", line)


@pytest.mark.parametrize("centre", DATA_CENTRES, ids=lambda centre: centre.name)
def test_each_is_usable_and_found(centre: DataCentre) -> None:
    assert check_base_url(centre.base_url) == centre.base_url
    assert data_centre_of(centre.base_url) is centre


def test_names_differ() -> None:
    assert len({centre.name for centre in DATA_CENTRES}) == len(DATA_CENTRES)


@pytest.mark.parametrize(
    "base_url",
    [
        pytest.param("https://www.concursolutions.com/", id="slash at the end"),
        pytest.param(" https://www.concursolutions.com\n", id="spaces around it"),
        pytest.param("HTTPS://WWW.ConcurSolutions.com", id="capitals"),
    ],
)
def test_the_way_it_is_written_does_not_count(base_url: str) -> None:
    assert data_centre_of(base_url) is DATA_CENTRES[0]


@pytest.mark.parametrize(
    "base_url",
    [
        pytest.param("", id="nothing"),
        pytest.param("http://localhost:49215", id="a sandbox"),
        pytest.param("http://www.concursolutions.com", id="http"),
        pytest.param("https://www.concursolutions.com.example", id="another host"),
        pytest.param("https://www.concursolutions.com/path", id="a path"),
    ],
)
def test_anything_else_is_none_of_them(base_url: str) -> None:
    assert data_centre_of(base_url) is None
