"""The simulated Concur of the window: starts with it, costs nothing until it is used, ends with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.loopback.errors import ListenError
from gui.sandbox.records import RegisteredApp
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from gui.sandbox.tokens import new_consumer_key, new_consumer_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.errors import FlowError


class SandboxHost:
    """One app is registered, with a key and a secret made up for this run."""

    def __init__(self, on_fault: Callable[[Exception], None]) -> None:
        self.app = RegisteredApp(new_consumer_key(), new_consumer_secret(), name="Your app")
        self.concur = SimulatedConcur(SandboxSettings(), self.app, on_fault=on_fault)
        self.base_url = ""
        """"" until started."""
        self.problem: FlowError | None = None
        """Why it could not be started."""

    def start(self) -> str:
        """Listen on any free port and return the base URL. Raises ListenError."""
        try:
            self.concur.start()
        except ListenError as error:
            self.problem = error
            raise
        self.problem = None
        self.base_url = self.concur.base_url
        return self.base_url

    def lead_to(self, redirect_url: str, contract: str) -> None:
        """Have its App Center lead to that redirect URL by that contract first, as if it had been registered so."""
        self.app = replace(self.app, redirect_url=redirect_url, contract=contract)
        self.concur.authority.register(self.app)

    @property
    def app_center_url(self) -> str:
        """The page with the Connect button."""
        return f"{self.base_url}/sandbox/app-center"

    def stop(self) -> None:
        """Close the port; may be called at any time."""
        self.concur.stop()
