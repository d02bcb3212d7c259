"""When does a role go to whoever asked for it?"""

from __future__ import annotations

from bot.core.deadlines import Alarm
from bot.core.outcome import Shown

KIND = "takeover"


def alarms(shown: Shown) -> list[Alarm]:
    """When each question is answered by the time."""
    if shown.incident.is_over:
        return []
    waiting = shown.incident.takeovers.values()
    return [Alarm(one.applies_at, KIND, one.role) for one in waiting]
