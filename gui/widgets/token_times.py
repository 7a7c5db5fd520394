"""When a token was issued and expires, in words: UTC, local time, and what is left."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.session_view import ShownToken

    Clock = Callable[[], datetime]

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_SHOWN_IN_HOURS = 2 * _DAY
_TICK_MS = 60_000


def now_utc() -> datetime:
    """Return the time of this computer."""
    return datetime.now(UTC)


class MinuteClock(QObject):
    """Tells once a minute that times have to be worded anew, as long as somebody wants to know."""

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.ticked)

    def set_running(self, *, running: bool) -> None:
        """Run or rest."""
        if running != self._timer.isActive():
            if running:
                self._timer.start()
            else:
                self._timer.stop()


def expiry_of(shown: ShownToken) -> datetime | None:
    """Return when a token expires, if the document said so in a way that can be read."""
    return shown.document.expires_at if shown.document is not None else shown.token.expires_at


def utc_text(moment: datetime) -> str:
    """Return a moment to the second, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def local_text(moment: datetime) -> str:
    """Return a moment to the minute, in this computer's time zone and with the user's names of months."""
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return QLocale().toString(local, "d MMM yyyy HH:mm")


def local_text_with_zone(moment: datetime) -> str:
    """Return a moment as above, with the name of the time zone."""
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return f"{local_text(moment)} {local.timeZoneAbbreviation()}"


def is_over(moment: datetime, now: datetime) -> bool:
    """Whether a token that expires then has expired, as this computer's clock goes."""
    return moment <= now


def left_text(expires_at: datetime, now: datetime) -> str:
    """Return what is left, "in 364 days", or how long ago it ended, "expired 3 hours ago"."""
    seconds = int((expires_at - now).total_seconds())
    if is_over(expires_at, now):
        return _tr("expired {span} ago").format(span=_span(-seconds))
    return _tr("in {span}").format(span=_span(seconds))


def _span(seconds: int) -> str:
    if seconds < _MINUTE:
        return _tr("less than a minute")
    if seconds < _HOUR:
        count, one, many = seconds // _MINUTE, _tr("1 minute"), _tr("{count} minutes")
    elif seconds < _SHOWN_IN_HOURS:
        count, one, many = seconds // _HOUR, _tr("1 hour"), _tr("{count} hours")
    else:
        count, one, many = seconds // _DAY, _tr("1 day"), _tr("{count} days")
    return one if count == 1 else many.format(count=count)


def _tr(text: str) -> str:
    return QCoreApplication.translate("TokenTimes", text)
