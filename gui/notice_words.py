"""What the window's banner says: errors with the words of `messages`, and happenings with words of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gui.concur.errors import FlowError
from gui.messages import MESSAGES, Message
from gui.notices import Happening

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HAPPENINGS: dict[Happening, Message] = {
    Happening.OTHER_REQUEST_TOKEN: Message(
        "Another request token arrived and was not taken",
        "One is in use already. The browser was told so; nothing was swapped.",
        "Finish this flow or start over, then connect once more.",
    ),
    Happening.HTTPS_FORCED: Message(
        "The browser insists on https",
        "It tried to open the redirect URL with https. The listener speaks http, as the redirect URL says.",
        "Allow http for localhost in the browser (HTTPS-only mode), or paste the address that it shows.",
    ),
    Happening.REDIRECT_ELSEWHERE: Message(
        "A redirect came to another path",
        'The listener was asked for "{fact}" with a query. That is not the path of the redirect URL, so it was '
        "turned away.",
        "Compare the redirect URL of this profile with the one that is registered with Concur, letter by letter.",
    ),
    Happening.KEPT_FOR_SESSION: Message(
        "Secrets are kept for this session only",
        "You chose not to wait for the keyring. What is entered or issued now is gone when the window closes.",
        "Try the keyring again when it is unlocked: what is in memory then moves there.",
    ),
    Happening.REVOKED: Message(
        "The token was revoked",
        "It belonged to {fact}. That the revoke took effect is proven.",
        "",
    ),
    Happening.REVOKED_AFTER_FAILURE: Message(
        "The token was revoked, because something failed after it was issued",
        "That is what Concur's App Center Flow asks of an app, and what this profile says to do at once.",
        "Connect once more for a new token.",
    ),
    Happening.REVOKE_UNPROVEN: Message(
        "Revoked, without proof",
        "Concur confirmed the revoke; that the token is refused now could not be shown.",
        "If you need the proof, repeat this with a token that has the scope for the call that proves it.",
    ),
    Happening.REFUSED_ALREADY: Message(
        "Concur refuses the token already; no revoke was sent",
        "It belonged to {fact}. Concur refuses the refresh token (code 108): it was ended elsewhere, has expired, or "
        "was replaced by one that never arrived.",
        "If you did not end it: connect again and revoke, which ends all refresh tokens of that user for the app.",
    ),
    Happening.LEFT_FROM_BEFORE: Message(
        "Live tokens from before: {fact}",
        "They were issued earlier and have neither been revoked nor forgotten.",
        "Look at Issued tokens; revoke what you do not need.",
    ),
    Happening.LOST_BEFORE: Message(
        "Tokens from before that cannot be revoked from here: {fact}",
        "They were kept in memory only, and the program that held them has ended. They may be live at Concur.",
        "Revoke them at Concur (the user's connected apps), then forget them under Issued tokens.",
    ),
    Happening.NOT_NOW: Message(
        "Not now",
        "A call is under way, or something is being worked on that this would take away. Nothing was done.",
        "Try again when that is over: cancel the call, drop the request token, or start over.",
    ),
    Happening.TOKEN_GONE: Message(
        "The token is no longer listed",
        "It was revoked or forgotten meanwhile, in this window or in another one of this program.",
        "Connect once more for a new token.",
    ),
    Happening.LOG_NOT_WRITTEN: Message(
        "The log cannot be written",
        "Its folder cannot be written to, so nothing is logged: {fact}",
        "Give yourself the right to write there, or set APP_CENTER_FLOW_HOME to another folder, then start again.",
    ),
    Happening.CONTRACT_DEPRECATED: Message(
        "Concur calls this contract deprecated since {fact}",
        "New apps connect by the other one.",
        "",
    ),
    Happening.CONTRACT_SWITCHED: Message(
        "The profile goes by the other contract now",
        "It asks {fact}. Scopes of the former contract were taken out.",
        "Look at data centre and scopes, start the listener, then connect once more.",
    ),
    Happening.CUT_OFF_BEFORE: Message(
        "Exchanges that were cut off: {fact}",
        "The program ended, or the answer was lost, while Concur may have been issuing a token that nobody holds.",
        "Look at Issued tokens. If in doubt, revoke all tokens of the user for this app at Concur.",
    ),
    Happening.CAME_LATE: Message(
        "A cancelled call brought a token after all",
        "It was on its way when you cancelled. It is stored and listed, and it is live.",
        "Revoke it under Issued tokens, or open it from there.",
    ),
    Happening.PROFILE_IMPORTED: Message(
        'Profile "{fact}" was imported',
        "A file of a profile never holds the consumer secret.",
        "Choose Edit and enter the consumer secret.",
    ),
    Happening.PROFILE_IMPORTED_LESS: Message(
        "The profile was imported, without some of its file",
        "Not taken: {fact}.",
        "Choose Edit, check every field and enter the consumer secret.",
    ),
    Happening.SAVED: Message("Saved", "{fact}", ""),
    Happening.PROGRAM_FAULT: Message(
        "App Center Flow made a mistake",
        "Something failed that should not ({fact}). Tokens that were issued are listed all the same.",
        "Look at Issued tokens. The log has the details (Help, Open log folder); please report them.",
    ),
    Happening.REFRESHED_FIRST: Message(
        title="The access token was refreshed first",
        text="The one before had expired, or this program did not have it any more: it lives for an hour and is kept "
        "in memory only.",
        advice="The new one is shown now. It has taken the place of the one before.",
    ),
    Happening.TOKEN_WORKS: Message(
        "The token works",
        "{fact} accepted a call with it.",
        "",
    ),
    Happening.SOMETHING_TRIMMED: Message(
        "Spaces were removed",
        "There were spaces or line breaks around: {fact}. They often come along when a value is copied.",
        "",
    ),
}
"""Words for each. `{fact}` is the one thing that varies."""


def words_for(
    subject: FlowError | Happening, fact: str = "", translate: Callable[[str], str] = str, *, addition: str = ""
) -> Message:
    """Return the words of an error or a happening; `translate` gets each template before facts are filled in.

    `addition`: a sentence, translated too, that follows the text.
    """
    if isinstance(subject, FlowError):
        template = next(MESSAGES[kind] for kind in type(subject).__mro__ if kind in MESSAGES)
        facts: Mapping[str, object] = {"error": subject}
    else:
        template, facts = HAPPENINGS[subject], {"fact": fact}
    words = Message(*(translate(text).format(**facts) for text in (template.title, template.text, template.advice)))
    return replace(words, text=f"{words.text} {translate(addition)}") if addition else words
