from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.sandbox.bench import EXCHANGE, LOGIN, NATIVE, PROBE, REVOKE, Bench, location, ticket_in
from tests.unit.sandbox.test_pages import CONSENT, signed_in

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
    ]
)
ODD_TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["%", "%zz", "%00", "%0d%0a", "%ff", "&", "=", "<script>", "'\"", "\ud800", "http://a;b", "x" * 5000]
    ),
)
PIECES = st.lists(st.one_of(st.tuples(NAMES, ODD_TEXT).map("=".join), ODD_TEXT), max_size=6).map("&".join)
PATHS = st.one_of(
    st.sampled_from(
        [EXCHANGE, LOGIN, NATIVE, PROBE, REVOKE, "/", "/sandbox/codes", "/sandbox/log", "/sandbox/consent"]
    ),
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
    st.sampled_from([b"{", b"{}", b'{"user":1}', b"[" * 50_000, b"\x00" * 1000]),
)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.sampled_from(["GET", "POST", "HEAD", "PUT", "x"]), PATHS, PIECES, HEADERS, BODIES),
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
    assert bench.concur.authority.issued_tokens() == ()
    bench.genuine_flow()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_state_comes_back(state: str) -> None:
    bench = Bench()
    answer = bench.post_form(CONSENT, ticket=ticket_in(signed_in(bench, state=state)), decision="allow")
    assert dict(location(answer)[1])["state"] == state
