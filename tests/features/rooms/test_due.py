"""When is a quiet room asked about, and when is a closed one archived?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.core import ids
from bot.core.deadlines import Alarm
from bot.core.facts import Fact, Words
from bot.core.facts.incidents import IncidentClosed, IncidentReopened, IncidentResolved
from bot.core.facts.people import PersonCame
from bot.core.facts.status import (
    IdleAsked,
    IncidentCancelled,
    IncidentMerged,
    MadePrivate,
    RoomArchived,
    SideRoomOpened,
)
from bot.features.rooms import due
from bot.features.rooms.state import Rooms
from runbooks.span import Span
from tests.features.values import POLICY, declared, told

MARA, BOT = "UMARA", ids.BOT
DECLARED = (0, MARA, declared())  # at 03:12:30 on Saturday the 21st
DAY = 24 * 60
CLOSED = IncidentClosed(reason=Words("done"))
RESOLVED = IncidentResolved(reason=Words("gone"))


def _at(month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(2026, month, day, hour, minute, 30, 123456, tzinfo=UTC)


def _alarms(*happened: tuple[int, str, Fact]) -> list[Alarm]:
    return due.alarms(told(*happened))


def test_a_room_is_asked_about_twelve_hours_after_somebody_last_did_something() -> None:
    assert _alarms(DECLARED) == [Alarm(_at(11, 21, 15, 12), "idle")]
    came = (30, MARA, PersonCame(person="UJUN"))
    assert _alarms(DECLARED, came) == [Alarm(_at(11, 21, 15, 42), "idle")]
    side = (45, MARA, SideRoomOpened(room="side/12/legal", people=(MARA,)))
    assert _alarms(DECLARED, came, side) == [Alarm(_at(11, 21, 15, 57), "idle")]


def test_what_happens_by_itself_is_no_sign_of_life() -> None:
    came = (30, BOT, PersonCame(person="UJUN"))
    assert _alarms(DECLARED, came) == [Alarm(_at(11, 21, 15, 12), "idle")]


def test_what_an_alert_declared_and_nobody_touched_is_asked_about() -> None:
    opened = (0, BOT, declared(route="alert", declarer=MARA))
    assert _alarms(opened) == [Alarm(_at(11, 21, 15, 12), "idle")]
    assert _alarms(opened, (720, BOT, IdleAsked())) == [Alarm(_at(11, 22, 3, 12), "idle")]


def test_a_room_that_stays_quiet_is_asked_about_every_twelve_hours() -> None:
    asked = (720, BOT, IdleAsked())
    assert _alarms(DECLARED, asked) == [Alarm(_at(11, 22, 3, 12), "idle")]
    again = (1440, BOT, IdleAsked())
    assert _alarms(DECLARED, asked, again) == [Alarm(_at(11, 22, 15, 12), "idle")]


def test_whoever_does_something_after_the_question_starts_the_wait_anew() -> None:
    asked, came = (720, BOT, IdleAsked()), (730, MARA, PersonCame(person="UJUN"))
    after = told(DECLARED, asked, came)
    assert due.alarms(after) == [Alarm(_at(11, 22, 3, 22), "idle")]
    assert after.states.of(Rooms).idle_asked_at is None


def test_what_is_resolved_is_neither_asked_about_nor_archived() -> None:
    assert _alarms(DECLARED, (60, MARA, RESOLVED)) == []


@pytest.mark.parametrize(
    "end",
    [
        CLOSED,
        IncidentCancelled(reason=Words("noise"), detector_fix=Words("threshold")),
        IncidentMerged(into=9),
    ],
)
def test_a_room_is_archived_two_weeks_after_the_end(end: Fact) -> None:
    assert _alarms(DECLARED, (60, MARA, end)) == [Alarm(_at(12, 5, 4, 12), "archive")]


def test_what_is_said_after_the_end_puts_nothing_off() -> None:
    came = (10 * DAY, MARA, PersonCame(person="UJUN"))
    assert _alarms(DECLARED, (60, MARA, CLOSED), came) == [Alarm(_at(12, 5, 4, 12), "archive")]


def test_what_is_archived_waits_for_nothing() -> None:
    archived = (14 * DAY + 60, BOT, RoomArchived())
    assert _alarms(DECLARED, (60, MARA, CLOSED), archived) == []


def test_what_is_reopened_is_asked_about_again_and_archived_from_its_new_end() -> None:
    over, back = (60, MARA, CLOSED), (DAY, MARA, IncidentReopened())
    assert _alarms(DECLARED, over, back) == [Alarm(_at(11, 22, 15, 12), "idle")]
    again = (2 * DAY, MARA, CLOSED)
    assert _alarms(DECLARED, over, back, again) == [Alarm(_at(12, 7, 3, 12), "archive")]


def test_what_was_archived_and_reopened_is_archived_again() -> None:
    before = (
        DECLARED,
        (60, MARA, CLOSED),
        (70, MARA, RoomArchived()),
        (80, MARA, IncidentReopened()),
    )
    assert _alarms(*before, (100, MARA, CLOSED)) == [Alarm(_at(12, 5, 4, 52), "archive")]


def test_a_private_room_that_took_the_place_of_an_archived_one_is_archived_too() -> None:
    before = (
        DECLARED,
        (60, MARA, CLOSED),
        (70, MARA, RoomArchived()),
        (80, MARA, IncidentReopened()),
        (90, MARA, MadePrivate()),
    )
    assert _alarms(*before) == [Alarm(_at(11, 21, 16, 42), "idle")]
    assert _alarms(*before, (100, MARA, CLOSED)) == [Alarm(_at(12, 5, 4, 52), "archive")]


def test_the_policy_can_count_working_days_and_never_closes_within_a_minute() -> None:
    over = told(DECLARED, (60, MARA, CLOSED))

    def archived_after(span: str) -> list[Alarm]:
        habits = POLICY.habits.model_copy(update={"archive_after": Span.read(span)})
        return due.alarms(replace(over, policy=POLICY.model_copy(update={"habits": habits})))

    monday = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert archived_after("1bd") == [Alarm(monday, "archive")]
    assert archived_after("PT1S") == [Alarm(_at(11, 21, 4, 13), "archive")]


def test_nothing_rings_before_the_beginning() -> None:
    assert _alarms() == []
