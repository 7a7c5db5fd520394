"""Both contracts as the tests of the wire need them: the same cases are put to each."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from gui.concur.answers import read_access_token_document
from gui.concur.current import CurrentContract
from gui.concur.legacy import LegacyContract, salvage_access_token_document
from gui.concur.models import RequestToken
from gui.concur.token_answers import read_token_document, salvage_token_document
from tests.flow.canaries import ACCESS_TOKEN, CODE, DOCUMENT, NOW, REFRESH_TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.concur.contract import Contract
    from gui.concur.models import AccessTokenDocument, HttpExchange
    from gui.concur.redaction import Redactor

PRINCIPAL_ID = "7d4ac9d3-1f0e-4d6a-9a55-2b8f6c1e0a11"
GEOLOCATION = "https://us.api.concursolutions.com"
CURRENT_DOCUMENT = json.dumps(
    {
        "expires_in": 3600,
        "scope": "openid user.read",
        "token_type": "Bearer",
        "access_token": ACCESS_TOKEN,
        "refresh_token": REFRESH_TOKEN,
        "refresh_expires_in": 1788448931,
        "id_token": "canary.id.token",
        "geolocation": GEOLOCATION,
    }
).encode()


@dataclass(frozen=True)
class Spoken:
    """One contract, and what is said in it."""

    name: str
    contract: Contract
    request_token: RequestToken
    document: bytes
    """A good answer to the exchange, with canaries in it."""
    content_type: str
    after_token: bytes
    """What stands right after the access token in the document: with it, the token is whole."""
    error: bytes
    """A refusal."""
    read: Callable[[HttpExchange, Redactor], AccessTokenDocument] = field(repr=False)
    salvage: Callable[[HttpExchange, Redactor], AccessTokenDocument | None] = field(repr=False)

    @property
    def whole_token(self) -> int:
        """How much of the document holds the whole token."""
        start = self.document.index(ACCESS_TOKEN.encode()) + len(ACCESS_TOKEN)
        assert self.document.startswith(self.after_token, start)
        return start + len(self.after_token)


LEGACY_SPOKEN = Spoken(
    name="legacy",
    contract=LegacyContract(),
    request_token=RequestToken(CODE, NOW),
    document=DOCUMENT,
    content_type="application/xml; charset=utf-8",
    after_token=b"</Token>",
    error=b"<Error><Message>no</Message><Id>1</Id></Error>",
    read=read_access_token_document,
    salvage=salvage_access_token_document,
)
CURRENT_SPOKEN = Spoken(
    name="current",
    contract=CurrentContract(),
    request_token=RequestToken(CODE, NOW, principal_id=PRINCIPAL_ID),
    document=CURRENT_DOCUMENT,
    content_type="application/json",
    after_token=b'"',
    error=b'{"code":103,"error":"invalid_grant","error_description":"no"}',
    read=lambda exchange, redactor: read_token_document(exchange, redactor, lambda _place: True),
    salvage=lambda exchange, redactor: salvage_token_document(exchange, redactor, lambda _place: True),
)
BOTH = (LEGACY_SPOKEN, CURRENT_SPOKEN)
both_contracts = pytest.mark.parametrize("spoken", BOTH, ids=lambda spoken: spoken.name, indirect=True)
"""Puts a test of the wire to both; without it, the legacy one is spoken."""
