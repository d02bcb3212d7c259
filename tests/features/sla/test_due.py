"""When does each deadline reach its next stage?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.deadlines import Alarm, Deadline
from bot.core.facts import Words
from bot.core.facts.tasks import (
    DeadlineReminded,
    DeadlineSnoozed,
    DeadlineWaived,
    Stage,
    TaskGiven,
)
from bot.features.sla import due
from bot.features.sla.state import Reminder
from runbooks.paging import Rung
from runbooks.span import Span
from tests.features.values import NOW, POLICY, as_shown, declared, owed, states


def _at(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 11, 21, hour, minute, second, tzinfo=UTC)


LADDER = tuple(Rung(after=Span.read(after), role="ic") for after in ("PT5M", "PT15M", "PT30M"))
THREE_STEPS = POLICY.model_copy(
    update={"paging": POLICY.paging.model_copy(update={"ladder": LADDER})}
)
UPDATE = Deadline("update", "Status update", _at(3, 0), _at(3, 20), "Say it.")


def _reached(stage: Stage, at: datetime, rung: int = 0) -> Reminder:
    return Reminder("update", "Status update", UPDATE.due_at, stage, at, rung)


def test_the_stages_are_soon_due_overdue_and_each_step_of_the_ladder() -> None:
    assert due.next_at(UPDATE, None, THREE_STEPS) == _at(3, 15)
    assert due.next_at(UPDATE, _reached("soon", _at(3, 15)), THREE_STEPS) == _at(3, 20)
    assert due.next_at(UPDATE, _reached("due", _at(3, 20)), THREE_STEPS) == _at(3, 25)
    overdue = _reached("overdue", _at(3, 25))
    assert due.next_at(UPDATE, overdue, THREE_STEPS) == _at(3, 27)
    first = _reached("climbed", _at(3, 27), rung=1)
    assert due.next_at(UPDATE, first, THREE_STEPS) == _at(3, 37)
    second = _reached("climbed", _at(3, 37), rung=2)
    assert due.next_at(UPDATE, second, THREE_STEPS) == _at(3, 52)
    assert due.next_at(UPDATE, _reached("climbed", _at(3, 52), rung=3), THREE_STEPS) is None


def test_a_ladder_reached_in_time_stands_at_its_own_minutes() -> None:
    short = Deadline("update", "Status update", _at(3, 12), _at(3, 20), "Say it.")
    overdue = _reached("overdue", _at(3, 22))
    assert due.next_at(short, overdue, THREE_STEPS) == _at(3, 25)
    first = _reached("climbed", _at(3, 25), rung=1)
    assert due.next_at(short, first, THREE_STEPS) == _at(3, 35)


def test_after_an_outage_the_ladder_keeps_its_distance() -> None:
    overdue = _reached("overdue", _at(9, 0))
    assert due.next_at(UPDATE, overdue, THREE_STEPS) == _at(9, 2)
    first = _reached("climbed", _at(9, 2), rung=1)
    assert due.next_at(UPDATE, first, THREE_STEPS) == _at(9, 12)


def test_what_is_owed_within_ten_minutes_is_not_said_to_be_due_soon() -> None:
    short = Deadline("x", "X", _at(3, 0), _at(3, 9, 59), "Do it.")
    assert due.next_at(short, None, POLICY) == _at(3, 9, 59)


@pytest.mark.parametrize(
    ("starts", "ends", "overdue"),
    [
        (_at(3, 0), _at(3, 20), _at(3, 25)),
        (_at(3, 0), _at(3, 4), _at(3, 6)),
        (_at(0, 0), _at(20, 0), _at(21, 0)),
    ],
)
def test_overdue_is_a_quarter_later_but_two_minutes_at_least_and_an_hour_at_most(
    starts: datetime, ends: datetime, overdue: datetime
) -> None:
    assert due.overdue_at(Deadline("x", "X", starts, ends, "Do it.")) == overdue


def test_what_does_not_climb_ends_with_being_overdue() -> None:
    flat = Deadline("x", "X", _at(3, 0), _at(3, 20), "Do it.", climbs=False)
    assert due.next_at(flat, _reached("overdue", _at(3, 25)), THREE_STEPS) is None


TASK = TaskGiven(
    number=1, text=Words("Rotate keys"), owner="UJUN", due_at=NOW + timedelta(minutes=40)
)


def test_each_thing_that_is_owed_rings_at_its_next_stage() -> None:
    alarms = {one.about: one for one in due.alarms(as_shown(declared(), TASK))}
    assert alarms["task/1"] == Alarm(NOW + timedelta(minutes=30), "deadline", "task/1")
    soon = DeadlineReminded(
        name="task/1", label="Task 1", due_at=NOW + timedelta(minutes=40), stage="soon"
    )
    alarms = {one.about: one for one in due.alarms(as_shown(declared(), TASK, soon))}
    assert alarms["task/1"].at == NOW + timedelta(minutes=40)


def test_what_is_snoozed_is_owed_later_and_says_so() -> None:
    facts = (declared(), TASK)
    later = DeadlineSnoozed(
        name="task/1", until=NOW + timedelta(hours=2), reason=Words("lab"), due_at=TASK.due_at
    )
    (task,) = (one for one in owed(*facts) if one.name == "task/1")
    (moved,) = due.adjusted([task], states(*facts, later))
    assert (moved.due_at, moved.rule) == (NOW + timedelta(hours=2), "snoozed")
    assert moved.starts_at == task.starts_at


def test_a_snooze_never_makes_it_owed_earlier() -> None:
    facts = (declared(), TASK)
    past = DeadlineSnoozed(
        name="task/1", until=NOW + timedelta(minutes=10), reason=Words("x"), due_at=TASK.due_at
    )
    (task,) = (one for one in owed(*facts) if one.name == "task/1")
    assert due.adjusted([task], states(*facts, past)) == [task]


def test_a_snooze_is_of_one_moment_and_the_next_of_that_name_is_owed_as_ever() -> None:
    facts = (declared(), TASK)
    (task,) = (one for one in owed(*facts) if one.name == "task/1")
    first, second = NOW + timedelta(hours=2), NOW + timedelta(hours=3)
    put_off = (
        DeadlineSnoozed(name="task/1", until=first, reason=Words("x"), due_at=task.due_at),
        DeadlineSnoozed(name="task/1", until=second, reason=Words("x"), due_at=first),
    )
    (moved,) = due.adjusted([task], states(*facts, *put_off))
    assert moved.due_at == second
    following = replace(task, due_at=task.due_at + timedelta(minutes=15))
    assert due.adjusted([following], states(*facts, *put_off)) == [following]


def test_what_is_waived_is_owed_no_longer_and_the_next_of_its_name_is() -> None:
    facts = (declared(), TASK)
    (task,) = (one for one in owed(*facts) if one.name == "task/1")
    waived = DeadlineWaived(name="task/1", due_at=task.due_at, reason=Words("not needed"))
    assert due.adjusted([task], states(*facts, waived)) == []
    other = DeadlineWaived(name="task/1", due_at=NOW, reason=Words("an earlier one"))
    assert due.adjusted([task], states(*facts, other)) == [task]


def test_what_was_snoozed_and_then_waived_stays_waived() -> None:
    facts = (declared(), TASK)
    until = NOW + timedelta(hours=2)
    put_off = (
        DeadlineSnoozed(name="task/1", until=until, reason=Words("lab"), due_at=TASK.due_at),
        DeadlineWaived(name="task/1", due_at=until, reason=Words("not needed")),
    )
    (task,) = (one for one in owed(*facts) if one.name == "task/1")
    assert due.adjusted([task], states(*facts, *put_off)) == []
