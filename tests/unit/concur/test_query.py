from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.concur.errors import RedirectError, RedirectParameterRepeated, RedirectUndecodable
from gui.concur.query import parse_query
from tests.flow.canaries import CODE, words_of

ONCE = frozenset({"code", "state"})


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("code=a", {"code": "a"}, id="one"),
        pytest.param("code=", {"code": ""}, id="empty value"),
        pytest.param("code", {"code": ""}, id="no equals sign"),
        pytest.param("=a", {"": "a"}, id="no name"),
        pytest.param("code=a=b==", {"code": "a=b=="}, id="equals signs inside"),
        pytest.param("?code=a", {"?code": "a"}, id="question mark is part of the name"),
        pytest.param("code=a+b%2Bc%20d", {"code": "a b+c d"}, id="plus and escapes"),
        pytest.param("c%6Fde=a", {"code": "a"}, id="escaped name"),
        pytest.param("&&code=a&", {"code": "a"}, id="empty pieces"),
        pytest.param("x=1&x=2&code=a", {"x": "1", "code": "a"}, id="others may repeat"),
        pytest.param("code=%C3%A9%F0%9F%94%91", {"code": "é🔑"}, id="UTF-8"),
        pytest.param("code=é", {"code": "é"}, id="not escaped"),
        pytest.param("code=a;state=b", {"code": "a;state=b"}, id="semicolon separates nothing"),
        pytest.param("Code=a&code=b", {"Code": "a", "code": "b"}, id="case counts"),
        pytest.param("code=%2500", {"code": "%00"}, id="escaped once more"),
    ],
)
def test_parses(query: str, expected: dict[str, str]) -> None:
    assert parse_query(query, ONCE) == expected


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("code=a&code=a", id="same value"),
        pytest.param("code=a&code=b", id="other value"),
        pytest.param("code=&code=b", id="first empty"),
        pytest.param("code&code=b", id="first without value"),
        pytest.param("code=a&c%6fde=b", id="second escaped"),
        pytest.param("state=a&code=b&state=a", id="state"),
    ],
)
def test_given_twice(query: str) -> None:
    with pytest.raises(RedirectParameterRepeated):
        parse_query(query, ONCE)


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("%", id="lonely percent"),
        pytest.param("code=%4", id="one digit"),
        pytest.param("code=%zz", id="no digits"),
        pytest.param("code=%%34", id="two percents"),
        pytest.param("code=%u0041", id="percent u"),
        pytest.param("code=%ff", id="not UTF-8"),
        pytest.param("code=%c0%80", id="overlong"),
        pytest.param("code=%ed%a0%80", id="surrogate in UTF-8"),
        pytest.param("code=%00", id="NUL"),
        pytest.param("code=a%0d%0aSet-Cookie:x", id="line break"),
        pytest.param("code=a\tb", id="tab"),
        pytest.param("code=%7f", id="DEL"),
        pytest.param("code=%c2%85", id="C1"),
        pytest.param("co%00de=a", id="NUL in a name"),
        pytest.param("code=\ud800", id="half a character"),
        pytest.param("code=" + "a" * 17000, id="too long"),
    ],
)
def test_refused(query: str) -> None:
    with pytest.raises(RedirectUndecodable):
        parse_query(query, ONCE)


@given(st.text(max_size=60), st.sampled_from(["", "ff", "0", "zz\ud800", "00"]))
def test_error_tells_nothing_of_the_query(noise: str, fault: str) -> None:
    query = f"code={CODE}&x={noise.replace('&', '')}%{fault}"
    with pytest.raises(RedirectError) as caught:
        parse_query(query, ONCE)
    assert CODE not in words_of(caught.value)
    assert caught.value.__context__ is None
