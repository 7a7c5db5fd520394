from __future__ import annotations

import pytest

from gui.concur.errors import RequestTokenEmpty, RequestTokenMissing
from gui.concur.models import Denial
from gui.loopback.guard import Stray
from gui.loopback.listener import OtherRequestToken, RedirectDenied, RedirectMissed, RedirectRefused, StrayArrived
from gui.session.redirect_news import QUIET_S, RedirectNews

MISSING = RedirectRefused(RequestTokenMissing(expected="code", other_parameters=1))
EMPTY = RedirectRefused(RequestTokenEmpty(parameter="code"))
DENIED = RedirectDenied(Denial(error="access_denied", description=""))


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(MISSING, id="refused"),
        pytest.param(DENIED, id="denied"),
        pytest.param(OtherRequestToken(), id="other request token"),
    ],
)
def test_the_same_again_is_no_news_for_a_while(event: RedirectRefused) -> None:
    clock = Clock()
    news = RedirectNews(clock)
    assert news.is_news(event)
    clock.now += QUIET_S - 0.01
    assert not news.is_news(event)
    clock.now += 0.02  # counted from when it was told, or a flood would keep it from being told for ever
    assert news.is_news(event)


def test_another_refusal_is_news() -> None:
    news = RedirectNews(Clock())
    assert [news.is_news(event) for event in (MISSING, EMPTY, DENIED, MISSING)] == [True, True, True, False]


def test_what_comes_once_is_always_told() -> None:
    news = RedirectNews(Clock())
    for event in (RedirectMissed("/redirekt"), StrayArrived(Stray.OTHER_PATH)):
        assert news.is_news(event)
        assert news.is_news(event)
