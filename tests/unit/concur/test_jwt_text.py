from __future__ import annotations

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gui.concur.jwt_text import looks_like_jwt, moment, read_jwt

CLAIMS = {
    "sub": "7d4ac9d3-1f0e-4d6a-9a55-2b8f6c1e0a11",
    "iss": "https://us.api.concursolutions.com",
    "aud": "a1b2c3d4",
    "exp": 1772640131,
    "concur.type": "user",
}
EXPIRES = datetime(2026, 3, 4, 16, 2, 11, tzinfo=UTC)


def part(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def jwt(claims: object = None, header: object = None) -> str:
    return f"{part(header or {'alg': 'RS256'})}.{part(CLAIMS if claims is None else claims)}.c2lnbmF0dXJl"


def test_reads() -> None:
    reading = read_jwt("id_token", jwt())
    assert (reading.name, reading.problem) == ("id_token", "")
    assert json.loads(reading.header) == {"alg": "RS256"}
    assert json.loads(reading.claims) == CLAIMS
    assert (reading.subject, reading.expires_at) == (CLAIMS["sub"], EXPIRES)
    assert reading.claims.startswith('{\n  "sub"')
    assert str(CLAIMS["sub"]) not in repr(reading)


@pytest.mark.parametrize("text", ["é", "aa", "aaa", "aaaa", "??>>~~", '\u202e<b>"'])
def test_every_length_and_letter_of_base64(text: str) -> None:
    reading = read_jwt("id_token", jwt({"sub": "s", "x": text}))
    assert json.loads(reading.claims)["x"] == text


@pytest.mark.parametrize(
    ("claims", "subject", "expires_at"),
    [
        pytest.param({}, "", None, id="nothing"),
        pytest.param({"sub": None, "exp": None}, "", None, id="nulls"),
        pytest.param({"sub": 7, "exp": "soon"}, "", None, id="other kinds"),
        pytest.param({"sub": ["a"], "exp": True}, "", None, id="a list, a truth"),
        pytest.param({"exp": "1772640131"}, "", EXPIRES, id="number as text"),
        pytest.param({"exp": 1772640131.75}, "", EXPIRES, id="a fraction"),
        pytest.param({"exp": -1}, "", None, id="before 1970"),
        pytest.param({"exp": 10**11}, "", datetime(5138, 11, 16, 9, 46, 40, tzinfo=UTC), id="far"),
        pytest.param({"exp": 253402300800}, "", None, id="after the last year"),
        pytest.param({"exp": 10**300}, "", None, id="huge"),
        pytest.param({"sub": " a\nb\u202ec\x00 "}, "a b c", None, id="control characters"),
        pytest.param({"sub": "x" * 5000}, "x" * 200, None, id="endless"),
    ],
)
def test_odd_claims(claims: dict[str, object], subject: str, expires_at: datetime | None) -> None:
    reading = read_jwt("id_token", jwt(claims))
    assert (reading.problem, reading.subject, reading.expires_at) == ("", subject, expires_at)


def test_half_a_character_can_be_shown() -> None:
    reading = read_jwt("id_token", jwt(b'{"sub":"a\\ud800b","x":"\\udfff"}'))
    assert reading.problem == ""
    (reading.header + reading.claims + reading.subject).encode("utf-8")


@pytest.mark.parametrize("digits", ["1e999", "-1e999", "NaN", "1e5"])
def test_odd_numbers(digits: str) -> None:
    reading = read_jwt("id_token", jwt(f'{{"exp":{digits}}}'.encode()))
    assert reading.problem == ""


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="nothing"),
        pytest.param("canary", id="no dots"),
        pytest.param("a.b", id="two parts"),
        pytest.param(f"{jwt()}.d.e", id="five parts"),
        pytest.param("..", id="empty parts"),
        pytest.param(jwt() + "a" * 70_000, id="too long"),
        pytest.param("é.é.é", id="not ASCII"),
        pytest.param("\ud800.\ud800.\ud800", id="half characters"),
        pytest.param("ey!!.ey??.x", id="no base64"),
        pytest.param("a.a.a", id="base64 of no length"),
        pytest.param(jwt(b"\xff\xfe"), id="not UTF-8"),
        pytest.param(jwt(b"{"), id="cut off"),
        pytest.param(jwt(b"[1]"), id="a list"),
        pytest.param(jwt(b"null"), id="null"),
        pytest.param(jwt(b'"text"'), id="a text"),
        pytest.param(jwt(header=b"7"), id="header that is a number"),
        pytest.param(jwt(b'{"a":' + b"1" * 5000 + b"}"), id="endless number"),
        pytest.param(jwt(b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}"), id="nested too deep to read"),
        *(
            pytest.param(jwt(b'{"a":' + b"[" * depth + b"]" * depth + b"}"), id=f"nested {depth} deep")
            for depth in range(600, 1100, 50)
        ),
    ],
)
def test_what_cannot_be_read_has_a_problem(token: str) -> None:
    reading = read_jwt("id_token", token)
    assert reading.problem
    assert (reading.header, reading.claims, reading.subject, reading.expires_at) == ("", "", "", None)


PIECES = st.one_of(
    st.text(max_size=40),
    st.binary(max_size=60).map(part),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["sub", "exp", "x"]), inner),
        max_leaves=6,
    ).map(part),
)


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=4).map(".".join))
@example(jwt({"exp": float("inf")}))
def test_never_raises(token: str) -> None:
    reading = read_jwt("x", token)
    assert bool(reading.problem) == (not reading.claims)
    assert looks_like_jwt(token) in {True, False}


@pytest.mark.parametrize(
    ("token", "like"), [(jwt(), True), ("ey.a.b", True), ("ey.a", False), ("a.b.c", False), ("", False)]
)
def test_looks(token: str, *, like: bool) -> None:
    assert looks_like_jwt(token) is like


@pytest.mark.parametrize("seconds", [None, True, False, "", "x", "-1", "1.5", " 1", "\u0661", float("nan"), [], {}])
def test_no_moment(seconds: object) -> None:
    assert moment(seconds) is None
