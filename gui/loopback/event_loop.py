"""Sockets, deadlines and deliveries in one background thread. Knows no HTTP.

A `selectors` loop: measured against eleven other ways, from waitress to Qt's own sockets, it is the one that is open
under hundreds of half-open connections and cuts a client that sends a byte a second, with one thread.
"""

from __future__ import annotations

import contextlib
import errno
import selectors
import socket
import struct
import sys
import threading
import time
from typing import TYPE_CHECKING

from gui.loopback.link import Link, LinkLimits, Peer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_RECEIVE_BYTES = 64 * 1024
_ACCEPTS_PER_TURN = 64
_LAST_WORD_S = 0.25
"""How long the 408 of a client that was too slow may be read; a client that goes on trickling gains no more."""
_OUT_OF_FILES_PAUSE_S = 0.05
_BUSY_S = 0.002
_BREATH_S = 0.0001
"""Under fire the loop rests so long after so much work. It lets go of the interpreter at each system call anyhow, but
takes it back before anybody else is awake: the window would wait five milliseconds each time it wants it."""
_LINGER_ZERO = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_OUT_OF_FILES = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}


class EventLoop:
    """Accepts, reads, writes, and keeps every deadline, in one thread of its own.

    Making one raises OSError where the system has no file left for it; the listeners are the caller's to close then.
    """

    def __init__(
        self, name: str, listeners: Sequence[socket.socket], new_peer: Callable[[Link], Peer], limits: LinkLimits
    ) -> None:
        self._listeners = listeners
        self._port: int = listeners[0].getsockname()[1]
        self._new_peer = new_peer
        self._limits = limits
        self._links: dict[Link, None] = {}
        self._next_timer = float("inf")
        self._breath_at = time.monotonic() + _BUSY_S
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        with contextlib.ExitStack() as undo:
            self._selector = undo.enter_context(selectors.DefaultSelector())
            self._wake_in, self._wake_out = socket.socketpair()
            for sock in (self._wake_in, self._wake_out):
                undo.callback(sock.close)
                sock.setblocking(False)  # noqa: FBT003  # the socket module's own signature
            self._selector.register(self._wake_in, selectors.EVENT_READ, None)
            for listener in listeners:
                self._selector.register(listener, selectors.EVENT_READ, listener)
            undo.pop_all()

    def start(self) -> None:
        """Start the thread; the listeners accept from then on."""
        self._thread.start()

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Close every socket and end the thread. May be called again, and from the loop's own thread."""
        self._stopping.set()
        with contextlib.suppress(OSError):  # closed already, or the pipe is full and will wake it anyway
            self._wake_out.send(b"\0")
        if threading.current_thread() is not self._thread and self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._turn()
        finally:
            self._stopping.set()
            for link in list(self._links):
                self._finish_on_stop(link)
            for sock in (*self._listeners, self._wake_in, self._wake_out):
                sock.close()
            self._selector.close()

    def _turn(self) -> None:
        asked = time.monotonic()
        wait = self._next_timer - asked
        ready = self._selector.select(None if wait == float("inf") else max(0.0, wait))
        if time.monotonic() - asked >= _BREATH_S:
            self._breath_at = time.monotonic() + _BUSY_S
        for key, mask in ready:
            if isinstance(key.data, Link):
                if not key.data.closed:
                    self._serve(key.data, mask)
            elif key.data is None:
                with contextlib.suppress(BlockingIOError):
                    self._wake_in.recv(64)
            else:
                self._accept(key.data)
        if time.monotonic() >= self._next_timer:
            self._keep_deadlines()

    def _give_way(self) -> None:
        """Rest for a moment after long work without a pause."""
        if time.monotonic() >= self._breath_at:
            time.sleep(_BREATH_S)
            self._breath_at = time.monotonic() + _BUSY_S

    def _accept(self, listener: socket.socket) -> None:
        # Asking for one more than there is costs a system call and an exception. So one is asked for while clients
        # come singly, and many as soon as several connections are open at a time.
        for _ in range(_ACCEPTS_PER_TURN if len(self._links) > 1 else 1):
            try:
                sock, _address = listener.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in _OUT_OF_FILES:
                    self._make_room()
                return  # otherwise the client went away between its SYN and now
            sock.setblocking(False)  # noqa: FBT003  # the socket module's own signature
            if len(self._links) >= self._limits.links:
                self._close(next(iter(self._links)))
            link = Link(sock, self._port, time.monotonic() + self._limits.deadline_s)
            link.peer = self._new_peer(link)
            self._links[link] = None
            self._serve(link, selectors.EVENT_READ)  # what a client sends first is mostly there by now

    def _make_room(self) -> None:
        if self._links:
            self._close(next(iter(self._links)))
        else:  # others of this process hold all files, and the listener stays readable: do not spin
            self._stopping.wait(_OUT_OF_FILES_PAUSE_S)

    def _serve(self, link: Link, mask: int) -> None:
        self._give_way()
        try:
            if mask & selectors.EVENT_READ:
                self._read(link)
            if link.has_answer() and not link.draining and not link.closed:
                self._write(link)
            elif not link.closed:
                self._watch(link)
        except BlockingIOError:
            self._watch(link)
        except OSError:
            self._close(link)  # reset by the client, most often

    def _read(self, link: Link) -> None:
        chunk = link.sock.recv(_RECEIVE_BYTES)
        if link.draining:
            link.drained_bytes += len(chunk)
            if not chunk or link.drained_bytes > self._limits.drain_bytes:
                self._close(link)
            return
        if link.peer is None or link.has_answer():
            link.other_side_ended = not chunk
            link.drained_bytes += len(chunk)
            if link.drained_bytes > self._limits.drain_bytes:
                self._close(link)
            return
        if chunk:
            link.peer.received(chunk)
        else:
            link.other_side_ended = True
            link.peer.ended()
            if not link.has_answer():
                self._close(link)
                return
        if link.urgent:
            link.sock.send(link.urgent)  # 25 bytes into an empty buffer
            link.urgent = b""
        if link.has_answer():
            link.begin_delivery(time.monotonic(), self._limits)

    def _write(self, link: Link) -> None:
        now = time.monotonic()
        if link.push(now):
            self._end(link, now)
        else:
            self._watch(link)

    def _watch(self, link: Link) -> None:
        """Wait for what the link waits for: its timer, room to write, or bytes to read."""
        if link.closed:
            return
        if link.waits_to_write:
            wanted = selectors.EVENT_WRITE
        elif link.other_side_ended:
            wanted = 0  # an ended socket is readable for ever; only the timer is waited for
        else:
            wanted = selectors.EVENT_READ
        self._set_interest(link, wanted)
        self._next_timer = min(self._next_timer, link.deadline, link.wake_at or link.deadline)

    def _set_interest(self, link: Link, wanted: int) -> None:
        if wanted == link.interest:
            return
        if not link.interest:
            self._selector.register(link.sock, wanted, link)
        elif wanted:
            self._selector.modify(link.sock, wanted, link)
        else:
            self._selector.unregister(link.sock)
        link.interest = wanted

    def _end(self, link: Link, now: float) -> None:
        """Everything is out: half-close and read on for a moment, since a close with unread bytes is a reset."""
        if link.reset_wanted():
            link.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
            self._close(link)
            return
        link.sock.shutdown(socket.SHUT_WR)
        if link.other_side_ended:
            self._close(link)
            return
        link.draining = True
        link.wake_at = None  # what is left of a drip: in the past it would keep the loop spinning
        link.deadline = min(max(link.deadline, now), now + self._limits.drain_s)
        self._watch(link)

    def _keep_deadlines(self) -> None:
        now = time.monotonic()
        for link in list(self._links):
            if now >= link.deadline:
                self._expire(link)
            elif link.wake_at is not None and now >= link.wake_at:
                self._serve(link, 0)
        timers = (min(link.deadline, link.wake_at or link.deadline) for link in self._links)
        self._next_timer = min(timers, default=float("inf"))

    def _expire(self, link: Link) -> None:
        if link.peer is not None and not link.has_answer():
            link.peer.expired()
            if link.has_answer():  # a last word, if it fits the socket's buffer
                link.deadline = time.monotonic() + min(_LAST_WORD_S, self._limits.drain_s)
                self._serve(link, 0)
                return
        self._close(link)

    def _finish_on_stop(self, link: Link) -> None:
        """Let an answer that is half out leave as far as it goes at once; then close without a reset."""
        with contextlib.suppress(OSError):
            if link.has_answer() and not link.draining:
                link.push(time.monotonic())
            link.sock.shutdown(socket.SHUT_WR)
            for _ in range(self._limits.drain_bytes // _RECEIVE_BYTES):
                if not link.sock.recv(_RECEIVE_BYTES):
                    break
        self._close(link)

    def _close(self, link: Link) -> None:
        if link.closed:
            return
        link.closed = True
        self._links.pop(link, None)
        self._set_interest(link, 0)
        link.sock.close()
        link.peer = None  # they know each other: without the cycle memory is free at once, not at the next collection
