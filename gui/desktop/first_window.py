"""One window for each folder of files: a second start brings the first window to the front, and ends.

The window that is open listens on a loopback port of its own and leaves port and key in a file that its user alone can
read. Qt's own way (QLocalServer) would bring QtNetwork into every bundle for this one question.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gui.loopback.http import Request, Response

FILE_NAME = "window.json"
_LIMIT_S = 1.0
"""A window that is open answers within milliseconds; what answers later, or not, is none."""
_RUNG, _UNKNOWN = 204, 404


def bring_up_first_window(folder: Path) -> bool:
    """Ask the window that is open, if one is, to come to the front; returns whether it does. Never raises."""
    try:
        text = (folder / FILE_NAME).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False  # no window is open, as at nearly every start, which needs none of what follows
    import json  # noqa: PLC0415  # see above
    import socket  # noqa: PLC0415  # see above

    try:
        noted = json.loads(text)
        port, key = int(noted["port"]), str(noted["key"])
        with socket.create_connection(("127.0.0.1", port), timeout=_LIMIT_S) as line:
            line.sendall(f"POST /{key} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\n\r\n".encode())
            answer = line.recv(64)
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return False  # a file of something else, or nobody there any more
    return answer.startswith(f"HTTP/1.1 {_RUNG} ".encode())


class Doorbell:
    """What a second start rings at. `on_ring` runs in the server's thread and must not wait."""

    def __init__(self, folder: Path, on_ring: Callable[[], None], on_fault: Callable[[Exception], None]) -> None:
        import secrets  # noqa: PLC0415  # the question before the start needs no server

        from gui.loopback.server import LoopbackServer  # noqa: PLC0415  # the same

        self._path = folder / FILE_NAME
        self._on_ring = on_ring
        self._key = secrets.token_urlsafe(24)
        self._server = LoopbackServer(self._answer, port=0, on_fault=on_fault, name="doorbell")

    def start(self) -> None:
        """Listen, and leave word where. Raises ListenError, or what `write_atomically` raises."""
        import json  # noqa: PLC0415  # as above

        from gui.store.files import write_atomically  # noqa: PLC0415  # the same

        self._server.start()
        noted = {"port": self._server.port, "key": self._key}
        write_atomically(self._path, json.dumps(noted).encode(), sync_folder=False)

    def stop(self) -> None:
        """Listen no more; the word is taken back, unless it is another window's by now. May be called again."""
        import json  # noqa: PLC0415  # as above

        self._server.stop()
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
            if json.loads(self._path.read_text(encoding="utf-8"))["key"] == self._key:
                self._path.unlink()

    def _answer(self, request: Request) -> Response:
        import hmac  # noqa: PLC0415  # as above

        from gui.loopback.http import Response  # noqa: PLC0415  # as above

        knows_key = hmac.compare_digest(request.path.encode("utf-8", "replace"), f"/{self._key}".encode())
        if request.method != "POST" or not knows_key:
            return Response(_UNKNOWN)
        self._on_ring()
        return Response(_RUNG)
