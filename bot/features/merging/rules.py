"""When are two incidents one?"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core import calling, ids, rights, typed
from bot.core.facts import Words
from bot.core.facts.people import FollowStarted, PersonAdded
from bot.core.facts.status import DuplicateTaken, IncidentMerged
from bot.core.facts.tasks import TaskGiven
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Refused
from bot.core.runs import carrying
from bot.core.runs.model import Runs
from bot.features.merging.state import Links, Work

REASON_CHARS = 3000


@dataclass(frozen=True)
class Merge:
    """Why, and the rooms of both as far as they are open."""

    reason: str
    here: str | None
    there: str | None


@typed.masks("your reason", typed.AGAIN, "reason")
def merge(incident: Incident, request: Merge, context: Context) -> Outcome:
    """End this incident, which goes on in the other; its people are let in there."""
    other = _other(incident, context)
    reason = ids.clean(request.reason)
    if len(reason) > REASON_CHARS:
        raise Refused(f"That is {len(reason):,} characters; keep it to {REASON_CHARS:,}.")
    work = _work(incident, context)
    runs, known = context.states.of(Runs), context.other_states.of(Runs)
    going = carrying.carried(incident, runs, known, context)
    merged = IncidentMerged(
        into=other.number,
        channel=request.there,
        reason=Words(reason) if reason else None,
        tasks=tuple(work.tasks),
        runs=going.runs,
    )
    given = context.other_states.of(Links).work.given
    doing = {task.owner for task in work.tasks.values()}
    newcomers = sorted((incident.people | doing) - other.people)
    following = sorted(incident.followers - other.followers)  # nobody follows private ones
    there = Outcome(
        (
            DuplicateTaken(number=incident.number, channel=request.here),
            *(PersonAdded(person=person) for person in newcomers),
            *(FollowStarted(person=person) for person in following),
            *_handed_over(incident.number, work, given),
            *going.facts,
        ),
        tuple(calling.invitation(other, person, context.now) for person in newcomers),
    )
    return Outcome((merged,), other=there)


def _other(incident: Incident, context: Context) -> Incident:
    """The incident in which this one can go on.

    Raises:
        Refused: there is none, or the two cannot be one.
    """
    other = context.other
    if other is None or other.status == "new":
        raise Refused(f"Say which incident it is the same as: `{context.command} merge INC-9`.")
    if other.number == incident.number:
        raise Refused("An incident cannot be merged into itself. Name the other one.")
    rights.require_going(incident)
    rights.require(incident, context, "merge")
    if other.is_over:
        raise Refused(f"{other.reference} is over. Reopen it, or merge the other way round.")
    if incident.is_private != other.is_private:
        raise Refused("A private and a public incident cannot be merged; one would show the other.")
    if incident.is_test != other.is_test:
        raise Refused("A test and an incident cannot be merged.")
    return other


def _work(incident: Incident, context: Context) -> Work:
    """What is still open, with whoever takes it on there."""
    work = context.states.of(Links).work
    tasks = {
        number: replace(task, owner=carrying.taken_on(task.owner, incident, context))
        for number, task in work.tasks.items()
    }
    return replace(work, tasks=tasks)


def _handed_over(origin: int, work: Work, given: int) -> tuple[TaskGiven, ...]:
    """The open tasks as tasks of the other, counted on from those it has."""
    return tuple(
        TaskGiven(
            number=number,
            text=Words(task.text),
            owner=task.owner,
            due_at=task.due_at,
            permalink=task.permalink,
            origin=origin,
        )
        for number, task in enumerate(work.tasks.values(), start=given + 1)
    )
