"""What to do where a real part (keyring, browser, bundle) that a test drives is not installed."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

REQUIRED_VARIABLE = "APP_CENTER_FLOW_REAL_PARTS"


def real_parts_required() -> bool:
    """Tell whether an absent real part is a failure: so in continuous integration."""
    return os.environ.get(REQUIRED_VARIABLE) == "required"


def skip_without(program: str) -> NoReturn:
    """Skip the test, or fail it where real parts are required."""
    if real_parts_required():
        pytest.fail(f"{program} is not installed, and real parts are required")
    pytest.skip(f"{program} is not installed")
