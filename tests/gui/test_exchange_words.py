from __future__ import annotations

from typing import Any

import pytest

from gui.concur import errors
from gui.concur.models import Direction, Operation
from gui.widgets.exchange_words import (
    FAILURES,
    failure_words,
    has_failed,
    masked_url,
    operation_words,
    printable,
    redactor_of_request,
    what_of,
)
from gui.widgets.secret_reveal import TEXT_MASK
from tests.flow.canaries import CODE, CONSUMER_SECRET, secrets_in
from tests.gui.exchanges import exchange, redirect, unanswered


def _leaves(kind: type[errors.FlowError]) -> list[type[errors.FlowError]]:
    return [kind] + [leaf for child in kind.__subclasses__() for leaf in _leaves(child)]


def _recorded() -> list[type[errors.FlowError]]:
    """Errors that an exchange can be recorded with: those about an answer's contents come later."""
    kinds = _leaves(errors.WireError) + _leaves(errors.RedirectError)
    abstract = {errors.WireError, errors.RedirectError, errors.PastedRedirectForeign}
    return [kind for kind in kinds if kind not in abstract and not issubclass(kind, errors.AnswerError)]


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.__name__) for kind in _recorded()])
def test_every_failure_of_an_exchange_has_its_few_words(kind: type[errors.FlowError]) -> None:
    assert kind.__name__ in FAILURES
    assert len(failure_words(kind.__name__)) <= 22


def test_a_failure_without_an_entry_is_told_by_its_name() -> None:
    assert failure_words("SomethingQuiteNew") == "something quite new"


def test_no_entry_is_left_over() -> None:
    assert set(FAILURES) == {kind.__name__ for kind in _recorded()}


@pytest.mark.parametrize("operation", list(Operation))
def test_every_operation_has_words(operation: Operation) -> None:
    assert operation_words(operation)


@pytest.mark.parametrize(
    ("changes", "failed"),
    [
        pytest.param({}, False, id="200"),
        pytest.param({"status": 302}, False, id="302"),
        pytest.param({"status": 400}, True, id="400"),
        pytest.param({"status": 503}, True, id="503"),
        pytest.param({"failure": "AnswerCutOff"}, True, id="200 and cut off"),
        pytest.param({"status": None}, True, id="no answer"),
        pytest.param({"status": 401, "refused_as_due": True}, False, id="proof: refused, as it has to be"),
        pytest.param({"status": 401, "refused_as_due": False}, True, id="proof: refused for something else"),
        pytest.param({"status": 200, "refused_as_due": False}, True, id="proof: still accepted"),
        pytest.param({"status": 200, "refused_as_due": True}, False, id="proof: refused with 200"),
        pytest.param({"status": None, "failure": "AnswerTimedOut"}, True, id="proof: no answer"),
    ],
)
def test_what_counts_as_failed(changes: dict[str, Any], failed: bool) -> None:
    assert has_failed(exchange(**changes)) is failed


@pytest.mark.parametrize(
    ("url", "what"),
    [
        pytest.param(
            f"https://concur.example/a?code={CODE}&client_id=Key&client_secret={CONSUMER_SECRET}",
            "GET concur.example/a?code=0_Ca…&client_id=Key&client_secret=…",
            id="code and secret",
        ),
        pytest.param("https://h/?requesttoken=0_123456789012", "GET h/?requesttoken=0_12…", id="current contract"),
        pytest.param("http://h/r?code=0_1234&State=st%2Bate12345678", "GET h/r?code=…&State=…", id="state"),
        pytest.param("https://h/?code=0_1234", "GET h/?code=…", id="too short to show any of it"),
        pytest.param(f"https://h/?c%6Fde={CODE}", "GET h/?c%6Fde=0_Ca…", id="name percent-encoded"),
        pytest.param(f"https://u:{CONSUMER_SECRET}@h:8/x", "GET h:8/x", id="password"),
        pytest.param("https://h/?a=b&&c", "GET h/?a=b&&c", id="nothing secret"),
        pytest.param("https://h", "GET h", id="host alone"),
        pytest.param(f"https://h/{CODE}/x", "GET h/…/x", id="code in the path"),
        pytest.param(f"https://h/?n=http%3A//a%3Fcode%3D{CODE}", "GET h/?n=http%3A//a%3Fcode%3D…", id="URL in the URL"),
        pytest.param("http://[::1/?a=b", "GET [::1/?a=b", id="broken"),
        pytest.param("http://h/a\nb\u202ec?<b>", "GET h/a�b�c?<b>", id="hostile"),
        pytest.param("http://h/שלום", "GET h/שלום", id="right to left"),
    ],
)
def test_method_and_address_without_a_whole_secret(url: str, what: str) -> None:
    assert what_of(exchange(url=url)) == what


def test_what_came_in_has_no_host() -> None:
    assert what_of(redirect()) == "GET /redirect?code=0_Ca…"


@pytest.mark.parametrize("name", ["requestToken+", "requestToken[]", "code%20", "state[]"])
def test_a_name_with_more_behind_it_is_masked_like_itself(name: str) -> None:
    row = exchange(url=f"http://localhost:8765/redirect?{name}=Zx81unknown")
    assert "81unknown" not in what_of(row)
    assert masked_url(row) == f"http://localhost:8765/redirect?{name}={TEXT_MASK}"
    assert "Zx81unknown" not in redactor_of_request(row).text("it was Zx81unknown")


def test_a_masked_url_shows_nothing_of_a_secret_and_the_rest_whole() -> None:
    shown = masked_url(exchange(url=f"https://h/p?code={CODE}&client_id=Key&x=plain#token={CODE}"))
    assert shown == (f"https://h/p?code={TEXT_MASK}&client_id=Key&x=plain#token={TEXT_MASK}")


def test_the_state_of_a_sign_in_is_masked_as_well() -> None:
    row = redirect(url=f"http://localhost:8765/redirect?code={CODE}&state=st%2Bate12345678")
    assert masked_url(row) == f"http://localhost:8765/redirect?code={TEXT_MASK}&state={TEXT_MASK}"
    assert "12345678" not in redactor_of_request(row).text("<p>wrong state: st+ate12345678</p>")


def test_a_secret_of_the_request_is_masked_in_another_place_of_its_url() -> None:
    url = f"https://h/p?client_secret={CONSUMER_SECRET}&x={CONSUMER_SECRET}"
    assert secrets_in(masked_url(exchange(url=url))) == []


def test_an_unanswered_one_has_its_direction_too() -> None:
    assert unanswered().direction is Direction.OUT
    assert printable("a\tb") == "a�b"
