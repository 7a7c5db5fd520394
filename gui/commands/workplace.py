"""What every subcommand works with: folders, keyring, journal, timeline, log, the way out."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gui.commands.output import say_error
from gui.concur.redaction import Redactor
from gui.concur.transport import Transport
from gui.flow.connection import connection_for_token, consumer_secret_for, contract_named
from gui.flow.fault_reports import redacted_fault_reports
from gui.flow.log_file import log_exchange, open_log
from gui.flow.timeline import Timeline
from gui.store.folders import Folders, find_folders
from gui.store.issued_tokens import IssuedTokens
from gui.store.profiles import ProfileStore
from gui.store.secrets import OpenedStore, open_secret_store

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterator, Mapping

    from gui.flow.connection import Connection
    from gui.store.issued_entry import IssuedToken


def utc_now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Workplace:
    """Built once for each run of a subcommand."""

    folders: Folders
    redactor: Redactor
    timeline: Timeline
    transport: Transport
    keyring: OpenedStore
    tokens: IssuedTokens
    log: logging.Logger

    def connection_for(self, token: IssuedToken, consumer_secret: str = "") -> Connection:
        """Return what it takes to revoke a token of the journal.

        The secret, where none is given and one is needed, is that of a profile. Raises ContractUnknown.
        """
        if not consumer_secret and contract_named(token.contract).replaces_tokens:
            loaded = ProfileStore(self.folders.config / "profiles.json", self.keyring.store, utc_now).load()
            if loaded.problem is not None:
                say_error(loaded.problem)  # the file may be set aside by now, and nobody else would ever hear of it
            consumer_secret = consumer_secret_for(token, loaded.profiles, self.tokens)
        return connection_for_token(token, self.transport, self.tokens, consumer_secret)


@contextmanager
def open_workplace(environ: Mapping[str, str]) -> Iterator[Workplace]:
    """Open everything; waits for the keyring, at most its time limit."""
    folders = find_folders(environ)
    redactor = Redactor()
    with open_log(folders.log, redactor) as log, redacted_fault_reports(log, redactor):
        timeline = Timeline()
        timeline.on_add(lambda exchange: log_exchange(log, exchange))
        keyring = open_secret_store()
        yield Workplace(
            folders=folders,
            redactor=redactor,
            timeline=timeline,
            transport=Transport(record=timeline.add, redactor=redactor),
            keyring=keyring,
            tokens=IssuedTokens(folders.state / "issued", keyring.store, utc_now),
            log=log,
        )
