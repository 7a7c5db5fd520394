"""The consent page: what an app asks for, Allow and Deny. App Center and the sign-in page both lead here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.concur.models import Origin
from gui.loopback.pages import page_response
from gui.sandbox.errors import Refused
from gui.sandbox.parameters import read_parameters
from gui.sandbox.records import Reason, Step
from gui.sandbox.redirects import allowed_redirect, denied_redirect, form_targets
from gui.sandbox.refusals import message_of, outcome_of
from gui.sandbox.replies import Reply, redirect_response
from gui.sandbox.scopes import SCOPE_WORDS
from gui.sandbox.simulated import SIMULATED, simulated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.loopback.http import Request
    from gui.sandbox.authority import Authority
    from gui.sandbox.parameters import Parameters
    from gui.sandbox.records import PendingConnection
    from gui.sandbox.replies import Routes

_SHOWN_CHARACTERS = 300


class ConsentPage:
    """Asks for the decision and carries it out."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority

    def routes(self) -> Routes:
        """Return the path that the page's form goes to."""
        return {"/sandbox/consent": {"POST": self.decide}}

    def ask(self, pending: PendingConnection) -> Reply:
        """Show the page, or go on as if Allow had been pressed where the settings say so. Raises Refused then."""
        if self._authority.settings.auto_approve:
            return self._allow(pending, pending.login or self._authority.users()[0].login)
        app = self._authority.application(pending.consumer_key)
        scopes = pending.scopes or tuple(SCOPE_WORDS)
        facts: dict[str, object] = {
            "title": "Allow access?",
            "app_name": app.name if app else pending.consumer_key,
            "users": [user for user in self._authority.users() if pending.login in (None, user.login)],
            "scopes": [(scope, SCOPE_WORDS.get(scope, "")) for scope in scopes],
            "redirect_url": pending.redirect_url,
            "ticket": self._authority.tickets.issue(replace(pending, step=Step.CONSENT)),
            "mark": SIMULATED,
        }
        page = page_response(200, "sandbox-consent", facts, form_targets=form_targets(pending.redirect_url))
        return Reply(page, pending.origin.value, "consent page shown")

    def decide(self, request: Request) -> Reply:
        """Take Allow or Deny and send the browser back to the app."""
        try:
            return self._decided(read_parameters(request, ("ticket", "decision", "login")))
        except Refused as refusal:
            return refused_page(refusal, "consent")

    def _decided(self, form: Parameters) -> Reply:
        pending = self._authority.tickets.redeem(form.required("ticket"), Step.CONSENT)
        if form.get("decision") == "deny":
            return _denied(pending)
        if form.get("decision") != "allow":
            raise Refused(reason=Reason.DECISION_MISSING)
        return self._allow(pending, pending.login or form.required("login"))

    def _allow(self, pending: PendingConnection, login: str) -> Reply:
        code = self._authority.issue_request_token(pending.consumer_key, login, pending.scopes)
        return Reply(redirect_response(allowed_redirect(pending, code)), pending.origin.value, "allowed, code issued")


def _denied(pending: PendingConnection) -> Reply:
    notes: tuple[str, ...] = ()
    if pending.origin is Origin.APP_CENTER:
        notes = (simulated("that App Center redirects after Deny"),)
    elif pending.state is not None:
        notes = (simulated("state after Deny"),)
    return Reply(redirect_response(denied_redirect(pending)), pending.origin.value, "denied", notes)


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
