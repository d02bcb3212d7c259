"""When is what a link leads to asked for again, and when no longer?"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.deadlines import Alarm
from bot.core.evidence import Evidence, Snapshot
from bot.core.outcome import Shown

KIND = "snapshot-missed"
ASKED_AT_MOST = 6  # times, over some ten hours
_FIRST, _FACTOR = timedelta(minutes=5), 3
_FETCHED_WITHIN = timedelta(hours=24)


def alarms(shown: Shown) -> list[Alarm]:
    """One for each snapshot that is awaited."""
    awaited = shown.states.of(Evidence).snapshots_awaited
    return [Alarm(one.at + _FETCHED_WITHIN, KIND, str(one.number)) for one in awaited]


def again_at(snapshot: Snapshot) -> datetime | None:
    """When it is asked for again: after 5 min, 15, 45 and so on; None before the first answer."""
    if not snapshot.delays:
        return None
    last, _ = snapshot.delays[-1]
    return last + _FIRST * int(_FACTOR ** (len(snapshot.delays) - 1))
