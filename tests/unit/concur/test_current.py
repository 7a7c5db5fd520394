from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, quote, urlsplit

import pytest

from gui.concur.current import CurrentContract
from gui.concur.data_centres import CURRENT_DATA_CENTRES
from gui.concur.errors import (
    GrantRefused,
    RedirectError,
    RedirectOfOtherContract,
    RedirectParameterRepeated,
    RedirectStateMissing,
    RedirectStateWrong,
    RedirectUndecodable,
    RequestTokenEmpty,
    RequestTokenMissing,
    SignInNotStarted,
)
from gui.concur.geolocation import is_geolocation
from gui.concur.legacy import LegacyContract
from gui.concur.models import Application, Denial, ErrorDocument, LiveToken, Operation, Origin, RequestToken
from gui.concur.redaction import Redactor
from tests.flow.canaries import ACCESS_TOKEN, CODE, NOW, REFRESH_TOKEN, words_of
from tests.flow.spoken import CURRENT_SPOKEN, GEOLOCATION, PRINCIPAL_ID
from tests.unit.concur.samples import answer

GLZ = "https://glz.api.concursolutions.com"
USER_ID = "0a1b2c3d-0000-4111-8222-333344445555"
CONNECTED = RequestToken(CODE, NOW, principal_id=PRINCIPAL_ID)
APPLICATION = Application(
    base_url=GLZ,
    consumer_key="a1b2c3d4-1111-4222-8333-444455556666",
    consumer_secret="s",
    redirect_url="http://localhost:8765/redirect?x=1&y=2",
    scopes=("openid", "user.read"),
)


def read(query: str, origin: Origin = Origin.APP_CENTER, state: str | None = None) -> RequestToken | Denial:
    return CurrentContract().read_redirect(query, origin=origin, expected_state=state, received_at=NOW)


# The way to the browser


def test_sign_in_url() -> None:
    assert CurrentContract().sign_in_url(APPLICATION, "a+b/c=") == (
        "https://www-glz.api.concursolutions.com/oauth2/v0/authorize?client_id=a1b2c3d4-1111-4222-8333-444455556666"
        "&redirect_uri=http%3A%2F%2Flocalhost%3A8765%2Fredirect%3Fx%3D1%26y%3D2&scope=openid%20user.read"
        "&response_type=code&state=a%2Bb%2Fc%3D"
    )


@pytest.mark.parametrize("base_url", [centre.base_url for centre in CURRENT_DATA_CENTRES])
def test_browsers_have_hosts_of_their_own_at_concur(base_url: str) -> None:
    url = CurrentContract().sign_in_url(replace(APPLICATION, base_url=base_url), "s")
    assert urlsplit(url).hostname == f"www-{urlsplit(base_url).hostname}"
    assert dict(parse_qsl(urlsplit(url).query))["scope"] == "openid user.read"


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:49215", "https://concur.example", "http://localhost:1"])
def test_browsers_go_to_the_base_url_elsewhere(base_url: str) -> None:
    url = CurrentContract().sign_in_url(replace(APPLICATION, base_url=base_url), "s")
    assert url.startswith(f"{base_url}/oauth2/v0/authorize?client_id=")


# The redirect of App Center


@pytest.mark.parametrize(
    ("id_name", "token_name"),
    list(itertools.product(["id", "ID", "Id", "iD"], ["requestToken", "requesttoken", "REQUESTTOKEN", "RequestToken"])),
)
def test_names_in_any_case(id_name: str, token_name: str) -> None:
    pieces = [f"{id_name}={PRINCIPAL_ID}", f"{token_name}={CODE}"]
    for query in ("&".join(pieces), "&".join(reversed(pieces)), "&&".join(["utm=1", *pieces, ""])):
        assert read(query) == CONNECTED


@pytest.mark.parametrize("name", ["userId", "userID", "userid", "USERID", "UserId"])
def test_user_of_a_company_connection(name: str) -> None:
    assert read(f"id={PRINCIPAL_ID}&{name}={USER_ID}&requestToken={CODE}") == replace(CONNECTED, user_id=USER_ID)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(f"id={PRINCIPAL_ID}&requestToken={CODE}&userId=", CONNECTED, id="empty userId"),
        pytest.param(f"id={PRINCIPAL_ID}&requestToken={CODE}&state=whatever", CONNECTED, id="state nobody asked for"),
        pytest.param(f"id={PRINCIPAL_ID}&requestToken={CODE}&code=x", CONNECTED, id="a code beside it"),
        pytest.param(f"id={PRINCIPAL_ID}&requestToken={CODE}&error=x", CONNECTED, id="an error beside it"),
        pytest.param(
            f"id={PRINCIPAL_ID}&requestToken={CODE}&geolocation=https://x.invalid",
            CONNECTED,
            id="place nobody asked for",
        ),
        pytest.param("%69%64=a&request%54oken=b%2Bc", RequestToken("b+c", NOW, principal_id="a"), id="names encoded"),
    ],
)
def test_read_redirect(query: str, expected: RequestToken) -> None:
    assert read(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(
            "error_code=user_denied&error_description=User+said+no",
            Denial("user_denied", "User said no"),
            id="error_code",
        ),
        pytest.param("error=access_denied&error_description=No", Denial("access_denied", "No"), id="error"),
        pytest.param("ERROR_CODE=a&Error_Description=b", Denial("a", "b"), id="other case"),
        pytest.param("error_code=a&error=b", Denial("a", ""), id="both: error_code"),
        pytest.param("error_code=&error=b", Denial("b", ""), id="both, one of them empty"),
        pytest.param("error_code=", Denial("", ""), id="empty"),
        pytest.param("error", Denial("", ""), id="no value"),
        pytest.param("id=&requestToken=&error_code=a", Denial("a", ""), id="empty token and an error"),
        pytest.param(f"id={PRINCIPAL_ID}&error_code=a", Denial("a", ""), id="half a token and an error"),
        pytest.param(
            "error_code=" + "x" * 900 + "&error_description=" + "y" * 900, Denial("x" * 500, "y" * 500), id="long"
        ),
    ],
)
@pytest.mark.parametrize("origin", Origin)
def test_denied(query: str, expected: Denial, origin: Origin) -> None:
    assert read(query, origin) == expected


@pytest.mark.parametrize(
    ("query", "error"),
    [
        pytest.param("", RequestTokenMissing, id="nothing"),
        pytest.param("error_description=x", RequestTokenMissing, id="a description of no error"),
        pytest.param("id=a", RequestTokenMissing, id="id alone"),
        pytest.param(f"requestToken={CODE}", RequestTokenMissing, id="request token alone"),
        pytest.param("id=&requestToken=b", RequestTokenEmpty, id="empty id"),
        pytest.param("id=%20&requestToken=b", RequestTokenEmpty, id="blank id"),
        pytest.param("id=a&requestToken=", RequestTokenEmpty, id="empty request token"),
        pytest.param("id=a&requestToken=+%20", RequestTokenEmpty, id="blank request token"),
        pytest.param("id&requestToken", RequestTokenEmpty, id="no values"),
        pytest.param("id=a&id=a&requestToken=b", RedirectParameterRepeated, id="id twice"),
        pytest.param("id=a&requestToken=b&REQUESTTOKEN=c", RedirectParameterRepeated, id="twice in two cases"),
        pytest.param("id=a&requestToken=b&userId=c&userID=d", RedirectParameterRepeated, id="user twice"),
        pytest.param("error=a&error=b", RedirectParameterRepeated, id="error twice"),
        pytest.param("geolocation=a&Geolocation=b", RedirectParameterRepeated, id="place twice"),
        pytest.param("id=%zz&requestToken=b", RedirectUndecodable, id="bad escape"),
        pytest.param("id=a%0d%0aX-Evil:1&requestToken=b", RedirectUndecodable, id="line break"),
        pytest.param("id=%ff&requestToken=b", RedirectUndecodable, id="not UTF-8"),
        pytest.param("id=%ed%a0%80&requestToken=b", RedirectUndecodable, id="half a character"),
        pytest.param("id=" + "a" * 20_000, RedirectUndecodable, id="endless"),
        pytest.param(f"code={CODE}", RedirectOfOtherContract, id="the legacy contract's redirect"),
        pytest.param(f"CODE={CODE}", RedirectOfOtherContract, id="the same in another case"),
        pytest.param(f"code={CODE}&state=x", RedirectOfOtherContract, id="its web flow"),
        pytest.param(f"code={CODE}&geolocation={GEOLOCATION}", SignInNotStarted, id="our web flow, not asked for"),
    ],
)
def test_redirect_refused(query: str, error: type[RedirectError]) -> None:
    with pytest.raises(error) as caught:
        read(query)
    assert type(caught.value) is error
    assert CODE not in words_of(caught.value)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("id=a", "requestToken"), ("requestToken=a", "id"), ("", "id"), ("id=a&x=1&y=2", "requestToken")],
)
def test_what_is_missing_is_named(query: str, parameter: str) -> None:
    with pytest.raises(RequestTokenMissing) as caught:
        read(query)
    assert caught.value.expected == parameter


def test_each_contract_knows_the_redirect_of_the_other() -> None:
    with pytest.raises(RedirectOfOtherContract) as of_legacy:
        read(f"code={CODE}")
    with pytest.raises(RedirectOfOtherContract) as of_current:
        LegacyContract().read_redirect(
            f"id={PRINCIPAL_ID}&requestToken={CODE}", origin=Origin.APP_CENTER, expected_state=None, received_at=NOW
        )
    assert (of_legacy.value.other, of_legacy.value.found) == ("legacy", "code")
    assert (of_current.value.other, of_current.value.expected) == ("current", "code")


@pytest.mark.parametrize("code", [CODE, "a+b/c=$d", "a b&c=d#e?f%g", "é🔑"])
def test_bare_code_lacks_its_id(code: str) -> None:
    query = CurrentContract().query_of_bare_code(code)
    assert query == "requestToken=" + quote(code, safe="")
    with pytest.raises(RequestTokenMissing) as caught:
        read(query)
    assert caught.value.expected == "id"


# The web flow


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(
            f"geolocation={quote(GEOLOCATION, safe='')}&code={CODE}&state=expected",
            RequestToken(CODE, NOW, geolocation=GEOLOCATION),
            id="as documented",
        ),
        pytest.param(f"code={CODE}&state=expected", RequestToken(CODE, NOW), id="no place"),
        pytest.param(f"code={CODE}&state=expected&geolocation=", RequestToken(CODE, NOW), id="empty place"),
        pytest.param(f"Code={CODE}&STATE=expected", RequestToken(CODE, NOW), id="other case"),
        pytest.param(f"code={CODE}&state=expected&error=x", RequestToken(CODE, NOW), id="an error beside it"),
        pytest.param(f"id={PRINCIPAL_ID}&requestToken={CODE}&state=expected", CONNECTED, id="as from App Center"),
        pytest.param("error_code=user_denied&state=expected", Denial("user_denied", ""), id="denied"),
    ],
)
def test_web_flow(query: str, expected: RequestToken | Denial) -> None:
    assert read(query, Origin.WEB_FLOW, "expected") == expected


@pytest.mark.parametrize(
    ("query", "error"),
    [
        pytest.param(f"code={CODE}", RedirectStateMissing, id="missing"),
        pytest.param(f"code={CODE}&state=", RedirectStateMissing, id="empty"),
        pytest.param(f"code={CODE}&state=Expected", RedirectStateWrong, id="other case"),
        pytest.param(f"code={CODE}&state=é", RedirectStateWrong, id="not ASCII"),
        pytest.param(f"id={PRINCIPAL_ID}&requestToken={CODE}&state=wrong", RedirectStateWrong, id="as from App Center"),
        pytest.param("error_code=user_denied", RedirectStateMissing, id="denial without state"),
        pytest.param("error_code=user_denied&state=wrong", RedirectStateWrong, id="denial with a wrong state"),
        pytest.param("state=wrong", RedirectStateWrong, id="judged before the code is missed"),
        pytest.param("state=expected&code=", RequestTokenEmpty, id="empty code"),
        pytest.param("state=expected", RequestTokenMissing, id="no code"),
    ],
)
def test_web_flow_refused(query: str, error: type[RedirectError]) -> None:
    with pytest.raises(error) as caught:
        read(query, Origin.WEB_FLOW, "expected")
    assert type(caught.value) is error
    assert CODE not in words_of(caught.value)


# Where the consumer secret may go


@pytest.mark.parametrize(
    ("there", "asked", "may"),
    [
        pytest.param(GEOLOCATION, GLZ, True, id="one of Concur's"),
        pytest.param("https://cn.api.concurcdc.cn", GLZ, True, id="in China"),
        pytest.param("https://US.API.ConcurSolutions.COM", GLZ, True, id="capitals"),
        pytest.param("https://us.api.concursolutions.com:443", GLZ, True, id="the usual port"),
        pytest.param("https://us.api.concursolutions.com/", GLZ, True, id="slash at the end"),
        pytest.param(GEOLOCATION, "https://www.concursolutions.com", True, id="asked elsewhere at Concur"),
        pytest.param("https://us.api.concursolutions.com:8443", GLZ, False, id="another port"),
        pytest.param("http://us.api.concursolutions.com", GLZ, False, id="http"),
        pytest.param("https://evil.concursolutions.com", GLZ, False, id="no data centre of Concur's"),
        pytest.param("https://evilapi.concursolutions.com", GLZ, False, id="looks like one"),
        pytest.param("https://api.concursolutions.com.evil.example", GLZ, False, id="as the beginning"),
        pytest.param("https://evil.example/us.api.concursolutions.com", GLZ, False, id="in the path"),
        pytest.param("https://evil.example?us.api.concursolutions.com", GLZ, False, id="in the query"),
        pytest.param("https://evil.example#.api.concursolutions.com", GLZ, False, id="in the fragment"),
        pytest.param("https://evil.example\\.api.concursolutions.com", GLZ, False, id="behind a backslash"),
        pytest.param("https://evil.example\\@us.api.concursolutions.com", GLZ, False, id="behind both"),
        pytest.param("https://evil.example%2f.api.concursolutions.com", GLZ, False, id="behind an escape"),
        pytest.param("https://evil.example;.api.concursolutions.com", GLZ, False, id="behind a semicolon"),
        pytest.param("https://us.api.concursolutions.com@evil.example", GLZ, False, id="as a user"),
        pytest.param("https://@us.api.concursolutions.com", GLZ, False, id="empty user"),
        pytest.param("https://evil.example\t.api.concursolutions.com", GLZ, False, id="behind a tab"),
        pytest.param("https://\uff55\uff53.api.concursolutions.com", GLZ, False, id="wide letters"),
        pytest.param("https://us.api.concursolutions.com\u3002evil.example", GLZ, False, id="ideographic full stop"),
        pytest.param("https://us.api.concursolutions.com?x=1", GLZ, False, id="a query"),
        pytest.param("https://us.api.concursolutions.com:port", GLZ, False, id="port that is none"),
        pytest.param("https://us.api.concursolutions.com:99999", GLZ, False, id="port that is too high"),
        pytest.param("https://127.0.0.1", GLZ, False, id="this machine"),
        pytest.param("https://[::1]", GLZ, False, id="this machine, the other family"),
        pytest.param("us.api.concursolutions.com", GLZ, False, id="no scheme"),
        pytest.param("//us.api.concursolutions.com", GLZ, False, id="no scheme, slashes"),
        pytest.param("HTTPS://us.api.concursolutions.com", GLZ, False, id="scheme in capitals"),
        pytest.param("file:///etc/passwd", GLZ, False, id="file"),
        pytest.param("", GLZ, False, id="nothing"),
        pytest.param("https://", GLZ, False, id="no host"),
        pytest.param(GEOLOCATION, "https://concur.example", False, id="Concur's, and another company's is asked"),
        pytest.param(GEOLOCATION, "https://notconcursolutions.com", False, id="and one that looks like Concur's"),
        pytest.param(GEOLOCATION, "http://us.api.concursolutions.com", False, id="and one without encryption"),
        pytest.param(GEOLOCATION, "http://127.0.0.1:8180", False, id="Concur's, and a simulated one is asked"),
        pytest.param("https://concur.example/two", "https://concur.example", True, id="base path of the same host"),
        pytest.param("https://concur.example:443", "https://concur.example", True, id="the same port in words"),
        pytest.param("https://concur.example:8443", "https://concur.example", False, id="another port of it"),
        pytest.param("https://two.concur.example", "https://concur.example", False, id="a host below it"),
        pytest.param("http://concur.example", "https://concur.example", False, id="the same without encryption"),
        pytest.param("http://127.0.0.1:8180/sandbox/data-centre-2", "http://127.0.0.1:8180", True, id="simulated"),
        pytest.param("http://localhost:8180", "http://127.0.0.1:8180", True, id="simulated, another name"),
        pytest.param("http://[::1]:8180", "http://localhost:8180", True, id="simulated, the other family"),
        pytest.param("https://concur.example:0", "https://concur.example", False, id="port 0 of it"),
        pytest.param("https://us.api.concursolutions.com:0", GLZ, False, id="port 0 of Concur's"),
        pytest.param("http://evil.localhost:8180", "http://127.0.0.1:8180", False, id="a name below localhost"),
        pytest.param("http://127.0.0.2:8180", "http://127.0.0.1:8180", False, id="another address of this machine"),
        pytest.param("http://127.0.0.2:8180/two", "http://127.0.0.2:8180", True, id="the same one"),
        pytest.param("http://127.0.0.1:8181", "http://127.0.0.1:8180", False, id="another port of this machine"),
        pytest.param("http://evil.example\\.localhost:8180", "http://127.0.0.1:8180", False, id="simulated, backslash"),
        pytest.param("http://evil.example:8180", "http://127.0.0.1:8180", False, id="simulated asked, another machine"),
        pytest.param("https://evil.example", "http://127.0.0.1:8180", False, id="simulated asked, another's https"),
        pytest.param("http://127.0.0.1:443", GLZ, False, id="simulated one answers for Concur"),
    ],
)
def test_geolocation(there: str, asked: str, may: bool) -> None:  # noqa: FBT001  # a column of the table
    assert is_geolocation(there, asked) is may


@pytest.mark.parametrize(
    ("geolocation", "home"),
    [
        pytest.param(GEOLOCATION, GEOLOCATION, id="named"),
        pytest.param(f"{GEOLOCATION}/", GEOLOCATION, id="with a slash at the end"),
        pytest.param("", "https://eu.api.concursolutions.com", id="none named: who answered"),
        pytest.param("https://evil.example", "https://eu.api.concursolutions.com", id="made up: who answered"),
    ],
)
def test_home_of_a_token(geolocation: str, home: str) -> None:
    body = CURRENT_SPOKEN.document.replace(GEOLOCATION.encode(), geolocation.encode())
    exchange = answer(body, url="https://eu.api.concursolutions.com/oauth2/v0/token")
    document = CURRENT_SPOKEN.read(exchange, Redactor())
    assert document.instance_url == (geolocation or None)
    assert CurrentContract().home_of(document, GLZ) == home


LIVE = LiveToken(ACCESS_TOKEN, REFRESH_TOKEN, GLZ, None, expires_at=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("token", "usable"),
    [
        pytest.param(LIVE, True, id="an hour to go"),
        pytest.param(replace(LIVE, expires_at=None), True, id="nobody knows"),
        pytest.param(replace(LIVE, access_token=""), False, id="not in this process"),
        pytest.param(replace(LIVE, expires_at=NOW), False, id="over"),
        pytest.param(replace(LIVE, expires_at=NOW + timedelta(seconds=29)), False, id="over on the way"),
        pytest.param(replace(LIVE, expires_at=NOW + timedelta(seconds=31)), True, id="long enough"),
    ],
)
def test_when_an_access_token_is_usable(token: LiveToken, *, usable: bool) -> None:
    assert CurrentContract().is_usable(token, NOW) is usable


def refused(code: int | None, status: int = 400) -> GrantRefused:
    return GrantRefused(
        operation=Operation.REFRESH, host="h", status=status, document=ErrorDocument("no", "", "", code)
    )


@pytest.mark.parametrize(
    ("error", "dead"),
    [
        pytest.param(refused(108), True, id="108"),
        pytest.param(refused(108, 401), True, id="108 with 401"),
        pytest.param(refused(108, 503), False, id="108 of a server that fails"),
        pytest.param(refused(103), False, id="another code"),
        pytest.param(refused(None), False, id="no code"),
        pytest.param(ValueError(108), False, id="another error"),
    ],
)
def test_when_a_refresh_token_is_dead(error: Exception, *, dead: bool) -> None:
    assert CurrentContract().is_refresh_refused(error) is dead
