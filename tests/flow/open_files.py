"""Takes every file that this process may still open."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROOM = 40


@contextlib.contextmanager
def no_file_left(spare: int = 0) -> Iterator[None]:
    """Lower the limit to a little above what is open now, and take that too but for `spare` files."""
    if sys.platform == "win32":
        pytest.skip("Windows has no such limit to lower")
    import resource  # noqa: PLC0415  # Windows has no such module

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    probe = os.open(os.devnull, os.O_RDONLY)
    os.close(probe)
    taken: list[int] = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (probe + _ROOM, before[1]))
    try:
        with contextlib.suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        for number in taken[len(taken) - spare :]:
            os.close(number)
        del taken[len(taken) - spare :]
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        for number in taken:
            os.close(number)
