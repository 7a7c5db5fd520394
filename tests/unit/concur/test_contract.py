from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from gui.concur import contract as module
from gui.concur.contract import CONTRACTS, DEFAULT_CONTRACT, Contract
from gui.concur.current import CurrentContract
from gui.concur.data_centres import CURRENT_DATA_CENTRES, LEGACY_DATA_CENTRES
from gui.concur.legacy import LegacyContract

WIRE = Path(module.__file__).with_name("concur-wire.md").read_text(encoding="utf-8")
FACTS = pytest.mark.parametrize("name", CONTRACTS)
CLASSES = pytest.mark.parametrize("kind", [LegacyContract, CurrentContract])
MEMBERS = sorted({*Contract.__annotations__, *(name for name in vars(Contract) if not name.startswith("_"))})


def section(number: str) -> str:
    found = re.search(rf"^#+ {re.escape(number)}[ .].*?(?=^#+ |\Z)", WIRE, re.MULTILINE | re.DOTALL)
    assert found, number
    return found[0]


def test_there_are_two() -> None:
    (row,) = re.findall(r"^\| \| (.*) \|$", WIRE, re.MULTILINE)
    assert list(CONTRACTS) == re.findall(r"`(\w+)`", row)
    assert DEFAULT_CONTRACT in CONTRACTS


@FACTS
def test_facts_are_whole(name: str) -> None:
    facts = CONTRACTS[name]
    assert facts.name == name
    assert set(facts.new_app_scopes) <= set(facts.scopes)
    for words in (facts.redirect_words, facts.about, facts.exchange_words, facts.place_words):
        assert words.strip() == words != ""


def test_legacy_scopes_are_the_documented_ones() -> None:
    (line,) = re.findall(r"^\* Scopes \(D\): (.*)\.$", section("1.1"), re.MULTILINE)
    assert sorted(CONTRACTS["legacy"].scopes) == sorted(line.split())


def test_current_scopes_are_the_documented_ones() -> None:
    line = next(line for line in WIRE.splitlines() if line.startswith("budgetitem.read "))
    assert sorted(CONTRACTS["current"].scopes) == sorted(line.split())


def test_scopes_stand_apart_as_on_the_wire() -> None:
    assert "Scope is comma separated" in section("1.1")
    assert [CONTRACTS[name].scope_separator for name in ("legacy", "current")] == [",", " "]
    assert all(separator not in scope for f in CONTRACTS.values() for scope in f.scopes for separator in ", ")


def test_data_centres() -> None:
    assert CONTRACTS["legacy"].data_centres is LEGACY_DATA_CENTRES
    assert CONTRACTS["current"].data_centres is CURRENT_DATA_CENTRES


@pytest.mark.parametrize(("name", "of"), [("legacy", "1.2"), ("current", "2.2")])
def test_the_exchange_is_that_of_the_wire_notes(name: str, of: str) -> None:
    facts = CONTRACTS[name]
    assert f"`{facts.exchange_method} {{base}}{facts.exchange_path}" in section(of)


def test_deprecation_is_that_of_the_wire_notes() -> None:
    assert f"deprecated since {CONTRACTS['legacy'].deprecated_since};" in WIRE
    assert CONTRACTS["legacy"].migration_url.startswith("https://developer.concur.com/")
    assert (CONTRACTS["current"].deprecated_since, CONTRACTS["current"].migration_url) == ("", "")


def test_the_redirect_words_name_what_it_carries() -> None:
    assert "code" in CONTRACTS["legacy"].redirect_words
    assert "id" in CONTRACTS["current"].redirect_words
    assert "requestToken" in CONTRACTS["current"].redirect_words


@CLASSES
@pytest.mark.parametrize("member", MEMBERS)
def test_each_class_has_what_the_protocol_names(kind: type, member: str) -> None:
    has, wanted = getattr(kind, member), getattr(Contract, member, None)
    if callable(wanted):
        assert list(inspect.signature(has).parameters) == list(inspect.signature(wanted).parameters)
    assert has is not None


@CLASSES
def test_no_class_has_more_than_the_protocol_names(kind: type) -> None:
    assert sorted(name for name in vars(kind) if not name.startswith("_")) == MEMBERS


@CLASSES
def test_each_class_is_a_contract_of_the_table(kind: type[LegacyContract | CurrentContract]) -> None:
    contract: Contract = kind()
    assert contract.name in CONTRACTS
