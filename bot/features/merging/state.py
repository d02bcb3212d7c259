"""What was this incident merged into, what into it, and what would go along?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.core.facts import Recorded
from bot.core.facts.incidents import IncidentReopened
from bot.core.facts.status import DuplicateReopened, DuplicateTaken, IncidentMerged
from bot.core.facts.tasks import TaskDone, TaskGiven, TaskReassigned
from bot.core.facts.updates import QuestionAnswered, QuestionAsked


@dataclass(frozen=True)
class Link:
    """Another incident and its room; `channel` None while that is not open."""

    number: int
    channel: str | None


@dataclass(frozen=True)
class Task:
    """Something somebody has to do; `due_at` None has no deadline."""

    text: str
    owner: str
    due_at: datetime | None
    permalink: str | None


@dataclass(frozen=True)
class Work:
    """The tasks that are open by their numbers, how many were ever given, the open questions."""

    tasks: Mapping[int, Task] = field(default_factory=dict)
    given: int = 0
    questions: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Links:
    """`into` None: it stands on its own. `work` is what is still open."""

    into: Link | None = None
    duplicates: tuple[Link, ...] = ()
    work: Work = field(default_factory=Work)


def fold(links: Links, recorded: Recorded) -> Links:
    """The links after one more fact."""
    work = _worked(links.work, recorded)
    links = links if work is links.work else replace(links, work=work)
    match recorded.fact:
        case IncidentMerged(into=number, channel=channel):
            return replace(links, into=Link(number, channel))
        case IncidentReopened():
            return replace(links, into=None)
        case DuplicateReopened(number=number):
            others = tuple(one for one in links.duplicates if one.number != number)
            return replace(links, duplicates=others)
        case DuplicateTaken(number=number, channel=channel):
            # Reopened and merged again, it is the same duplicate.
            others = tuple(one for one in links.duplicates if one.number != number)
            return replace(links, duplicates=(*others, Link(number, channel)))
    return links


def _worked(work: Work, recorded: Recorded) -> Work:
    match recorded.fact:
        case TaskGiven() as given:
            task = Task(given.text, given.owner, given.due_at, given.permalink)
            return replace(work, tasks={**work.tasks, given.number: task}, given=work.given + 1)
        case TaskReassigned(number=number, owner=owner, due_at=due_at) if number in work.tasks:
            before = work.tasks[number]
            passed = replace(before, owner=owner, due_at=due_at or before.due_at)
            return replace(work, tasks={**work.tasks, number: passed})
        case TaskDone(number=number):
            return replace(work, tasks=_without(work.tasks, (number,)))
        case IncidentMerged(tasks=numbers):
            return replace(work, tasks=_without(work.tasks, numbers))
        case QuestionAsked(number=number):
            return replace(work, questions=work.questions | {number})
        case QuestionAnswered(number=number):
            return replace(work, questions=work.questions - {number})
    return work


def _without(tasks: Mapping[int, Task], numbers: tuple[int, ...]) -> Mapping[int, Task]:
    return {number: one for number, one in tasks.items() if number not in numbers}
