"""One accepted connection: what shall go out on it, how, and until when. Knows no selector and no HTTP."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from gui.loopback.http import Delivery, Ending

if TYPE_CHECKING:
    import socket

_DRIP_TICK_S = 0.05


@dataclass(frozen=True, slots=True)
class LinkLimits:
    """How long and how many."""

    links: int = 256
    """Open connections; past that the oldest goes. Windows' select() takes 512 sockets."""
    deadline_s: float = 5.0
    """From accept to the last byte of the answer. Absolute: a client that trickles gains nothing."""
    slow_answer_s: float = 120.0
    """The same for an answer that is slow on purpose, counted from the moment it is ready."""
    drain_s: float = 1.0
    """How long to read on after the answer is out, so that closing does not reset it away (RFC 9112, 9.6)."""
    drain_bytes: int = 1024 * 1024


class Peer(Protocol):
    """What speaks on a link."""

    def received(self, chunk: bytes) -> None:
        """Take bytes as they came; not called any more once an answer is handed to the link."""

    def ended(self) -> None:
        """Hear that the other side has sent its last byte."""

    def expired(self) -> None:
        """Hear that the deadline passed before an answer was handed to the link."""


class Link:
    """One accepted connection. All methods run in the loop's thread."""

    def __init__(self, sock: socket.socket, local_port: int, deadline: float) -> None:
        self.sock = sock
        self.local_port = local_port
        """The port that the client connected to."""
        self.deadline = deadline
        self.wake_at: float | None = None
        self.peer: Peer | None = None
        self._answering = False
        self.draining = False
        self.other_side_ended = False
        self.drained_bytes = 0
        self.interest = 0
        """What the selector watches it for."""
        self.closed = False
        self.urgent: bytes = b""
        """Goes out ahead of the answer: an interim response."""
        self._delivery = Delivery()
        self._out = memoryview(b"")

    def has_answer(self) -> bool:
        """Whether the answer is handed over; from then on the link is deaf."""
        return self._answering

    def answer(self, wire_bytes: bytes, delivery: Delivery) -> None:
        """Hand over all that shall go out, and how. Once for each link."""
        self._answering = True
        self._delivery = delivery
        self._out = memoryview(wire_bytes if delivery.after_bytes is None else wire_bytes[: delivery.after_bytes])

    def begin_delivery(self, now: float, limits: LinkLimits) -> None:
        """Set the timers of a delivery that is slow on purpose; any other keeps the deadline it has."""
        plan = self._delivery
        if plan.never or plan.delay_s or plan.bytes_per_s:
            self.deadline = now + limits.slow_answer_s
            self.wake_at = self.deadline if plan.never else now + plan.delay_s

    def push(self, now: float) -> bool:
        """Send what may go out now; True once everything is out."""
        if self._delivery.never or (self.wake_at is not None and now < self.wake_at):
            return False
        rate = self._delivery.bytes_per_s
        if rate is None:
            self.wake_at = None
            while self._out:
                self._out = self._out[self.sock.send(self._out) :]
            return True
        piece = max(1, int(rate * _DRIP_TICK_S))
        self.wake_at = now + piece / rate
        with contextlib.suppress(BlockingIOError):  # a full buffer drips later
            self._out = self._out[self.sock.send(self._out[:piece]) :]
        return not self._out

    @property
    def waits_to_write(self) -> bool:
        """Whether the socket's being writable is what it waits for."""
        return self._answering and not self.draining and self.wake_at is None

    def reset_wanted(self) -> bool:
        """Whether the delivery ends in a reset."""
        return self._delivery.ending is Ending.RESET
