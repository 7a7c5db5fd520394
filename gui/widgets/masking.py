"""Secrets on the screen: masked until shown, and masked again on their own."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot

from gui.concur.redaction import REDACTED, Redactor
from gui.widgets.body_text import encoding_of, read_body

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.concur.models import LiveToken
    from gui.widgets.body_text import BodyText

MARK = "•"
TEXT_MASK = MARK * 24
"""Stands for a secret, in a field or within a text. Always the same: how long a secret is is nobody's business."""
SHOWN_FOR_MS = 30_000

_LONGEST_SPELLING = 20
"""Characters for one of a secret's: "\\\\\\\\U0001f600" or "%25f0%259f%2598%2580"."""
_LEAST_MARGIN = 1_000
"""Characters. A secret that is known by its name or form alone is found by its beginning, however it ends."""

_NAMED_VALUE = re.compile(
    rb"(?i)<(?:[\w.-]+:)?(?:refresh_)?token(?:\s[^<>]*)?>(?=\s*[^<\s])(?:\s*<!\[CDATA\[)?([^<]+)"
    rb"|\"(?:refresh_)?token\"\s*:\s*\"((?:[^\"\\]|\\.)*)"
)


def masked(secret: str) -> str:
    """Return marks instead of a secret, "" where there is none."""
    return TEXT_MASK if secret else ""


def masked_text(text: str, secrets: Redactor) -> str:
    """Return a text in which every secret that can be found in it is masked."""
    return secrets.text(text).replace(REDACTED, TEXT_MASK)


def redactor_of_token(live: LiveToken) -> Redactor:
    """Return a redactor that knows this token alone."""
    secrets = Redactor()
    secrets.learn(live.access_token, live.refresh_token)
    return secrets


def margin_for(secrets: Redactor) -> int:
    """Return how many characters beyond a cut have to be searched, so that no secret is cut into an unknown half."""
    return _LEAST_MARGIN + _LONGEST_SPELLING * secrets.longest


def beginning_of(body: bytes, secrets: Redactor | None, limit: int) -> BodyText:
    """Return the text of a body as far as it is shown, its secrets masked unless they may be seen.

    What it takes goes by the limit, not by the size of the body: one of a megabyte shall not hold up the window.
    """
    margin = 0 if secrets is None else margin_for(secrets)
    read = read_body(body, limit + margin + 1)
    cut = not read.whole or len(read.text) > limit + margin
    text = read.text[: limit + margin]
    if secrets is not None:
        text = masked_text(text, secrets)
        if cut:
            text = text[:-margin]  # masks are shorter than what they stand for: the end may have come within the limit
    return replace(read, text=text[:limit], whole=not cut and len(text) <= limit)


def secret_bytes(body: bytes, live: LiveToken) -> tuple[range, ...] | None:
    """Return where in a body its secrets lie; None where they cannot all be placed, for then nothing may be shown."""
    if not encoding_of(body).startswith("utf-8"):
        return None
    places = [_range_of(found) for found in _NAMED_VALUE.finditer(body)]
    for secret in (live.access_token, live.refresh_token):
        if secret:
            places += [range(*found.span()) for found in re.finditer(re.escape(secret.encode()), body)]
    rest, end = [], 0
    for place in sorted(places, key=lambda place: place.start):
        rest.append(body[end : place.start])
        end = max(end, place.stop)
    rest.append(body[end:])
    # Whatever the redactor finds beside these is a secret in another spelling, whose bytes nobody has counted.
    secrets = redactor_of_token(live)
    # A name at the end of a piece is one whose value has been cut out of it: there is nothing left to find.
    if any(REDACTED in secrets.text(piece.decode("utf-8", "replace").rstrip('"')) for piece in rest):
        return None
    return tuple(places)


def _range_of(found: re.Match[bytes]) -> range:
    return range(*found.span(1 if found[1] is not None else 2))


class SecretReveal(QObject):
    """Whether secrets are shown. They are masked again after 30 seconds, and when their window is left or hidden."""

    changed = Signal(bool)
    """Whether they are shown from now on."""

    def __init__(self, host: QWidget, masked_after_ms: int = SHOWN_FOR_MS) -> None:
        super().__init__(host)
        self._shown = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(masked_after_ms)
        self._timer.timeout.connect(self._on_timer_ended)
        host.installEventFilter(self)

    @property
    def shown(self) -> bool:
        """Whether secrets are shown now."""
        return self._shown

    def set_shown(self, shown: bool) -> None:
        """Show or mask; to show once more starts the 30 seconds anew."""
        if shown:
            self._timer.start()
        else:
            self._timer.stop()
        if shown != self._shown:
            self._shown = shown
            self.changed.emit(shown)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        # Qt hands the deactivation of a window down to every visible widget in it.
        if event.type() in {QEvent.Type.WindowDeactivate, QEvent.Type.Hide}:
            self.set_shown(shown=False)
        return False

    @Slot()
    def _on_timer_ended(self) -> None:
        self.set_shown(shown=False)
