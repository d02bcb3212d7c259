"""Who may give, do and pass on a task?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.core import calling, ids, rights, typed
from bot.core.facts import Words
from bot.core.facts.tasks import TaskDone, TaskGiven, TaskReassigned
from bot.core.incident import Incident
from bot.core.outcome import Context, Outcome, Person, Refused
from bot.features.tasks.state import Task, Tasks

TEXT_CHARS = 1000


@dataclass(frozen=True)
class Give:
    """Something to do; `owner` None is an error of the person's, `due_at` None has no deadline.

    `others` are further people who were named; a task has one owner, so that is refused.
    """

    text: str
    owner: str | None
    due_at: datetime | None = None
    permalink: str | None = None
    others: Sequence[str] = ()


@dataclass(frozen=True)
class Reassign:
    """Somebody else does it."""

    number: int
    owner: str | None
    due_at: datetime | None = None
    others: Sequence[str] = ()


@typed.masks("a task", typed.AGAIN, "text")
def give(incident: Incident, request: Give, context: Context) -> Outcome:
    """Give somebody something to do."""
    rights.require_at_work(incident, context)
    text = ids.clean(request.text)
    _require_one(request.owner, request.others)
    if request.owner is None:
        raise Refused(
            f"Say who does it: `{context.command} task @someone words by 04:30`.", field="owner"
        )
    if not text:
        raise Refused(
            f"Say what is to be done: `{context.command} task @someone words by 04:30`.",
            field="text",
        )
    if len(text) > TEXT_CHARS:
        raise Refused(
            f"That is {len(text):,} characters; keep a task to {TEXT_CHARS:,}.", field="text"
        )
    _require_future(request.due_at, context)
    owner = _fit(request.owner, context)
    number = len(context.states.of(Tasks).all) + 1
    given = TaskGiven(
        number=number,
        text=Words(text),
        owner=owner,
        due_at=request.due_at,
        permalink=request.permalink,
    )
    return Outcome((given,), calling.let_in(incident, owner, context.now))


def finish(incident: Incident, number: int, context: Context) -> Outcome:
    """Call a task done; whoever does it, gave it, or commands may."""
    task = _open(incident, number, context)
    if context.actor not in {task.owner, task.giver, incident.ic}:
        raise Refused(f"Task {number} is <@{task.owner}>'s; they say when it is done.")
    return Outcome((TaskDone(number=number),))


def reassign(incident: Incident, request: Reassign, context: Context) -> Outcome:
    """Give a task to somebody else."""
    task = _open(incident, request.number, context)
    rights.require_going(incident)
    _require_one(request.owner, request.others)
    if request.owner is None:
        raise Refused(
            f"Say who does it: `{context.command} task reassign {request.number} @someone`."
        )
    if context.actor not in {task.owner, task.giver, incident.ic}:
        raise Refused(f"Task {request.number} is <@{task.owner}>'s; ask them, or whoever commands.")
    if request.owner == task.owner and request.due_at is None:
        raise Refused(f"<@{task.owner}> does it already.")
    _require_future(request.due_at, context)
    owner = _fit(request.owner, context)
    again = TaskReassigned(number=request.number, owner=owner, due_at=request.due_at)
    return Outcome((again,), calling.let_in(incident, owner, context.now))


def _open(incident: Incident, number: int, context: Context) -> Task:
    task = context.states.of(Tasks).find(number)
    if task is None:
        raise Refused(
            f"There is no task {number} in {incident.reference}. `{context.command} tasks` lists "
            "them."
        )
    if task.moved_to:
        raise Refused(
            f"Task {number} goes on in {ids.reference(task.moved_to)}. "
            f"See `{context.command} tasks` there."
        )
    if not task.is_open:
        raise Refused(f"Task {number} is done already.")
    return task


def _require_one(owner: str | None, others: Sequence[str]) -> None:
    if others:
        named = " and ".join(f"<@{person}>" for person in (owner, *others))
        raise Refused(
            f"A task has one owner, and you named {named}. Give each a task of their own.",
            field="owner",
        )


def _require_future(at: datetime | None, context: Context) -> None:
    if at is not None and at <= context.now:
        raise Refused("That time is over. Give a later one.", field="due_at")


def _fit(person_id: str, context: Context) -> str:
    person = context.people.get(person_id, Person(person_id))
    if not person.is_known:
        raise Refused("Slack knows no such person. Name somebody else.", field="owner")
    if person.is_bot:
        raise Refused("An app cannot do it; name a person.", field="owner")
    if person.has_left:
        raise Refused(f"<@{person.id}> has left the workspace. Name somebody else.", field="owner")
    return person.id
