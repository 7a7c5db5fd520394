"""What is invented here, and how it is marked: nobody shall take it for Concur's own behaviour."""

from __future__ import annotations

SIMULATED = "simulated: Concur does not document this"
"""The words that mark, in the log and on pages, what no source states about Concur."""

INVENTED = (
    "What the pages look like and say, and that App Center asks who connects.",
    "What App Center does on Deny: it redirects as the sign-in page does.",
    "State comes back with a refusal as well.",
    "Errors of the sign-in page are shown as a page and never redirect.",
    "A request token can be exchanged once, within 15 minutes of being issued.",
    "A request token that was refused for another reason stays good.",
    "Status 400 for bad codes, secrets, refresh tokens and unknown tokens at revoke; and the text of every message.",
    "An access token lives 365 days; a refresh token lives until it is revoked.",
    "The old access token goes on working after a refresh.",
    "Revoking an access token ends the refresh token that came with it.",
    "The role of the caller is checked at revoke before the token to revoke is looked up.",
    "Only an access token of the same app can revoke; one that has ended before cannot be revoked again.",
    "A parameter given twice in one place is refused; between query and body the query counts.",
    "A code counts before a refresh token where both are sent.",
    "Names of parameters count by case; a body counts only as a form of a POST; bad percent-encoding is refused.",
    "A redirect URL has to be the registered one to the letter, without user name or characters beyond ASCII.",
    "An error in JSON is wrapped in Error, as the document in XML is.",
    "Content type application/xml; charset=utf-8, and no line end after the last tag.",
    "JSON only where Accept names application/json; of two named types the better q wins, then the first.",
    "The profile that the proof call answers has five fields; the scope of the token is not checked.",
)
"""For the start page: pages and legacy contract. Each can be made otherwise as soon as a source states it."""

INVENTED_OF_CURRENT = (
    "Which status each numbered error has: 401 where the app is not who it says, 400 else.",
    "Faults that have no number in Concur's list get code 0, and words of ours.",
    "A request token that is unknown, expired or used five times is error 103; one sent with another id is error 5.",
    "A request token or code that was refused for any reason stays good.",
    "A code of the web flow can be exchanged once, within 15 minutes.",
    "client_id and client_secret may stand in an Authorization header, as generic OAuth libraries send them.",
    "A refresh answers with another refresh token, and the one before has ended.",
    "A refresh token lives 183 days; each new one starts anew.",
    "The signature of every JWT is random; an access token's claims are those of an id_token and made-up ones.",
    "concur.type of an application's token.",
    "Ending a connection ends its access tokens at once; a company's connection and a user's are two.",
    "An access token is accepted in both data centres; the log says when it was used away from home.",
    "A missing, unknown, expired or revoked access token is 401 with a JSON error, at every call.",
    "The fields of the profile, and that a company's or an app's token is answered one.",
    "Any scope is granted that is written like one.",
    "An app without registered scopes gets openid, user.read and company.read.",
    "State comes back with a refusal, whose error_description is ours; errors of the sign-in page never redirect.",
    "Ids of users, app and company: they follow from their names and are the same at every start.",
)
"""The same for the current contract."""


def simulated(what: str) -> str:
    """Return the mark with what it is about, for a note in the log."""
    return f"{SIMULATED} ({what})"
