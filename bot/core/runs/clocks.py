"""Since when does a step's clock run, and by when is it owed?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core import calendar
from bot.core.runs.model import Run, Step
from runbooks.calendar import Calendar
from runbooks.span import Span


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
    found = strictest(run, step, working)
    if found:
        return found.due_at
    return step.due_at if step.status == "active" and not run.ended_at else None


@dataclass(frozen=True)
class Clock:
    """A span that runs since a moment, and when it ends."""

    span: Span
    start: datetime
    due_at: datetime


def strictest(run: Run, step: Step, working: Calendar) -> Clock | None:
    """The clock of a step that ends first: its own, or that of a later run that shares it.

    None where none runs.
    """
    if step.status != "active" or run.ended_at or step.active_at is None:
        return None
    start, span = started(run, step), step.what.sla.span
    running = [(span, start)] if span and start else []
    for sla, since in step.also:
        if sla.span and sla.after is None:
            running.append((sla.span, max(since, step.active_at)))
    clocks = [Clock(span, at, calendar.due(span, at, working)) for span, at in running]
    return min(clocks, key=lambda one: one.due_at, default=None)
