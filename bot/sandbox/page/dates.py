"""How does a moment read in the viewer's time zone?"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_TOKEN = re.compile(r"\{(\w+)\}")
_DAY_NAMES = {0: "today", 1: "yesterday", -1: "tomorrow"}


def clock(ts: str, zone: str) -> str:
    """The time of a Slack ts, such as 14:05."""
    return f"{_local(float(ts), zone):%H:%M}"


def day(ts: str, zone: str, now: int) -> str:
    """The day of a Slack ts, such as Today or Friday, 20 November."""
    name = _pretty(_local(float(ts), zone), _local(now, zone), _weekday)
    return name[0].upper() + name[1:]  # capitalize() would write "november"


def spell(seconds: int, tokens: str, zone: str, now: int) -> str:
    """A Slack date (`<!date^seconds^tokens|...>`); unknown tokens stay as written."""
    at, today = _local(seconds, zone), _local(now, zone)
    spelled = {
        "date_num": f"{at:%Y-%m-%d}",
        "date": _month(at),
        "date_short": f"{at:%b} {at.day}, {at:%Y}",
        "date_long": f"{at:%A}, {_month(at)}",
        "date_pretty": _pretty(at, today, _month),
        "date_short_pretty": _pretty(at, today, lambda day: f"{day:%b} {day.day}, {day:%Y}"),
        "date_long_pretty": _pretty(at, today, lambda day: f"{day:%A}, {_month(day)}"),
        "time": f"{at:%H:%M}",
        "time_secs": f"{at:%H:%M:%S}",
        "ago": _ago(now - seconds),
    }
    return _TOKEN.sub(lambda match: spelled.get(match.group(1), match.group()), tokens)


def _local(seconds: float, zone: str) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone))


def _month(at: datetime) -> str:
    return f"{at:%B} {at.day}, {at:%Y}"


def _weekday(at: datetime) -> str:
    return f"{at:%A}, {at:%B} {at.day}"


def _pretty(at: datetime, today: datetime, otherwise: Callable[[datetime], str]) -> str:
    return _DAY_NAMES.get((today.date() - at.date()).days) or otherwise(at)


def _ago(seconds: int) -> str:
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = abs(seconds) // length
        if count:
            named = f"{count} {unit}{'s' if count > 1 else ''}"
            return f"{named} ago" if seconds > 0 else f"in {named}"
    return "just now"
