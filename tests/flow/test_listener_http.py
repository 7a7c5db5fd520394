from __future__ import annotations

import contextlib
import re
import socket
import threading
from typing import TYPE_CHECKING, Self

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gui.concur.errors import (
    RedirectStateMissing,
    RedirectStateWrong,
    RedirectUndecodable,
    RequestTokenEmpty,
    RequestTokenMissing,
)
from gui.concur.legacy import LegacyContract
from gui.concur.models import Denial, Direction, HttpExchange, Operation, Origin
from gui.loopback.errors import PortInUse
from gui.loopback.guard import Stray
from gui.loopback.link import LinkLimits
from gui.loopback.listener import (
    ListenerEvent,
    OtherRequestToken,
    RedirectDenied,
    RedirectListener,
    RedirectReceived,
    RedirectRefused,
    StrayArrived,
)
from gui.loopback.redirect_url import parse_redirect_url
from gui.loopback.server import Contact, Limits
from tests.flow.hostile_requests import hostile_requests, on_port
from tests.flow.raw_client import (
    Answer,
    Inbox,
    ask,
    connect,
    exchange_raw,
    no_thread_left,
    parse_answer,
    read_to_end,
    request,
    reset,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gui.concur.errors import RedirectError


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    with no_thread_left():
        yield


class Listening:
    """A listener with everything it tells in one journal, in order."""

    def __init__(self, url: str = "http://localhost:0/redirect", limits: Limits | None = None) -> None:
        self.journal: Inbox[ListenerEvent | HttpExchange] = Inbox()
        self.faults: Inbox[Exception] = Inbox()
        self.listener = RedirectListener(
            parse_redirect_url(url),
            LegacyContract(),
            on_event=self.journal.put,
            record=self.journal.put,
            on_fault=self.faults.put,
            limits=limits,
        )

    def __enter__(self) -> Self:
        self.listener.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.listener.stop()

    @property
    def port(self) -> int:
        return self.listener.redirect_url.port

    @property
    def events(self) -> list[ListenerEvent]:
        return [entry for entry in self.journal.entries if not isinstance(entry, HttpExchange)]

    @property
    def records(self) -> list[HttpExchange]:
        return [entry for entry in self.journal.entries if isinstance(entry, HttpExchange)]

    def tokens(self) -> list[str]:
        return [event.request_token.value for event in self.events if isinstance(event, RedirectReceived)]

    def redirect(self, query: str, *headers: str) -> Answer:
        return ask(self.port, request("/redirect?" + query if query else "/redirect", self.port, *headers))


@pytest.fixture
def listening() -> Iterator[Listening]:
    with Listening() as started:
        yield started
        assert started.faults.entries == []


# The redirect


def test_the_redirect_is_recorded_then_handed_over_then_answered(listening: Listening) -> None:
    answer = listening.redirect("code=0_abc", "Accept: text/html")
    assert answer.status == 200
    assert b"The request token has arrived" in answer.body
    record, event = listening.journal.entries
    assert isinstance(event, RedirectReceived)
    assert event.request_token.value == "0_abc"
    assert isinstance(record, HttpExchange)
    assert (record.direction, record.operation, record.method) == (Direction.IN, Operation.REDIRECT, "GET")
    assert record.url == f"http://localhost:{listening.port}/redirect?code=0_abc"
    assert (record.status, record.response_body, record.failure) == (200, answer.body, None)
    assert ("accept", "text/html") in record.request_headers
    assert record.started_at == event.request_token.received_at


def test_the_page_holds_nothing_of_the_redirect_and_is_locked_down(listening: Listening) -> None:
    answer = listening.redirect("code=0_canary")
    assert b"0_canary" not in answer.raw
    assert "0_canary" not in repr(listening.journal.entries)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([], id="curl, older browsers, App Center's server"),
        pytest.param(
            ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Sec-Fetch-Site: cross-site"], id="browser"
        ),
        pytest.param([f"Cookie: session={'x' * 16 * 1024}"], id="cookie of 16 KiB"),
        pytest.param(["Content-Length: 0"], id="empty body"),
        pytest.param(["Connection: keep-alive", "Upgrade-Insecure-Requests: 1"], id="keep-alive"),
    ],
)
def test_legal_forms_are_taken(listening: Listening, headers: list[str]) -> None:
    assert listening.redirect("code=0_abc", *headers).status == 200
    assert listening.tokens() == ["0_abc"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        pytest.param("code=0_abc&lang=en&utm_source=appcenter", "0_abc", id="unknown parameters"),
        pytest.param("a=1&a=2&code=0_abc", "0_abc", id="unknown parameter twice"),
        pytest.param("&&code=0_abc&", "0_abc", id="empty pieces"),
        pytest.param("code=0_a%2Bb%3D", "0_a+b=", id="escaped"),
        pytest.param("code=0_abc=", "0_abc=", id="= at the end"),
        pytest.param("code=0_abc&error=access_denied", "0_abc", id="error beside a code"),
        pytest.param("state=made-up&code=0_abc", "0_abc", id="a state that nobody asked for"),
    ],
)
def test_queries_of_the_app_center(listening: Listening, query: str, code: str) -> None:
    assert listening.redirect(query).status == 200
    assert listening.tokens() == [code]


def test_absolute_form_with_our_own_authority(listening: Listening) -> None:
    target = f"http://127.0.0.1:{listening.port}/redirect?code=0_abc"
    assert ask(listening.port, request(target, listening.port)).status == 200
    assert listening.tokens() == ["0_abc"]
    assert listening.records[0].url == target


def test_absolute_form_with_a_foreign_authority(listening: Listening) -> None:
    assert ask(listening.port, request("http://evil.example/redirect?code=0_a", listening.port)).status == 403
    assert listening.tokens() == []


@pytest.mark.parametrize(
    ("address", "host"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]"), ("::1", "localhost"), ("127.0.0.1", "[::1]")]
)
def test_both_addresses_and_every_name_of_this_machine(listening: Listening, address: str, host: str) -> None:
    raw = f"GET /redirect?code=0_abc HTTP/1.1\r\nHost: {host}:{listening.port}\r\n\r\n".encode()
    assert ask(listening.port, raw, address).status == 200
    assert listening.tokens() == ["0_abc"]


def test_byte_by_byte(listening: Listening) -> None:
    with connect(listening.port) as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in request("/redirect?code=0_abc", listening.port):
            client.sendall(bytes([byte]))
        assert parse_answer(read_to_end(client)).status == 200
    assert listening.tokens() == ["0_abc"]


def test_a_path_with_a_random_part() -> None:
    with Listening("http://localhost:0/redirect/7f3a-%41~x") as listening:
        for path, status in (("/redirect/7f3a-A~x", 404), ("/redirect/7f3a-%41~x", 200)):
            assert ask(listening.port, request(path + "?code=0_abc", listening.port)).status == status
        assert listening.tokens() == ["0_abc"]


# Once, and only once


@pytest.mark.parametrize("query", ["code=0_abc", "code=0_abc&again=1", ""])
def test_a_reload_shows_the_same_page_and_starts_nothing(listening: Listening, query: str) -> None:
    first = listening.redirect("code=0_abc")
    again = listening.redirect(query)
    assert (again.status, again.body) == (200, first.body)
    assert len(listening.records) == 2
    assert len(listening.events) == 1


def test_another_code_is_reported_and_not_taken(listening: Listening) -> None:
    listening.redirect("code=0_first")
    answer = listening.redirect("code=0_second")
    assert answer.status == 409
    assert b"0_second" not in answer.raw
    assert listening.events[1:] == [OtherRequestToken()]
    listening.redirect("code=0_first")
    assert listening.tokens() == ["0_first"]


def test_the_next_flow_takes_a_new_code_and_no_old_one(listening: Listening) -> None:
    listening.redirect("code=0_first")
    listening.listener.expect(Origin.APP_CENTER)
    assert listening.redirect("code=0_first").status == 200
    assert listening.tokens() == ["0_first"]
    listening.redirect("code=0_second")
    assert listening.tokens() == ["0_first", "0_second"]


def test_a_code_that_was_turned_away_may_come_in_the_next_flow(listening: Listening) -> None:
    listening.redirect("code=0_first")
    listening.redirect("code=0_second")
    listening.listener.expect(Origin.APP_CENTER)
    listening.redirect("code=0_second")
    assert listening.tokens() == ["0_first", "0_second"]


def test_many_flows_and_denials_do_not_push_out_the_token_that_is_held(listening: Listening) -> None:
    listening.redirect("code=0_held")
    for number in range(80):
        listening.redirect(f"error=made_up_{number}")
    assert listening.redirect("code=0_held").status == 200
    assert listening.tokens() == ["0_held"]
    assert OtherRequestToken() not in listening.events


def test_codes_that_come_at_once_are_one_token_and_others(listening: Listening) -> None:
    start = threading.Barrier(8)
    answers: Inbox[int] = Inbox()

    def race(number: int) -> None:
        start.wait()
        answers.put(listening.redirect(f"code=0_{number}").status)

    racers = [threading.Thread(target=race, args=(number,)) for number in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(answers.entries) == [200] + [409] * 7
    assert len(listening.tokens()) == 1
    assert listening.events.count(OtherRequestToken()) == 7


def test_a_stopped_listener_knows_its_codes_when_it_is_started_again() -> None:
    listening = Listening()
    with listening:
        listening.redirect("code=0_abc")
    with listening:
        listening.listener.expect(Origin.APP_CENTER)
        listening.redirect("code=0_abc")
        listening.redirect("code=0_new")
    assert listening.tokens() == ["0_abc", "0_new"]


# State and denial


@pytest.mark.parametrize(
    ("query", "error"),
    [
        pytest.param("code=0_abc", RedirectStateMissing, id="code, state missing"),
        pytest.param("code=0_abc&state=", RedirectStateMissing, id="code, state empty"),
        pytest.param("code=0_abc&state=other", RedirectStateWrong, id="code, wrong state"),
        pytest.param("code=0_abc&state=SENT", RedirectStateWrong, id="code, state in another case"),
        pytest.param("error=access_denied", RedirectStateMissing, id="denial, state missing"),
        pytest.param("error=access_denied&state=other", RedirectStateWrong, id="denial, wrong state"),
        pytest.param("state=other", RedirectStateWrong, id="nothing else, wrong state"),
        pytest.param("code=0_abc&state=%C3%A9", RedirectStateWrong, id="state outside ASCII"),
    ],
)
def test_a_redirect_without_our_state_is_believed_in_nothing(
    listening: Listening, query: str, error: type[RedirectError]
) -> None:
    listening.listener.expect(Origin.WEB_FLOW, "sent")
    assert listening.redirect(query).status == 400
    (event,) = listening.events
    assert isinstance(event, RedirectRefused)
    assert type(event.error) is error
    assert listening.records[0].failure == type(event.error).__name__
    listening.redirect("code=0_good&state=sent")
    assert listening.tokens() == ["0_good"]


def test_a_denial_with_our_state(listening: Listening) -> None:
    listening.listener.expect(Origin.WEB_FLOW, "sent")
    answer = listening.redirect("error=access_denied&error_description=User+denied+access&state=sent")
    assert answer.status == 200
    assert listening.events == [RedirectDenied(Denial("access_denied", "User denied access"))]


def test_after_a_denial_people_may_change_their_mind(listening: Listening) -> None:
    denied = listening.redirect("error=access_denied")
    assert listening.redirect("error=access_denied").body == denied.body
    assert listening.redirect("").body == denied.body  # the page took the query out of the address bar
    assert len(listening.events) == 1
    listening.redirect("code=0_abc")
    assert listening.tokens() == ["0_abc"]


def test_the_same_denial_counts_again_in_the_next_flow(listening: Listening) -> None:
    listening.redirect("error=access_denied")
    listening.listener.expect(Origin.APP_CENTER)
    listening.redirect("error=access_denied")
    assert len(listening.events) == 2


def test_a_denial_after_the_token_does_not_change_what_a_reload_shows(listening: Listening) -> None:
    received = listening.redirect("code=0_abc")
    listening.redirect("error=access_denied")
    assert listening.redirect("").body == received.body


def test_a_hostile_denial_is_shown_as_text(listening: Listening) -> None:
    hostile = "%3Cscript%3Ealert(1)%3C/script%3E%22%27%3E%3Cimg+src=x+onerror=alert(1)%3E%E2%80%AE"
    page = listening.redirect(f"error={hostile}&error_description={hostile}").body.decode()
    assert page.count("<script>") == 1
    assert "alert(1)" not in re.findall(r"<script>(.*?)</script>", page, re.DOTALL)[0]
    assert "<img" not in page
    assert page.count("&lt;script&gt;") == 2


@pytest.mark.parametrize(
    ("query", "error"),
    [
        pytest.param("", RequestTokenMissing, id="no query"),
        pytest.param("foo=bar", RequestTokenMissing, id="other parameters"),
        pytest.param("code=", RequestTokenEmpty, id="empty code"),
        pytest.param("code=%ff", RedirectUndecodable, id="not UTF-8"),
        pytest.param("code=" + "0" * 17_000, RedirectUndecodable, id="very long"),
    ],
)
def test_a_malformed_redirect_is_told_and_waited_on(
    listening: Listening, query: str, error: type[RedirectError]
) -> None:
    answer = listening.redirect(query)
    assert answer.status == 400
    assert b"Return to the App Center Flow window" in answer.body
    (event,) = listening.events
    assert isinstance(event, RedirectRefused)
    assert type(event.error) is error
    listening.redirect("code=0_abc")
    assert listening.tokens() == ["0_abc"]


# What is no redirect


def test_strays_are_answered_counted_and_announced_once(listening: Listening) -> None:
    for _ in range(3):
        assert ask(listening.port, request("/favicon.ico", listening.port)).status == 404
    assert listening.listener.strays == {Stray.OTHER_PATH: 3}
    assert listening.events == [StrayArrived(Stray.OTHER_PATH)]
    listening.listener.expect(Origin.APP_CENTER)
    assert ask(listening.port, request("/favicon.ico", listening.port)).status == 404
    assert listening.events == [StrayArrived(Stray.OTHER_PATH)] * 2
    assert listening.records == []


def test_post_is_told_what_is_allowed(listening: Listening) -> None:
    raw = request("/redirect?code=0_abc", listening.port, "Content-Length: 3", method="POST", body=b"a=b")
    answer = ask(listening.port, raw)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert listening.tokens() == []


def test_a_head_of_a_link_preview_changes_nothing(listening: Listening) -> None:
    answer = ask(listening.port, request("/redirect?code=0_abc", listening.port, method="HEAD"))
    assert (answer.status, answer.body) == (200, b"")
    assert listening.journal.entries == []


@pytest.mark.parametrize(
    ("headers", "stray"),
    [
        pytest.param(["Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"], Stray.NOT_A_NAVIGATION, id="image"),
        pytest.param(["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"], Stray.NOT_A_NAVIGATION, id="iframe"),
        pytest.param(["Sec-Purpose: prefetch;prerender"], Stray.PREFETCH, id="prerender"),
    ],
)
def test_a_page_cannot_make_the_redirect_happen_unseen(listening: Listening, headers: list[str], stray: Stray) -> None:
    assert listening.redirect("code=0_hostile", *headers).status == 403
    assert listening.events == [StrayArrived(stray)]


def test_tls_is_announced(listening: Listening) -> None:
    exchange_raw(listening.port, b"\x16\x03\x01\x00\x05hello")
    assert listening.events == [StrayArrived(Contact.TLS_ATTEMPT)]


def test_no_hostile_request_is_taken_and_the_redirect_is_still_served() -> None:
    requests = hostile_requests()
    assert len(requests) >= 200
    limits = Limits(link=LinkLimits(deadline_s=2.0, drain_s=0.2))
    with Listening(limits=limits) as listening:
        for hostile in requests:
            raw = exchange_raw(listening.port, on_port(hostile, listening.port))
            if raw.startswith(b"HTTP"):
                status = parse_answer(raw).status
                assert 400 <= status < 500 or (status == 200 and hostile.startswith(b"HEAD ")), hostile[:200]
            assert listening.tokens() == [], hostile[:200]
            listening.listener.expect(Origin.APP_CENTER)
        assert listening.faults.entries == []
        assert listening.redirect("code=0_genuine").status == 200
        assert listening.tokens() == ["0_genuine"]


def _mutations() -> st.SearchStrategy[bytes]:
    good = b"GET /redirect?state=wrong&code=0_a HTTP/1.1\r\nHost: localhost:{port}\r\nAccept: */*\r\n\r\n"
    at = st.integers(0, len(good))
    splice = st.tuples(at, at, st.binary(max_size=30)).map(lambda cut: good[: cut[0]] + cut[2] + good[cut[1] :])
    return st.one_of(
        splice, st.binary(max_size=200), st.binary(max_size=100).map(lambda tail: b"GET /redirect?" + tail)
    )


def test_no_mutation_of_a_redirect_with_a_wrong_state_is_taken() -> None:
    limits = Limits(link=LinkLimits(deadline_s=2.0, drain_s=0.2))
    with Listening(limits=limits) as listening:

        @given(_mutations())
        @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
        def mutate(hostile: bytes) -> None:
            listening.listener.expect(Origin.WEB_FLOW, "a state of 128 bits that nobody guesses")
            raw = exchange_raw(listening.port, on_port(hostile, listening.port))
            if raw.startswith(b"HTTP"):
                assert parse_answer(raw).status < 500
            assert listening.tokens() == []
            assert not any(isinstance(event, RedirectDenied) for event in listening.events)

        mutate()
        assert listening.faults.entries == []
        listening.redirect("code=0_genuine&state=a+state+of+128+bits+that+nobody+guesses")
        assert listening.tokens() == ["0_genuine"]


# Company on the port


@pytest.mark.parametrize("sent", [b"", b"GET /redirect?code=0_half", b"GET /redirect?code=0_half HTTP/1.1\r\nHost"])
def test_the_redirect_is_served_beside_200_connections_that_hang(listening: Listening, sent: bytes) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(connect(listening.port)).sendall(sent)
        assert listening.redirect("code=0_abc").status == 200
        assert listening.tokens() == ["0_abc"]


def test_a_browser_that_opens_connections_ahead_and_drops_them(listening: Listening) -> None:
    with connect(listening.port), connect(listening.port, "::1"):
        reset(connect(listening.port))
        connect(listening.port).close()
        assert listening.redirect("code=0_abc").status == 200
    assert [type(event) for event in listening.events] == [RedirectReceived]


def test_a_client_that_leaves_before_its_answer_has_still_brought_the_redirect(listening: Listening) -> None:
    client = connect(listening.port)
    client.sendall(request("/redirect?code=0_abc", listening.port))
    reset(client)
    # Linux drops what a reset overtakes, so a reload has to work all the same
    assert listening.redirect("code=0_abc").status == 200
    assert listening.tokens() == ["0_abc"]


# Start, stop, faults


def test_a_taken_port_is_an_error_and_never_another_port(listening: Listening) -> None:
    second = Listening(str(listening.listener.redirect_url))
    with pytest.raises(PortInUse) as caught:
        second.listener.start()
    assert caught.value.port == listening.port
    assert second.listener.addresses == ()
    second.listener.stop()


def test_the_url_has_the_port_that_was_drawn(listening: Listening) -> None:
    assert listening.port > 0
    assert str(listening.listener.redirect_url) == f"http://localhost:{listening.port}/redirect"
    assert listening.listener.addresses == ("127.0.0.1", "::1")


def test_a_listener_that_is_stopped_by_its_own_event_still_answers() -> None:
    listening = Listening()
    listener = RedirectListener(
        parse_redirect_url("http://localhost:0/redirect"),
        LegacyContract(),
        on_event=lambda _event: listener.stop(),
        record=listening.journal.put,
    )
    listener.start()
    port = listener.redirect_url.port
    assert ask(port, request("/redirect?code=0_abc", port)).status == 200
    listener.stop()
    with pytest.raises(ConnectionRefusedError):
        connect(port)


def test_a_fault_of_the_record_does_not_lose_the_token() -> None:
    events: Inbox[ListenerEvent] = Inbox()
    faults: Inbox[Exception] = Inbox()

    def fail(_exchange: HttpExchange) -> None:
        raise OSError(28, "disk full")

    listener = RedirectListener(
        parse_redirect_url("http://localhost:0/redirect"),
        LegacyContract(),
        on_event=events.put,
        record=fail,
        on_fault=faults.put,
    )
    listener.start()
    try:
        port = listener.redirect_url.port
        assert ask(port, request("/redirect?code=0_abc", port)).status == 500
        assert [type(event) for event in events.entries] == [RedirectReceived]
        assert [type(fault) for fault in faults.entries] == [OSError]
        assert ask(port, request("/favicon.ico", port)).status == 404
    finally:
        listener.stop()
