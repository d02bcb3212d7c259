"""What is remembered of who promised to do what, and of what was owed by when?"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import AwareDatetime

from bot.core.facts import Fact, Words

Stage = Literal["soon", "due", "overdue", "climbed"]


class TaskGiven(Fact):
    """Somebody has something to do; `due_at` None has no deadline.

    `origin` is the incident it came along from with a merge, None for one that was given here.
    """

    is_drawn_later: ClassVar[bool] = True
    number: int
    text: Words
    owner: str
    due_at: AwareDatetime | None = None
    permalink: str | None = None
    origin: int | None = None


class TaskDone(Fact):
    """It is done."""

    is_drawn_later: ClassVar[bool] = True
    number: int
    note: Words | None = None


class TaskReassigned(Fact):
    """Somebody else does it, by another time if `due_at` is given."""

    is_drawn_later: ClassVar[bool] = True
    number: int
    owner: str
    due_at: AwareDatetime | None = None


class DeadlineReminded(Fact):
    """A deadline reached a stage; `rung` counts the ladder's steps from 1.

    `is_posted` is whether the room got a message of its own for it, `mentioned` whom that named.
    """

    is_drawn_later: ClassVar[bool] = True
    name: str
    label: str
    due_at: AwareDatetime
    stage: Stage
    rung: int = 0
    mentioned: tuple[str, ...] = ()
    is_posted: bool = False
    late_seconds: int = 0


class DeadlineSnoozed(Fact):
    """What was owed by `due_at` is owed later; the next of that name is not.

    `due_at` None is of facts from before it was recorded; such a snooze counts no more.
    """

    is_drawn_later: ClassVar[bool] = True
    name: str
    until: AwareDatetime
    reason: Words
    due_at: AwareDatetime | None = None


class DeadlineWaived(Fact):
    """A deadline is owed no longer."""

    is_drawn_later: ClassVar[bool] = True
    name: str
    due_at: AwareDatetime
    reason: Words


KINDS: tuple[type[Fact], ...] = (
    TaskGiven,
    TaskDone,
    TaskReassigned,
    DeadlineReminded,
    DeadlineSnoozed,
    DeadlineWaived,
)
