"""The simulated Concur as one thing: state, answers, log and every route, behind one function `handle`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from gui.loopback.guard import loopback_hosts, names_this_listener
from gui.loopback.server import LoopbackServer
from gui.sandbox.answers import AnswerTable
from gui.sandbox.app_center import AppCenter
from gui.sandbox.authority import Authority, utc_now
from gui.sandbox.connections import Connections
from gui.sandbox.consent import CONSENT_PATH, ConsentPage
from gui.sandbox.current import CurrentContract
from gui.sandbox.data_centres import DataCentre
from gui.sandbox.errors import SandboxNotRunning
from gui.sandbox.front_desk import FrontDesk
from gui.sandbox.legacy import LegacyContract
from gui.sandbox.log import CallLog, LogEntry, shown_method, shown_path
from gui.sandbox.records import CURRENT, DEFAULT_USERS, LEGACY, ConnectionKind
from gui.sandbox.replies import Reply, base_url, text_response
from gui.sandbox.ways_back import ways_back
from gui.sandbox.web_flow import WebFlow
from gui.sandbox.wishes import CodeWishes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from gui.loopback.http import Request, Response
    from gui.sandbox.connection_records import IssuedConnection
    from gui.sandbox.records import IssuedToken, RegisteredApp, User
    from gui.sandbox.replies import Handler, Routes
    from gui.sandbox.settings import SandboxSettings
    from gui.sandbox.tokens import TokenSource
    from gui.sandbox.ways_back import WayBack


class SimulatedConcur:
    """Costs nothing until started, and little until used. `handle` needs no server: tests call it directly."""

    def __init__(
        self,
        settings: SandboxSettings,
        application: RegisteredApp,
        *,
        users: Sequence[User] = DEFAULT_USERS,
        clock: Callable[[], datetime] = utc_now,
        tokens: TokenSource | None = None,
        on_fault: Callable[[Exception], None] | None = None,
    ) -> None:
        """`users`: at least one; the first connects where nobody says otherwise. `on_fault`: see LoopbackServer."""
        self.authority = Authority(settings, (application,), users, clock=clock, tokens=tokens)
        self.answers = AnswerTable()
        self.log = CallLog(settings.log_entries_kept)
        self._on_fault = on_fault
        self._server: LoopbackServer | None = None
        self.connections = Connections(self.authority)
        """What the current contract has issued."""
        ways = ways_back(self.authority, self.connections)
        consent = ConsentPage(self.authority, ways)
        current = [CurrentContract(self.authority, self.connections, self.answers, at) for at in DataCentre]
        self._routes = {
            **LegacyContract(self.authority, self.connections, self.answers).routes(),
            **{path: methods for contract in current for path, methods in contract.routes().items()},
            **{path: methods for way in ways.values() for path, methods in self._web_flow(way, consent).items()},
            **AppCenter(self.authority, consent, ways).routes(),
            **consent.routes(),
            **FrontDesk(self.authority, self.log, self._issue).routes(),
        }
        self._known_segments = {segment for path in self._routes for segment in path.split("/")}

    def start(self, port: int = 0) -> None:
        """Listen on that port, or on any for 0. Raises ListenError. Does nothing while running."""
        if self._server is None:
            server = LoopbackServer(self.handle, port=port, on_fault=self._on_fault, name="sandbox")
            server.start()
            self._server = server

    def stop(self) -> None:
        """Close the port and every connection; apps and tokens stay. May be called any number of times."""
        server, self._server = self._server, None
        if server is not None:
            server.stop()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port that is listened on. Raises SandboxNotRunning."""
        if self._server is None:
            raise SandboxNotRunning
        return self._server.port

    @property
    def base_url(self) -> str:
        """Origin without a trailing slash: `http://127.0.0.1:{port}`. Raises SandboxNotRunning."""
        return base_url(self.port)

    def issue_request_token(self, user: str | None = None, scopes: Sequence[str] | None = None) -> str:
        """Return what App Center would put into the redirect: the first user's, for the first app. Raises Refused."""
        wishes = CodeWishes(user=user, scopes=None if scopes is None else tuple(scopes))
        app, login = self._app_and_login(wishes)
        return self._request_token(wishes, app, login)

    def issue_connection(
        self,
        kind: str = ConnectionKind.USER.value,
        user: str | None = None,
        scopes: Sequence[str] | None = None,
        consumer_key: str | None = None,
    ) -> IssuedConnection:
        """Return the same for the current contract; `kind` is "user" or "company". Raises Refused."""
        return self._connect(
            CodeWishes(consumer_key, user, None if scopes is None else tuple(scopes), CURRENT, ConnectionKind(kind))
        )

    def issued_tokens(self, consumer_key: str | None = None) -> tuple[IssuedToken, ...]:
        """Return every access token ever issued in either contract, in order of time: what was left live shows."""
        both = self.authority.issued_tokens(consumer_key) + self.connections.issued_tokens(consumer_key)
        return tuple(sorted(both, key=lambda token: token.issued_at))

    def handle(self, request: Request) -> Response:
        """Answer one request and log it."""
        reply = self._reply(request)
        self.log.add(
            LogEntry(
                self.authority.now(),
                shown_method(request.method),
                shown_path(request.path, self._known_segments),
                reply.operation,
                reply.response.status,
                reply.outcome,
                reply.notes,
            )
        )
        return reply.response

    def _reply(self, request: Request) -> Reply:
        if not names_this_listener(request, loopback_hosts(request.local_port)):  # a rebound DNS name is not ours
            return _turned_away(403, "This server answers to its loopback names only.", "Host is not ours")
        # Any case and doubled slashes, as real clients send them (concur-wire.md 1.7).
        path = re.sub("/+", "/", request.path).lower()
        methods = self._routes.get(path)
        if methods is None:
            return _turned_away(404, "The simulated Concur has nothing here.", "nothing here")
        handler: Handler | None = methods.get(request.method)
        if handler is None:
            allow = ("Allow", ", ".join(methods))
            return _turned_away(405, f"Use {allow[1]} here.", "method not allowed", allow)
        if path.startswith("/sandbox/") and request.method == "POST" and _comes_from_another_site(request, path):
            return _turned_away(403, "Pages of other sites cannot use this.", "posted by another site")
        return handler(request)

    def _web_flow(self, way: WayBack, consent: ConsentPage) -> Routes:
        return WebFlow(self.authority, consent, way).routes()

    def _issue(self, wishes: CodeWishes) -> Mapping[str, object]:
        """Return what `/sandbox/codes` answers."""
        if wishes.contract != CURRENT:
            app, login = self._app_and_login(wishes)
            code = self._request_token(wishes, app, login)
            return {"code": code} | (
                {"contract": LEGACY, "query": urlencode({"code": code})} if wishes.contract else {}
            )
        connection = self._connect(wishes)
        return {
            "id": connection.id,
            "requestToken": connection.request_token,
            "userId": connection.user_id,
            "contract": CURRENT,
            "kind": connection.kind.value,
            "scopes": list(connection.scopes),
            "query": urlencode(connection.parameters),
        }

    def _connect(self, wishes: CodeWishes) -> IssuedConnection:
        app, login = self._app_and_login(wishes)
        return self.connections.connect(app, login, wishes.kind, wishes.scopes or ())

    def _request_token(self, wishes: CodeWishes, consumer_key: str, login: str) -> str:
        app = self.authority.application(consumer_key)
        scopes = wishes.scopes if wishes.scopes is not None else app.scopes if app else ()
        return self.authority.issue_request_token(consumer_key, login, scopes)

    def _app_and_login(self, wishes: CodeWishes) -> tuple[str, str]:
        consumer_key = wishes.consumer_key or self.authority.applications()[0].consumer_key
        return consumer_key, wishes.user or self.authority.users()[0].login


def _turned_away(status: int, text: str, outcome: str, *headers: tuple[str, str]) -> Reply:
    return Reply(text_response(status, text, *headers), "none", outcome)


def _comes_from_another_site(request: Request, path: str) -> bool:
    """Whether a page of another site has sent it, as far as a browser says so; other clients say nothing.

    A form of ours comes from "null", since its page sends no referrer, and so does a page that hides where it is from.
    Where the browser does not tell them apart, the form goes by its ticket; nobody else of ours posts from a page.
    """
    site, ours = request.header("sec-fetch-site"), {f"http://{host}" for host in loopback_hosts(request.local_port)}
    if site == "same-origin" or (site is None and path == CONSENT_PATH):
        ours.add("null")
    return site == "cross-site" or any(origin.lower() not in ours for origin in request.header_values("origin"))
