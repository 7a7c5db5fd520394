"""Request and response as a handler of the loopback server sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003  # dataclasses are introspected by tests at run time
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gui.concur.models import Headers


@dataclass(frozen=True, slots=True)
class Request:
    """One request, read whole as far as its method lets it have a body."""

    method: str
    """As sent; methods are case-sensitive (RFC 9110, 9.1)."""
    target: str = field(repr=False)
    """As sent: origin-form, or absolute-form with any authority."""
    path: str
    """Of the target, as sent: not percent-decoded, not normalised."""
    query: str = field(repr=False)
    """Of the target, without the question mark; "" where there is none."""
    authority: str | None
    """Host and port of an absolute-form target; None for origin-form."""
    headers: Headers = field(repr=False)
    """Names in lower case, values as sent, in order."""
    body: bytes = field(repr=False)
    local_port: int
    received_at: datetime
    """UTC."""

    def header(self, name: str) -> str | None:
        """Return the first header of that lower-case name, or None."""
        return next((value for key, value in self.headers if key == name), None)

    def header_values(self, name: str) -> tuple[str, ...]:
        """Return every header of that lower-case name, in order."""
        return tuple(value for key, value in self.headers if key == name)


class Ending(Enum):
    """How a connection is given up once the last byte that shall go out is out."""

    CLOSE = "close"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a response goes out. The default is how every sane server does it; the rest rehearses failures."""

    delay_s: float = 0.0
    """Wait before the first byte."""
    never: bool = False
    """Say nothing at all until the server's time limit for answers is over."""
    after_bytes: int | None = None
    """End after that many bytes of head and body together; None for all of them."""
    bytes_per_s: float | None = None
    """Drip at that rate, above 0; None for as fast as the peer reads."""
    ending: Ending = Ending.CLOSE

    def __post_init__(self) -> None:
        """Refuse a rate at which nothing would ever go out."""
        if self.bytes_per_s is not None and self.bytes_per_s <= 0:
            raise ValueError(self.bytes_per_s)


@dataclass(frozen=True, slots=True)
class Response:
    """What a handler answers. The server adds Date, Content-Length and `Connection: close`."""

    status: int
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)
    delivery: Delivery = Delivery()
