from __future__ import annotations

import re
from dataclasses import replace
from html import escape, unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from gui.concur.models import Origin
from gui.sandbox.data_centres import Home
from gui.sandbox.records import COMPANY_ID, CONTRACTS, CURRENT, DEFAULT_USERS, LEGACY, RegisteredApp
from gui.sandbox.settings import CurrentSettings, SandboxSettings
from gui.sandbox.simulated import INVENTED, INVENTED_OF_CURRENT, SIMULATED
from tests.unit.sandbox.bench import (
    APP,
    AUTHORIZE,
    KEY,
    LOGIN,
    PORT,
    REDIRECT,
    Bench,
    header,
    json_object,
    location,
    ticket_in,
    xml_fields,
)

if TYPE_CHECKING:
    from gui.loopback.http import Response

ADMIN, TRAVELER = DEFAULT_USERS
CENTER = "/sandbox/app-center"
CONSENT = "/sandbox/consent"


class Outline(HTMLParser):
    """What a page is made of, as far as the tests ask."""

    def __init__(self, page: Response) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page.body.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def ids(self, tag: str) -> list[str | None]:
        return [attributes["id"] for name, attributes in self.tags if name == tag and "id" in attributes]

    def count(self, tag: str) -> int:
        return sum(name == tag for name, _ in self.tags)


@pytest.fixture(params=CONTRACTS)
def bench(request: pytest.FixtureRequest) -> Bench:
    """One whose app has either contract: what is said of pages holds for both."""
    return bench_for(request.param)


def bench_for(contract: str, settings: SandboxSettings | None = None, **changed: object) -> Bench:
    app = replace(APP, contract=contract, **changed)  # type: ignore[arg-type]
    return Bench(settings or SandboxSettings(), app)


def is_legacy(bench: Bench) -> bool:
    return bench.application.contract == LEGACY


def start_path(bench: Bench) -> str:
    return LOGIN if is_legacy(bench) else AUTHORIZE


def carried(bench: Bench, origin: Origin) -> list[str]:
    """The names in a redirect after Allow, without the state."""
    if is_legacy(bench):
        return ["code"]
    return ["id", "requestToken"] if origin is Origin.APP_CENTER else ["geolocation", "code"]


def who_connected(bench: Bench, query: list[tuple[str, str]]) -> str:
    """Exchange what a redirect carried and return the login that the tokens are of."""
    carried = dict(query)
    if is_legacy(bench):
        return xml_fields(bench.probe(xml_fields(bench.exchange(carried["code"]))["Token"]))["LoginId"]
    if "requestToken" in carried:
        sent = {"credtype": "authtoken", "username": carried["id"], "password": carried["requestToken"]}
        answer = bench.grant("password", **sent)
    else:
        answer = bench.grant("authorization_code", code=carried["code"], redirect_uri=REDIRECT)
    return str(json_object(bench.me(json_object(answer)["access_token"]))["userName"])


def form_action(page: Response) -> str:
    policy = header(page, "content-security-policy")
    return next(part for part in policy.split("; ") if part.startswith("form-action"))


def web_flow(bench: Bench, **changed: str) -> Response:
    asked = {"client_id": KEY, "redirect_uri": REDIRECT, "state": "s"}
    asked |= {"scope": "EXPRPT,USER"} if is_legacy(bench) else {"scope": "openid user.read", "response_type": "code"}
    return bench.get(start_path(bench), **{**asked, **changed})


def signed_in(bench: Bench, **changed: str) -> Response:
    page = web_flow(bench, **changed)
    return bench.post_form(start_path(bench), ticket=ticket_in(page), login=ADMIN.login, password=ADMIN.password)


def asked_by_app_center(bench: Bench) -> Response:
    return bench.post_form(CENTER, ticket=ticket_in(bench.get(CENTER)))


# App Center


def test_app_center_to_access_token(bench: Bench) -> None:
    center = bench.get(CENTER)
    assert b"Trip Ledger" in center.body
    other = "current" if is_legacy(bench) else "legacy"
    assert Outline(center).ids("button") == ["connect", f"connect-{other}"]
    consent = bench.post_form(CENTER, ticket=ticket_in(center))
    assert consent.status == 200
    assert Outline(consent).ids("button") == ["allow", "deny"]
    answer = bench.post_form(CONSENT, ticket=ticket_in(consent), decision="allow", login=ADMIN.login)
    url, query = location(answer)
    assert url == REDIRECT
    assert [name for name, _ in query] == carried(bench, Origin.APP_CENTER)
    assert who_connected(bench, query) == ADMIN.login


def test_the_other_contract_is_offered_second(bench: Bench) -> None:
    second = re.findall(r'name="ticket" value="([^"]+)"', bench.get(CENTER).body.decode())[1]
    consent = bench.post_form(CENTER, ticket=second)
    _, query = location(bench.post_form(CONSENT, ticket=ticket_in(consent), decision="allow", login=ADMIN.login))
    assert [name for name, _ in query] == (["id", "requestToken"] if is_legacy(bench) else ["code"])


def test_connection_of_a_company() -> None:
    bench = bench_for(CURRENT)
    center = bench.get(CENTER)
    assert Outline(center).ids("input") == ["connect-user", "connect-company"]
    consent = bench.post_form(CENTER, ticket=ticket_in(center), kind="company")
    assert "for the whole company" in consent.body.decode()
    _, query = location(bench.post_form(CONSENT, ticket=ticket_in(consent), decision="allow", login=TRAVELER.login))
    assert [name for name, _ in query] == ["id", "requestToken", "userId"]
    assert (dict(query)["id"], dict(query)["userId"]) == (COMPANY_ID, TRAVELER.user_id)


def test_kind_that_there_is_none_of() -> None:
    bench = bench_for(CURRENT)
    answer = bench.post_form(CENTER, ticket=ticket_in(bench.get(CENTER)), kind="app")
    assert answer.status == 400
    assert "The kind is neither" in answer.body.decode()


def test_kind_means_nothing_in_the_legacy_contract() -> None:
    bench = bench_for(LEGACY)
    consent = bench.post_form(CENTER, ticket=ticket_in(bench.get(CENTER)), kind="company")
    assert "whole company" not in consent.body.decode()


def test_consent_page_says_in_plain_words_what_is_asked_for(bench: Bench) -> None:
    page = asked_by_app_center(bench).body.decode()
    words = ("Expense reports", "User accounts") if is_legacy(bench) else ("Profiles of users", "Who is connected")
    assert all(word in page for word in words)
    assert "Travel itineraries" not in page
    assert SIMULATED in page


def test_scope_without_words_of_ours_stands_for_itself() -> None:
    bench = bench_for(CURRENT, current_scopes=("openid", "very.new.scope"))
    assert "very.new.scope" in asked_by_app_center(bench).body.decode()
    assert "very.new.scope" in bench.get(CENTER).body.decode()


def test_app_center_lets_choose_who_connects(bench: Bench) -> None:
    ticket = ticket_in(asked_by_app_center(bench))
    _, query = location(bench.post_form(CONSENT, ticket=ticket, decision="allow", login=TRAVELER.login))
    assert who_connected(bench, query) == TRAVELER.login


def test_deny(bench: Bench) -> None:
    answer = bench.post_form(CONSENT, ticket=ticket_in(asked_by_app_center(bench)), decision="deny")
    name = "error=access_denied" if is_legacy(bench) else "error_code=user_denied"
    assert header(answer, "location") == f"{REDIRECT}?{name}&error_description=User+denied+access"
    assert SIMULATED in bench.last_notes()
    assert bench.concur.issued_tokens() == ()


@pytest.mark.parametrize("url", [None, "", "ftp://x/", "javascript:alert(1)", "http://a b/"])
def test_app_without_usable_redirect_url_cannot_be_connected(url: str | None) -> None:
    page = Bench(application=replace(APP, redirect_url=url)).get(CENTER)
    assert Outline(page).ids("button") == []
    assert form_action(page) == "form-action 'self'"


def test_buttons_of_several_apps_have_ids_of_their_own() -> None:
    bench = Bench()
    bench.concur.authority.register(RegisteredApp("k2", "s2", redirect_url="http://127.0.0.1:9/x"))
    page = bench.get(CENTER)
    assert Outline(page).ids("button") == ["connect", "connect-current", "connect-3", "connect-current-3"]
    assert form_action(page) == "form-action 'self' http://localhost:8765 http://127.0.0.1:9"


# Web flow


def test_web_flow_to_access_token(bench: Bench) -> None:
    sign_in = web_flow(bench, state="s")
    assert Outline(sign_in).ids("button") == ["sign-in"]
    assert f'action="{start_path(bench)}"' in sign_in.body.decode()
    assert escape(ADMIN.login) in sign_in.body.decode()
    consent = bench.post_form(start_path(bench), ticket=ticket_in(sign_in), login=ADMIN.login, password=ADMIN.password)
    url, query = location(bench.post_form(CONSENT, ticket=ticket_in(consent), decision="allow"))
    assert url == REDIRECT
    assert [name for name, _ in query] == [*carried(bench, Origin.WEB_FLOW), "state"]
    assert dict(query)["state"] == "s"
    assert who_connected(bench, query) == ADMIN.login


@pytest.mark.parametrize(
    "state",
    ["", "a b+c%2B&d=e#f", "<script>", "ünï→", "\r\nX-Header: 1", "x" * 2000, "%00%ff", "=&=&"],
    ids=["empty", "reserved", "markup", "unicode", "line end", "long", "percent", "separators"],
)
@pytest.mark.parametrize("decision", ["allow", "deny"])
def test_state_comes_back_intact(bench: Bench, state: str, decision: str) -> None:
    answer = bench.post_form(CONSENT, ticket=ticket_in(signed_in(bench, state=state)), decision=decision)
    _, query = location(answer)
    assert dict(query)["state"] == state
    assert header(answer, "location").isascii()
    assert header(answer, "location").isprintable()


def test_no_state_sent_none_comes_back(bench: Bench) -> None:
    asked = {"client_id": KEY, "scope": "USER", "redirect_uri": REDIRECT, "response_type": "code"}
    page = bench.get(start_path(bench), **asked)
    consent = bench.post_form(start_path(bench), ticket=ticket_in(page), login=ADMIN.login, password=ADMIN.password)
    _, query = location(bench.post_form(CONSENT, ticket=ticket_in(consent), decision="allow"))
    assert [name for name, _ in query] == carried(bench, Origin.WEB_FLOW)


@pytest.mark.parametrize(
    ("settings", "geolocation"),
    [
        pytest.param({}, f"http://127.0.0.1:{PORT}", id="first data centre"),
        pytest.param({"home": Home.SECOND}, f"http://127.0.0.1:{PORT}/sandbox/data-centre-2", id="second data centre"),
        pytest.param({"geolocation_in_redirects": "https://evil.example"}, "https://evil.example", id="wrong"),
    ],
)
def test_geolocation_of_a_redirect(settings: dict[str, object], geolocation: str) -> None:
    current = replace(CurrentSettings(), **settings)  # type: ignore[arg-type]
    bench = bench_for(CURRENT, SandboxSettings(current=current))
    _, query = location(bench.post_form(CONSENT, ticket=ticket_in(signed_in(bench)), decision="allow"))
    assert dict(query)["geolocation"] == geolocation


def test_sign_in_at_the_second_data_centre() -> None:
    bench = bench_for(CURRENT)
    asked = {"client_id": KEY, "redirect_uri": REDIRECT, "response_type": "code"}
    page = bench.get("/sandbox/data-centre-2" + AUTHORIZE, **asked)
    assert Outline(page).ids("button") == ["sign-in"]


@pytest.mark.parametrize(
    ("registered", "start"),
    [
        pytest.param("http://localhost:1/r?a=b%20c", "http://localhost:1/r?a=b%20c&code=0_", id="query"),
        pytest.param("http://localhost:1/r?", "http://localhost:1/r?code=0_", id="question mark"),
        pytest.param("http://localhost:1/r?a&", "http://localhost:1/r?a&code=0_", id="ampersand"),
        pytest.param("http://localhost:1", "http://localhost:1?code=0_", id="no path"),
        pytest.param("https://[::1]:1/r", "https://[::1]:1/r?code=0_", id="IPv6"),
    ],
)
def test_query_of_the_redirect_url_is_kept(registered: str, start: str) -> None:
    bench = Bench(application=replace(APP, redirect_url=registered))
    answer = bench.post_form(CONSENT, ticket=ticket_in(asked_by_app_center(bench)), decision="allow", login=ADMIN.login)
    assert header(answer, "location").startswith(start)


def test_code_stands_before_a_fragment() -> None:
    bench = Bench(application=replace(APP, redirect_url="http://localhost:1/r#part"))
    ticket = ticket_in(asked_by_app_center(bench))
    to = header(bench.post_form(CONSENT, ticket=ticket, decision="allow", login=ADMIN.login), "location")
    assert to.startswith("http://localhost:1/r?code=0_")
    assert to.endswith("#part")


@pytest.mark.parametrize(
    ("login", "password"),
    [
        pytest.param(ADMIN.login, "wrong", id="password"),
        pytest.param("nobody", ADMIN.password, id="login"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_wrong_sign_in_shows_the_page_once_more(bench: Bench, login: str, password: str) -> None:
    again = bench.post_form(start_path(bench), ticket=ticket_in(web_flow(bench)), login=login, password=password)
    assert again.status == 403
    assert b'role="alert"' in again.body
    assert f'name="login" value="{escape(login)}"'.encode() in again.body
    consent = bench.post_form(start_path(bench), ticket=ticket_in(again), login=ADMIN.login, password=ADMIN.password)
    assert Outline(consent).ids("button") == ["allow", "deny"]


def test_who_signed_in_cannot_be_changed_on_the_consent_page(bench: Bench) -> None:
    ticket = ticket_in(signed_in(bench))
    _, query = location(bench.post_form(CONSENT, ticket=ticket, decision="allow", login=TRAVELER.login))
    assert who_connected(bench, query) == ADMIN.login


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        pytest.param({"client_id": ""}, "client_id is missing", id="no key"),
        pytest.param({"client_id": "nobody"}, "No app is registered", id="key unknown"),
        pytest.param({"redirect_uri": ""}, "redirect_uri is missing", id="no redirect URL"),
        pytest.param({"redirect_uri": REDIRECT + "/"}, "not the one that is registered", id="slash more"),
        pytest.param({"redirect_uri": "http://evil.example/"}, "not the one that is registered", id="foreign"),
        pytest.param({"redirect_uri": "javascript:alert(1)"}, "not a plain http", id="javascript"),
    ],
)
def test_faults_of_the_start_are_pages_and_never_redirects(bench: Bench, changed: dict[str, str], message: str) -> None:
    answer = web_flow(bench, **changed)
    assert answer.status == 400
    assert message in answer.body.decode()
    assert header(answer, "location") == ""
    assert Outline(answer).count("form") == 0


@pytest.mark.parametrize(
    ("contract", "changed", "message"),
    [
        pytest.param(LEGACY, {"scope": ""}, "scope is missing", id="no scope"),
        pytest.param(LEGACY, {"scope": "EXPRPT,NONE"}, "A scope does not exist", id="scope unknown"),
        pytest.param(LEGACY, {"scope": "EXPRPT,LIST"}, "A scope does not exist", id="scope of others"),
        pytest.param(LEGACY, {"scope": "EXPRPT USER"}, "A scope does not exist", id="scope with spaces"),
        pytest.param(LEGACY, {"scope": "exprpt"}, "A scope does not exist", id="scope in lower case"),
        pytest.param(CURRENT, {"scope": "openid  user.read"}, "A scope does not exist", id="two spaces"),
        pytest.param(CURRENT, {"scope": 'open"id'}, "A scope does not exist", id="no scope by its letters"),
        pytest.param(CURRENT, {"scope": "x" * 201}, "A scope does not exist", id="long scope"),
        pytest.param(CURRENT, {"response_type": ""}, "response_type is missing", id="no response type"),
        pytest.param(CURRENT, {"response_type": "token"}, "response_type is not code", id="implicit"),
    ],
)
def test_faults_of_one_contract(contract: str, changed: dict[str, str], message: str) -> None:
    answer = web_flow(bench_for(contract), **changed)
    assert answer.status == 400
    assert message in answer.body.decode()
    assert header(answer, "location") == ""


def test_scopes_of_the_current_contract_are_free_unless_the_settings_say_else() -> None:
    assert web_flow(bench_for(CURRENT), scope="very.new.scope EXPRPT").status == 200
    strict = SandboxSettings(current=CurrentSettings(known_scopes_only=True))
    assert web_flow(bench_for(CURRENT, strict), scope="very.new.scope").status == 400
    assert web_flow(bench_for(CURRENT, strict), scope="travel.receipts.read").status == 200
    registered = bench_for(CURRENT, strict, current_scopes=("very.new.scope",))
    assert web_flow(registered, scope="very.new.scope").status == 200
    assert web_flow(registered, scope="openid").status == 400


def test_no_scope_asked_for_means_those_of_the_app() -> None:
    page = signed_in(bench_for(CURRENT, current_scopes=("purchaserequest.read",)), scope="").body.decode()
    assert "Purchase requests" in page
    assert "openid" not in page


@pytest.mark.parametrize(
    "url",
    [
        "ftp://localhost/",
        "file:///etc/passwd",
        "data:text/html,x",
        "//localhost/x",
        "/x",
        "localhost",
        "http://",
        "http:///x",
        "http://user@localhost/",
        "http://user:secret@localhost/",
        "http://localhost:99999/",
        "http://localhost:0/",
        "http://localhost:port/",
        "http://[::1/",
        "http://[zz]/",
        "http://local host/",
        "http://localhost/\r\nX: 1",
        "http://localhost\\@evil.example/",
        "http://localhost;script-src *",
        "http://localhost,x/",
        "http://*/",
        "http://'self'/",
        "http://lücke/",
        "http://localhost/ü",
        "\thttp://localhost/",
    ],
)
def test_unusable_redirect_urls(url: str) -> None:
    bench = Bench(application=replace(APP, redirect_url=None))
    answer = web_flow(bench, redirect_uri=url)
    assert answer.status == 400
    assert "not a plain http" in answer.body.decode()
    assert "script-src *" not in header(answer, "content-security-policy")


@pytest.mark.parametrize(
    "url", ["http://localhost:1/r", "https://app.example/x?y=z", "http://[::1]:9/", "HTTP://LOCALHOST/"]
)
def test_any_plain_redirect_url_where_none_is_registered(url: str) -> None:
    assert web_flow(Bench(application=replace(APP, redirect_url=None)), redirect_uri=url).status == 200


def test_app_without_scopes_may_ask_for_any_documented_one() -> None:
    bench = Bench(application=replace(APP, scopes=()))
    assert web_flow(bench, scope="TWS,PAYBAT").status == 200
    assert web_flow(bench, scope="NONE").status == 400


# Tickets


def test_form_is_good_once(bench: Bench) -> None:
    ticket = ticket_in(asked_by_app_center(bench))
    assert bench.post_form(CONSENT, ticket=ticket, decision="allow", login=ADMIN.login).status == 302
    again = bench.post_form(CONSENT, ticket=ticket, decision="allow", login=ADMIN.login)
    assert again.status == 400
    assert b"used before" in again.body


@pytest.mark.parametrize("path", [CENTER, LOGIN, AUTHORIZE, CONSENT])
@pytest.mark.parametrize("ticket", ["", "forged", "' or 1=1"])
def test_forged_form(bench: Bench, path: str, ticket: str) -> None:
    answer = bench.post_form(path, ticket=ticket, decision="allow", login=ADMIN.login, password=ADMIN.password)
    assert answer.status == 400
    assert header(answer, "location") == ""


def test_ticket_of_another_step_is_no_way_around_the_password(bench: Bench) -> None:
    ticket = ticket_in(web_flow(bench))
    assert bench.post_form(CONSENT, ticket=ticket, decision="allow", login=ADMIN.login).status == 400


def test_ticket_expires(bench: Bench) -> None:
    ticket = ticket_in(asked_by_app_center(bench))
    bench.clock.advance(minutes=15)
    assert bench.post_form(CONSENT, ticket=ticket, decision="allow", login=ADMIN.login).status == 400


def test_tickets_are_bounded() -> None:
    bench = Bench(SandboxSettings(form_tickets_kept=6))  # a page of App Center has one for each contract
    first = ticket_in(bench.get(CENTER))
    for _ in range(3):
        bench.get(CENTER)
    assert bench.post_form(CENTER, ticket=first).status == 400


def test_neither_allow_nor_deny(bench: Bench) -> None:
    answer = bench.post_form(CONSENT, ticket=ticket_in(asked_by_app_center(bench)), login=ADMIN.login)
    assert answer.status == 400
    assert header(answer, "location") == ""


# Auto-approve


@pytest.mark.parametrize("contract", CONTRACTS)
def test_auto_approve_redirects_at_once(contract: str) -> None:
    bench = bench_for(contract, SandboxSettings(auto_approve=True))
    url, query = location(web_flow(bench, state="a b"))
    assert (url, dict(query)["state"]) == (REDIRECT, "a b")
    assert who_connected(bench, query) == ADMIN.login
    _, query = location(asked_by_app_center(bench))
    assert [name for name, _ in query] == carried(bench, Origin.APP_CENTER)


def test_auto_approve_still_shows_faults() -> None:
    answer = web_flow(Bench(SandboxSettings(auto_approve=True)), redirect_uri="http://evil.example/")
    assert answer.status == 400


# What every page owes


def test_pages_may_lead_to_the_redirect_url_of_the_app(bench: Bench) -> None:
    for page in (bench.get(CENTER), asked_by_app_center(bench), web_flow(bench), signed_in(bench)):
        assert form_action(page) == "form-action 'self' http://localhost:8765"


def test_ipv6_redirect_url_is_named_by_scheme() -> None:
    bench = Bench(application=replace(APP, redirect_url="http://[::1]:8765/r"))
    assert form_action(bench.get(CENTER)) == "form-action 'self' http:"


def test_every_page_is_simulated_independent_and_accessible(bench: Bench) -> None:
    pages = (
        bench.get("/"),
        bench.get(CENTER),
        asked_by_app_center(bench),
        web_flow(bench),
        signed_in(bench),
        web_flow(bench, scope='"'),
        bench.get("/sandbox/log"),
    )
    for page in pages:
        outline, text = Outline(page), page.body.decode()
        assert header(page, "content-type") == "text/html; charset=utf-8"
        assert header(page, "cache-control") == "no-store"
        assert "Not affiliated with SAP" in text
        assert '<html lang="en">' in text
        assert "simulat" in text.lower()
        assert outline.count("h1") == 1
        assert outline.count("script") == 0
        labelled = {attributes.get("for") for tag, attributes in outline.tags if tag == "label"}
        for tag, attributes in outline.tags:
            if tag == "input" and attributes["type"] in ("text", "password"):
                assert attributes["id"] in labelled


def test_start_page_names_everything_invented(bench: Bench) -> None:
    page = unescape(bench.get("/").body.decode())
    assert all(fact in page for fact in (*INVENTED, *INVENTED_OF_CURRENT))
    assert KEY in page
    assert APP.consumer_secret not in page


HOSTILE = """"'><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}&lt;"""


@pytest.mark.parametrize("name", ["client_id", "scope", "redirect_uri"])
def test_hostile_parameter_is_escaped(bench: Bench, name: str) -> None:
    page = web_flow(bench, **{name: HOSTILE})
    assert page.status == 400
    assert Outline(page).count("script") == Outline(page).count("img") == 0
    assert "7*7" in page.body.decode()


def test_hostile_login_is_escaped(bench: Bench) -> None:
    page = bench.post_form(start_path(bench), ticket=ticket_in(web_flow(bench)), login=HOSTILE, password="x")
    assert Outline(page).count("script") == Outline(page).count("img") == 0


def test_hostile_state_and_password_are_not_shown_at_all(bench: Bench) -> None:
    page = web_flow(bench, state="canary-state", scope='"')
    assert b"canary-state" not in page.body
    again = bench.post_form(start_path(bench), ticket=ticket_in(web_flow(bench)), login="x", password="canary-password")
    assert b"canary-password" not in again.body


def test_hostile_app_name_is_escaped() -> None:
    bench = Bench(application=replace(APP, name=HOSTILE))
    for page in (bench.get("/"), bench.get(CENTER), asked_by_app_center(bench), web_flow(bench)):
        assert Outline(page).count("script") == Outline(page).count("img") == 0


def test_long_parameter_is_shortened(bench: Bench) -> None:
    assert b"x" * 301 not in web_flow(bench, client_id="x" * 20_000).body
