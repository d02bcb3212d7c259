"""Does the workspace clock read in the viewer's zone and in UTC?"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.sandbox.page import clock

EVENING = datetime(2026, 11, 20, 23, 32, tzinfo=UTC)


def test_the_clock_reads_where_the_viewer_is() -> None:
    noon = datetime(2026, 11, 21, 9, 32, tzinfo=UTC)
    assert clock.spelled(noon, "Europe/Berlin") == "Sat 21 Nov 10:32 · 09:32 UTC"


def test_the_clock_names_the_day_of_utc_when_it_is_another() -> None:
    assert clock.spelled(EVENING, "Europe/Berlin") == "Sat 21 Nov 00:32 · Fri 23:32 UTC"
