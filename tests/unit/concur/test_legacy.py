from __future__ import annotations

from urllib.parse import quote

import pytest

from gui.concur.contract import CURRENT
from gui.concur.errors import (
    RedirectError,
    RedirectOfOtherContract,
    RedirectParameterRepeated,
    RedirectStateMissing,
    RedirectStateWrong,
    RequestTokenEmpty,
    RequestTokenMissing,
)
from gui.concur.legacy import LegacyContract
from gui.concur.models import AccessTokenDocument, Application, Denial, Origin, RequestToken
from gui.concur.query import parse_query
from tests.flow.canaries import CODE, NOW, words_of

APPLICATION = Application(
    base_url="https://www.concursolutions.com",
    consumer_key="VDV5Y532NafK9mQx7TzR2B",
    consumer_secret="s",
    redirect_url="http://localhost:8765/redirect?x=1&y=2",
    scopes=("EXPRPT", "USER"),
)


def read(query: str, origin: Origin = Origin.APP_CENTER, state: str | None = None) -> RequestToken | Denial:
    return LegacyContract().read_redirect(query, origin=origin, expected_state=state, received_at=NOW)


def test_sign_in_url() -> None:
    assert LegacyContract().sign_in_url(APPLICATION, "a+b/c=") == (
        "https://www.concursolutions.com/net2/oauth2/Login.aspx?client_id=VDV5Y532NafK9mQx7TzR2B&scope=EXPRPT,USER"
        "&redirect_uri=http%3A%2F%2Flocalhost%3A8765%2Fredirect%3Fx%3D1%26y%3D2&state=a%2Bb%2Fc%3D"
    )


@pytest.mark.parametrize("code", [CODE, "a+b/c=$d", "a b&c=d#e?f%g", "é🔑"])
def test_query_of_bare_code_reads_back(code: str) -> None:
    query = LegacyContract().query_of_bare_code(code)
    assert query == "code=" + quote(code, safe="")
    assert read(query) == RequestToken(code, NOW)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(f"code={CODE}", RequestToken(CODE, NOW), id="code"),
        pytest.param(f"x=1&code={CODE}&utm=2", RequestToken(CODE, NOW), id="others beside it"),
        pytest.param(f"code={CODE}&state=whatever", RequestToken(CODE, NOW), id="state nobody asked for"),
        pytest.param(
            "error=access_denied&error_description=User+denied+access",
            Denial("access_denied", "User denied access"),
            id="denied",
        ),
        pytest.param("error=", Denial("", ""), id="empty error"),
        pytest.param("code=&error=x", Denial("x", ""), id="empty code and an error"),
        pytest.param("error=" + "x" * 900 + "&error_description=" + "y" * 900, Denial("x" * 500, "y" * 500), id="long"),
    ],
)
def test_read_redirect(query: str, expected: RequestToken | Denial) -> None:
    assert read(query) == expected


@pytest.mark.parametrize(
    ("query", "error"),
    [
        pytest.param("", RequestTokenMissing, id="nothing"),
        pytest.param("requestToken=a&id=b", RedirectOfOtherContract, id="the current contract's redirect"),
        pytest.param("REQUESTTOKEN=a&Id=b&userId=c", RedirectOfOtherContract, id="the same in another case"),
        pytest.param(f"code={CODE}&geolocation=https://us", RedirectOfOtherContract, id="its web flow"),
        pytest.param("error_code=user_denied&error_description=no", RedirectOfOtherContract, id="its denial"),
        pytest.param("ERROR_CODE=user_denied", RedirectOfOtherContract, id="its denial in another case"),
        pytest.param("requestToken=a", RequestTokenMissing, id="half of the current contract's"),
        pytest.param("code=", RequestTokenEmpty, id="empty"),
        pytest.param("code=%20+", RequestTokenEmpty, id="blank"),
        pytest.param("code", RequestTokenEmpty, id="no value"),
        pytest.param("code=a&code=b", RedirectParameterRepeated, id="twice"),
        pytest.param("error=a&error=b&code=c", RedirectParameterRepeated, id="error twice"),
    ],
)
def test_redirect_refused(query: str, error: type[RedirectError]) -> None:
    with pytest.raises(error):
        read(query)


def test_denial_of_the_current_contract_is_told_as_one() -> None:
    with pytest.raises(RedirectOfOtherContract) as caught:
        read("state=s&error_code=user_denied", origin=Origin.WEB_FLOW, state="s")
    assert (caught.value.found, caught.value.other) == ("error_code", CURRENT)


def test_missing_token_names_no_parameter() -> None:
    with pytest.raises(RequestTokenMissing) as caught:
        read(f"{CODE}&x=1")
    assert caught.value.other_parameters == 2
    assert CODE not in words_of(caught.value)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        pytest.param(f"code={CODE}", RedirectStateMissing, id="missing"),
        pytest.param(f"code={CODE}&state=", RedirectStateMissing, id="empty"),
        pytest.param(f"code={CODE}&state=Expected", RedirectStateWrong, id="other case"),
        pytest.param(f"code={CODE}&state=expected%20", RedirectStateWrong, id="longer"),
        pytest.param(f"code={CODE}&state=é", RedirectStateWrong, id="not ASCII"),
        pytest.param("error=access_denied&state=wrong", RedirectStateWrong, id="denial with a wrong state"),
        pytest.param("error=access_denied", RedirectStateMissing, id="denial without state"),
        pytest.param("state=wrong", RedirectStateWrong, id="judged before the code is missed"),
    ],
)
def test_state_of_the_web_flow(query: str, error: type[RedirectError]) -> None:
    with pytest.raises(error) as caught:
        read(query, Origin.WEB_FLOW, "expected")
    assert "expected" not in repr(caught.value).lower()


def test_right_state() -> None:
    assert read(f"code={CODE}&state=expected", Origin.WEB_FLOW, "expected") == RequestToken(CODE, NOW)
    assert parse_query(LegacyContract().sign_in_url(APPLICATION, "expected").partition("?")[2], frozenset())["state"]


@pytest.mark.parametrize(
    ("instance_url", "home"),
    [
        pytest.param("https://us.example/", "https://us.example/", id="as it came"),
        pytest.param("http://us.example/", None, id="without encryption"),
        pytest.param("\ud800", None, id="half a character, which no file can hold"),
        pytest.param("https://us.example/\u2028", None, id="a line separator, which no file of ours holds"),
        pytest.param(None, None, id="none"),
    ],
)
def test_home_of_a_token(instance_url: str | None, home: str | None) -> None:
    document = AccessTokenDocument("t", None, instance_url, None, None, b"", "")
    assert LegacyContract().home_of(document, "https://www.concursolutions.com") == home
