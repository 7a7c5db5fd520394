"""Sees from outside when a window has been painted: by the pixels of a real X display, with nothing in the subject."""

from __future__ import annotations

import ctypes
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_Z_PIXMAP = 2
_ALL_PLANES = ctypes.c_ulong(-1)
_POLL_S = 0.0005


class Pixels:
    """One point of a display, looked at again and again."""

    def __init__(self, x11: ctypes.CDLL, display: int, root: int) -> None:
        self._x11, self._display, self._root = x11, display, root

    def at(self, x: int, y: int) -> int:
        image = self._x11.XGetImage(self._display, self._root, x, y, 1, 1, _ALL_PLANES, _Z_PIXMAP)
        pixel: int = self._x11.XGetPixel(image, 0, 0)
        self._x11.XDestroyImage(image)
        return pixel

    def wait_for_change(self, x: int, y: int, before: int, limit_s: float) -> float:
        """Return when the point got another colour, as `time.monotonic` has it."""
        deadline = time.monotonic() + limit_s
        while self.at(x, y) == before:
            if time.monotonic() > deadline:
                raise TimeoutError("nothing was painted")
            time.sleep(_POLL_S)
        return time.monotonic()


@contextmanager
def watched(display_name: str) -> Iterator[Pixels]:
    """Connect to a display; libX11 alone, so that the watching costs next to nothing."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = x11.XGetImage.restype = ctypes.c_void_p
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XDefaultRootWindow.restype = ctypes.c_ulong
    x11.XDefaultRootWindow.argtypes = x11.XCloseDisplay.argtypes = x11.XDestroyImage.argtypes = [ctypes.c_void_p]
    x11.XGetImage.argtypes = [
        ctypes.c_void_p,
        ctypes.c_ulong,
        *[ctypes.c_int] * 2,
        *[ctypes.c_uint] * 2,
        ctypes.c_ulong,
        ctypes.c_int,
    ]
    x11.XGetPixel.restype = ctypes.c_ulong
    x11.XGetPixel.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
    display = x11.XOpenDisplay(display_name.encode())
    if not display:
        raise OSError(f"no display {display_name}")
    try:
        yield Pixels(x11, display, x11.XDefaultRootWindow(display))
    finally:
        x11.XCloseDisplay(display)
