"""The consent page: what an app asks for, Allow and Deny. App Center and the sign-in page both lead here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.concur.models import Origin
from gui.loopback.pages import page_response
from gui.sandbox.errors import Refused
from gui.sandbox.parameters import read_parameters
from gui.sandbox.records import ConnectionKind, Reason, Step
from gui.sandbox.redirects import form_targets
from gui.sandbox.refusals import message_of, outcome_of
from gui.sandbox.replies import Reply, base_url, redirect_response
from gui.sandbox.simulated import SIMULATED, simulated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gui.loopback.http import Request
    from gui.sandbox.authority import Authority
    from gui.sandbox.parameters import Parameters
    from gui.sandbox.records import PendingConnection
    from gui.sandbox.replies import Routes
    from gui.sandbox.ways_back import WayBack

CONSENT_PATH = "/sandbox/consent"
_SHOWN_CHARACTERS = 300


class ConsentPage:
    """Asks for the decision and carries it out."""

    def __init__(self, authority: Authority, ways: Mapping[str, WayBack]) -> None:
        self._authority = authority
        self._ways = ways

    def routes(self) -> Routes:
        """Return the path that the page's form goes to."""
        return {CONSENT_PATH: {"POST": self.decide}}

    def ask(self, pending: PendingConnection, request: Request) -> Reply:
        """Show the page, or go on as if Allow had been pressed where the settings say so. Raises Refused then."""
        if self._authority.settings.auto_approve:
            return self._allow(pending, pending.login or self._authority.users()[0].login, request)
        app = self._authority.application(pending.consumer_key)
        way = self._ways[pending.contract]
        words = way.scope_words
        scopes = pending.scopes or tuple(words)
        facts: dict[str, object] = {
            "title": "Allow access?",
            "app_name": app.name if app else pending.consumer_key,
            "users": [user for user in self._authority.users() if pending.login in (None, user.login)],
            "scopes": [(scope, words.get(scope, "")) for scope in scopes],
            "revoke_needs_role": way.revoke_needs_role,
            "for_company": pending.kind is ConnectionKind.COMPANY,
            "redirect_url": pending.redirect_url,
            "ticket": self._authority.tickets.issue(replace(pending, step=Step.CONSENT)),
            "mark": SIMULATED,
        }
        page = page_response(200, "sandbox-consent", facts, form_targets=form_targets(pending.redirect_url))
        return Reply(page, pending.origin.value, "consent page shown")

    def decide(self, request: Request) -> Reply:
        """Take Allow or Deny and send the browser back to the app."""
        try:
            return self._decided(read_parameters(request, ("ticket", "decision", "login")), request)
        except Refused as refusal:
            return refused_page(refusal, "consent")

    def _decided(self, form: Parameters, request: Request) -> Reply:
        pending = self._authority.tickets.redeem(form.required("ticket"), Step.CONSENT)
        if form.get("decision") == "deny":
            location = self._ways[pending.contract].denied(pending)
            return Reply(redirect_response(location), pending.origin.value, "denied", _notes_on_denial(pending))
        if form.get("decision") != "allow":
            raise Refused(reason=Reason.DECISION_MISSING)
        return self._allow(pending, pending.login or form.required("login"), request)

    def _allow(self, pending: PendingConnection, login: str, request: Request) -> Reply:
        location = self._ways[pending.contract].allowed(pending, login, base_url(request.local_port))
        return Reply(redirect_response(location), pending.origin.value, "allowed, code issued")


def _notes_on_denial(pending: PendingConnection) -> tuple[str, ...]:
    if pending.origin is Origin.APP_CENTER:
        return (simulated("that App Center redirects after Deny"),)
    return (simulated("state after Deny"),) if pending.state is not None else ()


def refused_page(refusal: Refused, operation: str, sent: Sequence[tuple[str, str]] = ()) -> Reply:
    """Return an error as a page: a redirect would trust the very thing that is wrong. `sent` is shown: no secrets."""
    shown = [(n, v if len(v) <= _SHOWN_CHARACTERS else f"{v[:_SHOWN_CHARACTERS]}…") for n, v in sent]
    facts: dict[str, object] = {
        "title": "This cannot go on",
        "message": message_of(refusal),
        "sent": shown,
        "mark": SIMULATED,
    }
    page = page_response(400, "sandbox-refused", facts)
    return Reply(page, operation, outcome_of(refusal), (simulated("this error page"),))
