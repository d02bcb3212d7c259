"""What does somebody need to know who was not here, as the facts up to a moment tell it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.facts import Recorded
from bot.core.facts.decisions import (
    DecisionAmended,
    DecisionRecorded,
    DecisionReversed,
    DecisionWithdrawn,
)
from bot.core.facts.incidents import DetailsFilled
from bot.core.facts.tasks import TaskDone, TaskGiven, TaskReassigned
from bot.core.facts.updates import UpdatePosted
from bot.core.fold import fold as fold_incident
from bot.core.incident import Incident


@dataclass(frozen=True)
class Decided:
    """A decision that holds, in its latest words."""

    number: int
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Known:
    """What was known; `update` None: no update was posted. `seen` is what the declarer saw."""

    incident: Incident
    status_at: datetime | None = None
    update: UpdatePosted | None = None
    update_at: datetime | None = None
    seen: str | None = None
    decisions: tuple[Decided, ...] = ()
    tasks: tuple[TaskGiven, ...] = ()


def known(number: int, recorded: Sequence[Recorded]) -> Known:
    """What these facts add up to; of an incident without facts the status is "new"."""
    so_far = Known(Incident(number))
    for one in recorded:
        incident = fold_incident(so_far.incident, one)
        is_new = incident.status != so_far.incident.status
        status_at = one.at if is_new else so_far.status_at
        so_far = replace(so_far, incident=incident, status_at=status_at)
        so_far = _worked(_decided(_told(so_far, one), one), one)
    return so_far


def _told(so_far: Known, recorded: Recorded) -> Known:
    match recorded.fact:
        case UpdatePosted() as update:
            return replace(so_far, update=update, update_at=recorded.at)
        case DetailsFilled(seen=seen) if seen is not None:
            return replace(so_far, seen=seen)
    return so_far


def _decided(so_far: Known, recorded: Recorded) -> Known:
    match recorded.fact:
        case DecisionRecorded(number=number, text=text):
            decided = Decided(number, text, recorded.actor, recorded.at)
            return replace(so_far, decisions=(*so_far.decisions, decided))
        case DecisionAmended(number=number, text=text) if text:
            amended = (
                replace(one, text=text) if one.number == number else one for one in so_far.decisions
            )
            return replace(so_far, decisions=tuple(amended))
        case DecisionReversed(number=number) | DecisionWithdrawn(number=number):
            rest = (one for one in so_far.decisions if one.number != number)
            return replace(so_far, decisions=tuple(rest))
    return so_far


def _worked(so_far: Known, recorded: Recorded) -> Known:
    match recorded.fact:
        case TaskGiven() as task:
            return replace(so_far, tasks=(*so_far.tasks, task))
        case TaskDone(number=number):
            return replace(so_far, tasks=tuple(one for one in so_far.tasks if one.number != number))
        case TaskReassigned(number=number, owner=owner, due_at=due_at):
            given = (
                one.model_copy(update={"owner": owner, "due_at": due_at or one.due_at})
                if one.number == number
                else one
                for one in so_far.tasks
            )
            return replace(so_far, tasks=tuple(given))
    return so_far
