"""What the simulated Concur refuses, and what it cannot do while it is stopped."""

from __future__ import annotations

from dataclasses import dataclass

from gui.concur.errors import FlowError
from gui.sandbox.records import Reason  # noqa: TC001  # dataclasses are introspected by tests at run time


@dataclass(eq=False, kw_only=True)
class Refused(FlowError):
    """The simulated Concur does not do what it was asked for. Each contract has its own answer for each reason."""

    reason: Reason
    parameter: str = ""
    """Name of the parameter that it is about, one of ours."""

    @property
    def parameter_text(self) -> str:
        """The parameter as the end of a sentence, or nothing."""
        return f": {self.parameter}" if self.parameter else ""


@dataclass(eq=False, kw_only=True)
class SandboxNotRunning(FlowError):
    """The sandbox has no address before it is started and after it was stopped."""


@dataclass(eq=False, kw_only=True)
class BodyUnreadable(FlowError):
    """The body of a call to the sandbox itself is neither a form nor a JSON object of the right shape."""

    reason: str
    """A sentence of ours, without any of the body's text."""
