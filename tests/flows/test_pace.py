"""Does the bot keep Slack's limits by itself, and try carefully while Slack is away?"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.core.messages import Content, Post
from bot.sandbox.journal import KEPT, Wanted
from bot.sandbox.model import Channel
from tests.room import EXEC, GENERAL, INCIDENTS, MARA, Room, StillClock, until, war_room

MORNING = "No incident is open."  # told to executives when the day begins meanwhile
ROOMS = 60
A_MINUTE = 20  # conversations.create is a tier 2 method
STEP = timedelta(seconds=3.06)  # in which one room more may be opened

INVITE = timedelta(seconds=1.23)  # one more may be let in: tier 3


@pytest.fixture
async def storm(sqlite_url: str) -> AsyncIterator[Room]:
    """A bot that is told to deliver later, on a clock that stands between moves."""
    async with war_room(sqlite_url, delivers=False, clock=StillClock()) as room:
        yield room


def usable(room: Room) -> list[Channel]:
    """Rooms with their declarer and their summary in them."""
    return [one for one in room.rooms() if MARA in one.members and room.posts(one)]


def refused(room: Room) -> Counter[str]:
    """How often which method answered 429."""
    calls = room.sandbox.journal.entries(Wanted(kind="call", is_failed=True, limit=KEPT))
    return Counter(one.name for one in calls if one.error == "ratelimited")


async def test_sixty_declares_at_once_open_sixty_rooms_at_slacks_pace(storm: Room) -> None:
    for number in range(ROOMS):
        await storm.declare(f"Unsafe dosage advice, case {number}")
    await storm.start_delivering()
    await until(lambda: len(usable(storm)) == A_MINUTE, seconds=90)
    # What is under way would get there after the clock was moved, with what may follow it then.
    await until(lambda: not storm.owed("claimed"), seconds=30)
    passed = timedelta(0)
    bound = timedelta(minutes=1) * (ROOMS - A_MINUTE) / A_MINUTE
    for wanted in range(A_MINUTE + 1, ROOMS + 1):
        storm.clock.move(STEP)
        passed += STEP
        await _opened(storm, wanted)
    storm.clock.move(INVITE)
    await until(lambda: len(usable(storm)) == ROOMS, seconds=30)
    passed += INVITE
    assert passed <= bound * 1.05
    # A call that was let go may get there later than the one after it.
    assert max(refused(storm).values(), default=0) <= 1


async def _opened(room: Room, wanted: int) -> None:
    await until(lambda: len(room.rooms()) >= wanted and not room.owed("claimed"), seconds=30)
    # While it was being opened, somebody else was let into another room; it comes next.
    await until(lambda: len(usable(room)) >= wanted - 1, seconds=30)


async def test_while_slack_is_away_one_attempt_at_a_time_looks_for_it(storm: Room) -> None:
    places = [f"channel/{channel}" for channel in (GENERAL, INCIDENTS, EXEC)]
    posts = [
        Post(f"note {number}", places[number % 3], Content(f"Note {number}"))
        for number in range(30)
    ]
    await storm.bot.engine.owe(posts)
    storm.sandbox.faults.add("*:outage")
    await storm.start_delivering()
    await until(lambda: attempts(storm))
    for _ in range(20):
        storm.clock.move(timedelta(seconds=30))
        await asyncio.sleep(0.05)
    tried = attempts(storm)
    assert tried < 60, "as if Slack were there"
    storm.sandbox.faults.clear()
    for _ in range(60):
        storm.clock.move(timedelta(seconds=10))
        await asyncio.sleep(0.02)
        if not storm.owed():
            break
    await until(lambda: not storm.owed(), seconds=30)
    for number, channel in enumerate((GENERAL, INCIDENTS, EXEC)):
        said = [one.text for one in storm.posts(storm.sandbox.workspace.channels[channel])]
        notes = [text for text in said if text != MORNING]
        assert notes == [f"Note {one}" for one in range(number, 30, 3)]


def attempts(room: Room) -> int:
    """How often the bot tried to call anything that changes something."""
    calls = room.sandbox.journal.entries(Wanted(kind="call", limit=KEPT))
    return sum(one.name in {"chat.postMessage", "conversations.list"} for one in calls)
