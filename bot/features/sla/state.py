"""What was reminded of, put off or waived?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.core import ids
from bot.core.facts import Recorded
from bot.core.facts.tasks import DeadlineReminded, DeadlineSnoozed, DeadlineWaived, Stage
from bot.core.record import Column, Part, Told

Key = tuple[str, datetime]
_COLUMNS = (
    Column("what", "What was owed"),
    Column("owner", "By whom", "person"),
    Column("starts_at", "From", "moment"),
    Column("first_due_at", "First due", "moment"),
    Column("due_at", "Due", "moment"),
    Column("ended_at", "Ended", "moment"),
    Column("end", "What came of it"),
    Column("waived_because", "Waived because"),
)


@dataclass(frozen=True)
class Reminder:
    """How far a deadline got; `rung` counts steps of the ladder, `mentioned` is of the first."""

    name: str
    label: str
    due_at: datetime
    stage: Stage
    at: datetime
    rung: int = 0
    mentioned: tuple[str, ...] = ()
    late: timedelta = timedelta(0)


@dataclass(frozen=True)
class Sla:
    """By name and moment of each deadline, in the order in which they came up.

    `mentions` and `posts` are what the room had to read, and when: there is a budget.
    `heard_at` is when somebody last did something: the bot was there then.
    """

    reminders: Mapping[Key, Reminder] = field(default_factory=dict)
    snoozed: Mapping[Key, datetime] = field(default_factory=dict)
    waived: Mapping[Key, str] = field(default_factory=dict)
    mentions: tuple[tuple[str, datetime], ...] = ()
    posts: tuple[datetime, ...] = ()
    heard_at: datetime | None = None

    def mentions_of(self, person: str, since: datetime) -> int:
        """How often reminders mentioned a person since then."""
        return sum(1 for one, at in self.mentions if one == person and at > since)

    def posts_since(self, since: datetime) -> int:
        """How many messages reminders put into the room since then."""
        return sum(1 for at in self.posts if at > since)


def record_parts(told: Told) -> list[Part]:
    """Everything that was owed by a time, met or missed, as the policy in force reckons it."""
    waived = told.shown.states.of(Sla).waived
    rows = tuple(
        (
            one.label, one.by, one.starts_at, one.first_due_at, one.due_at, one.ended_at, one.end,
            waived.get((one.name, one.due_at)) or waived.get((one.name, one.first_due_at)),
        )
        for one in told.course
    )  # fmt: skip
    return [Part("deadlines", "Deadlines", _COLUMNS, rows)]


def fold(sla: Sla, recorded: Recorded) -> Sla:
    """The reminders after one more fact."""
    if recorded.actor != ids.BOT:
        sla = replace(sla, heard_at=recorded.at)
    match recorded.fact:
        case DeadlineReminded() as fact:
            return _reminded(sla, fact, recorded.at)
        case DeadlineSnoozed(name=name, until=until, due_at=due_at) if due_at:
            return replace(sla, snoozed={**sla.snoozed, (name, due_at): until})
        case DeadlineWaived(name=name, due_at=due_at, reason=reason):
            return replace(sla, waived={**sla.waived, (name, due_at): str(reason)})
    return sla


def _reminded(sla: Sla, fact: DeadlineReminded, at: datetime) -> Sla:
    key = (fact.name, fact.due_at)
    before = sla.reminders.get(key)
    shown = before.mentioned if before and before.stage != "soon" else fact.mentioned
    reminder = Reminder(
        name=fact.name,
        label=fact.label,
        due_at=fact.due_at,
        stage=fact.stage,
        at=at,
        rung=fact.rung,
        mentioned=shown,
        late=timedelta(seconds=fact.late_seconds),
    )
    return replace(
        sla,
        reminders={**sla.reminders, key: reminder},
        mentions=(*sla.mentions, *((person, at) for person in fact.mentioned)),
        posts=(*sla.posts, at) if fact.is_posted else sla.posts,
    )
