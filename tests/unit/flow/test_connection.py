from __future__ import annotations

import pytest

from gui.concur.errors import ContractUnknown
from gui.concur.legacy import LegacyContract
from gui.flow.connection import contract_named


def test_the_legacy_contract_is_found_by_its_name() -> None:
    contract = contract_named("legacy")
    assert isinstance(contract, LegacyContract)
    assert contract.name == "legacy"


@pytest.mark.parametrize("name", ["current", "", "Legacy"])
def test_another_contract_is_an_error_with_its_name(name: str) -> None:
    with pytest.raises(ContractUnknown) as caught:
        contract_named(name)
    assert caught.value.name == name
