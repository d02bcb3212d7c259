"""Which tasks are there, and which are done?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.facts import Recorded
from bot.core.facts.status import IncidentMerged
from bot.core.facts.tasks import TaskDone, TaskGiven, TaskReassigned
from bot.core.record import Column, Part, Told

_COLUMNS = (
    Column("number", "No.", "number"),
    Column("task", "Task"),
    Column("owner", "Owner", "person"),
    Column("giver", "Given by", "person"),
    Column("given_at", "Given", "moment"),
    Column("due_at", "Due", "moment"),
    Column("done_at", "Done", "moment"),
    Column("moved_to", "Went along to incident", "number"),
    Column("message", "Message"),
)


@dataclass(frozen=True)
class Task:
    """Something somebody has to do; `due_at` None has no deadline.

    `origin` is the incident it came from, `moved_to` the one it went to, with a merge.
    """

    number: int
    text: str
    owner: str
    giver: str
    given_at: datetime
    due_at: datetime | None
    permalink: str | None
    done_at: datetime | None = None
    before: tuple[str, ...] = ()
    origin: int | None = None
    moved_to: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None and self.moved_to is None


@dataclass(frozen=True)
class Tasks:
    """All tasks, in the order in which they were given."""

    all: tuple[Task, ...] = ()

    def find(self, number: int) -> Task | None:
        """The task of that number; None when there is none."""
        return next((one for one in self.all if one.number == number), None)

    @property
    def open(self) -> tuple[Task, ...]:
        """What is still to be done; it goes along into the review."""
        return tuple(one for one in self.all if one.is_open)


def record_parts(told: Told) -> list[Part]:
    """Every task as it is handed on."""
    rows = tuple(
        (
            one.number, one.text, one.owner, one.giver, one.given_at, one.due_at, one.done_at,
            one.moved_to, one.permalink,
        )
        for one in told.shown.states.of(Tasks).all
    )  # fmt: skip
    return [Part("tasks", "Tasks", _COLUMNS, rows)]


def fold(tasks: Tasks, recorded: Recorded) -> Tasks:
    """The tasks after one more fact."""
    match recorded.fact:
        case TaskGiven() as given:
            task = Task(
                number=given.number,
                text=given.text,
                owner=given.owner,
                giver=recorded.actor,
                given_at=recorded.at,
                due_at=given.due_at,
                permalink=given.permalink,
                origin=given.origin,
            )
            return Tasks((*tasks.all, task))
        case IncidentMerged(into=into, tasks=numbers):
            for number in numbers:
                tasks = _changed(tasks, number, moved_to=into)
            return tasks
        case TaskDone(number=number):
            return _changed(tasks, number, done_at=recorded.at)
        case TaskReassigned(number=number, owner=owner, due_at=due_at):
            passed = tasks.find(number)
            is_moved = passed and passed.owner != owner  # not only to another time
            before = (*passed.before, *((passed.owner,) if is_moved else ())) if passed else ()
            changed = _changed(tasks, number, owner=owner, before=before)
            return _changed(changed, number, due_at=due_at) if due_at else changed
    return tasks


def _changed(tasks: Tasks, number: int, **values: object) -> Tasks:
    return Tasks(
        tuple(
            replace(one, **values) if one.number == number else one  # type: ignore[arg-type]
            for one in tasks.all
        )
    )
