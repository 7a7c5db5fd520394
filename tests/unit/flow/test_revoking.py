from __future__ import annotations

import itertools

import pytest

from gui.flow.revocation import Revocation, Tick

ENDED = {
    (Tick.DONE, Tick.PENDING),
    (Tick.DONE, Tick.DONE),
    (Tick.DONE, Tick.UNPROVEN),
    (Tick.UNPROVEN, Tick.DONE),
    (Tick.FAILED, Tick.DONE),
    (Tick.PENDING, Tick.DONE),
}
"""Server and proof: confirmed and not contradicted, or shown."""


@pytest.mark.parametrize(("server", "refused"), list(itertools.product(Tick, Tick)))
def test_when_a_token_counts_as_dead(server: Tick, refused: Tick) -> None:
    assert Revocation(server, refused).ended_token is ((server, refused) in ENDED)
