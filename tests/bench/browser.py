"""The handle on `client_process`."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType


class Browser:
    """Visits targets from another process."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.client_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=20)

    def visit(self, port: int, targets: Sequence[str], *, status: int, at_once: int = 1) -> list[tuple[float, float]]:
        """Return, for each target, perf_counter before the connect and at the end of the stream."""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError
        command = {"port": port, "targets": list(targets), "status": status, "at_once": at_once}
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return [(started, ended) for started, ended in json.loads(self._process.stdout.readline())]
