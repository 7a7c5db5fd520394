"""What a caller inside this program can ask of the simulated Concur in vain."""

from __future__ import annotations

from dataclasses import dataclass

from gui.concur.errors import FlowError
from gui.sandbox.records import Reason  # noqa: TC001  # dataclasses are introspected by tests at run time


@dataclass(eq=False, kw_only=True)
class SandboxRefused(FlowError):
    """A request token was asked for with an app, a user or a scope that the sandbox does not know."""

    reason: Reason


@dataclass(eq=False, kw_only=True)
class SandboxNotRunning(FlowError):
    """The sandbox has no address before it is started and after it was stopped."""
