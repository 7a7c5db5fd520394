"""A simulated Concur without a server, a clock that is set by hand, and requests as the server would hand them in."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from gui.loopback.http import Request, Response
from gui.sandbox.records import RegisteredApp
from gui.sandbox.service import SimulatedConcur
from gui.sandbox.settings import SandboxSettings

if TYPE_CHECKING:
    from gui.concur.models import Headers
    from gui.sandbox.connection_records import IssuedConnection

PORT = 8180
KEY = "VDV5Y532NafKeyKeyKey22"
SECRET = "CanarySecretCanarySecretCanary32"
REDIRECT = "http://localhost:8765/redirect"
FORM = (("content-type", "application/x-www-form-urlencoded"),)
APP = RegisteredApp(KEY, SECRET, "Trip Ledger", ("EXPRPT", "USER"), REDIRECT)
OTHER_APP = RegisteredApp("OtherAppKeyOtherAppKey", "OtherSecretOtherSecretOtherSec32", "Other")
EXCHANGE = "/net2/oauth2/getaccesstoken.ashx"
NATIVE = "/net2/oauth2/accesstoken.ashx"
REVOKE = "/net2/oauth2/revoketoken.ashx"
PROBE = "/api/user/v1.0/user"
LOGIN = "/net2/oauth2/Login.aspx"
TOKEN = "/oauth2/v0/token"
AUTHORIZE = "/oauth2/v0/authorize"
CONNECTIONS = "/app-mgmt/v0/connections"
ME = "/profile/v1/me"


@dataclass
class HandClock:
    time: datetime = datetime(2015, 9, 26, 13, 36, 50, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **units: float) -> None:
        self.time += timedelta(**units)


@dataclass
class Bench:
    settings: SandboxSettings = field(default_factory=SandboxSettings)
    application: RegisteredApp = APP
    clock: HandClock = field(default_factory=HandClock)

    def __post_init__(self) -> None:
        self.concur = SimulatedConcur(self.settings, self.application, clock=self.clock)
        self.concur.authority.register(OTHER_APP)

    def send(
        self, method: str, target: str, headers: Headers = (), body: bytes = b"", host: str = f"127.0.0.1:{PORT}"
    ) -> Response:
        path, _, query = target.partition("?")
        return self.concur.handle(
            Request(method, target, path, query, None, (("host", host), *headers), body, PORT, self.clock())
        )

    def get(self, path: str, headers: Headers = (), /, **parameters: str) -> Response:
        return self.send("GET", f"{path}?{urlencode(parameters)}" if parameters else path, headers)

    def post(self, path: str, headers: Headers = (), /, **parameters: str) -> Response:
        return self.send("POST", f"{path}?{urlencode(parameters)}" if parameters else path, headers)

    def post_form(self, path: str, **parameters: str) -> Response:
        return self.send("POST", path, FORM, urlencode(parameters).encode())

    def code(self, user: str | None = None) -> str:
        return self.concur.issue_request_token(user)

    def exchange(self, code: str, headers: Headers = (), /, **changed: str) -> Response:
        return self.get(EXCHANGE, headers, **{"code": code, "client_id": KEY, "client_secret": SECRET, **changed})

    def tokens(self, user: str | None = None) -> tuple[str, str]:
        """Access token and refresh token of a fresh connection."""
        document = xml_fields(self.exchange(self.code(user)))
        return document["Token"], document["Refresh_Token"]

    def refresh(self, refresh_token: str, /, **changed: str) -> Response:
        return self.get(
            EXCHANGE, **{"refresh_token": refresh_token, "client_id": KEY, "client_secret": SECRET, **changed}
        )

    def probe(self, token: str) -> Response:
        return self.get(PROBE, oauth(token))

    # The current contract

    def grant(self, grant_type: str, /, *, at: str = "", **fields: str) -> Response:
        return self.post_form(
            at + TOKEN, grant_type=grant_type, **{"client_id": KEY, "client_secret": SECRET, **fields}
        )

    def connected(self, connection: IssuedConnection, /, **changed: str) -> Response:
        sent = {"credtype": "authtoken", "username": connection.id, "password": connection.request_token}
        return self.grant("password", **{**sent, **changed})

    def granted(self, kind: str = "user", user: str | None = None) -> dict[str, object]:
        """The answer to the exchange of a fresh connection."""
        answer = self.connected(self.concur.issue_connection(kind, user))
        assert answer.status == 200, answer.body
        return json_object(answer)

    def renewed(self, refresh_token: object, /, **changed: str) -> Response:
        return self.grant("refresh_token", **{"refresh_token": str(refresh_token), **changed})

    def me(self, token: object, at: str = "") -> Response:
        return self.get(at + ME, bearer(str(token)))

    def disconnect(self, token: object) -> Response:
        return self.send("DELETE", CONNECTIONS, bearer(str(token)))

    def genuine_current_flow(self) -> None:
        """From request token to proof of revocation; whatever went before must not have broken it."""
        answer = self.granted()
        renewed = json_object(self.renewed(answer["refresh_token"]))
        assert self.me(renewed["access_token"]).status == 200
        assert self.disconnect(renewed["access_token"]).status == 200
        assert self.me(renewed["access_token"]).status == 401
        assert self.renewed(renewed["refresh_token"]).status == 400

    def last_notes(self) -> str:
        return " | ".join(self.concur.log.entries()[-1].notes)

    def genuine_flow(self) -> None:
        """From code to proof of revocation; whatever went before must not have broken it."""
        token, refresh_token = self.tokens()
        assert self.refresh(refresh_token).status == 200
        assert self.probe(token).status == 200
        assert self.post(REVOKE, oauth(token), token=token).status == 200
        assert self.probe(token).status == 403


def oauth(token: str) -> Headers:
    return (("authorization", f"OAuth {token}"),)


def bearer(token: str) -> Headers:
    return (("authorization", f"Bearer {token}"),)


def accept(value: str) -> Headers:
    return (("accept", value),)


def header(response: Response, name: str) -> str:
    return next((value for key, value in response.headers if key.lower() == name.lower()), "")


def xml_fields(response: Response) -> dict[str, str]:
    return dict(re.findall(r"<([A-Za-z_-]+)>([^<]*)</\1>", response.body.decode()))


def json_object(response: Response) -> dict[str, object]:
    decoded = json.loads(response.body)
    assert isinstance(decoded, dict)
    return decoded


def claims_of(token: object) -> dict[str, object]:
    """What a JWT says of itself."""
    middle = str(token).split(".")[1]
    decoded = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    assert isinstance(decoded, dict)
    return decoded


def ticket_in(page: Response) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page.body.decode())
    assert found, page.body.decode()
    return unescape(found[1])


def location(response: Response) -> tuple[str, list[tuple[str, str]]]:
    """Where a redirect leads, without its query, and the query."""
    assert response.status == 302, response.body
    parts = urlsplit(header(response, "location"))
    return f"{parts.scheme}://{parts.netloc}{parts.path}", parse_qsl(parts.query, keep_blank_values=True)
