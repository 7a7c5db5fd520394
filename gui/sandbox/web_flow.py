"""The web flow's sign-in page: `Login.aspx` of the legacy contract, `authorize` of the current one (1.1, 2.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.concur.models import Origin
from gui.loopback.pages import page_response
from gui.sandbox.consent import refused_page
from gui.sandbox.errors import Refused
from gui.sandbox.parameters import Parameters, read_parameters
from gui.sandbox.records import PendingConnection, Reason, Step
from gui.sandbox.redirects import check_redirect_url, form_targets
from gui.sandbox.replies import Reply
from gui.sandbox.simulated import SIMULATED

if TYPE_CHECKING:
    from gui.loopback.http import Request
    from gui.sandbox.authority import Authority
    from gui.sandbox.consent import ConsentPage
    from gui.sandbox.replies import Routes
    from gui.sandbox.ways_back import WayBack


class WebFlow:
    """Sign-in page and what its form does; the consent page follows."""

    def __init__(self, authority: Authority, consent: ConsentPage, way: WayBack) -> None:
        self._authority = authority
        self._consent = consent
        self._way = way

    def routes(self) -> Routes:
        """Return the paths of page and form."""
        return {path: {"GET": self.start, "POST": self.sign_in} for path in self._way.sign_in_paths}

    def start(self, request: Request) -> Reply:
        """Check what the app sent and show the sign-in page; whatever is wrong is shown and never redirected."""
        parameters = Parameters({})
        try:
            parameters = read_parameters(request, ("client_id", "scope", "redirect_uri", "response_type", "state"))
            pending = self._pending(parameters)
            if self._authority.settings.auto_approve:
                return self._consent.ask(pending, request)
        except Refused as refusal:
            shown = ("client_id", "scope", "redirect_uri")
            sent = [(name, parameters.values[name]) for name in shown if name in parameters.values]
            return refused_page(refusal, Origin.WEB_FLOW.value, sent)
        return self._page(pending, self._authority.users()[0].login, failed=False)

    def sign_in(self, request: Request) -> Reply:
        """Check login and password; a wrong one shows the page once more."""
        try:
            form = read_parameters(request, ("ticket", "login", "password"))
            pending = self._authority.tickets.redeem(form.required("ticket"), Step.SIGN_IN)
        except Refused as refusal:
            return refused_page(refusal, Origin.WEB_FLOW.value)
        login = form.get("login") or ""
        try:
            user = self._authority.sign_in(login, form.get("password") or "")
        except Refused:
            return self._page(pending, login, failed=True)
        return self._consent.ask(replace(pending, login=user.login), request)

    def _pending(self, parameters: Parameters) -> PendingConnection:
        consumer_key = parameters.required("client_id")
        app = self._authority.application(consumer_key)
        if app is None:
            raise Refused(reason=Reason.CONSUMER_KEY_UNKNOWN)
        redirect_url = parameters.required("redirect_uri")
        check_redirect_url(redirect_url, app)
        return PendingConnection(
            Step.SIGN_IN,
            Origin.WEB_FLOW,
            consumer_key,
            self._way.scopes_asked(parameters, app),
            redirect_url,
            parameters.get("state"),
            contract=self._way.contract,
        )

    def _page(self, pending: PendingConnection, login: str, *, failed: bool) -> Reply:
        app = self._authority.application(pending.consumer_key)
        known = next((user for user in self._authority.users() if user.login == login), None)
        facts = {
            "title": "Sign in",
            "app_name": app.name if app else pending.consumer_key,
            "login": login,
            "password": known.password if known and not failed else "",
            "users": self._authority.users(),
            "failed": failed,
            "revoke_needs_role": self._way.revoke_needs_role,
            "action": self._way.sign_in_action,
            "ticket": self._authority.tickets.issue(pending),
            "mark": SIMULATED,
        }
        page = page_response(
            403 if failed else 200, "sandbox-sign-in", facts, form_targets=form_targets(pending.redirect_url)
        )
        return Reply(page, Origin.WEB_FLOW.value, "login or password wrong" if failed else "sign-in page shown")
