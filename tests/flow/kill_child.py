"""Imports the program once, then forks a child for each line of facts, which stand apart by tabs; see `flow`.

Answers each with the child's pid; `wait<TAB>pid` waits for one to end and answers "gone". A child does a whole flow:
note, exchange, store, refresh, revoke, proof, wipe.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from gui.commands.workplace import open_workplace
from gui.concur.models import Application, RequestToken
from gui.flow.connection import SELF_TEST, Connection, contract_named
from gui.flow.issuing import exchange_and_store, refresh_and_store
from gui.flow.revoking import revoke_and_prove
from gui.store.folders import HOME_VARIABLE
from gui.store.keyring_store import find_keyring

PROFILE_ID = "0123456789abcdef0123456789abcdef"


def flow(contract: str, base_url: str, key: str, secret: str, code: str, principal_id: str, home: str) -> None:
    """Do it all. `principal_id`: "" where the contract has none."""
    with open_workplace({HOME_VARIABLE: home}) as workplace:
        connection = Connection(
            profile_id=PROFILE_ID,
            profile_name="killed",
            purpose=SELF_TEST,
            application=Application(base_url, key, secret, "http://localhost:8765/redirect"),
            contract=contract_named(contract),
            transport=workplace.transport,
            tokens=workplace.tokens,
        )
        request_token = RequestToken(code, datetime.now(UTC), principal_id=principal_id or None)
        issued = exchange_and_store(connection, request_token)
        refreshed = refresh_and_store(connection, issued.token)
        older = () if connection.contract.replaces_tokens else (issued.token,)
        for token in (refreshed.token, *older):
            revoke_and_prove(connection, token)


def main() -> None:
    assert callable(find_keyring)  # imported here, so that no child has to
    for line in sys.stdin:
        words = line.rstrip("\n").split("\t")
        if words[0] == "wait":
            os.waitpid(int(words[1]), 0)
            answer = "gone"
        else:
            pid = os.fork()
            if pid == 0:
                try:
                    flow(*words)
                finally:
                    os._exit(0)
            answer = str(pid)
        sys.stdout.write(answer + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
