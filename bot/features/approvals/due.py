"""When does a request for approval expire?"""

from __future__ import annotations

from bot.core.deadlines import Alarm
from bot.core.outcome import Shown
from bot.core.runs.model import Runs

KIND = "approval"


def alarms(shown: Shown) -> list[Alarm]:
    """The end of each request that waits and has one."""
    if shown.incident.is_over:
        return []
    return [
        Alarm(step.ask.expires_at, KIND, f"{run.number}/{step.n}/{step.ask.number}")
        for run in shown.states.of(Runs).open
        for step in run.steps
        if step.same_as is None and step.ask and step.ask.expires_at
    ]
