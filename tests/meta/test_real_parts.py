from __future__ import annotations

import os

import pytest

from tests.real_parts import REQUIRED_VARIABLE, skip_without


def test_an_absent_part_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REQUIRED_VARIABLE, raising=False)
    with pytest.raises(pytest.skip.Exception):
        skip_without("dbus-daemon")


def test_an_absent_part_that_is_required_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REQUIRED_VARIABLE, "required")
    with pytest.raises(pytest.fail.Exception):
        skip_without("dbus-daemon")


def test_no_other_test_reaches_the_session_bus() -> None:
    assert os.environ["DBUS_SESSION_BUS_ADDRESS"] == "disabled:"
