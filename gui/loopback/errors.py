"""Why a redirect URL cannot be listened on, or a port not be had."""

from __future__ import annotations

from dataclasses import dataclass

from gui.concur.errors import FlowError


@dataclass(eq=False, kw_only=True)
class RedirectUrlError(FlowError):
    """The redirect URL of a profile is none that this program can listen on."""


@dataclass(eq=False, kw_only=True)
class RedirectUrlMalformed(RedirectUrlError):
    """No URL, or one with parts that a redirect URL of ours must not have."""

    reason: str


@dataclass(eq=False, kw_only=True)
class RedirectUrlNotHttp(RedirectUrlError):
    """Another scheme than http; the listener has no certificate, so https cannot work."""

    scheme: str


@dataclass(eq=False, kw_only=True)
class RedirectUrlElsewhere(RedirectUrlError):
    """The host is not this machine's loopback."""

    host: str


@dataclass(eq=False, kw_only=True)
class RedirectUrlPortMissing(RedirectUrlError):
    """No port, which means 80, which needs an administrator."""


@dataclass(eq=False, kw_only=True)
class RedirectUrlPortPrivileged(RedirectUrlError):
    """A port below 1024."""

    port: int


@dataclass(eq=False, kw_only=True)
class ListenError(FlowError):
    """The server could not be started."""


@dataclass(eq=False, kw_only=True)
class PortInUse(ListenError):
    """Somebody else listens on the port, on one loopback address or both."""

    port: int
    addresses: tuple[str, ...]
    """Those that are taken: "127.0.0.1", "::1"."""
    holder: str | None
    """Who has it, where the system tells: "node (process 4711)"."""

    @property
    def addresses_text(self) -> str:
        """The taken addresses in words."""
        return " and ".join(self.addresses)

    @property
    def holder_text(self) -> str:
        """The holder as the end of a sentence, or nothing."""
        return f": {self.holder}" if self.holder else ""


@dataclass(eq=False, kw_only=True)
class PortReserved(ListenError):
    """Nobody has the port and the system does not give it out (Windows reserves ranges for Hyper-V)."""

    port: int


@dataclass(eq=False, kw_only=True)
class LoopbackUnavailable(ListenError):
    """Neither 127.0.0.1 nor ::1 can be listened on."""

    reason: str
    """In the system's words."""
