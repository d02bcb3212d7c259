"""Which moment or span did a person type?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

LONGEST = timedelta(days=366)
# A time at the end of a note may be part of what it says ("the vendor calls at 16:00").
_RECENT = timedelta(hours=12)

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_PART = r"(?:[0-9]{1,5}\s*|an?\s+)(?:minutes?|mins?|m|hours?|hrs?|h|days?|d)(?![a-z])"
_SPAN = rf"{_PART}(?:\s*{_PART})?"
_DAYS = r"yesterday|today|tomorrow"
_CLOCK = (
    rf"(?:(?P<before>{_DAYS})\s+)?(?:at\s+)?"
    r"(?P<hour>[0-9]{1,2})(?::(?P<minute>[0-9]{2})|(?=\s*[ap]m\b))"
    r"(?:\s*(?P<half>[ap]m)\b)?(?:\s*(?P<utc>utc|gmt|z)\b)?"
    rf"(?:\s+(?P<after>{_DAYS})(?![\w'’]))?"
)
_NAMED_DAY = r"today|tonight|tomorrow|noon|midnight|(?:mon|tues|wednes|thurs|fri|satur|sun)day"


def _leading(pattern: str) -> re.Pattern[str]:
    end = r"(?:[,;:–—-]?\s+(?:[–—-]\s+)?|[,;:–—-]?$)"
    return re.compile(rf"(?P<typed>{pattern}){end}", re.IGNORECASE)


def _trailing(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?P<typed>{pattern})\.?$", re.IGNORECASE)


_AGO = rf"(?P<ago>{_SPAN})\s+ago|(?P<ahead>in\s+{_SPAN})|{_CLOCK}"
_BY = rf"(?:in|within)\s+(?P<ahead>{_SPAN})|by\s+(?:{_CLOCK}|(?P<vague>{_NAMED_DAY}))"
_AGO_FIRST, _AGO_LAST = _leading(_AGO), _trailing(_AGO)
_BY_FIRST, _BY_LAST = _leading(_BY), _trailing(_BY)


@dataclass(frozen=True)
class Spoken:
    """A moment (UTC) and the words without it; `at` is None when no time was typed."""

    at: datetime | None
    words: str


def spoken(words: str, now: datetime, zone: str) -> Spoken:
    """The time in the past with which a person began or ended: `10 min ago`, `03:40`.

    A time of day is the latest such moment not after `now`. At the end, where it may belong to what
    the words say, it counts only if it is at most 12 hours ago.

    Raises:
        ValueError: the words begin with a time that is unreadable or still to come.
    """
    words = words.strip()
    first = _AGO_FIRST.match(words)
    if first:
        return Spoken(_past(first, now, zone), words[first.end() :].strip())
    last = _AGO_LAST.search(words)
    if last is None:
        return Spoken(None, words)
    try:
        at = _past(last, now, zone)
    except ValueError:
        return Spoken(None, words)
    is_plain = not (last["ago"] or last["before"] or last["after"])
    if is_plain and now - at > _RECENT:
        return Spoken(None, words)
    return Spoken(at, _before(last, words))


def by(words: str, now: datetime, zone: str) -> Spoken:
    """The time by which something is wanted: `by 04:30`, `by 16:00 tomorrow`, `in 30 min`.

    A time of day is the next such moment after `now`.

    Raises:
        ValueError: the time is unreadable, has passed, or names a day without an hour.
    """
    words = words.strip()
    first = _BY_FIRST.match(words)
    if first:
        return Spoken(_future(first, now, zone), words[first.end() :].strip())
    last = _BY_LAST.search(words)
    if last:
        return Spoken(_future(last, now, zone), _before(last, words))
    return Spoken(None, words)


def span(words: str) -> timedelta:
    """A span as people type it: `15m`, `1h`, `90 min`, `1 h 30 min`.

    Raises:
        ValueError: it is none, is nothing at all, or is longer than a year.
    """
    if not re.fullmatch(_SPAN, words.strip(), re.IGNORECASE):
        raise ValueError("Write how long, for example 15 min, 2 h or 1 h 30 min.")
    length = timedelta()
    for part in re.findall(_PART, words, re.IGNORECASE):
        count = re.match(r"[0-9]+", part)
        unit = re.sub(r"^(?:[0-9]+\s*|an?\s+)", "", part, flags=re.IGNORECASE)[0].lower()
        length += (int(count.group()) if count else 1) * _UNITS[unit]
    if not timedelta() < length <= LONGEST:
        raise ValueError("Write a span between 1 min and 366 days, for example 15 min or 2 h.")
    return length


def local(moment: datetime, zone: str) -> str:
    """The moment as its typer's clock shows it: `03:40 (Europe/Stockholm)`."""
    place = _zone(zone)
    return f"{moment.astimezone(place):%H:%M} ({place.key})"


def _past(match: re.Match[str], now: datetime, zone: str) -> datetime:
    if match["ago"]:
        return now.astimezone(UTC) - span(match["ago"])
    earlier = () if match["ahead"] else _moments(match, now, zone)
    at = max((moment for moment in earlier if moment <= now), default=None)
    if at is None:
        raise ValueError(
            f"“{match['typed']}” is still to come. Begin with a time that has passed, "
            "for example 03:40 or 10 min ago, or leave it out."
        )
    return at


def _future(match: re.Match[str], now: datetime, zone: str) -> datetime:
    if match["ahead"]:
        return now.astimezone(UTC) + span(match["ahead"])
    if match["vague"]:
        raise ValueError("Add the hour, for example by 16:00 tomorrow.")
    at = min((moment for moment in _moments(match, now, zone) if moment > now), default=None)
    if at is None:
        raise ValueError(
            f"“{match['typed']}” has passed. Write a later time, for example by 16:00 tomorrow."
        )
    return at


def _moments(match: re.Match[str], now: datetime, zone: str) -> Iterator[datetime]:
    """All moments (UTC) around `now` that the words can mean.

    An hour shown twice, when clocks go back, is two moments; one that clocks skip is none.
    """
    hour = _hour(match)
    place = ZoneInfo("UTC") if match["utc"] else _zone(zone)
    today = now.astimezone(place).date()
    named = (match["before"] or match["after"] or "").lower()
    offsets = {"yesterday": (-1,), "today": (0,), "tomorrow": (1,)}.get(named, (-1, 0, 1))
    days = [today + timedelta(days=offset) for offset in offsets]
    for day in days:
        for fold in (0, 1):
            moment = datetime.combine(day, hour.replace(fold=fold), place).astimezone(UTC)
            if moment.astimezone(place).time() == hour:
                yield moment


def _hour(match: re.Match[str]) -> time:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").lower()
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        raise ValueError(f"“{match['typed']}” is no time of day. Write it as in 03:40 or 3:40pm.")
    return time(hour % 12 + 12 * (half == "pm") if half else hour, minute)


def _before(match: re.Match[str], words: str) -> str:
    return words[: match.start()].rstrip(" ,;:–—-\n\t")


def _zone(name: str) -> ZoneInfo:
    # A profile may name a zone this machine does not know; the echo then says UTC.
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
