"""The sandbox's own pages and calls, which no Concur has: start page, log page, health, fresh request tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui import __version__
from gui.loopback.pages import page_response
from gui.sandbox.data_centres import DataCentre
from gui.sandbox.errors import BodyUnreadable, Refused
from gui.sandbox.refusals import message_of, outcome_of
from gui.sandbox.replies import Reply, base_url, json_response
from gui.sandbox.simulated import INVENTED, INVENTED_OF_CURRENT, SIMULATED
from gui.sandbox.wishes import read_wishes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gui.loopback.http import Request
    from gui.sandbox.authority import Authority
    from gui.sandbox.log import CallLog
    from gui.sandbox.replies import Routes
    from gui.sandbox.wishes import CodeWishes

_OPERATION = "sandbox"


class FrontDesk:
    """Everything that starts with `/sandbox/` and is no part of a contract, and the start page."""

    def __init__(self, authority: Authority, log: CallLog, issue: Callable[[CodeWishes], Mapping[str, object]]) -> None:
        self._authority = authority
        self._log = log
        self._issue = issue

    def routes(self) -> Routes:
        """Return pages, health and the call for a fresh request token."""
        pages = {"/": self.start_page, "/sandbox/log": self.log_page, "/sandbox/health": self.health}
        routes = {path: {"GET": handler, "HEAD": handler} for path, handler in pages.items()}
        return {**routes, "/sandbox/codes": {"POST": self.fresh_code}}

    def start_page(self, request: Request) -> Reply:
        """Say what this is, and what of it is invented."""
        facts: dict[str, object] = {
            "title": "Simulated Concur",
            "base_url": base_url(request.local_port),
            "second_centre": DataCentre.SECOND.value,
            "apps": self._authority.applications(),
            "users": self._authority.users(),
            "invented": INVENTED,
            "invented_of_current": INVENTED_OF_CURRENT,
            "mark": SIMULATED,
        }
        return Reply(page_response(200, "sandbox-start", facts), _OPERATION, "page shown")

    def log_page(self, _request: Request) -> Reply:
        """Show the last calls, newest first."""
        facts: dict[str, object] = {"title": "Log of the simulated Concur", "entries": self._log.entries()[::-1]}
        return Reply(page_response(200, "sandbox-log", facts), _OPERATION, "page shown")

    def health(self, _request: Request) -> Reply:
        """Answer name and version, for whoever waits for the sandbox to be up."""
        facts: dict[str, object] = {"name": "App Center Flow sandbox", "version": __version__, "simulated": True}
        return Reply(json_response(200, facts), _OPERATION, "health")

    def fresh_code(self, request: Request) -> Reply:
        """Answer a fresh request token, as if App Center had been used. Form, JSON or nothing in the body."""
        try:
            facts = self._issue(read_wishes(request))
        except Refused as refusal:
            return _turned_down(message_of(refusal), outcome_of(refusal))
        except BodyUnreadable as unreadable:
            return _turned_down(unreadable.reason, "body unreadable")
        return Reply(json_response(200, facts), _OPERATION, "code issued")


def _turned_down(message: str, outcome: str) -> Reply:
    return Reply(json_response(400, {"error": message}), _OPERATION, outcome)
