"""When does a step call other systems by itself?"""

from __future__ import annotations

from bot.core.deadlines import Alarm
from bot.core.outcome import Shown
from bot.core.runs.model import Runs
from runbooks.steps import Webhook

KIND = "calls"


def alarms(shown: Shown) -> list[Alarm]:
    """As soon as a step is active that calls by itself, and called nothing yet."""
    if shown.incident.is_over:
        return []
    return [
        Alarm(step.active_at, KIND, f"{run.number}/{step.n}")
        for run in shown.states.of(Runs).open
        for step in run.steps
        if isinstance(step.what, Webhook)
        if step.what.fires == "by_itself" and step.same_as is None
        if step.status == "active" and step.active_at and not step.calls
    ]
