"""Does a moment read right where the reader is?"""

from __future__ import annotations

import pytest

from bot.sandbox.page import dates

NOON = 1_795_867_200  # Saturday 2026-11-28, 12:00 UTC


@pytest.mark.parametrize(
    ("zone", "hour", "day"),
    [
        ("Etc/UTC", "23:30", "Today"),
        ("Asia/Tokyo", "08:30", "Tomorrow"),
        ("America/Los_Angeles", "15:30", "Today"),
    ],
)
def test_the_readers_zone_decides_hour_and_day(zone: str, hour: str, day: str) -> None:
    late = f"{NOON + 41_400}.000000"
    assert (dates.clock(late, zone), dates.day(late, zone, NOON)) == (hour, day)


def test_a_day_further_away_is_spelled() -> None:
    assert dates.day(f"{NOON}.000000", "Etc/UTC", NOON + 5 * 86_400) == "Saturday, November 28"


@pytest.mark.parametrize(
    ("seconds_later", "told"),
    [
        (0, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (7_200, "2 hours ago"),
        (-900, "in 15 minutes"),
        (3 * 86_400, "3 days ago"),
    ],
)
def test_ago_counts_in_whole_units(seconds_later: int, told: str) -> None:
    assert dates.spell(NOON, "{ago}", "Etc/UTC", NOON + seconds_later) == told
