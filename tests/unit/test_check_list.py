from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gui.check_list import CHECK_TEXTS, CheckGroup, CheckKey, CheckSource, CheckState, check_list, keys_of
from gui.concur.contract import CONTRACTS, CURRENT, LEGACY
from gui.concur.errors import RevokeRoleMissing
from gui.concur.models import LiveToken, Operation, RequestToken
from gui.flow.revocation import Revocation, Tick
from gui.loopback.errors import RedirectUrlElsewhere
from gui.session_state import State
from gui.session_view import (
    ApplicationView,
    KeyringStatus,
    KeyringView,
    ListenerStatus,
    ListenerView,
    Milestone,
    SessionView,
    ShownToken,
)
from gui.store.issued_entry import KEPT_IN_KEYRING, IssuedToken
from gui.store.profile import Profile

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
REAL = SessionView(
    profile=Profile(
        profile_id="1" * 32,
        name="Acme",
        base_url="https://concur.example",
        consumer_key="key",
        redirect_url="http://localhost:8765/redirect",
    )
)
REQUEST_TOKEN = RequestToken(value="0_x", received_at=AT)
ROLE_MISSING = RevokeRoleMissing(operation=Operation.REVOKE, host="concur.example", status=403, document=None)


def issued(token_id: str = "a" * 32, *, kept: str = KEPT_IN_KEYRING, superseded_by: str | None = None) -> IssuedToken:
    return IssuedToken(
        token_id=token_id,
        profile_id="1" * 32,
        profile_name="Acme",
        contract="legacy",
        base_url="https://concur.example",
        instance_url=None,
        consumer_key="key",
        issued_at=AT,
        expires_at=None,
        purpose="window",
        machine="m",
        pid=1,
        process_started=1.0,
        kept=kept,
        superseded_by=superseded_by,
        state="issued",
    )


def shown(token: IssuedToken, refresh_token: str | None = "refresh") -> ShownToken:
    live = LiveToken(
        access_token="t", refresh_token=refresh_token, base_url="https://concur.example", instance_url=None
    )
    return ShownToken(token=token, live=live, document=None)


def reached(*milestones: Milestone) -> SessionView:
    return replace(REAL, milestones=frozenset(milestones))


def states(view: SessionView) -> dict[CheckKey, CheckState]:
    return {item.key: item.state for item in check_list(view)}


VIEWS = [
    pytest.param(SessionView(), id="first start"),
    pytest.param(REAL, id="real"),
    pytest.param(replace(REAL, state=State.AT_RISK, shown=shown(issued())), id="at risk"),
]


@pytest.mark.parametrize("view", VIEWS)
def test_every_item_always_in_the_same_order(view: SessionView) -> None:
    assert [item.key for item in check_list(view)] == list(CheckKey)
    assert [key for group in CheckGroup for key in keys_of(group)] == list(CheckKey)


def test_every_item_has_words() -> None:
    assert set(CHECK_TEXTS) == set(CheckKey)
    for item in check_list(REAL):
        assert item.title()
        assert item.explanation().endswith(".")


@pytest.mark.parametrize("contract", [*CONTRACTS, "v9"])
def test_every_item_has_words_with_every_contract(contract: str) -> None:
    view = replace(REAL, profile=replace(REAL.profile, contract=contract))
    for item in check_list(view):
        if item.key is CheckKey.ROLE and item.state is CheckState.NOT_APPLICABLE:
            assert item.explanation() == "Concur names no role for this contract."
        assert item.explanation().endswith(".")


def test_what_differs_is_said_of_the_contract_of_the_profile() -> None:
    def said(contract: str) -> dict[CheckKey, str]:
        view = replace(REAL, profile=replace(REAL.profile, contract=contract))
        return {item.key: item.explanation() for item in check_list(view)}

    legacy, current = said(LEGACY), said(CURRENT)
    assert "parameter code." in legacy[CheckKey.REDIRECT]
    assert "id and requestToken" in current[CheckKey.REDIRECT]
    with_id, _mark, code = current[CheckKey.REDIRECT].partition("After a sign-in as code")
    assert "24 hours" in with_id
    assert "24 hours" not in code
    assert "does not document" in code
    assert "empty answer" in legacy[CheckKey.REVOKED]
    assert "status 200" in current[CheckKey.REVOKED]
    differing = {key for key in CheckKey if legacy[key] != current[key]}
    assert differing == {
        CheckKey.REDIRECT,
        CheckKey.REFRESH,
        CheckKey.ROLE,
        CheckKey.REVOKED,
        CheckKey.REFUSED,
    }


def test_no_role_is_asked_for_where_concur_names_none() -> None:
    view = replace(REAL, profile=replace(REAL.profile, contract=CURRENT))
    assert states(view)[CheckKey.ROLE] is CheckState.NOT_APPLICABLE
    revoked = replace(view, revocation=Revocation(server=Tick.DONE))
    assert states(revoked)[CheckKey.ROLE] is CheckState.NOT_APPLICABLE


def test_words_are_translated_sentence_by_sentence() -> None:
    item = next(item for item in check_list(REAL) if item.key is CheckKey.REDIRECT_URL)
    heard: list[str] = []

    def translate(text: str) -> str:
        heard.append(text)
        return f"<{text}>"

    assert item.title(translate) == f"<{CHECK_TEXTS[item.key].title}>"
    assert item.explanation(translate).count("<") == 2
    assert len(heard) == 3


@pytest.mark.parametrize(
    ("view", "key", "state"),
    [
        pytest.param(REAL, CheckKey.CONSUMER_KEY, CheckState.OPEN, id="no key"),
        pytest.param(
            replace(REAL, application=ApplicationView(consumer_key="k")),
            CheckKey.CONSUMER_KEY,
            CheckState.DONE,
            id="key",
        ),
        pytest.param(
            replace(REAL, application=ApplicationView(consumer_key="k")),
            CheckKey.CONSUMER_SECRET,
            CheckState.OPEN,
            id="no secret",
        ),
        pytest.param(
            replace(REAL, application=ApplicationView(consumer_secret="s")),
            CheckKey.CONSUMER_SECRET,
            CheckState.DONE,
            id="secret",
        ),
        pytest.param(REAL, CheckKey.REDIRECT_URL, CheckState.UNKNOWN, id="registered redirect URL"),
        pytest.param(SessionView(), CheckKey.REDIRECT_URL, CheckState.DONE, id="sandbox's redirect URL"),
        pytest.param(REAL, CheckKey.SCOPES, CheckState.OPEN, id="no scopes"),
        pytest.param(SessionView(), CheckKey.SCOPES, CheckState.NOT_APPLICABLE, id="sandbox needs no scopes"),
        pytest.param(
            replace(REAL, profile=replace(REAL.profile, scopes=("USER",))),
            CheckKey.SCOPES,
            CheckState.DONE,
            id="scopes",
        ),
        pytest.param(REAL, CheckKey.LISTENER, CheckState.OPEN, id="listener off"),
        pytest.param(
            replace(REAL, listener=ListenerView(problem=RedirectUrlElsewhere(host="app.example.com"))),
            CheckKey.LISTENER,
            CheckState.NOT_APPLICABLE,
            id="redirect is pasted",
        ),
        pytest.param(
            replace(REAL, listener=ListenerView(ListenerStatus.STARTING)),
            CheckKey.LISTENER,
            CheckState.OPEN,
            id="listener starting",
        ),
        pytest.param(
            replace(REAL, listener=ListenerView(ListenerStatus.LISTENING)),
            CheckKey.LISTENER,
            CheckState.DONE,
            id="listener on",
        ),
        pytest.param(REAL, CheckKey.KEYRING, CheckState.UNKNOWN, id="keyring probing"),
        pytest.param(
            replace(REAL, keyring=KeyringView(KeyringStatus.READY)), CheckKey.KEYRING, CheckState.DONE, id="keyring"
        ),
        pytest.param(
            replace(REAL, keyring=KeyringView(KeyringStatus.SESSION_ONLY)),
            CheckKey.KEYRING,
            CheckState.OPEN,
            id="no keyring",
        ),
        pytest.param(REAL, CheckKey.CONNECT, CheckState.OPEN, id="not connected"),
        pytest.param(REAL, CheckKey.REDIRECT, CheckState.OPEN, id="no redirect"),
        pytest.param(reached(Milestone.REDIRECT_ARRIVED), CheckKey.CONNECT, CheckState.DONE, id="connect pressed"),
        pytest.param(reached(Milestone.REDIRECT_ARRIVED), CheckKey.REDIRECT, CheckState.DONE, id="redirect"),
        pytest.param(reached(Milestone.REDIRECT_ARRIVED), CheckKey.EXCHANGE, CheckState.OPEN, id="not exchanged"),
        pytest.param(reached(Milestone.EXCHANGED), CheckKey.EXCHANGE, CheckState.DONE, id="exchanged"),
        pytest.param(reached(Milestone.STORED_SAFELY), CheckKey.STORED, CheckState.DONE, id="stored"),
        pytest.param(reached(Milestone.EXCHANGED), CheckKey.STORED, CheckState.OPEN, id="in memory only"),
        pytest.param(REAL, CheckKey.FAILURE, CheckState.NOT_APPLICABLE, id="no failure"),
        pytest.param(replace(REAL, state=State.AT_RISK), CheckKey.FAILURE, CheckState.OPEN, id="failure"),
        pytest.param(
            reached(Milestone.REVOKED_AFTER_FAILURE), CheckKey.FAILURE, CheckState.DONE, id="failure and revoked"
        ),
        pytest.param(REAL, CheckKey.REFRESH, CheckState.OPEN, id="nothing to refresh yet"),
        pytest.param(replace(REAL, shown=shown(issued())), CheckKey.REFRESH, CheckState.OPEN, id="not refreshed"),
        pytest.param(
            replace(REAL, shown=shown(issued(), refresh_token=None)),
            CheckKey.REFRESH,
            CheckState.NOT_APPLICABLE,
            id="no refresh token",
        ),
        pytest.param(reached(Milestone.REFRESHED), CheckKey.REFRESH, CheckState.DONE, id="refreshed"),
    ],
)
def test_state(view: SessionView, key: CheckKey, state: CheckState) -> None:
    assert states(view)[key] is state


DONE, OPEN, UNKNOWN = CheckState.DONE, CheckState.OPEN, CheckState.UNKNOWN


@pytest.mark.parametrize(
    ("revocation", "role", "revoked", "refused", "wiped"),
    [
        pytest.param(None, UNKNOWN, OPEN, OPEN, OPEN, id="not revoked"),
        pytest.param(Revocation(), UNKNOWN, OPEN, OPEN, OPEN, id="under way"),
        pytest.param(Revocation(Tick.DONE), DONE, DONE, OPEN, OPEN, id="confirmed"),
        pytest.param(Revocation(Tick.DONE, Tick.DONE, Tick.DONE), DONE, DONE, DONE, DONE, id="all three"),
        pytest.param(Revocation(Tick.DONE, Tick.UNPROVEN, Tick.DONE), DONE, DONE, UNKNOWN, DONE, id="without proof"),
        pytest.param(Revocation(Tick.DONE, Tick.FAILED), DONE, DONE, OPEN, OPEN, id="still accepted"),
        pytest.param(Revocation(Tick.UNPROVEN), UNKNOWN, UNKNOWN, OPEN, OPEN, id="answer lost"),
        pytest.param(Revocation(Tick.FAILED), UNKNOWN, OPEN, OPEN, OPEN, id="failed"),
        pytest.param(Revocation(Tick.FAILED, errors=(ROLE_MISSING,)), OPEN, OPEN, OPEN, OPEN, id="no role"),
        pytest.param(
            Revocation(Tick.UNPROVEN, Tick.DONE, Tick.DONE, nothing_sent=True),
            *(UNKNOWN, OPEN, UNKNOWN, DONE),
            id="refused before",
        ),
        pytest.param(Revocation(Tick.DONE, Tick.DONE, Tick.FAILED), DONE, DONE, DONE, OPEN, id="copy kept"),
    ],
)
def test_revoke(
    revocation: Revocation | None, role: CheckState, revoked: CheckState, refused: CheckState, wiped: CheckState
) -> None:
    found = states(replace(REAL, revocation=revocation))
    keys = (CheckKey.ROLE, CheckKey.REVOKED, CheckKey.REFUSED, CheckKey.WIPED)
    assert tuple(found[key] for key in keys) == (role, revoked, refused, wiped)


def test_what_the_sandbox_plays_is_marked_simulated() -> None:
    simulated = {item.key for item in check_list(SessionView()) if item.simulated}
    assert simulated == {key for key, text in CHECK_TEXTS.items() if text.source is not CheckSource.OURS}
    assert not any(item.simulated for item in check_list(REAL))
