"""When is what a link leads to waited for no longer?"""

from __future__ import annotations

from datetime import timedelta

from bot.core.deadlines import Alarm
from bot.core.evidence import Evidence
from bot.core.outcome import Shown

KIND = "snapshot-missed"
_FETCHED_WITHIN = timedelta(hours=24)


def alarms(shown: Shown) -> list[Alarm]:
    """One for each snapshot that is awaited."""
    awaited = shown.states.of(Evidence).snapshots_awaited
    return [Alarm(one.at + _FETCHED_WITHIN, KIND, str(one.number)) for one in awaited]
