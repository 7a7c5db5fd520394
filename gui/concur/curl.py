"""Writes a request as a cURL command for a POSIX shell, with shell variables where the secrets stood.

Needs curl 7.87 or newer (`--url-query`). curl encodes what the variables hold, so they take the secrets as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_plus

from gui.concur.redaction import SECRET_HEADERS, SECRET_PARAMETERS, Redactor, parameter_name
from gui.concur.url_parts import url_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gui.concur.models import HttpExchange

_VARIABLES = {
    "client_secret": "CONSUMER_SECRET",
    "code": "REQUEST_TOKEN",
    "requesttoken": "REQUEST_TOKEN",
    "token": "ACCESS_TOKEN",
}
"""By parameter; the others are named like their variables."""
_SCHEMES = {"oauth": "ACCESS_TOKEN", "bearer": "ACCESS_TOKEN", "basic": "BASIC_CREDENTIALS"}
_READABLE_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HARMLESS = re.compile(r"[A-Za-z0-9_./:=,+ -]*")
"""Means nothing to a shell between double quotation marks, not even to an interactive one."""
_BARE = re.compile(r"[A-Za-z0-9_./:=,+-]+")
_FORM = "application/x-www-form-urlencoded"

_Piece = tuple[str, str | None]
"""A literal text, or "" and the name of the variable that stands there."""


def curl_command(exchange: HttpExchange) -> str:
    """Return the request of an exchange as a command that sends the same bytes again; one option on each line.

    Headers that curl adds by itself and the exchange did not have are switched off. Of a secret, some versions of curl
    write the percent escapes in lower case. A secret outside its own place is shown redacted, and not sent.
    """
    learned = Redactor()
    learned.learn(*secrets_of(exchange))
    parts = url_parts(exchange.url)
    url = learned.text(f"{parts.scheme}://{parts.host}{parts.path or '/'}")
    options = [*_method_options(exchange), _option("--url", (url, None))]
    if set("{}[]") & set(url):
        options.append("--globoff")
    if "/." in parts.path:
        options.append("--path-as-is")
    options += [
        _pair_option("--url-query", piece, learned) or _option("--url-query", ("+" + piece, None))
        for piece in filter(None, parts.query.split("&"))
    ]
    options += _header_options(exchange, learned)
    options += _body_options(exchange, learned)
    return " \\\n  ".join(("curl", *options))


def _method_options(exchange: HttpExchange) -> list[str]:
    if exchange.method == "HEAD":
        return ["--head"]
    implied = "POST" if _sends_data(exchange) else "GET"
    return [] if exchange.method == implied else [_option("--request", (exchange.method, None))]


def _sends_data(exchange: HttpExchange) -> bool:
    return bool(exchange.request_body) or exchange.method not in {"GET", "HEAD", "DELETE", "OPTIONS"}


def _pair_option(option: str, piece: str, learned: Redactor) -> str | None:
    """Return a parameter readably if nothing in it needs an escape, or with the variable of its secret."""
    name, equals, raw_value = piece.partition("=")
    plain_name, value = unquote_plus(name), unquote_plus(raw_value)
    if parameter_name(plain_name) in SECRET_PARAMETERS and value:
        return _option(option, (f"{quote(plain_name)}=", None), ("", _variable_of(plain_name)))
    if learned.text(piece) != piece or learned.text(value) != value:
        return _option(option, (f"{quote(learned.text(plain_name))}={learned.text(value)}", None))
    if equals and _READABLE_NAME.fullmatch(name) and quote(value, safe="") == raw_value == value:
        return _option(option, (f"{name}={value}", None))
    return None


def _header_options(exchange: HttpExchange, learned: Redactor) -> Iterator[str]:
    given = {name.lower() for name, _value in exchange.request_headers}
    for name, value in exchange.request_headers:
        if name.lower() in {"content-length", "proxy-authorization"} or not _HEADER_NAME.fullmatch(name):
            continue
        if name.lower() in SECRET_HEADERS:
            yield _option("--header", *_secret_header(name, value))
        elif value:
            yield _option("--header", (f"{name}: {learned.text(value)}", None))
        else:
            yield _option("--header", (f"{name};", None))  # how curl sends an empty one
    own = ["user-agent", "accept"]
    if _sends_data(exchange):
        own.append("content-type")
    for name in own:
        if name not in given:
            yield _option("--header", (f"{name.title()}:", None))


def _secret_header(name: str, value: str) -> Sequence[_Piece]:
    scheme, space, _credentials = value.partition(" ")
    if space and scheme.lower() in _SCHEMES:
        return (f"{name}: {scheme} ", None), ("", _SCHEMES[scheme.lower()])
    return (f"{name}: ", None), ("", re.sub(r"[^A-Z]", "_", name.upper()))


def _body_options(exchange: HttpExchange, learned: Redactor) -> Iterator[str]:
    text = exchange.request_body.decode(errors="replace")
    if not text:
        if _sends_data(exchange):
            yield "--data ''"
        return
    kind = next((value for name, value in exchange.request_headers if name.lower() == "content-type"), "")
    if not kind.lower().startswith(_FORM):
        yield _option("--data-raw", (learned.text(text), None))
        return
    for piece in text.split("&"):
        yield _pair_option("--data-urlencode", piece, learned) or _option("--data-raw", (piece, None))


def secrets_of(exchange: HttpExchange) -> Iterator[str]:
    """Yield the secrets of a request by the places they stand in, so that they are found elsewhere too."""
    for piece in (
        *url_parts(exchange.url).query.split("&"),
        *exchange.request_body.decode(errors="replace").split("&"),
    ):
        name, _equals, value = piece.partition("=")
        if parameter_name(unquote_plus(name)) in SECRET_PARAMETERS:
            yield unquote_plus(value)
            yield value
    for name, value in exchange.request_headers:
        if name.lower() in SECRET_HEADERS:
            yield value.partition(" ")[2] or value


def _variable_of(parameter: str) -> str:
    name = parameter_name(parameter)
    return _VARIABLES.get(name, name.upper())


def _option(option: str, *pieces: _Piece) -> str:
    return f"{option} {_word(pieces)}"


def _word(pieces: Sequence[_Piece]) -> str:
    """Return one word for the shell. NUL cannot stand in an argument and is left out."""
    if all(_HARMLESS.fullmatch(text) for text, _variable in pieces) and any(variable for _text, variable in pieces):
        return '"' + "".join(f"${variable}" if variable else text for text, variable in pieces) + '"'
    return "".join(f'"${variable}"' if variable else _quoted(text) for text, variable in pieces)


def _quoted(text: str) -> str:
    if _BARE.fullmatch(text):
        return text
    return "'" + text.replace("\0", "").replace("'", "'\\''") + "'"
