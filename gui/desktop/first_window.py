"""One window for each folder of files: a second start brings the first window to the front, and ends.

The first start holds a lock on a file of that folder; the system itself lets go of it where the program is killed. Once
its window is open it listens on a loopback port of its own and leaves port and key in a file that its user alone can
read. Qt's own way (QLocalServer) would bring QtNetwork into every bundle for this one question.
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from typing import TYPE_CHECKING

from gui.store.folders import make_private_folder

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gui.loopback.http import Request, Response

FILE_NAME, LOCK_NAME = "window.json", "window.lock"
ACTIVATION_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105  # a variable's name: a Wayland desktop's leave to come to the front
_LIMIT_S = 1.0
"""A window that is open answers within milliseconds; what answers later, or not, is none."""
_PATIENCE_S, _PAUSE_S = 10.0, 0.05
"""How long a window that is being opened elsewhere is waited for, which can be slow, and how often it is asked for."""
_RUNG, _UNKNOWN = 200, 404
_ANSWER_BYTES = 4096
_NOTE_BYTES = 4096
"""Far more than a port and two words."""
_TOKEN_LETTERS = 256


def be_first(folder: Path, patience_s: float = _PATIENCE_S) -> Claim | None:
    """Return the claim to be the window of this folder; None where another one is, and was brought to the front.

    Another that is only being opened is waited for. One that does not come has a second window beside it.
    """
    if bring_up_first_window(folder):
        return None
    claim = Claim(folder)
    deadline = time.monotonic() + patience_s
    while not claim.take() and time.monotonic() < deadline:
        if bring_up_first_window(folder):
            return None
        time.sleep(_PAUSE_S)
    return claim


def bring_up_first_window(folder: Path) -> bool:
    """Ask the window that is open, if one is, to come to the front; returns whether it does. Never raises."""
    path = folder / FILE_NAME
    try:
        if not path.is_file() or path.stat().st_size > _NOTE_BYTES:
            return False  # what is put there in its place may never end
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return False  # no window is open, as at nearly every start, which needs none of what follows
    import json  # noqa: PLC0415  # see above

    try:
        noted = json.loads(text)
        port, key, answer = int(noted["port"]), str(noted["key"]), str(noted["answer"])
        told = _ring(port, key)
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return False  # a file of something else, or nobody there any more
    # Whoever else has got the port by now may answer every request with that status, and cannot know the word.
    return (
        bool(answer) and told.startswith(f"HTTP/1.1 {_RUNG} ".encode()) and told.endswith(f"\r\n\r\n{answer}".encode())
    )


def _ring(port: int, key: str) -> bytes:
    import socket  # noqa: PLC0415  # nearly no start needs it

    _let_it_come_to_the_front()
    token = os.environ.get(ACTIVATION_TOKEN, "").encode("ascii", "ignore")[:_TOKEN_LETTERS]
    head = f"POST /{key} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(token)}\r\n\r\n"
    deadline = time.monotonic() + _LIMIT_S
    with socket.create_connection(("127.0.0.1", port), timeout=_LIMIT_S) as line:
        line.sendall(head.encode() + token)
        told = b""
        while len(told) < _ANSWER_BYTES and time.monotonic() < deadline and (piece := line.recv(_ANSWER_BYTES)):
            told += piece
    return told


def _let_it_come_to_the_front() -> None:
    """Pass on the leave to do so, which Windows gives to the program alone that its user has just started."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415  # nearly no start needs it

        ctypes.windll.user32.AllowSetForegroundWindow(-1)  # ASFW_ANY


class Claim:
    """The right to be the window of a folder, for one at a time. Not safe in several threads."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LOCK_NAME
        self._handle: int | None = None

    def take(self) -> bool:
        """Take it, unless another has it; returns whether nobody else has it. May be called again."""
        if self._handle is not None:
            return True
        try:
            make_private_folder(self._path.parent)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return True  # nothing can be kept there, and so nobody else keeps anything there
        if not _lock(handle):
            os.close(handle)
            return False
        self._handle = handle
        return True

    def give_up(self) -> None:
        """Let another one have it."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


def _lock(handle: int) -> bool:
    """Lock an open file until it is closed; returns False where somebody else has locked it."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True  # a file system without locks: nobody can tell
    return True


class Doorbell:
    """What a second start rings at. `on_ring` runs in the server's thread and must not wait.

    It gets the leave of a Wayland desktop to come to the front, which the second start was given; "" elsewhere.
    """

    def __init__(
        self,
        folder: Path,
        on_ring: Callable[[str], None],
        on_fault: Callable[[Exception], None],
        claim: Claim | None = None,
    ) -> None:
        import secrets  # noqa: PLC0415  # the question before the start needs no server

        from gui.loopback.server import LoopbackServer  # noqa: PLC0415  # the same

        self._path = folder / FILE_NAME
        self._on_ring = on_ring
        self._claim = claim or Claim(folder)
        self._key, self._word = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._server = LoopbackServer(self._answer, port=0, on_fault=on_fault, name="doorbell")
        self._starting = threading.Lock()
        self._stopped = False

    def start(self) -> None:
        """Listen, and leave word where; but not beside another window that does.

        Raises ListenError, or what `write_atomically` raises.
        """
        import json  # noqa: PLC0415  # as above

        from gui.store.files import write_atomically  # noqa: PLC0415  # the same

        with self._starting:
            if self._stopped or not self._claim.take():
                return
            self._server.start()
            noted = {"port": self._server.port, "key": self._key, "answer": self._word}
            write_atomically(self._path, json.dumps(noted).encode(), sync_folder=False)

    def stop(self) -> None:
        """Listen no more; the word is taken back. May be called again, and while `start` is under way elsewhere."""
        import json  # noqa: PLC0415  # as above

        with self._starting:
            self._stopped = True
            self._server.stop()
            with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
                if json.loads(self._path.read_text(encoding="utf-8"))["key"] == self._key:
                    self._path.unlink()
            self._claim.give_up()

    def _answer(self, request: Request) -> Response:
        import hmac  # noqa: PLC0415  # as above

        from gui.loopback.http import Response  # noqa: PLC0415  # as above

        knows_key = hmac.compare_digest(request.path.encode("utf-8", "replace"), f"/{self._key}".encode())
        if request.method != "POST" or not knows_key:
            return Response(_UNKNOWN)
        self._on_ring(request.body[:_TOKEN_LETTERS].decode("ascii", "ignore"))
        return Response(_RUNG, body=self._word.encode())
