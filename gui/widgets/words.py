"""Texts of tables (errors, happenings, remarks) in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from gui.concur.errors import FlowError
    from gui.concur.kinds import Operation, Remark
    from gui.messages import Message
    from gui.notices import Happening

_CONTEXT = "Messages"


def translated(text: str) -> str:
    """Return a text of a table in the user's language."""
    return QCoreApplication.translate(_CONTEXT, text) if text else text


def message_of(subject: FlowError | Happening, fact: str = "", addition: str = "") -> Message:
    """Return title, text and advice, translated. Facts in them come from outside: show them as plain text."""
    from gui.notice_words import words_for  # noqa: PLC0415  # with every error type: not before there is one to tell of

    return words_for(subject, fact, translated, addition=addition)


def remark_text(remark: Remark) -> str:
    """Return what is odd about a document that works all the same."""
    from gui.messages import REMARKS  # noqa: PLC0415  # the same

    return translated(REMARKS[remark])


def operation_text(operation: Operation) -> str:
    """Return what a call is for."""
    from gui.messages import OPERATIONS  # noqa: PLC0415  # the same

    return translated(OPERATIONS[operation])
