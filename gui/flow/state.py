"""The state of one flow: the only place where the table of `session_state` is walked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.session_state import State, next_state

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.session_state import Event


class FlowState:
    """Starts unconfigured; every change goes through the table. For one thread."""

    def __init__(self, on_change: Callable[[State], None] | None = None) -> None:
        self.state = State.UNCONFIGURED
        self._on_change = on_change

    def apply(self, event: Event) -> State:
        """Go where the event leads. Raises EventNotAllowed."""
        self.state = next_state(self.state, event)
        if self._on_change is not None:
            self._on_change(self.state)
        return self.state
