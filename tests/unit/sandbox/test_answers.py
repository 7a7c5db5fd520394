from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from gui.loopback.http import Delivery, Ending
from gui.sandbox.answers import Answer, AnswerTable, Endpoint
from gui.sandbox.records import DEFAULT_USERS, TokenState
from tests.unit.sandbox.bench import (
    EXCHANGE,
    KEY,
    NATIVE,
    PROBE,
    REVOKE,
    SECRET,
    Bench,
    header,
    json_object,
    oauth,
    xml_fields,
)


def test_given_body_is_sent_without_processing(bench: Bench) -> None:
    code = bench.code()
    answer = Answer(status=503, headers=(("Content-Type", "text/html"), ("Retry-After", "7")), body=b"<h1>busy</h1>")
    bench.concur.answers.set_for_token(code, answer)
    got = bench.exchange(code)
    assert (got.status, got.body) == (503, b"<h1>busy</h1>")
    assert (header(got, "content-type"), header(got, "retry-after")) == ("text/html", "7")
    assert header(got, "cache-control") == "no-store"
    assert bench.concur.authority.issued_tokens() == ()
    bench.concur.answers.clear_token(code)
    assert bench.exchange(code).status == 200


def test_processed_with_a_body_issues_a_token_that_the_client_never_sees(bench: Bench) -> None:
    code = bench.code()
    bench.concur.answers.set_for_token(code, Answer(status=500, body=b"", processed=True))
    assert bench.exchange(code).status == 500
    assert [token.state for token in bench.concur.authority.issued_tokens()] == [TokenState.LIVE]


def test_without_a_body_the_normal_answer_is_delivered_otherwise(bench: Bench) -> None:
    code = bench.code()
    delivery = Delivery(delay_s=0.5, after_bytes=10, ending=Ending.RESET)
    bench.concur.answers.set_for_token(code, Answer(delivery=delivery))
    got = bench.exchange(code)
    assert got.delivery == delivery
    assert got.body.startswith(b"<Access_Token>")
    assert len(bench.concur.authority.issued_tokens()) == 1


def test_status_and_headers_alone_change_the_normal_answer(bench: Bench) -> None:
    headers = (("content-type", "text/plain"), ("X-Extra", "1"))
    bench.concur.answers.set_for_endpoint(Endpoint.EXCHANGE, Answer(status=200, headers=headers))
    got = bench.exchange("unknown")
    assert got.status == 200
    assert got.body.startswith(b"<Error>")
    assert [value for name, value in got.headers if name.lower() == "content-type"] == ["text/plain"]
    assert header(got, "x-extra") == "1"


def test_entry_goes_after_its_times(bench: Bench) -> None:
    bench.concur.answers.set_for_endpoint(Endpoint.EXCHANGE, Answer(status=500, body=b"", times=2))
    code = bench.code()
    assert [bench.exchange(code).status for _ in range(4)] == [500, 500, 200, 400]


def test_entry_without_times_stays_until_cleared(bench: Bench) -> None:
    bench.concur.answers.set_for_endpoint(Endpoint.PROBE, Answer(status=418, body=b""))
    token, _ = bench.tokens()
    assert [bench.probe(token).status for _ in range(5)] == [418] * 5
    bench.concur.answers.clear()
    assert bench.probe(token).status == 200


def test_token_comes_before_endpoint(bench: Bench) -> None:
    code = bench.code()
    bench.concur.answers.set_for_token(code, Answer(status=409, body=b""))
    bench.concur.answers.set_for_endpoint(Endpoint.EXCHANGE, Answer(status=500, body=b""))
    assert (bench.exchange(code).status, bench.exchange(bench.code()).status) == (409, 500)


@pytest.mark.parametrize("endpoint", list(Endpoint), ids=lambda endpoint: endpoint.value)
def test_every_endpoint_can_be_replaced_and_no_other_changes(bench: Bench, endpoint: Endpoint) -> None:
    token, refresh_token = bench.tokens()
    bench.concur.answers.set_for_endpoint(endpoint, Answer(status=599, body=b"replaced"))
    statuses = {
        Endpoint.EXCHANGE: bench.exchange("x").status,
        Endpoint.REFRESH: bench.refresh(refresh_token).status,
        Endpoint.NATIVE: bench.get(NATIVE).status,
        Endpoint.PROBE: bench.get(PROBE, oauth(token)).status,
        Endpoint.REVOKE: bench.post(REVOKE, oauth(token), token="unknown").status,
        Endpoint.REVOKE_ALL: bench.post(REVOKE, oauth(token), consumerKey=KEY, user=DEFAULT_USERS[0].login).status,
    }
    assert [place for place, status in statuses.items() if status == 599] == [endpoint]


def test_access_and_refresh_tokens_have_entries_of_their_own(bench: Bench) -> None:
    token, refresh_token = bench.tokens()
    bench.concur.answers.set_for_token(token, Answer(status=502, body=b""))
    bench.concur.answers.set_for_token(refresh_token, Answer(status=504, body=b""))
    assert bench.probe(token).status == 502
    assert bench.post(REVOKE, oauth(token), token=token).status == 502
    assert bench.refresh(refresh_token).status == 504


def test_raw_plus_meets_the_entry_of_its_token(bench: Bench) -> None:
    token = ""
    while "+" not in token:
        token, _ = bench.tokens()
    bench.concur.answers.set_for_token(token, Answer(status=502, body=b""))
    assert bench.send("POST", f"{REVOKE}?token={token}", oauth(token)).status == 502


def test_no_secret_in_the_repr() -> None:
    assert "canary" not in repr(Answer(body=b"canary"))


def test_times_are_counted_exactly_across_threads() -> None:
    table = AnswerTable()
    table.set_for_endpoint(Endpoint.EXCHANGE, Answer(times=500))
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: table.take(Endpoint.EXCHANGE, ("x",)), range(2000)))
    assert sum(answer is not None for answer in taken) == 500


def test_replaced_answer_is_noted_in_the_log(bench: Bench) -> None:
    bench.concur.answers.set_for_endpoint(Endpoint.EXCHANGE, Answer(status=500, body=b""))
    bench.get(EXCHANGE, code="x", client_id=KEY, client_secret=SECRET)
    entry = bench.concur.log.entries()[-1]
    assert (entry.status, entry.outcome) == (500, "not processed")
    assert "table of answers" in bench.last_notes()


def test_refusal_is_replaced_like_any_answer(bench: Bench) -> None:
    bench.concur.answers.set_for_endpoint(Endpoint.PROBE, Answer(delivery=Delivery(never=True)))
    got = bench.probe("unknown")
    assert got.delivery.never
    assert "not valid" in xml_fields(got)["Message"]


# The same table answers for the current contract


def test_every_endpoint_of_the_current_contract_can_be_replaced(bench: Bench) -> None:
    places = (Endpoint.EXCHANGE, Endpoint.REFRESH, Endpoint.REVOKE, Endpoint.PROBE)
    for endpoint in places:
        bench.concur.answers.clear()
        granted = bench.granted()
        bench.concur.answers.set_for_endpoint(endpoint, Answer(status=599, body=b"replaced"))
        statuses = {
            Endpoint.EXCHANGE: {bench.connected(bench.concur.issue_connection()).status},
            Endpoint.REFRESH: {bench.renewed("x").status},
            Endpoint.PROBE: {bench.me(granted["access_token"]).status},
            Endpoint.REVOKE: {bench.disconnect(granted["access_token"]).status},
        }
        statuses[Endpoint.EXCHANGE] |= {
            bench.grant("client_credentials").status,
            bench.grant("authorization_code", code="x", redirect_uri="x").status,
        }
        assert [place for place, seen in statuses.items() if 599 in seen] == [endpoint]
        assert len(statuses[endpoint]) == 1


def test_tokens_of_the_current_contract_have_entries_of_their_own(bench: Bench) -> None:
    granted, connection = bench.granted(), bench.concur.issue_connection()
    code = bench.concur.connections.issue_code(KEY, DEFAULT_USERS[0].login, (), "http://x/")
    entries = {granted["access_token"]: 502, granted["refresh_token"]: 504, connection.request_token: 409, code: 418}
    for token, status in entries.items():
        bench.concur.answers.set_for_token(str(token), Answer(status=status, body=b""))
    assert bench.me(granted["access_token"]).status == 502
    assert bench.disconnect(granted["access_token"]).status == 502
    assert bench.renewed(granted["refresh_token"]).status == 504
    assert bench.connected(connection).status == 409
    assert bench.grant("authorization_code", code=code, redirect_uri="http://x/").status == 418
    assert bench.concur.connections.live_refresh_tokens() == 1


def test_lost_answer_of_a_refresh_has_rotated_the_token(bench: Bench) -> None:
    granted = bench.granted()
    bench.concur.answers.set_for_endpoint(Endpoint.REFRESH, Answer(status=500, body=b"", processed=True, times=1))
    assert bench.renewed(granted["refresh_token"]).status == 500
    assert json_object(bench.renewed(granted["refresh_token"]))["code"] == 108
    assert len(bench.concur.issued_tokens()) == 2
