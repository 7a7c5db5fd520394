from __future__ import annotations

import re
from pathlib import Path

import pytest

from gui.concur import data_centres
from gui.concur.application import check_base_url
from gui.concur.data_centres import CURRENT_DATA_CENTRES, LEGACY_DATA_CENTRES, DataCentre, data_centre_of

WIRE = Path(data_centres.__file__).with_name("concur-wire.md").read_text(encoding="utf-8")
BOTH = pytest.mark.parametrize(
    "centres", [pytest.param(LEGACY_DATA_CENTRES, id="legacy"), pytest.param(CURRENT_DATA_CENTRES, id="current")]
)


def named_in_the_wire_notes(contract: str) -> list[str]:
    """Origins of one contract, with the braces that stand for several of them written out."""
    (line,) = re.findall(rf"^{contract}: (.*)$", WIRE, re.MULTILINE)
    found = []
    for text in re.findall(r"`(https://[^`]+)`", line):
        braces = re.search(r"\{(.*)\}", text)
        found += [text.replace(braces[0], name) for name in braces[1].split(",")] if braces else [text]
    return found


def test_legacy_ones_are_those_of_the_wire_notes() -> None:
    assert [centre.base_url for centre in LEGACY_DATA_CENTRES] == named_in_the_wire_notes("Legacy")


def test_current_ones_are_those_of_the_wire_notes() -> None:
    found = [centre.base_url for centre in CURRENT_DATA_CENTRES]
    assert sorted(found) == sorted(named_in_the_wire_notes("Current"))
    assert found[0] == "https://glz.api.concursolutions.com"  # where the first exchange goes (2.2)


@pytest.mark.parametrize(
    ("centre", "centres"),
    [
        pytest.param(centre, centres, id=centre.base_url)
        for centres in (LEGACY_DATA_CENTRES, CURRENT_DATA_CENTRES)
        for centre in centres
    ],
)
def test_each_is_usable_and_found(centre: DataCentre, centres: tuple[DataCentre, ...]) -> None:
    assert check_base_url(centre.base_url) == centre.base_url
    assert data_centre_of(centre.base_url, centres) is centre


@BOTH
def test_names_differ(centres: tuple[DataCentre, ...]) -> None:
    assert len({centre.name for centre in centres}) == len(centres)


@pytest.mark.parametrize(
    "base_url",
    [
        pytest.param("https://www.concursolutions.com/", id="slash at the end"),
        pytest.param(" https://www.concursolutions.com\n", id="spaces around it"),
        pytest.param("HTTPS://WWW.ConcurSolutions.com", id="capitals"),
    ],
)
def test_the_way_it_is_written_does_not_count(base_url: str) -> None:
    assert data_centre_of(base_url, LEGACY_DATA_CENTRES) is LEGACY_DATA_CENTRES[0]


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
@BOTH
def test_anything_else_is_none_of_them(base_url: str, centres: tuple[DataCentre, ...]) -> None:
    assert data_centre_of(base_url, centres) is None


def test_one_of_the_other_contract_is_none_of_them() -> None:
    assert data_centre_of(LEGACY_DATA_CENTRES[0].base_url, CURRENT_DATA_CENTRES) is None
    assert data_centre_of(CURRENT_DATA_CENTRES[0].base_url, LEGACY_DATA_CENTRES) is None
