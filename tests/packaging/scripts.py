"""The scripts of `.ci`, loaded as modules: they stand outside every package, since nobody installs them."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / ".ci"))  # as Python does for a script: they import each other


@cache
def script(name: str) -> Any:  # noqa: ANN401  # a module that mypy does not see
    """Return a script of `.ci` by its name without suffix."""
    spec = importlib.util.spec_from_file_location(f"ci_{name}", ROOT / ".ci" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look up their module there
    spec.loader.exec_module(module)
    return module
