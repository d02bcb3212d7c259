"""Do working days, holidays and clock changes move what is due as decided?"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import calendar
from runbooks.calendar import Calendar
from runbooks.span import Span

STOCKHOLM = ZoneInfo("Europe/Stockholm")
SAME_DAY = Span(kind="same_day")
MOMENTS = st.integers(0, 470_000_000).map(  # seconds: fifteen years
    lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
ZONES = st.sampled_from(
    ["UTC", "Europe/Stockholm", "America/Santiago", "Asia/Kolkata", "Pacific/Kiritimati"]
)


def working(**changes: Any) -> Calendar:
    kept = {"time_zone": "Europe/Stockholm", "country": None, "subdivision": None}
    return Calendar(**{**kept, **changes})


def days(count: int) -> Span:
    return Span(kind="business_days", days=count)


def local(month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=STOCKHOLM)


def test_a_time_runs_through_nights_and_clock_changes() -> None:
    # The clocks of Stockholm go back in the night to 25 October 2026.
    span = Span(kind="time", time=timedelta(hours=72))
    start = datetime(2026, 10, 23, 15, 20, tzinfo=UTC)
    assert calendar.due(span, start, working()) == datetime(2026, 10, 26, 15, 20, tzinfo=UTC)
    assert calendar.explain(span, start, working()) == "within 3 d"


@pytest.mark.parametrize(
    ("start", "end", "why"),
    [
        (local(11, 20, 9), local(11, 20, 23, 59, 59), "end of Friday"),
        (local(11, 20, 20), local(11, 20, 23, 59, 59), "end of Friday"),
        (
            local(11, 20, 20, 0, 1),
            local(11, 23, 23, 59, 59),
            "end of Monday, because less than 4 h were left today",
        ),
        (
            local(11, 18, 23, 30),
            local(11, 19, 23, 59, 59),
            "end of Thursday, because less than 4 h were left today",
        ),
        (local(11, 21, 10), local(11, 21, 23, 59, 59), "end of Saturday"),
        (
            local(11, 21, 23, 30),
            local(11, 23, 23, 59, 59),
            "end of Monday, because less than 4 h were left today",
        ),
    ],
)
def test_same_day_ends_with_the_day_or_the_next_working_day(
    start: datetime, end: datetime, why: str
) -> None:
    assert calendar.due(SAME_DAY, start, working()) == end
    assert calendar.explain(SAME_DAY, start, working()) == why


def test_same_day_is_the_day_of_the_organisation_not_of_utc() -> None:
    start = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)  # already Friday in Stockholm
    assert calendar.due(SAME_DAY, start, working()) == local(11, 20, 23, 59, 59)


def test_the_cut_off_of_the_policy_counts() -> None:
    late = working(same_day_cutoff=timedelta(minutes=30))
    assert calendar.due(SAME_DAY, local(11, 20, 23, 30), late) == local(11, 20, 23, 59, 59)
    assert calendar.explain(SAME_DAY, local(11, 20, 23, 31), late) == (
        "end of Monday, because less than 30 min were left today"
    )


def test_what_begins_in_the_last_second_of_a_day_is_due_another_day() -> None:
    none = working(same_day_cutoff=timedelta())
    start = local(11, 20, 23, 59, 59)
    assert calendar.due(SAME_DAY, start, none) == start
    later = start + timedelta(milliseconds=500)
    assert calendar.due(SAME_DAY, later, none) == local(11, 23, 23, 59, 59)


def test_hours_left_are_counted_by_the_wall_when_clocks_change() -> None:
    # At 24:00 on Saturday 4 April 2026 the clocks of Santiago go back to 23:00.
    santiago = working(time_zone="America/Santiago")
    start = datetime(2026, 4, 4, 20, 30, tzinfo=ZoneInfo("America/Santiago"))
    assert calendar.due(SAME_DAY, start, santiago) == datetime(2026, 4, 5, 3, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "start", "end", "why"),
    [
        (
            1,
            local(11, 20, 9),
            local(11, 23, 17),
            "17:00 on Monday (Europe/Stockholm), the next working day",
        ),
        (
            1,
            local(11, 21, 9),
            local(11, 23, 17),
            "17:00 on Monday (Europe/Stockholm), the next working day",
        ),
        (
            1,
            local(11, 23, 23, 59),
            local(11, 24, 17),
            "17:00 on Tuesday (Europe/Stockholm), the next working day",
        ),
        (
            5,
            local(11, 20, 9),
            local(11, 27, 17),
            "17:00 on Friday 27 November (Europe/Stockholm), 5 working days on",
        ),
    ],
)
def test_business_days_end_at_the_close_of_business(
    count: int, start: datetime, end: datetime, why: str
) -> None:
    assert calendar.due(days(count), start, working()) == end
    assert calendar.explain(days(count), start, working()) == why


def test_business_days_pass_over_the_organisation_s_own_holidays() -> None:
    christmas = working(extra_holidays=(date(2026, 12, 24), date(2026, 12, 25)))
    assert calendar.due(days(1), local(12, 23, 9), christmas) == local(12, 28, 17)


@pytest.mark.parametrize("start", [(11, 20), (11, 21)])
def test_four_business_days_pass_over_thanksgiving(start: tuple[int, int]) -> None:
    american = working(time_zone="America/New_York", country="US")
    zone = ZoneInfo("America/New_York")
    began = datetime(2026, *start, 12, tzinfo=zone)
    assert calendar.due(days(4), began, american) == datetime(2026, 11, 27, 17, tzinfo=zone)


def test_holidays_of_a_part_of_the_country_count_there_alone() -> None:
    epiphany = datetime(2026, 1, 6, 12, tzinfo=STOCKHOLM)
    bavaria = working(time_zone="Europe/Berlin", country="DE", subdivision="BY")
    berlin = working(time_zone="Europe/Berlin", country="DE", subdivision="BE")
    assert not calendar.is_working(epiphany, bavaria)
    assert calendar.is_working(epiphany, berlin)


def test_business_hours_open_and_close_on_the_dot() -> None:
    hours = working()
    assert not calendar.is_working(local(11, 20, 8, 59, 59), hours)
    assert calendar.is_working(local(11, 20, 9), hours)
    assert calendar.is_working(local(11, 20, 16, 59, 59), hours)
    assert not calendar.is_working(local(11, 20, 17), hours)
    assert not calendar.is_working(local(11, 21, 12), hours)


def test_a_daily_hour_comes_once_a_day_through_clock_changes() -> None:
    moment = datetime(2026, 10, 23, 12, tzinfo=UTC)
    rings = []
    for _ in range(4):
        moment = calendar.next_hour("08:00", "Europe/Stockholm", moment)
        rings.append(moment.strftime("%d %H:%M"))
    assert rings == ["24 06:00", "25 07:00", "26 07:00", "27 07:00"]


@given(MOMENTS, ZONES, st.sampled_from(["00:00", "02:30", "08:00", "23:59"]))
def test_a_daily_hour_is_always_ahead_and_never_far(start: datetime, zone: str, at: str) -> None:
    ring = calendar.next_hour(at, zone, start)
    assert start < ring <= start + timedelta(hours=25)


SPANS = st.one_of(
    st.just(SAME_DAY),
    st.integers(1, 15).map(days),
    st.integers(0, 10_000).map(lambda n: Span(kind="time", time=timedelta(minutes=n))),
)


@given(SPANS, MOMENTS, ZONES, st.integers(0, 12))
def test_nothing_is_due_before_it_began(
    span: Span, start: datetime, zone: str, cutoff: int
) -> None:
    place = working(time_zone=zone, country="SE", same_day_cutoff=timedelta(hours=cutoff))
    assert calendar.due(span, start, place) >= start


@given(st.integers(1, 15), MOMENTS, st.integers(0, 20_000), ZONES)
def test_what_begins_later_is_not_due_earlier(
    count: int, start: datetime, minutes: int, zone: str
) -> None:
    place = working(time_zone=zone, country="SE")
    later = start + timedelta(minutes=minutes)
    assert calendar.due(days(count), start, place) <= calendar.due(days(count), later, place)


def test_a_year_without_working_days_is_told_and_does_not_hang() -> None:
    week = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    idle = Calendar.model_construct(**{**dict(working()), "weekend": week})
    with pytest.raises(ValueError, match="no working day within a year"):
        calendar.due(days(1), local(11, 20, 9), idle)
