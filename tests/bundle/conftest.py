"""The bundle that `python3 .ci/do.py bundle` has built, and an environment that is nobody's."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gui.store.folders import HOME_VARIABLE
from tests.packaging.scripts import ROOT, script
from tests.real_parts import skip_without

if TYPE_CHECKING:
    from collections.abc import Mapping

LIMIT_S = 60.0
_NOT_PASSED_ON = (
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "SSL_",
    "REQUESTS_",
    "CURL_",
    "QT_",
    "LD_",
    "PYTHON",
    "NO_PROXY",
    "XDG_",
)


@dataclass(frozen=True)
class Bundle:
    """A program with everything in it."""

    program: Path

    @property
    def contents(self) -> Path:
        """Where the files lie that it unpacks nowhere."""
        return self.program.parent / "_internal"

    def run(self, *arguments: str, env: Mapping[str, str], cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        return subprocess.run(
            [str(self.program), *arguments],
            env=env,
            cwd=cwd or Path(self.program.anchor),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=LIMIT_S,
            check=False,
        )


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    """Give the bundle of this system."""
    if sys.platform != "linux":
        pytest.skip("these tests know the bundle for Linux; elsewhere its self-test has to do")
    program = ROOT / "dist" / "app-center-flow" / "app-center-flow"
    if not program.is_file():
        skip_without("the bundle (python3 .ci/do.py bundle)")
    made_of = program.parent.parent / "made-of"
    if not made_of.is_file() or made_of.read_text(encoding="ascii") != script("bundle_contents").digest_of_sources(
        ROOT
    ):
        skip_without("a bundle of these very sources (python3 .ci/do.py bundle)")
    return Bundle(program)


@pytest.fixture
def clean(tmp_path: Path) -> dict[str, str]:
    """Give what a bundle is started with: nothing of this Python, no screen, a home of its own, the test's bus."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_NOT_PASSED_ON) and not name.lower().endswith("_proxy")
    }
    return {**kept, HOME_VARIABLE: str(tmp_path / "home")}
