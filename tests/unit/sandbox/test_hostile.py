from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gui.sandbox.records import CURRENT
from tests.unit.sandbox.bench import (
    AUTHORIZE,
    CONNECTIONS,
    EXCHANGE,
    FORM,
    KEY,
    LOGIN,
    ME,
    NATIVE,
    PROBE,
    REVOKE,
    SECRET,
    TOKEN,
    Bench,
    json_object,
    location,
    ticket_in,
)
from tests.unit.sandbox.test_pages import CONSENT, bench_for, signed_in

ERROR_NAMES = {"invalid_client", "invalid_grant", "invalid_request", "invalid_scope", "access_denied"}
NAMES = st.sampled_from(
    [
        "code",
        "refresh_token",
        "client_id",
        "client_secret",
        "token",
        "consumerKey",
        "user",
        "scope",
        "redirect_uri",
        "state",
        "ticket",
        "decision",
        "login",
        "password",
        "scopes",
        "consumer_key",
        "grant_type",
        "credtype",
        "username",
        "response_type",
        "contract",
        "kind",
    ]
)
GRANTS = st.sampled_from(
    ["grant_type=password", "grant_type=authorization_code", "grant_type=refresh_token", "credtype=authtoken"]
)
ODD_TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["%", "%zz", "%00", "%0d%0a", "%ff", "&", "=", "<script>", "'\"", "\ud800", "http://a;b", "x" * 5000]
    ),
)
PIECES = st.lists(st.one_of(st.tuples(NAMES, ODD_TEXT).map("=".join), GRANTS, ODD_TEXT), max_size=6).map("&".join)
PATHS = st.one_of(
    st.sampled_from(
        [EXCHANGE, LOGIN, NATIVE, PROBE, REVOKE, "/", "/sandbox/codes", "/sandbox/log", "/sandbox/consent"]
    ),
    st.sampled_from([TOKEN, AUTHORIZE, CONNECTIONS, ME, "/sandbox/data-centre-2" + TOKEN]),
    st.sampled_from(["/sandbox/app-center", "//" + EXCHANGE, EXCHANGE.upper(), "*", ""]),
    st.text(max_size=30),
)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            ["accept", "authorization", "content-type", "x-consumerkey", "content-length", "sec-fetch-site"]
        ),
        st.one_of(
            st.text(max_size=40),
            st.sampled_from(
                [
                    "application/json",
                    "application/x-www-form-urlencoded",
                    "OAuth x",
                    "Bearer x",
                    "bearer a.b.c",
                    "Basic eDp5",
                    "Basic ////",
                    "Basic",
                    ";q=",
                    "a;q=-1",
                ]
            ),
        ),
    ),
    max_size=4,
).map(tuple)
BODIES = st.one_of(
    st.binary(max_size=200),
    PIECES.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([b"{", b"{}", b'{"user":1}', b'{"contract":"current","kind":[]}', b"[" * 50_000, b"\x00" * 1000]),
)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(["GET", "POST", "HEAD", "DELETE", "PUT", "x"]), PATHS, PIECES, HEADERS, BODIES),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_comes_is_answered_and_the_genuine_flow_goes_on(
    requests: list[tuple[str, str, str, tuple[tuple[str, str], ...], bytes]],
) -> None:
    bench = Bench()
    for method, path, query, headers, body in requests:
        answer = bench.send(method, f"{path}?{query}" if query else path, headers, body)
        assert 200 <= answer.status < 500
        assert ("Cache-Control", "no-store") in answer.headers
        for name, value in answer.headers:
            assert f"{name}{value}".isprintable()
            assert value.isascii()
    assert bench.concur.issued_tokens() == ()
    bench.genuine_flow()
    bench.genuine_current_flow()


FORM_BODIES = st.lists(
    st.tuples(
        st.sampled_from(["client_id", "client_secret", "grant_type", "credtype", "username", "password", "scope"]),
        ODD_TEXT,
    ),
    max_size=5,
)


@settings(max_examples=300, deadline=None)
@given(FORM_BODIES, st.integers(0, 6))
def test_one_bent_parameter_of_a_good_exchange_is_an_error_with_a_number(
    more: list[tuple[str, str]], dropped: int
) -> None:
    """A good form with one parameter less and some odd ones more: a refusal in the right shape, or what was asked."""
    bench = Bench()
    connection = bench.concur.issue_connection()
    good = [
        ("grant_type", "password"),
        ("credtype", "authtoken"),
        ("client_id", KEY),
        ("client_secret", SECRET),
        ("username", connection.id),
        ("password", connection.request_token),
    ]
    pieces = [f"{name}={value}" for name, value in [*good[:dropped], *good[dropped + 1 :], *more]]
    answer = bench.send("POST", TOKEN, FORM, "&".join(pieces).encode("utf-8", "surrogatepass"))
    facts = json_object(answer)
    if answer.status == 200:
        assert facts["token_type"] == "Bearer"
    else:
        assert answer.status in (400, 401)
        assert isinstance(facts["code"], int)
        assert str(facts["error"]) in ERROR_NAMES
        assert bench.concur.issued_tokens() == ()
    assert bench.connected(connection).status == 200


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_state_comes_back(state: str) -> None:
    for bench in (Bench(), bench_for(CURRENT)):
        answer = bench.post_form(CONSENT, ticket=ticket_in(signed_in(bench, state=state)), decision="allow")
        assert dict(location(answer)[1])["state"] == state
