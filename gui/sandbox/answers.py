"""The table of answers: what the simulated Concur says in place of the normal answer, and how it delivers it.

Everything that rehearses a failure goes through here. An entry hangs on one token (a request, access or refresh
token) or on an endpoint; the token's entry comes first.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Protocol, TypeVar

from gui.loopback.http import Delivery, Response
from gui.loopback.pages import PAGE_HEADERS
from gui.sandbox.errors import Refused
from gui.sandbox.replies import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gui.concur.models import Headers

_Key = TypeVar("_Key")


class Endpoint(Enum):
    """What a call is for, in either contract."""

    EXCHANGE = "exchange"
    REFRESH = "refresh"
    REVOKE = "revoke"
    REVOKE_ALL = "revoke all"
    PROBE = "probe"
    NATIVE = "native sign-in"


@dataclass(frozen=True, slots=True)
class Answer:
    """One entry of the table. The body decides: without one the call is processed and answered as ever."""

    status: int | None = None
    """Takes the place of the status; None keeps it, or is 200 where nothing was processed."""
    headers: Headers = ()
    """Take the place of headers of the same name, or come on top. A given body brings no Content-Type of its own."""
    body: bytes | None = field(default=None, repr=False)
    """None for the normal one. A given body, an empty one too, is sent *without* processing the call."""
    delivery: Delivery = field(default_factory=Delivery)
    times: int | None = None
    """After how many answers the entry is gone; None for never."""
    processed: bool = False
    """With a body: process the call all the same. A token is issued, and the client never hears of it."""


class AnswerTable:
    """Entries by token and by endpoint. Safe to change while calls are answered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_token: dict[str, Answer] = {}
        self._by_endpoint: dict[Endpoint, Answer] = {}

    def set_for_token(self, token: str, answer: Answer) -> None:
        """Answer so whatever call is about that request, access or refresh token."""
        with self._lock:
            self._by_token[token] = answer

    def set_for_endpoint(self, endpoint: Endpoint, answer: Answer) -> None:
        """Answer so whatever call comes to that endpoint."""
        with self._lock:
            self._by_endpoint[endpoint] = answer

    def clear_token(self, token: str) -> None:
        """Answer normally again; nothing happens where nothing was set."""
        with self._lock:
            self._by_token.pop(token, None)

    def clear_endpoint(self, endpoint: Endpoint) -> None:
        """Answer normally again; nothing happens where nothing was set."""
        with self._lock:
            self._by_endpoint.pop(endpoint, None)

    def clear(self) -> None:
        """Answer everything normally again."""
        with self._lock:
            self._by_token.clear()
            self._by_endpoint.clear()

    def take(self, endpoint: Endpoint, tokens: Sequence[str]) -> Answer | None:
        """Return the entry for this call and count it as used."""
        with self._lock:
            for token in tokens:
                if token in self._by_token:
                    return _use(self._by_token, token)
            return _use(self._by_endpoint, endpoint) if endpoint in self._by_endpoint else None


def answered(answer: Answer, process: Callable[[], Response]) -> Response:
    """Return the response that the entry asks for; `process` is called where it wants the call processed."""
    if answer.body is None:
        normal = process()
        status, headers, body = answer.status or normal.status, normal.headers, normal.body
    else:
        if answer.processed:
            process()
        status, headers, body = answer.status or 200, PAGE_HEADERS, answer.body
    given = {name.lower() for name, _ in answer.headers}
    kept = tuple((name, value) for name, value in headers if name.lower() not in given)
    return Response(status, (*answer.headers, *kept), body, answer.delivery)


class Call(Protocol):
    """One call as it is worked on."""

    endpoint: Endpoint
    outcome: str
    notes: list[str]


def reply_to(
    call: Call,
    answers: AnswerTable,
    normal: Callable[[], Response],
    refused: Callable[[Refused], Reply],
    token: str = "",
) -> Reply:
    """Answer a call as the table has it, or normally; a refusal is a normal answer too. `token`: what it is about."""

    def process() -> Response:
        try:
            return normal()
        except Refused as caught:
            refusal = caught
        return refused(refusal).response

    answer = answers.take(call.endpoint, (token,) if token else ())
    if answer is None:
        response = process()
    else:
        response = answered(answer, process)
        call.notes.append("answered as the table of answers has it")
    return Reply(response, call.endpoint.value, call.outcome or "not processed", tuple(call.notes))


def _use(entries: dict[_Key, Answer], key: _Key) -> Answer:
    answer = entries[key]
    if answer.times is not None:
        if answer.times > 1:
            entries[key] = replace(answer, times=answer.times - 1)
        else:
            del entries[key]
    return answer
