"""Whose room is looked at next, and when is somebody asked whether they come back?"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from bot.core.deadlines import Alarm
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed
from bot.core.facts.people import PersonCame, PersonLeft
from bot.core.facts.roles import RoleAccepted
from bot.core.facts.rooms import ReturnAsked
from bot.features.drift import due
from tests.features.values import NOW, declared, told

MARA, JUN = "UMARA", "UJUN"
DECLARED = (0, MARA, declared())
CAME = (1, JUN, PersonCame(person=JUN))
SCRIBE = (2, JUN, RoleAccepted(role="scribe", person=JUN))
LEFT = (5, JUN, PersonLeft(person=JUN))


@dataclass(frozen=True)
class Room:
    """A room that was looked at last so many minutes ago."""

    rank: int | None
    minutes: float

    @property
    def since(self) -> datetime:
        return NOW - timedelta(minutes=self.minutes)


@pytest.mark.parametrize(
    ("rank", "minutes"), [(0, 10), (1, 10), (2, 30), (3, 60), (4, 60), (None, 60)]
)
def test_the_worst_rooms_are_looked_at_most_often(rank: int | None, minutes: int) -> None:
    assert due.most_overdue([Room(rank, minutes - 1)], NOW) is None
    assert due.most_overdue([Room(rank, minutes)], NOW) == Room(rank, minutes)


def test_it_is_the_turn_of_the_room_that_waits_longest_for_its_rank() -> None:
    worst, middle, rest = Room(1, 21), Room(2, 60), Room(3, 119)
    assert due.most_overdue([rest, middle, worst], NOW) == worst
    assert due.most_overdue([rest, middle], NOW) == middle
    assert due.most_overdue([Room(3, 1000), worst], NOW) == Room(3, 1000)


def test_with_ten_thousand_rooms_none_is_forgotten_and_the_worst_come_most_often() -> None:
    counts = {1: 100, 2: 900, 3: 9000}
    waiting = {rank: deque([NOW] * count) for rank, count in counts.items()}
    waits: dict[int, list[timedelta]] = {rank: [] for rank in counts}
    for turn in range(60 * 10 * 60):  # ten a minute for sixty hours
        now = NOW + timedelta(seconds=6 * turn)
        one = due.most_overdue([_Since(rank, rows[0]) for rank, rows in waiting.items()], now)
        if one:
            waits[one.rank].append(now - waiting[one.rank].popleft())
            waiting[one.rank].append(now)
    # All were opened at once, which is the longest anybody waits; it is less from then on.
    hours = {rank: round(max(each) / timedelta(hours=1), 1) for rank, each in waits.items()}
    assert hours == {1: 4.1, 2: 12.2, 3: 24.4}
    at_last = {rank: round(each[-1] / timedelta(hours=1), 1) for rank, each in waits.items()}
    assert at_last == {1: 3.2, 2: 9.5, 3: 19.0}


@dataclass(frozen=True)
class _Since:
    rank: int
    since: datetime


def _alarms(*happened: tuple[int, str, Fact]) -> list[Alarm]:
    return due.alarms(told(*happened))


def test_whoever_leaves_with_a_role_is_asked_a_minute_later() -> None:
    assert _alarms(DECLARED, CAME, SCRIBE) == []
    asked = Alarm(NOW + timedelta(minutes=6), "return", JUN)
    assert _alarms(DECLARED, CAME, SCRIBE, LEFT) == [asked]


def test_nobody_is_asked_who_holds_nothing_came_back_or_was_asked_before() -> None:
    assert _alarms(DECLARED, CAME, LEFT) == []
    assert _alarms(DECLARED, CAME, SCRIBE, LEFT, (6, JUN, PersonCame(person=JUN))) == []
    asked = (7, "warroom", ReturnAsked(person=JUN))
    again = (9, JUN, PersonLeft(person=JUN))
    assert _alarms(DECLARED, CAME, SCRIBE, LEFT, asked, CAME, again) == []
    closed = (9, MARA, IncidentClosed(reason=Words("done")))
    assert _alarms(DECLARED, CAME, SCRIBE, LEFT, closed) == []


def test_of_a_private_incident_somebody_inside_hears_or_nobody() -> None:
    private = (0, MARA, declared(is_private=True))
    assert len(_alarms(private, CAME, SCRIBE, LEFT)) == 1
    alone = (5, MARA, PersonLeft(person=MARA))
    assert _alarms(private, alone) == []
