"""Texts with secrets in them: what of them is masked while nobody has asked to see it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from gui.concur.redaction import LONGEST_IN_A_PATTERN, NO_ERROR_NUMBER, REDACTED, SECRET_PARAMETERS, Redactor
from gui.widgets.body_text import encoding_of, read_body
from gui.widgets.secret_reveal import TEXT_MASK

if TYPE_CHECKING:
    from gui.concur.models import LiveToken
    from gui.widgets.body_text import BodyText

_LONGEST_SPELLING = 20
"""Characters for one of a secret's: "\\\\\\\\U0001f600" or "%25f0%259f%2598%2580"."""
_LEAST_MARGIN = 1_000
"""Characters. A secret that is known by its name or form alone is found by its beginning, however it ends."""

_NAMES = b"|".join(name.encode() for name in sorted(SECRET_PARAMETERS, key=len, reverse=True))
_NAMED_VALUE = re.compile(
    rb"(?i)<(?:[\w.-]+:)?(?:%(names)b)(?:\s[^<>]*)?>(?=\s*[^<\s])(?:\s*<!\[CDATA\[)?([^<]+)"
    rb"|\"%(no_number)b(?:%(names)b)\"\s*:\s*\"((?:[^\"\\]|\\.)*)"
    % {b"names": _NAMES, b"no_number": NO_ERROR_NUMBER.encode()}
)
"""The same names as the redactor's second net: what that finds elsewhere cannot be placed."""


def masked_text(text: str, secrets: Redactor) -> str:
    """Return a text in which every secret that can be found in it is masked."""
    return secrets.text(text).replace(REDACTED, TEXT_MASK)


def redactor_of_token(live: LiveToken, consumer_secret: str = "") -> Redactor:
    """Return a redactor that knows this token alone, and the secret that it was asked for with: both may be echoed."""
    secrets = Redactor()
    secrets.learn(live.access_token, live.refresh_token, consumer_secret)
    return secrets


def margin_for(secrets: Redactor) -> int:
    """Return how many characters beyond a cut have to be searched, so that no secret is cut into an unknown half."""
    return _LEAST_MARGIN + _LONGEST_SPELLING * secrets.longest


def beginning_of(body: bytes, secrets: Redactor | None, limit: int) -> BodyText:
    """Return the text of a body as far as it is shown, its secrets masked unless they may be seen.

    What it takes goes by the limit, not by the size of the body: one of a megabyte shall not hold up the window.
    """
    margin = 0 if secrets is None else margin_for(secrets)
    read = read_body(body, limit + margin + 1)
    text, whole = beginning_of_text(read.text, secrets, limit, whole=read.whole)
    return replace(read, text=text, whole=whole)


def beginning_of_text(text: str, secrets: Redactor | None, limit: int, *, whole: bool = True) -> tuple[str, bool]:
    """Return a text as far as it is shown, as above, and whether that is all of it; so it is not where `whole` is not.

    Of a text that goes on beyond what is given there must be as much as the margin asks for.
    """
    margin = 0 if secrets is None else margin_for(secrets)
    cut = not whole or len(text) > limit + margin
    text = text[: limit + margin]
    if secrets is not None:
        text = masked_text(text, secrets)
        if cut and not text.endswith(TEXT_MASK):  # then there is no half of a secret at the end
            text = text[:-margin]  # masks are shorter than what they stand for: the end may have come within the limit
    return text[:limit], not cut and len(text) <= limit


def secret_bytes(body: bytes, live: LiveToken, consumer_secret: str = "") -> tuple[range, ...] | None:
    """Return where in a body its secrets lie; None where they cannot all be placed, for then nothing may be shown."""
    if not encoding_of(body).startswith("utf-8"):
        return None
    places = [_range_of(found) for found in _NAMED_VALUE.finditer(body)]
    for secret in (live.access_token, live.refresh_token, consumer_secret):
        if secret:
            places += _places_of(secret.encode(), body)
    rest, end = [], 0
    for place in sorted(places, key=lambda place: place.start):
        rest.append(body[end : place.start])
        end = max(end, place.stop)
    rest.append(body[end:])
    # Whatever the redactor finds beside these is a secret in another spelling, whose bytes nobody has counted.
    secrets = redactor_of_token(live, consumer_secret)
    # A name at the end of a piece is one whose value has been cut out of it: there is nothing left to find.
    if any(REDACTED in secrets.text(piece.decode("utf-8", "replace").rstrip('"')) for piece in rest):
        return None
    return tuple(places)


def _places_of(secret: bytes, body: bytes) -> list[range]:
    """Return where it stands, once cut off at the end perhaps: of a long one only the beginning is looked at there."""
    places = [range(*found.span()) for found in re.finditer(re.escape(secret), body)]
    head = secret[:LONGEST_IN_A_PATTERN]
    start = body.find(head, places[-1].stop if places else 0)
    while start >= 0 and not secret.startswith(body[start:]):
        start = body.find(head, start + 1)
    return [*places, range(start, len(body))] if start >= 0 else places


def _range_of(found: re.Match[bytes]) -> range:
    return range(*found.span(1 if found[1] is not None else 2))
