"""What can go wrong on the wire, each a type with facts and no secret among them.

Words for users stand in `gui/messages.py`, one entry for every type here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from gui.concur.error_codes import meaning_of

if TYPE_CHECKING:
    from gui.concur.models import AccessTokenDocument, ErrorDocument, HttpExchange, Operation


@dataclass(eq=False, kw_only=True)
class FlowError(Exception):
    """Root of every error that the program expects and has words for."""

    def __str__(self) -> str:
        """Return type and facts, for developers; users read the table in messages.py."""
        return repr(self)


# What the user typed


@dataclass(eq=False, kw_only=True)
class ConsumerCredentialBlank(FlowError):
    """The consumer key or the consumer secret is empty."""

    which: str
    """"consumer key" or "consumer secret"."""


@dataclass(eq=False, kw_only=True)
class ConsumerCredentialPadded(FlowError):
    """There is white space around the consumer key or the consumer secret."""

    which: str


@dataclass(eq=False, kw_only=True)
class ConsumerCredentialUnsendable(FlowError):
    """The consumer key or the consumer secret holds a control character or a space inside."""

    which: str


@dataclass(eq=False, kw_only=True)
class BaseUrlInvalid(FlowError):
    """The base URL is no http(s) origin."""

    base_url: str = field(repr=False)
    reason: str


@dataclass(eq=False, kw_only=True)
class ContractUnknown(FlowError):
    """Something was noted under a contract that this version does not have."""

    name: str


@dataclass(eq=False, kw_only=True)
class TokenOfAnotherApplication(FlowError):
    """A token was issued for another base URL, consumer key or contract than the profile has; it must not go there."""

    base_url: str
    """Where it was issued."""


@dataclass(eq=False, kw_only=True)
class GrantNotOffered(FlowError):
    """The contract has no such way to a token."""

    grant: str
    contract: str


@dataclass(eq=False, kw_only=True)
class RefreshNeedsSecret(FlowError):
    """The access token cannot be used any more, and to refresh it takes the consumer secret, which is not here."""

    base_url: str


@dataclass(eq=False, kw_only=True)
class RefreshTokenMissing(FlowError):
    """The access token cannot be used any more, and none came with it to refresh it by."""


@dataclass(eq=False, kw_only=True)
class SuccessorMayLive(FlowError):
    """The refresh token is refused, and one that took its place may never have arrived: that one may live."""


# The redirect


@dataclass(eq=False, kw_only=True)
class RedirectError(FlowError):
    """A redirect that carries neither a request token nor a denial."""


@dataclass(eq=False, kw_only=True)
class RequestTokenMissing(RedirectError):
    """The redirect has no parameter that holds a request token."""

    expected: str
    """Name of the parameter that is due."""
    other_parameters: int
    """How many others came. Not their names: a bare code in place of a parameter would be one."""


@dataclass(eq=False, kw_only=True)
class RedirectOfOtherContract(RedirectError):
    """The redirect is one of the other contract: the app is registered for that, or the profile names the wrong one."""

    expected: str
    """Names of the parameters that are due."""
    found: str
    """Names of those that came."""
    other: str
    """Name of the contract that they belong to."""


@dataclass(eq=False, kw_only=True)
class SignInNotStarted(RedirectError):
    """The redirect is one of a sign-in, and none is under way here: there is no state that it could be judged by."""


@dataclass(eq=False, kw_only=True)
class RequestTokenEmpty(RedirectError):
    """The parameter is there and empty."""

    parameter: str


@dataclass(eq=False, kw_only=True)
class RedirectParameterRepeated(RedirectError):
    """A parameter that may come once came more often."""

    parameter: str


@dataclass(eq=False, kw_only=True)
class RedirectUndecodable(RedirectError):
    """Bad percent-encoding, bytes that are not UTF-8, or control characters."""

    reason: str


@dataclass(eq=False, kw_only=True)
class RedirectStateMissing(RedirectError):
    """The sign-in was started with a state and the redirect carries none."""


@dataclass(eq=False, kw_only=True)
class RedirectStateWrong(RedirectError):
    """The redirect carries another state than the sign-in was started with."""


@dataclass(eq=False, kw_only=True)
class PastedRedirectForeign(RedirectError):
    """A pasted URL leads elsewhere than the redirect URL of the profile."""

    pasted: str
    """Scheme, host and path, without the query."""
    expected: str


@dataclass(eq=False, kw_only=True)
class AccessDenied(FlowError):
    """The user, or Concur, denied access. Both texts come from outside."""

    error: str
    description: str

    @property
    def said(self) -> str:
        """What the redirect says, as far as it says anything."""
        return ": ".join(part for part in (self.error.strip(), self.description.strip()) if part) or "no more than that"


# The way to Concur and back


@dataclass(eq=False, kw_only=True)
class WireError(FlowError):
    """A request that did not end in a usable answer."""

    operation: Operation
    host: str
    exchange: HttpExchange | None = field(default=None, repr=False)
    """The record of what was sent and what came, as far as it came."""
    issued: AccessTokenDocument | None = field(default=None, repr=False)
    """An access token that the unusable answer held all the same: it is live until it is revoked."""
    by_instance_url: bool = False
    """Whether the host comes from the document of a token, and not from what the user typed."""

    @property
    def address_text(self) -> str:
        """Where the address that was asked stands."""
        return "the address in the token's document" if self.by_instance_url else "the base URL"


@dataclass(eq=False, kw_only=True)
class RequestUnsendable(WireError):
    """A value of the request holds characters that HTTP cannot carry; nothing was sent."""


@dataclass(eq=False, kw_only=True)
class HostNotFound(WireError):
    """The name does not resolve, or is none that DNS can hold."""


@dataclass(eq=False, kw_only=True)
class NoRoute(WireError):
    """The network knows no way to the host."""


@dataclass(eq=False, kw_only=True)
class TooManyOpenFiles(WireError):
    """The system gave no socket: this program, or all programs together, have as many files open as they may."""


@dataclass(eq=False, kw_only=True)
class ConnectionRefused(WireError):
    """Nothing listens there."""


@dataclass(eq=False, kw_only=True)
class ConnectTimedOut(WireError):
    """No connection within the time limit."""

    limit_s: float


@dataclass(eq=False, kw_only=True)
class AnswerTimedOut(WireError):
    """The answer did not come, or not whole, within the time limit."""

    limit_s: float


@dataclass(eq=False, kw_only=True)
class AnswerCutOff(WireError):
    """The connection ended before the answer did."""

    received_bytes: int


@dataclass(eq=False, kw_only=True)
class AnswerTooLarge(WireError):
    """The answer is larger than any answer of Concur's."""

    limit_bytes: int


@dataclass(eq=False, kw_only=True)
class AnswerNotHttp(WireError):
    """What came back is not HTTP, or its coding cannot be undone."""


@dataclass(eq=False, kw_only=True)
class TlsFailed(WireError):
    """The encrypted connection could not be made, most often for the certificate."""

    reason: str
    """The TLS library's own short words: "certificate verify failed: self-signed certificate"."""


@dataclass(eq=False, kw_only=True)
class CertificateFileMissing(TlsFailed):
    """The user named a file of certificates in place of the system's store, and it is not there."""

    variable: str
    """The environment variable that names it."""


class ProxyTrouble(Enum):
    """Why a proxy that gave no status could not be used, as a part of a sentence."""

    SETTING_UNREADABLE = "the setting is no address of a proxy"
    KIND_UNKNOWN = "only http and https proxies can be used, no SOCKS"
    NOT_FOUND = "its name does not resolve"
    NO_ROUTE = "there is no way to it in this network"
    REFUSED = "it refused the connection"
    SILENT = "it did not answer in time"
    NOT_SECURE = "no secure connection to it could be made"
    OTHER = "it did not let the request through"


@dataclass(eq=False, kw_only=True)
class ProxyFailed(WireError):
    """The proxy refused, could not be reached, or is none."""

    proxy: str
    """Host and port, without credentials; "" where the setting names none."""
    status: int | None
    trouble: ProxyTrouble = ProxyTrouble.OTHER

    @property
    def name_text(self) -> str:
        """The proxy's name as a part of a title, or nothing."""
        return f" {self.proxy}" if self.proxy else ""

    @property
    def trouble_text(self) -> str:
        """What is known about it, as a part of a sentence."""
        return self.trouble.value if self.status is None else f"it answered with status {self.status}"


@dataclass(eq=False, kw_only=True)
class AnswerRedirects(WireError):
    """The answer sends us elsewhere; not followed, since the request carries secrets."""

    status: int
    location_host: str


@dataclass(eq=False, kw_only=True)
class RequestCancelled(WireError):
    """The user cancelled it. Whether Concur acted on it is not known."""


# The answer


@dataclass(eq=False, kw_only=True)
class AnswerError(WireError):
    """An answer came whole and is not what the request asked for."""

    status: int


@dataclass(eq=False, kw_only=True)
class ConcurRefused(AnswerError):
    """An `Error` document, whatever the status (concur-wire.md 1.5)."""

    document: ErrorDocument

    @property
    def message_text(self) -> str:
        """Concur's message without its full stop, or that there is none."""
        return self.document.message.strip().rstrip(".") or "it gives no reason"

    @property
    def details_text(self) -> str:
        """Status and whatever Concur's support may ask for."""
        named = (("error id", self.document.error_id), ("server time", self.document.server_time))
        return ", ".join((f"Status {self.status}", *(f"{name} {value}" for name, value in named if value)))


@dataclass(eq=False, kw_only=True)
class GrantRefused(ConcurRefused):
    """The current contract's token endpoint refused, with a number (concur-wire.md 2.2)."""

    geolocation: str | None = field(default=None, repr=False)
    """Where code 16 says that the user lives. From outside, unchecked."""

    @property
    def code_text(self) -> str:
        """The number in words, also where none came."""
        return f"code {self.document.code}" if self.document.code is not None else "no code"

    @property
    def meaning_text(self) -> str:
        """What Concur documents about the number."""
        return meaning_of(self.document.code).meaning

    @property
    def advice_text(self) -> str:
        """What to do about it."""
        return meaning_of(self.document.code).advice


@dataclass(eq=False, kw_only=True)
class AuthorizationRefused(AnswerError):
    """401 or 403 to a call that shows an access token: missing, invalid, expired, revoked or lacking the role."""

    document: ErrorDocument | None


@dataclass(eq=False, kw_only=True)
class RevokeRoleMissing(AuthorizationRefused):
    """403 to a revoke with a token that works otherwise: the user lacks the administrator's role (1.4)."""


@dataclass(eq=False, kw_only=True)
class ConcurFailed(AnswerError):
    """A 4xx or 5xx without an `Error` document."""

    content_type: str

    @property
    def content_type_text(self) -> str:
        """The type in words, also where the answer names none."""
        return f"its type is {self.content_type}" if self.content_type else "it names no type"


@dataclass(eq=False, kw_only=True)
class RevokeUnconfirmed(AnswerError):
    """A revoke was answered with 2xx and a body that the contract knows no success by (1.4, 2.3)."""


@dataclass(eq=False, kw_only=True)
class TokenStillAccepted(AnswerError):
    """The proof failed: after the revoke Concur still accepts the token."""


@dataclass(eq=False, kw_only=True)
class ProofUnclear(AnswerError):
    """The proof was answered with neither acceptance nor refusal."""


@dataclass(eq=False, kw_only=True)
class AnswerEmpty(AnswerError):
    """A body was due and none came."""


@dataclass(eq=False, kw_only=True)
class DocumentMalformed(AnswerError):
    """The body is not well-formed, as XML or as JSON: which of them is due goes by the contract."""

    reason: str
    """What the parser stumbled over, without any of the document's text."""
    line: int
    column: int


@dataclass(eq=False, kw_only=True)
class DocumentTruncated(AnswerError):
    """The body ends before the document does."""


@dataclass(eq=False, kw_only=True)
class DocumentForbidden(AnswerError):
    """A DTD or an entity declaration: never part of Concur's answers, and a known way to attack a parser."""

    construct: str


@dataclass(eq=False, kw_only=True)
class DocumentUndecodable(AnswerError):
    """The bytes do not fit the document's encoding, or nobody knows that encoding."""

    encoding: str


@dataclass(eq=False, kw_only=True)
class DocumentUnexpected(AnswerError):
    """Well-formed, and not an access-token document."""

    root: str
    """What it is, as a part of a sentence; names of its own shortened."""


@dataclass(eq=False, kw_only=True)
class AccessTokenMissing(AnswerError):
    """An access-token document without an access token in it, or with an empty one."""


@dataclass(eq=False, kw_only=True)
class AccessTokenUnusable(AnswerError):
    """The access token holds white space or characters that no header can carry."""
