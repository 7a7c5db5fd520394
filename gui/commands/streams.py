"""The streams that are printed on. Apart from `output`, which has the words: every start comes by here."""

from __future__ import annotations

import io
import sys


def prepare_output() -> None:
    """Make printing safe: characters that the console lacks become escapes instead of an exception."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.StringIO())
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
