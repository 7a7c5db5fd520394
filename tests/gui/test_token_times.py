from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from PySide6.QtCore import QLocale

from gui.widgets.token_times import is_over, left_text, local_text, local_text_with_zone, utc_text
from tests.gui.samples import NOW


@pytest.mark.parametrize(
    ("left", "text"),
    [
        (timedelta(days=364, hours=23), "in 364 days"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(days=2, seconds=-1), "in 47 hours"),
        (timedelta(hours=1), "in 1 hour"),
        (timedelta(seconds=3599), "in 59 minutes"),
        (timedelta(seconds=60), "in 1 minute"),
        (timedelta(seconds=59), "in less than a minute"),
        (timedelta(0), "expired less than a minute ago"),
        (timedelta(days=-3), "expired 3 days ago"),
    ],
)
def test_left(left: timedelta, text: str) -> None:
    assert left_text(NOW + left, NOW) == text
    assert is_over(NOW + left, NOW) is text.startswith("expired")


def test_utc() -> None:
    assert utc_text(datetime(2027, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2)))) == "2027-01-02 01:04:05 UTC"


@pytest.mark.parametrize("moment", [NOW, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)])
def test_local(moment: datetime) -> None:
    assert str(moment.year)[-2:] in local_text(moment) or moment.year in {1, 9999}
    assert local_text_with_zone(moment).startswith(local_text(moment))


def test_names_of_months_are_the_users() -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.German))
    try:
        assert "Okt" in local_text(datetime(2027, 10, 5, 12, tzinfo=UTC))
    finally:
        QLocale.setDefault(before)
