"""When is a span over, by the organisation's working days?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from runbooks.calendar import Calendar
from runbooks.span import Span

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_YEAR_DAYS = 366


def due(span: Span, start: datetime, calendar: Calendar) -> datetime:
    """When a span that began at `start` is over, in UTC.

    A time runs by the wall. `same day` ends with the calendar day of the organisation, or with its
    next working day once less than the policy's cut-off is left. Business days end at the close of
    business; the day on which they begin does not count.

    Raises:
        ValueError: the calendar has no working day within a year.
    """
    if span.kind == "time":
        return start.astimezone(UTC) + (span.time or timedelta())
    today = _local_date(start, calendar)
    if span.kind == "business_days":
        last = _working_day_after(today, max(span.days, 1), calendar)
        return _at(last, _hour(calendar.closes), calendar.time_zone)
    if _is_cut_off(start, calendar):
        return _end_of(_working_day_after(today, 1, calendar), calendar)
    return _end_of(today, calendar)


def explain(span: Span, start: datetime, calendar: Calendar) -> str:
    """How the moment was reckoned, as the end of a sentence: `end of Monday, because ...`."""
    if span.kind == "time":
        return f"within {_spoken(span.time or timedelta())}"
    last = _local_date(due(span, start, calendar), calendar)
    day = f"{last:%A}"
    if last - _local_date(start, calendar) >= timedelta(days=7):
        day = f"{last:%A} {last.day} {last:%B}"
    if span.kind == "business_days":
        count = "the next working day" if span.days <= 1 else f"{span.days} working days on"
        closes = f"{_hour(calendar.closes):%H:%M}"
        return f"{closes} on {day} ({calendar.time_zone}), {count}"
    if _is_cut_off(start, calendar):
        left = _spoken(calendar.same_day_cutoff)
        return f"end of {day}, because less than {left} were left today"
    return f"end of {day}"


def cut_off(span: Span, start: datetime, calendar: Calendar) -> str | None:
    """Why `same day` ends with another day than that on which it began; None where it does not."""
    if span.kind != "same_day" or not _is_cut_off(start, calendar):
        return None
    return f"less than {_spoken(calendar.same_day_cutoff)} were left that day"


def is_working(moment: datetime, calendar: Calendar) -> bool:
    """Whether it is a working day within business hours; closing time is after hours."""
    local = moment.astimezone(ZoneInfo(calendar.time_zone))
    is_open = _hour(calendar.opens) <= local.time() < _hour(calendar.closes)
    return is_open and is_working_day(local.date(), calendar)


def is_working_day(day: date, calendar: Calendar) -> bool:
    """Whether the day is neither weekend nor holiday."""
    if f"{day:%A}".lower() in calendar.weekend or day in calendar.extra_holidays:
        return False
    return calendar.country is None or day not in _public_holidays(
        calendar.country, calendar.subdivision, day.year
    )


def next_hour(at: str, zone: str, after: datetime) -> datetime:
    """The first moment later than `after` at which clocks in `zone` show `at` ("08:00"), in UTC.

    An hour that the clocks skip comes as much later as they skip; one shown twice counts once.
    """
    day = after.astimezone(ZoneInfo(zone)).date()
    moment = _at(day, _hour(at), zone)
    while moment <= after:
        day += _DAY
        moment = _at(day, _hour(at), zone)
    return moment


def _is_cut_off(start: datetime, calendar: Calendar) -> bool:
    midnight = _end_of(_local_date(start, calendar), calendar) + _SECOND
    # In the very last second the day's end has gone by, whatever the cut-off says.
    return midnight - start < max(calendar.same_day_cutoff, _SECOND)


def _working_day_after(day: date, count: int, calendar: Calendar) -> date:
    idle = 0
    while count:
        day += _DAY
        if is_working_day(day, calendar):
            count, idle = count - 1, 0
            continue
        idle += 1
        if idle > _YEAR_DAYS:
            raise ValueError("The calendar of the policy has no working day within a year.")
    return day


def _end_of(day: date, calendar: Calendar) -> datetime:
    # Reckoned from the next midnight: where clocks go back at 24:00 there are two 23:59:59.
    return _at(day + _DAY, time(), calendar.time_zone) - _SECOND


def _at(day: date, hour: time, zone: str) -> datetime:
    return datetime.combine(day, hour, ZoneInfo(zone)).astimezone(UTC)


def _local_date(moment: datetime, calendar: Calendar) -> date:
    return moment.astimezone(ZoneInfo(calendar.time_zone)).date()


def _hour(written: time | str) -> time:
    return time.fromisoformat(written) if isinstance(written, str) else written


def _spoken(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 min"


@lru_cache(maxsize=256)
def _public_holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))
