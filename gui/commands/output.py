"""What the subcommands print. Windowed builds have no stdout, and old consoles have no Unicode: neither may hurt."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from gui.messages import message_for

if TYPE_CHECKING:
    from gui.concur.errors import FlowError


def say(text: str = "", *, to: TextIO | None = None) -> bool:
    """Print for a person: on stderr unless told otherwise. Control characters of outside texts are taken out.

    Returns whether it was printed. That nobody reads any more (`self-test | head -1`) must not end what is under
    way: a token may still have to be revoked.
    """
    stream = to or sys.stderr
    try:
        print(printable(text), file=stream, flush=True)
    except (OSError, ValueError):
        _silence(stream)
        return False
    return True


def say_result(text: str = "") -> bool:
    """Print on stdout what a subcommand was asked for; else as `say`."""
    return say(text, to=sys.stdout)


def say_error(error: FlowError) -> None:
    """Print what happened, what it means and what to do."""
    say(words(error))


def words(error: FlowError) -> str:
    """Return an error's message as lines for a terminal."""
    message = message_for(error)
    return f"{message.title}\n  {message.text}\n  {message.advice}"


def printable(text: str) -> str:
    """Return the text without what a terminal would act on."""
    return "".join(letter if letter.isprintable() or letter in "\r\n\t" else "�" for letter in text)


def _silence(stream: TextIO) -> None:
    """Lead a stream that nobody reads to nowhere, or Python fails once more at the end, flushing it."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
