from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING

import pytest
from jinja2 import UndefinedError

from gui.concur.models import Denial
from gui.loopback.pages import page_response

if TYPE_CHECKING:
    from gui.loopback.http import Response

HOSTILE = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"
FACTS: dict[str, dict[str, object]] = {
    "listener-received": {},
    "listener-other": {},
    "listener-denied": {"denial": Denial(HOSTILE, HOSTILE)},
    "listener-malformed": {"reason": HOSTILE},
}


def render(template: str, *, hide_query: bool = True) -> Response:
    return page_response(200, template, {"title": HOSTILE, **FACTS[template]}, hide_query=hide_query)


def policy_of(response: Response) -> dict[str, str]:
    policy = dict(response.headers)["Content-Security-Policy"]
    return {name: rest for name, _space, rest in (part.partition(" ") for part in policy.split("; "))}


def hash_of(text: str) -> str:
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


@pytest.mark.parametrize("template", FACTS)
def test_policy_names_exactly_what_stands_in_the_page(template: str) -> None:
    response = render(template)
    page = response.body.decode()
    styles, scripts = (re.findall(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL) for tag in ("style", "script"))
    assert (len(styles), len(scripts)) == (1, 1)
    policy = policy_of(response)
    assert policy["style-src"] == hash_of(styles[0])
    assert policy["script-src"] == hash_of(scripts[0])
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == policy["frame-ancestors"] == policy["form-action"] == "'none'"


@pytest.mark.parametrize("template", FACTS)
def test_nothing_comes_from_elsewhere_and_nothing_hostile_is_markup(template: str) -> None:
    page = render(template).body.decode()
    assert not re.search(r"(?:src|href)=[\"']?(?!data:)[a-z]+:", page)
    assert "<img" not in page
    assert page.count("<script>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not re.search(r"\son\w+=|\sstyle=", re.sub(r"&lt;.*?&gt;", "", page))


@pytest.mark.parametrize("template", FACTS)
def test_a_page_says_nothing_of_the_query(template: str) -> None:
    script = re.findall(r"<script>(.*?)</script>", render(template).body.decode(), re.DOTALL)[0]
    assert "replaceState" in script
    assert "<script>" not in render(template, hide_query=False).body.decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
    ],
)
def test_header(name: str, value: str) -> None:
    assert dict(render("listener-received").headers)[name] == value


def test_form_targets_stand_in_the_policy() -> None:
    response = page_response(200, "listener-other", {"title": "t"}, form_targets=("'self'", "http://localhost:8765"))
    assert policy_of(response)["form-action"] == "'self' http://localhost:8765"


def test_a_missing_fact_is_an_error_and_no_empty_place() -> None:
    with pytest.raises(UndefinedError):
        page_response(200, "listener-denied", {"title": "t"})
