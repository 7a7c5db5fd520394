"""Views as the session would make them, for tests and pictures."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from gui.concur.answers import access_token_document
from gui.concur.contract import CURRENT, DEFAULT_CONTRACT
from gui.concur.errors import AnswerTimedOut, TokenStillAccepted
from gui.concur.models import (
    AccessTokenDocument,
    Direction,
    Headers,
    HttpExchange,
    LiveToken,
    Operation,
    RequestToken,
)
from gui.concur.redaction import Redactor
from gui.concur.token_answers import read_token_document
from gui.flow.revocation import Revocation, Tick
from gui.session.controls import controls_of, next_control_of
from gui.session_state import State
from gui.session_view import (
    Activity,
    ApplicationView,
    KeyringStatus,
    KeyringView,
    ListenerStatus,
    ListenerView,
    SessionView,
    ShownToken,
)
from gui.store.errors import IssuedTokenFileCorrupt, KeyringLocked
from gui.store.issued_entry import ExchangeNote, IssuedToken
from gui.store.profile import built_in_profile
from gui.store.review import Review, UnresolvedToken

if TYPE_CHECKING:
    from collections.abc import Mapping

NOW = datetime(2026, 11, 24, 15, 2, 14, tzinfo=UTC)
ISSUED_AT = datetime(2026, 11, 24, 15, 2, 11, tzinfo=UTC)
EXPIRES_AT = datetime(2027, 11, 24, 15, 2, 11, tzinfo=UTC)
ACCESS_TOKEN = "Canary+Acc/ess0kJ7hG5fD3sA1="
REFRESH_TOKEN = "Canary$Refresh5tY7uI9oP1aS3dF5g"
CONSUMER_KEY = "VDV5Y532NafpmDLtbve7Md"
BASE_URL = "http://127.0.0.1:49215"
TOKEN_ID = "5f0c1d2e3b4a49586776859493a2b1c0"
DOCUMENT = (
    "<Access_Token>\r\n"
    f"  <Instance_Url>{BASE_URL}/</Instance_Url>\r\n"
    f"  <Token>{ACCESS_TOKEN}</Token>\r\n"
    "  <Expiration_date>11/24/2027 3:02:11 PM</Expiration_date>\r\n"
    f"  <Refresh_Token>{REFRESH_TOKEN}</Refresh_Token>\r\n"
    "</Access_Token>"
).encode()
HEADERS: Headers = (
    ("Content-Type", "application/xml; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Date", "Tue, 24 Nov 2026 15:02:11 GMT"),
    ("Connection", "close"),
)
FIELDS = {
    "token": ACCESS_TOKEN,
    "refresh_token": REFRESH_TOKEN,
    "instance_url": f"{BASE_URL}/",
    "expiration_date": "11/24/2027 3:02:11 PM",
}
OPERATION_OF = {
    State.EXCHANGING: Operation.EXCHANGE,
    State.REFRESHING: Operation.REFRESH,
    State.PROBING: Operation.PROBE,
    State.REVOKING: Operation.REVOKE,
    State.PROVING: Operation.PROBE,
    State.WIPING: Operation.REVOKE,
}
WITHOUT_TOKEN = frozenset({State.UNCONFIGURED, State.STOPPED, State.WAITING, State.RECEIVED, State.EXCHANGING})
WITH_TOKEN = tuple(state for state in State if state not in WITHOUT_TOKEN)


PRINCIPAL_ID = "0f9dbb0c-4a77-4a6e-9c3f-3d6f1b6a2e11"
SUBJECT = "08e1cf5e-5b0d-4d25-8b11-6a0f9d1c7e42"
COMPANY_USER_ID = "9b7fd0f4-52c1-4a36-b9a4-7be1b0f6c0aa"
CORRELATION_ID = "b0b7d2b4-5d5f-4c2b-9e5d-6f4b6a7c8d90"
GEOLOCATION = BASE_URL
CURRENT_REFRESH_TOKEN = "Canary-refresh-5tY7uI9oP1aS3dF5g"


def jwt(claims: Mapping[str, object], signature: str = "CanarySignatureq8ZtY3wLm5Rb1Xc7Vd2N") -> str:
    """Return a JSON Web Token with these claims, signed with nothing."""

    def part(of: Mapping[str, object]) -> str:
        return base64.urlsafe_b64encode(json.dumps(of).encode()).decode().rstrip("=")

    return f"{part({'alg': 'RS256', 'kid': '1455614346', 'typ': 'JWT'})}.{part(claims)}.{signature}"


def _claims(**more: object) -> dict[str, object]:
    seconds = int(ISSUED_AT.timestamp())
    return {
        "concur.type": "user",
        "sub": SUBJECT,
        "iss": GEOLOCATION,
        "aud": "*",
        "iat": seconds,
        "exp": seconds + 3600,
        **more,
    }


CURRENT_ACCESS_TOKEN = jwt(_claims(**{"concur.scopes": [f"made.up.scope.{number}" for number in range(60)]}))
ID_TOKEN = jwt(_claims(nonce="none"), signature="CanaryIdSignature1Xc7Vd2Nq8ZtY3wLm5Rb")
CURRENT_SECRETS = (CURRENT_ACCESS_TOKEN, CURRENT_REFRESH_TOKEN, ID_TOKEN)
CURRENT_MEMBERS: dict[str, object] = {
    "expires_in": 3600,
    "scope": "openid user.read expense.report.read",
    "token_type": "Bearer",
    "access_token": CURRENT_ACCESS_TOKEN,
    "refresh_token": CURRENT_REFRESH_TOKEN,
    "refresh_expires_in": int(ISSUED_AT.timestamp()) + 182 * 86400,
    "id_token": ID_TOKEN,
    "geolocation": GEOLOCATION,
}
CURRENT_HEADERS: Headers = (
    ("Content-Type", "application/json"),
    ("Concur-Correlationid", CORRELATION_ID),
    ("Server", "cnqr-papeete"),
)


def clock() -> datetime:
    return NOW


def answer(body: bytes = DOCUMENT, headers: Headers = HEADERS) -> HttpExchange:
    return HttpExchange(
        direction=Direction.OUT,
        operation=Operation.EXCHANGE,
        started_at=ISSUED_AT,
        duration_ms=12.0,
        method="GET",
        url=f"{BASE_URL}/net2/oauth2/getaccesstoken.ashx?code=c&client_id=k&client_secret=s",
        request_headers=(("Accept", "application/xml"),),
        request_body=b"",
        status=200,
        reason="OK",
        response_headers=headers,
        response_body=body,
        sent=True,
        complete=True,
        failure=None,
    )


def document(
    body: bytes = DOCUMENT, fields: Mapping[str, str] = FIELDS, headers: Headers = HEADERS
) -> AccessTokenDocument:
    return access_token_document(fields, answer(body, headers))


def current_answer(body: bytes | None = None, headers: Headers = CURRENT_HEADERS) -> HttpExchange:
    """Return the exchange of a request token with the current contract."""
    return replace(
        answer(json.dumps(CURRENT_MEMBERS).encode() if body is None else body, headers),
        method="POST",
        url=f"{GEOLOCATION}/oauth2/v0/token",
        request_headers=(("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")),
        request_body=(
            f"client_id={CONSUMER_KEY}&client_secret=CanarySecretq8ZtY3wLm5Rb1Xc7Vd2N&grant_type=password"
            f"&credtype=authtoken&username={PRINCIPAL_ID}&password=CanaryCodehT6yU2jK9sD4fG1pQ8wE3rM"
        ).encode(),
    )


def current_document(
    members: Mapping[str, object] = CURRENT_MEMBERS, headers: Headers = CURRENT_HEADERS
) -> AccessTokenDocument:
    """Return the document of such an answer."""
    exchange = current_answer(json.dumps(members).encode(), headers)
    return read_token_document(exchange, Redactor(), GEOLOCATION.__eq__)


def issued_token(token_id: str = TOKEN_ID, *, profile_name: str = "Built-in sandbox") -> IssuedToken:
    return IssuedToken(
        token_id=token_id,
        profile_id=built_in_profile().profile_id,
        profile_name=profile_name,
        contract="legacy",
        base_url=BASE_URL,
        instance_url=f"{BASE_URL}/",
        consumer_key=CONSUMER_KEY,
        issued_at=ISSUED_AT,
        expires_at=EXPIRES_AT,
        purpose="window",
        machine="bench",
        pid=4711,
        process_started=1.0,
        kept="keyring",
        superseded_by=None,
        state="issued",
    )


def note(token_id: str = "a" * 32, *, refreshes: str | None = None, reason: str | None = None) -> ExchangeNote:
    return ExchangeNote(
        token_id=token_id,
        profile_id=built_in_profile().profile_id,
        profile_name="US data centre",
        contract="legacy",
        base_url="https://www.concursolutions.com",
        consumer_key=CONSUMER_KEY,
        purpose="window",
        noted_at=ISSUED_AT,
        machine="bench",
        pid=4711,
        process_started=1.0,
        refreshes=refreshes,
        reason=reason,
    )


def shown_token(kept_document: AccessTokenDocument | None = None, *, from_list: bool = False) -> ShownToken:
    """Return the token that the window works on; one opened from the list has no document."""
    of_answer = None if from_list else (kept_document or document())
    token = ACCESS_TOKEN if of_answer is None else of_answer.token
    refresh_token = REFRESH_TOKEN if of_answer is None else of_answer.refresh_token
    instance_url = f"{BASE_URL}/" if of_answer is None else of_answer.instance_url
    return ShownToken(
        token=issued_token(),
        live=LiveToken(token, refresh_token, BASE_URL, instance_url),
        document=of_answer,
        answer=of_answer.answer if of_answer is not None else None,
    )


def current_shown(
    kept_document: AccessTokenDocument | None = None, *, from_list: bool = False, restarted: bool = False
) -> ShownToken:
    """Return the same of the current contract; after a restart its access token is gone."""
    of_answer = kept_document or current_document()
    opened = from_list or restarted
    return ShownToken(
        token=replace(
            issued_token(), contract=CURRENT, instance_url=of_answer.instance_url, expires_at=of_answer.expires_at
        ),
        live=LiveToken(
            "" if restarted else of_answer.token,
            of_answer.refresh_token,
            BASE_URL,
            of_answer.instance_url,
            of_answer.expires_at,
            PRINCIPAL_ID,
        ),
        document=None if opened else of_answer,
        answer=None if opened else of_answer.answer,
    )


def full_review() -> Review:
    """Return a review with something in every group."""
    live = issued_token()
    return Review(
        live=(live, replace(live, token_id="1" * 32, profile_name="US data centre", superseded_by=TOKEN_ID)),
        cut_off=(note("2" * 32, reason="AnswerTimedOut"), note("3" * 32, refreshes=TOKEN_ID)),
        in_flight=(note("4" * 32),),
        elsewhere=(replace(live, token_id="5" * 32, kept="session"),),
        lost=(replace(live, token_id="6" * 32, kept="session", purpose="self-test", profile_name=""),),
        unwiped=(
            replace(live, token_id="7" * 32, state="wiping", wiped_for="revoked"),
            replace(live, token_id="8" * 32, state="wiping", wiped_for="forgotten"),
        ),
        set_aside=(
            IssuedTokenFileCorrupt(
                path=Path("issued-9.json"), set_aside=Path("issued-9.corrupt"), reason="Expected `object`, got `array`"
            ),
        ),
        unresolved=(UnresolvedToken("9" * 32, Path("issued-9.corrupt")),),
        problems=(KeyringLocked(backend="GNOME Keyring", operation="read"),),
    )


def revocation_of(state: State) -> Revocation | None:
    """Return how far a revoke has come in a state."""
    return {
        State.REVOKING: Revocation(),
        State.PROVING: Revocation(server=Tick.DONE),
        State.WIPING: Revocation(server=Tick.DONE, refused=Tick.DONE),
        State.REVOKED: Revocation(server=Tick.DONE, refused=Tick.DONE, local_copy=Tick.DONE),
    }.get(state)


def still_accepted() -> Revocation:
    error = TokenStillAccepted(operation=Operation.PROBE, host="127.0.0.1:49215", exchange=answer(), status=200)
    return Revocation(server=Tick.DONE, refused=Tick.FAILED, errors=(error,))


def not_confirmed() -> Revocation:
    error = AnswerTimedOut(operation=Operation.REVOKE, host="127.0.0.1:49215", exchange=answer(), limit_s=30)
    return Revocation(server=Tick.UNPROVEN, errors=(error,))


def view_of(state: State, shown: ShownToken | None = None) -> SessionView:
    """Return a view of the built-in sandbox in a state."""
    token = None if state in WITHOUT_TOKEN else shown or shown_token()
    operation = OPERATION_OF.get(state)
    listening = state not in {State.UNCONFIGURED, State.STOPPED}
    view = SessionView(
        state=state,
        application=ApplicationView(
            consumer_key=CONSUMER_KEY,
            consumer_secret="CanarySecretq8ZtY3wLm5Rb1Xc7Vd2N",
            base_url=BASE_URL,
            kept_in="GNOME Keyring",
            contract=DEFAULT_CONTRACT if token is None else token.token.contract,
        ),
        listener=ListenerView(
            status=ListenerStatus.LISTENING if listening else ListenerStatus.OFF,
            redirect_url="http://localhost:8765/redirect",
            addresses=("127.0.0.1:8765", "[::1]:8765") if listening else (),
        ),
        request_token=RequestToken("0_CanaryCodehT6yU2jK9sD4fG1pQ8wE3rM", ISSUED_AT)
        if state in {State.RECEIVED, State.EXCHANGING}
        else None,
        shown=token,
        revocation=not_confirmed() if state is State.AT_RISK else revocation_of(state),
        activity=Activity(operation, NOW - timedelta(seconds=3)) if operation is not None else None,
        keyring=KeyringView(KeyringStatus.READY, "GNOME Keyring / Secret Service"),
        issued=Review(live=(issued_token(),)) if token is not None and state is not State.REVOKED else Review(),
        starting=False,
    )
    return consistent(view)


def consistent(view: SessionView) -> SessionView:
    """Return the view with the controls that the session would give it."""
    controls = controls_of(view)
    return replace(view, controls=controls, next_control=next_control_of(view, controls))
