"""Since when does a step's clock run, and by when is it owed?"""

from __future__ import annotations

from datetime import datetime

from bot.core import calendar
from bot.core.runs.model import Run, Step
from runbooks.calendar import Calendar


def started(run: Run, step: Step) -> datetime | None:
    """When a step's clock started: when it became active, or when the step it counts from ended.

    None while it waits, where what it counts from is not done, or where the run has ended.
    """
    if step.status != "active" or run.ended_at:
        return None
    after = run.find(step.what.sla.after) if step.what.sla.after else None
    return after.closed_at if after else step.active_at


def due_at(run: Run, step: Step, working: Calendar) -> datetime | None:
    """By when a step is owed; None where no clock of ours says so."""
    start, span = started(run, step), step.what.sla.span
    if start is None or span is None:
        return step.due_at if step.status == "active" and not run.ended_at else None
    return calendar.due(span, start, working)
