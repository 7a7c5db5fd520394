"""App Center: the card of every registered app with its Connect button (concur-wire.md 1.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.concur.models import Origin
from gui.loopback.pages import page_response
from gui.sandbox.consent import refused_page
from gui.sandbox.errors import Refused
from gui.sandbox.parameters import read_parameters
from gui.sandbox.records import PendingConnection, Step
from gui.sandbox.redirects import form_targets, is_usable
from gui.sandbox.replies import Reply
from gui.sandbox.scopes import SCOPE_WORDS
from gui.sandbox.simulated import SIMULATED

if TYPE_CHECKING:
    from gui.loopback.http import Request
    from gui.sandbox.authority import Authority
    from gui.sandbox.consent import ConsentPage
    from gui.sandbox.records import RegisteredApp
    from gui.sandbox.replies import Routes


class AppCenter:
    """The page, and what its buttons do."""

    def __init__(self, authority: Authority, consent: ConsentPage) -> None:
        self._authority = authority
        self._consent = consent

    def routes(self) -> Routes:
        """Return the one path of page and form."""
        return {"/sandbox/app-center": {"GET": self.show, "HEAD": self.show, "POST": self.connect}}

    def show(self, _request: Request) -> Reply:
        """Show the cards. An app can be connected if App Center knows where to lead."""
        cards = [self._card(app) for app in self._authority.applications()]
        targets = form_targets(*(url for url, _facts in cards if url))  # auto-approve answers Connect with the redirect
        facts: dict[str, object] = {
            "title": "App Center",
            "cards": [shown for _url, shown in cards],
            "mark": SIMULATED,
        }
        return Reply(page_response(200, "sandbox-app-center", facts, form_targets=targets), "App Center", "page shown")

    def connect(self, request: Request) -> Reply:
        """Go on to the consent page."""
        try:
            ticket = read_parameters(request, ("ticket",)).required("ticket")
            return self._consent.ask(self._authority.tickets.redeem(ticket, Step.CONNECT))
        except Refused as refusal:
            return refused_page(refusal, "App Center")

    def _card(self, app: RegisteredApp) -> tuple[str, dict[str, object]]:
        """Return where the app's form may lead in the end, and what its card shows."""
        url = app.redirect_url or ""
        ticket = None
        if is_usable(url):
            pending = PendingConnection(Step.CONNECT, Origin.APP_CENTER, app.consumer_key, app.scopes, url)
            ticket = self._authority.tickets.issue(pending)
        scopes = [SCOPE_WORDS.get(scope, scope) for scope in app.scopes or SCOPE_WORDS]
        shown: dict[str, object] = {"name": app.name, "redirect_url": url, "scopes": scopes, "ticket": ticket}
        return url if ticket else "", shown
