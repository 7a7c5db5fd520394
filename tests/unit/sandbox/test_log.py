from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gui.sandbox.log import CallLog, LogEntry, shown_method, shown_path, shown_token
from gui.sandbox.records import DEFAULT_USERS
from gui.sandbox.settings import SandboxSettings
from tests.unit.sandbox.bench import (
    APP,
    AUTHORIZE,
    CONNECTIONS,
    EXCHANGE,
    FORM,
    KEY,
    LOGIN,
    ME,
    NATIVE,
    REDIRECT,
    REVOKE,
    SECRET,
    TOKEN,
    Bench,
    bearer,
    oauth,
)
from tests.unit.sandbox.bench import ticket_in as ticket

ENTRY = LogEntry(datetime(2026, 1, 2, tzinfo=UTC), "GET", "/", "sandbox", 200, "page shown")


def test_entry_tells_what_became_of_a_call(bench: Bench) -> None:
    bench.exchange(bench.code())
    entry = bench.concur.log.entries()[-1]
    assert (entry.time, entry.method, entry.path) == (bench.clock.time, "GET", EXCHANGE)
    assert (entry.operation, entry.status, entry.outcome) == ("exchange", 200, "access token issued")


def test_log_is_bounded_and_the_oldest_go() -> None:
    log = CallLog(kept=3)
    for status in range(5):
        log.add(replace(ENTRY, status=status))
    assert [entry.status for entry in log.entries()] == [2, 3, 4]
    bench = Bench(SandboxSettings(log_entries_kept=2))
    for _ in range(4):
        bench.get("/nothing")
    assert len(bench.concur.log.entries()) == 2


def test_subscriber_hears_every_later_call_until_it_ends() -> None:
    log = CallLog(kept=3)
    heard: list[LogEntry] = []
    log.add(ENTRY)
    unsubscribe = log.subscribe(heard.append)
    log.add(ENTRY)
    unsubscribe()
    unsubscribe()
    log.add(ENTRY)
    assert heard == [ENTRY]


def test_subscriber_may_read_the_log() -> None:
    log = CallLog(kept=3)
    lengths: list[int] = []
    log.subscribe(lambda _entry: lengths.append(len(log.entries())))
    log.add(ENTRY)
    assert lengths == [1]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0_abcdefghij", "0_ab…"),
        ("ab+/" * 7, "ab+/…"),
        ("short", "…"),
        ("", "…"),
        ("<b>hostile</b>", "…"),
    ],
)
def test_shown_token(value: str, shown: str) -> None:
    assert shown_token(value) == shown


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/net2/oauth2/GetAccessToken.ashx", "/net2/oauth2/GetAccessToken.ashx"),
        ("//net2/oauth/login.aspx", "//net2/…/login.aspx"),
        ("/net2/getaccesstoken.ashx&code=0_secretsecret", "/net2/…"),
        ("/" + "a/" * 50, "/…/…/…/…/…/…/…/…"),
    ],
)
def test_shown_path_keeps_what_a_route_has(path: str, shown: str) -> None:
    assert shown_path(path, {"", "net2", "oauth2", "getaccesstoken.ashx", "login.aspx"}) == shown


def test_shown_method() -> None:
    assert (shown_method("GET"), shown_method("SECRETSECRET")) == ("GET", "?")


def test_log_page_shows_calls_and_marks(bench: Bench) -> None:
    assert b"Calls appear here" in bench.get("/sandbox/log").body
    bench.exchange("0_unknown")
    page = bench.get("/sandbox/log").body.decode()
    assert "request token unknown" in page
    assert "simulated: Concur does not document this" in page


def test_no_secret_reaches_the_log(bench: Bench) -> None:
    heard: list[LogEntry] = []
    bench.concur.log.subscribe(heard.append)
    code = bench.code()
    token, refresh_token = bench.tokens()
    password = "CanaryPassword"
    connection, granted = bench.concur.issue_connection(), bench.granted()
    web_code = bench.concur.connections.issue_code(KEY, DEFAULT_USERS[0].login, (), REDIRECT)
    canaries = [code, token, refresh_token, SECRET, password, "CanaryState", web_code, connection.request_token]
    canaries += [str(granted["access_token"])[-40:], str(granted["refresh_token"])]
    for canary in (*canaries, *(value.replace("/", "%2F") for value in canaries)):
        bench.send("GET", f"{EXCHANGE}?code={canary}&client_id={canary}&client_secret={canary}")
        bench.send("GET", f"{EXCHANGE}?code={canary}&code={canary}")
        bench.send("GET", f"{EXCHANGE}&code={canary}")
        bench.send("GET", f"/net2/{canary}/{canary}")
        bench.send(canary, f"/{canary}")
        bench.send("POST", EXCHANGE, FORM, f"refresh_token={canary}&client_secret={canary}".encode())
        bench.send("POST", f"{REVOKE}?token={canary}&user={canary}", oauth(canary))
        bench.send("GET", NATIVE, (("authorization", f"Basic {canary}"), ("x-consumerkey", canary)))
        bench.send("POST", TOKEN, FORM, f"grant_type={canary}&client_id={canary}&scope={canary}".encode())
        bench.grant("password", credtype=canary, username=canary, password=canary)
        bench.grant("password", credtype="authtoken", username=canary, password=canary)
        bench.grant("authorization_code", code=canary, redirect_uri=canary)
        bench.grant("refresh_token", refresh_token=canary, scope=canary)
        bench.send("GET", f"{ME}?{canary}", bearer(canary))
        bench.send("DELETE", CONNECTIONS, bearer(canary))
        bench.get(AUTHORIZE, client_id=canary, redirect_uri=canary, response_type=canary, scope=canary, state=canary)
        bench.send("GET", "/", host=canary)
        bench.send("POST", "/sandbox/codes", (), canary.encode())
        bench.send("POST", "/sandbox/codes", (), f'{{"user": "{canary}"}}'.encode())
        page = bench.get(LOGIN, client_id=KEY, scope="USER", redirect_uri=REDIRECT, state=canary)
        bench.post_form(LOGIN, ticket=ticket(page), login=DEFAULT_USERS[0].login, password=canary)
        bench.get(LOGIN, client_id=canary, scope=canary, redirect_uri=canary, state=canary)
    bench.exchange(code)
    bench.refresh(refresh_token)
    bench.probe(token)
    bench.post(REVOKE, oauth(token), token=token)
    bench.connected(connection)
    bench.renewed(granted["refresh_token"])
    bench.me(granted["access_token"])
    bench.disconnect(granted["access_token"])
    shown = repr(heard) + bench.get("/sandbox/log").body.decode() + repr(bench.concur.log.entries())
    assert len(heard) > 150
    assert [canary for canary in canaries if canary in shown] == []
    assert [canary for canary in canaries if canary[:8] in shown] == []
    assert APP.consumer_secret[:8] not in shown
