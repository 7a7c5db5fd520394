from __future__ import annotations

import pytest

from gui.concur.contract import CONTRACTS
from gui.concur.errors import ContractUnknown
from gui.flow.connection import contract_named


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_contract_is_found_by_its_name(name: str) -> None:
    assert contract_named(name).name == name


@pytest.mark.parametrize("name", ["", "Legacy", "CURRENT", "next"])
def test_another_contract_is_an_error_with_its_name(name: str) -> None:
    with pytest.raises(ContractUnknown) as caught:
        contract_named(name)
    assert caught.value.name == name
