"""Made-up secrets that are easy to find again, and the search for them."""

from __future__ import annotations

import base64
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

CONSUMER_SECRET = "CanarySecretq8ZtY3wLm5Rb1Xc7Vd2N"
CODE = "0_CanaryCodehT6yU2jK9sD4fG1pQ8wE3rM"
ACCESS_TOKEN = "Canary+Acc/ess0kJ7hG5fD3sA1="
REFRESH_TOKEN = "Canary$Refresh5tY7uI9oP1aS3dF5g"
PASSWORD = "Canary pass&word'7"
SECRETS = (CONSUMER_SECRET, CODE, ACCESS_TOKEN, REFRESH_TOKEN, PASSWORD)
NOW = datetime(2026, 3, 4, 15, 2, 11, tzinfo=UTC)

DOCUMENT = (
    "<Access_Token>\r\n"
    "  <Instance_Url>https://www.concursolutions.com/</Instance_Url>\r\n"
    f"  <Token>{ACCESS_TOKEN}</Token>\r\n"
    "  <Expiration_date>9/25/2026 1:36:50 PM</Expiration_date>\r\n"
    f"  <Refresh_Token>{REFRESH_TOKEN}</Refresh_Token>\r\n"
    "</Access_Token>"
).encode()


def encodings_of(secret: str) -> set[str]:
    return {secret, quote(secret, safe=""), quote(secret), base64.b64encode(secret.encode()).decode()}


def secrets_in(text: str) -> list[str]:
    """Return the secrets that a text holds, in whatever case."""
    lowered = text.lower()
    return [secret for secret in SECRETS if any(form.lower() in lowered for form in encodings_of(secret))]


def words_of(error: BaseException) -> str:
    """Return all that a log, a crash report or a dialog could show of an error and of what stands behind it."""
    words = ["".join(traceback.format_exception(error))]
    for link in _chain(error):
        words += [str(link), repr(link), repr(link.args), *getattr(link, "__notes__", ())]
        words += [repr(getattr(link, "exchange", None)), repr(getattr(link, "issued", None))]
    return "\n".join(words)


def _chain(error: BaseException) -> Iterator[BaseException]:
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        link = waiting.pop()
        if link is None or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        waiting += [link.__cause__, link.__context__]
