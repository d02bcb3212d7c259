"""When does something follow that nobody said?"""

from __future__ import annotations

from bot.core.deadlines import Alarm
from bot.core.outcome import Shown
from bot.core.runs import grounds
from bot.core.runs.model import Runs

LAPSE = "lapse"


def alarms(shown: Shown) -> list[Alarm]:
    """As soon as what a decision rests on has changed, such as by an erasure."""
    if shown.incident.is_over:
        return []
    runs = shown.states.of(Runs)
    return [Alarm(mark.at, LAPSE) for _, _, _, mark in grounds.in_question(runs)]
