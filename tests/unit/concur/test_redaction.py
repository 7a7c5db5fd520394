from __future__ import annotations

import base64
import html
import json
import time
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gui.concur.redaction import LONGEST_IN_A_PATTERN, REDACTED, SECRET_PARAMETERS, Redactor, _Trace
from gui.concur.url_parts import with_values_masked
from tests.flow.canaries import ACCESS_TOKEN, CONSUMER_SECRET, PASSWORD, REFRESH_TOKEN, SECRETS

if TYPE_CHECKING:
    from collections.abc import Callable

ODD = "pä ss+w/o=r$d&<x>'\"\\%~é🔑"


def percent_lower(text: str) -> str:
    first, *rest = quote(text, safe="").split("%")
    return first + "".join("%" + part[:2].lower() + part[2:] for part in rest)


ENCODINGS: list[Callable[[str], str]] = [
    str,
    lambda text: quote(text, safe=""),
    quote,
    quote_plus,
    percent_lower,
    lambda text: quote(quote(text, safe=""), safe=""),
    html.escape,
    lambda text: html.escape(text, quote=False),
    escape,
    lambda text: quoteattr(text)[1:-1],
    lambda text: html.escape(html.escape(text)),
    lambda text: "".join(letter if letter.isalnum() else f"&#{ord(letter)};" for letter in text),
    lambda text: "".join(letter if letter.isalnum() else f"&#x{ord(letter):X};" for letter in text),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    lambda text: repr(text)[1:-1],
    lambda text: text.replace("+", " "),
    str.lower,
    str.upper,
    lambda text: base64.b64encode(text.encode()).decode(),
]


SURROUNDINGS = [
    pytest.param("{}", id="alone"),
    pytest.param("x{}x", id="inside a word"),
    pytest.param("https://host/path?x=1&y={}&z=2", id="URL"),
    pytest.param("/some/{}/path", id="path"),
    pytest.param("<Message>no {} here</Message>", id="XML"),
    pytest.param('<a b="{}"/>', id="attribute"),
    pytest.param('{{"message": "no {} here"}}', id="JSON"),
    pytest.param("X-Echo: {}\r\n", id="header"),
    pytest.param("b'{}'", id="repr of bytes"),
]


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
@pytest.mark.parametrize("secret", [*SECRETS, ODD])
def test_known_value_is_taken_out(secret: str, surrounding: str) -> None:
    redactor = Redactor()
    redactor.learn(secret)
    for encode in ENCODINGS:
        form = encode(secret)
        shown = redactor.text(surrounding.format(form))
        assert form not in shown, (form, shown)
        assert shown == surrounding.format(REDACTED), (form, shown)


LONG = [
    pytest.param("a-" * 4000, id="short runs"),
    pytest.param("Zx81" * 2000, id="one run"),
    pytest.param((ODD + ACCESS_TOKEN) * 40, id="odd characters"),
    pytest.param("%25\\&amp;" * 100, id="what looks like escapes"),
    pytest.param(f"eyJ{'a' * 300}.eyJ{'b-_' * 900}.c2ln", id="JWT"),
    pytest.param("\U0001f600" * 300, id="other planes"),
]


@pytest.mark.parametrize("secret", LONG)
def test_long_value_is_taken_out_in_every_encoding(secret: str) -> None:
    redactor = Redactor()
    redactor.learn(secret)
    for encode in ENCODINGS:
        form = encode(secret)
        shown = redactor.text(f"before {form}/{form} after")
        assert shown.startswith(f"before {REDACTED}"), (form[:80], shown[:80])
        assert shown.endswith(f"{REDACTED} after"), (form[:80], shown[-80:])
        assert len(shown) < 40, (form[:80], shown[:200])


@pytest.mark.parametrize("secret", LONG)
@pytest.mark.parametrize("encode", [ENCODINGS[number] for number in (0, 1, 13, -1)])
def test_long_value_is_taken_out_where_it_is_cut_off(secret: str, encode: Callable[[str], str]) -> None:
    redactor = Redactor()
    redactor.learn(secret)
    form = encode(secret)
    for size in (len(form) - 1, len(form) // 2 + 3):
        assert len(redactor.text("before " + form[:size])) < len(f"before {REDACTED}") + 12


def test_what_begins_like_a_long_value_goes_as_far_as_a_token_reaches() -> None:
    """Two JSON Web Tokens of one issuer begin alike; without its beginning the other has no form to be known by."""
    header = f"eyJ{'a' * 300}"
    redactor = Redactor()
    redactor.learn(f"{header}.eyJ{'b' * 300}.c2ln")
    other = f"{header}.eyJ{'z' * 300}.b3RoZXI"
    assert redactor.text(f'"x": "{other}", y') == f'"x": "{REDACTED}", y'
    assert redactor.text(f"/{other}&state=1") == f"/{REDACTED}&state=1"


@pytest.mark.parametrize("size", [2_000, 300_000])
def test_what_a_long_value_is_looked_for_with_does_not_grow_with_it(size: int) -> None:
    """A server chooses how long a token is: a pattern of all of it took the window seconds to make."""
    assert len(_Trace("-\U0001f600" * size).pattern.pattern) == len(_Trace("-\U0001f600" * 500).pattern.pattern)
    redactor = Redactor()
    redactor.learn("a-" * size)
    assert redactor.longest == LONGEST_IN_A_PATTERN


SECRET_TEXTS = st.text(
    alphabet=st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029"), min_size=6, max_size=30
)


@given(SECRET_TEXTS, st.text(max_size=20), st.text(max_size=20), st.sampled_from(ENCODINGS[:19]))
def test_no_known_value_survives(secret: str, before: str, after: str, encode: Callable[[str], str]) -> None:
    assume(secret.strip() and secret not in before + REDACTED + after)
    form = encode(secret)
    assume(form not in REDACTED)
    redactor = Redactor()
    redactor.learn(secret)
    assert form not in redactor.text(before + form + after).replace(REDACTED, "\0")


@given(st.text())
def test_half_characters_do_no_harm(text: str) -> None:
    redactor = Redactor()
    redactor.learn(text + "\ud800abc")
    assert "abc" not in redactor.text(text + "\ud800abc")


UNKNOWN = "Zx81unknown+Va/lue=9"


@pytest.mark.parametrize(
    "template",
    [
        pytest.param("GET /redirect?{name}={value}&x=1", id="query"),
        pytest.param("x=1&{name}={value}", id="form"),
        pytest.param("next=https%3A%2F%2Fhost%2F%3F{name}%3D{value}", id="URL inside a URL"),
        pytest.param("<{name}>{value}</{name}>", id="element"),
        pytest.param('<{name} a="b">{value}', id="cut off, with an attribute"),
        pytest.param("<c:{name}>{value}</c:{name}>", id="with a prefix"),
        pytest.param("<{name}><![CDATA[{value}]]></{name}>", id="CDATA"),
        pytest.param('{{"{name}": "{value}", "x": 1}}', id="JSON"),
        pytest.param('{{"{name}":"{value}', id="JSON cut off"),
    ],
)
@pytest.mark.parametrize("name", sorted(SECRET_PARAMETERS))
def test_unknown_value_is_known_by_its_name(template: str, name: str) -> None:
    letters_of_other_alphabets = name.replace("s", "\u017f").replace("k", "\u212a")
    for spelling in (name, name.upper(), name.title(), letters_of_other_alphabets):
        shown = Redactor().text(template.format(name=spelling, value=UNKNOWN))
        assert "Zx81" not in shown
        assert "lue=9" not in shown
        assert REDACTED in shown


NAMES_SPELLED_WRONG = [
    pytest.param("requestToken+", id="space"),
    pytest.param("requestToken[]", id="list"),
    pytest.param("requestToken%5B%5D", id="list, encoded"),
    pytest.param("requestToken[0]", id="number in a list"),
    pytest.param("CODE%20", id="encoded space"),
    pytest.param("token2", id="number"),
    pytest.param("client_secret.", id="full stop"),
    pytest.param("code%09", id="tab"),
]


@pytest.mark.parametrize("name", NAMES_SPELLED_WRONG)
def test_unknown_value_is_known_by_a_name_with_more_behind_it(name: str) -> None:
    query = f"x=1&{name}={UNKNOWN}&z=2"
    shown = Redactor().text(f"GET /redirect?{query}")
    assert shown == f"GET /redirect?x=1&{name}={REDACTED}&z=2"
    assert with_values_masked(query, lambda _name, _value: "-", str) == f"x=1&{name}=-&z=2"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Authorization: OAuth " + ACCESS_TOKEN, id="OAuth"),
        pytest.param("authorization: bearer " + ACCESS_TOKEN, id="Bearer"),
        pytest.param("ba\u017fic " + ACCESS_TOKEN, id="basic with a long s"),
        pytest.param("Basic " + base64.b64encode(b"login:password").decode(), id="Basic"),
        pytest.param("no parameter: 0_XIabcdefghijklmnopqrstuvwxyz0123", id="request token"),
        pytest.param("no parameter: eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIwOGUxIn0.c2lnbmF0dXJl-_", id="JWT"),
        pytest.param("cut off: eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIwOGUxIn0.", id="JWT without its signature"),
    ],
)
def test_unknown_value_is_known_by_its_form(text: str) -> None:
    shown = Redactor().text(text)
    assert shown.endswith(REDACTED)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("postcode=1234&encode=5&unicode=6", id="other names that end alike"),
        pytest.param("code_challenge=1234&token_type=Bearer&error_code=5", id="other names that begin alike"),
        pytest.param("<Expiration_date>9/25/2026 1:36:50 PM</Expiration_date>", id="date"),
        pytest.param("https://www.concursolutions.com/net2/oauth2/getaccesstoken.ashx", id="URL"),
        pytest.param("the basic idea", id="a sentence"),
        pytest.param('{"code": 61, "error": "invalid_client", "x": "eyJhbGciOiJSUzI1NiJ9"}', id="number of an error"),
        pytest.param('{"Code" : "108", "error": "invalid_grant"}', id="number of an error as a text"),
    ],
)
def test_harmless_text_stays(text: str) -> None:
    redactor = Redactor()
    redactor.learn(CONSUMER_SECRET, None, "", "abc")
    assert redactor.text(text) == text


@pytest.mark.parametrize("value", ["12345", "a108", "10 8", '108\\"x', "\u0661\u0660\u0668", ""])
def test_code_that_is_no_number_of_an_error_is_masked(value: str) -> None:
    assert Redactor().text(f'{{"code":"{value}"}}') == f'{{"code":"{REDACTED}"}}'
    assert Redactor().text('{"token":"108","password":"7"}').count(REDACTED) == 2
    assert Redactor().text('{"code":"108') == f'{{"code":"{REDACTED}'


def test_headers() -> None:
    redactor = Redactor()
    redactor.learn(REFRESH_TOKEN)
    headers = (
        ("authorization", f"OAuth {ACCESS_TOKEN}"),
        ("Proxy-Authorization", "Basic abc"),
        ("Cookie", "session=1"),
        ("Set-Cookie", "session=1; path=/"),
        ("X-Echo", f"it was {REFRESH_TOKEN}"),
        ("Accept", "application/xml"),
    )
    assert redactor.headers(headers) == (
        ("authorization", f"OAuth {REDACTED}"),
        ("Proxy-Authorization", f"Basic {REDACTED}"),
        ("Cookie", REDACTED),
        ("Set-Cookie", REDACTED),
        ("X-Echo", f"it was {REDACTED}"),
        ("Accept", "application/xml"),
    )


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"],
)
def test_body(encoding: str) -> None:
    redactor = Redactor()
    redactor.learn(PASSWORD)
    shown = redactor.body(f"<a>é {PASSWORD} <Token>{ACCESS_TOKEN}</Token></a>".encode(encoding))
    assert PASSWORD not in shown
    assert ACCESS_TOKEN not in shown
    assert shown.startswith("<a>")


def test_length_of_the_longest_value() -> None:
    redactor = Redactor()
    assert redactor.longest == 0
    redactor.learn("abcd", "abcdefgh", "abc")
    assert redactor.longest == 8


def test_longer_value_first() -> None:
    redactor = Redactor()
    redactor.learn("abcdef", "abcdefghij")
    redactor.learn("abcdefghijklmn")
    assert redactor.text("abcdefghijklmn abcdefghij abcdef") == " ".join([REDACTED] * 3)


def test_repr_counts_only() -> None:
    redactor = Redactor()
    redactor.learn(*SECRETS)
    assert repr(redactor) == f"<Redactor of {len(SECRETS)} values>"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" * 1_000_000, id="letters"),
        pytest.param("<" * 1_000_000, id="angle brackets"),
        pytest.param('"token":"' * 100_000, id="members"),
        pytest.param("<token " * 140_000, id="elements"),
        pytest.param("%25" * 300_000, id="escapes"),
        pytest.param("&amp;" * 200_000, id="references"),
        pytest.param("\\" * 1_000_000, id="backslashes"),
        pytest.param("<token>" + " " * 1_000_000, id="spaces"),
        pytest.param("-eyJ" * 250_000, id="beginnings of JWTs in one run"),
        pytest.param("eyJaaaaaaaa." * 80_000, id="pieces of JWTs"),
    ],
)
def test_a_megabyte_of_anything_in_reasonable_time(text: str) -> None:
    redactor = Redactor()
    redactor.learn(*SECRETS, ODD, "\\+&ab%")
    started = time.process_time()
    redactor.text(text)
    assert time.process_time() - started < 8


@pytest.mark.parametrize(
    ("text", "touched"),
    [
        pytest.param("canary9consumer9secret9AbCdEf012", True, id="whole"),
        pytest.param("before canary9consumer9secret9AbCdEf012 after", True, id="within more"),
        pytest.param(" 9secret9AbC\n", True, id="a readable part"),
        pytest.param("9secret", False, id="a few characters"),
        pytest.param("something else", False, id="something else"),
        pytest.param("", False, id="nothing"),
        pytest.param("<Token>abcdefgh</Token>", True, id="by name"),
    ],
)
def test_text_that_touches_a_secret(text: str, touched: bool) -> None:  # noqa: FBT001  # a case
    redactor = Redactor()
    redactor.learn("canary9consumer9secret9AbCdEf012")
    assert redactor.touches(text) is touched
