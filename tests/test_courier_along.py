"""Does what is claimed as it is owed go out at once, in order, and as safely as by its turn?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.core.failures import Away, Permanent, Retryable
from bot.courier import LEASE, Courier, Told
from bot.slack.effects import Owed
from bot.slack.pacing import Draw
from storage import outbox
from storage.db import Database
from tests.clocks import StillClock
from tests.room import until
from tests.storage.owed import Outbox, post
from tests.test_courier import nobody_is_told

SUBJECT = "incident/1"
ROOM = {"channel": "C1"}
FURNISHED = ["room/1 create", "summary/1", "summary/1 pin"]


def call(name: str, effect: str, **rest: Any) -> outbox.Item:
    return outbox.Item(name, name, "call", {"effect": effect}, subject=SUBJECT, **rest)


# The pin stands before what it needs, as rules owe it.
OWED = (
    call("room/1 create", "create", gives="room/1", urgency=0),
    call("room/1 invite U1", "invite", needs="room/1", urgency=0),
    call("summary/1 pin", "pin", needs="summary/1", urgency=2),
    outbox.Item(
        "summary/1", "summary/1", "keep", {"to": "room/1"}, 3, SUBJECT, "room/1", "summary/1"
    ),
)


class Slack:
    """Takes everything, at a word; hears what it needed and whether it may have come before."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.heard: list[str] = []
        self.needed: dict[str, Any] = {}
        self.unsure: list[str] = []
        self.sees: Callable[[Owed], None] = lambda _: None
        self.is_asked, self.may_answer = asyncio.Event(), asyncio.Event()
        self.may_answer.set()

    async def __call__(self, owed: Owed) -> dict[str, Any] | None:
        self.sees(owed)
        self.heard.append(owed.name)
        self.needed[owed.name] = owed.needs_value
        if owed.is_uncertain:
            self.unsure.append(owed.name)
        self.is_asked.set()
        await self.may_answer.wait()
        error, self.error = self.error, None
        if error:
            raise error
        return {**ROOM, "ts": "1.0"} if owed.kind == "keep" else ROOM


def no_draws(_: Owed) -> Sequence[Draw]:
    return ()


@contextlib.asynccontextmanager
async def at_work(
    database: Database, clock: StillClock, slack: Slack, draws: Any = no_draws
) -> AsyncIterator[tuple[Courier, asyncio.Task[None]]]:
    """A courier that waits for something to do."""
    courier = Courier(database, clock, slack, draws, nobody_is_told)
    running = asyncio.create_task(courier.run(is_only_owner=False))
    try:
        await until(courier.is_at_work)
        yield courier, running
    finally:
        slack.may_answer.set()
        if not running.cancelled():
            await courier.stop()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def declare(database: Database, clock: StillClock, courier: Courier) -> None:
    """Owe a room, claimed in the same commit; nobody rings for the courier."""

    def work(conn: Connection) -> Told:
        outbox.put(conn, OWED, clock.now())
        return courier.take_along(conn, SUBJECT)

    await database.write(work, then=lambda begin: begin())


async def test_a_room_is_furnished_without_a_turn_and_people_let_in_by_theirs(
    database: Database,
) -> None:
    box, clock, slack = Outbox(database), StillClock(), Slack()
    async with at_work(database, clock, slack) as (courier, _):
        await declare(database, clock, courier)
        await until(lambda: set(box.states().values()) == {"done"})
    assert [name for name in slack.heard if name != "room/1 invite U1"] == FURNISHED
    assert slack.needed["room/1 invite U1"] == ROOM
    assert slack.needed["summary/1"] == ROOM
    assert slack.needed["summary/1 pin"] == {**ROOM, "ts": "1.0"}
    assert slack.unsure == []
    assert {row.attempts for row in box.rows()} == {1}


async def test_who_is_let_in_finds_a_room_that_is_on_record(database: Database) -> None:
    box, clock, slack = Outbox(database), StillClock(), Slack()
    known: dict[str, dict[str, Any] | None] = {}
    slack.sees = lambda owed: known.update({owed.name: box.ref("room/1")})
    async with at_work(database, clock, slack) as (courier, _):
        await declare(database, clock, courier)
        await until(lambda: "room/1 invite U1" in known)
    assert known["room/1 invite U1"] == ROOM


async def test_what_needs_a_room_that_was_refused_is_not_begun(database: Database) -> None:
    box, clock = Outbox(database), StillClock()
    slack = Slack(Permanent("conversations.create", "restricted_action"))
    async with at_work(database, clock, slack) as (courier, _):
        await declare(database, clock, courier)
        await until(lambda: box.states()["room/1 create"] == "failed")
    assert slack.heard == ["room/1 create"]
    assert set(box.states().values()) == {"failed", "undeliverable"}


async def test_what_needs_a_room_that_comes_later_waits_for_its_turn(database: Database) -> None:
    box, clock = Outbox(database), StillClock()
    slack = Slack(Retryable("ratelimited", timedelta(seconds=30)))
    async with at_work(database, clock, slack) as (courier, _):
        await declare(database, clock, courier)
        await until(lambda: set(box.states().values()) == {"pending"})
        assert slack.heard == ["room/1 create"]
        clock.move(timedelta(seconds=31))
        courier.wake()
        await until(lambda: set(box.states().values()) == {"done"})
    assert slack.unsure == []  # nobody had begun what hung on it


async def test_who_stops_hands_back_what_waits_for_a_room_that_is_on_its_way(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.courier.carrying._FINISH_SECONDS", 0.05)
    box, clock, slack = Outbox(database), StillClock(), Slack()
    slack.may_answer.clear()
    async with at_work(database, clock, slack) as (courier, _):
        await declare(database, clock, courier)
        await slack.is_asked.wait()
        await courier.stop()
        assert set(box.states().values()) == {"pending"}
    assert slack.heard == ["room/1 create"]


async def test_what_a_dead_courier_had_claimed_is_looked_for_by_the_next(
    database: Database,
) -> None:
    box, clock, slack = Outbox(database), StillClock(), Slack()
    slack.may_answer.clear()
    async with at_work(database, clock, slack) as (courier, running):
        await declare(database, clock, courier)
        await slack.is_asked.wait()
        running.cancel()
        clock.move(LEASE + timedelta(seconds=1))
        create = box.claim(clock.now(), worker="next")["room/1 create"]
        assert create.is_uncertain
        done = outbox.Done(create.id, create.attempts, create.version, ROOM)
        box.settle(done, at=clock.now(), worker="next")
        held = box.claim(clock.now(), worker="next")
    assert held["summary/1"].is_uncertain
    assert not held["room/1 invite U1"].is_uncertain


async def test_what_another_took_over_meanwhile_is_not_begun(database: Database) -> None:
    box, clock, slack = Outbox(database), StillClock(), Slack()
    slack.may_answer.clear()
    async with at_work(database, clock, slack) as (courier, _):
        await declare(database, clock, courier)
        await slack.is_asked.wait()
        # As if the courier's machine had stood still, and its clock with it.
        after = clock.now() + LEASE + timedelta(seconds=1)
        create = box.claim(after, worker="other")["room/1 create"]
        done = outbox.Done(create.id, create.attempts, create.version, ROOM)
        box.settle(done, at=after, worker="other")
        assert "summary/1" in box.claim(after, worker="other")
        courier.wake()
        # What it alone still had, and cannot do now, it hands back.
        await until(lambda: box.states()["summary/1 pin"] == "pending")
        slack.may_answer.set()
        await until(lambda: not courier._under_way)
    assert slack.heard == ["room/1 create"]
    assert box.states()["summary/1"] == "claimed"


async def test_a_pace_that_is_used_up_leaves_all_of_it_to_their_turn(database: Database) -> None:
    box, clock, slack = Outbox(database), StillClock(), Slack()
    toll = outbox.Toll("conversations.create", timedelta(seconds=3))
    box.put(post("another"), at=clock.now())
    box.claim(clock.now(), worker="other", tolls=lambda _: [toll])

    def draws(owed: Owed) -> Sequence[Draw]:
        is_create = owed.name == "room/1 create"
        return [Draw(toll.bucket, toll.every, toll.at_once)] if is_create else ()

    async with at_work(database, clock, slack, draws) as (courier, _):
        await declare(database, clock, courier)
        assert set(box.states().values()) == {"claimed", "pending"}
        assert box.states()["room/1 create"] == "pending"
        clock.move(timedelta(seconds=4))
        courier.wake()
        await until(lambda: [*box.states().values()].count("done") == len(OWED))
    assert slack.heard[0] == "room/1 create"


async def test_who_is_cut_off_from_slack_takes_nothing_along(database: Database) -> None:
    box, clock, slack = Outbox(database), StillClock(), Slack()

    def goes(_: Owed) -> None:
        raise Away("no connection to Slack")

    slack.sees = goes
    async with at_work(database, clock, slack) as (courier, _):
        box.put(*(post(f"message {number}") for number in range(9)), at=clock.now())
        courier.wake()
        await until(lambda: courier.tries_at)
        assert not courier.is_at_work()
