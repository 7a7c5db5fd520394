"""The self-test's listener: waits for one redirect, which the built-in sandbox or a browser brings."""

from __future__ import annotations

import queue
import time
from typing import TYPE_CHECKING

from gui.commands.output import say, say_error
from gui.concur.errors import AccessDenied, RedirectError
from gui.concur.models import Origin
from gui.flow.simulation import simulate_app_center
from gui.loopback.listener import (
    ListenerEvent,
    RedirectDenied,
    RedirectListener,
    RedirectReceived,
    RedirectRefused,
    StrayArrived,
)
from gui.loopback.server import Contact

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.cancellation import Cancellation
    from gui.concur.contract import Contract
    from gui.concur.models import HttpExchange, RequestToken
    from gui.concur.transport import Transport
    from gui.loopback.redirect_url import RedirectUrl

_LOOK_UP_S = 0.5
"""How often to look up from waiting: Windows hands over Ctrl+C only then."""


class RedirectNeverCame(Exception):
    """Nothing usable came within the time limit."""


class WaitCalledOff(Exception):
    """The user pressed Ctrl+C while the redirect was waited for."""


class RedirectStep:
    """One listener and what it hears."""

    def __init__(self, redirect_url: RedirectUrl, contract: Contract, record: Callable[[HttpExchange], None]) -> None:
        self._events: queue.SimpleQueue[ListenerEvent] = queue.SimpleQueue()
        self._told: set[type[RedirectError]] = set()
        self._listener = RedirectListener(redirect_url, contract, on_event=self._events.put, record=record)

    def start(self) -> str:
        """Listen and say where. Raises ListenError."""
        self._listener.start()
        return f"listening for {self._listener.redirect_url} on {' and '.join(self._listener.addresses)}"

    def stop(self) -> None:
        """Stop listening."""
        self._listener.stop()

    def simulate_app_center(self, transport: Transport, base_url: str, contract: str) -> str:
        """Do what App Center and the browser do: get a request token, then follow the redirect with it."""
        self._listener.expect(Origin.APP_CENTER)
        simulate_app_center(transport, base_url, str(self._listener.redirect_url), contract=contract)
        return "the simulated App Center sent a request token"

    def announce_sign_in(self, sign_in_url: str, state: str, wait_s: float) -> str:
        """Expect the answer to a sign-in, and return what to tell the user."""
        self._listener.expect(Origin.WEB_FLOW, state)
        head = f"Open this address in a browser on this computer and sign in (waiting {wait_s:g} s):"
        return f"{head}\n\n  {sign_in_url}\n"

    def wait(self, limit_s: float, cancellation: Cancellation) -> RequestToken:
        """Wait for a request token. Refused redirects are only told.

        Raises AccessDenied, RedirectNeverCame and WaitCalledOff.
        """
        deadline = time.monotonic() + limit_s
        while (left := deadline - time.monotonic()) > 0:
            if cancellation.cancelled:
                raise WaitCalledOff
            try:
                event = self._events.get(timeout=min(left, _LOOK_UP_S))
            except queue.Empty:
                continue
            if isinstance(event, RedirectReceived):
                return event.request_token
            if isinstance(event, RedirectDenied):
                raise AccessDenied(error=event.denial.error, description=event.denial.description)
            if isinstance(event, RedirectRefused):
                self._tell_once(event.error)
            elif event == StrayArrived(Contact.TLS_ATTEMPT):
                say("A browser insisted on https for the redirect. The listener speaks http: allow http for localhost.")
        raise RedirectNeverCame(f"no redirect came within {limit_s:g} seconds")

    def _tell_once(self, error: RedirectError) -> None:
        """Tell the first of each kind: any page on this computer can bring hundreds."""
        if type(error) not in self._told:
            self._told.add(type(error))
            say_error(error)
            say("Still waiting. Further ones of this kind are not shown.")
