"""A server on loopback that does exactly what its script says, byte by byte, and remembers what it was asked.

A script is a function that gets a `Talk`. It waits for events, never for time.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

_PATIENCE_S = 20.0


@dataclass
class Talk:
    """One connection, from the server's side."""

    sock: socket.socket
    stopping: threading.Event
    greeted: threading.Event
    """The server's: for the script to say that it is where the test waits for it."""
    request: bytes = b""
    """Head and body of the request that was read last."""

    def read_head(self) -> bytes:
        """Read up to the blank line; less if the client goes away."""
        head = b""
        while b"\r\n\r\n" not in head:
            piece = self.sock.recv(65536)
            if not piece:
                break
            head += piece
        self.request = head
        return head

    def read_request(self) -> bytes:
        """Read head and body, as far as Content-Length says that there is one."""
        head, mark, body = self.read_head().partition(b"\r\n\r\n")
        lines = [line.partition(b":") for line in head.lower().split(b"\r\n")]
        length = next((int(value) for name, _colon, value in lines if name == b"content-length"), 0)
        while len(body) < length:
            piece = self.sock.recv(65536)
            if not piece:
                break
            body += piece
        self.request = head + mark + body
        return self.request

    def send(self, piece: bytes) -> None:
        self.sock.sendall(piece)

    def answer(self, body: bytes, *, status: str = "200 OK", headers: tuple[str, ...] = ()) -> None:
        """Read the request and send a well-formed answer."""
        self.read_request()
        lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers)
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def hang(self) -> None:
        """Stay connected and silent until the client goes away or the test ends."""
        self.sock.settimeout(0.05)
        while not self.stopping.is_set():
            try:
                if not self.sock.recv(65536):
                    return
            except TimeoutError:
                continue

    def drip(self, piece: bytes) -> None:
        """Send the piece again and again, some twenty times a second, until the client goes away or the test ends."""
        while not self.stopping.wait(0.05):
            self.send(piece)

    def reset(self) -> None:
        """Close so that the client gets RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


@dataclass
class ScriptedServer:
    """Listens while the context is open. One thread for each connection; all are joined at the end."""

    script: Callable[[Talk], None]
    tls: ssl.SSLContext | None = None
    requests: list[bytes] = field(default_factory=list)
    """What each connection had read when its script ended, in the order in which they connected."""
    connections: int = 0
    arrived: threading.Event = field(default_factory=threading.Event)
    """Set as soon as a client is connected."""
    greeted: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._read: dict[int, bytes] = {}
        self._remembering = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port: int = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, name="scripted-accept")
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._accepting.join(_PATIENCE_S)
        for thread in self._threads:
            thread.join(_PATIENCE_S)
        self._listener.close()
        alive = [thread.name for thread in (self._accepting, *self._threads) if thread.is_alive()]
        assert not alive, alive

    @property
    def base_url(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                sock, _address = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            thread = threading.Thread(
                target=self._serve, args=(sock, self.connections), name=f"scripted-{self.connections}"
            )
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket, number: int) -> None:
        # The client ends most of these conversations; what the server's side says of that is of no interest.
        sock.settimeout(_PATIENCE_S)
        with contextlib.suppress(OSError):
            if self.tls:
                sock = self._encrypted(sock, self.tls)
            self.arrived.set()
            talk = Talk(sock, self._stopping, self.greeted)
            try:
                self.script(talk)
            finally:
                self._remember(number, talk.request)
                self._leave(sock)
        sock.close()

    def _remember(self, number: int, request: bytes) -> None:
        # The client may have its answer, and be back with the next request, before this script has ended.
        with self._remembering:
            self._read[number] = request
            self.requests[:] = [self._read[each] for each in sorted(self._read)]

    def _encrypted(self, sock: socket.socket, tls: ssl.SSLContext) -> socket.socket:
        self.arrived.set()
        try:
            return tls.wrap_socket(sock, server_side=True)
        except OSError:
            sock.close()
            raise

    @staticmethod
    def _leave(sock: socket.socket) -> None:
        """Close without a reset, which could eat what was sent."""
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_WR)
            sock.settimeout(1)
            while sock.recv(65536):
                pass
