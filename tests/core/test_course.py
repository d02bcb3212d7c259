"""Is it told of everything that was owed whether it came in time?"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.core.course import Course, Owed
from bot.core.deadlines import Deadline
from bot.core.facts import Fact, Recorded, Words
from bot.core.facts.tasks import DeadlineSnoozed, DeadlineWaived
from bot.core.facts.timeline import TalkSwitched
from bot.core.incident import Status
from tests.features.values import NOW

ANY = TalkSwitched(is_kept=True)


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def owed(due: float, starts: float = 0, name: str = "update") -> Deadline:
    return Deadline(name, "Status update", at(starts), at(due), "Post it.")


class Told(Course):
    """A course in minutes."""

    def after(
        self, minutes: float, *owed: Deadline, fact: Fact = ANY, status: Status = "investigating"
    ) -> None:
        self.step(Recorded(1, at(minutes), "UMARA", fact), status, owed, ["UMARA"] * len(owed))

    def ends(self, minutes: float) -> list[tuple[str, str, float]]:
        return [(one.name, one.end, _minutes(one)) for one in self.until(at(minutes))]


def _minutes(one: Owed) -> float:
    return (one.due_at - NOW) / timedelta(minutes=1)


@pytest.fixture
def told() -> Told:
    return Told()


def test_what_came_before_its_time_was_met_and_the_next_is_owed(told: Told) -> None:
    told.after(0, owed(15))
    told.after(15, owed(30, starts=15))
    assert told.ends(20) == [("update", "met", 15), ("update", "open", 30)]


def test_what_came_later_was_missed(told: Told) -> None:
    told.after(0, owed(15))
    told.after(16, owed(31, starts=16))
    assert told.ends(40) == [("update", "missed", 15), ("update", "overdue", 31)]


def test_what_is_put_off_stays_the_same_thing(told: Told) -> None:
    told.after(0, owed(15))
    snoozed = DeadlineSnoozed(name="update", until=at(25), reason=Words("x"), due_at=at(15))
    told.after(10, owed(25, starts=10), fact=snoozed)
    told.after(20)
    [one] = told.until(at(30))
    assert (one.end, one.first_due_at, one.due_at) == ("met", at(15), at(25))


def test_what_is_reckoned_anew_from_the_same_start_stays_the_same_thing(told: Told) -> None:
    told.after(0, owed(60))
    told.after(5, owed(15))
    assert told.ends(10) == [("update", "open", 15)]


def test_what_was_waived_is_neither_met_nor_missed(told: Told) -> None:
    told.after(0, owed(15), owed(20, name="impact"))
    waiver = DeadlineWaived(name="update", due_at=at(15), reason=Words("x"))
    told.after(16, owed(20, name="impact"), fact=waiver)
    assert told.ends(17) == [("update", "waived", 15), ("impact", "open", 20)]


def test_what_was_owed_in_time_when_it_was_over_is_let_go(told: Told) -> None:
    told.after(0, owed(15), owed(5, name="impact"))
    told.after(10, status="closed")
    assert told.ends(10) == [("impact", "missed", 5), ("update", "let go", 15)]
