"""The system's list of fonts, read beside the import of Qt, which takes longer and needs one processor only."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from threading import Thread


def read_font_settings() -> None:
    """Have fontconfig, which Qt asks for fonts on Linux, read its settings and caches: 8 ms that Qt then finds done.

    It does so once for each process, whoever asks first; Qt waits for it where it comes too early.
    """
    if sys.platform.startswith("linux"):
        Thread(target=_read, name="fonts", daemon=True).start()


def _read() -> None:
    with suppress(OSError, AttributeError):  # without it Qt does what it does anyway
        ctypes.CDLL("libfontconfig.so.1").FcInit()
