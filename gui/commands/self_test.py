"""`self-test`: the whole flow without a screen, step by step, against the built-in sandbox or any base URL."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gui.commands.output import say, words
from gui.commands.redirect_step import RedirectNeverCame, RedirectStep, WaitCalledOff
from gui.concur.cancellation import Cancellation
from gui.concur.errors import FlowError
from gui.concur.models import Application
from gui.flow.connection import SELF_TEST, Connection, contract_named
from gui.flow.issuing import Issued, exchange_and_store, refresh_and_store
from gui.flow.revocation import Revocation, Tick
from gui.flow.revoking import events_of, revoke_and_prove
from gui.flow.state import FlowState
from gui.loopback.redirect_url import parse_redirect_url
from gui.messages import REMARKS
from gui.sandbox.records import RegisteredApp
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings
from gui.sandbox.tokens import new_consumer_key, new_consumer_secret
from gui.session_state import Event, State
from gui.store.issued_entry import KEPT_IN_KEYRING
from gui.store.profile import BUILT_IN_PROFILE_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.commands.workplace import Workplace
    from gui.concur.contract import Contract
    from gui.concur.models import RequestToken

STEPS = ("sandbox", "listener", "redirect", "exchange", "document", "refresh", "revoke", "refused_after_revoke")
NOT_REACHED = "not reached"


def step_name(contract: str, step: str) -> str:
    """Return the name of a step in the report: each contract takes all of them."""
    return f"{contract}.{step}"


BUILT_IN_REDIRECT_URL = "http://localhost:0/redirect"
"""Any free port: the built-in sandbox does not mind, and a window that listens on its own is left alone."""


@dataclass(frozen=True, slots=True)
class Target:
    """Another Concur than the built-in one."""

    base_url: str
    consumer_key: str
    consumer_secret: str = field(repr=False)
    redirect_url: str
    scopes: tuple[str, ...]
    contract: str
    wait_s: float
    """How long to wait for the browser."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """One line of the report."""

    name: str
    ok: bool
    ms: float
    detail: str


class StepFailed(Exception):
    """A step did not do what it should; the text is for the report and holds no secret."""


class SelfTest:
    """One run by one contract, whose name stands before each step's.

    Every token it is given is revoked at the end, whatever failed before.
    """

    def __init__(
        self,
        workplace: Workplace,
        contract: str,
        target: Target | None,
        on_step: Callable[[StepResult], None] = lambda _step: None,
        cancellation: Cancellation | None = None,
    ) -> None:
        """Take what is worked with. `cancellation` ends the way forward, what was issued by then is revoked.

        Raises ContractUnknown.
        """
        self._workplace = workplace
        self._target = target
        self._on_step = on_step
        self._cancellation = cancellation or Cancellation()
        self._contract: Contract = contract_named(contract)
        self._state = FlowState()
        self._sandbox: SimulatedConcur | None = None
        self._application: Application | None = None
        self._redirect: RedirectStep | None = None
        self._request_token: RequestToken | None = None
        self._issued: list[Issued] = []
        self._revocations: list[Revocation] = []
        self.results: list[StepResult] = []
        self.document = ""
        """The access-token document, redacted."""

    @property
    def ok(self) -> bool:
        """Whether every step came out well."""
        return len(self.results) == len(STEPS) and all(step.ok for step in self.results)

    def run(self) -> None:
        """Go through all steps. A failed one ends the way forward; revoking is tried wherever a token was issued."""
        steps = (
            self._start_sandbox,
            self._start_listener,
            self._catch_redirect,
            self._exchange,
            self._check_document,
            self._refresh,
            self._revoke,
            self._check_refused,
        )
        way_is_open = True
        try:
            for name, step in zip(STEPS, steps, strict=True):
                cleaning_up = bool(self._issued) and step in (self._revoke, self._check_refused)
                if cleaning_up or (way_is_open and not self._cancellation.cancelled):
                    way_is_open = self._take(name, step) and way_is_open
                else:
                    way_is_open = False
                    self._add(StepResult(name, ok=False, ms=0.0, detail=NOT_REACHED))
        finally:
            if self._redirect is not None:
                self._redirect.stop()
            if self._sandbox is not None:
                self._sandbox.stop()

    @property
    def contract(self) -> str:
        """Name of the contract."""
        return self._contract.name

    def _take(self, name: str, step: Callable[[], str]) -> bool:
        started = time.monotonic()
        try:
            detail, ok = step(), True
        except FlowError as error:
            detail, ok = words(error), False
        except (StepFailed, RedirectNeverCame) as error:
            detail, ok = str(error), False
        except WaitCalledOff:
            detail, ok = "interrupted", False
        except KeyboardInterrupt:
            left = self._left_alive() if name == "revoke" else ()
            detail, ok = "\n".join(("interrupted", *left)), False
        result = StepResult(name, ok, (time.monotonic() - started) * 1000, self._workplace.redactor.text(detail))
        self._add(result)
        return result.ok

    def _add(self, result: StepResult) -> None:
        result = replace(result, name=step_name(self.contract, result.name))
        self.results.append(result)
        self._on_step(result)

    # The steps, in order

    def _start_sandbox(self) -> str:
        if self._target is not None:
            self._application = Application(
                base_url=self._target.base_url,
                consumer_key=self._target.consumer_key,
                consumer_secret=self._target.consumer_secret,
                redirect_url=self._target.redirect_url,
                scopes=self._target.scopes,
            )
            detail = f"not used: {self._target.base_url} is asked"
        else:
            app = RegisteredApp(new_consumer_key(), new_consumer_secret())
            self._sandbox = SimulatedConcur(SandboxSettings(), app)
            self._sandbox.start()
            self._application = Application(
                base_url=self._sandbox.base_url,
                consumer_key=app.consumer_key,
                consumer_secret=app.consumer_secret,
                redirect_url=BUILT_IN_REDIRECT_URL,
            )
            detail = f"simulated Concur at {self._sandbox.base_url}"
        self._workplace.redactor.learn(self._application.consumer_secret)
        self._state.apply(Event.APPLICATION_COMPLETED)
        return detail

    def _start_listener(self) -> str:
        application = self._known_application()
        self._redirect = RedirectStep(
            parse_redirect_url(application.redirect_url), self._contract, self._workplace.timeline.add
        )
        where = self._redirect.start()
        self._state.apply(Event.LISTENER_STARTED)
        return where

    def _catch_redirect(self) -> str:
        redirect = self._redirect
        if redirect is None:
            raise StepFailed("the listener is not there")
        application = self._known_application()
        if self._target is None:
            detail = redirect.simulate_app_center(self._workplace.transport, application.base_url, self.contract)
            self._request_token = redirect.wait(10.0, self._cancellation)
        else:
            state = secrets.token_urlsafe(24)
            self._workplace.redactor.learn(state)
            say(redirect.announce_sign_in(self._contract.sign_in_url(application, state), state, self._target.wait_s))
            self._request_token = redirect.wait(self._target.wait_s, self._cancellation)
            detail = "the browser brought a request token"
        self._state.apply(Event.REQUEST_TOKEN_RECEIVED)
        return detail

    def _exchange(self) -> str:
        if self._request_token is None:
            raise StepFailed("no request token was received")
        self._state.apply(Event.EXCHANGE_STARTED)
        try:
            issued = exchange_and_store(self._connection(), self._request_token, self._cancellation)
        except (FlowError, KeyboardInterrupt):
            self._state.apply(Event.EXCHANGE_FAILED)
            raise
        self._take_over(issued)
        return f"access token issued and kept in: {self._kept_where(issued)}"

    def _check_document(self) -> str:
        issued = self._issued[-1]
        document = issued.document
        self.document = self._workplace.redactor.body(document.raw)
        remarks = [REMARKS[remark] for remark in document.remarks]
        expiry = f"expires {document.expires_at:%Y-%m-%d %H:%M} UTC" if document.expires_at else "expiry not known"
        return "; ".join((f"{len(document.raw)} bytes of {document.content_type or 'no type'}", expiry, *remarks))

    def _refresh(self) -> str:
        if self._issued[-1].live.refresh_token is None:
            return "not done: no refresh token came with the document"
        self._state.apply(Event.REFRESH_STARTED)
        try:
            issued = refresh_and_store(self._connection(), self._issued[-1].token, self._cancellation)
        except (FlowError, KeyboardInterrupt):
            self._state.apply(Event.REFRESH_FAILED)
            raise
        self._take_over(issued)
        if self._contract.replaces_tokens:
            return "a new access token, in place of the one before"
        return "a new access token; the old one is kept beside it until both are revoked"

    def _revoke(self) -> str:
        """Revoke every token of this run, the newest first: the older one may be what a role check still needs."""
        self._state.apply(Event.REVOKE_STARTED)
        connection = self._connection()
        self._revocations = [revoke_and_prove(connection, issued.token) for issued in self._held()]
        worst = next((each for each in self._revocations if not each.ended_token), self._revocations[-1])
        for event in events_of(worst, over=True):
            self._state.apply(event)
        if not worst.ended_token:
            problems = [words(error) for revocation in self._revocations for error in revocation.errors]
            raise StepFailed("\n".join((*self._left_alive(), *problems)))
        kept = [revocation for revocation in self._revocations if revocation.local_copy is not Tick.DONE]
        if kept:
            problems = [words(error) for revocation in kept for error in revocation.errors]
            raise StepFailed("\n".join(("Revoked, but the local copy could not be removed", *problems)))
        return f"revoked: {len(self._revocations)}, local copies removed"

    def _check_refused(self) -> str:
        if not self._revocations:
            raise StepFailed("nothing was revoked")
        if any(revocation.refused is not Tick.DONE for revocation in self._revocations):
            problems = [words(error) for revocation in self._revocations for error in revocation.errors]
            raise StepFailed("\n".join(("That the token is refused now could not be shown", *problems)))
        return "each token was accepted before the revoke and is refused after it"

    # What the steps share

    def _take_over(self, issued: Issued) -> None:
        self._issued.append(issued)
        if issued.failures:
            self._state.apply(Event.FAILED_AFTER_ISSUE)
            self.document = self._workplace.redactor.body(issued.document.raw)
            problems = (words(error) for error in issued.failures)
            raise StepFailed("\n".join(("A token was issued, and something failed; it is revoked now", *problems)))
        self._state.apply(Event.TOKEN_STORED)

    def _held(self) -> tuple[Issued, ...]:
        """Return what has to be revoked, the newest first; the last alone where each took the place of its elder."""
        return tuple(reversed(self._issued[-1:] if self._contract.replaces_tokens else self._issued))

    def _left_alive(self) -> tuple[str, ...]:
        """Say of each token that is not known to be dead where it is and what to do about it."""
        ended = [revocation.ended_token for revocation in self._revocations]
        fates = zip(self._held(), [*ended, *[False] * len(self._issued)], strict=False)
        alive = [issued.token for issued, is_dead in fates if not is_dead]
        said = []
        if any(token.kept == KEPT_IN_KEYRING for token in alive):
            needs = "" if self._contract.keeps_access_token else ", with a profile of the same app in the window"
            said.append(
                "A token is still live, or may be. The next self-test of the same app revokes it; "
                f"so does{needs}: tokens --revoke all"
            )
        if any(token.kept != KEPT_IN_KEYRING for token in alive):
            said.append(
                "A token is still live, or may be, and is lost when this program ends: it was kept in memory only. "
                f"Revoke it at Concur, for consumer key {self._known_application().consumer_key}."
            )
        return tuple(said)

    def _kept_where(self, issued: Issued) -> str:
        in_keyring = issued.token.kept == KEPT_IN_KEYRING
        return self._workplace.keyring.store.description if in_keyring else "this session only"

    def _known_application(self) -> Application:
        if self._application is None:
            raise StepFailed("the application is not known")
        return self._application

    def _connection(self) -> Connection:
        return Connection(
            profile_id=BUILT_IN_PROFILE_ID
            if self._target is None
            else f"self-test {self._known_application().base_url}",
            profile_name="Built-in sandbox" if self._target is None else "self-test",
            purpose=SELF_TEST,
            application=self._known_application(),
            contract=self._contract,
            transport=self._workplace.transport,
            tokens=self._workplace.tokens,
        )

    @property
    def state(self) -> State:
        """Where the flow stands."""
        return self._state.state
