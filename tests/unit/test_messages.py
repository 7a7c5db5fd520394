from __future__ import annotations

from pathlib import Path

import pytest

from gui.concur import errors as wire
from gui.concur.errors import FlowError
from gui.concur.models import (
    ErrorDocument,
    Operation,
    Remark,
)
from gui.flow.issuing import surely_issued_nothing
from gui.loopback.errors import PortInUse
from gui.messages import MESSAGES, OPERATIONS, REMARKS, message_for
from gui.store.errors import FileUnreadable, IssuedTokenFileCorrupt
from tests.sample_errors import CONCRETE, built, subclasses


@pytest.mark.parametrize("kind", CONCRETE)
def test_every_error_has_an_entry_of_its_own(kind: type[FlowError]) -> None:
    assert kind in MESSAGES


def test_every_entry_is_of_an_error_that_exists() -> None:
    assert set(MESSAGES) <= set(subclasses(FlowError))


def test_a_missing_entry_would_be_seen() -> None:
    assert wire.HostNotFound in CONCRETE
    assert wire.WireError not in CONCRETE


@pytest.mark.parametrize("bare", [pytest.param(False, id="all facts"), pytest.param(True, id="facts missing")])
@pytest.mark.parametrize("kind", CONCRETE)
def test_its_words_are_whole_sentences(kind: type[FlowError], *, bare: bool) -> None:
    message = message_for(built(kind, bare=bare))
    for part in (message.title, message.text, message.advice):
        assert part == part.strip()
        assert not any(mark in part for mark in ("{", "}", "None", "()", "<", "  ", " .", " ,", "..", "Operation."))
    assert not message.title.endswith(".")
    assert len(message.title) < 80
    assert message.text.endswith((".", "sample")), message.text
    assert message.advice.endswith((".", "?")), message.advice
    assert message.title[0].isupper() or kind in {wire.HostNotFound, wire.ConnectionRefused, wire.ConnectTimedOut}


@pytest.mark.parametrize("kind", CONCRETE)
def test_no_word_comes_from_an_answer_or_a_token(kind: type[FlowError]) -> None:
    error = built(kind, bare=False)
    message = message_for(error)
    assert "canary" not in f"{message} {error!r} {error}"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        pytest.param(
            PortInUse(port=8765, addresses=("127.0.0.1",), holder="node (process 4711)"),
            "listens there, on 127.0.0.1: node (process 4711).",
            id="holder known",
        ),
        pytest.param(
            PortInUse(port=8765, addresses=("127.0.0.1", "::1"), holder=None),
            "listens there, on 127.0.0.1 and ::1.",
            id="holder not known",
        ),
        pytest.param(
            FileUnreadable(path=Path("a") / "b.json", reason="EACCES"), "b.json: the system says EACCES.", id="path"
        ),
        pytest.param(
            IssuedTokenFileCorrupt(path=Path("a.json"), set_aside=None, reason="not UTF-8"),
            "could not be renamed",
            id="corrupt file that stays",
        ),
        pytest.param(
            wire.ProxyFailed(operation=Operation.PROBE, host="concur.example", proxy="proxy:3128", status=None),
            "it did not let the request through.",
            id="proxy without a status",
        ),
        pytest.param(
            wire.ProxyFailed(operation=Operation.PROBE, host="concur.example", proxy="proxy:3128", status=407),
            "it answered with status 407.",
            id="proxy with a status",
        ),
        pytest.param(
            wire.ProxyFailed(
                operation=Operation.PROBE,
                host="concur.example",
                proxy="proxy:3128",
                status=None,
                trouble=wire.ProxyTrouble.REFUSED,
            ),
            "it refused the connection.",
            id="proxy that is not there",
        ),
    ],
)
def test_facts_stand_in_the_words(error: FlowError, expected: str) -> None:
    assert expected in message_for(error).text


@pytest.mark.parametrize("trouble", wire.ProxyTrouble)
@pytest.mark.parametrize(
    ("proxy", "title"),
    [
        pytest.param("proxy:3128", "The proxy proxy:3128 could not be used", id="named"),
        pytest.param("", "The proxy could not be used", id="nameless"),
    ],
)
def test_words_for_a_proxy(proxy: str, title: str, trouble: wire.ProxyTrouble) -> None:
    error = wire.ProxyFailed(
        operation=Operation.PROBE, host="concur.example", proxy=proxy, status=None, trouble=trouble
    )
    message = message_for(error)
    assert message.title == title
    assert message.text == f"The reason: {trouble.value}. Nothing reached concur.example."


def test_a_token_that_still_works_is_not_said_to_be_revoked() -> None:
    # It is met after a revoke that Concur did not confirm as well.
    error = wire.TokenStillAccepted(operation=Operation.PROBE, host="concur.example", status=200)
    assert "confirmed" not in message_for(error).text


@pytest.mark.parametrize(
    "kind", [kind for kind in CONCRETE if issubclass(kind, wire.WireError) and kind is not wire.RevokeRoleMissing]
)
def test_words_of_the_wire_are_true_of_both_contracts(kind: type[wire.WireError]) -> None:
    error = built(kind, bare=False)
    assert isinstance(error, wire.WireError)
    error.by_instance_url = True
    message = message_for(error)
    words = f"{message.title} {message.text} {message.advice}"
    for of_one in ("Instance_Url", "geolocation", "its Token", "element", "answered with nothing", "XML"):
        assert of_one not in words


TELLS_NO_TOKEN = (
    wire.ConcurRefused,
    wire.ConcurFailed,
    wire.AuthorizationRefused,
    wire.RevokeUnconfirmed,
    wire.TokenStillAccepted,
    wire.ProofUnclear,
)
"""Answers that are no document of a token: a refusal, or those to other calls than an exchange and a refresh."""


@pytest.mark.parametrize(
    "kind",
    [kind for kind in CONCRETE if issubclass(kind, wire.AnswerError) and not issubclass(kind, TELLS_NO_TOKEN)],
)
def test_where_nobody_knows_whether_there_is_a_token_the_note_of_it_is_told(kind: type[wire.AnswerError]) -> None:
    error = built(kind, bare=False)
    assert isinstance(error, wire.WireError)
    assert not surely_issued_nothing(error)
    assert "it is noted under Issued tokens" in message_for(error).text


def test_all_that_a_token_belongs_to_is_named() -> None:
    text = message_for(wire.TokenOfAnotherApplication(base_url="https://concur.example")).text
    assert "another base URL, consumer key or contract" in text


def test_a_taken_port_may_be_the_sandboxes() -> None:
    text = message_for(PortInUse(port=8765, addresses=("127.0.0.1",), holder=None)).text
    assert "redirect" not in text
    assert "listener" not in text


@pytest.mark.parametrize("kind", CONCRETE)
def test_words_fit_the_command_line_too(kind: type[FlowError]) -> None:
    message = message_for(built(kind, bare=False))
    words = f"{message.title} {message.text} {message.advice}".replace("The window's timeline", "")
    for phrase in ("Paste redirect", "from the list", "timeline", "lick ", "this window", "in another window"):
        assert phrase not in words


def test_a_refusal_without_a_message_reads_well() -> None:
    empty = wire.ConcurRefused(
        operation=Operation.EXCHANGE, host="concur.example", status=403, document=ErrorDocument("", "", "")
    )
    assert message_for(empty).text == "Status 403: it gives no reason."


def test_tables_of_remarks_and_operations_are_complete() -> None:
    assert set(REMARKS) == set(Remark)
    assert set(OPERATIONS) == set(Operation)
    assert all(words.endswith(".") for words in REMARKS.values())
    assert all(words == words.strip() and words for words in OPERATIONS.values())


@pytest.mark.parametrize(
    ("error", "description", "said"),
    [
        pytest.param("", " ", "no more than that", id="not a word"),
        pytest.param("access_denied", "", "access_denied", id="error"),
        pytest.param("user_denied", "He did not", "user_denied: He did not", id="both"),
    ],
)
def test_a_denial_says_what_it_was_given(error: str, description: str, said: str) -> None:
    told = message_for(wire.AccessDenied(error=error, description=description))
    assert told.text == f"The redirect says: {said}."
