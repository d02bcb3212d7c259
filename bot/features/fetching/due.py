"""When is a file that did not come waited for no longer?"""

from __future__ import annotations

from datetime import timedelta

from bot.core.deadlines import Alarm
from bot.core.evidence import Evidence
from bot.core.outcome import Shown

KIND = "evidence-missed"
_FETCHED_WITHIN = timedelta(hours=24)


def alarms(shown: Shown) -> list[Alarm]:
    """One for each file that is awaited."""
    awaited = shown.states.of(Evidence).awaited
    return [Alarm(one.at + _FETCHED_WITHIN, KIND, str(one.number)) for one in awaited]
