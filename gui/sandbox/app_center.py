"""App Center: the card of every registered app with a Connect button for each contract (1.1, 2.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.concur.models import Origin
from gui.loopback.pages import page_response
from gui.sandbox.consent import refused_page
from gui.sandbox.errors import Refused
from gui.sandbox.parameters import read_parameters
from gui.sandbox.records import CONTRACTS, CURRENT, LEGACY, PendingConnection, Step
from gui.sandbox.redirects import form_targets, is_usable
from gui.sandbox.replies import Reply
from gui.sandbox.simulated import SIMULATED
from gui.sandbox.wishes import connection_kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.loopback.http import Request
    from gui.sandbox.authority import Authority
    from gui.sandbox.consent import ConsentPage
    from gui.sandbox.records import RegisteredApp
    from gui.sandbox.replies import Routes
    from gui.sandbox.ways_back import WayBack


class AppCenter:
    """The page, and what its buttons do."""

    def __init__(self, authority: Authority, consent: ConsentPage, ways: Mapping[str, WayBack]) -> None:
        self._authority = authority
        self._consent = consent
        self._ways = ways

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
            form = read_parameters(request, ("ticket", "kind"))
            pending = self._authority.tickets.redeem(form.required("ticket"), Step.CONNECT)
            if pending.contract == CURRENT:
                pending = replace(pending, kind=connection_kind(form.get("kind")))
            return self._consent.ask(pending, request)
        except Refused as refusal:
            return refused_page(refusal, "App Center")

    def _card(self, app: RegisteredApp) -> tuple[str, dict[str, object]]:
        """Return where the app's forms may lead in the end, and what its card shows."""
        url = app.redirect_url or ""
        if not is_usable(url):
            return "", {"name": app.name, "redirect_url": url, "ways": []}
        first = [name for name in CONTRACTS if name == app.contract]
        offered = [*first, *(name for name in CONTRACTS if name not in first)]
        ways = [self._offer(app, url, self._ways[name]) for name in offered]
        return url, {"name": app.name, "redirect_url": url, "ways": ways}

    def _offer(self, app: RegisteredApp, url: str, way: WayBack) -> dict[str, object]:
        asked = way.scopes_of(app)
        # The legacy contract keeps "no scopes registered" apart: any documented one may be asked for.
        scopes = app.scopes if way.contract == LEGACY else asked
        pending = PendingConnection(
            Step.CONNECT, Origin.APP_CENTER, app.consumer_key, scopes, url, contract=way.contract
        )
        return {
            "contract": way.contract,
            "scopes": [way.scope_words.get(scope, scope) for scope in asked],
            "ticket": self._authority.tickets.issue(pending),
        }
