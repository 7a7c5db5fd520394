"""The handle on `client_process`."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType


class Browser:
    """Visits targets from another process. What is begun goes on beside us until its end is asked for."""

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
        self.begin_visit(port, targets, status=status, at_once=at_once)
        return self.end_visit()

    def begin_visit(self, port: int, targets: Sequence[str], *, status: int, at_once: int = 1) -> None:
        """Begin what `visit` does; the answer is due with `end_visit`."""
        self._tell({"port": port, "targets": list(targets), "status": status, "at_once": at_once})

    def end_visit(self) -> list[tuple[float, float]]:
        """Wait for the last visit, and return its times."""
        return [(started, ended) for started, ended in self._hear()]

    def begin_flood(self, port: int, targets: Sequence[str], *, clients: int, seconds: float) -> None:
        """Have so many clients ask for the targets in turn, each again as soon as it has its answer."""
        self._tell({"port": port, "targets": list(targets), "clients": clients, "seconds": seconds})

    def end_flood(self) -> dict[str, int]:
        """Wait for its end, and return how many answers had which status."""
        return dict(self._hear())

    def _tell(self, command: dict[str, object]) -> None:
        if self._process.stdin is None:
            raise RuntimeError
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> Any:  # noqa: ANN401  # what json reads
        if self._process.stdout is None:
            raise RuntimeError
        return json.loads(self._process.stdout.readline())
