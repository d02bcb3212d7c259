"""Does a process say that it is not ready when a part of it has died?"""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from bot import app, ticker
from bot.courier import Courier
from bot.readiness import Pulse, Readiness
from bot.settings import Settings
from runbooks import load
from storage.db import Database
from tests.clocks import StillClock
from tests.room import until, war_room
from tests.storage.owed import Outbox, post
from tests.test_courier import nobody_is_told

NO_COURIER = "Restart this process: its courier has come to a stop."
NO_TICKER = "Restart this process: its ticker has come to a stop."


class Watch:
    """Seconds that pass when they are let."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def nothing(_: object) -> None:
    """It is delivered."""


async def test_a_courier_that_stumbles_at_its_start_begins_all_the_same(
    database: Database,
) -> None:
    box, clock, met = Outbox(database), StillClock(), list[object]()
    database.on_write = lambda _seconds, error: met.append(error)
    database.write_now(lambda conn: conn.execute(text("ALTER TABLE pace RENAME TO gone")))
    courier = Courier(database, clock, nothing, lambda _: (), nobody_is_told)
    box.put(post("hello"), at=clock.now())
    running = asyncio.create_task(courier.run(is_only_owner=True))
    await until(lambda: any(met) or running.done())
    assert not running.done()
    database.write_now(lambda conn: conn.execute(text("ALTER TABLE gone RENAME TO pace")))
    courier.wake()
    await until(lambda: box.states() == {"hello": "done"})
    await courier.stop()
    await running


async def test_a_process_whose_courier_has_died_is_not_ready(sqlite_url: str) -> None:
    async with war_room(sqlite_url) as room:
        assert await room.bot.readiness.reasons() == []
        [running] = [task for task in asyncio.all_tasks() if "Courier.run" in repr(task)]
        running.cancel()
        await asyncio.wait([running])
        assert await room.bot.readiness.reasons() == [NO_COURIER]


async def test_a_courier_that_comes_round_in_vain_for_a_minute_counts_as_dead(
    database: Database,
) -> None:
    box, clock, watch, turns = Outbox(database), StillClock(), Watch(), list[str]()
    is_broken = threading.Event()
    is_broken.set()

    def draws(owed: Any) -> tuple[()]:
        turns.append(owed.name)
        if is_broken.is_set():
            raise KeyError(owed.name)
        return ()

    courier = Courier(database, clock, nothing, draws, nobody_is_told)
    courier.pulse = Pulse(watch)
    readiness = Readiness(database)
    readiness.rests_on("courier", courier.pulse)
    box.put(post("hello"), at=clock.now())
    running = asyncio.create_task(courier.run(is_only_owner=False))
    await until(lambda: len(turns) == 1)
    watch.seconds += 61
    await until(lambda: len(turns) == 3)
    assert await readiness.reasons() == [NO_COURIER]
    is_broken.clear()
    await until(lambda: box.states() == {"hello": "done"})
    await until(lambda: courier.pulse.is_there)
    assert await readiness.reasons() == []
    await courier.stop()
    await running


async def test_a_ticker_that_comes_round_no_more_counts_as_dead(database: Database) -> None:
    clock, watch = StillClock(), Watch()
    engine = app.engine(database, clock, load.policy(), Settings())
    readiness, pulse = Readiness(database), Pulse(watch)
    readiness.rests_on("ticker", pulse)
    async with ticker.ticking(engine, clock, (), pulse) as scheduler:
        watch.seconds += 61
        clock.move(timedelta(0))  # which has it look
        await until(lambda: pulse.is_there)
        assert await readiness.reasons() == []
        scheduler.pause()
        watch.seconds += 61
        assert await readiness.reasons() == [NO_TICKER]
        scheduler.resume()
        await until(lambda: pulse.is_there)
        assert await readiness.reasons() == []
