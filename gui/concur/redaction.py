"""Keeps secrets out of everything that leaves the process: logs, clipboard, exports, error texts.

Two nets, since either alone has holes: the secret values in play, however they are encoded, and the names that hold
secrets on Concur's wire, for values that nobody has learned yet (the code in a redirect that was refused).
"""

from __future__ import annotations

import base64
import re
import threading
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from gui.concur.models import Headers

REDACTED = "[redacted]"
_LAST_OF_LATIN_1 = 0xFF
_LAST_OF_THE_FIRST_PLANE = 0xFFFF
_OTHER_SPELLINGS = {
    " ": (r"\+", "%2b"),
    "+": (" ",),  # a token that was sent raw in a query (concur-wire.md 1.7)
    "/": (r"\\{1,4}/",),
    '"': (r"\\{1,4}\"", "&(?:amp;)?quot;"),
    "'": (r"\\{1,4}'", "&(?:amp;)?apos;"),
    "\\": (r"\\{4}", r"\\{3}", r"\\{2}"),
    "&": ("&amp;amp;amp;", "&amp;amp;", "&amp;"),
    "<": ("&(?:amp;)?lt;",),
    ">": ("&(?:amp;)?gt;",),
    "\n": (r"\\{1,4}n",),
    "\r": (r"\\{1,4}r",),
    "\t": (r"\\{1,4}t",),
}
"""What XML, JSON, repr and forms make of a character beside its number, as patterns."""
_SHORTEST_VALUE = 4
"""A shorter value is left to the second net: taking it out everywhere would leave no text readable."""

LONGEST_IN_A_PATTERN = 128
"""Of a longer value a pattern finds the beginning: making one takes half a millisecond for each odd character."""

_SHORTEST_PART = 8
"""Fewer characters of a secret are of no use to anybody, and stand in other texts by chance."""

SECRET_PARAMETERS = frozenset(
    {
        "access_token",
        "client_secret",
        "code",
        "consumer_secret",
        "id_token",
        "password",
        "refresh_token",
        "requesttoken",
        "token",
    }
)
"""Lower case; on Concur's wire they name query parameters, form fields, XML elements and JSON members alike."""

_BEHIND_A_NAME = "0123456789 +[]()._-\t\r\n"


def parameter_name(name: str) -> str:
    """Return the name of a parameter, decoded, as `SECRET_PARAMETERS` has it.

    What stands under "requestToken[]" or "code " is as secret as under the name alone.
    """
    return name.lower().rstrip(_BEHIND_A_NAME)


SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie"})
"""Lower case."""

_NAMES = "|".join(sorted(SECRET_PARAMETERS, key=len, reverse=True))
NO_ERROR_NUMBER = r"(?!(?i:code)\"\s*:\s*\"[0-9]{1,4}\")"
"""Stands before the name of a JSON member: the number of an error, which may come as a text (concur-wire.md 2.2), is no
secret, and too short for a code."""
_BEGINNING = r"(?:(?<![A-Za-z0-9_])|(?<=%3F)|(?<=%26)|(?<=%253F)|(?<=%2526))"
_ENDING = r"(?:[0-9+\[\]()._-]|%(?:25)?[0-9A-F]{2}){0,8}?"
"""What may stand between a name and its sign, as in `requestToken[]=`."""
_RUNS = re.compile(r"[A-Za-z0-9]+")
_PARTS = re.compile(r"[A-Za-z0-9]+|[^A-Za-z0-9]")
_MOST_PLACES = 16
_REST_OF_A_TOKEN = re.compile(r"[^\s\"'<>&]*")


class _Net(NamedTuple):
    """What finds a value by its name or form."""

    parameter: re.Pattern[str]
    element: re.Pattern[str]
    """White space alone is no secret: it stands in `Access_Token`, the outermost element of the document."""
    member: re.Pattern[str]
    authorization: re.Pattern[str]
    token_form: re.Pattern[str]
    """A request token wherever it stands (concur-wire.md 1.2)."""
    jwt_form: re.Pattern[str]
    """A JSON Web Token wherever it stands: an access token or an id token (2.2)."""


@cache
def _net() -> _Net:
    # Made when the first text comes by: it takes milliseconds, and the window starts without one.
    return _Net(
        parameter=re.compile(rf"(?i){_BEGINNING}({_NAMES})({_ENDING}(?:=|%(?:25)?3D))[^&\s\"'<>#]+"),
        element=re.compile(rf"(?i)(<(?:[\w.-]+:)?(?:{_NAMES})(?:\s[^<>]*)?>)(?:\s*<!\[CDATA\[)?(?=\s*[^<\s])[^<]+"),
        member=re.compile(rf"(?i)(\"{NO_ERROR_NUMBER}(?:{_NAMES})\"\s*:\s*\")(?:[^\"\\]|\\.)*"),
        authorization=re.compile(r"(?i)\b(OAuth|Bearer|Basic)\s+[A-Za-z0-9+/=._~$-]{8,}"),
        token_form=re.compile(r"\b0_[A-Za-z0-9]{20,}\b"),
        # From the beginning of a run of its letters only: from each of them it would take quadratic time.
        jwt_form=re.compile(r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    )


_PARAMETER_ENDS = tuple(f"{end}{mark}" for end in ("token", "ecret", "code", "word") for mark in "=%0123456789+[]()._-")
"""How each name ends before its value, in lower case. `parameter` is slow and `in` is not: a text without any of these
is spared. Without the s, since (?i) takes a long one (U+017F) for it and lower() does not."""
_SCHEMES = ("oauth", "bearer", "basic", "ba\u017fic")
"""The same for `_Net.authorization`."""


class _Trace:
    """How one value is found."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self._is_long = len(secret) > LONGEST_IN_A_PATTERN
        head = secret[:LONGEST_IN_A_PATTERN]
        encoded = _in_base64(head)
        if self._is_long:  # of which the last letters hang on what follows
            encoded = encoded[: len(encoded) // 4 * 4 - 4]
        self._head, self._encoded_head = head, encoded
        # The longest run of letters and digits is the same in every encoding but base64. A text that holds none of
        # these cannot hold the value: looking for them first spares hundreds of patterns for each text.
        self._cores = tuple(max(_RUNS.findall(form), key=len, default="").lower() for form in (head, encoded))
        self._pattern: re.Pattern[str] | None = None

    def may_be_in(self, folded: str) -> bool:
        """Whether a text, in lower case, may hold the value."""
        return any(core in folded for core in self._cores)

    def taken_out(self, text: str) -> str:
        """Return the text without the value."""
        # As it is, it is found without its pattern, which takes milliseconds to make: a new token's does each time.
        around = text.split(self.secret)
        if not any(self.may_be_in(piece.lower()) for piece in around):
            return REDACTED.join(around)
        if self._is_long:
            return _without_long(text, self.secret, self.pattern)
        return self.pattern.sub(REDACTED, text)

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds it in every encoding; of a long one, what finds its beginning."""
        if self._pattern is None:  # only now: most values are never met, and learning one must be quick
            self._pattern = re.compile(f"({_any_encoding(self._head)})|{re.escape(self._encoded_head)}", re.IGNORECASE)
        return self._pattern


def _in_base64(text: str) -> str:
    return base64.b64encode(text.encode(errors="replace")).decode()


class Redactor:
    """Knows the secret values of this process. Safe to use from every thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, _Trace] = {}
        self._traces: tuple[_Trace, ...] = ()

    def __repr__(self) -> str:
        return f"<Redactor of {len(self._known)} values>"

    def learn(self, *secrets: str | None) -> None:
        """Take these values, in every encoding they may be met in, out of whatever passes from now on."""
        with self._lock:
            fresh = {s for s in secrets if s and len(s) >= _SHORTEST_VALUE and s not in self._known}
            if not fresh:
                return
            self._known |= {secret: _Trace(secret) for secret in fresh}
            longest_first = sorted(self._known, key=len, reverse=True)
            self._traces = tuple(self._known[secret] for secret in longest_first)

    @property
    def longest(self) -> int:
        """Length of what is needed of the longest value to find it, however it ends; 0 where there is none."""
        return min(len(self._traces[0].secret), LONGEST_IN_A_PATTERN) if self._traces else 0

    def touches(self, text: str) -> bool:
        """Whether a text holds a secret value, or a readable part of one."""
        part = text.strip()
        partial = len(part) >= _SHORTEST_PART and any(part in secret for secret in self._known)
        return partial or self.text(text) != text

    def text(self, text: str) -> str:
        """Return any text with the secrets taken out; URLs, XML, JSON and header lines included."""
        net, folded = _net(), text.lower()
        for trace in self._traces:
            if trace.may_be_in(folded):
                text = trace.taken_out(text)
        if any(end in folded for end in _PARAMETER_ENDS):
            text = net.parameter.sub(_beginning_kept, text)
        text = net.element.sub(_beginning_kept, text)
        text = net.member.sub(_beginning_kept, text)
        if any(scheme in folded for scheme in _SCHEMES):
            text = net.authorization.sub(_scheme_kept, text)
        if "eyJ" in text:
            text = net.jwt_form.sub(REDACTED, text)
        return net.token_form.sub(REDACTED, text) if "0_" in text else text

    def headers(self, headers: Headers) -> Headers:
        """Return headers with secret values taken out; an Authorization keeps its scheme."""
        return tuple((name, self._header_value(name, value)) for name, value in headers)

    def body(self, body: bytes) -> str:
        """Return a body as text with the secrets taken out; bytes that are no UTF-8 are replaced."""
        return self.text(_decoded(body))

    def _header_value(self, name: str, value: str) -> str:
        if name.lower() not in SECRET_HEADERS:
            return self.text(value)
        scheme, space, _rest = value.partition(" ")
        return f"{scheme} {REDACTED}" if space and "authorization" in name.lower() else REDACTED


# Functions, since for a template `re` imports a module at each call, which takes ten times as long as the search.


def _beginning_kept(match: re.Match[str]) -> str:
    return "".join(match.groups()) + REDACTED


def _scheme_kept(match: re.Match[str]) -> str:
    return f"{match[1]} {REDACTED}"


def _any_encoding(secret: str) -> str:
    """Return a pattern for a value in every mixture of encodings: who echoes a secret chooses which of them.

    Letters of either case count, because host and element names come out of parsers in lower case.
    """
    return "".join(_any_spelling(letter) for letter in secret)


def _without_long(text: str, secret: str, beginning: re.Pattern[str]) -> str:
    """Take out a value of which a pattern finds the beginning: whoever sends it chooses how long it is.

    What begins like it and goes on otherwise goes as well, as far as a token may reach: half of one, or another that
    has the same issuer. So no letter is looked at twice, whatever stands in the text.
    """
    pieces, end, encoded = [], 0, ""
    while (found := beginning.search(text, end)) is not None:
        encoded = encoded if found[1] is not None else encoded or _in_base64(secret)
        pieces.append(text[end : found.start()])
        end, is_whole = _followed(secret if found[1] is not None else encoded, text, found.start())
        if not is_whole:
            end = _REST_OF_A_TOKEN.match(text, max(end, found.end())).end()  # type: ignore[union-attr]  # of any length
    return REDACTED.join([*pieces, text[end:]])


def _followed(secret: str, text: str, start: int) -> tuple[int, bool]:
    """Return how far a text has a value that begins there, in whatever encoding, and whether that is all of it."""
    places = [start]
    for part in _PARTS.finditer(secret):
        further = _places_after(part[0], text, places)
        if not further:
            return places[-1], False
        places = further
    return places[-1], True


def _places_after(part: str, text: str, places: list[int]) -> list[int]:
    """Return, for places in a text, those behind one part of a value: there are more where "%" may begin an escape."""
    if part[0].isascii() and part[0].isalnum():
        return [place + len(part) for place in places if text[place : place + len(part)].lower() == part.lower()]
    after = {found.end() for spelling in _spellings(part) for place in places if (found := spelling.match(text, place))}
    return sorted(after)[-_MOST_PLACES:]


@lru_cache(maxsize=256)
def _spellings(letter: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(spelling, re.IGNORECASE) for spelling in _spellings_of(letter))


def _any_spelling(letter: str) -> str:
    if letter.isascii() and letter.isalnum():
        return letter  # nobody writes these in another way
    return f"(?:{'|'.join(_spellings_of(letter))})"


def _spellings_of(letter: str) -> tuple[str, ...]:
    code = ord(letter)
    octets = letter.encode(errors="surrogatepass")
    spellings = [
        re.escape(letter),
        "".join(f"%(?:25)?{octet:02x}" for octet in octets),  # percent-encoded once or twice
        rf"&(?:amp;)?#(?:0*{code}|x0*{code:x});",
        "".join(rf"\\{{1,4}}u{unit:04x}" for unit in _utf16_units(letter)),
        "".join(rf"\\{{1,4}}x{octet:02x}" for octet in octets),
    ]
    if code > _LAST_OF_THE_FIRST_PLANE:
        spellings.append(rf"\\{{1,4}}u{code:08x}")
    if code <= _LAST_OF_LATIN_1:
        spellings += [f"%{code:02x}", rf"\\{{1,4}}x{code:02x}"]
    spellings += _OTHER_SPELLINGS.get(letter, ())
    return tuple(dict.fromkeys(spellings))


def _utf16_units(letter: str) -> list[int]:
    octets = letter.encode("utf-16-be", errors="surrogatepass")
    return [int.from_bytes(octets[start : start + 2]) for start in range(0, len(octets), 2)]


def _decoded(body: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(encoding, errors="replace")
    return body.decode("utf-8-sig", errors="replace")
