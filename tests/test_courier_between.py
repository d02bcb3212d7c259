"""What comes between a claim that was made in passing and the call, and does it come to harm?"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from bot.core.failures import Retryable
from bot.courier import LEASE, Courier, Told
from bot.engine import Asked, Opening
from bot.features.incidents import rules as incidents
from storage import locks, outbox
from storage.db import Database, Unanswered
from tests.clocks import StillClock
from tests.declared import DECLARE
from tests.room import until
from tests.storage.owed import Outbox
from tests.test_courier import nobody_is_told
from tests.test_courier_along import OWED, SUBJECT, Slack, at_work, declare, no_draws
from tests.test_rolls import MARA, engine


async def test_what_was_claimed_is_begun_though_whoever_declared_waits_no_more(
    database: Database,
) -> None:
    box, clock, slack = Outbox(database), StillClock(), Slack()
    loop, is_late = asyncio.get_running_loop(), asyncio.Event()

    async with at_work(database, clock, slack) as (courier, _):

        def work(conn: Connection) -> Told:
            outbox.put(conn, OWED, clock.now())
            asyncio.run_coroutine_threadsafe(is_late.wait(), loop).result(30)
            return courier.take_along(conn, SUBJECT)

        with pytest.raises(Unanswered):
            await database.write(work, 0.05, then=lambda begin: begin())
        is_late.set()
        await until(lambda: set(box.states().values()) == {"done"})
    assert slack.unsure == []


async def test_who_has_not_taken_over_yet_takes_nothing_along(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, slack = StillClock(), Slack()
    box, at_work_then = Outbox(sqlite_database), list[bool]()
    release = outbox.release

    def releasing(*given: Any) -> int:
        at_work_then.append(courier.is_at_work())
        return release(*given)

    monkeypatch.setattr(outbox, "release", releasing)
    courier = Courier(sqlite_database, clock, slack, no_draws, nobody_is_told)
    running = asyncio.create_task(courier.run(is_only_owner=True))
    await until(courier.is_at_work)
    await declare(sqlite_database, clock, courier)
    await until(lambda: set(box.states().values()) == {"done"})
    await courier.stop()
    await running
    assert at_work_then == [False]
    assert not courier.is_at_work()


async def test_what_was_overtaken_meanwhile_is_not_shown(database: Database) -> None:
    box, clock, slack = Outbox(database), StillClock(), Slack()
    shown: list[str] = []
    slack.sees = lambda owed: shown.append(f"{owed.name}: {owed.body.get('text')}")
    slack.may_answer.clear()
    private = replace(OWED[-1], body={"to": "room/1", "text": "It went on in private"})
    async with at_work(database, clock, slack) as (courier, _):
        await declare(database, clock, courier)
        await slack.is_asked.wait()
        box.put(private, at=clock.now())
        slack.may_answer.set()
        courier.wake()
        await until(lambda: set(box.states().values()) == {"done"})
    assert [one for one in shown if one.startswith("summary/1:")] == [
        "summary/1: It went on in private"
    ]


async def test_nothing_is_remembered_of_what_went_back_to_its_turn(database: Database) -> None:
    box, clock = Outbox(database), StillClock()
    slack = Slack(Retryable("ratelimited", timedelta(seconds=30)))
    async with at_work(database, clock, slack) as (courier, _):
        await declare(database, clock, courier)
        await until(lambda: set(box.states().values()) == {"pending"})
        assert courier._held_until == {}


async def test_a_clock_that_jumps_before_it_is_begun_makes_no_room_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.courier.carrying._AFTER_ACK_SECONDS", 0.1)
    box, clock, slack = Outbox(database), StillClock(), Slack()
    async with at_work(database, clock, slack) as (courier, _):
        await declare(database, clock, courier)
        clock.move(LEASE + timedelta(seconds=1))
        courier._wake.set()
        await until(lambda: set(box.states().values()) == {"done"})
    assert slack.heard.count("room/1 create") == 1


async def test_a_worker_that_stands_still_with_the_pace_in_hand_holds_up_no_declare(
    postgres_database: Database,
) -> None:
    box, clock, slack = Outbox(postgres_database), StillClock(), Slack()
    is_held, may_go_on = threading.Event(), threading.Event()

    def hold(conn: Connection) -> None:
        locks.hold(conn, locks.Lock.PACE)
        is_held.set()
        assert may_go_on.wait(30)

    async with at_work(postgres_database, clock, slack) as (courier, _):
        holding = asyncio.create_task(asyncio.to_thread(postgres_database.write_now, hold))
        await asyncio.to_thread(is_held.wait)
        await declare(postgres_database, clock, courier)
        assert set(box.states().values()) == {"pending"}
        may_go_on.set()
        await holding
        courier.wake()
        await until(lambda: set(box.states().values()) == {"done"})


async def test_what_is_committed_after_the_courier_stopped_is_handed_back(
    postgres_database: Database,
) -> None:
    box, clock, slack = Outbox(postgres_database), StillClock(), Slack()
    is_taken, may_go_on = threading.Event(), threading.Event()

    def work(conn: Connection) -> Told:
        outbox.put(conn, OWED, clock.now())
        begin = courier.take_along(conn, SUBJECT)
        is_taken.set()
        assert may_go_on.wait(30)
        return begin

    async with at_work(postgres_database, clock, slack) as (courier, _):
        declaring = asyncio.create_task(postgres_database.write(work, then=lambda begin: begin()))
        await asyncio.to_thread(is_taken.wait)
        await courier.stop()
        may_go_on.set()
        await declaring
        await until(lambda: set(box.states().values()) == {"pending"})
    assert slack.heard == []


async def test_a_declare_that_comes_again_takes_nothing_along(database: Database) -> None:
    writes, taken = engine(database), list[str]()

    def take_along(_: Connection, subject: str) -> Told:
        taken.append(subject)
        return lambda: None

    writes.furnish_with(take_along)
    for _ in range(2):
        asked = Asked("the same", MARA)
        await writes.carry_out(incidents.declare, DECLARE, Opening(), asked)
    assert taken == ["incident/1"]
