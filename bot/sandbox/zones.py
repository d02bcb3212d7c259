"""How does Slack name a person's time zone?"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.sandbox.model import Json

_LABELS = {
    "CET": "Central European Time",
    "CEST": "Central European Summer Time",
    "GMT": "Greenwich Mean Time",
    "BST": "British Summer Time",
    "JST": "Japan Standard Time",
    "EST": "Eastern Standard Time",
    "EDT": "Eastern Daylight Time",
    "UTC": "Coordinated Universal Time",
}


def of(name: str, now_seconds: int) -> Json:
    """`tz`, `tz_label` and `tz_offset` (seconds) as users.info has them at this moment."""
    there = datetime.fromtimestamp(now_seconds, UTC).astimezone(ZoneInfo(name))
    short = there.tzname() or name
    offset = there.utcoffset()
    return {
        "tz": name,
        "tz_label": _LABELS.get(short, short),
        "tz_offset": int(offset.total_seconds()) if offset else 0,
    }
