"""From error type to words: what happened, what it means, what to do next. One entry for every type.

Texts may hold facts of the error, some of which come from outside: show them as plain text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gui.concur import errors as wire
from gui.concur.models import Operation, Remark
from gui.loopback import errors as loopback
from gui.sandbox import errors as sandbox
from gui.store import errors as store

if TYPE_CHECKING:
    from gui.concur.errors import FlowError


@dataclass(frozen=True, slots=True)
class Message:
    """Words for one error."""

    title: str
    """What happened, in a few words."""
    text: str
    """What it means for the user."""
    advice: str
    """What to do next."""


_PASTE = "or paste the address that the browser shows after the sign-in"
_SEE_ANSWER = "The window's timeline shows the raw answer."
_SEE_ANSWER_AND_REVOKE = f"{_SEE_ANSWER} If a token was in it, it can be revoked under Issued tokens."
_SENT_UNKNOWN = (
    "If this was the exchange, nobody knows whether Concur issued a token: it is noted under Issued tokens. "
    "Look there before you try again."
)

MESSAGES: dict[type[FlowError], Message] = {
    # What the user typed
    wire.ConsumerCredentialBlank: Message(
        "The {error.which} is empty",
        "Without it Concur cannot tell which app is asking.",
        "Enter the {error.which} that Concur showed when the app was registered.",
    ),
    wire.ConsumerCredentialPadded: Message(
        "The {error.which} has spaces around it",
        "They came along when it was copied. Concur would take it for another value and refuse it.",
        "Remove the spaces and line breaks before and after the {error.which}.",
    ),
    wire.ConsumerCredentialUnsendable: Message(
        "The {error.which} holds characters that do not belong there",
        "Keys and secrets are letters and digits; here is a space, a line break or a typographic character inside.",
        "Copy the {error.which} once more from the page where Concur shows it, not from a document.",
    ),
    wire.BaseUrlInvalid: Message(
        "The base URL cannot be used",
        "It has to be the origin of a data centre: {error.reason}.",
        "Use the address of your data centre, such as https://www.concursolutions.com.",
    ),
    wire.ContractUnknown: Message(
        'There is no contract "{error.name}" in this version',
        "A later App Center Flow wrote it, or the file was changed by hand. Nothing was sent.",
        "Use the version that wrote it.",
    ),
    wire.TokenOfAnotherApplication: Message(
        "This token belongs to another application",
        "It was issued at {error.base_url}; the profile has another base URL, consumer key or contract now. "
        "To refresh would send it there, so nothing was sent.",
        "Revoke it, or put the former values back into the profile.",
    ),
    wire.GrantNotOffered: Message(
        "This contract has no such grant",
        'The contract "{error.contract}" has no {error.grant}. Nothing was sent.',
        "Use a profile of the other contract.",
    ),
    wire.RefreshNeedsSecret: Message(
        "The access token has expired, and the consumer secret is not here",
        "To go on it has to be refreshed first, and at {error.base_url} that takes the consumer secret of the app it "
        "was issued to. Nothing was sent.",
        "Put base URL, consumer key and consumer secret back into its profile, then try again.",
    ),
    wire.RefreshTokenMissing: Message(
        "The access token has expired, and there is no refresh token",
        "It came without one, so no call can be made with it any more. Nothing was sent.",
        "Connect again. This one ends by itself; forget it under Issued tokens.",
    ),
    wire.SuccessorMayLive: Message(
        "A refresh token that never arrived may live",
        "Concur refuses the refresh token that is kept here. A refresh of it was cut off, so one that took its place "
        "may be live, and nobody holds it. That the token has ended is not proven.",
        "Connect again and revoke: that ends all refresh tokens of this user for this app. Or end the connection at "
        "Concur. Then forget this token and the refresh that was cut off under Issued tokens.",
    ),
    # The redirect
    wire.RedirectOfOtherContract: Message(
        "The redirect is one of the other contract",
        "It carries {error.found}; by this profile's contract it would carry {error.expected}. Nothing was exchanged.",
        "If the app is registered for the other contract, switch the profile to it, then connect once more.",
    ),
    wire.RequestTokenMissing: Message(
        "The redirect carries no request token",
        'The parameter "{error.expected}" is missing; {error.other_parameters} other parameters came. '
        "Nothing was exchanged.",
        "Check that the profile has the contract that the app is registered for, then connect once more.",
    ),
    wire.SignInNotStarted: Message(
        "The redirect is one of a sign-in that was not started here",
        "It carries code and geolocation. No sign-in is under way here, so nobody can tell whose it is. Nothing was "
        "exchanged.",
        "Start a sign-in from here and finish that one, or connect from the App Center.",
    ),
    wire.RequestTokenEmpty: Message(
        "The request token is empty",
        'The redirect has "{error.parameter}" without a value. Nothing was exchanged.',
        "Connect once more; if it stays empty, the listing's redirect URL is set up wrongly at Concur.",
    ),
    wire.RedirectParameterRepeated: Message(
        "The redirect names a parameter twice",
        '"{error.parameter}" came more than once, so nobody can tell which one counts. Nothing was exchanged.',
        "Check the registered redirect URL for a query of its own, then connect once more.",
    ),
    wire.RedirectUndecodable: Message(
        "The redirect cannot be read",
        "It holds {error.reason}. Nothing was exchanged.",
        "Connect once more. If you pasted it, copy the whole address from the browser's address bar.",
    ),
    wire.RedirectStateMissing: Message(
        "A redirect without a state was refused",
        "The sign-in was started with a state, and what came carries none: it belongs to another sign-in. "
        "The listener goes on waiting.",
        "Finish the sign-in in the browser window that was opened last, or start it again.",
    ),
    wire.RedirectStateWrong: Message(
        "A redirect with another state was refused",
        "It belongs to an earlier sign-in, or somebody else made it up. The listener goes on waiting.",
        "Finish the sign-in in the browser window that was opened last, or start it again.",
    ),
    wire.PastedRedirectForeign: Message(
        "This is another redirect URL",
        "What was pasted leads to {error.pasted}; this profile has {error.expected}.",
        "Choose the profile that this redirect belongs to, or correct the redirect URL of this one.",
    ),
    wire.AccessDenied: Message(
        "Access was denied",
        "The redirect says: {error.said}.",
        "Nothing was connected. Connect once more, and allow it in the browser.",
    ),
    # The way to Concur and back
    wire.RequestUnsendable: Message(
        "The request cannot be sent",
        "A value in it holds characters that HTTP cannot carry, so nothing was sent to {error.host}.",
        "Check consumer key, consumer secret and what was pasted for characters that are not letters or digits.",
    ),
    wire.HostNotFound: Message(
        "{error.host} cannot be found",
        "The name does not resolve, so nothing was sent.",
        "Check {error.address_text} letter by letter, and the network or VPN.",
    ),
    wire.NoRoute: Message(
        "There is no way to {error.host}",
        "This computer's network has no route there, so nothing was sent.",
        "Check the network, VPN or firewall, then try again.",
    ),
    wire.TooManyOpenFiles: Message(
        "Too many files are open",
        "The system gave no connection to {error.host}, for it lets no more files be open at once. Nothing was sent.",
        "Close other programs, or start this one again. On Linux and macOS `ulimit -n` shows the limit.",
    ),
    wire.ConnectionRefused: Message(
        "{error.host} refused the connection",
        "Nothing listens at that address and port, so nothing was sent.",
        "Check {error.address_text}. For a simulated Concur in another terminal: is it still running, on that port?",
    ),
    wire.ConnectTimedOut: Message(
        "{error.host} did not answer",
        "No connection within {error.limit_s:g} seconds, so nothing was sent.",
        "Check the network, VPN or firewall. A proxy may be needed.",
    ),
    wire.AnswerTimedOut: Message(
        "The answer did not come in time",
        "{error.host} took the request and did not answer whole within {error.limit_s:g} seconds. " + _SENT_UNKNOWN,
        "Try again in a moment; see Concur's status page if it goes on.",
    ),
    wire.AnswerCutOff: Message(
        "The answer was cut off",
        "The connection to {error.host} ended after {error.received_bytes} bytes of the answer. " + _SENT_UNKNOWN,
        "Try again with a new request token. If it happens each time, a proxy or firewall may be in between.",
    ),
    wire.AnswerTooLarge: Message(
        "The answer is far too large",
        "More than {error.limit_bytes} bytes came; no answer of Concur's is that long, so this is something else. "
        + _SENT_UNKNOWN,
        "Check {error.address_text}. " + _SEE_ANSWER,
    ),
    wire.AnswerNotHttp: Message(
        "The answer is not HTTP",
        "Whatever answers at {error.host} does not speak HTTP, or its answer is damaged. " + _SENT_UNKNOWN,
        "Check {error.address_text}, its port, and whether it has to start with https.",
    ),
    wire.TlsFailed: Message(
        "No secure connection to {error.host}",
        "The reason: {error.reason}. Nothing secret was sent.",
        "If your company inspects traffic, its certificate has to be in the system's certificate store, or in the file "
        "that REQUESTS_CA_BUNDLE or SSL_CERT_FILE names, where one is set. "
        "Otherwise somebody may be listening in: do not go on.",
    ),
    wire.CertificateFileMissing: Message(
        "No secure connection to {error.host}",
        "The environment variable {error.variable} names a file of certificates that is not there. Nothing was sent.",
        "Correct {error.variable}, or remove it to use the system's certificate store.",
    ),
    wire.ProxyFailed: Message(
        "The proxy{error.name_text} could not be used",
        "The reason: {error.trouble_text}. Nothing reached {error.host}.",
        "Check the proxy settings of the system (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY) and whether the proxy "
        "wants a password.",
    ),
    wire.AnswerRedirects: Message(
        "The answer sends us elsewhere",
        "{error.host} answered {error.status} and points to {error.location_host}. It was not followed: "
        "the request carries your secret.",
        "Check {error.address_text}: it has to be that of the right data centre.",
    ),
    wire.RequestCancelled: Message(
        "Cancelled",
        "The request to {error.host} was called off; whether Concur acted on it is not known.",
        "Look at Issued tokens, then try again when you are ready.",
    ),
    # The answer
    wire.ConcurRefused: Message(
        "Concur refused the request",
        "{error.details_text}: {error.message_text}.",
        "Check consumer key, consumer secret and data centre. A request token may work only once, and not for long: "
        "connect again for a new one.",
    ),
    wire.GrantRefused: Message(
        "Concur refused the request: {error.code_text}",
        "{error.meaning_text}. {error.details_text}: {error.message_text}.",
        "{error.advice_text}",
    ),
    wire.AuthorizationRefused: Message(
        "The access token was refused",
        "Status {error.status}: it is invalid, expired or revoked, or it lacks a scope or role.",
        "Refresh the token or connect again; check the scopes of the app.",
    ),
    wire.RevokeRoleMissing: Message(
        "This user may not revoke tokens",
        "The token works, and Concur refuses to revoke with it: that needs the role Web Services Administrator "
        "(Professional edition) or Can Administer (Standard edition). The token is still live.",
        "Connect as a user with that role and revoke from there, or ask the company's Concur administrator. "
        "The token stays under Issued tokens.",
    ),
    wire.ConcurFailed: Message(
        "Concur failed with status {error.status}",
        "The answer is no error document of Concur's; {error.content_type_text}. It may come from a proxy or gateway. "
        "With a status of 500 or more nobody knows whether Concur acted on the request.",
        "Try again in a moment, and look at Issued tokens. " + _SEE_ANSWER,
    ),
    wire.RevokeUnconfirmed: Message(
        "The revoke was not confirmed",
        "Concur answered {error.status}, with a text that is no answer to a revoke that worked. "
        "The token may still be live.",
        "Revoke again. " + _SEE_ANSWER,
    ),
    wire.TokenStillAccepted: Message(
        "The token still works",
        "Concur accepted it once more after the revoke, so it is still live.",
        "Wait a minute and revoke again. The token stays under Issued tokens until it is refused.",
    ),
    wire.ProofUnclear: Message(
        "The revoke could not be proven",
        "Concur confirmed it; the call that should be refused now was answered with {error.status}, or was refused "
        "before the revoke as well, so it says nothing.",
        "If you need the proof, repeat this with a token that has the scope for that call, and with the consumer "
        "secret in its profile.",
    ),
    wire.AnswerEmpty: Message(
        "The answer is empty",
        "{error.host} answered {error.status} without a document. " + _SENT_UNKNOWN,
        "Try again with a new request token.",
    ),
    wire.DocumentMalformed: Message(
        "The document is broken",
        "The answer is not well-formed: {error.reason}, line {error.line}, column {error.column}. " + _SENT_UNKNOWN,
        _SEE_ANSWER_AND_REVOKE,
    ),
    wire.DocumentTruncated: Message(
        "The document is cut off",
        "The answer ends before the document does. " + _SENT_UNKNOWN,
        _SEE_ANSWER_AND_REVOKE,
    ),
    wire.DocumentForbidden: Message(
        "The document tries something forbidden",
        "It holds a {error.construct}. Concur's documents never do; this is a known way to attack a program. "
        + _SENT_UNKNOWN,
        "Do not go on before you know what answers at {error.host}.",
    ),
    wire.DocumentUndecodable: Message(
        "The document's characters cannot be read",
        "Its bytes do not fit the encoding {error.encoding}. " + _SENT_UNKNOWN,
        _SEE_ANSWER,
    ),
    wire.DocumentUnexpected: Message(
        "This is no access-token document",
        "The answer is {error.root}. " + _SENT_UNKNOWN,
        "Check the base URL. If it is a web page, a proxy or sign-in portal may have answered in Concur's place.",
    ),
    wire.AccessTokenMissing: Message(
        "The document holds no access token",
        "It has the right form, and the place of the access token is missing or empty. " + _SENT_UNKNOWN,
        "Try again with a new request token; show the answer to Concur's support if it stays so. " + _SEE_ANSWER,
    ),
    wire.AccessTokenUnusable: Message(
        "The access token cannot be sent",
        "It holds characters that no request can carry, so it can be neither used nor revoked from here. "
        "It may be live all the same: it is noted under Issued tokens.",
        "Have it revoked at Concur, and show the answer to Concur's support. " + _SEE_ANSWER,
    ),
    # Redirect URL and port
    loopback.RedirectUrlMalformed: Message(
        "The redirect URL cannot be used",
        "Reason: {error.reason}.",
        "Use the form http://localhost:8765/redirect, and register the very same with Concur.",
    ),
    loopback.RedirectUrlNotHttp: Message(
        'The redirect URL starts with "{error.scheme}:"',
        "The listener on this computer speaks http only: it has no certificate that a browser would trust.",
        f"Register an http://localhost address with Concur, {_PASTE}.",
    ),
    loopback.RedirectUrlElsewhere: Message(
        "The redirect URL leads to {error.host}",
        "That is not this computer, so no redirect can arrive here.",
        f"Use localhost, 127.0.0.1 or [::1], {_PASTE}.",
    ),
    loopback.RedirectUrlPortMissing: Message(
        "The redirect URL has no port",
        "Without one the browser uses port 80, which only an administrator may listen on.",
        "Add a port, for example http://localhost:8765/redirect, and register that with Concur.",
    ),
    loopback.RedirectUrlPortPrivileged: Message(
        "Port {error.port} is reserved for administrators",
        "Programs without special rights can listen on ports from 1024 up.",
        "Use a port such as 8765 in the redirect URL, and register that with Concur.",
    ),
    loopback.PortInUse: Message(
        "Port {error.port} is taken",
        "Somebody else listens there, on {error.addresses_text}{error.holder_text}. Nothing was started.",
        "End that program, or use another port. The port of a redirect URL has to be the one registered with Concur.",
    ),
    loopback.PortReserved: Message(
        "The system does not give out port {error.port}",
        "Nobody listens on it, and it is kept back. Windows reserves ranges of ports for Hyper-V and WSL.",
        "Use another port. On Windows `netsh interface ipv4 show excludedportrange protocol=tcp` lists the ranges.",
    ),
    loopback.LoopbackUnavailable: Message(
        "This computer cannot listen to itself",
        "No port of 127.0.0.1 or ::1 could be listened on. The system says: {error.reason}.",
        "Check the network settings, the limit of open files, or the container this runs in. "
        "A redirect can be pasted all the same.",
    ),
    # The keyring
    store.KeyringAbsent: Message(
        "There is no keyring here",
        "Secrets and tokens are kept for this session only and are gone when the program ends ({error.reason}).",
        "Install or start the system's keyring (GNOME Keyring or KWallet on Linux), then start again. "
        "Revoke tokens before you quit.",
    ),
    store.KeyringOutOfReach: Message(
        "The keyring that holds the token cannot be used now",
        "The token is in there and nowhere else, so nothing was done with it.",
        "Start or unlock the keyring in which the token was kept, as the same user, then try again.",
    ),
    store.KeyringBackendRefused: Message(
        "This keyring is not safe",
        "{error.backend} keeps nothing, or keeps it where everybody can read it. It is not used; "
        "secrets are kept for this session only.",
        "Set up the system's own keyring. Revoke tokens before you quit.",
    ),
    store.KeyringLocked: Message(
        "The keyring is locked",
        "It was not unlocked, so nothing could be read or kept ({error.operation}).",
        "Unlock the keyring (its dialog may be behind another window), then try again.",
    ),
    store.KeyringTimedOut: Message(
        "The keyring does not answer",
        "No answer within {error.limit_s:g} seconds ({error.operation}). It may be waiting for its password.",
        "Look for a password dialog, then try again. Until then secrets are kept for this session only.",
    ),
    store.KeyringBusy: Message(
        "The keyring is still busy",
        "An earlier call has not come back ({error.busy_with}), so this one was not made ({error.operation}).",
        "Look for a password dialog of the keyring, then try again.",
    ),
    store.KeyringDenied: Message(
        "The keyring did not allow it",
        "The system, or its dialog, refused ({error.operation}). What was kept before is still there.",
        "Allow App Center Flow in the keyring's dialog or settings, then try again.",
    ),
    store.KeyringFull: Message(
        "The keyring is full",
        "It has no room for another secret ({error.operation}).",
        "Remove old entries in the system's keyring program, then try again. The token is kept until you quit.",
    ),
    store.SecretTooLarge: Message(
        "This secret is too long for a keyring",
        "It takes {error.size_bytes} bytes; Windows keeps at most {error.limit_bytes}.",
        "Check what was pasted: a consumer secret has about 32 characters.",
    ),
    store.KeyringFailed: Message(
        "The keyring failed",
        "It failed in a way this program does not know ({error.operation}, {error.cause}).",
        "Try again; restart the system's keyring if it goes on. Until then secrets are kept for this session only.",
    ),
    # Files
    store.FolderNotWritable: Message(
        "The folder cannot be written to",
        "{error.path}: nothing was changed.",
        "Give yourself the right to write there, or set APP_CENTER_FLOW_HOME to another folder.",
    ),
    store.DiskFull: Message(
        "The disk is full",
        "{error.path} could not be written; what was there before is untouched.",
        "Make room on the disk, then try again.",
    ),
    store.FileNotWritten: Message(
        "A file could not be written",
        "{error.path}: the system says {error.reason}. What was there before is untouched.",
        "Check the disk, then try again.",
    ),
    store.FileUnreadable: Message(
        "A file cannot be read",
        "{error.path}: the system says {error.reason}. Nothing was changed.",
        "{error.advice_text}",
    ),
    store.ProfileFileCorrupt: Message(
        "The profiles could not be read",
        "The file is damaged ({error.reason}). {error.set_aside_text}; only the built-in sandbox is there.",
        "Repair the file that was set aside and put it back, or import your profiles again. "
        "Their secrets are still in the keyring.",
    ),
    store.SettingsFileCorrupt: Message(
        "The settings could not be read",
        "The file is damaged ({error.reason}). {error.set_aside_text}; the defaults are used.",
        "Nothing needs to be done.",
    ),
    store.IssuedTokenFileCorrupt: Message(
        "A note about a token could not be read",
        "The file is damaged ({error.reason}). {error.set_aside_text}. "
        "If the keyring still has the token, it is listed again.",
        "Look at Issued tokens. If one is missing there, revoke it at Concur.",
    ),
    store.ProfileFileNewer: Message(
        "The profiles are of a later version",
        "{error.path} was written by a newer App Center Flow ({error.found_version}; this one knows "
        "{error.known_version}). It is left as it is.",
        "Use the newer version, or set APP_CENTER_FLOW_HOME to another folder.",
    ),
    store.SettingsFileNewer: Message(
        "The settings are of a later version",
        "{error.path} was written by a newer App Center Flow ({error.found_version}; this one knows "
        "{error.known_version}). It is left as it is.",
        "Use the newer version. Until then the defaults are used and not saved.",
    ),
    store.IssuedTokenFileNewer: Message(
        "A note about a token is of a later version",
        "{error.path} was written by a newer App Center Flow ({error.found_version}; this one knows "
        "{error.known_version}). It is left as it is.",
        "Use the newer version to revoke that token.",
    ),
    # Profiles
    store.ProfileUnknown: Message(
        "This profile is gone",
        "It may have been deleted meanwhile, by another App Center Flow.",
        "Choose another profile.",
    ),
    store.ProfileNameTaken: Message(
        'There is a profile "{error.name}" already',
        "Names have to differ, so that you cannot take one for another.",
        "Choose another name.",
    ),
    store.ProfileFieldInvalid: Message(
        "A field of the profile cannot work",
        "{error.field_name} {error.reason}.",
        "Correct it and save again.",
    ),
    store.ProfileBuiltIn: Message(
        "The built-in sandbox stays",
        "It cannot be used for this: {error.operation}.",
        "Make a new profile for an app of your own.",
    ),
    store.ProfileImportInvalid: Message(
        "The profile could not be imported",
        "{error.path}: {error.reason}. Nothing was changed.",
        "Export it once more from the program it came from.",
    ),
    # The simulated Concur
    sandbox.Refused: Message(
        "The simulated Concur refused",
        "It says: {error.reason.value}{error.parameter_text}.",
        "Correct what was sent; the sandbox's log page shows every call and what became of it.",
    ),
    sandbox.SandboxNotRunning: Message(
        "The simulated Concur is not running",
        "It has no address before it is started and after it was stopped.",
        "Start it, then try again.",
    ),
    sandbox.BodyUnreadable: Message(
        "The simulated Concur cannot read this",
        "{error.reason}",
        "Send a form or a JSON object, or nothing at all.",
    ),
    # Issued tokens
    store.IssuedTokenUnknown: Message(
        "This token is not listed",
        "Nothing is listed under {error.token_id}. It may have been revoked or forgotten meanwhile.",
        "Look at Issued tokens: what is not there needs nothing to be done.",
    ),
    store.IssuedTokenAmbiguous: Message(
        "More than one token begins like that",
        "{error.count} ids begin with {error.start}; nothing was done.",
        "Type more of the id, or all of it.",
    ),
    store.TokenSecretMissing: Message(
        "The token itself is gone from the keyring",
        "It is listed, and the keyring does not have it any more, so it cannot be revoked from here.",
        "Revoke it at Concur (the user's connected apps, or all tokens of the user for the app), then forget it here.",
    ),
    store.TokenEntryAltered: Message(
        "The list and the keyring do not agree about the token",
        "The file about it in the list says something else than was noted with it in the keyring: {error.fields}. "
        "Somebody may have changed the file, so the token was sent nowhere.",
        "Revoke it at Concur, then forget it here.",
    ),
    store.TokenSecretUnreadable: Message(
        "The keyring's entry for the token cannot be read",
        "Something else wrote over it, so the token cannot be revoked from here.",
        "Revoke it at Concur, then forget it here.",
    ),
}

REMARKS: dict[Remark, str] = {
    Remark.INSTANCE_URL_MISSING: "The document names no Instance_Url; the base URL of the profile is used.",
    Remark.INSTANCE_URL_UNUSABLE: "The Instance_Url cannot be called safely; the base URL of the profile is used.",
    Remark.EXPIRATION_MISSING: "The document does not say when the token expires.",
    Remark.EXPIRATION_UNREADABLE: "The expiry cannot be read; it is shown as it came.",
    Remark.REFRESH_TOKEN_MISSING: "The document has no refresh token.",
    Remark.REFRESH_TOKEN_UNUSABLE: "The refresh token holds characters that cannot be sent; it cannot be used.",
    Remark.GEOLOCATION_MISSING: ("The document names no geolocation; calls go to the data centre that answered."),
    Remark.GEOLOCATION_UNUSABLE: (
        "The geolocation is no data centre of the Concur that was asked; calls go to the one that answered."
    ),
    Remark.ID_TOKEN_MISSING: "The document has no id_token.",
    Remark.ID_TOKEN_UNREADABLE: "The id_token is no JSON Web Token that can be read.",
    Remark.NOT_XML: "The answer came in JSON although XML was asked for.",
}
"""What is odd about a document that works all the same. A missing Refresh_Token is no remark after a refresh (1.3)."""

OPERATIONS: dict[Operation, str] = {
    Operation.REDIRECT: "redirect",
    Operation.EXCHANGE: "exchange of the request token",
    Operation.REFRESH: "refresh",
    Operation.APPLICATION_TOKEN: "request for a token of the app itself",
    Operation.REVOKE: "revoke",
    Operation.REVOKE_ALL: "revoke of all tokens of a user",
    Operation.PROBE: "call that tries the token",
    Operation.PROOF: "call that proves the revoke: it has to be refused",
    Operation.SANDBOX: "call to the simulated Concur",
}


def message_for(error: FlowError) -> Message:
    """Return the words for an error, its facts filled in."""
    template = next(MESSAGES[kind] for kind in type(error).__mro__ if kind in MESSAGES)
    return Message(
        title=template.title.format(error=error),
        text=template.text.format(error=error),
        advice=template.advice.format(error=error),
    )
